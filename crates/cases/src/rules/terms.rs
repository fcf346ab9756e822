//! Which terms begin with an act, by the frame's law and by the agency's promise.

use catalog::Item;
use kernel::{Calendar, Timestamp};
use procedure::{Frame, RunningTerm, TermKind};

/// What runs from receipt: the time to say whether it is accepted.
pub(super) fn from_receipt(frame: Frame, at: Timestamp, calendar: &Calendar) -> Vec<RunningTerm> {
    let start = |(term, law)| RunningTerm::start(TermKind::Acceptance, at, term, Some(law), calendar);
    frame.acceptance().map(start).into_iter().collect()
}

/// What runs from acceptance: the law's term and the promise beside it.
pub(super) fn from_acceptance(
    frame: Frame,
    item: &Item,
    at: Timestamp,
    calendar: &Calendar,
) -> Vec<RunningTerm> {
    let law = frame.decision().map(|(_, law)| law);
    vec![
        RunningTerm::start(TermKind::Statutory, at, item.terms.statutory, law, calendar),
        RunningTerm::start(TermKind::Promised, at, item.terms.promised, None, calendar),
    ]
}

/// What runs from a grant: the time to issue and deliver.
pub(super) fn from_grant(frame: Frame, at: Timestamp, calendar: &Calendar) -> Option<RunningTerm> {
    frame.issue().map(|(term, law)| RunningTerm::start(TermKind::Issue, at, term, Some(law), calendar))
}
