//! Checks what is filed: by the rules of every member, before and after the registers were asked, and whether each demand is met.

use super::prepare::{MatterFiling, ReadyMember, finish_member, lift};
use super::said;
use crate::bundle::{Bundle, Way};
use crate::model::*;
use crate::rules::facts_value;
use crate::verbs::facts::{self, Seen, Unspoken};
use crate::verbs::filer::Filer;
use crate::verbs::materials;
use crate::wallet::Wallet;
use catalog::planner::Plan;
use catalog::{Item, Published};
use exchange::Sources;
use forms::{Answers, Evaluation, FieldType};
use kernel::{Failure, FieldError, Outcome, Refusal, RefusalKind};
use page::House;
use std::collections::BTreeMap;
use trace::Purpose;

/// What checking yields.
pub(crate) struct Checked {
    pub answers: Answers,
    pub materials: Vec<Material>,
    pub facts: Vec<Fact>,
}

/// A filing under check.
pub(super) struct Checking<'a> {
    pub house: &'a House,
    pub sources: &'a Sources,
    pub filer: &'a Filer,
    pub bundle: &'a Bundle,
    pub plan: &'a Plan,
    pub wallet: &'a Wallet,
    pub answers: &'a Answers,
    pub known: Vec<Fact>,
    pub filing: &'a MatterFiling,
    pub seen: Seen,
    /// The roles that whoever files has themselves.
    pub mine: &'a [String],
}

impl Checking<'_> {
    /// Every member that is taken; what is wrong in any of them is told at once.
    pub async fn all(&self) -> Outcome<Vec<ReadyMember>> {
        complain(self.bundle.form().check_answers(self.answers))?;
        let (mut wrong, mut fine) = (None, Vec::new());
        for member in self.bundle.taken(self.plan) {
            let Some(item) = self.bundle.items.get(member) else { continue };
            let promises = self.promises(&item.item);
            match self.one(member, item, &promises).await {
                Ok(checked) => fine.push((item, checked, promises)),
                Err(Failure::Refused(refusal)) if told(&refusal) => {
                    gather(&mut wrong, lift(self.bundle, member, refusal));
                }
                Err(other) => return Err(other),
            }
        }
        if let Some(wrong) = wrong {
            return Err(wrong.into());
        }
        if fine.is_empty() {
            return Err(said::nothing_taken().into());
        }
        let mut ready = Vec::with_capacity(fine.len());
        for (item, checked, promises) in fine {
            ready.push(finish_member((self.house, self.filer), item, checked, promises).await?);
        }
        Ok(ready)
    }

    async fn one(&self, member: usize, item: &Published, later: &[String]) -> Outcome<Checked> {
        let own = self.bundle.merged.project(member, self.answers);
        let prefix = format!("{}/", item.item.key);
        let mine = |m: &Material| {
            let demand = m.demand.strip_prefix(&prefix)?.to_owned();
            Some(Material { demand, given: m.given.clone() })
        };
        let given = self.filing.materials.iter().filter_map(mine).collect();
        let ways = self.bundle.ways(&item.item, self.plan, self.answers, self.wallet);
        let check = Check {
            house: self.house,
            sources: self.sources,
            filer: self.filer,
            item,
            wallet: self.wallet,
            ways: &ways,
            later,
            case: None,
            there: &[],
            seen: &self.seen,
            unspoken: Unspoken::of(&item.item, |role| self.mine.iter().any(|m| m == role)),
        };
        let given = self.named_or_next_to_end(&item.item, given);
        check_answers(&check, own, given, self.known.clone()).await
    }

    /// What is prolonged where several certificates of the kind are held and none was named: the one that ends first.
    fn named_or_next_to_end(&self, item: &Item, mut given: Vec<Material>) -> Vec<Material> {
        let demand =
            item.renews.as_ref().and_then(|r| item.materials.iter().find(|m| m.kind == r.certificate));
        let Some(demand) = demand.filter(|d| given.iter().all(|m| m.demand != d.id)) else { return given };
        if let Some(id) = self.wallet.next_to_end(&demand.kind) {
            given.push(Material { demand: demand.id.clone(), given: Given::Certificate(id) });
        }
        given
    }

    /// Which of its papers are promised for later; a paper of the plan stands for the demands of every member.
    fn promises(&self, item: &Item) -> Vec<String> {
        if self.bundle.alone() {
            return self.filing.promises.clone();
        }
        let promised = |m: &&catalog::Material| {
            let paper = self.bundle.paper_for(self.plan, &item.key, &m.id).map(|p| p.id.as_str());
            let named = |p: &String| *p == m.id || Some(p.as_str()) == paper;
            m.tolerable.is_some() && self.filing.promises.iter().any(named)
        };
        item.materials.iter().filter(promised).map(|m| m.id.clone()).collect()
    }
}

