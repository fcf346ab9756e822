//! What PostgreSQL's errors mean to us.

use crate::{CommitError, dialect};
use kernel::Fault;
use tokio_postgres::Error;
use tokio_postgres::error::SqlState;

/// Whether the connection is gone, so that nothing is known of what was sent last.
pub(crate) fn lost(error: &Error) -> bool {
    let Some(db) = error.as_db_error() else {
        return error.is_closed()
            || std::error::Error::source(error).is_some_and(|e| e.is::<std::io::Error>());
    };
    // The server ends the session: shutdown, crash of another process, an administrator.
    [SqlState::ADMIN_SHUTDOWN, SqlState::CRASH_SHUTDOWN, SqlState::CANNOT_CONNECT_NOW].contains(db.code())
}

/// The error as a fault that says in words what is wrong.
pub(crate) fn fault(error: Error) -> Fault {
    if lost(&error) {
        return Fault::from("the database is away", error).transient();
    }
    let Some(db) = error.as_db_error() else { return Fault::from("the database cannot be used", error) };
    let (words, passing) = match *db.code() {
        SqlState::DISK_FULL => ("the database's disk is full", true),
        SqlState::READ_ONLY_SQL_TRANSACTION => ("the database is read-only", true),
        SqlState::LOCK_NOT_AVAILABLE => ("the database is locked by another program", true),
        SqlState::TOO_MANY_CONNECTIONS => ("the database has too many connections", true),
        SqlState::OUT_OF_MEMORY | SqlState::INSUFFICIENT_RESOURCES => {
            ("the database has no memory left", true)
        }
        SqlState::QUERY_CANCELED | SqlState::IO_ERROR => ("the database gave up", true),
        _ => ("the database refuses", false),
    };
    // The server's text comes in its own language and its detail may quote the row: only the message is kept.
    let fault = Fault::new(format!("{words}: {} ({})", db.message(), db.code().code()));
    if passing { fault.transient() } else { fault }
}

/// What an error inside a commit means: lost against another, done before, or broken.
pub(crate) fn commit_error(error: Error) -> CommitError {
    let Some(db) = error.as_db_error() else { return CommitError::Fault(fault(error)) };
    let code = db.code();
    if *code == SqlState::UNIQUE_VIOLATION {
        return match (db.table(), db.constraint()) {
            (Some("store_command"), _) => CommitError::AlreadyDone,
            (_, constraint) => CommitError::Conflict(constraint.unwrap_or("a unique index").to_owned()),
        };
    }
    if code.code() == dialect::EXPECT_STATE {
        return CommitError::Conflict(db.message().to_owned());
    }
    if [SqlState::T_R_SERIALIZATION_FAILURE, SqlState::T_R_DEADLOCK_DETECTED].contains(code) {
        return CommitError::Conflict(db.message().to_owned());
    }
    CommitError::Fault(fault(error))
}

/// Whether the session's prepared statements no longer fit (after another server has migrated).
pub(crate) fn outdated(error: &Error) -> bool {
    error.code().is_some_and(|code| {
        [SqlState::FEATURE_NOT_SUPPORTED, SqlState::INVALID_SQL_STATEMENT_NAME].contains(code)
    })
}
