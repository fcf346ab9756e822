//! What items build on and share: registers (`sources.yaml`), data elements (`elements.yaml`), the dictionary of papers
//! (`knowledge.yaml`).

use crate::Knowledge;
use forms::{Element, Elements, Sharing, TextShape};
use kernel::rules::{Schema, Type};
use kernel::{AgencyCode, Text};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a register's field holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RegisterType {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// True or false.
    YesNo,
    /// A date.
    Date,
    /// A list of text.
    Texts,
}

impl RegisterType {
    /// Its type in rules.
    pub fn rule_type(self) -> Type {
        match self {
            Self::Text => Type::Text,
            Self::Number => Type::Number,
            Self::YesNo => Type::Bool,
            Self::Date => Type::Date,
            Self::Texts => Type::List(Box::new(Type::Text)),
        }
    }
}

impl RegisterType {
    /// Whether a value is of this type.
    pub fn takes(self, value: &serde_json::Value) -> bool {
        match self {
            Self::Text => value.is_string(),
            Self::Number => value.is_i64() || value.is_u64(),
            Self::YesNo => value.is_boolean(),
            Self::Date => value.as_str().is_some_and(|text| text.parse::<jiff::civil::Date>().is_ok()),
            Self::Texts => value.as_array().is_some_and(|all| all.iter().all(serde_json::Value::is_string)),
        }
    }

    /// What whoever writes a value of this type is asked for, in Chinese and English.
    pub fn asks(self) -> (&'static str, &'static str) {
        match self {
            Self::Text => ("请填写文字。", "Write text."),
            Self::Number => ("请填写整数，例如 45。", "Write a whole number, such as 45."),
            Self::YesNo => ("请填写“是”或者“否”。", "Write yes or no."),
            Self::Date => ("请填写日期，例如 2026-11-29。", "Write a date, such as 2026-11-29."),
            Self::Texts => {
                ("请逐项填写，用顿号分开。", "Write the entries one after another, with commas between.")
            }
        }
    }
}

/// A key or field of a register.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RegisterField {
    /// What it holds.
    #[serde(rename = "type")]
    pub kind: RegisterType,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// Whether it says where a person lives: kept from others while the address is under protection.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub place: bool,
}

/// A register that items may ask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Register {
    /// Stable; what `exchange` knows it by.
    pub id: String,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// The agency that keeps it.
    #[schemars(with = "String")]
    pub agency: AgencyCode,
    /// Its sharing class.
    pub sharing: Sharing,
    /// Whether it holds data about persons.
    pub personal: bool,
    /// What it is asked with.
    pub keys: BTreeMap<String, RegisterField>,
    /// What it answers.
    pub fields: BTreeMap<String, RegisterField>,
    /// The claims (of `knowledge.yaml`) that its answer proves about whoever it is asked about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub proves: Vec<String>,
}

/// Registers and elements together.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Shared {
    /// The registers.
    pub registers: Vec<Register>,
    /// The data elements.
    pub elements: Elements,
    /// The dictionary of papers. A published version does not keep it: the current one is [`crate::knowledge`].
    pub knowledge: Arc<Knowledge>,
    /// Which of these the pack brought itself: those replace what is known, the others only fill gaps.
    pub(crate) own: Own,
}

impl Shared {
    /// The register with this id.
    pub fn register(&self, id: &str) -> Option<&Register> {
        self.registers.iter().find(|r| r.id == id)
    }

    /// Adds the paths that register `id` has under `alias`.
    pub(crate) fn put(&self, schema: &mut Schema, alias: &str, id: &str) {
        for (name, field) in self.register(id).into_iter().flat_map(|r| &r.fields) {
            schema.insert(&format!("{alias}.{name}"), field.kind.rule_type());
        }
    }
}

/// As it is kept beside a published item, then only what the item uses; and as the current state of everything.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Kept {
    pub registers: Vec<Register>,
    pub elements: Vec<Element>,
    #[serde(default, skip_serializing_if = "Knowledge::is_empty")]
    pub knowledge: Knowledge,
}

impl Kept {
    /// What `item` uses of `shared`. Elements stay whole: rules may read any of them.
    pub fn of(item: &crate::Item, shared: &Shared) -> Self {
        let used = |r: &&Register| item.sources.iter().any(|s| s.source == r.id);
        Self {
            registers: shared.registers.iter().filter(used).cloned().collect(),
            elements: shared.elements.iter().cloned().collect(),
            knowledge: Knowledge::default(),
        }
    }

    /// What is shared now and what a pack brings to it: its registers and elements in place of those of the same name;
    /// its dictionary too when it is its own, else only where nothing is said yet.
    pub fn with(now: &Shared, pack: &Shared) -> Self {
        let mut registers = now.registers.clone();
        let mut elements: Vec<Element> = now.elements.iter().cloned().collect();
        for register in &pack.registers {
            put(&mut registers, register, |r| &r.id, pack.own.registers);
        }
        for element in pack.elements.iter() {
            put(&mut elements, element, |e| &e.id, pack.own.elements);
        }
        Self { registers, elements, knowledge: now.knowledge.with(&pack.knowledge, pack.own.knowledge) }
    }

    /// Back to registers, elements and papers.
    pub fn shared(self) -> Shared {
        Shared {
            registers: self.registers,
            elements: Elements::new(self.elements),
            knowledge: Arc::new(self.knowledge),
            own: Own::default(),
        }
    }
}

/// Puts `one` in place of that with its id when it `replaces`, else only where there is none.
fn put<T: Clone>(all: &mut Vec<T>, one: &T, id: impl Fn(&T) -> &String, replaces: bool) {
    match all.iter_mut().find(|o| id(o) == id(one)) {
        Some(here) if replaces => *here = one.clone(),
        Some(_) => {}
        None => all.push(one.clone()),
    }
}

/// Which of its files a pack brought itself; the others are the house's own.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(crate) struct Own {
    pub registers: bool,
    pub elements: bool,
    pub knowledge: bool,
}
