//! What each event does to the case: the parts of the fold, by subject.

use super::apply::replace_terms;
use super::fold_later as later;
use crate::event::{
    CaseEvent, NoticeServed, PersonWanted, Reopened, SeatRecalled, SeatSigned, SentBack, SiblingEnd,
    TakenBack,
};
use crate::model::*;
use kernel::Timestamp;
use procedure::{Exclusion, RunningTerm, TermKind};

pub(super) fn step(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::FactsSeen { facts } => facts.iter().for_each(|f| learn(case, f)),
        CaseEvent::Accepted { how, from, terms } => {
            case.terms.iter_mut().filter(|t| before_acceptance(t)).for_each(|t| t.stop(at));
            case.state = CaseState::Accepted { at: from.unwrap_or(at), how: *how };
            case.terms.extend(terms.iter().cloned());
        }
        CaseEvent::SupplementAsked { demands, term } => ask(case, demands, term.as_ref(), at),
        CaseEvent::Supplemented { answers, materials, terms } => {
            case.answers = answers.clone();
            case.materials = materials.clone();
            case.terms.extend(terms.iter().cloned());
            case.state = CaseState::Submitted { at };
            again_by_rule(case);
        }
        CaseEvent::Decided { .. }
        | CaseEvent::Certified { .. }
        | CaseEvent::Delivered { .. }
        | CaseEvent::Closed => decision(case, event, at),
        CaseEvent::NotAccepted { .. }
        | CaseEvent::Returned { .. }
        | CaseEvent::Withdrawn { .. }
        | CaseEvent::Lapsed { .. }
        | CaseEvent::Forwarded { .. }
        | CaseEvent::Voided { .. }
        | CaseEvent::Revoked { .. } => end(case, event, at),
        CaseEvent::Suspended { .. } | CaseEvent::Resumed { .. } | CaseEvent::Extended { .. } => {
            clock(case, event, at)
        }
        CaseEvent::RemedyOpened { .. }
        | CaseEvent::RemedyEnded { .. }
        | CaseEvent::Reopened(_)
        | CaseEvent::PersonWanted(_) => remedied(case, event, at),
        CaseEvent::MovedOn(moved) => later::moved_on(case, moved),
        CaseEvent::Reviewed(_)
        | CaseEvent::Stopped(_)
        | CaseEvent::PartyHalted(_)
        | CaseEvent::HaltEnded(_)
        | CaseEvent::PaperWanted(_)
        | CaseEvent::WithdrawalSought(_) => later::later(case, event, at),
        CaseEvent::FeesOwed(_) | CaseEvent::FeesTold(_) | CaseEvent::PaymentAwaited(_) => {
            later::paid(case, event, at);
        }
        CaseEvent::ReliedChanged(changed) => {
            later::relied_changed(case, changed, at);
            anew(case, &changed.again, at);
        }
        _ => {
            told(case, event, at);
            steps(case, event, at);
            super::fold_hearing::hearing(case, event, at);
            party(case, event, at);
        }
    }
}

/// Notices and their service, and what passed by itself.
fn told(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::TermPassed { kind, due } => {
            case.overdue.push(Overdue { kind: kind.clone(), due: *due });
        }
        CaseEvent::DeemedRenewed(new) => {
            case.renews.iter_mut().for_each(|r| r.deemed_until = Some(new.to));
        }
        CaseEvent::Served(NoticeServed {
            notice: Some(notice),
            party: Some(party),
            effective_at,
            term,
            ..
        }) => {
            case.served.push(ServedOn { notice: *notice, party: *party, from: *effective_at });
            replace_terms(case, term.as_slice());
        }
        CaseEvent::NoticeIssued { notice, kind, number, outside, .. } => {
            let (notice, kind, number, outside) = (*notice, *kind, number.clone(), *outside);
            case.notices.push(Issued { notice, kind, number, outside, at });
        }
        _ => {}
    }
}

/// What ran until it was said whether the application is accepted.
fn before_acceptance(term: &RunningTerm) -> bool {
    matches!(term.kind, TermKind::Acceptance | TermKind::Precheck)
}

fn ask(case: &mut Case, demands: &[Demand], term: Option<&RunningTerm>, at: Timestamp) {
    let accepted = matches!(case.state, CaseState::Accepted { .. });
    case.state = CaseState::Supplement { at, demands: demands.to_vec(), accepted };
    case.unpaid = None;
    case.supplements += 1;
    let stays =
        |t: &RunningTerm| matches!(t.kind, TermKind::Promise(_) | TermKind::Confirmation | TermKind::Renewal);
    case.terms.iter_mut().filter(|t| !stays(t)).for_each(|t| t.stop(at));
    case.terms.extend(term.cloned());
    drop_open(case);
}

