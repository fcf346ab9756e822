//! What registers say for the one form: a field of element `seller.name` is answered by a register that knows the `name` of
//! the seller, so that it is shown and not asked.

use super::Merged;
use crate::{APPLICANT, Item, ItemSource, Register, RegisterType};
use forms::{Condition, FieldType, Known};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

/// A register that a member asks.
#[derive(Debug, Clone)]
pub(super) struct Asks {
    /// Its alias in the member.
    pub alias: String,
    /// The register.
    pub register: String,
    /// Whose data it gives.
    pub holders: BTreeSet<String>,
    /// Whether it is asked about whoever files or about a thing: only that may be shown to whoever files.
    pub own: bool,
}

pub(super) fn asks(item: &Item) -> Vec<Asks> {
    let one = |source: &ItemSource| Asks {
        alias: source.id.clone(),
        register: source.source.clone(),
        holders: holders(item, source),
        own: own(item, source),
    };
    item.sources.iter().map(one).collect()
}

/// Whose data a source of an item gives: the holder of papers that it stands for, the party or thing whose number it is asked
/// with (`seller.citizen_id`, `house.title_no`), whoever applies when it is asked with the applicant's.
pub(crate) fn holders(item: &Item, source: &ItemSource) -> BTreeSet<String> {
    let mut holders: BTreeSet<String> = item
        .materials
        .iter()
        .filter(|m| m.source.as_ref() == Some(&source.id))
        .map(|m| m.holder.clone())
        .collect();
    let rules = source.keys.values().filter_map(Condition::rule);
    for path in rules.flat_map(|r| r.paths()) {
        if matches!(path.as_str(), "person.citizen_id" | "organisation.credit_code") {
            holders.insert(APPLICANT.to_owned());
        }
        let role = item.roles.iter().find(|r| r.person.as_ref() == Some(path));
        holders.extend(role.map(|r| r.id.clone()));
        let field = path.strip_prefix("form.").and_then(|id| item.form.field(id));
        let element = field.and_then(|f| f.element.as_deref());
        holders.extend(element.and_then(holder_of).map(|(holder, _)| holder.to_owned()));
    }
    holders
}

/// Whether a source is asked with nothing that names another person or firm than whoever files: by the applicant's own number,
/// by a thing's, or by what such a source answered.
pub(crate) fn own(item: &Item, source: &ItemSource) -> bool {
    asked_with_own(item, source, item.sources.len())
}

fn asked_with_own(item: &Item, source: &ItemSource, depth: usize) -> bool {
    source
        .keys
        .values()
        .all(|key| key.rule().is_some_and(|r| r.paths().iter().all(|p| own_path(item, p, depth))))
}

fn own_path(item: &Item, path: &str, depth: usize) -> bool {
    let (root, leaf) = path.split_once('.').unwrap_or((path, ""));
    if matches!(root, "person" | "organisation" | "today") {
        return true;
    }
    if root == "form" {
        let Some(field) = item.form.field(leaf) else { return false };
        let named = matches!(field.kind(), FieldType::CitizenId | FieldType::CreditCode);
        let element = field.element.as_deref().and_then(holder_of);
        return !named || element.is_some_and(|(whose, _)| whose == APPLICANT);
    }
    let other = item.sources.iter().find(|s| s.id == root);
    depth > 0 && other.is_some_and(|s| asked_with_own(item, s, depth - 1))
}

/// Whose datum an element is, and which: `seller.name`; persons and organisations are whoever applies.
pub(crate) fn holder_of(element: &str) -> Option<(&str, &str)> {
    let (whose, what) = element.split_once('.')?;
    Some((if matches!(whose, "person" | "organisation") { APPLICANT } else { whose }, what))
}

/// Whether what a register holds fits a field's answer as it is.
pub(crate) fn fits(register: RegisterType, field: FieldType) -> bool {
    match field {
        FieldType::Text
        | FieldType::LongText
        | FieldType::CitizenId
        | FieldType::CreditCode
        | FieldType::Phone
        | FieldType::Plate
        | FieldType::Division => register == RegisterType::Text,
        FieldType::Date => register == RegisterType::Date,
        FieldType::Number => register == RegisterType::Number,
        _ => false,
    }
}

impl Merged {
    /// What registers answered for fields of the one form, by field: `fetched` by item and alias. What a register is asked
    /// with is no answer of it, and what a personal register says of another party is not shown to whoever files.
    pub fn fetched(
        &self,
        registers: &[Register],
        fetched: &BTreeMap<String, Map<String, Value>>,
    ) -> BTreeMap<String, Known> {
        let mut out = BTreeMap::new();
        for field in self.form().fields() {
            let Some((holder, datum)) = field.element.as_deref().and_then(holder_of) else { continue };
            let asks = self.members.iter().flat_map(|m| m.sources.iter().map(move |s| (m, s)));
            for (member, ask) in asks.filter(|(_, s)| s.holders.contains(holder)) {
                let Some(register) = registers.iter().find(|r| r.id == ask.register) else { continue };
                let fitting = register.fields.get(datum).is_some_and(|f| fits(f.kind, field.kind()));
                let shown = ask.own || !register.personal;
                if !fitting || !shown || register.keys.contains_key(datum) {
                    continue;
                }
                let record = fetched.get(&member.item).and_then(|f| f.get(&ask.alias));
                if let Some(value) = record.and_then(|r| r.get(datum)).filter(|v| !v.is_null()) {
                    let known = Known { value: value.clone(), source: register.name.clone() };
                    out.entry(field.id.clone()).or_insert(known);
                }
            }
        }
        out
    }
}
