//! What becomes of appointments whose day is over: somebody who did not come is written down, once, and may be excused.

use super::letter::{Said, tell};
use super::{By, DeskHall, read, write};
use crate::model::{AppointmentEvent, AppointmentId};
use crate::rules::life;
use crate::settings::Settings;
use crate::store as rows;
use ::store::{Cx, Ground, command};
use kernel::{ActorRef, Failure, Lang, Outcome, clock};

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;

/// Excuses an absence, with a reason that the person reads.
///
/// # Errors
/// Not found for an appointment of another hall, a refusal of [`life::excused`].
pub async fn excuse(
    cx: &mut Cx,
    terms: &Settings,
    (desk, id): (&DeskHall, AppointmentId),
    why: &str,
) -> Outcome<()> {
    By::Desk(desk).row(cx, id).await?;
    let (mut head, mut one) = read(cx.store(), id).await?;
    let event = life::excused(&one, why)?;
    write(cx, terms, id, (&mut head, &mut one), &event)?;
    Ok(tell(cx, (id, &one), Said::Excused).await?)
}

/// Writes down who did not come on days that are over; answers how many ended. One that cannot is logged and left for the next time.
///
/// # Errors
/// A fault of the store when it is asked what is left.
pub async fn sweep(ground: &Ground, terms: &Settings) -> Result<usize, Failure> {
    let today = clock::legal_date(ground.clock.now()).to_string();
    let (mut after, mut ended) = ((String::new(), String::new()), 0);
    loop {
        let found = rows::left_over(&ground.store, &today, &after, AT_ONCE).await?;
        let Some((day, id)) = found.last() else { return Ok(ended) };
        after = (day.clone(), id.to_string());
        for (_, id) in found {
            let done: Outcome<bool> =
                command!(ground, Lang::default(), ActorRef::system(), |cx| end(&mut cx, terms, id).await);
            match done {
                Ok(wrote) => ended += usize::from(wrote),
                Err(failure) => {
                    tracing::error!(%failure, %id, "an appointment of a former day cannot be ended")
                }
            }
        }
    }
}

async fn end(cx: &mut Cx, terms: &Settings, id: AppointmentId) -> Outcome<bool> {
    let (mut head, mut one) = read(cx.store(), id).await?;
    let Some(event) = life::over(&one, cx.now) else { return Ok(false) };
    write(cx, terms, id, (&mut head, &mut one), &event)?;
    if event == (AppointmentEvent::Missed {}) {
        tell(cx, (id, &one), Said::Missed).await?;
    }
    Ok(true)
}
