//! What was signed for elsewhere is served: the courier's signature, or the window's, is the proof; whoever carries the papers tells it.

use super::command::{Serving, serve};
use super::hold::Hold;
use crate::model::Service;
use crate::rules::Doer;
use crate::scope::Scope;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Lang, Outcome, SubjectId, Timestamp};
use page::House;

/// A signature for the papers of a case.
#[derive(Debug, Clone)]
pub struct Signature {
    /// On which party.
    pub party: SubjectId,
    /// How: with the courier's number, or who signed.
    pub way: Service,
    /// When.
    pub at: Timestamp,
}

/// Records that the decision reached a party on paper: their time for remedies starts there, and when nobody waits for it any more, the
/// case is served and closed. What was served on them before, and the same signature twice, change nothing.
///
/// # Errors
/// Not found; those of `procedure::serve`.
pub async fn signed_for(house: &House, number: &CaseNumber, told: &Signature) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, number, &Scope::program()).await?;
        let waits: Option<procedure::NoticeId> = hold.case.as_ref().and_then(|case| {
            let mine = case.unserved().find(|(i, party)| i.kind.decides() && party.subject == told.party);
            mine.map(|(issued, _)| issued.notice)
        });
        let Some(notice) = waits else { return Outcome::Ok(()) };
        let serving = Serving {
            notice: Some(notice),
            party: Some(told.party),
            way: &told.way,
            at: told.at,
            evidence: None,
        };
        let now = cx.now;
        serve(&mut hold, house, &mut cx, serving, (now, None, &Doer::default())).await?;
        hold.finish(house, &mut cx).await?;
        Ok(())
    }
    .await)
}
