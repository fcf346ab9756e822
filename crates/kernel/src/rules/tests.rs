//! Tests of rules: what is refused when loaded, what is answered when asked, and that nothing makes them panic.

use super::*;
use proptest::prelude::*;
use serde_json::{Value, json};

fn schema() -> Schema {
    Schema::new()
        .with("form.route.to", Type::Text)
        .with("form.from", Type::Date)
        .with("form.to", Type::Date)
        .with("form.seats", Type::Number)
        .with("form.area", Type::Decimal)
        .with("form.price", Type::Money)
        .with("form.agree", Type::Bool)
        .with("form.kind", Type::Choice(vec!["day".into(), "month".into()]))
        .with("form.vehicles[].plate", Type::Text)
        .with("form.vehicles[].seats", Type::Number)
        .with("form.vehicles[].until", Type::Date)
        .with("form.cities", Type::List(Box::new(Type::Text)))
        .with("vehicle.inspection_until", Type::Date)
        .with("other", Type::Any)
}

fn facts() -> Value {
    json!({
        "today": "2026-11-22",
        "form": {
            "route": {"to": "苏州市"}, "from": "2026-12-01", "to": "2026-12-05", "seats": 45, "area": 60.5,
            "price": 100_000, "agree": true, "kind": "day", "cities": ["苏州", "无锡"],
            "vehicles": [
                {"plate": "苏A12345", "seats": 45, "until": "2027-01-01"},
                {"plate": "苏A54321", "seats": 30},
            ],
        },
        "vehicle": {"inspection_until": "2026-12-31"},
        "other": 7,
    })
}

fn test(source: &str, facts: &Value) -> Verdict {
    Rule::compile(source, &schema()).unwrap_or_else(|e| panic!("{source}: {e:?}")).test(facts)
}

fn absent(paths: &[&str]) -> Verdict {
    Verdict::Absent(paths.iter().map(|p| (*p).to_owned()).collect())
}

#[test]
fn what_holds() {
    for source in [
        "vehicle.inspection_until >= form.to && form.from >= today",
        "form.to < '2027-01-01' && form.to == date('2026-12-05')",
        "form.route.to.startsWith('苏州') && size(form.route.to) == 3",
        "form.kind == 'day' || form.missing_is_never_read",
        "form.seats + 5 * 2 == 55 && form.seats / 2 == 22 && form.seats % 2 == 1 && -form.seats < 0",
        "form.area > 60 && form.area * 2 == 121 && form.area <= 60.5",
        "form.price == yuan(1000) && form.price * 2 > money('1,999.99') && form.price < yuan(1001)",
        "form.vehicles.exists(v, v.plate == '苏A54321') && form.vehicles.all(v, v.seats >= 30)",
        "form.vehicles.exists_one(v, v.seats > 40)",
        "size(form.vehicles.filter(v, v.seats > 40)) == 1",
        "sum(form.vehicles.map(v, v.seats)) == 75 && form.vehicles[1].seats == 30",
        "'无锡' in form.cities && !('上海' in form.cities) && form.kind in ['day', 'month']",
        "days_between(form.from, form.to) == 4 && months_between('2026-01-31', '2026-02-28') == 0",
        "age('2008-11-22') == 18 && age('2008-11-23') == 17 && years_between('2024-02-29', '2025-02-28') == 0",
        "add_months('2026-01-31', 1) == '2026-02-28' && add_days(today, 9) == form.from && year(today) == 2026",
        "form.to in ['2026-12-05', '2026-12-06'] && max(form.from, form.to) == form.to",
        "has(form.route.to) && !has(form.vehicles[1].until) && form.agree",
        "(form.agree ? form.seats : 0) == 45 && other == 7 && other >= 7.0",
        "form.vehicles.all(a, form.vehicles.exists(b, b.plate == a.plate))",
        "// 说明\n form.agree == true",
    ] {
        let source = source.replace("form.missing_is_never_read", "has(form.route.to)");
        assert_eq!(test(&source, &facts()), Verdict::Yes, "{source}");
        assert_eq!(test(&format!("!({source}\n)"), &facts()), Verdict::No, "{source}");
    }
}

