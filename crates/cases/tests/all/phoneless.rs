//! Nobody is kept out for want of a telephone (国办发〔2020〕45号): every example of every pack comes to the same without one.

use catalog::pack::{self, Pack};
use forms::{Field, FieldType};
use std::path::{Path, PathBuf};

/// The folders of items below the packs.
fn folders(dir: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(dir).unwrap().flatten().map(|e| e.path()).filter(|p| p.is_dir()) {
        folders(&entry, found);
    }
    if dir.join("item.yaml").is_file() {
        found.push(dir.to_owned());
    }
}

/// Whose number it is: a firm has a telephone, and a tax office or a registrar reaches its head and its accountant by theirs.
fn of_a_firm(field: &Field) -> bool {
    let element = field.element.as_deref().unwrap_or_default();
    ["organisation.", "head.", "accountant."].iter().any(|prefix| element.starts_with(prefix))
}

/// The fields for telephones of natural persons.
fn phones(pack: &Pack) -> Vec<&Field> {
    let fields = pack.items.iter().flat_map(|item| item.form.fields());
    fields.filter(|f| f.kind() == FieldType::Phone && !of_a_firm(f)).collect()
}

#[test]
fn every_item_is_filed_without_a_telephone() {
    let mut all = Vec::new();
    folders(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"), &mut all);
    let (mut played, mut asking) = (0, 0);
    for folder in all {
        let mut pack = pack::load(&folder).unwrap();
        let asked = phones(&pack);
        for field in &asked {
            assert!(
                !field.required && field.require.is_none(),
                "{}: {} must be given",
                folder.display(),
                field.id
            );
        }
        asking += usize::from(!asked.is_empty());
        let ids: Vec<String> = asked.iter().map(|f| f.id.clone()).collect();
        for example in pack.items.iter_mut().flat_map(|item| &mut item.examples) {
            example.given.answers.retain(|field, _| !ids.contains(field));
            example
                .given
                .known
                .retain(|element, _| !element.ends_with(".phone") || element.starts_with("organisation."));
            // How much was asked is another number where less is known.
            example.expect.asked = None;
        }
        for report in cases::examples::run(&pack) {
            assert!(
                report.differences.is_empty(),
                "{} {}: {:?}",
                report.item,
                report.name,
                report.differences
            );
            played += 1;
        }
    }
    assert!(asking > 40 && played > 140, "{asking} items ask for a telephone, {played} examples were played");
}
