//! The real packs load; what authors do wrong is said at its place.

use crate::pack;
use std::io::Write;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

fn said(complaints: &[pack::Complaint]) -> Vec<String> {
    complaints.iter().map(ToString::to_string).collect()
}

#[test]
fn the_real_packs_load() {
    let pack = pack::load(&root()).unwrap_or_else(|c| panic!("{:#?}", said(&c)));
    assert!(pack.items.iter().any(|i| i.key == "charter-bus-sticker"));
    assert!(pack.items.iter().any(|i| i.key == "home-purchase-proof"));
    for item in &pack.items {
        assert!(item.results.iter().all(|r| !r.source.is_empty()));
        assert!(item.process.iter().flat_map(|s| &s.checks).all(|c| c.rule.rule().is_some()));
    }
    let one = pack::load(&root().join("nanjing/charter-bus-sticker")).unwrap();
    assert_eq!(one.items.first().map(|i| i.key.as_str()), Some("charter-bus-sticker"));
    assert_eq!(one.items.first(), pack.items.iter().find(|i| i.key == "charter-bus-sticker"));
}
