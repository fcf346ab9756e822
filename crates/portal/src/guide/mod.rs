//! The situation guide (情形引导): a joint matter, or any set of items, planned as far as the reader has answered. Pure but for the
//! reading of the catalog: the same address shows the same guide to everybody of whom nothing is known.

pub(crate) mod view;

use catalog::planner::{HeldAs, Holding, Plan, ProofGrade, Question, Reform, compare, plan};
use catalog::{Item, MatterTheme, Merged, Published, Shared, Situation};
use forms::Answers;
use identity::Applicant;
use jiff::civil::Date;
use kernel::rules::Verdict;
use kernel::{Fault, Outcome, Refusal, Timestamp, clock};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Store;

/// The most items of one ad-hoc matter.
pub(crate) const ITEMS_MAX: usize = 20;
/// The most certificates that are looked through.
const HELD: i64 = 100;

/// What is to be planned.
pub(crate) struct Matter {
    pub(crate) theme: Option<Arc<MatterTheme>>,
    pub(crate) members: Vec<Published>,
    /// Items that were asked for and are not open here.
    pub(crate) missing: Vec<String>,
    shared: Arc<Shared>,
}

impl Matter {
    /// The joint matter with this id.
    ///
    /// # Errors
    /// Not found, or a fault of the store.
    pub(crate) async fn of_theme(store: &Store, id: &str) -> Outcome<Self> {
        let theme = catalog::find_theme(store, id).await?.ok_or_else(Refusal::not_found)?;
        let keys: Vec<String> = theme.members.iter().map(|m| m.item.clone()).collect();
        let mut matter = Self::of_items(store, &keys).await?;
        matter.theme = Some(theme);
        Ok(matter)
    }

    /// These items, each once, as one matter.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) async fn of_items(store: &Store, keys: &[String]) -> Outcome<Self> {
        let (mut members, mut missing) = (Vec::<Published>::new(), Vec::new());
        for key in keys {
            match catalog::find(store, key).await? {
                Some(found) if members.iter().all(|m| m.item.key != found.item.key) => members.push(found),
                Some(_) => {}
                None => missing.push(key.clone()),
            }
        }
        Ok(Self { theme: None, members, missing, shared: catalog::shared(store).await? })
    }

    pub(crate) fn items(&self) -> Vec<&Item> {
        self.members.iter().map(|m| m.item.as_ref()).collect()
    }

    /// The questions, each once: the theme's first, in its order.
    pub(crate) fn questions(&self) -> Vec<&Situation> {
        let own = self.theme.iter().flat_map(|t| &t.situations);
        let all = own.chain(self.members.iter().flat_map(|m| &m.item.situations));
        let mut seen = BTreeSet::new();
        all.filter(|s| seen.insert(s.id.as_str())).collect()
    }

    /// The answers that the address carries; what is no answer of the question is none.
    pub(crate) fn answers(&self, query: &[(String, String)]) -> Answers {
        let mut answers = Answers::new();
        for question in self.questions() {
            let said = query.iter().rev().find(|(id, _)| *id == question.id);
            if let Some((_, value)) = said.filter(|(_, v)| question.options.iter().any(|o| o.value == *v)) {
                answers.insert(question.id.clone(), Value::String(value.clone()));
            }
        }
        answers
    }

    /// Whether an item is part of the matter or not by an answer that is not given yet.
    pub(crate) fn depends(&self, item: &str, answers: &Answers) -> bool {
        let member = self.theme.as_ref().and_then(|t| t.member(item));
        let rule = member.and_then(|m| m.when.as_ref()).and_then(|w| w.rule());
        let env = serde_json::json!({"form": answers});
        rule.is_some_and(|r| matches!(r.test(&env), Verdict::Absent(_)))
    }

    /// The plan under today's sharing.
    pub(crate) fn plan(&self, answers: &Answers, holds: &[Holding], today: Date) -> Plan {
        let items = self.items();
        plan(&Question {
            theme: self.theme.as_deref(),
            answers,
            holds,
            sharing: self.theme.as_ref().and_then(|t| t.sharing.last()),
            today: Some(today),
            ..Question::of(&items, &self.shared.knowledge, &self.shared.registers)
        })
    }

    /// The plan beside what was asked before, when that is written down.
    pub(crate) fn reform(&self, plan: &Plan) -> Option<Reform> {
        let theme = self.theme.as_deref().filter(|t| t.before.is_some())?;
        let merged = Merged::of(&self.items(), Some(theme), &self.shared.elements);
        Some(compare(theme, plan, &merged))
    }
}

/// What `who` holds here already: certificates and papers handed in before. A list of one's own things is no look.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn holds(store: &Store, who: &Applicant, now: Timestamp) -> Result<Vec<Holding>, Fault> {
    if !who.sees_all() {
        return Ok(Vec::new());
    }
    let certificates = certificates::held_by(store, who.subject(), None, HELD).await?;
    let valid = certificates.into_iter().filter(|c| c.is_valid(now)).map(|c| Holding {
        kind: c.kind,
        holder: catalog::APPLICANT.to_owned(),
        by: HeldAs::Certificate,
        since: Some(c.valid_from),
        reference: c.id.to_string(),
    });
    let proofs = proofs::find(store, who.subject(), clock::legal_date(now)).await?;
    let kept = proofs.into_iter().map(|p| Holding {
        by: HeldAs::Proof(graded(p.grade)),
        since: Some(clock::legal_date(p.at)),
        reference: p.id.to_string(),
        kind: p.kind,
        holder: p.holder,
    });
    Ok(valid.chain(kept).collect())
}

fn graded(grade: proofs::Grade) -> ProofGrade {
    match grade {
        proofs::Grade::Issued => ProofGrade::Issued,
        proofs::Grade::Checked => ProofGrade::Checked,
        proofs::Grade::Uploaded => ProofGrade::Uploaded,
        proofs::Grade::Declared => ProofGrade::Declared,
    }
}
