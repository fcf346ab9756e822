//! What may happen to a ticket, and how its events add up.

use super::refuse;
use crate::model::{Outcome, Priority, Ticket, TicketEvent, TicketState};
use crate::settings::Settings;
use kernel::{AccountId, Fault, Refusal, Timestamp};
use trace::Recorded;

/// What somebody wants done with a ticket. Whose turn it is was decided before ([`super::turn`]).
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Call it to a window.
    Call {
        /// The window.
        window: String,
        /// Who calls.
        clerk: AccountId,
    },
    /// Call it once more.
    Recall {
        /// Who.
        clerk: AccountId,
    },
    /// Nobody came.
    Pass {
        /// Who says so.
        clerk: AccountId,
        /// When; whoever was called just now may be on the way.
        at: Timestamp,
    },
    /// The person came after all; the place was worked out before.
    Requeue {
        /// Where in the queue.
        place: i64,
    },
    /// The claimed priority was not shown.
    DenyPriority {
        /// Who says so.
        clerk: AccountId,
    },
    /// Serving begins; a claimed priority is confirmed by it.
    Start {
        /// By whom.
        clerk: AccountId,
    },
    /// On to another window.
    Move {
        /// By whom.
        clerk: AccountId,
        /// Whither.
        to: String,
        /// Why.
        why: String,
    },
    /// The clerk goes on at another window.
    TakeAlong {
        /// Who.
        clerk: AccountId,
        /// Where.
        window: String,
    },
    /// The clerk is gone: back into the queue, by the head of the hall or because the day is over.
    Release,
    /// The head of the hall lets a ticket of a former day, whose serving had begun, wait today.
    CarryOver {
        /// Today.
        day: String,
        /// Its number today.
        serial: i64,
        /// Where in the queue.
        place: i64,
    },
    /// The head of the hall ends a ticket of a former day, whose serving had begun and which no clerk has.
    Close {
        /// How.
        outcome: Outcome,
    },
    /// It ends.
    End {
        /// By whom.
        clerk: AccountId,
        /// How.
        outcome: Outcome,
    },
    /// Its day is over.
    Lapse,
    /// More was asked for after the notice.
    ReportExtra,
}

/// Decides `command`.
///
/// # Errors
/// `hall.not-now` for a state in which it cannot be done, `hall.not-yours` for another clerk's ticket, or a refusal that says what is
/// missing.
pub fn decide(ticket: &Ticket, command: &Command, terms: &Settings) -> Result<TicketEvent, Refusal> {
    use TicketState as S;
    match command {
        Command::Call { window, clerk } => {
            must(ticket.state == S::Waiting)?;
            Ok(TicketEvent::Called { window: window.clone(), clerk: *clerk })
        }
        Command::Recall { clerk } => {
            held(ticket, *clerk, &[S::Called])?;
            Ok(TicketEvent::Recalled {})
        }
        Command::Pass { clerk, at } => {
            held(ticket, *clerk, &[S::Called])?;
            let called = ticket.called_at.map_or(i64::MAX, |called| at.duration_since(called).as_secs());
            match terms.pass_seconds - called {
                _ if ticket.calls < terms.calls => Err(refuse::call_again(terms)),
                left @ 1.. => Err(refuse::on_the_way(terms, left)),
                _ => Ok(TicketEvent::Passed {}),
            }
        }
        Command::Requeue { place } => {
            must(ticket.state == S::Passed)?;
            if ticket.passes > terms.returns {
                return Err(refuse::too_often(terms));
            }
            Ok(TicketEvent::Requeued { place: *place })
        }
        Command::DenyPriority { clerk } => {
            held(ticket, *clerk, &[S::Called])?;
            must(ticket.priority != Priority::Ordinary && !ticket.sure)?;
            Ok(TicketEvent::PriorityDenied {})
        }
        Command::Start { clerk } => {
            held(ticket, *clerk, &[S::Called])?;
            Ok(TicketEvent::Started {})
        }
        Command::Move { clerk, to, why } => {
            held(ticket, *clerk, &[S::Called, S::Serving])?;
            moved(ticket, to, why)
        }
        Command::TakeAlong { clerk, window } => {
            held(ticket, *clerk, &[S::Called, S::Serving])?;
            Ok(TicketEvent::TakenAlong { window: window.clone() })
        }
        Command::End { clerk, outcome } => {
            held(ticket, *clerk, &[S::Serving])?;
            complete(outcome)?;
            Ok(TicketEvent::Ended(outcome.clone()))
        }
        Command::Release
        | Command::CarryOver { .. }
        | Command::Close { .. }
        | Command::Lapse
        | Command::ReportExtra => without_clerk(ticket, command),
    }
}

