//! File for somebody who stands at the window, also what came earlier and is entered now (补录): a clerk, with the reason and the
//! evidence of the moment; supervision sees it, and so does the person it concerns.

use super::act::proven;
use super::filer::Filer;
use super::matter::{FiledMatter, MatterFiling, PreparedMatter, file_by, prepare_by};
use crate::event::Late;
use ::store::Cx;
use exchange::Sources;
use identity::{Clerk, Whom};
use kernel::{Lang, Outcome};
use page::House;

/// What somebody hands in at a window, checked and ready to be committed.
#[derive(Debug)]
pub struct PreparedAtWindow {
    filer: Filer,
    matter: PreparedMatter,
    late: Option<Late>,
}

/// Checks what the person with this identity number hands in for themselves or for somebody else, and reserves the numbers. Nothing is filed yet. With an `occurred_at` in the
/// past, `late` says why and on what evidence.
///
/// # Errors
/// As preparing itself; `cases.person-unknown`, `cases.late-unproven`; `identity.no-mandate` when they may not act for whom they say.
pub async fn prepare_at_window(
    house: &House,
    sources: &Sources,
    clerk: &Clerk,
    (citizen_id, whom): (&str, Whom),
    filing: MatterFiling,
    late: Option<Late>,
) -> Outcome<PreparedAtWindow> {
    late.as_ref().map_or(Ok(()), proven)?;
    let compared = filing.compared;
    let now = house.ground.clock.now();
    let mut filer = Filer::at_window(&house.ground.store, clerk, (citizen_id, whom), now).await?;
    filer.compared = compared;
    let matter = prepare_by(house, sources, &filer, filing).await?;
    Ok(PreparedAtWindow { filer, matter, late })
}

/// Files it, in the caller's commit: what has to happen with it or not at all is added to the same one.
///
/// # Errors
/// A refusal of the rules.
pub async fn file_prepared(cx: &mut Cx, house: &House, prepared: &PreparedAtWindow) -> Outcome<FiledMatter> {
    file_by(cx, house, &prepared.filer, &prepared.matter, prepared.late.clone()).await
}

/// Checks and files in one go.
///
/// # Errors
/// As [`prepare_at_window`] and [`file_prepared`].
pub async fn file_at_window(
    house: &House,
    sources: &Sources,
    lang: Lang,
    clerk: &Clerk,
    citizen_id: &str,
    filing: MatterFiling,
    late: Option<Late>,
) -> Outcome<FiledMatter> {
    let prepared = prepare_at_window(house, sources, clerk, (citizen_id, Whom::Myself), filing, late).await?;
    store::command!(house.ground, lang, clerk.actor_ref(), |cx| {
        file_prepared(&mut cx, house, &prepared).await
    })
}
