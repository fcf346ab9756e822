//! What each department asked before the reform (`before.yaml`): written and sourced before anything is planned, so that
//! what falls away is counted against a list that nobody bends afterwards.

use forms::{Condition, TextShape};
use kernel::{AgencyCode, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How well something about the past is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SourceGrade {
    /// Read in a source that is named.
    Seen,
    /// Computed from what was read.
    Computed,
    /// Known from memory.
    Recalled,
    /// Put together by us from how such things were done.
    Reconstructed,
}

/// One paper that a department asked.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeforePaper {
    /// Its kind, the word of `knowledge.yaml`.
    pub kind: String,
    /// Whose paper it was.
    #[serde(default = "crate::model::applicant")]
    pub holder: String,
    /// What the department called it.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// On what basis it was asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub basis: Option<Text>,
    /// How well that is known.
    pub grade: SourceGrade,
    /// Where it was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// The members it was asked for; all of the list's when absent.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// Asked only in these situations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Whether it was an application form; from `knowledge.yaml`, not written here.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    #[schemars(skip)]
    pub form: bool,
}

/// One field of a department's form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeforeField {
    /// The data element it asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// What the form called it.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Asked only in these situations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
}

/// What one department asked, on one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct BeforeList {
    /// The department as it was called then.
    #[schemars(with = "TextShape")]
    pub department: Text,
    /// Its function: `housing`.
    pub function: String,
    /// The form's name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub form: Option<Text>,
    /// The member it corresponds to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<String>,
    /// The members it served, when there are several.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub items: Vec<String>,
    /// The list counts only in these situations.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// The agency that does it now.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub now: Option<AgencyCode>,
    /// How the department became the agency (职权承继).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub succession: Option<Text>,
    /// How many visits it took.
    #[serde(default)]
    pub visits: u16,
    /// How well that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub visits_grade: Option<SourceGrade>,
    /// How many working days it took.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u64>,
    /// How well that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days_grade: Option<SourceGrade>,
    /// The papers.
    #[serde(default)]
    pub papers: Vec<BeforePaper>,
    /// The fields of its form.
    #[serde(default)]
    pub fields: Vec<BeforeField>,
    /// How well the fields are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields_grade: Option<SourceGrade>,
    /// Where they were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fields_source: Option<String>,
    /// What to mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub note: Option<Text>,
}

/// All lists of a matter.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Before {
    /// The year or day for which it holds.
    pub as_of: String,
    /// What to mind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub note: Option<Text>,
    /// What each department asked.
    pub lists: Vec<BeforeList>,
    /// Why and from what it was reconstructed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reconstructed: Option<String>,
    /// Where what it says was read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
}
