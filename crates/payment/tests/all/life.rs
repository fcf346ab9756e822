//! A bill from its raising to the last refund.

use crate::town::{ROOMS, Town, code};
use kernel::{Lang, Money};
use payment::model::RefundOf;
use payment::rules::Command;
use payment::verbs::{self, Paying};
use payment::{BillState, Means, OrderState, RefundState, TradeState};
use store::command;

const LINES: [(&str, i64); 3] =
    [("registration-dwelling", 8_000), ("deed-tax", 1_500_000), ("courier-parcel", 1_200)];

harness::both!(one_act_pays_several_orders_each_with_its_own_receipt, ROOMS, |t| async move {
    let town = Town::new(t, 0, 1).await;
    let id = town.raise("case:1", &LINES).await;
    assert_eq!(town.raise("case:1", &LINES).await, id, "a matter and a payer have one bill");
    assert_eq!(code(town.try_raise("case:2", &[("sealing-wax", 100)]).await), "payment.not-listed");
    assert_eq!(code(town.try_raise("case:2", &[("courier-parcel", 1_300)]).await), "payment.not-listed");
    assert_eq!(town.try_raise("case:3", &[("income-tax", 0)]).await.unwrap(), None, "nothing is owed");
    assert_eq!(town.books("receivable").await, 1_509_200);

    let trade = town.begin(id).await;
    let bill = town.bill(id).await;
    assert!(bill.orders.iter().all(|o| o.state == OrderState::Sent));
    assert_eq!(code(verbs::pay(&town.p, Lang::ZhCn, &town.payer, id).await), "payment.underway");
    assert_eq!(code(town.take(id, Means::Cash, 1_509_200).await), "payment.underway");
    assert!(
        matches!(verbs::resume(&town.p, id).await.unwrap(), Paying::At(url) if url.ends_with(&trade.to_string()))
    );

    let news = town.gateway.pay(trade, true).unwrap();
    town.call_back(&news).await.unwrap();
    let bill = town.bill(id).await;
    assert_eq!(bill.state(), BillState::Settled);
    let receipts: std::collections::BTreeSet<_> =
        bill.orders.iter().map(|o| o.paid.as_ref().unwrap().receipt.clone()).collect();
    assert_eq!(receipts.len(), 3, "each account its own receipt");
    assert!(receipts.iter().any(|r| r.starts_with("010226")), "{receipts:?}");
    assert_eq!((town.books("receivable").await, town.books("clearing").await), (0, 1_509_200));
    assert_eq!(town.books("payee:nanjing.treasury").await, -1_500_000);
    assert_eq!(code(verbs::pay(&town.p, Lang::ZhCn, &town.payer, id).await), "payment.settled");
    let (bills, settled) = verbs::settled_by(&town.t.store, "case:1").await.unwrap();
    assert!(settled && bills.len() == 1);
});

harness::both!(failed_is_not_final_until_closed_or_reconciled, ROOMS, |t| async move {
    let town = Town::new(t, 0, 2).await;
    let id = town.raise("case:1", &LINES).await;
    let first = town.begin(id).await;
    let failed = town.gateway.pay(first, false).unwrap();
    town.call_back(&failed).await.unwrap();
    assert!(town.bill(id).await.orders.iter().all(|o| o.state == OrderState::Failed));
    assert_eq!(code(verbs::pay(&town.p, Lang::ZhCn, &town.payer, id).await), "payment.underway");
    // It went through after all: a late call-back is believed.
    let late = town.gateway.pay(first, true).unwrap();
    town.call_back(&late).await.unwrap();
    assert_eq!(town.bill(id).await.state(), BillState::Settled);

    let id = town.raise("case:2", &LINES).await;
    let second = town.begin(id).await;
    town.call_back(&town.gateway.pay(second, false).unwrap()).await.unwrap();
    assert!(verbs::check(&town.p, id, true).await.unwrap(), "closed at the gateway");
    assert_eq!(town.bill(id).await.trade(second).unwrap().state, TradeState::Closed);
    town.take(id, Means::Card, 1_509_200).await.unwrap();
    assert_eq!(town.books("card:nanjing.gov.hall").await, 1_509_200);

    let id = town.raise("case:3", &LINES).await;
    let third = town.begin(id).await;
    town.call_back(&town.gateway.pay(third, false).unwrap()).await.unwrap();
    let today = town.gateway.statement_of(town.today());
    let done = verbs::reconcile(&town.p, &today).await.unwrap();
    assert_eq!((done.closed, done.differences.len()), (1, 0), "its day's statement knows nothing of it");
    assert_eq!(town.bill(id).await.orders[0].state, OrderState::Open);
});

