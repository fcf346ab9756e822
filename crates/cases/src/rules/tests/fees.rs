//! What is owed follows the facts; what must be paid before something holds it, and stops the body's clock; nothing else.

use super::sample::*;
use crate::event::{CaseEvent, FeesTold};
use crate::model::*;
use crate::rules::{Choice, Command, Doer, unpaid_by};
use catalog::Item;
use jiff::SignedDuration;
use kernel::rules::{Schema, Type};
use kernel::{Money, PersonId, SubjectId};
use procedure::{Frame, TermKind};
use serde_json::{Value, json};

fn buyer() -> SubjectId {
    SubjectId::Person(id::<PersonId>(5))
}

fn seller() -> SubjectId {
    SubjectId::Person(id::<PersonId>(6))
}

fn told(bill: &str, payer: SubjectId, fen: i64, settled: bool, rev: i64) -> Command {
    let (amount, payer) = (Money::fen(fen), Some(payer));
    Command::FeesTold(FeesTold { bill: bill.to_owned(), amount, settled, payer, rev, ..FeesTold::default() })
}

/// The item with these fees; `10.00` a seat may be written as a rule.
fn taxed(kind: &str, process: Value, fees: Value) -> Item {
    let mut whole = serde_json::to_value(item(kind, process)).unwrap();
    whole["fees"] = fees;
    whole["roles"] = json!([{"id": "seller", "name": text("出卖人")}]);
    let mut item: Item = serde_json::from_value(whole).unwrap();
    compile(&mut item);
    let schema = Schema::new().with("form.seats", Type::Number).with("vehicle.tax", Type::Number);
    for fee in &mut item.fees {
        if let catalog::FeeAmount::Rule(by) = &mut fee.amount {
            by.rule.compile_value(&schema).unwrap();
        }
    }
    item
}

fn fee(more: Value) -> Value {
    let mut fee = json!({"code": "x", "name": text("费"), "amount": "80.00", "basis": text("办法")});
    fee.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    fee
}

fn tax() -> Value {
    let amount = json!({"rule": "form.seats * 10", "say": text("每座十元")});
    fee(json!({"code": "tax", "amount": amount, "due": "assessment", "before": "decision"}))
}

fn filed(item: Item) -> Life {
    let frame = Frame::of(item.kind).unwrap();
    let other = Party { subject: seller(), role: "seller".to_owned(), ..party() };
    let parties = vec![party(), other];
    let mut life = Life::new(item);
    let application = crate::rules::Application { parties, ..application(frame, vec![found(true)]) };
    life.act(Command::File(Box::new(application))).unwrap();
    life
}

fn approve(life: &mut Life) -> Vec<CaseEvent> {
    let task = life.task();
    life.act(Command::Approve { task, reason: None, choice: Choice::default() }).unwrap()
}

fn owed(life: &Life) -> Vec<(String, i64)> {
    let all = life.case().owes.iter().flat_map(|o| &o.fees);
    all.map(|f| (f.code.clone(), f.amount.as_fen())).collect()
}

#[test]
fn a_step_waits_until_everything_its_payer_owes_is_settled() {
    let fees = json!([fee(json!({"before": "approve"})), fee(json!({"code": "y", "payer": "seller"}))]);
    let mut life = filed(taxed("public-service", usual(), fees));
    assert_eq!(owed(&life), [("x".to_owned(), 8_000), ("y".to_owned(), 8_000)], "owed on acceptance");
    assert_eq!(life.case().open_tasks().count(), 0);
    assert!(life.case().unpaid.is_some(), "nothing else is missing");
    life.act(told("1", buyer(), 8_000, false, 1)).unwrap();
    life.act(told("2", seller(), 8_000, true, 3)).unwrap();
    assert_eq!(life.case().open_tasks().count(), 0, "another's payment does not stand for it");
    life.act(told("1", buyer(), 8_000, true, 3)).unwrap();
    let before = life.case().clone();
    life.act(told("1", buyer(), 8_000, true, 3)).unwrap();
    life.act(told("1", buyer(), 8_000, false, 2)).unwrap();
    assert_eq!(*life.case(), before, "told twice, or late, is told once");
    assert_eq!(life.case().open_tasks().count(), 1, "paid, and it goes on");
    assert!(life.case().unpaid.is_none() && unpaid_by(life.case()).is_empty());
}

