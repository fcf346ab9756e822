//! Staff compared a paper with its original: it is believed farther.

use super::{record, replace};
use crate::event::ProofEvent;
use crate::model::{Check, Grade, Proof};
use crate::{rules, store as rows};
use ::store::Cx;
use kernel::{AgencyCode, Outcome};

/// Raises what answers `demands` in `case` to `to`, because `by` compared it or decided on it; answers how many rose. What was
/// withdrawn or replaced meanwhile, declarations, and what is believed as far already stay as they are. Once per commit and case:
/// one paper may answer several demands.
///
/// # Errors
/// A fault of the database.
pub async fn raise(cx: &mut Cx, case: &str, demands: &[&str], to: Grade, by: &AgencyCode) -> Outcome<usize> {
    let mut used: Vec<Proof> = Vec::new();
    for demand in demands {
        for proof in rows::for_case(cx.store(), case, Some(demand)).await? {
            if used.iter().all(|u| u.id != proof.id) {
                used.push(proof);
            }
        }
    }
    let sealer = cx.ground.store.sealer().clone();
    let mut risen = 0;
    for proof in used.iter().filter(|p| rules::rises(p, to)) {
        let offered = rows::same(cx.store(), proof.subject, &proof.kind, &proof.holder).await?;
        for other in rules::give_way(&offered, proof, to).into_iter().filter_map(|at| offered.get(at)) {
            replace(cx, other, proof.id).await?;
        }
        let checked = Check { by: by.clone(), at: cx.now };
        let raised = Proof { grade: to, checked: Some(checked), ..proof.clone() };
        rows::update(&mut cx.commit, &sealer, &raised)?;
        let event = ProofEvent::Raised { to, by: Some(by.clone()), case: case.to_owned() };
        record(cx, proof.id, &event).await?;
        risen += 1;
    }
    Ok(risen)
}
