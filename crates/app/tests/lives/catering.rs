//! A restaurant: several agencies and two line systems side by side, time that stops, more time, a certificate.

use crate::city::City;
use crate::on_both;
use crate::town::{START, Town, approve};
use app::lines::LineConfig;
use axum::http::StatusCode;
use harness::line::{LineSystem, Manners, line_system};
use kernel::FixedClock;
use serde_json::json;
use std::time::Duration;

fn configured(line: &LineSystem, id: &str, agency: &str) -> LineConfig {
    let text = format!(
        "id = \"{id}\"\nname = {{ \"zh-CN\" = \"条线系统\", en = \"Line\" }}\nagency = \"{agency}\"\nurl = \"{}\"\n\
         key_id = \"{}\"\nsecret = \"{}\"\ntimeout_seconds = 5\n",
        line.url, line.key_id, line.secret
    );
    toml::from_str(&text).unwrap()
}

/// A line system reports from another thread: waits until it was answered so often.
async fn answered(line: &LineSystem, times: usize) -> Vec<u16> {
    for _ in 0..500 {
        if line.answers().len() >= times {
            return line.answers();
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("it reported {:?} only", line.answers());
}

fn task_in(line: &LineSystem) -> String {
    let asked = line.asked();
    let body: serde_json::Value = serde_json::from_str(&asked.last().unwrap().body).unwrap();
    body["task"].as_str().unwrap().to_owned()
}

on_both!(a_restaurant_opens, |backend| {
    let clock = FixedClock::at(START.parse().unwrap());
    let fire = line_system(&clock, Manners { refuses: 1, ..Manners::default() }).await;
    let drainage = line_system(&clock, Manners { reports: 0, ..Manners::default() }).await;
    let town = Town::with(backend, &clock, |config| {
        config.line_systems = vec![
            configured(&fire, "fire-line", "chancheng.fire"),
            configured(&drainage, "drainage-line", "chancheng.water"),
        ];
    })
    .await;
    let door = format!("{}/api/v1/line-systems/reports", town.city.listen().await);
    fire.behave(|manners| manners.reports_to = Some(door.clone()));
    let body = town.restaurant().await;
    let number = town.file_case("restaurant", &body).await;
    assert_eq!(town.state("restaurant", &number).await, "submitted");
    assert_eq!(town.act("inspector", &number, "accept", json!({})).await, "accepted");
    assert_eq!(town.term("restaurant", &number, "statutory").await["due"], "2026-12-18");
    assert_eq!(town.term("restaurant", &number, "promised").await["due"], "2026-12-04");
    for step in ["inspect", "fire", "drainage", "signboard"] {
        assert_eq!(town.step("restaurant", &number, step).await, "open", "{step}");
    }
    lines_answer(&town, &number, &fire, &drainage, &door).await;
    time_stops_and_is_extended(&town, &number).await;
    town.inspect(&number, approve()).await;
    town.task("signboard", &number, "signboard", approve()).await;
    town.task("signboard", &number, "review", approve()).await;
    assert_eq!(town.state("restaurant", &number).await, "accepted", "the other has not signed yet");
    town.task("inspector", &number, "review", approve()).await;
    town.settle().await;
    certified(&town, &number).await;
});

/// One is asked twice, for it is busy at first; the other's false report is not taken, its true one is, once.
async fn lines_answer(town: &Town, number: &str, fire: &LineSystem, drainage: &LineSystem, door: &str) {
    town.settle().await;
    assert_eq!(fire.asked().len(), 1);
    town.at("2026-11-20T02:30:00Z");
    town.settle().await;
    assert_eq!(fire.asked().iter().map(|a| a.status).collect::<Vec<_>>(), [503, 202]);
    assert_eq!(answered(fire, 1).await, [200]);
    assert!(fire.asked()[1].body.contains("祖庙食养"), "it is told what it needs");
    let report = |line: &LineSystem| line.report(&task_in(line), "pass", "接驳符合要求");
    drainage.behave(|manners| manners.false_signature = true);
    let (headers, body) = report(drainage);
    assert_eq!(harness::http::post(door, &headers, body.as_bytes()).await.unwrap().0, 401);
    drainage.behave(|manners| manners.false_signature = false);
    for _ in 0..2 {
        let (headers, body) = report(drainage);
        assert_eq!(harness::http::post(door, &headers, body.as_bytes()).await.unwrap().0, 200);
    }
    let (headers, body) = fire.report(&task_in(drainage), "fail", "别人的任务");
    assert_eq!(harness::http::post(door, &headers, body.as_bytes()).await.unwrap().0, 404);
    town.settle().await;
    for step in ["fire", "drainage"] {
        assert_eq!(town.step("restaurant", number, step).await, "passed", "{step}");
    }
}

async fn time_stops_and_is_extended(town: &Town, number: &str) {
    town.at("2026-11-23T02:00:00Z");
    let testing = json!({"kind": "testing", "reason": "餐用水需要检测", "expected": "10wd"});
    assert_eq!(town.act("inspector", number, "suspend", testing).await, "suspended");
    assert_eq!(town.term("restaurant", number, "statutory").await["paused"], true);
    // The promised day passes while the case stands still: nothing is overdue.
    town.at("2026-12-07T02:00:00Z");
    town.settle().await;
    let passed = town.events("restaurant", number).await;
    let promised = |(word, line): &&(String, serde_json::Value)| {
        word == "term_passed" && line["body"]["kind"]["kind"] == "promised"
    };
    assert_eq!(passed.iter().filter(promised).count(), 0, "a term that stands still does not pass");
    assert_eq!(town.act("inspector", number, "resume", json!({"result": "检测合格"})).await, "accepted");
    let term = town.term("restaurant", number, "statutory").await;
    assert_eq!((&term["due"], &term["earlier"]), (&json!("2027-01-01"), &json!(["2026-12-18"])), "{term}");
    let why = term["why"].to_string();
    assert!(why.contains("第45条") && why.contains("2026年12月18日"), "{why}");
    let more = json!({"reason": "需要补充检测"});
    town.refused("head", number, "extend", more, (422, "cases.leave-of-government")).await;
    let more = json!({"reason": "需要补充检测", "leave": {"body": "佛山市禅城区人民政府", "signer": "区长", "number": "禅府批〔2026〕7号", "on": "2026-11-20"}});
    town.refused("inspector", number, "extend", more.clone(), (403, "cases.head-only")).await;
    assert_eq!(town.act("head", number, "extend", more.clone()).await, "accepted");
    town.refused("head", number, "extend", more, (409, "cases.extended-once")).await;
    let term = town.term("restaurant", number, "statutory").await;
    assert_eq!(term["due"], "2027-01-22", "{term}");
    assert_eq!(term["earlier"], json!(["2026-12-18", "2027-01-01"]));
}

async fn certified(town: &Town, number: &str) {
    let case = town.case("restaurant", number).await;
    assert_eq!(
        (&case["state"], &case["decision"]["outcome"]),
        (&json!("closed"), &json!("approved")),
        "{case}"
    );
    let certificate = case["certificates"][0].as_str().unwrap();
    let held = town.get("restaurant", &format!("/api/v1/certificates/{certificate}")).await;
    assert!(held.to_string().contains("祖庙食养"), "{held}");
    let city: &City = &town.city;
    let token = city.token("restaurant").await;
    let request = axum::http::Request::get(format!("/api/v1/certificates/{certificate}/pdf"))
        .header("authorization", format!("Bearer {token}"));
    let (head, bytes) = city.send(request.body(axum::body::Body::empty()).unwrap()).await;
    assert!(head.status() == StatusCode::OK && bytes.starts_with(b"%PDF"));
    let kinds = ["acceptance", "special-procedure", "extension", "grant"];
    town.told("restaurant", number, &kinds).await;
}
