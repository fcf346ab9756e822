//! The facts as rules read them: `form.*`, each source under its alias, `person.*`, `organisation.*`, `today`.

use crate::model::{Case, Fact, FactAnswer};
use forms::Answers;
use kernel::{Timestamp, clock};
use serde_json::{Map, Value};

/// The facts of a case on the day of `at`.
pub fn facts_of(case: &Case, at: Timestamp) -> Value {
    facts_value(&case.answers, &case.facts, at)
}

/// The same from their parts.
pub fn facts_value(answers: &Answers, facts: &[Fact], at: Timestamp) -> Value {
    let mut all = Map::new();
    all.insert("form".to_owned(), Value::Object(answers.clone()));
    all.insert("today".to_owned(), Value::String(clock::legal_date(at).to_string()));
    for fact in facts {
        if let FactAnswer::Found(value) = &fact.answer {
            all.insert(fact.alias.clone(), value.clone());
        }
    }
    Value::Object(all)
}
