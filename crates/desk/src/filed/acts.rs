//! What is done with whoever stands at the window: a notice handed over, a certificate printed. Their identity document is compared first.

use super::{Filed, page_of};
use crate::{Room, files};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::IntoResponse;
use cases::{DocumentNumber, FiledHere, HandedOver, Party};
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
    // What an agent may not do is told where it was tried.
    let mandate = ["identity.mandate-powers", "identity.mandate-ended"].contains(&&*no.code);
    mandate || matches!(no.kind, RefusalKind::Invalid | RefusalKind::Conflict)
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
            let told = HandedOver { notice, citizen_id, kept: sent.get("hand.kept").to_owned() };
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

/// Whether somebody who stands there may take what `holder` holds: a party who has confirmed takes their own; what nobody of the case
/// holds themselves, a child say, goes with whoever filed it.
fn may_take((parties, filer): (&[Party], Option<SubjectId>), holder: SubjectId, there: SubjectId) -> bool {
    if parties.iter().any(|p| p.subject == holder) {
        let confirmed = parties.iter().any(|p| p.subject == there && p.confirmed_at.is_some());
        return holder == there && (confirmed || filer == Some(there));
    }
    filer == Some(there)
}

/// Prints a certificate of this case for its holder; one that a child holds, say, for whoever filed it.
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
        let (there, _) = cases::stands_at_window(&mut cx, &who, &view.row.number, &citizen_id).await?;
        if may_take((&view.case.parties, view.case.filer()), wanted.holder, there) {
            Ok(there)
        } else {
            Err(not_the_holder().into())
        }
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
    let (zh, en) = (
        "来人不能领取这份证照，请由持有人本人或者申请人领取。",
        "They may not take it: its holder is to come, or whoever applied.",
    );
    Refusal::new(RefusalKind::Invalid, "desk.not-the-holder", zh, en).field("citizen_id", zh, en)
}

#[cfg(test)]
mod tests {
    use super::may_take;
    use cases::Party;
    use kernel::SubjectId;

    fn person(n: u8) -> SubjectId {
        format!("person:019aa000-0000-7000-8000-0000000000{n:02}").parse().unwrap()
    }

    fn party(n: u8, confirmed: bool) -> Party {
        Party {
            subject: person(n),
            name: "某人".to_owned(),
            role: "applicant".to_owned(),
            share: None,
            capacity: cases::model::Capacity::Oneself,
            proof: None,
            confirmed_at: confirmed.then_some(kernel::Timestamp::UNIX_EPOCH),
            paper: false,
        }
    }

    #[test]
    fn a_certificate_goes_to_its_holder_or_to_whoever_filed() {
        let (filer, seller, silent, child) = (person(1), person(2), person(3), person(4));
        let parties = [party(1, true), party(2, true), party(3, false)];
        let case = (&parties[..], Some(filer));
        assert!(may_take(case, filer, filer) && may_take(case, seller, seller));
        assert!(!may_take(case, seller, filer), "what another party holds is theirs");
        assert!(!may_take(case, silent, silent), "who has not confirmed is no party to hand anything to");
        assert!(may_take(case, child, filer));
        assert!(!may_take(case, child, seller), "the child's goes with whoever filed");
        assert!(!may_take(case, child, silent));
        assert!(!may_take((&parties[..], None), child, seller));
    }
}
