//! What is done with whoever stands at the window: a notice handed over, a certificate printed. Their identity document is compared first.

use super::{Filed, page_of};
use crate::{Room, files};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cases::{DocumentNumber, FiledHere, HandedOver};
use identity::Clerk;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind, SubjectId};
use page::{Answer, Ctx, FormState, Submitted};

/// The page again, with what was refused at its field.
pub(super) async fn refused(
    room: &Room,
    (ctx, clerk, number): (&Ctx, &Clerk, &str),
    sent: &Submitted,
    no: &Refusal,
) -> Answer {
    let mut form = FormState::of(sent);
    let field = sent.get("form").to_owned();
    for error in &no.fields {
        form.fail(format!("{field}.{}", error.field), error.say.zh.clone(), error.say.en.clone());
    }
    if no.fields.is_empty() {
        form.fail(format!("{field}.what"), no.sentence(Lang::ZhCn), no.sentence(Lang::En));
    }
    page_of::shown(room, ctx, clerk, number, (form, StatusCode::UNPROCESSABLE_ENTITY)).await
}

/// Whether a refusal is told on the page.
pub(super) fn told(no: &Refusal) -> bool {
    matches!(no.kind, RefusalKind::Invalid | RefusalKind::Conflict)
}

pub(super) async fn hand_over(
    State(room): State<Room>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    let view = super::of(&room.house.ground.store, &clerk, &number).await?;
    let who = FiledHere::from(&clerk);
    let citizen_id = DocumentNumber(sent.get("hand.citizen_id").to_owned());
    let done: Outcome<()> = match sent.get("hand.what").parse() {
        Err(_) => Err(choose().into()),
        Ok(notice) => {
            let told = HandedOver { notice, citizen_id };
            ::store::command!(room.house.ground, ctx.lang, clerk.actor_ref(), |cx| {
                cases::hand_over(&mut cx, &room.house, &who, &view.row.number, &told).await
            })
        }
    };
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/filed/{}?done=handed", view.row.number))),
        Err(Failure::Refused(no)) if told(&no) => refused(&room, (&ctx, &clerk, &number), &sent, &no).await,
        Err(other) => Err(other.into()),
    }
}

/// Prints a certificate of this case for its holder; one that a child holds, say, for a party of the case.
pub(super) async fn certificate(
    State(all): State<Filed>,
    Path(number): Path<String>,
    ctx: Ctx,
    clerk: Clerk,
    sent: Submitted,
) -> Answer {
    let (room, store) = (&all.room, &all.room.house.ground.store);
    let view = super::of(store, &clerk, &number).await?;
    let made = certificates::for_case(store, &view.row.number.to_string()).await?;
    let wanted = made.iter().find(|c| c.id.to_string() == sent.get("print.what"));
    let Some(wanted) = wanted.filter(|c| c.state(ctx.now) == certificates::State::Valid) else {
        return refused(room, (&ctx, &clerk, &number), &sent, &choose()).await;
    };
    let (who, citizen_id) =
        (FiledHere::from(&clerk), DocumentNumber(sent.get("print.citizen_id").to_owned()));
    let there: Outcome<SubjectId> = ::store::command!(room.house.ground, ctx.lang, clerk.actor_ref(), |cx| {
        let there = cases::stands_at_window(&mut cx, &who, &view.row.number, &citizen_id).await?;
        let party = view.case.parties.iter().any(|p| p.subject == wanted.holder);
        // What another party holds is theirs; what a child or a firm holds goes with whoever applied.
        if party && wanted.holder != there { Err(not_the_holder().into()) } else { Ok(there) }
    });
    match there {
        Ok(_) => {
            let bytes = certificates::pdf(&room.house, &all.signer, wanted.id).await?;
            let name = format!("{}.pdf", wanted.identifier);
            Ok(files::inline("application/pdf", &name, bytes).into_response())
        }
        Err(Failure::Refused(no)) if told(&no) => refused(room, (&ctx, &clerk, &number), &sent, &no).await,
        Err(other) => Err(other.into()),
    }
}

fn choose() -> Refusal {
    let (zh, en) = ("请选择一份。", "Choose one.");
    Refusal::new(RefusalKind::Invalid, "desk.filed-choose", zh, en).field("what", zh, en)
}

fn not_the_holder() -> Refusal {
    let (zh, en) =
        ("证照的持有人不是来人，请由持有人本人领取。", "Its holder is somebody else, who is to come.");
    Refusal::new(RefusalKind::Invalid, "desk.not-the-holder", zh, en).field("citizen_id", zh, en)
}
