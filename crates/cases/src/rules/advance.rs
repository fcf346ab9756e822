//! Moves a case on by itself: opens the steps whose turn it is, decides automatic ones by their rule, and decides the
//! case once every step is done and no fact is missing.

use super::decide::{Run, accept, remedies};
use super::{env, task_id, terms};
use crate::event::CaseEvent;
use crate::model::*;
use catalog::{By, Otherwise};
use kernel::rules::Verdict;
use kernel::{AgencyCode, Text};
use procedure::{RunningTerm, TermKind};

/// Whether the program does this step.
pub(super) fn is_automatic(step: &catalog::Step) -> bool {
    step.by == By::Automatic
}

/// Goes on until nothing more happens by itself.
pub(super) fn advance(run: &mut Run<'_>) {
    // Every round does at least one of finitely many steps, so this ends; the bound only guards against a mistake here.
    for _ in 0..=run.item.process.len() * 2 {
        let before = run.events.len();
        for index in 0..run.item.process.len() {
            one_step(run, index);
        }
        if run.events.len() == before {
            break;
        }
    }
    conclude(run);
}

fn one_step(run: &mut Run<'_>, index: usize) {
    let (Some(case), Some(spec)) = (&run.case, run.item.process.get(index)) else { return };
    if !matches!(case.state, CaseState::Submitted { .. } | CaseState::Accepted { .. }) {
        return;
    }
    let Some(step) = case.step(&spec.id) else { return };
    if !matches!(step.state, StepState::Waiting | StepState::Held { .. }) || !its_turn(case, spec) {
        return;
    }
    let facts = env::facts_of(case, run.at);
    if let Some(when) = spec.when.as_ref().and_then(|c| c.rule()) {
        match when.test(&facts) {
            Verdict::Yes => {}
            Verdict::No => return run.push(CaseEvent::StepSkipped { step: spec.id.clone() }),
            Verdict::Absent(paths) => {
                let missing = missing_sources(case, &paths);
                if !missing.is_empty() {
                    return hold(run, &spec.id, missing);
                }
            }
        }
    }
    match &spec.by {
        By::Automatic => automatic(run, spec),
        By::Agency(agency) => open(run, spec, agency.clone(), None),
        By::Clerk => {
            let agency = run.item.agency.clone();
            open(run, spec, agency, None);
        }
    }
}

/// Steps before it are done in favour, or only wait for facts: a source that is down stops nobody.
fn its_turn(case: &Case, spec: &catalog::Step) -> bool {
    spec.after.iter().all(|id| {
        case.step(id).is_none_or(|before| before.passed() || matches!(before.state, StepState::Held { .. }))
    })
}

fn automatic(run: &mut Run<'_>, spec: &catalog::Step) {
    let Some(case) = &run.case else { return };
    let checks = checks(spec, &env::facts_of(case, run.at));
    let by = DoneBy::Rule { rule: checks.iter().map(|c| c.rule.as_str()).collect::<Vec<_>>().join(" && ") };
    if checks.iter().all(|c| c.verdict == Verdict::Yes) {
        return run.push(CaseEvent::StepPassed { step: spec.id.clone(), by, reason: None });
    }
    let unmet: Vec<&CheckDone> = checks.iter().filter(|c| c.verdict == Verdict::No).collect();
    let unknown: Vec<String> = checks.iter().flat_map(CheckDone::absent).collect();
    let missing = missing_sources(case, &unknown);
    let refuses = spec.otherwise.unwrap_or_default() == Otherwise::Refuse;
    if unmet.is_empty() && !missing.is_empty() {
        return hold(run, &spec.id, missing);
    }
    let ids = unmet.iter().map(|c| c.id.clone()).collect();
    if refuses && !unmet.is_empty() {
        let reason = join(unmet.iter().map(|c| &c.say));
        return run.push(CaseEvent::StepFailed { step: spec.id.clone(), by, reason, unmet: ids });
    }
    // What no register holds always goes to a person, because registers err.
    let why = if unmet.is_empty() { not_found(&unknown) } else { join(unmet.iter().map(|c| &c.say)) };
    let agency = referred_to(run);
    open(run, spec, agency, Some(Referral { why, unmet: ids }));
}

/// Sentences one after another.
fn join<'a>(texts: impl Iterator<Item = &'a Text>) -> Text {
    let (zh, en): (Vec<&str>, Vec<&str>) = texts.map(|t| (t.zh.as_str(), t.en.as_str())).unzip();
    Text::new(zh.join(""), en.join(" "))
}

