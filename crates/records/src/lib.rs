//! Records (记录进出): what leaves this house and what enters it as files.
#![doc = include_str!("../README.md")]

pub mod archive;
pub mod arriving;
pub mod cli;
pub mod csv;
mod dossier;
mod erase;
pub mod feed;
mod history;
pub mod house;
pub mod import;
mod leaving;
pub mod mapping;
pub mod model;
mod moment;
mod pages;
mod read;
pub mod report;
mod store;
pub mod stream;
mod words;
pub mod xes;

pub use archive::{Dossiers, Packed, archive_closed, on_closed};
pub use csv::{Column, Csv};
pub use dossier::CaseDossiers;
pub use erase::erase;
pub use feed::{Depth, Feed, FeedPage, Holdings, PAGE};
pub use house::CaseHoldings;
pub use import::{Intake, Order, import};
pub use leaving::{LeavingEvent, leave};
pub use mapping::Mapping;
pub use model::{CaseRecord, Selection};
pub use pages::{routes, sent};
pub use report::{Problem, Report};
pub use store::{Stuck, stuck};
pub use stream::{Meter, Shape, export};
pub use xes::Xes;

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("records");

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "records",
    steps: &[("V1__records", include_str!("../migrations/V1__records.sql"))],
};
