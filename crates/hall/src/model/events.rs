//! What is written down of tickets and halls.

use super::{HallCode, Letter, Letters, Outcome, Priority, Via};
use kernel::{AccountId, AgencyCode};
use serde::{Deserialize, Serialize};
use trace::Event;

/// What happened to a ticket.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum TicketEvent {
    /// It was taken (取号).
    Taken {
        /// The hall.
        hall: HallCode,
        /// The day, `2026-11-23`.
        day: String,
        /// The business.
        letter: Letter,
        /// The number within hall, day and letter, from 1 without a gap.
        serial: i64,
        /// Where in the queue: smaller is earlier.
        place: i64,
        /// What it claims.
        priority: Priority,
        /// Whether that is certain, or is looked at by the clerk when it is called.
        sure: bool,
        /// How it was taken.
        via: Via,
    },
    /// It was called to a window (叫号).
    Called {
        /// The window.
        window: String,
        /// Who calls.
        clerk: AccountId,
    },
    /// It was called once more.
    Recalled {},
    /// Nobody came (过号).
    Passed {},
    /// The person came after all, and waits again.
    Requeued {
        /// Where in the queue now.
        place: i64,
    },
    /// The priority it claimed was not shown: it waits at its own place, as everybody.
    PriorityDenied {},
    /// Serving began.
    Started {},
    /// It was handed on to another window (转窗).
    Moved {
        /// From which.
        from: String,
        /// To which.
        to: String,
        /// Why.
        why: String,
    },
    /// The clerk goes on with it at another window.
    TakenAlong {
        /// The new window.
        window: String,
    },
    /// The head of the hall took it back from a clerk who is gone; it waits again at its own place.
    Released {},
    /// Serving began on a former day and has no outcome: it waits today, with a number of today.
    CarriedOver {
        /// The new day.
        day: String,
        /// The new number within hall, day and letter.
        serial: i64,
        /// Where in the queue of the new day.
        place: i64,
    },
    /// It ended with an outcome.
    Ended(Outcome),
    /// The day ended before its turn.
    Lapsed {},
    /// The person reports that more was asked for after the one complete notice.
    ExtraReported {},
}

impl Event for TicketEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Taken { .. } => "taken",
            Self::Called { .. } => "called",
            Self::Recalled {} => "recalled",
            Self::Passed {} => "passed",
            Self::Requeued { .. } => "requeued",
            Self::PriorityDenied {} => "priority_denied",
            Self::Started {} => "started",
            Self::Moved { .. } => "moved",
            Self::TakenAlong { .. } => "taken_along",
            Self::Released {} => "released",
            Self::CarriedOver { .. } => "carried_over",
            Self::Ended(_) => "ended",
            Self::Lapsed {} => "lapsed",
            Self::ExtraReported {} => "extra_reported",
        }
    }
}

/// What happened to a hall itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum HallEvent {
    /// A clerk went on duty at a window.
    DutyBegan {
        /// The window.
        window: String,
        /// Who.
        clerk: AccountId,
    },
    /// A clerk left the window.
    DutyEnded {
        /// The window.
        window: String,
        /// Who.
        clerk: AccountId,
    },
    /// The head of the hall changed a window.
    WindowSet {
        /// The window.
        window: String,
        /// Whether it is open.
        open: bool,
        /// What it takes.
        letters: Letters,
    },
    /// A kiosk was given its address.
    KioskSet {
        /// Its name.
        name: String,
    },
    /// A kiosk's address leads nowhere any more.
    KioskRevoked {
        /// Its name.
        name: String,
    },
    /// What a clerk is trained for.
    TrainingSet {
        /// Who.
        clerk: AccountId,
        /// Businesses.
        letters: Letters,
        /// Items by their keys.
        items: Vec<String>,
    },
    /// Nothing is kept any more of what a clerk is trained for.
    TrainingEnded {
        /// Who.
        clerk: AccountId,
    },
    /// A clerk of another agency was admitted to the windows.
    GuestAdmitted {
        /// Who.
        clerk: AccountId,
        /// Of which agency.
        agency: AgencyCode,
    },
    /// The admission ended.
    GuestDismissed {
        /// Who.
        clerk: AccountId,
    },
}

impl Event for HallEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::DutyBegan { .. } => "duty_began",
            Self::DutyEnded { .. } => "duty_ended",
            Self::WindowSet { .. } => "window_set",
            Self::KioskSet { .. } => "kiosk_set",
            Self::KioskRevoked { .. } => "kiosk_revoked",
            Self::TrainingSet { .. } => "training_set",
            Self::TrainingEnded { .. } => "training_ended",
            Self::GuestAdmitted { .. } => "guest_admitted",
            Self::GuestDismissed { .. } => "guest_dismissed",
        }
    }
}
