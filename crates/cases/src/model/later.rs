//! What becomes of a case after its decision, and of a party who cannot act any more.

use super::Party;
use jiff::civil::Date;
use kernel::{Money, SubjectId, Text, Timestamp};
use procedure::{Exit, RunningTerm};
use serde::{Deserialize, Serialize};

/// A benefit was looked at again (定期核查, 社会救助暂行办法第十三条) and goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reviewed {
    /// What was found.
    pub text: String,
    /// What is paid from now on, where it is another amount (增发、减发).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<Money>,
    /// Until when it runs without another look; none where the frame asks for none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub next: Option<RunningTerm>,
}

/// A benefit ended (退出).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stopped {
    /// Why.
    pub why: Exit,
    /// What was found.
    pub text: String,
    /// The first day for which nothing is paid.
    pub from: Date,
    /// Whether what was paid is given back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub repaid: bool,
    /// What the person can do against it.
    pub remedies: Vec<Text>,
}

/// Why a party cannot act any more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum HaltCause {
    /// 死亡.
    Death,
    /// 丧失行为能力, before anybody speaks for them.
    Incapacity,
    /// 监护人变更.
    Guardian,
    /// 终止: the organisation was dissolved.
    Dissolved,
}

impl HaltCause {
    /// Every cause.
    pub const ALL: [Self; 4] = [Self::Death, Self::Incapacity, Self::Guardian, Self::Dissolved];

    /// The stable word for forms and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Death => "death",
            Self::Incapacity => "incapacity",
            Self::Guardian => "guardian",
            Self::Dissolved => "dissolved",
        }
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Death => Text::new("当事人死亡", "the party has died"),
            Self::Incapacity => Text::new("当事人丧失民事行为能力", "the party has lost capacity"),
            Self::Guardian => Text::new("监护人变更", "the guardian has changed"),
            Self::Dissolved => Text::new("单位终止", "the organisation has ended"),
        }
    }
}

/// A party cannot act any more (中止): what they have still to do stands still until somebody acts for them or it is settled
/// otherwise; what they did stands. The body's own time runs on: no law excludes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Halt {
    /// Who.
    pub subject: SubjectId,
    /// Why.
    pub cause: HaltCause,
    /// How the body knows.
    pub text: String,
    /// Since when.
    pub at: Timestamp,
}

/// What comes of a halt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "how")]
pub enum HaltOutcome {
    /// It goes on as it was: the new guardian acts, or it was a mistake.
    GoesOn,
    /// Somebody takes the place of the party: an heir, a liquidator.
    TakenOver {
        /// The party as they are now.
        party: Box<Party>,
    },
    /// It ends without a decision (终止办理).
    Ends,
}
