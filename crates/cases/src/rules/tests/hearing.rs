//! A hearing concerns several: each is told, each answers for themselves, and nothing is decided before the last of them.

use super::sample::*;
use crate::CaseEvent;
use crate::model::*;
use crate::rules::{Command, Doer};
use kernel::{Lang, PersonId, SubjectId};
use procedure::Frame;

fn other() -> SubjectId {
    SubjectId::Person(id::<PersonId>(6))
}

fn by(subject: SubjectId) -> Doer {
    Doer { subject: Some(subject), ..Doer::default() }
}

fn days(life: &mut Life, days: i64) {
    life.now += jiff::SignedDuration::from_hours(24 * days);
    life.sweep();
}

/// An accepted case of two, the second as they wish to be served; a hearing is offered.
fn of_two(paper: bool) -> Life {
    let mut life = Life::new(item("permit", usual()));
    let mut application = application(Frame::Licence, vec![found(true)]);
    application.parties.push(Party { subject: other(), name: "李四".to_owned(), paper, ..party() });
    life.act(Command::File(Box::new(application))).unwrap();
    life.act(Command::Accept).unwrap();
    life.act(Command::OfferHearing { reason: "关系他人重大利益".to_owned() }).unwrap();
    life
}

fn hearing(life: &Life) -> &Hearing {
    life.case().hearing.as_ref().unwrap()
}

fn words(events: &[CaseEvent]) -> Vec<&'static str> {
    events.iter().map(CaseEvent::word).collect()
}

fn found_neighbour(life: &mut Life) -> Vec<CaseEvent> {
    let (name, interest) = ("王五".to_owned(), "共用楼道".to_owned());
    life.act(Command::FindInterested { name, interest }).unwrap()
}

fn tell(life: &mut Life) -> Result<Vec<CaseEvent>, kernel::Refusal> {
    let served = life.now;
    life.act(Command::TellInterested {
        who: "interested-1".to_owned(), served, proof: "回证12号".to_owned()
    })
}

fn answers(life: &mut Life, asks: bool) -> Result<Vec<CaseEvent>, kernel::Refusal> {
    life.act(Command::AnswerOfInterested {
        who: "interested-1".to_owned(),
        asks,
        proof: "卷内第12页".to_owned(),
    })
}

#[test]
fn nobody_gives_up_what_is_anothers() {
    let mut life = of_two(false);
    let one = life.act_as(Command::WaiveHearing, by(party().subject)).unwrap();
    assert_eq!(words(&one), ["hearing_forgone"]);
    assert!(hearing(&life).open(), "the other may still ask");
    let again = life.act_as(Command::WaiveHearing, by(party().subject)).unwrap_err();
    assert_eq!(again.code, "procedure.hearing-answered");
    life.act_as(Command::RequestHearing, by(other())).unwrap();
    assert!(hearing(&life).wanted());
    assert!(matches!(life.case().state, CaseState::Suspended { kind: SuspensionKind::Hearing, .. }));
    // They think better of it: nobody is left, and it goes on.
    let end = life.act_as(Command::WaiveHearing, by(other())).unwrap();
    assert!(words(&end).contains(&"hearing_waived"), "{:?}", words(&end));
    assert!(matches!(life.case().state, CaseState::Accepted { .. }));
}

#[test]
fn a_second_who_asks_moves_nothing() {
    let mut life = of_two(false);
    life.act_as(Command::RequestHearing, by(other())).unwrap();
    let terms = life.case().terms.len();
    let second = life.act_as(Command::RequestHearing, by(party().subject)).unwrap();
    assert_eq!(words(&second), ["hearing_asked"]);
    assert_eq!(life.case().terms.len(), terms);
    life.act_as(Command::WaiveHearing, by(other())).unwrap();
    assert!(hearing(&life).wanted(), "one of them still wants to be heard");
}

