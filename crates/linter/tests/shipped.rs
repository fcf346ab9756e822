//! The packs that come with the platform have nothing to be mended.

use linter::{Severity, Stock, lint};
use std::path::Path;

#[test]
fn the_shipped_packs_lint_clean() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let pack = catalog::pack::load(&folder).unwrap_or_else(|complaints| panic!("{complaints:#?}"));
    let found = lint(&Stock {
        items: &pack.items,
        themes: &pack.themes,
        knowledge: &pack.shared.knowledge,
        registers: &pack.shared.registers,
        elements: &pack.shared.elements,
        agencies: None,
    });
    let serious: Vec<String> = found
        .iter()
        .filter(|f| f.severity != Severity::Note)
        .map(|f| format!("{} {}: {}", f.item, f.path, f.line(kernel::Lang::En)))
        .collect();
    assert!(serious.is_empty(), "{}", serious.join("\n"));
}
