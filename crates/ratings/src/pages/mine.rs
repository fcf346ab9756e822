//! `/space/ratings`: what I may rate, what I have said, and what was answered.

use super::view::{self, Shown, agency, day, level_badge, shown};
use super::{Room, id_of, next_of, place};
use crate::model::RatingId;
use crate::queries::{self, Given, items_of};
use crate::store::RatingRow;
use crate::{WORDS, store as rows};
use axum::extract::{Path, Query, State};
use cases::show::Names;
use identity::Applicant;
use kernel::{Fault, Refusal};
use page::{Answer, Ctx, Html, Say, Shell};

const LINES: i64 = 20;

struct Wanted {
    href: String,
    title: String,
    agency: String,
    until: String,
}

struct Line {
    href: String,
    title: String,
    notes: Vec<String>,
    level: Html,
    state: Option<Html>,
}

#[derive(askama::Template)]
#[template(path = "ratings.html")]
struct ListPage {
    shell: Shell,
    w: Say,
    name: String,
    wanted: Vec<Wanted>,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on, and whether something was just said.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
    done: Option<String>,
    again: Option<String>,
}

pub(super) async fn list(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let before = place(from.before.as_deref(), i64::MAX)?;
    let names = Names::load(store).await?;
    let mut found = rows::list_of(store, who.subject(), items_of(&who), before, LINES + 1).await?;
    let older = next_of(&mut found, LINES, "/space/ratings", |r| (r.at, r.id.to_string()));
    let wanted = match from.before {
        None => queries::invited(store, &who, ctx.now, LINES).await?,
        Some(_) => Vec::new(),
    };
    let line = |row: &RatingRow| -> Result<Line, Fault> {
        Ok(Line {
            href: format!("/space/ratings/{}", row.id),
            title: row.item().get(ctx.lang).to_owned(),
            notes: vec![agency(&row.agency, &names, ctx.lang), day(ctx.lang, row.at)],
            level: level_badge(row.level()?, w),
            state: view::state(row.state, row.due_at, ctx.now, w),
        })
    };
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, w.t("mine-title")).crumb(w.t("space"), "/space"),
        w,
        name: who.subject_name().to_owned(),
        wanted: wanted
            .iter()
            .map(|i| Wanted {
                href: format!("/cases/{}/rate", i.case()),
                title: i.item().get(ctx.lang).to_owned(),
                agency: agency(&i.agency, &names, ctx.lang),
                until: w.with("wanted-until", &[("day", day(ctx.lang, i.until))]),
            })
            .collect(),
        lines: found.iter().map(line).collect::<Result<_, _>>()?,
        newest: from.before.map(|_| "/space/ratings".to_owned()),
        older,
    }))
}

#[derive(askama::Template)]
#[template(path = "rating.html")]
struct ShowPage {
    shell: Shell,
    w: Say,
    r: Shown,
    case: String,
    done: bool,
    again: bool,
}

pub(super) async fn show(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let id: RatingId = id_of(&id)?;
    let row =
        rows::of_party(store, who.subject(), items_of(&who), id).await?.ok_or_else(Refusal::not_found)?;
    let given = Given::open(store, row).await?;
    let names = Names::load(store).await?;
    Ok(page::render(&ShowPage {
        shell: Shell::new(&ctx, w.t("rating-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("mine-title"), "/space/ratings"),
        w,
        case: given.row.case().unwrap_or_default().to_owned(),
        r: shown(&given, &names, ctx.now, ctx.lang),
        done: from.done.is_some(),
        again: from.again.is_some(),
    }))
}
