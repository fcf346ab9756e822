//! A new version of an item takes a running case over, only where its migration says how; what was filed stays as filed.

use super::advance::advance;
use super::decide::Run;
use super::no;
use crate::event::{CaseEvent, MovedOn};
use crate::model::*;
use catalog::ItemVersionId;
use kernel::{AgencyCode, Refusal};
use std::collections::BTreeMap;

/// The item of the run is the new version; `agencies` are those of its steps that name a function and a level.
pub(super) fn move_on(
    run: &mut Run<'_>,
    case: &Case,
    (to, from): (ItemVersionId, i64),
    agencies: &BTreeMap<String, Vec<AgencyCode>>,
) -> Result<(), Refusal> {
    if !case.state.works() && !matches!(case.state, CaseState::Supplement { .. }) {
        return Err(no::wrong_state(&case.state, "cases.cannot-move-on", "转入新版本", "moved on"));
    }
    let migration = run.item.migration.as_ref().filter(|m| m.from.contains(&from) && case.item != to);
    let Some(migration) = migration else { return Err(no::no_migration()) };
    let old_of = |id: &String| {
        let renamed = migration.steps.iter().find(|(_, new)| *new == id).map(|(old, _)| old.clone());
        let kept = || case.step(id).filter(|_| !migration.steps.contains_key(id)).map(|_| id.clone());
        renamed.filter(|old| case.step(old).is_some()).or_else(kept)
    };
    let first = case.step(PRECHECK).map(|_| PRECHECK.to_owned());
    let ids = first.into_iter().chain(run.item.process.iter().map(|s| s.id.clone()));
    let steps = ids.map(|id| (id.clone(), old_of(&id))).collect();
    let pairs = |map: &BTreeMap<String, String>| -> Vec<(String, String)> {
        map.iter().map(|(old, new)| (old.clone(), new.clone())).collect()
    };
    let (fields, materials) = (pairs(&migration.fields), pairs(&migration.materials));
    let agencies = agencies.clone();
    run.push(CaseEvent::MovedOn(MovedOn { from: case.item, to, steps, fields, materials, agencies }));
    advance(run);
    Ok(())
}
