//! `/desk/appointments`: who comes when on a day of a hall. Names are masked, so that a list is no look; reporting is one tap.

use super::{Room, id_of, is, place, told, view};
use crate::WORDS;
use crate::model::State as Standing;
use crate::store as rows;
use crate::verbs::{self, Arriving, By, DeskHall};
use ::store::command;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use hall::model::{Hall, HallCode};
use identity::Staff;
use jiff::ToSpan as _;
use kernel::{Failure, Outcome, Refusal, clock};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted, format};

const LINES: i64 = 100;
/// Halls that are offered.
const HALLS: i64 = 50;

struct Line {
    href: String,
    time: String,
    name: String,
    code: String,
    matter: String,
    state: Html,
    ticket: String,
    /// The number to call, masked, when the hall has closed the time and they have no account.
    call: String,
    report: view::Report,
}

#[derive(askama::Template)]
#[template(path = "desk.html")]
struct DeskPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    name: String,
    halls: Vec<(String, String)>,
    day: String,
    shown: String,
    before: String,
    after: String,
    today: bool,
    head: bool,
    late: bool,
    lines: Vec<Line>,
    booked: usize,
    first: Option<String>,
    next: Option<String>,
}

/// Which day of which hall, and where the list goes on.
#[derive(Default, serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    hall: String,
    #[serde(default)]
    day: String,
    after: Option<String>,
}

/// The hall that is asked for, else the first one.
pub(super) async fn desk_of(room: &Room, who: &Staff, hall: &str) -> Outcome<(DeskHall, Vec<Hall>)> {
    let halls = DeskHall::all(room.store(), who, HALLS).await?;
    let code: HallCode = match hall {
        "" => halls.first().map(|h| h.code.clone()).ok_or_else(Refusal::not_found)?,
        code => id_of(code)?,
    };
    Ok((DeskHall::of(room.store(), who, &code).await?, halls))
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    page_of(&room, &ctx, &who, &asked, (FormState::new(), StatusCode::OK, false)).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    who: &Staff,
    asked: &Asked,
    (form, status, late): (FormState, StatusCode, bool),
) -> Answer {
    let (store, w) = (room.store(), WORDS.say(ctx.lang));
    let (desk, halls) = desk_of(room, who, &asked.hall).await?;
    let (hall, day) = (desk.hall(), view::day(&asked.day, ctx.now));
    let from = place(asked.after.as_deref(), i64::MIN)?;
    let mut found = rows::of_day(store, &hall.code, &day.to_string(), &from, LINES + 1).await?;
    let most = usize::try_from(LINES).unwrap_or(0);
    let more = found.len() > most;
    found.truncate(most);
    let base = format!("/desk/appointments?hall={}&day={day}", hall.code);
    let last = found.last().filter(|_| more);
    let next = last.map(|r| format!("{base}&after={}.{}", r.starts_at.as_microsecond(), r.id));
    let other = |days: i64| day.checked_add(days.days()).map(|d| d.to_string()).unwrap_or_default();
    let line = |r: &rows::AppointmentRow| Line {
        href: format!("/desk/appointments/{}", r.id),
        time: view::span(&r.slot()),
        name: format::mask_name(&r.name),
        code: r.code.spoken(),
        matter: format!("{} {}", r.letter, r.item().get(ctx.lang)),
        state: view::state(r, w),
        ticket: r.ticket.clone().unwrap_or_default(),
        call: if r.closed.is_some() && r.state == Standing::Booked {
            r.phone_masked.clone()
        } else {
            String::new()
        },
        report: view::report(r, ctx.now, &room.terms, ctx.lang),
    };
    let page = DeskPage {
        shell: Shell::new(ctx, w.t("desk-title")).desk(),
        w,
        form,
        hall: hall.code.to_string(),
        name: hall.name.get(ctx.lang).to_owned(),
        halls: halls.iter().map(|h| (h.code.to_string(), h.name.get(ctx.lang).to_owned())).collect(),
        day: day.to_string(),
        shown: format::date(ctx.lang, day),
        before: other(-1),
        after: other(1),
        today: day == clock::legal_date(ctx.now),
        head: !matches!(who, Staff::Clerk(clerk) if !clerk.is_head()),
        late,
        booked: found.iter().filter(|r| r.state == Standing::Booked).count(),
        lines: found.iter().map(line).collect(),
        first: asked.after.as_ref().map(|_| base.clone()),
        next,
    };
    Ok(page::render_with(status, &page))
}

/// Somebody is at the desk and says a code or a number.
pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let (desk, _) = desk_of(&room, &who, sent.get("hall")).await?;
    let done = async {
        let hall = &desk.hall().code;
        let row = verbs::find(room.store(), hall, sent.get("code"), ctx.now, &room.terms).await?;
        arrive(&room, &ctx, (&who, &desk), row.id, sent.get("late") == "yes").await
    };
    match done.await {
        Ok(token) => Ok(page::see_other(format!("/tickets/{token}"))),
        Err(failure) => {
            let late = is(&failure, "appointments.late");
            let (form, status) = told(failure, FormState::of(&sent))?;
            let asked = Asked { hall: desk.hall().code.to_string(), ..Asked::default() };
            page_of(&room, &ctx, &who, &asked, (form, status, late)).await
        }
    }
}

/// A ticket for somebody who is there; the secret of its address.
pub(super) async fn arrive(
    room: &Room,
    ctx: &Ctx,
    (who, desk): (&Staff, &DeskHall),
    id: crate::model::AppointmentId,
    late: bool,
) -> Result<String, Failure> {
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let token = hall::token(room.house.ground.rng.as_ref());
    let how = Arriving { by: Some(By::Desk(desk)), kiosk: None, late, token: &token };
    command!(room.house.ground, ctx.lang, actor, |cx| {
        verbs::arrive(&mut cx, calendar, (&room.terms, &room.queue), id, &how).await
    })?;
    Ok(token)
}
