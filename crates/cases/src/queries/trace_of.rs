//! The trace of a case for whoever may take it along: checkable by anybody, without what is not for these eyes.

use super::redact::redact;
use super::shelter::shelter;
use super::{needs, sees_all};
use crate::event::CaseEvent;
use crate::scope::{Reach, Scope};
use crate::store as rows;
use crate::verbs;
use ::store::Store;
use kernel::codes::CaseNumber;
use kernel::{Outcome, Refusal, RefusalKind};
use std::collections::BTreeSet;

/// The trace as JSON lines, which `yimen verify` checks without any server. Of a party only whoever filed gets it, and what
/// registers said of another party comes as commitments without their bodies; so does, for an agency that only takes a step, what its
/// step does not need.
///
/// # Errors
/// Not found outside the scope; `cases.trace-of-filer` for a party that did not file.
pub async fn trace_of(store: &Store, number: &CaseNumber, scope: &Scope) -> Outcome<String> {
    let line = rows::the_case(store, &number.to_string(), scope).await?.ok_or_else(Refusal::not_found)?;
    let subject = verbs::subject_of(line.id);
    // A window takes nobody's trace along.
    if matches!(scope.0, Reach::Window(_)) {
        return Err(Refusal::not_found().into());
    }
    let mut withheld = BTreeSet::new();
    if let Reach::Party(party, eyes, _) = scope.0 {
        let item = verbs::item_version(store, line.item_version).await?;
        let (_, mut events) = trace::history::<CaseEvent>(store, &subject).await?;
        let whole: Vec<CaseEvent> = events.iter().map(|e| e.event.clone()).collect();
        let mut case = crate::rules::fold(events.iter().map(|e| (&e.event, e.occurred_at)))?;
        if !sees_all(&case, party) {
            return Err(not_the_filer().into());
        }
        redact(&mut case, &mut events, &item, party);
        shelter(store, (&mut case, &mut events), &item, eyes).await?;
        withheld = cut(&events, &whole);
    }
    if let Reach::Agency(agency) = &scope.0 {
        let item = verbs::item_version(store, line.item_version).await?;
        let (_, mut events) = trace::history::<CaseEvent>(store, &subject).await?;
        let whole: Vec<CaseEvent> = events.iter().map(|e| e.event.clone()).collect();
        let mut case = crate::rules::fold(events.iter().map(|e| (&e.event, e.occurred_at)))?;
        needs::cut(&mut case, &mut events, &item.item, agency);
        withheld = cut(&events, &whole);
    }
    Ok(trace::export_without(store, &subject, &withheld).await?)
}

/// The events of which these eyes see less than all.
fn cut(events: &[trace::Recorded<CaseEvent>], whole: &[CaseEvent]) -> BTreeSet<i64> {
    events.iter().zip(whole).filter(|(seen, all)| seen.event != **all).map(|(seen, _)| seen.seq).collect()
}

fn not_the_filer() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.trace-of-filer",
        "留痕记录含有其他当事人的信息，只有提交申请的人可以下载。",
        "The record holds data of other parties; only whoever filed the application may take it along.",
    )
    .next("您可以在办件页面查看每一步。", "You see every step on the page of the case.")
}
