//! `/openness/ratings`: how satisfied people were, by agency, and of one agency by item, over twelve months that have ended: a figure
//! that grows by one would tell whom it is about, and so would a small one. What nobody has rated counts as nothing.

use super::Room;
use super::view::agency as name_of;
use crate::model::{Level, Tally, month};
use crate::verbs::HALL;
use crate::{WORDS, store as rows};
use ::store::Store;
use axum::extract::{Query, State};
use cases::show::Names;
use jiff::ToSpan;
use kernel::{AgencyCode, Outcome, Refusal, Text, clock};
use page::{Answer, Ctx, Say, Shell, format};

const MONTHS: i32 = 12;
/// Fewer ratings than that are not told apart.
const FEW: i64 = 5;
/// So many lines are shown, those with the most ratings.
const LINES: usize = 200;

struct Line {
    href: String,
    name: String,
    cells: Vec<String>,
    total: String,
    satisfied: String,
}

#[derive(askama::Template)]
#[template(path = "counts.html")]
struct CountsPage {
    shell: Shell,
    w: Say,
    agency: String,
    levels: Vec<String>,
    lines: Vec<Line>,
    since: String,
    until: String,
}

/// Which agency.
#[derive(serde::Deserialize)]
pub(super) struct Of {
    agency: Option<String>,
}

pub(super) async fn get(State(room): State<Room>, ctx: Ctx, Query(of): Query<Of>) -> Answer {
    let (store, w, lang) = (&room.house.ground.store, WORDS.say(ctx.lang), ctx.lang);
    let today = clock::legal_date(ctx.now);
    let first = today.first_of_month().checked_sub(MONTHS.months()).unwrap_or(today);
    let names = Names::load(store).await?;
    let agency = match of.agency.as_deref().filter(|a| !a.is_empty()) {
        Some(text) => Some(AgencyCode::parse(text).ok_or_else(Refusal::not_found)?),
        None => None,
    };
    let months = (month(first), month(today));
    let mut found =
        rows::tallies(store, (&months.0, &months.1), agency.as_ref().map(AgencyCode::as_str)).await?;
    found.truncate(LINES);
    let mut lines = Vec::with_capacity(found.len());
    for (key, tally) in &found {
        lines.push(match &agency {
            None => line(name_of(key, &names, lang), format!("/openness/ratings?agency={key}"), tally, w),
            Some(_) => {
                let (name, href) = of_key(store, key).await?;
                line(name.get(lang).to_owned(), href, tally, w)
            }
        });
    }
    let mut shell = Shell::new(&ctx, w.t("counts-title"));
    if agency.is_some() {
        shell = shell.crumb(w.t("counts-title"), "/openness/ratings");
    }
    Ok(page::render(&CountsPage {
        shell,
        w,
        agency: agency.map(|a| names.of(&a, lang)).unwrap_or_default(),
        levels: Level::ALL.iter().map(|l| super::view::level(*l, w)).collect(),
        lines,
        since: format::date(lang, first),
        until: format::date(lang, today.first_of_month().yesterday().unwrap_or(today)),
    }))
}

/// What an item's key or a hall's stands for, and where it is told of.
async fn of_key(store: &Store, key: &str) -> Outcome<(Text, String)> {
    if let Some(code) = key.strip_prefix(HALL) {
        let hall = match code.parse() {
            Ok(code) => hall::hall(store, &code).await?,
            Err(_) => None,
        };
        return Ok((hall.map_or_else(|| Text::same(code), |h| h.name), format!("/halls/{code}")));
    }
    let found = catalog::find(store, key).await?;
    Ok((found.map_or_else(|| Text::same(key), |f| f.item.name.clone()), format!("/items/{key}")))
}

fn line(name: String, href: String, tally: &Tally, w: Say) -> Line {
    if tally.total() < FEW {
        let few = w.with("counts-few", &[("n", FEW.to_string())]);
        return Line { href, name, cells: vec![String::new(); 5], total: few, satisfied: String::new() };
    }
    Line {
        href,
        name,
        cells: tally.0.iter().map(|n| format::number(*n)).collect(),
        total: format::number(tally.total()),
        satisfied: tally.satisfied().map(|n| format!("{n}%")).unwrap_or_default(),
    }
}
