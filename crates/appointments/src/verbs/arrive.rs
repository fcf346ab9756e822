//! Somebody comes: the appointment becomes a ticket of the hall, with priority when they are in time.

use super::whose::{keys_of_number, phone_key, phone_of};
use super::{By, read, write};
use crate::model::{AppointmentEvent, AppointmentId, Code};
use crate::rules::life::{self, Coming};
use crate::rules::refuse;
use crate::settings::Settings;
use crate::store::{self as rows, AppointmentRow};
use ::store::{Cx, Store};
use hall::model::{HallCode, Priority, Via};
use hall::verbs::{Taken, Taking};
use kernel::{Calendar, Outcome, Refusal, Timestamp, clock};

/// How somebody reports.
#[derive(Debug, Clone)]
pub struct Arriving<'a> {
    /// By whose right: whoever has it, or a clerk; none at a kiosk, whose secret stands beside.
    pub by: Option<By<'a>>,
    /// The secret of the kiosk.
    pub kiosk: Option<&'a str>,
    /// Whether an ordinary ticket will do when it is too late for the appointment's priority.
    pub late: bool,
    /// The secret of the ticket's address, made by [`hall::token`].
    pub token: &'a str,
}

impl Arriving<'_> {
    fn via(&self) -> Via {
        match (self.kiosk, self.by) {
            (Some(_), _) => Via::Kiosk,
            (None, Some(By::Holder(_))) => Via::Phone,
            (None, _) => Via::Clerk,
        }
    }
}

/// Gives the ticket: with the priority of an appointment from some minutes before its time until some after, by the hall's own queue;
/// after that an ordinary one, which is no absence.
///
/// # Errors
/// Not found for one that is out of reach; a refusal of [`life::arriving`]; what `hall` refuses, as a second ticket of the same person.
pub async fn arrive(
    cx: &mut Cx,
    calendar: &Calendar,
    (terms, queue): (&Settings, &hall::Settings),
    id: AppointmentId,
    how: &Arriving<'_>,
) -> Outcome<Taken> {
    let row = match how.by {
        Some(by) => by.row(cx, id).await?,
        None => rows::appointment(cx.store(), id).await?.ok_or_else(Refusal::not_found)?,
    };
    let (mut head, mut one) = read(cx.store(), id).await?;
    let first = life::arriving(&one, how.late, cx.now, terms)?;
    if let Some(by) = how.by {
        by.rely(cx, &row).await?;
    }
    let store = cx.store();
    let who = match (one.visitor.person, &one.visitor.phone) {
        (Some(person), _) => Some(hall::verbs::blind_person(store, person)),
        (None, Some(phone)) => hall::verbs::blind_phone(store, &phone.0)?,
        (None, None) => None,
    };
    let taking = Taking {
        hall: row.hall,
        letter: row.letter,
        via: how.via(),
        priority: if first { Priority::Appointment } else { Priority::Ordinary },
        who,
        token: how.token.to_owned(),
        kiosk: how.kiosk.map(str::to_owned),
    };
    // Whose a ticket is stands nowhere in the hall; whose the appointment was does.
    let actor = cx.actor.clone();
    let taken = hall::verbs::take(cx, calendar, queue, &taking).await?;
    cx.actor = actor;
    let event = AppointmentEvent::Arrived { ticket: taken.number.clone(), late: !first };
    write(cx, terms, id, (&mut head, &mut one), &event)?;
    Ok(taken)
}

/// The appointment of whoever reports at a hall: by its code, or by the telephone or identity number of whoever comes.
///
/// # Errors
/// `appointments.no-code`, `appointments.unknown`, `appointments.which`.
pub async fn find(
    store: &Store,
    hall: &HallCode,
    typed: &str,
    now: Timestamp,
    terms: &Settings,
) -> Outcome<AppointmentRow> {
    let (today, typed) = (clock::legal_date(now).to_string(), typed.trim());
    if let Ok(code) = typed.parse::<Code>() {
        return Ok(rows::by_code(store, hall, &today, &code).await?.ok_or_else(refuse::unknown)?);
    }
    let mut found = match phone_of(typed) {
        Some(phone) => rows::of_called(store, (hall, &today), &phone_key(store, &phone)).await?,
        None if typed.len() == 18 => {
            rows::of_visitor(store, (hall, &today), &keys_of_number(store, typed).await?).await?
        }
        None => return Err(refuse::no_code().into()),
    };
    if found.len() > 1 {
        found.retain(|row| life::coming(&row.slot(), now, terms) == Coming::InTime);
        if found.len() != 1 {
            return Err(refuse::which().into());
        }
    }
    Ok(found.pop().ok_or_else(refuse::unknown)?)
}
