//! What every official procedure shares: its frame with its law, terms, notices, seals, service, remedies and archive.
#![doc = include_str!("../README.md")]

pub mod archive;
pub mod frame;
pub mod interested;
pub mod late;
pub mod law;
mod leave;
mod notice;
mod pages;
pub mod remedy;
pub mod renewal;
mod running;
pub mod seal;
mod service;
mod silence;
mod store;
mod term;
mod words;

pub(crate) use words::words;

pub use archive::{Entry, Finding, Hold, NewPackage, Package, PackageId, Property, package};
pub use frame::{
    Exit, ExitRule, Frame, HearingTerms, Inquiry, Law, MoreTime, NoFrame, Remedy, Renewal, Review,
};
pub use interested::{Answer, Round, Told};
pub use late::{Act, Admission, Excuse, Late, judge, late};
pub use leave::{Leave, LeaveOf};
pub use notice::{
    About, NewNotice, Notice, NoticeContent, NoticeId, NoticeKind, NoticeLine, Print, Signer, issue_notice,
    lines, notice, notice_pdf, notice_pdf_in, notices, plug_signer, print_job, wording,
};
pub use pages::routes;
pub use remedy::{
    NewRemedy, RemedyId, RemedyKind, RemedyOutcome, RemedyRecord, Seeker, end_remedy, open_remedy,
    open_remedy_by,
};
pub use renewal::{AskedFor, DeemedRenewal, RenewalWindow};
pub use running::RunningTerm;
pub use seal::{Imprint, Seal, SealId, SealKind, SealState, seed_demo_seals};
pub use service::{
    Consent, ConsentId, IssuedServed, NewConsent, NewService, Recipient, Served, Service, ServiceId, Way,
    agreed, consent, consented, consents, issue_and_serve, serve, served_on, services, withdraw_consent,
};
pub use silence::{Silence, silence};
pub use term::{Exclusion, Extension, SuspensionKind, TermKind, TermState};

/// The room's tables.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "procedure",
    steps: &[
        ("V1__procedure", include_str!("../migrations/V1__procedure.sql")),
        ("V2__service", include_str!("../migrations/V2__service.sql")),
    ],
};

/// The room's words.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("procedure");
