//! What is typed, what is kept, what is printed, and what the rules make of it.

use super::{elements, form, form_value, object, pairs};
use crate::{Answers, Form, RAW, read, value};
use kernel::Lang;
use kernel::rules::Schema;
use proptest::prelude::*;
use serde_json::{Value, json};

fn one(id: &str, typed: &str) -> (Option<Value>, Vec<String>) {
    let (answers, errors) = form().read(&pairs(&[(id, typed)]), &Answers::new());
    (answers.get(id).cloned(), errors.into_iter().map(|e| e.field).collect())
}

#[test]
fn what_people_type_becomes_typed_values() {
    for (id, typed, kept) in [
        ("plate", " 苏a·12345 ", json!("苏A12345")),
        ("plate", "苏AD12345", json!("苏AD12345")),
        ("plate", "苏A12345F", json!("苏A12345F")),
        ("plate", "粤Z1234港", json!("粤Z1234港")),
        ("citizen", "11010519491231002x", json!("11010519491231002X")),
        ("credit", "91350100m000100y43", json!("91350100M000100Y43")),
        ("phone", "+86 139 0000 0001", json!("13900000001")),
        ("phone", "(025)83630000", json!("025-83630000")),
        ("price", "¥1,234.5", json!(123_450)),
        ("count", "12", json!(12)),
        ("size", "1.50", json!(1.5)),
        ("starts", "2026年11月2日", json!("2026-11-02")),
        ("starts", "20261122", json!("2026-11-22")),
        ("place", "江苏南京", json!("320100")),
        ("kind", "b", json!("b")),
        ("truth", "yes", json!(true)),
        ("person_name", "  买买提·艾力 ", json!("买买提·艾力")),
    ] {
        assert_eq!(one(id, typed), (Some(kept), vec![]), "{id}: {typed}");
    }
    for (id, typed) in [
        ("plate", "苏A9O00"),
        ("plate", "苏AI1234"),
        ("plate", "苏A1234567"),
        ("plate", "苏I12345"),
        ("plate", "XA12345"),
        ("citizen", "110105194912310021"),
        ("credit", "91350100M000100Y4Z"),
        ("phone", "12345"),
        ("price", "1.234"),
        ("count", "1.5"),
        ("count", "9007199254740993"),
        ("size", "1.555"),
        ("starts", "2026-02-30"),
        ("place", "鼓楼区"),
        ("place", "320000"),
        ("kind", "c"),
        ("person_name", "a\u{7}b"),
    ] {
        assert_eq!(one(id, typed), (None, vec![id.to_owned()]), "{id}: {typed}");
    }
}

#[test]
fn what_cannot_be_read_is_kept_as_typed_until_it_is_corrected() {
    let form = form();
    let (answers, errors) =
        form.read(&pairs(&[("_section", "what"), ("plate", "错的"), ("kind", "a")]), &Answers::new());
    assert_eq!(errors.len(), 1);
    assert_eq!(read::raw(&answers, "plate"), Some("错的"));
    let seen = form.evaluate(&answers, &json!({"today": "2026-11-20"}));
    assert!(seen.errors.iter().any(|e| e.field == "plate" && e.say.zh.contains("号牌")));
    let (answers, errors) = form.read(&pairs(&[("plate", "苏A12345")]), &answers);
    assert!(errors.is_empty() && !answers.contains_key(RAW));
    // A section that is posted empties what is absent in it, and leaves other sections alone.
    let (answers, _) = form.read(&pairs(&[("_section", "who"), ("phone", "13900000001")]), &answers);
    assert_eq!(answers.get("plate"), Some(&json!("苏A12345")));
    let (answers, _) = form.read(&pairs(&[("_section", "what")]), &answers);
    assert_eq!(answers, object(json!({"phone": "13900000001"})));
}

