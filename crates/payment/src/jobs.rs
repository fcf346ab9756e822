//! What the room does by itself.

use crate::room::Payments;
use crate::verbs;
use kernel::Failure;
use std::time::Duration;
use store::outbox::Courier;

/// How often the gateway is asked after what is not known; each payment ever more rarely.
const POLL: Duration = Duration::from_secs(15);
/// How often terms are looked at.
const SWEEP: Duration = Duration::from_secs(60);
/// How often it is looked whether yesterday's statement is there.
const RECONCILE: Duration = Duration::from_secs(1_800);

/// Starts the polling, the sweeper and the nightly reconciliation.
#[must_use]
pub fn courier(courier: Courier, room: Payments) -> Courier {
    let (polling, sweeping) = (room.clone(), room.clone());
    courier
        .every("payment.poll", POLL, move |_| {
            let p = polling.clone();
            async move { verbs::poll(&p).await.map_err(Failure::from)?.outcome() }
        })
        .every("payment.sweep", SWEEP, move |_| {
            let p = sweeping.clone();
            async move { verbs::sweep(&p).await.map_err(Failure::from)?.outcome() }
        })
        .every("payment.reconcile", RECONCILE, move |_| {
            let p = room.clone();
            async move {
                let fetched = verbs::fetch(&p).await?;
                for done in &fetched.done {
                    let (lines, agree) = (done.lines, done.agree);
                    tracing::info!(
                        lines,
                        agree,
                        differences = done.differences.len(),
                        "a statement was compared"
                    );
                }
                fetched.outcome()
            }
        })
}
