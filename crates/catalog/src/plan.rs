//! The planner for one item: which papers are asked, held, fetched or declared, and why; which steps are taken.

use crate::{Instead, Item, Material, Need, Step};
use forms::{Answers, FieldType};
use kernel::rules::Verdict;
use kernel::{Term, Text};
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};

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

/// Plans one item: `held` are the kinds of certificates the applicant holds, `known` what is known, by element. A paper
/// or step whose condition cannot be told yet is in the plan.
pub fn plan(item: &Item, answers: &Answers, held: &BTreeSet<String>, known: &Map<String, Value>) -> Plan {
    let mut facts = crate::facts::facts(answers, known, &Map::new(), jiff::civil::Date::ZERO);
    if let Some(facts) = facts.as_object_mut() {
        facts.shift_remove("today");
    }
    let may = |rule: &Option<forms::Condition>| {
        rule.as_ref().and_then(|r| r.rule()).is_none_or(|r| r.test(&facts) != Verdict::No)
    };
    let materials = item.materials.iter().filter(|m| may(&m.when)).map(|m| material(item, m, held)).collect();
    let ranks = ranks(&item.process);
    let planned = |s: &Step| PlannedStep {
        id: s.id.clone(),
        title: s.title.clone(),
        term: s.term,
        rank: ranks.get(s.id.as_str()).copied().unwrap_or(0),
    };
    let mut steps: Vec<_> = item.process.iter().filter(|s| may(&s.when)).map(planned).collect();
    steps.sort_by_key(|s| s.rank);
    Plan { materials, steps }
}

fn material(item: &Item, material: &Material, held: &BTreeSet<String>) -> PlannedMaterial {
    let declared = || {
        let field = material.field.as_deref().and_then(|f| item.form.field(f));
        field.is_some_and(|f| f.kind() == FieldType::Declaration)
    };
    let instead = material.instead.iter().find_map(|instead| match instead {
        Instead::Certificate => material.certificate.as_ref().filter(|c| held.contains(*c)).map(|_| {
            let why = Text::new(
                "您的电子证照就在这里，不用再交。",
                "You hold it here as an electronic certificate; it need not be handed in.",
            );
            (How::Held, why)
        }),
        Instead::Source => material.source.as_ref().map(|_| {
            let why = Text::new(
                "由登记部门的数据直接核对，不用提交。",
                "It is checked against the register that keeps it; it need not be handed in.",
            );
            (How::Fetched, why)
        }),
        Instead::Declaration => declared().then(|| {
            let why = Text::new("由您书面声明代替。", "Your written declaration stands for it.");
            (How::Declared, why)
        }),
    });
    let asked = || {
        let why = Text::new("只有您手里有，请上传。", "Only you have it; please upload it.");
        (How::Asked, why)
    };
    let (how, why) = instead.unwrap_or_else(asked);
    PlannedMaterial {
        id: material.id.clone(),
        name: material.name.clone(),
        how,
        why,
        optional: material.need != Need::Required,
        field: material.field.clone(),
    }
}

/// For every step that can be reached, how many stand before it on the longest way; steps in a ring have no rank.
pub fn ranks(steps: &[Step]) -> BTreeMap<&str, usize> {
    let mut ranks: BTreeMap<&str, usize> = BTreeMap::new();
    for _ in 0..steps.len() {
        for step in steps.iter().filter(|s| !ranks.contains_key(s.id.as_str())).collect::<Vec<_>>() {
            let before: Option<Vec<usize>> =
                step.after.iter().map(|a| ranks.get(a.as_str()).copied()).collect();
            if let Some(before) = before {
                ranks.insert(&step.id, before.into_iter().max().map_or(0, |r| r + 1));
            }
        }
    }
    ranks
}