#[test]
fn what_is_missing_decides_nothing_but_what_depends_on_it() {
    let some = json!({"form": {"seats": 45, "agree": true, "vehicles": [{"seats": 45}, {"plate": "苏A1"}]}});
    let plates = "form.vehicles[0].plate";
    for (source, expected) in [
        ("form.to >= form.from", absent(&["form.from", "form.to"])),
        ("form.route.to == 'x' || form.agree", Verdict::Yes),
        ("form.agree || form.route.to == 'x'", Verdict::Yes),
        ("form.route.to == 'x' && !form.agree", Verdict::No),
        ("form.route.to == 'x' && form.agree", absent(&["form.route.to"])),
        ("form.route.to != 'x'", absent(&["form.route.to"])),
        ("!(form.route.to == 'x')", absent(&["form.route.to"])),
        ("form.route.to == 'x' || form.price > yuan(1)", absent(&["form.price", "form.route.to"])),
        ("form.route.to == 'x' ? form.agree : true", Verdict::Yes),
        ("form.route.to == 'x' ? form.agree : false", absent(&["form.route.to"])),
        ("form.vehicles.exists(v, v.plate == '苏A1')", Verdict::Yes),
        ("form.vehicles.exists(v, v.plate == '苏A2')", absent(&[plates])),
        ("form.vehicles.all(v, v.plate == '苏A2')", Verdict::No),
        ("form.vehicles.all(v, v.plate == '苏A1')", absent(&[plates])),
        ("form.vehicles.exists_one(v, v.plate == '苏A1')", absent(&[plates])),
        ("'苏A1' in form.vehicles.map(v, v.plate)", Verdict::Yes),
        ("'苏A2' in form.vehicles.map(v, v.plate)", absent(&[plates])),
        ("sum(form.vehicles.map(v, v.seats)) > 0", absent(&["form.vehicles[1].seats"])),
        ("form.vehicles[5].seats > 1", absent(&["form.vehicles[5]"])),
        ("form.cities.exists(c, c == 'x')", absent(&["form.cities"])),
        ("age('2000-01-01') > 18", absent(&["today"])),
        ("form.seats / (form.seats - 45) == 1", absent(&["form.seats"])),
        ("form.seats * 9223372036854775807 > 1", absent(&["form.seats"])),
        ("form.seats > 1 && other == 'x'", absent(&["other"])),
    ] {
        assert_eq!(test(source, &some), expected, "{source}");
    }
    // A fact of the wrong type is no fact.
    for (path, value) in [
        ("to", json!("2026-13-01")),
        ("to", json!("2026-1-1")),
        ("to", json!(20_260_101)),
        ("seats", json!("45")),
        ("seats", json!(4.5)),
        ("seats", Value::Null),
        ("kind", json!("")),
        ("kind", json!("week")),
        ("agree", json!("true")),
        ("price", json!("1000")),
    ] {
        let source = format!("form.{path} == form.{path}");
        let expected = absent(&[format!("form.{path}").as_str()]);
        assert_eq!(test(&source, &json!({"form": {path: value}})), expected, "{source} {value}");
    }
    assert_eq!(test("other == '1'", &json!({"other": 1})), absent(&["other"]));
    assert_eq!(test("form.agree", &json!(null)), absent(&["form.agree"]));
    assert_eq!(test("form.route.to == 'x'", &json!({"form": {"route.to": "x"}})), Verdict::Yes);
}

#[test]
fn what_is_refused_has_a_place() {
    for (source, line, column, part) in [
        ("form.rout.to == 'x'", 1, 1, "no path `form.rout`. Did you mean `form.route`?"),
        ("form.agree &&\n  from.to == 'x'", 2, 3, "no path `from`. Did you mean `form`?"),
        ("'说明' == form.route.to && form.x", 1, 26, "no path `form.x`"),
        ("form.vehicles.exists(v, v.plates == 'x')", 1, 25, "Did you mean `form.vehicles[].plate`?"),
        ("form.seats == '1'", 1, 12, "A whole number cannot stand beside text."),
        ("form.price > 1000", 1, 12, "Write amounts as"),
        ("form.to > 'soon'", 1, 9, "`soon` is no date"),
        ("form.to > 20260101", 1, 9, "cannot stand beside"),
        ("form.kind == 'week'", 1, 11, "no option `week`; there are: day, month"),
        ("form.kind in ['day', 'week']", 1, 11, "no option `week`"),
        ("form.route.to < 'x'", 1, 15, "cannot be compared like this"),
        ("form.seats", 1, 1, "must be true or false"),
        ("form.seats && form.agree", 1, 1, "condition"),
        ("sise(form.cities) > 1", 1, 5, "no function `sise`. Did you mean `size`?"),
        ("form.cities.sum() > 1", 1, 16, "is not for"),
        ("days_between(form.to) > 1", 1, 13, "takes 2 arguments; 1 are given"),
        ("days_between(form.to, form.seats) > 1", 1, 13, "takes a date here"),
        ("date('2026-02-30') > today", 1, 5, "no date"),
        ("money('x') > yuan(1)", 1, 6, "no amount"),
        ("form.seats.x == 1", 1, 1, "has no field `x`"),
        ("form == form", 1, 6, "cannot be compared"),
        ("form.to == null", 1, 12, "has(path)"),
        ("form.seats[0] == 1", 1, 11, "Brackets take"),
        ("form.seats.exists(x, x == 1)", 1, 1, "A list belongs here"),
        ("{'a': 1}.a == 1", 1, 1, "path belongs before"),
        ("1 / 0 == 1", 1, 1, "cannot be computed"),
        ("form.seats == 1u", 1, 15, "no literals of this sort"),
        ("form.seats ==", 1, 14, "Syntax"),
        ("'说明' == ", 1, 9, "Syntax"),
        ("'说明' =\n= '说明' = 1", 1, 6, "Syntax"),
        ("form.seats = 1", 1, 12, "Syntax"),
        ("", 1, 1, "empty"),
    ] {
        let errors = Rule::compile(source, &schema()).unwrap_err();
        let first = &errors[0];
        assert!(first.say.en.contains(part), "{source}: {first}");
        assert_eq!((first.line, first.column), (line, column), "{source}: {first}");
        assert!(!first.say.zh.is_empty());
    }
    let both = Rule::compile("form.a == 1 && form.b == 2", &schema()).unwrap_err();
    assert_eq!(both.iter().map(|e| e.column).collect::<Vec<_>>(), [1, 16]);
}

