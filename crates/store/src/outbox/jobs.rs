//! Jobs that recur, once across all servers: the row says when next, and who is at it.

use super::queue::LEASE_SECONDS;
use crate::commit::broken;
use crate::{Commit, CommitError, Ground, params};
use futures::future::BoxFuture;
use kernel::id::TypedId;
use kernel::{CommandId, Failure, Fault};
use std::sync::Arc;
use std::time::Duration;

/// The work of a job.
pub(super) type Work = Arc<dyn Fn(Ground) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// A job that recurs.
#[derive(Clone)]
pub(super) struct Job {
    pub name: &'static str,
    pub period: Duration,
    pub work: Work,
}

/// Takes the job when it is due and no other server is at it; answers the holder's mark.
pub(super) async fn take(ground: &Ground, job: &Job) -> Result<Option<String>, Fault> {
    let now = ground.clock.now();
    let row: Option<(i64, i64)> = ground
        .store
        .row("SELECT next_at, lease_until FROM store_job WHERE name = $1", params![job.name])
        .await?;
    let micros = now.as_microsecond();
    let mut commit = Commit::housekeeping(now);
    let holder = CommandId::new_at(now, ground.rng.as_ref()).to_string();
    let lease = micros.saturating_add(LEASE_SECONDS * 1_000_000);
    match row {
        Some((next_at, lease_until)) if next_at > micros || lease_until > micros => return Ok(None),
        Some(_) => commit.exec(
            "UPDATE store_job SET holder = $2, lease_until = $3 \
             WHERE name = $1 AND next_at <= $4 AND lease_until <= $4",
            params![job.name, holder, lease, micros],
        ),
        None => commit.exec(
            "INSERT INTO store_job (name, next_at, lease_until, holder) VALUES ($1, $4, $3, $2)",
            params![job.name, holder, lease, micros],
        ),
    };
    match ground.store.submit(commit).await {
        Ok(()) => Ok(Some(holder)),
        Err(CommitError::Conflict(_)) => Ok(None),
        Err(error) => Err(broken(error)),
    }
}

/// Says that this server is still at it.
pub(super) async fn renew(ground: &Ground, job: &Job, holder: &str) -> Result<(), Fault> {
    let now = ground.clock.now();
    let mut commit = Commit::housekeeping(now);
    let lease = now.as_microsecond().saturating_add(LEASE_SECONDS * 1_000_000);
    commit.exec_any(
        "UPDATE store_job SET lease_until = $3 WHERE name = $1 AND holder = $2",
        params![job.name, holder, lease],
    );
    ground.store.submit(commit).await.map_err(broken)
}

/// Writes down how it went and when it is due again; after a failure no later than in a minute.
pub(super) async fn done(
    ground: &Ground,
    job: &Job,
    holder: &str,
    error: Option<String>,
) -> Result<(), Fault> {
    let now = ground.clock.now();
    let period = if error.is_some() { job.period.min(Duration::from_secs(60)) } else { job.period };
    let period = i64::try_from(period.as_micros()).unwrap_or(i64::MAX);
    let error = error.map(|e| e.chars().take(500).collect::<String>());
    let mut commit = Commit::housekeeping(now);
    commit.exec_any(
        "UPDATE store_job SET next_at = $3, lease_until = 0, holder = NULL, error = $4 \
         WHERE name = $1 AND holder = $2",
        params![job.name, holder, now.as_microsecond().saturating_add(period), error],
    );
    ground.store.submit(commit).await.map_err(broken)
}

/// Forgets command ids older than this: by then nobody asks for their fate.
const COMMANDS_KEPT_DAYS: i64 = 30;

/// Deletes old command ids, some thousands at a time so that nobody waits long.
pub(super) async fn sweep_commands(ground: Ground) -> Result<(), Failure> {
    let now = ground.clock.now();
    let before = now.as_microsecond().saturating_sub(COMMANDS_KEPT_DAYS * 86_400_000_000);
    loop {
        let some: Option<(i64,)> =
            ground.store.row("SELECT 1 FROM store_command WHERE at < $1 LIMIT 1", params![before]).await?;
        if some.is_none() {
            return Ok(());
        }
        let mut commit = Commit::housekeeping(now);
        commit.exec_any(
            "DELETE FROM store_command WHERE id IN (SELECT id FROM store_command WHERE at < $1 ORDER BY at LIMIT 2000)",
            params![before],
        );
        ground.store.submit(commit).await.map_err(broken)?;
    }
}
