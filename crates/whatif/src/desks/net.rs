//! From a plan and the desks it meets to pieces of work: who takes what, what waits for what, how long it is in hand.

use super::run::{Job, Piece};
use crate::chance::{Chance, Minutes, Purpose, stream, stream_at};
use crate::engine::{Ms, ms};
use crate::file::Desks;
use crate::matter::{Planned, Taker};
use crate::people::poisson;
use catalog::planner::HOURS_A_DAY;
use kernel::Fault;
use std::collections::BTreeMap;

/// Office minutes of a working day.
pub const DAY_MINUTES: f64 = 60.0 * HOURS_A_DAY as f64;

/// A matter's steps laid out over desks. A step that several sign has a piece for each.
#[derive(Debug, Clone, PartialEq)]
pub struct Net {
    /// By piece: its step, its unit, and how long it is in hand.
    pub pieces: Vec<(usize, Option<usize>, Minutes)>,
    /// By step, its pieces.
    pub of_step: Vec<Vec<usize>>,
    /// By step, the steps that it waits for.
    pub after: Vec<Vec<usize>>,
    /// By step, its term where a unit has one.
    pub terms: Vec<Option<Ms>>,
}

impl Net {
    /// Lays the plan's steps out.
    ///
    /// # Errors
    /// A [`Fault`] for a step that no unit takes, or a time for a step that a unit does not take.
    pub fn of(planned: &Planned, desks: &Desks) -> Result<Self, Fault> {
        let mut net = Self { pieces: Vec::new(), of_step: Vec::new(), after: Vec::new(), terms: Vec::new() };
        let number: BTreeMap<(&str, &str), usize> =
            planned.steps.iter().enumerate().map(|(n, s)| ((s.item.as_str(), s.id.as_str()), n)).collect();
        for (at, (step, taker)) in planned.steps.iter().zip(&planned.takers).enumerate() {
            let whole = step.hours as f64 * 60.0;
            let of_nobody = |minutes| vec![(at, None, Minutes::Constant(minutes))];
            let pieces = match taker {
                Taker::Program => of_nobody(0.0),
                Taker::Published => of_nobody(whole),
                Taker::Units(all) => {
                    let id = format!("{}/{}", step.item, step.id);
                    all.iter().map(|by| piece(desks, at, by, &id)).collect::<Result<_, _>>()?
                }
            };
            let first = net.pieces.len();
            net.pieces.extend(pieces);
            net.of_step.push((first..net.pieces.len()).collect());
            let before =
                step.after.iter().filter_map(|(i, s)| number.get(&(i.as_str(), s.as_str())).copied());
            net.after.push(before.collect());
            let timed = matches!(taker, Taker::Units(_)) && step.hours > 0;
            net.terms.push(timed.then(|| ms(whole)));
        }
        net.no_other_steps(planned, desks)?;
        Ok(net)
    }

    /// That every time is of a step that the unit takes.
    fn no_other_steps(&self, planned: &Planned, desks: &Desks) -> Result<(), Fault> {
        let taken = |unit: usize, id: &str| {
            let mut pieces = self.pieces.iter().filter(|(_, u, _)| *u == Some(unit));
            pieces.any(|(s, ..)| planned.steps.get(*s).is_some_and(|s| format!("{}/{}", s.item, s.id) == id))
        };
        for (unit, desk) in desks.units.iter().enumerate() {
            if let Some(id) = desk.steps.keys().find(|id| !taken(unit, id)) {
                return Err(Fault::new(format!(
                    "desks: unit {:?} takes no step {id:?} of this plan",
                    desk.id
                )));
            }
        }
        Ok(())
    }

    /// The pieces, side by side as far as the plan lets them.
    pub fn parallel(&self) -> Vec<Piece> {
        self.wired(|step| self.after[step].clone())
    }

    /// The pieces, each step after the one before it in the plan.
    pub fn serial(&self) -> Vec<Piece> {
        self.wired(|step| step.checked_sub(1).into_iter().collect())
    }

    fn wired(&self, after: impl Fn(usize) -> Vec<usize>) -> Vec<Piece> {
        let before = |step: usize| after(step).iter().flat_map(|s| self.of_step[*s].clone()).collect();
        self.pieces.iter().map(|(step, unit, _)| Piece { unit: *unit, after: before(*step) }).collect()
    }

    /// How many pieces of a matter the unit takes, and how many minutes they are in hand together on average.
    pub fn at(&self, unit: usize) -> (usize, f64) {
        let own = self.pieces.iter().filter(|(_, u, _)| *u == Some(unit));
        own.fold((0, 0.0), |(n, minutes), (.., time)| (n + 1, minutes + time.mean()))
    }

    /// The work of each unit on a working day in examiners, as described: matters, and everything.
    pub fn offered(&self, desks: &Desks) -> Vec<f64> {
        let of = |(unit, desk): (usize, &crate::file::Desk)| {
            let minutes = desks.starts_per_day * self.at(unit).1 + desk.others_per_day * desk.others().mean();
            minutes / DAY_MINUTES
        };
        desks.units.iter().enumerate().map(of).collect()
    }

    /// Everything that is handed in under this seed, the matters first. Kind 0 is the matter, kind 1 + n other work of unit n.
    pub fn jobs(&self, desks: &Desks, seed: u64, load: f64, spread: f64) -> Vec<Job> {
        let slot = ms(desks.span() * DAY_MINUTES);
        let (come, take) = (stream(seed, Purpose::Arrivals), stream(seed, Purpose::Times));
        let (come, take) = (Chance::new(&come), Chance::new(&take));
        let starts = poisson(&come, 0, slot, &[desks.starts_per_day * load * desks.span()]);
        let matter = |came| {
            let hands = self.pieces.iter().map(|(.., time)| ms(time.draw(&take, spread))).collect();
            Job { came, kind: 0, hands }
        };
        let mut jobs: Vec<Job> = starts.into_iter().map(matter).collect();
        for (unit, desk) in desks.units.iter().enumerate().filter(|(_, d)| d.others_per_day > 0.0) {
            let (come, take) =
                (stream_at(seed, Purpose::OthersCome, unit), stream_at(seed, Purpose::OthersTake, unit));
            let (come, take) = (Chance::new(&come), Chance::new(&take));
            let starts = poisson(&come, 0, slot, &[desk.others_per_day * load * desks.span()]);
            let other =
                |came| Job { came, kind: 1 + unit, hands: vec![ms(desk.others().draw(&take, spread))] };
            jobs.extend(starts.into_iter().map(other));
        }
        jobs
    }
}

fn piece(desks: &Desks, step: usize, by: &str, id: &str) -> Result<(usize, Option<usize>, Minutes), Fault> {
    let unit = desks.units.iter().position(|u| u.takes.iter().any(|t| t == by));
    let Some((unit, desk)) = unit.and_then(|u| Some((u, desks.units.get(u)?))) else {
        return Err(Fault::new(format!(
            "desks: no unit takes the step {id:?} of {by:?}; write {by:?} into `takes` of one of them"
        )));
    };
    Ok((step, Some(unit), desk.hands(id).clone()))
}
