//! The ways through a case that matter most, one test each.

use super::sample::*;
use crate::CaseEvent;
use crate::model::*;
use crate::rules::{Act, Choice, Command, Doer, decide};
use procedure::{TermKind, TermState};

fn words(events: &[CaseEvent]) -> Vec<&'static str> {
    events.iter().map(CaseEvent::word).collect()
}

#[test]
fn an_instant_item_is_filed_decided_and_closed_in_one_go() {
    let mut life = Life::filed("confirmation", instant(), vec![found(true)]);
    life.complete();
    assert_eq!(
        words(&life.events),
        ["filed", "facts_seen", "accepted", "step_passed", "decided", "certified", "delivered", "closed"]
    );
    let body = |t: &&procedure::RunningTerm| t.kind != TermKind::Remedy;
    let decided = life.case().terms.iter().filter(body).all(|t| matches!(t.state, TermState::Met(_)));
    assert!(decided, "every term was met: {:?}", life.case().terms);
}

#[test]
fn a_rule_that_refuses_says_why_and_what_can_be_done() {
    let life = Life::filed("confirmation", instant(), vec![found(false)]);
    let Some(Decision::Refused { reason, remedies }) = life.case().state.decision() else {
        panic!("refused")
    };
    assert_eq!(reason.zh, "车辆不合格。");
    assert_eq!(remedies.len(), 2);
    assert!(remedies[0].zh.contains("六十日") && remedies[1].zh.contains("六个月"), "{remedies:?}");
}

#[test]
fn what_a_rule_refused_goes_to_a_person_when_it_is_to_be_done_again() {
    let mut life = Life::filed("confirmation", instant(), vec![found(false)]);
    let (remedy, kind) = (id(80), procedure::RemedyKind::Reconsideration);
    let (body, ground) = ("市政府".to_owned(), "车辆合格".to_owned());
    life.act(Command::OpenRemedy { remedy, kind, body, ground }).unwrap();
    let outcome = procedure::RemedyOutcome::AnnulledRedo;
    life.act(Command::EndRemedy { remedy, outcome, text: "责令重新作出。".to_owned(), changed: None })
        .unwrap();
    let (step, _, _) = life.case().open_tasks().next().expect("the same rule does not refuse it again");
    assert_eq!(step.id, "qualify");
    assert!(life.case().state.decision().is_none(), "{:?}", life.case().state);
}

#[test]
fn what_no_register_holds_goes_to_a_person() {
    let life = Life::filed("confirmation", instant(), vec![fact(FactAnswer::NotFound)]);
    let (step, _, agency) = life.case().open_tasks().next().unwrap();
    assert_eq!((step.id.as_str(), agency.as_str()), ("qualify", "nanjing.transport"));
}

#[test]
fn an_absent_source_stops_nobody_but_the_decision() {
    let mut life = Life::filed("public-service", usual(), vec![absent()]);
    assert_eq!(life.case().absent(), ["vehicle"]);
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap();
    assert_eq!(life.case().state.word(), "accepted", "approved, but the fact is not there yet");
    life.act(Command::Learn { facts: vec![absent()] }).unwrap();
    assert_eq!(life.case().state.word(), "accepted");
    let events = life.act(Command::Learn { facts: vec![found(true)] }).unwrap();
    assert_eq!(words(&events), ["facts_seen", "step_passed", "decided"]);
}

#[test]
fn a_fact_that_arrives_and_speaks_against_it_calls_a_person() {
    let mut life = Life::filed("public-service", usual(), vec![absent()]);
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap();
    let events = life.act(Command::Learn { facts: vec![found(false)] }).unwrap();
    assert_eq!(words(&events), ["facts_seen", "step_opened"]);
    let task = life.task();
    life.act(Command::Approve {
        task,
        reason: Some("已查验纸质检验证明".to_owned()),
        choice: Choice::default(),
    })
    .unwrap();
    assert_eq!(life.case().state.word(), "decided");
}

#[test]
fn in_the_licence_frame_a_person_accepts_and_terms_run_from_then() {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    assert_eq!(life.case().state.word(), "submitted");
    let acceptance = &life.case().terms[0];
    assert_eq!(acceptance.kind, TermKind::Acceptance);
    assert_eq!(
        acceptance.due.date,
        jiff::civil::date(2026, 11, 27),
        "five working days from Friday the 20th"
    );
    life.now += jiff::SignedDuration::from_hours(3 * 24);
    life.act(Command::Accept).unwrap();
    let case = life.case();
    assert!(matches!(case.terms[0].state, TermState::Met(_)));
    let statutory = case.terms.iter().find(|t| t.kind == TermKind::Statutory).unwrap();
    assert_eq!(statutory.from, life.now);
    assert!(statutory.law.as_ref().unwrap().cite().zh.contains("第42条"));
}

#[test]
fn a_supplement_stops_the_clock_and_starts_it_anew() {
    let mut life = Life::filed("public-service", usual(), vec![found(true)]);
    let before = life.task();
    life.act(Command::AskSupplement { demands: vec![demand()] }).unwrap();
    assert_eq!(life.case().open_tasks().count(), 0, "nobody works on it meanwhile");
    assert!(life.case().terms.iter().all(|t| !t.runs()));
    life.now += jiff::SignedDuration::from_hours(48);
    let answers = serde_json::from_value(serde_json::json!({"plate": "苏A54321"})).unwrap();
    life.act(Command::Supplement { answers, materials: Vec::new(), facts: vec![found(true)] }).unwrap();
    let case = life.case();
    assert_eq!(case.state.word(), "accepted");
    assert_ne!(life.task(), before, "a new round is a new task");
    assert!(case.terms.iter().filter(|t| t.runs()).all(|t| t.from == life.now));
    let again = life.act(Command::AskSupplement { demands: vec![demand()] }).unwrap_err();
    assert_eq!(again.code, "cases.supplement-once");
}

