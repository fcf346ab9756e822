//! A section as HTML.

use super::{form, object};
use crate::{Known, fields_html};
use kernel::{Lang, Text};
use serde_json::json;
use std::collections::BTreeMap;

#[test]
fn everything_is_escaped_and_wrong_fields_say_so() {
    let form = form();
    let nasty = r#""><script>alert(1)</script>{{7*7}}"#;
    let answers = object(
        json!({"person_name": nasty, "reason": nasty, "kind": "b", "people": [{"name": nasty}],
        "papers": [{"file": "01930000-0000-7000-8000-000000000001", "name": nasty}], "~raw": {"plate": nasty}}),
    );
    let seen = form.evaluate(&answers, &json!({"today": "2026-11-20"}));
    for section in &form.sections {
        let html = fields_html(section, &answers, &BTreeMap::new(), &seen, &seen.errors, Lang::ZhCn);
        assert!(!html.contains("<script"));
        assert!(html.contains("&lt;script&gt;") || html.contains("&#60;script&#62;"), "{html}");
        assert!(html.contains(&format!(r#"name="_section" value="{}""#, section.id)));
    }
    let html = fields_html(&form.sections[1], &answers, &BTreeMap::new(), &seen, &seen.errors, Lang::En);
    assert!(html.contains(r#"id="f-plate-error""#) && html.contains(r#"aria-invalid="true""#));
    assert!(
        html.contains(r#"name="_remove" value="people[0]""#)
            && html.contains(r#"name="_add" value="people""#)
    );
    assert!(html.contains(r#"list="divisions-city""#) && html.contains(r#"<datalist id="divisions-city">"#));
    assert!(!html.contains("style="));
}

#[test]
fn what_is_known_stands_there_with_its_source() {
    let form = form();
    let source = Text::new("公安户籍登记", "the household register");
    let known = BTreeMap::from([("person_name".to_owned(), Known { value: json!("王秀英"), source })]);
    let mut answers = object(json!({"person_name": "别人"}));
    form.prefill(&mut answers, &known);
    assert_eq!(answers.get("person_name"), Some(&json!("王秀英")));
    let seen = form.evaluate(&answers, &json!({"today": "2026-11-20"}));
    let html = fields_html(&form.sections[0], &answers, &known, &seen, &[], Lang::ZhCn);
    assert!(html.contains("公安户籍登记") && html.contains("不对？") && html.contains("王秀英"));
    assert!(!html.contains(r#"name="person_name""#));
    let posted = super::pairs(&[("_section", "who"), ("_known", "person_name")]);
    assert_eq!(form.read(&posted, &answers).0, answers);
}

#[test]
fn both_languages_say_the_same() {
    let (zh, en) =
        (include_str!("../../locales/zh-CN/forms.ftl"), include_str!("../../locales/en/forms.ftl"));
    page::words::same_keys(zh, en).unwrap();
}
