//! A new version of an item takes a running case over, only where its migration says how; what was filed stays as filed.

use super::advance::advance;
use super::decide::Run;
use super::no;
use crate::event::CaseEvent;
use crate::model::*;
use catalog::ItemVersionId;
use kernel::Refusal;

/// The item of the run is the new version.
pub(super) fn move_on(run: &mut Run<'_>, case: &Case, to: ItemVersionId, from: i64) -> Result<(), Refusal> {
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
    let fields = migration.fields.iter().map(|(old, new)| (old.clone(), new.clone())).collect();
    run.push(CaseEvent::MovedOn { from: case.item, to, steps, fields });
    advance(run);
    Ok(())
}
