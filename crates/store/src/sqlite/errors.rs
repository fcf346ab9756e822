//! What SQLite's errors mean to us.

use crate::CommitError;
use kernel::Fault;
use rusqlite::{Error, ErrorCode};

/// The error as a fault that says in words what is wrong.
pub(crate) fn fault(error: Error) -> Fault {
    let (words, passing) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            ("the database is locked by another program", true)
        }
        Some(ErrorCode::DiskFull) => ("the disk is full: the database cannot grow", true),
        Some(ErrorCode::ReadOnly) => ("the database is read-only", true),
        Some(ErrorCode::SystemIoFailure | ErrorCode::FileLockingProtocolFailed) => {
            ("the disk under the database fails", true)
        }
        Some(ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => ("the database cannot be opened", true),
        Some(ErrorCode::OutOfMemory) => ("the database has no memory left", true),
        Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt) => ("the database file is damaged", false),
        _ => ("the database refuses", false),
    };
    let fault = Fault::from(words, error);
    if passing { fault.transient() } else { fault }
}

/// What an error inside a commit means: lost against another, or broken.
pub(crate) fn commit_error(error: Error) -> CommitError {
    /// `SQLITE_CONSTRAINT_PRIMARYKEY`, `_UNIQUE`, `_ROWID`.
    const UNIQUE: [i32; 3] = [1555, 2067, 2579];
    match error.sqlite_error() {
        Some(e) if UNIQUE.contains(&e.extended_code) => CommitError::Conflict(error.to_string()),
        _ => CommitError::Fault(fault(error)),
    }
}

/// Whether a connection should not be used again after this error.
pub(crate) fn spoils(error: &Error) -> bool {
    matches!(
        error.sqlite_error_code(),
        Some(
            ErrorCode::SystemIoFailure
                | ErrorCode::CannotOpen
                | ErrorCode::NotADatabase
                | ErrorCode::DatabaseCorrupt
                | ErrorCode::FileLockingProtocolFailed
        )
    )
}
