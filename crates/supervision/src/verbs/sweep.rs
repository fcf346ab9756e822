//! Terms that have passed are written down, each once, however many servers sweep; orders whose time has ended end.

use super::{carry_out, seal};
use crate::rules::Command;
use crate::store as rows;
use ::store::command;
use kernel::{ActorRef, Failure, Fault, Lang};
use page::House;

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;

/// What a sweep did.
#[derive(Debug, Clone, Default)]
pub struct Swept {
    /// How many requests were moved on, and orders ended.
    pub moved: usize,
    /// What went wrong; these are tried again with the next sweep, and stop no other.
    pub failed: Vec<String>,
}

/// Writes down the terms that have passed.
///
/// # Errors
/// A [`Fault`] when the rows cannot be read.
pub async fn sweep(house: &House) -> Result<Swept, Fault> {
    let (ground, calendar, actor) = (&house.ground, house.calendar.as_ref(), ActorRef::system());
    let mut swept = Swept::default();
    let now = ground.clock.now();
    for (id, kind) in rows::due(&ground.store, now, AT_ONCE).await? {
        let done = command!(ground, Lang::default(), actor, |cx| {
            carry_out(&mut cx, calendar, &kind.subject(id), id, &Command::Sweep).await
        });
        take(&mut swept, done.map(|_| ()), &format!("request {id}"));
    }
    for id in rows::ended(&ground.store, now, AT_ONCE).await? {
        let done = command!(ground, Lang::default(), actor, |cx| seal::ran_out(&mut cx, id).await);
        take(&mut swept, done, &format!("order {id}"));
    }
    Ok(swept)
}

fn take(swept: &mut Swept, done: Result<(), Failure>, what: &str) {
    match done {
        Ok(()) => swept.moved += 1,
        // Another server was faster.
        Err(Failure::Refused(_)) => {}
        Err(Failure::Fault(fault)) => swept.failed.push(format!("{what}: {fault}")),
    }
}
