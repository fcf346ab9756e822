//! The dictionary of data elements (数据元): what is asked, of which type, and which agency answers for it.

use crate::{FieldType, TextShape};
use kernel::rules::Schema;
use kernel::{AgencyCode, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// In which of the three classes a datum is shared between agencies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Sharing {
    /// 无条件共享.
    Free,
    /// 有条件共享.
    Conditional,
    /// 不予共享.
    Never,
}

/// One data element.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Element {
    /// `person.name`: whose, and what.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// What a field asking for it takes.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// The agency that answers for it.
    #[schemars(with = "String")]
    pub agency: AgencyCode,
    /// Its sharing class.
    pub sharing: Sharing,
    /// Whether it is kept sealed and shown masked.
    #[serde(default)]
    pub secret: bool,
}

/// All data elements.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Elements(Vec<Element>);

impl Elements {
    /// The dictionary of these elements.
    pub fn new(elements: Vec<Element>) -> Self {
        Self(elements)
    }

    /// The element with this id.
    pub fn get(&self, id: &str) -> Option<&Element> {
        self.0.iter().find(|e| e.id == id)
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Element> {
        self.0.iter()
    }

    /// Their typed paths: `person.name`, `organisation.credit_code`.
    pub fn schema(&self) -> Schema {
        self.0.iter().fold(Schema::new(), |schema, e| schema.with(&e.id, e.kind.rule_type()))
    }
}
