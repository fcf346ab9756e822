//! What makes a day's work: views, many tasks at once, the standard, who else reads, what is said, notices.

use crate::common::{ALLOWANCE, ROOMS, Town, act};
use serde_json::json;

harness::both!(a_view_is_kept_starred_and_dropped, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut browser = town.browser("examiner").await;
    let nameless = [("do", "save"), ("query", "claimed=me"), ("name", " ")];
    let nameless = browser.submit("/desk", "/desk/views", &nameless).await;
    assert_eq!(nameless.status.as_u16(), 422, "{}", nameless.html);
    let fields = [
        ("do", "save"),
        ("query", "claimed=me&col=due&col=state&hack=1"),
        ("name", "我手上的"),
        ("star", "yes"),
    ];
    let saved = browser.submit("/desk", "/desk/views", &fields).await;
    assert_eq!(saved.to, "/desk?claimed=me&col=due&col=state");
    let start = browser.get("/desk").await;
    assert!(start.html.contains("我手上的") && !start.html.contains(&path), "the start view filters");
    let all = browser.get("/desk?all=1").await;
    assert!(all.html.contains(&path), "and everything is one click away");
    assert!(all.html.contains(">申请人</th>"), "the usual columns");
    let narrow = browser.get("/desk?col=due&col=state").await;
    assert!(!narrow.html.contains(">申请人</th>") && narrow.html.contains(">状态</th>"), "{}", narrow.html);
    // The views of one are nobody else's.
    let mut other = town.browser("clerk").await;
    assert!(!other.get("/desk").await.html.contains("我手上的"));
    let dropped = [("do", "drop"), ("query", ""), ("name", "我手上的")];
    browser.submit("/desk?all=1", "/desk/views", &dropped).await;
    let start = browser.get("/desk").await;
    assert!(!start.html.contains("我手上的") && start.html.contains(&path));
});

fn tasks_of(html: &str) -> Vec<String> {
    let parts = html.split("name=\"task\" value=\"").skip(1);
    parts.map(|p| p.split('"').next().unwrap().to_owned()).collect()
}

harness::both!(many_at_once_and_each_is_told, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (first, second) = (town.filed("a").await, town.filed("b").await);
    let mut browser = town.browser("examiner").await;
    let inbox = browser.get("/desk").await;
    let tasks = tasks_of(&inbox.html);
    assert_eq!(tasks.len(), 2, "{}", inbox.html);
    let none = browser.submit("/desk", "/desk/bulk", &[("act", "claim"), ("query", "")]).await;
    assert_eq!(none.status.as_u16(), 422);
    assert!(none.html.contains("请先在表中勾选待办"));
    let ticked = [("task", tasks[0].as_str()), ("task", tasks[1].as_str()), ("query", "")];
    let with = |more: &[(&'static str, &'static str)]| {
        let mut all = ticked.to_vec();
        all.extend_from_slice(more);
        all
    };
    let claimed = browser.submit("/desk", "/desk/bulk", &with(&[("act", "claim")])).await;
    let report = browser.get(&claimed.to).await;
    assert!(report.html.contains("办成2件，没有办成0件"), "{}", report.html);
    // Both can be approved; then one is done by itself before the other two are confirmed.
    let confirm = browser.submit("/desk", "/desk/bulk", &with(&[("act", "approve")])).await;
    assert!(confirm.html.contains(&first.number.to_string()), "{}", confirm.html);
    assert!(confirm.html.contains(&second.number.to_string()));
    let case = format!("/desk/cases/{}", first.number);
    let alone = act(&mut browser, &case, &[("verb", "approve")]).await;
    assert!(alone.to.starts_with("/desk?done=approve"), "{}", alone.html);
    let revs: Vec<(String, String)> = tasks
        .iter()
        .map(|t| (format!("rev-{t}"), confirm.hidden(&format!("rev-{t}")).expect("a version for each")))
        .collect();
    let mut fields = with(&[("act", "approve"), ("confirmed", "yes")]);
    fields.extend(revs.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let done = browser.submit("/desk?all=1", "/desk/bulk", &fields).await;
    let done = if done.status.as_u16() == 302 || done.to.is_empty() { panic!("{}", done.html) } else { done };
    let report = browser.get(&done.to).await;
    assert!(report.html.contains("办成1件，没有办成1件"), "{}", report.html);
    assert!(report.html.contains("已经办过"), "the stale one says why: {}", report.html);
    let mut other = town.browser("clerk").await;
    assert_eq!(other.get(&done.to).await.status.as_u16(), 404, "a report is its reader's");
    town.replay().await;
});

