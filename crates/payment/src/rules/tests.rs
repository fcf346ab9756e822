//! The rules without a database: whatever is commanded in whatever order, the fold stays whole and the books balance.

use super::*;
use crate::ledger;
use kernel::id::TypedId as _;
use kernel::{Calendar, Failure, Lang, Rng as _, SeededRng, SubjectId, Term, Text};
use std::collections::BTreeMap;

fn now() -> Timestamp {
    "2026-11-23T02:00:00Z".parse().unwrap()
}

fn bill(chance: &SeededRng, lines: &[i64]) -> Bill {
    let line = |fen: &i64| Line {
        order: OrderId::new_at(now(), chance),
        fee: "x".into(),
        name: Text::default(),
        kind: FeeKind::NonTax,
        basis: Text::default(),
        account: "a".into(),
        amount: Money::fen(*fen),
    };
    let raised = Raised {
        about: "case:1".into(),
        number: "1".into(),
        title: Text::default(),
        payer: SubjectId::Person(kernel::PersonId::new_at(now(), chance)),
        payer_name: "甲".into(),
        agency: AgencyCode::parse("nanjing.tax").unwrap(),
        division: "320100".into(),
        matter: None,
        code: crate::code::PayCode::new("320100", 2026, 1),
        lines: lines.iter().map(line).collect(),
        due: Calendar::official().due(now(), Term::days(1)),
    };
    begun(&raised, now())
}

fn pick<T: Copy>(chance: &SeededRng, from: &[T]) -> Option<T> {
    let n = usize::try_from(chance.next_u64()).ok()?;
    (!from.is_empty()).then(|| from[n % from.len()])
}

/// Whatever can be done: to one bill, or an act.
enum Any {
    Act(Act),
    Command(Command),
}

fn decided(bill: &Bill, any: &Any, now: Timestamp) -> Outcome<Vec<BillEvent>> {
    match any {
        Any::Command(command) => decide(bill, command, now),
        Any::Act(act) => alone(bill, act, now),
    }
}

/// An act on one bill alone.
fn alone(bill: &Bill, act: &Act, now: Timestamp) -> Outcome<Vec<BillEvent>> {
    let id = BillId::from_uuid(uuid::Uuid::nil());
    act_on(&[(id, bill)], act, now).map(|mut all| all.pop().unwrap())
}

fn any(chance: &SeededRng, bill: &Bill, people: &[AccountId]) -> Any {
    let trades: Vec<TradeId> = bill.trades.iter().map(|t| t.id).collect();
    let refunds: Vec<RefundId> = bill.refunds.iter().map(|r| r.id).collect();
    let orders: Vec<OrderId> = bill.orders.iter().map(|o| o.line.order).collect();
    let (by, agency) = (pick(chance, people).unwrap(), bill.raised.agency.clone());
    let order = pick(chance, &orders).unwrap();
    let trade = pick(chance, &trades).unwrap_or(TradeId::new_at(now(), chance));
    let refund = pick(chance, &refunds).unwrap_or(RefundId::new_at(now(), chance));
    let fresh = RefundId::new_at(now(), chance);
    let yes = chance.next_u64().is_multiple_of(2);
    Any::Command(match chance.next_u64() % 12 {
        0 | 1 => return Any::Act(Act::Begin { trade: TradeId::new_at(now(), chance), seen: None }),
        2..=4 => {
            let all = [Answer::Unknown, Answer::Waiting, Answer::Failed, Answer::Closed, Answer::Paid];
            let asked = bill.trade(trade).map_or(Money::ZERO, Trade::amount);
            // Now and then another amount comes than was asked for.
            let odd = if chance.next_u64().is_multiple_of(8) { 3 } else { 0 };
            let amount = Money::fen(asked.as_fen() + odd);
            let via = pick(chance, Heard::ALL).unwrap();
            let answer = pick(chance, &all).unwrap();
            let said = Said { answer, amount, gateway_no: "G".into(), at: now(), via };
            return Any::Act(Act::Hear { trade, said, spares: vec![fresh] });
        }
        5 => {
            let (means, amount) = (pick(chance, Means::ALL).unwrap(), bill.owed());
            return Any::Act(Act::Counter { means, amount, by, agency });
        }
        6 => {
            let cut = Money::fen(i64::try_from(chance.next_u64() % 100).unwrap());
            let reduction = format!("r{}", chance.next_u64() % 3);
            let granted =
                Granted { reduction, name: Text::default(), cut, evidence: "e".into(), by, agreed: None };
            Command::Reduce { order, granted, alone: 50 }
        }
        7 => {
            let amount = Money::fen(i64::try_from(chance.next_u64() % 60).unwrap());
            let of = if yes { RefundOf::Order(order) } else { RefundOf::Excess(trade) };
            Command::AskRefund { refund: fresh, of, amount, reason: "r".into(), by: Some(by) }
        }
        8 => Command::DecideRefund {
            refund,
            by,
            approve: !chance.next_u64().is_multiple_of(4),
            reason: "n".into(),
        },
        9 => {
            let amount = bill.refund(refund).map_or(Money::ZERO, |r| r.amount);
            Command::HearRefund { refund, done: yes, amount, at: now(), via: Heard::Query }
        }
        10 => Command::PayOut { refund, by, agency },
        _ if chance.next_u64().is_multiple_of(20) => Command::Cancel { reason: "c".into() },
        _ => Command::Sweep,
    })
}

