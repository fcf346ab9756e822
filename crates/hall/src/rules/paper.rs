//! Numbers on paper: what a block may hold, when what happened on paper may be recorded, and what is not accounted for.

use super::{paper_refuse as refuse, refuse::field};
use crate::model::{BlockState, Letter, PaperKind, PaperState};
use crate::settings::Settings;
use crate::store::{BlockRow, Business, PaperRow};
use crate::verbs::day_of;
use jiff::civil::Date;
use kernel::codes::{CaseNumber, PaperNumber};
use kernel::term::Term;
use kernel::{Calendar, FieldError, Refusal, Text, Timestamp};

/// Characters of what was done, or is missing, or of a reason, at most.
const WORDS_MAX: usize = 500;

/// What the head of a hall asks for.
#[derive(Debug, Clone, Default)]
pub struct NewBlock {
    /// Its day; for stock when absent.
    pub day: Option<Date>,
    /// The account of whoever keeps it.
    pub keeper: String,
    /// How many forms.
    pub forms: i64,
    /// How many slips for each business.
    pub slips: Vec<(Letter, i64)>,
}

/// How it ended for whoever had a slip, as it is written on the control sheet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SlipEnd {
    /// The slip.
    pub number: String,
    /// When.
    pub at: Timestamp,
    /// At which window.
    pub window: Option<String>,
    /// How.
    pub how: PaperState,
    /// The case or the form; what was done; what is missing.
    pub what: String,
}

/// Whether a block of this size may be issued for its day.
pub(crate) fn may_issue(
    new: &NewBlock,
    letters: &[Business],
    today: Date,
    terms: &Settings,
) -> Result<(), Refusal> {
    let slips: i64 = new.slips.iter().map(|(_, count)| *count).sum();
    let known = |letter: &Letter| letters.iter().any(|b| b.letter == *letter);
    if !new.slips.iter().all(|(letter, count)| known(letter) && *count >= 0) {
        return Err(super::refuse::no_business());
    }
    if !(0..=terms.paper_forms).contains(&new.forms) || slips > terms.paper_slips {
        return Err(refuse::too_many(terms));
    }
    if new.forms + slips == 0 {
        return Err(refuse::nothing());
    }
    let last = today.checked_add(jiff::Span::new().days(terms.paper_ahead_days)).unwrap_or(Date::MAX);
    match new.day {
        Some(day) if day < today || day > last => Err(refuse::wrong_day(terms)),
        _ => Ok(()),
    }
}

/// The last moment at which what happened at `at` may be recorded.
pub(crate) fn deadline(block: &BlockRow, at: Timestamp, calendar: &Calendar, terms: &Settings) -> Timestamp {
    let due = calendar.due(at, Term::working_days(terms.paper_record_days)).at;
    block.extended_until.map_or(due, |until| until.max(due))
}

/// Whether it may be recorded now that a number was used at `at`.
pub(crate) fn may_record(
    block: &BlockRow,
    paper: &PaperRow,
    (at, now): (Timestamp, Timestamp),
    calendar: &Calendar,
    terms: &Settings,
) -> Result<(), Refusal> {
    match paper.state {
        PaperState::Out => {}
        PaperState::Void => return Err(refuse::void(&paper.number)),
        _ => return Err(refuse::recorded(paper)),
    }
    if at > now {
        return Err(refuse::future());
    }
    // What is written by hand has no seconds.
    if at.as_second() / 60 < block.issued_at.as_second() / 60 {
        return Err(refuse::before_issue(block.issued_at));
    }
    if block.day.as_ref().is_some_and(|day| day_of(at) != *day) || at >= block.hand_out_until {
        return Err(refuse::not_its_time(block));
    }
    if now > deadline(block, at, calendar, terms) {
        return Err(refuse::too_late(terms));
    }
    Ok(())
}

