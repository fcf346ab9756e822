//! Reading what was typed into types, keeping what cannot be read as it was typed.

use crate::{ANSWERS_MAX, Answers, Field, FieldType, Form, Known, RAW, ROWS_MAX, value};
use jiff::civil::Date;
use kernel::{FieldError, Text};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The most of a text that is kept as typed.
const RAW_MAX: usize = 10_000;

type Pairs = [(String, String)];

impl Form {
    /// Reads what a page posted over the `old` answers. With `_section` among the pairs only that section's fields are
    /// read, and what is absent there is empty. `_add=group` adds a row, `_remove=group[1]` takes a row or file away.
    pub fn read(&self, pairs: &Pairs, old: &Answers) -> (Answers, Vec<FieldError>) {
        let section = pairs.iter().find(|(name, _)| name == "_section").and_then(|(_, id)| self.section(id));
        let mut reading = Reading::new(pairs, old);
        let all: Vec<&Field> = match section {
            Some(section) => section.fields.iter().collect(),
            None => self.fields().filter(|f| reading.mentions(&f.id)).collect(),
        };
        for field in all {
            reading.field(field);
        }
        let answers = reading.answers;
        if size(&answers) > ANSWERS_MAX {
            let say = Text::new(
                "填写的内容太多（整份表单最多256 KB），这一页没有保存，请缩短后再试。",
                "This is too much (a form holds 256 KB at most); the page was not saved. Please shorten it.",
            );
            return (old.clone(), vec![FieldError { field: String::new(), say }]);
        }
        (answers, reading.errors)
    }

    /// Adds a stored file to a file field (at most as many as its `max`, by default 10); answers whether it took it.
    pub fn attach(&self, answers: &mut Answers, field: &str, file: kernel::FileId, name: &str) -> bool {
        let Some(spec) = self.field(field).filter(|f| f.kind() == FieldType::File) else { return false };
        let most = spec.max.as_ref().and_then(|b| b.0.parse::<usize>().ok()).unwrap_or(10);
        let list = answers.entry(field.to_owned()).or_insert_with(|| json!([]));
        let Value::Array(files) = list else { return false };
        if files.len() >= most {
            return false;
        }
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        files.push(json!({ "file": file, "name": name }));
        true
    }

    /// Puts what is known into the answers: empty fields are filled, those that are `readonly_when_known` overwritten.
    pub fn prefill(&self, answers: &mut Answers, known: &BTreeMap<String, Known>) {
        for field in self.fields() {
            let Some(known) = known.get(&field.id) else { continue };
            if field.readonly_when_known
                || !answers.contains_key(&field.id) && raw(answers, &field.id).is_none()
            {
                answers.insert(field.id.clone(), known.value.clone());
                forget(answers, &field.id);
            }
        }
    }

    /// What is known, by field, from what is known by element; `source` says who answers for an element.
    pub fn known_fields(
        &self,
        elements: &Map<String, Value>,
        source: impl Fn(&str) -> Text,
    ) -> BTreeMap<String, Known> {
        let known = |f: &Field| {
            let element = f.element.as_deref()?;
            let value = elements.get(element)?.clone();
            Some((f.id.clone(), Known { value, source: source(element) }))
        };
        self.fields().filter_map(known).collect()
    }
}

/// How many bytes the answers have as JSON.
pub(crate) fn size(answers: &Answers) -> usize {
    serde_json::to_string(answers).map_or(usize::MAX, |text| text.len())
}

/// What was typed at `path` and could not be read.
pub fn raw<'a>(answers: &'a Answers, path: &str) -> Option<&'a str> {
    answers.get(RAW)?.get(path)?.as_str()
}

fn forget(answers: &mut Answers, path: &str) {
    if let Some(Value::Object(raw)) = answers.get_mut(RAW) {
        raw.shift_remove(path);
        if raw.is_empty() {
            answers.shift_remove(RAW);
        }
    }
}

