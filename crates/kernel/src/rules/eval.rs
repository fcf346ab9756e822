//! Asking a checked expression: three-valued, bounded, and never wrong about what is missing.

use super::check::{Arithmetic, Base, Compare, Fold, Node, Read};
use super::functions::{self, Function};
use super::value::{Answer, Missing, SCALE, Val, absent, compare, read};
use serde_json::Value;
use std::cmp::Ordering;

/// The most nodes that one question visits.
const STEPS: u32 = 200_000;
/// The longest text that joining may make, in bytes.
const LONGEST: usize = 100_000;

/// The value of an expression for these facts.
pub(super) fn run<'f>(node: &Node, facts: &'f Value) -> Answer<'f> {
    Question { facts, variables: Vec::new(), steps: 0 }.value(node)
}

/// One question while it is being answered.
struct Question<'f> {
    facts: &'f Value,
    variables: Vec<Answer<'f>>,
    steps: u32,
}

/// What could not be computed though all was there is put down to the facts it was computed from.
fn blame<'f>(value: Option<Val<'f>>, paths: &[String]) -> Answer<'f> {
    value.ok_or_else(|| paths.iter().cloned().collect())
}

/// True or false; anything else (of a fact of any type) is no condition.
fn truth(answer: Answer<'_>) -> Result<bool, Missing> {
    match answer? {
        Val::Bool(yes) => Ok(yes),
        _ => Err(Missing::new()),
    }
}

fn both(mut left: Missing, right: Missing) -> Missing {
    left.extend(right);
    left
}

/// The fact at `segments` beneath `value`; keys that themselves hold dots are found too.
fn find<'f>(value: &'f Value, segments: &[String]) -> Option<&'f Value> {
    let Some((first, rest)) = segments.split_first() else { return Some(value) };
    let fields = value.as_object()?;
    if let Some(found) = fields.get(first).and_then(|inner| find(inner, rest)) {
        return Some(found);
    }
    (2..=segments.len()).find_map(|n| {
        let (head, tail) = segments.split_at_checked(n)?;
        fields.get(&head.join(".")).and_then(|inner| find(inner, tail))
    })
}

