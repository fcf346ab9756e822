//! The reckonings of a case, as a lawyer reads them: acceptance by silence, suspension, extension, hearing, publicity.

use super::sample::*;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::{Choice, Command, Doer};
use kernel::{Lang, Term};
use procedure::{Frame, Leave};

fn told(life: &Life) -> String {
    let mut out = String::new();
    for (event, at) in &life.stamped {
        out.push_str(&format!("{} {}\n", kernel::clock::legal_date(*at), event.word()));
    }
    for term in &life.case().terms {
        let state = format!("{:?}", term.state);
        let state = state.split('(').next().unwrap_or_default();
        out.push_str(&format!("— {} {state}\n", term.kind.name().zh));
        for line in term.explain(Lang::ZhCn) {
            out.push_str(&format!("    {line}\n"));
        }
    }
    out
}

fn days(life: &mut Life, days: i64) {
    life.now += jiff::SignedDuration::from_hours(24 * days);
    life.sweep();
}

#[test]
fn silence_is_acceptance_from_receipt() {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    days(&mut life, 14);
    insta::assert_snapshot!(told(&life));
}

#[test]
fn a_special_procedure_and_an_extension_move_the_end() {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    life.act(Command::Accept).unwrap();
    days(&mut life, 5);
    let expected = Some(Term::working_days(10));
    life.act(Command::Suspend { kind: SuspensionKind::Testing, reason: "车辆检测".to_owned(), expected })
        .unwrap();
    // The first of January lies within.
    days(&mut life, 40);
    life.act(Command::Resume { result: "合格".to_owned() }).unwrap();
    life.act(Command::Extend { reason: "案情复杂".to_owned(), leave: None }).unwrap();
    insta::assert_snapshot!(told(&life));
}

#[test]
fn more_time_for_a_joint_procedure_needs_the_head_of_the_government() {
    let mut joint = item("permit", usual());
    joint.joint = true;
    let mut life = Life::new(joint);
    life.act(Command::File(Box::new(application(Frame::Licence, vec![found(true)])))).unwrap();
    life.act(Command::Accept).unwrap();
    days(&mut life, 5);
    let extend = |leave| Command::Extend { reason: "需要会同现场核查".to_owned(), leave };
    let blank = Leave { number: " ".to_owned(), ..leave() };
    let later = Leave { on: kernel::clock::legal_date(life.now).tomorrow().unwrap(), ..leave() };
    for (wrong, says) in [(None, "批准的人民政府"), (Some(blank), "批准文号"), (Some(later), "不能晚于")]
    {
        let refusal = life.clone().act(extend(wrong)).unwrap_err();
        assert_eq!(refusal.code, "cases.leave-of-government");
        let fields: Vec<&str> = refusal.fields.iter().map(|f| f.field.as_str()).collect();
        assert_eq!(fields, ["leave"]);
        assert!(refusal.fields[0].say.zh.contains(says), "{:?}", refusal.fields);
    }
    let by = Doer { account: Some(id(71)), ..Doer::default() };
    let nobody = life.act_as(extend(Some(leave())), by).unwrap_err();
    assert_eq!(nobody.code, "cases.head-only", "the leave does not make an examiner the head of the body");
    let events = life.act(extend(Some(leave()))).unwrap();
    let CaseEvent::Extended { leave: kept, .. } = &events[0] else { panic!("{events:?}") };
    assert_eq!(*kept, Some(leave()), "the history has whose leave it was");
    insta::assert_snapshot!(told(&life));
}

#[test]
fn a_hearing_is_asked_for_set_and_held() {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    life.act(Command::Accept).unwrap();
    life.act(Command::OfferHearing { reason: "关系他人重大利益".to_owned() }).unwrap();
    days(&mut life, 3);
    life.act(Command::RequestHearing).unwrap();
    let on = life.now + jiff::SignedDuration::from_hours(24 * 14);
    let set = |chair| Command::SetHearing {
        on,
        place: "听证室".to_owned(),
        chair,
        chair_name: "李主持".to_owned(),
    };
    let refused = life.act(set(id(70))).unwrap_err();
    assert_eq!(refused.code, "cases.chair-examined");
    life.act(set(id(75))).unwrap();
    days(&mut life, 15);
    life.act(Command::RecordHearing { record: "双方到场陈述。".to_owned(), evidence: Vec::new() }).unwrap();
    insta::assert_snapshot!(told(&life));
}

