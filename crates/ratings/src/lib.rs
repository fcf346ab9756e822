//! ratings: how satisfied people were with what was done for them, and what the agency says to those who were not.
#![doc = include_str!("../README.md")]

pub mod jobs;
pub mod model;
mod pages;
pub mod queries;
mod reach;
pub mod rules;
mod settings;
mod store;
pub mod verbs;

pub use jobs::courier;
pub use model::{Channel, Level, Of, Rating, RatingEvent, RatingId, Reason, Service, State, Tally};
pub use pages::{place_before as place, routes};
pub use queries::{Given, given, invited};
pub use rules::Said;
pub use settings::Settings;
pub use store::{InvitationRow, RatingRow};

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("ratings");

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "ratings",
    steps: &[("V1__ratings", include_str!("../migrations/V1__ratings.sql"))],
};
