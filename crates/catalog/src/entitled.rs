//! Backwards (免申即享): from what is known about somebody to what they are entitled to without having applied.

use crate::{Item, Shared, facts};
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
/// an item whose rule does not hold is not among them.
pub fn entitled(
    items: &[&Item],
    shared: &Shared,
    known: &Map<String, Value>,
    fetched: &BTreeMap<String, Map<String, Value>>,
    today: Date,
) -> Vec<Entitled> {
    let nothing = Map::new();
    let one = |item: &&Item| {
        let entitlement = item.entitlement.as_ref()?;
        let rule = entitlement.when.rule()?;
        let fetched = fetched.get(&item.key).unwrap_or(&nothing);
        let facts = facts::facts(&forms::Answers::new(), known, fetched, today);
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

/// What a fact is called: 户籍登记中的出生日期.
fn name(item: &Item, shared: &Shared, path: &str) -> Text {
    if let Some(element) = shared.elements.get(path) {
        return element.name.clone();
    }
    let (alias, field) = path.split_once('.').unwrap_or((path, ""));
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
