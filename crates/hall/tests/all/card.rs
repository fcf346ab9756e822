//! Identity by reader: paired by a code, a card is there for the clerk of its window, for a while and once.

use crate::pages::{between, browser};
use crate::town::{ROOMS, Town, refused};
use ::store::command;
use hall::model::{Card, CardId};
use hall::verbs;
use http::StatusCode;
use identity::Clerk;
use kernel::{Clock as _, Lang, Outcome};
use serde_json::{Value, json};

const NUMBER: &str = "999999198405127021";

/// What a reader's program tells; the answer.
async fn tell(town: &Town, path: &str, body: &Value) -> (StatusCode, Value) {
    browser(town, "").await.tell(path, body).await
}

fn at(text: &str) -> kernel::Timestamp {
    text.parse().unwrap()
}

fn card(until: &str) -> Value {
    json!({"name": "许静怡", "number": NUMBER, "address": "示范路9号", "issuer": "示范市公安局",
        "from": "2019-05-12", "until": until})
}

/// The clerk shows a code, the reader's program types it; the secret of its address.
async fn paired(town: &Town, account: &str) -> String {
    let mut page = browser(town, account).await;
    let shown = page.submit("/desk/hall", "/desk/hall/tablet", &[]).await;
    let code = between(&shown.html, "yimen reader --pair ", '，').to_owned();
    let (status, told) = tell(town, "/readers", &json!({ "code": code })).await;
    assert_eq!(status, StatusCode::OK, "{told}");
    let (again, _) = tell(town, "/readers", &json!({ "code": code })).await;
    assert_ne!(again, StatusCode::OK, "a code pairs once");
    told["reader"].as_str().unwrap().to_owned()
}

async fn take(town: &Town, clerk: &Clerk, id: Option<CardId>) -> Outcome<Card> {
    take_since(town, clerk, (id, at("2026-11-23T00:00:00Z"))).await
}

async fn take_since(town: &Town, clerk: &Clerk, on: (Option<CardId>, kernel::Timestamp)) -> Outcome<Card> {
    command!(town.t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        verbs::take_card(&mut cx, clerk, on).await
    })
}

async fn here(town: &Town, clerk: &Clerk, since: kernel::Timestamp) -> Option<CardId> {
    let now = town.t.clock.now();
    verbs::card_here(&town.t.store, clerk, (since, now)).await.unwrap()
}

harness::both!(a_card_is_taken_once_by_the_clerk_of_its_window, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let first = town.on_duty("c1", "1").await;
    let other = town.on_duty("c2", "2").await;
    let reader = paired(&town, "c1").await;
    let before = town.t.clock.now();
    town.t.clock.set(at("2026-11-23T02:00:05Z"));
    let (status, told) = tell(&town, &format!("/readers/{reader}"), &card("2039-05-12")).await;
    assert_eq!((status, &told["taken"]), (StatusCode::OK, &json!(true)), "{told}");
    assert!(!told.to_string().contains(NUMBER));
    let id = here(&town, &first, before).await.expect("it lies there");
    assert_eq!(here(&town, &other, before).await, None, "on no other window's page");
    assert_eq!(
        here(&town, &first, town.t.clock.now()).await,
        None,
        "what lay there before is somebody else's"
    );
    assert_eq!(refused(take(&town, &other, Some(id)).await), "hall.no-card");
    let later = (None, town.t.clock.now());
    assert_eq!(
        refused(take_since(&town, &first, later).await),
        "hall.no-card",
        "it lay there before the page"
    );
    assert_eq!(take(&town, &first, Some(id)).await.unwrap().name, "许静怡");
    assert_eq!(refused(take(&town, &first, None).await), "hall.no-card");
    // Whoever is called next finds no card of somebody before.
    tell(&town, &format!("/readers/{reader}"), &card("2039-05-12")).await;
    town.take(&town.taking("A")).await.unwrap();
    crate::town::call_at(&town.t.ground, &first).await.unwrap();
    assert_eq!(refused(take(&town, &first, None).await), "hall.no-card");
    // One that nobody takes is forgotten.
    tell(&town, &format!("/readers/{reader}"), &card("2039-05-12")).await;
    town.t.clock.set(at("2026-11-23T02:03:10Z"));
    assert_eq!(refused(take(&town, &first, None).await), "hall.no-card");
    verbs::sweep(&town.t.ground, &hall::Settings::default()).await.unwrap();
    let (left,): (i64,) = town.t.store.row("SELECT COUNT(*) FROM hall_card", vec![]).await.unwrap().unwrap();
    assert_eq!(left, 0);
});

