//! Who does a task: claimed, released, handed over; and what was done taken back or sent back.

use super::advance::advance;
use super::decide::{Run, said};
use super::examine::open_seat;
use super::{Command, no};
use crate::event::{CaseEvent, SeatRecalled, SentBack, TakenBack};
use crate::model::*;
use catalog::{By, Item};
use kernel::Refusal;

pub(super) fn command(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    match command {
        Command::Claim { task } => {
            let (_, seat) = open_seat(run, case, *task)?;
            let Some(me) = run.by.account.filter(|_| seat.external.is_none()) else {
                return Err(no::external());
            };
            if seat.holder != Some(me) {
                run.push(CaseEvent::TaskClaimed { task: *task, by: me });
            }
            Ok(())
        }
        Command::Release { task } => {
            let (_, seat) = open_seat(run, case, *task)?;
            if seat.holder.is_some() {
                run.push(CaseEvent::TaskReleased { task: *task });
            }
            Ok(())
        }
        Command::HandOver { task, to, note } => {
            let (_, seat) = open_seat(run, case, *task)?;
            if seat.external.is_some() {
                return Err(no::external());
            }
            run.push(CaseEvent::TaskHandedOver { task: *task, to: *to, note: note.trim().to_owned() });
            Ok(())
        }
        Command::Recall { task } => recall(run, case, *task),
        Command::SendBack { task, to, reason } => send_back(run, case, *task, to, reason),
        Command::TakeBack { step, reason } => take_back(run, case, step, reason),
        _ => Ok(()),
    }
}

/// 取回: one's own opinion, as long as nobody has built on it: the case is not decided, and no later step was signed or taken
/// into somebody's hands.
fn recall(run: &mut Run<'_>, case: &Case, task: TaskId) -> Result<(), Refusal> {
    if !case.state.works() {
        return Err(no::wrong_state(&case.state, "cases.cannot-recall", "取回", "called back"));
    }
    let was_his = |s: &&Step| {
        let seats = run.spec(&s.id).map_or(1, |spec| spec.by.each().len());
        (0..seats).any(|seat| task_id(case.id, &s.id, s.round, seat) == task)
    };
    let step = case.steps.iter().find(was_his).ok_or_else(no::no_task)?;
    // Others have still to sign: only this opinion is taken back.
    let signed = step.seats().iter().find(|seat| seat.task == task).and_then(|seat| seat.opinion.as_ref());
    if let Some(opinion) = signed {
        if opinion.by.is_none() || (opinion.by != run.by.account && !run.by.head) {
            return Err(no::cannot_recall());
        }
        run.push(CaseEvent::SeatRecalled(SeatRecalled { step: step.id.clone(), task }));
        return Ok(());
    }
    let mine = matches!(&step.state, StepState::Passed { by: DoneBy::Person { account, .. }, .. }
        if account.is_none() || *account == run.by.account || run.by.head);
    if !mine {
        return Err(no::cannot_recall());
    }
    let again = with_followers(run.item, &step.id);
    let built_on =
        case.steps.iter().filter(|s| s.id != step.id && again.contains(&s.id)).any(|s| match &s.state {
            StepState::Open { seats, .. } => seats.iter().any(|x| x.holder.is_some() || x.opinion.is_some()),
            StepState::Passed { by, .. } | StepState::Failed { by, .. } => !matches!(by, DoneBy::Rule { .. }),
            _ => false,
        });
    if built_on {
        return Err(no::cannot_recall());
    }
    run.push(CaseEvent::StepRecalled { step: step.id.clone(), again });
    advance(run);
    Ok(())
}

/// 收回: a line system has lost what it was handed; the body responsible does the seat itself, and what comes later counts for nothing.
fn take_back(run: &mut Run<'_>, case: &Case, step: &str, reason: &str) -> Result<(), Refusal> {
    let seat = case.open_seats().find(|(s, seat)| s.id == step && seat.external.is_some());
    let Some((_, seat)) = seat else { return Err(no::no_task()) };
    let (step, task, reason) = (step.to_owned(), seat.task, said(reason)?);
    let system = seat.external.clone().unwrap_or_default();
    run.push(CaseEvent::TakenBack(TakenBack { step, task, system, reason }));
    Ok(())
}

/// 退回上一环节: to an earlier step that a person did, with the reason; it and all that follows it are done again.
fn send_back(run: &mut Run<'_>, case: &Case, task: TaskId, to: &str, reason: &str) -> Result<(), Refusal> {
    let (step, _) = open_seat(run, case, task)?;
    let reason = said(reason)?;
    let from = step.id.clone();
    let again = with_followers(run.item, to);
    let target = case.step(to).filter(|s| s.by_person() && s.id != from && s.id != PRECHECK);
    if target.is_none() || !again.contains(&from) {
        return Err(no::no_earlier_step(to));
    }
    run.push(CaseEvent::SentBack(SentBack { from, to: to.to_owned(), reason, again }));
    advance(run);
    Ok(())
}

/// A step and all that come after it, in the item's order.
pub(super) fn with_followers(item: &Item, id: &str) -> Vec<String> {
    let mut found = vec![id.to_owned()];
    // Steps may stand in any order, so go on until nothing more follows.
    loop {
        let before = found.len();
        for step in &item.process {
            if !found.contains(&step.id) && step.after.iter().any(|a| found.contains(a)) {
                found.push(step.id.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

/// The earlier steps to which a case may be sent back from this one.
pub fn earlier_steps(case: &Case, item: &Item, from: &str) -> Vec<String> {
    let may = |s: &&Step| s.by_person() && s.id != from && s.id != PRECHECK;
    let before = |s: &&Step| with_followers(item, &s.id).iter().any(|id| id == from);
    case.steps.iter().filter(may).filter(before).map(|s| s.id.clone()).collect()
}

/// Whether a step is done by people.
pub(crate) fn by_people(spec: &catalog::Step) -> bool {
    !matches!(spec.by, By::Automatic | By::External(_)) && spec.publicity.is_none()
}

/// The task of one seat of one step in one round: the same give the same task, so that the rules stay pure.
pub fn task_id(case: CaseId, step: &str, round: u32, seat: usize) -> TaskId {
    use kernel::id::TypedId;
    let place = if seat == 0 { String::new() } else { format!(":{seat}") };
    let hash = trace::Algorithm::Sha256.digest(format!("task:{case}:{step}:{round}{place}").as_bytes());
    let mut bytes = [0u8; 16];
    bytes.copy_from_slice(&hash[..16]);
    TaskId::from_uuid(uuid::Builder::from_custom_bytes(bytes).into_uuid())
}
