//! Thousands of random lives: whatever is tried in whatever order, the law's invariants hold.

use super::sample::*;
use crate::CaseEvent;
use crate::model::*;
use crate::rules::{Command, fold};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A command before it is known which tasks there are.
#[derive(Debug, Clone)]
enum Try {
    Learn(u8),
    Accept,
    NotAccept(bool),
    Approve(bool),
    Refuse(bool),
    Ask(u8),
    Supply(u8),
    Certify,
    Deliver,
    Close,
    Withdraw,
    Wait(u16),
}

fn tries() -> impl Strategy<Value = Try> {
    prop_oneof![
        2 => (0u8..4).prop_map(Try::Learn),
        2 => Just(Try::Accept),
        1 => any::<bool>().prop_map(Try::NotAccept),
        4 => any::<bool>().prop_map(Try::Approve),
        1 => any::<bool>().prop_map(Try::Refuse),
        2 => (0u8..3).prop_map(Try::Ask),
        2 => (0u8..4).prop_map(Try::Supply),
        1 => Just(Try::Certify),
        1 => Just(Try::Deliver),
        1 => Just(Try::Close),
        1 => Just(Try::Withdraw),
        2 => (0u16..2_000).prop_map(Try::Wait),
    ]
}

fn answer(n: u8) -> Fact {
    match n {
        0 => found(true),
        1 => found(false),
        2 => fact(FactAnswer::NotFound),
        _ => absent(),
    }
}

fn command(life: &Life, t: &Try) -> Option<Command> {
    let reason = |said: bool| if said { "理由".to_owned() } else { "  ".to_owned() };
    Some(match t {
        Try::Learn(n) => Command::Learn { facts: vec![answer(*n)] },
        Try::Accept => Command::Accept,
        Try::NotAccept(said) => Command::NotAccept { reason: reason(*said), right_body: None },
        Try::Approve(own) => Command::Approve { task: if *own { life.task() } else { id(98) }, reason: None },
        Try::Refuse(said) => Command::Refuse { task: life.task(), reason: reason(*said) },
        Try::Ask(0) => Command::AskSupplement { demands: Vec::new() },
        Try::Ask(_) => Command::AskSupplement { demands: vec![demand()] },
        Try::Supply(n) => {
            let answers = serde_json::from_value(serde_json::json!({"plate": "苏A00001"})).unwrap();
            Command::Supplement { answers, materials: Vec::new(), facts: vec![answer(*n)] }
        }
        Try::Certify => Command::Certify { certificates: vec![id(50)] },
        Try::Deliver => Command::Deliver { service: Service::Electronic, effective_at: None },
        Try::Close => Command::Close,
        Try::Withdraw => Command::Withdraw { reason: None },
        Try::Wait(_) => return None,
    })
}

fn process(n: u8) -> serde_json::Value {
    match n {
        0 => usual(),
        1 => instant(),
        // A bush: rule, two agencies beside each other, and a window at the end.
        _ => serde_json::json!([
            {"id": "qualify", "title": text("核验"), "by": "automatic", "rule": "vehicle.fit && form.seats <= 50"},
            {"id": "fire", "title": text("消防"), "by": "nanjing.fire", "after": ["qualify"]},
            {"id": "water", "title": text("排水"), "by": "nanjing.water", "after": ["qualify"], "when": "form.seats > 100"},
            {"id": "desk", "title": text("窗口"), "by": "clerk", "after": ["fire", "water"], "term": "1wd"}
        ]),
    }
}

