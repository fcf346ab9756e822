//! The rights over one's own data: a copy, a correction, a deletion.

use crate::town::{CITY, NUMBER, ROOMS, Town, holds};
use harness::browser::Chosen;
use http::StatusCode;
use std::io::Read as _;

/// The least that counts as a PDF.
const PDF: &[u8] = b"%PDF-1.4\nstartxref\n9\n%%EOF\n";

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
    for name in ["drafts.json", "cases.json", "certificates.json", "papers.json", "payments.json"] {
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

/// A proof of the citizen, decided and closed at once; its number and its id.
async fn closed_case(town: &Town) -> (String, String) {
    town.publish().await;
    procedure::seed_demo_seals(&town.t.ground).await.unwrap();
    let who = town.session("citizen").await.applicant().unwrap();
    let answers = serde_json::json!({"kind": "stock", "district": "320105", "consent": true});
    let filing = cases::Filing {
        key: "kept".to_owned(),
        item: "home-purchase-proof".to_owned(),
        answers: serde_json::from_value(answers).unwrap(),
        ..cases::Filing::default()
    };
    let sources =
        exchange::demo_sources_with(CITY, town.t.ground.clone(), std::time::Duration::ZERO).unwrap();
    let filed = cases::file_now(&town.house, &sources, kernel::Lang::ZhCn, &who, filing).await.unwrap();
    let view = cases::view(&town.t.store, &filed.number, &cases::Scope::program()).await.unwrap();
    assert!(!view.row.running, "{}", view.row.state);
    (filed.number.to_string(), view.row.id.to_string())
}

async fn archive(town: &Town, number: &str, id: &str) {
    let package = procedure::archive::NewPackage {
        subject: format!("case:{id}"),
        reference: number.to_owned(),
        agency: kernel::AgencyCode::parse("nanjing.housing").unwrap(),
        title: "购房证明".to_owned(),
        retention: catalog::Retention {
            years: Some(10),
            basis: kernel::Text::new("业务档案保管期限", "Retention of these records"),
        },
        openness: catalog::Openness {
            attribute: catalog::Publicity::Closed,
            ground: kernel::Text::same("政府信息公开条例第十五条"),
        },
        closed_at: "2026-11-23T02:00:00Z".parse().unwrap(),
        entries: vec![procedure::archive::Entry {
            name: "case.json".to_owned(),
            media: "application/json".to_owned(),
            bytes: b"{}".to_vec(),
        }],
    };
    let actor = kernel::ActorRef::system();
    store::command!(town.t.ground, kernel::Lang::ZhCn, actor, |cx| {
        procedure::archive::package(&mut cx, package.clone()).await
    })
    .unwrap();
}

harness::both!(the_archive_goes_before_a_deletion_and_says_which_and_until_when, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (number, id) = closed_case(&town).await;
    let mut mine = town.browser("citizen").await;
    let form = "/space/rights/delete";
    holds(&mine.get(form).await, &[&format!("value=\"{number}\""), "其他信息"]);
    // Ended and not archived yet: supervision decides, and by then the archive may have it.
    let sent = mine.submit(form, form, &[("what", &number), ("text", "不需要了")]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    holds(&mine.get(&sent.to).await, &[&number]);
    archive(&town, &number, &id).await;
    let request = sent.to.split(['/', '?']).nth(3).unwrap().to_owned();
    let desk = format!("/desk/objections/{request}");
    let said = [("upheld", "yes"), ("reason", "同意"), ("measures", "删除")];
    let mut supervisor = town.browser("supervisor").await;
    let no = supervisor.submit(&desk, &format!("{desk}/answer"), &said).await;
    assert_eq!(no.status, StatusCode::CONFLICT, "{}", no.html);
    let kept = [number.as_str(), "业务档案保管期限", "2036年12月31日", "不能删除"];
    holds(&no, &kept);
    // Who asks anew is told at once, and the page of rights names it among what is kept.
    let no = mine.submit(form, form, &[("what", &number), ("text", "删除这个办件")]).await;
    assert_eq!(no.status, StatusCode::CONFLICT, "{}", no.html);
    holds(&no, &kept);
    holds(&no, &["删除这个办件", "已归档"]);
    holds(&mine.get("/space/rights").await, &kept[..3]);
    // Nobody else's case, and none that is not there.
    let mut other = town.browser("seller").await;
    for what in [number.as_str(), "x"] {
        let no = other.submit(form, form, &[("what", what), ("text", "删除")]).await;
        assert_eq!(no.status, StatusCode::UNPROCESSABLE_ENTITY, "{what}: {}", no.html);
    }
    let refused = [("upheld", "no"), ("reason", "依法保存"), ("measures", "")];
    let done = supervisor.submit(&desk, &format!("{desk}/answer"), &refused).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html);
});

harness::both!(a_correction_brings_papers_and_the_copy_takes_them_along, ROOMS, |t| async move {
    let town = Town::new(t).await;
    town.publish().await;
    let mut mine = town.browser("citizen").await;
    let form = "/space/rights/correct";
    let csrf = mine.get(form).await.csrf();
    let fields = [("_csrf", csrf.as_str()), ("what", "household"), ("text", "门牌号错了")];
    let paper = |name, bytes| Chosen { field: "paper", name, bytes };
    let no_pdf = mine.post_files(form, &fields, &[paper("户口簿.pdf", b"not a paper")]).await;
    assert_eq!(no_pdf.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", no_pdf.html);
    holds(&no_pdf, &["#f-paper", "门牌号错了"]);
    let six: Vec<_> = (0..6).map(|_| paper("户口簿.pdf", PDF)).collect();
    let many = mine.post_files(form, &fields, &six).await;
    assert_eq!(many.status, StatusCode::UNPROCESSABLE_ENTITY);
    holds(&many, &["最多上传5份材料"]);
    let sent = mine.post_files(form, &fields, &[paper("户口簿.pdf", PDF)]).await;
    assert_eq!(sent.status, StatusCode::SEE_OTHER, "{}", sent.html);
    let shown = sent.to.split('?').next().unwrap().to_owned();
    let at = format!("{shown}/papers/0");
    holds(&mine.get(&shown).await, &[at.as_str()]);
    let read = mine.get(&at).await;
    assert_eq!((read.status, read.kind.as_str()), (StatusCode::OK, "application/pdf"));
    assert_eq!(mine.get(&format!("{shown}/papers/1")).await.status, StatusCode::NOT_FOUND);
    let desk = at.replace("/space/", "/desk/");
    assert_eq!(town.browser("examiner").await.get(&desk).await.status, StatusCode::NOT_FOUND);
    assert_eq!(town.browser("police").await.get(&desk).await.bytes, read.bytes);
    let copy = mine.submit("/space/rights", "/space/rights/copy", &[]).await;
    let mut zip = zip::ZipArchive::new(std::io::Cursor::new(copy.bytes.to_vec())).unwrap();
    let name = zip.file_names().find(|n| n.starts_with("papers/")).unwrap().to_owned();
    let mut kept = Vec::new();
    zip.by_name(&name).unwrap().read_to_end(&mut kept).unwrap();
    assert_eq!(kept, read.bytes, "the paper itself, as it is kept");
});
