//! Appointments in halls: free times, booking, moving, calling off.

use super::cases::Place;
use super::items::{Both, bad_query};
use crate::input::{Caller, Json};
use crate::problem::{Answer, ProblemBody};
use appointments::model::{AppointmentId, Channel, Slot};
use appointments::verbs::{self, Asking, By};
use appointments::{AppointmentRow, Settings};
use axum::Extension;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use hall::model::{Hall, HallCode};
use kernel::{Refusal, Timestamp};
use page::House;
use serde::{Deserialize, Serialize};
use store::command;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(slots))
        .routes(routes!(list, book))
        .routes(routes!(change))
        .routes(routes!(cancel))
}

/// What for.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Wanted {
    /// The item's key.
    item: String,
}

/// A time that may be booked.
#[derive(Serialize, utoipa::ToSchema)]
struct SlotLine {
    /// Its beginning: what a booking names.
    starts_at: String,
    /// Its end.
    ends_at: String,
    /// How many may still book it.
    free: i64,
    /// Why the hall has closed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<String>,
}

/// A day of a hall.
#[derive(Serialize, utoipa::ToSchema)]
struct DayLine {
    /// The day, in the legal zone.
    day: String,
    /// Its times.
    slots: Vec<SlotLine>,
}

/// What a hall offers for an item.
#[derive(Serialize, utoipa::ToSchema)]
struct Offer {
    /// How many may book each time.
    places: i64,
    /// The share of each time that is kept for tickets taken in the hall, in percent.
    walk_in: i64,
    /// Days and times.
    days: Vec<DayLine>,
}

async fn the_hall(house: &House, code: &str) -> Answer<Hall> {
    let code: HallCode = code.parse().map_err(|_| Refusal::not_found())?;
    Ok(hall::hall(&house.ground.store, &code).await?.ok_or_else(Refusal::not_found)?)
}

/// The times of a hall that may be booked for an item.
#[utoipa::path(get, path = "/halls/{hall}/slots", tag = "appointments", security(()),
    params(("hall" = String, Path, description = "Its code"), Wanted),
    responses((status = 200, body = Offer), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn slots(
    State(house): State<House>,
    Extension(terms): Extension<Settings>,
    Path(code): Path<String>,
    wanted: Result<Query<Wanted>, QueryRejection>,
) -> Answer<axum::Json<Offer>> {
    let Query(wanted) = wanted.map_err(|e| bad_query(&e.body_text()))?;
    let (store, hall) = (&house.ground.store, the_hall(&house, &code).await?);
    let letter = verbs::letter_of(store, &hall, &wanted.item).await?;
    let now = house.ground.clock.now();
    let offered = appointments::offered(store, &house.calendar, &terms, (&hall, letter), now).await?;
    let slot = |s: &appointments::SlotOffer| SlotLine {
        starts_at: s.slot.starts_at.to_string(),
        ends_at: s.slot.ends_at.to_string(),
        free: s.free,
        closed: s.closed.clone(),
    };
    let days = offered.days.iter().map(|d| DayLine {
        day: d.day.to_string(),
        slots: d.slots.iter().filter(|s| !s.gone).map(slot).collect(),
    });
    let (places, walk_in) = (offered.capacity.places, offered.capacity.walk_in);
    Ok(axum::Json(Offer { places, walk_in, days: days.collect() }))
}

/// An appointment.
#[derive(Serialize, utoipa::ToSchema)]
struct AppointmentBody {
    /// Its id.
    id: String,
    /// Its code: what is said in the hall.
    code: String,
    /// The hall.
    hall: String,
    /// The item's key.
    item: String,
    /// The item's name.
    item_name: Both,
    /// From when.
    starts_at: String,
    /// Until when.
    ends_at: String,
    /// `booked`, `arrived`, `late`, `cancelled`, `dropped`, `missed` or `excused`.
    state: String,
    /// Why the hall has closed its time since; it is served as booked all the same.
    #[serde(skip_serializing_if = "Option::is_none")]
    closed: Option<String>,
    /// The ticket it was exchanged for.
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
}

fn body(row: &AppointmentRow) -> AppointmentBody {
    let Slot { starts_at, ends_at } = row.slot();
    AppointmentBody {
        id: row.id.to_string(),
        code: row.code.to_string(),
        hall: row.hall.to_string(),
        item: row.item_key.clone(),
        item_name: (&row.item()).into(),
        starts_at: starts_at.to_string(),
        ends_at: ends_at.to_string(),
        state: row.state.to_string(),
        closed: row.closed.clone(),
        ticket: row.ticket.clone(),
    }
}

/// A page of the caller's appointments.
#[derive(Serialize, utoipa::ToSchema)]
struct AppointmentsPage {
    /// The last to begin at the top.
    appointments: Vec<AppointmentBody>,
    /// Send it as `after` for the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    next: Option<String>,
}

/// The caller's appointments.
#[utoipa::path(get, path = "/appointments", tag = "appointments", params(Place),
    responses((status = 200, body = AppointmentsPage), (status = 401, body = ProblemBody)))]