harness::both!(money_that_comes_twice_lies_in_excess_and_goes_back, ROOMS, |t| async move {
    let town = Town::new(t, 0, 3).await;
    let id = town.raise("case:1", &LINES).await;
    let trade = town.begin(id).await;
    // The gateway closes it and takes the money all the same; meanwhile it is paid at the counter.
    let paid = town.gateway.pay(trade, true).unwrap();
    let said = payment::gateway::News { state: payment::gateway::GatewayState::Closed, ..paid.clone() };
    town.call_back(&said).await.unwrap();
    assert_eq!(code(town.take(id, Means::Cash, 1).await), "payment.not-the-amount");
    town.take(id, Means::Cash, 1_509_200).await.unwrap();
    town.call_back(&paid).await.unwrap();
    let bill = town.bill(id).await;
    assert_eq!(town.books("excess").await, -1_509_200);
    let refund = bill.refunds[0].id;
    assert_eq!((bill.refunds[0].of, bill.refunds[0].asked_by), (RefundOf::Excess(trade), None));
    town.decide(&town.head, refund, true).await.unwrap();
    for _ in 0..3 {
        verbs::poll(&town.p).await.unwrap();
        if town.bill(id).await.refund(refund).unwrap().state == RefundState::Failed {
            town.decide(&town.head, refund, true).await.unwrap();
        }
        town.t.clock.advance_seconds(60);
    }
    assert_eq!(town.bill(id).await.refund(refund).unwrap().state, RefundState::Done);
    assert_eq!((town.books("excess").await, town.books("clearing").await), (0, 0));
    assert_eq!(town.gateway.holds(), 0);
});

harness::both!(two_persons_give_back_and_never_more_than_was_paid, ROOMS, |t| async move {
    let town = Town::new(t, 0, 4).await;
    let id = town.raise("case:1", &LINES).await;
    town.take(id, Means::Cash, 1_509_200).await.unwrap();
    let order = town.bill(id).await.orders[1].line.order;
    assert_eq!(code(town.ask_refund(id, order, 1_500_001).await), "payment.too-much");
    let first = town.ask_refund(id, order, 1_000_000).await.unwrap();
    assert_eq!(
        code(town.ask_refund(id, order, 500_001).await),
        "payment.too-much",
        "the rest is all that is left"
    );
    assert_eq!(code(town.decide(&town.examiner, first, true).await), "payment.no-right");
    assert_eq!(
        code(town.decide(&town.head, first, false).await.and(town.decide(&town.head, first, true).await)),
        "payment.refund-moved-on"
    );
    let second = town.ask_refund(id, order, 1_500_000).await.unwrap();
    town.decide(&town.head, second, true).await.unwrap();
    assert_eq!((town.books("refunding").await, town.books("payee:nanjing.treasury").await), (-1_500_000, 0));
    let pay_out = || async {
        command!(town.t.ground, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
            verbs::pay_out(&mut cx, &town.p, &town.clerk, second).await
        })
    };
    pay_out().await.unwrap();
    assert_eq!(code(pay_out().await), "payment.refund-moved-on");
    let bill = town.bill(id).await;
    assert_eq!((bill.order(order).unwrap().state, bill.kept()), (OrderState::Refunded, Money::fen(9_200)));
    assert_eq!((town.books("refunding").await, town.books("cash").await), (0, 9_200));
});

harness::both!(who_asked_does_not_decide, ROOMS, |t| async move {
    let town = Town::new(t, 0, 5).await;
    let id = town.raise("case:1", &LINES).await;
    town.take(id, Means::Cash, 1_509_200).await.unwrap();
    let order = town.bill(id).await.orders[0].line.order;
    let of = (order, Money::fen(100));
    let refund = command!(town.t.ground, Lang::ZhCn, town.head.actor_ref(), |cx| {
        verbs::ask_refund(&mut cx, &town.p, &town.head, id, of, "多收").await
    });
    assert_eq!(code(town.decide(&town.head, refund.unwrap(), true).await), "payment.second-person");
});

