//! The items of Chancheng: what is wrong in joint, external, discretionary and declared things is said at its place, and
//! the critical path is right.

use super::packs::{item, text};
use crate::pack::{self, Complaint};
use crate::planner::{Plan, Question, plan};
use crate::{By, Do, Instead, Item, Knowledge, Material, critical_path};
use kernel::Lang;
use std::collections::BTreeMap;

fn said(folder: &str, source: &str) -> Vec<Complaint> {
    let file = |name: &str| (format!("{folder}/{name}"), b"x".to_vec());
    let mut files = BTreeMap::from(["permit.typ", "record.typ", "receipt.typ"].map(file));
    files.insert(format!("{folder}/item.yaml"), source.as_bytes().to_vec());
    pack::load_files(files.into_iter().collect()).err().unwrap_or_default()
}

/// What is written in the catering pack, what instead, at which line it is complained of, and what the complaint says.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("by: market@county", "by: market@village", "by: market@county", "no function at a level"),
    ("by: external:fire-line", "by: external:Fire", "by: external:fire-line", "names no line system"),
    (
        "by: [chancheng.market, chancheng.urban-management]",
        "by: [chancheng.market]",
        "by: [chancheng.market, ch",
        "two agencies at least",
    ),
    (
        "by: [chancheng.market, chancheng.urban-management]",
        "by: [chancheng.market, clerk]",
        "by: [chancheng.market, ch",
        "are agencies",
    ),
    (
        "after: [inspect, fire, drainage",
        "after: [inspct, fire, drainage",
        "after: [inspect,",
        "no step `inspct`",
    ),
    ("when: form.area > 300", "when: form.aera > 300", "when: form.area > 300", "aera"),
    ("form.kitchen * 3 < form.area", "form.kitchen * 3 < form.shop", "form.kitchen * 3 <", ""),
    ("when: form.area <= 150 &&", "when: true || form.area <= 150 &&", "x", ""),
    ("place: form.town", "place: form.shop", "place: form.town", "no division field"),
    (
        "        level: town\n        within",
        "        level: province\n        within",
        "by: market@county",
        "cannot be found",
    ),
    ("  - kind: testing", "  - kind: tasting", "kind: testing", "no special procedure `tasting`"),
    ("  - kind: testing", "  - kind: inspection", "  - kind: testing", "is there twice"),
    (
        "openness: {attribute: open,",
        "# openness: {attribute: open,",
        "code:",
        "open to the public and on what ground",
    ),
    (
        "ground: {zh-CN: 行政许可决定主动公开（行政许可法第四十条）, en:",
        "ground: {zh-CN: '', en:",
        "openness:",
        "both languages",
    ),
    ("statutory: 20wd", "statutory: 46wd", "terms:", "45 working days at most"),
    ("joint: true", "joint: false", "x", ""),
    ("precheck: 1wd", "precheck: 6wd", "precheck: 1wd", "longer than the 5 working days"),
    ("supplement_within: 10wd", "supplement_within: 0wd", "supplement_within: 10wd", "longer than nothing"),
    ("      within: 5wd", "      within: 0wd", "      within: 5wd", "longer than nothing"),
    (
        "    note: {zh-CN: 租赁",
        "    rare: true\n    note: {zh-CN: 租赁",
        "    note: {zh-CN: 租赁",
        "has a `when`",
    ),
    ("renew_before: 30", "renew_before: soon", "renew_before: 30", "does not fit"),
    ("retention: {years: 10,", "retention: {years: 0,", "retention: {years: 10,", "1 to 100 years"),
    ("attribute: open,", "attribute: public,", "attribute: open,", "does not fit"),
    (
        "high_risk: true",
        "declaration: {obligation: {zh-CN: 甲, en: A}, liability: {zh-CN: 乙, en: B}, steps: [inspect], check_within: 60d}\nhigh_risk: true",
        "high_risk: true",
        "high-risk",
    ),
    (
        "high_risk: true",
        "declaration: {obligation: {zh-CN: 甲, en: A}, liability: {zh-CN: 乙, en: B}, steps: [inspct], check_within: 60d}",
        "high_risk: true",
        "no step `inspct`",
    ),
    ("joint: true", "joint: true\nmigration: {from: [1], steps: {look: inspct}}", "precheck", ""),
    (
        "{step: signboard, outcome: pass}",
        "{step: sign, outcome: pass}",
        "{step: signboard, outcome: pass}",
        "no step `sign`",
    ),
    (
        "{line: drainage-line, outcome: pass}",
        "{line: drain, outcome: pass}",
        "{line: drainage-line",
        "`drain`",
    ),
    ("bands: {inspect: fits}\n", "bands: {inspect: fit}\n", "bands: {inspect: fits}", "no band `fit`"),
    ("promised: [health_certificates, lease]", "promised: [layout]", "promised: [health", "`layout`"),
    (
        "area, kitchen, homes, scope,",
        "kitchen, homes, scope,",
        "kitchen, homes, scope,",
        "put `area` into needs.fields",
    ),
    ("facts: [entity]", "facts: [entty]", "facts: [entity]", "no source `entty`"),
    (
        "papers: [business_licence, layout",
        "papers: [licence, layout",
        "papers: [business_licence, layout",
        "no paper `licence`",
    ),
    ("tells: [organisation_name,", "tells: [health_file,", "tells: [organisation_name,", "secret or a file"),
    ("tells: [organisation_name,", "tells: [shop,", "tells: [organisation_name,", "is there twice"),
    (
        "    by: external:fire-line\n",
        "    by: fire@county\n",
        "tells: [organisation_name,",
        "for steps of line systems",
    ),
    (
        "    by: external:fire-line\n",
        "    by: external:fire-line\n    needs: {fields: [shop]}\n",
        "by: external:fire-line",
        "",
    ),
];

