//! The real packs load; what authors do wrong is said at its place.

use crate::pack::{self, Complaint};
use crate::planner::{How, Question, plan};
use crate::{Item, Knowledge, Pack, facts};
use kernel::Lang;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs")
}

/// The real items' folders.
pub const ALL: [&str; 6] = [
    "nanjing/charter-bus-sticker",
    "nanjing/home-purchase-proof",
    "foshan/birth-registration",
    "foshan/catering-permit",
    "foshan/elderly-allowance",
    "foshan/tax-clearance",
];

pub fn text(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

pub fn real() -> Pack {
    let said = |c: Vec<Complaint>| panic!("{:#?}", c.iter().map(ToString::to_string).collect::<Vec<_>>());
    pack::load(&root()).unwrap_or_else(said)
}

pub fn item(key: &str) -> Item {
    real().items.into_iter().find(|i| i.key == key).unwrap()
}

/// The bus pack with one text in place of another, as the complaints say it.
fn changed(from: &str, to: &str) -> Vec<String> {
    let source = text("nanjing/charter-bus-sticker/item.yaml");
    assert!(source.contains(from), "{from}");
    let files = BTreeMap::from([
        ("bus/item.yaml".to_owned(), source.replacen(from, to, 1).into_bytes()),
        ("bus/sticker.typ".to_owned(), b"x".to_vec()),
    ]);
    let complaints = pack::read(&files, "").err().unwrap_or_default();
    complaints.iter().map(ToString::to_string).collect()
}

#[test]
fn the_real_packs_load() {
    let pack = real();
    for item in &pack.items {
        assert!(item.results.iter().all(|r| !r.source.is_empty()));
        assert!(item.process.iter().flat_map(|s| &s.checks).all(|c| c.rule.rule().is_some()));
        assert!(item.reconstructed.is_some() && !item.references.is_empty() && !item.examples.is_empty());
    }
    let one = pack::load(&root().join("nanjing/charter-bus-sticker")).unwrap();
    assert_eq!(one.items, [item("charter-bus-sticker")]);
}

/// What is written, what is written instead, the line at which it is complained of, and what the complaint says.
const MISTAKES: &[(&str, &str, &str, &str)] = &[
    ("visits: 0", "visits: many", "visits: 0", "does not fit"),
    ("visits: 0", "vists: 0", "visits: 0", "vists"),
    ("203D3322018001000", "203E3322018001000", "code:", "mistyped"),
    ("promised: 1wd", "promised: 21wd", "terms:", "longer than the statutory"),
    ("statutory: 20wd", "statutory: 20 days", "terms:", "no term"),
    ("agency: nanjing.transport\n", "agency: Nanjing!\n", "agency: nanjing.transport", "no agency code"),
    ("form.to != form.from", "form.to != form.frm", "form.to != form.from", "frm"),
    ("vehicle.inspection_until >=", "vehicle.inspection >=", "vehicle.inspection_until >=", "inspection"),
    ("vehicle.seats <= 19", "vehicle.seats <= '19'", "vehicle.seats <= 19", ""),
    (
        "source: vehicle, keys: {plate: form.plate}",
        "source: vehicles, keys: {plate: form.plate}",
        "source: vehicle, keys",
        "no register",
    ),
    ("keys: {plate: form.plate}", "keys: {}", "source: vehicle, keys", "needs the key `plate`"),
    ("field: contract_file", "field: contract_no", "field: contract_file", "contract_no"),
    ("after: [qualify]", "after: [qualfy]", "after: [qualify]", "no step `qualfy`"),
    ("after: [qualify]", "after: [approve]", "after: [qualify]", "never reached"),
    ("after: [qualify]\n", "after: []\n", "id: qualify", "does not wait for step `qualify`"),
    ("term: 4wh", "term: 3wd", "terms:", "more than the promised"),
    ("template: sticker.typ", "template: stickr.typ", "template: sticker.typ", "no template `stickr.typ`"),
    ("template: sticker.typ", "template: ../../secret.typ", "template: sticker.typ", "same folder"),
    ("valid: {from: form.starts,", "valid: {from: form.plate,", "valid: {from", "date"),
    ("type_code: 11999999000000203D320", "type_code: 11999999000000203D32", "type_code", "three digits"),
    (
        "element: organisation.name",
        "element: organisation.nam",
        "element: organisation.name",
        "organisation.nam",
    ),
    ("- id: plate\n", "- id: from\n", "- id: plate", "used twice"),
    ("decide: {approve: pass}", "decide: {aprove: pass}", "decide: {approve: pass}", "aprove"),
    ("degraded: [vehicle]", "degraded: [vehicl]", "degraded: [vehicle]", "vehicl"),
];

#[test]
fn every_complaint_names_line_and_column_and_what_to_write() {
    assert_eq!(changed("visits: 0", "visits: 0"), Vec::<String>::new());
    let line = |needle: &str| {
        let source = text("nanjing/charter-bus-sticker/item.yaml");
        source.lines().position(|l| l.contains(needle)).unwrap() + 1
    };
    for (from, to, at, says) in MISTAKES {
        let said = changed(from, to);
        let at = format!("bus/item.yaml:{}:", line(at));
        assert!(said.iter().all(|s| !s.starts_with("bus/item.yaml:1:1:")), "{said:#?}");
        assert!(
            said.iter().any(|s| s.starts_with(&at) && s.contains(says)),
            "{from} -> {to}: {at} {says}\n{said:#?}"
        );
        assert!(said.iter().all(|s| !s.contains('\n')), "{said:#?}");
    }
    let missing = changed("complain:", "complaint:");
    assert!(missing.iter().any(|s| s.contains("complain")), "{missing:?}");
}

#[test]
fn proofs_that_need_each_other_are_found() {
    let pack = real();
    let mut a = pack.items.first().unwrap().clone();
    let mut b = pack.items.get(1).unwrap().clone();
    let cert = |i: &Item| i.results.first().unwrap().certificate.clone();
    let (for_a, for_b) = (cert(&b), cert(&a));
    for (item, wants) in [(&mut a, for_a), (&mut b, for_b)] {
        let material = item.materials.first_mut().unwrap();
        material.instead = vec![crate::Instead::Certificate];
        material.certificate = Some(wants);
    }
    let said = pack::ring_for_tests(&[("a".to_owned(), a), ("b".to_owned(), b)]);
    assert_eq!(said.len(), 2);
    assert!(said.iter().all(|c| c.say.en.contains("need each other")));
}

fn zip(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

#[test]
fn zips_are_unpacked_with_care() {
    let yaml = text("nanjing/charter-bus-sticker/item.yaml");
    let good = zip(&[
        ("bus/item.yaml", yaml.as_bytes()),
        ("bus/sticker.typ", b"x"),
        ("bus/notes.txt", b"left alone"),
    ]);
    assert_eq!(pack::load_zip(&good).unwrap().items.first().unwrap().key, "bus");
    let bomb = vec![b' '; 40 * 1024 * 1024];
    for (entries, says) in [
        (vec![("../item.yaml", yaml.as_bytes())], "Unsafe"),
        (vec![("/etc/item.yaml", yaml.as_bytes())], "Unsafe"),
        (vec![("a\\..\\item.yaml", yaml.as_bytes())], "Unsafe"),
        (vec![("a/b/c/d/e/f/g/h/i/item.yaml", yaml.as_bytes())], "Unsafe"),
        (vec![("item.yaml", bomb.as_slice())], "larger than 1 MB"),
        (vec![("readme.yaml", b"x".as_slice())], "no item.yaml"),
        (vec![("bus/item.yaml", b"\xff\xfe".as_slice())], "UTF-8"),
    ] {
        let said = pack::load_zip(&zip(&entries)).unwrap_err();
        assert!(said.iter().any(|c| c.to_string().contains(says)), "{says}: {said:?}");
    }
    for cut in [0, 1, 10, good.len() / 2, good.len() - 1] {
        assert!(pack::load_zip(&good[..cut]).is_err());
    }
}

#[test]
fn the_schema_describes_the_real_packs() {
    let schema = pack::schema();
    let validator = jsonschema::validator_for(&schema).unwrap();
    for path in ALL {
        let value: Value = serde_saphyr::from_str(&text(&format!("{path}/item.yaml"))).unwrap();
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert_eq!(errors, Vec::<String>::new());
    }
    assert!(!validator.is_valid(&json!({"code": "x", "surprise": 1})));
}

#[test]
fn the_plan_says_how_each_paper_comes_in() {
    let item = item("charter-bus-sticker");
    let (members, knowledge) = ([&item], Knowledge::default());
    let plan = plan(&Question::of(&members, &knowledge, &[]));
    let how: Vec<(&str, How)> = plan.papers.iter().map(|p| (p.kind.as_str(), p.how)).collect();
    assert_eq!(how.first(), Some(&("charter-contract", How::Asked)));
    assert!(how.iter().skip(1).all(|(_, how)| *how == How::Fetched));
    assert_eq!(
        plan.steps.iter().map(|s| (s.id.as_str(), s.rank)).collect::<Vec<_>>(),
        [("qualify", 0), ("approve", 1)]
    );
}

#[test]
fn a_register_is_asked_when_its_keys_are_known_and_only_where_it_matters() {
    let item = item("home-purchase-proof");
    let today = jiff::civil::date(2026, 11, 20);
    let known = json!({"person.citizen_id": "999999198603121026"}).as_object().unwrap().clone();
    let asked = |fetched: Value| {
        let facts = facts::facts(&forms::Answers::new(), &known, fetched.as_object().unwrap(), today);
        item.sources.iter().map(|s| s.query(&facts)).collect::<Vec<_>>()
    };
    let first = asked(json!({}));
    assert!(
        matches!(&first[0], facts::Asked::With(keys) if keys["citizen_id"] == json!("999999198603121026"))
    );
    assert!(matches!(&first[1], facts::Asked::Missing(paths) if paths == &["household.members"]));
    let local = asked(json!({"household": {"division": "320102", "members": ["a", "b"]}}));
    assert!(matches!(&local[1], facts::Asked::With(keys) if keys["citizen_id"] == json!(["a", "b"])));
    assert_eq!(local[2], facts::Asked::No);
    let elsewhere = asked(json!({"household": {"division": "650100", "members": ["a"]}}));
    assert!(matches!(elsewhere[2], facts::Asked::With(_)));
}

#[test]
fn a_certificate_says_what_the_form_and_the_registers_said() {
    let item = item("charter-bus-sticker");
    let example = &item.examples.first().unwrap().given;
    let facts = facts::facts(&example.answers, &example.known, &example.sources, example.today.unwrap());
    let spec = item.results.first().unwrap();
    let missing = spec.print(&item, &facts, example.today.unwrap(), Lang::ZhCn).unwrap_err();
    assert_eq!(missing, ["form.signatory"]);
    let mut answers = example.answers.clone();
    answers.insert("signatory".to_owned(), json!("周明"));
    answers.shift_remove("via");
    let facts = facts::facts(&answers, &example.known, &example.sources, example.today.unwrap());
    let printed = spec.print(&item, &facts, example.today.unwrap(), Lang::ZhCn).unwrap();
    assert_eq!(
        (printed.valid_from.to_string(), printed.valid_until.unwrap().to_string()),
        ("2026-11-26".into(), "2026-11-28".into())
    );
    let says = |key: &str| printed.fields.iter().find(|f| f.key == key).map(|f| f.value.as_str());
    assert_eq!(says("from"), Some("江苏省南京市"));
    assert_eq!((says("driver"), says("seats"), says("via")), (Some("王强"), Some("51"), Some("")));
    let proof = self::item("home-purchase-proof");
    let given = &proof.examples.first().unwrap().given;
    let facts = facts::facts(&given.answers, &given.known, &given.sources, given.today.unwrap());
    let printed =
        proof.results.first().unwrap().print(&proof, &facts, given.today.unwrap(), Lang::ZhCn).unwrap();
    assert_eq!(printed.valid_until.unwrap().to_string(), "2027-01-18");
    assert_eq!(
        printed.fields.iter().map(|f| f.value.as_str()).collect::<Vec<_>>(),
        ["3", "本市户籍", "0", "可购买住房一套"]
    );
}

#[test]
fn both_languages_say_the_same() {
    let (zh, en) =
        (include_str!("../../locales/zh-CN/catalog.ftl"), include_str!("../../locales/en/catalog.ftl"));
    page::words::same_keys(zh, en).unwrap();
}
