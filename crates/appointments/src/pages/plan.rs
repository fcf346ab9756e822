//! `/desk/appointments/plan`: the head of a hall sets how many may book, with the sum beside it, and closes days and slots.

use super::{Room, id_of, told, view};
use crate::WORDS;
use crate::model::{Closing, Offer};
use crate::rules::{capacity, refuse, slots};
use crate::store as rows;
use crate::verbs::{self, DeskHall, PlanAsked};
use ::store::command;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use hall::model::{HallCode, Letter};
use hall::rules::hours::Hours;
use hall::verbs::Manager;
use identity::Staff;
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{Fault, Outcome, Refusal, clock};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use std::collections::BTreeSet;

/// Closures are listed for so many days ahead.
const AHEAD: i64 = 180;
/// Halls that are offered.
const HALLS: i64 = 50;

struct BusinessLine {
    letter: String,
    name: String,
    offered: bool,
    persons_field: String,
    windows_field: String,
    sum: String,
}

struct ClosureLine {
    day: String,
    shown: String,
    letter: String,
    what: String,
    at: String,
    time: String,
    why: String,
}

#[derive(askama::Template)]
#[template(path = "plan.html")]
struct PlanPage {
    shell: Shell,
    w: Say,
    form: FormState,
    hall: String,
    name: String,
    halls: Vec<(String, String)>,
    rev: String,
    lead: String,
    businesses: Vec<BusinessLine>,
    closures: Vec<ClosureLine>,
    days: Vec<(String, String)>,
    letters: Vec<(String, String)>,
    times: Vec<(String, String)>,
}

/// Which hall.
#[derive(serde::Deserialize)]
pub(super) struct Asked {
    #[serde(default)]
    hall: String,
}

async fn manager(room: &Room, who: &Staff, hall: &str) -> Outcome<Manager> {
    let code: HallCode = match hall {
        "" => {
            let halls = DeskHall::all(room.store(), who, 1).await?;
            halls.into_iter().next().ok_or_else(Refusal::not_found)?.code
        }
        code => id_of(code)?,
    };
    Manager::of(room.store(), who, &code).await
}

pub(super) async fn get(
    State(room): State<Room>,
    ctx: Ctx,
    who: Staff,
    Query(asked): Query<Asked>,
) -> Answer {
    let manager = manager(&room, &who, &asked.hall).await?;
    page_of(&room, &ctx, (&who, &manager), (FormState::new(), StatusCode::OK)).await
}

async fn page_of(
    room: &Room,
    ctx: &Ctx,
    (who, manager): (&Staff, &Manager),
    (form, status): (FormState, StatusCode),
) -> Answer {
    let (store, w, hall) = (room.store(), WORDS.say(ctx.lang), manager.hall());
    let plan = rows::plan(store, &hall.code).await?;
    let windows = hall::windows(store, &hall.code).await?;
    let letters = hall::businesses(store, &hall.code).await?;
    let today = clock::legal_date(ctx.now);
    let last = today.checked_add(AHEAD.days()).map_err(|e| Fault::from("half a year ahead", e))?;
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let ahead = slots::ahead(&hours, &room.house.calendar, ctx.now, &room.terms);
    let times: BTreeSet<String> =
        ahead.iter().flat_map(|(_, slots)| slots).map(|s| format::time(s.starts_at)).collect();
    let (form, businesses) = businesses(room, ctx, (&plan, &windows, &letters), form);
    let closed = rows::closures(store, &hall.code, (today, last)).await?;
    let page = PlanPage {
        shell: Shell::new(ctx, w.t("plan-title"))
            .desk()
            .crumb(w.t("desk-title"), format!("/desk/appointments?hall={}", hall.code)),
        w,
        form,
        hall: hall.code.to_string(),
        name: hall.name.get(ctx.lang).to_owned(),
        halls: halls(room, who, ctx).await?,
        rev: plan.rev.unwrap_or(0).to_string(),
        lead: w.with(
            "plan-lead",
            &[("n", room.terms.slot_minutes.to_string()), ("days", room.terms.horizon_days.to_string())],
        ),
        businesses,
        closures: closed.iter().map(|c| closure(c, &letters, ctx, w)).collect(),
        days: ahead.iter().map(|(d, _)| (d.to_string(), format::date(ctx.lang, *d))).collect(),
        letters: letters.iter().map(|b| (b.letter.to_string(), view::business(b, ctx.lang))).collect(),
        times: times.into_iter().map(|t| (t.clone(), t)).collect(),
    };
    Ok(page::render_with(status, &page))
}

/// A line for each business, and the form with what holds now, or what was typed.
fn businesses(
    room: &Room,
    ctx: &Ctx,
    (plan, windows, letters): (&rows::Plan, &[hall::WindowRow], &[hall::Business]),
    form: FormState,
) -> (FormState, Vec<BusinessLine>) {
    let w = WORDS.say(ctx.lang);
    let share = plan.walk_in.unwrap_or_else(|| room.terms.walk_in.into());
    // What was typed stays; the first time it is what holds now.
    let typed = form.value("walk_in").to_owned();
    let mut form = if typed.is_empty() { form.with("walk_in", share.to_string()) } else { form };
    let mut businesses = Vec::with_capacity(letters.len());
    for b in letters {
        let offer = plan.offer(b.letter);
        let sum = capacity::of(windows, b.letter, offer, plan.walk_in, &room.terms);
        let (persons, set) = (format!("persons-{}", b.letter), format!("windows-{}", b.letter));
        if typed.is_empty() {
            let set_to = offer.and_then(|o| o.windows).map(|n| n.to_string()).unwrap_or_default();
            form = form.with(persons.clone(), sum.persons.to_string()).with(set.clone(), set_to);
        }
        let letter = b.letter.to_string();
        businesses.push(BusinessLine {
            offered: if typed.is_empty() {
                offer.is_none_or(|o| o.offered)
            } else {
                form.checked("offered", &letter)
            },
            letter,
            name: view::business(b, ctx.lang),
            persons_field: persons,
            windows_field: set,
            sum: view::sum(&sum, w),
        });
    }
    (form, businesses)
}

