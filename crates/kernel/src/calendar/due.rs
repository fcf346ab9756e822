//! Due dates, and the reckoning behind them.

use super::{Calendar, Day, civil, moment};
use crate::{Term, TermUnit, Text, Timestamp};
use jiff::civil::{Date, Time, time};
use serde::{Deserialize, Serialize};

/// Days that do not count, both ends included, and by which article (听证、检验、鉴定 …).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Span {
    /// The first day excluded.
    pub from: Date,
    /// The last day excluded.
    pub to: Date,
    /// The ground: 行政许可法第四十五条.
    pub article: Text,
}

/// Time during which a term stands still, from one moment to another, and by which article. In terms of days the day on
/// which it begins does not count and the day on which it ends does; in terms of office hours the hours between do not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// When it began.
    pub from: Timestamp,
    /// When it ended.
    pub to: Timestamp,
    /// The ground: 行政许可法第四十五条.
    pub article: Text,
}

impl Pause {
    /// The days that do not count; `None` when it began and ended on one day.
    fn days(&self) -> Option<Span> {
        let (from, to) = (civil(self.from).date(), civil(self.to).date().yesterday().ok()?);
        (from <= to).then(|| Span { from, to, article: self.article.clone() })
    }
}

/// One line of the reckoning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind")]
pub enum Why {
    /// Day 0: the term runs from this moment.
    From {
        /// The day of receipt.
        date: Date,
        /// The time of day.
        time: Time,
    },
    /// It arrived after office hours or on a day off and counts as received on this day.
    ReceivedOn {
        /// The next working day.
        date: Date,
    },
    /// Days that count, in a row.
    Counted {
        /// The first of them.
        from: Date,
        /// The last of them.
        to: Date,
        /// How many have counted with them, from 1.
        nth: u32,
        /// The holiday for which these weekend days are worked.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        make_up: Option<Text>,
    },
    /// Office hours that count.
    Hours {
        /// The day.
        date: Date,
        /// From this time of day.
        from: Time,
        /// To this time of day.
        to: Time,
        /// Whole minutes.
        minutes: i64,
    },
    /// Saturdays and Sundays in a row.
    Weekend {
        /// The first of them.
        from: Date,
        /// The last of them.
        to: Date,
    },
    /// Days of a holiday in a row.
    Holiday {
        /// The first of them.
        from: Date,
        /// The last of them.
        to: Date,
        /// Which.
        name: Text,
    },
    /// Days excluded by law.
    Excluded {
        /// The first of them.
        from: Date,
        /// The last of them that the reckoning met.
        to: Date,
        /// The ground.
        article: Text,
    },
    /// The last day was a day off: the term ends with this one.
    Moved {
        /// The next working day.
        date: Date,
    },
    /// From this day on the holidays are not yet (or not) known.
    Unknown {
        /// The first day outside the table.
        date: Date,
    },
}

/// When a term ends, and why then.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Due {
    /// The last day.
    pub date: Date,
    /// The last moment in time: `now <= at` is in time.
    pub at: Timestamp,
    /// Whether a day was met of which the table does not know whether it is a holiday.
    pub provisional: bool,
    /// The term.
    pub term: Term,
    /// The reckoning, in order of the days.
    pub why: Vec<Why>,
}

/// The end of a day, its last whole microsecond.
const END: Time = time(23, 59, 59, 999_999_000);

/// One reckoning while it runs.
struct Reckoning<'a> {
    calendar: &'a Calendar,
    excluded: &'a [Span],
    pauses: &'a [Pause],
    why: Vec<Why>,
    provisional: bool,
}

