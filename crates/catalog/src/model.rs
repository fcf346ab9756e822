//! A service item as a pack describes it (DESIGN §4): data only, and the same struct that is read from YAML is served.

pub use crate::situation::Situation;
use crate::special::*;
use crate::step::{Decision, Step};
use crate::{Example, Fee};
use forms::{Condition, Form, TextShape};
use kernel::{AgencyCode, Term, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// The sort of power exercised (事项类型, since 国发〔2022〕5号).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ItemKind {
    /// 行政许可.
    Permit,
    /// 行政登记.
    Registration,
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

/// The words of an answer to a situation.
pub(crate) fn words(answer: &Value) -> Vec<&str> {
    match answer {
        Value::String(one) => vec![one],
        Value::Array(many) => many.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
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
    /// The kind of paper, the same word in every item (`knowledge.yaml`).
    pub kind: String,
    /// Whose paper it is: `applicant`, `seller`, `buyer`, `spouse`, `child`, `dwelling`, `vehicle` …
    #[serde(default = "applicant", skip_serializing_if = "is_applicant")]
    pub holder: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Whether it must be there.
    pub need: Need,
    /// Needed only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Most cases do not need it: until it can be told whether `when` holds it is not counted nor asked, only told of.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub rare: bool,
    /// What may stand in for it, best first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub instead: Vec<Instead>,
    /// For `instead: [source]`: the item's source (its `id`) that answers it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// For `instead: [certificate]`: the certificate's kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate: Option<String>,
    /// The certificate of another item of the same matter that stands for it, once it is issued there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub produced_by: Option<String>,
    /// The step that needs it; the first one that a person takes when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at: Option<String>,
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
    /// It may come later: by when, and what follows when it does not (容缺受理).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tolerable: Option<Tolerance>,
    /// How the original is handled; a copy is enough when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub original: Option<Original>,
    /// The form's date field that says when it was issued: how long it may be used again is counted from that day. From the day it is
    /// handed in when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued: Option<String>,
}

/// The holder of a paper when none is written: whoever applies.
pub const APPLICANT: &str = "applicant";

pub(crate) fn applicant() -> String {
    APPLICANT.to_owned()
}

fn is_applicant(holder: &str) -> bool {
    holder == APPLICANT
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
    /// Whose it is, by the words of `materials[].holder`; in a joint matter it stands for the papers of this holder, of
    /// any when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder: Option<String>,
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
    /// To be renewed so many days before it ends (Licensing Law, article 50: 30).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renew_before: Option<u16>,
}

/// When somebody is entitled to what the item gives, without having applied (免申即享).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Entitlement {
    /// Holds for whoever is entitled; it reads `person.*`, `organisation.*`, the item's sources and `today`, no form.
    pub when: Condition,
    /// Why, in words for whoever is entitled.
    #[schemars(with = "TextShape")]
    pub why: Text,
    /// It is due to a child: it is looked up for each minor child of the person, by the child's number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child: Option<EntitledChild>,
}

/// Whose children something may be due to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct EntitledChild {
    /// The form's field that names the child, `form.child_id`.
    pub field: String,
    /// Gives the numbers of the person's family; those under 18 are looked up.
    pub among: Condition,
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
    /// The law of its procedure, where several bind items of its kind: `real-estate`, `market-entity`, `social-relief`. The usual
    /// one of its kind when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<String>,
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
    /// Questions that decide what is needed; each becomes a choice field of the form's first section, `situation`.
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
    /// The division field, `form.town`, whose place picks the agency of steps such as `civil-affairs@town`; that of `agency` if none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub place: Option<String>,
    /// Handled jointly or by one window for several agencies (Licensing Law, article 26): 45 + 15 working days.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joint: bool,
    /// 定期核查: what is paid is looked at again from time to time (社会救助暂行办法第十三条); for benefits that go on.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reviewed: bool,
    /// Security, public safety, health, life or property: no decision on declaration.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub high_risk: bool,
    /// A look before formal receipt (预审), within so long.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub precheck: Option<Term>,
    /// How long the applicant has to supply what is missing; after that the case lapses (补交不来).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub supplement_within: Option<Term>,
    /// Within what time the other parties must confirm that they take part; ten working days when it is not said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub confirm_within: Option<Term>,
    /// Whether a hearing is offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hearing: Option<HearingSpec>,
    /// Special procedures it may need.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suspensions: Vec<SuspensionSpec>,
    /// Whether the applicant may declare instead of proving.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub declaration: Option<DeclarationSpec>,
    /// How long the closed case is kept.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retention: Option<Retention>,
    /// Whether the decision is published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub openness: Option<Openness>,
    /// How running cases of earlier versions go on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub migration: Option<Migration>,
    /// The certificate whose time it prolongs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renews: Option<Renews>,
    /// The steps that a lower body takes before it sends the case up to the body that decides (Licensing Law, article 43).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub preliminary: Vec<String>,
    /// Parties beside whoever files.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub roles: Vec<PartyRole>,
    /// Who is entitled to it without applying.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entitlement: Option<Entitlement>,
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

impl Item {
    /// Whether a grant ends with a certificate: one that is made, or a held one that goes on.
    pub fn certifies(&self) -> bool {
        !self.results.is_empty() || self.renews.is_some()
    }
}
