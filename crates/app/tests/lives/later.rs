//! A benefit after its grant: looked at again when its time is over, paid more, stopped with a written decision.

use crate::on_both;
use crate::town::{Town, approve};
use serde_json::json;

async fn granted(town: &Town) -> String {
    let application = json!({
        "item": "elderly-allowance",
        "answers": {
            "phone": "13900000035", "town": "440604012", "address": "佛山市禅城区祖庙街道示范巷3号",
            "bank": "示范银行佛山分行", "card": "6200009999990000041", "other": "no", "consent": true
        }
    });
    let number = town.file_case("elder", &application).await;
    let now = town.city.wired.house.ground.clock.now().to_string();
    let visit =
        json!({"at": now, "place": "示范巷3号", "officers": ["霍丽华", "冯村"], "record": "老人健在。"});
    town.task("town", &number, "visit", json!({"outcome": "record_visit", "visit": visit})).await;
    town.task("town", &number, "visit", approve()).await;
    town.at("2026-12-08T02:00:00Z");
    town.settle().await;
    town.settle().await;
    town.task("civil", &number, "decide", json!({"outcome": "approve", "amount": 8_000})).await;
    town.settle().await;
    number
}

/// The words of what the body owes in this case.
async fn owed(town: &Town, number: &str) -> Vec<String> {
    let case = town.case("civil", number).await;
    let all = case["duties"].as_array().cloned().unwrap_or_default();
    all.iter().map(|d| d["kind"].as_str().unwrap_or_default().to_owned()).collect()
}

on_both!(a_benefit_is_looked_at_again_and_ends, |backend| {
    let town = Town::new(backend).await;
    let number = granted(&town).await;
    assert_eq!(town.state("elder", &number).await, "closed");
    assert_eq!(town.term("elder", &number, "review").await["due"], "2027-12-08");
    assert!(owed(&town, &number).await.is_empty(), "nothing is owed in the first year");
    let found = json!({"text": "健在，户籍未变"});
    town.refused("citizen-chancheng", &number, "review", found.clone(), (404, "api.no-such-verb")).await;
    // The servers sleep over the end.
    town.at("2027-12-20T02:00:00Z");
    town.settle().await;
    assert_eq!(owed(&town, &number).await, ["review"], "it is to be looked at now");
    town.refused("civil", &number, "review", json!({"text": " "}), (422, "cases.reason-missing")).await;
    let more = json!({"text": "年满九十周岁", "amount": 20_000});
    assert_eq!(town.act("civil", &number, "review", more).await, "closed");
    town.told("elder", &number, &["grant", "changed"]).await;
    assert!(owed(&town, &number).await.is_empty());
    assert_eq!(town.count("elder", &number, "reviewed").await, 1);
    let case = town.case("elder", &number).await;
    assert_eq!(case["paid_now"], 20_000, "{case}");
    let moved = json!({"why": "moved-away", "text": "户籍于12月迁往南京市"});
    assert_eq!(town.act("civil", &number, "stop_benefit", moved.clone()).await, "closed");
    town.told("elder", &number, &["grant", "changed", "stop"]).await;
    town.refused("civil", &number, "stop_benefit", moved, (409, "cases.stopped-before")).await;
    town.refused("civil", &number, "review", found, (409, "cases.stopped-before")).await;
    let case = town.case("elder", &number).await;
    assert_eq!(case["stopped"]["from"], "2028-01-01", "{case}");
    // Nothing is looked at any more.
    town.at("2029-02-01T02:00:00Z");
    town.settle().await;
    assert!(owed(&town, &number).await.is_empty());
});
