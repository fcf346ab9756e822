//! The ticket in hand and what the window's own pages do with it: whoever is identified is being served, and what was filed for them is
//! the outcome.

use super::call::{Ending, end_of, held};
use super::{carry_out, notice_since};
use crate::model::{Ticket, TicketId, TicketState};
use crate::rules::refuse;
use crate::rules::ticket::Command;
use crate::settings::Settings;
use crate::store as rows;
use crate::turns::Turn;
use ::store::{Cx, Store};
use identity::Clerk;
use kernel::{Fault, Outcome, PersonId, Timestamp};

/// The ticket that a clerk has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InHand {
    /// Which.
    pub id: TicketId,
    /// `A005`.
    pub number: String,
    /// Whether serving has begun.
    pub serving: bool,
}

impl InHand {
    fn of(row: &rows::TicketRow) -> Self {
        Self { id: row.id, number: row.number(), serving: row.state == TicketState::Serving }
    }
}

/// The ticket that the clerk has, if any.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn in_hand(store: &Store, who: &Clerk) -> Result<Option<InHand>, Fault> {
    Ok(rows::held_by(store, who.account()).await?.map(|row| InHand::of(&row)))
}

/// One's turn at the queue of the hall where the clerk is on duty, to hold while calling or ending; off duty there is none to wait for.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn turn_of(store: &Store, who: &Clerk) -> Result<Option<Turn>, Fault> {
    Ok(match rows::duty(store, who.account()).await? {
        Some((hall, _)) => Some(crate::turn(&hall).await),
        None => None,
    })
}

/// Whoever was called has come: serving begins with the identification, by the same commit. The ticket that is served, if any.
///
/// # Errors
/// `hall.not-now` when the ticket moved on meanwhile.
pub async fn serve_in_hand(cx: &mut Cx, terms: &Settings, who: &Clerk) -> Outcome<Option<InHand>> {
    let Some(row) = rows::held_by(cx.store(), who.account()).await? else { return Ok(None) };
    let mut hand = InHand::of(&row);
    if !hand.serving {
        carry_out(cx, terms, hand.id, &Command::Start { clerk: who.account() }).await?;
        hand.serving = true;
    }
    Ok(Some(hand))
}

/// Ends this ticket with what came of the visit of `person`: a notice is kept as theirs, also when the ticket was taken without a telephone.
///
/// # Errors
/// `hall.not-now` when the clerk has another ticket or none, `hall.outcome`.
pub async fn end_visit(
    cx: &mut Cx,
    terms: &Settings,
    who: &Clerk,
    (ticket, person): (TicketId, PersonId),
    ending: &Ending,
) -> Outcome<Ticket> {
    let mut row = held(cx, who).await?;
    if row.id != ticket {
        return Err(refuse::not_now().into());
    }
    row.who = Some(super::blind_person(cx.store(), person));
    end_of(cx, terms, who, &row, ending).await
}

/// A notice of what was missing, that somebody got here before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Noticed {
    /// Its number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// The last notice that `person` got for this matter in the hall where the clerk is on duty, in the time within which asking for more
/// counts as such.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn noticed_before(
    store: &Store,
    terms: &Settings,
    who: &Clerk,
    (person, matter): (PersonId, &str),
    now: Timestamp,
) -> Result<Option<Noticed>, Fault> {
    let Some((hall, _)) = rows::duty(store, who.account()).await? else { return Ok(None) };
    let blind = super::blind_person(store, person);
    let found = rows::noticed(store, &hall, &blind, matter, notice_since(terms, now)).await?;
    Ok(found.map(|n| Noticed { number: n.number, at: n.at }))
}
