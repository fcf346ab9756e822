//! The handle every room holds: which database it is, reads, and the door for commits.

use crate::commit::{self, Batch};
use crate::postgres::Postgres;
use crate::serial::Blocks;
use crate::sqlite::{Sqlite, Tuning};
use crate::{
    Commit, CommitError, FromRow, Migrations, Sealer, Statement, Value, backup, files, migrate, outbox,
};
use kernel::{Clock, Fault, Rng};
use object_store::local::LocalFileSystem;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

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

pub(crate) struct Inner {
    pub engine: Engine,
    pub sealer: Sealer,
    pub files: LocalFileSystem,
    pub blocks: Blocks,
    pub clock: Arc<dyn Clock>,
    pub data: PathBuf,
    pub observer: OnceLock<Observer>,
    pub read_observer: OnceLock<ReadObserver>,
}

/// Is shown the writes of every commit before they are sent.
pub type Observer = Box<dyn Fn(&[Statement]) + Send + Sync>;

/// Is shown every statement that is read with, and its parameters.
pub type ReadObserver = Box<dyn Fn(&str, &[Value]) + Send + Sync>;

pub(crate) enum Engine {
    Sqlite(Sqlite),
    Postgres(Box<Postgres>),
}

impl Store {
    /// Opens the store; makes the data folder and the key file when they are absent.
    ///
    /// # Errors
    /// A [`Fault`] that says which part cannot be opened and why.
    pub async fn open(config: StoreConfig, rng: Arc<dyn Rng>, clock: Arc<dyn Clock>) -> Result<Store, Fault> {
        Self::open_tuned(config, rng, clock, Tuning::default()).await
    }

    /// As [`Store::open`], but waits no longer than `busy` for a lock that another program holds on SQLite.
    #[doc(hidden)]
    pub async fn open_impatient(
        config: StoreConfig,
        rng: Arc<dyn Rng>,
        clock: Arc<dyn Clock>,
        busy: std::time::Duration,
    ) -> Result<Store, Fault> {
        Self::open_tuned(config, rng, clock, Tuning { busy, ..Tuning::default() }).await
    }

    async fn open_tuned(
        config: StoreConfig,
        rng: Arc<dyn Rng>,
        clock: Arc<dyn Clock>,
        tuning: Tuning,
    ) -> Result<Store, Fault> {
        if config.database.is_some() && !config.shared_files {
            return Err(Fault::new(
                "on PostgreSQL several servers may run: declare that the folder data/files is shared by all of them \
                 (shared_files = true)",
            ));
        }
        make_folder(&config.data)?;
        let sealer = Sealer::load(&config.data.join("keys.toml"), rng)?;
        let files = files::folder(&config.data.join("files"))?;
        let engine = match &config.database {
            None => {
                let readers = if config.pool == 0 { 4 } else { config.pool };
                Engine::Sqlite(Sqlite::open(&config.data.join("yimen.db"), readers, tuning)?)
            }
            Some(url) => Engine::Postgres(Box::new(Postgres::open(url, config.pool).await?)),
        };
        let blocks = Blocks::default();
        let observer = OnceLock::new();
        let read_observer = OnceLock::new();
        let inner =
            Inner { engine, sealer, files, blocks, clock, data: config.data, observer, read_observer };
        Ok(Self { inner: Arc::new(inner) })
    }

    /// Which database stands underneath.
    pub fn backend(&self) -> Backend {
        match &self.inner.engine {
            Engine::Sqlite(_) => Backend::Sqlite,
            Engine::Postgres(_) => Backend::Postgres,
        }
    }

    pub(crate) fn inner(&self) -> &Inner {
        &self.inner
    }

    /// Applies the steps that are not applied yet: the store's own first, then `rooms` in the given (floor) order.
    ///
    /// # Errors
    /// A [`Fault`] when a step fails, when the text of an applied step has changed, or when the key file is not the
    /// one that this database was sealed with.
    pub async fn migrate(&self, rooms: &[Migrations]) -> Result<(), Fault> {
        migrate::run(self, rooms).await
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
        if let Some(observer) = self.inner.read_observer.get() {
            observer(sql, &params);
        }
        let rows = match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.query(sql.to_owned(), params).await,
            Engine::Postgres(postgres) => postgres.query(sql, &params).await,
        };
        rows.and_then(|rows| rows.into_iter().map(T::from_row).collect())
            .map_err(|fault| fault.while_doing(commit::label(sql)))
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

    /// Sends a commit: all of it happens, or nothing. An empty commit is done at once.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn submit(&self, commit: Commit) -> Result<(), CommitError> {
        if commit.is_empty() {
            return Ok(());
        }
        let mut statements = commit.statements;
        for (index, message) in commit.messages.iter().enumerate() {
            statements.push(outbox::statement(&self.inner.sealer, commit.id, commit.at, index, message)?);
        }
        if let Some(observer) = self.inner.observer.get() {
            observer(&commit::shown(commit.remembered.then_some(commit.id), commit.at, &statements));
        }
        let batch = Batch { id: commit.remembered.then_some(commit.id), at: commit.at, statements };
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.submit(batch).await,
            Engine::Postgres(postgres) => postgres.submit(&batch).await,
        }
    }

    /// Whether the database answers and can be written to.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong.
    pub async fn ping(&self) -> Result<(), Fault> {
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.ping().await,
            Engine::Postgres(postgres) => postgres.ping().await,
        }
    }

    /// Seals, opens and blinds secrets.
    pub fn sealer(&self) -> &Sealer {
        &self.inner.sealer
    }

    /// Writes a consistent backup into the new folder `to` while the program runs on. The keys go into the separate
    /// file `to` + `.keys.toml`, to be kept elsewhere.
    ///
    /// # Errors
    /// A [`Fault`]; an unfinished backup never bears the name `to`.
    pub async fn backup(&self, to: &Path) -> Result<(), Fault> {
        backup::write(self, to).await
    }

    /// Shows the writes of every commit from now on to `observer`: for measurements that lay the same writes on the bare
    /// database. The first observer stays.
    #[doc(hidden)]
    pub fn observe(&self, observer: Observer) {
        let _ = self.inner.observer.set(observer);
    }

    /// Shows every statement that is read with from now on to `observer`: for measurements that ask the bare database what it
    /// costs. The first observer stays.
    #[doc(hidden)]
    pub fn observe_reads(&self, observer: ReadObserver) {
        let _ = self.inner.read_observer.set(observer);
    }

    /// Runs SQL as it stands on the writing connection: for tests that bring about faults, and for nothing else.
    #[doc(hidden)]
    pub async fn meddle(&self, sql: &str) -> Result<(), Fault> {
        let sql = sql.to_owned();
        match &self.inner.engine {
            Engine::Sqlite(sqlite) => sqlite.write(move |c| c.execute_batch(&sql)).await,
            Engine::Postgres(postgres) => postgres.meddle(&sql).await,
        }
    }
}

fn make_folder(data: &Path) -> Result<(), Fault> {
    std::fs::create_dir_all(data)
        .map_err(|e| Fault::from(format!("the data folder {} cannot be made", data.display()), e))
}
