//! Whoever is booked on a day that the head of the hall has closed, or opened again, is told: each by a commit of their own, so that a
//! full day is no giant commit and one that fails holds up no other.

use super::letter::{Said, tell};
use super::plan::Changed;
use super::{read, write};
use crate::model::{AppointmentEvent, AppointmentId, Closing};
use crate::rules::life;
use crate::settings::Settings;
use crate::store as rows;
use ::store::outbox::Message;
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Lang, Outcome};

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;

/// Hears that the closures of a hall's day have changed (`appointments.plan`). Told twice, it changes nothing the second time.
///
/// # Errors
/// A fault of the store; what was told by then stays told.
pub async fn on_plan(ground: &Ground, terms: &Settings, message: &Message) -> Outcome<()> {
    let Changed { hall, day } = message.parse()?;
    let closed = rows::closures(&ground.store, &hall, (day, day)).await?;
    let mut after = (i64::MIN, String::new());
    loop {
        let found = rows::of_day(&ground.store, &hall, &day.to_string(), &after, AT_ONCE).await?;
        let Some(last) = found.last() else { return Ok(()) };
        after = (last.starts_at.as_microsecond(), last.id.to_string());
        for row in found {
            command!(ground, Lang::default(), ActorRef::system(), |cx| {
                one(&mut cx, terms, row.id, &closed).await
            })?;
        }
    }
}

async fn one(cx: &mut Cx, terms: &Settings, id: AppointmentId, closed: &[Closing]) -> Outcome<()> {
    let (mut head, mut one) = read(cx.store(), id).await?;
    let why = closed.iter().find(|c| c.covers(one.place.letter, &one.place.slot)).map(|c| c.why.as_str());
    let Some(event) = life::told(&one, why, cx.now) else { return Ok(()) };
    write(cx, terms, id, (&mut head, &mut one), &event)?;
    let closed = matches!(event, AppointmentEvent::TimeClosed { .. });
    Ok(tell(cx, (id, &one), if closed { Said::Closed } else { Said::Opened }).await?)
}
