//! What the room hears, and what it does by itself.

use crate::settings::Settings;
use crate::verbs;
use std::time::Duration;
use store::outbox::Courier;

/// How often reminders that are due are looked for.
const REMIND: Duration = Duration::from_secs(300);
/// How often appointments of days that are over are looked for.
const SWEEP: Duration = Duration::from_secs(900);

/// Subscribes the room to changes of its own plans and to short messages that have left, and starts the reminder and the sweeper.
#[must_use]
pub fn courier(courier: Courier, terms: Settings) -> Courier {
    courier
        .on("appointments.plan", move |ground, message| async move {
            verbs::on_plan(&ground, &terms, &message).await
        })
        .on(identity::letters::CARRIED, |ground, message| async move {
            verbs::on_carried(&ground, &message).await
        })
        .every(
            "appointments.remind",
            REMIND,
            |ground| async move { verbs::remind(&ground).await.map(|_| ()) },
        )
        .every("appointments.sweep", SWEEP, move |ground| async move {
            verbs::sweep(&ground, &terms).await.map(|_| ())
        })
}
