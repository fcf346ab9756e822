//! hall: the network of halls, queue tickets, windows and the calling of numbers (政务大厅).
#![doc = include_str!("../README.md")]

mod csv;
pub mod elsewhere;
mod filings;
mod jobs;
mod live;
mod made;
pub mod model;
mod nearest;
mod network;
mod pages;
mod recorded;
pub mod rules;
mod settings;
mod store;
mod today;
mod turns;
pub mod verbs;

pub use filings::{Filings, plug_filings};
pub use jobs::{courier, seed_demo};
pub use made::generated;
pub use nearest::{Near, Wanted, letter_for, nearest};
pub use network::{BadLine, COLUMNS, EQUIPMENT};
pub use pages::{manager_of, routes};
pub use recorded::{RecordedDay, RecordedTicket, RecordedWindow, recorded_day, recorded_days};
pub use settings::Settings;
pub use store::{
    BlockRow, Business, PaperRow, TicketRow, WindowRow, businesses, hall, halls_below, halls_of, halls_with,
    seats, windows,
};
pub use today::Today;
pub use turns::{Turn, turn};
pub use verbs::import;

/// The room's words: those of the hall, and those of its paper for a time without network.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = std::sync::LazyLock::new(|| {
    page::Words::new(
        "hall",
        concat!(include_str!("../locales/zh-CN/hall.ftl"), include_str!("../locales/zh-CN/paper.ftl")),
        concat!(include_str!("../locales/en/hall.ftl"), include_str!("../locales/en/paper.ftl")),
    )
});

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "hall",
    steps: &[
        ("V1__hall", include_str!("../migrations/V1__hall.sql")),
        ("V2__hall_ops", include_str!("../migrations/V2__hall_ops.sql")),
        ("V3__hall_paper", include_str!("../migrations/V3__hall_paper.sql")),
        ("V4__hall_network", include_str!("../migrations/V4__hall_network.sql")),
        ("V5__hall_staff", include_str!("../migrations/V5__hall_staff.sql")),
        ("V6__hall_reader", include_str!("../migrations/V6__hall_reader.sql")),
    ],
};

/// The ticket that an address is of, by its secret.
///
/// # Errors
/// A fault of the store.
pub async fn ticket(store: &::store::Store, secret: &str) -> Result<Option<TicketRow>, kernel::Fault> {
    store::by_token(store, &verbs::blind_token(store, secret)).await
}

/// Whether a secret is that of a kiosk of the hall.
///
/// # Errors
/// A fault of the store.
pub async fn is_kiosk(
    store: &::store::Store,
    hall: &model::HallCode,
    secret: &str,
) -> Result<bool, kernel::Fault> {
    let kiosk = store::kiosk(store, &verbs::blind_token(store, secret)).await?;
    Ok(kiosk.is_some_and(|k| k.hall == *hall))
}

/// A fresh secret for an address, 128 bits: whoever has it sees the ticket.
pub fn token(rng: &dyn kernel::Rng) -> String {
    kernel::rng::bytes::<16>(rng).iter().map(|b| format!("{b:02x}")).collect()
}
