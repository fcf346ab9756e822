//! What a seed came to under one arrangement.

use super::net::{DAY_MINUTES, Net};
use super::run::{Done, Job};
use crate::compare::Unit;
use crate::engine::{Ms, minutes, ms};
use crate::file::Desks;
use crate::stats::quantile;

/// The figures of the matters that count: those handed in after the warm-up, as long as `days` says.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Figures {
    /// How many.
    pub matters: f64,
    /// From handing in to the end of the last step, mean, in working days.
    pub days: f64,
    /// Half took no longer.
    pub days_median: f64,
    /// Nine of ten took no longer.
    pub days_p90: f64,
    /// Waiting for examiners, all steps of a matter together, mean, in office hours.
    pub wait: f64,
    /// In examiners' hands, all steps of a matter together, mean, in office hours.
    pub handling: f64,
    /// The share of steps with a term that waited and were in hand longer than it.
    pub steps_late: f64,
    /// The share of matters with such a step.
    pub matters_late: f64,
    /// By unit.
    pub units: Vec<AtUnit>,
}

/// The figures of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct AtUnit {
    /// The share of its examiners' time that they were busy in the days that count; 0 where there are as many as are needed.
    pub busy: f64,
    /// How long a step of the matter waited there, mean, in office hours.
    pub wait: f64,
}

/// The key of a figure's words, its value, and in which unit it is.
pub type Shown = (&'static str, fn(&Figures) -> f64, Unit);

/// What is shown of the matters.
pub const SHOWN: &[Shown] = &[
    ("fig-matters", |f| f.matters, Unit::Count),
    ("fig-days", |f| f.days, Unit::Days),
    ("fig-days-median", |f| f.days_median, Unit::Days),
    ("fig-days-p90", |f| f.days_p90, Unit::Days),
    ("fig-desk-wait", |f| f.wait, Unit::Hours),
    ("fig-desk-handling", |f| f.handling, Unit::Hours),
    ("fig-steps-late", |f| f.steps_late, Unit::Share),
    ("fig-matters-late", |f| f.matters_late, Unit::Share),
];

/// A matter as it is summed up.
#[derive(Clone, Default)]
struct One {
    ended: Ms,
    wait: Ms,
    hands: Ms,
    /// By step, how long it waited and was in hand.
    steps: Vec<Ms>,
}

/// Sums up what was done.
pub fn figures(net: &Net, desks: &Desks, examiners: &[Option<u32>], jobs: &[Job], done: &[Done]) -> Figures {
    let from = ms(f64::from(desks.warm_up_days) * DAY_MINUTES);
    let until = from + ms(f64::from(desks.days) * DAY_MINUTES);
    let counts = |job: &Job| job.kind == 0 && (from..until).contains(&job.came);
    let mut ones: Vec<One> = vec![One::default(); jobs.iter().take_while(|j| j.kind == 0).count()];
    let (mut busy, mut waits) = (vec![0; examiners.len()], vec![(0, 0_u64); examiners.len()]);
    for piece in done {
        let job = &jobs[piece.job];
        let (step, unit) = match job.kind {
            0 => (net.pieces[piece.piece].0, net.pieces[piece.piece].1),
            other => (0, Some(other - 1)),
        };
        if let Some(unit) = unit {
            busy[unit] += (piece.done.min(until) - piece.begun.max(from)).max(0);
        }
        if !counts(job) {
            continue;
        }
        let one = &mut ones[piece.job];
        one.steps.resize(net.of_step.len(), 0);
        one.ended = one.ended.max(piece.done);
        one.steps[step] = one.steps[step].max(piece.done - piece.ready);
        if let Some(unit) = unit {
            one.wait += piece.begun - piece.ready;
            one.hands += piece.done - piece.begun;
            waits[unit] = (waits[unit].0 + piece.begun - piece.ready, waits[unit].1 + 1);
        }
    }
    let counted: Vec<(&Job, &One)> = jobs.iter().zip(&ones).filter(|(job, _)| counts(job)).collect();
    let hours = (until - from) as f64;
    let unit = |((examiners, busy), (wait, n)): ((&Option<u32>, Ms), (Ms, u64))| AtUnit {
        busy: examiners.map_or(0.0, |n| busy as f64 / (f64::from(n) * hours)),
        wait: if n == 0 { 0.0 } else { minutes(wait) / 60.0 / n as f64 },
    };
    let units = examiners.iter().zip(busy).zip(waits).map(unit).collect();
    Figures { units, ..matters(net, &counted) }
}

fn matters(net: &Net, counted: &[(&Job, &One)]) -> Figures {
    let n = counted.len() as f64;
    let each = |sum: f64| if n == 0.0 { 0.0 } else { sum / n };
    let mut days: Vec<f64> = counted.iter().map(|(j, o)| minutes(o.ended - j.came) / DAY_MINUTES).collect();
    days.sort_by(f64::total_cmp);
    let timed = net.terms.iter().flatten().count() as f64;
    let late = |one: &One| {
        let steps = one.steps.iter().zip(&net.terms);
        steps.filter(|(took, term)| term.is_some_and(|term| **took > term)).count() as f64
    };
    let lates: Vec<f64> = counted.iter().map(|(_, one)| late(one)).collect();
    let hours = |of: fn(&One) -> Ms| each(counted.iter().map(|(_, one)| minutes(of(one)) / 60.0).sum());
    Figures {
        matters: n,
        days: each(days.iter().sum()),
        days_median: quantile(&days, 0.5),
        days_p90: quantile(&days, 0.9),
        wait: hours(|one| one.wait),
        handling: hours(|one| one.hands),
        steps_late: if timed > 0.0 { each(lates.iter().sum::<f64>() / timed) } else { 0.0 },
        matters_late: each(lates.iter().filter(|n| **n > 0.0).count() as f64),
        units: Vec::new(),
    }
}
