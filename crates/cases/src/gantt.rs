//! Steps side by side, as bars in plain SVG beside their words: what was, what is, what comes, and today. One drawing for the desk (one
//! case) and for the applicant's matter (all its cases); on a telephone it is a list.

use crate::WORDS;
use crate::model::StepState;
use crate::queries::{Bar, CaseView};
use crate::show::{self, Names};
use kernel::{Lang, Timestamp, clock};
use page::{Html, Say, format};

/// The width of the drawing, in its own units.
const WIDTH: i64 = 1_000;
/// The narrowest bar that is still seen.
const NARROW: i64 = 8;

/// A case with its steps.
pub struct Lane<'a> {
    /// The case.
    pub view: &'a CaseView,
    /// Its steps.
    pub bars: &'a [Bar],
}

/// What the drawing is made with.
pub struct Brush<'a> {
    /// The names of agencies.
    pub names: &'a Names,
    /// The name of a line system; empty where it is of no interest.
    pub system: &'a dyn Fn(&str) -> String,
    /// Whether the end of the whole hangs on this step of this item.
    pub critical: &'a dyn Fn(&str, &Bar) -> bool,
    /// The present moment.
    pub now: Timestamp,
    /// The language.
    pub lang: Lang,
}

struct Row {
    title: String,
    who: String,
    state: &'static str,
    word: String,
    dates: String,
    critical: bool,
    round: u32,
    plan: (i64, i64),
    real: Option<(i64, i64)>,
}

struct Group {
    /// The item; empty when there is only one case.
    name: String,
    rows: Vec<Row>,
}

#[derive(askama::Template)]
#[template(path = "gantt.html")]
struct Drawing {
    w: Say,
    groups: Vec<Group>,
    today: Option<i64>,
    from: String,
    to: String,
    now: String,
}

/// The time that is drawn.
struct Scale {
    first: i64,
    length: i64,
}

impl Scale {
    fn place(&self, at: Timestamp) -> i64 {
        let part = i128::from((at.as_microsecond() - self.first).clamp(0, self.length)) * i128::from(WIDTH);
        i64::try_from(part / i128::from(self.length)).unwrap_or(0)
    }

    fn span(&self, from: Timestamp, to: Timestamp) -> (i64, i64) {
        let (from, to) = (self.place(from), self.place(to));
        let (start, width) = (from.min(WIDTH - NARROW), (to - from).max(NARROW));
        (start, width.min(WIDTH - start))
    }
}

/// The drawing; none when there are no steps.
pub fn gantt(lanes: &[Lane<'_>], brush: &Brush<'_>) -> Option<Html> {
    let bars = || lanes.iter().flat_map(|lane| lane.bars);
    let begin = bars().map(|b| b.from.unwrap_or(b.planned_from)).min()?;
    let end = bars().map(|b| b.to.unwrap_or(b.planned_to).max(b.planned_to)).max()?;
    let ended = |lane: &Lane<'_>| lane.view.case.state.ended() || lane.view.case.state.decision().is_some();
    let end = if lanes.iter().all(ended) { end } else { end.max(brush.now) };
    let (first, last) = (begin.as_microsecond(), end.as_microsecond());
    let scale = Scale { first, length: (last - first).max(1) };
    let day = |at: Timestamp| format::date(brush.lang, clock::legal_date(at));
    let group = |lane: &Lane<'_>| Group {
        name: if lanes.len() > 1 {
            lane.view.item.item.name.get(brush.lang).to_owned()
        } else {
            String::new()
        },
        rows: lane.bars.iter().map(|bar| row(lane.view, bar, brush, &scale)).collect(),
    };
    let drawing = Drawing {
        w: WORDS.say(brush.lang),
        groups: lanes.iter().map(group).collect(),
        today: (first..=last).contains(&brush.now.as_microsecond()).then(|| scale.place(brush.now)),
        from: day(begin),
        to: day(end),
        now: day(brush.now),
    };
    askama::Template::render(&drawing).ok().map(Html)
}

fn row(view: &CaseView, bar: &Bar, brush: &Brush<'_>, scale: &Scale) -> Row {
    let (lang, w) = (brush.lang, WORDS.say(brush.lang));
    let day = |at: Timestamp| format::date(lang, clock::legal_date(at));
    let skipped = bar.state == "skipped";
    let dates = match (bar.from, bar.to) {
        _ if skipped => String::new(),
        (Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        (Some(from), None) => w.with("gantt-since", &[("from", day(from)), ("to", day(bar.planned_to))]),
        (None, _) => w.with("gantt-planned", &[("from", day(bar.planned_from)), ("to", day(bar.planned_to))]),
    };
    Row {
        title: bar.title.get(lang).to_owned(),
        who: who(view, &bar.id, brush),
        state: bar.state,
        word: w.t(&format!("bar-{}", bar.state)).into_owned(),
        dates,
        critical: !skipped && (brush.critical)(&view.case.item_key, bar),
        round: bar.round,
        plan: scale.span(bar.planned_from, bar.planned_to),
        real: bar.from.filter(|_| !skipped).map(|from| scale.span(from, bar.to.unwrap_or(brush.now))),
    }
}

fn who(view: &CaseView, id: &str, brush: &Brush<'_>) -> String {
    match view.case.step(id).map(|s| &s.state) {
        Some(StepState::Open { seats, .. }) => {
            let lines = seats.iter().filter_map(|s| s.external.as_deref()).map(brush.system);
            let lines: Vec<String> = lines.filter(|name| !name.is_empty()).collect();
            let signers = show::signers(seats, brush.names, brush.lang);
            if lines.is_empty() { signers } else { format!("{signers} · {}", lines.join(" ")) }
        }
        Some(StepState::Passed { by, .. } | StepState::Failed { by, .. }) => {
            show::done_by(by, brush.names, brush.lang)
        }
        _ => String::new(),
    }
}
