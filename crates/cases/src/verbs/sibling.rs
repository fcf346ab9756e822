//! A case of the same matter has come to something: told to every case that waits for it, in a message of the room's own.

use super::hold::Hold;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::{Act, Command};
use crate::scope::Scope;
use ::store::outbox::Message;
use ::store::{CommitError, Cx};
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Fault, Lang, Text};
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
        let Some(news) = news(hold, case, event) else { continue };
        for to in &case.awaited_by {
            let told = Told { to: to.clone(), item: case.item_key.clone(), news: news.clone() };
            // A subject for each pair: their order is kept, and one that cannot be told holds up no other.
            cx.commit.emit(TOPIC, &format!("sibling:{}:{to}", case.number), &told)?;
        }
    }
    Ok(())
}

fn news(hold: &Hold, case: &Case, event: &CaseEvent) -> Option<SiblingNews> {
    let name = &hold.item.item.name;
    let ended = |zh: String, en: String| Some(SiblingNews::Ended { why: Text::new(zh, en) });
    match event {
        CaseEvent::Certified { certificates } => {
            let kinds = hold.item.item.results.iter().map(|r| r.certificate.clone());
            Some(SiblingNews::Granted { certificates: kinds.zip(certificates.iter().copied()).collect() })
        }
        CaseEvent::Decided { decision: Decision::Approved { .. }, .. }
            if hold.item.item.results.is_empty() =>
        {
            Some(SiblingNews::Granted { certificates: Vec::new() })
        }
        CaseEvent::Decided { decision: Decision::Refused { reason, .. }, .. }
        | CaseEvent::RemedyEnded { changed: Some(Decision::Refused { reason, .. }), .. } => ended(
            format!("“{}”没有获准：{}", name.zh, reason.zh),
            format!("“{}” was refused: {}", name.en, reason.en),
        ),
        event if super::hold::ends(event) => {
            let state = case.state.name();
            ended(
                format!("“{}”{}，没有结果。", name.zh, state.zh),
                format!("“{}” ended without a result: {}.", name.en, state.en),
            )
        }
        _ => None,
    }
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
