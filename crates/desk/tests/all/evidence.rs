//! Files that prove a visit or a service: kept with the act, shown with the case, and opened only by whoever may see it.

use crate::common::{ALLOWANCE, PNG, ROOMS, Town};
use cases::Filed;
use harness::Browser;
use harness::browser::{Chosen, Page};
use serde_json::json;

const FIELD: &str = "record_visit.evidence";

async fn allowance(town: &Town) -> Filed {
    let elder = town.applicant("elder").await;
    let answers = json!({"town": "440604012", "address": "祖庙街道示范巷3号", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    town.file(&elder, "k", ALLOWANCE, serde_json::from_value(answers).unwrap()).await
}

async fn visit(browser: &mut Browser, path: &str, more: &[(&str, &str)], files: &[Chosen<'_>]) -> Page {
    let page = browser.get(path).await;
    let (csrf, rev, task) = (page.csrf(), page.hidden("rev").unwrap(), page.hidden("task").unwrap());
    let mut fields = vec![
        ("_csrf", csrf.as_str()),
        ("rev", rev.as_str()),
        ("task", task.as_str()),
        ("verb", "record_visit"),
        ("record_visit.at", "2026-11-23T09:30"),
        ("record_visit.place", "示范巷3号"),
        ("record_visit.record", "本人在家"),
    ];
    fields.extend_from_slice(more);
    browser.post_files(&format!("{path}/acts"), &fields, files).await
}

harness::both!(what_proves_a_visit_is_kept_and_shown, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = allowance(&town).await;
    let path = format!("/desk/cases/{}", filed.number);
    let mut visitor = town.browser("town").await;
    let form = visitor.get(&path).await;
    assert!(form.html.contains("enctype=\"multipart/form-data\"") && form.html.contains(" multiple"));
    let picture = Chosen { field: FIELD, name: "门口.png", bytes: PNG };
    let program = Chosen { field: FIELD, name: "a.png", bytes: b"MZ this is no picture" };
    let wrong = visit(&mut visitor, &path, &[("record_visit.officers", "甲、乙")], &[program]).await;
    assert_eq!(wrong.status.as_u16(), 422, "{}", wrong.html);
    assert!(wrong.html.contains("id=\"f-record-visit-evidence-error\""), "told at its field: {}", wrong.html);
    assert!(wrong.html.contains("本人在家"), "what was typed is kept");
    // One officer is too few; the picture is not chosen a second time.
    let few = visit(&mut visitor, &path, &[("record_visit.officers", "甲")], &[picture]).await;
    assert_eq!(few.status.as_u16(), 422);
    let kept = few.hidden("record_visit.evidence.kept").expect("the picture is kept for another try");
    assert!(few.html.contains("门口.png"), "{}", few.html);
    let fields = [("record_visit.officers", "甲、乙"), ("record_visit.evidence.kept", kept.as_str())];
    let done = visit(&mut visitor, &path, &fields, &[]).await;
    assert!(done.to.starts_with(&path), "{}", done.html);
    let case = visitor.get(&path).await;
    let file = format!("{path}/files/{kept}");
    assert!(case.html.contains(&file) && case.html.contains("甲、乙"), "{}", case.html);
    assert_eq!(visitor.get(&file).await.bytes.as_ref(), PNG);
    let (mut other, mut citizen) = (town.browser("examiner").await, town.browser("citizen").await);
    assert_eq!(other.get(&file).await.status.as_u16(), 404, "another agency's case");
    assert_eq!(citizen.get(&file).await.status.as_u16(), 403);
    // It stays when what nobody used is swept away.
    town.t.clock.advance_seconds(store::files::LOOSE_SECONDS + 86_400);
    store::files::sweep(town.t.ground.clone()).await.unwrap();
    let mut visitor = town.browser("town").await;
    assert_eq!(visitor.get(&file).await.bytes.as_ref(), PNG);
    town.replay().await;
});

harness::both!(nobody_attaches_what_somebody_else_uploaded, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let filed = allowance(&town).await;
    let firm = town.firm().await;
    let answers = town.trip(&firm).await;
    let foreign =
        serde_json::to_value(&answers).unwrap()["contract_file"][0]["file"].as_str().unwrap().to_owned();
    let path = format!("/desk/cases/{}", filed.number);
    let mut visitor = town.browser("town").await;
    for id in [foreign.as_str(), "x"] {
        let fields = [("record_visit.officers", "甲、乙"), ("record_visit.evidence.kept", id)];
        let taken = visit(&mut visitor, &path, &fields, &[]).await;
        assert_eq!(taken.status.as_u16(), 422, "{id}: {}", taken.html);
        assert!(taken.html.contains("请重新选择"), "{}", taken.html);
    }
    let file = visitor.get(&format!("{path}/files/{foreign}")).await;
    assert_eq!(file.status.as_u16(), 404);
});
