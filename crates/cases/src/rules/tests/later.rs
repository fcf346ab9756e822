//! What comes with time: renewal and its silence, the lower body's review, a promise that is broken, service on each party.

use super::sample::*;
use crate::CaseEvent;
use crate::event::Validity;
use crate::model::*;
use crate::rules::{Choice, Command, duties};
use jiff::civil::{Date, date};
use kernel::{PersonId, SubjectId};
use procedure::TermKind;
use procedure::wording::Consequence;

/// A permit held from `began` to `expires`, for whose renewal somebody asks at noon of 20 November 2026.
fn renewal(began: Date, expires: Date) -> (Life, Result<(), String>) {
    let mut item = item("permit", usual());
    item.results.clear();
    item.renews = Some(catalog::Renews { certificate: "sample".to_owned(), years: 5, before: None });
    let frame = procedure::Frame::of(item.kind).unwrap();
    let renews = Renewing { certificate: id(40), began, expires, years: 5, before: None, deemed_until: None };
    let asked = crate::rules::Application { renews: Some(renews), ..application(frame, vec![found(true)]) };
    let mut life = Life::new(item);
    let done = life.act(Command::File(Box::new(asked))).map(|_| ()).map_err(|r| r.code.to_string());
    (life, done)
}

fn after(life: &mut Life, day: Date) {
    life.now = day.at(12, 0, 0, 0).to_zoned(kernel::clock::legal_zone()).unwrap().timestamp();
    life.sweep();
}

#[test]
fn whoever_asks_in_time_and_hears_nothing_has_a_renewed_permit() {
    let (mut life, done) = renewal(date(2022, 1, 1), date(2026, 12, 31));
    done.unwrap();
    let due = life.case().running(&TermKind::Renewal).unwrap().due.date;
    assert_eq!(due, date(2026, 12, 31));
    after(&mut life, date(2026, 12, 31));
    assert!(life.case().state.works(), "the last day is the body's too");
    after(&mut life, date(2027, 1, 4));
    let Some(Decision::Approved { reason: Some(reason), .. }) = life.case().state.decision() else {
        panic!("{:?}", life.case().state)
    };
    assert!(reason.zh.contains("第50条") && reason.en.contains("50"), "{reason:?}");
    let renewed = Validity { from: date(2027, 1, 1), to: date(2031, 12, 31) };
    assert!(life.events.contains(&CaseEvent::DeemedRenewed(renewed)), "as long as it was before");
    assert_eq!(life.case().renews.as_ref().unwrap().until(), date(2031, 12, 31));
    assert_eq!(life.case().open_tasks().count(), 0);
}

#[test]
fn silence_renews_nothing_that_was_asked_for_late_or_waits_for_the_applicant() {
    let (mut late, done) = renewal(date(2022, 1, 1), date(2026, 12, 1));
    done.unwrap();
    assert_eq!(late.case().running(&TermKind::Renewal), None, "asked for within the last thirty days");
    after(&mut late, date(2026, 12, 2));
    assert_eq!(late.case().state.decision(), None);

    let (mut asked, done) = renewal(date(2022, 1, 1), date(2026, 12, 31));
    done.unwrap();
    asked.act(Command::AskSupplement { demands: vec![demand()] }).unwrap();
    after(&mut asked, date(2027, 1, 4));
    assert!(matches!(asked.case().state, CaseState::Supplement { .. }), "the body was not silent");

    let (life, refused) = renewal(date(2021, 1, 1), date(2026, 11, 19));
    assert_eq!((life.case, refused), (None, Err("cases.renewal-ended".to_owned())));
}

#[test]
fn a_renewal_that_is_granted_runs_from_the_present_end() {
    let (mut life, done) = renewal(date(2022, 1, 1), date(2026, 12, 31));
    done.unwrap();
    life.act(Command::Accept).unwrap();
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap();
    assert!(life.case().state.decision().is_some_and(Decision::approved));
    assert_eq!(
        life.case().renews.as_ref().unwrap().until(),
        date(2031, 12, 31),
        "whoever asks early loses nothing"
    );
    assert_eq!(life.case().running(&TermKind::Renewal), None);
}

#[test]
fn the_lower_bodys_time_ends_when_it_sends_the_case_up() {
    let mut item = item("permit", usual());
    item.process[0].by = catalog::By::Agency(kernel::AgencyCode::parse("nanjing.transport").unwrap());
    item.process[0].checks.clear();
    item.preliminary = vec!["qualify".to_owned()];
    let frame = procedure::Frame::of(item.kind).unwrap();
    let mut life = Life::new(item);
    life.act(Command::File(Box::new(application(frame, vec![found(true)])))).unwrap();
    life.act(Command::Accept).unwrap();
    let term = life.case().running(&TermKind::PreliminaryReview).unwrap().clone();
    assert_eq!(term.due.term, kernel::Term::working_days(20), "第四十三条");
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap();
    assert!(life.events.contains(&CaseEvent::SentUp));
    assert_eq!(life.case().running(&TermKind::PreliminaryReview), None);
    assert!(life.case().running(&TermKind::Statutory).is_some(), "the body above has its own time");
}

#[test]
fn a_broken_promise_is_refused_with_reasons_where_that_was_told() {
    let mut item = rich("permit");
    item.materials[0].tolerable.as_mut().unwrap().then = catalog::IfMissing::Refuse;
    let frame = procedure::Frame::of(item.kind).unwrap();
    let promised = vec!["lease".to_owned()];
    let asked = crate::rules::Application { promises: promised, ..application(frame, vec![found(true)]) };
    let mut life = Life::new(item);
    life.act(Command::File(Box::new(asked))).unwrap();
    assert_eq!(life.case().promises[0].then, Consequence::Refuse);
    life.act(Command::Accept).unwrap();
    after(&mut life, date(2026, 12, 20));
    let Some(Decision::Refused { reason, remedies }) = life.case().state.decision() else {
        panic!("{:?}", life.case().state)
    };
    assert!(reason.zh.contains("租赁合同") && remedies.len() == 2, "{reason:?}");
}

#[test]
fn a_decision_is_served_when_it_is_served_on_everybody() {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    let other = Party {
        subject: SubjectId::Person(id::<PersonId>(6)),
        role: "co-owner".to_owned(),
        paper: true,
        ..party()
    };
    life.case.as_mut().unwrap().parties.push(other.clone());
    life.act(Command::Accept).unwrap();
    let task = life.task();
    life.act(Command::Refuse { task, reason: "不符合条件".to_owned(), choice: Choice::default() }).unwrap();
    let issued = Issued {
        notice: id(90),
        kind: NoticeKind::Refusal,
        number: "1".to_owned(),
        outside: false,
        at: life.now,
    };
    life.act(Command::Issued { issued, seal: None }).unwrap();
    assert_eq!(life.case().unserved().count(), 2);
    let deliver = || Command::Deliver { service: Service::Electronic, effective_at: None };
    let serve = |party: SubjectId, at| Command::Serve {
        notice: Some(id(90)),
        way: Service::Electronic,
        effective_at: at,
        party: Some(party),
    };
    life.act(serve(party().subject, life.now)).unwrap();
    assert_eq!(life.act(deliver()).unwrap_err().code, "cases.not-served-on-all");
    assert_eq!(duties(life.case()).len(), 1, "somebody has to serve it on the other");
    life.act(serve(other.subject, life.now)).unwrap();
    life.act(deliver()).unwrap();
    assert!(duties(life.case()).is_empty());
}