/// What is done with a ticket by somebody else than a clerk at a window.
fn without_clerk(ticket: &Ticket, command: &Command) -> Result<TicketEvent, Refusal> {
    use TicketState as S;
    match command {
        Command::Release => {
            must(matches!(ticket.state, S::Called | S::Serving))?;
            Ok(TicketEvent::Released {})
        }
        Command::CarryOver { day, serial, place } => {
            must(stays(ticket) && ticket.day != *day)?;
            Ok(TicketEvent::CarriedOver { day: day.clone(), serial: *serial, place: *place })
        }
        Command::Close { outcome } => {
            must(stays(ticket))?;
            complete(outcome)?;
            Ok(TicketEvent::Ended(outcome.clone()))
        }
        Command::Lapse => {
            // Once serving has begun only an outcome ends it, wherever it was handed on to since.
            let queued = matches!(ticket.state, S::Waiting | S::Called | S::Passed);
            must(queued && ticket.started_at.is_none())?;
            Ok(TicketEvent::Lapsed {})
        }
        Command::ReportExtra => {
            let noticed = matches!(ticket.outcome, Some(Outcome::Missing { .. })) && !ticket.reported;
            if noticed { Ok(TicketEvent::ExtraReported {}) } else { Err(refuse::nothing_to_report()) }
        }
        _ => Err(refuse::not_now()),
    }
}

/// Whether serving began and nobody has it in hand: it stays, whatever the day, until it has an outcome.
fn stays(ticket: &Ticket) -> bool {
    ticket.started_at.is_some() && matches!(ticket.state, TicketState::Waiting | TicketState::Passed)
}

fn moved(ticket: &Ticket, to: &str, why: &str) -> Result<TicketEvent, Refusal> {
    let from = ticket.window.clone().unwrap_or_default();
    if to == from {
        return Err(refuse::no_window());
    }
    Ok(TicketEvent::Moved { from, to: to.to_owned(), why: why.to_owned() })
}

fn must(yes: bool) -> Result<(), Refusal> {
    if yes { Ok(()) } else { Err(refuse::not_now()) }
}

fn held(ticket: &Ticket, clerk: AccountId, states: &[TicketState]) -> Result<(), Refusal> {
    must(states.contains(&ticket.state))?;
    if ticket.clerk == Some(clerk) { Ok(()) } else { Err(refuse::not_yours()) }
}

/// Lines of a notice at most, and characters of each.
const LINES_MAX: usize = 40;
const LINE_MAX: usize = 300;

/// Whether an outcome says what it must.
fn complete(outcome: &Outcome) -> Result<(), Refusal> {
    let short = |text: &str| (1..=LINE_MAX).contains(&text.trim().chars().count());
    match outcome {
        Outcome::Filed { case } if case.parse::<kernel::codes::CaseNumber>().is_err() => {
            Err(refuse::outcome_needed("case", "请填写完整的办件编号。", "Give the whole case number."))
        }
        Outcome::Done { what } if !short(what) => Err(refuse::outcome_needed(
            "what",
            "请写明办成了什么（300字以内）。",
            "Say what was done, in 300 characters at most.",
        )),
        Outcome::Missing { matter, .. } if !short(matter) => {
            Err(refuse::outcome_needed("matter", "请写明办的是什么事。", "Say which matter it is about."))
        }
        Outcome::Missing { lines, .. }
            if lines.is_empty() || lines.len() > LINES_MAX || !lines.iter().all(|l| short(l)) =>
        {
            Err(refuse::outcome_needed(
                "lines",
                "请把缺少的材料一次写全，每行一项（40项以内，每项300字以内）。",
                "List everything that is missing, one per line: 40 lines at most, 300 characters each.",
            ))
        }
        _ => Ok(()),
    }
}

