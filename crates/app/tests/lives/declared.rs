//! 告知承诺: granted on a declaration, checked later, taken back when it was false.

use crate::on_both;
use crate::town::{START, Town};
use kernel::FixedClock;
use serde_json::{Value, json};
use std::path::Path;

/// The city's packs, with a head of the health bureau beside an examiner of it.
fn packs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"), folder.path());
    let city = folder.path().join("demo/city.yaml");
    let mut text = std::fs::read_to_string(&city).unwrap();
    for (was, is) in [
        (
            "staff: [{role: examiner, agency: chancheng.health}]",
            "staff: [{role: examiner, agency: chancheng.health, head: true}]",
        ),
        (
            "staff: [{role: examiner, agency: chancheng.urban-management}]",
            "staff: [{role: examiner, agency: chancheng.health}]",
        ),
    ] {
        assert_eq!(text.matches(was).count(), 1, "the city no longer says {was}");
        text = text.replace(was, is);
    }
    std::fs::write(city, text).unwrap();
    folder
}

fn copy(from: &Path, to: &Path) {
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            std::fs::create_dir(&target).unwrap();
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

async fn application(town: &Town, declares: bool) -> Value {
    json!({
        "item": "hygiene-permit", "parties": [{"subject": "organisation"}], "declares": declares,
        "answers": {
            "shop": "祖庙发艺", "town": "440604012", "address": "佛山市禅城区祖庙街道示范路66号二层", "area": 80,
            "sort": "hairdressing", "reuse": "disinfected", "air": "no", "manager": "潘美玲", "revoked_before": "no",
            "truth": true,
            "layout_file": town.file("restaurant", "平面图.pdf").await,
            "health_file": town.file("restaurant", "健康证.pdf").await,
        }
    })
}

on_both!(a_declaration_grants_and_is_checked, |backend| {
    let folder = packs();
    let town = Town::with(backend, &FixedClock::at(START.parse().unwrap()), |config| {
        config.packs = folder.path().to_owned();
    })
    .await;
    let (head, examiner) = ("health", "signboard");
    let slow = town.file_case("restaurant", &application(&town, false).await).await;
    town.act(examiner, &slow, "accept", json!({})).await;
    assert_eq!(
        town.step("restaurant", &slow, "inspect").await,
        "open",
        "without a declaration somebody looks"
    );
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let number = town.file_case("restaurant", &application(&town, true).await).await;
        town.settle().await;
        assert_eq!(town.state("restaurant", &number).await, "closed", "granted on the declaration");
        town.told("restaurant", &number, &["declaration"]).await;
        town.told("restaurant", &number, &["grant"]).await;
        numbers.push(number);
    }
    town.at("2026-12-01T02:00:00Z");
    let kept = json!({"ok": true, "text": "与承诺一致"});
    town.act(examiner, &numbers[0], "check_declaration", kept.clone()).await;
    town.refused(examiner, &numbers[0], "check_declaration", kept, (409, "cases.nothing-declared")).await;
    let broken = json!({"ok": false, "text": "没有消毒间"});
    town.refused(examiner, &numbers[1], "check_declaration", broken.clone(), (403, "cases.head-only")).await;
    assert_eq!(town.act(head, &numbers[1], "check_declaration", broken).await, "revoked");
    assert_eq!(town.state("restaurant", &numbers[0]).await, "closed");
    town.told("restaurant", &numbers[1], &["grant", "revocation"]).await;
});
