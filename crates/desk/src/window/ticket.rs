//! The ticket with which somebody was called ends with what was filed for them: one press, and the next is called.

use super::visit;
use crate::Room;
use axum::extract::{Path, State};
use hall::verbs::{self, Ending, InHand};
use identity::Clerk;
use kernel::{Failure, Outcome, Refusal};
use page::{Answer, Ctx, Submitted};

/// The ticket of the visit, while the clerk still has it.
pub(super) async fn in_hand(room: &Room, who: &Clerk, said: &super::Said) -> Outcome<Option<InHand>> {
    let Some((id, _)) = &said.ticket else { return Ok(None) };
    let hand = verbs::in_hand(&room.house.ground.store, who).await?;
    Ok(hand.filter(|hand| hand.id == *id))
}

/// `POST /desk/window/{visit}/end`: the ticket ends as filed; with `next`, whoever's turn it is is called.
pub(super) async fn end(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Clerk,
    sent: Submitted,
) -> Answer {
    let visit = visit(&room, &who, &id).await?;
    let case = visit.said.filed.first().cloned().ok_or_else(nothing_filed)?;
    let turn = verbs::turn_of(&room.house.ground.store, &who).await?;
    if let Some(hand) = in_hand(&room, &who, &visit.said).await? {
        let ending = Ending::Filed(case);
        ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
            verbs::end_visit(&mut cx, &room.hall, &who, (hand.id, visit.person), &ending).await
        })?;
    }
    if sent.has("next") {
        call_next(&room, &ctx, &who).await?;
    }
    drop(turn);
    Ok(page::see_other("/desk/hall"))
}

/// Calls the next; that nobody waits is told by the page itself.
async fn call_next(room: &Room, ctx: &Ctx, who: &Clerk) -> Outcome<()> {
    let called = ::store::command!(room.house.ground, ctx.lang, who.actor_ref(), |cx| {
        verbs::call_next(&mut cx, &room.hall, who).await
    });
    match called {
        Ok(_) => Ok(()),
        Err(Failure::Refused(no)) if no.code.starts_with("hall.") => Ok(()),
        Err(other) => Err(other),
    }
}

fn nothing_filed() -> Refusal {
    Refusal::new(
        kernel::RefusalKind::Conflict,
        "desk.nothing-filed",
        "这次接待还没有提交，号不能按收件结束。",
        "Nothing was handed in at this visit yet, so the ticket cannot end as filed.",
    )
    .next(
        "请先提交，或者开一次性告知单。",
        "Hand it in first, or give the one complete notice of what is missing.",
    )
}
