//! The floor: the very statements of the filings, sent through the bare drivers by as many callers, with the same
//! group limit; nothing else is done. What a figure loses against it is ours, what it does not is the database's.

use crate::door::Trouble;
use crate::stats::Tally;
use futures::future::try_join_all;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use store::{Statement, Value};
use tokio::sync::{mpsc, oneshot};

/// The writes of one commit.
pub type Commit = Vec<Statement>;

/// The commits of one filing, in order.
pub type Work = Vec<Commit>;

/// Takes the next filing off the pile; none when it is used up.
#[derive(Clone)]
struct Pile(Arc<Vec<Work>>, Arc<AtomicUsize>);

impl Pile {
    fn take(&self) -> Option<Work> {
        self.0.get(self.1.fetch_add(1, Ordering::Relaxed)).cloned()
    }
}

/// Runs `work` on SQLite: one writer, commits grouped up to `group_max` into one transaction with one fsync.
///
/// # Errors
/// When a statement fails.
pub async fn sqlite(
    file: &Path,
    work: Vec<Work>,
    callers: usize,
    group_max: usize,
    time: Duration,
) -> Result<Tally, Trouble> {
    let (send, receive) = mpsc::channel::<(Commit, oneshot::Sender<()>)>(callers.max(1));
    let file = file.to_owned();
    let writer = std::thread::spawn(move || write_groups(&file, receive, group_max));
    let pile = Pile(Arc::new(work), Arc::default());
    let tally = callers_run(pile, callers, time, move || {
        let send = send.clone();
        async move |commit: Commit| {
            let (done, answer) = oneshot::channel();
            send.send((commit, done)).await.map_err(|_| "the writer is gone")?;
            answer.await.map_err(|_| Trouble::from("the writer gave no answer"))
        }
    })
    .await;
    match writer.join() {
        Ok(written) => written?,
        Err(_) => return Err("the writer panicked".into()),
    }
    tally
}

fn write_groups(
    file: &Path,
    mut receive: mpsc::Receiver<(Commit, oneshot::Sender<()>)>,
    group_max: usize,
) -> Result<(), Trouble> {
    let db = rusqlite::Connection::open(file)?;
    db.execute_batch("PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON")?;
    db.set_prepared_statement_cache_capacity(128);
    let mut group = Vec::new();
    while receive.blocking_recv_many(&mut group, group_max) > 0 {
        db.execute_batch("BEGIN IMMEDIATE")?;
        for (commit, _) in &group {
            db.execute_batch("SAVEPOINT one")?;
            for statement in commit {
                execute(&db, statement)?;
            }
            db.execute_batch("RELEASE one")?;
        }
        db.execute_batch("COMMIT")?;
        for (_, done) in group.drain(..) {
            let _ = done.send(());
        }
    }
    Ok(())
}

fn execute(db: &rusqlite::Connection, statement: &Statement) -> Result<(), Trouble> {
    let mut prepared = db.prepare_cached(&statement.sql)?;
    bind(&mut prepared, &statement.params)?;
    if statement.guard {
        prepared.raw_query().next()?;
    } else {
        prepared.raw_execute()?;
    }
    Ok(())
}

/// Gives a statement its parameters by their `$n`.
///
/// # Errors
/// When a parameter has no number.
pub fn bind(prepared: &mut rusqlite::Statement<'_>, params: &[Value]) -> Result<(), Trouble> {
    for index in 1..=prepared.parameter_count() {
        let name = prepared.parameter_name(index).unwrap_or("$0").trim_start_matches('$').parse::<usize>()?;
        let value = params.get(name - 1).unwrap_or(&Value::Null);
        prepared.raw_bind_parameter(index, bare(value))?;
    }
    Ok(())
}

/// A value as the bare driver takes it.
pub fn bare(value: &Value) -> rusqlite::types::Value {
    match value.clone() {
        Value::Null => rusqlite::types::Value::Null,
        Value::Int(n) => rusqlite::types::Value::Integer(n),
        Value::Text(text) => rusqlite::types::Value::Text(text),
        Value::Bytes(bytes) => rusqlite::types::Value::Blob(bytes),
    }
}

