//! Arrangements of a hall against each other, over many days, each day with the same people for all.

use crate::engine;
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
    /// The number of days: seeds 1 to this.
    pub seeds: u64,
    /// The arrangements in the order of the file.
    pub rows: Vec<Row>,
    /// The knobs moved.
    pub moved: Vec<Moved>,
}

/// Runs every arrangement on the days of seeds 1 to `seeds`, and again for every knob moved.
///
/// # Errors
/// A [`Fault`] when fewer than five seeds are asked for, or somebody comes for what nobody takes.
pub fn compare(hall: &Hall, seeds: u64) -> Result<Compared, Fault> {
    if seeds < 5 {
        return Err(Fault::new("a range needs five seeds at least"));
    }
    let source = hall.source()?;
    let days = Days { hall, source: &source, seeds };
    let rows = days.rows(Knobs::default(), None)?;
    let mut moved = Vec::new();
    for value in &hall.sensitivity.training {
        moved.push(days.moved("training", *value, Knobs::default(), Some(*value))?);
    }
    for value in &hall.sensitivity.peak {
        moved.push(days.moved("peak", *value, Knobs { peak: *value, ..Knobs::default() }, None)?);
    }
    for value in &hall.sensitivity.spread {
        moved.push(days.moved("spread", *value, Knobs { spread: *value, ..Knobs::default() }, None)?);
    }
    Ok(Compared { seeds, rows, moved })
}

struct Days<'a> {
    hall: &'a Hall,
    source: &'a Source,
    seeds: u64,
}

impl Days<'_> {
    /// Every arrangement's figures, day by day.
    fn run(&self, knobs: Knobs, training: Option<f64>) -> Result<Vec<Vec<Figures>>, Fault> {
        let (opens, closes) = (self.hall.opens()?, self.hall.closes()?);
        let mut setups = Vec::new();
        for one in &self.hall.arrangements {
            let mut setup = self.hall.setup(one)?;
            setup.training = training.unwrap_or(one.training);
            setups.push(setup);
        }
        let mut out = vec![Vec::new(); setups.len()];
        for seed in 1..=self.seeds {
            let people = self.source.people(seed, knobs);
            for (setup, out) in setups.iter().zip(&mut out) {
                let visits = engine::run(setup, &people)?;
                out.push(figures(setup, &people, &visits, opens, closes));
            }
        }
        Ok(out)
    }

    fn rows(&self, knobs: Knobs, training: Option<f64>) -> Result<Vec<Row>, Fault> {
        let days = self.run(knobs, training)?;
        let Some(first) = days.first() else { return Ok(Vec::new()) };
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
        Ok(days.iter().zip(&self.hall.arrangements).enumerate().map(row).collect())
    }

    fn moved(
        &self,
        knob: &'static str,
        value: f64,
        knobs: Knobs,
        training: Option<f64>,
    ) -> Result<Moved, Fault> {
        let days = self.run(knobs, training)?;
        let first = days.first().map_or(&[][..], Vec::as_slice);
        let of =
            |own: &Vec<Figures>| (relative(first, own, &|f| f.wait), relative(first, own, &|f| f.handling));
        let first_wait = estimate(first, &|f| f.wait);
        Ok(Moved { knob, value, first_wait, relative: days.iter().skip(1).map(of).collect() })
    }
}

fn estimate(days: &[Figures], figure: &dyn Fn(&Figures) -> f64) -> Estimate {
    Estimate::of(&days.iter().map(figure).collect::<Vec<_>>())
}

fn change(first: &[Figures], own: &[Figures], figure: &dyn Fn(&Figures) -> f64) -> Estimate {
    Estimate::of(&first.iter().zip(own).map(|(a, b)| figure(b) - figure(a)).collect::<Vec<_>>())
}

/// The mean over days of each day's relative change.
fn relative(first: &[Figures], own: &[Figures], figure: &dyn Fn(&Figures) -> f64) -> Option<Estimate> {
    let days = first.iter().zip(own).map(|(a, b)| (figure(a), figure(b)));
    let each: Option<Vec<f64>> = days.map(|(a, b)| (a > 0.0).then(|| b / a - 1.0)).collect();
    each.map(|each| Estimate::of(&each))
}
