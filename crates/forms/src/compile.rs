//! Making a form ready: elements looked up, ids and bounds checked, rules compiled against typed paths.

use crate::{Bound, Condition, Elements, Field, FieldType, Form, read};
use kernel::Text;
use kernel::rules::{Schema, Type};
use std::collections::BTreeSet;

/// What is wrong in a form, and at which path of the pack: `[0].fields[2].show`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The path inside the form.
    pub path: String,
    /// Where in a rule's text, from 1, when it is about a rule.
    pub at: Option<(usize, usize)>,
    /// What is wrong and what to write.
    pub say: Text,
}

/// Whether `id` may name a field, a step, a source: a lower-case letter, then letters, digits and `_`.
pub fn is_id(id: &str) -> bool {
    let fits = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_';
    id.len() <= 60 && id.as_bytes().first().is_some_and(u8::is_ascii_lowercase) && id.bytes().all(fits)
}

impl Form {
    /// Looks up elements and compiles rules; `extra` has the paths beside `form.*` (sources, person, organisation).
    ///
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn compile(&mut self, elements: &Elements, extra: &Schema) -> Result<(), Vec<Complaint>> {
        let mut work = Work { elements, complaints: Vec::new() };
        let (mut sections, mut ids) = (BTreeSet::new(), BTreeSet::new());
        if self.sections.is_empty() {
            work.complain("", "表单至少要有一个部分。", "A form has at least one section.");
        }
        for (s, section) in self.sections.iter_mut().enumerate() {
            if !is_id(&section.id) {
                work.bad_id(&format!("[{s}].id"), &section.id);
            }
            if !sections.insert(section.id.clone()) {
                work.twice(&format!("[{s}].id"), &section.id);
            }
            for (f, field) in section.fields.iter_mut().enumerate() {
                let path = format!("[{s}].fields[{f}]");
                work.field(&path, field, false);
                if !ids.insert(field.id.clone()) {
                    work.twice(&format!("{path}.id"), &field.id);
                }
            }
        }
        let mut schema = extra.clone();
        schema.merge(&self.schema());
        for (s, section) in self.sections.iter_mut().enumerate() {
            for (f, field) in section.fields.iter_mut().enumerate() {
                work.rules(&format!("[{s}].fields[{f}]"), field, &schema);
            }
        }
        if work.complaints.is_empty() { Ok(()) } else { Err(work.complaints) }
    }

    /// The typed paths `form.*`.
    pub fn schema(&self) -> Schema {
        self.fields().fold(Schema::new(), |schema, f| schema.with(&format!("form.{}", f.id), rule_type(f)))
    }
}

/// The type a field's answer has in rules.
fn rule_type(field: &Field) -> Type {
    let words = || Type::Choice(field.options.iter().map(|o| o.value.clone()).collect());
    match field.kind() {
        FieldType::Choice => words(),
        FieldType::Several => Type::List(Box::new(words())),
        FieldType::Number if field.decimals > 0 => Type::Decimal,
        FieldType::Group => {
            let fields = field.fields.iter().map(|f| (f.id.clone(), rule_type(f))).collect();
            Type::List(Box::new(Type::Object(fields)))
        }
        kind => kind.rule_type(),
    }
}

struct Work<'a> {
    elements: &'a Elements,
    complaints: Vec<Complaint>,
}