impl<'f> Question<'f> {
    fn value(&mut self, node: &Node) -> Answer<'f> {
        self.steps += 1;
        if self.steps > STEPS {
            return Err(Missing::new());
        }
        match node {
            Node::Constant(value) => Ok(value.clone()),
            Node::Read(read) => self.read(read),
            Node::Has(read) => Ok(Val::Bool(self.read(read).is_ok())),
            Node::Not(one) => truth(self.value(one)).map(|yes| Val::Bool(!yes)),
            Node::NotFalse(one) => Ok(Val::Bool(truth(self.value(one)) != Ok(false))),
            Node::And(left, right) => self.either(left, right, false),
            Node::Or(left, right) => self.either(left, right, true),
            Node::If(test, yes, no) => self.choice(test, yes, no),
            Node::Compare(how, left, right, paths) => {
                let (left, right) = self.pair(left, right)?;
                blame(compared(*how, &left, &right).map(Val::Bool), paths)
            }
            Node::Arithmetic(how, left, right, paths) => {
                let (left, right) = self.pair(left, right)?;
                blame(computed(*how, left, right), paths)
            }
            Node::Negate(one, paths) => {
                let value = match self.value(one)? {
                    Val::Number(n) => n.checked_neg().map(Val::Number),
                    Val::Money(n) => n.checked_neg().map(Val::Money),
                    Val::Decimal(n) => n.checked_neg().map(Val::Decimal),
                    _ => None,
                };
                blame(value, paths)
            }
            Node::In(one, list, paths) => self.within(one, list, paths),
            Node::List(members) => Ok(Val::List(members.iter().map(|m| self.value(m)).collect())),
            Node::Call(function, arguments, paths) => self.call(*function, arguments, paths),
            Node::Sum(list, ty, paths) => match self.value(list)? {
                Val::List(members) => functions::sum(&members, ty).map_err(|m| or(m, paths)),
                _ => Err(or(Missing::new(), paths)),
            },
            Node::Widen(one) => match self.value(one)? {
                Val::Number(n) => Ok(Val::Decimal(i128::from(n) * SCALE)),
                other => Ok(other),
            },
            Node::Fold(fold) => self.fold(fold),
        }
    }

    fn read(&mut self, wanted: &Read) -> Answer<'f> {
        let base = match &wanted.base {
            Base::Facts => Val::Group(self.facts, String::new()),
            Base::Variable(slot) => {
                self.variables.get(*slot).cloned().unwrap_or_else(|| Err(Missing::new()))?
            }
            Base::Member(list, index) => self.member(list, index)?,
        };
        if wanted.segments.is_empty() {
            return Ok(base);
        }
        let Val::Group(value, path) = base else { return Err(Missing::new()) };
        let rest = wanted.segments.join(".");
        let path = if path.is_empty() { rest } else { format!("{path}.{rest}") };
        let answer = match find(value, &wanted.segments) {
            Some(found) => read(found, &wanted.ty, &path),
            None => Err(absent(&path)),
        };
        if let Ok(Val::List(members)) = &answer {
            // A list is copied whole, also inside a walk over another: a hostile one must not take minutes.
            self.steps = self.steps.saturating_add(u32::try_from(members.len()).unwrap_or(u32::MAX));
        }
        answer
    }

    fn member(&mut self, list: &Node, index: &Node) -> Answer<'f> {
        let (list_value, index_value) = self.pair(list, index)?;
        let (Val::List(mut members), Val::Number(n)) = (list_value, index_value) else {
            return Err(Missing::new());
        };
        match usize::try_from(n) {
            Ok(n) if n < members.len() => members.swap_remove(n),
            _ => Err(match list {
                Node::Read(read) => absent(&format!("{}[{n}]", read.segments.join("."))),
                _ => Missing::new(),
            }),
        }
    }

    /// Both values; what is missing for both when either is.
    fn pair(&mut self, left: &Node, right: &Node) -> Result<(Val<'f>, Val<'f>), Missing> {
        match (self.value(left), self.value(right)) {
            (Ok(left), Ok(right)) => Ok((left, right)),
            (Err(left), Err(right)) => Err(both(left, right)),
            (Err(missing), _) | (_, Err(missing)) => Err(missing),
        }
    }

    /// `&&` and `||`: the value that decides wins whatever the other side is.
    fn either(&mut self, left: &Node, right: &Node, decides: bool) -> Answer<'f> {
        let left = truth(self.value(left));
        if left == Ok(decides) {
            return Ok(Val::Bool(decides));
        }
        match (left, truth(self.value(right))) {
            (_, Ok(right)) if right == decides => Ok(Val::Bool(decides)),
            (Ok(_), Ok(_)) => Ok(Val::Bool(!decides)),
            (Err(left), Err(right)) => Err(both(left, right)),
            (Err(missing), Ok(_)) | (Ok(_), Err(missing)) => Err(missing),
        }
    }

    fn choice(&mut self, test: &Node, yes: &Node, no: &Node) -> Answer<'f> {
        match truth(self.value(test)) {
            Ok(true) => self.value(yes),
            Ok(false) => self.value(no),
            // Where both ways lead to one value, the test does not matter.
            Err(missing) => match (self.value(yes), self.value(no)) {
                (Ok(yes), Ok(no)) if compare(&yes, &no) == Some(Ordering::Equal) => Ok(yes),
                _ => Err(missing),
            },
        }
    }

    fn within(&mut self, one: &Node, list: &Node, paths: &[String]) -> Answer<'f> {
        let (one, list) = self.pair(one, list)?;
        let Val::List(members) = list else { return Err(or(Missing::new(), paths)) };
        let mut missing = Missing::new();
        for member in members {
            match member {
                Ok(member) => match compare(&one, &member) {
                    Some(Ordering::Equal) => return Ok(Val::Bool(true)),
                    Some(_) => {}
                    None => missing.extend(paths.iter().cloned()),
                },
                Err(paths) => missing.extend(paths),
            }
        }
        if missing.is_empty() { Ok(Val::Bool(false)) } else { Err(missing) }
    }

    fn call(&mut self, function: Function, arguments: &[Node], paths: &[String]) -> Answer<'f> {
        let mut values = Vec::new();
        let mut missing = Missing::new();
        for argument in arguments {
            match self.value(argument) {
                Ok(value) => values.push(value),
                Err(paths) if paths.is_empty() => return Err(paths),
                Err(paths) => missing.extend(paths),
            }
        }
        if !missing.is_empty() {
            return Err(missing);
        }
        function.call(&values).map_err(|missing| or(missing, paths))
    }

    fn fold(&mut self, fold: &Fold) -> Answer<'f> {
        let Val::List(members) = self.value(&fold.range)? else { return Err(Missing::new()) };
        let gathered = self.value(&fold.start);
        let depth = self.variables.len();
        self.variables.push(Err(Missing::new()));
        self.variables.push(gathered);
        for member in members {
            self.set(depth, member);
            if truth(self.value(&fold.condition)) == Ok(false) || self.steps > STEPS {
                break;
            }
            let step = self.value(&fold.step);
            if let Ok(Val::List(gathered)) = &step {
                // Every further step copies what has been gathered.
                self.steps = self.steps.saturating_add(u32::try_from(gathered.len()).unwrap_or(u32::MAX));
            }
            self.set(depth + 1, step);
        }
        let result = if self.steps > STEPS { Err(Missing::new()) } else { self.value(&fold.result) };
        self.variables.truncate(depth);
        result
    }

    fn set(&mut self, slot: usize, answer: Answer<'f>) {
        if let Some(variable) = self.variables.get_mut(slot) {
            *variable = answer;
        }
    }
}

