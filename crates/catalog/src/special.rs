//! What an item may ask for beside the plain way: hearing, suspension, declaration instead of proof, papers later,
//! several parties, a new version's way with running cases, keeping and publishing.

use forms::{Condition, TextShape};
use kernel::{Term, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// When a hearing is held or offered (听证; Licensing Law, articles 46–48).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct HearingSpec {
    /// Offered only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Why those concerned may ask for one.
    #[schemars(with = "TextShape")]
    pub why: Text,
    /// A law says that it is heard in public before it is decided (article 46): nobody has to ask.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub public: bool,
}

/// The kinds of special procedure whose time is not counted (特别程序; Licensing Law, article 45).
pub const SUSPENSIONS: [&str; 8] =
    ["hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert-review"];

/// A special procedure the item may need.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SuspensionSpec {
    /// One of `inspection`, `testing`, `quarantine`, `appraisal`, `expert-review`, `tender`, `auction`, `hearing`.
    pub kind: String,
    /// How long it may take at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub max: Option<Term>,
    /// Why, for the notice.
    #[schemars(with = "TextShape")]
    pub why: Text,
}

/// Decision on a declaration, checked later (告知承诺, 国办发〔2020〕42号): the applicant's choice, never for high risk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DeclarationSpec {
    /// What is declared.
    #[schemars(with = "TextShape")]
    pub obligation: Text,
    /// What follows when it is false.
    #[schemars(with = "TextShape")]
    pub liability: Text,
    /// The steps it replaces.
    pub steps: Vec<String>,
    /// Within what time after the decision it is checked.
    #[schemars(with = "String")]
    pub check_within: Term,
    /// Not open to whom this holds for (serious bad record).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub not_when: Option<Condition>,
}

/// How long the closed case is kept (归档保管期限).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Retention {
    /// So many years; for ever when absent (永久).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub years: Option<u16>,
    /// By which rule.
    #[schemars(with = "TextShape")]
    pub basis: Text,
}

/// Whether the decision is published (公开属性).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Publicity {
    /// 主动公开.
    Open,
    /// 依申请公开.
    OnRequest,
    /// 不予公开.
    Closed,
}

impl Publicity {
    /// What it is called.
    pub fn name(self) -> Text {
        match self {
            Self::Open => Text::new("主动公开", "Open by itself"),
            Self::OnRequest => Text::new("依申请公开", "Open on request"),
            Self::Closed => Text::new("不予公开", "Not open"),
        }
    }
}

/// Whether the decision is published, and on what ground: every item says it, so that a decision has it from birth.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Openness {
    /// Whether.
    pub attribute: Publicity,
    /// On what ground.
    #[schemars(with = "TextShape")]
    pub ground: Text,
}

/// How running cases of earlier versions go on under this one; a case of a version not named here stays with its own.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Migration {
    /// The versions whose running cases move over.
    pub from: Vec<i64>,
    /// Their steps, old id → new id; those not named keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub steps: BTreeMap<String, String>,
    /// Their form fields, old id → new id; those not named keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<String, String>,
    /// Their papers, old id → new id; those not named keep theirs.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub materials: BTreeMap<String, String>,
}

/// A party beside whoever files (共同申请人、配偶、买方…).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PartyRole {
    /// Stable.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// The form's field that names the party: `form.buyer_id`, a citizen identity number or a social credit code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub person: Option<String>,
    /// Whether it must agree before the case is accepted.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub confirm: bool,
}

impl crate::Item {
    /// Whether a party in this role must agree before the case is accepted.
    pub fn needs_word(&self, role: &str) -> bool {
        self.roles.iter().any(|r| r.confirm && r.id == role)
    }
}

/// A paper may come later (容缺受理): by when, and what follows when it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tolerance {
    /// Within what time from handing in.
    #[schemars(with = "String")]
    pub within: Term,
    /// What follows when it does not come.
    #[serde(default, skip_serializing_if = "IfMissing::lapses")]
    pub then: IfMissing,
    /// The same in words, as the applicant is told.
    #[schemars(with = "TextShape")]
    pub consequence: Text,
}

/// What follows when a paper that may come later does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum IfMissing {
    /// It ends without a decision, and one may apply again (终止办理).
    #[default]
    Lapse,
    /// It is refused, with reasons and remedies (不予许可).
    Refuse,
}

impl IfMissing {
    fn lapses(&self) -> bool {
        *self == Self::Lapse
    }
}

/// What an item prolongs (延续; 行政许可法第五十条): no certificate is made anew, the held one goes on under its number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Renews {
    /// The kind of certificate.
    pub certificate: String,
    /// For how many years.
    pub years: u8,
    /// How long before its end it is asked for; thirty days by the law when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub before: Option<Term>,
}

/// How the original of a paper is handled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Original {
    /// Looked at and given back (验原件).
    Look,
    /// Kept with the case (收原件).
    Keep,
    /// Taken back and cancelled (收回注销).
    TakeBack,
}
