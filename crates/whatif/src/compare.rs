//! Arrangements of a hall against each other, over many days, each day with the same people for all.

use crate::engine::{self, Allowance};
use crate::file::{Arrangement, Hall};
use crate::measure::{Figures, figures};
use crate::people::{Knobs, Source};
use crate::stats::Estimate;
use kernel::Fault;

/// The key of a figure's words, its value, and in which unit it is.
pub type Shown = (&'static str, fn(&Figures) -> f64, Unit);

/// What is shown of a day.
pub const SHOWN: &[Shown] = &[
    ("fig-people", |f| f.people, Unit::Count),
    ("fig-visits", |f| f.visits, Unit::Count),
    ("fig-wait", |f| f.wait, Unit::Minutes),
    ("fig-wait-median", |f| f.wait_median, Unit::Minutes),
    ("fig-wait-p90", |f| f.wait_p90, Unit::Minutes),
    ("fig-wait-long", |f| f.wait_long, Unit::Share),
    ("fig-handling", |f| f.handling, Unit::Minutes),
    ("fig-stay", |f| f.stay, Unit::Minutes),
    ("fig-staff-use", |f| f.staff_use, Unit::Share),
    ("fig-late", |f| f.late, Unit::Minutes),
];

/// In what a figure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    /// So many.
    Count,
    /// Minutes.
    Minutes,
    /// Office hours.
    Hours,
    /// Working days.
    Days,
    /// 0 to 1, shown in per cent.
    Share,
}

/// An arrangement over all days.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// Its id in the file.
    pub id: String,
    /// Its windows, which are its clerks.
    pub windows: usize,
    /// In the order of [`SHOWN`].
    pub figures: Vec<Estimate>,
    /// The change against the first arrangement on the same days, in the same order; none for the first itself.
    pub change: Vec<Estimate>,
    /// The same as a share of the first arrangement's; none where that was nothing on some day.
    pub relative: Vec<Option<Estimate>>,
}

/// A knob moved: the relative changes of mean wait and mean handling, per arrangement after the first.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// `training`, `peak` or `spread`.
    pub knob: &'static str,
    /// To where.
    pub value: f64,
    /// The wait of the first arrangement then, in minutes.
    pub first_wait: Estimate,
    /// Per arrangement after the first: wait, handling.
    pub relative: Vec<(Option<Estimate>, Option<Estimate>)>,
}

/// A comparison.
#[derive(Debug, Clone, PartialEq)]
pub struct Compared {
    /// The number of days, one a seed.
    pub seeds: u64,
    /// The seed before the first one.
    pub after: u64,
    /// The arrangements in the order of the file.
    pub rows: Vec<Row>,
    /// The knobs moved.
    pub moved: Vec<Moved>,
}

/// The days or draws that are tried: `n` seeds after `after`. Numbers that were never looked at tell whether what was found holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seeds {
    /// How many.
    pub n: u64,
    /// The seed before the first one: 0 begins with seed 1.
    pub after: u64,
}

impl From<u64> for Seeds {
    fn from(n: u64) -> Self {
        Self { n, after: 0 }
    }
}

impl Seeds {
    /// Each of them.
    pub(crate) fn all(self) -> impl Iterator<Item = u64> {
        (1..=self.n).map(move |seed| self.after.saturating_add(seed))
    }
}

/// Runs every arrangement on the days of these seeds, and again for every knob moved.
///
/// # Errors
/// A [`Fault`] when fewer than five seeds are asked for, or somebody comes for what nobody takes.
pub fn compare(hall: &Hall, seeds: impl Into<Seeds>) -> Result<Compared, Fault> {
    let all = compare_within(hall, seeds.into(), Allowance::of(u64::MAX))?;
    all.ok_or_else(|| Fault::new("more work than can be counted"))
}

