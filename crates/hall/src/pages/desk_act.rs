//! What the clerk's buttons do.

use super::desk::Just;
use super::{Room, desk, take, told};
use crate::model::{HallCode, TicketId, Via};
use crate::rules::refuse;
use crate::store as rows;
use crate::verbs::{self, Ending, post_of};
use ::store::{Cx, command};
use axum::extract::State;
use axum::http::StatusCode;
use identity::Clerk;
use kernel::{Outcome, Refusal};
use page::{Answer, Ctx, FormState, Submitted};

/// To the window's page again, or the page as it was with what is wrong.
async fn back(
    room: &Room,
    ctx: &Ctx,
    who: &Clerk,
    sent: &Submitted,
    done: Outcome<Option<String>>,
) -> Answer {
    match done {
        Ok(Some(notice)) => Ok(page::see_other(format!("/desk/hall?notice={notice}"))),
        Ok(None) => Ok(page::see_other("/desk/hall")),
        Err(failure) => {
            let (form, status) = told(failure, FormState::of(sent))?;
            desk::show(room, ctx, who, form, (status, Just::default())).await
        }
    }
}

/// On duty at a window, or off it.
pub(super) async fn duty(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let actor = who.actor_ref();
    let done = command!(room.house.ground, ctx.lang, actor, |cx| change(&mut cx, &room, &who, &sent).await);
    back(&room, &ctx, &who, &sent, done.map(|()| None)).await
}

async fn change(cx: &mut Cx, room: &Room, who: &Clerk, sent: &Submitted) -> Outcome<()> {
    if sent.get("leave") == "yes" {
        return verbs::end_duty(cx, who).await;
    }
    let (hall, number) = sent.get("window").split_once('/').ok_or_else(refuse::which_window)?;
    let hall: HallCode = hall.parse().map_err(|_| Refusal::not_found())?;
    verbs::begin_duty(cx, &room.terms, who, &hall, number).await
}

/// Call, call again, start, pass, not shown, back into the queue.
pub(super) async fn act(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let actor = who.actor_ref();
    let turn = verbs::turn_of(room.store(), &who).await?;
    let done =
        command!(room.house.ground, ctx.lang, actor, |cx| carry_out(&mut cx, &room, &who, &sent).await);
    drop(turn);
    back(&room, &ctx, &who, &sent, done.map(|()| None)).await
}

async fn carry_out(cx: &mut Cx, room: &Room, who: &Clerk, sent: &Submitted) -> Outcome<()> {
    let terms = &room.terms;
    match sent.get("act") {
        "call" => verbs::call_next(cx, terms, who).await.map(|_| ()),
        "recall" => verbs::recall(cx, terms, who).await.map(|_| ()),
        "pass" => verbs::pass(cx, terms, who).await.map(|_| ()),
        "start" => verbs::start(cx, terms, who).await.map(|_| ()),
        "deny" => verbs::deny_priority(cx, terms, who).await.map(|_| ()),
        "return" => {
            // Only tickets of the hall where one is on duty.
            let (hall, _) = post_of(cx, who).await?;
            let id: TicketId = sent.get("ticket").parse().map_err(|_| Refusal::not_found())?;
            let row = rows::ticket(cx.store(), id).await?.filter(|t| t.hall == hall);
            row.ok_or_else(Refusal::not_found)?;
            verbs::requeue(cx, terms, id).await.map(|_| ())
        }
        _ => Err(refuse::not_now().into()),
    }
}

/// A code by which a tablet becomes the one of this window; it is shown once.
pub(super) async fn pair(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let (code, actor) = (verbs::pairing_code(&room.house.ground), who.actor_ref());
    let done: Outcome<()> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::begin_pairing(&mut cx, &who, &code).await
    });
    match done {
        Ok(()) => {
            let just = Just { pairing: Some(code), ..Just::default() };
            desk::show(&room, &ctx, &who, take::fresh(&room), (StatusCode::OK, just)).await
        }
        Err(failure) => back(&room, &ctx, &who, &sent, Err(failure)).await,
    }
}

/// On to another window.
pub(super) async fn move_on(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let actor = who.actor_ref();
    let turn = verbs::turn_of(room.store(), &who).await?;
    let done: Outcome<_> = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::move_on(&mut cx, &room.terms, &who, sent.get("to"), sent.get("why")).await
    });
    drop(turn);
    back(&room, &ctx, &who, &sent, done.map(|_| None)).await
}

/// The outcome as it was filled in.
///
/// # Errors
/// `hall.outcome` when none was chosen.
pub(super) fn ending_of(sent: &Submitted) -> Outcome<Ending> {
    match sent.get("outcome") {
        "filed" => Ok(Ending::Filed(sent.get("case").to_owned())),
        "done" => Ok(Ending::Done(sent.get("what").to_owned())),
        "missing" => {
            let lines = sent.get("lines").lines().map(str::trim).filter(|l| !l.is_empty());
            Ok(Ending::Missing(sent.get("matter").to_owned(), lines.map(str::to_owned).collect()))
        }
        _ => Err(refuse::outcome_needed("outcome", "请选择办理结果。", "Choose the outcome.").into()),
    }
}

/// The outcome.
pub(super) async fn end(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let done = match ending_of(&sent) {
        Ok(ending) => {
            let actor = who.actor_ref();
            let _turn = verbs::turn_of(room.store(), &who).await?;
            command!(room.house.ground, ctx.lang, actor, |cx| {
                verbs::end(&mut cx, &room.terms, &who, &ending).await
            })
        }
        Err(failure) => Err(failure),
    };
    let notice = done.map(|ticket| match &ticket.outcome {
        Some(crate::model::Outcome::Missing { notice, .. }) => Some(notice.clone()),
        _ => None,
    });
    back(&room, &ctx, &who, &sent, notice).await
}

/// A ticket for somebody who cannot take one.
pub(super) async fn ticket(State(room): State<Room>, ctx: Ctx, who: Clerk, sent: Submitted) -> Answer {
    let done = async {
        let post = rows::duty(room.store(), who.account()).await?;
        let (hall, _) = post.ok_or_else(refuse::off_duty)?;
        let hall = rows::hall(room.store(), &hall).await?.ok_or_else(Refusal::not_found)?;
        let mut taking = take::taking_of(&hall, Via::Clerk, &sent)?;
        taking.who = verbs::blind_phone(room.store(), sent.get("phone"))?;
        take::take(&room, ctx.lang, &taking, who.actor_ref()).await
    };
    match done.await {
        Ok(_) => Ok(page::see_other(format!("/tickets/{}", sent.get("token")))),
        Err(failure) => back(&room, &ctx, &who, &sent, Err(failure)).await,
    }
}
