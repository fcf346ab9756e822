//! 听证: offered by the program before the decision, asked for, announced, held; time that does not count.

use crate::on_both;
use crate::town::{Town, approve};
use serde_json::json;

async fn ready(town: &Town) -> String {
    let mut body = town.small_restaurant().await;
    body["answers"]["homes"] = json!("yes");
    let number = town.file_case("restaurant", &body).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.settle().await;
    town.inspect(&number, approve()).await;
    town.settle().await;
    town.task("signboard", &number, "review", approve()).await;
    assert_eq!(town.task("inspector", &number, "review", approve()).await, "accepted");
    number
}

on_both!(a_hearing_is_held, |backend| {
    let town = Town::new(backend).await;
    let number = ready(&town).await;
    assert_eq!(town.case("restaurant", &number).await["hearing"]["stage"]["stage"], "offered");
    assert_eq!(town.term("restaurant", &number, "hearing_request").await["due"], "2026-11-27");
    assert_eq!(town.act("restaurant", &number, "request_hearing", json!({})).await, "suspended");
    let (head, inspector) =
        (town.colleague("inspector", "邝佩珊").await, town.colleague("head", "邓伟杰").await);
    let on = |day: &str, chair: &str| json!({"at": format!("{day}T01:30:00Z"), "place": "二楼会议室", "chair": chair});
    let set = "set_hearing";
    town.refused("inspector", &number, set, on("2026-11-30", &head), (422, "cases.hearing-too-soon")).await;
    town.refused("inspector", &number, set, on("2027-03-01", &head), (422, "cases.hearing-too-late")).await;
    town.refused("head", &number, set, on("2026-12-04", &inspector), (422, "cases.chair-examined")).await;
    town.act("inspector", &number, set, on("2026-12-04", &head)).await;
    let record = json!({"record": "住户代表发言，经营者答辩，各方签字。"});
    town.refused("inspector", &number, "record_hearing", record.clone(), (409, "cases.hearing-not-held"))
        .await;
    town.at("2026-12-04T04:00:00Z");
    town.settle().await;
    town.act("inspector", &number, "record_hearing", record).await;
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "closed");
    town.told("restaurant", &number, &["acceptance", "hearing-offer", "hearing", "grant"]).await;
});

on_both!(nobody_asks_for_a_hearing, |backend| {
    let town = Town::new(backend).await;
    let number = ready(&town).await;
    town.at("2026-11-30T02:00:00Z");
    town.settle().await;
    town.settle().await;
    assert_eq!(
        town.state("restaurant", &number).await,
        "closed",
        "it is decided when the time to ask is over"
    );
    assert_eq!(town.count("restaurant", &number, "hearing_waived").await, 1);
    town.refused("restaurant", &number, "request_hearing", json!({}), (409, "cases.no-hearing-offer")).await;
});

on_both!(a_neighbour_who_asked_is_told_of_the_day, |backend| {
    let town = Town::new(backend).await;
    let number = ready(&town).await;
    let found = json!({"name": "翟翊宸", "interest": "油烟井紧邻其住宅窗户"});
    town.act("inspector", &number, "find_interested", found).await;
    let served = json!({"who": "interested-1", "served": "2026-11-20T02:00:00Z", "proof": "送达回证1"});
    town.act("inspector", &number, "tell_interested", served).await;
    let asks = json!({"who": "interested-1", "asks": true, "proof": "书面申请"});
    assert_eq!(town.act("inspector", &number, "answer_of_interested", asks).await, "suspended");
    let head = town.colleague("inspector", "邝佩珊").await;
    let on = json!({"at": "2026-12-04T01:30:00Z", "place": "二楼会议室", "chair": head});
    town.act("inspector", &number, "set_hearing", on).await;
    let notices = town.notices("inspector", &number).await;
    let told = notices.iter().filter(|kind| *kind == "hearing").count();
    assert_eq!(told, 2, "one to the applicant and one to the neighbour: {notices:?}");
});
