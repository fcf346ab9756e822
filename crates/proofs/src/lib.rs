//! proofs: papers once handed in are kept with their grade, found again and offered in the next case (一证通).
#![doc = include_str!("../README.md")]

mod event;
mod model;
mod pages;
pub mod picture;
mod rules;
pub mod scan;
mod store;
mod verbs;

pub use event::{ProofEvent, subject};
pub use model::{Check, Compared, Cursor, Grade, NewProof, NotACursor, Proof, ProofId, State, Use, Used};
pub use pages::routes;
pub use picture::{preview_upload, tidy_upload};
pub use store::{for_case, get, list, uses};
pub use verbs::{
    Asked, Copy, compared, copy, find, find_at_window, find_by_citizen_id, keep, keep_about, raise,
    use_again, use_again_for, withdraw,
};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "proofs",
    steps: &[
        ("V1__proofs", include_str!("../migrations/V1__proofs.sql")),
        ("V2__about", include_str!("../migrations/V2__about.sql")),
        ("V3__tray", include_str!("../migrations/V3__tray.sql")),
    ],
};

/// The room's words: those of its papers, and those of the camera.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = std::sync::LazyLock::new(|| {
    page::Words::new(
        "proofs",
        concat!(include_str!("../locales/zh-CN/proofs.ftl"), include_str!("../locales/zh-CN/scan.ftl")),
        concat!(include_str!("../locales/en/proofs.ftl"), include_str!("../locales/en/scan.ftl")),
    )
});
