//! What a form is made of: sections, fields, conditions. Data from packs; no field of any item is known to the code.

use kernel::Text;
use kernel::rules::Rule;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What was answered: field id → typed value. What could not be understood stands as typed under [`RAW`].
pub type Answers = serde_json::Map<String, serde_json::Value>;

/// The key in [`Answers`] that keeps, by field path, text that could not be read.
pub const RAW: &str = "~raw";

/// A whole form may hold this many bytes of answers.
pub const ANSWERS_MAX: usize = 256 * 1024;

/// A repeating group may hold this many rows.
pub const ROWS_MAX: usize = 200;

/// What a field takes, and as what JSON it is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FieldType {
    /// One line; a string.
    Text,
    /// Several lines; a string.
    LongText,
    /// A number; a JSON number, whole unless `decimals` is given.
    Number,
    /// A day; `"2026-11-22"`.
    Date,
    /// One of `options`; the option's value.
    Choice,
    /// Some of `options`; an array of values in the options' order.
    Several,
    /// A division (GB/T 2260); its six digits as a string, nine for a town.
    Division,
    /// A vehicle plate (号牌号码); a string without blanks, `苏A12345`.
    Plate,
    /// A citizen identity number (公民身份号码); a string, upper-case X.
    CitizenId,
    /// A unified social credit code (统一社会信用代码); a string.
    CreditCode,
    /// An amount of money; whole fen.
    Money,
    /// A telephone number; a string of digits, with hyphens for fixed lines.
    Phone,
    /// Files; an array of `{"file": id, "name": name}`.
    File,
    /// A statement the applicant makes; `true`.
    Declaration,
    /// A repeating group; an array of objects.
    Group,
}

impl FieldType {
    /// The word packs use.
    pub fn word(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long-text",
            Self::Number => "number",
            Self::Date => "date",
            Self::Choice => "choice",
            Self::Several => "several",
            Self::Division => "division",
            Self::Plate => "plate",
            Self::CitizenId => "citizen-id",
            Self::CreditCode => "credit-code",
            Self::Money => "money",
            Self::Phone => "phone",
            Self::File => "file",
            Self::Declaration => "declaration",
            Self::Group => "group",
        }
    }
}

/// A rule in CEL with, once compiled, its checked program.
#[derive(Clone, Default)]
pub struct Condition {
    /// The rule as written in the pack.
    pub source: String,
    pub(crate) rule: Option<Arc<Rule>>,
}

impl Condition {
    /// A rule not yet compiled.
    pub fn new(source: impl Into<String>) -> Self {
        Self { source: source.into(), rule: None }
    }

    /// Compiles it against `schema`.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn compile(&mut self, schema: &kernel::rules::Schema) -> Result<(), Vec<kernel::rules::RuleError>> {
        self.rule = Some(Arc::new(Rule::compile(&self.source, schema)?));
        Ok(())
    }

    /// Compiles it as an expression of any type.
    ///
    /// # Errors
    /// What is wrong with the rule.
    pub fn compile_value(
        &mut self,
        schema: &kernel::rules::Schema,
    ) -> Result<(), Vec<kernel::rules::RuleError>> {
        self.rule = Some(Arc::new(Rule::compile_value(&self.source, schema)?));
        Ok(())
    }

    /// The compiled rule; `None` before [`Condition::compile`].
    pub fn rule(&self) -> Option<&Rule> {
        self.rule.as_deref()
    }
}

impl std::fmt::Debug for Condition {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)
    }
}

impl PartialEq for Condition {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source
    }
}

impl Serialize for Condition {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&self.source)
    }
}

impl<'de> Deserialize<'de> for Condition {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from).map(Self::new)
    }
}

impl JsonSchema for Condition {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Rule".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({
            "type": "string",
            "description": "A rule in CEL over form.*, row.* (inside a group), person.*, organisation.*, the item's sources by alias, and today."
        })
    }
}

/// The least or the most: a number, an amount, a length, a count, or a date (`2026-01-01`, `today`, `today+30`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Bound(pub String);

impl<'de> Deserialize<'de> for Bound {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct V;
        impl serde::de::Visitor<'_> for V {
            type Value = Bound;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number or a date")
            }
            fn visit_i64<E>(self, n: i64) -> Result<Bound, E> {
                Ok(Bound(n.to_string()))
            }
            fn visit_u64<E>(self, n: u64) -> Result<Bound, E> {
                Ok(Bound(n.to_string()))
            }
            fn visit_f64<E>(self, n: f64) -> Result<Bound, E> {
                Ok(Bound(n.to_string()))
            }
            fn visit_str<E>(self, text: &str) -> Result<Bound, E> {
                Ok(Bound(text.to_owned()))
            }
        }
        from.deserialize_any(V)
    }
}

