//! When a hall is open: hours for each day of the week, by the official calendar with its holidays and make-up working days.

use jiff::civil::{Date, Time, Weekday};
use kernel::calendar::Day;
use kernel::{Calendar, Timestamp, clock};

type Spans = Vec<(Time, Time)>;

/// The opening hours of a hall: `1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00` (1 is Monday). On holidays it is shut, on make-up working days
/// it has Monday's hours. With `*` in front it never shuts for a holiday: `* 1-7 00:00-24:00`.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Hours {
    days: [Spans; 7],
    holidays_too: bool,
}

/// Whether a hall is open at a moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is, until this time of the day.
    Open(Time),
    /// It is not, and opens then.
    Shut(Date, Time),
    /// It is not, and does not open within a month.
    ShutLong,
}

/// So many days ahead are looked through for the next opening.
const AHEAD: i32 = 31;

impl Hours {
    /// Reads hours.
    ///
    /// # Errors
    /// What cannot be read, in English, for whoever imports.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut hours = Self::default();
        let text = text.trim();
        let rest = text.strip_prefix('*').unwrap_or(text);
        hours.holidays_too = rest.len() < text.len();
        for part in rest.split(';').map(str::trim).filter(|p| !p.is_empty()) {
            let (days, spans) =
                part.split_once(' ').ok_or_else(|| format!("{part:?}: days, a space, then hours"))?;
            let spans = spans.split(',').map(|s| span(s.trim())).collect::<Result<Spans, _>>()?;
            if spans.windows(2).any(|w| matches!(w, [a, b] if a.1 > b.0)) {
                return Err(format!("{part:?}: the hours overlap or stand out of order"));
            }
            for day in days_of(days)? {
                if let Some(own) = hours.days.get_mut(day) {
                    own.clone_from(&spans);
                }
            }
        }
        if hours.days.iter().all(Vec::is_empty) {
            return Err("no hours at all".to_owned());
        }
        Ok(hours)
    }

    /// The hours of one date.
    pub fn on(&self, calendar: &Calendar, date: Date) -> &[(Time, Time)] {
        let weekday = match calendar.day(date) {
            Day::Holiday(_) if !self.holidays_too => return &[],
            Day::MakeUp(_) => Weekday::Monday,
            _ => date.weekday(),
        };
        let index = usize::try_from(weekday.to_monday_zero_offset()).unwrap_or(0);
        self.days.get(index).map_or(&[], Vec::as_slice)
    }

    /// Whether it is open at `at`.
    pub fn standing(&self, calendar: &Calendar, at: Timestamp) -> Standing {
        let local = at.to_zoned(clock::legal_zone());
        let (today, now) = (local.date(), local.time());
        if let Some(span) = self.on(calendar, today).iter().find(|s| s.0 <= now && now < s.1) {
            return Standing::Open(span.1);
        }
        let mut date = today;
        for ahead in 0..=AHEAD {
            let spans = self.on(calendar, date).iter();
            if let Some(span) = spans.into_iter().find(|s| ahead > 0 || s.0 > now) {
                return Standing::Shut(date, span.0);
            }
            let Ok(next) = date.tomorrow() else { break };
            date = next;
        }
        Standing::ShutLong
    }

    /// Whether tickets may be taken: open, within `early` minutes before, or in a break with more hours to come today.
    pub fn gives_tickets(&self, calendar: &Calendar, at: Timestamp, early: i64) -> bool {
        let local = at.to_zoned(clock::legal_zone());
        let spans = self.on(calendar, local.date());
        let (Some(first), Some(last)) = (spans.first(), spans.last()) else { return false };
        let minutes = |t: Time| i64::from(t.hour()) * 60 + i64::from(t.minute());
        minutes(local.time()) + early >= minutes(first.0) && local.time() < last.1
    }

    /// Minutes until it closes for the day; `None` when it is open past midnight.
    pub fn minutes_left(&self, calendar: &Calendar, at: Timestamp) -> Option<i64> {
        let local = at.to_zoned(clock::legal_zone());
        let closes = self.on(calendar, local.date()).last()?.1;
        let tomorrow = local.date().tomorrow().ok()?;
        let goes_on = self.on(calendar, tomorrow).first().is_some_and(|s| s.0 == Time::midnight());
        if closes == Time::MAX && goes_on {
            return None;
        }
        let minutes = |t: Time| i64::from(t.hour()) * 60 + i64::from(t.minute());
        let closes = if closes == Time::MAX { 24 * 60 } else { minutes(closes) };
        Some(closes - minutes(local.time()))
    }
}

fn span(text: &str) -> Result<(Time, Time), String> {
    let wrong = || format!("{text:?} is no span like 09:00-12:00");
    let (from, to) = text.split_once('-').ok_or_else(wrong)?;
    let (from, to) = (time(from).ok_or_else(wrong)?, time(to).ok_or_else(wrong)?);
    if from < to { Ok((from, to)) } else { Err(wrong()) }
}

fn time(text: &str) -> Option<Time> {
    if text == "24:00" {
        return Some(Time::MAX);
    }
    let (hour, minute) = text.split_once(':')?;
    Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok()
}

fn days_of(text: &str) -> Result<std::ops::Range<usize>, String> {
    let wrong = || format!("{text:?} are no days of the week like 1-5 or 6");
    let (from, to) = text.split_once('-').unwrap_or((text, text));
    let day = |t: &str| t.parse::<usize>().ok().filter(|d| (1..=7).contains(d)).ok_or_else(wrong);
    let (from, to) = (day(from)?, day(to)?);
    if from <= to { Ok(from - 1..to) } else { Err(wrong()) }
}
