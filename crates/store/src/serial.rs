//! Running numbers: in blocks reserved per server (gaps allowed), or strict.

use crate::handle::Engine;
use crate::{Commit, CommitError, Cx, Ground, Store, params};
use kernel::Fault;
use std::collections::HashMap;
use tokio::sync::Mutex;

/// How many numbers a server reserves at a time.
const BLOCK: i64 = 100;

/// How often a block is asked for again when other servers were faster.
const TRIES_MAX: u32 = 50;

/// The rest of each block that this server has reserved: next number, and the first that is not ours.
#[derive(Default)]
pub(crate) struct Blocks(Mutex<HashMap<String, (i64, i64)>>);

/// The next number of `series`, from a block reserved by this server: unique across all servers, growing on each,
/// gaps allowed. The first number of a series is 1.
///
/// # Errors
/// A [`Fault`] when a new block cannot be reserved.
pub async fn block(ground: &Ground, series: &str) -> Result<i64, Fault> {
    let mut blocks = ground.store.inner().blocks.0.lock().await;
    if let Some((next, end)) = blocks.get_mut(series)
        && next < end
    {
        *next += 1;
        return Ok(*next - 1);
    }
    let first = reserve(ground, series).await?;
    blocks.insert(series.to_owned(), (first + 1, first + BLOCK));
    Ok(first)
}

async fn reserve(ground: &Ground, series: &str) -> Result<i64, Fault> {
    for _ in 0..TRIES_MAX {
        let next = peek(&ground.store, series).await?;
        let mut commit = Commit::housekeeping(ground.clock.now());
        advance(&mut commit, series, next, next + BLOCK);
        match ground.store.submit(commit).await {
            Ok(()) => return Ok(next),
            Err(CommitError::Conflict(_)) => {}
            Err(error) => return Err(crate::commit::broken(error).while_doing("reserving numbers")),
        }
    }
    Err(Fault::new(format!("the series {series} is too busy")).transient())
}

/// The next number of `series`, one after another across all servers, taken in a short transaction of its own: a
/// number is lost only when the command that took it fails afterwards, or the connection while it was taken. Where not even that may happen, see
/// [`strict_in`].
///
/// # Errors
/// A [`Fault`] when the transaction fails.
pub async fn strict(ground: &Ground, series: &str) -> Result<i64, Fault> {
    const TAKE: &str = "INSERT INTO store_serial (series, next) VALUES ($1, 2) \
         ON CONFLICT (series) DO UPDATE SET next = store_serial.next + 1 RETURNING next";
    let params = params![series];
    let rows = match &ground.store.inner().engine {
        Engine::Sqlite(sqlite) => sqlite.write(move |c| crate::sqlite::link::query(c, TAKE, &params)).await,
        Engine::Postgres(postgres) => postgres.query(TAKE, &params).await,
    };
    let row = rows.map_err(|f| f.while_doing("taking a strict number"))?.into_iter().next();
    let next: i64 = row.ok_or_else(|| Fault::new("a number was not given"))?.take(0)?;
    Ok(next - 1)
}

/// The next number of `series`, dense by construction: it is taken by the very commit that uses it. Two commands that
/// take one at the same time conflict, and the later is decided anew.
///
/// # Errors
/// A [`Fault`] when the series cannot be read.
pub async fn strict_in(cx: &mut Cx, series: &str) -> Result<i64, Fault> {
    strict_many_in(cx, series, 1).await
}

/// The first of the next `count` numbers of `series`, all of them taken by the very commit that uses them: dense, and whoever takes some at
/// the same time gets others.
///
/// # Errors
/// A [`Fault`] when the series cannot be read.
pub async fn strict_many_in(cx: &mut Cx, series: &str, count: i64) -> Result<i64, Fault> {
    let next = peek(&cx.ground.store, series).await?;
    advance(&mut cx.commit, series, next, next + count.max(1));
    Ok(next)
}

async fn peek(store: &Store, series: &str) -> Result<i64, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT next FROM store_serial WHERE series = $1", params![series]).await?;
    Ok(row.map_or(1, |(next,)| next))
}

fn advance(commit: &mut Commit, series: &str, from: i64, to: i64) {
    if from == 1 {
        commit.exec("INSERT INTO store_serial (series, next) VALUES ($1, $2)", params![series, to]);
    } else {
        commit.exec(
            "UPDATE store_serial SET next = $3 WHERE series = $1 AND next = $2",
            params![series, from, to],
        );
    }
}
