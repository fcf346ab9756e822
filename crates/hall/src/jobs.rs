//! What the room does by itself, and the demonstration's halls.

use crate::model::Level;
use crate::settings::Settings;
use crate::{import, store, verbs};
use ::store::Ground;
use ::store::outbox::Courier;
use kernel::{Fault, Outcome};
use std::time::Duration;

/// How often tickets of days that are over are looked for.
const SWEEP: Duration = Duration::from_secs(300);

/// Starts the sweeper.
#[must_use]
pub fn courier(courier: Courier) -> Courier {
    courier.every("hall.sweep", SWEEP, |ground| async move {
        verbs::sweep(&ground, &Settings::default()).await.map(|_| ())
    })
}

/// The halls of the demonstration city, once: what was changed in them since stays.
///
/// # Errors
/// A [`Fault`] that names the first line that is wrong.
pub async fn seed_demo(ground: &Ground, table: &str) -> Outcome<()> {
    if store::seats(&ground.store).await?.iter().any(|h| h.level == Level::City) {
        return Ok(());
    }
    let report = import(ground, table, false).await?;
    match report.bad.first() {
        None => Ok(()),
        Some(bad) => {
            let (line, column, say) = (bad.line, bad.column, &bad.say.en);
            Err(Fault::new(format!("the demonstration's halls, line {line}, {column}: {say}")).into())
        }
    }
}
