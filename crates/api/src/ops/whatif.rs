//! What another arrangement of a hall's windows, or of a matter's steps, would bring, for whoever runs the hall: the inputs there are, and a run.

mod matter;

use super::items::Both;
use crate::input::{self, Caller};
use crate::problem::{Answer, ProblemBody};
use ::whatif::asked::{Asked, Group, USUAL};
use ::whatif::compare::{Compared, Row, SHOWN};
use ::whatif::question::{self, Basis};
use ::whatif::replay::Replay;
use ::whatif::stats::Estimate;
use ::whatif::{Described, What, file};
use axum::extract::{Path, State};
use axum::{Extension, Json};
use hall::model::HallCode;
use hall::verbs::Manager;
use kernel::{Refusal, RefusalKind};
use page::House;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(inputs, run))
}

/// Past days of the hall in the list.
const DAYS: i64 = 31;

/// What can be tried.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfInputs {
    /// Past days of the hall on which tickets were taken, the latest first.
    days: Vec<WhatIfDayLine>,
    /// Described halls that ship with the installation.
    files: Vec<WhatIfFileLine>,
    /// Described matters that ship with it.
    matters: Vec<matter::WhatIfMatterLine>,
}

/// A past day.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfDayLine {
    /// `2026-11-23`; send it as `day`.
    day: String,
    /// Tickets taken.
    tickets: i64,
}

/// A description.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfFileLine {
    /// Send it as `file`.
    id: String,
    /// Its name.
    name: Both,
    /// The arrangements it describes; the others are compared with the first.
    arrangements: Vec<WhatIfNamed>,
    /// The units that windows take.
    units: Vec<WhatIfNamed>,
}

/// Something with an id.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfNamed {
    /// The id.
    id: String,
    /// The name.
    name: Both,
}

/// A question. One of `day`, `file` and `matter` says on what. Of a hall, at least one of `with` and `windows` says what is compared; of a matter,
/// its steps one after another are compared with the same side by side.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatIfQuestion {
    /// A past day of the hall.
    day: Option<String>,
    /// The id of a description.
    file: Option<String>,
    /// The id of a described matter.
    matter: Option<String>,
    /// Days to try: seeds 1 to this, from 5 to 50; 20 when not said. Of a matter from 5 to 30; 10 when not said.
    seeds: Option<u64>,
    /// How much longer a clerk takes where a window takes more than before, in per cent; 15 when not said.
    training: Option<f64>,
    /// Arrangements of the input that stand beside the first: `everything` for a recorded day, or ids of the description.
    #[serde(default)]
    with: Vec<String>,
    /// Windows of one's own arrangement.
    #[serde(default)]
    windows: Vec<WhatIfWindows>,
    /// Of a matter: how many are handed in on a working day, from 0.1 to 500; as described when not said.
    starts: Option<f64>,
    /// Of a matter: the other work of all units, from 0 to 300 per cent of what is described; 100 when not said.
    others: Option<f64>,
    /// Of a matter: examiners by the unit's id, from 1 to 200; as described when not said.
    #[serde(default)]
    examiners: BTreeMap<String, u32>,
}

/// Windows that take the same.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct WhatIfWindows {
    /// The letters of the hall, or the units of the description, by id; `*` for all.
    units: Vec<String>,
    /// How many.
    count: u16,
}

/// A mean over days and half of its 95 % range (Student's t): the range is `mean - half` to `mean + half`.
#[derive(Serialize, utoipa::ToSchema)]
struct Range {
    /// The mean.
    mean: f64,
    /// Half of the range.
    half: f64,
}

impl From<&Estimate> for Range {
    fn from(e: &Estimate) -> Self {
        Self { mean: e.mean, half: e.half }
    }
}

/// The figures of an arrangement by name (`wait`, `wait-p90`, `staff-use` …).
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfArrangement {
    /// The arrangement's id.
    id: String,
    /// Its name.
    name: Both,
    /// Its windows, each with one clerk.
    windows: usize,
    /// Its figures.
    figures: BTreeMap<&'static str, Range>,
    /// The change against the first arrangement on the same days; absent for the first.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    change: BTreeMap<&'static str, Range>,
    /// The same as a share of the first's figure, where that was never nothing.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    relative: BTreeMap<&'static str, Range>,
}

