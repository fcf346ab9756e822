//! At the window: calling (叫号), passing (过号), serving, handing on, and the outcome.

use super::{Queue, Taken, carry_out, carry_out_at, day_of, notice_since, post_of};
use crate::model::{Letter, Letters, Outcome as Ended, Ticket, TicketId, TicketState};
use crate::rules::refuse;
use crate::rules::ticket::Command;
use crate::rules::turn;
use crate::settings::Settings;
use crate::store::{self as rows, NewNotice};
use ::store::{Cx, serial};
use identity::Clerk;
use kernel::{Failure, Outcome, Refusal};

/// So often the queue is read again when the one chosen was called elsewhere between two reads.
const READS_MAX: u32 = 16;

/// Calls whoever's turn it is to the window where the clerk is on duty.
///
/// # Errors
/// `hall.off-duty`, `hall.window-shut`, `hall.still-serving` while the clerk has a ticket, `hall.nobody` when nobody waits for this window.
pub async fn call_next(cx: &mut Cx, terms: &Settings, who: &Clerk) -> Outcome<Taken> {
    let (hall, number) = post_of(cx, who).await?;
    if rows::held_by(cx.store(), who.account()).await?.is_some() {
        return Err(refuse::still_serving().into());
    }
    for _ in 0..READS_MAX {
        let queue = Queue::read(cx.store(), &hall, &day_of(cx.now)).await?;
        match call_from(cx, terms, who, &queue, &number).await {
            Err(Failure::Refused(refusal)) if refusal.code == refuse::not_now().code => {}
            done => return done,
        }
    }
    Err(refuse::not_now().into())
}

/// Calls from the queue as it was read; `hall.not-now` when the one chosen has moved on since.
async fn call_from(
    cx: &mut Cx,
    terms: &Settings,
    who: &Clerk,
    queue: &Queue,
    number: &str,
) -> Outcome<Taken> {
    let own = queue.windows.iter().find(|w| w.number == number).ok_or_else(refuse::off_duty)?;
    if !own.open {
        return Err(refuse::window_shut().into());
    }
    let window = turn::Window { number: number.to_owned(), letters: trained(own)? };
    let waiting = queue.as_waiting();
    let staffed = queue.staffed();
    let chosen =
        turn::next(&waiting, &window, &staffed, terms.overtakings).ok_or_else(|| nobody(own, &waiting))?;
    let (Some(row), Some(one)) = (queue.waiting.get(chosen), waiting.get(chosen)) else {
        return Err(refuse::nobody().into());
    };
    let command = Command::Call { window: number.to_owned(), clerk: who.account() };
    let ticket = carry_out_at(cx, terms, row.id, &command, queue.rev).await?;
    rows::clear_reader(&mut cx.commit, &row.hall, number);
    let past = turn::overtaken(&waiting, one, &window, &staffed);
    for passed in past.filter_map(|index| queue.waiting.get(index)) {
        rows::overtake(&mut cx.commit, passed.id);
    }
    Ok(Taken { id: row.id, number: ticket.number() })
}

/// What the clerk at a window calls.
fn trained(own: &rows::WindowRow) -> Result<Letters, Refusal> {
    match &own.trained {
        Some(known) if own.taken().0.is_empty() => Err(refuse::untrained(&own.letters, known)),
        _ => Ok(own.taken()),
    }
}

/// Nobody waits for the window; or there are some whom it would take, and its clerk is not trained for them.
fn nobody(own: &rows::WindowRow, waiting: &[turn::Waiting]) -> Refusal {
    let beyond = |letter: &Letter| {
        !own.trained_for(*letter) && waiting.iter().any(|w| w.letter == *letter && w.reserved.is_none())
    };
    let letters: Vec<Letter> = own.letters.0.iter().copied().filter(beyond).collect();
    if letters.is_empty() { refuse::nobody() } else { refuse::nobody_trained(&Letters(letters)) }
}

/// The ticket that the clerk has.
pub(super) async fn held(cx: &Cx, who: &Clerk) -> Outcome<rows::TicketRow> {
    Ok(rows::held_by(cx.store(), who.account()).await?.ok_or_else(refuse::not_now)?)
}

