//! `/desk/hall/whatif/run?matter=…`: the answer for a matter; and the input as it was used, as a file.

use super::draw::{Picture, picture};
use super::query::Sent;
use super::{Room, matter_ask, matter_name, result};
use crate::WORDS;
use crate::compare::Unit;
use crate::desks::{Desked, SHOWN};
use crate::file::{Desks, Matter};
use crate::matter::{Planned, Worked};
use crate::question::{self, MatterFound, MatterInput};
use crate::report::desks::{cell, knob, moved_cells, unit_cells};
use crate::report::{level, percent, points};
use crate::stats::Estimate;
use ::hall::verbs::Manager;
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, Say, Shell};

struct Line {
    name: String,
    cells: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "result-matter.html")]
struct MatterPage {
    shell: Shell,
    w: Say,
    name: String,
    how: String,
    findings: Vec<String>,
    pictures: Vec<Picture>,
    /// What the desks came to; empty where none are described.
    figures: Vec<Line>,
    units: Vec<Line>,
    moved: Vec<Line>,
    /// Working time only.
    worked: Vec<Line>,
    steps: String,
    again: String,
    file: String,
    command: String,
}

/// What stands in the address, put together: the input and the seeds.
async fn put(room: &Room, sent: &Sent) -> Outcome<(MatterInput, u64)> {
    let id = sent.matter().unwrap_or_default();
    let (matter, _) = room.described.matter(id).await?;
    let units: Vec<&str> = matter.desks.iter().flat_map(|d| &d.units).map(|u| u.id.as_str()).collect();
    let (asked, wrong) = sent.asked_matter(&units);
    if !wrong.is_empty() {
        return Err(question::wrong(wrong).into());
    }
    Ok((question::matter_input(&room.described, id, &asked).await?, asked.seeds))
}

