//! Each act of staff as a command of the rules.

use super::at_window;
use super::hold::{Hold, subject_of};
use super::materials::{attach, own_files};
use super::outcome::task_done;
use super::staff::{Changed, StaffAct};
use crate::model::*;
use crate::rules::{Choice, Command, Doer};
use ::store::Cx;
use kernel::{AccountId, FileId, Outcome, Refusal, RefusalKind, Timestamp};
use page::House;
use procedure::{Leave, NewRemedy, NewService};

/// The command of the rules for an act; what other rooms keep of it (services, remedies) is written into the same commit.
pub(super) async fn command(
    cx: &mut Cx,
    house: &House,
    hold: &Hold,
    act: StaffAct,
    task: Option<TaskId>,
) -> Outcome<Command> {
    use StaffAct as S;
    Ok(match act {
        S::Precheck { ok, reason } => Command::Precheck { ok, reason },
        S::Accept => Command::Accept,
        S::NotAccept { reason, right_body } => Command::NotAccept { reason, right_body },
        S::Return { reason } => Command::Return { reason },
        S::AskSupplement { demands } => Command::AskSupplement { demands },
        S::Approve { reason, amount, deviation } => {
            Command::Approve { task: needs_task(task)?, reason, choice: Choice { amount, deviation } }
        }
        S::Refuse { reason, deviation } => {
            Command::Refuse { task: needs_task(task)?, reason, choice: Choice { amount: None, deviation } }
        }
        S::RecordVisit { visit } => visited(cx, needs_task(task)?, visit),
        S::Claim => Command::Claim { task: needs_task(task)? },
        S::Release => Command::Release { task: needs_task(task)? },
        S::HandOver { to, note } => {
            colleague(cx, hold, task, to).await?;
            Command::HandOver { task: needs_task(task)?, to, note }
        }
        S::Recall => Command::Recall { task: needs_task(task)? },
        S::SendBack { to_step, reason } => Command::SendBack { task: needs_task(task)?, to: to_step, reason },
        S::Suspend { kind, reason, expected } => Command::Suspend { kind, reason, expected },
        S::Resume { result } => Command::Resume { result },
        S::Extend { reason, leave } => extend(cx, reason, leave).await?,
        S::OfferHearing { reason } => Command::OfferHearing { reason },
        S::SetHearing { at, place, chair } => {
            Command::SetHearing { on: at, place, chair, chair_name: chair_of(cx, hold, chair).await? }
        }
        S::RecordHearing { record } => Command::RecordHearing { record },
        S::Forward { to, reason } => Command::Forward { to, reason },
        S::Void { reason } => Command::Void { reason },
        S::Revoke { ground } => Command::Revoke { ground },
        S::Serve { notice, way, at, evidence } => {
            let effective_at = serve_again(cx, hold, notice, &way, at, evidence).await?;
            Command::Serve { notice, way, effective_at }
        }
        S::OpenRemedy { kind, filed_at, body, ground, against } => {
            open_remedy(cx, house, hold, (kind, filed_at), (body, ground), against).await?
        }
        S::EndRemedy { remedy, outcome, text, changed } => {
            end_remedy(cx, hold, remedy, (outcome, changed), text).await?
        }
        word @ S::ConfirmParty { .. } => at_window::command(cx, case_of(hold)?, word).await?,
        S::ConfirmPaper { demand, original } => Command::SeePaper { demand, original },
        S::SettleDispute { path, upheld, text, value } => {
            Command::SettleDispute { path, upheld, text, value }
        }
        S::CheckDeclaration { ok, text } => Command::CheckDeclaration { ok, text },
    })
}

/// An inspection on site, with its evidence kept by the commit.
fn visited(cx: &mut Cx, task: TaskId, visit: Visit) -> Command {
    attach(cx, visit.evidence.iter().copied());
    Command::Visit { task, visit }
}

/// More time, with the document of the leave kept by the commit.
async fn extend(cx: &mut Cx, reason: String, leave: Option<Leave>) -> Outcome<Command> {
    leave_kept(cx, leave.as_ref()).await?;
    Ok(Command::Extend { reason, leave })
}

/// The document of a leave is kept with the commit; it is an upload of whoever extends.
async fn leave_kept(cx: &mut Cx, leave: Option<&Leave>) -> Outcome<()> {
    let Some(file) = leave.and_then(|l| l.evidence) else { return Ok(()) };
    if let Some(account) = cx.actor.account {
        own_files(cx.store(), account, &[file]).await?;
    }
    attach(cx, [file]);
    Ok(())
}

async fn end_remedy(
    cx: &mut Cx,
    hold: &Hold,
    remedy: RemedyId,
    (outcome, changed): (RemedyOutcome, Option<Changed>),
    text: String,
) -> Outcome<Command> {
    procedure::end_remedy(cx, remedy, outcome, cx.now, &text).await?;
    Ok(Command::EndRemedy { remedy, outcome, changed: changed.map(|c| decision(hold, c)), text })
}