/// Calls the clerk's ticket once more.
///
/// # Errors
/// `hall.not-now` when the clerk has none that was called and has not come.
pub async fn recall(cx: &mut Cx, terms: &Settings, who: &Clerk) -> Outcome<Ticket> {
    let id = held(cx, who).await?.id;
    carry_out(cx, terms, id, &Command::Recall { clerk: who.account() }).await
}

/// Nobody came: the ticket is passed, and may come back.
///
/// # Errors
/// `hall.call-again` before it was called often enough, `hall.on-the-way` right after a call.
pub async fn pass(cx: &mut Cx, terms: &Settings, who: &Clerk) -> Outcome<Ticket> {
    let id = held(cx, who).await?.id;
    let at = cx.now;
    carry_out(cx, terms, id, &Command::Pass { clerk: who.account(), at }).await
}

/// The priority that was claimed at the kiosk was not shown: back to the ticket's own place.
///
/// # Errors
/// `hall.not-now` for a priority that is certain, or when serving has begun.
pub async fn deny_priority(cx: &mut Cx, terms: &Settings, who: &Clerk) -> Outcome<Ticket> {
    let id = held(cx, who).await?.id;
    carry_out(cx, terms, id, &Command::DenyPriority { clerk: who.account() }).await
}

/// Serving begins; a claimed priority is confirmed by it.
///
/// # Errors
/// `hall.not-now` when the clerk has no ticket that was called.
pub async fn start(cx: &mut Cx, terms: &Settings, who: &Clerk) -> Outcome<Ticket> {
    let id = held(cx, who).await?.id;
    carry_out(cx, terms, id, &Command::Start { clerk: who.account() }).await
}

/// Hands the clerk's ticket on to another window where somebody is on duty; there it is called before others.
///
/// # Errors
/// `hall.no-window` for a window that is the same, shut or empty, `hall.former-day` for a ticket that is not of today: it would wait in a
/// queue that nobody calls from; `hall.untrained-there` when whoever is there is not trained for the business.
pub async fn move_on(cx: &mut Cx, terms: &Settings, who: &Clerk, to: &str, why: &str) -> Outcome<Ticket> {
    let row = held(cx, who).await?;
    if row.day != day_of(cx.now) {
        return Err(refuse::former_day().into());
    }
    let windows = rows::windows(cx.store(), &row.hall).await?;
    let there = windows.iter().find(|w| w.number == to && w.open && w.clerk.is_some());
    if !there.ok_or_else(refuse::no_window)?.trained_for(row.letter) {
        return Err(refuse::untrained_there(row.letter).into());
    }
    let why = why.trim().chars().take(200).collect();
    carry_out(cx, terms, row.id, &Command::Move { clerk: who.account(), to: to.to_owned(), why }).await
}

