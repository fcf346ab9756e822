//! Ten thousand random lives: whatever is tried in whatever order, with clocks that leap and sources that fail, the law's
//! invariants hold. The list stands in the room's README.

use super::sample::*;
use crate::CaseEvent;
use crate::event::Late;
use crate::model::*;
use crate::rules::{Act, Application, Choice, Command, Doer, deadline, fold};
use catalog::Item;
use kernel::{AccountId, Term};
use procedure::{Frame, TermKind};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// Something that is tried: which command, and three numbers that choose its parts.
pub(super) type Try = (u8, u8, u8, u8);

pub(super) const KINDS: u8 = 44;

fn answer(n: u8) -> Fact {
    match n % 4 {
        0 => found(true),
        1 => found(false),
        2 => fact(FactAnswer::NotFound),
        _ => absent(),
    }
}

pub(super) fn account(n: u8) -> AccountId {
    id(70 + u64::from(n % 3))
}

fn task(life: &Life, n: u8) -> TaskId {
    let open: Vec<TaskId> = life.case().open_tasks().map(|(_, task, _)| task).collect();
    let done = life
        .case()
        .steps
        .iter()
        .find(|s| s.by_person())
        .map(|s| crate::rules::task_id(life.case().id, &s.id, s.round, 0));
    match n % 8 {
        7 => id(98),
        6 => done.unwrap_or_else(|| id(98)),
        n => open.get(usize::from(n) % open.len().max(1)).copied().unwrap_or_else(|| id(98)),
    }
}

fn reason(n: u8) -> String {
    if n.is_multiple_of(8) { "  ".to_owned() } else { "理由".to_owned() }
}

fn choice(n: u8) -> Choice {
    Choice { amount: None, deviation: n.is_multiple_of(3).then(|| "特殊情况".to_owned()) }
}

pub(super) fn command(life: &Life, (kind, a, b, c): Try) -> Command {
    let task = task(life, a);
    match kind {
        0 | 1 => Command::Learn { facts: vec![answer(a)] },
        2 => Command::Accept,
        3 => Command::NotAccept { reason: reason(b), right_body: None },
        4 => Command::Return { reason: reason(b) },
        5..=10 => Command::Approve { task, reason: None, choice: choice(c) },
        11 => Command::Refuse { task, reason: reason(b), choice: choice(c) },
        12 | 13 => {
            Command::Report { task, system: "fire-line".to_owned(), pass: c % 5 != 0, text: reason(b) }
        }
        14 => {
            let officers = (0..c % 4).map(|n| format!("核查员{n}")).collect();
            let (place, record) = ("现场".to_owned(), reason(b));
            Command::Visit {
                task,
                visit: Visit { at: life.now, place, officers, record, evidence: Vec::new() },
            }
        }
        15 => Command::Claim { task },
        16 => Command::Release { task },
        17 => Command::HandOver { task, to: account(c), note: String::new() },
        18 => Command::Recall { task },
        19 => {
            let to = life.item.process.get(usize::from(c) % life.item.process.len()).unwrap().id.clone();
            Command::SendBack { task, to, reason: reason(b) }
        }
        20 => Command::AskSupplement { demands: if b % 4 == 0 { Vec::new() } else { vec![demand()] } },
        21 | 22 => {
            let answers =
                serde_json::from_value(serde_json::json!({"plate": "苏A00001", "seats": c})).unwrap();
            Command::Supplement { answers, materials: Vec::new(), facts: vec![answer(a)] }
        }
        23 => {
            let kind = SuspensionKind::ALL[usize::from(c) % 9];
            let expected = (b % 3 > 0).then(|| Term::working_days(u32::from(b) % 40 + 1));
            Command::Suspend { kind, reason: reason(a), expected }
        }
        24 | 25 => Command::Resume { result: reason(b) },
        26 => Command::Extend { reason: reason(b), leave: (c % 2 == 0).then(leave) },
        _ => beside(life, (kind, a, b, c)),
    }
}

/// On line, or on paper with a name or without one.
fn object(b: u8) -> Command {
    let on_paper = b.is_multiple_of(3).then(|| reason(b));
    Command::Object { step: "public".to_owned(), reason: reason(b), by: None, on_paper }
}

