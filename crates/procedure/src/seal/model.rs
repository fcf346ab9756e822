//! What a seal is.

use kernel::{AgencyCode, Text};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A seal of an agency.
    SealId;
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

macro_rules! words {
    ($($name:ty),+) => {$(
        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl std::str::FromStr for $name {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                Self::ALL.into_iter().find(|k| k.word() == text).ok_or_else(|| format!("{text} is none of them"))
            }
        }
    )+};
}
words!(SealKind, SealState);

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
    /// What stands below the star.
    pub legend: String,
}
