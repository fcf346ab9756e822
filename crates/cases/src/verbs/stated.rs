//! What an examiner states from a paper, in place of an entry of a register or of a field that nobody filled in here: it is of the
//! type that belongs there, or no rule and no certificate could read it.

use super::hold::Hold;
use crate::rules::Command;
use forms::{Field, FieldType};
use kernel::{Refusal, RefusalKind, Text};
use serde_json::Value;

/// What the rules are asked when a dispute is settled.
///
/// # Errors
/// `cases.entry-type`, at the field `value`.
pub(super) fn settle(
    hold: &Hold,
    (path, upheld): (String, bool),
    text: String,
    value: Option<Value>,
) -> Result<Command, Refusal> {
    let value = match (path.split_once('.'), value) {
        (Some((alias, name)), Some(value)) => Some(read(hold, (alias, name), value)?),
        (_, value) => value,
    };
    Ok(Command::SettleDispute { path, upheld, text, value })
}

fn read(hold: &Hold, (alias, name): (&str, &str), value: Value) -> Result<Value, Refusal> {
    if alias == "form" {
        return hold.item.item.form.field(name).map_or(Ok(value.clone()), |field| typed(field, value));
    }
    let source = hold.item.item.sources.iter().find(|s| s.id == alias);
    let register = source.and_then(|s| hold.item.shared.register(&s.source));
    match register.and_then(|r| r.fields.get(name)).filter(|f| !f.kind.takes(&value)) {
        Some(field) => {
            let (zh, en) = field.kind.asks();
            Err(wrong(&Text::new(zh, en)))
        }
        None => Ok(value),
    }
}

/// As somebody would have typed it into the form; an amount may come as whole fen, as the API has it.
fn typed(field: &Field, value: Value) -> Result<Value, Refusal> {
    let text = match &value {
        Value::String(text) => text.clone(),
        Value::Number(number) if field.kind() != FieldType::Money => number.to_string(),
        _ => return Ok(value),
    };
    let empty = || Text::new("请填写这一项。", "Fill this in.");
    forms::value::parse(field, &text).and_then(|read| read.ok_or_else(empty)).map_err(|say| wrong(&say))
}

fn wrong(say: &Text) -> Refusal {
    let (zh, en) = (say.zh.as_str(), say.en.as_str());
    Refusal::new(RefusalKind::Invalid, "cases.entry-type", zh, en).field("value", zh, en)
}