/// One of those concerned, if they were found.
fn concerned(c: u8) -> String {
    format!("interested-{}", c % 3 + 1)
}

/// The commands of a hearing.
fn hearing(life: &Life, (kind, b, c): (u8, u8, u8)) -> Command {
    match kind {
        27 => Command::OfferHearing { reason: reason(b) },
        28 if b % 4 == 0 => Command::FindInterested { name: format!("邻居{}", c % 3), interest: reason(b) },
        28 => Command::RequestHearing,
        29 if b % 4 == 0 => Command::TellInterested { who: concerned(c), served: life.now, proof: reason(b) },
        29 if b % 4 == 1 => {
            Command::AnswerOfInterested { who: concerned(c), asks: c % 2 == 0, proof: reason(b) }
        }
        29 => Command::WaiveHearing,
        30 => {
            let on = life.now + jiff::SignedDuration::from_hours(24 * i64::from(c % 40));
            let (place, chair_name) = ("听证室".to_owned(), "主持人".to_owned());
            Command::SetHearing { on, place, chair: account(b), chair_name }
        }
        _ => Command::RecordHearing { record: reason(b) },
    }
}

/// The commands beside the plain way.
fn beside(life: &Life, (kind, a, b, c): Try) -> Command {
    match kind {
        27..=31 => hearing(life, (kind, b, c)),
        32 => {
            let given = Given::File(id(60));
            Command::KeepPromise { materials: vec![Material { demand: "lease".to_owned(), given }] }
        }
        33 => Command::CheckDeclaration { ok: b % 2 == 0, text: reason(c) },
        34 => Command::Dispute { path: "vehicle.fit".to_owned(), claim: reason(b), proof: None },
        35 => {
            let value = (c % 2 == 0).then(|| serde_json::json!(true));
            Command::SettleDispute {
                path: "vehicle.fit".to_owned(),
                upheld: b % 2 == 0,
                text: reason(a),
                value,
            }
        }
        36 => object(b),
        37 => Command::WantPerson { reason: None },
        38 => Command::Withdraw { reason: None },
        39 => Command::Forward { to: reason(b), reason: reason(c) },
        40 => Command::Void { reason: reason(b) },
        41 => Command::Revoke { ground: reason(b) },
        42 => Command::OpenRemedy {
            remedy: id(80 + u64::from(c % 4)),
            kind: RemedyKind::Reconsideration,
            body: reason(a),
            ground: reason(b),
        },
        _ => {
            let refused = Decision::Refused {
                reason: kernel::Text::same("变更"),
                remedies: vec![kernel::Text::same("诉讼")],
            };
            let changed = (b % 2 == 0).then_some(if c % 2 == 0 {
                refused
            } else {
                Decision::Approved { reason: None, amount: None }
            });
            let outcome = RemedyOutcome::ALL[usize::from(a) % 8];
            Command::EndRemedy {
                remedy: id(80 + u64::from(c % 4)),
                outcome,
                text: reason(a / 8 + 1),
                changed,
            }
        }
    }
}

