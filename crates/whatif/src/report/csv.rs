//! The same as CSV: `part,setting,arrangement,figure,mean,half`, one figure a line; `half` is half of the 95 % range.

use crate::compare::{Compared, SHOWN};
use crate::desks::{self, ARRANGEMENTS, Desked, Knob};
use crate::file::{Desks, Hall};
use crate::matter::Worked;
use crate::stats::Estimate;
use std::fmt::Write as _;

const HEAD: &str = "part,setting,arrangement,figure,mean,half\n";

/// The comparison of a hall's arrangements.
pub fn hall_csv(hall: &Hall, compared: &Compared) -> String {
    let mut out = HEAD.to_owned();
    let names = SHOWN.iter().map(|(key, _, _)| key.trim_start_matches("fig-"));
    for row in &compared.rows {
        let relative = row.relative.iter().copied();
        for (name, value) in names.clone().zip(&row.figures) {
            line(&mut out, ["level", "", &row.id, name], *value);
        }
        for (name, value) in names.clone().zip(&row.change) {
            line(&mut out, ["change", "", &row.id, name], *value);
        }
        for (name, value) in names.clone().zip(relative) {
            line_if(&mut out, ["relative", "", &row.id, name], value);
        }
    }
    for moved in &compared.moved {
        let setting = format!("{}={}", moved.knob, moved.value);
        if let Some(first) = hall.arrangements.first() {
            line(&mut out, ["level", &setting, &first.id, "wait"], moved.first_wait);
        }
        for (arrangement, (wait, handling)) in hall.arrangements.iter().skip(1).zip(&moved.relative) {
            line_if(&mut out, ["relative", &setting, &arrangement.id, "wait"], *wait);
            line_if(&mut out, ["relative", &setting, &arrangement.id, "handling"], *handling);
        }
    }
    out
}

/// The working time of a matter, in working days.
pub fn matter_csv(worked: &Worked) -> String {
    let mut out = HEAD.to_owned();
    let whole = |mean| Estimate { mean, half: 0.0 };
    for (arrangement, terms, (mean, p90)) in
        [("serial", worked.terms.0, worked.serial), ("parallel", worked.terms.1, worked.parallel)]
    {
        line(&mut out, ["level", "terms", arrangement, "days"], whole(terms));
        line(&mut out, ["level", "", arrangement, "days"], mean);
        line(&mut out, ["level", "", arrangement, "days-p90"], p90);
    }
    line(&mut out, ["relative", "", "parallel", "days"], worked.change);
    out
}

/// The matter at examiners' desks: days in working days, waits and handling in office hours. A unit's figures have its id in the setting.
pub fn desks_csv(described: &Desks, found: &Desked) -> String {
    let mut out = HEAD.to_owned();
    let names = || desks::SHOWN.iter().map(|(key, _, _)| key.trim_start_matches("fig-"));
    for (arrangement, row) in ARRANGEMENTS.into_iter().zip(&found.rows) {
        for (name, value) in names().zip(&row.figures) {
            line(&mut out, ["level", "desks", arrangement, name], *value);
        }
        for (unit, (busy, wait)) in described.units.iter().zip(&row.units) {
            let setting = format!("unit={}", unit.id);
            line(&mut out, ["level", &setting, arrangement, "busy"], *busy);
            line(&mut out, ["level", &setting, arrangement, "wait"], *wait);
        }
    }
    let parallel = ARRANGEMENTS[1];
    for (name, (change, relative)) in names().zip(found.change.iter().zip(&found.relative)) {
        line(&mut out, ["change", "desks", parallel, name], *change);
        line_if(&mut out, ["relative", "desks", parallel, name], *relative);
    }
    for moved in &found.moved {
        let Some((serial, parallel, change)) = moved.days else { continue };
        let setting = match moved.knob {
            Knob::Load(factor) => format!("load={factor}"),
            Knob::Spread(factor) => format!("spread={factor}"),
            Knob::Examiners(unit, more) => {
                format!("examiners@{}={more:+}", described.units.get(unit).map_or("", |u| u.id.as_str()))
            }
        };
        line(&mut out, ["level", &setting, ARRANGEMENTS[0], "days"], serial);
        line(&mut out, ["level", &setting, ARRANGEMENTS[1], "days"], parallel);
        line_if(&mut out, ["relative", &setting, ARRANGEMENTS[1], "days"], change);
    }
    out
}

fn line(out: &mut String, [part, setting, arrangement, figure]: [&str; 4], value: Estimate) {
    let _ = writeln!(out, "{part},{setting},{arrangement},{figure},{:.6},{:.6}", value.mean, value.half);
}

fn line_if(out: &mut String, names: [&str; 4], value: Option<Estimate>) {
    if let Some(value) = value {
        line(out, names, value);
    }
}
