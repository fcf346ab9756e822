//! `/appointments/{appointment}`: one appointment of whoever is signed in — code, time, place, what to bring, and what can be done now.

use super::{Room, id_of, told, view};
use crate::model::{AppointmentId, State as Standing};
use crate::offer;
use crate::rules::ics;
use crate::store::AppointmentRow;
use crate::verbs::{self, Arriving, By};
use crate::{WORDS, queries};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use hall::model::Hall;
use identity::Applicant;
use kernel::{Failure, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};

/// Times that are offered at once in the place of one that was closed.
const OFFERS: usize = 3;

#[derive(askama::Template)]
#[template(path = "show.html")]
struct ShowPage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    done: bool,
    state: Html,
    code: String,
    when: String,
    matter: String,
    guide: String,
    name: String,
    for_name: String,
    hall: String,
    hall_name: String,
    address: String,
    phone: String,
    closed: String,
    /// Other times, as forms send them, with words.
    offers: Vec<(String, String)>,
    report: view::Report,
    early: String,
    late: String,
    may_change: bool,
    ahead: bool,
    missed: bool,
    ticket: String,
    again: String,
}

/// Whether something was just done.
#[derive(serde::Deserialize)]
pub(super) struct Just {
    done: Option<String>,
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    Query(just): Query<Just>,
) -> Answer {
    let row = queries::one_of(room.store(), &who, id_of(&id)?).await?;
    let done = just.done.as_deref() == Some("booked");
    page_of(&room, &ctx, &row, done, (FormState::new(), StatusCode::OK)).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    row: &AppointmentRow,
    done: bool,
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let hall = hall::hall(store, &row.hall).await?.ok_or_else(Refusal::not_found)?;
    let booked = row.state == Standing::Booked;
    let ahead = booked && ctx.now < row.starts_at;
    let key = &row.item_key;
    let page = ShowPage {
        shell: Shell::new(ctx, w.t("one-title")).crumb(w.t("mine-title"), "/appointments"),
        w,
        form,
        at: format!("/appointments/{}", row.id),
        done: done && booked,
        state: view::state(row, w),
        code: row.code.spoken(),
        when: view::when(&row.slot(), ctx.lang),
        matter: row.item().get(ctx.lang).to_owned(),
        guide: if key.is_empty() { String::new() } else { format!("/items/{key}") },
        name: row.name.clone(),
        for_name: row.for_name.clone(),
        hall: row.hall.to_string(),
        hall_name: hall.name.get(ctx.lang).to_owned(),
        address: hall.address.get(ctx.lang).to_owned(),
        phone: hall.phone.clone(),
        closed: row.closed.clone().filter(|_| booked).unwrap_or_default(),
        offers: if row.closed.is_some() && ahead { offers(room, ctx, row, &hall).await? } else { Vec::new() },
        report: view::report(row, ctx.now, &room.terms, ctx.lang),
        early: room.terms.early_minutes.to_string(),
        late: room.terms.late_minutes.to_string(),
        may_change: ahead,
        ahead,
        missed: row.state == Standing::Missed,
        ticket: row.ticket.clone().unwrap_or_default(),
        again: if key.is_empty() {
            "/appointments/new".to_owned()
        } else {
            format!("/appointments/new?item={key}")
        },
    };
    Ok(page::render_with(status, &page))
}

/// The next times with a free place.
async fn offers(room: &Room, ctx: &Ctx, row: &AppointmentRow, hall: &Hall) -> Outcome<Vec<(String, String)>> {
    let calendar = room.house.calendar.as_ref();
    let offered = match offer::offered(room.store(), calendar, &room.terms, (hall, row.letter), ctx.now).await
    {
        Ok(offered) => offered,
        Err(Failure::Refused(_)) => return Ok(Vec::new()),
        Err(failure) => return Err(failure),
    };
    let free = offered.days.iter().flat_map(|d| &d.slots).filter(|s| s.free > 0);
    // From its own time on, else the first there are.
    let after = free.clone().filter(|s| s.slot.starts_at >= row.starts_at).take(OFFERS);
    let line =
        |s: &offer::SlotOffer| (s.slot.starts_at.as_microsecond().to_string(), view::when(&s.slot, ctx.lang));
    let after: Vec<_> = after.map(line).collect();
    Ok(if after.is_empty() { free.take(OFFERS).map(line).collect() } else { after })
}

/// The file for a calendar.
pub(super) async fn calendar(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let row = queries::one_of(store, &who, id_of(&id)?).await?;
    let hall = hall::hall(store, &row.hall).await?.ok_or_else(Refusal::not_found)?;
    let head = trace::head(store, &row.id.subject()).await?;
    let host = room.house.site.base_url.split("://").last().unwrap_or_default();
    let host = host.split([':', '/']).next().unwrap_or_default();
    let matter = row.item().get(ctx.lang).to_owned();
    let location = format!("{} {}", hall.name.get(ctx.lang), hall.address.get(ctx.lang));
    let file = ics::file(&ics::Entry {
        uid: format!("{}@{host}", row.id),
        stamp: ctx.now,
        sequence: head.seq - 1,
        starts_at: row.starts_at,
        ends_at: row.ends_at,
        title: &w.with("ics-title", &[("matter", matter)]),
        location: &location,
        description: &w.with("ics-text", &[("code", row.code.spoken()), ("phone", hall.phone.clone())]),
        cancelled: row.state == Standing::Cancelled,
    });
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("text/calendar; charset=utf-8")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"appointment.ics\"")),
        (header::CACHE_CONTROL, HeaderValue::from_static("private, no-store")),
    ];
    Ok((headers, file).into_response())
}

/// What was done, or the page as it was with what is wrong.
async fn back(room: &Room, ctx: &Ctx, row: &AppointmentRow, sent: &Submitted, failure: Failure) -> Answer {
    let state = told(failure, FormState::of(sent))?;
    let row = now_of(room, row).await?;
    page_of(room, ctx, &row, false, state).await
}

/// The row as it stands now, after somebody else was faster.
async fn now_of(room: &Room, row: &AppointmentRow) -> Outcome<AppointmentRow> {
    Ok(crate::store::appointment(room.store(), row.id).await?.ok_or_else(Refusal::not_found)?)
}

pub(super) async fn cancel(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: AppointmentId = id_of(&id)?;
    let row = queries::one_of(room.store(), &who, id).await?;
    let actor = who.actor_ref();
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::cancel(&mut cx, &room.terms, (By::Holder(&who), id)).await
    });
    match done {
        Ok(()) => Ok(page::see_other(format!("/appointments/{id}"))),
        Err(failure) => back(&room, &ctx, &row, &sent, failure).await,
    }
}

pub(super) async fn arrive(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Applicant,
    sent: Submitted,
) -> Answer {
    let id: AppointmentId = id_of(&id)?;
    let row = queries::one_of(room.store(), &who, id).await?;
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let token = hall::token(room.house.ground.rng.as_ref());
    let late = sent.get("late") == "yes";
    let how = Arriving { by: Some(By::Holder(&who)), kiosk: None, late, token: &token };
    let done = command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::arrive(&mut cx, calendar, (&room.terms, &room.queue), id, &how).await
    });
    match done {
        Ok(_) => Ok(page::see_other(format!("/tickets/{token}"))),
        Err(failure) => back(&room, &ctx, &row, &sent, failure).await,
    }
}