harness::both!(what_is_no_good_card_is_told_to_whoever_can_help, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    let reader = paired(&town, "c1").await;
    let address = format!("/readers/{reader}");
    // Out of its term: the clerk is told, on the page.
    assert_eq!(tell(&town, &address, &card("2026-11-22")).await.0, StatusCode::OK);
    assert_eq!(refused(take(&town, &clerk, None).await), "hall.card-expired");
    // No card at all: whoever stands beside the reader is.
    let mut wrong = card("2039-05-12");
    wrong["number"] = json!("999999198405127022");
    let (status, told) = tell(&town, &address, &wrong).await;
    assert_eq!(
        (status, told["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("hall.card")),
        "{told}"
    );
    assert_eq!(tell(&town, &address, &json!([1])).await.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(tell(&town, "/readers/0123", &card("2039-05-12")).await.0, StatusCode::NOT_FOUND);
    // Nobody on duty: nothing is kept.
    command!(town.t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| verbs::end_duty(&mut cx, &clerk).await)
        .unwrap();
    let (status, told) = tell(&town, &address, &card("2039-05-12")).await;
    assert_eq!((status, told["code"].as_str()), (StatusCode::CONFLICT, Some("hall.nobody-there")), "{told}");
    // The page of another reader's window takes over when it is paired anew.
    town.t.clock.set(at("2026-11-23T02:01:00Z"));
    town.duty(&clerk, "1").await.unwrap();
    let anew = paired(&town, "c1").await;
    assert_eq!(tell(&town, &address, &card("2039-05-12")).await.0, StatusCode::NOT_FOUND);
    assert_eq!(tell(&town, &format!("/readers/{anew}"), &card("2039-05-12")).await.0, StatusCode::OK);
});

harness::both!(serving_begins_with_the_identification_and_ends_with_what_was_filed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let clerk = town.on_duty("c1", "1").await;
    let terms = hall::Settings::default();
    town.take(&town.taking("A")).await.unwrap();
    crate::town::call_at(&town.t.ground, &clerk).await.unwrap();
    let person = town.clerk("c2").await.person();
    let hand = command!(town.t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        verbs::serve_in_hand(&mut cx, &terms, &clerk).await
    });
    let hand = hand.unwrap().unwrap();
    assert!(hand.serving && verbs::in_hand(&town.t.store, &clerk).await.unwrap().unwrap().serving);
    let missing = verbs::Ending::Missing("搬家".to_owned(), vec!["户口簿".to_owned()]);
    let end = async |ending: &verbs::Ending| {
        command!(town.t.ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
            verbs::end_visit(&mut cx, &terms, &clerk, (hand.id, person), ending).await
        })
    };
    end(&missing).await.unwrap();
    assert_eq!(refused(end(&missing).await), "hall.not-now", "it has ended");
    // The notice is the person's, though the ticket was taken without a telephone.
    let now = town.t.clock.now();
    let before = verbs::noticed_before(&town.t.store, &terms, &clerk, (person, "搬家"), now).await.unwrap();
    assert!(before.is_some());
    let else_ = verbs::noticed_before(&town.t.store, &terms, &clerk, (person, "结婚"), now).await.unwrap();
    assert_eq!(else_, None);
});
