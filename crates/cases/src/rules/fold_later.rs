//! What a case is after a new version took it over, after its benefit was looked at or ended, and while a party cannot act.

use super::apply::replace_terms;
use crate::event::{CaseEvent, HaltEnded, MovedOn, PaperWanted, ReliedChanged};
use crate::model::*;
use kernel::Timestamp;
use procedure::TermKind;

pub(super) fn later(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::Reviewed(review) => {
            case.terms.extend(review.next.clone());
            case.reviews.push(review.clone());
        }
        CaseEvent::Stopped(stopped) => {
            let over = |kind: &TermKind| matches!(kind, TermKind::Review | TermKind::Check);
            case.terms.iter_mut().filter(|t| over(&t.kind)).for_each(|t| t.stop(at));
            case.stopped = Some(stopped.clone());
        }
        CaseEvent::PartyHalted(halt) => case.halts.push(halt.clone()),
        CaseEvent::HaltEnded(ended) => halt_ended(case, ended),
        CaseEvent::WithdrawalSought(sought) => case.withdrawing.push(sought.by),
        CaseEvent::PaperWanted(PaperWanted { by }) => {
            case.paper |= case.filer() == Some(*by);
            case.parties.iter_mut().filter(|p| p.subject == *by).for_each(|p| p.paper = true);
        }
        _ => {}
    }
}

/// What the case knows of a certificate is its latest state; whoever examines it weighs that anew.
pub(super) fn relied_changed(case: &mut Case, changed: &ReliedChanged, at: Timestamp) {
    let ReliedChanged { certificate, name, state, stands, .. } = changed.clone();
    case.relied.retain(|r| r.certificate != certificate);
    case.relied.push(Relied { certificate, name, state, stands, since: at, weighed: false });
}

/// An opinion in favour with its reason, or a line system's, weighs what has changed until then.
pub(super) fn weighed(case: &mut Case, by: &DoneBy, reasoned: bool) {
    let weighs = match by {
        DoneBy::Person { .. } => reasoned,
        DoneBy::System { .. } => true,
        _ => false,
    };
    case.relied.iter_mut().for_each(|r| r.weighed |= weighs);
}

fn halt_ended(case: &mut Case, ended: &HaltEnded) {
    case.halts.retain(|h| h.subject != ended.subject);
    if let HaltOutcome::TakenOver { party } = &ended.how {
        if case.by == Some(ended.subject) {
            case.by = Some(party.subject);
        }
        for place in case.parties.iter_mut().filter(|p| p.subject == ended.subject) {
            let (role, share) = (place.role.clone(), place.share.clone());
            *place = Party { role, share, ..(**party).clone() };
        }
    }
    replace_terms(case, &ended.terms);
    for term in &ended.terms {
        match &term.kind {
            TermKind::Promise(material) => {
                let its = case.promises.iter_mut().filter(|p| p.material == *material);
                its.for_each(|p| p.due = term.due.at);
            }
            // Everybody who has not answered has the whole time again.
            TermKind::HearingRequest => {
                let told = case.hearing.iter_mut().flat_map(|h| &mut h.round.told);
                let open = told.filter(|t| {
                    t.answer == procedure::Answer::None && t.term.kind == TermKind::HearingRequest
                });
                open.for_each(|t| t.term = term.clone());
            }
            _ => {}
        }
    }
}

pub(super) fn moved_on(case: &mut Case, moved: &MovedOn) {
    case.item = moved.to;
    steps(case, moved);
    for (from, to) in &moved.fields {
        if let Some(value) = case.answers.remove(from) {
            case.answers.insert(to.clone(), value);
        }
    }
    let renamed = |id: &mut String, pairs: &[(String, String)]| {
        if let Some((_, to)) = pairs.iter().find(|(from, _)| from == id) {
            id.clone_from(to);
        }
    };
    let paper = |id: &mut String| renamed(id, &moved.materials);
    case.materials.iter_mut().for_each(|m| paper(&mut m.demand));
    case.promises.iter_mut().for_each(|p| paper(&mut p.material));
    case.seen.iter_mut().for_each(|s| paper(&mut s.demand));
    case.awaits.iter_mut().filter_map(|a| a.demand.as_mut()).for_each(paper);
    let kinds = case.terms.iter_mut().map(|t| &mut t.kind);
    let kinds = kinds.chain(case.overdue.iter_mut().map(|o| &mut o.kind));
    kinds.filter_map(promised).for_each(paper);
    // What the applicant is asked for is called as the new form calls it, so that they find it there.
    if let CaseState::Supplement { demands, .. } = &mut case.state {
        for demand in demands {
            match demand.field.strip_prefix("materials.").map(str::to_owned) {
                Some(mut id) => {
                    paper(&mut id);
                    demand.field = format!("materials.{id}");
                }
                None => renamed(&mut demand.field, &moved.fields),
            }
        }
    }
}

fn promised(kind: &mut TermKind) -> Option<&mut String> {
    match kind {
        TermKind::Promise(of) => Some(of),
        _ => None,
    }
}

fn step_named(kind: &mut TermKind) -> Option<&mut String> {
    match kind {
        TermKind::Step(of) | TermKind::Publicity(of) => Some(of),
        _ => None,
    }
}

/// Each step has the state of the one it comes from; who takes it is theirs who took that, else as the new version says.
fn steps(case: &mut Case, moved: &MovedOn) {
    let old = std::mem::take(&mut case.steps);
    let state_of = |(id, from): &(String, Option<String>)| {
        let known = from.as_ref().and_then(|from| old.iter().find(|s| s.id == *from)).cloned();
        known.map_or_else(|| Step::waiting(id), |step| Step { id: id.clone(), ..step })
    };
    case.steps = moved.steps.iter().map(state_of).collect();
    let new_of =
        |of: &String| moved.steps.iter().find(|(_, from)| from.as_ref() == Some(of)).map(|(id, _)| id);
    let terms = case.terms.iter_mut().map(|t| &mut t.kind);
    let ended = case.overdue.iter_mut().map(|o| &mut o.kind);
    let kinds = terms.chain(ended).filter_map(step_named);
    let named = case.declared.iter_mut().flat_map(|d| &mut d.steps);
    let objected = case.objections.iter_mut().map(|o| &mut o.step);
    let awaited = case.awaits.iter_mut().filter_map(|a| a.step.as_mut());
    for of in kinds.chain(named).chain(objected).chain(awaited) {
        if let Some(id) = new_of(of) {
            of.clone_from(id);
        }
    }
    let mut agencies = moved.agencies.clone();
    for (of, taken) in std::mem::take(&mut case.agencies) {
        if let Some(id) = new_of(&of) {
            agencies.insert(id.clone(), taken);
        }
    }
    case.agencies = agencies;
}

/// What is owed, what became of its bills, and whether nothing but money is missing.
pub(super) fn paid(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::FeesOwed(owes) => case.owes = Some(owes.clone()),
        CaseEvent::FeesTold(told) => {
            case.fees.retain(|f| f.bill != told.bill);
            case.fees.push(told.clone());
        }
        CaseEvent::PaymentAwaited(wait) => {
            case.unpaid = wait.waits.then(|| case.unpaid.unwrap_or(at));
            replace_terms(case, &wait.terms);
        }
        _ => {}
    }
}
