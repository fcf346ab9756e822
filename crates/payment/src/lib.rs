//! payment: one act by the payer, several payment orders behind it, each to its own account; books, receipts, refunds, reconciliation.
#![doc = include_str!("../README.md")]

pub mod code;
pub mod event;
pub mod gateway;
pub mod http;
mod jobs;
pub mod ledger;
pub mod list;
pub mod model;
mod pages;
mod room;
pub mod rules;
mod settings;
pub mod sign;
pub mod stand_in;
pub mod statement;
mod store;
pub mod verbs;

pub use jobs::courier;
pub use list::FeeList;
pub use model::{
    Bill, BillId, BillState, FeeKind, Means, OrderId, OrderState, RefundId, RefundState, TradeId, TradeState,
};
pub use pages::{callback_routes, routes};
pub use room::Payments;
pub use settings::Settings;
pub use store::{BillRow, ReceiptRow, balance, balances};

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("payment");

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "payment",
    steps: &[
        ("V1__payment", include_str!("../migrations/V1__payment.sql")),
        ("V2__again", include_str!("../migrations/V2__again.sql")),
        ("V3__matter", include_str!("../migrations/V3__matter.sql")),
        ("V4__number", include_str!("../migrations/V4__number.sql")),
    ],
};