/// The change of the mean wait at another training.
#[derive(Serialize, utoipa::ToSchema)]
struct Moved {
    /// In per cent.
    training: f64,
    /// By the arrangement's id, as a share.
    wait: BTreeMap<String, Range>,
}

/// What the record itself says.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfRecord {
    /// Tickets that are replayed.
    tickets: usize,
    /// Their mean wait, in minutes.
    wait: f64,
    /// Nine of ten were called within so many minutes.
    wait_p90: f64,
    /// Hours on duty at all windows together.
    on_duty: f64,
    /// The same as modelled, where each window is manned all day.
    modelled: f64,
    /// Left out: called, and nobody came.
    absent: usize,
    /// Left out: on paper.
    on_paper: usize,
    /// Left out: for a business that no window of the day took.
    untaken: usize,
}

/// An answer.
#[derive(Serialize, utoipa::ToSchema)]
struct WhatIfAnswer {
    /// What was tried.
    name: Both,
    /// Seeds 1 to this.
    seeds: u64,
    /// In what each figure is: `count`, `minutes` or `share`.
    units: BTreeMap<&'static str, &'static str>,
    /// The arrangements.
    arrangements: Vec<WhatIfArrangement>,
    /// How the answer hangs on what was assumed of training.
    moved: Vec<Moved>,
    /// What the record says, for a recorded day: how far it is from the first arrangement's figures is how much the model leaves out.
    #[serde(skip_serializing_if = "Option::is_none")]
    recorded: Option<WhatIfRecord>,
    /// The input as it was used, as a file for `yimen whatif`.
    input: String,
}

/// An answer, for a hall or for a matter.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(untagged)]
enum WhatIfReply {
    /// Of a hall.
    Hall(WhatIfAnswer),
    /// Of a matter.
    Matter(matter::WhatIfMatterAnswer),
}

async fn manager(house: &House, caller: &Caller, code: &str) -> Answer<Manager> {
    let staff = caller.session.staff()?;
    let code: HallCode = code.parse().map_err(|_| Refusal::not_found())?;
    Ok(Manager::of(&house.ground.store, &staff, &code).await?)
}

/// The days and descriptions on which another arrangement of the hall's windows can be tried, and the described matters.
#[utoipa::path(get, path = "/halls/{hall}/whatif", tag = "halls", params(("hall" = String, Path, description = "Its code")),
    responses((status = 200, body = WhatIfInputs), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
              (status = 404, body = ProblemBody)))]
async fn inputs(
    State(house): State<House>,
    Extension(described): Extension<Described>,
    Path(code): Path<String>,
    caller: Caller,
) -> Answer<Json<WhatIfInputs>> {
    let manager = manager(&house, &caller, &code).await?;
    let now = house.ground.clock.now();
    let days = hall::recorded_days(&house.ground.store, &manager, now, DAYS).await?;
    let (mut files, mut matters) = (Vec::new(), Vec::new());
    for one in described.all().await? {
        match one.what {
            What::Hall(read) => files.push(WhatIfFileLine {
                id: one.id,
                name: (&read.name).into(),
                arrangements: read.arrangements.iter().map(|a| named(&a.id, &a.name)).collect(),
                units: read.units.iter().map(|u| named(&u.id, &u.name)).collect(),
            }),
            What::Matter(read) => matters.push(matter::line(one.id, &read)),
            // What cannot be read is told on the page; it can be tried nowhere.
            What::Wrong(_) => {}
        }
    }
    let day = |(day, tickets)| WhatIfDayLine { day, tickets };
    Ok(Json(WhatIfInputs { days: days.into_iter().map(day).collect(), files, matters }))
}

fn named(id: &str, name: &kernel::Text) -> WhatIfNamed {
    WhatIfNamed { id: id.to_owned(), name: name.into() }
}

/// Try another arrangement of the hall's windows on a recorded day or a description, or a matter's steps side by side. Nothing is written; one question is worked on at a time.
#[utoipa::path(post, path = "/halls/{hall}/whatif", tag = "halls", params(("hall" = String, Path, description = "Its code")),
    request_body = WhatIfQuestion,
    responses((status = 200, body = WhatIfReply), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 413, body = ProblemBody),
              (status = 422, body = ProblemBody), (status = 503, body = ProblemBody)))]