fn decision(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    if let CaseEvent::Decided { decision, openness, term, check, review } = event {
        case.state = CaseState::Decided { at, decision: decision.clone() };
        case.openness.clone_from(openness);
        case.halts.clear();
        owes_no_more(case, decision);
        drop_open(case);
        case.terms.extend(term.iter().chain(check).chain(review).cloned());
        return;
    }
    let Some(decision) = case.state.decision().cloned() else { return };
    match event {
        CaseEvent::Certified { certificates } => {
            case.certificates.extend(certificates.iter().copied());
            case.state = CaseState::Certified { at, decision };
        }
        CaseEvent::Delivered { service, remedy, .. } => {
            case.terms.extend(remedy.iter().cloned());
            case.state = CaseState::Delivered { at, service: service.clone(), decision };
        }
        _ => case.state = CaseState::Closed { at, decision },
    }
}

fn end(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    let state = match event {
        CaseEvent::NotAccepted { reason, right_body, openness, .. } => {
            case.openness.clone_from(openness);
            CaseState::NotAccepted { at, reason: reason.clone(), right_body: right_body.clone() }
        }
        CaseEvent::Returned { reason } => CaseState::Returned { at, reason: reason.clone() },
        CaseEvent::Withdrawn { reason } => CaseState::Withdrawn { at, reason: reason.clone() },
        CaseEvent::Lapsed { reason, .. } => CaseState::Lapsed { at, reason: reason.clone() },
        CaseEvent::Forwarded { to, reason } => {
            CaseState::Forwarded { at, to: to.clone(), reason: reason.clone() }
        }
        CaseEvent::Voided { reason } => CaseState::Void { at, reason: reason.clone() },
        CaseEvent::Revoked { ground, .. } => {
            let Some(decision) = case.state.decision().cloned() else { return };
            CaseState::Revoked { at, ground: ground.clone(), decision }
        }
        _ => return,
    };
    if let Some(open) = case.suspensions.last_mut().filter(|s| s.to.is_none()) {
        open.to = Some(at);
    }
    case.state = state;
    // Nothing of theirs is left to do.
    case.halts.clear();
    (case.owes, case.unpaid) = (None, None);
    case.terms.iter_mut().filter(|t| t.kind != TermKind::Remedy).for_each(|t| t.stop(at));
    drop_open(case);
}

/// What a special procedure stops: the body's own time, not the applicant's.
pub(super) fn pauses(kind: &TermKind) -> bool {
    matches!(kind, TermKind::Statutory | TermKind::Promised | TermKind::Step(_))
}

fn clock(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::Suspended { kind, reason, law, expected } => {
            let CaseState::Accepted { at: since, how } = case.state else { return };
            let expected = expected.as_ref().map(|d| d.at);
            let (reason, law) = (reason.clone(), law.clone());
            for term in case.terms.iter_mut().filter(|t| pauses(&t.kind)) {
                let (reason, law) = (reason.clone(), law.clone());
                term.pause(Exclusion { kind: *kind, from: at, to: None, reason, law });
            }
            case.state =
                CaseState::Suspended { at, kind: *kind, reason: reason.clone(), accepted: (since, how) };
            case.suspensions.push(Suspension {
                kind: *kind,
                reason,
                from: at,
                to: None,
                expected,
                result: None,
            });
        }
        CaseEvent::Resumed { result, terms } => {
            if let Some(open) = case.suspensions.last_mut().filter(|s| s.to.is_none()) {
                (open.to, open.result) = (Some(at), result.clone());
            }
            if let CaseState::Suspended { accepted: (at, how), .. } = case.state {
                case.state = CaseState::Accepted { at, how };
            }
            replace_terms(case, terms);
        }
        CaseEvent::Extended { terms, .. } => {
            case.extended = true;
            replace_terms(case, terms);
        }
        _ => {}
    }
}

fn steps(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    let (id, state) = match event {
        CaseEvent::StepHeld { step, absent } => (step, StepState::Held { absent: absent.clone() }),
        CaseEvent::StepOpened { step, round, seats, referred, term } => {
            case.terms.extend(term.iter().cloned());
            if let Some(found) = case.steps.iter_mut().find(|s| s.id == *step) {
                found.round = *round;
            }
            let (seats, referred) = (seats.clone(), referred.clone());
            (step, StepState::Open { seats, since: at, referred })
        }
        CaseEvent::StepPassed { step, by, discretion, reason } => {
            used(case, step, discretion);
            later::weighed(case, by, reason.is_some());
            (step, StepState::Passed { by: by.clone(), at })
        }
        CaseEvent::StepFailed { step, by, reason, unmet, discretion } => {
            used(case, step, discretion);
            let (reason, unmet) = (reason.clone(), unmet.clone());
            (step, StepState::Failed { by: by.clone(), at, reason, unmet })
        }
        CaseEvent::StepSkipped { step } => (step, StepState::Skipped),
        CaseEvent::StepRecalled { again, .. } | CaseEvent::SentBack(SentBack { again, .. }) => {
            return anew(case, again, at);
        }
        CaseEvent::Visited { step, visit } => {
            if let Some(found) = case.steps.iter_mut().find(|s| s.id == *step) {
                found.visit = Some(visit.clone());
            }
            return;
        }
        _ => return seats(case, event, at),
    };
    if let Some(found) = case.steps.iter_mut().find(|s| s.id == *id) {
        found.state = state;
    }
}

