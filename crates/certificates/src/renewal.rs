//! Renewal by the thirty-day rule: until when one applies, and what holds when nobody decides in time (Licensing Law art. 50).

use crate::model::{Certificate, State};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Timestamp, clock};

/// The application stands this many calendar days before the last day of validity (Licensing Law art. 50 para. 1).
pub const DAYS_BEFORE: i32 = 30;
/// From so many days before the last day on, the holder is told.
const TOLD_DAYS: i32 = 90;

/// How a certificate stands to its renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Renewal {
    /// The last day of validity.
    pub until: Date,
    /// The last day on which an application binds the agency to decide before the end, or be taken to have agreed.
    pub apply_by: Date,
    /// Calendar days from today to `apply_by`; negative once it has passed.
    pub days: i32,
    /// What that means today.
    pub stage: Stage,
}

/// What today means for the renewal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// More than 90 days are left.
    Far,
    /// One may and should apply now.
    Open,
    /// The thirty days have begun: one may still ask, but silence is no longer consent.
    Late,
}

/// The last day for an application that must be decided before `until`.
pub fn apply_by(until: Date) -> Date {
    until.checked_sub(DAYS_BEFORE.days()).unwrap_or(until)
}

/// The renewal of `certificate`; none when it does not end, no longer holds, or holds for thirty days or less from the start.
pub fn renewal(certificate: &Certificate, now: Timestamp) -> Option<Renewal> {
    let until = certificate.valid_until?;
    let today = clock::legal_date(now);
    let apply_by = apply_by(until);
    if certificate.state(now) != State::Valid || apply_by <= certificate.valid_from {
        return None;
    }
    let days = today.until(apply_by).map_or(0, |span| span.get_days());
    let left = today.until(until).map_or(0, |span| span.get_days());
    let stage = if days < 0 {
        Stage::Late
    } else if left > TOLD_DAYS {
        Stage::Far
    } else {
        Stage::Open
    };
    Some(Renewal { until, apply_by, days, stage })
}