/// Runs `work` on PostgreSQL: each caller on its own connection, each commit pipelined in one round trip.
///
/// # Errors
/// When a statement fails.
pub async fn postgres(url: &str, work: Vec<Work>, callers: usize, time: Duration) -> Result<Tally, Trouble> {
    let pile = Pile(Arc::new(work), Arc::default());
    let url = url.to_owned();
    callers_run(pile, callers, time, move || {
        let url = url.clone();
        let mut open: Option<Session> = None;
        async move |commit: Commit| {
            if open.is_none() {
                open = Some(Session::open(&url).await?);
            }
            match open.as_mut() {
                Some(session) => session.commit(&commit).await,
                None => Err("no connection".into()),
            }
        }
    })
    .await
}

struct Session {
    client: tokio_postgres::Client,
    prepared: std::collections::HashMap<String, tokio_postgres::Statement>,
}

impl Session {
    async fn open(url: &str) -> Result<Self, Trouble> {
        let (client, connection) = tokio_postgres::connect(url, tokio_postgres::NoTls).await?;
        tokio::spawn(connection);
        Ok(Self { client, prepared: std::collections::HashMap::new() })
    }

    async fn commit(&mut self, commit: &[Statement]) -> Result<(), Trouble> {
        for statement in commit {
            if !self.prepared.contains_key(statement.sql.as_ref()) {
                let prepared = self.client.prepare(&statement.sql).await?;
                self.prepared.insert(statement.sql.to_string(), prepared);
            }
        }
        let client = &self.client;
        let writes = commit.iter().filter_map(|statement| {
            let prepared = self.prepared.get(statement.sql.as_ref())?;
            Some(async move {
                let params: Vec<Box<dyn tokio_postgres::types::ToSql + Sync + Send>> =
                    statement.params.iter().map(boxed).collect();
                let refs: Vec<&(dyn tokio_postgres::types::ToSql + Sync)> =
                    params.iter().map(|p| &**p as _).collect();
                client.execute(prepared, &refs).await
            })
        });
        // Polled in order on one connection, so they leave as one pipeline: BEGIN, the writes, COMMIT.
        let begin = client.batch_execute("BEGIN");
        let end = client.batch_execute("COMMIT");
        futures::try_join!(begin, try_join_all(writes), end)?;
        Ok(())
    }
}

/// A value as the bare driver takes it.
pub fn boxed(value: &Value) -> Box<dyn tokio_postgres::types::ToSql + Sync + Send> {
    match value.clone() {
        Value::Null => Box::new(Null),
        Value::Int(n) => Box::new(n),
        Value::Text(text) => Box::new(text),
        Value::Bytes(bytes) => Box::new(bytes),
    }
}

#[derive(Debug)]
struct Null;

impl tokio_postgres::types::ToSql for Null {
    fn to_sql(
        &self,
        _: &tokio_postgres::types::Type,
        _: &mut bytes::BytesMut,
    ) -> Result<tokio_postgres::types::IsNull, Trouble> {
        Ok(tokio_postgres::types::IsNull::Yes)
    }
    fn accepts(_: &tokio_postgres::types::Type) -> bool {
        true
    }
    tokio_postgres::types::to_sql_checked!();
}

async fn callers_run<M, F>(pile: Pile, callers: usize, time: Duration, make: M) -> Result<Tally, Trouble>
where
    M: Fn() -> F,
    F: AsyncFnMut(Commit) -> Result<(), Trouble>,
{
    let started = Instant::now();
    let until = started + time;
    let running = (0..callers).map(|_| {
        let (pile, mut commit_one) = (pile.clone(), make());
        async move {
            let mut micros = Vec::new();
            while Instant::now() < until {
                let Some(work) = pile.take() else { break };
                let begun = Instant::now();
                for commit in work {
                    commit_one(commit).await?;
                }
                micros.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
            }
            Ok::<_, Trouble>(micros)
        }
    });
    let all = try_join_all(running).await?.concat();
    Ok(Tally::new(all, started.elapsed()))
}
