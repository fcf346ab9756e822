//! What was found, as a table to read and as CSV to reckon on with.

mod csv;
pub(crate) mod desks;

pub use csv::{desks_csv, hall_csv, matter_csv};
pub use desks::desks_table;

use crate::compare::{Compared, Moved, SHOWN, Unit};
use crate::file::{Hall, Published};
use crate::matter::Worked;
use crate::stats::Estimate;
use kernel::Lang;
use page::words::Say;
use std::fmt::Write as _;

/// The width of a column of figures.
const COLUMN: usize = 22;
/// The width of the column of names.
const NAMES: usize = 34;

/// The comparison of a hall's arrangements, to read.
pub fn hall_table(hall: &Hall, compared: &Compared, lang: Lang) -> String {
    let say = crate::WORDS.say(lang);
    let mut out = String::new();
    let days = [
        ("seeds", compared.seeds.to_string()),
        ("from", compared.after.saturating_add(1).to_string()),
        ("to", compared.after.saturating_add(compared.seeds).to_string()),
        ("units", hall.units.len().to_string()),
    ];
    let _ = writeln!(out, "{}\n{}\n", hall.name.get(lang), say.with("how-hall", &days));
    let names: Vec<String> = hall.arrangements.iter().map(|a| a.name.get(lang).to_owned()).collect();
    line(&mut out, "", &names);
    let windows: Vec<String> = compared.rows.iter().map(|r| r.windows.to_string()).collect();
    line(&mut out, &say.t("windows"), &windows);
    for (number, (key, _, unit)) in SHOWN.iter().enumerate() {
        let cells: Vec<String> = compared.rows.iter().map(|r| level(r.figures[number], *unit)).collect();
        line(&mut out, &say.t(key), &cells);
    }
    if let [first, rest @ ..] = names.as_slice()
        && !rest.is_empty()
    {
        let _ = writeln!(out, "\n{}", say.with("change-head", &[("first", first.clone())]));
        changes(&mut out, hall, compared, rest, say);
        if !compared.moved.is_empty() {
            let _ = writeln!(out, "\n{}", say.t("moved-head"));
            sensitivity(&mut out, &compared.moved, rest, say);
        }
    }
    out
}

/// The paired changes, beside what was published.
fn changes(out: &mut String, hall: &Hall, compared: &Compared, names: &[String], say: Say) {
    let mut head = names.to_vec();
    head.extend(hall.published.as_ref().map(|_| say.t("published").into_owned()));
    line(out, "", &head);
    for (number, (key, _, unit)) in SHOWN.iter().enumerate() {
        let rows = compared.rows.iter().skip(1);
        let mut cells: Vec<String> = rows
            .map(|r| match (unit, r.relative[number]) {
                (Unit::Share, _) | (_, None) => points(r.change[number], *unit),
                (_, Some(relative)) => percent(relative),
            })
            .collect();
        let beside = hall.published.as_ref().and_then(|p| published(p, key));
        cells.extend(beside.map(|v| format!("{:+.2} %", v * 100.0)));
        line(out, &say.t(key), &cells);
    }
    if let Some(published) = &hall.published {
        let source = [("source", published.source.get(say.lang).to_owned())];
        let _ = writeln!(out, "{}", say.with("not-a-reproduction", &source));
    }
}

fn published(published: &Published, key: &str) -> Option<f64> {
    match key {
        "fig-wait" => Some(published.wait),
        "fig-handling" => Some(published.handling),
        _ => None,
    }
}

fn sensitivity(out: &mut String, moved: &[Moved], names: &[String], say: Say) {
    let mut head = vec![say.t("first-wait").into_owned()];
    for name in names {
        head.push(format!("{name}: {}", say.t("col-wait")));
        head.push(format!("{name}: {}", say.t("col-handling")));
    }
    line(out, "", &head);
    for one in moved {
        let knob = match one.knob {
            "training" => say.t("knob-training"),
            "peak" => say.t("knob-peak"),
            _ => say.t("knob-spread"),
        };
        let mut cells = vec![level(one.first_wait, Unit::Minutes)];
        for (wait, handling) in &one.relative {
            cells.extend([wait, handling].map(|r| r.map_or_else(|| "–".to_owned(), percent)));
        }
        line(out, &format!("{knob} {}", one.value), &cells);
    }
}

/// The working time of a matter, to read.
pub fn matter_table(worked: &Worked, name: &str, lang: Lang) -> String {
    let say = crate::WORDS.say(lang);
    let mut out = String::new();
    let how = [
        ("from", worked.after.saturating_add(1).to_string()),
        ("to", worked.after.saturating_add(worked.seeds).to_string()),
        ("steps", worked.steps.to_string()),
        ("timed", worked.timed.to_string()),
    ];
    let _ = writeln!(out, "{name}\n{}\n", say.with("how-matter", &how));
    line(&mut out, "", &[say.t("serial").into_owned(), say.t("parallel").into_owned()]);
    let plain = |days: f64| format!("{days:.2}");
    line(&mut out, &say.t("fig-terms"), &[plain(worked.terms.0), plain(worked.terms.1)]);
    let two = |a, b| [level(a, Unit::Minutes), level(b, Unit::Minutes)];
    line(&mut out, &say.t("fig-days"), &two(worked.serial.0, worked.parallel.0));
    line(&mut out, &say.t("fig-days-p90"), &two(worked.serial.1, worked.parallel.1));
    line(&mut out, &say.t("fig-days-change"), &[String::new(), percent(worked.change)]);
    out
}

pub(crate) fn level(estimate: Estimate, unit: Unit) -> String {
    let (scale, places, after) = shape(unit);
    format!("{:.places$} ± {:.places$}{after}", estimate.mean * scale, estimate.half * scale)
}

/// Minutes, or hours, as they are written in a sentence.
pub(crate) fn minutes(value: f64) -> String {
    format!("{value:.1}")
}

/// A value in the unit in which it is shown.
pub(crate) fn scaled(value: f64, unit: Unit) -> f64 {
    value * shape(unit).0
}

pub(crate) fn points(estimate: Estimate, unit: Unit) -> String {
    let (scale, places, _) = shape(unit);
    format!("{:+.places$} ± {:.places$}", estimate.mean * scale, estimate.half * scale)
}

fn shape(unit: Unit) -> (f64, usize, &'static str) {
    match unit {
        Unit::Count => (1.0, 0, ""),
        Unit::Minutes | Unit::Hours => (1.0, 2, ""),
        Unit::Days => (1.0, 3, ""),
        Unit::Share => (100.0, 1, " %"),
    }
}

pub(crate) fn percent(estimate: Estimate) -> String {
    format!("{:+.1} ± {:.1} %", estimate.mean * 100.0, estimate.half * 100.0)
}

/// A line of the table: the name to the left, figures to the right.
fn line(out: &mut String, name: &str, cells: &[String]) {
    let mut text = format!("{name}{}", " ".repeat(NAMES.saturating_sub(width(name))));
    for cell in cells {
        text.push_str(&" ".repeat(COLUMN.saturating_sub(width(cell)).max(2)));
        text.push_str(cell);
    }
    let _ = writeln!(out, "{}", text.trim_end());
}

/// How wide a text is on a terminal: Chinese characters take two places.
fn width(text: &str) -> usize {
    text.chars().map(|c| if ('\u{2e80}'..='\u{ffef}').contains(&c) { 2 } else { 1 }).sum()
}
