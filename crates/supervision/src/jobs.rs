//! What the room does by itself.

use crate::verbs;
use kernel::{Failure, Fault};
use page::House;
use std::time::Duration;
use store::outbox::Courier;

/// How often the sweeper looks for terms whose end has passed.
const SWEEP: Duration = Duration::from_secs(60);

/// Starts the sweeper.
#[must_use]
pub fn courier(courier: Courier, house: House) -> Courier {
    courier.every("supervision.sweep", SWEEP, move |_| {
        let house = house.clone();
        async move {
            let swept = verbs::sweep(&house).await.map_err(Failure::from)?;
            match swept.failed.first() {
                None => Ok(()),
                Some(first) => {
                    let more = swept.failed.len();
                    Err(Fault::new(format!("{more} could not be moved on; the first: {first}")).into())
                }
            }
        }
    })
}
