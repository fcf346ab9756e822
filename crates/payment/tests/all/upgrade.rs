//! A database of the released program comes up: its bills stand alone, a payment that was under way is heard, and so are old events.

use crate::town::{ROOMS, Town};
use harness::TestGround;
use payment::event::BillEvent;
use payment::{BillState, verbs};
use store::{Migrations, params};

const RELEASED: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    Migrations { room: "payment", steps: &[payment::MIGRATIONS.steps[0], payment::MIGRATIONS.steps[1]] },
];

/// Rows of a bill with a payment under way, as the released program wrote them.
async fn left_by_the_released_program(t: &TestGround) {
    let mut cx = t.ground.begin(kernel::Lang::ZhCn, kernel::ActorRef::system());
    cx.commit.exec(
        "INSERT INTO payment_bill (id, code, about, number, title_zh, title_en, payer, payer_name, agency, division, state, total, owed,
             at, due_at, overdue)
         VALUES ('b1', '32010026000000000013', 'case:1', '1', '', '', 'person:1', '', 'nanjing.tax', '320100', 'open', 5, 5, 1, 1, 0)",
        params![],
    );
    cx.commit.exec(
        "INSERT INTO payment_trade (id, bill, amount, state, excess, at, asked) VALUES ('t1', 'b1', 5, 'sent', 0, 1, 0)",
        params![],
    );
    cx.commit.exec(
        "INSERT INTO payment_order (trade, line, account, amount) VALUES ('t1', 'o1', '99', 5)",
        params![],
    );
    cx.finish().await.unwrap();
}

harness::both!(bills_of_the_released_program_stand_alone, RELEASED, |t| async move {
    left_by_the_released_program(&t).await;
    t.store.migrate(ROOMS).await.unwrap();
    let row: Option<(String, String)> =
        t.store.row("SELECT b.matter, o.bill FROM payment_bill b, payment_order o", vec![]).await.unwrap();
    assert_eq!(row, Some(("case:1".to_owned(), "b1".to_owned())));
});

harness::both!(an_event_of_the_released_program_is_read, ROOMS, |t| async move {
    let town = Town::new(t, 0, 31).await;
    let id = town.raise("house/case:1", &[("deed-tax", 500)]).await;
    let trade = town.begin(id).await;
    // What pays one bill alone is written as it was before; the released program reads it.
    let alone = BillEvent::PaymentBegun { trade, parts: Vec::new(), with: Vec::new() };
    let text = serde_json::to_value(&alone).unwrap();
    assert!(text.get("with").is_none(), "{text}");
    assert_eq!(serde_json::from_value::<BillEvent>(text).unwrap(), alone);
    let mut raised = serde_json::to_value(BillEvent::Raised(Box::new(town.bill(id).await.raised))).unwrap();
    raised.as_object_mut().unwrap().remove("matter").unwrap();
    let BillEvent::Raised(raised) = serde_json::from_value(raised).unwrap() else { panic!("not raised") };
    assert_eq!(raised.matter(), "house/case:1");
    town.call_back(&town.gateway.pay(trade, true).unwrap()).await.unwrap();
    assert_eq!(town.bill(id).await.state(), BillState::Settled);
    assert!(verbs::own_matter(&town.t.store, &town.payer, id).await.unwrap().is_empty());
});
