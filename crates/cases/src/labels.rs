//! Entries by their names: a path of the rules (`vehicle.inspection_until`, `form.plate`) as people call it, and its value as people
//! read it. Nobody has to read a path.

use catalog::Published;
use kernel::{Lang, Text};
use page::format;
use serde_json::Value;

/// The name of what stands at a path: of a field of the form, of an entry of a register with the register's name, of a data element; the
/// last part of the path where nobody named it.
pub fn entry(item: &Published, path: &str, lang: Lang) -> String {
    let mut parts = path.split(['.', '[']);
    let (root, leaf) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if root == "form" {
        let field = item.item.form.field(leaf);
        return field.map_or_else(|| leaf.to_owned(), |f| f.label.get(lang).to_owned());
    }
    let register = item.item.sources.iter().find(|s| s.id == root);
    if let Some(register) = register.and_then(|s| item.shared.register(&s.source)) {
        let field = register.fields.get(leaf).map(|f| f.name.get(lang));
        return match field {
            Some(name) => name.to_owned(),
            None if leaf.is_empty() => register.name.get(lang).to_owned(),
            None => leaf.to_owned(),
        };
    }
    match item.shared.elements.get(path) {
        Some(element) => element.name.get(lang).to_owned(),
        None if leaf.is_empty() => root.to_owned(),
        None => leaf.to_owned(),
    }
}

/// A value as people read it; identity numbers and telephones stay masked, whatever register they come from.
pub fn printed(path: &str, value: &Value, lang: Lang) -> String {
    let key = path.rsplit('.').next().unwrap_or(path);
    let word = |zh: &str, en: &str| Text::new(zh, en).get(lang).to_owned();
    match value {
        Value::Null => word("没有", "none"),
        Value::Bool(true) => word("是", "yes"),
        Value::Bool(false) => word("否", "no"),
        Value::String(text) if key.ends_with("citizen_id") => format::mask_id(text),
        Value::String(text) if key.ends_with("phone") => format::mask_phone(text),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}
