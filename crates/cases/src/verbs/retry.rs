//! Ask absent sources again, without anybody's asking; when all have answered, the case is decided.

use super::facts::{self, Asking, Unspoken};
use super::hold::{Hold, Retry, ask_again};
use crate::model::{Fact, FactAnswer};
use crate::rules::Command;
use crate::scope::{Reach, Scope};
use ::store::CommitError;
use exchange::Sources;
use kernel::{ActorRef, Failure, Fault, Lang};
use page::House;
use store::outbox::Message;
use trace::Purpose;

/// How often a fact is asked for before only the operator's attention helps; with the pauses, about a month.
const ATTEMPTS_MAX: u32 = 5_000;

/// Receives `cases.retry`.
pub(crate) async fn retry(house: &House, sources: &Sources, message: &Message) -> Result<(), Failure> {
    let told: Retry = message.parse()?;
    let store = &house.ground.store;
    let mut hold = Hold::load(store, &told.number, &Scope(Reach::All)).await?;
    let Some(case) = hold.case.clone() else { return Ok(()) };
    if case.state.ended() || case.state.decision().is_some() || case.absent().is_empty() {
        return Ok(());
    }
    let actor = ActorRef::system();
    let asking = Asking {
        ground: &house.ground,
        sources,
        actor: &actor,
        purpose: Purpose::in_case("retry", &told.number),
        seen: None,
        unspoken: Unspoken::in_case(&hold.item.item, &case),
        may: None,
    };
    let mut known = case.facts.clone();
    let now = house.ground.clock.now();
    let fresh = facts::ask(&asking, &hold.item.item, &case.answers, &mut known, now).await?;
    let learned: Vec<_> = fresh.into_iter().filter(|f| !case.facts.contains(f)).collect();
    let mut cx = house.ground.begin_as(message.id, Lang::default(), ActorRef::system());
    let still = known.iter().any(|f| matches!(f.answer, crate::model::FactAnswer::Absent(_)));
    // That a source is down is news only where nobody had asked it yet.
    let withheld = |alias: &str| {
        case.facts.iter().any(|f| f.alias == alias && matches!(f.answer, FactAnswer::Withheld(_)))
    };
    let news = |f: &Fact| match f.answer {
        FactAnswer::Found(_) | FactAnswer::NotFound => true,
        FactAnswer::Absent(_) => withheld(&f.alias),
        FactAnswer::Withheld(_) => false,
    };
    if !learned.iter().any(news) {
        if still && told.attempt < ATTEMPTS_MAX {
            ask_again(&mut cx, &told.number, told.attempt + 1)?;
        }
        return committed(cx.finish().await);
    }
    hold.act_now(house, &cx, Command::Learn { facts: learned })?;
    hold.finish(house, &mut cx).await?;
    committed(cx.finish().await)
}

/// A receiver's commit: done before is done; anything else is tried again later.
fn committed(result: Result<(), CommitError>) -> Result<(), Failure> {
    match result {
        Ok(()) | Err(CommitError::AlreadyDone) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
        Err(other) => Err(Fault::new(format!("asking again: {other}")).transient().into()),
    }
}
