//! The strongroom: one append-only, hash-chained log of what happened to every subject, and of every look at a person's data.
#![doc = include_str!("../README.md")]

pub mod canon;
mod erase;
mod export;
mod look;
mod model;
mod record;
mod root;
mod store;
mod stream;
mod verify;

pub use erase::{ERASED, Erasure, erase};
pub use export::{export, export_roots, export_without};
pub use look::{
    Look, LookFilter, LookRow, Purpose, SealOrder, grounds, look, look_at, lookers, looks, looks_by,
    looks_of, seal, sealed_looks, unseal,
};
pub use model::{Algorithm, Event, Head, Outline, Recorded, Subject, use_algorithm};
pub use record::{head, history, outline, record};
pub use root::{Checked, RootKey, check_roots, sign_roots};
pub use stream::{Stretch, Traced, histories, stream, stream_outlines};
pub use verify::{Broken, Signed, Trust, Verified, verify, verify_with};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "trace",
    steps: &[
        ("V1__trace", include_str!("../migrations/V1__trace.sql")),
        ("V2__kept", include_str!("../migrations/V2__kept.sql")),
        ("V3__looks", include_str!("../migrations/V3__looks.sql")),
    ],
};
