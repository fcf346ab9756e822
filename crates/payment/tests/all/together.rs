//! One act for a whole matter: several bills of one payer, all of them or none.

use crate::town::{AGENCY, ROOMS, Town, code};
use kernel::{Lang, Money};
use payment::gateway::{GatewayState, News};
use payment::model::RefundOf;
use payment::verbs::{self, Paying};
use payment::{BillId, BillState, Means, OrderState, RefundState, TradeState};
use std::collections::BTreeSet;
use store::command;

/// The tax, a fee of the same agency's account as the next, and a fee with the courier: 5,000 + 8,000 + 9,200 fen.
async fn house(town: &Town) -> [BillId; 3] {
    let tax = town.raise("house/case:1", &[("deed-tax", 5_000)]).await;
    town.t.clock.advance_seconds(1);
    let fee = town.raise("house/case:2", &[("registration-dwelling", 8_000)]).await;
    town.t.clock.advance_seconds(1);
    let last = [("registration-dwelling", 8_000), ("courier-parcel", 1_200)];
    let last = town.raise_at("nanjing.gov.hall", "house/case:3", &last).await.unwrap().unwrap();
    [tax, fee, last]
}

const WHOLE: i64 = 22_200;

async fn states(town: &Town, bills: &[BillId]) -> Vec<BillState> {
    let mut all = Vec::new();
    for id in bills {
        all.push(town.bill(*id).await.state());
    }
    all
}

harness::both!(one_act_pays_a_matter_each_bill_with_its_own_receipts, ROOMS, |t| async move {
    let town = Town::new(t, 0, 1).await;
    let bills = house(&town).await;
    let other = town.raise("case:9", &[("deed-tax", 1)]).await;
    let trade = town.begin_all(bills[1]).await;
    for id in bills {
        let bill = town.bill(id).await;
        assert_eq!(bill.underway().unwrap().with, bills);
        assert_eq!(code(verbs::pay(&town.p, Lang::ZhCn, &town.payer, id).await), "payment.underway");
        assert_eq!(
            code(verbs::pay_all(&town.p, Lang::ZhCn, &town.payer, id, None).await),
            "payment.underway"
        );
        assert_eq!(code(town.take(id, Means::Cash, bill.owed().as_fen()).await), "payment.underway");
        assert!(matches!(verbs::resume(&town.p, id).await.unwrap(), Paying::At(_)), "by any of them");
    }
    assert!(town.bill(other).await.underway().is_none(), "another matter is another act");
    let (letters, _) = store::outbox::counts(&town.t.store).await.unwrap();
    assert_eq!(letters, 4, "each bill asks by letter");
    let paid = town.gateway.pay(trade, true).unwrap();
    assert_eq!(paid.amount, Money::fen(WHOLE));
    town.call_back(&paid).await.unwrap();
    town.call_back(&paid).await.unwrap();
    assert_eq!(states(&town, &bills).await, [BillState::Settled; 3]);
    let mut receipts = BTreeSet::new();
    for id in bills {
        receipts.extend(town.bill(id).await.orders.iter().map(|o| o.paid.as_ref().unwrap().receipt.clone()));
    }
    assert_eq!(receipts.len(), 4, "each account of each bill its own: {receipts:?}");
    assert_eq!((town.books("receivable").await, town.books("clearing").await), (1, WHOLE));
    assert_eq!(store::outbox::counts(&town.t.store).await.unwrap(), (letters + 3, 0), "each is told of");

    // A part of one order goes back the way it came.
    let order = town.bill(bills[2]).await.orders[1].line.order;
    let refund = town.ask_refund(bills[2], order, 200).await;
    assert_eq!(code(refund), "not-found", "another agency's");
    let order = town.bill(bills[1]).await.orders[0].line.order;
    let refund = town.ask_refund(bills[1], order, 300).await.unwrap();
    town.decide(&town.head, refund, true).await.unwrap();
    for _ in 0..3 {
        verbs::poll(&town.p).await.unwrap();
        if town.bill(bills[1]).await.refund(refund).unwrap().state == RefundState::Failed {
            town.decide(&town.head, refund, true).await.unwrap();
        }
        town.t.clock.advance_seconds(60);
    }
    assert_eq!(town.bill(bills[1]).await.refund(refund).unwrap().state, RefundState::Done);
    let statement = town.gateway.statement_of(town.today());
    let done = verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!((done.lines, done.agree, done.differences.len()), (5, 5, 0));
    assert_eq!((town.books("cleared").await, town.gateway.holds()), (WHOLE - 300, WHOLE - 300));
});

