//! 听证: offered, asked for within five working days, held within twenty, announced seven ahead, and recorded.

use super::advance::advance;
use super::decide::{Run, said};
use super::{Command, env, no, suspend};
use crate::event::{CaseEvent, Heard, HearingOf};
use crate::model::*;
use kernel::rules::Verdict;
use kernel::{AccountId, Refusal, SubjectId, Timestamp, clock};
use procedure::{Answer, HearingTerms, RunningTerm, TermKind};

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::OfferHearing { reason } => offer(run, case, reason),
        Command::FindInterested { name, interest } => find(run, case, name, interest),
        Command::TellInterested { who, served, proof } => tell(run, case, who, (*served, proof)),
        Command::AnswerOfInterested { who, asks, proof } => {
            let proof = Some(said(proof)?);
            if case.hearing.iter().all(|h| h.name_of(who).is_none()) {
                return Err(no::no_such_interested());
            }
            if *asks { request(run, case, who, proof) } else { waive(run, case, who, proof) }
        }
        Command::RequestHearing => request(run, case, &speaker(run, case), None),
        Command::WaiveHearing => waive(run, case, &speaker(run, case), None),
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

/// Whoever acts, by their place in the round; a command without anybody's name is the word of whoever filed.
fn speaker(run: &Run<'_>, case: &Case) -> String {
    run.by.subject.or_else(|| case.filer()).map(Hearing::place).unwrap_or_default()
}

/// 利害关系人: whose major interests it touches is told of their rights, too, before anything is decided (第三十六条、第四十七条第一
/// 款). Who had been told before is not told less by it.
fn find(run: &mut Run<'_>, case: &Case, name: &str, interest: &str) -> Result<(), Refusal> {
    let (name, interest) = (name.trim(), said(interest)?);
    if name.is_empty() {
        return Err(no::interested_unnamed());
    }
    if case.hearing.is_none() {
        offer(run, case, &interest)?;
    }
    let Some(now) = run.case.clone() else { return Ok(()) };
    let works = matches!(now.state, CaseState::Accepted { .. } | CaseState::Suspended { .. });
    let Some(hearing) = now.hearing.filter(|_| works) else { return Err(no::no_hearing_offer()) };
    if matches!(hearing.stage, HearingStage::Held { .. }) {
        return Err(no::hearing_once());
    }
    if hearing.interested.iter().any(|i| i.name == name) {
        return Err(no::interested_twice(name));
    }
    let who = format!("interested-{}", hearing.interested.len() + 1);
    let heard = Heard::Found { name: name.to_owned(), interest };
    run.push(CaseEvent::HearingOf(HearingOf { who, heard }));
    Ok(())
}

/// The notice reached them, as its proof says: their five working days run from there.
fn tell(
    run: &mut Run<'_>,
    case: &Case,
    who: &str,
    (served, proof): (Timestamp, &str),
) -> Result<(), Refusal> {
    let waits = case.hearing.as_ref().and_then(|h| h.untold().find(|i| i.who == who));
    let Some(waits) = waits.filter(|_| !case.state.ended()) else { return Err(no::no_such_interested()) };
    if served > run.at {
        return Err(no::in_future());
    }
    if clock::legal_date(served) < clock::legal_date(waits.at) {
        return Err(no::served_before_found());
    }
    let proof = Some(said(proof)?);
    told(run, case, who, (served, proof));
    Ok(())
}

fn told(run: &mut Run<'_>, case: &Case, who: &str, (served, proof): (Timestamp, Option<String>)) {
    let mut round = case.hearing.as_ref().map(|h| h.round.clone()).unwrap_or_default();
    let before = round.told.len();
    round.tell(case.frame, who, served, run.calendar);
    if let Some(new) = round.told.get(before) {
        let party = case.parties.iter().any(|p| Hearing::place(p.subject) == who);
        let kind = if party { TermKind::HearingRequest } else { new.term.kind.clone() };
        let term = Box::new(RunningTerm { kind, ..new.term.clone() });
        let heard = Heard::Told { term, proof };
        run.push(CaseEvent::HearingOf(HearingOf { who: who.to_owned(), heard }));
    }
}

