//! The handle every room holds: which database it is, reads, and the door for commits.

use crate::{Commit, CommitError, FromRow, Migrations, Sealer, Value};
use kernel::{Clock, Fault, Rng};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Which database stands underneath.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Backend {
    /// SQLite, inside the program.
    Sqlite,
    /// A PostgreSQL server or cluster.
    Postgres,
}

/// Where everything lies.
#[derive(Debug, Clone)]
pub struct StoreConfig {
    /// The data folder: database file (SQLite), key file, files.
    pub data: PathBuf,
    /// A PostgreSQL URL; `None` means SQLite in `data/yimen.db`.
    pub database: Option<String>,
    /// How many connections for reading (SQLite) or in all (PostgreSQL); 0 means a good default.
    pub pool: usize,
    /// Whether `data/files` is a folder that all servers share; must be declared on PostgreSQL.
    pub shared_files: bool,
}

/// The database, the sealed values and the files; cheap to clone.
#[derive(Clone)]
pub struct Store {
    inner: Arc<Inner>,
}

struct Inner {
    sealer: Sealer,
}

impl Store {
    /// Opens the store; makes the data folder and the key file when they are absent.
    ///
    /// # Errors
    /// A [`Fault`] that says which part cannot be opened and why.
    pub async fn open(config: StoreConfig, rng: Arc<dyn Rng>, clock: Arc<dyn Clock>) -> Result<Store, Fault> {
        let _ = (config, rng, clock);
        Err(not_built())
    }

    /// Which database stands underneath.
    pub fn backend(&self) -> Backend {
        Backend::Sqlite
    }

    /// Applies the steps that are not applied yet: the store's own first, then `rooms` in the given (floor) order.
    ///
    /// # Errors
    /// A [`Fault`] when a step fails or when the text of an applied step has changed.
    pub async fn migrate(&self, rooms: &[Migrations]) -> Result<(), Fault> {
        let _ = rooms;
        Err(not_built())
    }

    /// Reads rows.
    ///
    /// # Errors
    /// A [`Fault`]; transient when the database is away.
    pub async fn rows<T: FromRow + Send + 'static>(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> Result<Vec<T>, Fault> {
        let _ = (sql, params);
        Err(not_built())
    }

    /// Reads the first row, if there is one.
    ///
    /// # Errors
    /// As [`Store::rows`].
    pub async fn row<T: FromRow + Send + 'static>(
        &self,
        sql: &str,
        params: Vec<Value>,
    ) -> Result<Option<T>, Fault> {
        Ok(self.rows(sql, params).await?.into_iter().next())
    }

    /// Sends a commit.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn submit(&self, commit: Commit) -> Result<(), CommitError> {
        let _ = commit;
        Err(CommitError::Fault(not_built()))
    }

    /// Whether the database answers and can be written to.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong.
    pub async fn ping(&self) -> Result<(), Fault> {
        Err(not_built())
    }

    /// Seals, opens and blinds secrets.
    pub fn sealer(&self) -> &Sealer {
        &self.inner.sealer
    }

    /// Writes a consistent backup into the new folder `to` while the program runs on.
    ///
    /// # Errors
    /// A [`Fault`]; an unfinished backup never bears the name `to`.
    pub async fn backup(&self, to: &Path) -> Result<(), Fault> {
        let _ = to;
        Err(not_built())
    }
}

fn not_built() -> Fault {
    Fault::new("not built yet")
}
