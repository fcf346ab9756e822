//! `/space/deliveries/{id}`: one's parcel — where it is, in plain words, and what one can do about it.

use super::chooser::{Chooser, choice, chooser, form_of};
use super::view::{how, lead, state, timeline, titled};
use super::{id_of, status_of, told_on_page};
use crate::model::{How, Parcel, ParcelId, State as Stands};
use crate::room::Deliveries;
use crate::{WORDS, store as rows, verbs};
use ::store::command;
use axum::extract::{Path, State};
use identity::Applicant;
use kernel::{Failure, Outcome};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, TimelineEntry, format};

#[derive(askama::Template)]
#[template(path = "parcel.html")]
struct ParcelPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    number: String,
    title: String,
    state: Html,
    lead: String,
    how: String,
    /// The courier's numbers, the last one last.
    tracking: Vec<String>,
    /// The code by which it is collected, and where and until when.
    code: String,
    place: String,
    until: String,
    papers: Vec<(String, String)>,
    waits: Vec<String>,
    parted: Option<String>,
    /// What can be chosen, as long as it is not packed.
    chooser: Option<Chooser>,
    parts: bool,
    confirms: bool,
    entries: Vec<TimelineEntry>,
}

async fn own(room: &Deliveries, who: &Applicant, id: &str) -> Outcome<ParcelId> {
    who.must_see_all()?;
    let id: ParcelId = id_of(id)?;
    verbs::own(&room.house.ground.store, id, who.subject()).await?;
    Ok(id)
}

pub(super) async fn get(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    Ok(page::render(&page_of(&room, &ctx, &who, id, None).await?))
}

async fn page_of(
    room: &Deliveries,
    ctx: &Ctx,
    who: &Applicant,
    id: ParcelId,
    form: Option<FormState>,
) -> Outcome<ParcelPage> {
    let (store, w) = (&room.house.ground.store, WORDS.say(ctx.lang));
    let parcel = verbs::parcel(store, id).await?;
    let stands = parcel.state();
    let chooser = match parcel.open() {
        false => None,
        true => {
            let entries = verbs::entries(store, who, ctx.lang).await?;
            let b = &parcel.begun;
            Some(chooser(room, b.recipient, (&b.division, &parcel.cases), &entries, w).await?)
        }
    };
    let waits = matches!(stands, Stands::Collectable | Stands::Lapsed);
    let code = if waits { rows::code_of(store, id).await?.unwrap_or_default() } else { String::new() };
    let kept = parcel.kept.as_ref().filter(|_| waits);
    let there = parcel.carried().next().is_some();
    Ok(ParcelPage {
        shell: Shell::new(ctx, w.t("parcel-title"))
            .crumb(w.t("space"), "/space")
            .crumb(w.t("mine-title"), "/space/deliveries"),
        form: form.unwrap_or_else(|| form_of(&parcel.how)),
        at: format!("/space/deliveries/{id}"),
        number: parcel.begun.number.clone(),
        title: titled(&parcel.begun, w),
        state: state(stands, w),
        lead: match &parcel.how {
            How::Collect { name, away: Some(_), .. } if stands == Stands::Packed => {
                w.with("lead-bag", &[("place", name.get(ctx.lang).to_owned())])
            }
            _ => lead(stands, w),
        },
        how: how(&parcel.how, w),
        tracking: parcel.attempts.iter().filter_map(|a| a.tracking.clone()).collect(),
        code: format!("{} {}", code.get(..4).unwrap_or_default(), code.get(4..).unwrap_or_default()),
        place: place(room, &parcel, w).await?,
        until: kept.map(|k| format::date(ctx.lang, k.until.date)).unwrap_or_default(),
        papers: papers(&parcel, w),
        waits: parcel.cases.iter().filter(|c| !c.over).map(|c| c.number.clone()).collect(),
        parted: parcel.parted.clone(),
        chooser,
        parts: stands == Stands::Gathering && there,
        confirms: matches!(stands, Stands::HandedOver | Stands::Moving | Stands::Deposited),
        entries: timeline(&verbs::history(store, id).await?, w),
        w,
    })
}

/// Where it waits: the chosen place, else the window of the body that packed it.
async fn place(room: &Deliveries, parcel: &Parcel, w: Say) -> Outcome<String> {
    let chosen = parcel.kept.as_ref().map(|k| k.place.get(w.lang)).unwrap_or_default();
    if !chosen.is_empty() {
        return Ok(chosen.to_owned());
    }
    let agencies = identity::directory(&room.house.ground.store).await?;
    Ok(w.with("place-window", &[("agency", agencies.name(&parcel.begun.agency, w.lang))]))
}

fn papers(parcel: &Parcel, w: Say) -> Vec<(String, String)> {
    parcel.papers.iter().map(|p| (p.title.get(w.lang).to_owned(), p.number.clone())).collect()
}

/// Back to the page when it was done; the page with what was typed when it was not.
async fn answer<T>(
    room: &Deliveries,
    ctx: &Ctx,
    who: &Applicant,
    (id, mut form): (ParcelId, FormState),
    done: Outcome<T>,
) -> Answer {
    match done {
        Ok(_) => Ok(page::see_other(format!("/space/deliveries/{id}"))),
        Err(Failure::Refused(no)) if told_on_page(&no) => {
            form.refuse(&no);
            Ok(page::render_with(status_of(&no), &page_of(room, ctx, who, id, Some(form)).await?))
        }
        Err(failure) => Err(failure.into()),
    }
}

pub(super) async fn choose(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let (choice, actor) = (choice(&sent), who.actor_ref());
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::choose(&mut cx, &room, &who, id, &choice).await.map(|_| ())
    });
    answer(&room, &ctx, &who, (id, FormState::of(&sent)), done).await
}

pub(super) async fn part(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let (why, actor) = (sent.get("why"), who.actor_ref());
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::part(&mut cx, &room, &who, id, why).await.map(|_| ())
    });
    answer(&room, &ctx, &who, (id, FormState::of(&sent)), done).await
}

pub(super) async fn confirm(
    State(room): State<Deliveries>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id = own(&room, &who, &id).await?;
    let actor = who.actor_ref();
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::confirm(&mut cx, &room, &who, id).await.map(|_| ())
    });
    answer(&room, &ctx, &who, (id, FormState::of(&sent)), done).await
}
