//! What each member waits for from another: papers that the other produces, and what the theme says must come first.

use super::prepare::ReadyMember;
use crate::bundle::Bundle;
use crate::model::*;
use catalog::planner::{How, Plan};
use catalog::{Item, MatterTheme};
use kernel::Text;
use kernel::codes::CaseNumber;

/// Writes down, for every member, what it waits for, and who waits for it.
pub(super) fn tie(bundle: &Bundle, plan: &Plan, members: &mut [ReadyMember]) {
    let theme = bundle.theme.as_deref();
    let mut all: Vec<Vec<Awaited>> = Vec::with_capacity(members.len());
    for ready in members.iter() {
        let item = &ready.item.item;
        let others: Vec<&Item> =
            members.iter().map(|m| &*m.item.item).filter(|other| other.key != item.key).collect();
        all.push(awaits(theme, plan, item, &others, &ready.materials));
    }
    drop_circles(members, &mut all);
    for (ready, awaits) in members.iter_mut().zip(all) {
        ready.awaits = awaits;
    }
    let waiting: Vec<(String, CaseNumber)> =
        members.iter().flat_map(|m| m.awaits.iter().map(|a| (a.item.clone(), m.number.clone()))).collect();
    for ready in members.iter_mut() {
        for (item, number) in &waiting {
            if *item == ready.item.item.key && !ready.awaited_by.contains(number) {
                ready.awaited_by.push(number.clone());
            }
        }
    }
}

fn awaits(
    theme: Option<&MatterTheme>,
    plan: &Plan,
    item: &Item,
    others: &[&Item],
    met: &[Material],
) -> Vec<Awaited> {
    let mut all = Vec::new();
    for spec in &item.materials {
        let made = met.iter().find_map(|m| match &m.given {
            Given::Sibling { item } if m.demand == spec.id => Some(item),
            _ => None,
        });
        let Some(other) = made.and_then(|key| others.iter().find(|o| o.key == *key)) else { continue };
        let kinds = [&spec.produced_by, &spec.certificate].into_iter().flatten();
        let makes = |kind: &&String| other.results.iter().any(|r| r.certificate == **kind);
        let certificate = kinds.chain(std::iter::once(&spec.kind)).find(makes).cloned();
        let step = spec.at.clone().or_else(|| first_step(item));
        all.push(one(theme, item, other, Some(spec.id.clone()), certificate, step, &spec.name));
    }
    let after = theme.into_iter().flat_map(|t| &t.members).filter(|m| m.item == item.key);
    for edge in after.flat_map(|m| &m.after) {
        let Some(other) = others.iter().find(|o| o.key == edge.item) else { continue };
        if all.iter().all(|a| a.item != other.key) {
            all.push(one(theme, item, other, None, None, first_step(item), &edge.basis));
        }
    }
    let depends = theme.into_iter().flat_map(|t| &t.depends).filter(|d| d.item == item.key);
    for edge in depends {
        let Some(other) = others.iter().find(|o| o.key == edge.on) else { continue };
        if all.iter().all(|a| a.item != other.key) {
            // Whoever decides waits for it; what ends the case when it fails holds nothing up before.
            let last = || catalog::planner::last_by_people(&item.process).map(|s| s.id.clone());
            let waits = edge.then == catalog::Then::Waits;
            let step = waits.then(|| edge.at.clone().or_else(last)).flatten();
            all.push(one(theme, item, other, None, None, step, &edge.say));
        }
    }
    // A paper of another member can only come when that one is in the matter; the plan says so, and it is asked for otherwise.
    debug_assert!(plan.papers.iter().all(|p| p.how != How::ProducedBy || p.produced_by.is_some()));
    all
}

fn one(
    theme: Option<&MatterTheme>,
    item: &Item,
    other: &Item,
    demand: Option<String>,
    certificate: Option<String>,
    step: Option<String>,
    what: &Text,
) -> Awaited {
    let edge = theme.and_then(|t| t.depends.iter().find(|d| d.item == item.key && d.on == other.key));
    let then = match edge.map(|e| e.then) {
        Some(catalog::Then::Ends) => Then::Ends,
        Some(catalog::Then::Waits) => Then::Waits,
        None => Then::Alone,
    };
    let told = || {
        Text::new(
            format!("等“{}”办好：{}。", other.name.zh, what.zh),
            format!("Waits for “{}”: {}.", other.name.en, what.en),
        )
    };
    let say = edge.map_or_else(told, |e| e.say.clone());
    let (item, name) = (other.key.clone(), other.name.clone());
    Awaited { item, name, demand, certificate, step, then, say, came: None, billed: None, failed: None }
}

/// The first step that a person takes, else the first of all.
fn first_step(item: &Item) -> Option<String> {
    let by_person = |s: &&catalog::Step| crate::rules::by_people(s);
    item.process.iter().find(by_person).or_else(|| item.process.first()).map(|s| s.id.clone())
}

/// Two members that wait for each other would wait for ever: the edge that closes a circle holds nothing up, and whoever examines
/// sees that the paper is not there. (The linter finds such packs; this is for sets that nobody has looked at before.)
fn drop_circles(members: &[ReadyMember], all: &mut [Vec<Awaited>]) {
    let keys: Vec<String> = members.iter().map(|m| m.item.item.key.clone()).collect();
    let mut edges: Vec<(String, String)> = Vec::new();
    for (key, awaits) in keys.iter().zip(all.iter_mut()) {
        for awaited in awaits.iter_mut().filter(|a| a.step.is_some()) {
            if reaches(&edges, &awaited.item, key) {
                awaited.step = None;
            } else {
                edges.push((key.clone(), awaited.item.clone()));
            }
        }
    }
}

/// Whether `from` waits for `to`, directly or through others.
fn reaches(edges: &[(String, String)], from: &str, to: &str) -> bool {
    let mut seen = vec![from];
    let mut next = 0;
    while let Some(here) = seen.get(next).copied() {
        if here == to {
            return true;
        }
        for (_, other) in edges.iter().filter(|(waits, _)| waits == here) {
            if !seen.contains(&other.as_str()) {
                seen.push(other);
            }
        }
        next += 1;
    }
    false
}
