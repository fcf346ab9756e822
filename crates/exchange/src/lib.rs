//! What other agencies know: data sources behind one socket, each question recorded before it is asked.
#![doc = include_str!("../README.md")]

pub mod demo;
mod fetch;
mod model;
mod store;
mod switch;

pub use demo::{demo_sources, demo_sources_with};
pub use fetch::fetch;
pub use model::{Fetched, Query, SharingClass, Source, SourceDown, Sources};
pub use switch::{FetchRow, SourceState, fetches, set_down, states};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "exchange",
    steps: &[("V1__exchange", include_str!("../migrations/V1__exchange.sql"))],
};
