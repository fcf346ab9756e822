//! appointments: a place in a hall's day, booked ahead (预约).
#![doc = include_str!("../README.md")]

mod jobs;
pub mod model;
mod offer;
mod pages;
mod queries;
pub mod rules;
mod settings;
mod store;
pub mod verbs;

pub use jobs::courier;
pub use offer::{DayOffer, Offered, SlotOffer, offered};
pub use pages::{place_before as place, routes};
pub use queries::{mine, one_of, paused};
pub use settings::Settings;
pub use store::AppointmentRow;

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("appointments");

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "appointments",
    steps: &[("V1__appointments", include_str!("../migrations/V1__appointments.sql"))],
};
