//! Values while a rule is asked, and how they are read from facts.

use super::Type;
use crate::Money;
use jiff::civil::Date;
use serde_json::Value;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// The facts for want of which there is no value; empty when it was not for want of facts (overflow, a limit).
pub(super) type Missing = BTreeSet<String>;

/// A value, or what is missing for it.
pub(super) type Answer<'f> = Result<Val<'f>, Missing>;

/// How many parts a decimal's unit has.
pub(super) const SCALE: i128 = 1_000_000;

/// A value.
#[derive(Debug, Clone)]
pub(super) enum Val<'f> {
    Text(String),
    Number(i64),
    /// In millionths.
    Decimal(i128),
    Bool(bool),
    Date(Date),
    /// In fen.
    Money(i64),
    List(Vec<Answer<'f>>),
    /// A group of fields, and its path.
    Group(&'f Value, String),
}

/// One path that is missing.
pub(super) fn absent(path: &str) -> Missing {
    BTreeSet::from([path.to_owned()])
}

/// A date as facts and literals write it.
pub(super) fn date(text: &str) -> Option<Date> {
    let digits = text.len() == 10
        && text.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            _ => b.is_ascii_digit(),
        });
    digits.then(|| text.parse().ok())?
}

/// A decimal from its text, six places at most, without exponent.
pub(super) fn decimal(text: &str) -> Option<i128> {
    let (negative, digits) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    let plain = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    if !plain(whole) || !plain(part) || whole.len() > 18 || part.len() > 30 {
        return None;
    }
    let kept = part.get(..6.min(part.len()))?;
    let value = whole.parse::<i128>().ok()? * SCALE + format!("{kept:0<6}").parse::<i128>().ok()?;
    Some(if negative { -value } else { value })
}

/// A decimal as text, without needless zeros.
fn decimal_text(value: i128) -> String {
    let (whole, part) = (value.unsigned_abs() / 1_000_000, value.unsigned_abs() % 1_000_000);
    let sign = if value < 0 { "-" } else { "" };
    let text = format!("{sign}{whole}.{part:06}");
    let text = text.trim_end_matches('0');
    text.strip_suffix('.').unwrap_or(text).to_owned()
}

/// Reads a fact as its type; what is not of its type is as good as missing.
pub(super) fn read<'f>(value: &'f Value, ty: &Type, path: &str) -> Answer<'f> {
    let found = match (ty, value) {
        (Type::Text, Value::String(text)) => Some(Val::Text(text.clone())),
        (Type::Choice(options), Value::String(text)) => {
            options.contains(text).then(|| Val::Text(text.clone()))
        }
        (Type::Number, Value::Number(number)) => number.as_i64().map(Val::Number),
        (Type::Decimal, Value::Number(number)) => decimal(&number.to_string()).map(Val::Decimal),
        (Type::Decimal, Value::String(text)) => decimal(text).map(Val::Decimal),
        (Type::Bool, Value::Bool(yes)) => Some(Val::Bool(*yes)),
        (Type::Date, Value::String(text)) => date(text).map(Val::Date),
        (Type::Money, Value::Number(fen)) => fen.as_i64().map(Val::Money),
        (Type::List(member), Value::Array(members)) => Some(list(members, member, path)),
        (Type::Object(_), Value::Object(_)) => Some(Val::Group(value, path.to_owned())),
        (Type::Any, any) => anything(any, path),
        _ => None,
    };
    found.ok_or_else(|| absent(path))
}

fn list<'f>(members: &'f [Value], ty: &Type, path: &str) -> Val<'f> {
    Val::List(members.iter().enumerate().map(|(i, m)| read(m, ty, &format!("{path}[{i}]"))).collect())
}

fn anything<'f>(value: &'f Value, path: &str) -> Option<Val<'f>> {
    match value {
        Value::Null => None,
        Value::Bool(yes) => Some(Val::Bool(*yes)),
        Value::Number(number) => match number.as_i64() {
            Some(whole) => Some(Val::Number(whole)),
            None => decimal(&number.to_string()).map(Val::Decimal),
        },
        Value::String(text) => Some(Val::Text(text.clone())),
        Value::Array(members) => Some(list(members, &Type::Any, path)),
        Value::Object(_) => Some(Val::Group(value, path.to_owned())),
    }
}

/// Compares two values; `None` when they are not of one type.
pub(super) fn compare(left: &Val<'_>, right: &Val<'_>) -> Option<Ordering> {
    match (left, right) {
        (Val::Text(a), Val::Text(b)) => Some(a.cmp(b)),
        (Val::Number(a), Val::Number(b)) | (Val::Money(a), Val::Money(b)) => Some(a.cmp(b)),
        (Val::Decimal(a), Val::Decimal(b)) => Some(a.cmp(b)),
        (Val::Number(a), Val::Decimal(b)) => Some((i128::from(*a) * SCALE).cmp(b)),
        (Val::Decimal(a), Val::Number(b)) => Some(a.cmp(&(i128::from(*b) * SCALE))),
        (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
        (Val::Date(a), Val::Date(b)) => Some(a.cmp(b)),
        // Only what is of any type comes here as text beside a date.
        (Val::Date(a), Val::Text(b)) => Some(a.cmp(&date(b)?)),
        (Val::Text(a), Val::Date(b)) => Some(date(a)?.cmp(b)),
        _ => None,
    }
}

/// A value as an amount: numbers are yuan, rounded half up to the fen.
pub(super) fn amount(value: &Val<'_>) -> Option<Money> {
    const FEN: i128 = SCALE / 100;
    match value {
        Val::Money(fen) => Some(Money::fen(*fen)),
        Val::Number(yuan) => Money::yuan(*yuan),
        Val::Decimal(yuan) => i64::try_from((yuan + FEN / 2).div_euclid(FEN)).ok().map(Money::fen),
        _ => None,
    }
}

/// A value as JSON.
pub(super) fn to_json(value: Val<'_>) -> Result<Value, Missing> {
    Ok(match value {
        Val::Text(text) => Value::String(text),
        Val::Number(number) | Val::Money(number) => Value::from(number),
        Val::Decimal(value) => {
            decimal_text(value).parse::<serde_json::Number>().map_err(|_| Missing::new())?.into()
        }
        Val::Bool(yes) => Value::Bool(yes),
        Val::Date(date) => Value::String(date.to_string()),
        Val::List(members) => {
            members.into_iter().map(|m| m.and_then(to_json)).collect::<Result<Vec<_>, _>>()?.into()
        }
        Val::Group(value, _) => value.clone(),
    })
}