harness::both!(two_devices_at_once_are_one_payment, ROOMS, |t| async move {
    let town = Town::new(t, 0, 2).await;
    let other = town.t.second(99).await;
    let bills = house(&town).await;
    let there =
        payment::Payments { house: page::House { ground: other, ..town.p.house.clone() }, ..town.p.clone() };
    let (a, b, c) = tokio::join!(
        verbs::pay_all(&town.p, Lang::ZhCn, &town.payer, bills[0], None),
        verbs::pay_all(&there, Lang::ZhCn, &town.payer, bills[2], None),
        verbs::pay(&there, Lang::ZhCn, &town.payer, bills[1])
    );
    let began = [&a, &b, &c].iter().filter(|r| r.is_ok()).count();
    assert!(began == 1 || (began == 2 && c.is_ok()), "{a:?} {b:?} {c:?}");
    for id in bills {
        assert!(town.bill(id).await.trades.len() <= 1, "no bill is paid twice");
    }
    let (a, b) = tokio::join!(town.take_all(bills[0], Means::Cash), town.take_all(bills[1], Means::Card));
    assert!(a.is_err() && b.is_err(), "nor at a window meanwhile");
});

harness::both!(it_fails_and_is_closed_with_all_bills, ROOMS, |t| async move {
    let town = Town::new(t, 0, 3).await;
    let bills = house(&town).await;
    let trade = town.begin_all(bills[0]).await;
    town.call_back(&town.gateway.pay(trade, false).unwrap()).await.unwrap();
    for id in bills {
        assert!(town.bill(id).await.orders.iter().all(|o| o.state == OrderState::Failed));
        assert_eq!(code(verbs::pay(&town.p, Lang::ZhCn, &town.payer, id).await), "payment.underway");
    }
    assert!(verbs::check(&town.p, bills[2], true).await.unwrap(), "closed by one of them");
    for id in bills {
        assert_eq!(town.bill(id).await.trade(trade).unwrap().state, TradeState::Closed);
    }
    // What nobody finishes and no statement names ends for all of them too.
    let trade = town.begin_all(bills[0]).await;
    town.t.clock.advance_seconds(3_600);
    town.lies.lock().unwrap().silent = true;
    let done = verbs::reconcile(&town.p, &town.gateway.statement_of(town.today())).await.unwrap();
    assert_eq!(done.closed, 1);
    for id in bills {
        assert_eq!(town.bill(id).await.trade(trade).unwrap().state, TradeState::Closed);
    }
    town.take_all(bills[1], Means::Card).await.unwrap();
    assert_eq!(states(&town, &bills).await, [BillState::Settled; 3]);
    assert_eq!(town.books("card:nanjing.gov.hall").await, WHOLE);
});

harness::both!(a_bill_called_off_meanwhile_gets_its_share_back, ROOMS, |t| async move {
    let town = Town::new(t, 0, 4).await;
    let bills = house(&town).await;
    let trade = town.begin_all(bills[0]).await;
    // The gateway says that it closed it, and takes the money all the same.
    let paid = town.gateway.pay(trade, true).unwrap();
    town.call_back(&News { state: GatewayState::Closed, ..paid.clone() }).await.unwrap();
    verbs::call_off(&town.p, "house/case:2", "corrected").await.unwrap();
    let again = town.raise("house/case:2", &[("registration-dwelling", 8_000)]).await;
    assert!(again != bills[1]);
    town.call_back(&paid).await.unwrap();
    let expected = [BillState::Settled, BillState::Cancelled, BillState::Settled];
    assert_eq!(states(&town, &bills).await, expected);
    assert_eq!((town.books("excess").await, town.books("receivable").await), (-8_000, 8_000));
    let refund = town.bill(bills[1]).await.refunds.remove(0);
    assert_eq!((refund.of, refund.amount.as_fen(), refund.asked_by), (RefundOf::Excess(trade), 8_000, None));
    assert_eq!(town.books("clearing").await, WHOLE);
    // A call-off while it is under way closes it there first, for all of them.
    town.begin_all(again).await;
    let more = town.raise("house/case:4", &[("deed-tax", 7)]).await;
    verbs::call_off(&town.p, "house/case:2", "withdrawn").await.unwrap();
    assert_eq!(states(&town, &[again, more]).await, [BillState::Cancelled, BillState::Open]);
});

