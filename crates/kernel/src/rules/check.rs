//! From the parser's tree to a typed one: every path, comparison and call is checked against the schema.

mod calls;
mod reads;

use super::parse::Tree;
use super::value::{Val, decimal};
use super::{RuleError, Type};
use crate::Text;
use cel::common::ast::operators as op;
use cel::common::ast::{CallExpr, ComprehensionExpr, Expr, IdedExpr, LiteralValue};
use std::collections::BTreeMap;

/// A comparison.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

/// An operation on numbers, amounts, texts or lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
    Remainder,
}

/// Where a read begins.
#[derive(Debug, Clone)]
pub(super) enum Base {
    /// The facts.
    Facts,
    /// The variable at this place of the stack.
    Variable(usize),
    /// A member of a list, by its number.
    Member(Box<Node>, Box<Node>),
}

/// A read of a fact.
#[derive(Debug, Clone)]
pub(super) struct Read {
    pub(super) base: Base,
    pub(super) segments: Vec<String>,
    pub(super) ty: Type,
}

/// A typed expression. Where a value may fail to come about, the paths beneath are kept to say for want of what.
#[derive(Debug, Clone)]
pub(super) enum Node {
    Constant(Val<'static>),
    Read(Read),
    Has(Read),
    Not(Box<Node>),
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    If(Box<Node>, Box<Node>, Box<Node>),
    NotFalse(Box<Node>),
    Compare(Compare, Box<Node>, Box<Node>, Vec<String>),
    Arithmetic(Arithmetic, Box<Node>, Box<Node>, Vec<String>),
    Negate(Box<Node>, Vec<String>),
    In(Box<Node>, Box<Node>, Vec<String>),
    List(Vec<Node>),
    Call(super::functions::Function, Vec<Node>, Vec<String>),
    Sum(Box<Node>, Type, Vec<String>),
    /// A number where a decimal is wanted.
    Widen(Box<Node>),
    Fold(Box<Fold>),
}

/// A walk over a list, as the macros `exists`, `all`, `map`, `filter` write it; the member and what has been gathered
/// so far are the two topmost variables.
#[derive(Debug, Clone)]
pub(super) struct Fold {
    pub(super) range: Node,
    pub(super) start: Node,
    pub(super) condition: Node,
    pub(super) step: Node,
    pub(super) result: Node,
}

/// A checked expression with its type.
type Typed = (Node, Type);

/// A variable of a walk.
struct Variable {
    name: String,
    ty: Type,
    path: Option<String>,
}

/// The walk over the tree.
pub(super) struct Checker<'a> {
    source: &'a str,
    tree: &'a Tree,
    root: &'a BTreeMap<String, Type>,
    variables: Vec<Variable>,
    reads: Vec<String>,
    errors: Vec<RuleError>,
}

/// Checks a tree: the typed one, its type, and the paths it reads.
pub(super) fn check(
    source: &str,
    tree: &Tree,
    root: &BTreeMap<String, Type>,
) -> Result<(Node, Type, Vec<String>), Vec<RuleError>> {
    let mut checker =
        Checker { source, tree, root, variables: Vec::new(), reads: Vec::new(), errors: Vec::new() };
    let checked = checker.expression(&tree.root);
    let Checker { mut reads, mut errors, .. } = checker;
    reads.sort();
    reads.dedup();
    match checked {
        Some((node, ty)) if errors.is_empty() => Ok((node, ty, reads)),
        _ => {
            if errors.is_empty() {
                errors.push(RuleError {
                    line: 1,
                    column: 1,
                    say: Text::new("规则无法检查。", "The rule cannot be checked."),
                });
            }
            errors.dedup();
            Err(errors)
        }
    }
}

