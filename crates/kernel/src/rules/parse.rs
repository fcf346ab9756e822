//! From source to tree: the limits, the parser of `cel`, and where in the source a node stands.

use super::RuleError;
use crate::Text;
use cel::common::ast::{Expr, IdedExpr, SourceInfo};
use cel::parser::{ParseErrors, Parser};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The longest source, in characters.
pub const LONGEST: usize = 2_000;
/// The deepest nesting of brackets.
pub const DEEPEST: usize = 12;
/// The most operators, names and literals.
pub const MOST: usize = 400;

/// A parsed expression.
pub(super) struct Tree {
    pub(super) root: IdedExpr,
    info: SourceInfo,
}

impl Tree {
    /// Line and column, from 1, where a node begins: for a path, its first name.
    pub(super) fn place(&self, source: &str, expr: &IdedExpr) -> (usize, usize) {
        let mut first = expr;
        while let Expr::Select(select) = &first.expr {
            first = &select.operand;
        }
        let offset = self.info.offset_for(first.id).map_or(0, |range| range.0);
        place(source, usize::try_from(offset).unwrap_or(0))
    }
}

/// Line and column, from 1, of a place counted in bytes.
fn place(source: &str, offset: usize) -> (usize, usize) {
    let before = source.char_indices().take_while(|(at, _)| *at < offset);
    let mut at = (1, 1);
    for (_, c) in before {
        at = if c == '\n' { (at.0 + 1, 1) } else { (at.0, at.1 + 1) };
    }
    at
}

fn wrong(at: (usize, usize), zh: impl Into<String>, en: impl Into<String>) -> RuleError {
    RuleError { line: at.0, column: at.1, say: Text::new(zh, en) }
}

/// What keeps the parser from running long or deep: length, nesting, and the number of tokens.
fn limits(source: &str) -> Result<(), RuleError> {
    if source.trim().is_empty() {
        return Err(wrong((1, 1), "规则为空。", "The rule is empty."));
    }
    if source.chars().count() > LONGEST {
        return Err(wrong(
            (1, 1),
            format!("规则过长，最多{LONGEST}个字符。"),
            format!("The rule is too long: {LONGEST} characters at most."),
        ));
    }
    let (mut depth, mut tokens, mut in_word) = (0_usize, 0_usize, false);
    for (i, c) in source.char_indices() {
        let word = c.is_alphanumeric() || c == '_' || c.is_whitespace();
        tokens += usize::from(!word || !in_word);
        in_word = word;
        match c {
            '(' | '[' | '{' | '?' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > DEEPEST || tokens > MOST {
            return Err(wrong(
                place(source, i),
                format!("规则过于复杂：最多嵌套{DEEPEST}层、{MOST}个成分。请拆成几条。"),
                format!("The rule is too complex: {DEEPEST} levels and {MOST} parts at most. Split it."),
            ));
        }
    }
    Ok(())
}

/// Parses.
pub(super) fn parse(source: &str) -> Result<Tree, Vec<RuleError>> {
    limits(source).map_err(|error| vec![error])?;
    // The parser has places that panic on broken input after its own recovery; a pack must not end the program.
    let parsed = catch_unwind(AssertUnwindSafe(|| Parser::new().parse_with_source_info(source)));
    match parsed {
        Ok(Ok((root, info))) => Ok(Tree { root, info }),
        Ok(Err(errors)) => Err(syntax(&errors)),
        Err(_) => Err(vec![wrong((1, 1), "规则语法有误，无法解析。", "The rule cannot be parsed.")]),
    }
}

fn syntax(errors: &ParseErrors) -> Vec<RuleError> {
    let at = |n: isize| usize::try_from(n).unwrap_or(1).max(1);
    let mut out: Vec<RuleError> = errors
        .errors
        .iter()
        .take(5)
        .map(|e| {
            let message = e.msg.strip_prefix("Syntax error: ").unwrap_or(&e.msg);
            let message: String = message.chars().take(200).collect();
            let zh = format!("规则语法有误：{message}");
            wrong((at(e.pos.0), at(e.pos.1)), zh, format!("Syntax: {message}"))
        })
        .collect();
    if out.is_empty() {
        out.push(wrong((1, 1), "规则语法有误，无法解析。", "The rule cannot be parsed."));
    }
    out
}