pub(super) async fn show(room: &Room, ctx: &Ctx, manager: &Manager, sent: &Sent, raw: &str) -> Answer {
    let answered = match put(room, sent).await {
        Ok((input, seeds)) => {
            question::answer_matter(input.clone(), seeds).await.map(|found| (input, seeds, found))
        }
        Err(failure) => Err(failure),
    };
    match answered {
        Ok((input, seeds, found)) => {
            let command =
                format!("yimen whatif {} --seeds {seeds} --lang {}", file_name(sent), ctx.lang.tag());
            Ok(page::render(&page(ctx, manager, &input, &found, (raw, command))))
        }
        Err(Failure::Refused(refusal)) if result::told(&refusal) => {
            matter_ask::show(room, ctx, manager, sent, Some(refusal)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// The name of the file and what stands in it.
pub(super) async fn file(room: &Room, sent: &Sent) -> Outcome<(String, String)> {
    let (input, seeds) = put(room, sent).await?;
    Ok((file_name(sent), question::matter_as_file(&input.matter, seeds)?))
}

fn file_name(sent: &Sent) -> String {
    let id = sent.matter().unwrap_or_default();
    format!("whatif-{}.yaml", id.replace(|c: char| !c.is_ascii_alphanumeric(), "-"))
}

fn page(
    ctx: &Ctx,
    manager: &Manager,
    input: &MatterInput,
    found: &MatterFound,
    (raw, command): (&str, String),
) -> MatterPage {
    let (w, code) = (WORDS.say(ctx.lang), &manager.hall().code);
    let MatterInput { matter, planned } = input;
    let desks = matter.desks.as_ref().zip(found.desked.as_ref());
    let again = format!("/desk/hall/whatif?{raw}");
    MatterPage {
        shell: Shell::new(ctx, w.t("result-title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={code}"))
            .crumb(w.t("matter-title"), again.clone()),
        w,
        name: matter_name(&(matter.clone(), planned.clone()), w),
        how: how(matter, &found.worked, w),
        findings: desks.map_or_else(|| bare_finding(&found.worked, w), |(d, f)| findings(d, f, w)),
        pictures: pictures(&found.worked, found.desked.as_ref(), w),
        figures: found.desked.as_ref().map_or_else(Vec::new, |found| figures(found, w)),
        units: desks.map_or_else(Vec::new, |(desks, found)| units(desks, found, w)),
        moved: desks.map_or_else(Vec::new, |(desks, found)| moved(desks, found, w)),
        worked: worked(&found.worked, w),
        steps: steps(planned, w),
        again,
        file: format!("/desk/hall/whatif/input.yaml?{raw}"),
        command,
    }
}

fn steps(planned: &Planned, w: Say) -> String {
    matter_ask::steps(planned, w)
}

fn how(matter: &Matter, worked: &Worked, w: Say) -> String {
    let seeds = worked.seeds.to_string();
    match &matter.desks {
        None => w.with("matter-how-bare", &[("seeds", seeds), ("matters", matter.matters.to_string())]),
        Some(desks) => {
            let told = [
                ("seeds", seeds),
                ("days", desks.days.to_string()),
                ("warm", desks.warm_up_days.to_string()),
                ("starts", desks.starts_per_day.to_string()),
            ];
            w.with("matter-how", &told)
        }
    }
}

fn place(key: &str) -> usize {
    SHOWN.iter().position(|(k, ..)| *k == key).unwrap_or(0)
}

/// The whole time, the waits, and which unit is busiest; nothing is said to differ that chance may have made.
fn findings(desks: &Desks, found: &Desked, w: Say) -> Vec<String> {
    let at = |key: &str, row: usize| found.rows.get(row).and_then(|r| r.figures.get(place(key))).copied();
    let nothing = Estimate { mean: 0.0, half: 0.0 };
    let figure = |key: &str, row: usize, unit: Unit| level(at(key, row).unwrap_or(nothing), unit);
    let change = found.change.get(place("fig-days")).copied().unwrap_or(nothing);
    let relative = found.relative.get(place("fig-days")).copied().flatten();
    let told = [
        ("serial", figure("fig-days", 0, Unit::Days)),
        ("parallel", figure("fig-days", 1, Unit::Days)),
        ("change", relative.map_or_else(|| points(change, Unit::Days), percent)),
    ];
    let whole = if change.differs() { w.with("matter-finding", &told) } else { w.with("matter-same", &told) };
    let told = [
        ("serial", figure("fig-desk-wait", 0, Unit::Hours)),
        ("parallel", figure("fig-desk-wait", 1, Unit::Hours)),
        ("hands", figure("fig-desk-handling", 0, Unit::Hours)),
    ];
    let mut out = vec![whole, w.with("matter-waits", &told)];
    let busy = |unit: usize| found.rows[0].units.get(unit).map_or(nothing, |(busy, _)| *busy);
    let staffed = (0..desks.units.len()).filter(|u| desks.units[*u].examiners.is_some());
    out.extend(staffed.max_by(|a, b| busy(*a).mean.total_cmp(&busy(*b).mean)).map(|unit| {
        let name = desks.units[unit].name.get(w.lang).to_owned();
        w.with("matter-busiest", &[("unit", name), ("busy", level(busy(unit), Unit::Share))])
    }));
    out
}

fn bare_finding(worked: &Worked, w: Say) -> Vec<String> {
    let told = [
        ("serial", level(worked.serial.0, Unit::Days)),
        ("parallel", level(worked.parallel.0, Unit::Days)),
        ("change", percent(worked.change)),
    ];
    vec![if worked.change.differs() { w.with("matter-finding", &told) } else { w.with("matter-same", &told) }]
}

fn both<T>(serial: T, parallel: T, w: Say) -> Vec<(String, T)> {
    vec![(w.t("serial").into_owned(), serial), (w.t("parallel").into_owned(), parallel)]
}

fn pictures(worked: &Worked, desked: Option<&Desked>, w: Say) -> Vec<Picture> {
    let Some(found) = desked else {
        let (serial, parallel) = (worked.serial, worked.parallel);
        return vec![
            picture("fig-days", Unit::Days, both(serial.0, parallel.0, w), w),
            picture("fig-days-p90", Unit::Days, both(serial.1, parallel.1, w), w),
        ];
    };
    let one = |key: &&str| {
        let (_, _, unit) = SHOWN.get(place(key))?;
        let [serial, parallel] = &found.rows;
        let of = both(*serial.figures.get(place(key))?, *parallel.figures.get(place(key))?, w);
        Some(picture(key, *unit, of, w))
    };
    ["fig-days", "fig-days-p90", "fig-desk-wait"].iter().filter_map(one).collect()
}

fn figures(found: &Desked, w: Say) -> Vec<Line> {
    let line = |(number, (key, _, unit)): (usize, &crate::desks::Shown)| {
        let levels = found.rows.iter().filter_map(|r| Some(level(*r.figures.get(number)?, *unit)));
        Line { name: w.t(key).into_owned(), cells: levels.chain(cell(found, number, *unit)).collect() }
    };
    SHOWN.iter().enumerate().map(line).collect()
}

fn units(desks: &Desks, found: &Desked, w: Say) -> Vec<Line> {
    let line = |(number, desk): (usize, &crate::file::Desk)| Line {
        name: desk.name.get(w.lang).to_owned(),
        cells: unit_cells(desks, found, number, w),
    };
    desks.units.iter().enumerate().map(line).collect()
}

fn moved(desks: &Desks, found: &Desked, w: Say) -> Vec<Line> {
    let line =
        |moved: &crate::desks::Moved| Line { name: knob(desks, moved.knob, w), cells: moved_cells(moved, w) };
    found.moved.iter().map(line).collect()
}

fn worked(worked: &Worked, w: Say) -> Vec<Line> {
    let two = |key: &'static str, a: Estimate, b: Estimate| Line {
        name: w.t(key).into_owned(),
        cells: vec![level(a, Unit::Days), level(b, Unit::Days)],
    };
    let terms = [worked.terms.0, worked.terms.1].map(|days| format!("{days:.2}"));
    vec![
        Line { name: w.t("fig-terms").into_owned(), cells: terms.into() },
        two("fig-days", worked.serial.0, worked.parallel.0),
        two("fig-days-p90", worked.serial.1, worked.parallel.1),
        Line {
            name: w.t("fig-days-change").into_owned(),
            cells: vec![String::new(), percent(worked.change)],
        },
    ]
}
