//! A matter's steps at examiners' desks: one after another against side by side, the same matters and the same other work for both.
//!
//! Which step may begin is said by the real planner's plan, which also ties the cases of a joint matter; times and staff are described.

mod measure;
mod net;
mod run;

pub use measure::{AtUnit, Figures, SHOWN, Shown, figures};
pub use net::{DAY_MINUTES, Net};
pub use run::{Done, Job, Piece, run_within};

use crate::compare::{Seeds, change, estimate, relative};
use crate::engine::Allowance;
use crate::file::Desks;
use crate::matter::Planned;
use crate::stats::Estimate;
use kernel::Fault;

/// Both arrangements, by id.
pub const ARRANGEMENTS: [&str; 2] = ["serial", "parallel"];

/// An arrangement over all seeds.
#[derive(Debug, Clone, PartialEq)]
pub struct Row {
    /// In the order of [`SHOWN`].
    pub figures: Vec<Estimate>,
    /// By unit: its examiners' use, and the wait of a step there in office hours.
    pub units: Vec<(Estimate, Estimate)>,
}

/// What is moved.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Knob {
    /// A factor on all that comes.
    Load(f64),
    /// So many examiners more at this unit, by number.
    Examiners(usize, i32),
    /// A factor on the spread of times.
    Spread(f64),
}

/// A knob moved.
#[derive(Debug, Clone, PartialEq)]
pub struct Moved {
    /// Which, and to where.
    pub knob: Knob,
    /// Mean whole time one after another and side by side in working days, and the relative change; none where a unit has more work than hands.
    pub days: Option<(Estimate, Estimate, Option<Estimate>)>,
}

/// Both arrangements of a matter at desks.
#[derive(Debug, Clone, PartialEq)]
pub struct Desked {
    /// Seeds.
    pub seeds: u64,
    /// The seed before the first one.
    pub after: u64,
    /// By unit, the work of a day in examiners, as described.
    pub offered: Vec<f64>,
    /// One after another, side by side.
    pub rows: [Row; 2],
    /// The change against one after another, seed by seed, in the order of [`SHOWN`].
    pub change: Vec<Estimate>,
    /// The same as a share; none where it was nothing under some seed.
    pub relative: Vec<Option<Estimate>>,
    /// The knobs moved.
    pub moved: Vec<Moved>,
}

/// Runs both arrangements for these seeds, and again for every knob moved.
///
/// # Errors
/// A [`Fault`] when fewer than five seeds are asked for, no unit takes a step, or a unit has more work than its examiners can do.
pub fn desked(desks: &Desks, planned: &Planned, seeds: impl Into<Seeds>) -> Result<Desked, Fault> {
    let all = desked_within(desks, planned, seeds, &mut Allowance::of(u64::MAX))?;
    all.ok_or_else(|| Fault::new("more work than can be counted"))
}

/// The same as long as it is not more work than allowed; `None` when it was.
///
/// # Errors
/// As [`desked`].
pub fn desked_within(
    desks: &Desks,
    planned: &Planned,
    seeds: impl Into<Seeds>,
    allowance: &mut Allowance,
) -> Result<Option<Desked>, Fault> {
    let seeds = seeds.into();
    if seeds.n < 5 {
        return Err(Fault::new("a range needs five seeds at least"));
    }
    let net = Net::of(planned, desks)?;
    let offered = net.offered(desks);
    if let Some((unit, needed)) = overfull(desks, &offered).first() {
        let id = desks.units.get(*unit).map_or("", |u| u.id.as_str());
        return Err(Fault::new(format!(
            "desks: unit {id:?} has more work than its examiners can do, so that the wait would have no end; it needs {needed} at least"
        )));
    }
    let mut tried = Tried { desks, net: &net, seeds, allowance };
    let Some([serial, parallel]) = tried.run(Knob::Load(1.0))? else { return Ok(None) };
    let mut moved = Vec::new();
    for knob in knobs(desks) {
        let Some(one) = tried.moved(knob, &offered)? else { return Ok(None) };
        moved.push(one);
    }
    Ok(Some(Desked {
        seeds: seeds.n,
        after: seeds.after,
        offered,
        change: SHOWN.iter().map(|(_, figure, _)| change(&serial, &parallel, figure)).collect(),
        relative: SHOWN.iter().map(|(_, figure, _)| relative(&serial, &parallel, figure)).collect(),
        rows: [row(&serial), row(&parallel)],
        moved,
    }))
}

