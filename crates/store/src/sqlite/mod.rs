//! SQLite inside the program: one writer thread that groups commits, several reader threads (WAL).

pub(crate) mod errors;
pub(crate) mod link;
pub(crate) mod queue;
mod reader;
mod turns;
mod writer;

use crate::commit::Batch;
use crate::migrate::{self, Step};
use crate::{CommitError, Row, Value};
use kernel::Fault;
use link::{Link, Mode};
use queue::Queue;
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;

/// The most commits that share one transaction and one fsync.
pub const GROUP_MAX: usize = 64;

/// What may be turned without changing what is promised.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tuning {
    /// The most commits in one transaction.
    pub group_max: usize,
    /// How long to wait for a lock that another program holds.
    pub busy: Duration,
}

impl Default for Tuning {
    fn default() -> Self {
        Self { group_max: GROUP_MAX, busy: Duration::from_secs(5) }
    }
}

/// The two queues in front of the database's threads; dropping it ends them.
pub(crate) struct Sqlite {
    path: PathBuf,
    writes: Arc<Queue<writer::Job>>,
    reads: Arc<Queue<reader::Job>>,
    threads: Mutex<Vec<std::thread::JoinHandle<()>>>,
}

impl Sqlite {
    /// Opens (or makes) the database file and starts the threads.
    pub fn open(path: &Path, readers: usize, tuning: Tuning) -> Result<Self, Fault> {
        let writes = Arc::new(Queue::default());
        let reads = Arc::new(Queue::default());
        let mut link = Link::new(path, Mode::Write, tuning.busy);
        link.connection()?;
        let mut threads = Vec::new();
        let (jobs, turns) = (Arc::clone(&writes), turns::Turns::new(path, tuning.busy));
        threads.push(spawn("store-writer", move || {
            writer::Writer::new(link, turns, tuning.group_max).run(&jobs);
        })?);
        for _ in 0..readers.max(1) {
            let jobs = Arc::clone(&reads);
            let link = Link::new(path, Mode::Read, tuning.busy);
            threads.push(spawn("store-reader", move || reader::run(link, &jobs))?);
        }
        Ok(Self { path: path.to_owned(), writes, reads, threads: Mutex::new(threads) })
    }

    /// The database file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub async fn query(&self, sql: String, params: Vec<Value>) -> Result<Vec<Row>, Fault> {
        self.read(move |connection| link::query(connection, &sql, &params)).await
    }

    pub async fn submit(&self, batch: Batch) -> Result<(), CommitError> {
        let (answer, wait) = oneshot::channel();
        self.writes.push(writer::Job::Commit(writer::Waiting { batch, answer }));
        wait.await.unwrap_or_else(|_| Err(CommitError::Unknown(closed())))
    }

    /// Runs `work` on a reader's connection.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (answer, wait) = oneshot::channel();
        self.reads.push(Box::new(move |link: &mut Link| {
            let result = link.run(|connection| work(connection));
            let _ = answer.send(result);
        }));
        wait.await.unwrap_or_else(|_| Err(closed()))
    }

    /// Runs `work` alone on the writer's connection, between two groups.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Fault>
    where
        T: Send + 'static,
        F: FnOnce(&mut Connection) -> rusqlite::Result<T> + Send + 'static,
    {
        let (answer, wait) = oneshot::channel();
        self.writes.push(writer::Job::Work(Box::new(move |link: &mut Link| {
            let _ = answer.send(link.run(work));
        })));
        wait.await.unwrap_or_else(|_| Err(closed()))
    }
}

impl Sqlite {
    /// Whether the writer can take the write lock.
    pub async fn ping(&self) -> Result<(), Fault> {
        self.write(|c| {
            let transaction = c.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
            transaction.execute("CREATE TABLE store_ping (at BIGINT)", [])?;
            transaction.rollback()
        })
        .await
    }

    /// Applies steps, each in one transaction.
    pub async fn migrate(&self, steps: Vec<Step>) -> Result<(), Fault> {
        self.write(|c| c.execute_batch(migrate::LEDGER)).await?;
        for step in steps {
            let doing = format!("applying {} of {}", step.name, step.room);
            self.write(move |c| apply(c, &step)).await.map_err(|f| f.while_doing(doing.clone()))??;
        }
        Ok(())
    }
}

/// Compares and applies one step; the inner fault is a refusal to apply it.
fn apply(connection: &mut Connection, step: &Step) -> rusqlite::Result<Result<(), Fault>> {
    let transaction = connection.transaction_with_behavior(rusqlite::TransactionBehavior::Immediate)?;
    let applied: Option<String> = transaction
        .query_row(
            "SELECT checksum FROM store_migration WHERE room = ?1 AND step = ?2",
            [&step.room, &step.name],
            |row| row.get(0),
        )
        .optional()?;
    match migrate::needed(step, applied.as_deref()) {
        Err(fault) => return Ok(Err(fault)),
        Ok(false) => return Ok(Ok(())),
        Ok(true) => {}
    }
    transaction.execute_batch(&step.text)?;
    let row = crate::params![step.room, step.name, step.checksum, step.text, step.at];
    link::execute(&transaction, migrate::APPLIED, &row)?;
    transaction.commit()?;
    Ok(Ok(()))
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.writes.close();
        self.reads.close();
        let threads = std::mem::take(&mut *self.threads.lock().unwrap_or_else(PoisonError::into_inner));
        let me = std::thread::current().id();
        for thread in threads {
            if thread.thread().id() != me {
                let _ = thread.join();
            }
        }
    }
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<std::thread::JoinHandle<()>, Fault> {
    std::thread::Builder::new()
        .name(name.to_owned())
        .spawn(body)
        .map_err(|e| Fault::from("starting a database thread", e))
}

fn closed() -> Fault {
    Fault::new("the store is closed")
}
