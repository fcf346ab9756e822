//! What other agencies know and do: data sources behind one socket, line systems that take steps, all of it recorded.
#![doc = include_str!("../README.md")]

pub mod demo;
mod fetch;
pub mod lines;
mod model;
pub mod signed;
mod store;
mod switch;

pub use demo::{demo_sources, demo_sources_with};
pub use fetch::fetch;
pub use lines::{
    ANSWERED, DemoLines, Dispatch, DispatchId, DispatchLine, DispatchState, LineKey, LineSystem, LineSystems,
    Post, Report, Secret, Verdict, cancel, courier, demo_line_systems, dispatch, dispatch_about, dispatches,
    dispatches_of, receive, resend,
};
pub use model::{Fetched, Query, SharingClass, Source, SourceDown, Sources};
pub use switch::{FetchRow, SourceState, fetches, set_down, states};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "exchange",
    steps: &[
        ("V1__exchange", include_str!("../migrations/V1__exchange.sql")),
        ("V2__lines", include_str!("../migrations/V2__lines.sql")),
    ],
};
