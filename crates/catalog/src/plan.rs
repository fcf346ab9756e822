//! The planner for one item: which papers are asked, held, fetched or declared, and why; which steps are taken.

use crate::Item;
use forms::Answers;
use kernel::{Term, Text};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How a paper comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The applicant brings it.
    Asked,
    /// The applicant holds it as an electronic certificate here.
    Held,
    /// A register answers for it.
    Fetched,
    /// The applicant declares it.
    Declared,
}

/// One paper of a plan.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlannedMaterial {
    /// The material's id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// How it comes in.
    pub how: How,
    /// Why so.
    pub why: Text,
    /// Whether it may be missing at filing.
    pub optional: bool,
    /// The form's field where it is handed in or declared.
    pub field: Option<String>,
}

/// One step of a plan.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct PlannedStep {
    /// The step's id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// How long it may take.
    pub term: Option<Term>,
    /// How many steps stand before it on the longest way.
    pub rank: usize,
}

/// What applying for an item takes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Plan {
    /// Every paper, with how and why.
    pub materials: Vec<PlannedMaterial>,
    /// The steps, by rank.
    pub steps: Vec<PlannedStep>,
}

/// Plans one item: `held` are the kinds of certificates the applicant holds, `known` what is known, by element.
pub fn plan(_item: &Item, _answers: &Answers, _held: &BTreeSet<String>, _known: &Map<String, Value>) -> Plan {
    Plan { materials: Vec::new(), steps: Vec::new() }
}
