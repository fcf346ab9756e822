//! Reading what was typed into types, keeping what cannot be read as it was typed.

use crate::{Answers, Form, Known};
use kernel::FieldError;
use std::collections::BTreeMap;

impl Form {
    /// Reads what a page posted over the `old` answers. With `_section` among the pairs only that section's fields are
    /// read, and what is absent there is empty. `_add=group` adds a row, `_remove=group[1]` takes a row or file away.
    pub fn read(&self, _pairs: &[(String, String)], old: &Answers) -> (Answers, Vec<FieldError>) {
        (old.clone(), Vec::new())
    }

    /// Adds a stored file to a file field.
    pub fn attach(&self, _answers: &mut Answers, _field: &str, _file: kernel::FileId, _name: &str) {}

    /// Puts what is known into the answers: empty fields are filled, those that are `readonly_when_known` overwritten.
    pub fn prefill(&self, _answers: &mut Answers, _known: &BTreeMap<String, Known>) {}
}