fn used(case: &mut Case, step: &str, discretion: &Discretion) {
    if let Some(found) = case.steps.iter_mut().find(|s| s.id == step) {
        found.discretion = discretion.clone();
    }
}

fn seats(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    let task = match event {
        CaseEvent::SeatSigned(SeatSigned { task, .. })
        | CaseEvent::TaskClaimed { task, .. }
        | CaseEvent::TaskReleased { task }
        | CaseEvent::TaskHandedOver { task, .. }
        | CaseEvent::SeatRecalled(SeatRecalled { task, .. })
        | CaseEvent::TakenBack(TakenBack { task, .. }) => *task,
        _ => return,
    };
    let mut open = case.steps.iter_mut().filter_map(|s| match &mut s.state {
        StepState::Open { seats, .. } => seats.iter_mut().find(|seat| seat.task == task),
        _ => None,
    });
    let Some(seat) = open.next() else { return };
    match event {
        CaseEvent::SeatSigned(SeatSigned { pass, reason, by, .. }) => {
            seat.opinion = Some(Opinion { pass: *pass, reason: reason.clone(), at, by: *by });
        }
        CaseEvent::TaskClaimed { by, .. } => seat.holder = Some(*by),
        CaseEvent::TaskHandedOver { to, .. } => seat.holder = Some(*to),
        CaseEvent::TakenBack(_) => seat.external = None,
        CaseEvent::SeatRecalled(_) => seat.opinion = None,
        _ => seat.holder = None,
    }
}

/// These steps are to be done again: what they came to is in the history, and their terms no longer count.
fn anew(case: &mut Case, again: &[String], at: Timestamp) {
    for step in case.steps.iter_mut().filter(|s| again.contains(&s.id)) {
        step.state = StepState::Waiting;
        (step.visit, step.discretion) = (None, Discretion::default());
    }
    for term in &mut case.terms {
        if matches!(&term.kind, TermKind::Step(of) | TermKind::Publicity(of) if again.contains(of)) {
            term.stop(at);
        }
    }
}

fn party(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::PartyConfirmed { subject, role, paper, capacity, .. } => {
            let it = |p: &&mut Party| p.subject == *subject && p.role == *role;
            case.parties.iter_mut().filter(it).for_each(|p| {
                (p.confirmed_at, p.paper) = (Some(at), *paper);
                p.capacity = capacity.unwrap_or(p.capacity);
            });
        }
        CaseEvent::AllConfirmed { terms } => case.terms.extend(terms.iter().cloned()),
        CaseEvent::PromiseKept { material, given } => {
            let it = |p: &&mut Promise| p.material == *material;
            case.promises.iter_mut().filter(it).for_each(|p| p.kept_at = Some(at));
            let paper = |given: &Given| Material { demand: material.clone(), given: given.clone() };
            case.materials.extend(given.iter().map(paper));
        }
        CaseEvent::SiblingGranted { .. } | CaseEvent::SiblingEnded(_) | CaseEvent::SiblingOwes { .. } => {
            sibling(case, event, at);
        }
        CaseEvent::PromiseBroken { material } => {
            let it = |p: &&mut Promise| p.material == *material;
            case.promises.iter_mut().filter(it).for_each(|p| p.broken_at = Some(at));
            let its = |t: &&mut RunningTerm| matches!(&t.kind, TermKind::Promise(of) if of == material);
            case.terms.iter_mut().filter(its).for_each(|t| t.stop(at));
        }
        CaseEvent::DeclarationChecked { ok, .. } => {
            if let Some(declared) = &mut case.declared {
                declared.checked = Some((*ok, at));
            }
        }
        CaseEvent::Disputed { dispute } => {
            case.disputes.retain(|d| d.settled.is_some() || d.path != dispute.path);
            case.disputes.push(dispute.clone());
        }
        CaseEvent::DisputeSettled { path, upheld, fact, .. } => {
            let open = |d: &&mut Dispute| d.path == *path && d.settled.is_none();
            case.disputes.iter_mut().filter(open).for_each(|d| d.settled = Some((*upheld, at)));
            fact.iter().for_each(|f| learn(case, f));
        }
        CaseEvent::PaperSeen { demand, original } => {
            case.seen.push(Seen { demand: demand.clone(), original: *original, at });
        }
        CaseEvent::Objected { objection } => case.objections.push(objection.clone()),
        _ => {}
    }
}

