//! Rules of packs: CEL expressions checked against a typed schema when loaded, and three-valued when asked.

use crate::Text;
use std::collections::BTreeMap;

/// What a path of the facts holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A decimal number of six places at most, in facts a JSON number or its text.
    Decimal,
    /// True or false.
    Bool,
    /// A civil date, in facts `YYYY-MM-DD`.
    Date,
    /// An amount, in facts whole fen.
    Money,
    /// One of these machine words.
    Choice(Vec<String>),
    /// Several of one type.
    List(Box<Type>),
    /// Named fields.
    Object(BTreeMap<String, Type>),
    /// Whatever: compared at run time; of two different types neither equal nor unequal, but absent.
    Any,
}

/// The full paths that rules may name, with their types.
#[derive(Debug, Clone, Default)]
pub struct Schema {
    fields: BTreeMap<String, Type>,
}

impl Schema {
    /// A schema that knows only `today`.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds a path such as `form.route.to`.
    #[must_use]
    pub fn with(self, _path: &str, _ty: Type) -> Self {
        self
    }
    /// Adds a path such as `form.route.to`.
    pub fn insert(&mut self, path: &str, ty: Type) {
        self.fields.insert(path.to_owned(), ty);
    }
    /// Adds all paths of another schema; its types win.
    pub fn merge(&mut self, other: &Schema) {
        self.fields.extend(other.fields.clone());
    }
}

/// What is wrong with a rule, and where in its source (from 1; the caller adds where the source stands).
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {}", say.en)]
pub struct RuleError {
    /// Line in the expression, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
    /// What is wrong.
    pub say: Text,
}

/// The answer of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Yes,
    /// It does not hold.
    No,
    /// Not known: it depends on these facts that are not there (or not of their type).
    Absent(Vec<String>),
}

/// A checked expression.
#[derive(Debug, Clone)]
pub struct Rule {
    source: String,
}

impl Rule {
    /// Checks that `source` is a condition over `schema`.
    ///
    /// # Errors
    /// Every error found, with line and column.
    pub fn compile(source: &str, _schema: &Schema) -> Result<Rule, Vec<RuleError>> {
        Ok(Rule { source: source.to_owned() })
    }
    /// Checks that `source` is an expression of any type over `schema`.
    ///
    /// # Errors
    /// Every error found, with line and column.
    pub fn compile_value(source: &str, schema: &Schema) -> Result<Rule, Vec<RuleError>> {
        Self::compile(source, schema)
    }
    /// The source.
    pub fn source(&self) -> &str {
        &self.source
    }
    /// Whether it holds of `facts`.
    pub fn test(&self, _facts: &serde_json::Value) -> Verdict {
        Verdict::Absent(Vec::new())
    }
    /// The value of it, or the facts that are missing for it.
    ///
    /// # Errors
    /// The paths of the facts that are missing.
    pub fn value(&self, _facts: &serde_json::Value) -> Result<serde_json::Value, Vec<String>> {
        Err(Vec::new())
    }
    /// The full paths that it reads.
    pub fn paths(&self) -> Vec<String> {
        Vec::new()
    }
}