/// Everything that must hold of a bill and of what the books say of it.
fn holds(bill: &Bill, books: &BTreeMap<String, i64>) {
    let of = |name: &str| books.get(name).copied().unwrap_or(0);
    assert_eq!(books.values().sum::<i64>(), 0);
    let owed = if bill.state() == BillState::Open { bill.owed().as_fen() } else { 0 };
    assert_eq!(of("receivable"), owed);
    let (mut approved, mut spoken) = (0, 0);
    for r in &bill.refunds {
        approved += if r.state == RefundState::Approved { r.amount.as_fen() } else { 0 };
        spoken += if matches!(r.of, RefundOf::Excess(_))
            && matches!(r.state, RefundState::Approved | RefundState::Done)
        {
            r.amount.as_fen()
        } else {
            0
        };
    }
    assert_eq!(of("refunding"), -approved);
    let excess: i64 = bill.trades.iter().filter_map(|t| t.excess).map(Money::as_fen).sum();
    assert_eq!(of("excess"), -(excess - spoken));
    let unknown = |t: &&Trade| matches!(t.state, TradeState::Sent | TradeState::Failed);
    assert!(bill.trades.iter().filter(unknown).count() <= 1, "one payment at a time");
    for order in &bill.orders {
        assert!(order.refunded <= order.owed() && order.owed() >= Money::ZERO);
        assert!(bill.refundable(RefundOf::Order(order.line.order)) >= Money::ZERO);
    }
}

#[test]
fn two_thousand_lives_keep_the_books() {
    let chance = SeededRng::new(7);
    let people: Vec<AccountId> = (0..3).map(|_| AccountId::new_at(now(), &chance)).collect();
    let mut kinds = std::collections::BTreeSet::new();
    for _ in 0..2_000 {
        let mut bill = bill(&chance, &[100, 50, 7]);
        let mut books: BTreeMap<String, i64> = BTreeMap::new();
        let mut post = |bill: &Bill, event: &BillEvent| {
            for entry in ledger::entries(bill, event).unwrap() {
                *books.entry(entry.account.to_string()).or_default() += entry.amount.as_fen();
            }
            books.clone()
        };
        post(&bill, &BillEvent::Raised(Box::new(bill.raised.clone())));
        for step in 0..25 {
            let command = any(&chance, &bill, &people);
            let later = kernel::clock::from_micros(now().as_microsecond() + step * 90_000_000);
            match decided(&bill, &command, later) {
                Ok(events) => {
                    for event in events {
                        kinds.insert(trace::Event::kind(&event));
                        let books = post(&bill, &event);
                        apply(&mut bill, &event, later);
                        if !matches!(event, BillEvent::PaymentExcess { .. }) {
                            holds(&bill, &books);
                        }
                    }
                }
                Err(Failure::Refused(no)) => {
                    assert!(no.code.starts_with("payment."), "{}", no.code);
                    assert!(!no.sentence(Lang::ZhCn).is_empty() && !no.sentence(Lang::En).is_empty());
                }
                Err(Failure::Fault(fault)) => panic!("{fault}"),
            }
        }
    }
    assert!(kinds.len() >= 13, "the lives meet nearly everything: {kinds:?}");
}

