//! A case that has ended asks its parties to rate it.

use crate::model::Service;
use crate::rules;
use crate::settings::Settings;
use crate::store as rows;
use ::store::Ground;
use ::store::outbox::Message;
use cases::Scope;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Lang, Outcome};
use serde::Deserialize;

/// What a message about a case's end must say.
#[derive(Deserialize)]
struct Ended {
    number: CaseNumber,
}

/// Hears that a case has ended (`cases.closed`): every party that has not rated it is asked to. Where it runs again meanwhile,
/// nothing happens; its next end is told as well.
///
/// # Errors
/// A fault of the store.
pub async fn on_closed(ground: &Ground, terms: &Settings, message: &Message) -> Outcome<()> {
    let ended: Ended = message.parse()?;
    let view = cases::view(&ground.store, &ended.number, &Scope::program()).await?;
    let service = Service::from(&view);
    let Some(at) = service.ended_at else { return Ok(()) };
    let mut asked = Vec::new();
    for party in &view.case.parties {
        if rows::by_service(&ground.store, &service.of, Some(party.subject)).await?.is_none()
            && !asked.contains(&party.subject)
        {
            asked.push(party.subject);
        }
    }
    let until = rules::until(at, terms);
    ::store::receive!(ground, message, |cx| {
        for party in &asked {
            rows::invite(&mut cx.commit, &service, *party, (at, until));
        }
        Ok::<(), Failure>(())
    })
}

/// Forgets whom it has asked in vain: the job "ratings.sweep".
///
/// # Errors
/// A fault of the store.
pub async fn sweep(ground: &Ground) -> Outcome<()> {
    ::store::command!(ground, Lang::default(), ActorRef::system(), |cx| {
        let now = cx.now;
        rows::sweep(&mut cx.commit, now);
        Ok::<(), Failure>(())
    })
}