/// The same as long as it is not more work than allowed; `None` when it was.
///
/// # Errors
/// As [`compare`].
pub fn compare_within(
    hall: &Hall,
    seeds: impl Into<Seeds>,
    allowance: Allowance,
) -> Result<Option<Compared>, Fault> {
    let seeds = seeds.into();
    if seeds.n < 5 {
        return Err(Fault::new("a range needs five seeds at least"));
    }
    let source = hall.source()?;
    let mut days = Days { hall, source: &source, seeds, allowance };
    let Some(rows) = days.rows()? else { return Ok(None) };
    let knobs = &hall.sensitivity;
    let as_described = Knobs::default();
    let training = knobs.training.iter().map(|v| ("training", *v, as_described, Some(*v)));
    let peak = knobs.peak.iter().map(|v| ("peak", *v, Knobs { peak: *v, ..as_described }, None));
    let spread = knobs.spread.iter().map(|v| ("spread", *v, Knobs { spread: *v, ..as_described }, None));
    let mut moved = Vec::new();
    for (knob, value, knobs, training) in training.chain(peak).chain(spread) {
        let Some(one) = days.moved(knob, value, knobs, training)? else { return Ok(None) };
        moved.push(one);
    }
    Ok(Some(Compared { seeds: seeds.n, after: seeds.after, rows, moved }))
}

struct Days<'a> {
    hall: &'a Hall,
    source: &'a Source,
    seeds: Seeds,
    allowance: Allowance,
}

impl Days<'_> {
    /// Every arrangement's figures, day by day; `training` moves the factor of the windows that have one.
    fn run(&mut self, knobs: Knobs, training: Option<f64>) -> Result<Option<Vec<Vec<Figures>>>, Fault> {
        let open = self.hall.open()?;
        let mut setups = Vec::new();
        for one in &self.hall.arrangements {
            let mut setup = self.hall.setup(one)?;
            for window in setup.windows.iter_mut().filter(|w| w.factor != 1.0) {
                window.factor = training.unwrap_or(window.factor);
            }
            setups.push(setup);
        }
        let mut out = vec![Vec::new(); setups.len()];
        for seed in self.seeds.all() {
            let people = self.source.people(seed, knobs);
            for (setup, out) in setups.iter().zip(&mut out) {
                let Some(visits) = engine::run_within(setup, &people, &mut self.allowance)? else {
                    return Ok(None);
                };
                out.push(figures(setup, &people, &visits, &open));
            }
        }
        Ok(Some(out))
    }

    fn rows(&mut self) -> Result<Option<Vec<Row>>, Fault> {
        let Some(days) = self.run(Knobs::default(), None)? else { return Ok(None) };
        let Some(first) = days.first() else { return Ok(Some(Vec::new())) };
        let row = |(number, (own, one)): (usize, (&Vec<Figures>, &Arrangement))| {
            let against = if number == 0 { &[][..] } else { SHOWN };
            Row {
                id: one.id.clone(),
                windows: one.windows.iter().map(|w| w.count).sum(),
                figures: SHOWN.iter().map(|(_, figure, _)| estimate(own, figure)).collect(),
                change: against.iter().map(|(_, figure, _)| change(first, own, figure)).collect(),
                relative: against.iter().map(|(_, figure, _)| relative(first, own, figure)).collect(),
            }
        };
        Ok(Some(days.iter().zip(&self.hall.arrangements).enumerate().map(row).collect()))
    }

    fn moved(
        &mut self,
        knob: &'static str,
        value: f64,
        knobs: Knobs,
        training: Option<f64>,
    ) -> Result<Option<Moved>, Fault> {
        let Some(days) = self.run(knobs, training)? else { return Ok(None) };
        let first = days.first().map_or(&[][..], Vec::as_slice);
        let of =
            |own: &Vec<Figures>| (relative(first, own, &|f| f.wait), relative(first, own, &|f| f.handling));
        let first_wait = estimate(first, &|f| f.wait);
        Ok(Some(Moved { knob, value, first_wait, relative: days.iter().skip(1).map(of).collect() }))
    }
}

pub(crate) fn estimate<F>(days: &[F], figure: &dyn Fn(&F) -> f64) -> Estimate {
    Estimate::of(&days.iter().map(figure).collect::<Vec<_>>())
}

pub(crate) fn change<F>(first: &[F], own: &[F], figure: &dyn Fn(&F) -> f64) -> Estimate {
    Estimate::of(&first.iter().zip(own).map(|(a, b)| figure(b) - figure(a)).collect::<Vec<_>>())
}

/// The mean over days of each day's relative change.
pub(crate) fn relative<F>(first: &[F], own: &[F], figure: &dyn Fn(&F) -> f64) -> Option<Estimate> {
    let days = first.iter().zip(own).map(|(a, b)| (figure(a), figure(b)));
    let each: Option<Vec<f64>> = days.map(|(a, b)| (a > 0.0).then(|| b / a - 1.0)).collect();
    each.map(|each| Estimate::of(&each))
}
