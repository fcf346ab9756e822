//! What clerks are trained for decides whom they call; clerks of other agencies work here once admitted.

use crate::act;
use crate::pages::{browser, shows};
use crate::town::{ROOMS, Town, call_at, first, refused};
use hall::model::{HallEvent, Letters, hall_subject};
use hall::verbs::{self, Manager};
use http::StatusCode;
use kernel::{AccountId, AgencyCode, Lang, Outcome};
use store::command;

async fn manager(town: &Town) -> Manager {
    let staff = town.session("head").await.staff().unwrap();
    Manager::of(&town.t.store, &staff, &first()).await.unwrap()
}

async fn train(town: &Town, account: AccountId, letters: &str, items: &[&str]) -> Outcome<()> {
    let (head, letters) = (town.clerk("head").await, letters.parse::<Letters>().unwrap());
    let (who, actor) = (manager(town).await, head.actor_ref());
    let items: Vec<String> = items.iter().map(|i| (*i).to_owned()).collect();
    command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::set_training(&mut cx, &who, account, (&letters, &items)).await
    })
}

async fn admit(town: &Town, agency: &str, account: AccountId, letters: &str) -> Outcome<()> {
    let (head, letters) = (town.clerk("head").await, letters.parse::<Letters>().unwrap());
    let (who, actor, agency) = (manager(town).await, head.actor_ref(), AgencyCode::parse(agency).unwrap());
    command!(town.t.ground, Lang::ZhCn, actor, |cx| {
        verbs::admit(&mut cx, &who, &agency, account, (&letters, &[])).await
    })
}

harness::both!(a_clerk_calls_only_what_they_are_trained_for, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let c1 = town.on_duty("c1", "1").await;
    for letter in ["A", "A", "B"] {
        town.take(&town.taking(letter)).await.unwrap();
    }
    // Of whom nothing is kept calls all that the window takes.
    assert_eq!(call_at(&town.t.ground, &c1).await.unwrap().number, "A001");
    act!(town.t.ground, c1, start).unwrap();
    act!(town.t.ground, c1, end, &verbs::Ending::Done("x".into())).unwrap();
    assert_eq!(refused(train(&town, c1.account(), "", &[]).await), "hall.no-training");
    assert_eq!(refused(train(&town, c1.account(), "Z", &[]).await), "hall.no-training");
    assert_eq!(refused(train(&town, c1.account(), "", &["licence"]).await), "hall.no-training");
    // The one item of B is the whole of B.
    train(&town, c1.account(), "", &["stock-house"]).await.unwrap();
    assert_eq!(call_at(&town.t.ground, &c1).await.unwrap().number, "B001", "A002 came before");
    act!(town.t.ground, c1, start).unwrap();
    // Whom it is handed on to must know it.
    let c2 = town.on_duty("c2", "2").await;
    train(&town, c2.account(), "A", &[]).await.unwrap();
    assert_eq!(refused(act!(town.t.ground, c1, move_on, "2", "")), "hall.untrained-there");
    act!(town.t.ground, c1, end, &verbs::Ending::Done("x".into())).unwrap();
    assert_eq!(refused(call_at(&town.t.ground, &c1).await), "hall.nobody-trained", "A002 waits");
    assert_eq!(call_at(&town.t.ground, &c2).await.unwrap().number, "A002");
    // Window 3 takes A only.
    assert_eq!(refused(town.duty(&c1, "3").await), "hall.untrained");
    let (who, actor) = (manager(&town).await, town.clerk("head").await.actor_ref());
    let only: Letters = "A".parse().unwrap();
    let set: Outcome<()> =
        command!(town.t.ground, Lang::ZhCn, actor, |cx| verbs::set_window(&mut cx, &who, "1", true, &only)
            .await);
    set.unwrap();
    assert_eq!(refused(call_at(&town.t.ground, &c1).await), "hall.untrained");
    let subject = hall_subject(&first());
    let (_, events) = trace::history::<HallEvent>(&town.t.store, &subject).await.unwrap();
    let set = |e: &&trace::Recorded<HallEvent>| matches!(e.event, HallEvent::TrainingSet { .. });
    assert_eq!(events.iter().filter(set).count(), 2, "the history is kept");
});

harness::both!(a_ticket_handed_on_to_somebody_untrained_waits_for_all_who_know, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (c1, c2, c4) =
        (town.on_duty("c1", "1").await, town.on_duty("c2", "2").await, town.on_duty("c4", "4").await);
    town.take(&town.taking("B")).await.unwrap();
    call_at(&town.t.ground, &c1).await.unwrap();
    act!(town.t.ground, c1, move_on, "2", "").unwrap();
    assert_eq!(refused(call_at(&town.t.ground, &c4).await), "hall.nobody", "it waits for window 2");
    train(&town, c2.account(), "A", &[]).await.unwrap();
    assert_eq!(refused(call_at(&town.t.ground, &c2).await), "hall.nobody-trained");
    assert_eq!(call_at(&town.t.ground, &c4).await.unwrap().number, "B001");
});

