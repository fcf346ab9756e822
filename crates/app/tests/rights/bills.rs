//! Of each owner: a bill that was paid at a window with its receipt and a refund that waits, and a difference in a statement.

use crate::city::City;
use crate::owner::Owner;
use crate::plant::Plan;
use crate::somebody::Somebody;
use identity::Applicant;
use kernel::{ActorRef, AgencyCode, Lang, Money, Text, clock};
use payment::statement::{Line, Statement};
use payment::verbs::{self, NewBill, NewLine};
use payment::{BillId, Means};
use store::command;

async fn raise(city: &City, me: &Applicant, about: String) -> BillId {
    let (ground, p) = (&city.wired.house.ground, &city.wired.payments.room);
    let new = NewBill {
        about,
        matter: None,
        number: "JF-1".to_owned(),
        title: Text::new("不动产登记", "Registration"),
        payer: me.subject(),
        payer_name: me.subject_name().to_owned(),
        agency: AgencyCode::parse("nanjing.tax").unwrap(),
        lines: vec![NewLine { fee: "registration-dwelling".to_owned(), amount: Money::fen(8_000) }],
    };
    let id = command!(ground, Lang::ZhCn, ActorRef::system(), |cx| verbs::raise(&mut cx, p, &new).await);
    id.unwrap().unwrap()
}

/// Plants them.
pub async fn plant(city: &City, plan: &Plan, me: &Applicant, own: &mut Owner) {
    let (ground, p) = (&city.wired.house.ground, &city.wired.payments.room);
    let clerk = Somebody::browser(city, "housing-window").await;
    let session = identity::session(ground, &clerk.session).await.unwrap().unwrap();
    let (clerk, staff) = (session.clerk().unwrap(), session.staff().unwrap());
    let bill = raise(city, me, format!("test:{}", plan.key)).await;
    let paid = command!(ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        verbs::take(&mut cx, p, &clerk, bill, Means::Cash, Money::fen(8_000)).await
    });
    let order = paid.unwrap().orders.remove(0);
    let of = (order.line.order, Money::fen(100));
    let refund = command!(ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        verbs::ask_refund(&mut cx, p, &staff, bill, of, "x").await
    });
    own.id("bill", bill);
    own.id("receipt", order.paid.unwrap().receipt);
    own.id("refund", refund.unwrap());

    let other = raise(city, me, format!("test:{}:2", plan.key)).await;
    verbs::pay(p, Lang::ZhCn, me, other).await.unwrap();
    let trade = verbs::bill(&ground.store, other).await.unwrap().underway().unwrap().clone();
    let now = ground.clock.now();
    let line = Line {
        gateway_no: format!("SG-{}", plan.key),
        trade: trade.id.to_string(),
        line: trade.parts[0].0.to_string(),
        refund: None,
        account: "elsewhere".to_owned(),
        amount: Money::fen(1),
        done: true,
        at: now,
    };
    let day = clock::legal_date(now);
    verbs::reconcile(p, &Statement { day, lines: vec![line] }).await.unwrap();
    let supervision = Somebody::browser(city, "supervisor").await;
    let page = supervision.page(city, &format!("/desk/finance?day={day}")).await;
    let mine =
        page.split("<li>").find(|li| li.contains(&trade.id.to_string())).expect("the difference is shown");
    let id = mine.split_once("/desk/finance/differences/").unwrap().1.split('/').next().unwrap();
    own.id("difference", id);
}
