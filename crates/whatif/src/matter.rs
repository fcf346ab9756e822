//! The working time of a matter: its steps one after another, or side by side as far as they wait for nothing.
//!
//! What waits for what, and each term, comes from the real planner's plan; the longest way through drawn times is found by the planner's
//! own `critical_path`.

mod planned;

pub use planned::{Planned, Taker, installed, planned};

use crate::chance::{Chance, Purpose, stream};
use crate::compare::Seeds;
use crate::file::Matter;
use crate::stats::{Estimate, quantile};
use catalog::planner::{self, HOURS_A_DAY, PlannedStep};
use catalog::{By, Step};
use kernel::{Fault, Term, TermUnit, Text};

/// Parts of an office hour that drawn times are whole numbers of: the planner reckons in whole hours, so it is given seconds for hours.
const PARTS: f64 = 3_600.0;

/// The times of many matters, in working days.
#[derive(Debug, Clone, PartialEq)]
pub struct Worked {
    /// How many steps take time, of all.
    pub timed: usize,
    /// How many steps there are.
    pub steps: usize,
    /// Seeds.
    pub seeds: u64,
    /// The seed before the first one.
    pub after: u64,
    /// If every step takes its whole term: one after another, side by side.
    pub terms: (f64, f64),
    /// Mean and p90, one after another.
    pub serial: (Estimate, Estimate),
    /// Mean and p90, side by side.
    pub parallel: (Estimate, Estimate),
    /// The relative change of the mean, seed by seed.
    pub change: Estimate,
}

/// Draws the matter's steps for these seeds.
///
/// # Errors
/// A [`Fault`] when no step has a term, or fewer than five seeds are asked for.
pub fn worked(matter: &Matter, plan: &[PlannedStep], seeds: impl Into<Seeds>) -> Result<Worked, Fault> {
    let seeds = seeds.into();
    if seeds.n < 5 {
        return Err(Fault::new("a range needs five seeds at least"));
    }
    if plan.iter().all(|s| s.hours == 0) {
        return Err(Fault::new("no step of the plan has a term, so there is nothing to draw"));
    }
    let mut steps: Vec<Step> = plan.iter().map(bare).collect();
    let terms = days(&steps);
    let mut all: [Vec<f64>; 5] = Default::default();
    for seed in seeds.all() {
        let rng = stream(seed, Purpose::Times);
        let chance = Chance::new(&rng);
        let (mut serial, mut parallel) = (Vec::new(), Vec::new());
        for _ in 0..matter.matters {
            for (step, planned) in steps.iter_mut().zip(plan) {
                let used = matter.used.draw(&chance, 1.0).min(1.0);
                step.term = Some(hours(planned.hours as f64 * used));
            }
            let (one, other) = days(&steps);
            serial.push(one);
            parallel.push(other);
        }
        let (a, b) = (figures(&mut serial), figures(&mut parallel));
        for (all, value) in all.iter_mut().zip([a.0, a.1, b.0, b.1, b.0 / a.0 - 1.0]) {
            all.push(value);
        }
    }
    let [s, s90, p, p90, change] = all.map(|values| Estimate::of(&values));
    let timed = plan.iter().filter(|s| s.hours > 0).count();
    Ok(Worked {
        timed,
        steps: plan.len(),
        seeds: seeds.n,
        after: seeds.after,
        terms,
        serial: (s, s90),
        parallel: (p, p90),
        change,
    })
}

/// Serial sum and longest way, in working days.
fn days(steps: &[Step]) -> (f64, f64) {
    let path = planner::critical_path(steps);
    let day = PARTS * HOURS_A_DAY as f64;
    (path.serial as f64 / day, path.hours as f64 / day)
}

/// Mean and p90.
fn figures(values: &mut [f64]) -> (f64, f64) {
    values.sort_by(f64::total_cmp);
    (values.iter().sum::<f64>() / values.len() as f64, quantile(values, 0.9))
}

fn hours(hours: f64) -> Term {
    Term { count: (hours * PARTS).round() as u32, unit: TermUnit::OfficeHours }
}

/// The step as far as time goes; its item stands in the id, for two items may each have a `review`.
fn bare(step: &PlannedStep) -> Step {
    let id = |item: &str, id: &str| format!("{item}/{id}");
    Step {
        id: id(&step.item, &step.id),
        title: Text::new("", ""),
        by: By::Clerk,
        after: step.after.iter().map(|(item, step)| id(item, step)).collect(),
        when: None,
        term: Some(hours(step.hours as f64)),
        rule: None,
        checks: Vec::new(),
        otherwise: None,
        guide: None,
        standard: None,
        confirm: Vec::new(),
        publicity: None,
        site_visit: false,
        needs: None,
        tells: Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chance::Minutes;

    fn step(id: &str, hours: u64, after: &[&str]) -> PlannedStep {
        PlannedStep {
            item: "item".to_owned(),
            id: id.to_owned(),
            title: Text::new("", ""),
            term: None,
            rank: 0,
            after: after.iter().map(|a| ("item".to_owned(), (*a).to_owned())).collect(),
            waits: Vec::new(),
            begins: 0,
            hours,
            critical: false,
        }
    }

    fn drawn(used: Minutes, plan: &[PlannedStep]) -> Worked {
        worked(&Matter { plan: Vec::new(), used, matters: 2_000, desks: None }, plan, 10).unwrap()
    }

    #[test]
    fn whole_terms_are_the_planners_figures() {
        // A day, then two and three days side by side, then one: seven one after another, five side by side.
        let plan =
            [step("a", 8, &[]), step("b", 16, &["a"]), step("c", 24, &["a"]), step("d", 8, &["b", "c"])];
        let whole = drawn(Minutes::Constant(1.0), &plan);
        assert_eq!(whole.terms, (7.0, 5.0));
        assert_eq!((whole.serial.0.mean, whole.parallel.1.mean), (7.0, 5.0));
    }

    #[test]
    fn two_steps_side_by_side_are_the_longer_of_two() {
        // Uniform over 1 to 100 hundredths of a day each: the mean of one is 0.505, of the longer one (n + 1)(4n − 1) / 6n of a hundredth.
        let hundredths = Minutes::Recorded((1..=100).map(|n| f64::from(n) / 100.0).collect());
        let both = drawn(hundredths, &[step("a", 8, &[]), step("b", 8, &[])]);
        let longer = 101.0 * 399.0 / 600.0 / 100.0;
        assert!(both.serial.0.holds(1.01), "{both:?}");
        assert!(both.parallel.0.holds(longer) && both.parallel.0.half < 0.01, "{both:?} {longer}");
    }

    #[test]
    fn a_chain_gains_nothing() {
        let chain =
            drawn(Minutes::LogNormal { mean: 0.6, cv: 0.5 }, &[step("a", 8, &[]), step("b", 8, &["a"])]);
        assert_eq!(chain.change.mean, 0.0);
    }
}
