//! What the rows of a case must say: computed from its events alone, so that `doctor --replay` can compare.

use crate::event::CaseEvent;
use crate::model::*;
use crate::rules;
use catalog::{Item, ItemVersionId};
use kernel::{AgencyCode, Fault, SubjectId, Text, Timestamp};
use procedure::{RunningTerm, TermKind};

/// The due date of what has none: sorts last.
pub(crate) const NO_DUE: i64 = i64::MAX;

/// The rows of one case.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Projection {
    pub id: CaseId,
    pub number: String,
    pub matter: MatterId,
    pub item_key: String,
    pub item_version: ItemVersionId,
    pub item_name: Text,
    pub agency: AgencyCode,
    pub division: String,
    pub subject_name: String,
    pub state: &'static str,
    pub running: bool,
    pub outcome: Option<&'static str>,
    pub holder: Option<AgencyCode>,
    pub absent: i64,
    pub filed_at: Timestamp,
    pub due_at: i64,
    pub closed_at: Option<Timestamp>,
    pub rev: i64,
    pub parties: Vec<(SubjectId, String)>,
    pub tasks: Vec<TaskProjection>,
}

/// The row of one task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TaskProjection {
    pub id: TaskId,
    pub step: String,
    pub title: Text,
    pub agency: AgencyCode,
    pub state: &'static str,
    pub opened_at: Timestamp,
    pub due_at: i64,
    pub done_at: Option<Timestamp>,
}

/// An event with when it happened in law.
pub(crate) type Line = (CaseEvent, Timestamp);

/// Folds a history into its rows; `None` for an empty one.
///
/// # Errors
/// A [`Fault`] when the history is not one of ours.
pub(crate) fn project(history: &[Line], item: &Item) -> Result<(Case, Projection), Fault> {
    let mut case = None;
    let mut tasks: Vec<TaskProjection> = Vec::new();
    for (event, at) in history {
        let folded = rules::apply(case.take(), event, *at)?;
        follow(&mut tasks, event, *at, &folded, item);
        case = Some(folded);
    }
    let case = case.ok_or_else(|| Fault::new("the case has no history"))?;
    let rev = i64::try_from(history.len()).map_err(|e| Fault::from("counting events", e))?;
    let projection = rows(&case, rev, tasks, item);
    Ok((case, projection))
}

fn follow(tasks: &mut Vec<TaskProjection>, event: &CaseEvent, at: Timestamp, case: &Case, item: &Item) {
    match event {
        CaseEvent::StepOpened { step, task, agency, term, .. } => {
            let title = item.process.iter().find(|s| s.id == *step).map(|s| s.title.clone());
            tasks.push(TaskProjection {
                id: *task,
                step: step.clone(),
                title: title.unwrap_or_else(|| Text::same(step.as_str())),
                agency: agency.clone(),
                state: "open",
                opened_at: at,
                due_at: due(term.as_ref().or_else(|| next_end(case))),
                done_at: None,
            });
        }
        CaseEvent::StepPassed { step, .. } | CaseEvent::StepFailed { step, .. } => {
            for task in tasks.iter_mut().filter(|t| t.step == *step && t.state == "open") {
                (task.state, task.done_at) = ("done", Some(at));
            }
        }
        _ => {}
    }
    let open: Vec<TaskId> = case.open_tasks().map(|(_, id, _)| id).collect();
    for task in tasks.iter_mut().filter(|t| t.state == "open" && !open.contains(&t.id)) {
        (task.state, task.done_at) = ("dropped", Some(at));
    }
}

fn due(term: Option<&RunningTerm>) -> i64 {
    term.map_or(NO_DUE, |t| t.due.at.as_microsecond())
}

/// The running term of the whole case that ends first.
fn next_end(case: &Case) -> Option<&RunningTerm> {
    let whole = |t: &&RunningTerm| t.runs() && !matches!(t.kind, TermKind::Step(_));
    case.terms.iter().filter(whole).min_by_key(|t| t.due.at)
}

fn rows(case: &Case, rev: i64, tasks: Vec<TaskProjection>, item: &Item) -> Projection {
    let outcome = match &case.state {
        CaseState::NotAccepted { .. } => Some("not_accepted"),
        CaseState::Withdrawn { .. } => Some("withdrawn"),
        state => state.decision().map(|d| if d.approved() { "approved" } else { "refused" }),
    };
    Projection {
        id: case.id,
        number: case.number.to_string(),
        matter: case.matter,
        item_key: case.item_key.clone(),
        item_version: case.item,
        item_name: item.name.clone(),
        agency: case.agency.clone(),
        division: case.division.clone(),
        subject_name: case.first_party().map(|p| p.name.clone()).unwrap_or_default(),
        state: case.state.word(),
        running: !case.state.ended(),
        outcome,
        holder: holder(case),
        absent: i64::try_from(case.absent().len()).unwrap_or(i64::MAX),
        filed_at: case.filed_at,
        due_at: due(next_end(case)),
        closed_at: case.state.ended().then(|| case.state.since()),
        rev,
        parties: case.parties.iter().map(|p| (p.subject, p.role.clone())).collect(),
        tasks,
    }
}

/// Who holds it now: the agency of the first open task, else the agency responsible; nobody when it waits for the
/// applicant or has ended.
fn holder(case: &Case) -> Option<AgencyCode> {
    match case.state {
        CaseState::Supplement { .. } => None,
        _ if case.state.ended() => None,
        _ => case.open_tasks().next().map(|(_, _, a)| a.clone()).or_else(|| Some(case.agency.clone())),
    }
}
