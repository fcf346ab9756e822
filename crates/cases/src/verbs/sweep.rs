//! Silence is an act: writes down every term whose end has passed, in the order of the ends, each once.

use super::hold::Hold;
use super::outcome::number;
use crate::rules::{Act, Command, deadline};
use crate::scope::Scope;
use crate::store as rows;
use ::store::{CommitError, Cx};
use kernel::{ActorRef, Failure, Fault, Lang, Outcome, Timestamp};
use page::House;

/// So many cases are looked up at a time.
const STRETCH: i64 = 200;
/// A case has at most so many ends in one sweep; more would be a mistake of the rules, and is told as one.
const ENDS_MAX: usize = 1_000;

/// What a sweep did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Swept {
    /// How many cases were moved on.
    pub cases: usize,
    /// How many ends were written down.
    pub ends: usize,
    /// Cases that could not be moved on, each with why; they are tried again next time.
    pub failed: Vec<String>,
}

/// Goes on until nothing is due, also after the servers slept for a week. Several servers may sweep at once: of two that
/// write down the same end the second finds it written.
///
/// # Errors
/// A fault of the database; a case that cannot be moved on stops no other.
pub async fn sweep(house: &House) -> Result<Swept, Fault> {
    let mut swept = Swept::default();
    loop {
        let now = house.ground.clock.now();
        let numbers = rows::due_before(&house.ground.store, now, STRETCH).await?;
        let before = (swept.cases, swept.failed.len());
        let all = numbers.len();
        for number in numbers {
            if swept.failed.iter().any(|f| f.starts_with(&number)) {
                continue;
            }
            match one(house, &number).await {
                Ok(ends) => {
                    swept.cases += 1;
                    swept.ends += ends;
                }
                Err(Failure::Fault(fault)) if fault.transient => return Err(fault),
                Err(failure) => swept.failed.push(format!("{number}: {failure}")),
            }
        }
        // Nothing was due, or only what failed is left: the rest is for the next time.
        if all == 0 || before == (swept.cases, swept.failed.len()) {
            return Ok(swept);
        }
    }
}

/// All ends of one case, in one commit; each event bears the moment of its end.
async fn one(house: &House, text: &str) -> Outcome<usize> {
    let mut attempt = 0;
    loop {
        attempt += 1;
        let mut cx = house.ground.begin(Lang::default(), ActorRef::system());
        let ends = ends_of(house, &mut cx, text).await?;
        match cx.finish().await {
            Ok(()) => return Ok(ends),
            // Somebody else moved the case on, perhaps another server with the same end: look again.
            Err(CommitError::Conflict(_)) if attempt < ::store::cx::ATTEMPTS_MAX => {}
            Err(error) => ::store::cx::again(attempt, error)?,
        }
    }
}

async fn ends_of(house: &House, cx: &mut Cx, text: &str) -> Outcome<usize> {
    let store = cx.store().clone();
    let mut hold = Hold::load(&store, &number(text)?, &Scope::program()).await?;
    let mut ends = 0;
    while let Some(due) = next(&hold).filter(|due| *due < cx.now) {
        let act = Act::now(Command::Pass, due);
        hold.act(house, cx.now, &act)?;
        ends += 1;
        if ends > ENDS_MAX {
            return Err(Fault::new(format!("the terms of {text} pass without end")).into());
        }
    }
    hold.finish(house, cx).await?;
    Ok(ends)
}

fn next(hold: &Hold) -> Option<Timestamp> {
    hold.case.as_ref().and_then(deadline)
}
