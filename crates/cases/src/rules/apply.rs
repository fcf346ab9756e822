//! Folds events into the case as it stands; total over every history that `decide` can produce.

use super::fold as folds;
use crate::event::{CaseEvent, Filed};
use crate::model::*;
use kernel::{Fault, Timestamp};
use procedure::{RunningTerm, TermKind};

/// The case after `event`, which happened in law at `at`.
///
/// # Errors
/// A [`Fault`] when the history cannot be one of ours: nothing filed, or filed twice.
pub fn apply(case: Option<Case>, event: &CaseEvent, at: Timestamp) -> Result<Case, Fault> {
    match (case, event) {
        (None, CaseEvent::Filed(filed) | CaseEvent::Imported(filed)) => Ok(filed_case(filed, at)),
        (None, other) => Err(Fault::new(format!("the history begins with `{}`", other.word()))),
        (Some(_), CaseEvent::Filed(_) | CaseEvent::Imported(_)) => {
            Err(Fault::new("the history was filed twice"))
        }
        (Some(mut case), event) => {
            for term in &mut case.terms {
                if ends(event, &term.kind) {
                    term.meet(at);
                }
            }
            folds::step(&mut case, event, at);
            Ok(case)
        }
    }
}

/// The case after a whole history.
///
/// # Errors
/// As [`apply`]; also when the history is empty.
pub fn fold<'a>(events: impl IntoIterator<Item = (&'a CaseEvent, Timestamp)>) -> Result<Case, Fault> {
    let mut case = None;
    for (event, at) in events {
        case = Some(apply(case, event, at)?);
    }
    case.ok_or_else(|| Fault::new("the case has no history"))
}

/// Which terms an event brings to an end as met.
fn ends(event: &CaseEvent, kind: &TermKind) -> bool {
    use TermKind as K;
    match event {
        CaseEvent::Accepted { how: Acceptance::Deemed, .. } => false,
        CaseEvent::Accepted { .. } | CaseEvent::NotAccepted { .. } => {
            matches!(kind, K::Acceptance | K::Precheck)
        }
        CaseEvent::Decided { .. } => !matches!(kind, K::Issue | K::Check | K::Remedy),
        CaseEvent::StepPassed { step, .. } | CaseEvent::StepFailed { step, .. } => match kind {
            K::Step(of) | K::Publicity(of) => of == step,
            K::Precheck => step == PRECHECK,
            _ => false,
        },
        CaseEvent::AllConfirmed { .. } => *kind == K::Confirmation,
        CaseEvent::Supplemented { .. } => *kind == K::Supplement,
        CaseEvent::HearingRequested { .. } | CaseEvent::HearingWaived { lapsed: false } => {
            *kind == K::HearingRequest
        }
        CaseEvent::HearingHeld { .. } => *kind == K::HearingHold,
        CaseEvent::PromiseKept { material, .. } => matches!(kind, K::Promise(of) if of == material),
        CaseEvent::DeclarationChecked { .. } => *kind == K::Check,
        CaseEvent::Reviewed(_) => *kind == K::Review,
        CaseEvent::Delivered { .. } => *kind == K::Issue,
        CaseEvent::SentUp => *kind == K::PreliminaryReview,
        _ => false,
    }
}

fn filed_case(filed: &Filed, at: Timestamp) -> Case {
    Case {
        id: filed.case,
        number: filed.number.clone(),
        matter: filed.matter,
        item: filed.item,
        item_key: filed.item_key.clone(),
        frame: filed.frame,
        agency: filed.agency.clone(),
        division: filed.division.clone(),
        filed_at: at,
        parties: filed.parties.clone(),
        answers: filed.answers.clone(),
        materials: filed.materials.clone(),
        facts: Vec::new(),
        agencies: filed.agencies.clone(),
        joint: filed.joint,
        paper: filed.paper,
        state: CaseState::Submitted { at },
        steps: filed.steps.iter().map(|id| Step::waiting(id)).collect(),
        terms: filed.terms.clone(),
        supplements: 0,
        certificates: Vec::new(),
        hearing: None,
        suspensions: Vec::new(),
        extended: false,
        promises: filed.promises.clone(),
        declared: filed.declared.clone(),
        disputes: Vec::new(),
        objections: Vec::new(),
        seen: Vec::new(),
        wants_person: false,
        remedies: Vec::new(),
        notices: Vec::new(),
        served: Vec::new(),
        overdue: Vec::new(),
        openness: None,
        imported: filed.origin.clone(),
        by: filed.by,
        agent: filed.agent.clone(),
        awaits: filed.awaits.clone(),
        awaited_by: filed.awaited_by.clone(),
        renews: filed.renews.clone(),
        received: filed.received.clone(),
        window: filed.window.clone().or_else(|| filed.received.as_ref().map(|r| r.agency.clone())),
        halts: Vec::new(),
        withdrawing: Vec::new(),
        relied: Vec::new(),
        owes: None,
        unpaid: None,
        fees: Vec::new(),
        reviews: Vec::new(),
        stopped: None,
    }
}

/// Puts terms as they run now in the place of those they come from; new ones are added.
pub(super) fn replace_terms(case: &mut Case, terms: &[RunningTerm]) {
    for term in terms {
        match case.terms.iter_mut().find(|t| t.runs() && t.kind == term.kind) {
            Some(known) => *known = term.clone(),
            None => case.terms.push(term.clone()),
        }
    }
}
