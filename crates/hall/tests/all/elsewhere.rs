//! What a hall accepts for another place is found, with whom it is decided by and under what; what it does not accept is not.

use crate::pages::{browser, shows};
use crate::town::{ROOMS, Town};
use hall::{Near, Settings, Wanted, nearest};
use kernel::{Clock as _, Timestamp};

const CHANCHENG: (i64, i64) = (113_120_000, 23_020_000);
const NANJING: (i64, i64) = (118_735_000, 32_003_000);

async fn near(town: &Town, item: &str, at: (i64, i64), now: Timestamp) -> Vec<Near> {
    let terms = Settings::default();
    let with = hall::model::Equipped::default();
    let wanted = Wanted { item, at, count: 10, within_km: terms.near_km, with };
    nearest(&town.t.store, &town.calendar, &terms, &wanted, now).await.unwrap()
}

fn codes(found: &[Near]) -> Vec<(&str, bool)> {
    found.iter().map(|n| (n.hall.code.as_str(), n.elsewhere.is_some())).collect()
}

harness::both!(the_nearest_may_accept_it_for_the_place_that_decides, ROOMS, |t| async move {
    let town = Town::demo(t).await;
    let now = town.t.clock.now();
    let found = near(&town, "home-purchase-proof", CHANCHENG, now).await;
    assert_eq!(codes(&found)[0], ("chancheng-hall", true), "it is near, and accepts it for Nanjing");
    assert!(found[1..].iter().all(|n| n.hall.division == "320100" && n.elsewhere.is_none()), "{found:?}");
    assert_eq!(found[0].desk.letter().unwrap().to_string(), "A", "a ticket is taken for it as for any other");
    // What is not agreed is not found there, and what a hall does for its own place is no agreement.
    let found = near(&town, "house-trade", CHANCHENG, now).await;
    assert!(!found.is_empty() && found.iter().all(|n| n.hall.division == "320100"), "{found:?}");
    let found = near(&town, "elderly-allowance", CHANCHENG, now).await;
    assert_eq!(codes(&found)[0], ("chancheng-hall", false));
    let found = near(&town, "elderly-allowance", NANJING, now).await;
    assert!(codes(&found).contains(&("nanjing-public", true)), "{found:?}");
    assert!(!codes(&found).iter().any(|(code, _)| *code == "nanjing-hotline"), "it does not do everything");
    // Before the first day nothing is accepted.
    let found = near(&town, "home-purchase-proof", CHANCHENG, "2025-12-31T02:00:00Z".parse().unwrap()).await;
    assert!(found.iter().all(|n| n.hall.code.as_str() != "chancheng-hall"), "{found:?}");
});

harness::both!(the_pages_say_for_whom_it_is_accepted_and_who_decides, ROOMS, |t| async move {
    let town = Town::demo(t).await;
    let mut anybody = browser(&town, "").await;
    let list = anybody.get("/halls?q=购房证明&near=440604").await;
    let found = [
        "禅城区行政服务中心大厅",
        "为南京市住房保障和房产局代收；由该机关决定",
        "依据：两地政务服务跨域通办合作协议（演示），自2026年1月1日(周四)起有效",
    ];
    shows(&list, &found);
    shows(&list, &["期限自这里收件时起算"]);
    let hall = anybody.get("/halls/chancheng-hall").await;
    shows(&hall, &["代收的异地事项", "为南京市住房保障和房产局代收", "href=\"/items/home-purchase-proof\""]);
    let guide = anybody.get("/halls/nanjing-hotline").await;
    assert!(!guide.html.contains("代收的异地事项"), "{}", guide.html);
    let mut english = browser(&town, "").await.with_cookie("yimen_lang", "en");
    let list = english.get("/halls?q=home-purchase-proof&near=440604").await;
    shows(&list, &["decided there", "since Thu 1 Jan"]);
});
