//! An old-age allowance: the town looks, the public may object, the county sets the amount; a register that is down.

use crate::on_both;
use crate::town::{Town, approve};
use serde_json::{Value, json};

fn application() -> Value {
    json!({
        "item": "elderly-allowance",
        "answers": {
            "phone": "13900000035", "town": "440604012", "address": "佛山市禅城区祖庙街道示范巷3号",
            "bank": "示范银行佛山分行", "card": "6200009999990000041", "other": "no", "consent": true
        }
    })
}

async fn visited(town: &Town, number: &str) {
    let now = town.city.wired.house.ground.clock.now().to_string();
    let visit = json!({"at": now, "place": "示范巷3号", "officers": ["霍丽华", "冯村"], "record": "老人健在，地址属实。"});
    town.task_refused("town", number, "visit", approve(), "cases.visit-missing").await;
    let record = json!({"outcome": "record_visit", "visit": visit});
    town.task("town", number, "visit", record.clone()).await;
    // The same form sent twice, as by somebody who got no answer to the first.
    town.task_refused("town", number, "visit", record, "cases.visit-recorded").await;
    town.task("town", number, "visit", approve()).await;
}

on_both!(an_allowance_is_granted, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("elder", &application()).await;
    assert_eq!(town.step("elder", &number, "qualify").await, "passed");
    assert_eq!(town.task_of("town2", &number, "visit").await, None, "another town's examiner");
    visited(&town, &number).await;
    assert_eq!(town.term("elder", &number, "publicity").await["due"], "2026-12-01");
    town.at("2026-12-01T08:00:00Z");
    town.settle().await;
    assert_eq!(town.step("elder", &number, "publish").await, "open", "it is still public");
    assert_eq!(town.task_of("civil", &number, "decide").await, None);
    // The servers sleep for a week.
    town.at("2026-12-08T02:00:00Z");
    town.settle().await;
    town.settle().await;
    assert_eq!(town.step("elder", &number, "publish").await, "passed");
    let events = town.events("elder", &number).await;
    let published = |(word, line): &&(String, Value)| {
        word == "term_passed" && line["body"]["kind"]["kind"] == "publicity"
    };
    let published: Vec<_> = events.iter().filter(published).collect();
    assert_eq!(published.len(), 1, "the end of publication is written once");
    assert!(
        published[0].1["occurred_at"].as_str().unwrap() < "2026-12-02",
        "at its own moment: {}",
        published[0].1
    );
    let amount = |yuan: i64| json!({"outcome": "approve", "amount": yuan * 100});
    town.task_refused("civil", &number, "decide", amount(200), "cases.deviation-reason").await;
    assert_eq!(town.task("civil", &number, "decide", amount(80)).await, "closed");
    town.settle().await;
    let case = town.case("elder", &number).await;
    let step = case["steps"].as_array().unwrap().iter().find(|s| s["id"] == "decide").unwrap();
    assert_eq!(step["discretion"]["band"], "from80", "{step}");
    town.told("elder", &number, &["grant"]).await;
    assert_eq!(case["decision"]["amount"], 8_000, "what is granted stands in the decision: {case}");
    // A reconsideration grants more; how much is said, or it is no decision.
    let remedy = json!({"kind": "reconsideration", "body": "禅城区人民政府", "ground": "年龄认定错误"});
    town.act("civil", &number, "open_remedy", remedy).await;
    let id = town.case("elder", &number).await["remedies"][0]["remedy"].clone();
    let mut end =
        json!({"remedy": id, "outcome": "changed", "text": "按九十周岁档发放。", "changed": "granted"});
    town.refused("civil", &number, "end_remedy", end.clone(), (422, "cases.changed-amount-missing")).await;
    end["amount"] = json!(20_000);
    assert_eq!(town.act("civil", &number, "end_remedy", end).await, "closed");
    assert_eq!(town.case("elder", &number).await["decision"]["amount"], 20_000);
    town.told("elder", &number, &["grant", "changed"]).await;
});

on_both!(an_objection_stops_the_publication, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("elder", &application()).await;
    visited(&town, &number).await;
    let objection = json!({"step": "publish", "reason": "已搬离本市"});
    town.act("citizen-chancheng", &number, "object", objection.clone()).await;
    town.refused("citizen-chancheng", &number, "withdraw", json!({}), (404, "not-found")).await;
    town.at("2026-12-08T02:00:00Z");
    town.settle().await;
    assert_eq!(town.step("elder", &number, "publish").await, "open", "a person looks");
    town.refused("citizen-chancheng", &number, "object", objection, (409, "cases.not-public")).await;
    town.task("town", &number, "publish", approve()).await;
    assert!(town.task_of("civil", &number, "decide").await.is_some());
});

on_both!(a_register_that_is_down_stops_nobody, |backend| {
    let town = Town::new(backend).await;
    town.switch("household", true).await;
    let number = town.file_case("elder", &application()).await;
    assert_eq!(town.step("elder", &number, "qualify").await, "held");
    town.at("2026-11-20T04:00:00Z");
    town.settle().await;
    assert_eq!(town.step("elder", &number, "qualify").await, "held");
    town.switch("household", false).await;
    town.at("2026-11-20T07:00:00Z");
    town.settle().await;
    assert_eq!(
        town.step("elder", &number, "qualify").await,
        "passed",
        "it was fetched without anybody's asking"
    );
    visited(&town, &number).await;
});
