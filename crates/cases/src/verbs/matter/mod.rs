//! File a matter (一件事): every member's own case, in one commit; nothing is asked, looked up or handed in twice.

mod check;
mod commit;
mod parties;
mod prepare;
mod said;
mod ties;

pub(crate) use check::{Check, Checked, check_answers};
pub(crate) use commit::file_by;
pub use commit::{file_matter, file_matter_now};
pub(crate) use parties::roles_of_filer;
pub use prepare::{FiledMatter, MatterFiling, PreparedMatter, prepare_matter};
pub(crate) use prepare::{Ready, ReadyMember, prepare_by};
