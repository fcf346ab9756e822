//! What the rows of a case must say: computed from its events alone, so that `doctor --replay` can compare.

use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::{self, Duty, Outstanding};
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
    /// When the sweeper looks at it next.
    pub next_at: i64,
    pub imported: bool,
    /// Whose window received it for another place.
    pub received: Option<AgencyCode>,
    /// At whose window it was filed.
    pub window: Option<AgencyCode>,
    pub parties: Vec<(SubjectId, String)>,
    pub tasks: Vec<TaskProjection>,
    pub duties: Vec<Duty>,
    pub public: Vec<Public>,
    pub outstanding: Vec<Outstanding>,
    /// The certificates on which it relies while it runs.
    pub relying: Vec<CertificateId>,
}

/// A step that is public now.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Public {
    pub step: String,
    pub since: Timestamp,
    pub until: Timestamp,
}

/// The row of one task.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct TaskProjection {
    pub id: TaskId,
    pub step: String,
    pub title: Text,
    pub agency: AgencyCode,
    pub external: String,
    pub holder: String,
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
        CaseEvent::StepOpened { step, seats, .. } => {
            tasks.extend(seats.iter().map(|seat| task(step, seat, at, item)));
        }
        CaseEvent::StepPassed { step, .. } | CaseEvent::StepFailed { step, .. } => {
            for task in tasks.iter_mut().filter(|t| t.step == *step && t.state == "open") {
                (task.state, task.done_at) = ("done", Some(at));
            }
        }
        CaseEvent::SeatSigned(signed) => {
            for signed in tasks.iter_mut().filter(|t| t.id == signed.task) {
                (signed.state, signed.done_at) = ("done", Some(at));
            }
        }
        CaseEvent::SeatRecalled(back) => {
            for open in tasks.iter_mut().filter(|t| t.id == back.task) {
                (open.state, open.done_at) = ("open", None);
            }
        }
        CaseEvent::MovedOn(crate::event::MovedOn { steps, .. }) => {
            for task in tasks.iter_mut().filter(|t| t.state == "open") {
                if let Some((id, _)) = steps.iter().find(|(_, from)| from.as_ref() == Some(&task.step)) {
                    task.step.clone_from(id);
                }
            }
        }
        _ => {}
    }
    let whole = due(next_end(case));
    for open in tasks.iter_mut().filter(|t| t.state == "open") {
        match case.open_seats().find(|(_, seat)| seat.task == open.id) {
            None => (open.state, open.done_at) = ("dropped", Some(at)),
            Some((step, seat)) => {
                let own = case.running(&TermKind::Step(step.id.clone()));
                open.due_at = own.map_or(whole, |term| due(Some(term)));
                open.external = seat.external.clone().unwrap_or_default();
                open.holder = seat.holder.map(|a| a.to_string()).unwrap_or_default();
            }
        }
    }
}

fn task(step: &str, seat: &Seat, at: Timestamp, item: &Item) -> TaskProjection {
    let title = item.process.iter().find(|s| s.id == step).map(|s| s.title.clone());
    let precheck = || (step == PRECHECK).then(|| Text::new("预审", "Pre-check"));
    TaskProjection {
        id: seat.task,
        step: step.to_owned(),
        title: title.or_else(precheck).unwrap_or_else(|| Text::same(step)),
        agency: seat.agency.clone(),
        external: seat.external.clone().unwrap_or_default(),
        holder: String::new(),
        state: "open",
        opened_at: at,
        due_at: NO_DUE,
        done_at: None,
    }
}

/// A term that stands still has no end that can be told.
fn due(term: Option<&RunningTerm>) -> i64 {
    term.and_then(RunningTerm::deadline).map_or(NO_DUE, |at| at.as_microsecond())
}

/// The running term of the body that ends first: until when it must act on the whole case.
fn next_end(case: &Case) -> Option<&RunningTerm> {
    use TermKind as K;
    let whole = |t: &&RunningTerm| {
        t.runs() && matches!(t.kind, K::Precheck | K::Acceptance | K::Statutory | K::Promised | K::Issue)
    };
    case.terms.iter().filter(whole).min_by_key(|t| due(Some(t)))
}

fn rows(case: &Case, rev: i64, tasks: Vec<TaskProjection>, item: &Item) -> Projection {
    let outcome = match &case.state {
        CaseState::NotAccepted { .. }
        | CaseState::Returned { .. }
        | CaseState::Withdrawn { .. }
        | CaseState::Lapsed { .. }
        | CaseState::Forwarded { .. }
        | CaseState::Void { .. }
        | CaseState::Revoked { .. } => Some(case.state.word()),
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
        holder: holder(case, item),
        absent: i64::try_from(case.absent().len()).unwrap_or(i64::MAX),
        filed_at: case.filed_at,
        due_at: due(next_end(case)),
        closed_at: case.state.ended().then(|| case.state.since()),
        rev,
        next_at: rules::deadline(case).map_or(NO_DUE, |at| at.as_microsecond()),
        imported: case.imported.is_some(),
        received: case.received.as_ref().map(|r| r.agency.clone()),
        window: case.window.clone(),
        parties: case.parties.iter().map(|p| (p.subject, p.role.clone())).collect(),
        tasks,
        duties: rules::duties(case),
        public: public(case),
        outstanding: rules::outstanding(case, item),
        relying: if case.state.ended() { Vec::new() } else { case.relying() },
    }
}

/// The place of a hearing among what is public; no step is called so.
pub(crate) const HEARING: &str = "*hearing";

fn public(case: &Case) -> Vec<Public> {
    let one = |term: &RunningTerm| match &term.kind {
        TermKind::Publicity(step) if term.runs() => {
            Some(Public { step: step.clone(), since: term.from, until: term.due.at })
        }
        _ => None,
    };
    let hearing = case.hearing.as_ref().filter(|h| h.public).and_then(|h| match h.stage {
        HearingStage::Set { at, on, .. } => Some(Public { step: HEARING.to_owned(), since: at, until: on }),
        _ => None,
    });
    if case.state.ended() { Vec::new() } else { case.terms.iter().filter_map(one).chain(hearing).collect() }
}

/// Who holds it now: the agency of the first open task, else the agency responsible; nobody when it waits for the
/// applicant, another party or a payment, or has ended.
fn holder(case: &Case, item: &Item) -> Option<AgencyCode> {
    let unspoken = case.parties.iter().any(|p| p.confirmed_at.is_none() && item.needs_word(&p.role));
    match case.state {
        CaseState::Submitted { .. } if unspoken => None,
        CaseState::Supplement { .. } => None,
        _ if case.unpaid.is_some() => None,
        _ if case.state.ended() => None,
        _ => case.open_tasks().next().map(|(_, _, a)| a.clone()).or_else(|| Some(case.agency.clone())),
    }
}
