//! Which flat, child or vehicle the papers of a matter are about, so that a paper about one is never taken for another's.

use crate::bundle::Bundle;
use ::store::Sealer;
use catalog::{Item, Knowledge, Whose};
use forms::Answers;
use kernel::codes::CaseNumber;
use proofs::Proof;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};

/// The holders of a matter's papers, as the answers tell them apart.
#[derive(Debug, Clone, Default)]
pub(crate) struct Things {
    /// What the subject is called in this matter: `applicant`, and the roles they have.
    words: Vec<String>,
    /// The holders that are always those of whoever applies.
    own: BTreeSet<String>,
    /// The number of everything else, by holder; none where two items of the matter mean two things.
    keys: BTreeMap<String, Option<String>>,
}

/// About what a paper is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing<'a> {
    /// About its own holder.
    Own,
    /// About what has this number.
    Known(&'a str),
    /// About something that nobody has told yet.
    Unknown,
}

impl Things {
    /// Those of a matter, by the answers of its one form; `roles` are those of the subject.
    pub fn of(bundle: &Bundle, answers: &Answers, roles: Vec<String>) -> Self {
        let mut things = Self::mine(roles);
        for (member, published) in bundle.items.iter().enumerate() {
            things.add(&published.item, bundle.knowledge(), &bundle.merged.project(member, answers));
        }
        things
    }

    /// Those of one case, by its own answers.
    pub fn of_case(item: &Item, knowledge: &Knowledge, answers: &Answers, roles: Vec<String>) -> Self {
        let mut things = Self::mine(roles);
        things.add(item, knowledge, answers);
        things
    }

    fn mine(roles: Vec<String>) -> Self {
        let mut words = vec![catalog::APPLICANT.to_owned()];
        words.extend(roles);
        Self { words, ..Self::default() }
    }

    fn add(&mut self, item: &Item, knowledge: &Knowledge, answers: &Answers) {
        let holders: BTreeSet<&str> = item.materials.iter().map(|m| m.holder.as_str()).collect();
        for holder in holders {
            match catalog::whose(item, knowledge, holder) {
                Whose::Own => drop(self.own.insert(holder.to_owned())),
                Whose::By(field) => {
                    let number = answers.get(&field).and_then(Value::as_str).map(str::trim);
                    if let Some(number) = number.filter(|n| !n.is_empty()) {
                        let said =
                            self.keys.entry(holder.to_owned()).or_insert_with(|| Some(number.to_owned()));
                        if said.as_deref() != Some(number) {
                            *said = None;
                        }
                    }
                }
                Whose::Unknown => {}
            }
        }
    }

    /// What the subject is called.
    pub fn words(&self) -> &[String] {
        &self.words
    }

    /// The holder as the drawer of the subject knows it: what is their own is the applicant's.
    pub fn own(&self, holder: &str) -> String {
        if self.words.iter().any(|w| w == holder) { catalog::APPLICANT.to_owned() } else { holder.to_owned() }
    }

    /// About what a paper of this holder is.
    pub fn thing(&self, holder: &str) -> Thing<'_> {
        if self.words.iter().any(|w| w == holder) || self.own.contains(holder) {
            return Thing::Own;
        }
        self.keys.get(holder).and_then(Option::as_deref).map_or(Thing::Unknown, Thing::Known)
    }

    /// The number under which a paper of this holder is kept: of its thing, or, where nothing tells it from another, of the case alone,
    /// so that it is offered for nothing else.
    pub fn key(&self, holder: &str, case: &CaseNumber) -> Option<String> {
        match self.thing(holder) {
            Thing::Own => None,
            Thing::Known(key) => Some(key.to_owned()),
            Thing::Unknown => Some(format!("case {case}")),
        }
    }

    /// Whether a kept paper may stand for one of this matter.
    pub fn fit(&self, sealer: &Sealer, proof: &Proof) -> bool {
        match self.thing(&proof.holder) {
            Thing::Own => proof.fits(sealer, None),
            Thing::Known(key) => proof.fits(sealer, Some(key)),
            Thing::Unknown => false,
        }
    }
}
