//! What the events of a hearing leave in the case.

use crate::event::{CaseEvent, Heard, HearingOf};
use crate::model::*;
use kernel::Timestamp;
use procedure::{Answer, Round, RunningTerm, TermKind, Told};

pub(super) fn hearing(case: &mut Case, event: &CaseEvent, at: Timestamp) {
    match event {
        CaseEvent::HearingOffered { reason, term } => {
            case.terms.push(term.clone());
            case.hearing = Some(offered(case, reason, (term, at)));
            return;
        }
        CaseEvent::HearingRequested { term } => case.terms.push(term.clone()),
        CaseEvent::HearingWaived { .. } => {
            let ends = |kind: &TermKind| {
                matches!(
                    kind,
                    TermKind::HearingRequest | TermKind::InterestedRequest(_) | TermKind::HearingHold
                )
            };
            case.terms.iter_mut().filter(|t| ends(&t.kind)).for_each(|t| t.stop(at));
        }
        CaseEvent::HearingOf(of) => return one(case, of, at),
        _ => {}
    }
    let Some(hearing) = &mut case.hearing else { return };
    match event {
        CaseEvent::HearingRequested { .. } => hearing.stage = HearingStage::Requested { at },
        CaseEvent::HearingWaived { lapsed } => hearing.stage = HearingStage::Waived { at, lapsed: *lapsed },
        CaseEvent::HearingSet { on, place, chair, chair_name } => {
            let (place, chair_name) = (place.clone(), chair_name.clone());
            hearing.stage = HearingStage::Set { at, on: *on, place, chair: *chair, chair_name };
        }
        CaseEvent::HearingHeld { record } => {
            hearing.stage = HearingStage::Held { at, record: record.clone() };
        }
        _ => {}
    }
}

/// Every party whom the platform reaches is told by the offer itself; whoever wants paper when it is served on them.
fn offered(case: &Case, reason: &str, (term, at): (&RunningTerm, Timestamp)) -> Hearing {
    let reached = case.recipients().into_iter().filter(|p| !case.wants_paper(p.subject));
    let told = |p: &Party| Told { who: Hearing::place(p.subject), term: term.clone(), answer: Answer::None };
    let round = Round { told: reached.map(told).collect() };
    let (reason, stage, interested) = (reason.to_owned(), HearingStage::Offered, Vec::new());
    Hearing { reason, offered_at: at, stage, round, interested }
}

fn one(case: &mut Case, of: &HearingOf, at: Timestamp) {
    let Some(hearing) = &mut case.hearing else { return };
    let own = |t: &&mut RunningTerm| matches!(&t.kind, TermKind::InterestedRequest(who) if *who == of.who);
    match &of.heard {
        Heard::Found { name, interest } => {
            let (who, name, interest) = (of.who.clone(), name.clone(), interest.clone());
            hearing.interested.push(Interested { who, name, interest, at });
            // The parties had given it up; whoever is concerned has a right of their own.
            if matches!(hearing.stage, HearingStage::Waived { .. }) {
                hearing.stage = HearingStage::Offered;
            }
        }
        Heard::Told { term, .. } => {
            let term = RunningTerm::clone(term);
            hearing.round.told.push(Told { who: of.who.clone(), term: term.clone(), answer: Answer::None });
            case.terms.push(term);
        }
        Heard::Asked { .. } => {
            answer(hearing, &of.who, Answer::Asked(at));
            case.terms.iter_mut().filter(own).for_each(|t| t.meet(at));
        }
        Heard::Forgone { .. } => {
            answer(hearing, &of.who, Answer::Waived(at));
            case.terms.iter_mut().filter(own).for_each(|t| t.stop(at));
            if hearing.wanted() && hearing.round.asked().next().is_none() {
                hearing.stage = HearingStage::Offered;
                // Whoever let their time pass meanwhile has none left; nobody sweeps it at a moment long gone.
                hearing.round.told.iter_mut().filter(|t| t.term.passed(at)).for_each(|t| t.term.stop(at));
                let hold = |t: &&mut RunningTerm| t.kind == TermKind::HearingHold;
                case.terms.iter_mut().filter(hold).for_each(|t| t.stop(at));
            }
        }
    }
}

fn answer(hearing: &mut Hearing, who: &str, answer: Answer) {
    hearing.round.told.iter_mut().filter(|t| t.who == who).for_each(|t| t.answer = answer);
}
