//! What was signed for elsewhere is served: the courier's signature, or the window's, is the proof; whoever carries the papers tells it.

use super::command::{Serving, serve};
use super::hold::Hold;
use crate::model::{Case, CaseState, Issued, NoticeId, Service};
use crate::rules::Doer;
use crate::scope::Scope;
use ::store::Store;
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
    /// The numbers of the notices that were signed for; none where it is not known: then it was the decision.
    pub papers: Vec<String>,
}

/// Records that notices reached a party on paper: what begins with them begins there, and when nobody waits for the decision any more, the
/// case is served and closed. What was served on them before, and the same signature twice, change nothing.
///
/// # Errors
/// Not found; those of `procedure::serve`.
pub async fn signed_for(house: &House, number: &CaseNumber, told: &Signature) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, number, &Scope::program()).await?;
        let Some(case) = hold.case.clone() else { return Outcome::Ok(()) };
        let mut waits: Vec<Option<NoticeId>> = signed(&case, told).into_iter().map(Some).collect();
        if by_result(&store, &case, told).await? {
            waits.push(None);
        }
        if waits.is_empty() {
            return Outcome::Ok(());
        }
        for notice in waits {
            let serving =
                Serving { notice, party: Some(told.party), way: &told.way, at: told.at, evidence: None };
            let now = cx.now;
            serve(&mut hold, house, &mut cx, serving, (now, None, &Doer::default())).await?;
        }
        hold.finish(house, &mut cx).await?;
        Ok(())
    }
    .await)
}

/// What was signed for and is not served yet, the decision last: with it the case may end.
fn signed(case: &Case, told: &Signature) -> Vec<NoticeId> {
    let served = |i: &Issued| case.served.iter().any(|s| s.notice == i.notice && s.party == told.party);
    let decides = case.unserved().filter(|(i, p)| i.kind.decides() && p.subject == told.party);
    let decision =
        decides.map(|(i, _)| i).find(|i| told.papers.is_empty() || told.papers.contains(&i.number));
    let letters = case
        .notices
        .iter()
        .filter(|i| !i.kind.decides() && !i.outside && told.papers.contains(&i.number) && !served(i));
    letters.chain(decision).map(|i| i.notice).collect()
}

/// Whether what was signed for is the result of a service that is told by its certificate alone: then that is the service of it.
async fn by_result(store: &Store, case: &Case, told: &Signature) -> Outcome<bool> {
    let waits = matches!(case.state, CaseState::Certified { .. });
    let alone = case.recipients().len() == 1 && case.notices.iter().all(|i| !i.kind.decides());
    if !waits || !alone {
        return Ok(false);
    }
    for id in &case.certificates {
        let made = certificates::get(store, *id).await?;
        if made.is_some_and(|c| told.papers.contains(&c.identifier)) {
            return Ok(true);
        }
    }
    Ok(false)
}
