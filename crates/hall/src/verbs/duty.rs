//! On duty at a window and off it. A ticket belongs to its clerk: who goes on at another window takes it along.

use super::{Worker, carry_out, day_of, stir, tell_hall};
use crate::model::{HallCode, HallEvent};
use crate::rules::refuse;
use crate::rules::ticket::Command;
use crate::settings::Settings;
use crate::store as rows;
use ::store::Cx;
use identity::Clerk;
use kernel::{AccountId, Outcome};

/// Goes on duty at a window; from another one of the same hall at once, with the ticket that is being served there.
///
/// # Errors
/// Not found for a hall that is not the clerk's and has not admitted them, `hall.untrained` for a window of whose businesses they are
/// trained for none, `hall.window-taken` for a window that is shut or has somebody, `hall.still-serving` for
/// another hall while a ticket is in hand.
pub async fn begin_duty(
    cx: &mut Cx,
    terms: &Settings,
    who: &Clerk,
    hall: &HallCode,
    number: &str,
) -> Outcome<()> {
    Worker::of(cx.store(), who, hall).await?;
    let windows = rows::windows(cx.store(), hall).await?;
    let free = windows.iter().find(|w| w.number == number && w.open);
    let free = free.filter(|w| w.clerk.is_none_or(|c| c == who.account()));
    let free = free.ok_or_else(refuse::window_taken)?;
    if free.clerk.is_some() {
        return Ok(()); // there already
    }
    if let Some(training) = rows::training(cx.store(), hall, who.account()).await?
        && !free.letters.0.iter().any(|letter| training.covers.has(*letter))
    {
        return Err(refuse::untrained(&free.letters, &training.covers).into());
    }
    let held = rows::held_by(cx.store(), who.account()).await?;
    if held.as_ref().is_some_and(|t| t.hall != *hall) {
        return Err(refuse::still_serving().into());
    }
    if let Some((from, former)) = rows::duty(cx.store(), who.account()).await? {
        rows::end_duty(&mut cx.commit, &from, &former, who.account(), cx.now);
        if from != *hall {
            let event = HallEvent::DutyEnded { window: former, clerk: who.account() };
            tell_hall(cx, &from, &event).await?;
            stir(cx, &from).await?;
        }
    }
    let (now, day) = (cx.now, day_of(cx.now));
    rows::begin_duty(&mut cx.commit, hall, number, (who.account(), &day), now);
    rows::clear_reader(&mut cx.commit, hall, number);
    tell_hall(cx, hall, &HallEvent::DutyBegan { window: number.to_owned(), clerk: who.account() }).await?;
    let Some(ticket) = held else { return stir(cx, hall).await };
    let command = Command::TakeAlong { clerk: who.account(), window: number.to_owned() };
    carry_out(cx, terms, ticket.id, &command).await?;
    Ok(())
}

/// Leaves the window.
///
/// # Errors
/// `hall.still-serving` while the clerk has a ticket.
pub async fn end_duty(cx: &mut Cx, who: &Clerk) -> Outcome<()> {
    leave(cx, who.account()).await
}

async fn leave(cx: &mut Cx, clerk: AccountId) -> Outcome<()> {
    let Some((hall, window)) = rows::duty(cx.store(), clerk).await? else { return Ok(()) };
    if rows::held_by(cx.store(), clerk).await?.is_some() {
        return Err(refuse::still_serving().into());
    }
    stir(cx, &hall).await?;
    off(cx, &hall, window, clerk).await
}

async fn off(cx: &mut Cx, hall: &HallCode, window: String, clerk: AccountId) -> Outcome<()> {
    rows::end_duty(&mut cx.commit, hall, &window, clerk, cx.now);
    rows::clear_reader(&mut cx.commit, hall, &window);
    tell_hall(cx, hall, &HallEvent::DutyEnded { window, clerk }).await
}

/// Takes a clerk off duty who is gone. The ticket in hand goes back into the queue, at its own place; whom serving had begun with comes
/// first there.
pub(crate) async fn take_off(cx: &mut Cx, terms: &Settings, clerk: AccountId) -> Outcome<()> {
    let Some((hall, window)) = rows::duty(cx.store(), clerk).await? else { return Ok(()) };
    match rows::held_by(cx.store(), clerk).await? {
        Some(ticket) => drop(carry_out(cx, terms, ticket.id, &Command::Release).await?),
        None => stir(cx, &hall).await?,
    }
    off(cx, &hall, window, clerk).await
}
