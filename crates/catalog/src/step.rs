//! The process of an item: steps, automatic checks, the standard by which discretion is used, the decision.

use crate::By;
use forms::{Condition, TextShape};
use kernel::{Term, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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

/// What a band of a standard comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BandOutcome {
    /// In favour.
    Pass,
    /// Against.
    Fail,
}

/// Between which amounts, in yuan, both included: `80` or `80.50`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AmountBand {
    /// The least.
    pub min: String,
    /// The most.
    pub max: String,
}

/// One line of a standard: when it applies and what it comes to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Band {
    /// Stable.
    pub id: String,
    /// When it applies. The first band that holds is the one.
    pub when: Condition,
    /// What it comes to.
    pub outcome: BandOutcome,
    /// The amount, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<AmountBand>,
    /// In words, for the examiner and for the decision's reasons.
    #[schemars(with = "TextShape")]
    pub say: Text,
}

/// The standard by which a step's discretion is used (裁量基准): the examiner sees which band applies; whoever deviates
/// gives a reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Standard {
    /// Where it is laid down.
    #[schemars(with = "TextShape")]
    pub basis: Text,
    /// The bands; the first that holds applies.
    pub bands: Vec<Band>,
}

impl Standard {
    /// The band that applies to these facts, or the facts that are missing before it can be told.
    ///
    /// # Errors
    /// The paths without which it cannot be told.
    pub fn band(&self, facts: &serde_json::Value) -> Result<Option<&Band>, Vec<String>> {
        use kernel::rules::Verdict;
        for band in &self.bands {
            match band.when.rule().map(|rule| rule.test(facts)) {
                Some(Verdict::Yes) => return Ok(Some(band)),
                Some(Verdict::No) => {}
                Some(Verdict::Absent(paths)) => return Err(paths),
                None => return Err(vec![band.when.source.clone()]),
            }
        }
        Ok(None)
    }
}

/// What whoever examines a step needs to see of the case, and no more (最小必要; Personal Information Protection Law,
/// article 6). A paper's own field comes with the paper.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Needs {
    /// The form's fields, by id; a secret one is shown masked.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<String>,
    /// The papers, by their id among `materials`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<String>,
    /// What registers said, by the register's id among `sources`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub facts: Vec<String>,
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
    /// The standard by which its discretion is used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub standard: Option<Standard>,
    /// The parties (ids of `roles`) whose confirmation it needs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub confirm: Vec<String>,
    /// Published for so long (公示); passes by itself at its end unless somebody has objected.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub publicity: Option<Term>,
    /// Somebody comes to look (现场核查): the applicant is told when, by two officers at least.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub site_visit: bool,
    /// What its examiner needs to see; everything when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needs: Option<Needs>,
    /// For a step of a line system: the form's fields that it is told, by id; none of them secret, none a file.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tells: Vec<String>,
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
