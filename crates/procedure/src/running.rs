//! A term that runs: since when, how long, until when, why, what stood still, what was added and what became of it.

use crate::{Exclusion, Extension, Law, TermKind, TermState};
use kernel::calendar::{Pause, Why};
use kernel::{Calendar, Due, Lang, Term, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// A term with its reckoning. It is kept in the events, so that what was told to the applicant never changes when the
/// calendar is edited later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningTerm {
    /// What it is for.
    pub kind: TermKind,
    /// The moment it runs from; that day is day 0.
    pub from: Timestamp,
    /// How long it was when it began.
    pub term: Term,
    /// Until when, and which days were counted and skipped; with what stood still and what was added.
    pub due: Due,
    /// By which law; `None` when it is the agency's own promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<Law>,
    /// What became of it.
    pub state: TermState,
    /// Time that does not count, in the order it began.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Exclusion>,
    /// What was told before, the oldest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub earlier: Vec<Due>,
    /// More time granted.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub extended: Vec<Extension>,
}

impl RunningTerm {
    /// A term that starts to run at `from`.
    pub fn start(kind: TermKind, from: Timestamp, term: Term, law: Option<Law>, calendar: &Calendar) -> Self {
        let due = calendar.due(from, term);
        let (excluded, earlier, extended) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, from, term, due, law, state: TermState::Running, excluded, earlier, extended }
    }

    /// Whether it still runs, standing still or not.
    pub fn runs(&self) -> bool {
        self.state == TermState::Running
    }

    /// The procedure during which it stands still at present.
    pub fn paused(&self) -> Option<&Exclusion> {
        self.excluded.iter().find(|e| self.runs() && e.kind.stops() && e.to.is_none())
    }

    /// When it will pass unless something happens; `None` when it no longer runs, or stands still in time.
    pub fn deadline(&self) -> Option<Timestamp> {
        (self.runs() && !self.rests()).then_some(self.due.at)
    }

    /// Whether it runs and its end has passed; while it stands still it does not pass.
    pub fn passed(&self, now: Timestamp) -> bool {
        self.deadline().is_some_and(|due| now > due)
    }

    /// Whether it stands still since before its end: what was late already is not made timely by a suspension.
    fn rests(&self) -> bool {
        self.paused().is_some_and(|e| e.from <= self.due.at)
    }

    /// What it demands was done at `at`.
    pub fn meet(&mut self, at: Timestamp) {
        if self.runs() {
            let in_time = at <= self.due.at || self.rests();
            self.state = if in_time { TermState::Met(at) } else { TermState::MetLate(at) };
        }
    }

    /// It no longer counts since `at`.
    pub fn stop(&mut self, at: Timestamp) {
        if self.runs() {
            self.state = TermState::Stopped(at);
        }
    }

    /// It stands still while this procedure lasts; an ordinary suspension is noted and stops nothing. Nothing happens when it
    /// stands still already.
    pub fn pause(&mut self, exclusion: Exclusion) {
        if self.runs() && !self.excluded.iter().any(|e| e.to.is_none()) {
            self.excluded.push(exclusion);
        }
    }

    /// The procedure ended at `at`: the new end is reckoned, and what was told before is kept.
    pub fn resume(&mut self, at: Timestamp, calendar: &Calendar) {
        if !self.runs() {
            return;
        }
        let Some(open) = self.excluded.iter_mut().find(|e| e.to.is_none()) else { return };
        open.to = Some(at.max(open.from));
        self.reckon(calendar);
    }

    /// More time is granted: the new end is reckoned, and what was told before is kept.
    pub fn extend(&mut self, extension: Extension, calendar: &Calendar) {
        if self.runs() {
            self.extended.push(extension);
            self.reckon(calendar);
        }
    }

    /// Reckons the end anew from the beginning, with everything that stood still and was added.
    fn reckon(&mut self, calendar: &Calendar) {
        let pauses: Vec<Pause> = self.excluded.iter().filter_map(pause).collect();
        let same = |e: &&Extension| e.by.unit == self.term.unit;
        let more: u32 = self.extended.iter().filter(same).map(|e| e.by.count).sum();
        let whole = Term { count: self.term.count.saturating_add(more), unit: self.term.unit };
        let mut due = calendar.due_pausing(self.from, whole, &pauses);
        // Time in another unit follows on the last day of what came before it, whatever the hour.
        let onward = calendar.clone().after_hours_next_day(false);
        for extension in self.extended.iter().filter(|e| e.by.unit != self.term.unit) {
            let next = onward.due_pausing(due.at, extension.by, &pauses);
            let mut why = std::mem::take(&mut due.why);
            why.extend(next.why.into_iter().filter(|w| !matches!(w, Why::From { .. })));
            let provisional = due.provisional || next.provisional;
            due = Due { why, provisional, term: due.term, ..next };
        }
        if due != self.due {
            let told = std::mem::replace(&mut self.due, due);
            self.earlier.push(told);
        }
    }

    /// The whole reckoning in sentences: days counted, holidays skipped, what stood still, what was added, by which article,
    /// and what was told before.
    pub fn explain(&self, lang: Lang) -> Vec<String> {
        let mut out = self.due.explain(lang);
        if let Some(law) = &self.law {
            let cite = law.cite();
            out.push(match lang {
                Lang::ZhCn => format!("依据：{}。", cite.zh),
                Lang::En => format!("By law: {}.", cite.en),
            });
        }
        out.extend(self.extended.iter().map(|e| extension(e, lang)));
        out.extend(self.excluded.iter().map(|e| exclusion(e, lang)));
        out.extend(self.told(lang));
        out
    }

    /// The ends that were told before, `None` when the first one stands.
    fn told(&self, lang: Lang) -> Option<String> {
        let days: Vec<String> = self.earlier.iter().map(|d| day(d.date, lang)).collect();
        let now = day(self.due.date, lang);
        (!days.is_empty()).then(|| match lang {
            Lang::ZhCn => format!("原截止日期：{}；现截止日期：{now}。", days.join("、")),
            Lang::En => format!("Due before: {}; due now: {now}.", days.join(", ")),
        })
    }
}