#[test]
fn the_grant_waits_for_the_tax_and_the_clock_stands_meanwhile() {
    let mut life = filed(taxed("public-service", usual(), json!([tax()])));
    assert_eq!(owed(&life), [], "nobody knows before the examination");
    let due = life.case().running(&TermKind::Statutory).unwrap().due.at;
    approve(&mut life);
    assert_eq!(owed(&life), [("tax".to_owned(), 45_000)]);
    assert!(matches!(life.case().state, CaseState::Accepted { .. }), "not granted yet");
    let term = life.case().running(&TermKind::Statutory).unwrap();
    assert_eq!(term.paused().map(|e| e.kind), Some(SuspensionKind::Payment));
    assert_eq!(term.paused().and_then(|e| e.law.clone()), None, "no law is named that does not say so");
    life.now += SignedDuration::from_hours(24 * 90);
    assert!(life.sweep().is_empty(), "a quarter unpaid is nobody's lateness");
    let overdue = FeesTold {
        overdue: true,
        ..match told("1", buyer(), 45_000, false, 2) {
            Command::FeesTold(told) => told,
            _ => unreachable!(),
        }
    };
    life.act(Command::FeesTold(overdue)).unwrap();
    assert!(life.case().state.works(), "and nobody's end");
    let events = life.act(told("1", buyer(), 45_000, true, 4)).unwrap();
    assert!(life.case().state.decision().is_some_and(Decision::approved), "{events:?}");
    let term = life.case().terms.iter().find(|t| t.kind == TermKind::Statutory).unwrap();
    assert!(matches!(term.state, procedure::TermState::Met(_)) && term.due.at > due, "{term:?}");
    assert!(term.excluded.iter().all(|e| e.to.is_some()));
}

#[test]
fn a_pack_may_let_the_term_run() {
    let fee = fee(json!({"before": "decision", "while_unpaid": "runs"}));
    let mut life = filed(taxed("public-service", usual(), json!([fee])));
    approve(&mut life);
    assert!(life.case().unpaid.is_some());
    assert_eq!(life.case().running(&TermKind::Statutory).unwrap().paused(), None);
}

#[test]
fn what_is_refused_owes_nothing() {
    let mut life = filed(taxed("public-service", usual(), json!([tax(), fee(json!({}))])));
    assert_eq!(owed(&life), [("x".to_owned(), 8_000)]);
    let (task, reason) = (life.task(), "不符合".to_owned());
    life.act(Command::Refuse { task, reason, choice: Choice::default() }).unwrap();
    assert!(matches!(life.case().state.decision(), Some(Decision::Refused { .. })));
    assert_eq!(life.case().owes, None);
}

#[test]
fn what_is_owed_follows_the_assessment_and_falls_when_it_is_called_back() {
    let mut life = filed(taxed("public-service", usual(), json!([tax()])));
    let step = life.task();
    approve(&mut life);
    life.act(told("1", buyer(), 45_000, false, 1)).unwrap();
    let events = life.act(Command::Recall { task: step }).unwrap();
    assert_eq!(owed(&life), [], "called off while it is examined again: {events:?}");
    assert!(life.case().unpaid.is_none() && life.case().open_tasks().count() == 1);
    assert_eq!(life.case().running(&TermKind::Statutory).unwrap().paused(), None, "the body is at work");
    life.act(told("1", buyer(), 0, false, 2)).unwrap();
    state_seats(&mut life, 30);
    approve(&mut life);
    assert_eq!(owed(&life), [("tax".to_owned(), 30_000)]);
    life.act(told("2", buyer(), 30_000, true, 2)).unwrap();
    assert!(life.case().state.decision().is_some());
}

/// An examiner states that there are so many seats.
fn state_seats(life: &mut Life, seats: u32) {
    let answer = FactAnswer::Found(json!({"seats": seats}));
    let fact = Fact { alias: "form".to_owned(), source: "form".to_owned(), answer };
    life.act(Command::Learn { facts: vec![fact] }).unwrap();
}

#[test]
fn what_was_paid_and_is_too_little_is_owed_as_far_as_it_lacks() {
    let mut life = filed(taxed("public-service", usual(), json!([tax()])));
    approve(&mut life);
    state_seats(&mut life, 50);
    assert_eq!(owed(&life), [("tax".to_owned(), 50_000)], "corrected before it was paid");
    life.act(told("1", buyer(), 45_000, true, 3)).unwrap();
    assert!(life.case().state.works(), "450 of 500");
    life.act(told("2", buyer(), 5_000, true, 3)).unwrap();
    assert!(life.case().state.decision().is_some());
}

#[test]
fn an_amount_nobody_knew_is_owed_as_soon_as_the_facts_give_it() {
    let amount = json!({"rule": "vehicle.tax * 1", "say": text("按登记")});
    let fees = json!([fee(json!({"amount": amount, "before": "decision"}))]);
    let mut life = filed(taxed("public-service", usual(), fees));
    assert!(life.case().owes.as_ref().is_some_and(|o| o.open && o.fees.is_empty()));
    approve(&mut life);
    assert!(life.case().state.works(), "what nobody knows is not nothing");
    life.act(Command::Learn { facts: vec![fact(FactAnswer::Found(json!({"fit": true, "tax": 12})))] })
        .unwrap();
    assert_eq!(owed(&life), [("x".to_owned(), 1_200)]);
    assert!(life.case().owes.as_ref().is_some_and(|o| !o.open));
}

