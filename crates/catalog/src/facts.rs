//! What an item's rules read: answers, what is known of the applicant, what registers said, and today.

use crate::{Item, ItemSource, ResultSpec};
use forms::{Answers, Condition};
use jiff::civil::Date;
use kernel::Lang;
use kernel::rules::Type;
use serde_json::{Map, Value};

/// The facts for an item's rules: `known` by element (`person.name`), `fetched` by the source's alias.
pub fn facts(
    answers: &Answers,
    known: &Map<String, Value>,
    fetched: &Map<String, Value>,
    today: Date,
) -> Value {
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
        self.keys_by(facts).map_or_else(Asked::Missing, Asked::With)
    }

    /// With what this register is asked, whatever `when` says.
    ///
    /// # Errors
    /// The facts that are missing for it.
    pub fn keys_by(&self, facts: &Value) -> Result<Map<String, Value>, Vec<String>> {
        let mut keys = Map::new();
        for (key, rule) in &self.keys {
            let value = rule.rule().ok_or_else(|| vec![rule.source.clone()])?.value(facts)?;
            keys.insert(key.clone(), value);
        }
        Ok(keys)
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
    /// The facts that are missing; an answer that need not be given is no such fact, and prints as nothing.
    pub fn print(&self, item: &Item, facts: &Value, today: Date, lang: Lang) -> Result<Printed, Vec<String>> {
        let mut missing = Vec::new();
        let mut day = |rule: &Condition| {
            let value = rule.rule().map_or_else(|| Err(vec![rule.source.clone()]), |r| r.value(facts));
            match value {
                Ok(value) => value.as_str().and_then(|text| text.parse::<Date>().ok()),
                Err(paths) => {
                    missing.extend(paths);
                    None
                }
            }
        };
        let valid_from = self.valid.from.as_ref().and_then(&mut day).unwrap_or(today);
        let counted = || {
            let days = i64::from(self.valid.days?);
            // The first day counts: 60 days from the 1st end on the 60th.
            valid_from.checked_add(jiff::Span::new().try_days(days.saturating_sub(1)).ok()?).ok()
        };
        let valid_until = self.valid.to.as_ref().map_or_else(counted, &mut day);
        let mut fields = Vec::with_capacity(self.fields.len());
        for field in &self.fields {
            let value = printed(item, &field.value, facts, lang).unwrap_or_else(|paths| {
                missing.extend(paths);
                String::new()
            });
            let (key, label) = (field.key.clone(), field.label.clone());
            fields.push(PrintedField { key, label, value, public: field.public });
        }
        if missing.is_empty() { Ok(Printed { valid_from, valid_until, fields }) } else { Err(missing) }
    }
}

/// A value as printed: a form's field as that field does, everything else by its type.
fn printed(item: &Item, value: &Condition, facts: &Value, lang: Lang) -> Result<String, Vec<String>> {
    let field = value.source.trim().strip_prefix("form.").and_then(|id| item.form.field(id));
    if let Some(field) = field {
        let answer = facts.get("form").and_then(|form| form.get(&field.id));
        return match answer {
            Some(answer) => Ok(forms::print(field, answer, lang)),
            None if field.required => Err(vec![format!("form.{}", field.id)]),
            None => Ok(String::new()),
        };
    }
    let rule = value.rule().ok_or_else(|| vec![value.source.clone()])?;
    Ok(plain(&rule.value(facts)?, rule.ty(), lang))
}

fn plain(value: &Value, ty: &Type, lang: Lang) -> String {
    match (ty, value) {
        (Type::Date, Value::String(text)) => {
            text.parse().map_or_else(|_| text.clone(), |day| page::format::date(lang, day))
        }
        (Type::Money, Value::Number(n)) => n.as_i64().map_or_else(String::new, page::format::money),
        (Type::List(of), Value::Array(list)) => {
            let words: Vec<String> = list.iter().map(|v| plain(v, of, lang)).collect();
            words.join(if lang == Lang::ZhCn { "、" } else { ", " })
        }
        (_, Value::Bool(yes)) => match (lang, yes) {
            (Lang::ZhCn, true) => "是",
            (Lang::ZhCn, false) => "否",
            (Lang::En, true) => "yes",
            (Lang::En, false) => "no",
        }
        .to_owned(),
        (_, Value::String(text)) => text.clone(),
        (_, Value::Number(n)) => n.to_string(),
        _ => String::new(),
    }
}
