//! Bills follow what is owed: corrected before payment, topped up or given back after it, raised again after they were called off.

use crate::town::{AGENCY, ROOMS, Town, code};
use identity::Applicant;
use kernel::{AgencyCode, Lang, Money, Text};
use payment::verbs::{self, BillNews, Demand, NewLine, Owing};
use payment::{BillState, Means, RefundState};
use store::command;

fn owing(who: &Applicant, lines: &[(&str, i64)]) -> Owing {
    let line = |(fee, fen): &(&str, i64)| NewLine { fee: (*fee).to_owned(), amount: Money::fen(*fen) };
    Owing {
        payer: who.subject(),
        payer_name: who.subject_name().to_owned(),
        lines: lines.iter().map(line).collect(),
    }
}

async fn demand(town: &Town, owing: Vec<Owing>) -> Vec<BillNews> {
    let demand = Demand {
        about: "case:1".to_owned(),
        matter: None,
        number: "32010020261123000001".to_owned(),
        title: Text::new("存量房转移纳税", "Taxes on the transfer"),
        agency: AgencyCode::parse(AGENCY).unwrap(),
        owing,
    };
    verbs::demand(&town.p, &demand).await.unwrap()
}

async fn tax(town: &Town, fen: i64) -> Vec<BillNews> {
    demand(town, vec![owing(&town.payer, &[("deed-tax", fen)])]).await
}

fn open(all: &[BillNews]) -> Vec<(i64, i64)> {
    let open = all.iter().filter(|b| b.state == BillState::Open);
    open.map(|b| (b.covers.as_fen(), b.owed.as_fen())).collect()
}

harness::both!(a_corrected_amount_has_another_bill_and_never_two_open_ones, ROOMS, |t| async move {
    let town = Town::new(t, 0, 21).await;
    let first = tax(&town, 100_000).await;
    assert_eq!(open(&first), [(100_000, 100_000)]);
    assert_eq!(tax(&town, 100_000).await, first, "told twice is billed once");
    let second = tax(&town, 90_000).await;
    assert_eq!((open(&second), second.len()), (vec![(90_000, 90_000)], 2));
    let old = second.iter().find(|b| b.bill == first[0].bill).unwrap();
    assert_eq!((old.state, old.covers, old.owed), (BillState::Cancelled, Money::ZERO, Money::ZERO));
    assert_eq!(town.books("receivable").await, 90_000);
    // While the payer is at the gateway with the old amount it is closed there first.
    let id = second.iter().find(|b| b.state == BillState::Open).unwrap().bill;
    let trade = town.begin(id).await;
    let third = tax(&town, 80_000).await;
    assert_eq!(open(&third), [(80_000, 80_000)]);
    assert!(
        town.gateway.pay(trade, true).is_none_or(|news| news.state != payment::gateway::GatewayState::Done)
    );
    // Nothing is owed any more.
    assert_eq!(open(&tax(&town, 0).await), []);
    assert_eq!(town.books("receivable").await, 0);
});

harness::both!(what_is_paid_is_topped_up_or_given_back_by_the_difference, ROOMS, |t| async move {
    let town = Town::new(t, 0, 22).await;
    let id = tax(&town, 100_000).await[0].bill;
    town.take(id, Means::Card, 100_000).await.unwrap();
    let more = tax(&town, 120_000).await;
    assert_eq!(open(&more), [(20_000, 20_000)], "the difference");
    let rest = more.iter().find(|b| b.state == BillState::Open).unwrap().bill;
    town.take(rest, Means::Cash, 20_000).await.unwrap();
    let less = tax(&town, 70_000).await;
    assert_eq!((open(&less), tax(&town, 70_000).await), (vec![], less.clone()), "asked once");
    assert_eq!(less.iter().map(|b| b.covers.as_fen()).sum::<i64>(), 70_000);
    let asked: Vec<_> =
        town.bill(id).await.refunds.into_iter().chain(town.bill(rest).await.refunds).collect();
    assert_eq!(asked.iter().map(|r| r.amount.as_fen()).sum::<i64>(), 50_000);
    assert!(asked.iter().all(|r| r.asked_by.is_none() && r.state == RefundState::Asked), "the program asked");
    // A clerk's own refund says nothing of what is owed.
    let order = town.bill(id).await.orders[0].line.order;
    town.ask_refund(id, order, 100).await.unwrap();
    assert_eq!(
        verbs::standing(&town.p, "case:1").await.unwrap().iter().map(|b| b.covers.as_fen()).sum::<i64>(),
        70_000
    );
});

