//! An appointment is moved or called off, by whoever has it or by a clerk for them; a clerk opens a telephone number.

use super::book::{day_begins, place_for};
use super::letter::{Said, tell};
use super::whose::Whose;
use super::{DeskHall, code_for, read, write};
use crate::model::{AppointmentEvent, AppointmentId};
use crate::queries;
use crate::rules::{book as rules, life, refuse};
use crate::settings::Settings;
use crate::store::{self as rows, AppointmentRow};
use ::store::Cx;
use identity::Applicant;
use identity::mandate::Act;
use kernel::{Calendar, Outcome, Refusal, Timestamp};
use trace::{Look, Purpose};

/// By whose right something is done.
#[derive(Debug, Clone, Copy)]
pub enum By<'a> {
    /// By whoever has it, or who acts for them.
    Holder(&'a Applicant),
    /// At the hall's desk.
    Desk(&'a DeskHall),
}

impl By<'_> {
    /// The row, for whom it is in reach.
    pub(crate) async fn row(self, cx: &Cx, id: AppointmentId) -> Outcome<AppointmentRow> {
        match self {
            Self::Holder(who) => queries::one_of(cx.store(), who, id).await,
            Self::Desk(desk) => {
                let row = rows::appointment(cx.store(), id).await?;
                let row = row.filter(|row| row.hall == desk.hall().code);
                Ok(row.ok_or_else(Refusal::not_found)?)
            }
        }
    }

    /// What is done in somebody's name relies on the mandate.
    pub(crate) async fn rely(self, cx: &mut Cx, row: &AppointmentRow) -> Outcome<()> {
        match self {
            Self::Holder(who) => identity::mandate::rely(cx, who, Act::Write, &[&row.item_key], "").await,
            Self::Desk(_) => Ok(()),
        }
    }
}

/// Moves an appointment to another time of the same hall and business: its old place is given back and the new one taken by one commit,
/// or nothing happens.
///
/// # Errors
/// Not found for one that is out of reach, a refusal of [`life::may_change`], `appointments.same`, a refusal of [`rules::free`] or [`rules::one_more`].
pub async fn change(
    cx: &mut Cx,
    calendar: &Calendar,
    terms: &Settings,
    (by, id): (By<'_>, AppointmentId),
    starts_at: Timestamp,
) -> Outcome<()> {
    let row = by.row(cx, id).await?;
    let (mut head, mut one) = read(cx.store(), id).await?;
    life::may_change(&one, cx.now)?;
    let whose = Whose::of(cx.store(), &one.visitor).await?;
    let mut others = whose.living(cx.store(), day_begins(cx.now)?).await?;
    others.retain(|o| o.id != id);
    let hall = hall::hall(cx.store(), &row.hall).await?.ok_or_else(Refusal::not_found)?;
    let old = one.place.clone();
    if old.slot.starts_at == starts_at {
        return Err(refuse::same().into());
    }
    let taking = place_for(cx, calendar, terms, (&hall, row.letter, starts_at)).await?;
    let slot = (&taking.place.hall, taking.place.letter, &taking.place.slot);
    let own = whose.own(matches!(by, By::Desk(_)));
    rules::one_more(&own, &one.matter, slot, &others, terms)?;
    let same_day = old.slot.day() == taking.place.slot.day();
    let code = match same_day {
        true => one.code.clone(),
        false => code_for(cx, &taking.place, Some(&one.code)).await?,
    };
    let event = AppointmentEvent::Moved { place: taking.place.clone(), code };
    rows::rely_on_plan(&mut cx.commit, &row.hall, taking.rev);
    whose.advance(&mut cx.commit);
    // The earlier slot first, so that two who change places do not wait for each other.
    if old.slot.starts_at < starts_at {
        rows::give_back(&mut cx.commit, &old);
        rows::take_place(&mut cx.commit, &taking.place, taking.was, taking.places);
    } else {
        rows::take_place(&mut cx.commit, &taking.place, taking.was, taking.places);
        rows::give_back(&mut cx.commit, &old);
    }
    write(cx, terms, id, (&mut head, &mut one), &event)?;
    tell(cx, (id, &one), Said::Moved).await?;
    by.rely(cx, &row).await
}

/// Calls an appointment off: its place is free for others.
///
/// # Errors
/// Not found for one that is out of reach, a refusal of [`life::may_change`].
pub async fn cancel(cx: &mut Cx, terms: &Settings, (by, id): (By<'_>, AppointmentId)) -> Outcome<()> {
    let row = by.row(cx, id).await?;
    let (mut head, mut one) = read(cx.store(), id).await?;
    life::may_change(&one, cx.now)?;
    rows::give_back(&mut cx.commit, &one.place);
    write(cx, terms, id, (&mut head, &mut one), &AppointmentEvent::Cancelled {})?;
    if matches!(by, By::Desk(_)) {
        tell(cx, (id, &one), Said::Cancelled).await?;
    }
    by.rely(cx, &row).await
}

/// Opens the telephone number that a clerk was told, so that they can be called; that it was opened is written down in the appointment's
/// trace, and is a look of whoever has an account. `None` when there is no number.
///
/// # Errors
/// Not found for an appointment of another hall.
pub async fn open_phone(cx: &mut Cx, desk: &DeskHall, id: AppointmentId) -> Outcome<Option<String>> {
    By::Desk(desk).row(cx, id).await?;
    let (mut head, one) = read(cx.store(), id).await?;
    let Some(phone) = one.visitor.phone else { return Ok(None) };
    let now = cx.now;
    trace::record(cx, &mut head, &id.subject(), &AppointmentEvent::PhoneOpened {}, now)?;
    if let Some(person) = one.visitor.person {
        let purpose = Purpose::in_case("appointment", id.subject());
        trace::look(cx, &Look { person, fields: vec!["phone".to_owned()], purpose })?;
    }
    Ok(Some(phone.0))
}