#[test]
fn rows_are_added_filled_moved_up_and_taken_away() {
    let form = form();
    let (answers, _) = form
        .read(&pairs(&[("_section", "what"), ("_rows.people", "0"), ("_add", "people")]), &Answers::new());
    assert_eq!(answers.get("people"), Some(&json!([{}])));
    let filled = pairs(&[
        ("_section", "what"),
        ("_rows.people", "3"),
        ("people[0].name", "张伟"),
        ("people[2].name", "李丽"),
        ("people[2].plate", "错"),
    ]);
    let (answers, errors) = form.read(&filled, &answers);
    assert_eq!(answers.get("people"), Some(&json!([{"name": "张伟"}, {"name": "李丽"}])));
    assert_eq!(errors.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["people[1].plate"]);
    assert_eq!(read::raw(&answers, "people[1].plate"), Some("错"));
    let taken = pairs(&[("people[0].name", "张伟"), ("people[1].name", "李丽"), ("_remove", "people[0]")]);
    let (answers, _) = form.read(&taken, &answers);
    assert_eq!(answers.get("people"), Some(&json!([{"name": "李丽"}])));
    let many = pairs(&[("people[4000000000].name", "x"), ("people[18446744073709551615].name", "y")]);
    assert!(form.read(&many, &answers).0.get("people").is_none());
}

#[test]
fn rules_decide_what_is_shown_and_required() {
    let form = form();
    let facts = json!({"today": "2026-11-20", "vehicle": {"seats": 51}});
    let nothing = form.evaluate(&Answers::new(), &facts);
    assert!(!nothing.show.contains("reason") && nothing.show.contains("truth"));
    assert_eq!(nothing.require.iter().collect::<Vec<_>>(), ["kind", "person_name", "truth"]);
    assert_eq!(nothing.missing, nothing.require);
    assert_eq!(nothing.wrong().count(), 0);
    let answers = object(json!({
        "person_name": "王秀英", "kind": "b", "reason": "a", "count": 100, "starts": "2026-11-19", "ends": "2026-11-18",
        "truth": true, "people": [{"plate": "苏A12345"}],
    }));
    let seen = form.evaluate(&answers, &facts);
    let wrong: Vec<&str> = seen.errors.iter().map(|e| e.field.as_str()).collect();
    assert_eq!(wrong, ["reason", "count", "starts", "ends", "people[0].name"]);
    assert!(seen.show.contains("reason") && !seen.show.contains("people[0].plate"));
    assert_eq!(form.prune(&answers, &seen).get("people"), Some(&json!([{}])));
    let without = form.evaluate(&Answers::new(), &json!({"today": "2026-11-20"}));
    assert!(!without.require.contains("truth"));
}

#[test]
fn json_answers_are_held_to_their_types() {
    let form = form();
    let good = object(json!({
        "person_name": "王秀英", "kind": "a", "tags": ["a", "b"], "count": 3, "size": 1.25, "price": 100, "plate": "苏A12345",
        "starts": "2026-11-22", "place": "320100", "truth": true, "people": [{"name": "x"}],
        "papers": [{"file": "01930000-0000-7000-8000-000000000001", "name": "合同.pdf"}],
    }));
    assert_eq!(form.check_answers(&good), []);
    let bad = json!({
        "person_name": 1, "kind": "z", "tags": ["a", "a"], "count": "3", "size": 1.234, "price": 1.5, "plate": "苏 A12345",
        "starts": "22.11.2026", "place": "南京", "truth": false, "people": [{"name": "x", "other": 1}, {"name": " x "}],
        "papers": [{"file": "../../etc/passwd", "name": "x"}], "unknown": 1, "~raw": {}, "reason": null, "ends": [],
        "citizen": {}, "phone": "139 0000 0001",
    });
    let wrong = form.check_answers(&object(bad.clone()));
    let fields: std::collections::BTreeSet<&str> = wrong.iter().map(|e| e.field.as_str()).collect();
    for id in bad.as_object().unwrap().keys().filter(|id| *id != "people") {
        assert!(fields.contains(id.as_str()), "{id} {fields:?}");
    }
    assert!(fields.contains("people[0].other") && fields.contains("people[1].name"));
    let huge = object(json!({"reason": "x".repeat(300_000)}));
    assert_eq!(form.check_answers(&huge).len(), 1);
    let (kept, errors) = form.read(&pairs(&[("reason", &"x".repeat(6_000))]), &good);
    assert_eq!((errors.len(), read::raw(&kept, "reason").map(str::len)), (1, Some(6_000)));
}

