//! What can be done with matters and cases, one verb per file; each adds to the caller's commit.

mod act;
mod ask;
mod at_once;
mod at_window;
mod command;
mod complete;
mod correct;
mod elsewhere;
mod facts;
mod file;
mod filer;
mod follow;
mod halted;
mod hand_over;
mod hold;
mod import;
mod keep;
mod look_up;
mod materials;
mod matter;
mod move_on;
mod notice;
mod outcome;
mod owes;
mod places;
mod relied;
mod report;
mod retry;
mod save;
mod served;
mod sibling;
mod staff;
mod start;
mod stated;
mod supplement;
mod sweep;
mod talk;
mod watch;
mod window;
mod withdraw;

pub use act::{Target, act, record_late};
pub use ask::{APPLICANT_VERBS, ApplicantAct, ask};
pub(crate) use at_once::where_filed;
pub use at_once::{AtOnce, Tap, at_once};
pub use at_window::Standing;
pub use correct::{CorrectionAnswer, answer_correction};
pub use elsewhere::{Taking, not_taken, taking};
pub(crate) use facts::{Round, Unspoken, known as known_to_identity};
pub(crate) use file::filed_number;
pub use file::{Filed, Filing, GivenParty, PartyRef, Prepared, file, file_now, prepare};
pub(crate) use halted::{TOPIC as HALTED, halted};
pub use hand_over::{HandedOver, hand_over, stands_at_window};
pub use hold::{CaseNews, TOLD};
pub(crate) use hold::{item_version, subject_of};
pub use import::{Imported, ImportedAct, import};
pub(crate) use look_up::{answered, look_up};
pub(crate) use materials::{files_in, files_of_value, lacking};
pub(crate) use matter::roles_of_filer;
pub use matter::{FiledMatter, MatterFiling, PreparedMatter, file_matter, file_matter_now, prepare_matter};
pub(crate) use move_on::published;
pub use move_on::{move_on, publish};
pub(crate) use notice::due as notice_due;
pub(crate) use outcome::number as number_of;
pub use outcome::{Judgement, OutcomeDone, OutcomeWord, outcome};
pub use owes::{OWES, Owes, fees_told};
pub(crate) use places::agencies as agencies_of;
pub(crate) use relied::{TOPIC as CERTIFICATE_CHANGED, changed as certificate_changed};
pub(crate) use report::report;
pub(crate) use retry::retry;
pub(crate) use save::{Change, draft_of, open_draft, save_with};
pub use save::{Saved, save};
pub use served::{Signature, signed_for};
pub(crate) use sibling::{TOPIC as SIBLING, sibling};
pub use staff::{AfterHalt, Changed, DocumentNumber, STAFF_VERBS, StaffAct};
pub use start::{Started, start, start_matter, start_with};
pub(crate) use start::{about, for_whom};
pub use supplement::{
    Supplied, prepare_supplement, prepare_supplement_at_window, supplement, supplement_at_window,
};
pub use sweep::{Swept, sweep};
pub use talk::{
    Said, TalkKind, TalkRow, note, read_notice, read_talk, read_talk_for_staff, say, say_to_staff, talk,
    talk_for_staff, whole_talk,
};
pub use window::{PreparedAtWindow, file_at_window, file_prepared, prepare_at_window};
pub use withdraw::withdraw;
