//! The states of a case, each with what belongs to it.

use super::Demand;
use kernel::{Money, Text, Timestamp};
use procedure::SuspensionKind;
use serde::{Deserialize, Serialize};

/// How an application came to be accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Acceptance {
    /// It was complete in form, and the frame leaves the rest to the program.
    ByRule,
    /// A person accepted it.
    ByPerson,
    /// 视为受理: nobody said anything in time; it counts as accepted from the day it was received (行政许可法第三十二条).
    Deemed,
    /// A reconsidering body or a court ordered it, or had it done again (行政复议法, 行政诉讼法第七十条, 第七十二条).
    Ordered,
}

/// What was decided.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Decision {
    /// 准予.
    Approved {
        /// Remarks, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
        /// The amount that is granted, where one is set: as the examiner set it, or as a remedy changed it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<Money>,
    },
    /// 不予.
    Refused {
        /// Why; compulsory.
        reason: Text,
        /// What the person can do against it.
        remedies: Vec<Text>,
    },
}

impl Decision {
    /// Whether it was granted.
    pub fn approved(&self) -> bool {
        matches!(self, Self::Approved { .. })
    }

    /// The amount that is granted, where one is set.
    pub fn amount(&self) -> Option<Money> {
        match self {
            Self::Approved { amount, .. } => *amount,
            Self::Refused { .. } => None,
        }
    }
}

/// The state of a case, with what belongs to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state")]
pub enum CaseState {
    /// 收件: handed in, not yet accepted.
    Submitted {
        /// Since when.
        at: Timestamp,
    },
    /// 补正: waits for the applicant.
    Supplement {
        /// Since when.
        at: Timestamp,
        /// What must be supplied; complete, and told once.
        demands: Vec<Demand>,
        /// Whether it had been accepted before.
        accepted: bool,
    },
    /// 受理: accepted and examined.
    Accepted {
        /// Since when.
        at: Timestamp,
        /// How.
        how: Acceptance,
    },
    /// 特别程序 or 挂起: steps may go on, the decision waits.
    Suspended {
        /// Since when.
        at: Timestamp,
        /// For what.
        kind: SuspensionKind,
        /// Why.
        reason: String,
        /// When it was accepted, and how: where it goes back to.
        accepted: (Timestamp, Acceptance),
    },
    /// 决定.
    Decided {
        /// When.
        at: Timestamp,
        /// What.
        decision: Decision,
    },
    /// 制证: what was granted is made.
    Certified {
        /// When.
        at: Timestamp,
        /// The decision it rests on.
        decision: Decision,
    },
    /// 送达: served.
    Delivered {
        /// When.
        at: Timestamp,
        /// How.
        service: super::Service,
        /// The decision.
        decision: Decision,
    },
    /// 办结.
    Closed {
        /// When.
        at: Timestamp,
        /// The decision.
        decision: Decision,
    },
    /// 不予受理.
    NotAccepted {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
        /// Which body is the right one.
        right_body: Option<String>,
    },
    /// 退件: the pre-check found that it cannot be received like this; it may be handed in again.
    Returned {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// 撤回.
    Withdrawn {
        /// When.
        at: Timestamp,
        /// Why, if said.
        reason: Option<String>,
    },
    /// 补交不来: what was asked for, or promised, did not come in time.
    Lapsed {
        /// When.
        at: Timestamp,
        /// What did not come.
        reason: Text,
    },
    /// 转报: sent to the body that decides, outside this platform.
    Forwarded {
        /// When.
        at: Timestamp,
        /// To whom.
        to: String,
        /// Why.
        reason: String,
    },
    /// 作废: it should never have been a case (entered twice, entered wrongly).
    Void {
        /// When.
        at: Timestamp,
        /// Why.
        reason: String,
    },
    /// 撤销: what was granted was taken back after the fact, by the body itself or by a remedy.
    Revoked {
        /// When.
        at: Timestamp,
        /// On what ground.
        ground: String,
        /// What had been decided.
        decision: Decision,
    },
}

impl CaseState {
    /// Every state's word, in the order of a case's life.
    pub const WORDS: [&str; 15] = [
        "submitted",
        "supplement",
        "accepted",
        "suspended",
        "decided",
        "certified",
        "delivered",
        "closed",
        "not_accepted",
        "returned",
        "withdrawn",
        "lapsed",
        "forwarded",
        "void",
        "revoked",
    ];

