//! Answers printed for people: the check page, the case page, the certificate.

use crate::{Answers, Field, FieldType, Form, division, value};
use kernel::Lang;
use serde_json::Value;

/// The value of `field` as people read it; empty when there is none.
pub fn print(field: &Field, answer: &Value, lang: Lang) -> String {
    let option = |v: &Value| {
        let found = field.options.iter().find(|o| Some(o.value.as_str()) == v.as_str());
        found.map_or_else(|| v.as_str().unwrap_or_default().to_owned(), |o| o.label.get(lang).to_owned())
    };
    let joined = |words: Vec<String>| words.join(if lang == Lang::ZhCn { "、" } else { ", " });
    match (field.kind(), answer) {
        (FieldType::Choice, v) => option(v),
        (FieldType::Several, Value::Array(chosen)) => joined(chosen.iter().map(option).collect()),
        (FieldType::Date, Value::String(text)) => {
            value::date(text).map_or_else(|| text.clone(), |d| page::format::date(lang, d))
        }
        (FieldType::Money, Value::Number(n)) => n.as_i64().map_or_else(String::new, page::format::money),
        (FieldType::Division, Value::String(code)) => {
            division::by_code(code).map_or_else(|| code.clone(), |place| place.full.clone())
        }
        (FieldType::Declaration, Value::Bool(true)) => {
            if lang == Lang::ZhCn { "已确认" } else { "Confirmed" }.to_owned()
        }
        (FieldType::File, Value::Array(files)) => {
            joined(files.iter().filter_map(|f| f.get("name")?.as_str().map(str::to_owned)).collect())
        }
        (FieldType::Group, Value::Array(rows)) => {
            let rows = rows.iter().map(|row| {
                let cells = field.fields.iter().filter_map(|f| Some(print(f, row.get(&f.id)?, lang)));
                cells.collect::<Vec<_>>().join(if lang == Lang::ZhCn { "，" } else { ", " })
            });
            rows.collect::<Vec<_>>().join("\n")
        }
        (FieldType::Number, Value::Number(n)) => {
            let number = n.as_i64().map_or_else(|| n.to_string(), page::format::number);
            let unit = field.unit.as_ref().map_or("", |u| u.get(lang));
            if lang == Lang::En && !unit.is_empty() {
                format!("{number} {unit}")
            } else {
                format!("{number}{unit}")
            }
        }
        (kind, v) => value::typed(v, kind),
    }
}

/// As [`print`], with secrets masked: for whoever is not the applicant and has no purpose for the whole of it.
pub fn print_masked(field: &Field, answer: &Value, lang: Lang) -> String {
    let printed = print(field, answer, lang);
    match (field.kind(), field.secret) {
        (FieldType::CitizenId, _) => page::format::mask_id(&printed),
        (FieldType::Phone, _) => page::format::mask_phone(&printed),
        (_, true) => "***".to_owned(),
        _ => printed,
    }
}

/// Label, printed value and field path of everything that is answered, in the form's order; a row of a group is one
/// entry a field.
pub fn summary_rows(form: &Form, answers: &Answers, lang: Lang) -> Vec<(String, String, String)> {
    form.fields().flat_map(|field| field_rows(field, answers, lang)).collect()
}

/// The same for one section, as the check page shows it.
pub fn section_rows(
    section: &crate::Section,
    answers: &Answers,
    lang: Lang,
) -> Vec<(String, String, String)> {
    section.fields.iter().flat_map(|field| field_rows(field, answers, lang)).collect()
}

fn field_rows(field: &Field, answers: &Answers, lang: Lang) -> Vec<(String, String, String)> {
    let label = field.label.get(lang).to_owned();
    let Some(answer) = answers.get(&field.id) else {
        let typed = crate::read::raw(answers, &field.id);
        return typed.map(|t| (label, t.to_owned(), field.id.clone())).into_iter().collect();
    };
    let (FieldType::Group, Value::Array(rows)) = (field.kind(), answer) else {
        return vec![(label, print(field, answer, lang), field.id.clone())];
    };
    let mut out = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        for child in &field.fields {
            let path = format!("{}[{r}].{}", field.id, child.id);
            let printed = match (row.get(&child.id), crate::read::raw(answers, &path)) {
                (Some(value), _) => print(child, value, lang),
                (None, Some(typed)) => typed.to_owned(),
                (None, None) => continue,
            };
            out.push((format!("{label} {} · {}", r + 1, child.label.get(lang)), printed, path));
        }
    }
    out
}
