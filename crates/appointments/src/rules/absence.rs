//! What follows when somebody does not come, again and again: for a while nothing can be booked on line. Coming without an appointment is
//! always possible, and a clerk may book for them.

use crate::settings::Settings;
use jiff::SignedDuration;
use kernel::Timestamp;

/// Until when nothing can be booked on line, from the times of the appointments that were missed and not excused (in any order);
/// `None` when it can. It counts from the last of them: the absences within so many days before it, itself included, must be enough.
pub fn paused_until(missed: &[Timestamp], now: Timestamp, terms: &Settings) -> Option<Timestamp> {
    let days = |n: u16| SignedDuration::from_hours(24 * i64::from(n));
    let last = *missed.iter().max()?;
    let counted = missed.iter().filter(|at| **at > last - days(terms.miss_days)).count();
    let until = last + days(terms.pause_days);
    (counted >= usize::from(terms.misses) && now < until).then_some(until)
}

/// From when on absences may still matter.
pub fn since(now: Timestamp, terms: &Settings) -> Timestamp {
    now - SignedDuration::from_hours(24 * (i64::from(terms.miss_days) + i64::from(terms.pause_days)))
}