async fn halls(room: &Room, who: &Staff, ctx: &Ctx) -> Outcome<Vec<(String, String)>> {
    let halls = DeskHall::all(room.store(), who, HALLS).await?;
    Ok(halls.iter().map(|h| (h.code.to_string(), h.name.get(ctx.lang).to_owned())).collect())
}

fn closure(c: &Closing, letters: &[hall::Business], ctx: &Ctx, w: Say) -> ClosureLine {
    let business = c.letter.and_then(|l| letters.iter().find(|b| b.letter == l));
    ClosureLine {
        day: c.day.to_string(),
        shown: format::date(ctx.lang, c.day),
        letter: c.letter.map(|l| l.to_string()).unwrap_or_default(),
        what: business.map_or_else(|| w.t("all-businesses").into_owned(), |b| view::business(b, ctx.lang)),
        at: c.starts_at.map(|at| at.as_microsecond().to_string()).unwrap_or_default(),
        time: c.starts_at.map_or_else(|| w.t("whole-day").into_owned(), format::time),
        why: c.why.clone(),
    }
}

/// What was typed into the plan.
fn asked_of(sent: &Submitted) -> Result<PlanAsked, Refusal> {
    let number = |field: &str, most: i64| -> Result<Option<i64>, Refusal> {
        match sent.get(field).trim() {
            "" => Ok(None),
            text => text.parse().map(Some).map_err(|_| refuse::number(field, 0, most)),
        }
    };
    let mut offers = Vec::new();
    for letter in sent.all("letter") {
        let letter: Letter = letter.parse().map_err(|_| Refusal::not_found())?;
        let word = letter.to_string();
        offers.push(Offer {
            letter,
            offered: sent.all("offered").contains(&word.as_str()),
            persons: number(&format!("persons-{letter}"), 60)?,
            windows: number(&format!("windows-{letter}"), 200)?,
        });
    }
    let walk_in = number("walk_in", 100)?.ok_or_else(|| refuse::number("walk_in", 0, 100))?;
    Ok(PlanAsked { rev: sent.get("rev").parse().unwrap_or(-1), walk_in, offers })
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let manager = manager(&room, &who, sent.get("hall")).await?;
    let done = match asked_of(&sent) {
        Ok(asked) => {
            let actor = who.actor_ref();
            command!(room.house.ground, ctx.lang, actor, |cx| {
                verbs::set_plan(&mut cx, &manager, &asked).await
            })
        }
        Err(refusal) => Err(refusal.into()),
    };
    back(&room, &ctx, (&who, &manager), &sent, done).await
}

/// Closes a day or a slot, or opens it again.
pub(super) async fn closures(State(room): State<Room>, ctx: Ctx, who: Staff, sent: Submitted) -> Answer {
    let manager = manager(&room, &who, sent.get("hall")).await?;
    let (calendar, actor) = (room.house.calendar.as_ref(), who.actor_ref());
    let done = match closing_of(&room, &manager, &sent) {
        Ok(closing) if sent.get("act") == "open" => {
            command!(room.house.ground, ctx.lang, actor, |cx| verbs::open(&mut cx, &manager, &closing).await)
        }
        Ok(closing) => command!(room.house.ground, ctx.lang, actor, |cx| {
            verbs::close(&mut cx, calendar, &room.terms, &manager, &closing).await
        }),
        Err(failure) => Err(failure),
    };
    back(&room, &ctx, (&who, &manager), &sent, done).await
}

fn closing_of(room: &Room, manager: &Manager, sent: &Submitted) -> Outcome<Closing> {
    let day: Date = sent.get("day").parse().map_err(|_| refuse::no_day())?;
    let letter = match sent.get("business") {
        "" => None,
        text => Some(text.parse::<Letter>().map_err(|_| Refusal::not_found())?),
    };
    let starts_at = match (sent.get("at"), sent.get("time")) {
        ("", "") => None,
        ("", time) => {
            let hours = Hours::parse(&manager.hall().hours).map_err(Fault::new)?;
            let found = slots::of_day(&hours, &room.house.calendar, day, &room.terms);
            let found = found.iter().find(|s| format::time(s.starts_at) == time);
            Some(found.ok_or_else(refuse::no_time)?.starts_at)
        }
        (at, _) => Some(super::moment_of(at).ok_or_else(Refusal::not_found)?),
    };
    Ok(Closing { day, letter, starts_at, why: sent.get("why").to_owned() })
}

async fn back(room: &Room, ctx: &Ctx, of: (&Staff, &Manager), sent: &Submitted, done: Outcome<()>) -> Answer {
    match done {
        Ok(()) => Ok(page::see_other(format!("/desk/appointments/plan?hall={}", of.1.hall().code))),
        Err(failure) => page_of(room, ctx, of, told(failure, FormState::of(sent))?).await,
    }
}