/// What is wrong with how a slip ended; each error stands at its line.
pub(crate) fn complete(end: &SlipEnd) -> Result<(), FieldError> {
    let wrong = |name: &str, say: Text| Err(FieldError { field: format!("{name}.{}", end.number), say });
    let what = end.what.trim();
    let reference = what.parse::<CaseNumber>().is_ok() || PaperNumber::read(what).is_ok();
    match end.how {
        PaperState::Filed if !reference => wrong("what", refuse::say_reference()),
        PaperState::Done | PaperState::Missing if !words(what) => wrong("what", refuse::say_what()),
        PaperState::Filed | PaperState::Done | PaperState::Missing | PaperState::Left => Ok(()),
        PaperState::Out | PaperState::Void => wrong("how", refuse::say_how()),
    }
}

/// Whether something is said, and not too much.
fn words(text: &str) -> bool {
    (1..=WORDS_MAX).contains(&text.trim().chars().count())
}

/// A reason that says something.
pub(crate) fn reason(text: &str) -> Result<String, Refusal> {
    match text.trim() {
        why if words(why) => Ok(why.to_owned()),
        _ => Err(field("hall.paper-why", "why", refuse::say_why())),
    }
}

/// The numbers from `from` to `to` that are not accounted for.
pub(crate) fn still_out<'a>(
    papers: &'a [PaperRow],
    from: &str,
    to: &str,
) -> Result<Vec<&'a PaperRow>, Refusal> {
    let place = |number: &str| papers.iter().position(|p| p.number == number);
    let first = place(from).ok_or_else(|| refuse::no_number("from"))?;
    let last = place(to).ok_or_else(|| refuse::no_number("to"))?;
    let range = papers.get(first..=last).ok_or_else(|| refuse::no_number("to"))?;
    let same = |p: &PaperRow| range.first().is_some_and(|f| (f.kind, f.letter) == (p.kind, p.letter));
    if !range.iter().all(same) {
        return Err(refuse::no_number("to"));
    }
    let out: Vec<&PaperRow> = range.iter().filter(|p| p.state == PaperState::Out).collect();
    if out.is_empty() { Err(refuse::nothing_out()) } else { Ok(out) }
}

/// The state that a block is in by its time alone.
pub(crate) fn by_time(block: &BlockRow, now: Timestamp) -> BlockState {
    if now >= block.hand_out_until { BlockState::Lapsed } else { BlockState::Issued }
}

/// What is not accounted for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unrecorded {
    /// The numbers.
    pub numbers: Vec<String>,
    /// Since which day.
    pub since: String,
    /// How many days ago that was.
    pub days: i64,
}

/// Numbers that were used and not recorded, as far as can be known: papers are handed out in their order, so that one before a number that
/// was recorded was used too; when the block's time is over, all that are out.
pub(crate) fn unrecorded(block: &BlockRow, papers: &[PaperRow], now: Timestamp) -> Option<Unrecorded> {
    if block.state == BlockState::Returned {
        return None;
    }
    let over = by_time(block, now) == BlockState::Lapsed;
    let used = |p: &PaperRow| !matches!(p.state, PaperState::Out | PaperState::Void);
    let waits = |p: &&PaperRow| {
        let later = |q: &PaperRow| (q.kind, q.letter) == (p.kind, p.letter) && q.serial > p.serial && used(q);
        p.state == PaperState::Out && (over || papers.iter().any(later))
    };
    let numbers: Vec<String> = papers.iter().filter(waits).map(|p| p.number.clone()).collect();
    if numbers.is_empty() {
        return None;
    }
    let first = papers.iter().filter_map(|p| p.at).min();
    let since = block.day.clone().unwrap_or_else(|| day_of(first.unwrap_or(block.hand_out_until)));
    let date = |day: &str| day.parse::<Date>().ok();
    let days = date(&since).zip(date(&day_of(now))).and_then(|(from, to)| to.since(from).ok());
    Some(Unrecorded { numbers, since, days: days.map_or(0, |span| i64::from(span.get_days())) })
}

/// How many numbers of a kind are used, void and out.
pub(crate) fn account(papers: &[PaperRow], kind: PaperKind) -> (usize, usize, usize) {
    let of = |f: fn(PaperState) -> bool| papers.iter().filter(|p| p.kind == kind && f(p.state)).count();
    (
        of(|s| !matches!(s, PaperState::Out | PaperState::Void)),
        of(|s| s == PaperState::Void),
        of(|s| s == PaperState::Out),
    )
}