#[test]
fn values_and_paths() {
    let value = |source: &str| Rule::compile_value(source, &schema()).unwrap().value(&facts());
    assert_eq!(value("form.route.to + '—' + form.kind"), Ok(json!("苏州市—day")));
    assert_eq!(value("add_days(form.to, 1)"), Ok(json!("2026-12-06")));
    assert_eq!(value("form.price * 3"), Ok(json!(300_000)));
    assert_eq!(value("form.area / 3").unwrap().to_string(), "20.166666");
    assert_eq!(value("form.vehicles.map(v, v.plate)"), Ok(json!(["苏A12345", "苏A54321"])));
    assert_eq!(value("form.vehicles[1].until"), Err(vec!["form.vehicles[1].until".to_owned()]));
    let rule =
        Rule::compile("form.vehicles.exists(v, v.until > form.to) && age('2000-01-01') > 1", &schema())
            .unwrap();
    assert_eq!(rule.paths(), ["form.to", "form.vehicles", "form.vehicles[].until", "today"]);
}

#[test]
fn schemas_grow_and_merge() {
    let mut schema = schema();
    schema.merge(&Schema::new().with("form.extra", Type::Bool).with("form.seats", Type::Decimal));
    assert_eq!(schema.get("form.vehicles[].plate"), Some(&Type::Text));
    assert_eq!(schema.get("form.extra"), Some(&Type::Bool));
    assert_eq!(schema.get("form.seats"), Some(&Type::Decimal));
    assert_eq!(schema.get("form.seats.x"), None);
    assert!(schema.paths().contains(&"form.vehicles[].seats".to_owned()));
}

#[test]
fn hostile_sources_are_refused_not_run() {
    let deep = |n: usize| format!("{}1{} == 1", "(".repeat(n), ")".repeat(n));
    let long = |n: usize| vec!["1"; n].join(" + ") + " == 1";
    assert!(Rule::compile(&deep(12), &schema()).is_ok());
    assert!(Rule::compile(&long(180), &schema()).is_ok());
    // As long and as deep as the limits let through: a test's stack of 2 MiB must do.
    let links = [
        ".a",
        "[0]",
        ".b",
        ".size()",
        "-1",
        "*-1",
        "&&true",
        "||!true",
        "<1",
        ".map(x,x)",
        " in [1]",
        "!",
        "1,",
    ];
    for (head, link) in
        ["form", "other", "1", "[1]", "'x'", "["].into_iter().flat_map(|h| links.map(|l| (h, l)))
    {
        for times in [40, 60, 80, 99, 130, 190, 199, 398] {
            if let Ok(rule) = Rule::compile_value(&format!("{head}{}", link.repeat(times)), &schema()) {
                let _ = rule.value(&facts());
            }
        }
    }
    for source in [
        deep(13),
        deep(5_000),
        long(300),
        "!".repeat(1_999),
        "-".repeat(1_999),
        "form.".repeat(399),
        "a?".repeat(900),
        "[".repeat(1_900),
        "x".repeat(100_000),
        "'".repeat(1_000),
        "\u{0}".repeat(50),
        "has(1)".to_owned(),
        "has()".to_owned(),
        "[1].exists(1, 2)".to_owned(),
        "x.exists(x.y, true)".to_owned(),
        ".form.seats == 1".to_owned(),
        "form.exists_one() == 1 ? has(".to_owned(),
    ] {
        assert!(Rule::compile(&source, &schema()).is_err(), "{source:.60}");
    }
}

