//! What the head of a hall does about a window whose clerk is gone, and about tickets of former days whose serving had begun: they end
//! with an outcome and in no other way.

use super::call::{Ending, note_missing, outcome_of};
use super::{Manager, carry_out, carry_out_at, day_of, duty};
use crate::model::{Ticket, TicketId};
use crate::rules::refuse;
use crate::rules::ticket::Command;
use crate::rules::turn::SPACING;
use crate::settings::Settings;
use crate::store as rows;
use ::store::Cx;
use kernel::{Outcome, Refusal};

/// Frees the window `number` of a clerk who is gone: duty ends, and the ticket in hand waits again, at its own place.
///
/// # Errors
/// `hall.nobody-there` when nobody is on duty there.
pub async fn release(cx: &mut Cx, terms: &Settings, who: &Manager, number: &str) -> Outcome<()> {
    let windows = rows::windows(cx.store(), &who.hall().code).await?;
    let clerk = windows.iter().find(|w| w.number == number).and_then(|w| w.clerk);
    duty::take_off(cx, terms, clerk.ok_or_else(refuse::nobody_there)?).await
}

/// The ticket, if it is of this hall and of a former day.
async fn unfinished(cx: &Cx, who: &Manager, id: TicketId) -> Outcome<rows::TicketRow> {
    let row = rows::ticket(cx.store(), id).await?.filter(|t| t.hall == who.hall().code);
    let row = row.ok_or_else(Refusal::not_found)?;
    if row.day == day_of(cx.now) { Err(refuse::not_now().into()) } else { Ok(row) }
}

/// Lets a ticket of a former day wait today, before all others, with a number of today; its address stays.
///
/// # Errors
/// Not found for another hall's, `hall.not-now` for one whose serving had not begun or that somebody has in hand, `hall.one-ticket`
/// when the same person has one of today for the same business.
pub async fn carry_over(cx: &mut Cx, terms: &Settings, who: &Manager, id: TicketId) -> Outcome<Ticket> {
    let row = unfinished(cx, who, id).await?;
    let day = day_of(cx.now);
    let rev = rows::rev(cx.store(), &row.hall, &day).await?;
    if let Some(person) = &row.who
        && let Some(other) = rows::ticket_of(cx.store(), &row.hall, &day, row.letter, person).await?
    {
        return Err(refuse::one_ticket(&other.number()).into());
    }
    let serial = rows::last_serial(cx.store(), &row.hall, &day, row.letter).await? + 1;
    rows::wait_anew(&mut cx.commit, id);
    let command = Command::CarryOver { day, serial, place: (rev + 1) * SPACING };
    carry_out_at(cx, terms, id, &command, rev).await
}

/// Ends a ticket of a former day with its outcome.
///
/// # Errors
/// Not found for another hall's, `hall.not-now` as for [`carry_over`], `hall.outcome` with the field that is wrong.
pub async fn close(
    cx: &mut Cx,
    terms: &Settings,
    who: &Manager,
    id: TicketId,
    ending: &Ending,
) -> Outcome<Ticket> {
    let row = unfinished(cx, who, id).await?;
    let outcome = outcome_of(cx, terms, &row, ending).await?;
    let ticket = carry_out(cx, terms, id, &Command::Close { outcome }).await?;
    note_missing(cx, &row, &ticket);
    Ok(ticket)
}
