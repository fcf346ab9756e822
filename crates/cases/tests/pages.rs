//! The applicant's way through the pages, without JavaScript and in both languages.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use common::{ROOMS, STICKER, Town, fill, firm, rev};

harness::both!(a_stranger_applies_without_scripts, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut browser = firm(&town).await;
    let apply = browser.get(&format!("/apply/{STICKER}")).await;
    assert!(apply.html.contains("开始填写"), "{}", apply.html);
    let started = browser.post(&format!("/apply/{STICKER}"), &[("_csrf", &apply.csrf())]).await;
    let first = started.to.clone();
    let base = first.rsplit_once('/').unwrap().0.to_owned();
    let again = browser.get(&format!("/apply/{STICKER}")).await;
    assert!(again.html.contains("继续填写"));
    let known =
        [("_known", "organisation_name"), ("_known", "organisation_credit_code"), ("signatory", "周明")];
    let to = fill(&mut browser, &first, &known).await;
    assert_eq!(to.to, format!("{base}/trip"), "{}", to.html);
    let to = to.to;
    // Wrong answers are shown at their fields, and kept as they were typed.
    let wrong = fill(&mut browser, &to, &[("from", "320100"), ("to", "320100"), ("starts", "不知道")]).await;
    assert_eq!(wrong.status.as_u16(), 422);
    assert!(wrong.html.contains("不知道"), "what was typed is still there: {}", wrong.html);
    assert!(wrong.html.contains("error-summary"));
    let trip = [
        ("from", "320100"),
        ("to", "341000"),
        ("via", "芜湖市"),
        ("starts", "2026-11-26"),
        ("ends", "2026-11-28"),
    ];
    let to = fill(&mut browser, &to, &trip).await;
    assert_eq!(to.to, format!("{base}/vehicle"), "{}", to.html);
    let vehicle = [("plate", "苏A90001"), ("driver", "99999919790401051X")];
    let to = fill(&mut browser, &to.to, &vehicle).await;
    assert_eq!(to.to, format!("{base}/contract"), "{}", to.html);
    let missing = browser.get(&format!("{base}/check")).await;
    assert!(missing.html.contains("disabled"), "not ready without the contract");
    attach(&town, base.rsplit('/').next().unwrap()).await;
    let done = fill(&mut browser, &to.to, &[("contract_no", "JL-1"), ("promise", "yes")]).await;
    assert_eq!(done.to, format!("{base}/check"), "{}", done.html);
    let check = browser.get(&done.to).await;
    assert!(check.html.contains("苏A90001") && check.html.contains("JL-1"));
    let undeclared = browser.post(&done.to, &[("_csrf", &check.csrf())]).await;
    assert_eq!(undeclared.status.as_u16(), 422);
    // A liquidator shows that they are one; the proof is chosen once, whatever else was wrong.
    let csrf = check.csrf();
    let as_liquidator =
        [("_csrf", csrf.as_str()), ("declare", "yes"), ("capacity", "liquidator"), ("share", "1/2")];
    let unproven = browser.post(&done.to, &as_liquidator).await;
    assert!(
        unproven.status.as_u16() == 422 && unproven.html.contains("id=\"f-proof-error\""),
        "{}",
        unproven.html
    );
    assert!(unproven.html.contains("value=\"1/2\""), "what was typed stays: {}", unproven.html);
    let bytes = picture();
    let proof = common::browser::Chosen { field: "proof", name: "清算组备案.png", bytes: &bytes };
    let undeclared = [("_csrf", csrf.as_str()), ("capacity", "liquidator")];
    let once_more = browser.post_files(&done.to, &undeclared, std::slice::from_ref(&proof)).await;
    assert_eq!(once_more.status.as_u16(), 422, "{}", once_more.html);
    let filed = browser.post_files(&done.to, &as_liquidator, &[proof]).await;
    assert!(filed.to.starts_with("/cases/") && filed.to.ends_with("/filed"), "{} {}", filed.to, filed.html);
    let twice = browser.post(&done.to, &[("_csrf", &check.csrf()), ("declare", "yes")]).await;
    assert_eq!(twice.to, filed.to, "handing in twice is handing in once");
    let receipt = browser.get(&filed.to).await;
    assert!(receipt.html.contains("申请已提交") && receipt.html.contains("客运管理处"), "{}", receipt.html);
    let case = filed.to.trim_end_matches("/filed").to_owned();
    let number = case.rsplit('/').next().unwrap().parse().unwrap();
    let party = town.view(&number, &cases::Scope::program()).await.case.parties[0].clone();
    assert_eq!((party.capacity, party.share.as_deref()), (cases::Capacity::Liquidator, Some("1/2")));
    assert!(party.proof.is_some());
    let progress = browser.get(&case).await;
    assert!(progress.html.contains("怎么算的"), "{}", progress.html);
    let english = browser.get(&format!("{case}?lang=en")).await;
    assert!(english.html.contains("How this is reckoned"));
    let trace = browser.get(&format!("{case}/trace")).await;
    assert!(trace::verify(&trace.html).is_ok());
    assert!(browser.get(&format!("{case}/calendar.ics")).await.html.contains("BEGIN:VEVENT"));
    let withdraw = browser.get(&format!("{case}/withdraw")).await;
    let gone =
        browser.post(&format!("{case}/withdraw"), &[("_csrf", &withdraw.csrf()), ("reason", "")]).await;
    assert_eq!(gone.to, case);
    town.replay().await;
});