/// What must hold of a case at every moment.
pub(super) fn check(life: &Life, before: Option<&Case>) {
    let case = life.case();
    assert!(
        case.state.works() || case.open_tasks().count() == 0,
        "an open task in a case that does not run: {case:?}"
    );
    if case.state.ended() {
        let runs =
            |t: &&procedure::RunningTerm| t.runs() && !matches!(t.kind, TermKind::Check | TermKind::Remedy);
        assert_eq!(
            case.terms.iter().find(runs),
            None,
            "no term of the body's runs on in a case that has ended"
        );
    }
    if let Some(decision) = case.state.decision() {
        let remedied = case.remedies.iter().any(|r| matches!(r.ended, Some((RemedyOutcome::Changed, _))));
        if decision.approved() && !remedied {
            assert!(case.absent().is_empty(), "nothing is granted while a fact is missing");
            assert!(case.steps.iter().all(Step::passed), "nothing is granted while a step is open: {case:?}");
            assert!(case.promises.iter().all(|p| !p.open()), "nothing is granted while a promise is open");
            assert!(!case.waits(), "nothing is granted while another case's result is awaited");
        }
        if let Decision::Refused { reason, remedies } = decision {
            assert!(
                !reason.zh.trim().is_empty() && !remedies.is_empty(),
                "a refusal has reasons and remedies"
            );
        }
        assert!(
            case.hearing.as_ref().is_none_or(|h| !h.open()) || remedied,
            "decided only after the hearing"
        );
    }
    assert!(case.supplements <= 1, "asked once");
    assert!(
        case.terms.iter().filter(|t| !t.extended.is_empty()).all(|t| t.extended.len() == 1),
        "extended once"
    );
    let special = case.suspension().is_some_and(|s| s.kind.stops());
    let statutory = case.running(&TermKind::Statutory);
    assert_eq!(
        special && statutory.is_some(),
        statutory.is_some_and(|t| t.paused().is_some()),
        "the clock stands in a special procedure, and only there: {case:?}"
    );
    assert_eq!(matches!(case.state, CaseState::Suspended { .. }), case.suspension().is_some());
    let kinds: Vec<&TermKind> = case.terms.iter().filter(|t| t.runs()).map(|t| &t.kind).collect();
    assert_eq!(
        kinds.iter().collect::<std::collections::HashSet<_>>().len(),
        kinds.len(),
        "one running term of a kind: {kinds:?}"
    );
    let Some(before) = before else { return };
    assert_eq!((&before.parties.len(), &before.number), (&case.parties.len(), &case.number));
}

/// What must hold of what happened next: a decided case is undone only by a remedy, a revocation or the right to a person.
pub(super) fn check_step(before: &Case, events: &[CaseEvent], life: &Life) {
    let after = life.case();
    let undoes = |e: &CaseEvent| {
        matches!(
            e,
            CaseEvent::Reopened { .. }
                | CaseEvent::Revoked { .. }
                | CaseEvent::PersonWanted { .. }
                | CaseEvent::RemedyEnded { .. }
        )
    };
    if before.state.decision() != after.state.decision() && before.state.decision().is_some() {
        assert!(events.iter().any(undoes), "a decision changed without a ground: {events:?}");
    }
    if before.state.ended() && before.state != after.state {
        assert!(events.iter().any(undoes), "what has ended moved: {events:?}");
    }
    for event in events {
        match event {
            CaseEvent::SupplementAsked { .. } if before.frame == Frame::Licence => {
                assert!(matches!(before.state, CaseState::Submitted { .. }), "never after acceptance");
            }
            CaseEvent::Lapsed { .. } => {
                let promised = events.iter().any(|e| matches!(e, CaseEvent::PromiseBroken { .. }));
                assert!(
                    promised || matches!(before.state, CaseState::Supplement { .. }),
                    "lapses only what was asked or promised"
                );
            }
            CaseEvent::StepFailed { reason, .. } => assert!(!reason.zh.trim().is_empty()),
            CaseEvent::Decided { .. } => {
                assert!(
                    !matches!(before.state, CaseState::Suspended { .. })
                        || events.iter().any(|e| matches!(e, CaseEvent::Resumed { .. }))
                );
            }
            _ => {}
        }
    }
}

pub(super) fn check_history(life: &Life) {
    let mut opened = BTreeSet::new();
    for event in &life.events {
        if let CaseEvent::StepOpened { seats, .. } = event {
            for seat in seats {
                assert!(opened.insert(seat.task), "every task id is given once");
            }
        }
    }
    let mut ends = BTreeSet::new();
    let mut last = life.stamped[0].1;
    for (event, at) in &life.stamped {
        assert!(*at >= life.stamped[0].1, "nothing happens before filing");
        if let CaseEvent::TermPassed { kind, due } = event {
            assert!(ends.insert((format!("{kind:?}"), *due)), "each end once: {kind:?} {due}");
            assert_eq!(at, due, "at its own moment");
        }
        last = last.max(*at);
    }
    let signed = life.events.iter().filter(|e| matches!(e, CaseEvent::Filed(_))).count();
    assert_eq!(signed, 1, "filed once");
}

/// Ten thousand lives in every run; `PROPTEST_CASES` asks for more.
pub(super) fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(10_000)
}

/// The kinds of procedure: each frame that a case can run in, but those that an item has to name.
const PROCEDURES: [&str; 6] =
    ["permit", "public-service", "confirmation", "registration", "benefit", "filing"];

