//! Situations (情形): the questions that decide what is needed, and what registers answer of them.

use forms::{Condition, TextShape};
use kernel::Text;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeSet;

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
    /// Whether several answers may be given at once; rules then read a list, `'ill' in form.child`.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub several: bool,
    /// A rule over registers, `person.*` and `today` that gives the answer: what government knows is answered beforehand, and can be
    /// changed. It reads no form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub known: Option<Condition>,
}

impl Situation {
    /// The answer that registers give; `None` as long as they have not said enough for it, or when it is no answer of the question.
    pub fn told(&self, facts: &Value) -> Option<Value> {
        let told = self.known.as_ref()?.rule()?.value(facts).ok()?;
        match &told {
            Value::String(one) => self.answer([one.as_str()]),
            _ => None,
        }
    }

    /// The answer that these words are, as the form keeps it: a word, or a list in the order of the options; `None` when
    /// there are none, too many, or one that is no answer of it.
    pub fn answer<'a>(&self, said: impl IntoIterator<Item = &'a str>) -> Option<Value> {
        let said: BTreeSet<&str> = said.into_iter().collect();
        let words: Vec<&str> =
            self.options.iter().map(|o| o.value.as_str()).filter(|v| said.contains(v)).collect();
        match words.as_slice() {
            [] => None,
            _ if words.len() < said.len() => None,
            [one] if !self.several => Some(Value::from(*one)),
            _ => self.several.then(|| Value::from(words)),
        }
    }
}
