//! The ground under store tests: a fresh database on both backends, a clock that stands still, seeded chance.
#![allow(clippy::panic, reason = "a test that cannot have its ground must fail, and say why")]

pub mod browser;
pub mod cluster;
pub mod http;
pub mod line;
pub mod passkey;
pub mod postgres;
pub mod provider;

pub use browser::Browser;
use futures::FutureExt;
use kernel::{FixedClock, SeededRng};
pub use line::line_system;
use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::Arc;
pub use store::{Backend, Migrations};
use store::{Ground, Store, StoreConfig};

/// A fresh store with a clock that stands at 2026-11-22T02:00:00Z (10:00 in Beijing, a Sunday).
pub struct TestGround {
    /// Store, clock and chance.
    pub ground: Ground,
    /// The clock's hands.
    pub clock: FixedClock,
    /// The data folder.
    pub data: PathBuf,
    /// The database's URL on PostgreSQL.
    pub url: Option<String>,
    _folder: Arc<tempfile::TempDir>,
}

impl std::ops::Deref for TestGround {
    type Target = Ground;
    fn deref(&self) -> &Ground {
        &self.ground
    }
}

impl TestGround {
    /// How to open this store once more, as another server would.
    pub fn config(&self) -> StoreConfig {
        StoreConfig { data: self.data.clone(), database: self.url.clone(), pool: 0, shared_files: true }
    }

    /// A second server on the same database, files and keys, with chance of its own.
    pub async fn second(&self, seed: u64) -> Ground {
        let rng = Arc::new(SeededRng::new(seed));
        let clock = Arc::new(self.clock.clone());
        let store = open(self.config(), rng.clone(), self.clock.clone()).await;
        Ground { store, clock, rng }
    }
}

/// A fresh, migrated store. On PostgreSQL its database stays behind until the test server is stopped; [`run`] drops it.
pub async fn ground(backend: Backend, rooms: &[Migrations]) -> TestGround {
    make(backend, rooms).await.0
}

async fn make(backend: Backend, rooms: &[Migrations]) -> (TestGround, Option<postgres::Database>) {
    let moment = "2026-11-22T02:00:00Z".parse().unwrap_or_else(|e| panic!("a moment: {e}"));
    let clock = FixedClock::at(moment);
    let folder = Arc::new(tempfile::tempdir().unwrap_or_else(|e| panic!("a temporary folder: {e}")));
    let database = match backend {
        Backend::Sqlite => None,
        Backend::Postgres => Some(postgres::Database::fresh(rooms).await),
    };
    let rng = Arc::new(SeededRng::new(1));
    let data = folder.path().join("data");
    let url = database.as_ref().map(postgres::Database::url);
    let config = StoreConfig { data: data.clone(), database: url.clone(), pool: 0, shared_files: true };
    let store = open(config, rng.clone(), clock.clone()).await;
    store.migrate(rooms).await.unwrap_or_else(|fault| panic!("the steps do not apply: {fault}"));
    let ground = Ground { store, clock: Arc::new(clock.clone()), rng };
    (TestGround { ground, clock, data, url, _folder: folder }, database)
}

async fn open(config: StoreConfig, rng: Arc<SeededRng>, clock: FixedClock) -> Store {
    Store::open(config, rng, Arc::new(clock))
        .await
        .unwrap_or_else(|fault| panic!("the store does not open: {fault}"))
}

/// Runs one test body on a fresh ground and takes the ground away afterwards, also after a failure; `both!` calls it.
pub fn run<F, Fut>(backend: Backend, rooms: &[Migrations], body: F)
where
    F: FnOnce(TestGround) -> Fut,
    Fut: Future<Output = ()>,
{
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.unwrap_or_else(|e| panic!("a runtime: {e}")).block_on(async {
        let (ground, database) = make(backend, rooms).await;
        let ended = AssertUnwindSafe(body(ground)).catch_unwind().await;
        if let Some(database) = database {
            database.remove().await;
        }
        if let Err(panic) = ended {
            std::panic::resume_unwind(panic);
        }
    });
}

/// One test on both databases: `both!(two_commits, &[MIGRATIONS], |t| async move { … });` makes
/// `two_commits::sqlite` and `two_commits::postgres`.
#[macro_export]
macro_rules! both {
    ($(#[$meta:meta])* $name:ident, $rooms:expr, |$t:pat_param| $body:expr) => {
        $(#[$meta])*
        mod $name {
            #[allow(unused_imports)]
            use super::*;

            async fn body($t: $crate::TestGround) {
                $body.await
            }

            #[test]
            fn sqlite() {
                $crate::run($crate::Backend::Sqlite, $rooms, body);
            }

            #[test]
            fn postgres() {
                $crate::run($crate::Backend::Postgres, $rooms, body);
            }
        }
    };
}
