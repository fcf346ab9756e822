//! What leaves the desk as a file, and what each list shows to whom.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use common::{ROOMS, Town};

harness::both!(the_inbox_leaves_as_it_is_filtered, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (first, second) = (town.filed("a").await, town.filed("b").await);
    let mut browser = town.browser("examiner").await;
    let inbox = browser.get("/desk?all=1&urgency=soon&col=number&col=subject&col=due").await;
    assert!(inbox.html.contains("/desk/file?urgency=soon"), "{}", inbox.html);
    let usual = browser.get("/desk/file").await;
    assert_eq!(usual.kind, "text/csv; charset=utf-8");
    let lines: Vec<&str> = usual.html.lines().collect();
    assert_eq!(lines[0], "\u{FEFF}事项,期限,办件编号,环节,申请人,提交时间,签收人,专线系统");
    assert_eq!(lines.len(), 3, "{}", usual.html);
    for filed in [&first, &second] {
        assert!(usual.html.contains(&filed.number.to_string()));
    }
    let firm = town.view(&first).await.row.subject_name;
    assert!(!usual.html.contains(&firm), "names are masked in a file");
    let some = format!("/desk/file?text={}&col=number&col=state", first.number);
    let some = browser.get(&some).await;
    assert!(some.html.contains(&first.number.to_string()) && !some.html.contains(&second.number.to_string()));
    assert!(some.html.starts_with("\u{FEFF}事项,办件编号,状态\r\n"), "{}", some.html);
    let english = browser.clone().with_cookie("yimen_lang", "en").get("/desk/file?col=number").await;
    assert!(english.html.starts_with("\u{FEFF}Item,Number"), "{}", english.html);
    let (mut supervisor, mut citizen) = (town.browser("supervisor").await, town.browser("citizen").await);
    assert_eq!(supervisor.get("/desk/file").await.status.as_u16(), 403, "a supervisor has no inbox");
    assert_eq!(citizen.get("/desk/file").await.status.as_u16(), 403);
});
