//! Parcels as rules see them: what may leave, what is heard in any order, whose signature counts.

use super::*;
use kernel::id::TypedId;
use kernel::{AccountId, AgencyCode, Money, OrganisationId, PersonId, clock};

fn id<T: TypedId>(n: u128) -> T {
    T::from_uuid(uuid::Uuid::from_u128(n))
}

fn at(seconds: i64) -> Timestamp {
    clock::from_micros(1_800_000_000_000_000 + seconds * 1_000_000)
}

fn paper(number: &str, must: bool) -> Paper {
    Paper { number: number.to_owned(), title: Text::new("证", "paper"), case: "c1".to_owned(), must }
}

struct Desk {
    parcel: Parcel,
    terms: Settings,
    calendar: Calendar,
    now: i64,
}

impl Desk {
    fn new(how: How) -> Self {
        let cases = ["c1", "c2"].map(|c| CaseOf { number: c.to_owned(), over: false });
        let begun = Begun {
            number: "K1".to_owned(),
            matter: "m".to_owned(),
            title: Text::new("事", "matter"),
            recipient: SubjectId::Person(id::<PersonId>(1)),
            recipient_name: "王秀英".to_owned(),
            agency: AgencyCode::parse("nanjing.land").unwrap(),
            division: "320100".to_owned(),
            cases: cases.to_vec(),
            letter: false,
            nth: 1,
            how,
        };
        let parcel = fold::fresh(&begun, at(0));
        Self { parcel, terms: Settings::default(), calendar: Calendar::official(), now: 1 }
    }

    fn act(&mut self, command: &Command) -> Result<usize, String> {
        self.now += 1;
        let law = Law { terms: &self.terms, calendar: &self.calendar, now: at(self.now) };
        let events = decide(&self.parcel, command, law).map_err(|failure| match failure {
            kernel::Failure::Refused(no) => no.code.into_owned(),
            kernel::Failure::Fault(fault) => fault.to_string(),
        })?;
        for event in &events {
            apply(&mut self.parcel, event, event.occurred().unwrap_or(at(self.now)));
        }
        Ok(events.len())
    }

    fn take_in(&mut self, papers: &[Paper], over: &[&str]) {
        let cases = over.iter().map(|c| CaseOf { number: (*c).to_owned(), over: true }).collect();
        self.act(&Command::TakeIn { papers: papers.to_vec(), cases, gone: Vec::new() }).unwrap();
    }

    fn pack(&mut self, ticked: &[&str]) -> Result<usize, String> {
        let ticked = ticked.iter().map(|n| (*n).to_owned()).collect();
        self.act(&Command::Pack { ticked, by: clerk(), order: id(10) })
    }

    fn hear(&mut self, said: Said, signer: Option<Signer>, when: i64) -> usize {
        let leg = Leg { said, at: at(when), signer, note: "x".to_owned(), via: Heard::CallBack };
        self.act(&Command::Hear { order: id(10), leg }).unwrap()
    }

    /// Packed, listed and handed over.
    fn away(&mut self) {
        self.take_in(&[paper("A", false)], &["c1", "c2"]);
        self.pack(&["A"]).unwrap();
        self.act(&Command::List { list: id(20) }).unwrap();
        self.act(&Command::HandOver { list: id(20), courier: "李".to_owned() }).unwrap();
        assert_eq!(self.parcel.state(), State::HandedOver);
    }
}

fn clerk() -> By {
    By::Staff { account: id::<AccountId>(2), agency: AgencyCode::parse("nanjing.land").unwrap() }
}

fn courier() -> How {
    How::Courier { address: id(5) }
}