#[test]
fn two_times_are_kept_apart() {
    let item = item("public-service", usual());
    let yesterday = noon() - jiff::SignedDuration::from_hours(24);
    let command = || Command::File(Box::new(application(procedure::Frame::PublicService, vec![found(true)])));
    let try_at = |act: &Act| decide(None, act, noon(), &CALENDAR, &item);
    let early = Act { command: command(), at: yesterday, late: None, by: Doer::default() };
    assert_eq!(try_at(&early).unwrap_err().code, "cases.late-needs-reason");
    let late =
        crate::event::Late { reason: "大厅断网".to_owned(), evidence: "收件登记簿".to_owned() };
    let fine = Act { command: command(), at: yesterday, late: Some(late), by: Doer::default() };
    let events = try_at(&fine).unwrap();
    let CaseEvent::Accepted { terms, .. } = &events[2] else { panic!("{events:?}") };
    assert_eq!(terms[0].from, yesterday, "terms run from when it happened");
    let future = Act {
        command: command(),
        at: noon() + jiff::SignedDuration::from_secs(1),
        late: None,
        by: Doer::default(),
    };
    assert_eq!(try_at(&future).unwrap_err().code, "cases.in-future");
}

#[test]
fn a_paper_that_turns_out_to_be_needed_is_not_passed_over() {
    let mut usual = item("public-service", usual());
    let paper = serde_json::json!({"id": "consent", "kind": "consent", "name": text("同意书"), "need": "required",
        "when": "vehicle.fit"});
    usual.materials.push(serde_json::from_value(paper).unwrap());
    compile(&mut usual);
    let frame = procedure::Frame::of(usual.kind).unwrap();
    let mut life = Life::new(usual);
    life.act(Command::File(Box::new(application(frame, vec![absent()])))).unwrap();
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap();
    let events = life.act(Command::Learn { facts: vec![found(true)] }).unwrap();
    assert_eq!(words(&events), ["facts_seen", "step_opened"], "a person sees that it is wanting");
    let CaseEvent::StepOpened { referred: Some(why), .. } = &events[1] else { panic!("{events:?}") };
    assert!(why.why.zh.contains("同意书") && why.why.en.contains("同意书"), "{why:?}");
    let task = life.task();
    life.act(Command::Approve { task, reason: Some("已见原件".to_owned()), choice: Choice::default() })
        .unwrap();
    assert_eq!(life.case().state.word(), "decided", "and may do without, once, with a reason");
}

#[test]
fn a_decision_says_from_birth_how_open_it_is() {
    let open = catalog::Openness {
        attribute: catalog::Publicity::Closed,
        ground: kernel::Text::same("政府信息公开条例第十五条"),
    };
    let mut private = item("confirmation", instant());
    private.openness = Some(open.clone());
    let mut life = Life::new(private);
    let application = application(procedure::Frame::Confirmation, vec![found(true)]);
    life.act(Command::File(Box::new(application))).unwrap();
    let decided = life.events.iter().find(|e| e.word() == "decided").unwrap();
    let CaseEvent::Decided { openness, .. } = decided else { panic!("{decided:?}") };
    assert_eq!(openness.as_ref(), Some(&open));
    assert_eq!(life.case().openness.as_ref(), Some(&open));
    // What was decided before the attribute was is read as it was written.
    let mut old = serde_json::to_value(decided).unwrap();
    old.as_object_mut().unwrap().remove("openness").unwrap();
    let read: CaseEvent = serde_json::from_value(old).unwrap();
    assert!(matches!(read, CaseEvent::Decided { openness: None, .. }));
}

#[test]
fn an_objection_on_paper_is_recorded_by_the_body_whose_step_it_is() {
    let process = serde_json::json!([
        {"id": "public", "title": text("公示"), "by": "nanjing.transport", "publicity": "5wd"}
    ]);
    let life = Life::filed("benefit", process, vec![found(true)]);
    let object = |name: &str| Command::Object {
        step: "public".to_owned(),
        reason: "已搬离".to_owned(),
        by: None,
        on_paper: Some(name.to_owned()),
    };
    let of = |agency: &str| Doer { agency: kernel::AgencyCode::parse(agency), ..Doer::head(id(70)) };
    let other = life.clone().act_as(object("李四"), of("nanjing.police")).unwrap_err();
    assert_eq!(other.code, "cases.not-responsible");
    let nameless = life.clone().act_as(object(" "), of("nanjing.transport")).unwrap_err();
    assert_eq!((nameless.code.as_ref(), nameless.fields[0].field.as_str()), ("cases.name-missing", "name"));
    let mut life = life;
    life.act_as(object(" 李四 "), of("nanjing.transport.passenger")).unwrap();
    assert_eq!(life.case().objections[0].on_paper.as_deref(), Some("李四"));
    life.now += jiff::SignedDuration::from_hours(24 * 12);
    life.sweep();
    assert_eq!(life.case().open_tasks().count(), 1, "a person looks into it");
    let why = serde_json::to_string(&life.case().steps).unwrap();
    assert!(!why.contains("李四"), "the name stands nowhere else: {why}");
}