harness::both!(a_department_s_clerk_sits_in_the_hall_once_admitted, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let guest = town.clerk("guest").await;
    let code = |outcome: Outcome<()>| match outcome {
        Err(kernel::Failure::Refused(refusal)) => refusal.kind,
        other => panic!("{other:?}"),
    };
    assert_eq!(code(town.duty(&guest, "1").await), kernel::RefusalKind::NotFound);
    assert_eq!(refused(admit(&town, "town.hall", guest.account(), "A").await), "hall.no-guest", "not theirs");
    assert_eq!(refused(admit(&town, "town.tax", guest.account(), "").await), "hall.no-training");
    let own = town.clerk("c1").await.account();
    assert_eq!(refused(admit(&town, "town.hall", own, "A").await), "hall.no-guest", "the hall's own");
    admit(&town, "town.tax", guest.account(), "B").await.unwrap();
    assert_eq!(refused(admit(&town, "town.tax", guest.account(), "B").await), "hall.no-guest", "twice");
    for letter in ["A", "B"] {
        town.take(&town.taking(letter)).await.unwrap();
    }
    let mut page = browser(&town, "guest").await;
    shows(&page.get("/desk/hall").await, &["first/1"]);
    assert_eq!(refused(town.duty(&guest, "3").await), "hall.untrained");
    town.duty(&guest, "1").await.unwrap();
    assert_eq!(call_at(&town.t.ground, &guest).await.unwrap().number, "B001");
    act!(town.t.ground, guest, start).unwrap();
    let missing = verbs::Ending::Missing("x".into(), vec!["y".into()]);
    let ended = act!(town.t.ground, guest, end, &missing).unwrap();
    let notice = ended.outcome.unwrap().reference().unwrap().to_owned();
    assert_eq!(page.get(&format!("/desk/hall/notices/{notice}")).await.status, StatusCode::OK);
    // What the head of the hall may do, a guest may not, and neither may the head of their own agency.
    assert_eq!(page.get("/desk/hall/day?hall=first").await.status, StatusCode::FORBIDDEN);
    assert_eq!(page.get("/desk/hall/staff?hall=first").await.status, StatusCode::FORBIDDEN);
    assert_eq!(page.get("/desk/hall/paper?hall=first").await.status, StatusCode::FORBIDDEN);

    let mut head = browser(&town, "head").await;
    let id = guest.account().to_string();
    let shown = head.get(&format!("/desk/hall/staff?hall=first&clerk={id}")).await;
    shows(&shown, &["某guest", "来自", "结束接纳", "现在没有在岗人员能办", "A 综合业务", "接纳了某guest"]);
    let dismiss = [("hall", "first"), ("clerk", id.as_str()), ("act", "dismiss")];
    let busy = head.submit("/desk/hall/staff", "/desk/hall/staff", &dismiss).await;
    assert_eq!(busy.status, StatusCode::CONFLICT);
    shows(&busy, &["1号窗口上岗"]);
    shows(&head.get("/desk/hall/day").await, &["现在没有在岗人员能办", "A 综合业务"]);
    let actor = guest.actor_ref();
    let left: Outcome<()> =
        command!(town.t.ground, Lang::ZhCn, actor, |cx| verbs::end_duty(&mut cx, &guest).await);
    left.unwrap();
    let done = head.submit("/desk/hall/staff", "/desk/hall/staff", &dismiss).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    assert_eq!(code(town.duty(&guest, "1").await), kernel::RefusalKind::NotFound);
    assert_eq!(page.get(&format!("/desk/hall/notices/{notice}")).await.status, StatusCode::NOT_FOUND);
    shows(&head.get("/desk/hall/staff").await, &["结束了对", "离开的人员"]);
});

harness::both!(the_head_sets_and_unties_and_admits_on_the_page, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut head = browser(&town, "head").await;
    let c1 = town.clerk("c1").await.account().to_string();
    shows(&head.get("/desk/hall/staff").await, &["某c1", "没有登记", "还没有变更"]);
    let none = [("hall", "first"), ("clerk", c1.as_str())];
    let wrong = head.submit("/desk/hall/staff", "/desk/hall/staff", &none).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&wrong, &["#f-letters", "某c1会办的业务"]);
    let set = [("hall", "first"), ("clerk", c1.as_str()), ("letters", "A"), ("letters", "B")];
    assert_eq!(head.submit("/desk/hall/staff", "/desk/hall/staff", &set).await.status, StatusCode::SEE_OTHER);
    let shown = head.get("/desk/hall/staff").await;
    shows(&shown, &["A 综合业务、B 不动产登记", "登记某c1会办"]);
    let untie = [("hall", "first"), ("clerk", c1.as_str()), ("act", "untie")];
    assert_eq!(
        head.submit("/desk/hall/staff", "/desk/hall/staff", &untie).await.status,
        StatusCode::SEE_OTHER
    );
    let offered = head.get("/desk/hall/staff?agency=town.tax").await;
    shows(&offered, &["某guest", "接纳谁"]);
    let guest = town.clerk("guest").await.account().to_string();
    let nobody = [("hall", "first"), ("act", "admit"), ("agency", "town.tax"), ("letters", "B")];
    let wrong = head.submit("/desk/hall/staff", "/desk/hall/staff", &nobody).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    shows(&wrong, &["#f-clerk"]);
    let all = [
        ("hall", "first"),
        ("act", "admit"),
        ("agency", "town.tax"),
        ("clerk", guest.as_str()),
        ("letters", "B"),
    ];
    assert_eq!(head.submit("/desk/hall/staff", "/desk/hall/staff", &all).await.status, StatusCode::SEE_OTHER);
    let mut clerk = browser(&town, "c1").await;
    assert_eq!(clerk.get("/desk/hall/staff").await.status, StatusCode::FORBIDDEN, "a clerk who is no head");
    shows(&clerk.get("/desk/hall").await, &["first/1"]);
});
