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

pub use event::{CaseEvent, Late};
pub use jobs::courier;
pub use model::{
    Acceptance, Capacity, Case, CaseId, CaseState, CertificateId, Decision, Demand, Discretion, Given,
    Hearing, HearingStage, Material, MatterId, Opinion, Party, Seat, Step, StepState, TaskId, Visit,
    state_name,
};
pub use pages::{routes, send_file};
pub use queries::{
    Bar, CaseRow, CaseView, Claimed, Counts, DraftView, Exported, InboxFilter, InboxRow, MatterRow, Paged,
    TaskView, Took, Urgency, bars, draft, export_from, export_rows, inbox, inbox_at, inbox_counts, late,
    most_filed, my_cases, my_drafts, progress, task, took, view,
};
pub use scope::{Handler, Scope};
pub use verbs::{
    APPLICANT_VERBS, ApplicantAct, CaseNews, Changed, Filed, Filing, GivenParty, Imported, ImportedAct,
    Judgement, OutcomeDone, OutcomeWord, PartyRef, Prepared, STAFF_VERBS, Saved, StaffAct, Started, Supplied,
    Swept, TalkKind, TalkRow, Target, act, ask, file, file_now, import, move_on, note, outcome, prepare,
    prepare_supplement, publish, read_talk, record_late, save, say, say_to_staff, start, supplement, sweep,
    talk, talk_for_staff, withdraw,
};

/// The words of the room.
pub(crate) static WORDS: std::sync::LazyLock<page::Words> = page::words!("cases");

/// The tables of this room.
pub const MIGRATIONS: ::store::Migrations = ::store::Migrations {
    room: "cases",
    steps: &[
        ("V1__cases", include_str!("../migrations/V1__cases.sql")),
        ("V2__life", include_str!("../migrations/V2__life.sql")),
        ("V3__lately", include_str!("../migrations/V3__lately.sql")),
    ],
};
