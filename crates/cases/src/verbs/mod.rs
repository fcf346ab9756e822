//! What can be done with matters and cases, one verb per file; each adds to the caller's commit.

mod complete;
mod facts;
mod file;
mod hold;
mod materials;
mod outcome;
mod retry;
mod save;
mod start;
mod supplement;
mod withdraw;

pub(crate) use facts::{Round, known as known_to_identity};
pub(crate) use file::filed_number;
pub use file::{Filed, Filing, GivenParty, PartyRef, Prepared, file, file_now, prepare};
pub use hold::CaseNews;
pub(crate) use hold::{item_version, subject_of};
pub(crate) use materials::files_in;
pub(crate) use outcome::number as number_of;
pub use outcome::{Judgement, OutcomeDone, OutcomeWord, outcome};
pub(crate) use retry::retry;
pub use save::{Saved, save};
pub(crate) use save::{draft_of, open_draft};
pub use start::{Started, start};
pub(crate) use start::{about, for_whom};
pub use supplement::{Supplied, prepare_supplement, supplement};
pub use withdraw::withdraw;
