//! The heart: matters and their cases, from the first draft to the closed file.
#![doc = include_str!("../README.md")]

mod draft;
pub mod event;
pub mod examples;
pub mod jobs;
pub mod model;
mod pages;
mod projection;
pub mod queries;
pub mod replay;
pub mod rules;
pub mod scope;
pub mod show;
mod store;
pub mod verbs;

pub use event::CaseEvent;
pub use jobs::courier;
pub use model::{
    Capacity, Case, CaseId, CaseState, CertificateId, Decision, Demand, Given, Material, MatterId, Party,
    TaskId, state_name,
};
pub use pages::{routes, send_file};
pub use queries::{
    CaseRow, CaseView, DraftView, InboxFilter, InboxRow, MatterRow, Paged, TaskView, draft, inbox, late,
    my_cases, my_drafts, progress, task, view,
};
pub use scope::{Handler, Scope};
pub use verbs::{
    CaseNews, Filed, Filing, GivenParty, Judgement, OutcomeDone, OutcomeWord, PartyRef, Prepared, Saved,
    Started, Supplied, file, file_now, outcome, prepare, prepare_supplement, save, start, supplement,
    withdraw,
};

/// The words of the room.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("cases");

/// The tables of this room.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "cases",
    steps: &[("V1__cases", include_str!("../migrations/V1__cases.sql"))],
};