#[test]
fn a_case_that_is_opened_again_owes_again() {
    let mut life = filed(taxed("public-service", usual(), json!([tax()])));
    let (task, reason) = (life.task(), "不符合".to_owned());
    life.act(Command::Refuse { task, reason, choice: Choice::default() }).unwrap();
    life.complete();
    let (remedy, body, ground) = (id(80), "市政府".to_owned(), "不服".to_owned());
    life.act(Command::OpenRemedy { remedy, kind: RemedyKind::Reconsideration, body, ground }).unwrap();
    let changed = Some(Decision::Approved { reason: None, amount: None });
    let (outcome, text) = (RemedyOutcome::Changed, "变更".to_owned());
    life.act(Command::EndRemedy { remedy, outcome, text, changed }).unwrap();
    assert_eq!(owed(&life), [("tax".to_owned(), 45_000)], "granted by another body, and owed all the same");
    let item = life.item.clone();
    assert!(crate::rules::awaited(life.case(), &item, catalog::DECISION, life.now), "no certificate before");
}

/// Filed, and its last step waits for what `a` makes.
fn filed_awaiting(item: Item) -> Life {
    let frame = Frame::of(item.kind).unwrap();
    let awaits = vec![super::matters::awaited("a", "approve", false, Then::Alone)];
    let mut life = Life::new(item);
    let application = crate::rules::Application { awaits, ..application(frame, vec![found(true)]) };
    life.act(Command::File(Box::new(application))).unwrap();
    life
}

fn hears(life: &mut Life, news: SiblingNews) -> Result<(), kernel::Refusal> {
    life.act(Command::Sibling { item: "a".to_owned(), news }).map(|_| ())
}

#[test]
fn a_fee_is_due_together_with_those_of_the_case_it_waits_for() {
    let fees = json!([
        fee(json!({"due": "together", "before": "approve"})),
        fee(json!({"code": "y", "due": "acceptance"})),
    ]);
    let mut life = filed_awaiting(taxed("permit", usual(), fees.clone()));
    assert!(matches!(life.case().state, CaseState::Submitted { .. }), "it waits for another's result");
    assert_eq!(owed(&life), [], "nothing is due yet");
    hears(&mut life, SiblingNews::Owes).unwrap();
    assert_eq!(
        owed(&life),
        [("x".to_owned(), 8_000)],
        "due with the other's, and what is due on acceptance is not"
    );
    let told_again = hears(&mut life, SiblingNews::Owes);
    assert!(told_again.is_err(), "told twice is told once");
    // Paid before it is accepted, it holds nothing up afterwards.
    life.act(told("1", buyer(), 8_000, true, 3)).unwrap();
    hears(&mut life, SiblingNews::Granted { certificates: Vec::new() }).unwrap();
    assert_eq!(life.case().open_tasks().count(), 1);

    // Where the other owes nothing, it is due on acceptance as any fee.
    let mut life = filed_awaiting(taxed("public-service", usual(), fees));
    hears(&mut life, SiblingNews::Granted { certificates: Vec::new() }).unwrap();
    assert_eq!(owed(&life).len(), 2);
}

#[test]
fn whoever_waits_is_told_that_something_is_owed_and_not_that_nothing_is() {
    let mut life = filed(taxed("public-service", usual(), json!([tax()])));
    let events = approve(&mut life);
    let news: Vec<SiblingNews> =
        events.iter().filter_map(|e| crate::rules::news(&life.item, life.case(), e)).collect();
    assert_eq!(news, [SiblingNews::Owes]);
    let nothing = CaseEvent::FeesOwed(crate::event::FeesOwed::default());
    assert_eq!(crate::rules::news(&life.item, life.case(), &nothing), None);
}

#[test]
fn a_special_procedure_takes_over_the_clock_and_gives_it_back() {
    let mut whole = serde_json::to_value(taxed("permit", usual(), json!([tax()]))).unwrap();
    whole["suspensions"] = json!([{"kind": "testing", "max": "30wd", "why": text("检测")}]);
    let mut item: Item = serde_json::from_value(whole).unwrap();
    item = taxed_again(item);
    let mut life = filed(item);
    approve(&mut life);
    assert!(life.case().unpaid.is_some());
    let (kind, reason) = (SuspensionKind::Testing, "检测".to_owned());
    life.act_as(Command::Suspend { kind, reason, expected: None }, Doer::head(id(70))).unwrap();
    let paused = |life: &Life| life.case().running(&TermKind::Statutory).unwrap().paused().map(|e| e.kind);
    assert_eq!((paused(&life), life.case().unpaid), (Some(SuspensionKind::Testing), None));
    life.act(Command::Resume { result: String::new() }).unwrap();
    assert_eq!(paused(&life), Some(SuspensionKind::Payment));
    life.act(told("1", buyer(), 45_000, true, 3)).unwrap();
    assert!(life.case().state.decision().is_some());
}

/// Rules are compiled anew after an item was read anew.
fn taxed_again(item: Item) -> Item {
    let whole = serde_json::to_value(&item).unwrap();
    let fees = whole["fees"].clone();
    let suspensions = item.suspensions.clone();
    Item { suspensions, ..taxed("permit", whole["process"].clone(), fees) }
}
