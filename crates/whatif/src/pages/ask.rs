//! `/desk/hall/whatif`: which input, and then what is asked of it.

use super::query::Sent;
use super::{Room, choose, matter_ask};
use crate::WORDS;
use crate::asked::{Asked, SEEDS, TRAINING, USUAL};
use crate::file::{Hall, Windows};
use crate::question::{self, Basis, Input};
use crate::report::minutes;
use ::hall::manager_of;
use ::hall::verbs::Manager;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Failure, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell};

/// Rows left free for windows that take something else.
const FREE: usize = 2;

#[derive(askama::Template)]
#[template(path = "ask.html")]
struct AskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    /// `day` or `file`, and which.
    basis: (&'static str, String),
    name: String,
    /// What the record says, in sentences.
    record: Vec<String>,
    /// Id and name.
    units: Vec<(String, String)>,
    with: Vec<(String, String)>,
    /// The names of the fields of each row.
    rows: Vec<(String, String)>,
    seeds: String,
    training: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(sent): Query<Vec<(String, String)>>,
) -> Answer {
    let sent = Sent(sent);
    // First, so that whoever runs no hall is told so.
    let manager = manager_of(&room.house.ground.store, &who, sent.hall()).await?;
    if sent.matter().is_some() {
        return matter_ask::show(&room, &ctx, &manager, &sent, None).await;
    }
    show(&room, &ctx, &manager, &sent, None).await
}

/// The form, or before it the choice of an input; with what is wrong.
pub(super) async fn show(
    room: &Room,
    ctx: &Ctx,
    manager: &Manager,
    sent: &Sent,
    refused: Option<Refusal>,
) -> Answer {
    let mut form = sent.form();
    let read = match sent.basis() {
        Ok(None) => return choose::show(room, ctx, manager, form, StatusCode::OK).await,
        Ok(Some(basis)) => {
            let asked = Asked::default();
            let found = question::input(&room.house, &room.described, manager, &basis, &asked).await;
            found.map(|input| (basis, input))
        }
        Err(failure) => Err(failure),
    };
    match read {
        Ok((basis, input)) => {
            let status = refused.as_ref().map_or(StatusCode::OK, status_of);
            if !sent.asks() {
                form = usual(form, &input.hall);
            }
            refused.iter().for_each(|refusal| form.refuse(refusal));
            Ok(page::render_with(status, &page(ctx, manager, form, &basis, &input)))
        }
        Err(Failure::Refused(refusal)) if !refusal.fields.is_empty() => {
            form.refuse(&refusal);
            choose::show(room, ctx, manager, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(other) => Err(other.into()),
    }
}

fn status_of(refusal: &Refusal) -> StatusCode {
    match refusal.kind {
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    }
}

/// The form as it is shown the first time: today's windows, everything to compare with.
fn usual(form: FormState, hall: &Hall) -> FormState {
    let mut form = form.with("seeds", USUAL.0.to_string()).with("training", USUAL.1.to_string());
    for one in hall.arrangements.iter().skip(1) {
        form = form.with_also("with", one.id.clone());
    }
    for (row, some) in windows(hall).iter().enumerate() {
        let (units, count) = fields(row);
        form = form.with(units, written(some)).with(count, some.count.to_string());
    }
    form
}

fn windows(hall: &Hall) -> &[Windows] {
    hall.arrangements.first().map_or(&[], |first| &first.windows)
}

fn fields(row: usize) -> (String, String) {
    (format!("windows[{row}].units"), format!("windows[{row}].count"))
}

/// Letters are written together, longer names apart.
fn written(some: &Windows) -> String {
    let between = if some.units.iter().all(|u| u.chars().count() == 1) { "" } else { " " };
    some.units.join(between)
}

fn page(ctx: &Ctx, manager: &Manager, form: FormState, basis: &Basis, input: &Input) -> AskPage {
    let (w, hall, code) = (WORDS.say(ctx.lang), &input.hall, &manager.hall().code);
    let rows = (0..windows(hall).len() + FREE).map(fields).collect();
    let units = hall.units.iter().map(|u| (u.id.clone(), u.name.get(ctx.lang).to_owned()));
    let with = hall.arrangements.iter().skip(1).map(|a| (a.id.clone(), a.name.get(ctx.lang).to_owned()));
    let range = |from: String, to: String| [("from", from), ("to", to)];
    AskPage {
        shell: Shell::new(ctx, w.t("title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={code}"))
            .crumb(w.t("choose-crumb"), format!("/desk/hall/whatif?hall={code}")),
        w,
        form,
        hall: code.to_string(),
        basis: match basis {
            Basis::Day(day) => ("day", day.to_string()),
            Basis::File(id) => ("file", id.clone()),
        },
        name: hall.name.get(ctx.lang).to_owned(),
        record: record(input, w),
        units: units.collect(),
        with: with.collect(),
        rows,
        seeds: w.with("ask-seeds-hint", &range(SEEDS.start().to_string(), SEEDS.end().to_string())),
        training: w
            .with("ask-training-hint", &range(TRAINING.start().to_string(), TRAINING.end().to_string())),
    }
}

/// What the record says, and what of it is left out.
pub(super) fn record(input: &Input, w: Say) -> Vec<String> {
    let Some(replay) = &input.replay else { return vec![w.t("basis-described").into_owned()] };
    let (was, out) = (&replay.was, &replay.left_out);
    let told = [("n", was.tickets.to_string()), ("wait", minutes(was.wait)), ("p90", minutes(was.wait_p90))];
    let duty = [("duty", minutes(was.on_duty)), ("modelled", minutes(was.modelled))];
    let mut say = vec![w.with("basis-recorded", &told), w.with("basis-duty", &duty)];
    let mut left = |n: usize, words: String| say.extend((n > 0).then_some(words));
    let number = |n: usize| [("n", n.to_string())];
    left(out.absent, w.with("out-absent", &number(out.absent)));
    left(out.on_paper, w.with("out-paper", &number(out.on_paper)));
    left(out.untaken, w.with("out-untaken", &number(out.untaken)));
    say
}
