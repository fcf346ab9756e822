//! The functions that rules may use, and what they do.
//!
//! | call | gives |
//! |---|---|
//! | `size(x)` or `x.size()` | characters of a text, members of a list |
//! | `t.contains(s)`, `t.startsWith(s)`, `t.endsWith(s)` | true or false |
//! | `date('2026-01-31')` | that date; a literal beside a date needs no `date()` |
//! | `yuan(1000)`, `money('1,234.50')` | an amount |
//! | `in_yuan(amount)` | the amount as a decimal number of yuan |
//! | `days_between(a, b)`, `months_between(a, b)`, `years_between(a, b)` | whole ones from `a` to `b`, negative backwards |
//! | `age(birth)`, `age(birth, day)` | whole years, by default today |
//! | `add_days(d, n)`, `add_months(d, n)`, `add_years(d, n)` | a date; the last of a shorter month |
//! | `year(d)`, `month(d)`, `day(d)` | a whole number |
//! | `sum(list)` | the sum of numbers or amounts; 0 of none |
//! | `min(a, b)`, `max(a, b)` | the lesser, the greater |
//!
//! Besides: `has(path)`, `x in list`, `list.exists(v, …)`, `.all`, `.exists_one`, `.map`, `.filter`, and `today`.

use super::Type;
use super::value::{Answer, Missing, SCALE, Val, compare, date};
use crate::Money;
use jiff::ToSpan;
use jiff::civil::Date;
use std::cmp::Ordering;

/// A function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Function {
    Size,
    Contains,
    StartsWith,
    EndsWith,
    Date,
    Yuan,
    Money,
    InYuan,
    DaysBetween,
    MonthsBetween,
    YearsBetween,
    AddDays,
    AddMonths,
    AddYears,
    Year,
    Month,
    Day,
    Sum,
    Min,
    Max,
}

/// Names and functions; `age` is `years_between` with its arguments filled in.
const NAMES: [(&str, Function); 21] = [
    ("size", Function::Size),
    ("contains", Function::Contains),
    ("startsWith", Function::StartsWith),
    ("endsWith", Function::EndsWith),
    ("date", Function::Date),
    ("yuan", Function::Yuan),
    ("money", Function::Money),
    ("in_yuan", Function::InYuan),
    ("days_between", Function::DaysBetween),
    ("months_between", Function::MonthsBetween),
    ("years_between", Function::YearsBetween),
    ("age", Function::YearsBetween),
    ("add_days", Function::AddDays),
    ("add_months", Function::AddMonths),
    ("add_years", Function::AddYears),
    ("year", Function::Year),
    ("month", Function::Month),
    ("day", Function::Day),
    ("sum", Function::Sum),
    ("min", Function::Min),
    ("max", Function::Max),
];

/// The names of all functions.
pub fn names() -> impl Iterator<Item = &'static str> {
    NAMES.iter().map(|(name, _)| *name)
}

impl Function {
    /// The function of a name.
    pub(super) fn named(name: &str) -> Option<Self> {
        NAMES.iter().find(|(n, _)| *n == name).map(|(_, f)| *f)
    }

