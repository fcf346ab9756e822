//! What the case page tells, and what comes on paper: who takes part in what capacity, how open the decision is, objections by name,
//! what a clerk records late, and a case that climbs three levels.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use cases::{Capacity, Filed, Filing, GivenParty, PartyRef, Scope};
use common::{ALLOWANCE, ROOMS, STICKER, Town, act};
use procedure::TermState;
use serde_json::json;

harness::both!(the_page_says_who_takes_part_and_how_open_the_decision_is, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let proof = town.upload(&firm).await;
    let party = GivenParty {
        subject: PartyRef::Organisation,
        share: Some("1/2".to_owned()),
        capacity: Capacity::Liquidator,
        proof: Some(proof),
        ..GivenParty::default()
    };
    let answers = town.trip(&firm).await;
    let filing = Filing {
        key: "k".to_owned(),
        item: STICKER.to_owned(),
        answers,
        parties: vec![party],
        ..Filing::default()
    };
    let lang = kernel::Lang::ZhCn;
    let mut foreign = filing.clone();
    foreign.key = "f".to_owned();
    foreign.parties[0].proof = Some(town.upload(&town.applicant("citizen").await).await);
    let refused = cases::file_now(&town.house, &town.sources, lang, &firm, foreign).await.unwrap_err();
    let kernel::Failure::Refused(no) = refused else { panic!("{refused:?}") };
    assert_eq!(no.code, "cases.unknown-file", "another's upload proves nothing");
    let mut bare = filing.clone();
    (bare.key, bare.parties[0].proof) = ("b".to_owned(), None);
    let refused = cases::file_now(&town.house, &town.sources, lang, &firm, bare).await.unwrap_err();
    let kernel::Failure::Refused(no) = refused else { panic!("{refused:?}") };
    assert_eq!(no.code, "cases.capacity-unproven");
    let filed = cases::file_now(&town.house, &town.sources, lang, &firm, filing).await.unwrap();
    let path = format!("/desk/cases/{}", filed.number);
    let mut browser = town.browser("examiner").await;
    let page = browser.get(&path).await;
    let file = format!("{path}/files/{proof}");
    for told in ["清算人办理", "份额1/2", file.as_str()] {
        assert!(page.html.contains(told), "{told}: {}", page.html);
    }
    assert!(!page.html.contains("公开属性"), "nothing is decided yet");
    assert!(browser.get(&file).await.status.is_success());
    let watched = town.browser("supervisor").await.get(&path).await;
    assert!(watched.html.contains("清算人办理") && !watched.html.contains(&file), "{}", watched.html);
    act(&mut browser, &path, &[("verb", "approve")]).await;
    let page = browser.get(&path).await;
    assert!(page.html.contains("公开属性") && page.html.contains("主动公开"), "{}", page.html);
    assert!(page.html.contains("政府信息公开条例第十九条"), "{}", page.html);
    let mut english = browser.clone().with_cookie("yimen_lang", "en");
    let page = english.get(&path).await;
    for told in ["Open by itself", "Open Government Information, article 19", "as liquidator", "share 1/2"] {
        assert!(page.html.contains(told), "{told}: {}", page.html);
    }
    let decided = town.view(&filed).await.case.openness.unwrap();
    assert_eq!(decided.attribute, catalog::Publicity::Open);
});

/// An allowance that has been visited and is public now.
async fn public(town: &Town) -> (Filed, String) {
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
    act(&mut visitor, &path, &visit).await;
    act(&mut visitor, &path, &[("verb", "approve")]).await;
    (filed, path)
}

/// An act on the case itself: other forms of the page are about tasks that are done.
async fn on_case(
    browser: &mut harness::Browser,
    path: &str,
    fields: &[(&str, &str)],
) -> harness::browser::Page {
    let page = browser.get(path).await;
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap());
    let mut all = vec![("_csrf", csrf.as_str()), ("rev", rev.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{path}/acts"), &all).await
}

harness::both!(an_objection_on_paper_is_recorded_and_its_name_kept, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (filed, path) = public(&town).await;
    let mut office = town.browser("town").await;
    let page = office.get(&path).await;
    assert!(page.html.contains("登记书面异议"), "{}", page.html);
    let object = |name: &'static str| {
        [
            ("verb", "object"),
            ("object.step", "publish"),
            ("object.reason", "已搬离本市"),
            ("object.name", name),
        ]
    };
    let nameless = on_case(&mut office, &path, &object(" ")).await;
    assert_eq!(nameless.status.as_u16(), 422, "{}", nameless.html);
    assert!(nameless.html.contains("异议人姓名"), "{}", nameless.html);
    let done = on_case(&mut office, &path, &object("梁大文")).await;
    assert!(done.to.starts_with(&path), "{}", done.html);
    let page = office.get(&path).await;
    assert!(page.html.contains("已搬离本市") && page.html.contains("梁大文"), "{}", page.html);
    let watched = town.browser("supervisor2").await.get(&path).await;
    assert!(watched.html.contains("已搬离本市") && !watched.html.contains("梁大文"), "{}", watched.html);
    let elder = town.applicant("elder").await;
    let store = &town.house.ground.store;
    let own = cases::view(store, &filed.number, &Scope::from(&elder)).await.unwrap();
    let told =
        serde_json::to_string(&(&own.case, own.events.iter().map(|e| &e.event).collect::<Vec<_>>())).unwrap();
    assert!(told.contains("已搬离本市") && !told.contains("梁大文"), "{told}");
    let trace = cases::trace_of(store, &filed.number, &Scope::from(&elder)).await.unwrap();
    assert!(!trace.contains("梁大文") && trace::verify(&trace).is_ok());
    // At the end a person looks into it; the name goes no further.
    town.t.clock.set("2026-12-07T02:00:00Z".parse().unwrap());
    cases::sweep(&town.house).await.unwrap();
    let again = town.browser("town").await.get(&path).await;
    assert!(again.html.contains("公示期间有异议") && !again.html.contains("登记书面异议"), "{}", again.html);
    town.replay().await;
});

