//! The rules without a database: what is refused, what passes by itself, and when.

use super::seal::{self, Asked, Ground, Order, SealCommand, SealState};
use super::*;
use kernel::{ActorRef, Lang};

const NOW: &str = "2026-11-23T02:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

fn person(n: u8) -> PersonId {
    format!("01890000-0000-7000-8000-0000000000{n:02x}").parse().unwrap()
}

fn agency() -> AgencyCode {
    AgencyCode::parse("nanjing.transport").unwrap()
}

fn look(by: PersonId) -> LookSaid {
    let actor = ActorRef { person: Some(by), ..ActorRef::system() };
    LookSaid { id: 7, at: now(), actor, fields: vec!["case".into()], ground: "examine".into(), case: None }
}

fn new(text: &str, by: PersonId) -> New {
    New {
        kind: Kind::Objection,
        person: person(1),
        look: Some(look(by)),
        what: String::new(),
        text: text.to_owned(),
        papers: Vec::new(),
        asked: Some(agency()),
        division: "320100".into(),
    }
}

fn raised() -> Request {
    let calendar = Calendar::official();
    let event = raise(new("没有办过这件事", person(2)), now(), &calendar, &Settings::default()).unwrap();
    begun(&event, now()).unwrap()
}

fn code<T: std::fmt::Debug>(result: Result<T, Refusal>) -> String {
    result.unwrap_err().code.into_owned()
}

#[test]
fn an_objection_is_reckoned_in_working_days_and_says_how() {
    let request = raised();
    assert_eq!(request.raised.due.date.to_string(), "2026-12-14");
    assert_eq!(request.raised.ground_due.as_ref().unwrap().date.to_string(), "2026-11-30");
    assert!(!request.raised.due.explain(Lang::ZhCn).is_empty());
    let own = raise(new("?", person(1)), now(), &Calendar::official(), &Settings::default());
    assert_eq!(code(own), "supervision.own-look");
    for text in ["", "  \n", &"字".repeat(TEXT_MAX + 1)] {
        let wrong = raise(new(text, person(2)), now(), &Calendar::official(), &Settings::default());
        assert_eq!(code(wrong), "supervision.text");
    }
}

#[test]
fn both_sides_are_heard_before_an_answer() {
    let calendar = Calendar::official();
    let mut request = raised();
    let answer = |upheld, measures: &str| Command::Answer {
        upheld,
        reason: "查看没有依据".into(),
        measures: measures.into(),
    };
    assert_eq!(code(decide(&request, &answer(false, ""), now(), &calendar)), "supervision.ground-awaited");
    let after = "2026-12-01T02:00:00Z".parse().unwrap();
    assert!(
        decide(&request, &answer(false, ""), after, &calendar).is_ok(),
        "silence does not block the answer"
    );
    let ground = Command::GiveGround { agency: agency(), text: "行政许可法第三十四条".into() };
    let events = decide(&request, &ground, now(), &calendar).unwrap();
    apply(&mut request, &events[0], now());
    assert_eq!(code(decide(&request, &ground, now(), &calendar)), "supervision.ground-given");
    assert_eq!(code(decide(&request, &answer(true, ""), now(), &calendar)), "supervision.text");
    let events = decide(&request, &answer(false, ""), now(), &calendar).unwrap();
    let RequestEvent::Answered { remedy_until, .. } = &events[0] else { panic!() };
    // 22 January 2027 is the sixtieth day.
    assert_eq!(remedy_until.unwrap().to_string(), "2027-01-22");
    apply(&mut request, &events[0], now());
    assert_eq!(request.state(), State::Refused);
    assert_eq!(code(decide(&request, &Command::Withdraw, now(), &calendar)), "supervision.closed");
    assert_eq!(next_at(&request), None);
}

#[test]
fn terms_pass_once_and_in_order() {
    let calendar = Calendar::official();
    let mut request = raised();
    assert!(decide(&request, &Command::Sweep, now(), &calendar).unwrap().is_empty());
    assert_eq!(next_at(&request), Some(request.raised.ground_due.as_ref().unwrap().at));
    let slept = "2027-01-10T02:00:00Z".parse().unwrap();
    let events = decide(&request, &Command::Sweep, slept, &calendar).unwrap();
    let whose = [Whose::Agency, Whose::Decider].map(|whose| RequestEvent::TermPassed { whose });
    assert_eq!(events, whose);
    events.iter().for_each(|event| apply(&mut request, event, slept));
    assert!(decide(&request, &Command::Sweep, slept, &calendar).unwrap().is_empty(), "each is written once");
    assert_eq!(request.state(), State::Open, "it stays to be answered");
}

fn order() -> Order {
    let asked = Asked {
        person: person(1),
        account: "01890000-0000-7000-8000-0000000000aa".parse().unwrap(),
        by: person(2),
        agency: agency(),
        ground: Ground::Duty,
        reason: "核查举报".into(),
        until: "2026-12-31T15:59:59Z".parse().unwrap(),
    };
    Order { asked, at: now(), state: SealState::Asked, approved_at: None, refused: None, looks: 0 }
}

#[test]
fn a_look_is_kept_secret_by_two_persons_and_for_a_bounded_time() {
    let mut order = order();
    let mut long = order.asked.clone();
    long.until = "2027-12-31T00:00:00Z".parse().unwrap();
    assert_eq!(code(seal::ask(long, now(), &Settings::default())), "supervision.seal-term");
    let past = Asked { until: now(), ..order.asked.clone() };
    assert_eq!(code(seal::ask(past, now(), &Settings::default())), "supervision.seal-term");
    assert!(seal::ask(order.asked.clone(), now(), &Settings::default()).is_ok());
    let yes = |by| SealCommand::Decide { by, approve: true, reason: String::new() };
    assert_eq!(code(seal::decide(&order, &yes(person(2)), now())), "supervision.seal-second");
    assert_eq!(code(seal::decide(&order, &yes(person(1)), now())), "supervision.seal-concerned");
    let no = SealCommand::Decide { by: person(3), approve: false, reason: " ".into() };
    assert_eq!(code(seal::decide(&order, &no, now())), "supervision.text");
    let late = "2027-01-01T00:00:00Z".parse().unwrap();
    assert_eq!(code(seal::decide(&order, &yes(person(3)), late)), "supervision.seal-closed");
    let event = seal::decide(&order, &yes(person(3)), now()).unwrap();
    seal::apply(&mut order, &event, now());
    let end = |early| SealCommand::End { looks: 2, early };
    assert_eq!(code(seal::decide(&order, &end(false), now())), "supervision.seal-closed");
    assert!(seal::decide(&order, &end(true), now()).is_ok(), "it may end before its time");
    let event = seal::decide(&order, &end(false), late).unwrap();
    seal::apply(&mut order, &event, late);
    assert_eq!((order.state, order.looks), (SealState::Ended, 2));
}
