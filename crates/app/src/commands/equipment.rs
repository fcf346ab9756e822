//! What published items need of the house and the doctor looks for: seals for their notices, line systems for their steps.

use super::doctor::Findings;
use crate::config::Config;
use crate::wiring;
use catalog::{By, Filter};
use kernel::{AgencyCode, Fault};
use procedure::{Seal, SealKind, SealState, seal};
use std::collections::{BTreeMap, BTreeSet};
use store::{Ground, Store};

/// What the items need, each with the keys of the items that need it.
#[derive(Default)]
struct Needed {
    agencies: BTreeMap<AgencyCode, BTreeSet<String>>,
    systems: BTreeMap<String, BTreeSet<String>>,
}

/// Looks whether every agency can issue what its items demand, and every external step has its line system.
///
/// # Errors
/// A [`Fault`] of the database or the configuration.
pub async fn examine(findings: &mut Findings, config: &Config, ground: &Ground) -> Result<(), Fault> {
    let needed = needed(&ground.store).await?;
    seals(findings, &needed, &all_seals(&ground.store).await?);
    let own = wiring::line_systems(config, ground)?.systems();
    let known = identity::agencies(&ground.store).await?;
    for system in own.all().filter(|s| known.iter().all(|a| a.code != s.agency)) {
        findings.bad(
            format!("the line system {} belongs to {}, which is no agency here", system.id, system.agency),
            "correct `agency` in [[line_systems]]",
        );
    }
    let missing: Vec<_> = needed.systems.iter().filter(|(id, _)| own.get(id).is_none()).collect();
    for (id, items) in &missing {
        findings.bad(
            format!("no line system is called {id}, and {} waits for it", named(items)),
            "add it to the configuration as [[line_systems]]: until then such a step stays open",
        );
    }
    if missing.is_empty() {
        findings.good(format!("each of {} line systems that items name is there", needed.systems.len()));
    }
    Ok(())
}

async fn needed(store: &Store) -> Result<Needed, Fault> {
    let mut needed = Needed::default();
    let mut filter = Filter { limit: 100, ..Filter::default() };
    loop {
        let page = catalog::list(store, &filter).await?;
        let Some(last) = page.last() else { return Ok(needed) };
        filter.after = Some(last.key.clone());
        for listed in &page {
            let Some(published) = catalog::version(store, listed.id).await? else { continue };
            let item = published.item;
            needed.agencies.entry(item.agency.clone()).or_default().insert(listed.key.clone());
            for by in item.process.iter().flat_map(|step| step.by.each()) {
                if let By::External(system) = by {
                    needed.systems.entry(system.clone()).or_default().insert(listed.key.clone());
                }
            }
        }
    }
}

async fn all_seals(store: &Store) -> Result<Vec<Seal>, Fault> {
    const PAGE: i64 = 200;
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = seal::list(store, after.as_ref(), PAGE).await?;
        let Some(last) = page.last() else { return Ok(all) };
        after = Some(seal::SealCursor { agency: last.agency.clone(), kind: last.kind, id: last.id });
        all.extend(page);
    }
}

/// A notice of acceptance bears the special seal; a decision the one for decisions or the agency's own.
const USES: [(&str, &[SealKind]); 2] =
    [("acceptance", &[SealKind::Acceptance]), ("decisions", &[SealKind::Decision, SealKind::Official])];

fn seals(findings: &mut Findings, needed: &Needed, all: &[Seal]) {
    let mut well = true;
    for (agency, items) in &needed.agencies {
        for (name, kinds) in USES {
            // A body above it lends its seal, as `procedure` picks them.
            let usable: Vec<&Seal> = all
                .iter()
                .filter(|s| {
                    s.state == SealState::InUse && kinds.contains(&s.kind) && s.agency.contains(agency)
                })
                .collect();
            if usable.is_empty() {
                well = false;
                findings.bad(
                    format!("{agency} has no seal for {name} in use, and needs it for {}", named(items)),
                    "register or enable it at /desk/seals: without it no such notice can be issued",
                );
            } else if !usable.iter().any(|s| s.automatic) {
                well = false;
                findings.soon(
                    format!("the program may not apply the seal for {name} of {agency}"),
                    "allow it at /desk/seals: what the law lets follow from silence needs a notice too",
                );
            }
        }
    }
    if well {
        findings.good(format!("the {} agencies with items have their seals", needed.agencies.len()));
    }
}

fn named(items: &BTreeSet<String>) -> String {
    let first: Vec<&str> = items.iter().take(3).map(String::as_str).collect();
    let more = items.len().saturating_sub(first.len());
    if more == 0 { first.join(", ") } else { format!("{} and {more} more", first.join(", ")) }
}
