//! Whose a paper is: by which answer the holder that an item names (a flat, a child, a vehicle) is told from others of its kind.

use crate::{APPLICANT, Item, Knowledge};

/// By what the holder of a paper is known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// It is whoever applies, or their own household: nothing else is needed.
    Own,
    /// By the answer in this field of the item's form.
    By(String),
    /// By nothing that the form asks.
    Unknown,
}

/// By what the holder `holder` of an item's papers is known: a party by the number that names it; a thing or another person by the
/// data element that the dictionary names, or by their own number; else by what a register of theirs is asked with.
pub fn whose(item: &Item, knowledge: &Knowledge, holder: &str) -> Whose {
    if holder == APPLICANT {
        return Whose::Own;
    }
    let role = item.roles.iter().find(|r| r.id == holder).and_then(|r| r.person.as_deref());
    if let Some(field) = role.and_then(field_of) {
        return Whose::By(field);
    }
    let said = knowledge.holders.iter().find(|h| h.id == holder);
    let numbers = [format!("{holder}.citizen_id"), format!("{holder}.credit_code")];
    let names =
        |element: &String| numbers.contains(element) || said.is_some_and(|h| h.keys.contains(element));
    if let Some(field) = item.form.fields().find(|f| f.element.as_ref().is_some_and(names)) {
        return Whose::By(field.id.clone());
    }
    if said.is_some_and(|h| h.own) {
        return Whose::Own;
    }
    asked_with(item, holder).map_or(Whose::Unknown, Whose::By)
}

/// The field with whose answer alone a register is asked that stands for a paper of this holder.
fn asked_with(item: &Item, holder: &str) -> Option<String> {
    let theirs = item.materials.iter().filter(|m| m.holder == holder).filter_map(|m| m.source.as_ref());
    let sources = theirs.filter_map(|id| item.sources.iter().find(|s| s.id == *id));
    let key = |source: &crate::ItemSource| match source.keys.values().collect::<Vec<_>>().as_slice() {
        [one] => field_of(&one.source),
        _ => None,
    };
    sources.filter_map(key).find(|field| item.form.field(field).is_some())
}

/// `plate` of `form.plate`; nothing of anything that is more than one answer.
fn field_of(rule: &str) -> Option<String> {
    let id = rule.trim().strip_prefix("form.")?;
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    (!id.is_empty() && id.chars().all(plain)).then(|| id.to_owned())
}
