//! Using a kept paper in another case, as its holder chose.

use super::{own, record};
use crate::event::ProofEvent;
use crate::model::{Proof, ProofId, Use};
use crate::store as rows;
use ::store::Cx;
use identity::Applicant;
use kernel::{Outcome, Refusal, RefusalKind, clock};

/// Uses the kept paper `id` of `who` in further cases; the commit relies on it staying as it is. The answer has the pages.
///
/// # Errors
/// Not found when it is not theirs; `proofs.expired` or `proofs.replaced` when it may not be used any more.
pub async fn use_again(cx: &mut Cx, who: &Applicant, id: ProofId, uses: &[Use]) -> Outcome<Proof> {
    let proof = own(cx.store(), who, id).await?;
    let today = clock::legal_date(cx.now);
    if !proof.usable(today) {
        return Err(no_longer(&proof, proof.expired(today)).into());
    }
    rows::guard(&mut cx.commit, &proof);
    rows::insert_uses(cx, id, uses);
    record(cx, id, &ProofEvent::UsedAgain { uses: uses.to_vec() }).await?;
    Ok(proof)
}

fn no_longer(proof: &Proof, expired: bool) -> Refusal {
    let (zh, en) = (&proof.name.zh, &proof.name.en);
    let refusal = if expired {
        Refusal::new(
            RefusalKind::Conflict,
            "proofs.expired",
            format!("以前交过的“{zh}”已过可以再用的日期。"),
            format!("“{en}”, handed in before, is past the day until which it may be used again."),
        )
    } else {
        Refusal::new(
            RefusalKind::Conflict,
            "proofs.replaced",
            format!("以前交过的“{zh}”已有更新的一份。"),
            format!("There is a newer one of “{en}”, which was handed in before."),
        )
    };
    refusal.next("请改用新的一份，或重新上传。", "Use the newer one, or upload it again.")
}
