//! A service item as a pack describes it (DESIGN §4): data only, and the same struct that is read from YAML is served.

use crate::Example;
use forms::{Condition, Form, TextShape};
use kernel::{AgencyCode, Term, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The sort of power exercised (事项类型, since 国发〔2022〕5号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// 行政许可.
    Permit,
    /// 行政确认.
    Confirmation,
    /// 行政给付.
    Benefit,
    /// 行政奖励.
    Reward,
    /// 行政裁决.
    Adjudication,
    /// 行政备案.
    Filing,
    /// 其他行政权力.
    Other,
    /// 公共服务.
    PublicService,
}

/// Whom it serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Audience {
    /// Natural persons (个人).
    Person,
    /// Firms and other organisations (法人).
    Organisation,
}

/// Whether it is done at once or within a promised term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Handling {
    /// 即办件.
    Instant,
    /// 承诺件.
    Promised,
}

/// How long it may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Terms {
    /// By law (法定办结时限).
    #[schemars(with = "String")]
    pub statutory: Term,
    /// As promised (承诺办结时限).
    #[schemars(with = "String")]
    pub promised: Term,
}

/// A legal basis.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Basis {
    /// The law's name.
    #[schemars(with = "TextShape")]
    pub law: Text,
    /// The article (条款).
    pub article: String,
    /// What it says, in short.
    #[schemars(with = "TextShape")]
    pub text: Text,
}

/// A question whose answer decides what is needed (情形).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Situation {
    /// Stable.
    pub id: String,
    /// The question.
    #[schemars(with = "TextShape")]
    pub ask: Text,
    /// The answers.
    pub options: Vec<forms::Choice>,
}

/// A register the item asks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ItemSource {
    /// The name its answer has in rules: `vehicle` gives `vehicle.inspection_until`.
    pub id: String,
    /// Which register, from `sources.yaml`.
    pub source: String,
    /// What it is asked with: the register's key, and a rule that gives the value.
    pub keys: BTreeMap<String, Condition>,
    /// Asked only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// Whether a paper must be there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Need {
    /// 必要.
    Required,
    /// 非必要.
    Optional,
    /// 容缺后补: accepted without it, handed in later.
    Later,
}

/// What may stand in for a paper.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Instead {
    /// An electronic certificate the applicant holds (免提交电子证照).
    Certificate,
    /// A register that can be asked (数据共享).
    Source,
    /// A declaration (告知承诺).
    Declaration,
}

/// One paper the item needs (申请材料).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Material {
    /// Stable.
    pub id: String,
    /// The kind of paper, the same word in every item.
    pub kind: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Whether it must be there.
    pub need: Need,
    /// Needed only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What may stand in for it, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<Instead>,
    /// For `instead: [source]`: the item's source (its `id`) that answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// For `instead: [certificate]`: the certificate's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The form's file field where it is handed in, or its declaration field.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<String>,
    /// The agency that issues it (来源渠道).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub issuer: Option<AgencyCode>,
    /// What to mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub note: Option<Text>,
}

/// Who takes a step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "String", into = "String")]
#[schemars(with = "String")]
pub enum By {
    /// The program, by `rule`.
    Automatic,
    /// The window.
    Clerk,
    /// Examiners of an agency.
    Agency(AgencyCode),
}

impl TryFrom<String> for By {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        match text.as_str() {
            "automatic" => Ok(Self::Automatic),
            "clerk" => Ok(Self::Clerk),
            _ => AgencyCode::parse(&text)
                .filter(|_| text.contains('.'))
                .map(Self::Agency)
                .ok_or_else(|| format!("`{text}` takes no step: write automatic, clerk or an agency's code such as nanjing.transport")),
        }
    }
}

impl From<By> for String {
    fn from(by: By) -> String {
        match by {
            By::Automatic => "automatic".to_owned(),
            By::Clerk => "clerk".to_owned(),
            By::Agency(code) => code.to_string(),
        }
    }
}

/// What follows when an automatic step's rule does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Otherwise {
    /// The case is refused, with the reasons (不予许可).
    Refuse,
    /// An examiner looks at it.
    #[default]
    Person,
}

/// One reason of an automatic step, each with its own sentence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// Stable.
    pub id: String,
    /// What must hold.
    pub rule: Condition,
    /// What must hold, in words, for whoever examines; the rule itself is shown when there are none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub holds: Option<Text>,
    /// The sentence for the applicant when it does not.
    #[schemars(with = "TextShape")]
    pub say: Text,
}