harness::both!(another_amount_of_a_matter_lies_in_excess_once, ROOMS, |t| async move {
    let town = Town::new(t, 0, 5).await;
    let bills = house(&town).await;
    let trade = town.begin_all(bills[0]).await;
    let paid = town.gateway.pay(trade, true).unwrap();
    let less = News { amount: Money::fen(5_000), ..paid };
    town.lies.lock().unwrap().amount = Some(Money::fen(5_000));
    town.call_back(&less).await.unwrap();
    town.lies.lock().unwrap().amount = None;
    assert_eq!(states(&town, &bills).await, [BillState::Open; 3], "a share that fits by chance pays nothing");
    assert_eq!((town.books("excess").await, town.books("receivable").await), (-5_000, WHOLE));
    let ours = "SELECT ours, theirs FROM payment_difference WHERE kind = 'amount-differs'";
    let ours: Vec<(Option<i64>, Option<i64>)> = town.t.store.rows(ours, vec![]).await.unwrap();
    assert_eq!(ours, [(Some(WHOLE), Some(5_000))], "the whole is compared");
    let excess: Option<(i64, i64)> =
        town.t.store.row("SELECT amount, excess FROM payment_trade", vec![]).await.unwrap();
    assert_eq!(excess, Some((WHOLE, 5_000)));
    let again = town.begin_all(bills[0]).await;
    town.call_back(&town.gateway.pay(again, true).unwrap()).await.unwrap();
    assert_eq!(states(&town, &bills).await, [BillState::Settled; 3]);
});

harness::both!(nobody_pays_another_amount_than_they_saw, ROOMS, |t| async move {
    let town = Town::new(t, 0, 6).await;
    let bills = house(&town).await;
    let seen = Some(Money::fen(WHOLE));
    town.raise("house/case:4", &[("deed-tax", 100)]).await;
    let changed = verbs::pay_all(&town.p, Lang::ZhCn, &town.payer, bills[0], seen).await;
    assert_eq!(code(changed), "payment.changed");
    let amount = Money::fen(WHOLE);
    let taken = command!(town.t.ground, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
        verbs::take_all(&mut cx, &town.p, &town.clerk, bills[0], Means::Cash, amount).await
    });
    assert_eq!(code(taken), "payment.not-the-amount");
    assert_eq!(town.take_all(bills[0], Means::Cash).await.unwrap().len(), 4);
    assert_eq!(code(town.take_all(bills[0], Means::Cash).await), "payment.settled");
    assert_eq!(town.books("cash").await, WHOLE + 100);
});

harness::both!(a_difference_of_a_part_is_its_own_agencys, ROOMS, |t| async move {
    let town = Town::new(t, 0, 7).await;
    let bills = house(&town).await;
    let trade = town.begin_all(bills[0]).await;
    town.call_back(&town.gateway.pay(trade, true).unwrap()).await.unwrap();
    let mut statement = town.gateway.statement_of(town.today());
    statement.lines[0].account = "elsewhere".into();
    statement.lines[3].account = "elsewhere".into();
    let done = verbs::reconcile(&town.p, &statement).await.unwrap();
    assert_eq!((done.agree, done.differences.len()), (2, 2));
    let whose = "SELECT agency FROM payment_difference ORDER BY agency";
    let whose: Vec<(String,)> = town.t.store.rows(whose, vec![]).await.unwrap();
    assert_eq!(whose, [("nanjing.gov.hall".to_owned(),), (AGENCY.to_owned(),)]);
});