/// Every kind in every shape, without and with a pre-check; read and compiled once, which costs more than a whole life.
pub(super) static ITEMS: LazyLock<Vec<Arc<Item>>> = LazyLock::new(|| {
    let mut all = Vec::new();
    for kind in PROCEDURES {
        for plain in [item(kind, usual()), item(kind, instant()), rich(kind)] {
            let checked = Item { precheck: Some(Term::working_days(1)), ..plain.clone() };
            all.extend([Arc::new(plain), Arc::new(checked)]);
        }
    }
    all
});

pub(super) fn life(kind: u8, shape: u8, first: u8, flags: u8) -> Life {
    life_awaiting((kind, shape, first, flags), |_| Vec::new())
}

/// A life that begins by waiting for others of its matter.
pub(super) fn life_awaiting(
    (kind, shape, first, flags): (u8, u8, u8, u8),
    awaits: impl Fn(&Item) -> Vec<Awaited>,
) -> Life {
    let at = (usize::from(kind) % PROCEDURES.len()) * 6
        + usize::from(shape % 4).min(2) * 2
        + usize::from(flags & 4 > 0);
    let item = ITEMS[at].clone();
    let awaits = awaits(&item);
    let everything = shape % 4 > 1;
    let frame = Frame::of(item.kind).unwrap();
    let answers =
        serde_json::from_value(serde_json::json!({"plate": "苏A1", "seats": u16::from(first) * 2})).unwrap();
    let application = Application {
        answers,
        promises: if everything && flags & 1 > 0 { vec!["lease".to_owned()] } else { Vec::new() },
        declares: everything && flags & 2 > 0,
        ..application(frame, vec![answer(first)])
    };
    let mut life = Life::new(item);
    life.act(Command::File(Box::new(Application { awaits, ..application }))).unwrap();
    life
}

/// As the program does after every command: what is decided is certified, served and closed.
pub(super) fn complete(life: &mut Life) {
    if matches!(life.case().state, CaseState::Decided { .. }) {
        life.complete();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_in_every_life(
        (kind, shape, first, flags) in (0u8..6, 0u8..4, 0u8..60, 0u8..8),
        tries in proptest::collection::vec((0..KINDS, any::<u8>(), any::<u8>(), any::<u8>(), 0u8..12), 0..22),
    ) {
        let mut life = life(kind, shape, first, flags);
        check(&life, None);
        complete(&mut life);
        for (kind, a, b, c, wait) in tries {
            life.now += jiff::SignedDuration::from_hours([0, 0, 0, 1, 5, 24, 24, 72, 200, 0, 0, 900][usize::from(wait)]);
            let before = life.case().clone();
            let swept = life.sweep();
            prop_assert!(deadline(life.case()).is_none_or(|due| due >= life.now), "everything that passed is written down");
            check_step(&before, &swept, &life);
            check(&life, Some(&before));
            complete(&mut life);
            let before = life.case().clone();
            let by = Doer { head: a % 2 == 0, ..Doer::head(account(c)) };
            let late = (wait == 9).then(|| Late { reason: "断网".to_owned(), evidence: "登记簿".to_owned() });
            let earlier = life.now - jiff::SignedDuration::from_hours(2);
            let at = if late.is_some() && earlier >= before.filed_at { earlier } else { life.now };
            let act = Act { at, late, ..Act::now(command(&life, (kind, a, b, c)), life.now).by(by) };
            match life.act_at(act) {
                Ok(events) => check_step(&before, &events, &life),
                Err(refusal) => {
                    prop_assert_eq!(&before, life.case(), "a refusal changes nothing");
                    prop_assert!(!refusal.say.zh.is_empty() && !refusal.say.en.is_empty());
                }
            }
            check(&life, Some(&before));
            complete(&mut life);
        }
        check_history(&life);
        let folded = fold(life.stamped.iter().map(|(e, at)| (e, *at))).unwrap();
        prop_assert_eq!(&folded, life.case(), "the fold of the events is the case");
        if first == 0 {
            let text = serde_json::to_string(&life.events).unwrap();
            let read: Vec<CaseEvent> = serde_json::from_str(&text).unwrap();
            prop_assert_eq!(&read, &life.events, "events read back as written");
        }
    }
}
