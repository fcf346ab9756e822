//! What can be done, one verb per file; each adds to the caller's commit.

mod answer;
mod invite;
mod rate;

pub use answer::answer;
pub(crate) use answer::answers;
pub use invite::{on_closed, sweep};
pub(crate) use rate::{HALL, of_case, of_visit};
pub use rate::{once, rate, rate_visit};
