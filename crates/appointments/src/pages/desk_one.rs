//! `/desk/appointments/{appointment}`: one appointment at the hall's desk. Opening it shows the name, which is a look and is recorded
//! before anything is shown; the telephone number is opened by a tap of its own.

use super::{Room, desk, id_of, moment_of, told, view};
use crate::WORDS;
use crate::model::{AppointmentEvent, AppointmentId, Channel, State as Standing};
use crate::offer;
use crate::rules::refuse;
use crate::store::{self as rows, AppointmentRow};
use crate::verbs::{self, By, DeskHall};
use ::store::command;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use identity::Staff;
use kernel::{Failure, Outcome, Refusal};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, TimelineEntry, format};
use trace::{Look, Purpose, Recorded};

#[derive(askama::Template)]
#[template(path = "desk_one.html")]
struct OnePage {
    shell: Shell,
    w: Say,
    form: FormState,
    at: String,
    state: Html,
    code: String,
    when: String,
    matter: String,
    name: String,
    for_name: String,
    masked: String,
    phone: String,
    looked: bool,
    /// Booked by a clerk: whether whoever comes has an account is not shown.
    by_clerk: bool,
    closed: String,
    ticket: String,
    report: view::Report,
    may_change: bool,
    missed: bool,
    d: Option<view::Days>,
    timeline: Vec<TimelineEntry>,
}

/// The day that is looked at, to move.
#[derive(serde::Deserialize)]
pub(super) struct Looked {
    #[serde(default)]
    day: String,
}

async fn row_of(room: &Room, who: &Staff, id: &str) -> Outcome<(DeskHall, AppointmentRow)> {
    let id: AppointmentId = id_of(id)?;
    let row = rows::appointment(room.store(), id).await?.ok_or_else(Refusal::not_found)?;
    Ok((DeskHall::of(room.store(), who, &row.hall).await?, row))
}

pub(super) async fn get(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    Query(looked): Query<Looked>,
) -> Answer {
    let (desk, row) = row_of(&room, &who, &id).await?;
    let state = (FormState::new(), StatusCode::OK);
    page_of(&room, &ctx, (&who, &desk), &row, (&looked.day, ""), state).await
}

/// The name of somebody with an account is opened by a look that they see.
async fn looked(room: &Room, who: &Staff, row: &AppointmentRow) -> Outcome<bool> {
    let Some(person) = row.person() else { return Ok(false) };
    let purpose = Purpose::in_case("appointment", format_args!("appointment:{}", row.id));
    let look = Look { person, fields: vec!["name".to_owned()], purpose };
    let actor = who.actor_ref();
    command!(room.house.ground, kernel::Lang::default(), actor, |cx| {
        trace::look(&mut cx, &look).map_err(Failure::from)
    })?;
    Ok(true)
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    (who, desk): (&Staff, &DeskHall),
    row: &AppointmentRow,
    (day, phone): (&str, &str),
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let looked = looked(room, who, row).await?;
    let may_change = row.state == Standing::Booked && ctx.now < row.starts_at;
    let at = format!("/desk/appointments/{}", row.id);
    let (_, events) = trace::history(store, &row.id.subject()).await?;
    let page = OnePage {
        shell: Shell::new(ctx, w.t("one-title"))
            .desk()
            .crumb(w.t("desk-title"), format!("/desk/appointments?hall={}&day={}", row.hall, row.day)),
        w,
        form,
        state: view::state(row, w),
        code: row.code.spoken(),
        when: view::when(&row.slot(), ctx.lang),
        matter: format!("{} {}", row.letter, row.item().get(ctx.lang)),
        name: row.name.clone(),
        for_name: row.for_name.clone(),
        masked: row.phone_masked.clone(),
        phone: phone.to_owned(),
        looked,
        by_clerk: row.channel == Channel::Clerk,
        closed: row.closed.clone().unwrap_or_default(),
        ticket: row.ticket.clone().unwrap_or_default(),
        report: view::report(row, ctx.now, &room.terms, ctx.lang),
        may_change,
        missed: row.state == Standing::Missed,
        d: if may_change { days(room, ctx, desk, row, (&at, day)).await? } else { None },
        timeline: timeline(&events, ctx, w),
        at,
    };
    Ok(page::render_with(status, &page))
}

/// Where it may be moved.
async fn days(
    room: &Room,
    ctx: &Ctx,
    desk: &DeskHall,
    row: &AppointmentRow,
    (at, day): (&str, &str),
) -> Outcome<Option<view::Days>> {
    let (calendar, hall) = (room.house.calendar.as_ref(), (desk.hall(), row.letter));
    match offer::offered(room.store(), calendar, &room.terms, hall, ctx.now).await {
        Ok(offered) => {
            let day = if day.is_empty() { &row.day } else { day };
            Ok(Some(view::days(&offered, &format!("{at}?"), day, WORDS.say(ctx.lang))))
        }
        Err(Failure::Refused(_)) => Ok(None),
        Err(failure) => Err(failure),
    }
}

