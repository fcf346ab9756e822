//! certificates: issues, keeps, prints, signs, verifies and revokes electronic certificates (电子证照).
#![doc = include_str!("../README.md")]

mod copy;
mod data;
mod directory;
mod event;
mod grounds;
mod import;
mod issue;
mod jose;
pub mod keys;
mod model;
mod pages;
mod print;
mod remind;
mod renewal;
mod rules;
mod shapes;
mod shelter;
mod show;
pub mod sign;
mod stamp;
pub mod status;
mod store;
mod told;
mod verification;
mod version;
mod wallet;

pub use copy::{AnnotatedCopy, Annotation, CopyId, CopyState, copy, withdraw};
pub use data::status_place;
pub use directory::directory;
pub use event::{CertificateEvent, Changed, Issued, subject};
pub use grounds::{ActKind, Ground};
pub use import::{Issuing, Problem, Register, Report, import, issue_list};
pub use issue::{act, issue, reissue, revoke};
pub use keys::{Algorithm, Signer, Trust};
pub use model::{CertField, Certificate, CertificateId, Cursor, Grade, NewCertificate, NotACursor, State};
pub use pages::routes;
pub use print::{on_issued, pdf, print, verify_url};
pub use remind::remind;
pub use renewal::{Renewal, Stage, renewal};
pub use rules::{Act, Power, Why};
pub use shapes::{ofd, picture};
pub use shelter::may_take;
pub use show::{Presentation, PresentationId, present};
pub use sign::{Checked, Doubt, Stamp, check_file, check_pdf};
pub use stamp::{TimeAuthority, stamp_waiting};
pub use store::{by_token, ending, find, for_case, get, guard, held_by};
pub use told::{Silent, Standing, Told, read_status};
pub use verification::{CopyTold, Verified, VerifiedFile, verify_file, verify_number, verify_token};
pub use version::{NewVersion, VersionKind};
pub use wallet::{Offer, OfferId, offer};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "certificates",
    steps: &[
        ("V1__certificates", include_str!("../migrations/V1__certificates.sql")),
        ("V2__versions", include_str!("../migrations/V2__versions.sql")),
        ("V3__shown", include_str!("../migrations/V3__shown.sql")),
        ("V4__wallet", include_str!("../migrations/V4__wallet.sql")),
        ("V9__ends", include_str!("../migrations/V9__ends.sql")),
        ("V10__outside", include_str!("../migrations/V10__outside.sql")),
        ("V11__told", include_str!("../migrations/V11__told.sql")),
        ("V12__grade", include_str!("../migrations/V12__grade.sql")),
        ("V13__listed", include_str!("../migrations/V13__listed.sql")),
    ],
};

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("certificates");