/// Uploads the contract into the draft (the upload itself is a multipart form, tested with the page layer).
async fn attach(town: &Town, matter: &str) {
    let firm = town.firm().await;
    let file = town.upload(&firm).await;
    let id: cases::MatterId = matter.parse().unwrap();
    let view = cases::draft(town.store(), &firm, id).await.unwrap();
    let mut answers = view.answers;
    assert!(view.item.item.form.attach(&mut answers, "contract_file", file, "包车合同.png"));
    store::command!(town.house.ground, kernel::Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::save(&mut cx, &firm, id, answers.clone(), view.rev).await
    })
    .unwrap();
}

harness::both!(two_windows_on_one_draft_lose_nothing, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut browser = firm(&town).await;
    let apply = browser.get(&format!("/apply/{STICKER}")).await;
    let started = browser.post(&format!("/apply/{STICKER}"), &[("_csrf", &apply.csrf())]).await;
    let path = format!("{}/trip", started.to.rsplit_once('/').unwrap().0);
    let page = browser.get(&path).await;
    let old = rev(&page);
    fill(&mut browser, &path, &[("via", "马鞍山")]).await;
    let csrf = page.csrf();
    let late = [("_csrf", csrf.as_str()), ("rev", old.as_str()), ("_section", "trip"), ("via", "宣城")];
    let stale = browser.post(&path, &late).await;
    assert_eq!(stale.status.as_u16(), 409);
    assert!(
        stale.html.contains("宣城") && stale.html.contains("马鞍山"),
        "both texts are shown: {}",
        stale.html
    );
    let now = browser.get(&path).await;
    assert!(now.html.contains("马鞍山"));
});

/// A picture of some size, as a camera would make it.
fn picture() -> Vec<u8> {
    let packs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/images/guide-en.png");
    std::fs::read(packs).unwrap()
}

harness::both!(a_picture_is_looked_at_before_it_is_handed_in, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let mut browser = firm(&town).await;
    let apply = browser.get(&format!("/apply/{STICKER}")).await;
    let started = browser.post(&format!("/apply/{STICKER}"), &[("_csrf", &apply.csrf())]).await;
    let base = started.to.rsplit_once('/').unwrap().0.to_owned();
    let path = format!("{base}/contract");
    let page = browser.get(&path).await;
    let (csrf, version) = (page.csrf(), rev(&page));
    let fields = [("_csrf", csrf.as_str()), ("rev", version.as_str()), ("_section", "contract")];
    let bytes = picture();
    let chosen = common::browser::Chosen { field: "contract_file", name: "合同.png", bytes: &bytes };
    let sent = browser.post_files(&path, &fields, &[chosen]).await;
    assert_eq!(sent.status.as_u16(), 422, "the rest of the section is still to be filled in: {}", sent.html);
    let shown =
        sent.html.split("class=\"preview\" src=\"").nth(1).expect("the picture").split('"').next().unwrap();
    assert!(sent.html.contains("合同.png的预览图"), "{}", sent.html);
    let check = browser.get(&format!("{base}/check")).await;
    assert!(check.html.contains(shown), "and once more before it is handed in: {}", check.html);
    let seen = browser.get(shown).await;
    assert!(seen.status.is_success(), "{}", seen.status);
    // Nobody else sees it, and no other file goes by this way.
    let routes = cases::routes(town.house.clone(), town.sources.clone());
    let mut other = town.browser(routes, "citizen").await;
    assert_eq!(other.get(shown).await.status.as_u16(), 404);
    let loose = town.upload(&town.firm().await).await;
    let unused = format!("{base}/files/{loose}");
    assert_eq!(browser.get(&unused).await.status.as_u16(), 404, "an upload that lies in no field");
    assert_eq!(browser.get(&format!("{base}/files/none")).await.status.as_u16(), 404);
});

harness::both!(whoever_waits_for_the_program_may_ask_for_a_person, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm_right = town.firm().await;
    let ground = town.house.ground.clone();
    let actor = kernel::ActorRef::system();
    store::command!(ground, kernel::Lang::ZhCn, actor, |cx| exchange::set_down(&mut cx, "vehicle", true))
        .unwrap();
    let trip = town.trip(&firm_right).await;
    let filed = town.file(&firm_right, "k", STICKER, trip).await.unwrap();
    let path = format!("/cases/{}", filed.number);
    let mut browser = firm(&town).await;
    let page = browser.get(&path).await;
    let ask = format!("{path}/acts/want-person");
    assert!(page.html.contains(&ask), "offered while the rule waits: {}", page.html);
    let form = browser.get(&ask).await;
    assert!(form.html.contains("由系统按规则自动审查") && !form.html.contains("这个结果"), "{}", form.html);
    let mut english = browser.clone().with_cookie("yimen_lang", "en");
    assert!(english.get(&ask).await.html.contains("The program examines part of this by rule"));
    assert!(english.get(&path).await.html.contains("Have a person look at it"));
    let done = browser.submit(&ask, &ask, &[("text", "")]).await;
    assert_eq!(done.to, path, "{}", done.html);
    let view = town.view(&filed.number, &cases::Scope::from(&firm_right)).await;
    assert!(view.case.wants_person);
    let page = browser.get(&path).await;
    assert!(!page.html.contains(&ask), "asked once: {}", page.html);
    assert!(page.html.contains("本人办理"), "and in what capacity one takes part: {}", page.html);
    let twice = browser.post(&ask, &[("_csrf", &page.csrf()), ("text", "")]).await;
    assert!(!twice.status.is_redirection(), "{}", twice.html);
});
