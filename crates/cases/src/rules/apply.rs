//! Folds events into the case as it stands; total over every history that `decide` can produce.

use crate::event::{CaseEvent, Filed, ends};
use crate::model::*;
use kernel::{Fault, Timestamp};
use procedure::RunningTerm;

/// The case after `event`, which happened in law at `at`.
///
/// # Errors
/// A [`Fault`] when the history cannot be one of ours: nothing filed, or filed twice.
pub fn apply(case: Option<Case>, event: &CaseEvent, at: Timestamp) -> Result<Case, Fault> {
    match (case, event) {
        (None, CaseEvent::Filed(filed)) => Ok(filed_case(filed, at)),
        (None, other) => Err(Fault::new(format!("the history begins with `{}`", other.word()))),
        (Some(_), CaseEvent::Filed(_)) => Err(Fault::new("the history was filed twice")),
        (Some(mut case), event) => {
            for term in &mut case.terms {
                if ends(event, &term.kind) {
                    term.meet(at);
                }
            }
            step(&mut case, event, at);
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

fn filed_case(filed: &Filed, at: Timestamp) -> Case {
    let step = |id: &String| Step { id: id.clone(), round: 0, state: StepState::Waiting };
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
        state: CaseState::Submitted { at },
        steps: filed.steps.iter().map(step).collect(),
        terms: filed.terms.clone(),
        supplements: 0,
        certificates: Vec::new(),
    }
}

fn step(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::Filed(_) => {}
        CaseEvent::FactsSeen { facts } => learn(case, facts),
        CaseEvent::Accepted { how, terms } => {
            case.state = CaseState::Accepted { at, how: *how };
            case.terms.extend(terms.iter().cloned());
        }
        CaseEvent::NotAccepted { reason, right_body, .. } => {
            case.state =
                CaseState::NotAccepted { at, reason: reason.clone(), right_body: right_body.clone() };
            halt(case, at);
        }
        CaseEvent::SupplementAsked { demands } => {
            let accepted = matches!(case.state, CaseState::Accepted { .. });
            case.state = CaseState::Supplement { at, demands: demands.clone(), accepted };
            case.supplements += 1;
            halt(case, at);
        }
        CaseEvent::Supplemented { answers, materials, terms } => {
            case.answers = answers.clone();
            case.materials = materials.clone();
            case.terms.extend(terms.iter().cloned());
            case.state = CaseState::Submitted { at };
            again(case);
        }
        CaseEvent::Withdrawn { reason } => {
            case.state = CaseState::Withdrawn { at, reason: reason.clone() };
            halt(case, at);
        }
        CaseEvent::Decided { decision, term } => {
            case.state = CaseState::Decided { at, decision: decision.clone() };
            drop_open(case);
            case.terms.extend(term.iter().cloned());
        }
        CaseEvent::Certified { .. } | CaseEvent::Delivered { .. } | CaseEvent::Closed => {
            after_decision(case, event, at);
        }
        _ => step_event(case, event, at),
    }
}

fn after_decision(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    let Some(decision) = case.state.decision().cloned() else { return };
    match event {
        CaseEvent::Certified { certificates } => {
            case.certificates.extend(certificates.iter().copied());
            case.state = CaseState::Certified { at, decision };
        }
        CaseEvent::Delivered { service } => {
            case.state = CaseState::Delivered { at, service: *service, decision };
        }
        _ => case.state = CaseState::Closed { at, decision },
    }
}

fn step_event(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    let (id, state) = match event {
        CaseEvent::StepHeld { step, absent } => (step, StepState::Held { absent: absent.clone() }),
        CaseEvent::StepOpened { step, round, task, agency, referred, term } => {
            case.terms.extend(term.iter().cloned());
            if let Some(found) = case.steps.iter_mut().find(|s| s.id == *step) {
                found.round = *round;
            }
            let (agency, referred) = (agency.clone(), referred.clone());
            (step, StepState::Open { task: *task, agency, since: at, referred })
        }
        CaseEvent::StepPassed { step, by, .. } => (step, StepState::Passed { by: by.clone(), at }),
        CaseEvent::StepFailed { step, by, reason, unmet } => {
            let (reason, unmet) = (reason.clone(), unmet.clone());
            (step, StepState::Failed { by: by.clone(), at, reason, unmet })
        }
        CaseEvent::StepSkipped { step } => (step, StepState::Skipped),
        _ => return,
    };
    if let Some(found) = case.steps.iter_mut().find(|s| s.id == *id) {
        found.state = state;
    }
}

/// An answer replaces an earlier one of the same alias.
fn learn(case: &mut Case, facts: &[Fact]) {
    for fact in facts {
        match case.facts.iter_mut().find(|f| f.alias == fact.alias) {
            Some(known) => *known = fact.clone(),
            None => case.facts.push(fact.clone()),
        }
    }
}

/// No term runs and no task is open any more.
fn halt(case: &mut Case, at: Timestamp) {
    case.terms.iter_mut().for_each(|t: &mut RunningTerm| t.stop(at));
    drop_open(case);
}

fn drop_open(case: &mut Case) {
    for step in &mut case.steps {
        if matches!(step.state, StepState::Open { .. } | StepState::Held { .. }) {
            step.state = StepState::Waiting;
        }
    }
}

/// After a supplement, what the program decided is decided anew; what a person decided stands.
fn again(case: &mut Case) {
    for step in &mut case.steps {
        let person = matches!(
            &step.state,
            StepState::Passed { by: DoneBy::Person { .. }, .. }
                | StepState::Failed { by: DoneBy::Person { .. }, .. }
        );
        if !person {
            step.state = StepState::Waiting;
        }
    }
}
