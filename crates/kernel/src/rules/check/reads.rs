//! Paths: from names and dots to a typed read of the facts or of a list's member.

use super::{Base, Checker, Node, Read, Typed};
use crate::rules::Type;
use cel::common::ast::operators as op;
use cel::common::ast::{Expr, IdedExpr, SelectExpr};
use std::collections::BTreeMap;

/// A path while it is being followed.
struct Walk {
    base: Base,
    segments: Vec<String>,
    ty: Type,
    /// As it is shown: `form.vehicles[].plate`; `None` when it begins at something computed.
    path: Option<String>,
}

impl Walk {
    fn read(self) -> Read {
        Read { base: self.base, segments: self.segments, ty: self.ty }
    }
}

impl Checker<'_> {
    /// The day on which the rule is asked.
    pub(super) fn today(&self) -> Node {
        Node::Read(Read { base: Base::Facts, segments: vec!["today".to_owned()], ty: Type::Date })
    }

    /// A name, a path, an indexed member, or `has(path)`.
    pub(super) fn read(&mut self, at: &IdedExpr) -> Option<Typed> {
        if let Expr::Select(select) = &at.expr
            && select.test
        {
            let walk = self.select(at, select)?;
            self.note(&walk);
            return Some((Node::Has(walk.read()), Type::Bool));
        }
        let walk = self.walk(at)?;
        self.note(&walk);
        let ty = walk.ty.clone();
        Some((Node::Read(walk.read()), ty))
    }

    fn note(&mut self, walk: &Walk) {
        self.reads.extend(walk.path.clone());
    }

    /// The path at which a checked read stands, for the variable that will walk over it.
    pub(super) fn origin(&self, range: &Node) -> Option<String> {
        match range {
            Node::Read(_) => self.reads.last().cloned(),
            _ => None,
        }
    }

    fn walk(&mut self, at: &IdedExpr) -> Option<Walk> {
        match &at.expr {
            Expr::Ident(name) => self.name(at, name),
            Expr::Select(select) if !select.test => self.select(at, select),
            Expr::Call(call) if call.func_name == op::INDEX => match call.args.as_slice() {
                [list, index] => self.member(at, list, index),
                _ => None,
            },
            _ => {
                self.wrong(at, "点号前应为路径。", "A path belongs before the dot.");
                None
            }
        }
    }

    fn name(&mut self, at: &IdedExpr, name: &str) -> Option<Walk> {
        if let Some(slot) = self.variables.iter().rposition(|v| v.name == name) {
            let variable = self.variables.get(slot)?;
            let (ty, path) = (variable.ty.clone(), variable.path.clone());
            return Some(Walk { base: Base::Variable(slot), segments: Vec::new(), ty, path });
        }
        let root = self.root;
        match root.get(name) {
            Some(ty) => Some(Walk {
                base: Base::Facts,
                segments: vec![name.to_owned()],
                ty: ty.clone(),
                path: Some(name.to_owned()),
            }),
            None => {
                self.unknown(at, name, name, root);
                None
            }
        }
    }

    fn select(&mut self, at: &IdedExpr, select: &SelectExpr) -> Option<Walk> {
        let mut walk = self.walk(&select.operand)?;
        let shown = walk.path.as_ref().map(|path| format!("{path}.{}", select.field));
        match &walk.ty {
            Type::Any => {}
            Type::Object(fields) => match fields.get(&select.field) {
                Some(ty) => walk.ty = ty.clone(),
                None => {
                    let shown = shown.unwrap_or_else(|| select.field.clone());
                    let fields = fields.clone();
                    self.unknown(at, &shown, &select.field, &fields);
                    return None;
                }
            },
            other => {
                let (name, of) = (other.name(), walk.path.unwrap_or_default());
                self.wrong(
                    at,
                    format!("“{of}”是{}，没有字段“{}”。", name.zh, select.field),
                    format!("`{of}` is a {} and has no field `{}`.", name.en, select.field),
                );
                return None;
            }
        }
        walk.segments.push(select.field.clone());
        walk.path = shown;
        Some(walk)
    }

    fn member(&mut self, at: &IdedExpr, list: &IdedExpr, index: &IdedExpr) -> Option<Walk> {
        let (list_node, ty) = self.expression(list)?;
        let path = self.origin(&list_node).map(|path| format!("{path}[]"));
        let (index, index_type) = self.expression(index)?;
        match (ty, index_type) {
            (Type::List(member), Type::Number) => {
                let base = Base::Member(Box::new(list_node), Box::new(index));
                Some(Walk { base, segments: Vec::new(), ty: *member, path })
            }
            (ty, _) => {
                let name = ty.name();
                self.wrong(
                    at,
                    format!("方括号只用于列表及整数序号，此处是{}。", name.zh),
                    format!("Brackets take a list and a whole number; this is a {}.", name.en),
                );
                None
            }
        }
    }

    fn unknown(&mut self, at: &IdedExpr, shown: &str, name: &str, fields: &BTreeMap<String, Type>) {
        let near = nearest(name, fields.keys().map(String::as_str));
        let near = near.map(|n| match shown.rsplit_once('.') {
            Some((before, _)) => format!("{before}.{n}"),
            None => n,
        });
        let zh = near.as_ref().map_or(String::new(), |n| format!("是否为“{n}”？"));
        let en = near.as_ref().map_or(String::new(), |n| format!(" Did you mean `{n}`?"));
        let shown: String = shown.chars().take(120).collect();
        self.wrong(at, format!("没有路径“{shown}”。{zh}"), format!("There is no path `{shown}`.{en}"));
    }
}

/// The known name that is fewest slips away, three at most and fewer than half the name.
pub(super) fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    if name.chars().count() > 60 {
        return None;
    }
    known
        .map(|k| (slips(name, k), k))
        .filter(|(n, k)| *n <= 3 && n * 2 <= k.chars().count())
        .min()
        .map(|(_, k)| k.to_owned())
}

/// How many characters must be added, left out or changed to come from one name to the other.
fn slips(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let diagonal = row.get(j).copied().unwrap_or(0) + usize::from(a != *b);
            let side = next.last().copied().unwrap_or(0) + 1;
            let above = row.get(j + 1).copied().unwrap_or(0) + 1;
            next.push(diagonal.min(side).min(above));
        }
        row = next;
    }
    row.last().copied().unwrap_or(0)
}
