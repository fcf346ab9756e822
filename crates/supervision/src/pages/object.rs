//! `/space/looks/{id}/object`: the look that is objected to, and a place to say why.

use super::{Room, id_of};
use crate::plain::{self, Agents, Known, LookLine};
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Applicant;
use kernel::{Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "object.html")]
struct ObjectPage {
    shell: Shell,
    w: Say,
    form: FormState,
    look: LookLine,
    action: String,
    term: String,
    ground_term: String,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let id: i64 = id_of(&id)?;
    if let Some(row) = rows::by_look(&room.house.ground.store, who.data_subject(), id).await? {
        return Ok(page::see_other(format!("/space/objections/{}", row.id)));
    }
    show(&room, &ctx, &who, id, FormState::new(), StatusCode::OK).await
}

async fn show(
    room: &Room,
    ctx: &Ctx,
    who: &Applicant,
    id: i64,
    form: FormState,
    status: StatusCode,
) -> Answer {
    let store = &room.house.ground.store;
    let seen =
        trace::look_at(store, who.data_subject(), id, ctx.now).await?.ok_or_else(Refusal::not_found)?;
    let known = Known::load(store).await?;
    let agents = Agents::of(store, who.data_subject(), std::slice::from_ref(&seen)).await?;
    let (w, lang) = (WORDS.say(ctx.lang), ctx.lang);
    Ok(page::render_with(
        status,
        &ObjectPage {
            shell: Shell::new(ctx, w.t("object-title"))
                .crumb(w.t("space"), "/space")
                .crumb(w.t("looks"), "/space/looks"),
            w,
            form,
            look: plain::line(&seen, who.data_subject(), &agents, known.names(), lang),
            action: format!("/space/looks/{id}/object"),
            term: room.terms.objection.text().get(lang).to_owned(),
            ground_term: room.terms.ground.text().get(lang).to_owned(),
        },
    ))
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: i64 = id_of(&id)?;
    let mut form = FormState::of(&sent);
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let done: Outcome<_> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::object(&mut cx, calendar, &room.terms, &who, id, sent.get("text")).await
    });
    match done {
        Ok(request) => Ok(page::see_other(format!("/space/objections/{request}?done=1"))),
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            form.refuse(&refusal);
            show(&room, &ctx, &who, id, form, StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(failure) => Err(failure.into()),
    }
}