/// What does not count, as the calendar reckons it; `None` while it lasts and for what stops nothing.
fn pause(e: &Exclusion) -> Option<Pause> {
    let to = e.to.filter(|_| e.kind.stops())?;
    let name = e.kind.name();
    let article = match e.law.as_ref().map(Law::cite) {
        Some(law) => Text::new(format!("{}（{}）", law.zh, name.zh), format!("{} ({})", law.en, name.en)),
        None => name,
    };
    Some(Pause { from: e.from, to, article })
}

fn extension(e: &Extension, lang: Lang) -> String {
    let (term, cite) = (e.by.text(), e.law.cite());
    let at = day(kernel::clock::legal_date(e.at), lang);
    match lang {
        Lang::ZhCn => format!("{at}延长{}，依据{}，理由：{}。", term.zh, cite.zh, bare(&e.reason)),
        Lang::En => {
            format!("Extended on {at} by {} under {}; reason: {}.", term.en, cite.en, bare(&e.reason))
        }
    }
}

fn exclusion(e: &Exclusion, lang: Lang) -> String {
    let date = |at: Timestamp| day(kernel::clock::legal_date(at), lang);
    let (name, from, reason) = (e.kind.name(), date(e.from), bare(&e.reason));
    let effect = match (e.kind.stops(), lang) {
        (true, Lang::ZhCn) => "其间不计入期限",
        (true, Lang::En) => "not counted",
        (false, Lang::ZhCn) => "期限照常计算",
        (false, Lang::En) => "the term goes on",
    };
    match (e.to.map(date), lang) {
        (Some(to), Lang::ZhCn) => format!("{}：{from}开始，{to}结束，{effect}；事由：{reason}。", name.zh),
        (None, Lang::ZhCn) => format!("{}：{from}开始，尚未结束，{effect}；事由：{reason}。", name.zh),
        (Some(to), Lang::En) => {
            format!("{}: began on {from}, ended on {to}, {effect}; cause: {reason}.", name.en)
        }
        (None, Lang::En) => {
            format!("{}: began on {from}, still going on, {effect}; cause: {reason}.", name.en)
        }
    }
}

/// A reason without the full stop that the sentence around it brings.
fn bare(reason: &str) -> &str {
    reason.trim().trim_end_matches(['。', '.', '；', ';'])
}

/// 2026年2月10日, 10 February 2026.
pub(crate) fn day(date: jiff::civil::Date, lang: Lang) -> String {
    match lang {
        Lang::ZhCn => format!("{}年{}月{}日", date.year(), date.month(), date.day()),
        Lang::En => date.strftime("%-d %B %Y").to_string(),
    }
}
