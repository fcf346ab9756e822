//! Finding what was handed in before.

use crate::model::Proof;
use crate::{rules, store as rows};
use ::store::{Ground, Store, command};
use identity::{AtWindow, Clerk};
use jiff::civil::Date;
use kernel::{Failure, Fault, Lang, Outcome, Refusal, RefusalKind, SubjectId, clock};
use trace::{Look, Purpose};

/// What may be offered to `subject` on `on`: of each kind and holder the one that is believed farthest, then the newest; nothing without
/// pages, which stands for no paper. For a verb that acts for `subject`; staff ask by [`find_by_citizen_id`].
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn find(store: &Store, subject: SubjectId, on: Date) -> Result<Vec<Proof>, Fault> {
    let offered = rows::offered(store, subject).await?.into_iter().filter(Proof::has_pages).collect();
    Ok(rules::best(offered, on))
}

/// What a clerk at the window may take over for the person with the citizen identity number `number`. The look is recorded first;
/// the person sees it.
///
/// # Errors
/// A refusal when nobody here has that number; a fault when the look cannot be recorded: then nothing is shown.
pub async fn find_by_citizen_id(
    ground: &Ground,
    clerk: &Clerk,
    number: &str,
    purpose: &Purpose,
) -> Outcome<Vec<Proof>> {
    let Some(person) = identity::person_by_citizen_id(&ground.store, number).await? else {
        return Err(nobody().into());
    };
    let today = clock::legal_date(ground.clock.now());
    let found = find(&ground.store, SubjectId::Person(person), today).await?;
    let look = Look { person, fields: vec!["proofs".to_owned()], purpose: purpose.clone() };
    let actor = clerk.actor_ref();
    command!(ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look).map_err(Failure::from))?;
    Ok(found)
}

/// The same for whoever stands at the window for themselves or for another. The look at a person is recorded first; an agent who may act in
/// some matters only is shown nothing.
///
/// # Errors
/// A fault when the look cannot be recorded.
pub async fn find_at_window(
    ground: &Ground,
    clerk: &Clerk,
    there: &AtWindow,
    purpose: &Purpose,
) -> Outcome<Vec<Proof>> {
    let word = if there.sees_all() { "proofs" } else { "name" };
    if let SubjectId::Person(person) = there.subject() {
        let look = Look { person, fields: vec![word.to_owned()], purpose: purpose.clone() };
        let actor = clerk.actor_ref();
        command!(ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look).map_err(Failure::from))?;
    }
    if !there.sees_all() {
        return Ok(Vec::new());
    }
    Ok(find(&ground.store, there.subject(), clock::legal_date(ground.clock.now())).await?)
}

fn nobody() -> Refusal {
    Refusal::new(
        RefusalKind::NotFound,
        "proofs.nobody",
        "没有这个公民身份号码的存留材料。",
        "Nothing is kept under this citizen identity number.",
    )
    .next("请核对号码，或请群众提供材料。", "Check the number, or ask the person for the papers.")
    .field("number", "请核对号码。", "Check the number.")
}
