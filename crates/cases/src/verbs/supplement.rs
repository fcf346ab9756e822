//! Supply what was asked for: just those fields change, everything else stays as filed.

use super::act::proven;
use super::at_window;
use super::facts::{Seen, Unspoken};
use super::filer::Filer;
use super::hand_over;
use super::hold::Hold;
use super::matter::{Check, Checked, check_answers};
use super::outcome::{OutcomeDone, done};
use super::staff::DocumentNumber;
use super::{keep, materials};
use crate::bundle::Way;
use crate::event::Late;
use crate::model::*;
use crate::rules::Command;
use crate::scope::{Handler, Scope};
use crate::things::Things;
use crate::wallet::Wallet;
use ::store::Cx;
use exchange::Sources;
use forms::Answers;
use identity::mandate::{self, Act};
use identity::{Applicant, Clerk};
use kernel::codes::CaseNumber;
use kernel::{FileId, Outcome, Refusal, RefusalKind, SubjectId, Timestamp};
use page::House;
use std::collections::{BTreeMap, BTreeSet};

/// A supplement that is checked and ready to be committed.
pub struct Supplied {
    checked: Checked,
    rev: i64,
}

/// Checks what is supplied and asks the sources anew; nothing is changed yet.
///
/// # Errors
/// A refusal that names the fields, or `cases.nothing-to-supply`.
pub async fn prepare_supplement(
    house: &House,
    sources: &Sources,
    who: &Applicant,
    number: &CaseNumber,
    answers: &Answers,
    given: &[Material],
) -> Outcome<Supplied> {
    let hold = Hold::load(&house.ground.store, number, &Scope::from(who)).await?;
    prepared(house, sources, &Filer::from(who), &hold, (answers, given)).await
}

/// The same for somebody who stands at the clerk's window with what was asked for, named by their identity document.
///
/// # Errors
/// As [`prepare_supplement`]; `cases.person-unknown` when the number names nobody.
pub async fn prepare_supplement_at_window(
    house: &House,
    sources: &Sources,
    clerk: &Clerk,
    (number, citizen_id): (&CaseNumber, &DocumentNumber),
    answers: &Answers,
    given: &[Material],
) -> Outcome<Supplied> {
    let store = &house.ground.store;
    let hold = hand_over::taken_in(store, number, clerk).await?;
    let (case, now) = (hold.case.as_ref().ok_or_else(Refusal::not_found)?, house.ground.clock.now());
    let filer = Filer::as_party(store, clerk, (&citizen_id.0, case), now).await?;
    prepared(house, sources, &filer, &hold, (answers, given)).await
}

async fn prepared(
    house: &House,
    sources: &Sources,
    filer: &Filer,
    hold: &Hold,
    (answers, given): (&Answers, &[Material]),
) -> Outcome<Supplied> {
    let rev = hold.rev();
    let Some(case) = &hold.case else { return Err(Refusal::not_found().into()) };
    if !crate::queries::sees_all(case, filer.subject) {
        return Err(by_filer().into());
    }
    let CaseState::Supplement { demands, .. } = &case.state else { return Err(nothing().into()) };
    not_empty(&hold.item.item, demands, given)?;
    let mut merged = merge(case, demands, answers);
    let rest = materials::merge(&hold.item.item, &mut merged, given)?;
    let known: Vec<Fact> = case.facts.iter().filter(|f| f.source == "identity").cloned().collect();
    let number = Some(case.number.to_string());
    let mut there = materials::files_in(&case.answers);
    there.extend(materials::files_of(&case.materials));
    let later: Vec<String> = case.promises.iter().filter(|p| p.open()).map(|p| p.material.clone()).collect();
    let now = house.ground.clock.now();
    let wallet =
        Wallet::load(&house.ground.store, filer.subject, now, BTreeSet::new(), Things::default()).await?;
    let check = Check {
        house,
        sources,
        filer,
        there: &there,
        item: &hold.item,
        wallet: &wallet,
        ways: &stands(case),
        later: &later,
        case: number,
        seen: &Seen::default(),
        unspoken: Unspoken::in_case(&hold.item.item, case),
    };
    let checked = check_answers(&check, merged, rest, known).await?;
    Ok(Supplied { checked, rev })
}

/// What stood for a paper when it was filed, and is no file of the form's own, stands for it still.
fn stands(case: &Case) -> BTreeMap<String, Way> {
    let mut ways: BTreeMap<String, Way> = BTreeMap::new();
    let other = |m: &&Material| !matches!(m.given, Given::File(_) | Given::Declared | Given::Fetched(_));
    for material in case.materials.iter().filter(other) {
        let way = ways.entry(material.demand.clone()).or_insert_with(|| Way::As(Vec::new()));
        if let Way::As(given) = way {
            given.push(material.given.clone());
        }
    }
    ways
}

/// Hands in what was asked for.
///
/// # Errors
/// `cases.stale` when the case has changed meanwhile, or a refusal of the rules.
pub async fn supplement(
    cx: &mut Cx,
    house: &House,
    who: &Applicant,
    number: &CaseNumber,
    supplied: &Supplied,
) -> Outcome<OutcomeDone> {
    let store = cx.store().clone();
    let mut hold = Hold::load(&store, number, &Scope::from(who)).await?;
    if hold.rev() != supplied.rev {
        return Err(super::outcome::stale().into());
    }
    let item = hold.item.item.key.clone();
    mandate::rely(cx, who, Act::Supplement, &[item.as_str()], &number.to_string()).await?;
    let case = hold.case.clone().ok_or_else(Refusal::not_found)?;
    let (command, known) = given(cx, &case, supplied).await?;
    hold.act_now(house, cx, command)?;
    lay_down(cx, &hold, who.subject(), (&known, supplied)).await?;
    done(hold, house, cx).await
}

