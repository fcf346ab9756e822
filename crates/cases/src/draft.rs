//! A draft: what was typed so far and what was known when it began; sealed in the table.

use catalog::Item;
use forms::{Answers, Known};
use kernel::Text;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

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
}

/// What is known, by form field.
pub(crate) fn known_answers(item: &Item, known: &Map<String, Value>) -> BTreeMap<String, Known> {
    let one = |field: &forms::Field| {
        let element = field.element.as_ref()?;
        let value = known.get(element).filter(|v| !v.is_null())?.clone();
        Some((field.id.clone(), Known { value, source: source_of(element) }))
    };
    item.form.fields().filter_map(one).collect()
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
