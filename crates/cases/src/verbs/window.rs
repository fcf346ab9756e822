//! File for somebody who stands at the window, also what came earlier and is entered now (补录): a clerk, with the reason and the
//! evidence of the moment; supervision sees it, and so does the person it concerns.

use super::act::proven;
use super::filer::Filer;
use super::matter::{FiledMatter, MatterFiling, file_by, prepare_by};
use crate::event::Late;
use exchange::Sources;
use identity::Clerk;
use kernel::{Lang, Outcome};
use page::House;

/// Files for the person with this identity number. With an `occurred_at` in the past, `late` says why and on what evidence.
///
/// # Errors
/// As filing itself; `cases.person-unknown`, `cases.late-unproven`.
pub async fn file_at_window(
    house: &House,
    sources: &Sources,
    lang: Lang,
    clerk: &Clerk,
    citizen_id: &str,
    filing: MatterFiling,
    late: Option<Late>,
) -> Outcome<FiledMatter> {
    late.as_ref().map_or(Ok(()), proven)?;
    let filer = Filer::at_window(&house.ground.store, clerk, citizen_id).await?;
    let prepared = prepare_by(house, sources, &filer, filing).await?;
    store::command!(house.ground, lang, clerk.actor_ref(), |cx| {
        file_by(&mut cx, house, &filer, &prepared, late.clone()).await
    })
}
