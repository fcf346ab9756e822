//! Checking what items share: the dictionary of papers and what registers prove.

use super::check::{Found, is_slug};
use crate::{Knowledge, Register};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Checks the dictionary.
pub(super) fn check(knowledge: &Knowledge, found: &mut Found<'_>) {
    let mut claims = BTreeSet::new();
    for (n, claim) in knowledge.claims.iter().enumerate() {
        word(&claim.id, &format!("claims[{n}].id"), &mut claims, found);
        both(&claim.name, &format!("claims[{n}].name"), found);
    }
    let mut holders = BTreeSet::new();
    for (n, holder) in knowledge.holders.iter().enumerate() {
        word(&holder.id, &format!("holders[{n}].id"), &mut holders, found);
        both(&holder.name, &format!("holders[{n}].name"), found);
    }
    let mut kinds = BTreeSet::new();
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    for (n, kind) in knowledge.materials.iter().enumerate() {
        let path = format!("materials[{n}]");
        word(&kind.kind, &format!("{path}.kind"), &mut kinds, found);
        both(&kind.name, &format!("{path}.name"), found);
        proves(&kind.proves, knowledge, &path, found);
        if !(1..=5).contains(&kind.effort) {
            found.say(&format!("{path}.effort"), "effort 在1到5之间。", "The effort is 1 to 5.");
        }
        if kind.valid_days == Some(0) {
            found.say(&format!("{path}.valid_days"), "有效天数要大于零。", "It is valid for a day at least.");
        }
        if let Some(declaration) = &kind.declaration {
            both(&declaration.basis, &format!("{path}.declaration.basis"), found);
        }
        for (a, alias) in kind.aliases.iter().enumerate() {
            if let Some(other) = names.insert(alias, &kind.kind).filter(|o| *o != kind.kind) {
                found.say(
                    &format!("{path}.aliases[{a}]"),
                    format!("“{alias}”也是“{other}”的别名：一个名字只能指一种材料。"),
                    format!("“{alias}” is also an alias of `{other}`: one name is one paper."),
                );
            }
        }
    }
}

/// Checks what registers prove.
pub(super) fn registers(registers: &[Register], knowledge: &Knowledge, found: &mut Found<'_>) {
    for (n, register) in registers.iter().enumerate() {
        proves(&register.proves, knowledge, &format!("[{n}]"), found);
    }
}

fn proves(claims: &[String], knowledge: &Knowledge, path: &str, found: &mut Found<'_>) {
    for (c, claim) in claims.iter().enumerate() {
        if knowledge.claim(claim).is_none() {
            found.unknown(
                &format!("{path}.proves[{c}]"),
                ("证明内容（见 knowledge.yaml 的 claims）", "claim (see `claims` of knowledge.yaml)"),
                claim,
            );
        }
    }
}

fn word<'a>(id: &'a str, path: &str, seen: &mut BTreeSet<&'a str>, found: &mut Found<'_>) {
    if !is_slug(id) {
        found.say(path, "请用小写字母、数字和连字符。", "Use lower-case letters, digits and hyphens.");
    }
    if !seen.insert(id) {
        found.say(path, format!("“{id}”写了两次。"), format!("`{id}` is there twice."));
    }
}

fn both(text: &Text, path: &str, found: &mut Found<'_>) {
    if text.zh.trim().is_empty() || text.en.trim().is_empty() {
        found.say(path, "中文和英文都要写。", "Write it in both languages.");
    }
}
