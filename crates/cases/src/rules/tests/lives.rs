//! Ten thousand random lives: whatever is tried in whatever order, with clocks that leap and sources that fail, the law's
//! invariants hold. The list stands in the room's README.

use super::sample::*;
use super::tries::{KINDS, answer, command, next_version, partner, who};
use crate::CaseEvent;
use crate::event::Late;
use crate::model::*;
use crate::rules::{Act, Application, Command, awaited, deadline, fold};
use catalog::Item;
use kernel::Term;
use procedure::{Frame, TermKind};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::sync::{Arc, LazyLock};

/// What must hold of a case at every moment.
pub(super) fn check(life: &Life, before: Option<&Case>) {
    let case = life.case();
    assert!(
        case.state.works() || case.open_tasks().count() == 0,
        "an open task in a case that does not run: {case:?}"
    );
    if case.state.ended() {
        let runs = |t: &&procedure::RunningTerm| {
            t.runs() && !matches!(t.kind, TermKind::Check | TermKind::Review | TermKind::Remedy)
        };
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
    clock_and_money(case);
    let kinds: Vec<&TermKind> = case.terms.iter().filter(|t| t.runs()).map(|t| &t.kind).collect();
    assert_eq!(
        kinds.iter().collect::<std::collections::HashSet<_>>().len(),
        kinds.len(),
        "one running term of a kind: {kinds:?}"
    );
    let Some(before) = before else { return };
    assert_eq!((&before.parties.len(), &before.number), (&case.parties.len(), &case.number));
}

/// The clock stands where the law or a missing payment has it stand, and nothing refused is owed.
fn clock_and_money(case: &Case) {
    assert!(
        case.unpaid.is_none()
            || (matches!(case.state, CaseState::Accepted { .. }) && case.open_tasks().count() == 0),
        "it waits for money only while nobody has anything else to do: {case:?}"
    );
    let refused = matches!(case.state.decision(), Some(Decision::Refused { .. }));
    assert!(!refused || case.owes.is_none(), "what is refused owes nothing");
    let special = case.suspension().is_some_and(|s| s.kind.stops()) || case.unpaid.is_some();
    let statutory = case.running(&TermKind::Statutory);
    assert_eq!(
        special && statutory.is_some(),
        statutory.is_some_and(|t| t.paused().is_some()),
        "the clock stands in a special procedure or while money is missing, and only there: {case:?}"
    );
    assert_eq!(matches!(case.state, CaseState::Suspended { .. }), case.suspension().is_some());
}

/// What must hold of what happened next: a decided case is undone only by a remedy, a revocation or the right to a person.
pub(super) fn check_step(before: &Case, events: &[CaseEvent], life: &Life) {
    let after = life.case();
    let undoes = |e: &CaseEvent| {
        matches!(
            e,
            CaseEvent::Reopened(_)
                | CaseEvent::Revoked { .. }
                | CaseEvent::PersonWanted(_)
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
            CaseEvent::Lapsed { .. } => lapsed(before, events, life),
            CaseEvent::StepFailed { reason, .. } => assert!(!reason.zh.trim().is_empty()),
            CaseEvent::Withdrawn { .. } => taken_back(before, life),
            CaseEvent::Decided { .. } => {
                let unpaid = awaited(after, &life.item, catalog::DECISION, life.now);
                assert!(!unpaid, "nothing is granted before what stands before it is paid: {after:?}");
                let settled = events.iter().any(|e| matches!(e, CaseEvent::HaltEnded(_)));
                let silence = events.iter().any(|e| matches!(e, CaseEvent::DeemedRenewed(_)));
                assert!(
                    before.halts.is_empty() || settled || silence,
                    "nothing is decided while a party cannot act"
                );
                assert!(
                    !matches!(before.state, CaseState::Suspended { .. })
                        || events.iter().any(|e| matches!(e, CaseEvent::Resumed { .. }))
                );
            }
            _ => {}
        }
    }
}

/// A case ends without a decision only for what was asked for or promised, for a word that never came, or for a party who is no more.
fn lapsed(before: &Case, events: &[CaseEvent], life: &Life) {
    let with = |what: fn(&CaseEvent) -> bool| events.iter().any(what);
    let promised = with(|e| matches!(e, CaseEvent::PromiseBroken { .. }));
    let settled = with(|e| matches!(e, CaseEvent::HaltEnded(ended) if ended.how == HaltOutcome::Ends));
    let over = with(|e| matches!(e, CaseEvent::TermPassed { kind: TermKind::Confirmation, .. }));
    let alone =
        over && before.parties.iter().any(|p| p.confirmed_at.is_none() && life.item.needs_word(&p.role));
    let asked = matches!(before.state, CaseState::Supplement { .. });
    assert!(promised || settled || alone || asked, "lapses only for a reason: {events:?}");
    let theirs = with(
        |e| matches!(e, CaseEvent::TermPassed { kind, .. } if matches!(kind, TermKind::Supplement | TermKind::Confirmation | TermKind::Promise(_))),
    );
    assert!(!theirs || before.halts.is_empty(), "nothing of a party runs out who cannot act");
}

/// What several applied for together, one alone does not take back.
fn taken_back(before: &Case, life: &Life) {
    let all = before.applicants(&life.item);
    let spoken = before.parties.iter().all(|p| p.confirmed_at.is_some() || !life.item.needs_word(&p.role));
    let missing = all.iter().filter(|a| !before.withdrawing.contains(a)).count();
    assert!(!spoken || all.len() < 2 || missing <= 1 || life.by.is_none(), "taken back by all who applied");
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
        for plain in [item(kind, usual()), item(kind, instant()), rich(kind), of_two(kind), taxed(kind)] {
            let plain = Item { reviewed: kind == "benefit", ..plain };
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
    let at =
        (usize::from(kind) % PROCEDURES.len()) * 10 + usize::from(shape % 5) * 2 + usize::from(flags & 4 > 0);
    let item = ITEMS[at].clone();
    let awaits = awaits(&item);
    let everything = matches!(shape % 5, 2 | 3);
    let frame = Frame::of(item.kind).unwrap();
    let answers =
        serde_json::from_value(serde_json::json!({"plate": "苏A1", "seats": u16::from(first) * 2})).unwrap();
    let application = Application {
        answers,
        promises: if everything && flags & 1 > 0 { vec!["lease".to_owned()] } else { Vec::new() },
        declares: everything && flags & 2 > 0,
        ..application(frame, vec![answer(first)])
    };
    let parties = if shape % 5 == 3 { vec![party(), partner()] } else { vec![party()] };
    let by = Some(party().subject);
    let mut life = Life::new(item);
    life.act(Command::File(Box::new(Application { awaits, parties, by, ..application }))).unwrap();
    life
}

/// The item with everything, applied for by two.
fn of_two(kind: &str) -> Item {
    let role = serde_json::json!({"id": "partner", "name": text("共有人"), "confirm": true});
    Item { roles: vec![serde_json::from_value(role).unwrap()], ..rich(kind) }
}

/// The item with a fee before a step, and one that is assessed and stands before the decision.
fn taxed(kind: &str) -> Item {
    let fee = |code: &str, more: serde_json::Value| {
        let mut fee =
            serde_json::json!({"code": code, "name": text("费"), "amount": "80.00", "basis": text("办法")});
        fee.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        serde_json::from_value(fee).unwrap()
    };
    let fees = vec![
        fee("x", serde_json::json!({"before": "approve"})),
        fee("y", serde_json::json!({"before": "decision", "due": "assessment"})),
    ];
    Item { fees, ..item(kind, usual()) }
}

/// As the program does after every command: what is decided is certified, served and closed.
pub(super) fn complete(life: &mut Life) {
    let unpaid = awaited(life.case(), &life.item, catalog::DECISION, life.now);
    if matches!(life.case().state, CaseState::Decided { .. }) && !unpaid {
        life.complete();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_in_every_life(
        (kind, shape, first, flags) in (0u8..6, 0u8..5, 0u8..60, 0u8..8),
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
            let by = who(kind, a, b, c);
            life.by = by.subject;
            let late = (wait > 8 && wait < 11).then(|| Late { reason: "断网".to_owned(), evidence: "登记簿".to_owned() });
            let earlier = life.now - jiff::SignedDuration::from_hours(if wait == 9 { 2 } else { i64::from(b) * 4 });
            let at = if late.is_some() && earlier >= before.filed_at { earlier } else { life.now };
            let item = life.item.clone();
            let command = command(&life, (kind, a, b, c));
            if let Command::MoveOn { to, .. } = &command {
                life.item = Arc::new(next_version(&item, to));
            }
            let act = Act { at, late, ..Act::now(command, life.now).by(by) };
            match life.act_at(act) {
                Ok(events) => check_step(&before, &events, &life),
                Err(refusal) => {
                    life.item = item;
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
