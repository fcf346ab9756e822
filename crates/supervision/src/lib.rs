//! supervision: who looked at whose data and why, what persons may say about it, and the rights over one's own data.
#![doc = include_str!("../README.md")]

pub mod csv;
pub mod jobs;
mod kept;
pub mod model;
mod pages;
pub mod plain;
mod reach;
pub mod rules;
mod settings;
mod store;
pub mod verbs;

pub use jobs::courier;
pub use model::{Kind, RequestEvent, RequestId, SealId, State};
pub use pages::routes;
pub use settings::Settings;

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("supervision");

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "supervision",
    steps: &[("V1__supervision", include_str!("../migrations/V1__supervision.sql"))],
};
