//! A matter at examiners' desks, to read.

use super::{level, line, percent, points};
use crate::compare::Unit;
use crate::desks::{Desked, Knob, Moved, SHOWN};
use crate::file::Desks;
use kernel::Lang;
use page::words::Say;
use std::fmt::Write as _;

/// Both arrangements of a matter at desks.
pub fn desks_table(desks: &Desks, found: &Desked, lang: Lang) -> String {
    let say = crate::WORDS.say(lang);
    let mut out = String::new();
    let how = [
        ("from", found.after.saturating_add(1).to_string()),
        ("to", found.after.saturating_add(found.seeds).to_string()),
        ("starts", desks.starts_per_day.to_string()),
        ("days", desks.days.to_string()),
        ("warm", desks.warm_up_days.to_string()),
    ];
    let _ = writeln!(out, "\n{}\n", say.with("how-desks", &how));
    let change = say.t("col-change").into_owned();
    line(&mut out, "", &[say.t("serial").into_owned(), say.t("parallel").into_owned(), change]);
    for (number, (key, _, unit)) in SHOWN.iter().enumerate() {
        let change = cell(found, number, *unit);
        let mut cells: Vec<String> =
            found.rows.iter().filter_map(|r| Some(level(*r.figures.get(number)?, *unit))).collect();
        cells.extend(change);
        line(&mut out, &say.t(key), &cells);
    }
    units(&mut out, desks, found, say);
    if !found.moved.is_empty() {
        let _ = writeln!(out, "\n{}", say.t("moved-desks-head"));
        line(
            &mut out,
            "",
            &[say.t("serial").into_owned(), say.t("parallel").into_owned(), say.t("col-change").into_owned()],
        );
        for moved in &found.moved {
            line(&mut out, &knob(desks, moved.knob, say), &moved_cells(moved, say));
        }
    }
    out
}

/// The change of a figure: relative, shares in points.
pub(crate) fn cell(found: &Desked, number: usize, unit: Unit) -> Option<String> {
    let change = found.change.get(number)?;
    let relative = found.relative.get(number).copied().flatten().filter(|_| unit != Unit::Share);
    Some(relative.map_or_else(|| points(*change, unit), percent))
}

fn units(out: &mut String, desks: &Desks, found: &Desked, say: Say) {
    let _ = writeln!(out, "\n{}", say.t("desk-units-head"));
    let head = ["col-examiners", "col-offered", "col-busy", "col-wait-serial", "col-wait-parallel"];
    line(out, "", &head.map(|key| say.t(key).into_owned()));
    for (number, desk) in desks.units.iter().enumerate() {
        line(out, desk.name.get(say.lang), &unit_cells(desks, found, number, say));
    }
}

/// Of a unit: its examiners, its work in examiners, their use, and the wait of a step there in both arrangements.
pub(crate) fn unit_cells(desks: &Desks, found: &Desked, number: usize, say: Say) -> Vec<String> {
    let examiners = desks.units.get(number).and_then(|u| u.examiners);
    let offered = found.offered.get(number).copied().unwrap_or_default();
    let [serial, parallel] = &found.rows;
    let mut cells = vec![
        examiners.map_or_else(|| say.t("as-many-as-needed").into_owned(), |n| n.to_string()),
        format!("{offered:.2}"),
    ];
    let (one, other) = (serial.units.get(number), parallel.units.get(number));
    let busy = one.map(|(busy, _)| level(*busy, Unit::Share));
    cells.push(busy.filter(|_| examiners.is_some()).unwrap_or_else(|| "–".to_owned()));
    cells.extend([one, other].into_iter().flatten().map(|(_, wait)| level(*wait, Unit::Hours)));
    cells
}

/// What is moved, in words.
pub(crate) fn knob(desks: &Desks, knob: Knob, say: Say) -> String {
    match knob {
        Knob::Load(factor) => say.with("knob-load", &[("factor", factor.to_string())]),
        Knob::Spread(factor) => say.with("knob-hands-spread", &[("factor", factor.to_string())]),
        Knob::Examiners(unit, more) => {
            let name = desks.units.get(unit).map_or("", |u| u.name.get(say.lang));
            say.with("knob-examiners", &[("unit", name.to_owned()), ("more", format!("{more:+}"))])
        }
    }
}

/// One after another, side by side, and the change; or that a unit has more work than hands.
pub(crate) fn moved_cells(moved: &Moved, say: Say) -> Vec<String> {
    match moved.days {
        None => vec![say.t("moved-overfull").into_owned()],
        Some((serial, parallel, change)) => {
            let change = change.map_or_else(|| "–".to_owned(), percent);
            vec![level(serial, Unit::Days), level(parallel, Unit::Days), change]
        }
    }
}
