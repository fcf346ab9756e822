//! What was left in the queues of days that are over lapses; a ticket whose serving had begun stays until it has its outcome. Whoever is
//! still on duty since a former day has gone home: the ticket in hand goes back into the queue. Then the day is counted, and the heads
//! are told what was not recorded of a time without network.

use super::{carry_out, day_begins, day_of, duty, paper, report};
use crate::rules::ticket::Command;
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Ground, command};
use jiff::SignedDuration;
use kernel::{ActorRef, Failure, Lang, Timestamp};

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;
/// Who called or began with the ticket in hand within so many hours is still there, though the day has changed meanwhile.
const STILL_THERE: i64 = 2;

/// Lets them lapse and go; answers how many tickets lapsed. One that cannot is logged and left for the next time.
///
/// # Errors
/// A fault of the store when it is asked what is left; what was another server's meanwhile is no error.
pub async fn sweep(ground: &Ground, terms: &Settings) -> Result<usize, Failure> {
    let now = ground.clock.now();
    // First, so that what clerks who are gone had called lapses with the others.
    send_home(ground, terms, now).await?;
    let (today, mut after, mut lapsed) = (day_of(now), (String::new(), String::new()), 0);
    loop {
        let found = rows::left_over(&ground.store, &today, &after, AT_ONCE).await?;
        let Some((day, id)) = found.last() else { break };
        after = (day.clone(), id.to_string());
        for (_, id) in found {
            let actor = ActorRef::system();
            let done: Result<(), Failure> = command!(ground, Lang::default(), actor, |cx| {
                carry_out(&mut cx, terms, id, &Command::Lapse).await.map(|_| ())
            });
            lapsed += usize::from(was_done(done, &id.to_string()));
        }
    }
    // What is counted then stays as it is.
    report::freeze(ground, now).await?;
    paper::remind(ground, now).await?;
    forget_cards(ground, now).await?;
    Ok(lapsed)
}

/// Forgets cards that lay on a reader and that nobody used.
async fn forget_cards(ground: &Ground, now: Timestamp) -> Result<(), Failure> {
    command!(ground, Lang::default(), ActorRef::system(), |cx| {
        rows::forget_cards(&mut cx.commit, super::gone(now));
        Ok::<(), Failure>(())
    })
}

/// Ends the duty of whoever went on duty on a former day and is not at work now.
async fn send_home(ground: &Ground, terms: &Settings, now: Timestamp) -> Result<(), Failure> {
    let (begins, mut after) = (day_begins(now)?, String::new());
    let at_work = now - SignedDuration::from_hours(STILL_THERE);
    loop {
        let found = rows::on_duty_since_before(&ground.store, begins, &after, AT_ONCE).await?;
        let Some((last,)) = found.last() else { return Ok(()) };
        after = last.to_string();
        for (clerk,) in found {
            let held = rows::held_by(&ground.store, clerk).await?;
            if held.and_then(|t| t.started_at.max(t.called_at)).is_some_and(|at| at > at_work) {
                continue;
            }
            let actor = ActorRef::system();
            let done: Result<(), Failure> =
                command!(ground, Lang::default(), actor, |cx| duty::take_off(&mut cx, terms, clerk).await);
            was_done(done, "a duty");
        }
    }
}

/// Whether it was done; a refusal says that it was done elsewhere, or is not to be. A fault with one must not stop the others.
pub(super) fn was_done(done: Result<(), Failure>, what: &str) -> bool {
    match done {
        Ok(()) => true,
        Err(Failure::Refused(_)) => false,
        Err(failure) => {
            tracing::error!(%failure, what, "left over of a former day and cannot be cleared");
            false
        }
    }
}