fn decision(hold: &Hold, changed: Changed) -> Decision {
    let remedies = hold.case.as_ref().map(crate::rules::remedies).unwrap_or_default();
    match changed {
        Changed::Granted => Decision::Approved { reason: None },
        Changed::Refused(reason) => Decision::Refused { reason: kernel::Text::same(reason), remedies },
    }
}

async fn open_remedy(
    cx: &mut Cx,
    house: &House,
    hold: &Hold,
    (kind, filed_at): (RemedyKind, Option<Timestamp>),
    (body, ground): (String, String),
    against: Option<NoticeId>,
) -> Outcome<Command> {
    let new = NewRemedy {
        subject: subject_of(case_of(hold)?.id).to_string(),
        kind,
        filed_at: filed_at.unwrap_or(cx.now),
        body: body.clone(),
        ground: ground.clone(),
        against,
        // Whether a late remedy is let in is for the body to judge, not for the one that is complained of.
        late_reason: Some("受理机关已受理".to_owned()),
    };
    let remedy = procedure::open_remedy(cx, &house.calendar, new).await?;
    Ok(Command::OpenRemedy { remedy, kind, body, ground })
}

fn case_of(hold: &Hold) -> Result<&Case, Refusal> {
    hold.case.as_ref().ok_or_else(Refusal::not_found)
}

/// The name of who is to preside: a colleague of the body.
async fn chair_of(cx: &Cx, hold: &Hold, chair: AccountId) -> Outcome<String> {
    let agency = case_of(hold)?.agency.clone();
    name_of(cx, &agency, chair).await
}

/// A notice served later or once more; answers from when it counts.
async fn serve_again(
    cx: &mut Cx,
    hold: &Hold,
    notice: Option<NoticeId>,
    way: &Service,
    at: Option<Timestamp>,
    evidence: Option<FileId>,
) -> Outcome<Timestamp> {
    let at = at.unwrap_or(cx.now);
    match notice {
        Some(notice) => serve(cx, hold, notice, way, at, evidence).await,
        None => Ok(at),
    }
}

/// Records the service with `procedure`; answers from when it counts.
async fn serve(
    cx: &mut Cx,
    hold: &Hold,
    notice: NoticeId,
    way: &Service,
    at: Timestamp,
    evidence: Option<FileId>,
) -> Outcome<Timestamp> {
    attach(cx, evidence);
    let case = case_of(hold)?;
    let party = case.first_party().ok_or_else(Refusal::not_found)?;
    let new = NewService {
        subject: subject_of(case.id).to_string(),
        notice,
        recipient: party.subject,
        recipient_name: party.name.clone(),
        way: way.clone(),
        at,
        evidence,
    };
    Ok(procedure::serve(cx, new).await?.effective_at)
}

/// Serves the decision of a case whose applicant wants paper, and closes it.
pub(super) async fn serve_decision(
    hold: &mut Hold,
    house: &House,
    cx: &mut Cx,
    way: &Service,
    at: Timestamp,
    evidence: Option<FileId>,
    by: &Doer,
) -> Outcome<()> {
    let case = case_of(hold)?;
    let decides = |i: &&Issued| matches!(i.kind, NoticeKind::Grant | NoticeKind::Refusal);
    let notice = case.notices.iter().rev().find(decides).map(|i| i.notice);
    let effective_at = match notice {
        Some(notice) => serve(cx, hold, notice, way, at, evidence).await?,
        None => way.effective(at),
    };
    let effective_at = (effective_at != at).then_some(effective_at);
    hold.act_by(house, cx, Command::Deliver { service: way.clone(), effective_at }, by)?;
    hold.act_now(house, cx, Command::Close)
}

fn needs_task(task: Option<TaskId>) -> Result<TaskId, Refusal> {
    task.ok_or_else(|| {
        Refusal::new(
            RefusalKind::Invalid,
            "cases.task-needed",
            "请从待办中办理这一操作。",
            "This is done on a task.",
        )
        .next("请打开相应的待办。", "Open the task first.")
    })
}

/// A task is handed to somebody of the agency where it lies.
async fn colleague(cx: &Cx, hold: &Hold, task: Option<TaskId>, to: AccountId) -> Outcome<()> {
    let task = needs_task(task)?;
    let seat = hold.case.as_ref().and_then(|c| c.open_seats().find(|(_, s)| s.task == task));
    let agency = seat.map(|(_, s)| s.agency.clone()).ok_or_else(task_done)?;
    name_of(cx, &agency, to).await.map(|_| ())
}

async fn name_of(cx: &Cx, agency: &kernel::AgencyCode, account: AccountId) -> Outcome<String> {
    let colleagues = identity::colleagues(cx.store(), agency).await?;
    let found = colleagues.into_iter().find(|c| c.account == account);
    Ok(found.ok_or_else(no_colleague)?.name)
}

fn no_colleague() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-colleague",
        "该人员不在本单位。",
        "That account belongs to nobody of this agency.",
    )
    .field("to", "请从本单位人员中选择。", "Choose somebody of this agency.")
}
