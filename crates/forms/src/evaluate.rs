//! What of a form is shown, what must be answered, and what is wrong, decided by its rules on the server.

use crate::{Answers, Condition, Field, FieldType, Form, RAW, read, value};
use jiff::civil::Date;
use kernel::rules::Verdict;
use kernel::{FieldError, Money, Text};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// The state of a form under some answers; field paths such as `plate` or `drivers[1].citizen_id`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Evaluation {
    /// The fields to be shown.
    pub show: BTreeSet<String>,
    /// The fields that must be answered.
    pub require: BTreeSet<String>,
    /// What is wrong, in the order of the form.
    pub errors: Vec<FieldError>,
    /// The paths of `errors` that are only not answered yet: not to be said while somebody is still typing.
    pub missing: BTreeSet<String>,
}

impl Evaluation {
    /// What is wrong beside what is only not answered yet.
    pub fn wrong(&self) -> impl Iterator<Item = &FieldError> {
        self.errors.iter().filter(|e| !self.missing.contains(&e.field))
    }
}

impl Form {
    /// Decides what is shown, required and wrong. `facts` holds what rules may read beside `form.*`: `today`, `person`,
    /// `organisation`, sources by alias. A field whose `show` rule lacks a fact stays hidden, a `require` rule that
    /// does requires nothing, and a check that does is not held against anyone.
    pub fn evaluate(&self, answers: &Answers, facts: &Value) -> Evaluation {
        let mut form = answers.clone();
        form.shift_remove(RAW);
        let mut facts = facts.as_object().cloned().unwrap_or_default();
        let today = facts.get("today").and_then(Value::as_str).and_then(value::date);
        facts.insert("form".to_owned(), Value::Object(form));
        let mut work = Work { answers, facts: Value::Object(facts), today, out: Evaluation::default() };
        for field in self.fields() {
            if !work.field(field, &field.id, answers.get(&field.id)) {
                work.hide(&field.id);
            }
        }
        work.out
    }

    /// The answers without those of fields that are not shown, and without text that could not be read: what is filed.
    pub fn prune(&self, answers: &Answers, evaluation: &Evaluation) -> Answers {
        let shown = self.fields().filter(|f| evaluation.show.contains(&f.id));
        let kept = |f: &Field| {
            let mut value = answers.get(&f.id)?.clone();
            if let (FieldType::Group, Value::Array(rows)) = (f.kind(), &mut value) {
                for (r, row) in rows.iter_mut().enumerate() {
                    if let Value::Object(row) = row {
                        row.retain(|id, _| evaluation.show.contains(&format!("{}[{r}].{id}", f.id)));
                    }
                }
            }
            Some((f.id.clone(), value))
        };
        shown.filter_map(kept).collect()
    }
}

struct Work<'a> {
    answers: &'a Answers,
    facts: Value,
    today: Option<Date>,
    out: Evaluation,
}