impl JsonSchema for Bound {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "Bound".into()
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": ["number", "string"] })
    }
}

/// [`Text`] as packs write it, for the JSON Schema only.
#[derive(JsonSchema)]
#[serde(deny_unknown_fields)]
#[allow(dead_code, reason = "only its schema is used")]
#[schemars(rename = "Text")]
pub struct TextShape {
    #[serde(rename = "zh-CN")]
    zh: String,
    en: String,
}

/// One of the answers to choose from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// What is kept.
    pub value: String,
    /// What is shown.
    #[schemars(with = "TextShape")]
    pub label: Text,
}

/// A rule that must hold, with the sentence for when it does not.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Check {
    /// What must hold; a rule whose answers are still missing is not held against anyone.
    pub rule: Condition,
    /// What is wrong and what to do, when it does not hold.
    #[schemars(with = "TextShape")]
    pub say: Text,
}

/// How deep a division must be given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum DivisionLevel {
    /// 省级.
    Province,
    /// 地级.
    City,
    /// 县级.
    County,
    /// 乡级: a town or sub-district, nine digits (GB/T 10114).
    Town,
}

/// One field.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable, lower-case letters, digits and `_`; for a field with `element`, by default the element with `_` for `.`.
    #[serde(default)]
    pub id: String,
    /// The question; by default the element's name.
    #[serde(default)]
    #[schemars(with = "Option<TextShape>")]
    pub label: Text,
    /// A hint under the question.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub help: Option<Text>,
    /// The data element it asks for; filled in when known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub element: Option<String>,
    /// What it takes; by default the element's type.
    #[serde(rename = "type", default, skip_serializing_if = "Option::is_none")]
    pub declared: Option<FieldType>,
    /// Whether it must be answered when it is shown.
    #[serde(default, skip_serializing_if = "is_false")]
    pub required: bool,
    /// Shown only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub show: Option<Condition>,
    /// Must be answered when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub require: Option<Condition>,
    /// What else must hold of it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Check>,
    /// For `choice` and `several`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub options: Vec<Choice>,
    /// The least: value, length, number of rows, files or ticks, or the earliest date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<Bound>,
    /// The most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<Bound>,
    /// For `number`: digits after the point, at most 6.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub decimals: u8,
    /// For `number`: what is counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub unit: Option<Text>,
    /// For `division`: how deep it must be given; any by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub level: Option<DivisionLevel>,
    /// For `division`: only this division and what is inside it; its code, `440604`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// For `group`: the fields of a row.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<Field>,
    /// Whether a known value can only be corrected at its source.
    #[serde(default, skip_serializing_if = "is_false")]
    pub readonly_when_known: bool,
    /// Shown masked on pages other than the applicant's form.
    #[serde(default, skip_serializing_if = "is_false")]
    pub secret: bool,
}

fn is_false(b: &bool) -> bool {
    !*b
}

fn is_zero(n: &u8) -> bool {
    *n == 0
}

impl Field {
    /// What it takes; text until [`Form::compile`] has looked up its element.
    pub fn kind(&self) -> FieldType {
        self.declared.unwrap_or(FieldType::Text)
    }
}

/// One page of a form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Stable; stands in the page's address.
    pub id: String,
    /// The page's title.
    #[schemars(with = "TextShape")]
    pub title: Text,
    /// A sentence under the title.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<TextShape>")]
    pub help: Option<Text>,
    /// Its fields.
    pub fields: Vec<Field>,
}

/// A form: its sections in order.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Form {
    /// The sections.
    pub sections: Vec<Section>,
}

impl Form {
    /// All fields outside groups, in order.
    pub fn fields(&self) -> impl Iterator<Item = &Field> {
        self.sections.iter().flat_map(|s| &s.fields)
    }

    /// The field with this id.
    pub fn field(&self, id: &str) -> Option<&Field> {
        self.fields().find(|f| f.id == id)
    }

    /// The section with this id.
    pub fn section(&self, id: &str) -> Option<&Section> {
        self.sections.iter().find(|s| s.id == id)
    }
}

impl FieldType {
    /// The type its answers have in rules.
    pub fn rule_type(self) -> kernel::rules::Type {
        use kernel::rules::Type;
        match self {
            Self::Number => Type::Number,
            Self::Date => Type::Date,
            Self::Money => Type::Money,
            Self::Declaration => Type::Bool,
            Self::Several => Type::List(Box::new(Type::Text)),
            Self::File | Self::Group => Type::List(Box::new(Type::Any)),
            _ => Type::Text,
        }
    }
}
