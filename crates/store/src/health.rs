//! What an operator should know of the database: jobs that do not run, clocks that disagree, space that runs out.

use crate::{Store, dialect, params, row};
use kernel::{Fault, Timestamp};
use std::path::Path;

row! {
    /// A job that should have run by now, or that failed the last time.
    #[derive(PartialEq, Eq)]
    pub struct JobTrouble {
        /// Its name.
        pub name: String,
        /// When it was due.
        pub due: Timestamp,
        /// What went wrong the last time, if anything did.
        pub error: Option<String>,
    }
}

/// The jobs that were due before `before` and have not run, and those that failed the last time; a hundred at most.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn jobs_in_trouble(store: &Store, before: Timestamp) -> Result<Vec<JobTrouble>, Fault> {
    let sql = "SELECT name, next_at, error FROM store_job WHERE next_at < $1 OR error IS NOT NULL \
               ORDER BY name LIMIT 100";
    store.rows(sql, params![before]).await
}

/// The emission of the message that has waited longest for its turn, if one waits that was due before `before`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn oldest_overdue(store: &Store, before: Timestamp) -> Result<Option<Timestamp>, Fault> {
    let sql = "SELECT MIN(next_at) FROM store_message WHERE state = 'waiting' AND next_at < $1";
    let row: Option<(Option<Timestamp>,)> = store.row(sql, params![before]).await?;
    Ok(row.and_then(|(at,)| at))
}

/// What time it is, as far as the database knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Clocks {
    /// The database server's own clock; none when the database is inside the program.
    pub server: Option<Timestamp>,
    /// The latest command that was written down, by whichever server.
    pub last_command: Option<Timestamp>,
}

/// Asks the database for the time.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn clocks(store: &Store) -> Result<Clocks, Fault> {
    let last: Option<(Option<Timestamp>,)> =
        store.row("SELECT MAX(at) FROM store_command", params![]).await?;
    let server: Option<(Timestamp,)> = match dialect::server_clock(store.backend()) {
        Some(sql) => store.row(sql, params![]).await?,
        None => None,
    };
    Ok(Clocks { server: server.map(|(at,)| at), last_command: last.and_then(|(at,)| at) })
}

/// The room on the disk that holds `folder`: free bytes for this program, and all bytes.
///
/// # Errors
/// A [`Fault`] when the folder cannot be asked.
pub fn disk(folder: &Path) -> Result<(u64, u64), Fault> {
    let about = rustix::fs::statvfs(folder)
        .map_err(|e| Fault::from(format!("measuring the disk of {}", folder.display()), e))?;
    Ok((about.f_bavail.saturating_mul(about.f_frsize), about.f_blocks.saturating_mul(about.f_frsize)))
}
