//! The verbs, one file each.

mod copy;
mod find;
mod keep;
mod raise;
mod reuse;
mod withdraw;

pub use copy::{Asked, Copy, copy};
pub use find::{find, find_at_window, find_by_citizen_id};
pub use keep::{keep, keep_about};
pub use raise::{compared, raise};
pub use reuse::{use_again, use_again_for};
pub use withdraw::withdraw;

use crate::event::{ProofEvent, subject};
use crate::model::{Proof, ProofId, State};
use crate::store as rows;
use ::store::Cx;
use identity::Applicant;
use kernel::{Outcome, Refusal};

/// Writes `event` behind the history of proof `id`.
async fn record(cx: &mut Cx, id: ProofId, event: &ProofEvent) -> Outcome<()> {
    let mut head = trace::head(cx.store(), &subject(id)).await?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject(id), event, now)
}

/// Puts `by` in the place of `old`.
async fn replace(cx: &mut Cx, old: &Proof, by: ProofId) -> Outcome<()> {
    let sealer = cx.ground.store.sealer().clone();
    let replaced = Proof { state: State::Replaced, replaced_by: Some(by), ..old.clone() };
    rows::update(&mut cx.commit, &sealer, &replaced)?;
    record(cx, old.id, &ProofEvent::Replaced { by }).await
}

/// The proof `id` of `who`; whatever is not theirs, or is withdrawn, is not there.
async fn own(store: &::store::Store, who: &Applicant, id: ProofId) -> Outcome<Proof> {
    let found = rows::get(store, id).await?;
    found
        .filter(|p| p.subject == who.subject() && p.state != State::Withdrawn)
        .ok_or_else(|| Refusal::not_found().into())
}
