//! What the room does by itself: asks again for facts that were absent.

use crate::verbs;
use exchange::Sources;
use page::House;
use store::outbox::Courier;

/// Subscribes the room to its own messages.
#[must_use]
pub fn courier(courier: Courier, house: House, sources: Sources) -> Courier {
    courier.on("cases.retry", move |_, message| {
        let (house, sources) = (house.clone(), sources.clone());
        async move { verbs::retry(&house, &sources, &message).await }
    })
}