/// A bill of 157 fen, and the payment that was begun for all of it.
fn begun_payment(chance: &SeededRng) -> (Bill, TradeId) {
    let mut bill = bill(chance, &[100, 50, 7]);
    let trade = TradeId::new_at(now(), chance);
    let begin = Act::Begin { trade, seen: None };
    alone(&bill, &begin, now()).unwrap().iter().for_each(|e| apply(&mut bill, e, now()));
    (bill, trade)
}

#[test]
fn another_amount_lies_in_excess_cannot_be_refused_and_leaves_the_bill_payable() {
    let chance = SeededRng::new(3);
    let (by, spare) = (AccountId::new_at(now(), &chance), RefundId::new_at(now(), &chance));
    for fen in [1, 156, 158] {
        let (mut bill, trade) = begun_payment(&chance);
        let amount = Money::fen(fen);
        let said =
            Said { answer: Answer::Paid, amount, gateway_no: "G".into(), at: now(), via: Heard::Query };
        let hear = Act::Hear { trade, said, spares: vec![spare] };
        for event in alone(&bill, &hear, now()).unwrap() {
            let moved: Vec<i64> =
                ledger::entries(&bill, &event).unwrap().iter().map(|e| e.amount.as_fen()).collect();
            assert!(moved.is_empty() || moved == [fen, -fen], "what came is what is booked: {moved:?}");
            apply(&mut bill, &event, now());
        }
        assert_eq!(bill.trade(trade).unwrap().excess, Some(amount));
        assert_eq!((bill.refunds[0].amount, bill.owed()), (amount, Money::fen(157)));
        let refuse = Command::DecideRefund { refund: spare, by, approve: false, reason: "n".into() };
        let Err(Failure::Refused(no)) = decide(&bill, &refuse, now()) else { panic!("it was refused") };
        assert_eq!(no.code, "payment.excess-goes-back");
        let again = Act::Begin { trade: TradeId::new_at(now(), &chance), seen: None };
        assert!(alone(&bill, &again, now()).is_ok(), "the payer begins anew");
    }
    let (bill, trade) = begun_payment(&chance);
    let said = Said {
        answer: Answer::Paid,
        amount: Money::ZERO,
        gateway_no: "G".into(),
        at: now(),
        via: Heard::Query,
    };
    assert!(alone(&bill, &Act::Hear { trade, said, spares: vec![spare] }, now()).is_err(), "nothing came");
}

/// Bills of 157, 60 and 9 fen, paid by one act.
fn together(chance: &SeededRng) -> (Vec<(BillId, Bill)>, TradeId) {
    let lines: [&[i64]; 3] = [&[100, 50, 7], &[60], &[4, 5]];
    let mut all: Vec<(BillId, Bill)> =
        lines.iter().map(|lines| (BillId::new_at(now(), chance), bill(chance, lines))).collect();
    let trade = TradeId::new_at(now(), chance);
    act_all(&mut all, &Act::Begin { trade, seen: Some(Money::fen(226)) }).unwrap();
    (all, trade)
}