impl Reckoning<'_> {
    /// Adds a line, or a day to the line before when that is of one sort with it: terms are kept with every case.
    fn note(&mut self, why: Why) {
        let next = |last: &Date, first: &Date| last.tomorrow().ok() == Some(*first);
        match (self.why.last_mut(), &why) {
            (
                Some(Why::Counted { to, nth, make_up, .. }),
                Why::Counted { from, nth: now, make_up: also, .. },
            ) if make_up == also && next(to, from) => {
                (*to, *nth) = (*from, *now);
            }
            (Some(Why::Weekend { to, .. }), Why::Weekend { from, .. }) if next(to, from) => *to = *from,
            (Some(Why::Holiday { to, name, .. }), Why::Holiday { from, name: also, .. })
                if name == also && next(to, from) =>
            {
                *to = *from;
            }
            (Some(Why::Excluded { to, article, .. }), Why::Excluded { from, article: also, .. })
                if article == also && next(to, from) =>
            {
                *to = *from;
            }
            _ => self.why.push(why),
        }
    }

    /// Looks at a day: `Some` when it is a working day not excluded; otherwise notes why not. `all` counts days off too.
    fn counts(&mut self, date: Date, all: bool) -> Option<Option<Text>> {
        if let Some(span) = self.excluded.iter().find(|s| s.from <= date && date <= s.to) {
            let article = span.article.clone();
            self.note(Why::Excluded { from: date, to: date, article });
            return None;
        }
        if all {
            return Some(None);
        }
        self.works(date)
    }

    /// As [`Reckoning::counts`], without the excluded spans.
    fn works(&mut self, date: Date) -> Option<Option<Text>> {
        if !self.calendar.covers(date) && !self.provisional {
            self.provisional = true;
            self.why.push(Why::Unknown { date });
        }
        match self.calendar.day(date) {
            Day::Working => Some(None),
            Day::MakeUp(name) => Some(Some(name.clone())),
            Day::Weekend => {
                self.note(Why::Weekend { from: date, to: date });
                None
            }
            Day::Holiday(name) => {
                self.note(Why::Holiday { from: date, to: date, name: name.clone() });
                None
            }
        }
    }

    /// Counts so many days after `day`, each from its first moment.
    fn days(&mut self, mut day: Date, count: u32, all: bool) -> Date {
        let mut nth = 0;
        while nth < count {
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => {
                    self.provisional = true;
                    break;
                }
            }
            if let Some(make_up) = self.counts(day, all) {
                nth += 1;
                self.note(Why::Counted { from: day, to: day, nth, make_up });
            }
        }
        day
    }

    /// Moves to the first day that is no day off, this one included.
    fn working_from(&mut self, mut day: Date) -> Date {
        let first = day;
        while self.works(day).is_none() {
            match day.tomorrow() {
                Ok(next) => day = next,
                Err(_) => break,
            }
        }
        if day != first {
            self.why.push(Why::Moved { date: day });
        }
        day
    }

    /// The office hours of a day from a time on, without those in which the term stands still.
    fn office_hours_of(&mut self, day: Date, from: Time) -> Vec<(Time, Time)> {
        let open = self.calendar.office.spans().iter().map(|(open, close)| (from.max(*open), *close));
        let mut hours: Vec<(Time, Time)> = open.filter(|(open, close)| open < close).collect();
        for pause in self.pauses {
            let (begin, end) = (civil(pause.from), civil(pause.to));
            if day < begin.date() || end.date() < day {
                continue;
            }
            let begin = if begin.date() < day { Time::midnight() } else { begin.time() };
            let end = if day < end.date() { Time::MAX } else { end.time() };
            let kept = |(open, close): (Time, Time)| {
                [(open, close.min(begin)), (open.max(end), close)].into_iter().filter(|(a, b)| a < b)
            };
            let left: Vec<(Time, Time)> = hours.iter().copied().flat_map(kept).collect();
            if left != hours {
                self.note(Why::Excluded { from: day, to: day, article: pause.article.clone() });
            }
            hours = left;
        }
        hours
    }

    /// Counts office hours from a moment on.
    fn hours(&mut self, from: jiff::civil::DateTime, hours: u32) -> jiff::civil::DateTime {
        let mut left = i64::from(hours) * 3_600_000_000;
        let (mut day, mut now) = (from.date(), from.time());
        loop {
            if self.counts(day, false).is_some() {
                for (begin, close) in self.office_hours_of(day, now) {
                    let has = begin.duration_until(close).as_micros();
                    let Ok(has) = i64::try_from(has) else { continue };
                    if has <= 0 {
                        continue;
                    }
                    let takes = left.min(has);
                    let end = begin.saturating_add(jiff::SignedDuration::from_micros(takes));
                    let minutes = takes / 60_000_000;
                    self.why.push(Why::Hours { date: day, from: begin, to: end, minutes });
                    left -= takes;
                    if left == 0 {
                        return day.to_datetime(end);
                    }
                }
            }
            match day.tomorrow() {
                Ok(next) => (day, now) = (next, Time::midnight()),
                Err(_) => return day.to_datetime(END),
            }
        }
    }
}

impl Calendar {
    /// When a term that runs from `from` ends.
    pub fn due(&self, from: Timestamp, term: Term) -> Due {
        self.due_excluding(from, term, &[])
    }

    /// When a term ends that runs from a day, whatever the hour (day 0).
    pub fn due_from_date(&self, from: Date, term: Term) -> Due {
        let at = from.to_datetime(self.office.spans().first().map_or(Time::midnight(), |s| s.0));
        self.due_excluding(moment(at), term, &[])
    }

    /// When a term ends in which some days do not count.
    pub fn due_excluding(&self, from: Timestamp, term: Term, excluded: &[Span]) -> Due {
        self.reckon(from, term, excluded, &[])
    }

    /// When a term ends that stands still meanwhile.
    pub fn due_pausing(&self, from: Timestamp, term: Term, pauses: &[Pause]) -> Due {
        match term.unit {
            TermUnit::OfficeHours => self.reckon(from, term, &[], pauses),
            TermUnit::WorkingDays | TermUnit::Days => {
                let days: Vec<Span> = pauses.iter().filter_map(Pause::days).collect();
                self.reckon(from, term, &days, &[])
            }
        }
    }

    fn reckon(&self, from: Timestamp, term: Term, excluded: &[Span], pauses: &[Pause]) -> Due {
        let start = civil(from);
        let mut reckoning =
            Reckoning { calendar: self, excluded, pauses, why: Vec::new(), provisional: false };
        reckoning.why.push(Why::From { date: start.date(), time: start.time() });
        let mut day = start.date();
        // A day off is after office hours too: what comes on Saturday is not received before what came on Friday night.
        let late = !self.is_working_day(day) || start.time() > self.office.closes();
        if term.unit != TermUnit::OfficeHours && self.after_hours_next_day && late {
            reckoning.provisional |= !self.covers(day);
            day = self.next_working_day(day);
            reckoning.provisional |= !self.covers(day);
            reckoning.why.push(Why::ReceivedOn { date: day });
        }
        let end = match term.unit {
            TermUnit::OfficeHours if term.count == 0 => start,
            TermUnit::OfficeHours => reckoning.hours(start, term.count),
            TermUnit::WorkingDays if term.count == 0 => reckoning.working_from(day).to_datetime(END),
            TermUnit::WorkingDays => reckoning.days(day, term.count, false).to_datetime(END),
            TermUnit::Days => {
                let last = reckoning.days(day, term.count, true);
                let moves = self.last_day_off_moves && term.count > 0;
                let last = if moves { reckoning.working_from(last) } else { last };
                last.to_datetime(END)
            }
        };
        let Reckoning { why, provisional, .. } = reckoning;
        Due { date: end.date(), at: moment(end), provisional, term, why }
    }
}
