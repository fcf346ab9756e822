//! Rules of packs: CEL expressions checked against a typed schema when loaded, and three-valued when asked.
//!
//! The crate `cel` parses; checking and evaluation are ours, because a missing or mistyped fact must never become true
//! or false: `&&` and `||` are Kleene's, and the answer is [`Verdict::Absent`] only when it depends on what is missing.
//! The functions that rules may use stand in [`functions`].

mod check;
mod eval;
pub mod functions;
mod parse;
#[cfg(test)]
mod tests;
mod value;

use crate::Text;
use std::collections::BTreeMap;

/// What a path of the facts holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// Text.
    Text,
    /// A whole number.
    Number,
    /// A decimal number, in facts a JSON number or its text; six places are kept.
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
    /// Whatever: compared when asked; of two different types neither equal nor unequal, but absent.
    Any,
}

impl Type {
    /// The type's name for people.
    pub fn name(&self) -> Text {
        let (zh, en) = match self {
            Self::Text => ("文本", "text"),
            Self::Number => ("整数", "whole number"),
            Self::Decimal => ("小数", "decimal number"),
            Self::Bool => ("是/否", "true or false"),
            Self::Date => ("日期", "date"),
            Self::Money => ("金额", "amount of money"),
            Self::Choice(_) => ("选项", "choice"),
            Self::List(_) => ("列表", "list"),
            Self::Object(_) => ("一组字段", "group of fields"),
            Self::Any => ("任意", "anything"),
        };
        Text::new(zh, en)
    }
}

/// The full paths that rules may name, with their types. `today` is always among them: the caller puts it into the
/// facts as `YYYY-MM-DD`, for nothing here reads a clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schema {
    root: BTreeMap<String, Type>,
}

impl Default for Schema {
    fn default() -> Self {
        Self::new()
    }
}

impl Schema {
    /// A schema that knows only `today`.
    pub fn new() -> Self {
        Self { root: BTreeMap::from([("today".to_owned(), Type::Date)]) }
    }

    /// Adds a path such as `form.route.to`; `vehicles[].plate` is a field of every member of a list.
    #[must_use]
    pub fn with(mut self, path: &str, ty: Type) -> Self {
        self.insert(path, ty);
        self
    }

    /// Adds a path as [`Schema::with`] does; what stood there before is replaced.
    pub fn insert(&mut self, path: &str, ty: Type) {
        put(&mut self.root, path, ty);
    }

    /// Adds all paths of another schema; where both have one, its type wins.
    pub fn merge(&mut self, other: &Schema) {
        overlay(&mut self.root, &other.root);
    }

    /// The type of a path, `vehicles[].plate` too.
    pub fn get(&self, path: &str) -> Option<&Type> {
        let mut fields = &self.root;
        let mut segments = path.split('.').peekable();
        loop {
            let segment = segments.next()?;
            let mut ty = fields.get(segment.trim_end_matches("[]"))?;
            if segment.ends_with("[]") {
                let Type::List(inner) = ty else { return None };
                ty = inner;
            }
            match ty {
                _ if segments.peek().is_none() => return Some(ty),
                Type::Object(inner) => fields = inner,
                _ => return None,
            }
        }
    }

    /// All paths that are no groups, in order.
    pub fn paths(&self) -> Vec<String> {
        let mut out = Vec::new();
        leaves("", &self.root, &mut out);
        out
    }
}

fn put(fields: &mut BTreeMap<String, Type>, path: &str, ty: Type) {
    let Some((head, rest)) = path.split_once('.') else {
        let (name, ty) = match path.strip_suffix("[]") {
            Some(name) => (name, Type::List(Box::new(ty))),
            None => (path, ty),
        };
        fields.insert(name.to_owned(), ty);
        return;
    };
    let (name, list) = match head.strip_suffix("[]") {
        Some(name) => (name, true),
        None => (head, false),
    };
    let mut inner = match fields.remove(name) {
        Some(Type::Object(inner)) if !list => inner,
        Some(Type::List(member)) if list => match *member {
            Type::Object(inner) => inner,
            _ => BTreeMap::new(),
        },
        _ => BTreeMap::new(),
    };
    put(&mut inner, rest, ty);
    let ty = if list { Type::List(Box::new(Type::Object(inner))) } else { Type::Object(inner) };
    fields.insert(name.to_owned(), ty);
}

fn overlay(under: &mut BTreeMap<String, Type>, over: &BTreeMap<String, Type>) {
    for (name, ty) in over {
        match (under.get_mut(name), ty) {
            (Some(Type::Object(inner)), Type::Object(more)) => overlay(inner, more),
            _ => {
                under.insert(name.clone(), ty.clone());
            }
        }
    }
}

