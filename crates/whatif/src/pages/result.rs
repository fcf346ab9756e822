//! `/desk/hall/whatif/run`: the answer; and the input as it was used, as a file.

use super::draw::{self, Picture};
use super::query::Sent;
use super::{Room, ask, matter_result};
use crate::WORDS;
use crate::compare::{Compared, Row, SHOWN, Unit};
use crate::file::Hall;
use crate::question::{self, Basis, Input};
use crate::report::{level, minutes, percent, points};
use crate::stats::Estimate;
use ::hall::manager_of;
use ::hall::verbs::Manager;
use axum::extract::{Query, RawQuery, State};
use axum::http::header;
use axum::response::IntoResponse as _;
use identity::Staff;
use kernel::{Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, Say, Shell};

struct Line {
    name: String,
    cells: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "result.html")]
struct ResultPage {
    shell: Shell,
    w: Say,
    name: String,
    record: Vec<String>,
    /// Whether the input is a recorded day.
    recorded: bool,
    how: String,
    /// What follows, a sentence for each arrangement after the first.
    findings: Vec<String>,
    pictures: Vec<Picture>,
    /// The names of the arrangements.
    names: Vec<String>,
    windows: Vec<usize>,
    figures: Vec<Line>,
    change_head: String,
    changes: Vec<Line>,
    moved: Vec<Line>,
    published: Option<String>,
    overtakings: String,
    again: String,
    file: String,
    command: String,
}

/// What stands in an address, put together.
struct Put {
    manager: Manager,
    basis: Basis,
    input: Input,
    hall: Hall,
    seeds: u64,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    RawQuery(raw): RawQuery,
    Query(sent): Query<Vec<(String, String)>>,
) -> Answer {
    let sent = Sent(sent);
    let manager = manager_of(&room.house.ground.store, &who, sent.hall()).await?;
    if sent.matter().is_some() {
        return matter_result::show(&room, &ctx, &manager, &sent, &raw.unwrap_or_default()).await;
    }
    let answered = match put(&room, &manager, &sent).await {
        Ok(put) => question::answer(put.hall.clone(), put.seeds).await.map(|compared| (put, compared)),
        Err(failure) => Err(failure),
    };
    match answered {
        Ok((put, compared)) => Ok(page::render(&page(&ctx, &put, &compared, &raw.unwrap_or_default()))),
        Err(Failure::Refused(refusal)) if told(&refusal) => {
            ask::show(&room, &ctx, &manager, &sent, Some(refusal)).await
        }
        Err(other) => Err(other.into()),
    }
}

/// Whether a refusal is told on the form.
pub(super) fn told(refusal: &Refusal) -> bool {
    !refusal.fields.is_empty() || refusal.kind == RefusalKind::Unavailable
}

async fn put(room: &Room, manager: &Manager, sent: &Sent) -> Outcome<Put> {
    let basis = sent.basis()?.ok_or_else(question::no_such_day)?;
    let (asked, wrong) = sent.asked();
    if !wrong.is_empty() {
        return Err(question::wrong(wrong).into());
    }
    let input = question::input(&room.house, &room.described, manager, &basis, &asked).await?;
    let hall = question::arranged(&asked, input.hall.clone())?;
    Ok(Put { manager: manager.clone(), basis, input, hall, seeds: asked.seeds })
}

