//! 告知承诺: granted on a declaration, checked later, taken back when it was false.

use crate::on_both;
use crate::town::{START, Town};
use kernel::FixedClock;
use serde_json::{Value, json};
use std::path::Path;

const ITEM: &str = include_str!("declared.yaml");

/// The city's packs, and one more item.
fn packs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"), folder.path());
    let own = folder.path().join("foshan/signboard-permit");
    std::fs::create_dir(&own).unwrap();
    std::fs::write(own.join("item.yaml"), ITEM).unwrap();
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

fn application(declares: bool) -> Value {
    json!({
        "item": "signboard-permit", "parties": [{"subject": "organisation"}],
        "answers": {"shop": "祖庙食养", "width": 3}, "declares": declares
    })
}

on_both!(a_declaration_grants_and_is_checked, |backend| {
    let folder = packs();
    let town = Town::with(backend, &FixedClock::at(START.parse().unwrap()), |config| {
        config.packs = folder.path().to_owned();
    })
    .await;
    let slow = town.file_case("restaurant", &application(false)).await;
    town.act("inspector", &slow, "accept", json!({})).await;
    assert_eq!(town.step("restaurant", &slow, "look").await, "open", "without a declaration somebody looks");
    let mut numbers = Vec::new();
    for _ in 0..2 {
        let number = town.file_case("restaurant", &application(true)).await;
        town.settle().await;
        assert_eq!(town.state("restaurant", &number).await, "closed", "granted on the declaration");
        town.told("restaurant", &number, &["declaration"]).await;
        town.told("restaurant", &number, &["grant"]).await;
        numbers.push(number);
    }
    town.at("2026-12-01T02:00:00Z");
    let kept = json!({"ok": true, "text": "与承诺一致"});
    town.act("inspector", &numbers[0], "check_declaration", kept.clone()).await;
    town.refused("inspector", &numbers[0], "check_declaration", kept, (409, "cases.nothing-declared")).await;
    let broken = json!({"ok": false, "text": "实际宽度六米"});
    town.refused("inspector", &numbers[1], "check_declaration", broken.clone(), (403, "cases.head-only"))
        .await;
    assert_eq!(town.act("head", &numbers[1], "check_declaration", broken).await, "revoked");
    assert_eq!(town.state("restaurant", &numbers[0]).await, "closed");
    town.told("restaurant", &numbers[1], &["grant", "revocation"]).await;
});
