//! What authors of joint matters and of the dictionary do wrong is said at its place.

use super::packs::text;
use crate::pack::{self, Complaint};
use std::collections::BTreeMap;

const THEME: &str = r#"id: both
name: {zh-CN: 一件事, en: Joint}
what: {zh-CN: 说明, en: What}
who: {zh-CN: 谁, en: Who}
audience: [person]
situations:
  - id: married
    ask: {zh-CN: 已婚吗, en: Married?}
    options: [{value: "yes", label: {zh-CN: 是, en: "Yes"}}, {value: "no", label: {zh-CN: 否, en: "No"}}]
members:
  - {item: bus}
  - item: home
    when: form.married == 'yes'
    after: [{item: bus, basis: {zh-CN: 法, en: Law}}]
depends:
  - {item: home, on: bus, then: waits, say: {zh-CN: 等, en: Wait}}
sharing:
  - {id: old, name: {zh-CN: 旧, en: Old}, sources: [household], certificates: false, declarations: false, grade: seen}
  - {id: today, name: {zh-CN: 今, en: Today}, sources: all, certificates: true, declarations: true}
"#;

const BEFORE: &str = r#"as_of: "2016"
lists:
  - department: {zh-CN: 部门, en: Department}
    function: police
    item: home
    when: form.married == 'yes'
    visits: 1
    days: 3
    papers:
      - {kind: citizen-card, name: {zh-CN: 身份证, en: Card}, grade: seen, source: here}
    fields:
      - {element: person.name, name: {zh-CN: 姓名, en: Name}}
"#;

fn files(theme: &str, before: &str) -> BTreeMap<String, Vec<u8>> {
    let item = |from: &str| text(&format!("nanjing/{from}/item.yaml")).into_bytes();
    BTreeMap::from([
        ("bus/item.yaml".to_owned(), item("charter-bus-sticker")),
        ("bus/sticker.typ".to_owned(), b"x".to_vec()),
        ("home/item.yaml".to_owned(), item("home-purchase-proof")),
        ("home/proof.typ".to_owned(), b"x".to_vec()),
        ("both/theme.yaml".to_owned(), theme.as_bytes().to_vec()),
        ("both/before.yaml".to_owned(), before.as_bytes().to_vec()),
    ])
}

fn said(files: &BTreeMap<String, Vec<u8>>) -> Vec<Complaint> {
    pack::read(files, "").err().unwrap_or_default()
}

/// What is written, what instead, in which file and at the line of what it is complained of, and what the complaint says.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("id: both", "id: other", "id: both", "folder's name"),
    ("{item: bus}", "{item: bsu}", "{item: bus}", "no item in the pack `bsu`"),
    ("{item: bus}", "{item: home}", "  - item: home", "is there twice"),
    (
        "form.married == 'yes'\n    after",
        "form.maried == 'yes'\n    after",
        "    when: form.married",
        "maried",
    ),
    ("form.married == 'yes'\n    after", "form.married == 'si'\n    after", "    when: form.married", "si"),
    ("after: [{item: bus,", "after: [{item: car,", "    after: [{item: bus", "no member `car`"),
    ("after: [{item: bus,", "after: [{item: home,", "    after: [{item: bus", "waits for it: home → home"),
    ("on: bus, then", "on: car, then", "on: bus, then", "no member `car`"),
    ("on: bus, then", "on: home, then", "on: bus, then", "on itself"),
    ("then: waits", "then: sleeps", "then: waits", "does not fit"),
    ("then: waits", "then: waits, at: nowhere", "then: waits", "no step `nowhere`"),
    ("then: waits", "then: ends, at: qualify", "then: waits", "for `then: waits` only"),
    ("sources: [household]", "sources: [houshold]", "{id: old", "houshold"),
    ("sources: all", "sources: everything", "{id: today", "all"),
    ("{id: today, name", "{id: old, name", "{id: today", "used twice"),
    ("grade: seen}", "grade: heard}", "{id: old", "does not fit"),
    ("{value: \"no\", label", "{value: \"yes\", label", "    options:", "there twice"),
];

/// The same for the before-list.
const BEFORE_MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("grade: seen", "grade: heard", "grade: seen", "does not fit"),
    ("kind: citizen-card", "kind: citzen-card", "kind: citizen-card", "no kind of paper"),
    ("item: home", "item: hmoe", "item: home", "no member `hmoe`"),
    ("form.married == 'yes'", "form.maried == 'yes'", "when: form.married", "maried"),
    ("visits: 1", "visits: often", "visits: 1", "does not fit"),
];

