//! What is asked of a matter at desks: how many are handed in, how much else there is to do, how many examiners each unit has.

use super::say;
use crate::desks::{Net, overfull};
use crate::file::{Desks, EXAMINERS_MAX, Matter};
use crate::matter::Planned;
use crate::question::wrong as refused;
use kernel::{FieldError, Outcome};
use std::collections::BTreeMap;

/// So many seeds at least, and so many at most.
pub const MATTER_SEEDS: std::ops::RangeInclusive<u64> = 5..=30;
/// Seeds when not said.
pub const MATTER_USUAL: u64 = 10;
/// Matters a working day.
pub const STARTS: std::ops::RangeInclusive<f64> = 0.1..=500.0;
/// Other work, in per cent of what is described.
pub const OTHERS: std::ops::RangeInclusive<f64> = 0.0..=300.0;

/// What is asked of a described matter; what is not said stays as described.
#[derive(Debug, Clone, PartialEq)]
pub struct AskedMatter {
    /// Seeds 1 to this.
    pub seeds: u64,
    /// Matters handed in on a working day.
    pub starts: Option<f64>,
    /// The other work of all units, in per cent of what is described.
    pub others: f64,
    /// Examiners by the unit's id.
    pub examiners: BTreeMap<String, u32>,
}

impl Default for AskedMatter {
    fn default() -> Self {
        Self { seeds: MATTER_USUAL, starts: None, others: 100.0, examiners: BTreeMap::new() }
    }
}

impl AskedMatter {
    /// The description with what is asked, ready to run.
    ///
    /// # Errors
    /// `whatif.wrong` with what is wrong at its field: `seeds`, `starts`, `others`, `examiners.tax`; a fault for a description that does not fit
    /// its plan.
    pub fn put(&self, mut matter: Matter, planned: &Planned) -> Outcome<Matter> {
        let mut wrong = Vec::new();
        if !MATTER_SEEDS.contains(&self.seeds) {
            between(&mut wrong, "seeds", MATTER_SEEDS.start(), MATTER_SEEDS.end(), true);
        }
        match &mut matter.desks {
            None if self.starts.is_some() || !self.examiners.is_empty() || self.others != 100.0 => {
                let zh = "这份描述只算工作时间，没有审查人员可改。";
                say(
                    &mut wrong,
                    "starts",
                    zh,
                    "This description is of working time only; it has no desks to change.",
                );
            }
            None => {}
            Some(desks) => {
                self.numbers(desks, &mut wrong);
                if wrong.is_empty() {
                    desks.starts_per_day = self.starts.unwrap_or(desks.starts_per_day);
                    for desk in &mut desks.units {
                        desk.others_per_day *= self.others / 100.0;
                        desk.examiners = self.examiners.get(&desk.id).copied().or(desk.examiners);
                    }
                    if let Err(fault) = desks.check() {
                        say(
                            &mut wrong,
                            "starts",
                            format!("这样太大了：{fault}。"),
                            format!("That is too much: {fault}."),
                        );
                    }
                    short(desks, &Net::of(planned, desks)?.offered(desks), &mut wrong);
                }
            }
        }
        if wrong.is_empty() { Ok(matter) } else { Err(refused(wrong).into()) }
    }

    fn numbers(&self, desks: &Desks, wrong: &mut Vec<FieldError>) {
        if self.starts.is_some_and(|n| !STARTS.contains(&n)) {
            between(wrong, "starts", STARTS.start(), STARTS.end(), false);
        }
        if !OTHERS.contains(&self.others) {
            between(wrong, "others", OTHERS.start(), OTHERS.end(), false);
        }
        for (id, n) in &self.examiners {
            let field = format!("examiners.{id}");
            let known = desks.units.iter().find(|u| u.id == *id);
            if known.is_none_or(|u| u.examiners.is_none()) {
                let ids: Vec<&str> =
                    desks.units.iter().filter(|u| u.examiners.is_some()).map(|u| u.id.as_str()).collect();
                let zh = format!("没有“{id}”这个要排队的部门。可填：{}。", ids.join("、"));
                say(wrong, field, zh, format!("No unit {id:?} has a queue. There are: {}.", ids.join(", ")));
            } else if !(1..=EXAMINERS_MAX).contains(n) {
                between(wrong, field, &1, &EXAMINERS_MAX, true);
            }
        }
    }
}

/// Says of every unit with more work than hands how many it needs.
fn short(desks: &Desks, offered: &[f64], wrong: &mut Vec<FieldError>) {
    for (unit, needed) in overfull(desks, offered) {
        let Some(desk) = desks.units.get(unit) else { continue };
        let n = desk.examiners.unwrap_or_default();
        let zh = format!("每天来的工作{n}人做不完，会越积越多；至少要{needed}人。");
        let en = format!(
            "More comes every day than {n} can do, and it would pile up without end; {needed} at least."
        );
        say(wrong, format!("examiners.{}", desk.id), zh, en);
    }
}

fn between(
    wrong: &mut Vec<FieldError>,
    field: impl Into<String>,
    from: &dyn std::fmt::Display,
    to: &dyn std::fmt::Display,
    whole: bool,
) {
    let (zh, en) = if whole { ("整数", "A whole number") } else { ("数", "A number") };
    say(wrong, field, format!("请填{from}到{to}之间的{zh}。"), format!("{en} from {from} to {to}."));
}