/// Whether a refusal names fields, so that it can be told together with those of others.
fn told(refusal: &Refusal) -> bool {
    refusal.kind == RefusalKind::Invalid && !refusal.fields.is_empty()
}

fn gather(all: &mut Option<Refusal>, more: Refusal) {
    match all {
        None => *all = Some(more),
        Some(first) => {
            for error in more.fields {
                if first.fields.iter().all(|known| known.field != error.field) {
                    first.fields.push(error);
                }
            }
        }
    }
}

/// What one member's answers are checked with.
pub(crate) struct Check<'a> {
    pub house: &'a House,
    pub sources: &'a Sources,
    pub filer: &'a Filer,
    pub item: &'a Published,
    pub wallet: &'a Wallet,
    pub ways: &'a BTreeMap<String, Way>,
    /// What may come later.
    pub later: &'a [String],
    /// The case, once there is one.
    pub case: Option<String>,
    pub seen: &'a Seen,
    /// Those about whom no register is asked yet.
    pub unspoken: Vec<Unspoken>,
    /// The files that lie in the case already, whoever of its side uploaded them.
    pub there: &'a [kernel::FileId],
}

/// Checks answers and papers against the item's own form, before and after the sources were asked.
pub(crate) async fn check_answers(
    check: &Check<'_>,
    answers: Answers,
    given: Vec<Material>,
    mut facts: Vec<Fact>,
) -> Outcome<Checked> {
    let Check { house, item, .. } = check;
    let now = house.ground.clock.now();
    let form = &item.item.form;
    complain(form.check_answers(&answers))?;
    let first = form.evaluate(&answers, &facts_value(&answers, &facts, now));
    complain(wrong(check, &first))?;
    let mut new = materials::files_in(&answers);
    new.retain(|file| !check.there.contains(file));
    materials::own_files(&house.ground.store, check.filer.account, &new).await?;
    let asking = facts::Asking {
        ground: &house.ground,
        sources: check.sources,
        actor: &check.filer.actor,
        purpose: Purpose { ground: "file".to_owned(), case: check.case.clone() },
        seen: Some(check.seen),
        unspoken: check.unspoken.clone(),
        may: None,
    };
    facts::ask(&asking, &item.item, &answers, &mut facts, now).await?;
    let env = facts_value(&answers, &facts, now);
    let evaluation = form.evaluate(&answers, &env);
    complain(wrong(check, &evaluation))?;
    let answers = form.prune(&answers, &evaluation);
    let materials = materials::meet(check, &answers, given, &facts, &env).await?;
    Ok(Checked { answers, materials, facts })
}

/// What is wrong, without the file fields of papers that nobody asks for in this matter.
fn wrong(check: &Check<'_>, evaluation: &Evaluation) -> Vec<FieldError> {
    let item = &check.item.item;
    let unasked = |field: &str| {
        let file = item.form.field(field).is_some_and(|f| f.kind() == FieldType::File);
        let mut papers = item.materials.iter().filter(|m| m.field.as_deref() == Some(field));
        let stands = |m: &catalog::Material| {
            let later = m.tolerable.is_some() && check.later.contains(&m.id);
            later || check.ways.get(&m.id).is_some_and(|w| *w != Way::Ask)
        };
        file && evaluation.missing.contains(field) && papers.any(stands)
    };
    evaluation.errors.iter().filter(|e| !unasked(&e.field)).cloned().collect()
}

pub(super) fn complain(errors: Vec<FieldError>) -> Result<(), Refusal> {
    if errors.is_empty() {
        return Ok(());
    }
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "cases.form-wrong",
        "有些内容需要修改后才能提交。",
        "Some answers must be corrected before this can be handed in.",
    )
    .next("请按每一栏下面的提示修改。", "Follow the hint at each field.");
    refusal.fields = errors;
    Err(refusal)
}
