//! Its holder takes a paper back: it is offered no more, and what it said is forgotten here.

use super::{own, record};
use crate::event::ProofEvent;
use crate::model::{Proof, ProofId, State};
use crate::{rules, store as rows};
use ::store::Cx;
use identity::Applicant;
use kernel::{Outcome, Text};

/// Withdraws the paper `id` of `who`. The files of cases that used it stay with those cases, as long as their archive is kept.
///
/// # Errors
/// Not found when it is not theirs or is withdrawn already; `proofs.kept-by-law` with the law.
pub async fn withdraw(cx: &mut Cx, who: &Applicant, id: ProofId) -> Outcome<()> {
    who.must_see_all()?;
    let proof = own(cx.store(), who, id).await?;
    rules::withdraw(&proof)?;
    let sealer = cx.ground.store.sealer().clone();
    let nothing = Proof {
        state: State::Withdrawn,
        name: Text::default(),
        purpose: Text::default(),
        item: Text::default(),
        files: Vec::new(),
        digests: Vec::new(),
        checked: None,
        about: String::new(),
        ..proof
    };
    rows::update(&mut cx.commit, &sealer, &nothing)?;
    record(cx, id, &ProofEvent::Withdrawn).await
}
