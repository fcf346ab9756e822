//! What of a form is shown, what must be answered, and what is wrong, decided by its rules on the server.

use crate::{Answers, Form};
use kernel::FieldError;
use serde_json::Value;
use std::collections::BTreeSet;

/// The state of a form under some answers; field paths such as `plate` or `drivers[1].citizen_id`.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct Evaluation {
    /// The fields to be shown.
    pub show: BTreeSet<String>,
    /// The fields that must be answered.
    pub require: BTreeSet<String>,
    /// What is wrong, in the order of the form.
    pub errors: Vec<FieldError>,
}

impl Form {
    /// Decides what is shown, required and wrong. `facts` holds what rules may read beside `form.*`: `today`, `person`,
    /// `organisation`, sources by alias; a rule that lacks a fact shows its field and requires nothing.
    pub fn evaluate(&self, _answers: &Answers, _facts: &Value) -> Evaluation {
        Evaluation::default()
    }

    /// The answers without those of fields that are not shown, and without text that could not be read: what is filed.
    pub fn prune(&self, answers: &Answers, _evaluation: &Evaluation) -> Answers {
        answers.clone()
    }
}
