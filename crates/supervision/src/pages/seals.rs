//! `/desk/sealed-looks`: looks of which the person is not told for a time — asked for by an examiner, decided by a second person.

use super::{Room, id_of, next_of, place};
use crate::model::SealId;
use crate::plain::{self, Known};
use crate::reach::{Reach, no_right};
use crate::rules::seal::{Ground, SealState};
use crate::store::SealRow;
use crate::verbs::SealAsked;
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::{SignedIn, Staff};
use jiff::civil::Date;
use kernel::{AgencyCode, Failure, Outcome, RefusalKind, clock};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, badge, format};

const LINES: i64 = 30;

struct Line {
    at: String,
    number: String,
    agency: String,
    by: String,
    ground: String,
    asked: String,
    until: String,
    looks: String,
    state: Html,
    waits: bool,
    holds: bool,
}

#[derive(askama::Template)]
#[template(path = "seals.html")]
struct SealsPage {
    shell: Shell,
    w: Say,
    form: FormState,
    can_ask: bool,
    can_decide: bool,
    grounds: Vec<(&'static str, String)>,
    days: String,
    lines: Vec<Line>,
    newest: Option<String>,
    older: Option<String>,
}

/// Where the list goes on.
#[derive(serde::Deserialize)]
pub(super) struct From {
    before: Option<String>,
}

pub(super) async fn list(State(room): State<Room>, ctx: Ctx, who: Staff, Query(from): Query<From>) -> Answer {
    page_of(&room, &ctx, &who, FormState::new(), from.before, StatusCode::OK).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    form: FormState,
    before: Option<String>,
    status: StatusCode,
) -> Answer {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let reach = Reach::of(who)?;
    let from = place(before.as_deref(), i64::MAX)?;
    let mut found = rows::seals(store, &reach, from, LINES + 1).await?;
    let older = next_of(&mut found, LINES, "/desk/sealed-looks", |r| (r.asked_at, r.id.to_string()));
    let known = Known::load(store).await?;
    let can_decide = match who {
        Staff::Supervisor(_) => true,
        Staff::Examiner(who) => identity::head_on(store, who, clock::legal_date(ctx.now)).await?,
        Staff::Clerk(_) | Staff::Operator(_) => false,
    };
    let grounds = Ground::ALL.map(|g| (g.word(), w.t(&format!("seal-{g}")).into_owned()));
    let page = SealsPage {
        shell: Shell::new(ctx, w.t("seals-title")).desk(),
        w,
        form,
        can_ask: matches!(who, Staff::Examiner(_)),
        can_decide,
        grounds: grounds.into(),
        days: room.terms.sealed_days_max.to_string(),
        lines: found.iter().map(|row| line(row, who, can_decide, &known, w)).collect(),
        newest: before.map(|_| "/desk/sealed-looks".to_owned()),
        older,
    };
    Ok(page::render_with(status, &page))
}

fn line(row: &SealRow, who: &Staff, can_decide: bool, known: &Known, w: Say) -> Line {
    let agency = AgencyCode::parse(&row.agency);
    let own = row.account == who.account();
    let (kind, key) = match row.state {
        SealState::Asked => ("wait", "seal-asked"),
        SealState::Approved => ("info", "seal-approved"),
        SealState::Refused => ("neutral", "seal-refused"),
        SealState::Ended => ("good", "seal-ended"),
    };
    Line {
        at: format!("/desk/sealed-looks/{}", row.id),
        number: row.number_masked.clone(),
        agency: agency.map(|a| known.names().agency(&a, w.lang)).unwrap_or_default(),
        by: plain::staff_number(row.account),
        ground: w.t(&format!("seal-{}", row.ground)).into_owned(),
        asked: format::moment(w.lang, row.asked_at),
        until: format::moment(w.lang, row.until),
        looks: if row.state == SealState::Ended { row.looks.to_string() } else { String::new() },
        state: badge(kind, &w.t(key)),
        waits: row.state == SealState::Asked && can_decide && !own,
        holds: row.state == SealState::Approved && (can_decide || own),
    }
}

pub(super) async fn ask(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let Staff::Examiner(examiner) = &who else { return Err(no_right().into()) };
    let mut form = FormState::of(&sent);
    let ground = sent.get("ground").parse::<Ground>();
    let until = sent.get("until").trim().parse::<Date>();
    if ground.is_err() {
        form.fail("ground", "请选择依据。", "Choose the ground.");
    }
    if until.is_err() {
        form.fail("until", "请选择日期，例如2026-12-31。", "Choose a day, such as 2026-12-31.");
    }
    let (Ok(ground), Ok(until)) = (ground, until) else {
        return page_of(&room, &ctx, &who, form, None, StatusCode::UNPROCESSABLE_ENTITY).await;
    };
    let (number, reason) = (sent.get("number").to_owned(), sent.get("reason").to_owned());
    let asking = SealAsked { number, ground, reason, until };
    let actor = who.actor_ref();
    let done: Outcome<SealId> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::ask_seal(&mut cx, &room.terms, examiner, &asking).await
    });
    match done {
        Ok(_) => Ok(page::see_other("/desk/sealed-looks")),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            form.refuse(&refusal);
            page_of(&room, &ctx, &who, form, None, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn decide(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    me: SignedIn,
    sent: Submitted,
) -> Answer {
    let (id, actor): (SealId, _) = (id_of(&id)?, who.actor_ref());
    let approve = sent.get("approve") == "yes";
    // A refusal has a reason that was typed, and hides nothing from anybody.
    if approve && me.session().confirmed(ctx.now).is_err() {
        return Ok(page::see_other("/account/confirm?next=/desk/sealed-looks"));
    }
    command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::decide_seal(&mut cx, &who, id, approve, sent.get("reason")).await
    })?;
    Ok(page::see_other("/desk/sealed-looks"))
}

pub(super) async fn end(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    _: Submitted,
) -> Answer {
    let (id, actor): (SealId, _) = (id_of(&id)?, who.actor_ref());
    command!(room.house.ground, ctx.lang, actor, |cx| verbs::end_seal(&mut cx, &who, id).await)?;
    Ok(page::see_other("/desk/sealed-looks"))
}
