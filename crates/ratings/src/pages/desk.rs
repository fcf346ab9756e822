//! `/desk/ratings`: bad ratings of the agency, the one due first at the top, and their answers. Whoever did not want to be named stays
//! unnamed: neither name nor case stands on the page. Opening a named one is a look, recorded before anything is shown.

use super::view::{self, Shown, agency, day, level_badge, shown};
use super::{Room, id_of, next_of, place};
use crate::model::{RatingId, State as Standing};
use crate::queries::Given;
use crate::reach::Reach;
use crate::store::RatingRow;
use crate::verbs::{self, answers};
use crate::{WORDS, store as rows};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use cases::show::Names;
use identity::Staff;
use kernel::{Failure, Fault, Lang, Outcome, Refusal, SubjectId};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};
use trace::{Look, Purpose};

const LINES: i64 = 50;

struct Line {
    href: String,
    title: String,
    name: String,
    agency: String,
    at: String,
    due: String,
    level: Html,
    state: Option<Html>,
}

#[derive(askama::Template)]
#[template(path = "desk_ratings.html")]
struct ListPage {
    shell: Shell,
    w: Say,
    all: bool,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// Which list, and where it goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    list: Option<String>,
    before: Option<String>,
}

pub(super) async fn list(State(room): State<Room>, ctx: Ctx, who: Staff, Query(from): Query<From>) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let reach = Reach::of(&who)?;
    let all = from.list.as_deref() == Some("all");
    let cursor = from.before.as_deref();
    let mut found = match all {
        true => rows::bad(store, &reach, place(cursor, i64::MAX)?, LINES + 1).await?,
        false => rows::open(store, &reach, place(cursor, i64::MIN)?, LINES + 1).await?,
    };
    let base = if all { "/desk/ratings?list=all" } else { "/desk/ratings" };
    let key = |r: &RatingRow| (if all { r.at } else { r.due_at.unwrap_or(r.at) }, r.id.to_string());
    let older = next_of(&mut found, LINES, base, key);
    let names = Names::load(store).await?;
    let line = |row: &RatingRow| -> Result<Line, Fault> {
        Ok(Line {
            href: format!("/desk/ratings/{}", row.id),
            title: row.item().get(ctx.lang).to_owned(),
            name: name(row, w),
            agency: agency(&row.agency, &names, ctx.lang),
            at: day(ctx.lang, row.at),
            due: row.due_at.map(|due| day(ctx.lang, due)).unwrap_or_default(),
            level: level_badge(row.level()?, w),
            state: view::state(row.state, row.due_at, ctx.now, w),
        })
    };
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, w.t("desk-title")).desk(),
        w,
        all,
        lines: found.iter().map(line).collect::<Result<_, _>>()?,
        newest: from.before.as_ref().map(|_| base.to_owned()),
        older,
    }))
}

fn name(row: &RatingRow, w: Say) -> String {
    match (row.case(), row.name_masked.is_empty()) {
        (None, _) => w.t("visitor").into_owned(),
        (Some(_), true) => w.t("unnamed").into_owned(),
        (Some(_), false) => row.name_masked.clone(),
    }
}

#[derive(askama::Template)]
#[template(path = "desk_rating.html")]
struct ShowPage {
    shell: Shell,
    w: Say,
    form: FormState,
    r: Shown,
    name: String,
    /// The number of the case; empty where the rater stays unnamed.
    case: String,
    at: String,
    answer: bool,
    awaits: bool,
    /// Whether that it was opened stands among the looks at the rater.
    looked: bool,
}

async fn row_of(room: &Room, who: &Staff, id: &str) -> Outcome<RatingRow> {
    let (id, reach): (RatingId, _) = (id_of(id)?, Reach::of(who)?);
    rows::for_desk(&room.house.ground.store, id, &reach).await?.ok_or_else(|| Refusal::not_found().into())
}

pub(super) async fn show(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Staff) -> Answer {
    let row = row_of(&room, &who, &id).await?;
    page_of(&room, &ctx, &who, row, FormState::new(), StatusCode::OK).await
}

/// Who is named is looked at; who is not, is not: a look that is recorded would say who they are.
async fn looked(room: &Room, who: &Staff, row: &RatingRow) -> Outcome<()> {
    let (Some(SubjectId::Person(person)), Some(case)) = (row.party(), row.case()) else { return Ok(()) };
    if row.name_masked.is_empty() {
        return Ok(());
    }
    let look = Look { person, fields: vec!["rating".to_owned()], purpose: Purpose::in_case("rating", case) };
    let actor = who.actor_ref();
    command!(room.house.ground, Lang::default(), actor, |cx| trace::look(&mut cx, &look)
        .map_err(Failure::from))
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    row: RatingRow,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    looked(room, who, &row).await?;
    let open = row.state == Standing::Open;
    let answer = open && answers(store, who, &row, ctx.now).await?;
    let given = Given::open(store, row).await?;
    let names = Names::load(store).await?;
    let named = given.rating.said.named;
    let mut r = shown(&given, &names, ctx.now, ctx.lang);
    if !named {
        // The minute would say which of the cases or visits of that day it was.
        r.at = day(ctx.lang, given.rating.at);
    }
    let page = ShowPage {
        shell: Shell::new(ctx, w.t("rating-title")).desk().crumb(w.t("desk-title"), "/desk/ratings"),
        w,
        form,
        name: name(&given.row, w),
        case: given.row.case().filter(|_| named).unwrap_or_default().to_owned(),
        at: format!("/desk/ratings/{}", given.row.id),
        answer,
        awaits: open && !answer,
        looked: named && matches!(given.row.party(), Some(SubjectId::Person(_))),
        r,
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn answer(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let row = row_of(&room, &who, &id).await?;
    let (actor, id) = (who.actor_ref(), row.id);
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::answer(&mut cx, &who, id, sent.get("text")).await
    });
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/ratings/{id}"))),
        Err(Failure::Refused(refusal)) if refusal.code == "ratings.text" => {
            let mut form = FormState::of(&sent);
            form.refuse(&refusal);
            page_of(&room, &ctx, &who, row, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(failure) => Err(failure.into()),
    }
}
