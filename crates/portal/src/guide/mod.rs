//! The situation guide (情形引导): a joint matter, or any set of items, planned as far as the reader has answered. Pure but for the
//! reading of the catalog: the same address shows the same guide to everybody of whom nothing is known.

pub(crate) mod view;

use catalog::planner::{HeldAs, Holding, Plan, ProofGrade, Question, Reform, compare, plan};
use catalog::{Item, MatterTheme, Merged, PartyRole, Published, Shared, Situation};
use forms::Answers;
use identity::Applicant;
use jiff::civil::Date;
use kernel::rules::Verdict;
use kernel::{Fault, Outcome, Refusal, SubjectId, Timestamp, clock};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use store::Store;

/// The most items of one ad-hoc matter.
pub(crate) const ITEMS_MAX: usize = 20;
/// The most certificates that are looked through.
const HELD: i64 = 100;

/// What the side of whoever reads is called in the address.
pub(crate) const SIDE: &str = "as";

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

    /// The sides of the matter: roles that are named by a number and must agree.
    pub(crate) fn sides(&self) -> Vec<&PartyRole> {
        let of_theme = self.theme.iter().flat_map(|t| &t.roles);
        let all = of_theme.chain(self.members.iter().flat_map(|m| &m.item.roles));
        let mut seen = BTreeSet::new();
        all.filter(|r| r.confirm && r.person.is_some() && seen.insert(r.id.as_str())).collect()
    }

    /// The side that whoever reads says to be on.
    pub(crate) fn side(&self, query: &[(String, String)]) -> Option<String> {
        let said = query.iter().rev().find(|(id, _)| id == SIDE).map(|(_, v)| v)?;
        self.sides().iter().any(|r| r.id == *said).then(|| said.clone())
    }

    /// The answers that the address carries; what is no answer of the question is none.
    pub(crate) fn answers(&self, query: &[(String, String)]) -> Answers {
        let mut answers = Answers::new();
        for question in self.questions() {
            let there = |v: &&str| question.options.iter().any(|o| o.value == **v);
            let said = query.iter().rev().filter(|(id, _)| *id == question.id).map(|(_, v)| v.as_str());
            let said: Vec<&str> = said.filter(there).collect();
            let most = if question.several { said.len() } else { 1 };
            if let Some(answer) = question.answer(said.into_iter().take(most)) {
                answers.insert(question.id.clone(), answer);
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

    /// The plan under today's sharing, for somebody of whom this is at hand.
    pub(crate) fn plan(&self, answers: &Answers, mine: &Mine, today: Date) -> Plan {
        let items = self.items();
        plan(&Question {
            theme: self.theme.as_deref(),
            answers,
            known: &mine.known,
            holds: &mine.holds,
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

/// What is at hand of whoever reads; nothing for a visitor.
#[derive(Default)]
pub(crate) struct Mine {
    /// What is known, by element: of what is kept sealed only that it is there.
    known: Map<String, Value>,
    holds: Vec<Holding>,
}

impl Mine {
    /// What is at hand of `who`, on this side of the matter: what is theirs is then that side's as well. Nothing sealed is
    /// opened for a guide, so it is no look.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) async fn of(
        store: &Store,
        who: &Applicant,
        side: Option<&str>,
        now: Timestamp,
    ) -> Result<Self, Fault> {
        let mut known = Map::new();
        let whose = [
            (SubjectId::Person(who.person()), "person", "citizen_id"),
            (who.subject(), "organisation", "credit_code"),
        ];
        for (subject, root, number) in whose {
            if matches!(subject, SubjectId::Person(_)) != (root == "person") {
                continue;
            }
            let Some(profile) = identity::profile(store, subject).await? else { continue };
            let mut put = |leaf: &str, there: bool, value: Value| {
                if there {
                    known.insert(format!("{root}.{leaf}"), value);
                }
            };
            put(number, !profile.number_masked.is_empty(), Value::Null);
            put("phone", profile.phone_masked.is_some(), Value::Null);
            put("name", !profile.name.is_empty(), profile.name.into());
        }
        let mut holds = holds(store, who, now).await?;
        let mine = holds.iter().filter(|h| h.holder == catalog::APPLICANT);
        let sided: Vec<Holding> = side
            .into_iter()
            .flat_map(|side| mine.clone().map(|h| Holding { holder: side.to_owned(), ..h.clone() }))
            .collect();
        holds.extend(sided);
        Ok(Self { known, holds })
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