/// Hands in what somebody brought to the clerk's window, with what they signed. What was received earlier and could not be entered then
/// (补录) comes with that moment, the reason and the evidence: the terms run from it, and supervision is told.
///
/// # Errors
/// As [`supplement`]; what is wrong with the number, the paper, or the moment; `cases.late-unproven`.
pub async fn supplement_at_window(
    cx: &mut Cx,
    house: &House,
    clerk: &Clerk,
    number: &CaseNumber,
    supplied: &Supplied,
    (citizen_id, ground, paper, reference): (&DocumentNumber, &str, Option<FileId>, Option<String>),
    late: Option<(Timestamp, Late)>,
) -> Outcome<OutcomeDone> {
    late.as_ref().map_or(Ok(()), |(_, late)| proven(late))?;
    let (store, who) = (cx.store().clone(), Handler::from(clerk));
    let mut hold = hand_over::taken_in(&store, number, clerk).await?;
    if hold.rev() != supplied.rev {
        return Err(super::outcome::stale().into());
    }
    let case = hold.case.clone().ok_or_else(Refusal::not_found)?;
    let when = late.map_or((cx.now, None), |(at, late)| (at, Some(late)));
    if asked_at(&hold).is_some_and(|asked| when.0 < asked) {
        return Err(before_asked().into());
    }
    let found = at_window::standing(cx, &case, citizen_id, (Act::Supplement, None)).await?;
    let subject = found.as_ref().map(|(subject, _)| *subject);
    let signed = (ground.to_owned(), paper, reference);
    let (does, known) = given(cx, &case, supplied).await?;
    at_window::say(cx, house, &who, &mut hold, (found, signed), ("supplement", does), when).await?;
    if let Some(subject) = subject {
        lay_down(cx, &hold, subject, (&known, supplied)).await?;
    }
    done(hold, house, cx).await
}

/// The command that hands it in, and the files that were there before; new ones are kept by the commit.
async fn given(cx: &mut Cx, case: &Case, supplied: &Supplied) -> Outcome<(Command, Vec<FileId>)> {
    let c = &supplied.checked;
    materials::rely(cx, &c.materials).await?;
    let mut known = materials::files_in(&case.answers);
    known.extend(materials::files_of(&case.materials));
    let all = materials::files_in(&c.answers).into_iter().chain(materials::files_of(&c.materials));
    materials::attach(cx, all.filter(|file| !known.contains(file)));
    let (answers, materials, facts) = (c.answers.clone(), c.materials.clone(), c.facts.clone());
    Ok((Command::Supplement { answers, materials, facts }, known))
}

/// What came new lies in the holder's drawer from now on.
async fn lay_down(
    cx: &mut Cx,
    hold: &Hold,
    subject: SubjectId,
    (known, supplied): (&[FileId], &Supplied),
) -> Outcome<()> {
    let Some(case) = &hold.case else { return Ok(()) };
    let fresh = keep::fresh(known, &supplied.checked.materials);
    keep::keep_later(cx, subject, (case, &hold.item.item), &fresh).await
}

/// A paper that was asked for by itself must be there: handing in nothing would use up the one supplement.
fn not_empty(item: &catalog::Item, demands: &[Demand], given: &[Material]) -> Result<(), Refusal> {
    let fieldless = |id: &str| item.materials.iter().any(|m| m.id == id && m.field.is_none());
    let asked = demands.iter().filter_map(|d| d.field.strip_prefix("materials."));
    let missing: Vec<&str> =
        asked.filter(|id| fieldless(id) && given.iter().all(|m| m.demand != *id)).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "cases.supplement-missing",
        "要求补的材料还没有上传。",
        "A paper that was asked for has not been uploaded.",
    )
    .next("请上传后再提交。", "Upload it, then hand in.");
    for id in &missing {
        refusal = refusal.field(format!("materials.{id}"), "请上传这份材料。", "Please upload this paper.");
    }
    Err(refusal)
}

/// The answers as filed with the demanded fields replaced, and only those.
pub(crate) fn merge(case: &Case, demands: &[Demand], answers: &Answers) -> Answers {
    let mut merged = case.answers.clone();
    for demand in demands {
        match answers.get(&demand.field) {
            Some(value) => merged.insert(demand.field.clone(), value.clone()),
            None => merged.remove(&demand.field),
        };
    }
    merged
}

/// When the one notice of what is missing was given.
fn asked_at(hold: &Hold) -> Option<Timestamp> {
    match hold.case.as_ref().map(|c| &c.state) {
        Some(CaseState::Supplement { at, .. }) => Some(*at),
        _ => None,
    }
}

fn before_asked() -> Refusal {
    let (zh, en) = ("收到的时间不能早于告知补正的时间。", "It cannot have come before it was asked for.");
    Refusal::new(RefusalKind::Invalid, "cases.supplied-before-asked", zh, en).field(
        "occurred_at",
        "收到的时间早于告知补正的时间，请核对日期和时间。",
        "This lies before the notice of what is missing: check the date and the time.",
    )
}

fn nothing() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.nothing-to-supply",
        "该办件目前不需要补正。",
        "Nothing is to be supplied for this case.",
    )
    .next("请在办件页面查看进度。", "See its progress on its page.")
}

fn by_filer() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.supplement-by-filer",
        "补正由提交申请的人办理。",
        "What is asked for is supplied by whoever filed the application.",
    )
    .next("请联系提交申请的人。", "Please ask whoever filed it.")
}
