//! 听证: offered, asked for within five working days, held within twenty, announced seven ahead, and recorded.

use super::advance::advance;
use super::decide::{Run, said};
use super::{Command, env, no, suspend};
use crate::event::CaseEvent;
use crate::model::*;
use kernel::rules::Verdict;
use kernel::{AccountId, Refusal, Timestamp, clock};
use procedure::{HearingTerms, RunningTerm, TermKind};

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::OfferHearing { reason } => offer(run, case, reason),
        Command::RequestHearing => request(run, case),
        Command::WaiveHearing => waive(run, case),
        Command::SetHearing { on, place, chair, chair_name } => {
            set(run, case, *on, place, *chair, chair_name)
        }
        Command::RecordHearing { record } => record_it(run, case, record),
        _ => Ok(()),
    }
}

/// Whether the item has a hearing offered before the decision, and it was not yet (行政许可法第四十六条、第四十七条).
pub(super) fn must_offer(run: &Run<'_>) -> bool {
    let (Some(case), Some(spec)) = (&run.case, &run.item.hearing) else { return false };
    let facts = env::facts_of(case, run.at);
    let holds = spec.when.as_ref().and_then(|c| c.rule()).is_none_or(|r| r.test(&facts) == Verdict::Yes);
    let accepted = matches!(case.state, CaseState::Accepted { .. });
    accepted && holds && case.hearing.is_none() && case.frame.hearing().is_some()
}

pub(super) fn offer_by_rule(run: &mut Run<'_>) {
    let why = run.item.hearing.as_ref().map(|spec| spec.why.zh.clone()).unwrap_or_default();
    let Some(terms) = run.case.as_ref().and_then(|c| c.frame.hearing()) else { return };
    push_offer(run, why, &terms);
}

/// 听证告知: whoever has a major interest is told that they may ask for one (第四十七条第一款).
fn offer(run: &mut Run<'_>, case: &Case, reason: &str) -> Result<(), Refusal> {
    if !matches!(case.state, CaseState::Accepted { .. } | CaseState::Suspended { .. }) {
        return Err(no::wrong_state(
            &case.state,
            "cases.cannot-offer-hearing",
            "告知听证",
            "offered a hearing",
        ));
    }
    let Some(terms) = case.frame.hearing() else { return Err(no::no_hearing()) };
    if case.hearing.is_some() {
        return Err(no::hearing_once());
    }
    push_offer(run, said(reason)?, &terms);
    Ok(())
}

fn push_offer(run: &mut Run<'_>, reason: String, terms: &HearingTerms) {
    let (kind, law) = (TermKind::HearingRequest, Some(terms.law.clone()));
    let term = RunningTerm::start(kind, run.at, terms.request, law, run.calendar);
    run.push(CaseEvent::HearingOffered { reason, term });
}

/// The party asks within five working days of being told; it is then held within twenty (第四十七条第一款). That time does not
/// count (第四十五条).
fn request(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    let offered = case.hearing.as_ref().is_some_and(|h| h.stage == HearingStage::Offered);
    let in_time = case.running(&TermKind::HearingRequest).is_some_and(|t| run.at <= t.due.at);
    let (Some(terms), true) = (case.frame.hearing(), offered && in_time) else {
        return Err(no::no_hearing_offer());
    };
    let (kind, law) = (TermKind::HearingHold, Some(terms.law));
    let term = RunningTerm::start(kind, run.at, terms.hold, law, run.calendar);
    run.push(CaseEvent::HearingRequested { term });
    if case.suspension().is_some_and(|s| !s.kind.stops()) {
        suspend::resume(run, None);
    }
    suspend::for_hearing(run);
    Ok(())
}

/// The party gives it up; nothing forces anybody to be heard.
fn waive(run: &mut Run<'_>, case: &Case) -> Result<(), Refusal> {
    if !case.hearing.as_ref().is_some_and(Hearing::open) {
        return Err(no::no_hearing_offer());
    }
    run.push(CaseEvent::HearingWaived { lapsed: false });
    if case.suspension().is_some_and(|s| s.kind == SuspensionKind::Hearing) {
        suspend::resume(run, None);
    }
    advance(run);
    Ok(())
}

/// 听证通知: time and place told seven working days before (第四十八条第一款第一项); whoever presides has not examined the case
/// (第三项).
fn set(
    run: &mut Run<'_>,
    case: &Case,
    on: Timestamp,
    place: &str,
    chair: AccountId,
    chair_name: &str,
) -> Result<(), Refusal> {
    let wanted = case.hearing.as_ref().is_some_and(Hearing::wanted);
    let (Some(terms), true) = (case.frame.hearing(), wanted) else { return Err(no::no_hearing_asked()) };
    let place = said(place)?;
    let ahead = run.calendar.due(run.at, terms.announce);
    if clock::legal_date(on) < ahead.date {
        return Err(no::hearing_too_soon(ahead.date));
    }
    if let Some(hold) = case.running(&TermKind::HearingHold).filter(|t| on > t.due.at) {
        return Err(no::hearing_too_late(hold.due.date));
    }
    if run.by.account == Some(chair) || examiners(case).any(|who| who == chair) {
        return Err(no::chair_examined());
    }
    run.push(CaseEvent::HearingSet { on, place, chair, chair_name: chair_name.trim().to_owned() });
    Ok(())
}

/// Everybody who has examined the case or has a task of it in hand.
fn examiners(case: &Case) -> impl Iterator<Item = AccountId> {
    case.steps.iter().flat_map(|s| {
        let done = match &s.state {
            StepState::Passed { by: DoneBy::Person { account, .. }, .. }
            | StepState::Failed { by: DoneBy::Person { account, .. }, .. } => *account,
            _ => None,
        };
        let holds = s.seats().iter().filter_map(|seat| seat.holder);
        done.into_iter().chain(holds).collect::<Vec<_>>()
    })
}

/// The record, signed by those present; the decision rests on it (第四十八条第一款第五项、第二款).
fn record_it(run: &mut Run<'_>, case: &Case, record: &str) -> Result<(), Refusal> {
    let on = case.hearing.as_ref().and_then(|h| match h.stage {
        HearingStage::Set { on, .. } => Some(on),
        _ => None,
    });
    if on.is_none_or(|on| run.at < on) {
        return Err(no::hearing_not_held());
    }
    let record = said(record)?;
    run.push(CaseEvent::HearingHeld { record });
    if case.suspension().is_some_and(|s| s.kind == SuspensionKind::Hearing) {
        suspend::resume(run, None);
    }
    advance(run);
    Ok(())
}