async fn list(
    State(house): State<House>,
    caller: Caller,
    asked: Result<Query<Place>, QueryRejection>,
) -> Answer<axum::Json<AppointmentsPage>> {
    let Query(place) = asked.map_err(|e| bad_query(&e.body_text()))?;
    let (who, limit) = (caller.applicant()?, place.limit());
    let before = appointments::place(place.after.as_deref())?;
    let mut found = appointments::mine(&house.ground.store, &who, &before, limit + 1).await?;
    let more = i64::try_from(found.len()).is_ok_and(|n| n > limit);
    found.truncate(usize::try_from(limit).unwrap_or(0));
    let next = found.last().filter(|_| more);
    let next = next.map(|r| format!("{}.{}", r.starts_at.as_microsecond(), r.id));
    Ok(axum::Json(AppointmentsPage { appointments: found.iter().map(body).collect(), next }))
}

/// What is to be booked.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewAppointment {
    /// The item's key.
    item: String,
    /// The hall's code.
    hall: String,
    /// The beginning of a time that the hall offers.
    starts_at: String,
}

/// The moment that a body names.
fn moment(text: &str) -> Answer<Timestamp> {
    let at: Result<Timestamp, _> = text.parse();
    Ok(at.map(kernel::clock::truncate).map_err(|_| {
        Refusal::new(
            kernel::RefusalKind::Invalid,
            "api.bad-moment",
            "starts_at 应为 RFC 3339 时间。",
            "starts_at is a moment of RFC 3339.",
        )
        .field("starts_at", "例如 2026-11-24T01:00:00Z。", "For example 2026-11-24T01:00:00Z.")
    })?)
}

/// Book; whoever is signed in comes. Sent twice, it is one appointment.
#[utoipa::path(post, path = "/appointments", tag = "appointments", request_body = NewAppointment,
    responses((status = 201, body = AppointmentBody), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn book(
    State(house): State<House>,
    Extension(terms): Extension<Settings>,
    caller: Caller,
    Json(new): Json<NewAppointment>,
) -> Answer<(StatusCode, axum::Json<AppointmentBody>)> {
    let who = caller.applicant()?;
    let hall = the_hall(&house, &new.hall).await?.code;
    let asked = Asking { item: new.item, hall, starts_at: moment(&new.starts_at)? };
    let (calendar, by) = (house.calendar.as_ref(), (&who, Channel::Api));
    let id = command!(house.ground, caller.lang, who.actor_ref(), |cx| {
        verbs::book(&mut cx, calendar, &terms, by, &asked).await
    })?;
    let row = appointments::one_of(&house.ground.store, &who, id).await?;
    Ok((StatusCode::CREATED, axum::Json(body(&row))))
}

fn id_of(text: &str) -> Answer<AppointmentId> {
    Ok(text.parse().map_err(|_| Refusal::not_found())?)
}

/// Where it is to be moved.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewTime {
    /// The beginning of a time that the hall offers.
    starts_at: String,
}

/// Move an appointment to another time of the same hall: the old place is given back and the new one taken at once, or nothing happens.
#[utoipa::path(post, path = "/appointments/{appointment}/move", tag = "appointments", request_body = NewTime,
    params(("appointment" = String, Path)),
    responses((status = 200, body = AppointmentBody), (status = 400, body = ProblemBody), (status = 401, body = ProblemBody),
              (status = 403, body = ProblemBody), (status = 404, body = ProblemBody), (status = 409, body = ProblemBody),
              (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn change(
    State(house): State<House>,
    Extension(terms): Extension<Settings>,
    caller: Caller,
    Path(id): Path<String>,
    Json(new): Json<NewTime>,
) -> Answer<axum::Json<AppointmentBody>> {
    let (who, id) = (caller.applicant()?, id_of(&id)?);
    let store = &house.ground.store;
    appointments::one_of(store, &who, id).await?;
    let starts_at = moment(&new.starts_at)?;
    let (calendar, by) = (house.calendar.as_ref(), (By::Holder(&who), id));
    command!(house.ground, caller.lang, who.actor_ref(), |cx| {
        verbs::change(&mut cx, calendar, &terms, by, starts_at).await
    })?;
    Ok(axum::Json(body(&appointments::one_of(store, &who, id).await?)))
}

/// Call an appointment off, while its time has not begun.
#[utoipa::path(post, path = "/appointments/{appointment}/cancel", tag = "appointments",
    params(("appointment" = String, Path)),
    responses((status = 200, body = AppointmentBody), (status = 401, body = ProblemBody), (status = 403, body = ProblemBody),
              (status = 404, body = ProblemBody), (status = 409, body = ProblemBody)))]
async fn cancel(
    State(house): State<House>,
    Extension(terms): Extension<Settings>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<axum::Json<AppointmentBody>> {
    let (who, id) = (caller.applicant()?, id_of(&id)?);
    command!(house.ground, caller.lang, who.actor_ref(), |cx| {
        verbs::cancel(&mut cx, &terms, (By::Holder(&who), id)).await
    })?;
    Ok(axum::Json(body(&appointments::one_of(&house.ground.store, &who, id).await?)))
}