    /// The stable word for rows, the API and pages.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Submitted { .. } => "submitted",
            Self::Supplement { .. } => "supplement",
            Self::Accepted { .. } => "accepted",
            Self::Suspended { .. } => "suspended",
            Self::Decided { .. } => "decided",
            Self::Certified { .. } => "certified",
            Self::Delivered { .. } => "delivered",
            Self::Closed { .. } => "closed",
            Self::NotAccepted { .. } => "not_accepted",
            Self::Returned { .. } => "returned",
            Self::Withdrawn { .. } => "withdrawn",
            Self::Lapsed { .. } => "lapsed",
            Self::Forwarded { .. } => "forwarded",
            Self::Void { .. } => "void",
            Self::Revoked { .. } => "revoked",
        }
    }

    /// The state's name for people.
    pub fn name(&self) -> Text {
        state_name(self.word())
    }

    /// Since when.
    pub fn since(&self) -> Timestamp {
        match self {
            Self::Submitted { at }
            | Self::Supplement { at, .. }
            | Self::Accepted { at, .. }
            | Self::Suspended { at, .. }
            | Self::Decided { at, .. }
            | Self::Certified { at, .. }
            | Self::Delivered { at, .. }
            | Self::Closed { at, .. }
            | Self::NotAccepted { at, .. }
            | Self::Returned { at, .. }
            | Self::Withdrawn { at, .. }
            | Self::Lapsed { at, .. }
            | Self::Forwarded { at, .. }
            | Self::Void { at, .. }
            | Self::Revoked { at, .. } => *at,
        }
    }

    /// The decision that stands, once there is one.
    pub fn decision(&self) -> Option<&Decision> {
        match self {
            Self::Decided { decision, .. }
            | Self::Certified { decision, .. }
            | Self::Delivered { decision, .. }
            | Self::Closed { decision, .. } => Some(decision),
            _ => None,
        }
    }

    /// Whether it is being worked on: steps open, close and are decided.
    pub fn works(&self) -> bool {
        matches!(self, Self::Submitted { .. } | Self::Accepted { .. } | Self::Suspended { .. })
    }

    /// Whether the decision has been served.
    pub fn delivered(&self) -> bool {
        matches!(self, Self::Delivered { .. } | Self::Closed { .. } | Self::Revoked { .. })
    }

    /// Whether nothing more happens by itself. (Closed is not final in law: remedies may reopen it.)
    pub fn ended(&self) -> bool {
        matches!(
            self,
            Self::Closed { .. }
                | Self::NotAccepted { .. }
                | Self::Returned { .. }
                | Self::Withdrawn { .. }
                | Self::Lapsed { .. }
                | Self::Forwarded { .. }
                | Self::Void { .. }
                | Self::Revoked { .. }
        )
    }
}

/// The name for people of a state's word.
pub fn state_name(word: &str) -> Text {
    match word {
        "submitted" => Text::new("已收件", "Received"),
        "supplement" => Text::new("待补正", "Waiting for you"),
        "accepted" => Text::new("已受理", "Accepted, being examined"),
        "suspended" => Text::new("特别程序中", "In a special procedure"),
        "decided" => Text::new("已决定", "Decided"),
        "certified" => Text::new("已制证", "Certificate made"),
        "delivered" => Text::new("已送达", "Served"),
        "closed" => Text::new("已办结", "Closed"),
        "not_accepted" => Text::new("不予受理", "Not accepted"),
        "returned" => Text::new("已退件", "Returned"),
        "withdrawn" => Text::new("已撤回", "Withdrawn"),
        "lapsed" => Text::new("终止办理（补交不来）", "Ended: not supplied in time"),
        "forwarded" => Text::new("已转报", "Forwarded"),
        "void" => Text::new("已作废", "Void"),
        "revoked" => Text::new("已撤销", "Revoked"),
        other => Text::same(other),
    }
}
