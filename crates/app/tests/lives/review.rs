//! Several agencies at one table: opposite opinions, sent back, called back, claimed, handed over, stood in for.

use crate::on_both;
use crate::town::{Town, approve, refuse};
use jiff::ToSpan as _;
use kernel::Lang;
use serde_json::json;

async fn at_the_table(town: &Town) -> String {
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.settle().await;
    town.inspect(&number, approve()).await;
    town.settle().await;
    assert_eq!(town.step("inspector", &number, "review").await, "open");
    number
}

on_both!(opposite_opinions_refuse_with_every_reason, |backend| {
    let town = Town::new(backend).await;
    let number = at_the_table(&town).await;
    town.task("inspector", &number, "review", approve()).await;
    let against = refuse("招牌遮挡消防通道");
    town.task_refused("signboard", &number, "review", json!({"outcome": "refuse"}), "cases.reason-missing")
        .await;
    assert_eq!(town.task("signboard", &number, "review", against).await, "closed");
    town.settle().await;
    let case = town.case("restaurant", &number).await;
    assert_eq!(case["decision"]["outcome"], "refused");
    assert!(case["decision"]["reason"].to_string().contains("招牌遮挡消防通道"), "{case}");
    assert!(!case["decision"]["remedies"].as_array().unwrap().is_empty());
    assert_eq!(case["certificates"], json!([]));
    town.told("restaurant", &number, &["acceptance", "refusal"]).await;
});

on_both!(a_case_is_sent_back_and_done_again, |backend| {
    let town = Town::new(backend).await;
    let number = at_the_table(&town).await;
    let back =
        |step: &str| json!({"outcome": "send_back", "to_step": step, "reason": "现场记录缺少专间照片"});
    town.task_refused("signboard", &number, "review", back("drainage"), "cases.no-earlier-step").await;
    town.task("signboard", &number, "review", back("inspect")).await;
    assert_eq!(town.step("restaurant", &number, "review").await, "waiting");
    assert_eq!(town.step("restaurant", &number, "inspect").await, "open");
    assert_eq!(town.task_of("signboard", &number, "review").await, None);
    town.inspect(&number, approve()).await;
    town.task("signboard", &number, "review", approve()).await;
    assert_eq!(town.task("inspector", &number, "review", approve()).await, "closed");
});

on_both!(a_task_is_claimed_handed_over_and_stood_in_for, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.task("head", &number, "inspect", json!({"outcome": "claim"})).await;
    town.task_refused("inspector", &number, "inspect", approve(), "cases.claimed").await;
    let more = json!({"reason": "负责人外出期间办理", "leave": {"body": "佛山市禅城区人民政府", "signer": "区长", "number": "禅府批〔2026〕7号", "on": "2026-11-20"}});
    town.refused("inspector", &number, "extend", more.clone(), (403, "cases.head-only")).await;
    // The head is away from Monday to Wednesday; the inspector stands in.
    away(&town, "head", "邓伟杰").await;
    town.refused("inspector", &number, "extend", more.clone(), (403, "cases.head-only")).await;
    town.at("2026-11-23T02:00:00Z");
    let now = town.city.wired.house.ground.clock.now().to_string();
    let visit = json!({"at": now, "place": "现场", "officers": ["邓伟杰", "邝佩珊"], "record": "一致"});
    town.task("inspector", &number, "inspect", json!({"outcome": "record_visit", "visit": visit})).await;
    town.act("inspector", &number, "extend", more).await;
    town.at("2026-11-26T02:00:00Z");
    town.task_refused("inspector", &number, "inspect", approve(), "cases.claimed").await;
    let nobody = json!({"outcome": "hand_over", "to": town.colleague("signboard", "伍建华").await});
    town.task_refused("head", &number, "inspect", nobody, "cases.no-colleague").await;
    let to = town.colleague("head", "邓伟杰").await;
    town.task("head", &number, "inspect", json!({"outcome": "hand_over", "to": to, "note": "请继续"})).await;
    town.task("inspector", &number, "inspect", approve()).await;
    assert_eq!(town.step("restaurant", &number, "inspect").await, "passed");
});

/// The examiner names who stands in for the next three working days.
async fn away(town: &Town, account: &str, name: &str) {
    let ground = &town.city.wired.house.ground;
    let to = town.colleague(account, name).await.parse().unwrap();
    let token = town.city.token(account).await;
    let who = identity::session(ground, &token).await.unwrap().unwrap().examiner().unwrap();
    let monday = kernel::clock::legal_date(ground.clock.now()).checked_add(3.days()).unwrap();
    let wednesday = monday.checked_add(2.days()).unwrap();
    store::command!(ground, Lang::ZhCn, who.actor_ref(), |cx| {
        identity::delegate(&mut cx, &who, to, monday, wednesday).await
    })
    .unwrap();
}

on_both!(what_was_passed_too_soon_is_called_back, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    let task = town.task_of("inspector", &number, "inspect").await.unwrap();
    town.inspect(&number, approve()).await;
    let path = format!("/api/v1/tasks/{task}/outcome");
    let (status, answer) = town.call("inspector", "POST", &path, Some(&json!({"outcome": "recall"}))).await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(town.step("restaurant", &number, "inspect").await, "open");
    let (status, answer) = town.call("inspector", "POST", &path, Some(&json!({"outcome": "recall"}))).await;
    assert_eq!(status, 409, "{answer}");
});
