//! The strongroom: one append-only, hash-chained log of what happened to every subject, and of every look at a person's data.
#![doc = include_str!("../README.md")]

pub mod canon;
mod export;
mod look;
mod model;
mod record;
mod root;
mod store;
mod verify;

pub use export::{export, export_roots};
pub use look::{Look, LookRow, Purpose, look, looks_of};
pub use model::{Algorithm, Event, Head, Outline, Recorded, Subject, use_algorithm};
pub use record::{erase, head, history, outline, record};
pub use root::{Checked, RootKey, check_roots, sign_roots};
pub use verify::{Broken, Signed, Trust, Verified, verify, verify_with};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "trace",
    steps: &[("V1__trace", include_str!("../migrations/V1__trace.sql"))],
};
