//! A case of the same matter has come to something: told to every case that waits for it, in a message of the room's own.

use super::hold::Hold;
use crate::model::*;
use crate::rules::{self, Act, Command};
use crate::scope::Scope;
use ::store::outbox::Message;
use ::store::{CommitError, Cx};
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Fault, Lang};
use page::House;
use serde::{Deserialize, Serialize};

/// The room's own message.
pub(crate) const TOPIC: &str = "cases.sibling";

/// What is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    /// To the case with this number.
    to: CaseNumber,
    /// Of which item.
    item: String,
    /// What it came to.
    news: SiblingNews,
}

/// Tells every case that waits for this one what it has come to; in the commit in which it did.
pub(crate) fn tell(hold: &Hold, cx: &mut Cx, case: &Case) -> Result<(), Fault> {
    if case.awaited_by.is_empty() {
        return Ok(());
    }
    for (event, _) in hold.fresh() {
        let Some(news) = rules::news(&hold.item.item, case, event) else { continue };
        for to in &case.awaited_by {
            let told = Told { to: to.clone(), item: case.item_key.clone(), news: news.clone() };
            // A subject for each pair: their order is kept, and one that cannot be told holds up no other.
            cx.commit.emit(TOPIC, &format!("sibling:{}:{to}", case.number), &told)?;
        }
    }
    Ok(())
}

/// Receives the message: the case goes on, or what the theme says of it follows. What has been told before changes nothing.
pub(crate) async fn sibling(house: &House, message: &Message) -> Result<(), Failure> {
    let told: Told = message.parse()?;
    let mut hold = Hold::load(&house.ground.store, &told.to, &Scope::program()).await?;
    let mut cx = house.ground.begin_as(message.id, Lang::default(), ActorRef::system());
    let act = Act::now(Command::Sibling { item: told.item, news: told.news }, cx.now);
    match hold.act(house, cx.now, &act) {
        Ok(()) => {}
        // It has ended, or does not wait for this any more.
        Err(Failure::Refused(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    }
    hold.finish(house, &mut cx).await?;
    match cx.finish().await {
        Ok(()) | Err(CommitError::AlreadyDone) => Ok(()),
        Err(CommitError::Fault(fault)) => Err(fault.into()),
        Err(other) => Err(Fault::new(format!("telling a case of its matter: {other}")).transient().into()),
    }
}
