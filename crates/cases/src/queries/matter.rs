//! A matter on one page (一件事): its cases as they stand, what each waits for, one bill, the steps of all of them as bars.

use super::plan::bars_from;
use super::{Bar, CaseRow, CaseView, view};
use crate::bundle::{Asked, Bundle, read_about};
use crate::draft::PLAN_SEAL;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules;
use crate::scope::{Reach, Scope};
use crate::store::{self as rows, CaseLine};
use crate::verbs;
use ::store::Store;
use catalog::planner::Plan;
use forms::Answers;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, Calendar, Outcome, Refusal, Text, Timestamp};
use serde_json::Map;
use std::collections::{BTreeMap, BTreeSet};

/// A member of a matter, as far as everybody who is concerned with one of them may know it: nothing of answers, names, papers.
#[derive(Debug, Clone)]
pub struct MatterMember {
    /// Its row.
    pub number: CaseNumber,
    /// The item.
    pub item_key: String,
    /// Its name.
    pub item_name: Text,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// Who holds it now.
    pub holder: Option<AgencyCode>,
    /// The state's word.
    pub state: String,
    /// What came of it.
    pub outcome: Option<String>,
    /// Whether it still runs.
    pub running: bool,
    /// Until when it must be decided.
    pub due_at: Option<Timestamp>,
    /// When it ended.
    pub closed_at: Option<Timestamp>,
    /// What it waits for: the other's item, and why.
    pub waits_for: Vec<(String, Text)>,
    /// Whether nothing but a payment is missing.
    pub unpaid: bool,
}

/// A matter with what whoever asks may see of it.
pub struct MatterView {
    /// The matter.
    pub id: MatterId,
    /// What it is called.
    pub name: Text,
    /// When it was filed.
    pub filed_at: Timestamp,
    /// Every member, by row.
    pub members: Vec<MatterMember>,
    /// The cases within the scope, opened.
    pub cases: Vec<CaseView>,
    /// The plan as it was sealed on filing, whatever became of its theme since: bill, results, steps, papers with why.
    pub plan: Plan,
}

/// The matter of a case, if the case lies within the scope.
///
/// # Errors
/// Not found otherwise.
pub async fn matter_of(store: &Store, number: &CaseNumber, scope: &Scope) -> Outcome<MatterId> {
    let line = rows::the_case(store, &number.to_string(), scope).await?.ok_or_else(Refusal::not_found)?;
    Ok(line.matter)
}

/// The members of a matter alone, for the page of one of its cases; none when the case is alone.
///
/// # Errors
/// A fault of the store.
pub async fn siblings(store: &Store, id: MatterId, scope: &Scope) -> Outcome<Vec<MatterMember>> {
    let within = rows::of_matter(store, id, scope).await?;
    let all = match scope.0 {
        Reach::Party(..) | Reach::Window(_) => within,
        _ if within.is_empty() => Vec::new(),
        _ => rows::of_matter(store, id, &Scope::program()).await?,
    };
    if all.len() < 2 {
        return Ok(Vec::new());
    }
    let mut members = Vec::with_capacity(all.len());
    for line in all {
        members.push(member(store, line).await?);
    }
    Ok(members)
}

/// The matter, if one of its cases lies within the scope. Staff of one member see of the others where they stand and nothing else; a
/// party sees those they take part in.
///
/// # Errors
/// Not found, whether it does not exist or is not for these eyes.
pub async fn matter_view(store: &Store, id: MatterId, scope: &Scope) -> Outcome<MatterView> {
    let line = rows::any_matter(store, id).await?.ok_or_else(Refusal::not_found)?;
    let within = rows::of_matter(store, id, scope).await?;
    let filed_at = within.first().map(|l| l.filed_at).ok_or_else(Refusal::not_found)?;
    let all = match scope.0 {
        Reach::Party(..) | Reach::Window(_) => within.clone(),
        _ => rows::of_matter(store, id, &Scope::program()).await?,
    };
    let mut cases = Vec::with_capacity(within.len());
    for line in &within {
        cases.push(view(store, &verbs::number_of(&line.number)?, scope).await?);
    }
    let mut members = Vec::with_capacity(all.len());
    for line in all {
        members.push(member(store, line).await?);
    }
    let (theme, _) = read_about(&line.about);
    let theme = match theme {
        Some(theme) => catalog::find_theme(store, theme).await?,
        None => None,
    };
    let bundle = Bundle::of(store, theme, cases.iter().map(|c| c.item.clone()).collect()).await?;
    let now = plan(&bundle, &cases, filed_at);
    let plan = match rows::plan_of(store, id).await? {
        // What an older program sealed and this one does not read is reckoned anew, as for matters filed before plans were kept.
        Some(sealed) => match sealed.open(store.sealer(), PLAN_SEAL) {
            Ok(filed) => as_filed(&filed, now, &cases, scope),
            Err(_) => now,
        },
        None => now,
    };
    let place = |key: &str| plan.members.iter().position(|m| m.item == key).unwrap_or(usize::MAX);
    cases.sort_by_key(|c| place(&c.case.item_key));
    members.sort_by_key(|m| (place(&m.item_key), m.number.to_string()));
    Ok(MatterView { id, name: Text::new(line.name_zh, line.name_en), filed_at, members, cases, plan })
}

async fn member(store: &Store, line: CaseLine) -> Outcome<MatterMember> {
    let (_, events) = trace::history::<CaseEvent>(store, &verbs::subject_of(line.id)).await?;
    let case = rules::fold(events.iter().map(|e| (&e.event, e.occurred_at)))?;
    let row = CaseRow::of(line)?;
    let waits = case.awaits.iter().filter(|a| a.open() && a.step.is_some() && row.running);
    Ok(MatterMember {
        waits_for: waits.map(|a| (a.item.clone(), waits_text(a))).collect(),
        unpaid: case.unpaid.is_some(),
        number: row.number,
        item_key: row.item_key,
        item_name: row.item_name,
        agency: row.agency,
        holder: row.holder,
        state: row.state,
        outcome: row.outcome,
        running: row.running,
        due_at: row.due_at,
        closed_at: row.closed_at,
    })
}