harness::both!(a_second_fee_joins_the_open_bill_and_two_payers_have_their_own, ROOMS, |t| async move {
    let town = Town::new(t, 0, 23).await;
    let other = crate::town::applicant(&town.t, "buyer").await;
    let both = demand(
        &town,
        vec![owing(&town.payer, &[("registration-dwelling", 8_000)]), owing(&other, &[("deed-tax", 500)])],
    )
    .await;
    assert_eq!(both.len(), 2, "both are raised before anybody is told");
    let id = both.iter().find(|b| b.payer == town.payer.subject()).unwrap().bill;
    let bill = town.bill(id).await;
    let order = bill.orders[0].line.order;
    command!(town.t.ground, Lang::ZhCn, town.clerk.actor_ref(), |cx| {
        let staff = identity::Staff::Clerk(town.clerk.clone());
        verbs::reduce(&mut cx, &town.p, &staff, id, (order, "half"), "文件").await
    })
    .unwrap();
    let lines = [("registration-dwelling", 8_000), ("courier-parcel", 1_200)];
    let joined = demand(&town, vec![owing(&town.payer, &lines), owing(&other, &[("deed-tax", 500)])]).await;
    let mut now = open(&joined);
    now.sort_unstable();
    assert_eq!(now, [(500, 500), (9_200, 5_200)], "one act for both, and the reduction holds on");
    assert_eq!(joined.iter().filter(|b| b.payer == other.subject()).count(), 1, "the other's bill stays");
});

harness::both!(a_reduction_that_waits_goes_on_waiting_on_the_bill_in_its_place, ROOMS, |t| async move {
    let town = Town::new(t, 0, 26).await;
    let fee = |fen| [("registration-dwelling", 8_000), ("courier-parcel", fen)];
    let id = demand(&town, vec![owing(&town.payer, &fee(0))]).await[0].bill;
    let order = town.bill(id).await.orders[0].line.order;
    command!(town.t.ground, Lang::ZhCn, town.examiner.actor_ref(), |cx| {
        verbs::reduce(&mut cx, &town.p, &town.examiner, id, (order, "small-firm"), "营业执照 3201").await
    })
    .unwrap();
    assert_eq!(town.bill(id).await.asked.len(), 1, "a second person decides");
    let all = demand(&town, vec![owing(&town.payer, &fee(1_200))]).await;
    assert_eq!(open(&all), [(9_200, 9_200)], "nothing was granted yet");
    let new = all.iter().find(|b| b.state == BillState::Open).unwrap().bill;
    let bill = town.bill(new).await;
    let (order, granted) = bill.asked[0].clone();
    assert_eq!((granted.evidence.as_str(), granted.by), ("营业执照 3201", town.examiner.account()));
    let rows: Vec<(String,)> = town.t.store.rows("SELECT bill FROM payment_asked", vec![]).await.unwrap();
    assert_eq!(rows, [(new.to_string(),)], "and waits once, on the desk of whoever decides");
    let head = &town.head;
    let bill = command!(town.t.ground, Lang::ZhCn, head.actor_ref(), |cx| {
        verbs::decide_reduction(&mut cx, &town.p, head, new, (order, "small-firm"), (true, "")).await
    })
    .unwrap();
    assert_eq!(bill.owed().as_fen(), 1_200);
    assert!(bill.order(order).unwrap().granted[0].agreed.is_some());
});

harness::both!(what_ended_is_called_off_and_can_be_billed_again, ROOMS, |t| async move {
    let town = Town::new(t, 0, 24).await;
    let id = tax(&town, 100_000).await[0].bill;
    verbs::call_off(&town.p, "case:1", "refused").await.unwrap();
    assert_eq!(code(town.take(id, Means::Cash, 100_000).await), "payment.cancelled");
    let again = tax(&town, 100_000).await;
    assert_eq!(open(&again), [(100_000, 100_000)], "taken up again, and owed again");
    let id = again.iter().find(|b| b.state == BillState::Open).unwrap().bill;
    town.take(id, Means::Cash, 100_000).await.unwrap();
    verbs::call_off(&town.p, "case:1", "refused").await.unwrap();
    verbs::ask_all_back(&town.p, "case:1", verbs::ENDED).await.unwrap();
    verbs::ask_all_back(&town.p, "case:1", verbs::ENDED).await.unwrap();
    let refunds = town.bill(id).await.refunds;
    assert_eq!((refunds.len(), refunds[0].amount.as_fen()), (1, 100_000), "all of it, once");
    town.decide(&town.head, refunds[0].id, true).await.unwrap();
});

harness::both!(a_term_that_passes_is_told_and_the_bill_stays_payable, ROOMS, |t| async move {
    let town = Town::new(t, 0, 25).await;
    let id = tax(&town, 100_000).await[0].bill;
    town.t.clock.advance_seconds(40 * 86_400);
    verbs::sweep(&town.p).await.unwrap();
    let news = verbs::news(&town.t.store, id).await.unwrap();
    assert!(news.overdue && news.state == BillState::Open);
    town.take(id, Means::Cash, 100_000).await.unwrap();
    assert!(verbs::news(&town.t.store, id).await.unwrap().rev > news.rev);
});
