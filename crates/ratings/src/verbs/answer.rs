//! The agency answers a bad rating: what was found, and what is done about it.

use crate::model::RatingId;
use crate::reach::{Reach, no_right};
use crate::rules;
use crate::store::{self as rows, RatingRow};
use ::store::{Cx, Store};
use identity::Staff;
use identity::letters::{self, Letter};
use kernel::{Outcome, Refusal, SubjectId, Timestamp, clock};

/// Whether `who` answers: for an agency a person in charge or who stands in for one, for a window the head of the hall or
/// supervision; nobody in
/// their own matter.
pub(crate) async fn answers(store: &Store, who: &Staff, row: &RatingRow, now: Timestamp) -> Outcome<bool> {
    match who {
        Staff::Examiner(examiner) if row.party() != Some(SubjectId::Person(examiner.person())) => {
            Ok(identity::head_on(store, examiner, clock::legal_date(now)).await?)
        }
        Staff::Clerk(clerk) => {
            Ok(row.at_window.is_some() && clerk.is_head() && row.clerk != Some(clerk.account()))
        }
        // A hall may have one head only, who served.
        Staff::Supervisor(_) => Ok(row.at_window.is_some()),
        _ => Ok(false),
    }
}

/// Answers a bad rating; the rater gets a letter that there is an answer, whether they wanted to be named or not.
///
/// # Errors
/// Not found outside of one's reach, `ratings.no-right` for whoever does not answer, or a refusal of the rules.
pub async fn answer(cx: &mut Cx, who: &Staff, id: RatingId, text: &str) -> Outcome<()> {
    let reach = Reach::of(who)?;
    let row = rows::for_desk(cx.store(), id, &reach).await?.ok_or_else(Refusal::not_found)?;
    let now = cx.now;
    if !answers(cx.store(), who, &row, now).await? {
        return Err(no_right().into());
    }
    let (mut head, events) = trace::history(cx.store(), &id.subject()).await?;
    let event = rules::answer(&rules::fold(&events)?, text)?;
    trace::record(cx, &mut head, &id.subject(), &event, now)?;
    rows::answered(&mut cx.commit, id, now);
    if let Some(party) = row.party() {
        letters::tell_subject(cx, party, Letter::RatingAnswered)?;
    }
    Ok(())
}