/// The paths, when nothing more exact is known.
fn or(missing: Missing, paths: &[String]) -> Missing {
    if missing.is_empty() { paths.iter().cloned().collect() } else { missing }
}

fn compared(how: Compare, left: &Val<'_>, right: &Val<'_>) -> Option<bool> {
    let order = compare(left, right)?;
    Some(match how {
        Compare::Equal => order == Ordering::Equal,
        Compare::NotEqual => order != Ordering::Equal,
        Compare::Less => order == Ordering::Less,
        Compare::LessOrEqual => order != Ordering::Greater,
        Compare::Greater => order == Ordering::Greater,
        Compare::GreaterOrEqual => order != Ordering::Less,
    })
}

fn computed<'f>(how: Arithmetic, left: Val<'f>, right: Val<'f>) -> Option<Val<'f>> {
    match (left, right) {
        (Val::Number(a), Val::Number(b)) => whole(how, a, b).map(Val::Number),
        (Val::Decimal(a), Val::Decimal(b)) => broken(how, a, b).map(Val::Decimal),
        (Val::Money(a), Val::Money(b)) if matches!(how, Arithmetic::Add | Arithmetic::Subtract) => {
            whole(how, a, b).map(Val::Money)
        }
        (Val::Money(a), Val::Number(b)) | (Val::Number(a), Val::Money(b)) if how == Arithmetic::Multiply => {
            whole(how, a, b).map(Val::Money)
        }
        (Val::Text(a), Val::Text(b)) if a.len() + b.len() <= LONGEST => Some(Val::Text(a + &b)),
        (Val::List(mut a), Val::List(b)) => {
            a.extend(b);
            Some(Val::List(a))
        }
        _ => None,
    }
}

fn whole(how: Arithmetic, a: i64, b: i64) -> Option<i64> {
    match how {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b),
        Arithmetic::Divide => a.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    }
}

fn broken(how: Arithmetic, a: i128, b: i128) -> Option<i128> {
    let value = match how {
        Arithmetic::Add => a.checked_add(b),
        Arithmetic::Subtract => a.checked_sub(b),
        Arithmetic::Multiply => a.checked_mul(b)?.checked_div(SCALE),
        Arithmetic::Divide => a.checked_mul(SCALE)?.checked_div(b),
        Arithmetic::Remainder => a.checked_rem(b),
    }?;
    (value.abs() < i128::from(i64::MAX) * SCALE).then_some(value)
}