fn timeline(events: &[Recorded<AppointmentEvent>], ctx: &Ctx, w: Say) -> Vec<TimelineEntry> {
    let last = events.len().saturating_sub(1);
    let entry = |(n, e): (usize, &Recorded<AppointmentEvent>)| TimelineEntry {
        kind: if n == last { "now" } else { "done" },
        at: format::moment(ctx.lang, e.occurred_at),
        title: happened(&e.event, w),
        who: String::new(),
        detail: match &e.event {
            AppointmentEvent::TimeClosed { why } | AppointmentEvent::Excused { why } => why.clone(),
            AppointmentEvent::Moved { place, .. } => view::when(&place.slot, ctx.lang),
            _ => String::new(),
        },
    };
    events.iter().enumerate().map(entry).collect()
}

fn happened(event: &AppointmentEvent, w: Say) -> String {
    match event {
        AppointmentEvent::Booked(_) => w.t("did-booked"),
        AppointmentEvent::Moved { .. } => w.t("did-moved"),
        AppointmentEvent::Cancelled {} => w.t("did-cancelled"),
        AppointmentEvent::TimeClosed { .. } => w.t("did-closed"),
        AppointmentEvent::TimeOpened {} => w.t("did-opened"),
        AppointmentEvent::Arrived { ticket, late } => {
            let words = [("ticket", ticket.clone())];
            return if *late { w.with("did-late", &words) } else { w.with("did-arrived", &words) };
        }
        AppointmentEvent::Missed {} => w.t("did-missed"),
        AppointmentEvent::Dropped {} => w.t("did-dropped"),
        AppointmentEvent::Excused { .. } => w.t("did-excused"),
        AppointmentEvent::PhoneOpened {} => w.t("did-phone"),
        AppointmentEvent::WrittenTo { .. } => w.t("did-written"),
    }
    .into_owned()
}

pub(super) async fn post(
    State(room): State<Room>,
    Path(id): Path<String>,
    ctx: Ctx,
    who: Staff,
    sent: Submitted,
) -> Answer {
    let (desk, row) = row_of(&room, &who, &id).await?;
    match act(&room, &ctx, (&who, &desk), row.id, &sent).await {
        Ok(Done::To(path)) => Ok(page::see_other(path)),
        Ok(Done::Phone(phone)) => {
            let state = (FormState::new(), StatusCode::OK);
            page_of(&room, &ctx, (&who, &desk), &row, ("", &phone), state).await
        }
        Err(failure) => {
            let state = told(failure, FormState::of(&sent))?;
            let (desk, row) = row_of(&room, &who, &id).await?;
            page_of(&room, &ctx, (&who, &desk), &row, (sent.get("day"), ""), state).await
        }
    }
}

enum Done {
    To(String),
    Phone(String),
}

async fn act(
    room: &Room,
    ctx: &Ctx,
    (who, hall): (&Staff, &DeskHall),
    id: AppointmentId,
    sent: &Submitted,
) -> Outcome<Done> {
    let (ground, terms, actor) = (&room.house.ground, &room.terms, who.actor_ref());
    let by = By::Desk(hall);
    match sent.get("act") {
        "arrive" | "late" => {
            let token = desk::arrive(room, ctx, (who, hall), id, sent.get("act") == "late").await?;
            return Ok(Done::To(format!("/tickets/{token}")));
        }
        "phone" => {
            let phone = command!(ground, ctx.lang, actor, |cx| verbs::open_phone(&mut cx, hall, id).await)?;
            return Ok(Done::Phone(phone.unwrap_or_default()));
        }
        "cancel" => command!(ground, ctx.lang, actor, |cx| verbs::cancel(&mut cx, terms, (by, id)).await)?,
        "move" => {
            let starts_at = moment_of(sent.get("at")).ok_or_else(refuse::no_slot)?;
            let calendar = room.house.calendar.as_ref();
            command!(ground, ctx.lang, actor, |cx| {
                verbs::change(&mut cx, calendar, terms, (by, id), starts_at).await
            })?;
        }
        "excuse" => command!(ground, ctx.lang, actor, |cx| {
            verbs::excuse(&mut cx, terms, (hall, id), sent.get("why")).await
        })?,
        _ => return Err(refuse::no_act().into()),
    }
    Ok(Done::To(format!("/desk/appointments/{id}")))
}
