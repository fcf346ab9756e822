//! What the room does by itself: asks again for facts that were absent, takes in what line systems answer, and sweeps.

use crate::verbs;
use exchange::Sources;
use kernel::{Failure, Fault};
use page::House;
use std::time::Duration;
use store::outbox::Courier;

/// How often the sweeper looks for terms whose end has passed.
const SWEEP: Duration = Duration::from_secs(30);

/// Subscribes the room to its own messages and to the reports of line systems, and starts the sweeper.
#[must_use]
pub fn courier(courier: Courier, house: House, sources: Sources) -> Courier {
    let (for_reports, for_sweep, for_versions) = (house.clone(), house.clone(), house.clone());
    let (for_siblings, for_halts, for_certificates) = (house.clone(), house.clone(), house.clone());
    courier
        .on("cases.retry", move |_, message| {
            let (house, sources) = (house.clone(), sources.clone());
            async move { verbs::retry(&house, &sources, &message).await }
        })
        .on(exchange::ANSWERED, move |_, message| {
            let house = for_reports.clone();
            async move { verbs::report(&house, &message).await }
        })
        .on("cases.published", move |_, message| {
            let house = for_versions.clone();
            async move { verbs::published(&house, &message).await }
        })
        .on(verbs::SIBLING, move |_, message| {
            let house = for_siblings.clone();
            async move { verbs::sibling(&house, &message).await }
        })
        .on(verbs::CERTIFICATE_CHANGED, move |_, message| {
            let house = for_certificates.clone();
            async move { verbs::certificate_changed(&house, &message).await }
        })
        .on(verbs::HALTED, move |_, message| {
            let house = for_halts.clone();
            async move { verbs::halted(&house, &message).await }
        })
        .every("cases.sweep", SWEEP, move |_| {
            let house = for_sweep.clone();
            async move {
                let swept = verbs::sweep(&house).await.map_err(Failure::from)?;
                match swept.failed.first() {
                    None => Ok(()),
                    // The job's row says which cases wait; they are tried again, and stop no other.
                    Some(first) => {
                        let more = swept.failed.len();
                        Err(Fault::new(format!("{more} cases could not be moved on; the first: {first}"))
                            .into())
                    }
                }
            }
        })
}
