//! Other ways out, and what comes after an end: given back, not accepted, forwarded, struck out, taken back, reopened; archived.

use crate::on_both;
use crate::town::{Town, approve};
use serde_json::json;

async fn refused(town: &Town) -> String {
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.inspect(
        &number,
        json!({"outcome": "refuse", "reason": "洗消设施不足", "deviation": "现场与申报不一致"}),
    )
    .await;
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "closed");
    number
}

on_both!(a_remedy_reopens_the_case, |backend| {
    let town = Town::new(backend).await;
    let number = refused(&town).await;
    town.at("2026-12-01T02:00:00Z");
    let remedy = json!({"kind": "reconsideration", "body": "禅城区人民政府", "ground": "事实认定错误"});
    town.act("inspector", &number, "open_remedy", remedy.clone()).await;
    town.refused("inspector", &number, "open_remedy", remedy, (409, "cases.remedy-open")).await;
    let id = town.case("restaurant", &number).await["remedies"][0]["remedy"].clone();
    town.at("2026-12-21T02:00:00Z");
    let end = json!({"remedy": id, "outcome": "annulled-redo", "text": "撤销原决定，责令重新作出。"});
    assert_eq!(town.act("inspector", &number, "end_remedy", end).await, "accepted");
    assert_eq!(town.step("restaurant", &number, "inspect").await, "open");
    let term = town.term("restaurant", &number, "statutory").await;
    assert!(term["from"].as_str().unwrap().starts_with("2026-12-21"), "on terms of its own: {term}");
    town.inspect(&number, approve()).await;
    town.settle().await;
    town.task("signboard", &number, "review", approve()).await;
    town.task("inspector", &number, "review", approve()).await;
    town.settle().await;
    let case = town.case("restaurant", &number).await;
    assert_eq!(
        (&case["state"], &case["decision"]["outcome"]),
        (&json!("closed"), &json!("approved")),
        "{case}"
    );
    town.told("restaurant", &number, &["acceptance", "refusal", "grant"]).await;
});

on_both!(a_refusal_is_changed_to_a_grant_and_back, |backend| {
    let town = Town::new(backend).await;
    let number = refused(&town).await;
    town.at("2026-12-01T02:00:00Z");
    let remedy = json!({"kind": "reconsideration", "body": "禅城区人民政府", "ground": "事实认定错误"});
    town.act("inspector", &number, "open_remedy", remedy).await;
    let id = town.case("restaurant", &number).await["remedies"][0]["remedy"].clone();
    town.at("2026-12-21T02:00:00Z");
    let end = json!({"remedy": id, "outcome": "changed", "text": "变更为准予许可。", "changed": "granted"});
    assert_eq!(town.act("inspector", &number, "end_remedy", end).await, "closed");
    let case = town.case("restaurant", &number).await;
    assert_eq!(case["decision"]["outcome"], "approved");
    let first = case["certificates"][0].as_str().unwrap().to_owned();
    let held = town.get("restaurant", &format!("/api/v1/certificates/{first}")).await;
    assert_eq!(held["state"], "valid", "{held}");
    town.told("restaurant", &number, &["refusal", "changed"]).await;
    // A court sees it otherwise: what was granted falls, and nothing takes its place.
    let suit = json!({"kind": "suit", "body": "禅城区人民法院", "ground": "第三人起诉", "late_reason": "法院已受理"});
    town.act("inspector", &number, "open_remedy", suit).await;
    let id = town.case("restaurant", &number).await["remedies"][1]["remedy"].clone();
    let end = json!({"remedy": id, "outcome": "changed", "text": "判决变更。", "changed": {"refused": "油烟排放不合格"}});
    assert_eq!(town.act("inspector", &number, "end_remedy", end).await, "closed");
    let held = town.get("restaurant", &format!("/api/v1/certificates/{first}")).await;
    assert_eq!(held["state"], "revoked", "{held}");
    assert_eq!(town.case("restaurant", &number).await["decision"]["outcome"], "refused");
});

on_both!(what_was_granted_is_taken_back_by_the_head, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "accept", json!({})).await;
    town.settle().await;
    town.inspect(&number, approve()).await;
    town.settle().await;
    town.task("signboard", &number, "review", approve()).await;
    town.task("inspector", &number, "review", approve()).await;
    town.settle().await;
    let ground = json!({"ground": "以欺骗手段取得许可"});
    town.refused("inspector", &number, "revoke", ground.clone(), (403, "cases.head-only")).await;
    assert_eq!(town.act("head", &number, "revoke", ground).await, "revoked");
    let certificate = town.case("restaurant", &number).await["certificates"][0].as_str().unwrap().to_owned();
    let held = town.get("restaurant", &format!("/api/v1/certificates/{certificate}")).await;
    assert!(held.to_string().contains("revoked"), "the certificate falls with the decision: {held}");
    town.told("restaurant", &number, &["grant", "revocation"]).await;
});

on_both!(every_other_way_out, |backend| {
    let town = Town::new(backend).await;
    let body = town.small_restaurant().await;
    let ways = [
        ("restaurant", "withdraw", json!({"reason": "不开了"}), "withdrawn", None),
        ("inspector", "precheck", json!({"ok": false, "reason": "图纸看不清"}), "returned", Some("returned")),
        (
            "inspector",
            "not_accept",
            json!({"reason": "不在本区", "right_body": "南海区市场监督管理局"}),
            "not_accepted",
            Some("not-accepted"),
        ),
        ("head", "void", json!({"reason": "重复收件"}), "void", None),
        (
            "inspector",
            "forward",
            json!({"to": "佛山市市场监督管理局", "reason": "属市级权限"}),
            "forwarded",
            Some("forwarding"),
        ),
    ];
    for (account, verb, act, state, notice) in ways {
        let number = town.file_case("restaurant", &body).await;
        assert_eq!(town.act(account, &number, verb, act).await, state, "{verb}");
        town.settle().await;
        assert_eq!(town.task_of("inspector", &number, "precheck").await, None, "{verb}: no task is left");
        let kinds = town.notices("restaurant", &number).await;
        if let Some(notice) = notice {
            assert!(kinds.iter().any(|k| k == notice), "{verb}: {kinds:?}");
        }
    }
});

on_both!(a_closed_case_is_archived_after_a_month, |backend| {
    let town = Town::new(backend).await;
    let number = refused(&town).await;
    let body = json!({"text": "请问可以整改后再申请吗？"});
    let said =
        town.call("restaurant", "POST", &format!("/api/v1/cases/{number}/messages"), Some(&body)).await;
    assert_eq!(said.0, 201, "{}", said.1);
    let answer = json!({"text": "可以。"});
    town.call("inspector", "POST", &format!("/api/v1/cases/{number}/messages"), Some(&answer)).await;
    let note = json!({"text": "已电话沟通", "note": true});
    town.call("inspector", "POST", &format!("/api/v1/cases/{number}/messages"), Some(&note)).await;
    let seen = town.get("restaurant", &format!("/api/v1/cases/{number}/messages")).await;
    assert_eq!(seen.as_array().unwrap().len(), 2, "notes are for staff: {seen}");
    town.at("2027-01-05T02:00:00Z");
    town.settle().await;
    let store = &town.city.wired.house.ground.store;
    assert!(records::stuck(store, 10).await.unwrap().is_empty());
    let listed = procedure::archive::transfer_list(
        store,
        &kernel::AgencyCode::parse("chancheng.market").unwrap(),
        2026,
        None,
        10,
    )
    .await
    .unwrap();
    assert_eq!(listed.len(), 1);
});
