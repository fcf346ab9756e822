//! What the room does by itself.

use crate::room::Deliveries;
use crate::verbs;
use kernel::Failure;
use std::time::Duration;
use store::outbox::Courier;

/// How often the courier is spoken to; each parcel ever more rarely.
const POLL: Duration = Duration::from_secs(10);
/// How often terms are looked at.
const SWEEP: Duration = Duration::from_secs(60);

/// Starts speaking to the courier, and the sweeper.
#[must_use]
pub fn courier(courier: Courier, room: Deliveries) -> Courier {
    let polling = room.clone();
    courier
        .every("delivery.poll", POLL, move |_| {
            let room = polling.clone();
            async move { verbs::poll(&room).await.map_err(Failure::from)?.outcome() }
        })
        .every("delivery.sweep", SWEEP, move |_| {
            let room = room.clone();
            async move { verbs::sweep(&room).await.map_err(Failure::from)?.outcome() }
        })
}
