//! Who is told, how, and what follows from the day: proof of every service, paper for whoever wants it, a remedy that comes late.

use crate::on_both;
use crate::town::{START, Town};
use serde_json::{Value, json};

async fn refused(town: &Town, paper: bool) -> String {
    let mut body = town.small_restaurant().await;
    body["paper"] = json!(paper);
    let number = town.file_case("restaurant", &body).await;
    town.act("inspector", &number, "accept", json!({})).await;
    let reason = json!({"outcome": "refuse", "reason": "洗消设施不足", "deviation": "现场与申报不一致"});
    town.inspect(&number, reason).await;
    town.settle().await;
    number
}

on_both!(a_decision_is_served_with_its_proof, |backend| {
    let town = Town::new(backend).await;
    let number = refused(&town, false).await;
    assert_eq!(town.state("restaurant", &number).await, "closed");
    town.told("restaurant", &number, &["acceptance", "refusal", "service"]).await;
    let words: Vec<String> = town.events("restaurant", &number).await.into_iter().map(|(w, _)| w).collect();
    let place = |word: &str| words.iter().rposition(|w| w == word).unwrap();
    assert!(place("notice_issued") < place("served") && place("served") < place("delivered"), "{words:?}");
});

on_both!(whoever_wants_paper_is_served_by_a_clerk_and_their_time_runs_from_then, |backend| {
    let town = Town::new(backend).await;
    let number = refused(&town, true).await;
    assert_eq!(town.state("restaurant", &number).await, "decided", "nobody was told yet");
    town.at("2026-11-24T02:00:00Z");
    let post = |tracking: &str| json!({"way": {"way": "post", "tracking": tracking}});
    town.refused("inspector", &number, "serve", post(" "), (400, "procedure.service-proof")).await;
    assert_eq!(town.act("inspector", &number, "serve", post("EMS1")).await, "closed");
    town.told("restaurant", &number, &["refusal", "service"]).await;
    let term = town.term("restaurant", &number, "remedy").await;
    assert_eq!(term["due"], "2027-01-23", "sixty days from the day it came: {term}");

    // Two months later it is late, unless something the law knows stood in the way.
    town.at("2027-02-20T02:00:00Z");
    let remedy = json!({"kind": "reconsideration", "body": "禅城区人民政府", "ground": "事实认定错误"});
    town.refused("inspector", &number, "open_remedy", remedy.clone(), (400, "procedure.remedy-late")).await;
    let with = |key: &str, value: Value| {
        let mut remedy = remedy.clone();
        remedy[key] = value;
        remedy
    };
    let mut stranger = town.case("restaurant", &number).await["parties"][0]["subject"].clone();
    stranger["id"] = json!("019a0000-0000-7000-8000-000000000000");
    let stranger = with("party", stranger);
    town.refused("inspector", &number, "open_remedy", stranger, (422, "cases.no-recipient")).await;
    let flood = json!({"why": "force-majeure", "from": "2026-12-01", "to": "2027-01-15", "what": "洪水"});
    town.act("inspector", &number, "open_remedy", with("excuse", flood)).await;
    assert_eq!(town.case("restaurant", &number).await["remedies"].as_array().unwrap().len(), 1);
});

on_both!(what_the_agency_lets_pass_is_said_to_the_applicant, |backend| {
    let town = Town::new(backend).await;
    assert!(START.starts_with("2026-11-20"));
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    assert!(town.case("restaurant", &number).await["silence"].is_null());
    town.at("2027-01-05T02:00:00Z");
    town.settle().await;
    let silence = town.case("restaurant", &number).await["silence"].to_string();
    assert!(silence.contains("法定办结时限") && silence.contains("行政复议"), "{silence}");
});