harness::both!(a_reduction_stands_in_the_list_and_all_of_it_exempts, ROOMS, |t| async move {
    let town = Town::new(t, 0, 6).await;
    let id = town.raise("case:1", &[("registration-dwelling", 8_000)]).await;
    let order = town.bill(id).await.orders[0].line.order;
    let clerk = identity::Staff::Clerk(town.clerk.clone());
    let reduce = |reduction: &'static str, evidence: &'static str| {
        let (town, clerk) = (&town, &clerk);
        async move {
            command!(town.t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
                verbs::reduce(&mut cx, &town.p, clerk, id, (order, reduction), evidence).await
            })
        }
    };
    assert_eq!(code(reduce("friend", "x").await), "payment.no-reduction");
    assert_eq!(code(reduce("half", " ").await), "payment.no-evidence");
    assert_eq!(reduce("half", "农民自建房").await.unwrap().owed(), Money::fen(4_000));
    assert_eq!(code(reduce("half", "农民自建房").await), "payment.granted-before");
    // More than half needs a second person, and never the one who asked.
    assert_eq!(reduce("small-firm", "营业执照 3201").await.unwrap().owed(), Money::fen(4_000), "not yet");
    assert_eq!(code(reduce("small-firm", "营业执照 3201").await), "payment.granted-before");
    let decide = |staff: &identity::Staff, approve: bool, reason: &'static str| {
        let (town, staff) = (&town, staff.clone());
        async move {
            command!(town.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| {
                let which = (order, "small-firm");
                verbs::decide_reduction(&mut cx, &town.p, &staff, id, which, (approve, reason)).await
            })
        }
    };
    assert_eq!(code(decide(&clerk, true, "").await), "payment.no-right");
    assert_eq!(code(decide(&town.head, false, " ").await), "payment.no-reason");
    assert!(decide(&town.head, false, "证照已注销").await.unwrap().asked.is_empty());
    assert_eq!(code(decide(&town.head, true, "").await), "payment.reduction-moved-on");
    reduce("small-firm", "营业执照 3202").await.unwrap();
    let bill = decide(&town.head, true, "").await.unwrap();
    assert!(bill.orders[0].granted[1].agreed.is_some());
    assert_eq!((bill.state(), bill.orders[0].state), (BillState::Settled, OrderState::Exempt));
    assert_eq!((town.books("receivable").await, town.books("payee").await), (0, 0));
});

harness::both!(what_stays_unpaid_is_written_down_once_and_stays_payable, ROOMS, |t| async move {
    let town = Town::new(t, 0, 7).await;
    let id = town.raise("case:1", &LINES).await;
    let due = town.bill(id).await.raised.due;
    assert_eq!(due.date.to_string(), "2026-12-14", "15 working days");
    assert_eq!(verbs::sweep(&town.p).await.unwrap().done, 1, "only nonces");
    town.t.clock.set("2026-12-15T02:00:00Z".parse().unwrap());
    assert_eq!(verbs::sweep(&town.p).await.unwrap().done, 2);
    assert_eq!(verbs::sweep(&town.p).await.unwrap().done, 1);
    assert!(town.bill(id).await.overdue);
    town.take(id, Means::Cash, 1_509_200).await.unwrap();
});

harness::both!(what_has_ended_owes_nothing_and_late_money_goes_back, ROOMS, |t| async move {
    let town = Town::new(t, 0, 9).await;
    let id = town.raise("case:1", &LINES).await;
    let trade = town.begin(id).await;
    verbs::call_off(&town.p, "case:1", "withdrawn").await.unwrap();
    assert_eq!(town.bill(id).await.state(), BillState::Cancelled);
    assert_eq!(town.books("receivable").await, 0);
    assert!(town.gateway.pay(trade, true).is_none(), "it was closed at the gateway first");
    let paid = town.raise("case:2", &LINES).await;
    let trade = town.begin(paid).await;
    town.gateway.pay(trade, true).unwrap();
    verbs::call_off(&town.p, "case:2", "withdrawn").await.unwrap();
    assert_eq!(town.bill(paid).await.state(), BillState::Settled, "it was paid after all");
});

harness::both!(two_servers_take_the_same_money_once, ROOMS, |t| async move {
    let town = Town::new(t, 0, 8).await;
    let other = town.t.second(99).await;
    let id = town.raise("case:1", &LINES).await;
    let amount = Money::fen(1_509_200);
    let (a, b) = tokio::join!(town.take(id, Means::Cash, 1_509_200), async {
        command!(other, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
            verbs::take(&mut cx, &town.p, &town.clerk, id, Means::Cash, amount).await
        })
    });
    assert!(a.is_ok() != b.is_ok(), "{a:?} {b:?}");
    assert_eq!(town.books("cash").await, 1_509_200);
    let decided = payment::rules::decide(&town.bill(id).await, &Command::Sweep, town.t.ground.clock.now());
    assert_eq!(decided.unwrap(), []);
});
