//! The rights over one's own data: a copy, a correction, a deletion.

use crate::town::{NUMBER, ROOMS, Town, holds};
use http::StatusCode;
use std::io::Read as _;

harness::both!(a_person_takes_along_everything_and_that_is_a_look, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let me = town.person("citizen").await;
    town.look("examiner", me, Some("CASE-1")).await;
    let mut mine = town.browser("citizen").await;
    let page = mine.get("/space/rights").await;
    holds(&page, &["第四十五条", "依法保存、不能删除的", "档案法", "请工作人员重新审查"]);
    let copy = mine.submit("/space/rights", "/space/rights/copy", &[]).await;
    assert_eq!((copy.status, copy.kind.as_str()), (StatusCode::OK, "application/zip"), "{}", copy.html);
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(copy.bytes.to_vec())).unwrap();
    let mut text = |name: &str| {
        let mut out = String::new();
        zip.by_name(name).unwrap().read_to_string(&mut out).unwrap();
        out
    };
    let profile: serde_json::Value = serde_json::from_str(&text("profile.json")).unwrap();
    assert!(profile.as_array().unwrap().iter().any(|row| row["value"] == NUMBER), "{profile}");
    let looks: serde_json::Value = serde_json::from_str(&text("looks.json")).unwrap();
    assert_eq!(looks[0]["why"], "您取走自己信息的副本");
    assert_eq!(looks[1]["case"], "CASE-1");
    let requests: serde_json::Value = serde_json::from_str(&text("requests.json")).unwrap();
    assert_eq!((&requests[0]["kind"], &requests[0]["state"]), (&"copy".into(), &"upheld".into()));
    for name in ["drafts.json", "cases.json", "certificates.json", "papers.json"] {
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text(name)).unwrap().as_array().unwrap().len(),
            0
        );
    }
    assert!(text("index.html").contains("profile.json"));
    let staff = town.staff("examiner").await;
    assert!(!text("looks.json").contains(staff.name()), "staff appear by number");
    holds(&mine.get("/space/objections").await, &["复制个人信息", "成立"]);
    assert_eq!(town.browser("examiner").await.get("/space/rights").await.status, StatusCode::FORBIDDEN);
});

harness::both!(a_correction_goes_to_whoever_keeps_the_register, ROOMS, |t| async move {
    let town = Town::new(t).await;
    town.publish().await;
    let mut mine = town.browser("citizen").await;
    let form = "/space/rights/correct";
    let page = mine.get(form).await;
    holds(&page, &["value=\"household\"", "value=\"account\""]);
    let wrong = mine.submit(form, form, &[("what", ""), ("text", "住址变了")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&wrong, &["#f-what", "住址变了"]);
    let sent = mine.submit(form, form, &[("what", "household"), ("text", "住址变了")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let id = sent.to.split(['/', '?']).nth(3).unwrap().to_owned();
    let desk = format!("/desk/objections/{id}");
    let keeper = catalog::shared(&town.t.store).await.unwrap().register("household").unwrap().agency.clone();
    let account = if keeper.as_str() == "nanjing.police" { "police" } else { panic!("{keeper}") };
    assert_eq!(town.browser("examiner").await.get(&desk).await.status, StatusCode::NOT_FOUND);
    let mut police = town.browser(account).await;
    holds(&police.get(&desk).await, &["住址变了", "更正个人信息"]);
    let said = [("upheld", "yes"), ("reason", "属实"), ("measures", "已更正")];
    let done = police.submit(&desk, &format!("{desk}/answer"), &said).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
    holds(&mine.get(&sent.to).await, &["您的请求成立", "已更正"]);

    // A deletion goes to supervision; the person may take it back.
    let form = "/space/rights/delete";
    let sent = mine.submit(form, form, &[("text", "照片")]).await;
    let shown = sent.to.split('?').next().unwrap().to_owned();
    assert_eq!(mine.submit(&shown, &format!("{shown}/withdraw"), &[]).await.status, StatusCode::SEE_OTHER);
    holds(&mine.get(&shown).await, &["已撤回", "本人撤回"]);
    let papers = mine.submit("/space/rights/correct", "/space/rights/papers", &[]).await;
    assert_eq!(papers.to, "/space/rights?removed=0");
});