#[test]
fn a_question_has_an_end() {
    let many: Vec<Value> = (0..3_000).map(|n| json!({"seats": n, "plate": "x"})).collect();
    let facts = json!({"form": {"vehicles": many}});
    let squared = "form.vehicles.all(a, form.vehicles.all(b, a.seats + b.seats >= 0))";
    assert!(matches!(test(squared, &facts), Verdict::Absent(_)));
    assert_eq!(test("form.vehicles.all(a, a.seats >= 0)", &facts), Verdict::Yes);
    let copied = "form.vehicles.all(a, size(form.vehicles) > 0)";
    assert!(matches!(test(copied, &facts), Verdict::Absent(_)), "a list read in every round counts in full");
}

/// Parts that expressions are thrown together from.
const PARTS: &[&str] = &[
    "form",
    ".",
    "route",
    "to",
    "form.to",
    "form.seats",
    "form.vehicles",
    "v",
    "exists",
    "all",
    "map",
    "has",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    "?",
    ":",
    ",",
    "&&",
    "||",
    "!",
    "-",
    "+",
    "*",
    "/",
    "%",
    "==",
    "!=",
    "<",
    ">=",
    "in",
    "'x'",
    "'",
    "\"",
    "1",
    "0",
    "0x",
    "1.5",
    "1e9",
    "9223372036854775808",
    "u",
    "b'x'",
    "r'",
    "null",
    "true",
    "@result",
    "`",
    "\\",
    "//",
    "\n",
    " ",
    "form.vehicles.exists(v, v.plate == 'x')",
    "date('2026-01-01')",
    "size(",
    "today",
    "中",
    "age(today)",
    "as",
    "if",
    "\u{0}",
    "😀",
    "has(form.to)",
    "form.vehicles[0].plate",
    "\"\"\"",
    "a.b.c{d: 1}",
];

fn part() -> impl Strategy<Value = String> {
    prop_oneof![9 => proptest::sample::select(PARTS).prop_map(str::to_owned), 1 => "\\PC{0,3}"]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_500))]

    #[test]
    fn no_source_makes_it_panic(parts in proptest::collection::vec(part(), 0..25)) {
        let source = parts.concat();
        match Rule::compile_value(&source, &schema()) {
            Ok(rule) => {
                let _ = (rule.value(&facts()), rule.test(&facts()), rule.test(&json!([1])));
            }
            Err(errors) => prop_assert!(errors.iter().all(|e| e.line > 0 && e.column > 0) && !errors.is_empty()),
        }
    }

    #[test]
    fn a_mutated_rule_does_not_either(at in 0usize..80, cut in 0usize..4, put in part()) {
        let whole = "form.vehicles.exists(v, v.until >= form.to) && (form.kind == 'day' ? form.seats > 1 : has(form.to))";
        let source: String =
            whole.chars().take(at).chain(put.chars()).chain(whole.chars().skip(at + cut)).collect();
        if let Ok(rule) = Rule::compile_value(&source, &schema()) {
            let _ = (rule.test(&facts()), rule.test(&Value::Null));
        }
    }

    #[test]
    fn knowing_more_never_turns_an_answer(a in 0..3, b in 0..3, c in 0..3, shape in 0usize..6) {
        let names = ["form.agree", "form.seats > 1", "form.to > form.from"];
        let [x, y, z] = names;
        let source = [
            format!("{x} && {y} || {z}"), format!("!({x} || {y}) && {z}"), format!("{x} ? {y} : {z}"),
            format!("{x} == ({y}) || {z}"), format!("[{x}, {y}].exists(q, q) && {z}"), format!("[{x}, {y}].all(q, q) || {z}"),
        ][shape].clone();
        let facts = |a, b, c| {
            let mut form = serde_json::Map::new();
            if a < 2 { form.insert("agree".into(), json!(a == 1)); }
            if b < 2 { form.insert("seats".into(), json!(b + 1)); }
            if c < 2 {
                form.insert("from".into(), json!("2026-01-02"));
                form.insert("to".into(), json!(format!("2026-01-0{}", c * 2 + 1)));
            }
            json!({"form": form})
        };
        let known = test(&source, &facts(a, b, c));
        if !matches!(known, Verdict::Absent(_)) {
            for (i, j, k) in (0..8).map(|n| (n & 1, n >> 1 & 1, n >> 2)) {
                let more = facts(if a < 2 { a } else { i }, if b < 2 { b } else { j }, if c < 2 { c } else { k });
                prop_assert_eq!(&test(&source, &more), &known);
            }
        }
    }
}
