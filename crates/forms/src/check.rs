//! Checking answers that came as JSON: every field known, every value of its type.

use crate::{ANSWERS_MAX, Answers, Field, FieldType, Form, ROWS_MAX, read, value as one};
use kernel::{FieldError, Text};
use serde_json::Value;

impl Form {
    /// What is wrong with answers that came as JSON: unknown fields, wrong types, too much. Missing ones are
    /// [`Form::evaluate`]'s business.
    pub fn check_answers(&self, answers: &Answers) -> Vec<FieldError> {
        if read::size(answers) > ANSWERS_MAX {
            let say = Text::new("内容太多：整份表单最多256 KB。", "Too much: a form holds 256 KB at most.");
            return vec![FieldError { field: String::new(), say }];
        }
        let mut errors = Vec::new();
        for (id, answer) in answers {
            match self.field(id) {
                None => errors.push(unknown(id)),
                Some(field) if field.kind() == FieldType::Group => group(field, answer, &mut errors),
                Some(field) => {
                    errors.extend(value(field, answer).map(|say| FieldError { field: id.clone(), say }))
                }
            }
        }
        errors
    }
}

fn unknown(path: &str) -> FieldError {
    let path: String = path.chars().take(100).collect();
    let say = Text::new(
        format!("此事项的表单没有“{path}”这个字段。"),
        format!("The form of this item has no field `{path}`."),
    );
    FieldError { field: path, say }
}

fn group(field: &Field, answer: &Value, errors: &mut Vec<FieldError>) {
    if let Some(say) = value(field, answer) {
        return errors.push(FieldError { field: field.id.clone(), say });
    }
    for (r, row) in answer.as_array().map(Vec::as_slice).unwrap_or_default().iter().enumerate() {
        for (id, answer) in row.as_object().into_iter().flatten() {
            let path = format!("{}[{r}].{id}", field.id);
            match field.fields.iter().find(|f| f.id == *id) {
                None => errors.push(unknown(&path)),
                Some(child) => errors.extend(value(child, answer).map(|say| FieldError { field: path, say })),
            }
        }
    }
}

/// What is wrong with the value of a field, if anything: its type and its form, not its bounds.
pub(crate) fn value(field: &Field, answer: &Value) -> Option<Text> {
    let right = match (field.kind(), answer) {
        (FieldType::Group, Value::Array(rows)) => rows.len() <= ROWS_MAX && rows.iter().all(Value::is_object),
        (FieldType::File, Value::Array(files)) => files.iter().all(is_file),
        (FieldType::Several, Value::Array(chosen)) => {
            let known = |v: &Value| field.options.iter().any(|o| Some(o.value.as_str()) == v.as_str());
            chosen.iter().all(known)
                && chosen.iter().enumerate().all(|(i, v)| !chosen.iter().take(i).any(|w| w == v))
        }
        (FieldType::Declaration, Value::Bool(yes)) => *yes,
        (FieldType::Money, Value::Number(fen)) => fen.as_i64().is_some(),
        (FieldType::Number, Value::Number(n)) => match one::parse(field, &n.to_string()) {
            Ok(read) => read.is_some(),
            Err(say) => return Some(say),
        },
        (FieldType::Division, Value::String(code)) => match one::parse(field, code) {
            Ok(Some(Value::String(read))) => read == *code,
            Ok(_) => false,
            Err(say) => return Some(say),
        },
        (FieldType::Group | FieldType::File | FieldType::Several | FieldType::Declaration, _) => false,
        (FieldType::Money | FieldType::Number, _) => false,
        (_, Value::String(text)) => match one::parse(field, text) {
            Ok(Some(read)) => read == *answer,
            Ok(None) => false,
            Err(say) => return Some(say),
        },
        _ => false,
    };
    (!right).then(|| wrong_type(field.kind()))
}

fn is_file(value: &Value) -> bool {
    let text = |key: &str| value.get(key).and_then(Value::as_str);
    let id = text("file").is_some_and(|id| id.parse::<kernel::FileId>().is_ok());
    let name = text("name").is_some_and(|name| !name.is_empty() && name.chars().count() <= 200);
    id && name && value.as_object().is_some_and(|o| o.len() == 2)
}

fn wrong_type(kind: FieldType) -> Text {
    let (zh, en) = match kind {
        FieldType::Text | FieldType::LongText => {
            ("应为首尾无空格的非空文本。", "This must be text, not empty, without blanks around it.")
        }
        FieldType::Number => ("应为数字。", "This must be a number."),
        FieldType::Date => ("应为日期，写作 2026-11-22。", "This must be a date, written 2026-11-22."),
        FieldType::Choice => ("应为选项之一。", "This must be one of the options."),
        FieldType::Several => ("应为选项的数组，不得重复。", "This must be an array of options, each once."),
        FieldType::Division => {
            ("应为区划代码：六位，镇街为九位。", "This must be a division code: six digits, nine for a town.")
        }
        FieldType::Plate => ("应为不带空格的号牌号码。", "This must be a plate number without blanks."),
        FieldType::CitizenId => ("应为18位公民身份号码。", "This must be a citizen identity number."),
        FieldType::CreditCode => ("应为18位统一社会信用代码。", "This must be a unified social credit code."),
        FieldType::Money => ("应为以分为单位的整数。", "This must be a whole number of fen."),
        FieldType::Phone => ("应为电话号码。", "This must be a telephone number."),
        FieldType::File => (
            "应为文件数组，写作 [{\"file\": 编号, \"name\": 文件名}]。",
            "This must be an array of files, [{\"file\": id, \"name\": name}].",
        ),
        FieldType::Declaration => ("应为 true。", "This must be true."),
        FieldType::Group => ("应为对象的数组。", "This must be an array of objects."),
    };
    Text::new(zh, en)
}
