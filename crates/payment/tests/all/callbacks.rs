//! Call-backs: forged, late, twice, out of order, of another amount, of what was never begun.

use crate::town::{ROOMS, Town, code};
use kernel::Money;
use payment::gateway::News;
use payment::{BillState, verbs};

harness::both!(a_call_back_takes_effect_once_and_only_when_all_of_it_is_right, ROOMS, |t| async move {
    let town = Town::new(t, 0, 1).await;
    let id = town.raise("case:1", &[("registration-dwelling", 8_000)]).await;
    let trade = town.begin(id).await;
    let failed = town.gateway.pay(trade, false).unwrap();
    let paid = town.gateway.pay(trade, true).unwrap();

    let (mut headers, body) = town.signed(&paid);
    headers.insert("x-yimen-signature".to_owned(), "00".repeat(32));
    assert_eq!(code(town.deliver(&headers, &body).await), "payment.signature");
    let (headers, body) = town.signed(&paid);
    let forged = String::from_utf8(body.clone()).unwrap().replace("8000", "8");
    assert_eq!(code(town.deliver(&headers, forged.as_bytes()).await), "payment.signature");
    town.t.clock.advance_seconds(301);
    assert_eq!(code(town.deliver(&headers, &body).await), "payment.clock");
    let (headers, _) = town.signed(&paid);
    let nonsense =
        town.p.key.headers(verbs::CALLBACK, b"{}", town.t.ground.clock.now(), town.t.rng.as_ref()).unwrap();
    assert_eq!(code(town.deliver(&nonsense, b"{}").await), "payment.callback");
    assert_eq!(code(town.deliver(&headers, b"").await), "payment.signature");
    let stranger = News { trade: "01890000-0000-7000-8000-000000000001".parse().unwrap(), ..paid.clone() };
    assert_eq!(code(town.call_back(&stranger).await), "payment.no-trade");
    assert_eq!(town.bill(id).await.state(), BillState::Open, "none of it did anything");

    // Twice by one signature, twice by two, and the older news last.
    let (headers, body) = town.signed(&paid);
    town.deliver(&headers, &body).await.unwrap();
    town.deliver(&headers, &body).await.unwrap();
    town.call_back(&paid).await.unwrap();
    town.call_back(&failed).await.unwrap();
    let bill = town.bill(id).await;
    assert_eq!((bill.state(), bill.kept()), (BillState::Settled, Money::fen(8_000)));
    assert_eq!(town.books("clearing").await, 8_000);
});

harness::both!(another_amount_is_asked_after_and_what_came_goes_back, ROOMS, |t| async move {
    let town = Town::new(t, 0, 4).await;
    let id = town.raise("case:1", &[("registration-dwelling", 8_000)]).await;
    let trade = town.begin(id).await;
    let waiting = verbs::check(&town.p, id, false).await;
    assert!(waiting.unwrap());
    let at = town.t.ground.clock.now();
    let state = payment::gateway::GatewayState::Done;
    let less = News { trade, refund: None, state, amount: Money::fen(8), gateway_no: "G".into(), at };
    // The gateway does not stand by it: nothing is believed, and it is written down once, whatever the day.
    assert_eq!(code(town.call_back(&less).await), "payment.amount-differs");
    town.t.clock.advance_seconds(86_400);
    assert_eq!(code(town.call_back(&less).await), "payment.amount-differs");
    let rows = "SELECT COUNT(*) FROM payment_difference WHERE kind = 'amount-differs'";
    let count: Option<(i64,)> = town.t.store.row(rows, vec![]).await.unwrap();
    assert_eq!(count, Some((1,)));
    assert_eq!(town.bill(id).await.state(), BillState::Open);
    // It does: what came is booked, asked to be given back, and the payer begins anew.
    town.gateway.pay(trade, true).unwrap();
    town.lies.lock().unwrap().amount = Some(Money::fen(7_000));
    town.call_back(&less).await.unwrap();
    let bill = town.bill(id).await;
    assert_eq!(
        (bill.owed(), bill.trade(trade).unwrap().excess),
        (Money::fen(8_000), Some(Money::fen(7_000)))
    );
    assert_eq!((town.books("excess").await, town.books("receivable").await), (-7_000, 8_000));
    assert_eq!(bill.refunds[0].amount, Money::fen(7_000));
    assert_eq!(code(town.decide(&town.head, bill.refunds[0].id, false).await), "payment.excess-goes-back");
    town.decide(&town.head, bill.refunds[0].id, true).await.unwrap();
    town.lies.lock().unwrap().amount = None;
    let again = town.begin(id).await;
    town.call_back(&town.gateway.pay(again, true).unwrap()).await.unwrap();
    assert_eq!(town.bill(id).await.state(), BillState::Settled);
    // A call-back that is wrong where the gateway knows better is put right by asking.
    let id = town.raise("case:2", &[("deed-tax", 500)]).await;
    let trade = town.begin(id).await;
    let paid = town.gateway.pay(trade, true).unwrap();
    town.call_back(&News { amount: Money::fen(1), ..paid }).await.unwrap();
    assert_eq!(town.bill(id).await.kept(), Money::fen(500));
});

harness::both!(two_at_the_same_moment_are_one, ROOMS, |t| async move {
    let town = Town::new(t, 0, 2).await;
    let id = town.raise("case:1", &[("deed-tax", 123_456)]).await;
    let trade = town.begin(id).await;
    let paid = town.gateway.pay(trade, true).unwrap();
    let (headers, body) = town.signed(&paid);
    let (a, b, c, d) = tokio::join!(
        town.deliver(&headers, &body),
        town.deliver(&headers, &body),
        town.call_back(&paid),
        verbs::check(&town.p, id, false)
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok(), "{a:?} {b:?} {c:?} {d:?}");
    assert_eq!(town.books("clearing").await, 123_456);
    assert!(town.bill(id).await.refunds.is_empty());
});

harness::both!(what_is_lost_is_asked_for, ROOMS, |t| async move {
    let town = Town::new(t, 0, 3).await;
    let lost = town.raise("case:1", &[("deed-tax", 100)]).await;
    let left = town.raise("case:2", &[("deed-tax", 200)]).await;
    let (a, _) = (town.begin(lost).await, town.begin(left).await);
    town.gateway.pay(a, true).unwrap();
    assert_eq!(verbs::poll(&town.p).await.unwrap().done, 0, "not at once");
    town.t.clock.advance_seconds(30);
    assert_eq!(verbs::poll(&town.p).await.unwrap().done, 2);
    assert_eq!(town.bill(lost).await.state(), BillState::Settled);
    assert!(town.bill(left).await.underway().is_some(), "its payer may still be at it");
    town.t.clock.advance_seconds(1_900);
    verbs::poll(&town.p).await.unwrap();
    assert!(
        town.bill(left).await.underway().is_none(),
        "nobody finished it: closed, so that it can be paid anew"
    );
});
