//! Using a kept paper in another case, as its holder chose.

use super::{own, record};
use crate::event::ProofEvent;
use crate::model::{Proof, ProofId, State, Use};
use crate::store as rows;
use ::store::Cx;
use identity::Applicant;
use kernel::{Outcome, Refusal, RefusalKind, SubjectId, clock};

/// Uses the kept paper `id` of `who` in further cases; the commit relies on it staying as it is. The answer has the pages.
///
/// # Errors
/// Not found when it is not theirs; `proofs.expired` or `proofs.replaced` when it may not be used any more.
pub async fn use_again(cx: &mut Cx, who: &Applicant, id: ProofId, uses: &[Use]) -> Outcome<Proof> {
    let proof = own(cx.store(), who, id).await?;
    used(cx, proof, uses).await
}

/// The same for a verb that acts for `subject` by a right of its own: a clerk at the window, for whoever stands there and chose it.
///
/// # Errors
/// As [`use_again`].
pub async fn use_again_for(cx: &mut Cx, subject: SubjectId, id: ProofId, uses: &[Use]) -> Outcome<Proof> {
    let found = rows::get(cx.store(), id).await?;
    let proof = found.filter(|p| p.subject == subject && p.state != State::Withdrawn);
    used(cx, proof.ok_or_else(Refusal::not_found)?, uses).await
}

async fn used(cx: &mut Cx, proof: Proof, uses: &[Use]) -> Outcome<Proof> {
    let today = clock::legal_date(cx.now);
    if !proof.usable(today) {
        return Err(no_longer(&proof, proof.expired(today)).into());
    }
    rows::guard(&mut cx.commit, &proof);
    rows::insert_uses(cx, proof.id, uses);
    record(cx, proof.id, &ProofEvent::UsedAgain { uses: uses.to_vec() }).await?;
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
