//! `/desk/hall/whatif?matter=…`: what is asked of a described matter.

use super::query::Sent;
use super::{Room, matter_name};
use crate::WORDS;
use crate::asked::{MATTER_SEEDS, MATTER_USUAL, OTHERS, STARTS};
use crate::desks::Net;
use crate::file::{EXAMINERS_MAX, Matter};
use crate::matter::Planned;
use ::hall::verbs::Manager;
use axum::http::StatusCode;
use kernel::{Fault, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell};

/// A unit that one may give other examiners.
struct UnitLine {
    /// Its field.
    field: String,
    name: String,
    /// What a matter is for its examiners, and what else they have to do.
    hint: String,
}

#[derive(askama::Template)]
#[template(path = "ask-matter.html")]
struct AskMatterPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    matter: String,
    name: String,
    steps: String,
    /// Whether desks are described.
    desks: bool,
    units: Vec<UnitLine>,
    seeds: String,
    starts: String,
    others: String,
    examiners: String,
}

/// The form, with what is wrong.
pub(super) async fn show(
    room: &Room,
    ctx: &Ctx,
    manager: &Manager,
    sent: &Sent,
    refused: Option<Refusal>,
) -> Answer {
    let id = sent.matter().unwrap_or_default();
    let (matter, planned) = room.described.matter(id).await?;
    let mut form = sent.form();
    if !sent.asks() {
        form = usual(form, &matter);
    }
    refused.iter().for_each(|refusal| form.refuse(refusal));
    let status = refused.as_ref().map_or(StatusCode::OK, |refusal| match refusal.kind {
        RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        _ => StatusCode::UNPROCESSABLE_ENTITY,
    });
    let units = units(&matter, &planned, WORDS.say(ctx.lang))?;
    Ok(page::render_with(status, &page(ctx, manager, form, (id, units), &(matter, planned))))
}

/// The form as it is shown the first time: everything as described.
fn usual(form: FormState, matter: &Matter) -> FormState {
    let mut form = form.with("seeds", MATTER_USUAL.to_string());
    let Some(desks) = &matter.desks else { return form };
    form = form.with("starts", desks.starts_per_day.to_string()).with("others", "100");
    for desk in &desks.units {
        if let Some(n) = desk.examiners {
            form = form.with(format!("examiners.{}", desk.id), n.to_string());
        }
    }
    form
}

fn units(matter: &Matter, planned: &Planned, w: Say) -> Result<Vec<UnitLine>, Fault> {
    let Some(desks) = &matter.desks else { return Ok(Vec::new()) };
    let net = Net::of(planned, desks)?;
    let line = |(number, desk): (usize, &crate::file::Desk)| {
        let (pieces, minutes) = net.at(number);
        let told = [
            ("pieces", pieces.to_string()),
            ("hands", format!("{minutes:.0}")),
            ("others", desk.others_per_day.to_string()),
            ("minutes", format!("{:.0}", desk.others().mean())),
        ];
        UnitLine {
            field: format!("examiners.{}", desk.id),
            name: desk.name.get(w.lang).to_owned(),
            hint: w.with("ask-examiners-hint", &told),
        }
    };
    Ok(desks.units.iter().enumerate().filter(|(_, u)| u.examiners.is_some()).map(line).collect())
}

/// How many steps there are and how many have a term.
pub(super) fn steps(planned: &Planned, w: Say) -> String {
    let timed = planned.steps.iter().filter(|s| s.hours > 0).count();
    w.with("matter-steps", &[("steps", planned.steps.len().to_string()), ("timed", timed.to_string())])
}

fn page(
    ctx: &Ctx,
    manager: &Manager,
    form: FormState,
    (id, units): (&str, Vec<UnitLine>),
    described: &(Matter, Planned),
) -> AskMatterPage {
    let (w, code) = (WORDS.say(ctx.lang), &manager.hall().code);
    let range = |from: String, to: String| [("from", from), ("to", to)];
    AskMatterPage {
        shell: Shell::new(ctx, w.t("matter-title"))
            .desk()
            .crumb(w.t("day-title"), format!("/desk/hall/day?hall={code}"))
            .crumb(w.t("choose-crumb"), format!("/desk/hall/whatif?hall={code}")),
        w,
        form,
        hall: code.to_string(),
        matter: id.to_owned(),
        name: matter_name(described, w),
        steps: steps(&described.1, w),
        desks: described.0.desks.is_some(),
        units,
        seeds: w.with(
            "ask-matter-seeds-hint",
            &range(MATTER_SEEDS.start().to_string(), MATTER_SEEDS.end().to_string()),
        ),
        starts: w.with("ask-starts-hint", &range(STARTS.start().to_string(), STARTS.end().to_string())),
        others: w.with("ask-others-hint", &range(OTHERS.start().to_string(), OTHERS.end().to_string())),
        examiners: w.with("ask-examiners-of", &range("1".to_owned(), EXAMINERS_MAX.to_string())),
    }
}