fn check(life: &Life, before: Option<&Case>) {
    let case = life.case();
    let running = matches!(case.state, CaseState::Submitted { .. } | CaseState::Accepted { .. });
    assert!(
        running || case.open_tasks().count() == 0,
        "no task is open in a case that does not run: {case:?}"
    );
    if let Some(before) = before {
        if let Some(decision) = before.state.decision() {
            assert_eq!(
                case.state.decision(),
                Some(decision),
                "a decided case stays decided, as it was decided"
            );
        }
        assert!(!before.state.ended() || before == case, "what has ended does not move");
        assert_eq!(before.parties, case.parties);
        assert_eq!(before.number, case.number);
    }
    match &case.state {
        CaseState::Closed { decision, .. } if decision.approved() => assert!(!case.certificates.is_empty()),
        CaseState::NotAccepted { reason, .. } => assert!(!reason.trim().is_empty()),
        _ => {}
    }
    if let Some(decision) = case.state.decision() {
        if decision.approved() {
            assert!(case.absent().is_empty(), "nothing is granted while a fact is missing");
            assert!(case.steps.iter().all(Step::passed), "nothing is granted while a step is open");
        }
        if let Decision::Refused { reason, remedies } = decision {
            assert!(
                !reason.zh.trim().is_empty() && !remedies.is_empty(),
                "a refusal has reasons and remedies"
            );
        }
    }
    if case.state.ended() {
        assert!(
            case.terms.iter().all(|t| !t.runs()),
            "no term of a case that has ended runs: {:?}",
            case.terms
        );
    }
    assert!(case.supplements <= 1);
}

fn check_history(life: &Life) {
    let words: Vec<&str> = life.events.iter().map(CaseEvent::word).collect();
    let at = |word: &str| words.iter().position(|w| *w == word);
    let count = |word: &str| words.iter().filter(|w| **w == word).count();
    for once in ["filed", "decided", "certified", "delivered", "closed", "not_accepted", "withdrawn"] {
        assert!(count(once) <= 1, "{once} happens once: {words:?}");
    }
    for (earlier, later) in [
        ("filed", "accepted"),
        ("accepted", "decided"),
        ("decided", "certified"),
        ("decided", "delivered"),
        ("delivered", "closed"),
    ] {
        if let Some(later_at) = at(later) {
            assert!(at(earlier).is_some_and(|e| e < later_at), "{earlier} comes before {later}: {words:?}");
        }
    }
    let opened: Vec<_> = life
        .events
        .iter()
        .filter_map(|e| match e {
            CaseEvent::StepOpened { task, .. } => Some(*task),
            _ => None,
        })
        .collect();
    assert_eq!(opened.iter().collect::<BTreeSet<_>>().len(), opened.len(), "every task id is given once");
}

/// Two thousand lives in every run; `PROPTEST_CASES` asks for more (`cargo xtask prove` for tens of thousands).
fn cases() -> u32 {
    std::env::var("PROPTEST_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(2_000)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: cases(), failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_invariants_hold_in_every_life(
        kind in prop_oneof![Just("permit"), Just("public-service"), Just("confirmation")],
        shape in 0u8..3,
        first in 0u8..4,
        tries in proptest::collection::vec(tries(), 0..14),
    ) {
        let mut life = Life::filed(kind, process(shape), vec![answer(first)]);
        let filed = life.now;
        check(&life, None);
        let mut stamped: Vec<(CaseEvent, kernel::Timestamp)> = life.events.iter().map(|e| (e.clone(), filed)).collect();
        for t in &tries {
            if let Try::Wait(minutes) = t {
                life.now += jiff::SignedDuration::from_mins(i64::from(*minutes));
                continue;
            }
            let before = life.case().clone();
            let Some(command) = command(&life, t) else { continue };
            match life.act(command) {
                Ok(events) => stamped.extend(events.into_iter().map(|e| (e, life.now))),
                Err(refusal) => {
                    prop_assert_eq!(&before, life.case(), "a refusal changes nothing");
                    prop_assert!(!refusal.say.zh.is_empty() && !refusal.say.en.is_empty());
                }
            }
            check(&life, Some(&before));
        }
        check_history(&life);
        let folded = fold(stamped.iter().map(|(e, at)| (e, *at))).unwrap();
        prop_assert_eq!(&folded, life.case(), "the fold of the events is the case");
        let text = serde_json::to_string(&life.events).unwrap();
        let read: Vec<CaseEvent> = serde_json::from_str(&text).unwrap();
        prop_assert_eq!(&read, &life.events, "events read back as written");
    }
}