/// The units that have more work than hands, and how many examiners each would need at least.
pub fn overfull(desks: &Desks, offered: &[f64]) -> Vec<(usize, u32)> {
    let full = |(unit, (desk, work)): (usize, (&crate::file::Desk, &f64))| {
        let short = desk.examiners.is_some_and(|n| *work >= f64::from(n));
        short.then(|| (unit, work.floor() as u32 + 1))
    };
    desks.units.iter().zip(offered).enumerate().filter_map(full).collect()
}

fn knobs(desks: &Desks) -> Vec<Knob> {
    let moves = &desks.sensitivity;
    let load = moves.load.iter().map(|f| Knob::Load(*f));
    let staffed = || desks.units.iter().enumerate().filter(|(_, u)| u.examiners.is_some());
    let more = moves.examiners.iter().flat_map(|n| staffed().map(move |(u, _)| Knob::Examiners(u, *n)));
    load.chain(more).chain(moves.spread.iter().map(|f| Knob::Spread(*f))).collect()
}

fn row(seeds: &[Figures]) -> Row {
    let units = seeds.first().map_or(0, |f| f.units.len());
    let at = |unit: usize, of: fn(&AtUnit) -> f64| {
        estimate(seeds, &move |f: &Figures| f.units.get(unit).map_or(0.0, of))
    };
    Row {
        figures: SHOWN.iter().map(|(_, figure, _)| estimate(seeds, figure)).collect(),
        units: (0..units).map(|u| (at(u, |a| a.busy), at(u, |a| a.wait))).collect(),
    }
}

struct Tried<'a> {
    desks: &'a Desks,
    net: &'a Net,
    seeds: Seeds,
    allowance: &'a mut Allowance,
}

impl Tried<'_> {
    /// The examiners of each unit with this knob moved; none when a unit would have none left.
    fn examiners(&self, knob: Knob) -> Option<Vec<Option<u32>>> {
        let of = |(unit, desk): (usize, &crate::file::Desk)| match (desk.examiners, knob) {
            (Some(n), Knob::Examiners(at, more)) if at == unit => n.checked_add_signed(more).map(Some),
            (n, _) => Some(n),
        };
        self.desks.units.iter().enumerate().map(of).collect::<Option<Vec<_>>>()
    }

    /// Both arrangements seed by seed.
    fn run(&mut self, knob: Knob) -> Result<Option<[Vec<Figures>; 2]>, Fault> {
        let (load, spread) = match knob {
            Knob::Load(load) => (load, 1.0),
            Knob::Spread(spread) => (1.0, spread),
            Knob::Examiners(..) => (1.0, 1.0),
        };
        let Some(examiners) = self.examiners(knob) else { return Ok(None) };
        let others = (0..self.desks.units.len()).map(|u| vec![Piece { unit: Some(u), after: Vec::new() }]);
        let kinds = [self.net.serial(), self.net.parallel()]
            .map(|matter| [matter].into_iter().chain(others.clone()).collect::<Vec<_>>());
        let mut out = [Vec::new(), Vec::new()];
        for seed in self.seeds.all() {
            let jobs = self.net.jobs(self.desks, seed, load, spread);
            for (kinds, out) in kinds.iter().zip(&mut out) {
                let Some(done) = run_within(&examiners, kinds, &jobs, self.allowance)? else {
                    return Ok(None);
                };
                out.push(figures(self.net, self.desks, &examiners, &jobs, &done));
            }
        }
        Ok(Some(out))
    }

    fn moved(&mut self, knob: Knob, offered: &[f64]) -> Result<Option<Moved>, Fault> {
        let load = if let Knob::Load(load) = knob { load } else { 1.0 };
        let fits = self.examiners(knob).is_some_and(|examiners| {
            examiners.iter().zip(offered).all(|(n, work)| n.is_none_or(|n| work * load < f64::from(n)))
        });
        if !fits {
            return Ok(Some(Moved { knob, days: None }));
        }
        let Some([serial, parallel]) = self.run(knob)? else { return Ok(None) };
        let days: &dyn Fn(&Figures) -> f64 = &|f| f.days;
        let both = (estimate(&serial, days), estimate(&parallel, days), relative(&serial, &parallel, days));
        Ok(Some(Moved { knob, days: Some(both) }))
    }
}
