//! Remedies: reconsideration and suit, opened, in time or late with a reason, and ended with an outcome.

use kernel::{Text, Timestamp};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A remedy sought against an act.
    RemedyId;
}

/// Which way somebody goes against an act.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemedyKind {
    /// 行政复议.
    Reconsideration,
    /// 行政诉讼.
    Suit,
}

/// How a remedy ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RemedyOutcome {
    /// 维持: the act stands.
    Upheld,
    /// 变更: the act was changed.
    Changed,
    /// 撤销并责令重作: annulled and to be done again.
    AnnulledRedo,
    /// 撤销: annulled.
    Annulled,
    /// 确认违法: unlawful, but not annulled.
    Unlawful,
    /// 责令履行: ordered to act.
    OrderedToAct,
    /// 撤回: withdrawn by whoever sought it.
    Withdrawn,
    /// 驳回: dismissed or not admitted.
    Dismissed,
}

/// A remedy to be recorded.
#[derive(Debug, Clone)]
pub struct NewRemedy {
    /// What the act is about: `case:ID`.
    pub subject: String,
    /// Which way.
    pub kind: RemedyKind,
    /// When it was filed, in law.
    pub filed_at: Timestamp,
    /// Which body or court it was filed with.
    pub body: String,
    /// What is held against the act.
    pub ground: String,
    /// Against which notice; `None` against silence or an act without one.
    pub against: Option<crate::NoticeId>,
    /// Why it comes after the time for it (不可抗力、其他正当理由); needed when it does.
    pub late_reason: Option<String>,
}

/// A recorded remedy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RemedyRecord {
    /// Which.
    pub id: RemedyId,
    /// What the act is about.
    pub subject: String,
    /// Which way.
    pub kind: RemedyKind,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Which body or court it was filed with.
    pub body: String,
    /// What is held against the act.
    pub ground: String,
    /// Against which notice.
    pub against: Option<crate::NoticeId>,
    /// Why it came late, when it did.
    pub late_reason: Option<String>,
    /// How and when it ended, with the words of the outcome.
    pub ended: Option<(RemedyOutcome, Timestamp, String)>,
}

impl RemedyOutcome {
    /// Whether the agency has to act anew, under a term of its own.
    pub fn reopens(self) -> bool {
        matches!(self, Self::AnnulledRedo | Self::OrderedToAct)
    }

    /// Whether what was decided no longer stands.
    pub fn undoes(self) -> bool {
        matches!(self, Self::Changed | Self::AnnulledRedo | Self::Annulled)
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Upheld => Text::new("维持", "upheld"),
            Self::Changed => Text::new("变更", "changed"),
            Self::AnnulledRedo => Text::new("撤销并责令重新作出", "annulled and to be done again"),
            Self::Annulled => Text::new("撤销", "annulled"),
            Self::Unlawful => Text::new("确认违法", "declared unlawful"),
            Self::OrderedToAct => Text::new("责令履行", "ordered to act"),
            Self::Withdrawn => Text::new("撤回", "withdrawn"),
            Self::Dismissed => Text::new("驳回", "dismissed"),
        }
    }
}

impl RemedyKind {
    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Reconsideration => Text::new("行政复议", "administrative reconsideration"),
            Self::Suit => Text::new("行政诉讼", "administrative suit"),
        }
    }
}
