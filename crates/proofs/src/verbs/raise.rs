//! Staff looked at a paper: with the original in hand it is believed farther, on the screen alone it is not.

use super::{record, replace};
use crate::event::ProofEvent;
use crate::model::{Check, Compared, Grade, Proof};
use crate::{rules, store as rows};
use ::store::Cx;
use kernel::{AgencyCode, Outcome};

/// Writes down that `by` looked at what answers `demands` in `case`, and how: with the original in hand an upload is checked from now
/// on (C becomes B); a look at the screen is noted once and raises nothing. Answers how many papers changed. What was withdrawn or
/// replaced meanwhile, declarations, and what is believed as far already stay as they are. Once per commit and case: one paper may
/// answer several demands.
///
/// # Errors
/// A fault of the database.
pub async fn compared(
    cx: &mut Cx,
    case: &str,
    demands: &[&str],
    how: Compared,
    by: &AgencyCode,
) -> Outcome<usize> {
    let checked = Check { by: by.clone(), at: cx.now, how: Some(how) };
    match how {
        Compared::Original => lift(cx, case, demands, Grade::Checked, checked).await,
        Compared::OnScreen => note(cx, case, demands, checked).await,
    }
}

/// Raises what answers `demands` in `case` to `to`, because `by` compared it with the original; answers how many rose. As
/// [`compared`], which also says how it was looked at.
///
/// # Errors
/// A fault of the database.
pub async fn raise(cx: &mut Cx, case: &str, demands: &[&str], to: Grade, by: &AgencyCode) -> Outcome<usize> {
    let checked = Check { by: by.clone(), at: cx.now, how: None };
    lift(cx, case, demands, to, checked).await
}

/// The papers that answer these demands in the case, each once.
async fn used(cx: &Cx, case: &str, demands: &[&str]) -> Outcome<Vec<Proof>> {
    let mut used: Vec<Proof> = Vec::new();
    for demand in demands {
        for proof in rows::for_case(cx.store(), case, Some(demand)).await? {
            if used.iter().all(|u| u.id != proof.id) {
                used.push(proof);
            }
        }
    }
    Ok(used)
}

async fn lift(cx: &mut Cx, case: &str, demands: &[&str], to: Grade, checked: Check) -> Outcome<usize> {
    let sealer = cx.ground.store.sealer().clone();
    let mut risen = 0;
    for proof in used(cx, case, demands).await?.iter().filter(|p| rules::rises(p, to)) {
        let offered = rows::same(cx.store(), proof.subject, &proof.kind, &proof.holder, &proof.about).await?;
        for other in rules::give_way(&offered, proof, to).into_iter().filter_map(|at| offered.get(at)) {
            replace(cx, other, proof.id).await?;
        }
        let raised = Proof { grade: to, checked: Some(checked.clone()), ..proof.clone() };
        rows::update(&mut cx.commit, &sealer, &raised)?;
        let event = ProofEvent::Raised { to, by: Some(checked.by.clone()), case: case.to_owned() };
        record(cx, proof.id, &event).await?;
        risen += 1;
    }
    Ok(risen)
}

async fn note(cx: &mut Cx, case: &str, demands: &[&str], checked: Check) -> Outcome<usize> {
    let sealer = cx.ground.store.sealer().clone();
    let mut noted = 0;
    for proof in used(cx, case, demands).await?.iter().filter(|p| rules::looked_at(p)) {
        rows::update(&mut cx.commit, &sealer, &Proof { checked: Some(checked.clone()), ..proof.clone() })?;
        let event = ProofEvent::Looked { by: checked.by.clone(), case: case.to_owned() };
        record(cx, proof.id, &event).await?;
        noted += 1;
    }
    Ok(noted)
}