harness::both!(the_standard_asks_for_a_reason, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let elder = town.applicant("elder").await;
    let answers = json!({"town": "440604012", "address": "祖庙街道示范巷3号", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let filed = town.file(&elder, "k", ALLOWANCE, serde_json::from_value(answers).unwrap()).await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut visitor = town.browser("town").await;
    let before = visitor.get(&path).await;
    assert!(before.html.contains("value=\"record_visit\""), "{}", before.html);
    assert!(!before.html.contains("value=\"approve\""), "without the visit it does not pass");
    let alone = [
        ("verb", "record_visit"),
        ("record_visit.at", "2026-11-23T09:30"),
        ("record_visit.place", "示范巷3号"),
        ("record_visit.officers", "甲"),
        ("record_visit.record", "本人在家"),
    ];
    let refused = act(&mut visitor, &path, &alone).await;
    assert_eq!(refused.status.as_u16(), 422, "two officers: {}", refused.html);
    assert!(
        refused.html.contains("id=\"f-record-visit-officers-error\""),
        "told at its field: {}",
        refused.html
    );
    assert!(refused.html.contains("本人在家"));
    let two = alone.map(|(n, v)| if n == "record_visit.officers" { (n, "甲、乙") } else { (n, v) });
    let seen = act(&mut visitor, &path, &two).await;
    assert!(seen.to.starts_with(&path), "{}", seen.html);
    let passed = act(&mut visitor, &path, &[("verb", "approve")]).await;
    assert!(passed.to.starts_with("/desk?done=approve"), "{}", passed.html);
    town.t.clock.set("2026-12-07T02:00:00Z".parse().unwrap());
    cases::sweep(&town.house).await.unwrap();
    let mut head = town.browser("civil").await;
    let page = head.get(&path).await;
    assert!(page.html.contains("80至89周岁，每月80元"), "the band that applies: {}", page.html);
    let more = [("verb", "approve"), ("amount", "200"), ("reason", "情况特殊")];
    let kept = act(&mut head, &path, &more).await;
    assert_eq!(kept.status.as_u16(), 422, "{}", kept.html);
    assert!(kept.html.contains("id=\"f-deviation-error\""), "{}", kept.html);
    assert!(kept.html.contains("value=\"200\"") && kept.html.contains("情况特殊"), "what was typed is kept");
    let bad = act(&mut head, &path, &[("verb", "approve"), ("amount", "很多")]).await;
    assert!(bad.status.as_u16() == 422 && bad.html.contains("id=\"f-amount-error\""), "{}", bad.html);
    let why = [("verb", "approve"), ("amount", "200"), ("deviation", "区里另有文件")];
    let done = act(&mut head, &path, &why).await;
    assert!(done.to.starts_with("/desk?done=approve"), "{}", done.html);
    let step = town.view(&filed).await;
    let used = &step.case.step("decide").unwrap().discretion;
    assert_eq!(used.deviation.as_deref(), Some("区里另有文件"));
    town.replay().await;
});

harness::both!(who_reads_it_now_is_seen_and_forgotten, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut one = town.browser("examiner").await;
    assert!(!one.get(&path).await.html.contains("也在看"), "nobody but me");
    // The same case from another chair: somebody of the same agency.
    let agency = town.view(&filed).await.row.holder.unwrap();
    let colleagues = identity::colleagues(&town.house.ground.store, &agency).await.unwrap();
    let colleague = colleagues.into_iter().find(|c| c.head).expect("the head of the division");
    let mut head = town.browser("examiner-head").await;
    town.t.clock.advance_seconds(70);
    let page = head.get(&path).await;
    assert!(page.html.contains("1分钟前也在看"), "{}", page.html);
    let page = one.get(&path).await;
    assert!(page.html.contains(&format!("{} 刚刚也在看", colleague.name)), "{}", page.html);
    town.t.clock.advance_seconds(121);
    assert!(!one.get(&path).await.html.contains("也在看"), "older than two minutes is gone");
});

harness::both!(what_is_said_and_what_was_issued, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut browser = town.browser("examiner").await;
    let talk = format!("{path}/talk");
    let empty = browser.submit(&path, &talk, &[("kind", "message"), ("message", " ")]).await;
    assert_eq!(empty.status.as_u16(), 422);
    assert!(empty.html.contains("id=\"f-message-error\""), "{}", empty.html);
    let note = [("kind", "note"), ("note", "<b>合同</b>要再看一遍")];
    let kept = browser.submit(&path, &talk, &note).await;
    assert_eq!(kept.to, format!("{path}#talk"));
    let page = browser.get(&path).await;
    assert!(page.html.contains("&#60;b&#62;合同") || page.html.contains("&lt;b&gt;合同"), "{}", page.html);
    let firm = town.firm().await;
    let heard = cases::talk(&town.house.ground.store, &firm, &filed.number, 0).await.unwrap();
    assert!(heard.is_empty(), "the applicant never reads a note");
    let said = browser.submit(&path, &talk, &[("kind", "message"), ("message", "请带原件")]).await;
    assert!(said.status.is_redirection());
    let heard = cases::talk(&town.house.ground.store, &firm, &filed.number, 0).await.unwrap();
    assert_eq!(heard.len(), 1);
    // A word never moves the version that somebody reads.
    let done = act(&mut browser, &path, &[("verb", "approve")]).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    let page = browser.get(&path).await;
    let notices = format!("href=\"{path}/notices/");
    let link = page.html.split(&notices).nth(1).expect("a notice").split('"').next().unwrap();
    let pdf = browser.get(&format!("{path}/notices/{link}")).await;
    assert!(pdf.status.is_success() && pdf.kind == "application/pdf", "{}", pdf.html);
    let other = town.filed("other").await;
    let elsewhere = browser.get(&format!("/desk/cases/{}/notices/{link}", other.number)).await;
    assert_eq!(elsewhere.status.as_u16(), 404, "a notice opens with its own case only");
});
