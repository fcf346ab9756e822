//! Comparisons, arithmetic, membership and functions: which types may meet.

use super::{Arithmetic, Checker, Compare, Node, Typed, fits};
use crate::Money;
use crate::rules::Type;
use crate::rules::functions::{self, Function};
use crate::rules::value::{Val, date};
use cel::common::ast::{CallExpr, IdedExpr};

/// The name of a type with its article, for an English sentence.
fn a(ty: &Type) -> String {
    let name = ty.name().en;
    let article = if name.starts_with('a') { "an" } else { "a" };
    match ty {
        Type::Text | Type::Bool | Type::Any => name,
        _ => format!("{article} {name}"),
    }
}

impl Checker<'_> {
    /// Two sides that are to be of one type: a literal becomes a date or a checked option, a number a decimal.
    pub(super) fn alike(&mut self, at: &IdedExpr, left: Typed, right: Typed) -> Option<(Node, Node, Type)> {
        let right = self.literal_as(at, right, &left.1)?;
        let left = self.literal_as(at, left, &right.1)?;
        match (&left.1, &right.1) {
            (Type::Number, Type::Decimal) => Some((Node::Widen(Box::new(left.0)), right.0, Type::Decimal)),
            (Type::Decimal, Type::Number) => Some((left.0, Node::Widen(Box::new(right.0)), Type::Decimal)),
            (a, b) if fits(a, b) => {
                let ty = if *a == Type::Any { b.clone() } else { a.clone() };
                let ty = if matches!(ty, Type::Choice(_)) && a != b { Type::Text } else { ty };
                Some((left.0, right.0, ty))
            }
            (one, other) => {
                let hint = if matches!((one, other), (Type::Money, _) | (_, Type::Money)) {
                    (
                        "金额请写作money('1,000.00')或yuan(1000)。",
                        " Write amounts as money('1,000.00') or yuan(1000).",
                    )
                } else {
                    ("", "")
                };
                let zh = format!("{}不能与{}比较或混用。{}", one.name().zh, other.name().zh, hint.0);
                let en = format!("{} cannot stand beside {}.{}", a(one), a(other), hint.1);
                self.wrong(at, zh, capital(&en));
                None
            }
        }
    }

    /// A text literal beside a date or a choice, checked and made of that type.
    fn literal_as(&mut self, at: &IdedExpr, given: Typed, beside: &Type) -> Option<Typed> {
        let (Node::Constant(Val::Text(text)), Type::Text) = (&given.0, &given.1) else { return Some(given) };
        match beside {
            Type::Date => match date(text) {
                Some(day) => Some((Node::Constant(Val::Date(day)), Type::Date)),
                None => {
                    let zh = format!("“{text}”不是日期（应为2026-01-31的形式）。");
                    self.wrong(at, zh, format!("`{text}` is no date (2026-01-31 would be one)."))
                }
            },
            Type::Choice(options) if !options.contains(text) => {
                let listed = options.iter().take(20).map(String::as_str).collect::<Vec<_>>().join(", ");
                let zh = format!("没有选项“{text}”，可选：{listed}。");
                self.wrong(at, zh, format!("There is no option `{text}`; there are: {listed}."))
            }
            _ => Some(given),
        }
    }

    pub(super) fn comparison(
        &mut self,
        at: &IdedExpr,
        compare: Compare,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<Typed> {
        let from = self.reads.len();
        let (left, right) = (self.expression(left), self.expression(right));
        let (left, right, ty) = self.alike(at, left?, right?)?;
        let ordered = matches!(ty, Type::Number | Type::Decimal | Type::Date | Type::Money | Type::Any);
        let equality = matches!(compare, Compare::Equal | Compare::NotEqual);
        if matches!(ty, Type::List(_) | Type::Object(_)) || !(ordered || equality) {
            let name = ty.name();
            return self.wrong(
                at,
                format!("{}不能这样比较。", name.zh),
                format!("{} cannot be compared like this.", capital(&a(&ty))),
            );
        }
        Some((Node::Compare(compare, Box::new(left), Box::new(right), self.beneath(from)), Type::Bool))
    }

    pub(super) fn arithmetic(
        &mut self,
        at: &IdedExpr,
        arithmetic: Arithmetic,
        left: &IdedExpr,
        right: &IdedExpr,
    ) -> Option<Typed> {
        use Arithmetic::{Add, Multiply, Subtract};
        let from = self.reads.len();
        let (left, right) = (self.expression(left), self.expression(right));
        let (left, right) = (left?, right?);
        let ty = match (arithmetic, &left.1, &right.1) {
            (_, Type::Number, Type::Number) => Some(Type::Number),
            (Arithmetic::Remainder, ..) => None,
            (_, Type::Number | Type::Decimal, Type::Number | Type::Decimal) => Some(Type::Decimal),
            (Add | Subtract, Type::Money, Type::Money) => Some(Type::Money),
            (Multiply, Type::Money, Type::Number) | (Multiply, Type::Number, Type::Money) => {
                Some(Type::Money)
            }
            (Add, Type::Text | Type::Choice(_), Type::Text | Type::Choice(_)) => Some(Type::Text),
            (Add, Type::List(one), Type::List(other)) if fits(one, other) => {
                Some(Type::List(if **one == Type::Any { other.clone() } else { one.clone() }))
            }
            _ => None,
        };
        let Some(ty) = ty else {
            let zh = format!("{}与{}之间没有这种运算。", left.1.name().zh, right.1.name().zh);
            let en = format!("There is no such operation between {} and {}.", a(&left.1), a(&right.1));
            return self.wrong(at, zh, en);
        };
        let wide = |(node, of): Typed| match (&ty, of) {
            (Type::Decimal, Type::Number) => Node::Widen(Box::new(node)),
            _ => node,
        };
        let (left, right) = (Box::new(wide(left)), Box::new(wide(right)));
        Some((Node::Arithmetic(arithmetic, left, right, self.beneath(from)), ty))
    }

    pub(super) fn within(&mut self, at: &IdedExpr, one: &IdedExpr, list: &IdedExpr) -> Option<Typed> {
        let from = self.reads.len();
        let (one, list) = (self.expression(one), self.expression(list));
        let (one, (list, ty)) = (one?, list?);
        let Type::List(member) = ty else {
            let name = ty.name();
            let zh = format!("in的右边应为列表，却是{}。", name.zh);
            return self.wrong(at, zh, format!("A list belongs to the right of `in`, not {}.", a(&ty)));
        };
        // Literals in the list become what stands on the left, and the other way round.
        let members = match &list {
            Node::List(nodes) => nodes.clone(),
            _ => Vec::new(),
        };
        let mut types = vec![(*member).clone()];
        let mut nodes = Vec::new();
        if !members.is_empty() {
            types.clear();
        }
        for node in members {
            let (node, ty) = self.literal_as(at, (node, (*member).clone()), &one.1)?;
            nodes.push(node);
            types.push(ty);
        }
        let list = if nodes.is_empty() { list } else { Node::List(nodes) };
        let one = self.literal_as(at, one, &member)?;
        let numbers = |t: &Type| matches!(t, Type::Number | Type::Decimal);
        if let Some(ty) = types.iter().find(|t| !(fits(&one.1, t) || numbers(&one.1) && numbers(t))) {
            let zh = format!("{}不会在{}的列表中。", one.1.name().zh, ty.name().zh);
            let en = format!("{} cannot be in a list of this sort: {}.", capital(&a(&one.1)), ty.name().en);
            return self.wrong(at, zh, en);
        }
        Some((Node::In(Box::new(one.0), Box::new(list), self.beneath(from)), Type::Bool))
    }

    pub(super) fn function(&mut self, at: &IdedExpr, call: &CallExpr) -> Option<Typed> {
        let name = call.func_name.as_str();
        let Some(function) = Function::named(name) else {
            let near = super::reads::nearest(name, functions::names());
            let zh = near.as_ref().map_or(String::new(), |n| format!("是否为“{n}”？"));
            let en = near.as_ref().map_or(String::new(), |n| format!(" Did you mean `{n}`?"));
            let shown: String = name.chars().take(60).collect();
            return self.wrong(
                at,
                format!("没有函数“{shown}”。{zh}"),
                format!("There is no function `{shown}`.{en}"),
            );
        };
        let from = self.reads.len();
        let mut given: Vec<Typed> = Vec::new();
        for argument in call.target.iter().map(AsRef::as_ref).chain(&call.args) {
            given.push(self.expression(argument)?);
        }
        if name == "age" && given.len() == 1 {
            self.reads.push("today".to_owned());
            given.push((self.today(), Type::Date));
        }
        self.apply(at, name, function, given, from)
    }

    fn apply(
        &mut self,
        at: &IdedExpr,
        name: &str,
        function: Function,
        given: Vec<Typed>,
        from: usize,
    ) -> Option<Typed> {
        let takes = function.takes();
        if given.len() != takes.len() {
            let (n, m) = (takes.len(), given.len());
            let zh = format!("函数{name}应有{n}个参数，现为{m}个。");
            return self.wrong(at, zh, format!("The function {name} takes {n} arguments; {m} are given."));
        }
        let mut nodes = Vec::new();
        let mut types = Vec::new();
        for (one, expected) in given.into_iter().zip(takes) {
            let (node, ty) = self.literal_as(at, one, expected)?;
            if !fits(&ty, expected) {
                let zh = format!("函数{name}此处应为{}，却是{}。", expected.name().zh, ty.name().zh);
                return self.wrong(
                    at,
                    zh,
                    format!("The function {name} takes {} here, not {}.", a(expected), a(&ty)),
                );
            }
            nodes.push(node);
            types.push(ty);
        }
        let amount = |text: &str| text.parse::<Money>().is_ok();
        if function == Function::Money
            && let [Node::Constant(Val::Text(text))] = nodes.as_slice()
            && !amount(text)
        {
            return self.wrong(at, format!("“{text}”不是金额。"), format!("`{text}` is no amount."));
        }
        let Some(ty) = function.gives(&types) else {
            let listed = |zh: bool| {
                let name = |t: &Type| if zh { t.name().zh } else { t.name().en };
                types.iter().map(name).collect::<Vec<_>>().join(if zh { "、" } else { ", " })
            };
            let zh = format!("函数{name}不能用于{}。", listed(true));
            return self.wrong(at, zh, format!("The function {name} is not for {}.", listed(false)));
        };
        let paths = self.beneath(from);
        if function == Function::Sum {
            return nodes.pop().map(|list| (Node::Sum(Box::new(list), ty.clone(), paths), ty));
        }
        Some((Node::Call(function, nodes, paths), ty))
    }
}

/// The sentence with a capital at its beginning.
fn capital(text: &str) -> String {
    let mut characters = text.chars();
    let first = characters.next().map(|c| c.to_ascii_uppercase());
    first.into_iter().chain(characters).collect()
}
