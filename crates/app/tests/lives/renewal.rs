//! 延续: a permit that was granted here is prolonged before its end, by the agency or by its silence (行政许可法第五十条).

use crate::on_both;
use crate::town::{Town, approve};
use serde_json::{Value, json};

/// A restaurant that was granted its permit on 20 November 2026; answers the certificate.
async fn granted(town: &Town) -> String {
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.settle().await;
    town.inspect(&number, approve()).await;
    town.settle().await;
    town.task("signboard", &number, "review", approve()).await;
    town.task("inspector", &number, "review", approve()).await;
    town.settle().await;
    town.case("restaurant", &number).await["certificates"][0].as_str().unwrap().to_owned()
}

fn asked() -> Value {
    json!({
        "item": "catering-renewal",
        "parties": [{"subject": "organisation"}],
        "answers": {"town": "440604012", "changed": "no", "promise": true}
    })
}

async fn last_day(town: &Town, certificate: &str) -> (String, String) {
    let held = town.get("restaurant", &format!("/api/v1/certificates/{certificate}")).await;
    (
        held["state"].as_str().unwrap_or_default().to_owned(),
        held["valid_until"].as_str().unwrap_or_default().to_owned(),
    )
}

on_both!(a_permit_is_renewed_under_its_number, |backend| {
    let town = Town::new(backend).await;
    let old = granted(&town).await;
    town.at("2031-09-01T02:00:00Z");
    let number = town.file_case("restaurant", &asked()).await;
    assert_eq!(town.term("restaurant", &number, "renewal").await["due"], "2031-11-19");
    town.act("inspector", &number, "accept", json!({})).await;
    assert_eq!(town.task("inspector", &number, "examine", approve()).await, "closed");
    town.settle().await;
    let new = town.case("restaurant", &number).await["certificates"][0].as_str().unwrap().to_owned();
    assert_ne!(old, new);
    assert_eq!(last_day(&town, &new).await, ("valid".to_owned(), "2036-11-19".to_owned()));
    assert_eq!(last_day(&town, &old).await.0, "replaced");
});

on_both!(silence_renews_a_permit, |backend| {
    let town = Town::new(backend).await;
    let _ = granted(&town).await;
    town.at("2031-10-01T02:00:00Z");
    let number = town.file_case("restaurant", &asked()).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.at("2031-11-24T02:00:00Z");
    town.settle().await;
    town.settle().await;
    let case = town.case("restaurant", &number).await;
    assert_eq!(case["state"], "closed", "{case}");
    let new = case["certificates"][0].as_str().unwrap().to_owned();
    assert_eq!(last_day(&town, &new).await.1, "2036-11-19");
    town.told("restaurant", &number, &["acceptance", "deemed-renewal", "service"]).await;
});

on_both!(what_nobody_holds_or_what_has_ended_is_not_renewed, |backend| {
    let town = Town::new(backend).await;
    let token = town.city.token("restaurant").await;
    let without =
        town.city.call_keyed("POST", "/api/v1/cases", Some(&token), Some(&asked()), Some("none")).await;
    assert_eq!(without.0, 422, "{}", without.1);
    let _ = granted(&town).await;
    town.at("2032-01-05T02:00:00Z");
    let token = town.city.token("restaurant").await;
    let ended =
        town.city.call_keyed("POST", "/api/v1/cases", Some(&token), Some(&asked()), Some("over")).await;
    assert_eq!(ended.0, 422, "an expired certificate proves nothing: {}", ended.1);
});
