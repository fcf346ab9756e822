//! `/desk/objections`: what persons ask about their data — for supervision to answer, for agencies to give their ground or to
//! correct an entry. Opening one is itself a look, recorded before anything is shown.

use super::view::{Shown, kind, open, shown, state};
use super::{Room, id_of, next_of, papers, place};
use crate::model::{Kind, RequestId, State as Standing};
use crate::plain::Known;
use crate::reach::Reach;
use crate::store::RequestRow;
use crate::verbs::answers;
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{AgencyCode, Failure, Lang, Outcome, Refusal, clock};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};
use trace::{Look, Purpose};

const LINES: i64 = 50;

struct Line {
    href: String,
    title: String,
    name: String,
    agency: String,
    at: String,
    due: String,
    state: Html,
}

#[derive(askama::Template)]
#[template(path = "desk_requests.html")]
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
    let mut found = if all {
        rows::all(store, &reach, place(cursor, i64::MAX)?, LINES + 1).await?
    } else {
        rows::open(store, &reach, place(cursor, i64::MIN)?, LINES + 1).await?
    };
    let base = if all { "/desk/objections?list=all" } else { "/desk/objections" };
    let older = next_of(&mut found, LINES, base, |r| (if all { r.at } else { r.due_at }, r.id.to_string()));
    let known = Known::load(store).await?;
    Ok(page::render(&ListPage {
        shell: Shell::new(&ctx, w.t("desk-requests-title")).desk(),
        w,
        all,
        lines: found.iter().map(|row| line(row, &known, w)).collect(),
        newest: from.before.as_ref().map(|_| base.to_owned()),
        older,
    }))
}

fn line(row: &RequestRow, known: &Known, w: Say) -> Line {
    let agency = row.agency.as_deref().and_then(AgencyCode::parse);
    Line {
        href: format!("/desk/objections/{}", row.id),
        title: kind(row.kind, w),
        name: row.name_masked.clone(),
        agency: agency.map(|a| known.names().agency(&a, w.lang)).unwrap_or_default(),
        at: format::moment(w.lang, row.at),
        due: format::date(w.lang, clock::legal_date(row.due_at)),
        state: state(row.state, row.late, w),
    }
}

#[derive(askama::Template)]
#[template(path = "desk_request.html")]
struct ShowPage {
    shell: Shell,
    w: Say,
    form: FormState,
    r: Shown,
    name: String,
    at: String,
    give_ground: bool,
    answer: bool,
    awaited: String,
}

pub(super) async fn row_of(room: &Room, who: &Staff, id: &str) -> Outcome<RequestRow> {
    let (id, reach): (RequestId, _) = (id_of(id)?, Reach::of(who)?);
    let row = rows::for_desk(&room.house.ground.store, id, &reach).await?;
    row.ok_or_else(|| Refusal::not_found().into())
}

pub(super) async fn show(State(room): State<Room>, Path(id): Path<String>, ctx: Ctx, who: Staff) -> Answer {
    let row = row_of(&room, &who, &id).await?;
    page_of(&room, &ctx, &who, &row, FormState::new(), StatusCode::OK).await
}

/// The look at what a person says about their own data is recorded first; if it cannot be, nothing is shown.
pub(super) async fn looked(room: &Room, who: &Staff, row: &RequestRow) -> Outcome<()> {
    let purpose = Purpose::in_case(row.kind.word(), row.kind.subject(row.id));
    let look = Look { person: row.person, fields: vec!["request".to_owned()], purpose };
    let actor = who.actor_ref();
    command!(room.house.ground, Lang::default(), actor, |cx| trace::look(&mut cx, &look)
        .map_err(Failure::from))
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    row: &RequestRow,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    looked(room, who, row).await?;
    let opened = open(store, row).await?;
    let known = Known::load(store).await?;
    let running = row.state == Standing::Open;
    let agency = matches!(who, Staff::Examiner(_) | Staff::Clerk(_));
    let raised = &opened.request.raised;
    let awaited = raised.ground_due.as_ref().filter(|due| !row.ground_given && ctx.now <= due.at);
    let at = format!("/desk/objections/{}", row.id);
    let mut r = shown(&opened, known.names(), ctx.lang);
    r.papers = papers::addresses(&at, raised.papers.len());
    let page = ShowPage {
        shell: Shell::new(ctx, r.title.clone()).desk().crumb(w.t("desk-requests-title"), "/desk/objections"),
        w,
        form,
        name: row.name_masked.clone(),
        at,
        give_ground: running && agency && row.kind == Kind::Objection && !row.ground_given,
        answer: running && answers(who, row) && awaited.is_none(),
        awaited: awaited.filter(|_| running).map(|d| format::date(ctx.lang, d.date)).unwrap_or_default(),
        r,
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn ground(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let row = row_of(&room, &who, &id).await?;
    let (calendar, actor, id) = (room.house.calendar.as_ref(), who.actor_ref(), row.id);
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::give_ground(&mut cx, calendar, &who, id, sent.get("text")).await
    });
    back(&room, &ctx, &who, &row, &sent, done).await
}

pub(super) async fn answer(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let row = row_of(&room, &who, &id).await?;
    let mut form = FormState::of(&sent);
    let upheld = match sent.get("upheld") {
        "yes" => true,
        "no" => false,
        _ => {
            form.fail("upheld", "请选择是否成立。", "Choose whether it is upheld.");
            return page_of(&room, &ctx, &who, &row, form, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
    };
    let (calendar, actor, id) = (room.house.calendar.as_ref(), who.actor_ref(), row.id);
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        let said = (upheld, sent.get("reason"), sent.get("measures"));
        verbs::answer(&mut cx, calendar, &who, id, said).await
    });
    back(&room, &ctx, &who, &row, &sent, done).await
}

/// To the page again; what was wrong stands at its field, and what was typed stays.
async fn back(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    row: &RequestRow,
    sent: &Submitted,
    done: Outcome<()>,
) -> Answer {
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/objections/{}", row.id))),
        Err(Failure::Refused(refusal)) if super::told_on_page(&refusal) => {
            let mut form = FormState::of(sent);
            form.refuse(&refusal);
            page_of(room, ctx, who, row, form, super::status_of(&refusal)).await
        }
        Err(failure) => Err(failure.into()),
    }
}