impl Work<'_> {
    /// Whether the rule holds; `None` when it cannot be said.
    fn holds(&self, rule: &Condition) -> Option<bool> {
        match rule.rule()?.test(&self.facts) {
            Verdict::Yes => Some(true),
            Verdict::No => Some(false),
            Verdict::Absent(_) => None,
        }
    }

    /// What is not shown is no fact for the rules after it.
    fn hide(&mut self, id: &str) {
        if let Some(form) = self.facts.get_mut("form").and_then(Value::as_object_mut) {
            form.shift_remove(id);
        }
    }

    fn wrong(&mut self, path: &str, say: Text) {
        self.out.errors.push(FieldError { field: path.to_owned(), say });
    }

    /// Takes one field; answers whether it is shown.
    fn field(&mut self, field: &Field, path: &str, answer: Option<&Value>) -> bool {
        if field.show.as_ref().is_some_and(|rule| self.holds(rule) != Some(true)) {
            return false;
        }
        self.out.show.insert(path.to_owned());
        let required = field.required || field.require.as_ref().is_some_and(|r| self.holds(r) == Some(true));
        if required {
            self.out.require.insert(path.to_owned());
        }
        if let Some(typed) = read::raw(self.answers, path) {
            let again = value::parse(field, typed).err();
            self.wrong(
                path,
                again.unwrap_or_else(|| Text::new("请重新填写。", "Please fill this in again.")),
            );
            return true;
        }
        let Some(answer) = answer else {
            if required {
                self.out.missing.insert(path.to_owned());
                self.wrong(path, missing(field));
            }
            return true;
        };
        if field.kind() == FieldType::Group {
            self.rows(field, path, answer);
        }
        if let Some(say) = crate::check::value(field, answer).or_else(|| self.outside(field, answer)) {
            self.wrong(path, say);
            return true;
        }
        let failed = field.checks.iter().find(|c| self.holds(&c.rule) == Some(false));
        if let Some(check) = failed {
            self.wrong(path, check.say.clone());
        }
        true
    }

    fn rows(&mut self, field: &Field, path: &str, answer: &Value) {
        for (r, row) in answer.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
            self.put_row(Some(row.clone()));
            for child in &field.fields {
                let path = format!("{path}[{r}].{}", child.id);
                if !self.field(child, &path, row.get(&child.id))
                    && let Some(row) = self.facts.get_mut("row").and_then(Value::as_object_mut)
                {
                    row.shift_remove(&child.id);
                }
            }
        }
        self.put_row(None);
    }

    fn put_row(&mut self, row: Option<Value>) {
        let Some(facts): Option<&mut Map<String, Value>> = self.facts.as_object_mut() else { return };
        match row {
            Some(row) => facts.insert("row".to_owned(), row),
            None => facts.shift_remove("row"),
        };
    }

    /// What is wrong with a value of the right type: too little, too much, too early, too late.
    fn outside(&self, field: &Field, answer: &Value) -> Option<Text> {
        let (min, max) = (field.min.as_ref(), field.max.as_ref());
        match field.kind() {
            FieldType::Date => {
                let (date, today) = (value::date(answer.as_str()?)?, self.today?);
                let (min, max) =
                    (min.map(|b| read::date_bound(&b.0, today)), max.map(|b| read::date_bound(&b.0, today)));
                limits(&date, min.flatten(), max.flatten(), |d| {
                    Text::new(
                        page::format::date(kernel::Lang::ZhCn, *d),
                        page::format::date(kernel::Lang::En, *d),
                    )
                })
            }
            FieldType::Money => {
                let fen = |b: &crate::Bound| b.0.parse::<Money>().ok();
                limits(&Money::fen(answer.as_i64()?), min.and_then(fen), max.and_then(fen), |m| {
                    Text::same(m.to_string())
                })
            }
            FieldType::Number => {
                let number = |b: &crate::Bound| b.0.parse::<f64>().ok();
                limits(&answer.as_f64()?, min.and_then(number), max.and_then(number), |n| {
                    Text::same(n.to_string())
                })
            }
            FieldType::Several | FieldType::Group | FieldType::File => {
                let count = |b: &crate::Bound| b.0.parse::<usize>().ok();
                counted(field.kind(), answer.as_array()?.len(), min.and_then(count), max.and_then(count))
            }
            FieldType::Text | FieldType::LongText => {
                let least = min.and_then(|b| b.0.parse::<usize>().ok())?;
                (answer.as_str()?.chars().count() < least)
                    .then(|| Text::new(format!("至少{least}个字。"), format!("At least {least} characters.")))
            }
            _ => None,
        }
    }
}

fn limits<T: PartialOrd>(
    value: &T,
    min: Option<T>,
    max: Option<T>,
    print: impl Fn(&T) -> Text,
) -> Option<Text> {
    if let Some(min) = min.as_ref().filter(|min| value < *min) {
        let min = print(min);
        return Some(Text::new(
            format!("不能小于（早于）{}，请改正。", min.zh),
            format!("It cannot be less (earlier) than {}; please correct it.", min.en),
        ));
    }
    let max = print(max.as_ref().filter(|max| value > *max)?);
    Some(Text::new(
        format!("不能大于（晚于）{}，请改正。", max.zh),
        format!("It cannot be more (later) than {}; please correct it.", max.en),
    ))
}

fn counted(kind: FieldType, count: usize, min: Option<usize>, max: Option<usize>) -> Option<Text> {
    let (zh, en) = match kind {
        FieldType::File => ("个文件", "files"),
        FieldType::Group => ("行", "rows"),
        _ => ("项", "answers"),
    };
    if let Some(min) = min.filter(|min| count < *min) {
        return Some(Text::new(
            format!("至少{min}{zh}，现在{count}{zh}。"),
            format!("At least {min} {en}; there are {count}."),
        ));
    }
    let max = max.filter(|max| count > *max)?;
    Some(Text::new(
        format!("最多{max}{zh}，现在{count}{zh}。"),
        format!("At most {max} {en}; there are {count}."),
    ))
}

/// The sentence for an answer that is not there.
fn missing(field: &Field) -> Text {
    let label = &field.label;
    let (zh, en) = match field.kind() {
        FieldType::Choice | FieldType::Several => {
            (format!("请选择{}。", label.zh), format!("Choose: {}.", label.en))
        }
        FieldType::File => (format!("请上传{}。", label.zh), format!("Upload: {}.", label.en)),
        FieldType::Declaration => ("请确认后勾选。".to_owned(), "Please confirm by ticking this.".to_owned()),
        FieldType::Group => {
            (format!("请至少填写一行{}。", label.zh), format!("Fill in at least one row: {}.", label.en))
        }
        _ => (format!("请填写{}。", label.zh), format!("Fill in: {}.", label.en)),
    };
    Text::new(zh, en)
}
