//! What the room hears, and what it does by itself.

use crate::settings::Settings;
use crate::verbs;
use page::House;
use std::time::Duration;
use store::outbox::Courier;

/// How often those who were asked in vain are forgotten.
const SWEEP: Duration = Duration::from_secs(3_600);

/// Subscribes the room to the ends of cases, and starts the sweeper.
#[must_use]
pub fn courier(courier: Courier, terms: Settings, house: House) -> Courier {
    courier
        .on("cases.closed", move |ground, message| async move {
            verbs::on_closed(&ground, &terms, &message).await
        })
        .every("ratings.sweep", SWEEP, move |_| {
            let house = house.clone();
            async move { verbs::sweep(&house.ground).await }
        })
}
