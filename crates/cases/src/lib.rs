//! The heart: matters and their cases, from the first draft to the closed file.
#![doc = include_str!("../README.md")]

pub mod bundle;
mod draft;
pub mod event;
pub mod examples;
pub mod gantt;
pub mod jobs;
pub mod labels;
pub mod model;
mod pages;
mod projection;
pub mod queries;
pub mod replay;
pub mod rules;
pub mod scope;
pub mod show;
mod store;
pub mod supply;
mod things;
pub mod verbs;
mod wallet;

pub use event::{ActElsewhere, CaseEvent, FeesOwed, FeesTold, Heard, HearingOf, Late, OwedFee};
pub use jobs::courier;
pub use model::{
    Acceptance, Awaited, Capacity, Case, CaseId, CaseState, CertificateId, Decision, Demand, Discretion,
    Given, Hearing, HearingStage, Material, MatterId, Opinion, Party, Received, Seat, SiblingNews, Step,
    StepState, TaskId, Then, Visit, Witness, state_name,
};
pub use pages::{routes, send_file};
pub use queries::{
    Answered, Bar, Before, CaseRow, CaseView, Claimed, Correction, Counts, DraftView, DutyRow, Exported,
    FIELDS_MAX, Foreseen, InboxChoice, InboxFilter, InboxRow, MatterMember, MatterRow, MatterView, MessageOf,
    MessageRow, OutstandingRow, Paged, PublicRow, TaskView, Took, UNREAD_MAX, Urgency, Wanted, Watch,
    WatchFilter, WatchRow, answered, bars, concerned, correction, draft, export_from, export_rows,
    fields_offered, filed_here, foresee, inbox, inbox_at, inbox_choices, inbox_counts, late, matter_of,
    matter_view, messages, most_filed, my_cases, my_drafts, needs_of, outstanding, owed, progress,
    public_now, received_here, said_before, siblings, task, took, trace_of, unread, view, watch_list,
    window_cases, window_evaluation, window_form, window_known, window_others, window_told,
};
pub use scope::{FiledHere, Handler, Scope};
pub use verbs::{
    APPLICANT_VERBS, AfterHalt, ApplicantAct, AtOnce, CaseNews, Changed, CorrectionAnswer, DocumentNumber,
    Filed, FiledMatter, Filing, GivenParty, HandedOver, Imported, ImportedAct, Judgement, Learned,
    MatterFiling, OWES, OutcomeDone, OutcomeWord, Owes, PartyRef, Prepared, PreparedAtWindow, PreparedMatter,
    STAFF_VERBS, Saved, Signature, StaffAct, Standing, Started, Supplied, Swept, TOLD, Taking, TalkKind,
    TalkRow, Tap, Target, act, answer_correction, ask, at_once, fees_told, file, file_at_window, file_matter,
    file_matter_now, file_now, file_prepared, hand_over, import, learn_at_window, may_at_window, move_on,
    not_taken, note, outcome, prepare, prepare_at_window, prepare_matter, prepare_supplement,
    prepare_supplement_at_window, publish, read_notice, read_talk, read_talk_for_staff, record_late, save,
    say, say_to_staff, signed_for, stands_at_window, start, start_matter, start_with, supplement,
    supplement_at_window, sweep, taking, talk, talk_for_staff, whole_talk, withdraw,
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
        ("V4__matters", include_str!("../migrations/V4__matters.sql")),
        ("V5__duties", include_str!("../migrations/V5__duties.sql")),
        ("V6__plans", include_str!("../migrations/V6__plans.sql")),
        ("V7__choices", include_str!("../migrations/V7__choices.sql")),
        ("V8__outstanding", include_str!("../migrations/V8__outstanding.sql")),
        ("V9__messages", include_str!("../migrations/V9__messages.sql")),
        ("V10__received", include_str!("../migrations/V10__received.sql")),
        ("V11__window", include_str!("../migrations/V11__window.sql")),
    ],
};