/// A check of an automatic step, put to the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckDone {
    /// Its id; that of the step for the step's own rule.
    pub id: String,
    /// The rule as written.
    pub rule: String,
    /// What the applicant is told when it does not hold.
    pub say: Text,
    /// Whether it holds.
    pub verdict: Verdict,
}

impl CheckDone {
    fn absent(&self) -> Vec<String> {
        match &self.verdict {
            Verdict::Absent(paths) => paths.clone(),
            _ => Vec::new(),
        }
    }
}

/// Every check of an automatic step, put to these facts.
pub fn checks(spec: &catalog::Step, facts: &serde_json::Value) -> Vec<CheckDone> {
    let test = |c: &forms::Condition| c.rule().map_or(Verdict::Absent(Vec::new()), |r| r.test(facts));
    let own = spec.rule.iter().map(|rule| CheckDone {
        id: spec.id.clone(),
        rule: rule.source.clone(),
        say: not_met(spec),
        verdict: test(rule),
    });
    let reasons = spec.checks.iter().map(|check| CheckDone {
        id: check.id.clone(),
        rule: check.rule.source.clone(),
        say: check.say.clone(),
        verdict: test(&check.rule),
    });
    own.chain(reasons).collect()
}

/// The agency of the next step that a person does, else the item's own.
fn referred_to(run: &Run<'_>) -> AgencyCode {
    let by_agency = run.item.process.iter().find_map(|s| match &s.by {
        By::Agency(agency) => Some(agency.clone()),
        _ => None,
    });
    by_agency.unwrap_or_else(|| run.item.agency.clone())
}

fn not_met(spec: &catalog::Step) -> Text {
    Text::new(
        format!("“{}”的条件不符合。", spec.title.zh),
        format!("The condition of “{}” does not hold.", spec.title.en),
    )
}

fn not_found(paths: &[String]) -> Text {
    let list = paths.join(", ");
    Text::new(
        format!("登记系统中没有查到所需信息({list}),转人工审查。"),
        format!("The registers hold nothing on {list}; a person examines it."),
    )
}

/// Of the paths a rule misses, the sources that could not be asked; empty when every source has answered.
fn missing_sources(case: &Case, paths: &[String]) -> Vec<String> {
    let root = |path: &str| path.split(['.', '[']).next().unwrap_or_default().to_owned();
    let roots: std::collections::BTreeSet<String> = paths.iter().map(|p| root(p)).collect();
    let absent = case.absent();
    roots.into_iter().filter(|alias| absent.contains(&alias.as_str())).collect()
}

fn hold(run: &mut Run<'_>, step: &str, absent: Vec<String>) {
    let held = run.case.as_ref().and_then(|c| c.step(step));
    if held.is_some_and(|s| s.state != StepState::Held { absent: absent.clone() }) {
        run.push(CaseEvent::StepHeld { step: step.to_owned(), absent });
    }
}

fn open(run: &mut Run<'_>, spec: &catalog::Step, agency: AgencyCode, referred: Option<Referral>) {
    let Some(case) = &run.case else { return };
    let round = case.step(&spec.id).map_or(1, |s| s.round + 1);
    let kind = || TermKind::Step(spec.id.clone());
    let term = spec.term.map(|term| RunningTerm::start(kind(), run.at, term, None, run.calendar));
    let task = task_id(case.id, &spec.id, round);
    run.push(CaseEvent::StepOpened { step: spec.id.clone(), round, task, agency, referred, term });
}

/// Decides the case: against it as soon as one step ended against, for it when all are done and no fact is missing.
fn conclude(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    if !matches!(case.state, CaseState::Submitted { .. } | CaseState::Accepted { .. }) {
        return;
    }
    let against: Vec<&Text> = case
        .steps
        .iter()
        .filter_map(|s| match &s.state {
            StepState::Failed { reason, .. } => Some(reason),
            _ => None,
        })
        .collect();
    let decision = if !against.is_empty() {
        Decision::Refused { reason: join(against.into_iter()), remedies: remedies(case) }
    } else if case.steps.iter().all(Step::passed) && case.absent().is_empty() {
        Decision::Approved { reason: None }
    } else {
        return;
    };
    if matches!(case.state, CaseState::Submitted { .. }) {
        accept(run, Acceptance::ByRule);
    }
    let frame = run.case.as_ref().map(|c| c.frame);
    let grants = decision.approved() && !run.item.results.is_empty();
    let term = frame.filter(|_| grants).and_then(|f| terms::from_grant(f, run.at, run.calendar));
    run.push(CaseEvent::Decided { decision, term });
}
