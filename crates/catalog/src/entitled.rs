//! Backwards (免申即享): from what is known about somebody to what they are entitled to without having applied.

use crate::{Entitlement, Item, Shared, facts};
use forms::Answers;
use jiff::civil::Date;
use kernel::Text;
use kernel::rules::Verdict;
use serde::Serialize;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// How sure it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sure {
    /// Everything that it depends on is known.
    Yes,
    /// It depends on something that is not known yet.
    Maybe,
}

/// Something that somebody is entitled to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Entitled {
    /// The item.
    pub item: String,
    /// Its name.
    pub name: Text,
    /// How sure it is.
    pub sure: Sure,
    /// Why.
    pub why: Text,
    /// What is not known yet, in words.
    pub missing: Vec<Text>,
}

/// What somebody is entitled to: `known` by element, `fetched` by item and source alias. The sure ones first, then by key;
/// an item whose rule does not hold is not among them, nor is what is due to children.
pub fn entitled(
    items: &[&Item],
    shared: &Shared,
    known: &Map<String, Value>,
    fetched: &BTreeMap<String, Map<String, Value>>,
    today: Date,
) -> Vec<Entitled> {
    found(items, shared, known, None, fetched, today)
}

/// What is due to a child of somebody, by the child's number: as [`entitled`], of the items that are for children.
pub fn entitled_child(
    items: &[&Item],
    shared: &Shared,
    known: &Map<String, Value>,
    child: &str,
    fetched: &BTreeMap<String, Map<String, Value>>,
    today: Date,
) -> Vec<Entitled> {
    found(items, shared, known, Some(child), fetched, today)
}

fn found(
    items: &[&Item],
    shared: &Shared,
    known: &Map<String, Value>,
    child: Option<&str>,
    fetched: &BTreeMap<String, Map<String, Value>>,
    today: Date,
) -> Vec<Entitled> {
    let nothing = Map::new();
    let one = |item: &&Item| {
        let entitlement = item.entitlement.as_ref()?;
        if entitlement.child.is_some() != child.is_some() {
            return None;
        }
        let rule = entitlement.when.rule()?;
        let fetched = fetched.get(&item.key).unwrap_or(&nothing);
        let answers = child.map(|number| entitlement.answers(number)).unwrap_or_default();
        let facts = facts::facts(&answers, known, fetched, today);
        let (sure, missing) = match rule.test(&facts) {
            Verdict::Yes => (Sure::Yes, Vec::new()),
            Verdict::No => return None,
            Verdict::Absent(paths) => (Sure::Maybe, paths.iter().map(|p| name(item, shared, p)).collect()),
        };
        let why = entitlement.why.clone();
        Some(Entitled { item: item.key.clone(), name: item.name.clone(), sure, why, missing })
    };
    let mut all: Vec<Entitled> = items.iter().filter_map(one).collect();
    all.sort_by(|a, b| (a.sure, &a.item).cmp(&(b.sure, &b.item)));
    all.dedup_by(|a, b| a.item == b.item);
    for entitled in &mut all {
        let mut said = Vec::new();
        entitled.missing.retain(|t| {
            !said.contains(t) && {
                said.push(t.clone());
                true
            }
        });
    }
    all
}

impl Entitlement {
    /// What is answered when the child with this number is looked up; nothing where it is for no child.
    pub fn answers(&self, child: &str) -> Answers {
        let field = self.child.as_ref().and_then(|c| c.field.strip_prefix("form."));
        field.map(|id| (id.to_owned(), Value::from(child))).into_iter().collect()
    }

    /// Whether its rule reads what a source answers.
    pub fn reads(&self, alias: &str) -> bool {
        let read = |path: &String| path.split('.').next() == Some(alias);
        self.when.rule().is_some_and(|r| r.paths().iter().any(read))
    }
}

/// What a fact is called: 户籍登记中的出生日期.
fn name(item: &Item, shared: &Shared, path: &str) -> Text {
    if let Some(element) = shared.elements.get(path) {
        return element.name.clone();
    }
    let (alias, field) = path.split_once('.').unwrap_or((path, ""));
    if let Some(asked) = item.form.field(field).filter(|_| alias == "form") {
        return asked.label.clone();
    }
    let source = item.sources.iter().find(|s| s.id == alias);
    let register = source.and_then(|s| shared.register(&s.source));
    let field = register.and_then(|r| Some((r, r.fields.get(field.trim_end_matches("[]"))?)));
    match field {
        Some((register, field)) => Text::new(
            format!("“{}”中的{}", register.name.zh, field.name.zh),
            format!("{} (from the {})", field.name.en, register.name.en),
        ),
        None => Text::same(path),
    }
}
