//! Whoever comes tomorrow is reminded, once, however many servers there are: the row says that it is due, and stops saying so in the
//! commit that sends the letter.

use super::letter::{Said, tell};
use super::read;
use crate::model::State;
use crate::store as rows;
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Failure, Lang, Outcome, Timestamp};

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;

/// Sends the reminders that are due; answers how many. One that cannot be sent is logged and left for the next time.
///
/// # Errors
/// A fault of the store when it is asked what is due.
pub async fn remind(ground: &Ground) -> Result<usize, Failure> {
    let (mut after, mut sent) = ((i64::MIN, String::new()), 0);
    loop {
        let found = rows::to_remind(&ground.store, ground.clock.now(), &after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(sent) };
        after = (last.remind_at.map_or(i64::MAX, Timestamp::as_microsecond), last.id.to_string());
        for row in found {
            let done: Outcome<bool> =
                command!(ground, Lang::default(), ActorRef::system(), |cx| one(&mut cx, row.id).await);
            match done {
                Ok(did) => sent += usize::from(did),
                Err(failure) => tracing::error!(%failure, id = %row.id, "a reminder cannot be sent"),
            }
        }
    }
}

async fn one(cx: &mut Cx, id: crate::model::AppointmentId) -> Outcome<bool> {
    let Some(row) = rows::appointment(cx.store(), id).await? else { return Ok(false) };
    let due = row.remind_at.filter(|at| *at <= cx.now && row.state == State::Booked);
    let Some(due) = due else { return Ok(false) };
    rows::reminded(&mut cx.commit, id, due);
    // A server that stood still for a day reminds nobody of what has begun.
    if row.starts_at > cx.now {
        let (_, one) = read(cx.store(), id).await?;
        tell(cx, (id, &one), Said::Tomorrow).await?;
    }
    Ok(row.starts_at > cx.now)
}