async fn run(
    State(house): State<House>,
    Extension(described): Extension<Described>,
    Path(code): Path<String>,
    caller: Caller,
    input::Json(sent): input::Json<WhatIfQuestion>,
) -> Answer<Json<WhatIfReply>> {
    let manager = manager(&house, &caller, &code).await?;
    matter::of_one_kind(&sent)?;
    let basis = match basis(&sent)? {
        On::Hall(basis) => basis,
        On::Matter(id) => {
            let answer = matter::run(&described, &id, &sent).await?;
            return Ok(Json(WhatIfReply::Matter(answer)));
        }
    };
    let group = |(row, w): (usize, WhatIfWindows)| Group { row, units: w.units, count: usize::from(w.count) };
    let asked = Asked {
        seeds: sent.seeds.unwrap_or(USUAL.0),
        training: sent.training.unwrap_or(USUAL.1),
        with: sent.with,
        windows: sent.windows.into_iter().enumerate().map(group).collect(),
    };
    let input = question::input(&house, &described, &manager, &basis, &asked).await?;
    let arranged = question::arranged(&asked, input.hall)?;
    let compared = question::answer(arranged.clone(), asked.seeds).await?;
    Ok(Json(WhatIfReply::Hall(reply(&arranged, &compared, input.replay.as_ref())?)))
}

/// On what a question is.
enum On {
    Hall(Basis),
    Matter(String),
}

fn basis(sent: &WhatIfQuestion) -> Answer<On> {
    match (&sent.day, &sent.file, &sent.matter) {
        (Some(day), None, None) => {
            Ok(On::Hall(Basis::Day(day.parse().map_err(|_| question::no_such_day())?)))
        }
        (None, Some(file), None) => Ok(On::Hall(Basis::File(file.clone()))),
        (None, None, Some(matter)) => Ok(On::Matter(matter.clone())),
        _ => {
            let (zh, en) = ("day、file 和 matter 必须且只能填一个。", "Exactly one of day, file and matter.");
            let refusal = Refusal::new(RefusalKind::Invalid, "whatif.no-input", zh, en);
            Err(refusal.field("day", zh, en).into())
        }
    }
}

fn word(key: &'static str) -> &'static str {
    key.trim_start_matches("fig-")
}

fn reply(hall: &file::Hall, compared: &Compared, replay: Option<&Replay>) -> Answer<WhatIfAnswer> {
    let rows = hall.arrangements.iter().zip(&compared.rows);
    let moved = |one: &::whatif::compare::Moved| Moved {
        training: ((one.value - 1.0) * 100.0).round(),
        wait: hall
            .arrangements
            .iter()
            .skip(1)
            .zip(&one.relative)
            .filter_map(|(a, (wait, _))| Some((a.id.clone(), Range::from(wait.as_ref()?))))
            .collect(),
    };
    Ok(WhatIfAnswer {
        name: (&hall.name).into(),
        seeds: compared.seeds,
        units: SHOWN.iter().map(|(key, _, u)| (word(key), matter::in_what(*u))).collect(),
        arrangements: rows.map(|(a, row)| figures(a, row)).collect(),
        moved: compared.moved.iter().map(moved).collect(),
        recorded: replay.map(recorded),
        input: question::as_file(hall, compared.seeds)?,
    })
}

fn figures(arrangement: &file::Arrangement, row: &Row) -> WhatIfArrangement {
    let names = || SHOWN.iter().map(|(key, ..)| word(key));
    WhatIfArrangement {
        id: row.id.clone(),
        name: (&arrangement.name).into(),
        windows: row.windows,
        figures: names().zip(row.figures.iter().map(Range::from)).collect(),
        change: names().zip(row.change.iter().map(Range::from)).collect(),
        relative: names()
            .zip(&row.relative)
            .filter_map(|(n, e)| Some((n, Range::from(e.as_ref()?))))
            .collect(),
    }
}

fn recorded(replay: &Replay) -> WhatIfRecord {
    let (was, out) = (replay.was, replay.left_out);
    WhatIfRecord {
        tickets: was.tickets,
        wait: was.wait,
        wait_p90: was.wait_p90,
        on_duty: was.on_duty,
        modelled: was.modelled,
        absent: out.absent,
        on_paper: out.on_paper,
        untaken: out.untaken,
    }
}