fn leaves(prefix: &str, fields: &BTreeMap<String, Type>, out: &mut Vec<String>) {
    for (name, ty) in fields {
        let path = if prefix.is_empty() { name.clone() } else { format!("{prefix}.{name}") };
        match ty {
            Type::Object(inner) => leaves(&path, inner, out),
            Type::List(member) => match member.as_ref() {
                Type::Object(inner) => leaves(&format!("{path}[]"), inner, out),
                _ => out.push(path),
            },
            _ => out.push(path),
        }
    }
}

/// What is wrong with a rule, and where in its source; the caller adds where the source itself stands.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{line}:{column}: {}", say.en)]
pub struct RuleError {
    /// The line in the expression, from 1.
    pub line: usize,
    /// The column in characters, from 1.
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
    /// Not known: it depends on these facts, which are missing, are not of their type, or cannot be reckoned with.
    Absent(Vec<String>),
}

impl Verdict {
    /// Whether it holds; neither "no" nor "absent" do.
    pub fn is_yes(&self) -> bool {
        *self == Self::Yes
    }
}

/// A checked expression.
#[derive(Debug, Clone)]
pub struct Rule {
    source: String,
    node: check::Node,
    ty: Type,
    paths: Vec<String>,
}

impl Rule {
    /// Checks that `source` is a condition (true or false) over `schema`.
    ///
    /// # Errors
    /// Every error found, with line and column, at least one.
    pub fn compile(source: &str, schema: &Schema) -> Result<Rule, Vec<RuleError>> {
        let rule = Self::compile_value(source, schema)?;
        if matches!(rule.ty, Type::Bool | Type::Any) {
            return Ok(rule);
        }
        let name = rule.ty.name();
        Err(vec![RuleError {
            line: 1,
            column: 1,
            say: Text::new(
                format!("规则应得出是或否，此表达式得出的是{}。", name.zh),
                format!("A rule must be true or false; this expression is a {}.", name.en),
            ),
        }])
    }

    /// Checks that `source` is an expression of any type over `schema`.
    ///
    /// # Errors
    /// Every error found, with line and column, at least one.
    pub fn compile_value(source: &str, schema: &Schema) -> Result<Rule, Vec<RuleError>> {
        let tree = parse::parse(source)?;
        let (node, ty, paths) = check::check(source, &tree, &schema.root)?;
        let rule = Rule { source: source.to_owned(), node, ty, paths };
        let constant = rule.paths.is_empty();
        if constant && eval::run(&rule.node, &serde_json::Value::Null).is_err() {
            return Err(vec![RuleError {
                line: 1,
                column: 1,
                say: Text::new(
                    "此表达式无法计算（如除以零或超出范围）。",
                    "This cannot be computed (a division by nought, or out of range).",
                ),
            }]);
        }
        Ok(rule)
    }

    /// The source.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The type of its value.
    pub fn ty(&self) -> &Type {
        &self.ty
    }

    /// Whether it holds of `facts`.
    pub fn test(&self, facts: &serde_json::Value) -> Verdict {
        match eval::run(&self.node, facts) {
            Ok(value::Val::Bool(true)) => Verdict::Yes,
            Ok(value::Val::Bool(false)) => Verdict::No,
            Ok(_) => Verdict::Absent(self.paths.clone()),
            Err(missing) => Verdict::Absent(self.missing(missing)),
        }
    }

    /// Its value: text, number, true or false, a date as text, an amount as fen, or a list of them.
    ///
    /// # Errors
    /// The paths of the facts that are missing for it.
    pub fn value(&self, facts: &serde_json::Value) -> Result<serde_json::Value, Vec<String>> {
        eval::run(&self.node, facts).and_then(value::to_json).map_err(|missing| self.missing(missing))
    }

    /// Its value as an amount: an amount as it is, a number as so many yuan, rounded half up to the fen.
    ///
    /// # Errors
    /// The paths of the facts that are missing for it.
    pub fn amount(&self, facts: &serde_json::Value) -> Result<crate::Money, Vec<String>> {
        let value = eval::run(&self.node, facts).map_err(|missing| self.missing(missing))?;
        value::amount(&value).ok_or_else(|| self.paths.clone())
    }

    /// The full paths that it reads, `vehicles[].plate` for members of lists, in order.
    pub fn paths(&self) -> &[String] {
        &self.paths
    }

    fn missing(&self, missing: value::Missing) -> Vec<String> {
        if missing.is_empty() { self.paths.clone() } else { missing.into_iter().collect() }
    }
}
