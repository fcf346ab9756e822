//! A thousand differences of all kinds are put into a statement; exactly these are found.

use crate::town::{ROOMS, Town};
use kernel::Money;
use payment::statement::{DifferenceKind, Line, OurPart, OurRefund, Statement, compare};
use payment::{BillState, verbs};
use std::collections::BTreeSet;

/// What a fault was put in for, to be compared with what is found.
type Planted = BTreeSet<(DifferenceKind, String, String, String)>;

#[path = "plant.rs"]
mod plant;

#[test]
fn a_thousand_differences_of_all_kinds_are_found_and_nothing_else() {
    for seed in 1..=5 {
        let mut book = plant::Book::new(4_000, seed);
        let planted = book.plant(1_000);
        let text = Statement { day: plant::day(), lines: book.lines.clone() }.write();
        let found = compare(&Statement::read(&text).unwrap(), &book.parts, &book.refunds);
        let seen: Planted = found
            .differences
            .iter()
            .map(|d| (d.kind, d.trade.clone(), d.line.clone(), d.refund.clone()))
            .collect();
        assert_eq!(found.differences.len(), 1_000, "seed {seed}");
        assert!(
            seen == planted,
            "seed {seed}: {:?}",
            seen.symmetric_difference(&planted).take(5).collect::<Vec<_>>()
        );
        let kinds: BTreeSet<_> = planted.iter().map(|p| p.0).collect();
        assert_eq!(kinds.len(), DifferenceKind::ALL.len(), "every kind is among them");
    }
}

harness::both!(a_thousand_in_the_books_are_found_written_down_and_told_once, ROOMS, |t| async move {
    let town = Town::new(t, 0, 3).await;
    let mut planted: BTreeSet<(DifferenceKind, String)> = BTreeSet::new();
    let mut trades = Vec::new();
    for n in 0..1_000_i64 {
        let bill = town.raise(&format!("case:{n}"), &[("deed-tax", 5_000 + n)]).await;
        let trade = town.begin(bill).await;
        let news = town.gateway.pay(trade, true).unwrap();
        // Of a fifth no call-back ever came.
        if n % 5 != 0 {
            town.call_back(&news).await.unwrap();
        }
        trades.push(trade.to_string());
    }
    let mut statement = town.gateway.statement_of(town.today());
    assert_eq!(statement.lines.len(), 1_000);
    let mut lines = Vec::new();
    for (n, trade) in trades.iter().enumerate() {
        let line = statement.lines.iter().find(|l| l.trade == *trade).unwrap().clone();
        let mut put = |kind, line: Line, also: Option<Line>| {
            planted.insert((kind, line.trade.clone()));
            lines.extend([Some(line), also].into_iter().flatten());
        };
        let other = Line { gateway_no: format!("X{n:06}"), ..line.clone() };
        match n % 5 {
            0 => put(DifferenceKind::PaidThereOnly, line, None),
            1 => put(DifferenceKind::AmountDiffers, Line { amount: Money::fen(1), ..line }, None),
            2 => put(DifferenceKind::AccountDiffers, Line { account: "0000".to_owned(), ..line }, None),
            3 => put(DifferenceKind::PaidTwice, line, Some(other)),
            _ => put(DifferenceKind::LineTwice, line.clone(), Some(line)),
        }
    }
    statement.lines = lines;
    let first = verbs::reconcile(&town.p, &statement).await.unwrap();
    let seen: BTreeSet<_> = first.differences.iter().map(|d| (d.kind, d.trade.clone())).collect();
    assert_eq!(first.differences.len(), 1_000);
    assert!(seen == planted, "{:?}", seen.symmetric_difference(&planted).take(5).collect::<Vec<_>>());
    let kept = async || {
        let sql = "SELECT COUNT(*) FROM payment_difference";
        let (count,): (i64,) = town.t.store.row(sql, vec![]).await.unwrap().unwrap();
        count
    };
    assert_eq!(kept().await, 1_000, "each is written down");
    verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!(kept().await, 1_000, "and told once");
});

harness::both!(what_a_statement_knows_and_we_do_not_is_booked_and_told_once, ROOMS, |t| async move {
    let town = Town::new(t, 0, 1).await;
    let heard = town.raise("case:1", &[("registration-dwelling", 8_000), ("deed-tax", 5_000)]).await;
    let unheard = town.raise("case:2", &[("deed-tax", 7_000), ("courier-parcel", 1_200)]).await;
    let (a, b) = (town.begin(heard).await, town.begin(unheard).await);
    town.call_back(&town.gateway.pay(a, true).unwrap()).await.unwrap();
    town.gateway.pay(b, true).unwrap();
    let statement = town.gateway.statement_of(town.today());
    let first = verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!((first.lines, first.agree, first.differences.len()), (4, 2, 2));
    assert!(first.differences.iter().all(|d| d.kind == DifferenceKind::PaidThereOnly));
    assert_eq!(town.bill(unheard).await.state(), BillState::Settled, "booked from the statement");
    let second = verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!((second.agree, second.differences.len()), (4, 0));
    let third = verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!(third, second);
    assert_eq!((town.books("cleared").await, town.books("clearing").await), (21_200, 0), "cleared once");

    // Half of a payment is missing there: the gateway is asked, says that all of it came, and the half stays a difference.
    let half = town.raise("case:3", &[("registration-dwelling", 8_000), ("deed-tax", 900)]).await;
    let c = town.begin(half).await;
    town.gateway.pay(c, true).unwrap();
    let mut statement = town.gateway.statement_of(town.today());
    let at = statement.lines.iter().position(|l| l.trade == c.to_string()).unwrap();
    statement.lines.remove(at);
    let done = verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!(done.differences.len(), 1);
    assert_eq!(town.bill(half).await.state(), BillState::Settled);
    let open = "SELECT COUNT(*) FROM payment_difference WHERE state = 'open' AND kind = 'missing-there'";
    let open: Option<(i64,)> = town.t.store.row(open, vec![]).await.unwrap();
    assert_eq!(open, Some((1,)));
});
