//! The examiner's way from inbox to decision, and what each role may open.

use crate::common::{ROOMS, Town, act};

harness::both!(from_inbox_to_decision, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let mut browser = town.browser("examiner").await;
    let inbox = browser.get("/desk").await;
    let path = format!("/desk/cases/{}", filed.number);
    assert!(inbox.html.contains(&path) && inbox.html.contains("<meter"), "{}", inbox.html);
    let case = browser.get(&path).await;
    assert!(case.html.contains("建议") && case.html.contains("class=\"bars\""), "{}", case.html);
    assert!(!case.html.contains("99999919790401051X"), "secrets are masked: {}", case.html);
    let silent = act(&mut browser, &path, &[("verb", "refuse"), ("reason", " ")]).await;
    assert_eq!(silent.status.as_u16(), 422);
    assert!(silent.html.contains("error-summary") && silent.html.contains("href=\"#f-reason\""));
    let marked = [
        ("verb", "ask_supplement"),
        ("ask_supplement.mark", "contract_no"),
        ("ask_supplement.say.contract_no", " "),
        ("ask_supplement.say.plate", "与行驶证不符"),
    ];
    let wordless = act(&mut browser, &path, &marked).await;
    assert_eq!(wordless.status.as_u16(), 422, "{}", wordless.html);
    assert!(wordless.html.contains("请写明哪里不对"), "the mark without a word is told at its field");
    assert!(wordless.html.contains("与行驶证不符"), "what was typed is kept");
    let older = browser.get(&path).await;
    let asked = [("verb", "ask_supplement"), ("ask_supplement.say.contract_no", "编号不符")];
    let asked = act(&mut browser, &path, &asked).await;
    assert!(asked.to.starts_with("/desk?done=ask_supplement"), "{} {}", asked.to, asked.html);
    let told = browser.get(&asked.to).await;
    assert!(told.html.contains("已办：要求补正"), "{}", told.html);
    let (csrf, rev) = (older.csrf(), older.hidden("rev").unwrap());
    let task = older.hidden("task").unwrap();
    let fields = [
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("task", task.as_str()),
        ("verb", "approve"),
        ("reason", "写了一半"),
    ];
    let late = browser.post(&format!("{path}/acts"), &fields).await;
    assert_eq!(late.status.as_u16(), 409, "the page was made on an older version");
    assert!(late.html.contains("您的操作没有生效"), "{}", late.html);
    town.replay().await;
});

harness::both!(a_stale_page_shows_what_changed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut one = town.browser("examiner").await;
    let old = one.get(&path).await;
    // Somebody takes it into their hands: another version.
    let claimed = act(&mut one, &path, &[("verb", "claim")]).await;
    assert!(claimed.status.is_redirection(), "{}", claimed.html);
    let (csrf, rev, task) = (old.csrf(), old.hidden("rev").unwrap(), old.hidden("task").unwrap());
    let fields = [
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("task", task.as_str()),
        ("verb", "approve"),
        ("reason", "材料齐全，写好的意见"),
    ];
    let stale = one.post(&format!("{path}/acts"), &fields).await;
    assert_eq!(stale.status.as_u16(), 409);
    assert!(stale.html.contains("您打开页面之后："), "{}", stale.html);
    assert!(stale.html.contains("材料齐全，写好的意见"), "what was typed is kept");
    let fields = [("verb", "approve"), ("reason", "材料齐全，写好的意见")];
    let done = act(&mut one, &path, &fields).await;
    assert!(done.to.starts_with("/desk?done=approve"), "{}", done.html);
    let after = one.get(&path).await;
    assert!(!after.html.contains("value=\"approve\""), "nothing is left to decide");
    town.replay().await;
});

harness::both!(each_role_opens_its_own_pages, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut operator = town.browser("operator").await;
    for page in ["/desk", "/desk/packs", "/desk/messages", "/desk/sources", "/desk/lines"] {
        assert!(operator.get(page).await.status.is_success(), "{page}");
    }
    assert_eq!(operator.get(&path).await.status.as_u16(), 404, "an operator runs the program, not the cases");
    let sources = operator.get("/desk/sources").await;
    let off = operator.post("/desk/sources/vehicle", &[("_csrf", &sources.csrf()), ("down", "yes")]).await;
    assert_eq!(off.to, "/desk/sources");
    assert!(operator.get("/desk/sources").await.html.contains("已停用"));
    let mut supervisor = town.browser("supervisor").await;
    assert!(supervisor.get("/desk").await.html.contains(&path));
    assert!(!supervisor.get("/desk?list=late").await.html.contains(&path), "nothing is late yet");
    assert!(supervisor.get("/desk?list=stuck").await.status.is_success());
    let seen = supervisor.get(&path).await;
    assert!(seen.status.is_success() && !seen.html.contains("/acts\""), "{}", seen.html);
    let csrf = seen.csrf();
    let tried = supervisor.post(&format!("{path}/acts"), &[("_csrf", &csrf), ("verb", "void")]).await;
    assert_eq!(tried.status.as_u16(), 403, "supervision only looks");
    town.t.clock.set("2027-03-01T02:00:00Z".parse().unwrap());
    let mut supervisor = town.browser("supervisor").await;
    assert!(supervisor.get("/desk?list=late").await.html.contains(&path), "now it is");
    assert_eq!(supervisor.get("/desk/packs").await.status.as_u16(), 403);
    let mut citizen = town.browser("citizen").await;
    assert_eq!(citizen.get("/desk").await.status.as_u16(), 403);
    assert_eq!(citizen.get(&path).await.status.as_u16(), 403);
});

#[test]
fn both_languages_say_the_same_things() {
    let zh = include_str!("../../locales/zh-CN/desk.ftl");
    let en = include_str!("../../locales/en/desk.ftl");
    page::words::same_keys(zh, en).unwrap();
}