/// What is said while the other is still being handled; what follows when it is refused is said only then.
fn waits_text(awaited: &Awaited) -> Text {
    let name = &awaited.name;
    Text::new(
        format!("等“{}”办好，接着就办这一项。", name.zh),
        format!("Waits for “{}”; this goes on as soon as that is done.", name.en),
    )
}

/// The plan that was sealed on filing, as far as it is for these eyes: of the cases within the scope, and for everybody but whoever
/// handed the matter in without what rests on answers they may not read. `now` is reckoned from what they may read.
fn as_filed(filed: &Plan, now: Plan, cases: &[CaseView], scope: &Scope) -> Plan {
    let whole = match scope.0 {
        Reach::Party(subject, ..) => cases.iter().all(|c| super::sees_all(&c.case, subject)),
        Reach::All => true,
        _ => false,
    };
    let mut plan = filed.only(|item| cases.iter().any(|c| c.case.item_key == item));
    if whole {
        return plan;
    }
    for fee in &mut plan.fees {
        // An amount tells what it was worked out from.
        let told =
            now.fees.iter().any(|f| f.item == fee.item && f.name == fee.name && f.amount == fee.amount);
        fee.amount = fee.amount.filter(|_| told);
    }
    plan.total_up();
    Plan { papers: now.papers, fields: now.fields, situations: now.situations, ..plan }
}

/// The plan as it comes out today for what was filed: for matters that were filed before plans were kept.
fn plan(bundle: &Bundle, cases: &[CaseView], now: Timestamp) -> Plan {
    let mut answers = Answers::new();
    for (member, published) in bundle.items.iter().enumerate() {
        if let Some(case) = cases.iter().find(|c| c.case.item_key == published.item.key) {
            answers.extend(bundle.merged.lift(member, &case.case.answers));
        }
    }
    let (known, unproven) = (Map::new(), BTreeSet::new());
    let facts = BTreeMap::new();
    bundle.plan(&Asked {
        answers: &answers,
        known: &known,
        holds: &[],
        unproven: &unproven,
        facts: &facts,
        now,
    })
}

impl MatterView {
    /// The steps of every case as bars, each with its item; what waits for another case begins after that one's end.
    pub fn bars(&self, calendar: &Calendar, now: Timestamp) -> Vec<(String, Vec<Bar>)> {
        let mut done: BTreeMap<String, Vec<Bar>> = BTreeMap::new();
        // A case after those it waits for; no circle is ever filed, so every round places one at least.
        while done.len() < self.cases.len() {
            let ready = |c: &&CaseView| {
                let known = |item: &String| {
                    done.contains_key(item) || self.cases.iter().all(|o| o.case.item_key != *item)
                };
                !done.contains_key(&c.case.item_key)
                    && c.case.awaits.iter().filter(|a| a.step.is_some()).all(|a| known(&a.item))
            };
            let left = || self.cases.iter().find(|c| !done.contains_key(&c.case.item_key));
            let Some(case) = self.cases.iter().find(ready).or_else(left) else { break };
            let ends = |item: &str| {
                let bars = done.get(item)?;
                bars.iter().map(|b| b.to.unwrap_or(b.planned_to)).max()
            };
            let mut floors: BTreeMap<String, Timestamp> = BTreeMap::new();
            for awaited in case.case.awaits.iter().filter(|a| a.open()) {
                if let (Some(step), Some(end)) = (&awaited.step, ends(&awaited.item)) {
                    let floor = floors.entry(step.clone()).or_insert(end);
                    *floor = (*floor).max(end);
                }
            }
            let bars = bars_from(case, calendar, now, &floors);
            done.insert(case.case.item_key.clone(), bars);
        }
        let of = |c: &CaseView| Some((c.case.item_key.clone(), done.get(&c.case.item_key)?.clone()));
        self.cases.iter().filter_map(of).collect()
    }

    /// The chain of steps that decides when the whole is done, as pairs of item and step: from the step that ends last back to
    /// what it waited for longest, in its own case or in the one whose result it needs.
    pub fn decisive(&self, bars: &[(String, Vec<Bar>)]) -> BTreeSet<(String, String)> {
        let end = |b: &Bar| b.to.unwrap_or(b.planned_to);
        let of = |item: &str| bars.iter().find(|(i, _)| i == item).map(|(_, bars)| bars.as_slice());
        let last = |item: &str| of(item).and_then(|bars| bars.iter().max_by_key(|b| end(b)));
        let all = bars.iter().flat_map(|(item, bars)| bars.iter().map(move |b| (item.as_str(), b)));
        let mut here = all.max_by_key(|(_, b)| end(b));
        let mut chain = BTreeSet::new();
        while let Some((item, bar)) = here {
            if !chain.insert((item.to_owned(), bar.id.clone())) {
                break;
            }
            let own = of(item).unwrap_or_default().iter().filter(|b| bar.after.contains(&b.id));
            let case = self.cases.iter().find(|c| c.case.item_key == item);
            let awaits = case.map(|c| c.case.awaits.as_slice()).unwrap_or_default();
            let others = awaits.iter().filter(|a| a.step.as_ref() == Some(&bar.id));
            let others = others.filter_map(|a| Some((a.item.as_str(), last(&a.item)?)));
            here = own.map(|b| (item, b)).chain(others).max_by_key(|(_, b)| end(b));
        }
        chain
    }
}
