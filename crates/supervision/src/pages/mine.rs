//! `/space/objections`: what I have raised about my data, where it stands, until when it is answered, and what came of it.

use super::view::{Shown, kind, open, shown, state};
use super::{Room, id_of, next_of, papers, place};
use crate::model::{Kind, RequestId, State as Standing};
use crate::plain::Known;
use crate::store::RequestRow;
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, Query, State};
use identity::Applicant;
use kernel::{Outcome, Refusal, clock};
use page::{Answer, Ctx, Html, Say, Shell, Submitted, format};

const LINES: i64 = 30;

/// A request in a list.
pub(super) struct Line {
    pub href: String,
    pub title: String,
    pub at: String,
    pub due: String,
    pub state: Html,
}

/// `row` as it stands in a list of the person's.
pub(super) fn line(row: &RequestRow, w: Say) -> Line {
    let open = row.state == Standing::Open;
    let due = format::date(w.lang, clock::legal_date(row.due_at));
    Line {
        href: format!("/space/objections/{}", row.id),
        title: kind(row.kind, w),
        at: format::moment(w.lang, row.at),
        due: if open { w.with("answer-until", &[("day", due)]) } else { String::new() },
        state: state(row.state, row.late, w),
    }
}

#[derive(askama::Template)]
#[template(path = "requests.html")]
struct ListPage {
    shell: Shell,
    w: Say,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on, and whether something was just sent.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
    done: Option<String>,
}

pub(super) async fn list(
    State(room): State<Room>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let w = WORDS.say(ctx.lang);
    let before = place(from.before.as_deref(), i64::MAX)?;
    let mut found = rows::list_of(&room.house.ground.store, who.data_subject(), before, LINES + 1).await?;
    let older = next_of(&mut found, LINES, "/space/objections", |r| (r.at, r.id.to_string()));
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, w.t("requests-title")).crumb(w.t("space"), "/space"),
        w,
        lines: found.iter().map(|row| line(row, w)).collect(),
        newest: from.before.map(|_| "/space/objections".to_owned()),
        older,
    }))
}

#[derive(askama::Template)]
#[template(path = "request.html")]
struct ShowPage {
    shell: Shell,
    w: Say,
    r: Shown,
    done: bool,
    open: bool,
    at: String,
}

pub(super) async fn row_of(room: &Room, who: &Applicant, id: &str) -> Outcome<RequestRow> {
    let id: RequestId = id_of(id)?;
    let row = rows::of_person(&room.house.ground.store, who.data_subject(), id).await?;
    row.ok_or_else(|| Refusal::not_found().into())
}

pub(super) async fn show(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    Query(from): Query<From>,
) -> Answer {
    let row = row_of(&room, &who, &id).await?;
    let store = &room.house.ground.store;
    let opened = open(store, &row).await?;
    let known = Known::load(store).await?;
    let w = WORDS.say(ctx.lang);
    let at = format!("/space/objections/{}", row.id);
    let mut r = shown(&opened, known.names(), ctx.lang);
    r.papers = papers::addresses(&at, opened.request.raised.papers.len());
    Ok(page::render(&ShowPage {
        shell: Shell::new(&ctx, r.title.clone())
            .crumb(w.t("space"), "/space")
            .crumb(w.t("requests-title"), "/space/objections"),
        w,
        open: row.state == Standing::Open && row.kind != Kind::Copy,
        done: from.done.is_some(),
        at,
        r,
    }))
}

pub(super) async fn withdraw(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    _: Submitted,
) -> Answer {
    let id = row_of(&room, &who, &id).await?.id;
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    command!(room.house.ground, ctx.lang, actor, |cx| verbs::withdraw(&mut cx, calendar, &who, id).await)?;
    Ok(page::see_other(format!("/space/objections/{id}")))
}
