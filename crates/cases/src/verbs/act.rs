//! What staff do with a case: one call for every act.

use super::at_window;
use super::command::{Serving, command, serve};
use super::hold::Hold;
use super::outcome::{OutcomeDone, done, number, stale, task_done};
use super::staff::StaffAct;
use crate::event::Late;
use crate::model::*;
use crate::rules::Act;
use crate::scope::Handler;
use crate::store as rows;
use ::store::Cx;
use kernel::codes::CaseNumber;
use kernel::{Outcome, Refusal, RefusalKind, Timestamp};
use page::House;

/// On what staff act: a task that lies with them, or a case in their scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A task.
    Task(TaskId),
    /// A case.
    Case(CaseNumber),
}

/// Does the act, if the target lies within the reach of whoever acts.
///
/// # Errors
/// Not found for what lies elsewhere, `cases.stale` when the case has changed since it was looked at, or a refusal of the rules.
pub async fn act(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    target: Target,
    act: StaffAct,
    rev: Option<i64>,
) -> Outcome<OutcomeDone> {
    act_at(cx, house, who, target, act, rev, None).await
}

/// 补录: as [`act`], for what happened earlier and could not be recorded then. By a clerk, with the reason and the evidence; the
/// events carry both times, and supervision is told.
///
/// # Errors
/// As [`act`]; `cases.late-by-clerk` when somebody else tries.
pub async fn record_late(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    target: Target,
    act: StaffAct,
    (at, late): (Timestamp, Late),
) -> Outcome<OutcomeDone> {
    if !who.clerk {
        return Err(late_by_clerk().into());
    }
    if late.reason.trim().is_empty() || late.evidence.trim().is_empty() {
        return Err(late_unproven().into());
    }
    act_at(cx, house, who, target, act, None, Some((at, late))).await
}

async fn act_at(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    target: Target,
    act: StaffAct,
    rev: Option<i64>,
    late: Option<(Timestamp, Late)>,
) -> Outcome<OutcomeDone> {
    let (mut hold, task) = take(cx, who, &target, &act).await?;
    if rev.is_some_and(|rev| rev != hold.rev()) {
        return Err(stale().into());
    }
    let at = late.as_ref().map_or(cx.now, |(at, _)| *at);
    let late = late.map(|(_, late)| late);
    if let StaffAct::ForParty { citizen_id, act, ground, paper, reference } = act {
        let (said, when) = ((ground, paper, reference), (at, late));
        at_window::for_party(cx, house, who, &mut hold, (&citizen_id, said), *act, when).await?;
    } else if let StaffAct::Serve { notice, party, way, at: served, evidence } = &act {
        let (served, evidence) = (served.unwrap_or(at), *evidence);
        let serving = Serving { notice: *notice, party: *party, way, at: served, evidence };
        serve(&mut hold, house, cx, serving, (at, late, &who.doer)).await?;
    } else {
        let window = matches!(act, StaffAct::ConfirmParty { .. });
        if window && !who.clerk {
            return Err(at_window::by_clerk().into());
        }
        let command = command(cx, house, &hold, act, task).await?;
        let act = Act { command, at, late, by: who.doer.clone() };
        hold.act(house, cx.now, &act)?;
        if window {
            at_window::pass_on(cx, house, &hold, &act).await?;
        }
    }
    done(hold, house, cx).await
}

/// The case of the target, and the task when one is meant.
async fn take(cx: &Cx, who: &Handler, target: &Target, act: &StaffAct) -> Outcome<(Hold, Option<TaskId>)> {
    let store = cx.store().clone();
    let task = match target {
        Target::Case(number) => return Ok((Hold::load(&store, number, &who.scope()).await?, None)),
        Target::Task(task) => *task,
    };
    let line = rows::the_task(&store, task, who.agency.as_str()).await?.ok_or_else(Refusal::not_found)?;
    let hold = Hold::load(&store, &number(&line.number)?, &who.scope()).await?;
    // The row was read before the events: whoever was faster in between has done the task already.
    let open = hold.case.as_ref().is_some_and(|case| case.open_tasks().any(|(_, id, _)| id == task));
    let done = !open && matches!(line.state.as_str(), "done" | "open");
    if matches!(act, StaffAct::Recall) != done {
        return Err(task_done().into());
    }
    Ok((hold, Some(task)))
}

fn late_by_clerk() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "cases.late-by-clerk",
        "补录由窗口人员办理。",
        "What happened earlier is recorded by a clerk.",
    )
    .next("请交窗口人员补录。", "Have a clerk record it.")
}

fn late_unproven() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.late-unproven",
        "补录须写明原因并附证明。",
        "Late recording needs the reason and the evidence.",
    )
    .field("reason", "请写明原因和证明。", "Give both.")
}
