//! Supply what was asked for: just those fields change, everything else stays as filed.

use super::facts::{Seen, Unspoken};
use super::filer::Filer;
use super::hold::Hold;
use super::matter::{Check, Checked, check_answers};
use super::outcome::{OutcomeDone, done};
use super::{keep, materials};
use crate::bundle::Way;
use crate::model::*;
use crate::rules::Command;
use crate::scope::Scope;
use crate::things::Things;
use crate::wallet::Wallet;
use ::store::Cx;
use exchange::Sources;
use forms::Answers;
use identity::Applicant;
use identity::mandate::{self, Act};
use kernel::codes::CaseNumber;
use kernel::{Outcome, Refusal, RefusalKind};
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
    let rev = hold.rev();
    let Some(case) = &hold.case else { return Err(Refusal::not_found().into()) };
    if !crate::queries::sees_all(case, who.subject()) {
        return Err(by_filer().into());
    }
    let CaseState::Supplement { demands, .. } = &case.state else { return Err(nothing().into()) };
    not_empty(&hold.item.item, demands, given)?;
    let mut merged = merge(case, demands, answers);
    let rest = materials::merge(&hold.item.item, &mut merged, given)?;
    let known: Vec<Fact> = case.facts.iter().filter(|f| f.source == "identity").cloned().collect();
    let number = Some(number.to_string());
    let later: Vec<String> = case.promises.iter().filter(|p| p.open()).map(|p| p.material.clone()).collect();
    let filer = Filer::from(who);
    let now = house.ground.clock.now();
    let wallet =
        Wallet::load(&house.ground.store, who.subject(), now, BTreeSet::new(), Things::default()).await?;
    let check = Check {
        house,
        sources,
        filer: &filer,
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
    let c = &supplied.checked;
    materials::rely(cx, &c.materials).await?;
    let known = |case: &Case| {
        let mut known = materials::files_in(&case.answers);
        known.extend(materials::files_of(&case.materials));
        known
    };
    let known = hold.case.as_ref().map(known).unwrap_or_default();
    let given = materials::files_in(&c.answers).into_iter().chain(materials::files_of(&c.materials));
    materials::attach(cx, given.filter(|file| !known.contains(file)));
    let (answers, materials, facts) = (c.answers.clone(), c.materials.clone(), c.facts.clone());
    hold.act_now(house, cx, Command::Supplement { answers, materials, facts })?;
    if let Some(case) = &hold.case {
        let fresh = keep::fresh(&known, &c.materials);
        keep::keep_later(cx, who.subject(), (case, &hold.item.item), &fresh).await?;
    }
    done(hold, house, cx).await
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
