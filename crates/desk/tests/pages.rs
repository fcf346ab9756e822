//! The examiner's way from inbox to decision, and what each role may open.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

#[path = "../../cases/tests/common/mod.rs"]
mod common;

use common::browser::Browser;
use common::{ROOMS, STICKER, Town};

async fn staff(town: &Town, account: &str) -> Browser {
    town.browser(desk::routes(town.house.clone(), town.sources.clone()), account).await
}

fn task_of(html: &str) -> String {
    html.split("action=\"/desk/tasks/").nth(1).expect("an open task").split('/').next().unwrap().to_owned()
}

fn rev_of(html: &str) -> String {
    html.split("name=\"rev\" value=\"").nth(1).expect("a version").split('"').next().unwrap().to_owned()
}

harness::both!(from_inbox_to_decision, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let mut browser = staff(&town, "examiner").await;
    let inbox = browser.get("/desk").await;
    let path = format!("/desk/cases/{}", filed.number);
    assert!(inbox.html.contains(&path) && inbox.html.contains("<meter"), "{}", inbox.html);
    let case = browser.get(&path).await;
    assert!(case.html.contains("建议"), "{}", case.html);
    assert!(!case.html.contains("99999919790401051X"), "secrets are masked: {}", case.html);
    let (csrf, task, rev) = (case.csrf(), task_of(&case.html), rev_of(&case.html));
    let outcome = format!("/desk/tasks/{task}/outcome");
    let number = filed.number.to_string();
    let base = [("_csrf", csrf.as_str()), ("number", number.as_str()), ("rev", rev.as_str())];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut all = base.to_vec();
        all.extend_from_slice(more);
        all
    };
    let silent = browser.post(&outcome, &with(&[("outcome", "refuse"), ("reason", " ")])).await;
    assert_eq!(silent.status.as_u16(), 422);
    assert!(silent.html.contains("error-summary"));
    let asked = [
        ("outcome", "supplement"),
        ("field-1", "contract_no"),
        ("say-1", "编号不符"),
        ("field-2", ""),
        ("say-2", ""),
    ];
    let asked = browser.post(&outcome, &with(&asked)).await;
    assert_eq!(asked.to, "/desk", "{}", asked.html);
    let late = browser.post(&outcome, &with(&[("outcome", "approve")])).await;
    assert_eq!(late.status.as_u16(), 409, "the page was made on an older version");
    town.replay().await;
});

harness::both!(each_role_opens_its_own_pages, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let path = format!("/desk/cases/{}", filed.number);
    let mut operator = staff(&town, "operator").await;
    for page in ["/desk", "/desk/packs", "/desk/messages", "/desk/sources"] {
        assert!(operator.get(page).await.status.is_success(), "{page}");
    }
    assert_eq!(operator.get(&path).await.status.as_u16(), 404, "an operator runs the program, not the cases");
    let sources = operator.get("/desk/sources").await;
    let off = operator.post("/desk/sources/vehicle", &[("_csrf", &sources.csrf()), ("down", "yes")]).await;
    assert_eq!(off.to, "/desk/sources");
    assert!(operator.get("/desk/sources").await.html.contains("已停用"));
    let mut supervisor = staff(&town, "supervisor").await;
    assert!(supervisor.get("/desk").await.html.contains(&path));
    let seen = supervisor.get(&path).await;
    assert!(seen.status.is_success() && !seen.html.contains("/outcome"), "{}", seen.html);
    assert_eq!(supervisor.get("/desk/packs").await.status.as_u16(), 403);
    let mut citizen = staff(&town, "citizen").await;
    assert_eq!(citizen.get("/desk").await.status.as_u16(), 403);
    assert_eq!(citizen.get(&path).await.status.as_u16(), 403);
});

#[test]
fn both_languages_say_the_same_things() {
    let zh = include_str!("../locales/zh-CN/desk.ftl");
    let en = include_str!("../locales/en/desk.ftl");
    page::words::same_keys(zh, en).unwrap();
}