#[test]
fn nothing_leaves_before_all_is_there_or_without_a_paper() {
    let mut desk = Desk::new(courier());
    desk.take_in(&[paper("A", false)], &["c1"]);
    assert_eq!(desk.parcel.state(), State::Gathering);
    assert_eq!(desk.pack(&["A"]), Err("delivery.gathering".to_owned()));
    desk.take_in(&[paper("A", false), paper("B", false)], &["c1", "c2"]);
    assert_eq!((desk.parcel.state(), desk.parcel.papers.len()), (State::Ready, 2));
    assert_eq!(desk.pack(&["A"]), Err("delivery.missing".to_owned()));
    assert_eq!(desk.pack(&["A", "B", "C"]), Err("delivery.not-of-this".to_owned()));
    desk.pack(&["B", "A"]).unwrap();
    assert_eq!(desk.parcel.state(), State::Packed);
    assert_eq!(
        desk.act(&Command::Choose { how: How::Electronic, by: By::Recipient, charge: None }),
        Err("delivery.packed".to_owned())
    );
}

#[test]
fn who_chose_nothing_gets_on_paper_only_what_must_be() {
    let mut desk = Desk::new(How::Electronic);
    desk.take_in(&[paper("A", false)], &["c1", "c2"]);
    assert_eq!(desk.parcel.state(), State::Nothing);
    desk.take_in(&[paper("D", true)], &[]);
    assert_eq!(desk.parcel.state(), State::Ready);
    desk.pack(&["D"]).unwrap();
    assert_eq!(desk.parcel.state(), State::Collectable);
    let collect = |name: &str, seen| Command::Collect { name: name.to_owned(), seen, by: clerk() };
    assert_eq!(desk.act(&collect("王秀英", false)), Err("delivery.see-identity".to_owned()));
    assert_eq!(desk.act(&collect(" ", true)), Err("delivery.who-took-it".to_owned()));
    desk.act(&collect("王秀英", true)).unwrap();
    assert_eq!(desk.act(&collect("王秀英", true)), Err("delivery.collected".to_owned()));
    let reached = desk.parcel.reached.as_ref().unwrap();
    assert!(reached.counts && reached.signer == Signer::Oneself);
}

#[test]
fn a_part_goes_first_with_its_reason() {
    let mut desk = Desk::new(courier());
    let part = |why: &str| Command::Part { why: why.to_owned(), by: By::Recipient };
    assert_eq!(desk.act(&part("急用")), Err("delivery.nothing".to_owned()));
    desk.take_in(&[paper("A", false)], &["c1"]);
    assert_eq!(desk.act(&part(" ")), Err("delivery.say-why".to_owned()));
    desk.act(&part("急用")).unwrap();
    assert_eq!(desk.parcel.state(), State::Ready);
}

#[test]
fn a_list_takes_a_parcel_once_and_only_when_packed() {
    let mut desk = Desk::new(courier());
    let list = |n| Command::List { list: id(n) };
    assert_eq!(desk.act(&list(20)), Err("delivery.not-packed".to_owned()));
    desk.away();
    assert_eq!(desk.act(&list(20)), Err("delivery.handed-over".to_owned()));
    let mut desk = Desk::new(courier());
    desk.take_in(&[paper("A", false)], &["c1", "c2"]);
    desk.pack(&["A"]).unwrap();
    desk.act(&list(20)).unwrap();
    assert_eq!(desk.act(&list(20)), Err("delivery.scanned-twice".to_owned()));
    assert_eq!(desk.act(&list(21)), Err("delivery.on-another-list".to_owned()));
    desk.act(&Command::Unlist { list: id(20) }).unwrap();
    desk.act(&list(21)).unwrap();
}

#[test]
fn what_is_heard_in_any_order_and_twice_comes_to_the_same() {
    let said = [
        (Said::PickedUp, None, 10),
        (Said::InTransit, None, 20),
        (Said::OutForDelivery, None, 30),
        (Said::Signed, Some(Signer::Oneself), 40),
    ];
    // All 24 orders, each heard twice.
    for order in 0..24_usize {
        let mut left: Vec<_> = said.to_vec();
        let mut desk = Desk::new(courier());
        desk.away();
        let mut rest = order;
        for n in (1..=4).rev() {
            let (what, signer, when) = left.remove(rest % n);
            rest /= n;
            desk.hear(what, signer, when);
            assert_eq!(desk.hear(what, signer, when), 0, "twice is once");
        }
        assert_eq!(desk.parcel.state(), State::Signed, "order {order}");
        assert_eq!(desk.parcel.reached.as_ref().unwrap().at, at(40));
    }
}

