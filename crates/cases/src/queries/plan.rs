//! The steps of a case as bars: when each began and ended, when it should end, and the path that decides the whole.

use super::CaseView;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::{self, BandShown};
use kernel::{Calendar, Text, Timestamp};
use procedure::TermKind;
use std::collections::BTreeMap;

/// A step of a case as a bar.
#[derive(Debug, Clone)]
pub struct Bar {
    /// The step.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// The steps before it.
    pub after: Vec<String>,
    /// `waiting`, `held`, `open`, `passed`, `failed` or `skipped`.
    pub state: &'static str,
    /// When it began, in its last round.
    pub from: Option<Timestamp>,
    /// When it ended.
    pub to: Option<Timestamp>,
    /// When it should begin, for one whose turn has not come; when it began otherwise.
    pub planned_from: Timestamp,
    /// When it should end.
    pub planned_to: Timestamp,
    /// Which round it is in.
    pub round: u32,
    /// Whether the end of the whole depends on it.
    pub critical: bool,
    /// The band of its standard that applies now, for an open step.
    pub band: Option<BandShown>,
}

/// The steps of a case as bars, in the order of its item: what was is told from the events, what comes is reckoned from the
/// terms of the steps, each after those before it.
pub fn bars(view: &CaseView, calendar: &Calendar, now: Timestamp) -> Vec<Bar> {
    bars_from(view, calendar, now, &BTreeMap::new())
}

/// The same where steps do not begin before a moment: what another case of the matter must bring first.
pub(crate) fn bars_from(
    view: &CaseView,
    calendar: &Calendar,
    now: Timestamp,
    floors: &BTreeMap<String, Timestamp>,
) -> Vec<Bar> {
    let mut bars: Vec<Bar> = Vec::new();
    for spec in &view.item.item.process {
        let Some(step) = view.case.step(&spec.id) else { continue };
        let floor = floors.get(&spec.id).copied();
        let bar = one(view, spec, step, (&bars, floor), calendar, now);
        bars.push(bar);
    }
    mark(&mut bars);
    bars
}

fn one(
    view: &CaseView,
    spec: &catalog::Step,
    step: &Step,
    (before, floor): (&[Bar], Option<Timestamp>),
    calendar: &Calendar,
    now: Timestamp,
) -> Bar {
    let (from, to) = spans(view, &spec.id);
    let ended = |id: &String| before.iter().find(|b| b.id == *id).map(|b| b.to.unwrap_or(b.planned_to));
    let begin = spec.after.iter().filter_map(ended).chain(floor).max().unwrap_or(view.case.filed_at);
    let planned_from = from.unwrap_or_else(|| begin.max(now));
    let own = view.case.running(&TermKind::Step(spec.id.clone())).map(|t| t.due.at);
    let length = spec.publicity.or(spec.term);
    let planned_to = own
        .or_else(|| length.map(|term| calendar.due(planned_from, term).at))
        .unwrap_or(planned_from)
        .max(planned_from);
    let state = match &step.state {
        StepState::Waiting => "waiting",
        StepState::Held { .. } => "held",
        StepState::Open { .. } => "open",
        StepState::Passed { .. } => "passed",
        StepState::Failed { .. } => "failed",
        StepState::Skipped => "skipped",
    };
    let band = (state == "open").then(|| rules::band(&view.case, spec, now).ok().flatten()).flatten();
    let to = to.filter(|_| step.done());
    let (id, title, after, round) = (spec.id.clone(), spec.title.clone(), spec.after.clone(), step.round);
    Bar { id, title, after, state, from, to, planned_from, planned_to, round, critical: false, band }
}

/// When a step began and ended last.
fn spans(view: &CaseView, id: &str) -> (Option<Timestamp>, Option<Timestamp>) {
    let (mut from, mut to) = (None, None);
    for e in &view.events {
        match &e.event {
            CaseEvent::StepOpened { step, .. } if step == id => (from, to) = (Some(e.occurred_at), None),
            CaseEvent::StepPassed { step, .. }
            | CaseEvent::StepFailed { step, .. }
            | CaseEvent::StepSkipped { step }
                if step == id =>
            {
                to = Some(e.occurred_at);
                from = from.or(to);
            }
            _ => {}
        }
    }
    (from, to)
}

/// Marks the chain that ends last.
fn mark(bars: &mut [Bar]) {
    let end = |b: &Bar| b.to.unwrap_or(b.planned_to);
    let mut at = (0..bars.len()).max_by_key(|i| bars.get(*i).map(end));
    while let Some(bar) = at.and_then(|i| bars.get_mut(i)) {
        bar.critical = true;
        let after = bar.after.clone();
        at = (0..bars.len())
            .filter(|i| bars.get(*i).is_some_and(|b| after.contains(&b.id) && !b.critical))
            .max_by_key(|i| bars.get(*i).map(end));
    }
}
