//! `/desk/collect`: a code says what to hand out, once.

use super::{status_of, told_on_page};
use crate::room::{Deliveries, no_right};
use crate::{WORDS, verbs};
use ::store::command;
use axum::extract::{Query, State};
use identity::Staff;
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};

/// What waits under a code.
struct Waiting {
    number: String,
    title: String,
    recipient: String,
    place: String,
    papers: Vec<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "collect.html")]
struct CollectPage {
    shell: Shell,
    w: Say,
    form: FormState,
    waiting: Option<Waiting>,
    done: bool,
}

/// Whether something was just handed out.
#[derive(serde::Deserialize)]
pub(super) struct Just {
    done: Option<String>,
}

fn page_of(ctx: &Ctx, form: FormState, waiting: Option<Waiting>, done: bool) -> CollectPage {
    let w = WORDS.say(ctx.lang);
    let shell = Shell::new(ctx, w.t("collect-title")).desk().crumb(w.t("desk-title"), "/desk/parcels");
    CollectPage { shell, w, form, waiting, done }
}

async fn waiting(room: &Deliveries, ctx: &Ctx, who: &Staff, code: &str) -> Outcome<Waiting> {
    let Staff::Clerk(clerk) = who else { return Err(no_right().into()) };
    let store = &room.house.ground.store;
    let id = verbs::waiting(store, room, clerk, code).await?;
    let parcel = verbs::parcel(store, id).await?;
    let b = &parcel.begun;
    Ok(Waiting {
        number: b.number.clone(),
        title: b.title.get(ctx.lang).to_owned(),
        recipient: format::mask_name(&b.recipient_name),
        place: parcel.kept.as_ref().map(|k| k.place.get(ctx.lang).to_owned()).unwrap_or_default(),
        papers: parcel.carried().map(|p| (p.title.get(ctx.lang).to_owned(), p.number.clone())).collect(),
    })
}

pub(super) async fn show(ctx: Ctx, who: Staff, Query(just): Query<Just>) -> Answer {
    if !matches!(who, Staff::Clerk(_)) {
        return Err(no_right().into());
    }
    Ok(page::render(&page_of(&ctx, FormState::new(), None, just.done.is_some())))
}

/// Finds what waits under a code, or hands it out: the button says which. A code stands in no address, so that it is in no log.
pub(super) async fn act(State(room): State<Deliveries>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    if !matches!(who, Staff::Clerk(_)) {
        return Err(no_right().into());
    }
    let (code, actor) = (sent.get("code"), who.actor_ref());
    let done: Outcome<Option<Waiting>> = match sent.get("act") {
        "hand-out" => command!(room.house.ground, ctx.lang, actor, |cx| {
            let said = (code, sent.get("name"));
            verbs::collect(&mut cx, &room, &who, said, sent.get("seen") == "yes").await.map(|_| None)
        }),
        _ => waiting(&room, &ctx, &who, code).await.map(Some),
    };
    let mut form = FormState::of(&sent);
    match done {
        Ok(None) => Ok(page::see_other("/desk/collect?done=1")),
        Ok(found) => Ok(page::render(&page_of(&ctx, form, found, false))),
        Err(Failure::Refused(no)) if told_on_page(&no) || no.code == "delivery.no-code" => {
            form.refuse(&no);
            let found = waiting(&room, &ctx, &who, code).await.ok();
            Ok(page::render_with(status_of(&no), &page_of(&ctx, form, found, false)))
        }
        Err(failure) => Err(failure.into()),
    }
}