harness::both!(a_clerk_records_late_and_terms_run_from_the_true_day, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (session, store) = (town.session("studio").await, &town.house.ground.store);
    let firms = session.memberships(store).await.unwrap();
    let studio = session.acting_as(store, Some(firms[0].organisation)).await.unwrap().applicant().unwrap();
    let answers = serde_json::from_value(json!({"for": "firm", "purpose": "tender"})).unwrap();
    let filed = town.file(&studio, "k", "tax-clearance", answers).await;
    let path = format!("/desk/cases/{}", filed.number);
    // Thursday; the clerk decided on Tuesday afternoon, within the one day of the law.
    town.t.clock.set("2026-11-26T02:00:00Z".parse().unwrap());
    let mut clerk = town.browser("tax-clerk").await;
    assert!(clerk.get(&path).await.html.contains("late_evidence"), "a clerk may record late");
    let approve = |evidence: &'static str| {
        [
            ("verb", "approve"),
            ("reason", "欠税当场缴清"),
            ("late_at", "2026-11-24T15:00"),
            ("late_reason", "大厅断网"),
            ("late_evidence", evidence),
        ]
    };
    let unproven = act(&mut clerk, &path, &approve("")).await;
    assert_eq!(unproven.status.as_u16(), 422, "{}", unproven.html);
    assert!(unproven.html.contains("f-late-evidence-error"), "{}", unproven.html);
    let mut officer = town.browser("tax-officer").await;
    let other = act(&mut officer, &path, &approve("登记簿第3页")).await;
    assert!(!other.status.is_success() && other.html.contains("补录由窗口人员办理"), "{}", other.html);
    let done = act(&mut clerk, &path, &approve("登记簿第3页")).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    let view = town.view(&filed).await;
    let decided = view.events.iter().find(|e| e.event.word() == "decided").unwrap();
    let tuesday: kernel::Timestamp = "2026-11-24T07:00:00Z".parse().unwrap();
    assert_eq!(decided.occurred_at, tuesday);
    assert_eq!(decided.recorded_at, "2026-11-26T02:00:00Z".parse().unwrap());
    let statutory = view.case.terms.iter().find(|t| t.kind == procedure::TermKind::Statutory).unwrap();
    assert_eq!(statutory.state, TermState::Met(tuesday), "in time, for it is the true day that counts");
    let page = clerk.get(&path).await;
    assert!(page.html.contains("2026年11月24日"), "{}", page.html);
    let list = town.browser("supervisor2").await.get("/desk/watch?kind=late").await;
    for told in
        [filed.number.to_string().as_str(), "大厅断网", "登记簿第3页", "2026年11月24日", "2026年11月26日"]
    {
        assert!(list.html.contains(told), "{told}: {}", list.html);
    }
    town.replay().await;
});

harness::both!(the_town_accepts_the_county_examines_the_city_decides, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let disabled = town.applicant("disabled").await;
    let answers = json!({"town": "440604012", "address": "佛山市禅城区祖庙街道示范里22号", "reason": "冬季取暖和看病开支大",
        "bank": "示范银行佛山分行", "card": "6200009999990000058", "truth": true, "phone": "13900000175"});
    let filed = town.file(&disabled, "k", "lottery-fund-aid", serde_json::from_value(answers).unwrap()).await;
    let path = format!("/desk/cases/{}", filed.number);
    let desks = ["town", "civil", "civil-city"];
    for (n, account) in desks.iter().enumerate() {
        for (m, other) in desks.iter().enumerate() {
            let inbox = town.browser(other).await.get("/desk?all=1").await;
            assert_eq!(inbox.html.contains(&path), n == m, "with {account}, seen by {other}: {}", inbox.html);
        }
        let mut browser = town.browser(account).await;
        let page = browser.get(&path).await;
        assert!(page.status.is_success(), "{account}: {}", page.html);
        assert!(page.html.contains("冬季取暖"), "{account} needs the reason");
        // The account is for whoever pays.
        assert_eq!(
            page.html.contains("示范银行佛山分行"),
            *account == "civil-city",
            "{account}: {}",
            page.html
        );
        let amount = if *account == "civil-city" { "2000" } else { "" };
        let done = act(&mut browser, &path, &[("verb", "approve"), ("amount", amount)]).await;
        assert!(done.to.starts_with("/desk?done=approve"), "{account}: {}", done.html);
    }
    let view = town.view(&filed).await;
    assert_eq!(view.case.state.word(), "closed");
    assert_eq!(view.case.step("decide").unwrap().discretion.band.as_deref(), Some("minimum_living"));
    let by: Vec<String> = ["accept", "examine", "decide"]
        .map(|step| view.tasks.iter().find(|t| t.step == step).unwrap().agency.to_string())
        .into();
    assert_eq!(by, ["chancheng.zumiao.civil-affairs", "chancheng.civil-affairs", "foshan.civil-affairs"]);
    town.replay().await;
});