impl Work<'_> {
    fn complain(&mut self, path: &str, zh: impl Into<String>, en: impl Into<String>) {
        self.complaints.push(Complaint { path: path.to_owned(), at: None, say: Text::new(zh, en) });
    }

    fn bad_id(&mut self, path: &str, id: &str) {
        self.complain(
            path,
            format!("“{id}”不能作标识：请用小写字母开头，由小写字母、数字和下划线组成。"),
            format!("`{id}` is no id: begin with a lower-case letter, then letters, digits and `_`."),
        );
    }

    fn twice(&mut self, path: &str, id: &str) {
        self.complain(
            path,
            format!("标识“{id}”用了两次，请改其中一个。"),
            format!("The id `{id}` is used twice; change one of them."),
        );
    }

    fn field(&mut self, path: &str, field: &mut Field, inner: bool) {
        if let Some(id) = field.element.clone() {
            match self.elements.get(&id) {
                Some(element) => adopt(field, element),
                None => self.complain(
                    &format!("{path}.element"),
                    format!("数据元“{id}”不在 elements.yaml 中。"),
                    format!("There is no data element `{id}` in elements.yaml."),
                ),
            }
        }
        if !is_id(&field.id) {
            self.bad_id(&format!("{path}.id"), &field.id);
        }
        if field.declared.is_none() && field.element.is_none() {
            self.complain(path, "请写明 type 或 element。", "Write a `type` or an `element`.");
        }
        if (field.label.zh.trim().is_empty() || field.label.en.trim().is_empty()) && field.element.is_none() {
            self.complain(path, "请写明中英文 label。", "Write a `label` in both languages.");
        }
        self.options(path, field);
        self.bounds(path, field);
        self.group(path, field, inner);
    }

    fn options(&mut self, path: &str, field: &Field) {
        let choosing = matches!(field.kind(), FieldType::Choice | FieldType::Several);
        if choosing == field.options.is_empty() {
            let say = if choosing {
                ("choice 和 several 必须有 options。", "`choice` and `several` need `options`.")
            } else {
                ("只有 choice 和 several 才有 options。", "Only `choice` and `several` have `options`.")
            };
            self.complain(path, say.0, say.1);
        }
        let mut seen = BTreeSet::new();
        for (o, option) in field.options.iter().enumerate() {
            if option.value.is_empty() || !seen.insert(&option.value) {
                self.twice(&format!("{path}.options[{o}].value"), &option.value);
            }
        }
    }

    fn bounds(&mut self, path: &str, field: &Field) {
        if field.within.as_ref().is_some_and(|w| w.parse::<kernel::codes::Division>().is_err())
            || (field.within.is_some() || field.level.is_some()) && field.kind() != FieldType::Division
        {
            self.complain(
                &format!("{path}.within"),
                "level 和 within 只用于 division；within 是区划代码，例如 440604。",
                "`level` and `within` are for `division` only; `within` is a division's code, such as 440604.",
            );
        }
        if field.decimals > 6 {
            self.complain(&format!("{path}.decimals"), "decimals 最多为 6。", "`decimals` is 6 at the most.");
        }
        for (word, bound) in [("min", &field.min), ("max", &field.max)] {
            if bound.as_ref().is_some_and(|b| !bound_fits(field, b)) {
                let kind = field.kind().word();
                self.complain(
                    &format!("{path}.{word}"),
                    format!("{kind} 字段的 {word} 写得不对。"),
                    format!("This is no `{word}` for a field of type `{kind}`."),
                );
            }
        }
    }

    fn group(&mut self, path: &str, field: &mut Field, inner: bool) {
        let is_group = field.kind() == FieldType::Group;
        if is_group && inner {
            return self.complain(path, "组里不能再有组。", "A group cannot stand inside a group.");
        }
        if is_group == field.fields.is_empty() {
            let say = if is_group {
                ("group 必须有 fields。", "A `group` needs `fields`.")
            } else {
                ("只有 group 才有 fields。", "Only a `group` has `fields`.")
            };
            self.complain(path, say.0, say.1);
        }
        let mut ids = BTreeSet::new();
        for (f, child) in field.fields.iter_mut().enumerate() {
            let path = format!("{path}.fields[{f}]");
            self.field(&path, child, true);
            if !ids.insert(child.id.clone()) {
                self.twice(&format!("{path}.id"), &child.id);
            }
        }
    }

    fn rules(&mut self, path: &str, field: &mut Field, schema: &Schema) {
        for (word, rule) in [("show", &mut field.show), ("require", &mut field.require)] {
            if let Some(rule) = rule {
                self.rule(&format!("{path}.{word}"), rule, schema);
            }
        }
        for (c, check) in field.checks.iter_mut().enumerate() {
            self.rule(&format!("{path}.checks[{c}].rule"), &mut check.rule, schema);
        }
        if field.fields.is_empty() {
            return;
        }
        let row = |f: &Field| (format!("row.{}", f.id), rule_type(f));
        let schema = field.fields.iter().map(row).fold(schema.clone(), |s, (path, ty)| s.with(&path, ty));
        for (f, child) in field.fields.iter_mut().enumerate() {
            self.rules(&format!("{path}.fields[{f}]"), child, &schema);
        }
    }

    fn rule(&mut self, path: &str, rule: &mut Condition, schema: &Schema) {
        for error in rule.compile(schema).err().unwrap_or_default() {
            let at = Some((error.line, error.column));
            self.complaints.push(Complaint { path: path.to_owned(), at, say: error.say });
        }
    }
}

fn adopt(field: &mut Field, element: &crate::Element) {
    if field.id.is_empty() {
        field.id = element.id.replace('.', "_");
    }
    if field.label.zh.is_empty() && field.label.en.is_empty() {
        field.label = element.name.clone();
    }
    field.declared = Some(element.kind);
    field.secret |= element.secret;
}

fn bound_fits(field: &Field, bound: &Bound) -> bool {
    match field.kind() {
        FieldType::Date => read::date_bound(&bound.0, jiff::civil::date(2026, 1, 1)).is_some(),
        FieldType::Money => bound.0.parse::<kernel::Money>().is_ok(),
        FieldType::Number => bound.0.parse::<f64>().is_ok_and(f64::is_finite),
        FieldType::Text | FieldType::LongText | FieldType::Several | FieldType::File | FieldType::Group => {
            bound.0.parse::<usize>().is_ok_and(|n| n <= 100_000)
        }
        _ => false,
    }
}
