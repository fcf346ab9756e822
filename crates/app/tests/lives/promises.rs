//! 容缺受理: papers that come later, or do not.

use crate::on_both;
use crate::town::{Town, approve};
use serde_json::{Value, json};

async fn promised(town: &Town) -> String {
    let mut body = town.small_restaurant().await;
    for field in ["health_file", "lease_file"] {
        body["answers"].as_object_mut().unwrap().remove(field);
    }
    body["promises"] = json!(["health_certificates", "lease"]);
    let number = town.file_case("restaurant", &body).await;
    town.act("inspector", &number, "accept", json!({})).await;
    number
}

async fn paper(town: &Town, demand: &str) -> Value {
    let file = town.file("restaurant", "后补.pdf").await;
    json!({"materials": [{"demand": demand, "file": file[0]["file"]}]})
}

on_both!(a_promise_is_kept, |backend| {
    let town = Town::new(backend).await;
    let number = promised(&town).await;
    town.settle().await;
    town.inspect(&number, approve()).await;
    town.at("2026-11-25T02:00:00Z");
    town.settle().await;
    town.task("signboard", &number, "review", approve()).await;
    town.task("inspector", &number, "review", approve()).await;
    assert_eq!(town.state("restaurant", &number).await, "accepted", "the decision waits for the papers");
    let layout = paper(&town, "layout").await;
    town.refused("restaurant", &number, "keep_promise", layout, (409, "cases.nothing-promised")).await;
    assert_eq!(
        town.act("restaurant", &number, "keep_promise", paper(&town, "lease").await).await,
        "accepted"
    );
    town.act("restaurant", &number, "keep_promise", paper(&town, "health_certificates").await).await;
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "closed");
    town.told("restaurant", &number, &["conditional", "grant"]).await;
});

on_both!(a_promise_is_broken, |backend| {
    let town = Town::new(backend).await;
    let number = promised(&town).await;
    town.act("restaurant", &number, "keep_promise", paper(&town, "health_certificates").await).await;
    town.at("2026-12-09T02:00:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "closed");
    let decision = town.case("restaurant", &number).await["decision"].clone();
    assert_eq!(decision["outcome"], "refused", "as was told: {decision}");
    let served = town.case("restaurant", &number).await["served"].clone();
    let from = served.as_array().unwrap().last().unwrap()["from"].as_str().unwrap().to_owned();
    assert!(
        from.starts_with("2026-12-09"),
        "served when it could be read, not when the term ended: {served}"
    );
    assert_eq!(town.count("restaurant", &number, "promise_broken").await, 1);
    let late = paper(&town, "lease").await;
    town.refused("restaurant", &number, "keep_promise", late, (409, "cases.cannot-keep-promise")).await;
    town.told("restaurant", &number, &["conditional", "refusal", "service"]).await;
});

on_both!(what_is_not_tolerable_cannot_be_promised, |backend| {
    let town = Town::new(backend).await;
    let mut body = town.small_restaurant().await;
    body["promises"] = json!(["safety_rules"]);
    let token = town.city.token("restaurant").await;
    let (status, answer) =
        town.city.call_keyed("POST", "/api/v1/cases", Some(&token), Some(&body), Some("k")).await;
    assert!(status.is_client_error() && answer["code"] == "cases.not-tolerable", "{status} {answer}");
});
