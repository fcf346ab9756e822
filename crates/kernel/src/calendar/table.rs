//! The calendar's table as TOML: read with the line of every mistake, and written back.

use super::{Calendar, DayRule, OfficeHours};
use crate::Text;
use jiff::civil::{Date, Time};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// What is wrong with a calendar's table, and in which line.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {}", say.en)]
pub struct CalendarError {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong.
    pub say: Text,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Table {
    coverage: Coverage,
    #[serde(default)]
    office: Office,
    #[serde(default)]
    holiday: Vec<Holiday>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Coverage {
    from: Spanned<String>,
    until: Spanned<String>,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Office {
    hours: Option<Spanned<Vec<Spanned<String>>>>,
    #[serde(default)]
    after_hours_next_day: bool,
    #[serde(default)]
    last_day_off_moves: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Holiday {
    name: Text,
    #[serde(default)]
    off: Vec<Spanned<String>>,
    #[serde(default)]
    work: Vec<Spanned<String>>,
}

/// The longest range that one entry may name.
const LONGEST: usize = 100;

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn wrong(&self, at: usize, zh: String, en: String) -> CalendarError {
        let before = self.text.get(..at).unwrap_or(self.text);
        CalendarError { line: before.matches('\n').count() + 1, say: Text::new(zh, en) }
    }

    fn date(&self, text: &str, at: usize) -> Result<Date, CalendarError> {
        let shaped = text.len() == 10;
        text.parse::<Date>().ok().filter(|_| shaped).ok_or_else(|| {
            self.wrong(
                at,
                format!("“{text}”不是日期（应为 2026-01-31）。"),
                format!("`{text}` is no date (2026-01-31 would be one)."),
            )
        })
    }

    fn range(&self, entry: &Spanned<String>) -> Result<Vec<Date>, CalendarError> {
        let (text, at) = (entry.get_ref().as_str(), entry.span().start);
        let (from, to) = text.split_once("..").unwrap_or((text, text));
        let (from, to) = (self.date(from, at)?, self.date(to, at)?);
        let days: Vec<Date> =
            from.series(jiff::Span::new().days(1)).take_while(|d| *d <= to).take(LONGEST).collect();
        if days.is_empty() || days.last() != Some(&to) {
            return Err(self.wrong(
                at,
                format!("“{text}”的起止不对：应先小后大，且不超过{LONGEST}天。"),
                format!("The range `{text}` must run forwards and over {LONGEST} days at most."),
            ));
        }
        Ok(days)
    }

    fn time(&self, text: &str, at: usize) -> Result<Time, CalendarError> {
        let shaped = text.len() == 5 && text.as_bytes().get(2) == Some(&b':');
        let time = || -> Option<Time> {
            let hour = text.get(..2)?.parse().ok()?;
            Time::new(hour, text.get(3..)?.parse().ok()?, 0, 0).ok()
        };
        time().filter(|_| shaped).ok_or_else(|| {
            self.wrong(
                at,
                format!("“{text}”不是时刻（应为 09:00）。"),
                format!("`{text}` is no time of day (09:00 would be one)."),
            )
        })
    }

    fn hours(&self, entries: &Spanned<Vec<Spanned<String>>>) -> Result<OfficeHours, CalendarError> {
        let mut spans: Vec<(Time, Time)> = Vec::new();
        for entry in entries.get_ref() {
            let (text, at) = (entry.get_ref().as_str(), entry.span().start);
            let (open, close) = text.split_once('-').unwrap_or((text, ""));
            let (open, close) = (self.time(open, at)?, self.time(close, at)?);
            if open >= close || spans.last().is_some_and(|last| last.1 > open) {
                return Err(self.wrong(
                    at,
                    format!("办公时间“{text}”应先早后晚，且不与前一段重叠。"),
                    format!("The office hours `{text}` must run forwards and begin after the span before."),
                ));
            }
            spans.push((open, close));
        }
        OfficeHours::new(spans).ok_or_else(|| {
            self.wrong(
                entries.span().start,
                "至少要有一段办公时间。".to_owned(),
                "There must be one span of office hours at least.".to_owned(),
            )
        })
    }

    fn holiday(&self, holiday: &Holiday, days: &mut BTreeMap<Date, DayRule>) -> Result<(), CalendarError> {
        for (entries, off) in [(&holiday.off, true), (&holiday.work, false)] {
            for entry in entries {
                for date in self.range(entry)? {
                    let rule = DayRule { off, name: holiday.name.clone() };
                    let weekend = super::is_weekend(date);
                    let twice = days.insert(date, rule).is_some();
                    if twice || (!off && !weekend) {
                        let (zh, en) = match twice {
                            true => ("在表中出现了两次", "stands twice in the table"),
                            false => (
                                "不是周六或周日，不能作为调休上班日",
                                "is no Saturday or Sunday to be worked instead",
                            ),
                        };
                        return Err(self.wrong(
                            entry.span().start,
                            format!("{date} {zh}。"),
                            format!("{date} {en}."),
                        ));
                    }
                }
            }
        }
        Ok(())
    }
}

/// Reads a table.
pub(super) fn read(text: &str) -> Result<Calendar, CalendarError> {
    let reader = Reader { text };
    let table: Table = toml::from_str(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        let message = error.message();
        reader.wrong(at, format!("日历表格式有误：{message}"), format!("The table cannot be read: {message}"))
    })?;
    let from = reader.date(table.coverage.from.get_ref(), table.coverage.from.span().start)?;
    let until = reader.date(table.coverage.until.get_ref(), table.coverage.until.span().start)?;
    if from > until {
        return Err(reader.wrong(
            table.coverage.until.span().start,
            "覆盖范围的止日早于起日。".to_owned(),
            "The coverage ends before it begins.".to_owned(),
        ));
    }
    let mut days = BTreeMap::new();
    for holiday in &table.holiday {
        reader.holiday(holiday, &mut days)?;
    }
    let office = match &table.office.hours {
        Some(hours) => reader.hours(hours)?,
        None => OfficeHours::default(),
    };
    Ok(Calendar {
        days,
        from,
        until,
        office,
        after_hours_next_day: table.office.after_hours_next_day,
        last_day_off_moves: table.office.last_day_off_moves,
    })
}

/// A string as TOML writes it.
fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}

/// Writes a table that reads back the same.
pub(super) fn write(calendar: &Calendar) -> String {
    let hours: Vec<String> = calendar
        .office
        .spans()
        .iter()
        .map(|(open, close)| format!("\"{}-{}\"", open.strftime("%H:%M"), close.strftime("%H:%M")))
        .collect();
    let mut out = format!(
        "[coverage]\nfrom = \"{}\"\nuntil = \"{}\"\n\n[office]\nhours = [{}]\nafter-hours-next-day = {}\n\
         last-day-off-moves = {}\n",
        calendar.from,
        calendar.until,
        hours.join(", "),
        calendar.after_hours_next_day,
        calendar.last_day_off_moves,
    );
    let mut days = calendar.days.iter().peekable();
    while let Some((first, rule)) = days.next() {
        let mut last = *first;
        while let Some((next, _)) = days.next_if(|(d, r)| *r == rule && last.tomorrow().ok() == Some(**d)) {
            last = *next;
        }
        let range = if last == *first { first.to_string() } else { format!("{first}..{last}") };
        let key = if rule.off { "off" } else { "work" };
        out.push_str(&format!(
            "\n[[holiday]]\nname = {{ zh-CN = {}, en = {} }}\n{key} = [\"{range}\"]\n",
            quoted(&rule.name.zh),
            quoted(&rule.name.en),
        ));
    }
    out
}
