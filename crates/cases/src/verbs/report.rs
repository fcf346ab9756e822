//! A line system has answered: its report ends the seat it was handed.

use super::hold::Hold;
use super::outcome::number;
use crate::model::Seat;
use crate::rules::{Act, Command};
use crate::scope::Scope;
use ::store::{CommitError, outbox::Message};
use exchange::{Report, Verdict};
use kernel::{ActorRef, Failure, Fault, Lang, Timestamp};
use page::House;

/// Receives `exchange.answered`. What comes for a task that is no longer open changes nothing: the case went another way.
pub(crate) async fn report(house: &House, message: &Message) -> Result<(), Failure> {
    let told: Report = message.parse()?;
    if !told.subject.starts_with("case:") {
        return Ok(());
    }
    for attempt in 1..store::cx::ATTEMPTS_MAX {
        match take_in(house, message, told.clone()).await? {
            Taken::Done => return Ok(()),
            // Somebody acts on the case this moment: it is decided anew at once, and not only when the message comes again.
            Taken::Lost => store::cx::pause(&house.ground, attempt).await,
        }
    }
    Err(Fault::new("taking in a report: the case is acted on without a pause").transient().into())
}

/// Whether a report is taken in, or lost against another act on the case.
enum Taken {
    Done,
    Lost,
}

async fn take_in(house: &House, message: &Message, told: Report) -> Result<Taken, Failure> {
    let store = &house.ground.store;
    let mut hold = Hold::load(store, &number(&told.number)?, &Scope::program()).await?;
    let Ok(task) = told.task.parse() else { return Ok(Taken::Done) };
    // Also when the body has taken the seat back meanwhile.
    let own = |seat: &Seat| seat.task == task && seat.external.as_deref() == Some(told.system.as_str());
    let open = hold.case.as_ref().is_some_and(|c| c.open_seats().any(|(_, seat)| own(seat)));
    if !open {
        return Ok(Taken::Done);
    }
    let mut cx = house.ground.begin_as(message.id, Lang::default(), ActorRef::system());
    let command =
        Command::Report { task, system: told.system, pass: told.outcome == Verdict::Pass, text: told.text };
    let at = moment(&hold, told.at, cx.now);
    hold.act(house, cx.now, &Act { at, ..Act::now(command, cx.now) })?;
    hold.finish(house, &mut cx).await?;
    match cx.finish().await {
        Ok(()) | Err(CommitError::AlreadyDone) => Ok(Taken::Done),
        Err(CommitError::Conflict(_)) => Ok(Taken::Lost),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
        Err(other) => Err(Fault::new(format!("taking in a report: {other}")).transient().into()),
    }
}

/// Its own moment when that fits into the case; a clock that is ahead, or a report of long ago, counts when it came.
fn moment(hold: &Hold, at: Timestamp, now: Timestamp) -> Timestamp {
    let earliest = hold.case.as_ref().map_or(now, |c| c.filed_at);
    let recent = now.as_microsecond() - at.as_microsecond() < 600 * 1_000_000;
    if at <= now && at >= earliest && recent { at } else { now }
}