#[test]
fn whoever_is_told_on_paper_has_five_days_from_that_day() {
    let mut life = of_two(true);
    let refusal = life.act_as(Command::RequestHearing, by(other())).unwrap_err();
    assert_eq!(refusal.code, "procedure.hearing-not-told");
    // As the program does with a notice.
    let issued = Issued {
        notice: id(40),
        kind: NoticeKind::HearingOffer,
        number: "TG1".to_owned(),
        outside: false,
        at: life.now,
    };
    life.act(Command::Issued { issued, seal: None }).unwrap();
    days(&mut life, 14);
    assert!(hearing(&life).open(), "nobody gives up what they were not told of");
    let serve = Command::Serve {
        notice: Some(id(40)),
        way: Service::Electronic,
        effective_at: life.now,
        party: Some(other()),
    };
    let served = life.act(serve).unwrap();
    assert_eq!(words(&served), ["served", "hearing_told"]);
    days(&mut life, 3);
    assert!(hearing(&life).open());
    days(&mut life, 14);
    assert!(!hearing(&life).open(), "their own five working days have passed");
}

#[test]
fn a_neighbour_is_told_asks_and_is_waited_for() {
    let mut life = of_two(false);
    for subject in [party().subject, other()] {
        life.act_as(Command::WaiveHearing, by(subject)).unwrap();
    }
    assert!(!hearing(&life).open());
    let first = found_neighbour(&mut life);
    assert_eq!(words(&first), ["interested_found"]);
    days(&mut life, 20);
    assert!(hearing(&life).open(), "the notice is not served yet");
    assert_eq!(answers(&mut life, true).unwrap_err().code, "procedure.hearing-not-told");
    tell(&mut life).unwrap();
    assert_eq!(tell(&mut life).unwrap_err().code, "cases.no-such-interested");
    let asked = answers(&mut life, true).unwrap();
    assert!(words(&asked).contains(&"hearing_requested"), "{:?}", words(&asked));
    assert!(hearing(&life).wanted());
}

#[test]
fn silence_of_a_neighbour_ends_it_and_what_is_wrong_is_said() {
    let mut life = Life::filed("permit", usual(), vec![found(true)]);
    life.act(Command::Accept).unwrap();
    let first = found_neighbour(&mut life);
    assert_eq!(words(&first), ["hearing_offered", "interested_found"], "the parties are told, too");
    let twice = life
        .act(Command::FindInterested { name: "王五".to_owned(), interest: "采光".to_owned() })
        .unwrap_err();
    assert_eq!(twice.code, "cases.interested-twice");
    let nameless = Command::FindInterested { name: " ".to_owned(), interest: "采光".to_owned() };
    assert_eq!(life.act(nameless).unwrap_err().code, "cases.interested-unnamed");
    let early = Command::TellInterested {
        who: "interested-1".to_owned(),
        served: life.now - jiff::SignedDuration::from_hours(72),
        proof: "回证".to_owned(),
    };
    let refusal = life.act(early).unwrap_err();
    assert_eq!(refusal.code, "cases.served-before-found");
    assert!(!refusal.sentence(Lang::En).is_empty());
    tell(&mut life).unwrap();
    days(&mut life, 14);
    assert!(!hearing(&life).open(), "neither party nor neighbour asked in time");
    let waived = life.events.iter().filter(|e| matches!(e, CaseEvent::HearingWaived { .. })).count();
    assert_eq!(waived, 1, "written down once");
}

#[test]
fn a_request_withdrawn_late_opens_no_time_that_is_gone() {
    let mut life = of_two(false);
    found_neighbour(&mut life);
    life.act_as(Command::RequestHearing, by(other())).unwrap();
    // The first party's five days pass in silence while the hearing is prepared.
    days(&mut life, 14);
    life.act_as(Command::WaiveHearing, by(other())).unwrap();
    assert!(hearing(&life).open(), "the neighbour was not told yet");
    assert!(!hearing(&life).may_ask(&Hearing::place(party().subject), life.now));
    let late = life.act_as(Command::RequestHearing, by(party().subject)).unwrap_err();
    assert_eq!(late.code, "procedure.hearing-over");
    let before = life.events.len();
    life.sweep();
    assert_eq!(life.events.len(), before, "nothing is written at a moment long gone");
    tell(&mut life).unwrap();
    days(&mut life, 14);
    assert!(!hearing(&life).open());
}
