//! What may happen to a case, decided purely: `(state, act, now, calendar, item) → events | refusal`. Nothing else decides.
//!
//! **Invariant:** no function here reads a clock, a database or chance; the same state and act give the same events.

mod accept;
mod act;
mod advance;
mod application;
mod apply;
mod benefit;
mod body;
mod checks;
mod command;
mod decide;
mod duty;
mod env;
mod examine;
mod exits;
mod fees;
mod file;
mod fold;
mod fold_hearing;
mod fold_later;
mod halt;
mod hearing;
mod move_on;
mod no;
mod outstanding;
mod papers;
mod party;
mod relied;
mod remedy;
mod renewal;
mod sibling;
mod standard;
mod suspend;
mod sweep;
mod tasks;
mod terms;
#[cfg(test)]
mod tests;

pub use act::{Act, Doer};
pub use application::Application;
pub use apply::{apply, fold};
pub use body::{accepts, responsible, takes};
pub use checks::{CheckDone, checks};
pub use command::{Choice, Command};
pub use decide::decide;
pub use duty::{Duty, DutyKind, duties};
pub use env::{facts_of, facts_value};
pub(crate) use fees::awaited;
pub use fees::unpaid_by;
pub(crate) use no::relied_fell_at_once;
pub use outstanding::OutstandingKind;
pub(crate) use outstanding::{Outstanding, outstanding};
pub use papers::lacking;
pub(crate) use sibling::news;
pub use standard::{BandShown, band};
pub use sweep::deadline;
pub(crate) use tasks::by_people;
pub use tasks::{earlier_steps, task_id};
pub(crate) use terms::remedies;