/// One step of the process.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Stable.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub title: Text,
    /// Who takes it.
    pub by: By,
    /// The steps that must be done before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub after: Vec<String>,
    /// Taken only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// How long it may take.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub term: Option<Term>,
    /// For an automatic step: what must hold. All of `rule` and `checks`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<Condition>,
    /// For an automatic step: what must hold, each with its reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Reason>,
    /// For an automatic step whose rule does not hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<Otherwise>,
    /// What the examiner looks at.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub guide: Option<Text>,
}

/// How it is decided.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Decision {
    /// The steps after which it is decided.
    #[serde(default)]
    pub after: Vec<String>,
    /// The leeway and how it is used (裁量基准).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub discretion: Option<Text>,
}

/// How long a certificate is valid: two rules that give dates.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Validity {
    /// The first day; today when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Condition>,
    /// The last day; without end when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Condition>,
    /// The last day counted from the first, when `to` is absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u16>,
}

/// A field printed on a certificate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultField {
    /// The key in the template's data.
    pub key: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub label: Text,
    /// A path or rule that gives the value; a path to a form's field prints as that field does.
    pub value: Condition,
    /// Whether anyone who verifies it may see it.
    #[serde(default)]
    pub public: bool,
}

/// What the applicant gets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ResultSpec {
    /// The certificate's kind.
    pub certificate: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Its type code: the defining body's credit code and three digits (GB/T 36904).
    pub type_code: String,
    /// The template's file in the pack's folder.
    pub template: String,
    /// The template's text; loaded, not written in the pack.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(skip)]
    pub source: String,
    /// How long it is valid.
    pub valid: Validity,
    /// What stands on it.
    pub fields: Vec<ResultField>,
}

/// A fee.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// In yuan, `12.50`.
    pub amount: String,
    /// On what basis.
    #[schemars(with = "TextShape")]
    pub basis: Text,
}

/// Where one can go instead of applying on line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Its address.
    #[schemars(with = "TextShape")]
    pub address: Text,
    /// When it is open.
    #[schemars(with = "TextShape")]
    pub hours: Text,
    /// Its telephone.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
}

/// A frequent question.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Question {
    /// The question.
    #[schemars(with = "TextShape")]
    pub ask: Text,
    /// Its answer.
    #[schemars(with = "TextShape")]
    pub answer: Text,
}

/// A service item (政务服务事项).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// The pack's folder name; not written in the pack.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    #[schemars(skip)]
    pub key: String,
    /// The implementation code, 31 characters (GB/T 39554).
    pub code: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Other names people use.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Words people search with.
    #[serde(default)]
    pub keywords: Vec<String>,
    /// What it is, in one or two sentences.
    #[schemars(with = "TextShape")]
    pub what: Text,
    /// Who may apply.
    #[schemars(with = "TextShape")]
    pub who: Text,
    /// The agency responsible.
    #[schemars(with = "String")]
    pub agency: AgencyCode,
    /// The sort of power.
    #[serde(rename = "type")]
    pub kind: ItemKind,
    /// Whom it serves.
    pub audience: Vec<Audience>,
    /// Themes it is listed under.
    #[serde(default)]
    pub themes: Vec<String>,
    /// At once or within a term.
    pub handling: Handling,
    /// How long it may take.
    pub terms: Terms,
    /// Visits needed (到现场次数).
    pub visits: u8,
    /// Legal basis.
    pub basis: Vec<Basis>,
    /// Questions that decide what is needed.
    #[serde(default)]
    pub situations: Vec<Situation>,
    /// The form.
    pub form: Form,
    /// The registers asked.
    #[serde(default)]
    pub sources: Vec<ItemSource>,
    /// The papers.
    #[serde(default)]
    pub materials: Vec<Material>,
    /// The steps.
    pub process: Vec<Step>,
    /// How it is decided.
    pub decision: Decision,
    /// What one gets.
    #[serde(default)]
    pub results: Vec<ResultSpec>,
    /// What it costs.
    #[serde(default)]
    pub fees: Vec<Fee>,
    /// Where one can go instead.
    #[serde(default)]
    pub places: Vec<Place>,
    /// Telephone for questions.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub phone: String,
    /// How to complain.
    #[schemars(with = "TextShape")]
    pub complain: Text,
    /// Frequent questions.
    #[serde(default)]
    pub questions: Vec<Question>,
    /// Its own tests.
    #[serde(default)]
    pub examples: Vec<Example>,
    /// Why and from what it was reconstructed, when it is not an agency's own text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconstructed: Option<String>,
    /// Where what it says was read.
    #[serde(default)]
    pub references: Vec<String>,
}
