//! The steps of a case side by side, as bars in plain SVG beside their words: what was, what is, what comes, and today.

use crate::{Room, WORDS};
use cases::show::Names;
use cases::{Bar, CaseView, StepState};
use kernel::{Lang, Timestamp, clock};
use page::format;

/// The width of the drawing, in its own units.
const WIDTH: i64 = 1_000;
/// The narrowest bar that is still seen.
const NARROW: i64 = 8;

/// A step as a row.
pub(crate) struct GanttRow {
    pub title: String,
    pub who: String,
    pub state: &'static str,
    pub word: String,
    pub dates: String,
    pub critical: bool,
    pub round: u32,
    pub plan: (i64, i64),
    pub real: Option<(i64, i64)>,
}

/// The drawing.
pub(crate) struct Gantt {
    pub rows: Vec<GanttRow>,
    pub today: Option<i64>,
    pub from: String,
    pub to: String,
    pub now: String,
}

/// The steps of the case; none when it has none.
pub(crate) fn gantt(
    room: &Room,
    view: &CaseView,
    names: &Names,
    now: Timestamp,
    lang: Lang,
) -> Option<Gantt> {
    let bars = cases::bars(view, &room.house.calendar, now);
    let begin = bars.iter().map(|b| b.from.unwrap_or(b.planned_from)).min()?;
    let end = bars.iter().map(|b| b.to.unwrap_or(b.planned_to).max(b.planned_to)).max()?;
    let ended = view.case.state.ended() || view.case.state.decision().is_some();
    let end = if ended { end } else { end.max(now) };
    let (first, last) = (begin.as_microsecond(), end.as_microsecond());
    let length = (last - first).max(1);
    let place = |at: Timestamp| {
        let part = i128::from((at.as_microsecond() - first).clamp(0, length)) * i128::from(WIDTH);
        i64::try_from(part / i128::from(length)).unwrap_or(0)
    };
    let day = |at: Timestamp| format::date(lang, clock::legal_date(at));
    let who = |bar: &Bar| who(room, view, &bar.id, names, lang);
    let rows = bars.iter().map(|bar| row(bar, who(bar), now, lang, &place)).collect();
    let today = (first..=last).contains(&now.as_microsecond()).then(|| place(now));
    Some(Gantt { rows, today, from: day(begin), to: day(end), now: day(now) })
}

fn row(bar: &Bar, who: String, now: Timestamp, lang: Lang, place: &dyn Fn(Timestamp) -> i64) -> GanttRow {
    let w = WORDS.say(lang);
    let span = |from: Timestamp, to: Timestamp| {
        let (from, to) = (place(from), place(to));
        let width = (to - from).max(NARROW);
        (from.min(WIDTH - NARROW), width.min(WIDTH - from.min(WIDTH - NARROW)))
    };
    let day = |at: Timestamp| format::date(lang, clock::legal_date(at));
    let skipped = bar.state == "skipped";
    let dates = match (bar.from, bar.to) {
        _ if skipped => String::new(),
        (Some(from), Some(to)) => format!("{} – {}", day(from), day(to)),
        (Some(from), None) => w.with("gantt-since", &[("from", day(from)), ("to", day(bar.planned_to))]),
        (None, _) => w.with("gantt-planned", &[("from", day(bar.planned_from)), ("to", day(bar.planned_to))]),
    };
    GanttRow {
        title: bar.title.get(lang).to_owned(),
        who,
        state: bar.state,
        word: w.t(&format!("step-{}", bar.state)).into_owned(),
        dates,
        critical: bar.critical && !skipped,
        round: bar.round,
        plan: span(bar.planned_from, bar.planned_to),
        real: bar.from.filter(|_| !skipped).map(|from| span(from, bar.to.unwrap_or(now))),
    }
}

fn who(room: &Room, view: &CaseView, id: &str, names: &Names, lang: Lang) -> String {
    match view.case.step(id).map(|s| &s.state) {
        Some(StepState::Open { seats, .. }) => {
            let lines = seats.iter().filter_map(|s| s.external.as_deref());
            let lines: Vec<String> = lines.map(|id| room.system(id, lang)).collect();
            let signers = cases::show::signers(seats, names, lang);
            if lines.is_empty() { signers } else { format!("{signers} · {}", lines.join(" ")) }
        }
        Some(StepState::Passed { by, .. } | StepState::Failed { by, .. }) => {
            cases::show::done_by(by, names, lang)
        }
        _ => String::new(),
    }
}
