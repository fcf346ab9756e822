//! 一证通: papers that are handed in, on filing or later, are kept in the same commit, once for the whole matter; those that were ticked
//! are used again.

use super::filer::Filer;
use super::matter::{MatterFiling, Ready, ReadyMember};
use crate::model::*;
use crate::things::{Thing, Things};
use ::store::Cx;
use catalog::planner::{How, PlannedPaper};
use catalog::{Item, MaterialKind};
use forms::Answers;
use jiff::civil::Date;
use kernel::codes::CaseNumber;
use kernel::{AgencyCode, FileId, Outcome, SubjectId, Text, clock};
use proofs::{Grade, NewProof, Use};
use std::collections::BTreeMap;

/// The cases that were filed, each with its item's key.
type Numbers = [(String, CaseNumber)];

/// A paper to be kept, as the case or matter that it was handed in for has it.
struct Paper<'a> {
    subject: SubjectId,
    things: &'a Things,
    kind: &'a str,
    holder: &'a str,
    name: &'a Text,
    /// The kind in the dictionary.
    known: Option<&'a MaterialKind>,
    purpose: Text,
    uses: Vec<Use>,
    /// The items that it was handed in for.
    items: Vec<&'a Item>,
    issued: Option<Date>,
}

impl Paper<'_> {
    /// Keeps it with this grade: for its thing only, as long as its kind may be used again, and as long as the law has it kept.
    async fn keep(self, cx: &mut Cx, first: &CaseNumber, grade: Grade, files: Vec<FileId>) -> Outcome<()> {
        // Its age is counted from the day of issue where somebody said it, else from today.
        let since = self.issued.unwrap_or_else(|| clock::legal_date(cx.now));
        let days = self.known.and_then(|k| k.valid_days);
        let last = |days: u32| since.checked_add(jiff::Span::new().try_days(i64::from(days)).ok()?).ok();
        // A record has no pages that an archive would keep; its holder may take it back.
        let kept_by_law = if files.is_empty() { None } else { law(&self.items) };
        let new = NewProof {
            subject: self.subject,
            kind: self.kind.to_owned(),
            holder: self.things.own(self.holder),
            name: self.name.clone(),
            grade,
            purpose: self.purpose,
            uses: self.uses,
            files,
            issued: self.issued,
            valid_until: days.and_then(last),
            kept_by_law,
        };
        let thing = self.things.key(self.holder, first);
        proofs::keep_about(cx, new, thing.as_deref()).await?;
        Ok(())
    }
}

/// Keeps what was handed in, and writes down what was used again.
pub(crate) async fn keep(
    cx: &mut Cx,
    filer: &Filer,
    ready: &Ready,
    filing: &MatterFiling,
    numbers: &Numbers,
) -> Outcome<()> {
    let mut kept: Vec<(String, String)> = Vec::new();
    for paper in &ready.plan.papers {
        let uses = uses(ready, paper, numbers);
        let Some(first) = uses.first().map(|u| u.case.clone()) else { continue };
        if paper.how == How::Kept {
            let offer = ready.wallet.offer(&paper.kind, &paper.holder).map(|p| p.id);
            // Also at a window: whoever stands there has chosen it, and the commit relies on it.
            if let Some(id) = offer.filter(|id| filing.proofs.contains(id)) {
                proofs::use_again_for(cx, filer.subject, id, &uses).await?;
            }
            continue;
        }
        let place = (paper.kind.clone(), ready.wallet.own(&paper.holder));
        let Some((grade, files)) = proven(ready, paper).filter(|_| !kept.contains(&place)) else { continue };
        kept.push(place);
        let items = asking(ready, paper).map(|(m, _)| &*m.item.item).collect();
        let issued = asking(ready, paper).find_map(|(m, spec)| issued(spec, &m.answers));
        let new = Paper {
            subject: filer.subject,
            things: ready.wallet.things(),
            kind: &paper.kind,
            holder: &paper.holder,
            name: &paper.name,
            known: ready.bundle.kind(&paper.kind),
            purpose: purpose(&ready.bundle.name()),
            uses,
            items,
            issued,
        };
        let first = numbers.iter().map(|(_, n)| n).find(|n| n.to_string() == first);
        if let Some(first) = first {
            new.keep(cx, first, grade, files).await?;
        }
    }
    Ok(())
}

/// The members that ask for a paper of the plan, each with its demand.
fn asking<'a>(
    ready: &'a Ready,
    paper: &'a PlannedPaper,
) -> impl Iterator<Item = (&'a ReadyMember, &'a catalog::Material)> {
    paper.demands.iter().filter_map(|(item, demand)| {
        let member = ready.members.iter().find(|m| m.item.item.key == *item)?;
        Some((member, member.item.item.materials.iter().find(|m| m.id == *demand)?))
    })
}

