//! 免申即享: one tap hands an application in when nothing is missing, and leads to what is missing when something is.

use super::look_up::look_up;
use super::matter::{MatterFiling, file_matter_now};
use super::start::begin;
use crate::model::MatterId;
use crate::queries::{DraftView, Seen, draft_at, said_before};
use crate::scope::Scope;
use crate::store as rows;
use crate::verbs::save::{Change, save_with};
use catalog::{ItemVersionId, Published};
use exchange::Sources;
use forms::Answers;
use identity::Applicant;
use kernel::codes::CaseNumber;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind};
use page::House;

/// As often a tap that met another one is looked at anew.
const TRIES: usize = 4;

/// One tap on something that somebody is entitled to.
#[derive(Debug, Clone)]
pub struct Tap {
    /// The key of the page that was tapped on: the same key is the same tap, however often it comes.
    pub key: String,
    /// The version of the item whose declarations stood beside the button; when none did, the form is read first.
    pub version: Option<ItemVersionId>,
    /// The answers that go with the entitlement: a child's number.
    pub answers: Answers,
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AtOnce {
    /// It is handed in, now or by the same tap before, or a case of it runs or was granted already.
    Filed(CaseNumber),
    /// Something is missing: the draft and the section of its form where it is asked, or `check`.
    Draft(MatterId, String),
}

/// Hands the item in, if everything that it needs is known by a register, by identity or from an earlier application, and no paper
/// is to be brought. A register that is down stops nothing: what it should prove is fetched later, and what only it could have
/// filled in is asked.
///
/// # Errors
/// A refusal when the item is not for whoever applies, or its filing is refused for another reason than something missing.
pub async fn at_once(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    item: &Published,
    tap: &Tap,
) -> Outcome<AtOnce> {
    let mut last = None;
    for _ in 0..TRIES {
        if let Some(number) = filed(house, who, tap).await? {
            return Ok(AtOnce::Filed(number));
        }
        match once(house, sources, lang, who, item, tap).await {
            // The same tap came twice at a time: whoever was first has moved the draft on.
            Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Conflict => last = Some(refusal),
            other => return other,
        }
    }
    Err(last.unwrap_or_else(Refusal::not_found).into())
}

/// The case that this tap handed in.
async fn filed(house: &House, who: &Applicant, tap: &Tap) -> Outcome<Option<CaseNumber>> {
    let number = super::filed_number(&house.ground.store, who, &tap.key).await?;
    Ok(number.map(|n| super::number_of(&n)).transpose()?)
}

async fn once(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    item: &Published,
    tap: &Tap,
) -> Outcome<AtOnce> {
    let store = &house.ground.store;
    let before = said_before(store, who).await?;
    // For a child there may be one case each; for oneself a second one would be the same once more.
    if let Some(there) = before.there(&item.item.key).filter(|_| tap.answers.is_empty()) {
        return Ok(AtOnce::Filed(there.clone()));
    }
    let started = store::command!(house.ground, lang, who.actor_ref(), |cx| {
        let begun =
            begin(&mut cx, who, None, std::slice::from_ref(item), &tap.answers, Some(&tap.key)).await?;
        // Asked after the draft was looked for: whoever took it away has left a number, and no second draft is begun.
        match super::filed_number(store, who, &tap.key).await? {
            Some(_) if !begun.resumed => Err(handed_in().into()),
            _ => Ok(begun),
        }
    })?;
    let view = looked_up(house, sources, lang, who, started.matter).await?;
    let seen = Seen {
        bundle: &view.bundle,
        known: &view.known,
        asked: &view.asked,
        wallet: &view.wallet,
        unproven: &view.unproven,
    };
    let tapped = seen.tap(view.answers.clone(), &before, house.ground.clock.now());
    // Nothing is handed in unseen: what was typed into an older draft, and what a new version declares, is read first.
    let own = view.tap.as_deref() == Some(&tap.key) && tap.version == Some(view.item.id);
    if own && tapped.missing.is_empty() {
        let filing = filing(&view, tapped.answers, tap);
        match file_matter_now(house, sources, lang, who, filing).await {
            Ok(filed) => {
                let first = filed.cases.into_iter().next().map(|c| c.number);
                return Ok(AtOnce::Filed(
                    first.ok_or_else(|| kernel::Fault::new("a filing without a case"))?,
                ));
            }
            // A register holds nothing on what it should have proved: the check page says what is to be brought instead.
            Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {}
            Err(other) => return Err(other),
        }
    }
    let mut answers = view.answers.clone();
    before.fill(view.bundle.form(), &mut answers);
    if answers != view.answers {
        store::command!(house.ground, lang, who.actor_ref(), |cx| {
            let change = Change { answers: answers.clone(), ..Change::default() };
            save_with(&mut cx, who, view.matter, change, view.rev).await
        })?;
    }
    let here = |s: &&forms::Section| {
        let root = |path: &str| path.split(['.', '[']).next().unwrap_or(path).to_owned();
        tapped.missing.iter().any(|(path, _)| s.fields.iter().any(|f| f.id == root(path)))
            || s.fields.iter().any(|f| tapped.declared.contains(&f.label))
    };
    let section = view.bundle.form().sections.iter().find(here).map_or("check", |s| s.id.as_str());
    Ok(AtOnce::Draft(view.matter, section.to_owned()))
}

/// The same tap was carried out meanwhile; [`at_once`] then finds its case.
fn handed_in() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.handed-in",
        "这项申请刚刚已经提交。",
        "This application has just been handed in.",
    )
    .next("请在“我的办件”中查看。", "See it among your cases.")
}

/// The draft with what registers say of whoever applies.
async fn looked_up(
    house: &House,
    sources: &Sources,
    lang: Lang,
    who: &Applicant,
    matter: MatterId,
) -> Outcome<DraftView> {
    let store = &house.ground.store;
    let now = Some(house.ground.clock.now());
    let view = draft_at(store, who, matter, now).await?;
    if look_up(house, sources, lang, who, &view).await? {
        draft_at(store, who, matter, now).await
    } else {
        Ok(view)
    }
}

fn filing(view: &DraftView, answers: Answers, tap: &Tap) -> MatterFiling {
    MatterFiling {
        key: tap.key.clone(),
        items: vec![view.item.item.key.clone()],
        matter: Some(view.matter),
        answers,
        role: view.role.clone(),
        ..MatterFiling::default()
    }
}

/// Where a matter that was handed in is looked at, by whatever way it was: the one case, or the matter.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn where_filed(house: &House, who: &Applicant, matter: MatterId) -> Outcome<Option<String>> {
    let store = &house.ground.store;
    let line = rows::matter(store, matter, who.subject()).await?;
    if line.is_none_or(|l| l.state != "filed" || l.person != who.person()) {
        return Ok(None);
    }
    let cases = rows::of_matter(store, matter, &Scope::from(who)).await?;
    Ok(match cases.as_slice() {
        [] => None,
        [one] => Some(format!("/cases/{}/filed", one.number)),
        _ => Some(format!("/matters/{matter}?filed=1")),
    })
}
