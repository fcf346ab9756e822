//! The calendar of the law: working days, office hours and due dates that say why.
//!
//! Counting: the day of receipt is day 0, the next day that counts is day 1, and the term ends with the end of its last
//! day, written as the day's last whole microsecond (23:59:59.999999 in UTC+8): in time is `now <= due.at`. Terms in
//! office hours run from the moment itself and end at a moment. Nothing here reads a clock.

mod due;
mod say;
mod table;
#[cfg(test)]
mod tests;

pub use due::{Due, Pause, Span, Why};
pub use table::CalendarError;

use crate::{Text, Timestamp, clock};
use jiff::civil::{Date, Time, Weekday, time};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The table that comes with the program; its sources are the yearly notices of the State Council's office.
const OFFICIAL: &str = include_str!("../../data/holidays.toml");

/// What the table says of one day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct DayRule {
    off: bool,
    name: Text,
}

/// The spans of the day in which an office works, in order, not overlapping, at least one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OfficeHours(Vec<(Time, Time)>);

impl OfficeHours {
    /// Office hours of these spans; `None` when there is none, one is empty or two overlap.
    pub fn new(spans: Vec<(Time, Time)>) -> Option<Self> {
        let apart = spans.iter().zip(spans.iter().skip(1)).all(|(a, b)| a.1 <= b.0);
        (!spans.is_empty() && apart && spans.iter().all(|s| s.0 < s.1)).then_some(Self(spans))
    }

    /// The spans, in order.
    pub fn spans(&self) -> &[(Time, Time)] {
        &self.0
    }

    /// When the office closes for the day.
    pub fn closes(&self) -> Time {
        self.0.last().map_or(Time::MAX, |span| span.1)
    }
}

/// 09:00–12:00 and 13:30–17:30.
impl Default for OfficeHours {
    fn default() -> Self {
        Self(vec![(time(9, 0, 0, 0), time(12, 0, 0, 0)), (time(13, 30, 0, 0), time(17, 30, 0, 0))])
    }
}

/// What a day is, and by which name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Day<'a> {
    /// An ordinary working day.
    Working,
    /// A Saturday or Sunday worked instead of a day of this holiday (调休上班).
    MakeUp(&'a Text),
    /// A Saturday or Sunday.
    Weekend,
    /// A day of this holiday, given by law or by the notice.
    Holiday(&'a Text),
}

impl Day<'_> {
    /// Whether offices work.
    pub fn works(self) -> bool {
        matches!(self, Day::Working | Day::MakeUp(_))
    }
}

/// A table of holidays and make-up working days with the ways of counting that a place follows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calendar {
    days: BTreeMap<Date, DayRule>,
    from: Date,
    until: Date,
    office: OfficeHours,
    after_hours_next_day: bool,
    last_day_off_moves: bool,
}

/// Whether it is a Saturday or Sunday.
pub(crate) fn is_weekend(date: Date) -> bool {
    matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday)
}

impl Calendar {
    /// The official table as far as it was known when this program was made.
    pub fn official() -> Self {
        // That the embedded table is sound is a test; were it not, every date would be marked provisional.
        static READ: LazyLock<Calendar> =
            LazyLock::new(|| table::read(OFFICIAL).unwrap_or_else(|_| Calendar::weekends_only()));
        READ.clone()
    }

    /// A calendar that knows no holiday and marks every date provisional.
    pub fn weekends_only() -> Self {
        Self {
            days: BTreeMap::new(),
            from: Date::MIN,
            until: Date::MIN,
            office: OfficeHours::default(),
            after_hours_next_day: false,
            last_day_off_moves: false,
        }
    }

    /// Reads an edited table.
    ///
    /// # Errors
    /// The first mistake, with its line.
    pub fn from_toml(text: &str) -> Result<Self, CalendarError> {
        table::read(text)
    }

    /// The table as text that [`Calendar::from_toml`] reads back the same.
    pub fn to_toml(&self) -> String {
        table::write(self)
    }

    /// The embedded table with its comments, as a start for one's own.
    pub fn official_toml() -> &'static str {
        OFFICIAL
    }

    /// The same table with other office hours (an agency's own).
    #[must_use]
    pub fn with_office_hours(mut self, office: OfficeHours) -> Self {
        self.office = office;
        self
    }

    /// Whether what arrives after office hours or on a day off counts as received on the next working day (off unless said).
    #[must_use]
    pub fn after_hours_next_day(mut self, yes: bool) -> Self {
        self.after_hours_next_day = yes;
        self
    }

    /// Whether a term of calendar days that ends on a day off ends with the next working day (off unless said).
    #[must_use]
    pub fn last_day_off_moves(mut self, yes: bool) -> Self {
        self.last_day_off_moves = yes;
        self
    }

    /// The office hours.
    pub fn office_hours(&self) -> &OfficeHours {
        &self.office
    }

    /// The first and the last day that the table covers.
    pub fn coverage(&self) -> (Date, Date) {
        (self.from, self.until)
    }

    /// The last day that the table covers.
    pub fn last_day(&self) -> Date {
        self.until
    }

    /// Whether the table knows this day; outside it only weekends are free.
    pub fn covers(&self, date: Date) -> bool {
        self.from <= date && date <= self.until
    }

    /// What this day is.
    pub fn day(&self, date: Date) -> Day<'_> {
        match self.days.get(&date) {
            Some(rule) if rule.off => Day::Holiday(&rule.name),
            Some(rule) => Day::MakeUp(&rule.name),
            None if is_weekend(date) => Day::Weekend,
            None => Day::Working,
        }
    }

    /// Whether offices work on this day.
    pub fn is_working_day(&self, date: Date) -> bool {
        self.day(date).works()
    }

    /// The first working day after this one.
    pub fn next_working_day(&self, date: Date) -> Date {
        let mut day = date;
        while let Ok(next) = day.tomorrow() {
            day = next;
            if self.is_working_day(day) {
                break;
            }
        }
        day
    }

    /// The working days after `from` up to and including `to`; negative when `to` lies before.
    pub fn working_days_between(&self, from: Date, to: Date) -> i64 {
        if to < from {
            return -self.working_days_between(to, from);
        }
        let (mut day, mut count) = (from, 0);
        while day < to {
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
            count += i64::from(self.is_working_day(day));
        }
        count
    }

    /// The minutes of office hours between two moments, 0 when `to` lies before `from`: how long a step really took.
    pub fn office_minutes_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        let (start, end) = (civil(from), civil(to));
        let (mut day, mut minutes) = (start.date(), 0);
        while day <= end.date() {
            if self.is_working_day(day) {
                for (open, close) in self.office.spans() {
                    let begin = if day == start.date() { start.time().max(*open) } else { *open };
                    let finish = if day == end.date() { end.time().min(*close) } else { *close };
                    minutes += i64::from(begin < finish) * minutes_of(begin, finish);
                }
            }
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        minutes
    }
}

/// Whole minutes from one time of day to another.
fn minutes_of(from: Time, to: Time) -> i64 {
    from.duration_until(to).as_secs() / 60
}

/// The civil moment in the legal zone.
pub(crate) fn civil(at: Timestamp) -> jiff::civil::DateTime {
    at.to_zoned(clock::legal_zone()).datetime()
}

/// The moment of a civil time in the legal zone, clamped to what a timestamp can hold.
pub(crate) fn moment(at: jiff::civil::DateTime) -> Timestamp {
    at.to_zoned(clock::legal_zone()).map_or(Timestamp::MAX, |zoned| zoned.timestamp())
}