fn complained(file: &str, source: &str, mistake: &(&str, &str, &str, &str), changed: &[Complaint]) {
    let (from, _, at, says) = mistake;
    assert!(source.contains(from), "{from}");
    let line = source.lines().position(|l| l.contains(at)).unwrap() + 1;
    let fits = |c: &Complaint| c.file == file && c.line == line && c.to_string().contains(says);
    assert!(changed.iter().any(fits), "{mistake:?} at {line}: {changed:#?}");
    assert!(changed.iter().all(|c| c.column > 0 && !c.say.zh.is_empty()), "{changed:#?}");
}

#[test]
fn every_complaint_names_its_place() {
    assert_eq!(said(&files(THEME, BEFORE)), []);
    for mistake in MISTAKES {
        let changed = said(&files(&THEME.replacen(mistake.0, mistake.1, 1), BEFORE));
        complained("both/theme.yaml", THEME, mistake, &changed);
    }
    for mistake in BEFORE_MISTAKES {
        let changed = said(&files(THEME, &BEFORE.replacen(mistake.0, mistake.1, 1)));
        complained("both/before.yaml", BEFORE, mistake, &changed);
    }
}

#[test]
fn a_joint_matter_alone_is_checked_when_it_is_published() {
    let mut files = files(THEME, BEFORE);
    files.retain(|path, _| path.starts_with("both/"));
    let pack = pack::read(&files, "").unwrap();
    assert_eq!((pack.items.len(), pack.themes.len()), (0, 1));
    let place = |path: &str| pack.locate("both", path).unwrap();
    assert_eq!(place("members[1].when"), ("both/theme.yaml".to_owned(), 13, 11));
    assert_eq!(place("before.lists[0].papers[0]"), ("both/before.yaml".to_owned(), 10, 9));
    assert!(pack.locate("nothing", "id").is_none());
}

#[test]
fn the_dictionary_is_checked() {
    let dictionary = |proves: &str, effort: u8, alias: &str| {
        format!(
            "claims:\n  - {{id: identity, name: {{zh-CN: 身份, en: Identity}}}}\nmaterials:\n  - kind: card\n    name: {{zh-CN: 证, en: Card}}\n    aliases: [甲]\n  - kind: other\n    name: {{zh-CN: 别, en: Other}}\n    aliases: [{alias}]\n    proves: [{proves}]\n    effort: {effort}\n"
        )
    };
    let said = |text: String| {
        let mut files = files(THEME, BEFORE);
        files.remove("both/before.yaml");
        files.insert("knowledge.yaml".to_owned(), text.into_bytes());
        files.insert("sources.yaml".to_owned(), text_of_sources());
        let said = self::said(&files);
        said.iter().filter(|c| c.file == "knowledge.yaml").map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(said(dictionary("identity", 2, "乙")), Vec::<String>::new());
    for (text, place, says) in [
        (dictionary("identty", 2, "乙"), "knowledge.yaml:10:", "no claim"),
        (dictionary("identity", 9, "乙"), "knowledge.yaml:11:", "1 to 5"),
        (dictionary("identity", 2, "甲"), "knowledge.yaml:9:", "one name is one paper"),
    ] {
        let said = said(text);
        assert!(said.iter().any(|c| c.starts_with(place) && c.contains(says)), "{place} {says}: {said:#?}");
    }
}

fn text_of_sources() -> Vec<u8> {
    let text = text("sources.yaml");
    let kept = text.lines().filter(|l| !l.trim_start().starts_with("proves:"));
    kept.collect::<Vec<_>>().join("\n").into_bytes()
}

#[test]
fn situations_become_the_first_questions_of_the_form() {
    let mut files = files(THEME, BEFORE);
    let bus = text("nanjing/charter-bus-sticker/item.yaml");
    let asked = "situations:\n  - id: night\n    ask: {zh-CN: 夜间吗, en: At night?}\n    options: [{value: \"yes\", label: {zh-CN: 是, en: \"Yes\"}}, {value: \"no\", label: {zh-CN: 否, en: \"No\"}}]\n";
    let with = |text: String| {
        let at = text.find("form:\n").unwrap();
        format!("{}{asked}{}", text.split_at(at).0, text.split_at(at).1)
    };
    files.insert("bus/item.yaml".to_owned(), with(bus.clone()).into_bytes());
    // Its own examples answer nothing about the night; that is for the cases to say.
    let pack = pack::read(&files, "").unwrap();
    let item = pack.items.iter().find(|i| i.key == "bus").unwrap();
    let first = item.form.sections.first().unwrap();
    assert_eq!((first.id.as_str(), first.fields.len()), ("situation", 1));
    assert!(first.fields.iter().all(|f| f.required && f.kind() == forms::FieldType::Choice));
    let wrong = with(bus).replacen("form.to != form.from", "form.to != form.frm", 1);
    let line = wrong.lines().position(|l| l.contains("form.frm")).unwrap() + 1;
    files.insert("bus/item.yaml".to_owned(), wrong.into_bytes());
    let said = said(&files);
    assert!(said.iter().any(|c| c.line == line && c.to_string().contains("frm")), "{said:#?}");
}
