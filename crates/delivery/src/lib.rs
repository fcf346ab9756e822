//! delivery: one parcel for the results of a matter, the courier, the window where one collects, and the signature that is service (送达).
#![doc = include_str!("../README.md")]

pub mod bag;
pub mod courier;
pub mod event;
pub mod http;
mod jobs;
pub mod model;
mod pages;
mod room;
pub mod rules;
mod settings;
pub mod sign;
pub mod stand_in;
mod store;
pub mod tariff;
pub mod verbs;

pub use jobs::courier;
pub use model::{AddressId, BagId, How, ListId, OrderId, Parcel, ParcelId, State};
pub use pages::{callback_routes, routes, state_badge};
pub use room::{Around, Deliveries, Matter, Place};
pub use settings::Settings;
pub use store::{BagRow, ListRow, ParcelRow};
pub use tariff::Tariff;

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("delivery");

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "delivery",
    steps: &[
        ("V1__delivery", include_str!("../migrations/V1__delivery.sql")),
        ("V2__bag_papers", include_str!("../migrations/V2__bag_papers.sql")),
        ("V3__letters", include_str!("../migrations/V3__letters.sql")),
    ],
};
