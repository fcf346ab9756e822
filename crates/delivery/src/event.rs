//! What can happen to a parcel; the trace keeps these, and everything else is computed from them.

use crate::model::*;
use kernel::{Text, Timestamp};
use serde::{Deserialize, Serialize};
use trace::Event;

/// One thing that happened to a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum ParcelEvent {
    /// It began.
    Begun(Box<Begun>),
    /// A case of the matter yielded a paper.
    PaperCame {
        /// Which.
        paper: Paper,
    },
    /// It needs not be sent any more: it was handed over at a window, or another took its place.
    PaperGone {
        /// Its number.
        paper: String,
    },
    /// A case is over.
    CaseOver {
        /// Which.
        case: String,
    },
    /// How it is handed over was chosen.
    Chosen {
        /// How.
        how: How,
        /// By whom.
        by: By,
    },
    /// What the courier asks is owed from now on, with the other fees of the matter.
    Charged {
        /// How much, for which order.
        charge: Charge,
    },
    /// What was owed for the courier is not owed any more: it goes another way, at another price, or nothing goes.
    Spared {
        /// For which order it was.
        order: OrderId,
    },
    /// What is there goes first; the rest follows in another parcel.
    Parted {
        /// Why.
        why: String,
        /// By whom.
        by: By,
    },
    /// Every paper was ticked and the parcel closed.
    Packed {
        /// The papers, by number.
        papers: Vec<String>,
        /// By whom.
        by: By,
        /// The order at the courier, when one carries it.
        order: Option<OrderId>,
    },
    /// The courier gave its number.
    Placed {
        /// To which order.
        order: OrderId,
        /// The number.
        tracking: String,
    },
    /// It was put on a hand-over list.
    Listed {
        /// Which.
        list: ListId,
    },
    /// It was taken off the list again.
    Unlisted {
        /// Which.
        list: ListId,
    },
    /// The courier signed the list.
    HandedOver {
        /// Which.
        list: ListId,
        /// Who signed for the courier.
        courier: String,
    },
    /// Something was heard of the courier.
    Moved {
        /// Of which order.
        order: OrderId,
        /// What.
        leg: Leg,
    },
    /// The courier says otherwise than what it said before: written down, and moves nothing.
    Contradicted {
        /// Of which order.
        order: OrderId,
        /// What.
        leg: Leg,
    },
    /// Somebody signed.
    Signed {
        /// Who and when, and whether it counts.
        reached: Reached,
    },
    /// It waits at the window.
    Kept {
        /// Where.
        place: Text,
        /// Until when.
        until: Box<kernel::calendar::Due>,
    },
    /// It is sent once more.
    SentAgain {
        /// By whom.
        by: By,
        /// To which address.
        how: How,
        /// The new order.
        order: OrderId,
    },
    /// It was handed out at the window.
    Collected {
        /// Who took it and when.
        reached: Reached,
        /// By whom, who saw the identity.
        by: By,
    },
    /// It was written of again.
    Reminded,
    /// The time to collect it passed.
    Lapsed,
}

impl Event for ParcelEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Begun(_) => "begun",
            Self::PaperCame { .. } => "paper-came",
            Self::PaperGone { .. } => "paper-gone",
            Self::CaseOver { .. } => "case-over",
            Self::Chosen { .. } => "chosen",
            Self::Charged { .. } => "charged",
            Self::Spared { .. } => "spared",
            Self::Parted { .. } => "parted",
            Self::Packed { .. } => "packed",
            Self::Placed { .. } => "placed",
            Self::Listed { .. } => "listed",
            Self::Unlisted { .. } => "unlisted",
            Self::HandedOver { .. } => "handed-over",
            Self::Moved { .. } => "moved",
            Self::Contradicted { .. } => "contradicted",
            Self::Signed { .. } => "signed",
            Self::Kept { .. } => "kept",
            Self::SentAgain { .. } => "sent-again",
            Self::Collected { .. } => "collected",
            Self::Reminded => "reminded",
            Self::Lapsed => "lapsed",
        }
    }
}

/// A moment at which something that happened elsewhere took place, where it did.
impl ParcelEvent {
    /// When it happened, when that is not when it was written down.
    pub(crate) fn occurred(&self) -> Option<Timestamp> {
        match self {
            Self::Moved { leg, .. } | Self::Contradicted { leg, .. } => Some(leg.at),
            Self::Signed { reached } | Self::Collected { reached, .. } => Some(reached.at),
            _ => None,
        }
    }
}
