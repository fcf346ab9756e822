//! `/space/deliveries/case/{number}`: how the results of a matter are handed over, chosen before anything is there; and the same at the
//! window, for whoever has no telephone.

use super::chooser::{Chooser, choice, chooser};
use super::{status_of, told_on_page};
use crate::room::{Deliveries, Matter};
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::{Applicant, Staff};
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted};

#[derive(askama::Template)]
#[template(path = "start.html")]
struct StartPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    title: String,
    chooser: Chooser,
    book: bool,
}

/// The parcel of a matter that is still open, or the last one.
async fn parcel(room: &Deliveries, matter: &Matter) -> Outcome<Option<String>> {
    let found = rows::parcels_of_matter(&room.house.ground.store, &matter.id, matter.recipient).await?;
    Ok(found.iter().rfind(|row| !row.letter).map(|row| row.id.to_string()))
}

async fn division(room: &Deliveries, matter: &Matter) -> Outcome<String> {
    let agency = identity::agency(&room.house.ground.store, &matter.agency).await?;
    Ok(agency.map(|a| a.division).unwrap_or_default())
}

async fn own_page(
    room: &Deliveries,
    ctx: &Ctx,
    who: &Applicant,
    (number, matter): (&str, &Matter),
    form: FormState,
) -> Outcome<StartPage> {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let entries = verbs::entries(store, who, ctx.lang).await?;
    let chooser =
        chooser(room, matter.recipient, (&division(room, matter).await?, &matter.cases), &entries, w).await?;
    Ok(StartPage {
        shell: Shell::new(ctx, w.t("start-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("mine-title"), "/space/deliveries"),
        w,
        form,
        at: format!("/space/deliveries/case/{number}"),
        title: matter.title.get(ctx.lang).to_owned(),
        chooser,
        book: true,
    })
}

pub(super) async fn get(
    State(room): State<Deliveries>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    who.must_see_all()?;
    let matter = room.around.matter_for(&who, &number).await?;
    if let Some(id) = parcel(&room, &matter).await? {
        return Ok(page::see_other(format!("/space/deliveries/{id}")));
    }
    let form = FormState::new().with("how", "electronic");
    Ok(page::render(&own_page(&room, &ctx, &who, (&number, &matter), form).await?))
}

pub(super) async fn post(
    State(room): State<Deliveries>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    who.must_see_all()?;
    let matter = room.around.matter_for(&who, &number).await?;
    let (choice, actor) = (choice(&sent), who.actor_ref());
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::start(&mut cx, &room, &who, &matter, &choice).await
    });
    match done {
        Ok(id) => Ok(page::see_other(format!("/space/deliveries/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let page = own_page(&room, &ctx, &who, (&number, &matter), form).await?;
            Ok(page::render_with(status_of(&no), &page))
        }
        Err(failure) => Err(failure.into()),
    }
}

async fn window_page(
    room: &Deliveries,
    ctx: &Ctx,
    (number, matter): (&str, &Matter),
    form: FormState,
) -> Outcome<StartPage> {
    let w = WORDS.say(ctx.lang);
    // Whose book it is does not matter here: an address is written down on the parcel's own page.
    let mut chooser =
        chooser(room, matter.recipient, (&division(room, matter).await?, &matter.cases), &[], w).await?;
    chooser.ways.retain(|(way, _)| way != "courier");
    Ok(StartPage {
        shell: Shell::new(ctx, w.t("start-title")).desk().crumb(w.t("desk-title"), "/desk/parcels"),
        w,
        form,
        at: format!("/desk/parcels/case/{number}"),
        title: matter.title.get(ctx.lang).to_owned(),
        chooser,
        book: false,
    })
}

pub(super) async fn at_window(
    State(room): State<Deliveries>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Staff,
) -> Answer {
    room.reach(&who).await?;
    let matter = room.around.matter_at_window(&who, &number).await?;
    if let Some(id) = parcel(&room, &matter).await? {
        return Ok(page::see_other(format!("/desk/parcels/{id}")));
    }
    let form = FormState::new().with("how", "electronic");
    Ok(page::render(&window_page(&room, &ctx, (&number, &matter), form).await?))
}

pub(super) async fn choose_at_window(
    State(room): State<Deliveries>,
    Path(number): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    room.reach(&who).await?;
    let matter = room.around.matter_at_window(&who, &number).await?;
    let (choice, actor) = (choice(&sent), who.actor_ref());
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::start_at_window(&mut cx, &room, &who, &matter, &choice).await
    });
    match done {
        Ok(id) => Ok(page::see_other(format!("/desk/parcels/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            let mut form = FormState::of(&sent);
            form.refuse(&no);
            let page = window_page(&room, &ctx, (&number, &matter), form).await?;
            Ok(page::render_with(StatusCode::UNPROCESSABLE_ENTITY, &page))
        }
        Err(failure) => Err(failure.into()),
    }
}
