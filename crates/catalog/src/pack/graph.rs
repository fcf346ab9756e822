//! What can only be seen on the whole: steps that are never reached or lead nowhere, time that does not suffice, proofs
//! that need each other, codes and keys used twice.

use super::Complaint;
use super::check::Found;
use crate::planner::hours;
use crate::{Handling, Item, planner};
use kernel::Text;
use std::collections::{BTreeMap, BTreeSet};

/// Checks the order of an item's steps.
pub fn steps(item: &Item, found: &mut Found<'_>) {
    let ranks = planner::ranks(&item.process);
    for (s, step) in item.process.iter().enumerate().filter(|(_, step)| !ranks.contains_key(step.id.as_str()))
    {
        found.say(
            &format!("process[{s}].after"),
            format!("步骤“{}”永远到不了：它要等的步骤又在等它。", step.id),
            format!("The step `{}` is never reached: what it waits for waits for it.", step.id),
        );
    }
    let mut needed: BTreeSet<&str> = BTreeSet::new();
    let mut waiting: Vec<&str> = item.decision.after.iter().map(String::as_str).collect();
    while let Some(id) = waiting.pop() {
        if needed.insert(id) {
            let before = item.process.iter().filter(|s| s.id == id).flat_map(|s| &s.after);
            waiting.extend(before.map(String::as_str));
        }
    }
    for (s, step) in item.process.iter().enumerate().filter(|(_, step)| !needed.contains(step.id.as_str())) {
        found.say(
            &format!("process[{s}]"),
            format!("决定不等步骤“{}”：请写进 decision.after 或别的步骤的 after。", step.id),
            format!("The decision does not wait for step `{}`: put it into decision.after or another step's after.", step.id),
        );
    }
    let longest = planner::critical_path(&item.process).hours;
    if item.handling == Handling::Promised && longest > hours(item.terms.promised) {
        found.say(
            "terms.promised",
            format!("各步骤时限合计约{longest}个工作小时，超过承诺时限{}。", item.terms.promised),
            format!(
                "The steps take about {longest} office hours, more than the promised {}.",
                item.terms.promised
            ),
        );
    }
}

/// Checks items against each other.
pub fn together(items: &[(String, Item)]) -> Vec<Complaint> {
    let mut out = Vec::new();
    let mut complain = |file: &str, zh: String, en: String| {
        out.push(Complaint { file: file.to_owned(), line: 1, column: 1, say: Text::new(zh, en) });
    };
    let (mut codes, mut keys) = (BTreeMap::new(), BTreeMap::new());
    for (file, item) in items {
        if let Some(other) = codes.insert(item.code.as_str(), file) {
            complain(file, format!("编码与 {other} 相同。"), format!("The code is also that of {other}."));
        }
        if let Some(other) = keys.insert(item.key.as_str(), file) {
            complain(
                file,
                format!("文件夹名与 {other} 相同。"),
                format!("The folder's name is also that of {other}."),
            );
        }
    }
    let issuer: BTreeMap<&str, &Item> =
        items.iter().flat_map(|(_, i)| i.results.iter().map(move |r| (r.certificate.as_str(), i))).collect();
    for (file, item) in items {
        if let Some(ring) = ring(item, &issuer) {
            let ring = ring.join(" → ");
            complain(file, format!("循环证明：{ring}。"), format!("These proofs need each other: {ring}."));
        }
    }
    out
}

/// The ring of items, each of which can only be had with the next one's certificate, that begins and ends with `item`.
fn ring(item: &Item, issuer: &BTreeMap<&str, &Item>) -> Option<Vec<String>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![item]];
    while let Some(way) = ways.pop() {
        let last = *way.last()?;
        for next in last
            .materials
            .iter()
            .filter(|m| only_certificate(m))
            .filter_map(|m| issuer.get(m.certificate.as_deref()?))
        {
            let mut longer = way.clone();
            longer.push(next);
            if next.key == item.key {
                return Some(longer.iter().map(|i| i.key.clone()).collect());
            }
            if seen.insert(&next.key) {
                ways.push(longer);
            }
        }
    }
    None
}

/// Whether a paper is needed and only another item's certificate will do, on paper or not.
fn only_certificate(material: &crate::Material) -> bool {
    material.need == crate::Need::Required
        && material.certificate.is_some()
        && !material.instead.iter().any(|i| *i != crate::Instead::Certificate)
}
