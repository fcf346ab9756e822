//! `/appointments/{appointment}/move`: another time, by one tap.

use super::{Room, id_of, moment_of, told, view};
use crate::model::AppointmentId;
use crate::offer;
use crate::rules::refuse;
use crate::store::AppointmentRow;
use crate::verbs::{self, By};
use crate::{WORDS, queries};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::Refusal;
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "moving.html")]
struct MovingPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    now: String,
    hall_name: String,
    d: view::Days,
}

/// The day that is looked at.
#[derive(serde::Deserialize)]
pub(super) struct Looked {
    #[serde(default)]
    day: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    Query(looked): Query<Looked>,
) -> Answer {
    let row = queries::one_of(room.store(), &who, id_of(&id)?).await?;
    page_of(&room, &ctx, &row, &looked.day, (FormState::new(), StatusCode::OK)).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    row: &AppointmentRow,
    day: &str,
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (store, w, calendar) = (room.store(), WORDS.say(ctx.lang), room.house.calendar.as_ref());
    let hall = hall::hall(store, &row.hall).await?.ok_or_else(Refusal::not_found)?;
    let offered = offer::offered(store, calendar, &room.terms, (&hall, row.letter), ctx.now).await?;
    let at = format!("/appointments/{}/move", row.id);
    let page = MovingPage {
        shell: Shell::new(ctx, w.t("move-title"))
            .crumb(w.t("mine-title"), "/appointments")
            .crumb(w.t("one-title"), format!("/appointments/{}", row.id)),
        w,
        form,
        now: view::when(&row.slot(), ctx.lang),
        hall_name: hall.name.get(ctx.lang).to_owned(),
        d: view::days(&offered, &format!("{at}?"), day, w),
        at,
    };
    Ok(page::render_with(status, &page))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: AppointmentId = id_of(&id)?;
    let row = queries::one_of(room.store(), &who, id).await?;
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let done = async {
        let starts_at = moment_of(sent.get("at")).ok_or_else(refuse::no_slot)?;
        command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::change(&mut cx, calendar, &room.terms, (By::Holder(&who), id), starts_at).await
        })
    };
    match done.await {
        Ok(()) => Ok(page::see_other(format!("/appointments/{id}"))),
        Err(failure) => {
            let state = told(failure, FormState::of(&sent))?;
            page_of(&room, &ctx, &row, sent.get("day"), state).await
        }
    }
}