/// Does something to all of them; answers what the books say afterwards of what moved.
fn act_all(all: &mut [(BillId, Bill)], act: &Act) -> Outcome<BTreeMap<String, i64>> {
    let bills: Vec<(BillId, &Bill)> = all.iter().map(|(id, bill)| (*id, bill)).collect();
    let happened = act_on(&bills, act, now())?;
    let mut books: BTreeMap<String, i64> = BTreeMap::new();
    for ((_, bill), events) in all.iter_mut().zip(happened) {
        for event in events {
            for entry in ledger::entries(bill, &event).unwrap() {
                *books.entry(entry.account.to_string()).or_default() += entry.amount.as_fen();
            }
            apply(bill, &event, now());
        }
    }
    Ok(books)
}

fn hears(chance: &SeededRng, trade: TradeId, answer: Answer, fen: i64) -> Act {
    let (amount, at) = (Money::fen(fen), now());
    let said = Said { answer, amount, gateway_no: "G".into(), at, via: Heard::Query };
    Act::Hear { trade, said, spares: (0..3).map(|_| RefundId::new_at(now(), chance)).collect() }
}

#[test]
fn one_act_pays_all_of_its_bills_or_none() {
    let chance = SeededRng::new(4);
    let (mut all, trade) = together(&chance);
    let code = |done: Outcome<BTreeMap<String, i64>>| match done {
        Err(Failure::Refused(no)) => no.code.into_owned(),
        other => panic!("{other:?}"),
    };
    let again = Act::Begin { trade: TradeId::new_at(now(), &chance), seen: None };
    assert_eq!(code(act_all(&mut all[1..2], &again)), "payment.underway", "not one of them alone either");
    act_all(&mut all, &hears(&chance, trade, Answer::Failed, 0)).unwrap();
    assert!(all.iter().all(|(_, b)| b.orders.iter().all(|o| o.state == OrderState::Failed)));
    let books = act_all(&mut all, &hears(&chance, trade, Answer::Paid, 226)).unwrap();
    assert_eq!((books["clearing"], books["receivable"]), (226, -226));
    assert!(all.iter().all(|(_, b)| b.state() == BillState::Settled));
    assert_eq!(
        act_all(&mut all, &hears(&chance, trade, Answer::Paid, 226)).unwrap(),
        BTreeMap::new(),
        "once"
    );

    // What changed since it was seen is not paid unseen; and an act of none is none.
    let (mut all, trade) = together(&chance);
    act_all(&mut all, &hears(&chance, trade, Answer::Closed, 0)).unwrap();
    let other = Act::Begin { trade: TradeId::new_at(now(), &chance), seen: Some(Money::fen(225)) };
    assert_eq!(code(act_all(&mut all, &other)), "payment.changed");
    assert_eq!(code(act_all(&mut [], &other)), "payment.settled");

    // One was called off meanwhile: its share lies in excess, the others are paid.
    let cancel = Command::Cancel { reason: "c".into() };
    for event in decide(&all[1].1, &cancel, now()).unwrap() {
        apply(&mut all[1].1, &event, now());
    }
    let books = act_all(&mut all, &hears(&chance, trade, Answer::Paid, 226)).unwrap();
    assert_eq!((books["clearing"], books["excess"], books["receivable"]), (226, -60, -166));
    assert_eq!(all.iter().map(|(_, b)| b.refunds.len()).collect::<Vec<_>>(), [0, 1, 0]);
    assert_eq!(all.iter().map(|(_, b)| b.state()).collect::<Vec<_>>()[0], BillState::Settled);
}

#[test]
fn another_amount_of_one_act_lies_with_its_first_bill_once() {
    let chance = SeededRng::new(5);
    for fen in [1, 225, 300] {
        let (mut all, trade) = together(&chance);
        let books = act_all(&mut all, &hears(&chance, trade, Answer::Paid, fen)).unwrap();
        assert_eq!((books["clearing"], books["excess"], books.len()), (fen, -fen, 2));
        assert_eq!(all.iter().map(|(_, b)| b.refunds.len()).collect::<Vec<_>>(), [1, 0, 0]);
        assert!(all.iter().all(|(_, b)| b.underway().is_none() && b.owed() > Money::ZERO));
        assert_eq!(act_all(&mut all, &hears(&chance, trade, Answer::Paid, 226)).unwrap(), BTreeMap::new());
    }
}