#[test]
fn what_is_new_is_complained_of_at_its_place() {
    let source = text("foshan/catering-permit/item.yaml");
    assert_eq!(said("c", &source), []);
    for (from, to, at, says) in MISTAKES {
        assert!(source.contains(from), "{from}");
        let complaints = said("c", &source.replacen(from, to, 1));
        if says.is_empty() {
            continue;
        }
        let line =
            source.lines().position(|l| l.contains(at.trim_end())).unwrap_or_else(|| panic!("{at}")) + 1;
        let found = complaints.iter().any(|c| c.line == line && c.column > 0 && c.to_string().contains(says));
        let all: Vec<String> = complaints.iter().map(ToString::to_string).collect();
        assert!(found, "{from} -> {to}: line {line} {says}\n{all:#?}");
        assert!(complaints.iter().all(|c| c.line(Lang::ZhCn).chars().any(|c| c > '\u{4e00}')), "{all:#?}");
    }
}

#[test]
fn amounts_and_dead_bands_are_seen() {
    let source = text("foshan/elderly-allowance/item.yaml");
    for (from, to, says) in [
        ("amount: {min: \"500\"", "amount: {min: \"many\"", "Write an amount"),
        ("amount: {min: \"500\"", "amount: {min: \"501\"", "not above the most"),
        ("when: age(household.birth_date) >= 90", "when: \"true\"", "never applies"),
        ("outcome: fail\n", "outcome: fail\n          amount: {min: \"1\", max: \"2\"}\n", "has no amount"),
        ("    publicity: 7wd", "    publicity: 7wd\n    term: 1wd", "has no `term`"),
        ("promised: 15wd", "promised: 12wd", "more than the promised"),
        ("place: form.town\n", "", "cannot be found"),
        (
            "by: civil-affairs@town\n    needs:\n      fields: [person_name, town]",
            "by: clerk\n    needs:\n      fields: [person_name, town]",
            "for steps that an agency takes",
        ),
    ] {
        assert!(source.contains(from), "{from}");
        let all: Vec<String> =
            said("e", &source.replacen(from, to, 1)).iter().map(ToString::to_string).collect();
        assert!(all.iter().any(|c| c.contains(says)), "{says}: {all:#?}");
    }
}

fn planned(item: &Item, answers: &forms::Answers) -> Plan {
    let (members, knowledge) = ([item], Knowledge::default());
    plan(&Question { answers, ..Question::of(&members, &knowledge, &[]) })
}