#[test]
fn an_end_stands_and_what_contradicts_it_is_only_noted() {
    let mut desk = Desk::new(courier());
    desk.away();
    desk.hear(Said::Signed, Some(Signer::Family), 40);
    assert_eq!(desk.hear(Said::Returned, None, 50), 1);
    assert_eq!(desk.parcel.state(), State::Signed);
}

#[test]
fn what_was_refused_is_not_served_and_comes_back_to_be_kept_or_sent_once_more() {
    let mut desk = Desk::new(courier());
    desk.away();
    desk.hear(Said::Refused, None, 40);
    assert_eq!((desk.parcel.state(), &desk.parcel.reached), (State::Refused, &None));
    desk.hear(Said::Returned, None, 50);
    assert_eq!(desk.parcel.state(), State::Returned);
    let again = Command::Again { how: courier(), by: clerk(), order: id(11) };
    desk.act(&again).unwrap();
    assert_eq!((desk.parcel.state(), desk.parcel.list), (State::Packed, None));
    desk.act(&Command::List { list: id(21) }).unwrap();
    desk.act(&Command::HandOver { list: id(21), courier: "李".to_owned() }).unwrap();
    // What the first order still says is too late.
    assert_eq!(desk.hear(Said::Signed, Some(Signer::Oneself), 60), 1);
    assert_eq!(desk.parcel.state(), State::HandedOver);
    assert_eq!(desk.act(&Command::TakeBack { reason: String::new() }), Err("delivery.say-why".to_owned()));
    desk.act(&Command::TakeBack { reason: "查无此人".to_owned() }).unwrap();
    assert_eq!(desk.act(&again), Err("delivery.sent-twice".to_owned()));
    desk.act(&Command::Keep).unwrap();
    assert_eq!(desk.parcel.state(), State::Collectable);
}

#[test]
fn a_locker_is_no_service_until_somebody_has_it() {
    let mut desk = Desk::new(courier());
    desk.away();
    desk.hear(Said::Signed, Some(Signer::Locker), 40);
    assert_eq!(desk.parcel.state(), State::Deposited);
    desk.act(&Command::Confirm { name: "王秀英".to_owned() }).unwrap();
    assert_eq!(desk.parcel.state(), State::Signed);
    assert_eq!(desk.act(&Command::Confirm { name: "王秀英".to_owned() }), Ok(0));
    // The courier's own word that it was taken out comes later and changes nothing.
    let before = desk.parcel.reached.clone();
    desk.hear(Said::Signed, Some(Signer::Oneself), 70);
    assert_eq!(desk.parcel.reached, before);
    // Nobody took it out: it comes back, and is not served.
    let mut desk = Desk::new(courier());
    desk.away();
    desk.hear(Said::Signed, Some(Signer::Locker), 40);
    desk.hear(Said::Returned, None, 90);
    assert_eq!((desk.parcel.state(), &desk.parcel.reached), (State::Returned, &None));
    // What the recipient has said they have does not come back.
    let mut desk = Desk::new(courier());
    desk.away();
    desk.act(&Command::Confirm { name: "王秀英".to_owned() }).unwrap();
    assert_eq!((desk.hear(Said::Returned, None, 90), desk.hear(Said::Returned, None, 91)), (1, 0));
    assert_eq!(desk.parcel.state(), State::Signed);
}

#[test]
fn whose_signature_counts() {
    let (person, firm) =
        (SubjectId::Person(id::<PersonId>(1)), SubjectId::Organisation(id::<OrganisationId>(1)));
    let terms = Settings::default();
    for (signer, for_person, for_firm) in [
        (Signer::Oneself, true, true),
        (Signer::Family, true, false),
        (Signer::Mailroom, false, true),
        (Signer::Locker, false, false),
        (Signer::Other, false, false),
    ] {
        assert_eq!(
            (counts(signer, person, &terms), counts(signer, firm, &terms)),
            (for_person, for_firm),
            "{signer}"
        );
    }
    let strict = Settings { family_counts: false, ..terms };
    assert!(!counts(Signer::Family, person, &strict));
}