/// What came from another case takes the place of the paper it was to be.
fn sibling(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    let terms = match event {
        CaseEvent::SiblingGranted { item, kinds, papers, terms } => {
            let met = |a: &&mut Awaited| {
                let kind = a.certificate.as_ref().is_none_or(|k| kinds.contains(k));
                a.item == *item && a.came.is_none() && kind
            };
            case.awaits.iter_mut().filter(met).for_each(|a| (a.came, a.failed) = (Some(at), None));
            for (demand, certificate) in papers {
                let stood = |m: &Material| m.demand == *demand && matches!(m.given, Given::Sibling { .. });
                case.materials.retain(|m| !stood(m));
                case.materials
                    .push(Material { demand: demand.clone(), given: Given::Certificate(*certificate) });
            }
            terms
        }
        CaseEvent::SiblingEnded(SiblingEnd { item, why, terms }) => {
            let its = case.awaits.iter_mut().filter(|a| a.item == *item && a.failed.is_none());
            its.for_each(|a| (a.came, a.failed) = (None, Some((at, why.clone()))));
            terms
        }
        CaseEvent::SiblingOwes { item } => {
            let its = case.awaits.iter_mut().filter(|a| a.item == *item && a.billed.is_none());
            return its.for_each(|a| a.billed = Some(at));
        }
        _ => return,
    };
    case.terms.extend(terms.iter().cloned());
}

fn remedied(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::RemedyOpened { remedy, .. } => case.remedies.push(remedy.clone()),
        CaseEvent::RemedyEnded { remedy, outcome, changed, .. } => {
            let it = |r: &&mut Remedied| r.remedy == *remedy;
            case.remedies.iter_mut().filter(it).for_each(|r| r.ended = Some((*outcome, at)));
            if let Some(decision) = changed {
                // What ran from the old decision no longer counts; service of the new one starts its own time for remedies.
                case.terms.iter_mut().for_each(|t| t.stop(at));
                case.state = CaseState::Decided { at, decision: decision.clone() };
                case.stopped = None;
                owes_no_more(case, decision);
            }
        }
        CaseEvent::Reopened(Reopened { again, terms, .. }) => {
            reopen(case, again, terms, Acceptance::Ordered, at)
        }
        CaseEvent::PersonWanted(PersonWanted { again, terms, .. }) => {
            case.wants_person = true;
            if again.is_empty() {
                return;
            }
            reopen(case, again, terms, Acceptance::ByPerson, at);
        }
        _ => {}
    }
}

/// What is refused owes nothing; a grant waits for no payment any more.
fn owes_no_more(case: &mut Case, decision: &Decision) {
    case.unpaid = None;
    if !decision.approved() {
        case.owes = None;
    }
}

fn reopen(case: &mut Case, again: &[String], terms: &[RunningTerm], how: Acceptance, at: Timestamp) {
    case.terms.iter_mut().for_each(|t| t.stop(at));
    // Taken up again, a person says what it means that a promised paper never came.
    case.promises.retain(|p| p.broken_at.is_none());
    anew(case, again, at);
    case.terms.extend(terms.iter().cloned());
    case.state = CaseState::Accepted { at, how };
    (case.hearing, case.stopped) = (None, None);
    (case.owes, case.unpaid) = (None, None);
    case.extended = false;
}

/// An answer replaces an earlier one of the same alias.
fn learn(case: &mut Case, fact: &Fact) {
    // What nobody filled in here, since the case came in from elsewhere, and an examiner has stated.
    if let ("form", FactAnswer::Found(serde_json::Value::Object(stated))) =
        (fact.alias.as_str(), &fact.answer)
    {
        return case.answers.extend(stated.clone());
    }
    match case.facts.iter_mut().find(|f| f.alias == fact.alias) {
        Some(known) => *known = fact.clone(),
        None => case.facts.push(fact.clone()),
    }
}

fn drop_open(case: &mut Case) {
    for step in &mut case.steps {
        if matches!(step.state, StepState::Open { .. } | StepState::Held { .. }) {
            step.state = StepState::Waiting;
        }
    }
}

/// After a supplement, what the program decided is decided anew; what a person decided stands.
fn again_by_rule(case: &mut Case) {
    for step in &mut case.steps {
        let stands = step.by_person() || step.id == PRECHECK;
        if !stands {
            step.state = StepState::Waiting;
        }
    }
}