#[test]
fn publicity_passes_by_itself_and_an_objection_calls_a_person() {
    let process = serde_json::json!([
        {"id": "public", "title": text("公示"), "by": "nanjing.transport", "publicity": "5wd"}
    ]);
    let mut quiet = Life::filed("public-service", process.clone(), vec![found(true)]);
    days(&mut quiet, 12);
    assert_eq!(quiet.case().state.word(), "decided");
    let mut loud = Life::filed("public-service", process, vec![found(true)]);
    let reason = "材料不实".to_owned();
    loud.act(Command::Object { step: "public".to_owned(), reason, by: None, on_paper: None }).unwrap();
    days(&mut loud, 12);
    assert_eq!((loud.case().state.word(), loud.case().open_tasks().count()), ("accepted", 1));
    insta::assert_snapshot!(told(&quiet));
}

#[test]
fn several_sign_one_opinion_and_a_line_system_reports() {
    let mut life = Life::new(rich("public-service"));
    life.act(Command::File(Box::new(application(Frame::PublicService, vec![found(true)])))).unwrap();
    assert_eq!(life.case().open_tasks().count(), 3, "the line system, and two that sign");
    let seats: Vec<Seat> = life.case().open_seats().map(|(_, seat)| seat.clone()).collect();
    let choice = Choice::default;
    let external = seats.iter().find(|s| s.external.is_some()).unwrap().task;
    let by_hand = Command::Approve { task: external, reason: None, choice: choice() };
    assert_eq!(life.act(by_hand).unwrap_err().code, "cases.external");
    for seat in seats.iter().filter(|s| s.external.is_none()) {
        life.act(Command::Approve { task: seat.task, reason: None, choice: choice() }).unwrap();
    }
    assert!(life.case().step("joint").unwrap().passed());
    let (system, text) = ("fire-line".to_owned(), "合格".to_owned());
    life.act(Command::Report { task: external, system, pass: true, text }).unwrap();
    days(&mut life, 12);
    let task = life.task();
    let against = Command::Refuse { task, reason: "不宜".to_owned(), choice: choice() };
    assert_eq!(life.act(against).unwrap_err().code, "cases.deviation-reason", "the band says pass");
    life.act_as(Command::Claim { task }, Doer { account: Some(id(71)), ..Doer::default() }).unwrap();
    let other = Doer { account: Some(id(72)), ..Doer::default() };
    let approve = || Command::Approve { task, reason: None, choice: choice() };
    assert_eq!(life.act_as(approve(), other).unwrap_err().code, "cases.claimed");
    life.act(approve()).unwrap();
    assert_eq!(life.case().step("approve").unwrap().discretion.band.as_deref(), Some("small"));
    assert_eq!(life.case().state.word(), "decided");
}

/// The whole way of a plain case in one frame: what runs from receipt, acceptance, decision and service, by which law.
fn in_frame(kind: &str) -> String {
    let mut life = Life::filed(kind, usual(), vec![found(true)]);
    if matches!(life.case().state, CaseState::Submitted { .. }) {
        days(&mut life, 2);
        life.act(Command::Accept).unwrap();
    }
    days(&mut life, 5);
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap();
    days(&mut life, 1);
    life.complete();
    told(&life)
}

#[test]
fn a_registration_is_reckoned_by_its_own_law() {
    insta::assert_snapshot!(in_frame("registration"));
}

#[test]
fn a_benefit_is_reckoned_by_its_own_law() {
    insta::assert_snapshot!(in_frame("benefit"));
}

#[test]
fn a_filing_is_reckoned_by_its_own_law() {
    insta::assert_snapshot!(in_frame("filing"));
}

#[test]
fn a_confirmation_is_reckoned_by_its_own_law() {
    insta::assert_snapshot!(in_frame("confirmation"));
}

#[test]
fn a_refused_registration_has_its_remedies_reckoned() {
    let mut life = Life::filed("registration", usual(), vec![found(true)]);
    if matches!(life.case().state, CaseState::Submitted { .. }) {
        life.act(Command::Accept).unwrap();
    }
    let task = life.task();
    let refuse = Command::Refuse { task, reason: "权属不清".to_owned(), choice: Choice::default() };
    life.act(refuse).unwrap();
    days(&mut life, 1);
    life.complete();
    insta::assert_snapshot!(told(&life));
}