#[test]
fn answers_are_printed_for_people() {
    let answers = object(json!({
        "kind": "b", "tags": ["a", "b"], "price": 123_450, "starts": "2026-11-22", "place": "320102",
        "people": [{"name": "张伟", "plate": "苏A12345"}], "count": 1234,
    }));
    let rows = crate::summary_rows(&form(), &answers, Lang::ZhCn);
    let printed: Vec<(&str, &str)> =
        rows.iter().map(|(_, value, path)| (path.as_str(), value.as_str())).collect();
    assert_eq!(
        printed,
        [
            ("kind", "乙"),
            ("tags", "甲、乙"),
            ("count", "1,234"),
            ("price", "¥1,234.50"),
            ("starts", "2026年11月22日(周日)"),
            ("place", "江苏省南京市玄武区"),
            ("people[0].name", "张伟"),
            ("people[0].plate", "苏A12345"),
        ]
    );
}

#[test]
fn a_wrong_form_is_complained_of_at_its_place() {
    let mut value = form_value();
    for (path, wrong) in [
        ("/0/fields/0/element", json!("person.shoe")),
        ("/1/fields/0/options", json!([])),
        ("/1/fields/2/show", json!("form.knd == 'b'")),
        ("/1/fields/3/min", json!("a few")),
        ("/1/fields/5/id", json!("Price")),
        ("/1/fields/12/fields", json!([])),
    ] {
        *value.pointer_mut(path).unwrap() = wrong;
    }
    let mut form: Form = serde_json::from_value(value).unwrap();
    let complaints = form
        .compile(&elements(), &Schema::new().with("vehicle.seats", kernel::rules::Type::Number))
        .unwrap_err();
    let paths: Vec<&str> = complaints.iter().map(|c| c.path.as_str()).collect();
    for path in [
        "[0].fields[0].element",
        "[1].fields[0]",
        "[1].fields[2].show",
        "[1].fields[3].min",
        "[1].fields[5].id",
        "[1].fields[12]",
    ] {
        assert!(paths.contains(&path), "{path} {paths:?}");
    }
    let rule = complaints.iter().find(|c| c.path.ends_with("show")).unwrap();
    assert_eq!(rule.at.map(|(line, _)| line), Some(1));
}

proptest! {
    #[test]
    fn any_text_is_answered_and_what_is_read_is_read_again(typed in "\\PC{0,40}", n in 0usize..30) {
        let form = form();
        let fields: Vec<_> = form.fields().collect();
        let field = fields[n % fields.len()];
        if let Ok(Some(read)) = value::parse(field, &typed) {
            let again = value::parse(field, &value::typed(&read, field.kind()));
            prop_assert_eq!(again, Ok(Some(read.clone())));
            prop_assert!(crate::check::value(field, &read).is_none());
        }
    }

    #[test]
    fn amounts_and_numbers_print_as_they_read(fen in -1_000_000_000_000i64..1_000_000_000_000, n in -9_000_000_000i64..9_000_000_000) {
        let form = form();
        let (price, count) = (form.field("price").unwrap(), form.field("count").unwrap());
        prop_assert_eq!(value::parse(price, &value::typed(&json!(fen), price.kind())), Ok(Some(json!(fen))));
        prop_assert_eq!(value::parse(count, &value::typed(&json!(n), count.kind())), Ok(Some(json!(n))));
    }

    #[test]
    fn any_post_is_answered(names in proptest::collection::vec("(_add|_remove|_section|_rows.people|people(\\[[0-9]{1,3}\\])?(\\.name|\\.plate)?|papers\\[0\\]|plate|kind)", 0..12), values in proptest::collection::vec("(people(\\[[0-9]\\])?|what|who|yes|苏A12345|\\PC{0,8})", 12)) {
        let form = form();
        let posted: Vec<_> = names.into_iter().zip(values).collect();
        let (answers, _) = form.read(&posted, &object(json!({"people": [{"name": "x"}, {"plate": "苏A12345"}]})));
        let seen = form.evaluate(&answers, &json!({"today": "2026-11-20"}));
        let filed = form.prune(&answers, &seen);
        prop_assert!(form.check_answers(&filed).iter().all(|e| seen.errors.contains(e)), "{:?}", filed);
        crate::fields_html(&form.sections[1], &answers, &Default::default(), &seen, &seen.errors, Lang::En);
    }
}