/// The ticket that its first event makes; `None` for any other event.
pub fn begun(event: &TicketEvent, at: Timestamp) -> Option<Ticket> {
    let TicketEvent::Taken { hall, day, letter, serial, place, priority, sure, via } = event else {
        return None;
    };
    Some(Ticket {
        hall: hall.clone(),
        day: day.clone(),
        letter: *letter,
        serial: *serial,
        place: *place,
        priority: *priority,
        sure: *sure,
        via: *via,
        state: TicketState::Waiting,
        window: None,
        clerk: None,
        reserved: None,
        calls: 0,
        passes: 0,
        returned: false,
        whole: true,
        taken_at: at,
        called_at: None,
        started_at: None,
        ended_at: None,
        outcome: None,
        reported: false,
    })
}

/// The ticket after `event`.
pub fn apply(ticket: &mut Ticket, event: &TicketEvent, at: Timestamp) {
    match event {
        TicketEvent::Taken { .. } => {}
        TicketEvent::Called { window, clerk } => {
            ticket.state = TicketState::Called;
            ticket.window = Some(window.clone());
            ticket.clerk = Some(*clerk);
            ticket.reserved = None;
            ticket.returned = false;
            ticket.calls = 1;
            ticket.called_at = Some(at);
        }
        TicketEvent::Recalled {} => {
            ticket.calls += 1;
            ticket.called_at = Some(at);
        }
        TicketEvent::Passed {} => {
            ticket.state = TicketState::Passed;
            ticket.clerk = None;
            ticket.passes += 1;
        }
        TicketEvent::Requeued { place } => {
            ticket.place = *place;
            ticket.returned = true;
            back(ticket);
        }
        TicketEvent::PriorityDenied {} => {
            ticket.priority = Priority::Ordinary;
            ticket.sure = true;
            back(ticket);
        }
        TicketEvent::Started {} => {
            ticket.state = TicketState::Serving;
            ticket.sure = true;
            ticket.started_at = ticket.started_at.or(Some(at));
        }
        TicketEvent::Moved { to, .. } => {
            handed_back(ticket);
            ticket.reserved = Some(to.clone());
        }
        TicketEvent::Released {} => handed_back(ticket),
        TicketEvent::CarriedOver { day, serial, place } => {
            (ticket.day, ticket.serial, ticket.place) = (day.clone(), *serial, *place);
            (ticket.returned, ticket.reserved) = (false, None);
            handed_back(ticket);
        }
        TicketEvent::TakenAlong { window } => ticket.window = Some(window.clone()),
        TicketEvent::Ended(outcome) => {
            ticket.state = TicketState::Ended;
            ticket.ended_at = Some(at);
            ticket.outcome = Some(outcome.clone());
        }
        TicketEvent::Lapsed {} => {
            ticket.state = TicketState::Lapsed;
            ticket.clerk = None;
        }
        TicketEvent::ExtraReported {} => ticket.reported = true,
    }
}

fn back(ticket: &mut Ticket) {
    ticket.state = TicketState::Waiting;
    ticket.clerk = None;
    ticket.calls = 0;
}

/// Another clerk will go on with it.
fn handed_back(ticket: &mut Ticket) {
    back(ticket);
    ticket.whole = false;
}

/// The ticket that its history adds up to.
///
/// # Errors
/// A [`Fault`] for a history that does not begin with the taking.
pub fn fold(events: &[Recorded<TicketEvent>]) -> Result<Ticket, Fault> {
    let mut events = events.iter();
    let first = events.next().and_then(|e| begun(&e.event, e.occurred_at));
    let mut ticket = first.ok_or_else(|| Fault::new("a ticket's history does not begin with its taking"))?;
    for recorded in events {
        apply(&mut ticket, &recorded.event, recorded.occurred_at);
    }
    Ok(ticket)
}
