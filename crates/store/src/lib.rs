//! One store over SQLite (inside the program) or PostgreSQL: reads, commits, messages, sealed values, files.

pub mod commit;
pub mod cx;
pub mod outbox;
pub mod value;

pub use commit::{Commit, CommitError, Expect, Statement};
pub use cx::{Cx, Ground};
pub use value::{FromRow, FromValue, Row, ToValue, Value};
/// The database, the sealed values and the files; cheap to clone.
#[derive(Clone)]
pub struct Store;

impl Store {
    /// Sends a commit.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn submit(&self, _commit: Commit) -> Result<(), CommitError> {
        Err(CommitError::Fault(kernel::Fault::new("not built yet")))
    }
}
