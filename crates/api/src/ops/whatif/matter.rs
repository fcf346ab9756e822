//! The same for a matter: its steps one after another, and side by side.

use super::{Range, WhatIfNamed, WhatIfQuestion, named, word};
use crate::ops::items::Both;
use crate::problem::Answer;
use ::whatif::asked::{AskedMatter, MATTER_USUAL};
use ::whatif::compare::Unit;
use ::whatif::desks::{ARRANGEMENTS, Desked, Knob, SHOWN};
use ::whatif::file::{Desks, Matter};
use ::whatif::matter::Planned;
use ::whatif::question::{self, MatterFound, MatterInput};
use ::whatif::{Described, Worked};
use kernel::{Refusal, RefusalKind};
use serde::Serialize;
use std::collections::BTreeMap;

/// A described matter.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct WhatIfMatterLine {
    /// Send it as `matter`.
    id: String,
    /// Its name.
    name: Both,
    /// Matters handed in on a working day, where desks are described.
    #[serde(skip_serializing_if = "Option::is_none")]
    starts: Option<f64>,
    /// The units with a queue; none where the description is of working time only.
    units: Vec<WhatIfStaff>,
}

/// A unit with its examiners.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfStaff {
    /// The unit.
    #[serde(flatten)]
    unit: WhatIfNamed,
    /// Its examiners as described.
    examiners: u32,
}

/// Both arrangements of a matter.
#[derive(Serialize, utoipa::ToSchema)]
pub(super) struct WhatIfMatterAnswer {
    /// What was tried.
    name: Both,
    /// Seeds 1 to this.
    seeds: u64,
    /// Working time only, in working days.
    worked: WhatIfWorked,
    /// With the queues at examiners' desks, where they are described.
    #[serde(skip_serializing_if = "Option::is_none")]
    desks: Option<WhatIfDesks>,
    /// The input as it was used, as a file for `yimen whatif`.
    input: String,
}

/// Working time without queues, in working days, by arrangement: `serial`, `parallel`.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfWorked {
    /// When every step takes its whole term.
    terms: BTreeMap<&'static str, f64>,
    /// The mean.
    days: BTreeMap<&'static str, Range>,
    /// Nine of ten took no longer.
    days_p90: BTreeMap<&'static str, Range>,
    /// The change of the mean, as a share.
    change: Range,
}

/// With queues.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfDesks {
    /// In what each figure is: `count`, `days` (working days), `hours` (office hours) or `share`.
    units: BTreeMap<&'static str, &'static str>,
    /// By arrangement, `serial` and `parallel`, the figures by name.
    figures: BTreeMap<&'static str, BTreeMap<&'static str, Range>>,
    /// The change against one after another, seed by seed.
    change: BTreeMap<&'static str, Range>,
    /// The same as a share, where that was never nothing.
    relative: BTreeMap<&'static str, Range>,
    /// The units.
    staff: Vec<WhatIfUnit>,
    /// One thing different at a time.
    moved: Vec<WhatIfDeskMoved>,
}

/// A unit.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfUnit {
    /// The unit.
    #[serde(flatten)]
    unit: WhatIfNamed,
    /// Its examiners; absent for as many as are needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    examiners: Option<u32>,
    /// The work of a day in examiners, as described.
    offered: f64,
    /// By arrangement, the share of its examiners' time that they are busy.
    busy: BTreeMap<&'static str, Range>,
    /// By arrangement, how long a step waits there, in office hours.
    wait: BTreeMap<&'static str, Range>,
}

/// One thing different.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfDeskMoved {
    /// `load` (all that comes), `spread` (of times in hand) or `examiners`.
    what: &'static str,
    /// A factor, or how many examiners more.
    by: f64,
    /// At which unit.
    #[serde(skip_serializing_if = "Option::is_none")]
    unit: Option<String>,
    /// By arrangement, the mean whole time in working days; empty where a unit then has more work than its examiners can do.
    days: BTreeMap<&'static str, Range>,
    /// Its change, as a share.
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Range>,
}

pub(super) fn line(id: String, (matter, planned): &(Matter, Planned)) -> WhatIfMatterLine {
    let units = matter.desks.iter().flat_map(|d| &d.units);
    let staff =
        |u: &::whatif::file::Desk| Some(WhatIfStaff { unit: named(&u.id, &u.name), examiners: u.examiners? });
    WhatIfMatterLine {
        id,
        name: (&planned.name).into(),
        starts: matter.desks.as_ref().map(|d| d.starts_per_day),
        units: units.filter_map(staff).collect(),
    }
}

