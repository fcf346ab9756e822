//! A draft: what was typed so far and what was known when it began; sealed in the table.

use crate::model::{Dispute, FactAnswer};
use forms::{Answers, Form, Known};
use kernel::Text;
use proofs::ProofId;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// The context under which drafts are sealed.
pub(crate) const SEAL: &str = "cases_matter.draft";

/// What is kept of an application before it is filed.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// What was typed, typed values and unreadable text alike.
    pub answers: Answers,
    /// What was known when it began, by data element.
    #[serde(default)]
    pub known: Map<String, Value>,
    /// The kept papers that are ticked (一证通).
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub kept: BTreeSet<ProofId>,
    /// The fields of papers that a register should have proved and could not.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub unproven: BTreeSet<String>,
    /// What the applicant says is wrong in a register (现场纠错).
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub disputes: Vec<Dispute>,
    /// Which of the parties whoever applies is: `seller`. Their own data stand in that party's fields then.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// What registers answered while it was filled in, by question.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub asked: BTreeMap<String, FactAnswer>,
}

/// What is known, also by the words of the party that whoever applies is: `person.name` is `seller.name` too.
pub(crate) fn as_party(known: &Map<String, Value>, role: Option<&str>) -> Map<String, Value> {
    let mut all = known.clone();
    let Some(role) = role else { return all };
    let whose =
        if known.keys().any(|k| k.starts_with("organisation.")) { "organisation." } else { "person." };
    for (element, value) in known {
        if let Some(leaf) = element.strip_prefix(whose) {
            all.entry(format!("{role}.{leaf}")).or_insert_with(|| value.clone());
        }
    }
    all
}

/// The entry under which rules read what is known of whoever applies: what is `seller.name` to the form is `person.name` to them.
pub(crate) fn as_known(known: &Map<String, Value>, role: Option<&str>, path: &str) -> String {
    let Some(leaf) = role.and_then(|role| path.strip_prefix(role)?.strip_prefix('.')) else {
        return path.to_owned();
    };
    let whose = ["organisation", "person"].map(|root| format!("{root}.{leaf}"));
    whose.into_iter().find(|own| known.contains_key(own)).unwrap_or_else(|| path.to_owned())
}

/// What is known, by form field.
pub(crate) fn known_answers(form: &Form, known: &Map<String, Value>) -> BTreeMap<String, Known> {
    let one = |field: &forms::Field| {
        let element = field.element.as_ref()?;
        let value = known.get(element).filter(|v| !v.is_null())?.clone();
        Some((field.id.clone(), Known { value, source: source_of(element) }))
    };
    form.fields().filter_map(one).collect()
}

fn source_of(element: &str) -> Text {
    if element.starts_with("organisation.") {
        Text::new("市场主体登记信息", "the register of firms")
    } else {
        Text::new("您的实名账户信息", "your verified account")
    }
}

/// What is known as rules read it: `person.name` becomes `person: {name: …}`.
pub(crate) fn known_facts(known: &Map<String, Value>) -> Map<String, Value> {
    let mut roots: Map<String, Value> = Map::new();
    for (element, value) in known {
        let Some((root, leaf)) = element.split_once('.') else { continue };
        let entry = roots.entry(root.to_owned()).or_insert_with(|| Value::Object(Map::new()));
        if let Value::Object(fields) = entry {
            fields.insert(leaf.to_owned(), value.clone());
        }
    }
    roots
}