#[test]
fn what_nobody_collects_is_written_of_and_lapses_and_still_lies_there() {
    let mut desk =
        Desk::new(How::Collect { place: "h".to_owned(), name: Text::new("大厅", "hall"), away: None });
    desk.take_in(&[paper("A", false)], &["c1", "c2"]);
    desk.pack(&["A"]).unwrap();
    assert_eq!(desk.act(&Command::Sweep), Ok(0));
    desk.now += 20 * 86_400;
    assert_eq!((desk.act(&Command::Sweep), desk.act(&Command::Sweep)), (Ok(1), Ok(0)));
    desk.now += 50 * 86_400;
    assert_eq!((desk.act(&Command::Sweep), desk.parcel.state()), (Ok(1), State::Lapsed));
    let collect = Command::Collect { name: "代领人".to_owned(), seen: true, by: clerk() };
    desk.act(&collect).unwrap();
    assert_eq!(desk.parcel.reached.as_ref().unwrap().signer, Signer::Other);
}

fn charge(order: u128, fen: i64) -> Charge {
    Charge { order: id(order), fee: "courier-city".to_owned(), amount: Money::fen(fen) }
}

fn choose(desk: &mut Desk, how: How, charge: Option<Charge>) -> Result<usize, String> {
    desk.act(&Command::Choose { how, by: By::Recipient, charge })
}

#[test]
fn what_the_courier_asks_is_owed_once_and_with_the_other_fees() {
    let mut desk = Desk::new(How::Electronic);
    assert_eq!(desk.act(&Command::Charge(charge(30, 1_200))), Ok(0), "nobody is to carry it");
    choose(&mut desk, courier(), None).unwrap();
    assert_eq!(desk.parcel.charge, None, "nothing else is due yet");
    assert_eq!(desk.act(&Command::Charge(charge(30, 1_200))), Ok(1));
    assert_eq!(desk.act(&Command::Charge(charge(31, 1_200))), Ok(0), "due twice is due once");
    // Another address at the same price is the same order; at another price, the old one is called off first.
    choose(&mut desk, How::Courier { address: id(6) }, Some(charge(32, 1_200))).unwrap();
    assert_eq!(desk.parcel.charge, Some(charge(30, 1_200)));
    assert_eq!(choose(&mut desk, How::Courier { address: id(7) }, Some(charge(33, 2_000))), Ok(3));
    assert_eq!(desk.parcel.charge, Some(charge(33, 2_000)));
    desk.take_in(&[paper("A", false)], &["c1", "c2"]);
    desk.pack(&["A"]).unwrap();
    assert_eq!(desk.parcel.attempt().map(|a| a.order), Some(id(33)), "what was owed is what is ordered");
    assert_eq!(desk.act(&Command::Charge(charge(34, 1))), Ok(0), "it has left");
}

#[test]
fn what_was_owed_for_a_courier_falls_when_none_is_needed() {
    let mut desk = Desk::new(How::Electronic);
    choose(&mut desk, courier(), Some(charge(30, 1_200))).unwrap();
    assert_eq!(choose(&mut desk, How::Electronic, None), Ok(2));
    assert_eq!(desk.parcel.charge, None);
    choose(&mut desk, courier(), Some(charge(31, 1_200))).unwrap();
    desk.take_in(&[], &["c1", "c2"]);
    assert_eq!(desk.parcel.state(), State::Nothing);
    assert_eq!(desk.act(&Command::Sweep), Ok(0), "a certificate may still come");
    desk.now += 60 * 60 * 24 * 90;
    assert_eq!(desk.act(&Command::Sweep), Ok(1));
    assert_eq!(desk.parcel.charge, None, "nothing is sent, and nothing is owed");
    assert_eq!(desk.act(&Command::Sweep), Ok(0));
}