/// The offer was served by hand on a party who wants paper: only now they know.
pub(super) fn served(
    run: &mut Run<'_>,
    case: &Case,
    (notice, party): (NoticeId, SubjectId),
    from: Timestamp,
) {
    let offer = case.notices.iter().any(|i| i.notice == notice && i.kind == NoticeKind::HearingOffer);
    if offer && case.hearing.as_ref().is_some_and(Hearing::open) {
        told(run, case, &Hearing::place(party), (from, None));
    }
}

/// Whoever was told asks within five working days; it is then held within twenty, counted from the first who asks (第四十七条第一款).
/// That time does not count (第四十五条).
fn request(run: &mut Run<'_>, case: &Case, who: &str, proof: Option<String>) -> Result<(), Refusal> {
    let stage = case.hearing.as_ref().map(|h| &h.stage);
    let Some(hearing) = case.hearing.as_ref().filter(|h| h.open() && !case.state.ended()) else {
        return Err(no::no_hearing_offer());
    };
    if matches!(stage, Some(HearingStage::Set { .. })) {
        return Err(no::hearing_announced());
    }
    let hold = hearing.round.clone().ask(case.frame, who, run.at, run.calendar)?;
    let first = !hearing.wanted();
    run.push(CaseEvent::HearingOf(HearingOf { who: who.to_owned(), heard: Heard::Asked { proof } }));
    if !first {
        return Ok(());
    }
    run.push(CaseEvent::HearingRequested { term: hold });
    if case.suspension().is_some_and(|s| !s.kind.stops()) {
        suspend::resume(run, None);
    }
    suspend::for_hearing(run);
    Ok(())
}

/// One of them gives it up; nothing forces anybody to be heard, and nobody gives up what is another's.
fn waive(run: &mut Run<'_>, case: &Case, who: &str, proof: Option<String>) -> Result<(), Refusal> {
    let Some(hearing) = case.hearing.as_ref().filter(|h| h.open()) else {
        return Err(no::no_hearing_offer());
    };
    hearing.round.clone().waive(who, run.at)?;
    let wanted = hearing.wanted();
    run.push(CaseEvent::HearingOf(HearingOf { who: who.to_owned(), heard: Heard::Forgone { proof } }));
    let still = run.case.as_ref().and_then(|c| c.hearing.as_ref()).is_some_and(Hearing::wanted);
    if still {
        return Ok(());
    }
    if over(run) {
        run.push(CaseEvent::HearingWaived { lapsed: false });
    }
    if wanted && case.suspension().is_some_and(|s| s.kind == SuspensionKind::Hearing) {
        suspend::resume(run, None);
    }
    advance(run);
    Ok(())
}

/// Somebody's time to ask has passed: it counts as given up once nobody may ask any more (第四十七条第一款).
pub(super) fn time_over(run: &mut Run<'_>) {
    if over(run) {
        run.push(CaseEvent::HearingWaived { lapsed: true });
        advance(run);
    }
}

/// Whether everybody was told, nobody asked, and nobody may any more.
fn over(run: &Run<'_>) -> bool {
    let Some(case) = &run.case else { return false };
    let Some(hearing) = case.hearing.as_ref().filter(|h| h.stage == HearingStage::Offered) else {
        return false;
    };
    let told = |who: &str| hearing.round.told.iter().any(|t| t.who == who);
    let all = case.recipients().iter().all(|p| told(&Hearing::place(p.subject)));
    // The end itself has come when it is swept, so what ends now is over.
    let may = |t: &procedure::Told| t.answer == Answer::None && t.term.deadline().is_some_and(|d| d > run.at);
    all && hearing.untold().next().is_none() && !hearing.round.told.iter().any(may)
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
