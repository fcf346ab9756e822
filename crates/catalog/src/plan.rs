//! One item's plan in the shape that the application's first page reads: the planner's answer for a matter of one.

use crate::planner::{self, HeldAs, Holding, Question};
use crate::{Item, Knowledge};
use forms::Answers;
use kernel::Text;
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// How a paper comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The applicant brings it.
    Asked,
    /// The applicant holds it here.
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

/// What applying for an item takes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ItemPlan {
    /// Every paper, with how and why.
    pub materials: Vec<PlannedMaterial>,
}

/// Plans one item: `held` are the kinds of certificates the applicant holds, `known` what is known, by element.
pub fn plan(item: &Item, answers: &Answers, held: &BTreeSet<String>, known: &Map<String, Value>) -> ItemPlan {
    let holding = |kind: &String| Holding {
        kind: kind.clone(),
        holder: String::new(),
        by: HeldAs::Certificate,
        since: None,
        reference: String::new(),
    };
    let holds: Vec<Holding> = held.iter().map(holding).collect();
    let (members, knowledge) = ([item], Knowledge::default());
    let question = Question { answers, known, holds: &holds, ..Question::of(&members, &knowledge, &[]) };
    let plan = planner::plan(&question);
    let paper = |p: planner::PlannedPaper| {
        let how = match p.how {
            planner::How::Asked => How::Asked,
            planner::How::Held | planner::How::Kept => How::Held,
            planner::How::Fetched => How::Fetched,
            planner::How::Declared | planner::How::SameAs | planner::How::ProducedBy => How::Declared,
        };
        let id = p.demands.first().map(|(_, id)| id.clone()).unwrap_or_default();
        PlannedMaterial { id, name: p.name, how, why: p.why, optional: p.optional, field: p.field }
    };
    ItemPlan { materials: plan.papers.into_iter().map(paper).collect() }
}
