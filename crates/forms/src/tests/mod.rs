//! Tests of forms on one form that has a field of every type.

mod pages;
mod values;

use crate::{Answers, Element, Elements, FieldType, Form, Sharing};
use kernel::rules::{Schema, Type};
use kernel::{AgencyCode, Text};
use serde_json::{Value, json};

pub fn elements() -> Elements {
    Elements::new(vec![Element {
        id: "person.name".to_owned(),
        name: Text::new("姓名", "Name"),
        kind: FieldType::Text,
        agency: AgencyCode::parse("nanjing.police").unwrap(),
        sharing: Sharing::Conditional,
        secret: false,
    }])
}

fn field(id: &str, kind: &str) -> Value {
    json!({"id": id, "type": kind, "label": {"zh-CN": format!("字段{id}"), "en": format!("Field {id}")}})
}

fn with(mut field: Value, more: Value) -> Value {
    field.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    field
}

pub fn form_value() -> Value {
    let options = json!({"options": [
        {"value": "a", "label": {"zh-CN": "甲", "en": "First"}},
        {"value": "b", "label": {"zh-CN": "乙", "en": "Second"}},
    ]});
    json!([
        {"id": "who", "title": {"zh-CN": "谁", "en": "Who"}, "fields": [
            {"element": "person.name", "required": true, "readonly_when_known": true},
            field("citizen", "citizen-id"), field("credit", "credit-code"), field("phone", "phone"),
        ]},
        {"id": "what", "title": {"zh-CN": "何事", "en": "What"}, "fields": [
            with(field("kind", "choice"), with(options.clone(), json!({"required": true}))),
            with(field("tags", "several"), options),
            with(field("reason", "long-text"), json!({"show": "form.kind == 'b'", "required": true, "min": 2})),
            with(field("count", "number"), json!({"min": 1, "max": 99})),
            with(field("size", "number"), json!({"decimals": 2})),
            field("price", "money"), field("plate", "plate"),
            with(field("starts", "date"), json!({"min": "today"})),
            with(field("ends", "date"), json!({"checks": [{"rule": "form.ends >= form.starts", "say": {"zh-CN": "早了", "en": "Too early"}}]})),
            with(field("place", "division"), json!({"level": "city"})),
            with(field("papers", "file"), json!({"max": 2})),
            with(field("truth", "declaration"), json!({"require": "has(vehicle.seats) && vehicle.seats > 9"})),
            with(field("people", "group"), json!({"fields": [
                with(field("name", "text"), json!({"required": true})),
                with(field("plate", "plate"), json!({"show": "row.name == '张伟' && form.kind == 'a'"})),
            ]})),
        ]},
    ])
}

pub fn form() -> Form {
    let mut form: Form = serde_json::from_value(form_value()).unwrap();
    let extra = Schema::new().with("vehicle.seats", Type::Number).with("person.name", Type::Text);
    form.compile(&elements(), &extra).unwrap_or_else(|c| panic!("{c:#?}"));
    form
}

pub fn pairs(list: &[(&str, &str)]) -> Vec<(String, String)> {
    list.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect()
}

pub fn object(value: Value) -> Answers {
    value.as_object().unwrap().clone()
}