impl Checker<'_> {
    /// Notes an error at an expression.
    fn wrong(&mut self, at: &IdedExpr, zh: impl Into<String>, en: impl Into<String>) -> Option<Typed> {
        let (line, column) = self.tree.place(self.source, at);
        self.errors.push(RuleError { line, column, say: Text::new(zh, en) });
        None
    }

    /// The paths read since `from`.
    fn beneath(&self, from: usize) -> Vec<String> {
        self.reads.get(from..).unwrap_or(&[]).to_vec()
    }

    fn expression(&mut self, at: &IdedExpr) -> Option<Typed> {
        match &at.expr {
            Expr::Literal(literal) => self.literal(at, literal),
            Expr::Ident(_) | Expr::Select(_) => self.read(at),
            Expr::List(list) => self.list(at, &list.elements),
            Expr::Comprehension(fold) => self.fold(at, fold),
            Expr::Call(call) => self.call(at, call),
            Expr::Map(_) | Expr::Struct(_) | Expr::Unspecified => {
                self.wrong(at, "规则中不能使用映射或结构。", "A rule has no maps or messages.")
            }
        }
    }

    fn literal(&mut self, at: &IdedExpr, literal: &LiteralValue) -> Option<Typed> {
        Some(match literal {
            LiteralValue::Boolean(yes) => (Node::Constant(Val::Bool(*yes.inner())), Type::Bool),
            LiteralValue::Int(number) => (Node::Constant(Val::Number(*number.inner())), Type::Number),
            LiteralValue::String(text) => (Node::Constant(Val::Text(text.inner().to_owned())), Type::Text),
            LiteralValue::Double(number) => match decimal(&number.inner().to_string()) {
                Some(value) => (Node::Constant(Val::Decimal(value)), Type::Decimal),
                None => return self.wrong(at, "小数超出范围。", "The decimal is out of range."),
            },
            LiteralValue::Null => {
                return self.wrong(
                    at,
                    "规则中不能与null比较，请用has(路径)判断是否已填。",
                    "A rule does not compare with null: write has(path).",
                );
            }
            LiteralValue::UInt(_) | LiteralValue::Bytes(_) => {
                return self.wrong(at, "规则中不能使用这种字面量。", "A rule has no literals of this sort.");
            }
        })
    }

    fn list(&mut self, at: &IdedExpr, elements: &[IdedExpr]) -> Option<Typed> {
        let mut members: Vec<Typed> = Vec::new();
        for element in elements {
            members.push(self.expression(element)?);
        }
        let ty = members.first().map_or(Type::Any, |m| m.1.clone());
        let mut nodes = Vec::new();
        for (node, of) in members {
            if !fits(&of, &ty) {
                let (a, b) = (ty.name(), of.name());
                return self.wrong(
                    at,
                    format!("列表的成员类型不一：{}与{}。", a.zh, b.zh),
                    format!("The members of the list are of different types: {} and {}.", a.en, b.en),
                );
            }
            nodes.push(node);
        }
        Some((Node::List(nodes), Type::List(Box::new(ty))))
    }

    /// A condition; anything but true or false is an error.
    fn condition(&mut self, at: &IdedExpr) -> Option<Node> {
        let (node, ty) = self.expression(at)?;
        if matches!(ty, Type::Bool | Type::Any) {
            return Some(node);
        }
        let name = ty.name();
        self.wrong(
            at,
            format!("此处应为条件（是或否），却是{}。", name.zh),
            format!("A condition (true or false) belongs here, not a {}.", name.en),
        );
        None
    }

    fn call(&mut self, at: &IdedExpr, call: &CallExpr) -> Option<Typed> {
        let compare = match call.func_name.as_str() {
            op::EQUALS => Compare::Equal,
            op::NOT_EQUALS => Compare::NotEqual,
            op::LESS => Compare::Less,
            op::LESS_EQUALS => Compare::LessOrEqual,
            op::GREATER => Compare::Greater,
            op::GREATER_EQUALS => Compare::GreaterOrEqual,
            _ => return self.operation(at, call),
        };
        let [left, right] = call.args.as_slice() else { return self.odd(at) };
        self.comparison(at, compare, left, right)
    }

    /// A call that no well-formed source gives.
    fn odd(&mut self, at: &IdedExpr) -> Option<Typed> {
        self.wrong(at, "规则语法有误。", "The rule is not well formed.")
    }

    fn operation(&mut self, at: &IdedExpr, call: &CallExpr) -> Option<Typed> {
        let arithmetic = match (call.func_name.as_str(), call.args.as_slice()) {
            (op::LOGICAL_AND | op::LOGICAL_OR, [left, right]) => {
                // Both sides are checked, so that every error is told at once.
                let (left, right) = (self.condition(left), self.condition(right));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let and = call.func_name == op::LOGICAL_AND;
                return Some((if and { Node::And(left, right) } else { Node::Or(left, right) }, Type::Bool));
            }
            (op::LOGICAL_NOT, [one]) => {
                return self.condition(one).map(|node| (Node::Not(Box::new(node)), Type::Bool));
            }
            (op::NOT_STRICTLY_FALSE, [one]) => {
                return self.condition(one).map(|node| (Node::NotFalse(Box::new(node)), Type::Bool));
            }
            (op::CONDITIONAL, [test, yes, no]) => return self.choice(at, test, yes, no),
            (op::NEGATE, [one]) => return self.negate(at, one),
            (op::IN, [one, list]) => return self.within(at, one, list),
            (op::INDEX, [_, _]) => return self.read(at),
            (op::ADD, [_, _]) => Arithmetic::Add,
            (op::SUBSTRACT, [_, _]) => Arithmetic::Subtract,
            (op::MULTIPLY, [_, _]) => Arithmetic::Multiply,
            (op::DIVIDE, [_, _]) => Arithmetic::Divide,
            (op::MODULO, [_, _]) => Arithmetic::Remainder,
            _ => return self.function(at, call),
        };
        let [left, right] = call.args.as_slice() else { return self.odd(at) };
        self.arithmetic(at, arithmetic, left, right)
    }

    fn choice(&mut self, at: &IdedExpr, test: &IdedExpr, yes: &IdedExpr, no: &IdedExpr) -> Option<Typed> {
        let test = self.condition(test);
        let (yes, no) = (self.expression(yes), self.expression(no));
        let (test, yes, no) = (test?, yes?, no?);
        let (yes, no, ty) = self.alike(at, yes, no)?;
        Some((Node::If(Box::new(test), Box::new(yes), Box::new(no)), ty))
    }

    fn negate(&mut self, at: &IdedExpr, one: &IdedExpr) -> Option<Typed> {
        let from = self.reads.len();
        let (node, ty) = self.expression(one)?;
        if matches!(ty, Type::Number | Type::Decimal | Type::Money) {
            return Some((Node::Negate(Box::new(node), self.beneath(from)), ty));
        }
        let name = ty.name();
        self.wrong(at, format!("{}没有相反数。", name.zh), format!("A {} has no negative.", name.en))
    }

    fn fold(&mut self, at: &IdedExpr, fold: &ComprehensionExpr) -> Option<Typed> {
        if fold.iter_var2.is_some() {
            return self.wrong(at, "此处只能有一个变量。", "Only one variable can stand here.");
        }
        let (range, ty) = self.expression(&fold.iter_range)?;
        let Type::List(member) = ty else {
            let name = ty.name();
            return self.wrong(
                &fold.iter_range,
                format!("此处应为列表，却是{}。", name.zh),
                format!("A list belongs here, not a {}.", name.en),
            );
        };
        let path = self.origin(&range).map(|path| format!("{path}[]"));
        let (start, gathered) = self.expression(&fold.accu_init)?;
        self.variables.push(Variable { name: fold.iter_var.clone(), ty: *member, path });
        self.variables.push(Variable { name: fold.accu_var.clone(), ty: gathered.clone(), path: None });
        let inside = self.inside(fold, gathered);
        self.variables.truncate(self.variables.len().saturating_sub(2));
        let (condition, step, result, ty) = inside?;
        Some((Node::Fold(Box::new(Fold { range, start, condition, step, result })), ty))
    }

    fn inside(&mut self, fold: &ComprehensionExpr, gathered: Type) -> Option<(Node, Node, Node, Type)> {
        let condition = self.condition(&fold.loop_cond)?;
        let (step, ty) = self.expression(&fold.loop_step)?;
        // An empty list takes the type of what is put into it.
        if gathered == Type::List(Box::new(Type::Any))
            && let Some(variable) = self.variables.last_mut()
        {
            variable.ty = ty;
        }
        let (result, ty) = self.expression(&fold.result)?;
        Some((condition, step, result, ty))
    }
}

/// Whether a value of one type can stand where the other is expected.
fn fits(given: &Type, expected: &Type) -> bool {
    match (given, expected) {
        (Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) | (Type::Any, _) | (_, Type::Any) => {
            true
        }
        (Type::List(a), Type::List(b)) => fits(a, b),
        _ => given == expected,
    }
}
