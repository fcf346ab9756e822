//! The head of a hall sets its plan, closes days and slots with a reason, and opens them again. Whoever is booked there is told.

use crate::model::{Closing, Offer, PlanEvent, plan_subject};
use crate::rules::{life, refuse, slots};
use crate::settings::Settings;
use crate::store as rows;
use ::store::Cx;
use hall::model::HallCode;
use hall::rules::hours::Hours;
use hall::verbs::Manager;
use jiff::civil::Date;
use kernel::{Calendar, Fault, Outcome, Refusal, clock};
use serde::{Deserialize, Serialize};

/// What is told to [`super::on_plan`].
pub(super) const TOPIC: &str = "appointments.plan";

/// Which day's appointments are to be told.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Changed {
    pub(super) hall: HallCode,
    pub(super) day: Date,
}

/// The plan as it is wanted.
#[derive(Debug, Clone)]
pub struct PlanAsked {
    /// How often the plan had been changed when the form was made.
    pub rev: i64,
    /// The share of whoever comes without an appointment, in percent.
    pub walk_in: i64,
    /// Each business.
    pub offers: Vec<Offer>,
}

/// Sets the share and what is offered of each business. Who is booked stays booked, also where there is less room now.
///
/// # Errors
/// `appointments.number` for what is out of range, `appointments.plan-moved` when it was changed since the form was made.
pub async fn set_plan(cx: &mut Cx, who: &Manager, asked: &PlanAsked) -> Outcome<()> {
    let within = |field: &str, value: i64, from: i64, to: i64| {
        if (from..=to).contains(&value) { Ok(()) } else { Err(refuse::number(field, from, to)) }
    };
    within("walk_in", asked.walk_in, 0, 100)?;
    for offer in &asked.offers {
        within(&format!("persons-{}", offer.letter), offer.persons.unwrap_or(1), 1, 60)?;
        within(&format!("windows-{}", offer.letter), offer.windows.unwrap_or(1), 0, 200)?;
    }
    let hall = &who.hall().code;
    let known = hall::businesses(cx.store(), hall).await?;
    let plan = rows::plan(cx.store(), hall).await?;
    if plan.rev.unwrap_or(0) != asked.rev {
        return Err(refuse::plan_moved().into());
    }
    rows::advance_plan(&mut cx.commit, hall, plan.rev);
    rows::set_share(&mut cx.commit, hall, asked.walk_in);
    let offers: Vec<Offer> =
        asked.offers.iter().filter(|o| known.iter().any(|b| b.letter == o.letter)).copied().collect();
    for offer in &offers {
        rows::set_offer(&mut cx.commit, hall, offer);
    }
    record(cx, hall, &PlanEvent::Set { walk_in: asked.walk_in, businesses: offers }).await
}

/// Closes a day or a slot. Nobody can book it from then on; whoever is booked there is told, keeps the appointment, and may move it.
///
/// # Errors
/// `appointments.no-day` for a day that is over or on which the hall has no slots, `appointments.no-slot`, `appointments.why`,
/// `appointments.closed-before`.
pub async fn close(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    who: &Manager,
    closing: &Closing,
) -> Outcome<()> {
    let (hall, why) = (who.hall(), life::reason(&closing.why)?);
    let closing = Closing { why, ..closing.clone() };
    let hours = Hours::parse(&hall.hours).map_err(Fault::new)?;
    let day_slots = slots::of_day(&hours, calendar, closing.day, terms);
    if closing.day < clock::legal_date(cx.now) || day_slots.is_empty() {
        return Err(refuse::no_day().into());
    }
    if closing.starts_at.is_some_and(|at| !day_slots.iter().any(|s| s.starts_at == at)) {
        return Err(refuse::no_slot().into());
    }
    let closed = rows::closures(cx.store(), &hall.code, (closing.day, closing.day)).await?;
    if closed.iter().any(|c| (c.letter, c.starts_at) == (closing.letter, closing.starts_at)) {
        return Err(refuse::closed_before().into());
    }
    let now = cx.now;
    change(cx, &hall.code, closing.day).await?;
    rows::close(&mut cx.commit, &hall.code, &closing, now);
    record(cx, &hall.code, &PlanEvent::Closed(closing)).await
}

/// Opens it again.
///
/// # Errors
/// Not found for what is not closed.
pub async fn open(cx: &mut Cx, who: &Manager, closing: &Closing) -> Outcome<()> {
    let hall = &who.hall().code;
    let closed = rows::closures(cx.store(), hall, (closing.day, closing.day)).await?;
    let known = closed.into_iter().find(|c| (c.letter, c.starts_at) == (closing.letter, closing.starts_at));
    let known = known.ok_or_else(Refusal::not_found)?;
    change(cx, hall, known.day).await?;
    rows::open(&mut cx.commit, hall, &known);
    record(cx, hall, &PlanEvent::Opened(known)).await
}

/// The plan counts one up, and whoever is booked on that day will be told.
async fn change(cx: &mut Cx, hall: &HallCode, day: Date) -> Outcome<()> {
    let plan = rows::plan(cx.store(), hall).await?;
    rows::advance_plan(&mut cx.commit, hall, plan.rev);
    let changed = Changed { hall: hall.clone(), day };
    cx.commit.emit(TOPIC, &format!("appointments:{hall}"), &changed)?;
    Ok(())
}

async fn record(cx: &mut Cx, hall: &HallCode, event: &PlanEvent) -> Outcome<()> {
    let subject = plan_subject(hall);
    let mut head = trace::head(cx.store(), &subject).await?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject, event, now)
}