fn forget_rows(answers: &mut Answers, group: &str) {
    let inside = format!("{group}[");
    if let Some(Value::Object(raw)) = answers.get_mut(RAW) {
        raw.retain(|path, _| !path.starts_with(&inside));
        if raw.is_empty() {
            answers.shift_remove(RAW);
        }
    }
}

/// A bound of a date: `2026-01-01`, `today`, `today+30`, `today-1`.
pub fn date_bound(text: &str, today: Date) -> Option<Date> {
    let Some(days) = text.strip_prefix("today") else { return value::date(text) };
    let days: i64 = if days.is_empty() { 0 } else { days.replace(' ', "").parse().ok()? };
    today.checked_add(jiff::Span::new().try_days(days).ok()?).ok()
}

struct Reading<'a> {
    pairs: &'a Pairs,
    answers: Answers,
    errors: Vec<FieldError>,
    add: Option<&'a str>,
    remove: Option<&'a str>,
}

impl<'a> Reading<'a> {
    fn new(pairs: &'a Pairs, old: &Answers) -> Self {
        let one = |name: &str| pairs.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str());
        Self { pairs, answers: old.clone(), errors: Vec::new(), add: one("_add"), remove: one("_remove") }
    }

    fn all(&self, name: &str) -> Vec<&'a str> {
        self.pairs.iter().filter(|(n, _)| n == name).map(|(_, value)| value.as_str()).collect()
    }

    fn mentions(&self, id: &str) -> bool {
        let inside =
            |name: &str| name.strip_prefix(id).is_some_and(|rest| rest.is_empty() || rest.starts_with('['));
        let acted = |value: Option<&str>| value.is_some_and(inside);
        self.pairs.iter().any(|(name, _)| inside(name)) || acted(self.add) || acted(self.remove)
    }

    /// Whether the page showed the field as known text without a control.
    fn shown_as_known(&self, path: &str) -> bool {
        self.pairs.iter().any(|(name, value)| name == "_known" && value == path)
    }

    fn field(&mut self, field: &Field) {
        match field.kind() {
            FieldType::Group => self.group(field),
            FieldType::File => self.files(field),
            _ if self.shown_as_known(&field.id) => {}
            _ => {
                forget(&mut self.answers, &field.id);
                match self.value(field, &field.id) {
                    Some(value) => self.answers.insert(field.id.clone(), value),
                    None => self.answers.shift_remove(&field.id),
                };
            }
        }
    }

    /// The value posted at `path`; what cannot be read is kept as typed, with its error.
    fn value(&mut self, field: &Field, path: &str) -> Option<Value> {
        let typed = self.all(path);
        if field.kind() == FieldType::Several {
            let chosen = field.options.iter().filter(|o| typed.contains(&o.value.as_str()));
            let chosen: Vec<Value> = chosen.map(|o| json!(o.value)).collect();
            return (!chosen.is_empty()).then_some(Value::Array(chosen));
        }
        let text = typed.first().copied().unwrap_or_default();
        match value::parse(field, text) {
            Ok(value) => value,
            Err(say) => {
                self.errors.push(FieldError { field: path.to_owned(), say });
                self.keep_raw(path, text);
                None
            }
        }
    }

    fn keep_raw(&mut self, path: &str, text: &str) {
        let text: String = text.chars().filter(|c| *c != '\0').take(RAW_MAX).collect();
        let raw = self.answers.entry(RAW).or_insert_with(|| json!({}));
        if let Value::Object(raw) = raw {
            raw.insert(path.to_owned(), Value::String(text));
        }
    }

    fn files(&mut self, field: &Field) {
        let Some(index) = self.remove.and_then(|r| index_of(r, &field.id)) else { return };
        let Some(Value::Array(files)) = self.answers.get_mut(&field.id) else { return };
        if index < files.len() {
            files.remove(index);
        }
        if files.is_empty() {
            self.answers.shift_remove(&field.id);
        }
    }

    fn group(&mut self, field: &Field) {
        let (Some(posted), before) = (self.rows_posted(&field.id), self.rows(&field.id)) else {
            return self.change_rows(field);
        };
        forget_rows(&mut self.answers, &field.id);
        let removed = self.remove.and_then(|r| index_of(r, &field.id));
        let mut rows = Vec::new();
        for posted_index in (0..posted).filter(|i| Some(*i) != removed) {
            let mut row = Map::new();
            let (from, to) =
                (format!("{}[{posted_index}]", field.id), format!("{}[{}]", field.id, rows.len()));
            let mut wrong = false;
            for child in &field.fields {
                let kept = before.get(posted_index).and_then(|r| r.get(&child.id)).cloned();
                let value = if child.kind() == FieldType::File {
                    kept
                } else {
                    let errors = self.errors.len();
                    let value = self.value(child, &format!("{from}.{}", child.id));
                    wrong |= errors < self.errors.len();
                    value
                };
                value.map(|v| row.insert(child.id.clone(), v));
            }
            if row.is_empty() && !wrong && self.add.is_none() {
                continue;
            }
            self.move_errors(&from, &to);
            rows.push(Value::Object(row));
        }
        self.put_rows(field, rows);
        self.change_rows(&Field { fields: Vec::new(), ..field.clone() });
    }

    /// Errors and raw texts of a row that moved up go with it.
    fn move_errors(&mut self, from: &str, to: &str) {
        if from == to {
            return;
        }
        for error in self.errors.iter_mut().filter(|e| e.field.starts_with(&format!("{from}."))) {
            error.field = error.field.replacen(from, to, 1);
        }
        if let Some(Value::Object(raw)) = self.answers.get_mut(RAW) {
            let moved: Vec<_> = raw.keys().filter(|k| k.starts_with(&format!("{from}."))).cloned().collect();
            for key in moved {
                if let Some(text) = raw.shift_remove(&key) {
                    raw.insert(key.replacen(from, to, 1), text);
                }
            }
        }
    }

    fn rows(&self, group: &str) -> Vec<Value> {
        self.answers.get(group).and_then(Value::as_array).cloned().unwrap_or_default()
    }

    fn put_rows(&mut self, field: &Field, rows: Vec<Value>) {
        if rows.is_empty() {
            self.answers.shift_remove(&field.id);
        } else {
            self.answers.insert(field.id.clone(), Value::Array(rows));
        }
    }

    /// Adds a row when asked; takes one away only when its fields were not posted (`fields` empty: they were).
    fn change_rows(&mut self, field: &Field) {
        let mut rows = self.rows(&field.id);
        if let Some(index) = self.remove.and_then(|r| index_of(r, &field.id))
            && !field.fields.is_empty()
            && index < rows.len()
        {
            rows.remove(index);
            forget_rows(&mut self.answers, &field.id);
        }
        if self.add == Some(field.id.as_str()) && rows.len() < ROWS_MAX {
            rows.push(json!({}));
        }
        self.put_rows(field, rows);
    }

    /// How many rows the page posted: one more than the greatest index among its names.
    fn rows_posted(&self, group: &str) -> Option<usize> {
        let rows = format!("_rows.{group}");
        let declared = self.all(&rows).first().and_then(|n| n.parse::<usize>().ok());
        let greatest = self
            .pairs
            .iter()
            .filter_map(|(name, _)| index_of(name, group))
            .max()
            .map(|n| n.saturating_add(1));
        declared.into_iter().chain(greatest).max().map(|n| n.min(ROWS_MAX))
    }
}

/// The index in `group[3]` or `group[3].name`.
fn index_of(name: &str, group: &str) -> Option<usize> {
    name.strip_prefix(group)?.strip_prefix('[')?.split_once(']')?.0.parse().ok()
}
