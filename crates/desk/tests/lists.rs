//! What leaves the desk as a file, and what each list shows to whom.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use common::{ALLOWANCE, ROOMS, Town, act};
use serde_json::json;

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

/// An allowance on which the head keeps away from the standard.
async fn deviation(town: &Town) -> cases::Filed {
    let elder = town.applicant("elder").await;
    let answers = json!({"town": "440604012", "address": "祖庙街道示范巷3号", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let filed = town.file(&elder, "k", ALLOWANCE, serde_json::from_value(answers).unwrap()).await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut visitor = town.browser("town").await;
    let visit = [
        ("verb", "record_visit"),
        ("record_visit.at", "2026-11-23T09:30"),
        ("record_visit.place", "示范巷3号"),
        ("record_visit.officers", "甲、乙"),
        ("record_visit.record", "本人在家"),
    ];
    assert!(act(&mut visitor, &path, &visit).await.to.starts_with(&path));
    act(&mut visitor, &path, &[("verb", "approve")]).await;
    town.t.clock.set("2026-12-07T02:00:00Z".parse().unwrap());
    cases::sweep(&town.house).await.unwrap();
    let mut head = town.browser("civil").await;
    let why = [("verb", "approve"), ("amount", "200"), ("deviation", "区里另有文件")];
    let done = act(&mut head, &path, &why).await;
    assert!(done.to.starts_with("/desk?done=approve"), "{}", done.html);
    filed
}

harness::both!(supervision_reads_who_kept_away_from_a_standard_and_why, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = deviation(&town).await;
    let number = filed.number.to_string();
    let mut own = town.browser("supervisor2").await;
    assert!(own.get("/desk").await.html.contains("/desk/watch?kind=deviation"));
    let list = own.get("/desk/watch?kind=deviation&from=2026-12-07&until=2026-12-07").await;
    assert!(list.html.contains(&number) && list.html.contains("区里另有文件"), "{}", list.html);
    let elder = town.applicant("elder").await.person();
    let store = &town.house.ground.store;
    let looks = || async {
        let all = trace::looks_of(store, elder, None, 200).await.unwrap();
        all.into_iter().filter(|l| l.purpose.ground == "supervise").collect::<Vec<_>>()
    };
    let left = looks().await;
    assert_eq!(left.len(), 1, "reading the reasons is a look");
    assert_eq!(left[0].purpose.case.as_deref(), Some(number.as_str()));
    assert_eq!(left[0].actor.kind, kernel::ActorKind::Supervisor);
    for nothing in ["kind=deviation&until=2026-12-06", "kind=deviation&item=tax-clearance", "kind=late"] {
        assert!(!own.get(&format!("/desk/watch?{nothing}")).await.html.contains(&number), "{nothing}");
    }
    let file = own.get("/desk/watch/file?kind=deviation").await;
    assert_eq!(file.kind, "text/csv; charset=utf-8");
    assert!(file.html.contains(&number) && file.html.contains("区里另有文件"), "{}", file.html);
    assert_eq!(looks().await.len(), 2, "the file is another look; what does not name the person is none");
    let wrong = own.get("/desk/watch?kind=deviation&from=gestern").await;
    assert!(wrong.status.as_u16() == 422 && wrong.html.contains("id=\"f-from-error\""), "{}", wrong.html);
    let mut other = town.browser("supervisor").await;
    assert!(!other.get("/desk/watch?kind=deviation").await.html.contains(&number), "another city's");
    for account in ["examiner", "clerk", "operator", "citizen"] {
        let mut nobody = town.browser(account).await;
        for page in ["/desk/watch", "/desk/watch/file?kind=deviation"] {
            assert_eq!(nobody.get(page).await.status.as_u16(), 403, "{account} {page}");
        }
    }
});

/// A clerk enters on Monday what came on Friday.
async fn late(town: &Town) -> cases::FiledMatter {
    let identity::Staff::Clerk(clerk) = town.session("clerk2").await.staff().unwrap() else {
        panic!("a clerk")
    };
    let answers = json!({"town": "440604012", "address": "祖庙街道示范巷3号", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let filing = cases::MatterFiling {
        key: "late".to_owned(),
        items: vec![ALLOWANCE.to_owned()],
        answers: serde_json::from_value(answers).unwrap(),
        occurred_at: Some("2026-11-20T02:00:00Z".parse().unwrap()),
        ..cases::MatterFiling::default()
    };
    let (reason, evidence) = ("窗口停电".to_owned(), "收件登记簿第12页".to_owned());
    let late = Some(cases::Late { reason, evidence });
    let (lang, elder) = (kernel::Lang::ZhCn, "999999194306101151");
    cases::file_at_window(&town.house, &town.sources, lang, &clerk, elder, filing, late).await.unwrap()
}

harness::both!(supervision_reads_what_was_recorded_late, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let number = late(&town).await.cases[0].number.to_string();
    let mut own = town.browser("supervisor2").await;
    let list = own.get("/desk/watch?kind=late").await;
    for told in [number.as_str(), "窗口停电", "收件登记簿第12页", "2026年11月20日", "2026年11月23日"]
    {
        assert!(list.html.contains(told), "{told}: {}", list.html);
    }
    let other_day = own.get("/desk/watch?kind=late&from=2026-11-21").await;
    assert!(!other_day.html.contains(&number), "the day it happened counts, not the day it was entered");
    let file = own.get("/desk/watch/file?kind=late").await;
    assert!(file.html.contains(&number) && file.html.contains("窗口停电"), "{}", file.html);
    assert!(!town.browser("supervisor").await.get("/desk/watch?kind=late").await.html.contains(&number));
});

harness::both!(supervision_masks_persons_and_not_firms, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.filed("k").await;
    let firm = town.view(&firm).await.row;
    assert!(!firm.natural);
    let list = town.browser("supervisor").await.get("/desk").await;
    assert!(list.html.contains(&firm.subject_name), "a firm's name is no secret: {}", list.html);
    let person = &late(&town).await.cases[0].number;
    let scope = cases::Scope::program();
    let row = cases::progress(&town.house.ground.store, person, &scope).await.unwrap();
    assert!(row.natural);
    let list = town.browser("supervisor2").await.get("/desk").await;
    let masked = page::format::mask_name(&row.subject_name);
    assert!(list.html.contains(&masked) && !list.html.contains(&row.subject_name), "{}", list.html);
});

harness::both!(a_disputed_entry_waits_for_whoever_keeps_the_register, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = town.filed("k").await;
    let firm = town.firm().await;
    let (path, claim) = ("vehicle.inspection_until".to_owned(), "车辆已年检至2030年".to_owned());
    let act = cases::ApplicantAct::Dispute { path, claim, proof: None };
    store::command!(town.house.ground, kernel::Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::ask(&mut cx, &town.house, &firm, &filed.number, act.clone(), None).await
    })
    .unwrap();
    let mut supervisor = town.browser("supervisor").await;
    let open = supervisor.get("/desk/watch?kind=dispute&open=yes").await;
    assert!(open.html.contains("车辆已年检至2030年") && open.html.contains("待核实"), "{}", open.html);
    let settled = supervisor.get("/desk/watch?kind=dispute&open=no").await;
    assert!(!settled.html.contains("车辆已年检至2030年"));
    let mut english = town.browser("supervisor").await.with_cookie("yimen_lang", "en");
    let page = english.get("/desk/watch?kind=dispute").await;
    assert!(page.html.contains("Disputed entries") && page.html.contains("Settled"), "{}", page.html);
});

harness::both!(the_catalogue_is_looked_at_as_a_whole, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut operator = town.browser("operator").await;
    assert!(operator.get("/desk").await.html.contains("/desk/lint"));
    let all = operator.get("/desk/lint").await;
    assert!(all.status.is_success(), "{}", all.html);
    let none = operator.get("/desk/lint?rule=circular-proof&agency=nanjing.transport").await;
    assert!(none.status.is_success(), "{}", none.html);
    assert!(operator.get("/desk/lint?rule=%3Cb%3E&agency=!!&after=x").await.status.is_success());
    for account in ["examiner", "clerk", "supervisor", "citizen"] {
        assert_eq!(town.browser(account).await.get("/desk/lint").await.status.as_u16(), 403, "{account}");
    }
});