    /// The types of its arguments; `Any` where [`Function::gives`] looks closer.
    pub(super) fn takes(self) -> &'static [Type] {
        match self {
            Self::Size | Self::Sum => &[Type::Any],
            Self::Contains | Self::StartsWith | Self::EndsWith => &[Type::Text, Type::Text],
            Self::Date => &[Type::Date],
            Self::Money => &[Type::Text],
            Self::Yuan => &[Type::Number],
            Self::InYuan => &[Type::Money],
            Self::DaysBetween | Self::MonthsBetween | Self::YearsBetween => &[Type::Date, Type::Date],
            Self::AddDays | Self::AddMonths | Self::AddYears => &[Type::Date, Type::Number],
            Self::Year | Self::Month | Self::Day => &[Type::Date],
            Self::Min | Self::Max => &[Type::Any, Type::Any],
        }
    }

    /// The type of its value; `None` when an argument does not fit.
    pub(super) fn gives(self, given: &[Type]) -> Option<Type> {
        let ordered = |t: &Type| matches!(t, Type::Number | Type::Decimal | Type::Money | Type::Date);
        match (self, given) {
            (Self::Size, [Type::Text | Type::Choice(_) | Type::List(_) | Type::Any]) => Some(Type::Number),
            (Self::Size, _) => None,
            (Self::Sum, [Type::List(member)]) => {
                matches!(**member, Type::Number | Type::Decimal | Type::Money).then(|| (**member).clone())
            }
            (Self::Min | Self::Max, [a, b]) => (a == b && ordered(a)).then(|| a.clone()),
            (Self::Sum | Self::Min | Self::Max, _) => None,
            (Self::Contains | Self::StartsWith | Self::EndsWith, _) => Some(Type::Bool),
            (Self::Date | Self::AddDays | Self::AddMonths | Self::AddYears, _) => Some(Type::Date),
            (Self::Money | Self::Yuan, _) => Some(Type::Money),
            (Self::InYuan, _) => Some(Type::Decimal),
            _ => Some(Type::Number),
        }
    }

    /// Its value.
    pub(super) fn call<'f>(self, arguments: &[Val<'f>]) -> Answer<'f> {
        self.value(arguments).ok_or_else(Missing::new)
    }

    fn value<'f>(self, arguments: &[Val<'f>]) -> Option<Val<'f>> {
        Some(match (self, arguments) {
            (Self::Size, [Val::Text(text)]) => Val::Number(i64::try_from(text.chars().count()).ok()?),
            (Self::Size, [Val::List(members)]) => Val::Number(i64::try_from(members.len()).ok()?),
            (Self::Contains, [Val::Text(text), Val::Text(part)]) => Val::Bool(text.contains(part.as_str())),
            (Self::StartsWith, [Val::Text(text), Val::Text(part)]) => {
                Val::Bool(text.starts_with(part.as_str()))
            }
            (Self::EndsWith, [Val::Text(text), Val::Text(part)]) => Val::Bool(text.ends_with(part.as_str())),
            (Self::Date, [Val::Date(day)]) => Val::Date(*day),
            (Self::Date, [Val::Text(text)]) => Val::Date(date(text)?),
            (Self::Yuan, [Val::Number(yuan)]) => Val::Money(Money::yuan(*yuan)?.as_fen()),
            (Self::Money, [Val::Text(text)]) => Val::Money(text.parse::<Money>().ok()?.as_fen()),
            (Self::InYuan, [Val::Money(fen)]) => Val::Decimal(i128::from(*fen) * (SCALE / 100)),
            (Self::DaysBetween, [Val::Date(a), Val::Date(b)]) => Val::Number(i64::from((*b - *a).get_days())),
            (Self::MonthsBetween, [Val::Date(a), Val::Date(b)]) => Val::Number(months(*a, *b)),
            (Self::YearsBetween, [Val::Date(a), Val::Date(b)]) => Val::Number(months(*a, *b) / 12),
            (Self::AddDays, [Val::Date(day), Val::Number(n)]) => Val::Date(add(*day, *n, |n| n.days())?),
            (Self::AddMonths, [Val::Date(day), Val::Number(n)]) => Val::Date(add(*day, *n, |n| n.months())?),
            (Self::AddYears, [Val::Date(day), Val::Number(n)]) => Val::Date(add(*day, *n, |n| n.years())?),
            (Self::Year, [Val::Date(day)]) => Val::Number(i64::from(day.year())),
            (Self::Month, [Val::Date(day)]) => Val::Number(i64::from(day.month())),
            (Self::Day, [Val::Date(day)]) => Val::Number(i64::from(day.day())),
            (Self::Min, [a, b]) => {
                if compare(a, b)? == Ordering::Greater {
                    b.clone()
                } else {
                    a.clone()
                }
            }
            (Self::Max, [a, b]) => {
                if compare(a, b)? == Ordering::Less {
                    b.clone()
                } else {
                    a.clone()
                }
            }
            _ => return None,
        })
    }
}

/// A date so many days, months or years on, within the years 0 to 9999.
fn add(day: Date, n: i64, unit: fn(i64) -> jiff::Span) -> Option<Date> {
    if !(-100_000..=100_000).contains(&n) || (n.abs() > 9_000 && unit(1).get_years() == 1) {
        return None;
    }
    day.checked_add(unit(n)).ok().filter(|date| date.year() >= 0)
}

/// Whole months from one date to another; a month that lacks the day is full on the first of the next.
fn months(from: Date, to: Date) -> i64 {
    if to < from {
        return -months(to, from);
    }
    let whole = (i64::from(to.year()) - i64::from(from.year())) * 12 + i64::from(to.month())
        - i64::from(from.month());
    whole - i64::from(to.day() < from.day())
}

/// The sum of a list; what is missing for it when a member is.
pub(super) fn sum<'f>(members: &[Answer<'f>], of: &Type) -> Answer<'f> {
    let mut missing = Missing::new();
    let mut total: Option<i128> = Some(0);
    for member in members {
        match member {
            Ok(Val::Number(n) | Val::Money(n)) => total = total.and_then(|t| t.checked_add(i128::from(*n))),
            Ok(Val::Decimal(n)) => total = total.and_then(|t| t.checked_add(*n)),
            Ok(_) => total = None,
            Err(paths) => missing.extend(paths.iter().cloned()),
        }
    }
    if !missing.is_empty() {
        return Err(missing);
    }
    let whole = |t: i128| i64::try_from(t).ok();
    let sum = total.and_then(|t| match of {
        Type::Decimal => (t.abs() < i128::from(i64::MAX) * SCALE).then_some(Val::Decimal(t)),
        Type::Money => whole(t).map(Val::Money),
        _ => whole(t).map(Val::Number),
    });
    sum.ok_or_else(Missing::new)
}
