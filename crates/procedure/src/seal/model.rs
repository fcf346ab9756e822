//! What a seal is.

use kernel::{AccountId, AgencyCode, Text, Timestamp};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A seal of an agency.
    SealId;
    /// One use of a seal.
    UseId;
}

/// What a seal is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealKind {
    /// 行政印章: the agency's own.
    Official,
    /// 受理专用章: for what is received and accepted (Licensing Law art. 32).
    Acceptance,
    /// 审批专用章: for decisions.
    Decision,
    /// 证照专用章: for certificates.
    Certificate,
}

impl SealKind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Official, Self::Acceptance, Self::Decision, Self::Certificate];

    /// What is engraved below the star; nothing on the agency's own seal.
    pub fn legend(self) -> &'static str {
        match self {
            Self::Official => "",
            Self::Acceptance => "受理专用章",
            Self::Decision => "审批专用章",
            Self::Certificate => "证照专用章",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Official => Text::new("行政印章", "official seal"),
            Self::Acceptance => Text::new("受理专用章", "acceptance seal"),
            Self::Decision => Text::new("审批专用章", "decision seal"),
            Self::Certificate => Text::new("证照专用章", "certificate seal"),
        }
    }

    /// A stable word for rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Acceptance => "acceptance",
            Self::Decision => "decision",
            Self::Certificate => "certificate",
        }
    }
}

/// Whether a seal may be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealState {
    /// 在用.
    InUse,
    /// 停用: not for the present.
    Suspended,
    /// 作废: never again; what it sealed stays valid.
    Retired,
}

impl SealState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::InUse, Self::Suspended, Self::Retired];

    /// A stable word for rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::InUse => "in-use",
            Self::Suspended => "suspended",
            Self::Retired => "retired",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::InUse => Text::new("在用", "in use"),
            Self::Suspended => Text::new("停用", "suspended"),
            Self::Retired => Text::new("作废", "retired"),
        }
    }
}

/// Whether an account may apply a seal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RightState {
    /// It may.
    Held,
    /// Not for the present.
    Suspended,
    /// No longer.
    Revoked,
}

impl RightState {
    /// Every state.
    pub const ALL: [Self; 3] = [Self::Held, Self::Suspended, Self::Revoked];

    /// A stable word for rows.
    pub fn word(self) -> &'static str {
        match self {
            Self::Held => "held",
            Self::Suspended => "suspended",
            Self::Revoked => "revoked",
        }
    }
}

crate::words!(SealKind, SealState, RightState);

/// A seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Seal {
    /// Which.
    pub id: SealId,
    /// Whose.
    pub agency: AgencyCode,
    /// The agency's name as engraved.
    pub agency_name: Text,
    /// What it is for.
    pub kind: SealKind,
    /// What it is called.
    pub name: String,
    /// Whether it may be applied.
    pub state: SealState,
    /// Whether the program may apply it by rule.
    pub automatic: bool,
    /// Goes up with every change.
    pub rev: i64,
}

/// A seal as it stands on a notice, kept with it: later changes of the seal do not change the notice.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Imprint {
    /// Which seal.
    pub seal: SealId,
    /// What it is called.
    pub name: String,
    /// The name along the ring.
    pub ring: String,
    /// That name in English, for the translation.
    #[serde(default)]
    pub ring_en: String,
    /// What stands below the star.
    pub legend: String,
}

/// Who may apply a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealRight {
    /// Whose right.
    pub account: AccountId,
    /// Whether it holds.
    pub state: RightState,
    /// Since when.
    pub since: Timestamp,
}

/// A use of a seal to be recorded.
pub(crate) struct NewUse {
    pub(crate) id: UseId,
    pub(crate) seal: SealId,
    pub(crate) account: Option<AccountId>,
    pub(crate) instead_of: Option<AccountId>,
    pub(crate) document: String,
    pub(crate) number: String,
    pub(crate) at: Timestamp,
}

/// One use of a seal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealUse {
    /// Which.
    pub id: UseId,
    /// Who applied it; `None` when the program did by rule.
    pub account: Option<AccountId>,
    /// For whom they stood in.
    pub instead_of: Option<AccountId>,
    /// On what: `notice:ID`.
    pub document: String,
    /// The document's number.
    pub number: String,
    /// When.
    pub at: Timestamp,
}

/// Where a list of seals goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealCursor {
    /// The agency of the last seal shown.
    pub agency: AgencyCode,
    /// Its kind.
    pub kind: SealKind,
    /// Its id.
    pub id: SealId,
}

/// Where the list of a seal's uses goes on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UseCursor {
    /// When the last use shown was.
    pub at: Timestamp,
    /// Its id.
    pub id: UseId,
}
