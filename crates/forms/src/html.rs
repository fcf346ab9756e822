//! A section's fields as HTML: plain form controls that work without JavaScript.

use crate::{Answers, Evaluation, Section};
use kernel::{FieldError, Lang, Text};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// A value that is known, and from where.
#[derive(Debug, Clone, PartialEq)]
pub struct Known {
    /// The value, as the answer would be.
    pub value: Value,
    /// Who says so.
    pub source: Text,
}

/// Which fields are shown, for the browser's script.
pub type Visible = BTreeSet<String>;

/// The fields of `section` as HTML, escaped; `known` by field id. Names of the inputs are the field paths.
pub fn fields_html(
    _section: &Section,
    _answers: &Answers,
    _known: &BTreeMap<String, Known>,
    _evaluation: &Evaluation,
    _errors: &[FieldError],
    _lang: Lang,
) -> String {
    String::new()
}
