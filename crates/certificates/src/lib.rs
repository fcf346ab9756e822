//! certificates: issues, keeps, prints, signs, verifies and revokes electronic certificates (电子证照).
#![doc = include_str!("../README.md")]

mod event;
mod issue;
pub mod keys;
mod model;
mod pages;
mod print;
mod rules;
pub mod sign;
mod store;

pub use event::{CertificateEvent, Changed, Issued, subject};
pub use issue::{act, issue, revoke};
pub use keys::{Signer, Trust};
pub use model::{CertField, Certificate, CertificateId, Cursor, NewCertificate, NotACursor, State};
pub use pages::routes;
pub use print::{on_issued, pdf, print, qr_svg, verify_url};
pub use rules::Act;
pub use sign::{Checked, Doubt, check_pdf};
pub use store::{by_token, find, for_case, get, guard, held_by};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "certificates",
    steps: &[("V1__certificates", include_str!("../migrations/V1__certificates.sql"))],
};

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("certificates");