/// How a paper was proven, and its pages: what was uploaded is C. What an agency knows, a certificate of ours or the record of a
/// register, is A, and a word given in a paper's place is D: both are written down without pages. They stand for no paper in another
/// case, for a certificate may be revoked, a register may say something else tomorrow, and a word is given for one matter.
fn proven(ready: &Ready, paper: &PlannedPaper) -> Option<(Grade, Vec<FileId>)> {
    // Another paper's pages are kept as that paper.
    if matches!(paper.how, How::SameAs | How::ProducedBy) {
        return None;
    }
    let given: Vec<(&ReadyMember, &Given)> = asking(ready, paper)
        .flat_map(|(m, spec)| m.materials.iter().filter(|g| g.demand == spec.id).map(move |g| (m, &g.given)))
        .collect();
    let mut files: Vec<FileId> = Vec::new();
    for (_, given) in &given {
        if let Given::File(file) = given
            && !files.contains(file)
        {
            files.push(*file);
        }
    }
    if !files.is_empty() {
        return Some((Grade::Uploaded, files));
    }
    let found = |member: &ReadyMember, alias: &str| {
        let said = |f: &&Fact| f.alias == alias || f.source == alias;
        member.facts.iter().filter(said).any(|f| matches!(f.answer, FactAnswer::Found(_)))
    };
    let known = |(member, given): &(&ReadyMember, &Given)| match given {
        Given::Certificate(_) => true,
        Given::Fetched(alias) => found(member, alias),
        _ => false,
    };
    // Only of whoever applies: what registers say of others belongs into nobody's drawer but theirs.
    let own = ready.wallet.things().thing(&paper.holder) == Thing::Own;
    if own && given.iter().any(known) {
        return Some((Grade::Issued, Vec::new()));
    }
    let declared = given.iter().any(|(_, g)| matches!(g, Given::Declared));
    declared.then_some((Grade::Declared, Vec::new()))
}

/// The day of issue, as the form was answered.
fn issued(spec: &catalog::Material, answers: &Answers) -> Option<Date> {
    answers.get(spec.issued.as_ref()?)?.as_str()?.parse().ok()
}

fn purpose(name: &Text) -> Text {
    Text::new(format!("办理{}", name.zh), format!("Applying for: {}", name.en))
}

/// The rule by which the archive of these items' cases is kept, the longest: what lies in a case goes with it, and is not the holder's
/// to take back as long as it is kept (档案法; the item's own term).
fn law(items: &[&Item]) -> Option<Text> {
    let rules = items.iter().filter_map(|i| i.retention.as_ref());
    let rule = rules.max_by_key(|r| r.years.unwrap_or(u16::MAX))?;
    Some(match rule.years {
        Some(years) => Text::new(
            format!("{}：办件归档后保存{years}年", rule.basis.zh),
            format!("{}: kept with the case for {years} years", rule.basis.en),
        ),
        None => Text::new(
            format!("{}：办件归档后永久保存", rule.basis.zh),
            format!("{}: kept with the case for ever", rule.basis.en),
        ),
    })
}

/// Where a paper of the plan stands: every demand of every case that was filed.
fn uses(ready: &Ready, paper: &PlannedPaper, numbers: &Numbers) -> Vec<Use> {
    let one = |(item, demand): &(String, String)| {
        let (_, number) = numbers.iter().find(|(key, _)| key == item)?;
        let member = ready.members.iter().find(|m| m.item.item.key == *item)?;
        let name = member.item.item.name.clone();
        Some(Use { case: number.to_string(), demand: demand.clone(), item: name })
    };
    paper.demands.iter().filter_map(one).collect()
}

/// Keeps what came after filing, in a supplement or for a promise, as what was handed in at first: `given` are the new pages by demand.
pub(crate) async fn keep_later(
    cx: &mut Cx,
    subject: SubjectId,
    (case, item): (&Case, &Item),
    given: &BTreeMap<String, Vec<FileId>>,
) -> Outcome<()> {
    if given.is_empty() {
        return Ok(());
    }
    let mine = |p: &&Party| p.subject == subject;
    let roles = case.parties.iter().filter(mine).map(|p| p.role.clone()).collect();
    let shared = catalog::shared(cx.store()).await?;
    let things = Things::of_case(item, &shared.knowledge, &case.answers, roles);
    let filed = case.filer().is_none_or(|by| by == subject);
    let mut kept: Vec<(&str, &str)> = Vec::new();
    for spec in &item.materials {
        let Some(files) = given.get(&spec.id).filter(|files| !files.is_empty()) else { continue };
        let place = (spec.kind.as_str(), spec.holder.as_str());
        // What another party hands in of whoever applies is not theirs to keep.
        let others = !filed && spec.holder == catalog::APPLICANT;
        if others || kept.contains(&place) {
            continue;
        }
        kept.push(place);
        let name = item.name.clone();
        let new = Paper {
            subject,
            things: &things,
            kind: &spec.kind,
            holder: &spec.holder,
            name: &spec.name,
            known: shared.knowledge.material(&spec.kind),
            purpose: purpose(&item.name),
            uses: vec![Use { case: case.number.to_string(), demand: spec.id.clone(), item: name }],
            items: vec![item],
            issued: issued(spec, &case.answers),
        };
        new.keep(cx, &case.number, Grade::Uploaded, files.clone()).await?;
    }
    Ok(())
}

/// The pages among these papers that were not there before, by demand.
pub(crate) fn fresh(before: &[FileId], materials: &[Material]) -> BTreeMap<String, Vec<FileId>> {
    let mut fresh: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
    for material in materials {
        if let Given::File(file) = &material.given
            && !before.contains(file)
        {
            fresh.entry(material.demand.clone()).or_default().push(*file);
        }
    }
    fresh
}

/// A paper that was seen in the original is better believed from now on (C → B). Approval on a screen raises nothing: nobody had the
/// original in hand.
pub(crate) async fn raise(cx: &mut Cx, case: &Case, demands: &[&str], by: &AgencyCode) -> Outcome<()> {
    if !demands.is_empty() {
        proofs::raise(cx, &case.number.to_string(), demands, Grade::Checked, by).await?;
    }
    Ok(())
}