/// A passed ticket waits again: behind some of those who wait, and behind whoever came back to the same place before.
///
/// # Errors
/// `hall.not-now` for a ticket that was not passed, `hall.too-often` when it came back before as often as one may, `hall.one-ticket` when
/// the person has taken another for the same business since.
pub async fn requeue(cx: &mut Cx, terms: &Settings, id: TicketId) -> Outcome<Ticket> {
    let row = rows::ticket(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if row.state != TicketState::Passed || row.day != day_of(cx.now) {
        return Err(refuse::not_now().into());
    }
    let queue = Queue::read(cx.store(), &row.hall, &row.day).await?;
    if let Some(person) = &row.who
        && let Some(other) = rows::ticket_of(cx.store(), &row.hall, &row.day, row.letter, person).await?
    {
        return Err(refuse::one_ticket(&other.number()).into());
    }
    let place = place_again(&queue, &row, terms);
    rows::wait_anew(&mut cx.commit, id);
    carry_out_at(cx, terms, id, &Command::Requeue { place }, queue.rev).await
}

/// Behind so many of those whom windows that take this business may call, whatever they came for.
fn place_again(queue: &Queue, row: &rows::TicketRow, terms: &Settings) -> i64 {
    let staffed = queue.staffed();
    let takes = |w: &&rows::WindowRow| w.open && w.takes(row.letter);
    let windows: Vec<turn::Window> = queue
        .windows
        .iter()
        .filter(takes)
        .filter(|w| staffed.is_empty() || w.clerk.is_some())
        .map(|w| turn::Window { number: w.number.clone(), letters: w.taken() })
        .collect();
    let mut others = queue.as_waiting();
    others.retain(|one| one.letter == row.letter || windows.iter().any(|w| w.may_call(one, &staffed)));
    turn::place_again(&others, terms.behind, terms.overtakings, (queue.rev + 1) * turn::SPACING)
}

/// How a service ends, as the clerk fills it in.
#[derive(Debug, Clone)]
pub enum Ending {
    /// An application was filed, with its case number.
    Filed(String),
    /// It was done at the window.
    Done(String),
    /// Something is missing: the matter, and everything that is missing, a line each.
    Missing(String, Vec<String>),
}

/// Ends the clerk's ticket with its outcome. What is missing becomes one numbered notice; asking the same person for more in the same
/// matter is written down as such, and shown to the head of the hall.
///
/// # Errors
/// `hall.outcome` with the field that is wrong, `hall.not-now` when serving has not begun.
pub async fn end(cx: &mut Cx, terms: &Settings, who: &Clerk, ending: &Ending) -> Outcome<Ticket> {
    let row = held(cx, who).await?;
    end_of(cx, terms, who, &row, ending).await
}

/// The same of the ticket in hand as it was read.
pub(super) async fn end_of(
    cx: &mut Cx,
    terms: &Settings,
    who: &Clerk,
    row: &rows::TicketRow,
    ending: &Ending,
) -> Outcome<Ticket> {
    let outcome = outcome_of(cx, terms, row, ending).await?;
    let command = Command::End { clerk: who.account(), outcome };
    let ticket = carry_out(cx, terms, row.id, &command).await?;
    note_missing(cx, row, &ticket);
    Ok(ticket)
}

/// The outcome that was filled in; a notice of what is missing gets its number.
pub(super) async fn outcome_of(
    cx: &mut Cx,
    terms: &Settings,
    row: &rows::TicketRow,
    ending: &Ending,
) -> Outcome<Ended> {
    Ok(match ending {
        Ending::Filed(case) => {
            let case = case.trim().to_owned();
            if !crate::filings::filed(cx.store(), &case).await? {
                return Err(refuse::no_such_case().into());
            }
            Ended::Filed { case }
        }
        Ending::Done(what) => Ended::Done { what: what.trim().to_owned() },
        Ending::Missing(matter, lines) => missing(cx, terms, row, matter.trim(), lines).await?,
    })
}

/// The notice's own row, when the ticket ended with one.
pub(super) fn note_missing(cx: &mut Cx, row: &rows::TicketRow, ticket: &Ticket) {
    if let Some(Ended::Missing { notice, matter, after, .. }) = &ticket.outcome {
        let new = NewNotice {
            number: notice,
            hall: &ticket.hall,
            who: row.who.as_deref(),
            matter,
            after: after.as_deref(),
            at: cx.now,
        };
        rows::insert_notice(&mut cx.commit, row.id, &new);
    }
}

/// The notice with its number, taken by the very commit that uses it: no number is lost.
async fn missing(
    cx: &mut Cx,
    terms: &Settings,
    row: &rows::TicketRow,
    matter: &str,
    lines: &[String],
) -> Outcome<Ended> {
    let year = row.day.get(..4).unwrap_or_default().to_owned();
    let hall = &row.hall;
    let serial = serial::strict_in(cx, &format!("hall:notice:{hall}:{year}")).await?;
    let after = match &row.who {
        Some(who) => {
            let since = notice_since(terms, cx.now);
            rows::noticed(cx.store(), hall, who, matter, since).await?.map(|n| n.number)
        }
        None => None,
    };
    Ok(Ended::Missing {
        notice: format!("{hall}-{year}-{serial:04}"),
        matter: matter.to_owned(),
        lines: lines.iter().map(|l| l.trim().to_owned()).collect(),
        after,
    })
}

/// The person says with one tap that more was asked for after the one complete notice.
///
/// # Errors
/// `hall.nothing-to-report` for a ticket without a notice, or one reported before.
pub async fn report_extra(cx: &mut Cx, terms: &Settings, id: TicketId) -> Outcome<()> {
    carry_out(cx, terms, id, &Command::ReportExtra).await?;
    let now = cx.now;
    rows::report_notice(&mut cx.commit, id, now);
    Ok(())
}
