//! What the window at which a case was filed sees of it, whoever decides it: how it stands and until when, what was told and served,
//! and what is still asked for. Never what was examined, found, weighed or noted. Done where a case is read, so that no page can forget it.

use super::{CaseRow, Paged, paged, place, redact};
use crate::event::CaseEvent;
use crate::model::*;
use crate::scope::FiledHere;
use crate::store as rows;
use ::store::Store;
use kernel::Outcome;
use trace::Recorded;

/// The cases that were filed at the windows of this clerk's agency, the last filed first.
///
/// # Errors
/// A refusal when the cursor is none; a fault of the store.
pub async fn filed_here(
    store: &Store,
    who: &FiledHere,
    cursor: Option<&str>,
    limit: i64,
) -> Outcome<Paged<CaseRow>> {
    let before = place(cursor, (i64::MAX, String::new()))?;
    let lines = rows::filed_at_window(store, who.agency.as_str(), before, limit + 1).await?;
    Ok(paged(lines, limit, |l| rows::place(l.filed_at.as_microsecond(), l.id), CaseRow::of)?)
}

/// Takes out what is not for a window. Answers and papers stay only while something is asked for: what the form shows depends on them,
/// and the window typed them itself.
pub(super) fn cut(case: &mut Case, events: &mut Vec<Recorded<CaseEvent>>) {
    redact::proofs(case, events, |_| false);
    redact::halts(case, events, |_| false);
    redact::fees(case, events, None);
    events.clear();
    if !matches!(case.state, CaseState::Supplement { .. }) {
        case.answers.clear();
        case.materials.clear();
    }
    case.facts.clear();
    case.disputes.clear();
    case.objections.clear();
    case.seen.clear();
    case.remedies.clear();
    case.reviews.clear();
    case.relied.clear();
    (case.hearing, case.stopped, case.renews, case.declared) = (None, None, None, None);
    case.suspensions.iter_mut().for_each(|s| (s.reason, s.result) = (String::new(), None));
    case.steps.iter_mut().for_each(step);
}

/// Whose turn it is and when it was done; not what was found or thought.
fn step(step: &mut Step) {
    (step.visit, step.discretion) = (None, Discretion::default());
    match &mut step.state {
        StepState::Open { seats, referred, .. } => {
            *referred = None;
            seats.iter_mut().for_each(|seat| (seat.opinion, seat.holder) = (None, None));
        }
        StepState::Failed { reason, unmet, .. } => {
            *reason = kernel::Text::default();
            unmet.clear();
        }
        StepState::Waiting | StepState::Held { .. } | StepState::Passed { .. } | StepState::Skipped => {}
    }
}
