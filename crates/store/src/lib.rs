//! One store over SQLite (inside the program) or PostgreSQL: reads, commits, messages, sealed values, files.

pub mod backup;
pub mod commit;
pub mod cx;
pub mod dialect;
pub mod files;
mod handle;
pub mod health;
mod keys;
pub mod migrate;
pub mod outbox;
mod postgres;
pub mod seal;
pub mod serial;
mod sqlite;
pub mod value;

pub use backup::restore;
pub use commit::{Commit, CommitError, Expect, Statement};
pub use cx::{Cx, Ground};
pub use handle::{Backend, Store, StoreConfig};
pub use migrate::Migrations;
pub use seal::{Sealed, Sealer};
pub use sqlite::GROUP_MAX;
pub use value::{FromRow, FromValue, Row, ToValue, Value};