#[test]
fn the_critical_path_stands_beside_the_serial_sum() {
    let item = item("catering-permit");
    let path = critical_path(&item.process);
    assert_eq!((path.hours, path.serial), (7 * 8, 17 * 8));
    assert_eq!(path.steps, ["inspect", "review"]);
    assert_eq!(path.times.get("drainage"), Some(&(0, 24)));
    let answers = serde_json::json!({"area": 60, "signboard": "no"}).as_object().unwrap().clone();
    let small = planned(&item, &answers);
    assert_eq!((small.days(), small.serial_days(), small.steps.len()), (7, 10, 3));
    let critical: Vec<&str> = small.steps.iter().filter(|s| s.critical).map(|s| s.id.as_str()).collect();
    assert_eq!(critical, ["inspect", "review"]);
    // A step that is not taken still hands on what it waits for.
    let mut chain = item.process.clone();
    chain[1].after = vec!["inspect".to_owned()];
    chain[4].after = vec!["fire".to_owned()];
    assert_eq!(critical_path(&chain).hours, 12 * 8);
    let mut changed = item;
    changed.process = chain;
    assert_eq!(planned(&changed, &answers).hours, 7 * 8);
    assert_eq!(critical_path(&[]).hours, 0);
}

#[test]
fn the_first_band_that_holds_is_the_one() {
    let item = item("elderly-allowance");
    let standard = item.process.iter().find_map(|s| s.standard.as_ref()).unwrap();
    let facts = |birth: &str| serde_json::json!({"household": {"birth_date": birth}, "today": "2026-11-20"});
    let band = |birth: &str| standard.band(&facts(birth)).map(|b| b.map(|b| b.id.as_str()));
    assert_eq!(band("1925-10-15"), Ok(Some("from100")));
    assert_eq!(band("1936-02-08"), Ok(Some("from90")));
    assert_eq!(band("1946-11-20"), Ok(Some("from80")));
    assert_eq!(band("1946-11-21"), Ok(Some("under80")));
    assert!(standard.band(&serde_json::json!({"today": "2026-11-20"})).is_err());
}

#[test]
fn every_act_of_an_example_is_read_as_what_it_is() {
    let item = item("catering-permit");
    let acts: Vec<&Do> = item.examples.iter().flat_map(|e| &e.given.acts).collect();
    assert!(acts.iter().any(|a| matches!(a, Do::Line { line, .. } if line == "fire-line")));
    assert!(
        acts.iter().any(|a| matches!(a, Do::Suspend { suspend, expected: Some(_) } if suspend == "testing"))
    );
    assert!(acts.iter().any(|a| matches!(a, Do::Accept { accept: false })));
    assert!(acts.iter().any(|a| matches!(a, Do::Keep { keep } if keep.len() == 2)));
    assert!(item.process.iter().any(|s| matches!(&s.by, By::Joint(members) if members.len() == 2)));
    let by_source = |m: &Material| m.instead.contains(&Instead::Source);
    assert_eq!(item.materials.iter().filter(|m| by_source(m)).count(), 1);
}

#[test]
fn a_folder_is_taken_as_a_browser_hands_it_in() {
    let yaml = text("foshan/tax-clearance/item.yaml").into_bytes();
    let file = |name: &str, bytes: &[u8]| (name.to_owned(), bytes.to_vec());
    let good =
        vec![file("mine/tax/item.yaml", &yaml), file("mine/tax/receipt.typ", b"x"), file("mine/a.exe", b"x")];
    assert_eq!(pack::load_files(good.clone()).unwrap().items.first().unwrap().key, "tax");
    for (more, says) in [
        (file("../item.yaml", &yaml), "Unsafe"),
        (file("C:\\item.yaml", &yaml), "Unsafe"),
        (file("mine/tax/receipt.typ", b"y"), "twice"),
        (file("mine/b.yaml", &vec![b' '; 2 << 20]), "larger than 1 MB"),
    ] {
        let mut files = good.clone();
        files.push(more);
        let said = pack::load_files(files).unwrap_err();
        assert!(said.iter().any(|c| c.to_string().contains(says)), "{says}: {said:?}");
    }
    assert!(pack::load_files(Vec::new()).is_err());
}
