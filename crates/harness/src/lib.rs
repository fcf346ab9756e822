//! The ground under store tests: a fresh database on both backends, a clock that stands still, seeded chance.

use kernel::{FixedClock, SeededRng};
pub use store::{Backend, Migrations};
use store::{Ground, Store, StoreConfig};
use std::path::PathBuf;
use std::sync::Arc;

/// A fresh store with a clock that stands at 2026-11-22T02:00:00Z (10:00 in Beijing, a Sunday).
pub struct TestGround {
    /// Store, clock and chance.
    pub ground: Ground,
    /// The clock's hands.
    pub clock: FixedClock,
    /// The data folder.
    pub data: PathBuf,
    _folder: tempfile::TempDir,
}

impl std::ops::Deref for TestGround {
    type Target = Ground;
    fn deref(&self) -> &Ground {
        &self.ground
    }
}

/// A fresh, migrated store.
#[allow(clippy::expect_used, reason = "tests only")]
pub async fn ground(backend: Backend, rooms: &[Migrations]) -> TestGround {
    let clock = FixedClock::at("2026-11-22T02:00:00Z".parse().expect("a moment"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    let rng = Arc::new(SeededRng::new(1));
    let data = folder.path().join("data");
    assert_eq!(backend, Backend::Sqlite, "PostgreSQL is not built yet");
    let config = StoreConfig { data: data.clone(), database: None, pool: 0, shared_files: true };
    let store = Store::open(config, rng.clone(), Arc::new(clock.clone())).await.expect("the store opens");
    store.migrate(rooms).await.expect("the steps apply");
    TestGround { ground: Ground { store, clock: Arc::new(clock.clone()), rng }, clock, data, _folder: folder }
}

/// Runs one test body on a fresh ground; `both!` calls it.
#[allow(clippy::expect_used, reason = "tests only")]
pub fn run<F, Fut>(backend: Backend, rooms: &[Migrations], body: F)
where
    F: FnOnce(TestGround) -> Fut,
    Fut: Future<Output = ()>,
{
    tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .expect("a runtime")
        .block_on(async { body(ground(backend, rooms).await).await });
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