/// That what belongs to the other kind of question is not asked of this one.
pub(super) fn of_one_kind(sent: &WhatIfQuestion) -> Result<(), Refusal> {
    let of_halls = [
        ("training", sent.training.is_some()),
        ("with", !sent.with.is_empty()),
        ("windows", !sent.windows.is_empty()),
    ];
    let of_matters = [
        ("starts", sent.starts.is_some()),
        ("others", sent.others.is_some()),
        ("examiners", !sent.examiners.is_empty()),
    ];
    let (strange, zh, en) = if sent.matter.is_some() {
        (
            of_halls,
            "这一项属于大厅，推演一件事时不能填。",
            "This belongs to halls and cannot be asked of a matter.",
        )
    } else {
        (
            of_matters,
            "这一项属于一件事，推演大厅时不能填。",
            "This belongs to matters and cannot be asked of a hall.",
        )
    };
    match strange.into_iter().find(|(_, there)| *there) {
        Some((field, _)) => {
            Err(Refusal::new(RefusalKind::Invalid, "whatif.other-kind", zh, en).field(field, zh, en))
        }
        None => Ok(()),
    }
}

pub(super) async fn run(
    described: &Described,
    id: &str,
    sent: &WhatIfQuestion,
) -> Answer<WhatIfMatterAnswer> {
    let usual = AskedMatter::default();
    let asked = AskedMatter {
        seeds: sent.seeds.unwrap_or(MATTER_USUAL),
        starts: sent.starts,
        others: sent.others.unwrap_or(usual.others),
        examiners: sent.examiners.clone(),
    };
    let input = question::matter_input(described, id, &asked).await?;
    let found = question::answer_matter(input.clone(), asked.seeds).await?;
    reply(&input, &found)
}

fn reply(input: &MatterInput, found: &MatterFound) -> Answer<WhatIfMatterAnswer> {
    let MatterInput { matter, planned } = input;
    let desks = matter.desks.as_ref().zip(found.desked.as_ref());
    Ok(WhatIfMatterAnswer {
        name: (&planned.name).into(),
        seeds: found.worked.seeds,
        worked: worked(&found.worked),
        desks: desks.map(|(desks, found)| at_desks(desks, found)),
        input: question::matter_as_file(matter, found.worked.seeds)?,
    })
}

/// By arrangement.
fn both<T>(serial: T, parallel: T) -> BTreeMap<&'static str, T> {
    ARRANGEMENTS.into_iter().zip([serial, parallel]).collect()
}

fn worked(worked: &Worked) -> WhatIfWorked {
    let ((serial, serial_p90), (parallel, parallel_p90)) = (worked.serial, worked.parallel);
    WhatIfWorked {
        terms: both(worked.terms.0, worked.terms.1),
        days: both((&serial).into(), (&parallel).into()),
        days_p90: both((&serial_p90).into(), (&parallel_p90).into()),
        change: (&worked.change).into(),
    }
}

fn at_desks(desks: &Desks, found: &Desked) -> WhatIfDesks {
    let names = || SHOWN.iter().map(|(key, ..)| word(key));
    let [serial, parallel] = &found.rows;
    let figures = |row: &::whatif::desks::Row| names().zip(row.figures.iter().map(Range::from)).collect();
    let unit = |(at, desk): (usize, &::whatif::file::Desk)| {
        let of = |row: &::whatif::desks::Row| row.units.get(at).copied();
        let (one, other) = (of(serial)?, of(parallel)?);
        Some(WhatIfUnit {
            unit: named(&desk.id, &desk.name),
            examiners: desk.examiners,
            offered: found.offered.get(at).copied()?,
            busy: desk.examiners.map_or_else(BTreeMap::new, |_| both((&one.0).into(), (&other.0).into())),
            wait: both((&one.1).into(), (&other.1).into()),
        })
    };
    let relative = names().zip(&found.relative).filter_map(|(n, e)| Some((n, Range::from(e.as_ref()?))));
    WhatIfDesks {
        units: SHOWN.iter().map(|(key, _, unit)| (word(key), in_what(*unit))).collect(),
        figures: both(figures(serial), figures(parallel)),
        change: names().zip(found.change.iter().map(Range::from)).collect(),
        relative: relative.collect(),
        staff: desks.units.iter().enumerate().filter_map(unit).collect(),
        moved: found.moved.iter().map(|one| moved(desks, one)).collect(),
    }
}

fn moved(desks: &Desks, one: &::whatif::desks::Moved) -> WhatIfDeskMoved {
    let (what, by, unit) = match one.knob {
        Knob::Load(factor) => ("load", factor, None),
        Knob::Spread(factor) => ("spread", factor, None),
        Knob::Examiners(unit, more) => {
            ("examiners", f64::from(more), desks.units.get(unit).map(|u| u.id.clone()))
        }
    };
    let days = one.days.as_ref();
    WhatIfDeskMoved {
        what,
        by,
        unit,
        days: days.map_or_else(BTreeMap::new, |(serial, parallel, _)| both(serial.into(), parallel.into())),
        change: days.and_then(|(.., change)| change.as_ref().map(Range::from)),
    }
}

/// The word for what a figure is in.
pub(super) fn in_what(unit: Unit) -> &'static str {
    match unit {
        Unit::Count => "count",
        Unit::Minutes => "minutes",
        Unit::Hours => "hours",
        Unit::Days => "days",
        Unit::Share => "share",
    }
}