pub(super) async fn file(
    State(room): State<Room>,
    who: Staff,
    Query(sent): Query<Vec<(String, String)>>,
) -> Answer {
    let sent = Sent(sent);
    let manager = manager_of(&room.house.ground.store, &who, sent.hall()).await?;
    let (name, text) = if sent.matter().is_some() {
        matter_result::file(&room, &sent).await?
    } else {
        let put = put(&room, &manager, &sent).await?;
        (file_name(&put), question::as_file(&put.hall, put.seeds)?)
    };
    let headers = [
        (header::CONTENT_TYPE, "application/yaml; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}

fn file_name(put: &Put) -> String {
    match &put.basis {
        Basis::Day(day) => format!("whatif-{}-{day}.yaml", put.manager.hall().code),
        // It was read by this name, so that it is one of a file.
        Basis::File(id) => format!("whatif-{}.yaml", id.replace(|c: char| !c.is_ascii_alphanumeric(), "-")),
    }
}

fn page(ctx: &Ctx, put: &Put, compared: &Compared, raw: &str) -> ResultPage {
    let (w, code) = (WORDS.say(ctx.lang), &put.manager.hall().code);
    let names: Vec<String> = put.hall.arrangements.iter().map(|a| a.name.get(ctx.lang).to_owned()).collect();
    let first = names.first().cloned().unwrap_or_default();
    let again = format!("/desk/hall/whatif?{raw}");
    let how = [("seeds", compared.seeds.to_string())];
    let command = format!("yimen whatif {} --seeds {} --lang {}", file_name(put), put.seeds, ctx.lang.tag());
    ResultPage {
        shell: Shell::new(ctx, w.t("result-title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={code}"))
            .crumb(w.t("title"), again.clone()),
        w,
        name: put.hall.name.get(ctx.lang).to_owned(),
        record: ask::record(&put.input, w),
        recorded: put.input.replay.is_some(),
        how: w.with("result-how", &how),
        findings: findings(&names, compared, w),
        pictures: draw::pictures(&put.hall, compared, w),
        windows: compared.rows.iter().map(|r| r.windows).collect(),
        figures: figures(compared, w),
        change_head: w.with("change-head", &[("first", first)]),
        changes: changes(compared, w),
        moved: moved(compared, w),
        published: put.hall.published.as_ref().map(|p| {
            let told = [
                ("source", p.source.get(ctx.lang).to_owned()),
                ("wait", signed(p.wait)),
                ("handling", signed(p.handling)),
            ];
            w.with("result-published", &told)
        }),
        overtakings: w.with("real-turns", &[("n", put.hall.overtakings.to_string())]),
        names,
        again,
        file: format!("/desk/hall/whatif/input.yaml?{raw}"),
        command,
    }
}

fn signed(share: f64) -> String {
    format!("{:+.1} %", share * 100.0)
}

fn place(key: &str) -> usize {
    SHOWN.iter().position(|(k, ..)| *k == key).unwrap_or(0)
}

/// What became of the mean wait, in words; nothing is said to differ that chance may have made.
fn findings(names: &[String], compared: &Compared, w: Say) -> Vec<String> {
    let at = place("fig-wait");
    let one = |(name, row): (&String, &Row)| {
        let change = row.change.get(at).copied().unwrap_or(Estimate { mean: 0.0, half: 0.0 });
        let wait = row.figures.get(at).copied().unwrap_or(change);
        let told = [
            ("name", name.clone()),
            ("wait", level(wait, Unit::Minutes)),
            ("change", format!("{} ± {}", minutes(change.mean.abs()), minutes(change.half))),
        ];
        if !change.differs() {
            w.with("finding-same", &told)
        } else if change.mean < 0.0 {
            w.with("finding-less", &told)
        } else {
            w.with("finding-more", &told)
        }
    };
    names.iter().zip(&compared.rows).skip(1).map(one).collect()
}

fn figures(compared: &Compared, w: Say) -> Vec<Line> {
    let line = |(number, (key, _, unit)): (usize, &crate::compare::Shown)| Line {
        name: w.t(key).into_owned(),
        cells: compared.rows.iter().filter_map(|r| Some(level(*r.figures.get(number)?, *unit))).collect(),
    };
    SHOWN.iter().enumerate().map(line).collect()
}

/// Minutes and numbers, and in brackets the same relative to the first; shares in points.
fn changes(compared: &Compared, w: Say) -> Vec<Line> {
    let cell = |row: &Row, number: usize, unit: Unit| {
        let change = points(*row.change.get(number)?, unit);
        let relative = row.relative.get(number).copied().flatten().filter(|_| unit != Unit::Share);
        Some(relative.map_or_else(|| change.clone(), |r| format!("{change} ({})", percent(r))))
    };
    let line = |(number, (key, _, unit)): (usize, &crate::compare::Shown)| Line {
        name: w.t(key).into_owned(),
        cells: compared.rows.iter().skip(1).filter_map(|r| cell(r, number, *unit)).collect(),
    };
    SHOWN.iter().enumerate().map(line).collect()
}

/// The change of the mean wait at other factors.
fn moved(compared: &Compared, w: Say) -> Vec<Line> {
    let relative = |wait: &Option<Estimate>| wait.map_or_else(|| "–".to_owned(), percent);
    let line = |one: &crate::compare::Moved| Line {
        name: w.with("moved-training", &[("percent", format!("{:.0}", (one.value - 1.0) * 100.0))]),
        cells: one.relative.iter().map(|(wait, _)| relative(wait)).collect(),
    };
    compared.moved.iter().map(line).collect()
}
