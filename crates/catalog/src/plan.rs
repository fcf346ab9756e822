//! The planner for one item: which papers are asked, held, fetched or declared, and why; which steps are taken.

use crate::{Instead, Item, Material, Need, Step};
use forms::{Answers, FieldType};
use kernel::rules::Verdict;
use kernel::{Term, TermUnit, Text};
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
    /// The steps it waits for.
    pub after: Vec<String>,
    /// The office hours after which it begins, when every step takes its whole term.
    pub begins: u64,
    /// The office hours it may take.
    pub hours: u64,
    /// Whether it stands on the critical path: when it is late, the whole is late.
    pub critical: bool,
}

/// What applying for an item takes.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Plan {
    /// Every paper, with how and why.
    pub materials: Vec<PlannedMaterial>,
    /// The steps, by rank.
    pub steps: Vec<PlannedStep>,
    /// The office hours of the critical path: what it takes with everything at its own time.
    pub hours: u64,
    /// The office hours of all steps one after another: what it would take without working side by side.
    pub serial_hours: u64,
}

impl Plan {
    /// The critical path in working days, begun ones counted whole.
    pub fn days(&self) -> u64 {
        self.hours.div_ceil(HOURS_A_DAY)
    }

    /// All steps one after another in working days.
    pub fn serial_days(&self) -> u64 {
        self.serial_hours.div_ceil(HOURS_A_DAY)
    }
}

/// The office hours of a working day, for comparing terms.
pub const HOURS_A_DAY: u64 = 8;

/// A term in office hours, for comparing: a working day has eight, a week of calendar days five working days.
pub fn hours(term: Term) -> u64 {
    let count = u64::from(term.count);
    match term.unit {
        TermUnit::OfficeHours => count,
        TermUnit::WorkingDays => count * HOURS_A_DAY,
        TermUnit::Days => count * 5 * HOURS_A_DAY / 7,
    }
}

/// When steps begin and end if each takes its whole term, and which of them set the whole time.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct CriticalPath<'a> {
    /// The office hours of the longest way.
    pub hours: u64,
    /// The office hours of all steps one after another.
    pub serial: u64,
    /// The steps of the longest way, first to last; of several equally long ones, the one first in the pack.
    pub steps: Vec<&'a str>,
    /// For every step, the office hours after which it begins and ends.
    pub times: BTreeMap<&'a str, (u64, u64)>,
}

/// The longest way through the steps, by `term` or time of publication; steps in a ring are left out.
pub fn critical_path(steps: &[Step]) -> CriticalPath<'_> {
    critical_path_of(steps, |_| true)
}

/// As [`critical_path`], where steps that are not `taken` cost nothing but still hand on what they wait for.
fn critical_path_of<'a>(steps: &'a [Step], taken: impl Fn(&Step) -> bool) -> CriticalPath<'a> {
    let ranks = ranks(steps);
    let mut order: Vec<&Step> = steps.iter().filter(|s| ranks.contains_key(s.id.as_str())).collect();
    order.sort_by_key(|s| ranks.get(s.id.as_str()));
    let mut path = CriticalPath::default();
    let mut before: BTreeMap<&str, &str> = BTreeMap::new();
    for step in order {
        let mut begins = 0;
        for after in &step.after {
            let end = path.times.get(after.as_str()).map_or(0, |(_, end)| *end);
            let first = !before.contains_key(step.id.as_str());
            if end > begins || first && path.times.contains_key(after.as_str()) {
                begins = begins.max(end);
                before.insert(&step.id, after);
            }
        }
        let length = if taken(step) { step.term.or(step.publicity).map_or(0, hours) } else { 0 };
        path.serial += length;
        path.times.insert(&step.id, (begins, begins + length));
    }
    path.hours = path.times.values().map(|(_, end)| *end).max().unwrap_or(0);
    // The last step of the longest way: of those that end last, the one that most stand before.
    let ends_last = |s: &&Step| path.times.get(s.id.as_str()).is_some_and(|(_, end)| *end == path.hours);
    let rank = |s: &&Step| ranks.get(s.id.as_str()).copied().unwrap_or(0);
    let last = steps.iter().filter(ends_last).rev().max_by_key(rank);
    let mut here = last.map(|s| s.id.as_str());
    while let Some(id) = here {
        path.steps.push(id);
        here = before.get(id).copied();
    }
    path.steps.reverse();
    path
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
    let path = critical_path_of(&item.process, |s| may(&s.when));
    let planned = |s: &Step| {
        let (begins, ends) = path.times.get(s.id.as_str()).copied().unwrap_or_default();
        PlannedStep {
            id: s.id.clone(),
            title: s.title.clone(),
            term: s.term.or(s.publicity),
            rank: ranks.get(s.id.as_str()).copied().unwrap_or(0),
            after: s.after.clone(),
            begins,
            hours: ends - begins,
            critical: path.steps.contains(&s.id.as_str()),
        }
    };
    let mut steps: Vec<_> = item.process.iter().filter(|s| may(&s.when)).map(planned).collect();
    steps.sort_by_key(|s| s.rank);
    Plan { materials, steps, hours: path.hours, serial_hours: path.serial }
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
