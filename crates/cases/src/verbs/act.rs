//! What staff do with a case: one call for every act.

use super::hold::{Hold, subject_of};
use super::outcome::{OutcomeDone, done, number, stale, task_done};
use crate::event::Late;
use crate::model::*;
use crate::rules::{Act, Choice, Command, Doer};
use crate::scope::Handler;
use crate::store as rows;
use ::store::Cx;
use catalog::Original;
use kernel::codes::CaseNumber;
use kernel::{AccountId, FileId, Money, Outcome, Refusal, RefusalKind, Term, Timestamp};
use page::House;
use procedure::{NewRemedy, NewService};
use serde::Deserialize;
use serde_json::Value;

/// On what staff act: a task that lies with them, or a case in their scope.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// A task.
    Task(TaskId),
    /// A case.
    Case(CaseNumber),
}

/// What staff can do. The law of each stands at its rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffAct {
    /// 预审.
    Precheck {
        /// Whether it may be received.
        ok: bool,
        /// Why not.
        #[serde(default)]
        reason: String,
    },
    /// 受理.
    Accept,
    /// 不予受理.
    NotAccept {
        /// Why.
        #[serde(default)]
        reason: String,
        /// Which body is the right one.
        #[serde(default)]
        right_body: Option<String>,
    },
    /// 退件.
    Return {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 补正告知.
    AskSupplement {
        /// Everything.
        #[serde(default)]
        demands: Vec<Demand>,
    },
    /// 同意.
    Approve {
        /// Remarks.
        #[serde(default)]
        reason: Option<String>,
        /// The amount set.
        #[serde(default)]
        amount: Option<Money>,
        /// Why it keeps away from the standard.
        #[serde(default)]
        deviation: Option<String>,
    },
    /// 不同意.
    Refuse {
        /// Why.
        #[serde(default)]
        reason: String,
        /// Why it keeps away from the standard.
        #[serde(default)]
        deviation: Option<String>,
    },
    /// 现场核查记录.
    RecordVisit {
        /// What was found.
        visit: Visit,
    },
    /// 签收.
    Claim,
    /// 释放.
    Release,
    /// 转办.
    HandOver {
        /// To whom.
        to: AccountId,
        /// What they should know.
        #[serde(default)]
        note: String,
    },
    /// 取回: the task that was done.
    Recall,
    /// 退回上一环节.
    SendBack {
        /// To which step.
        to_step: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 特别程序, 挂起.
    Suspend {
        /// For what.
        kind: SuspensionKind,
        /// Why.
        #[serde(default)]
        reason: String,
        /// How long.
        #[serde(default)]
        expected: Option<Term>,
    },
    /// 恢复办理.
    Resume {
        /// What came of it.
        #[serde(default)]
        result: String,
    },
    /// 延期.
    Extend {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 听证告知.
    OfferHearing {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 听证通知.
    SetHearing {
        /// The day and hour.
        at: Timestamp,
        /// Where.
        place: String,
        /// Who presides.
        chair: AccountId,
    },
    /// 听证笔录.
    RecordHearing {
        /// The record.
        record: String,
    },
    /// 转报.
    Forward {
        /// To whom.
        to: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 作废.
    Void {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 撤销.
    Revoke {
        /// On what ground.
        ground: String,
    },
    /// 送达: the decision when it is not served yet, else a notice once more.
    Serve {
        /// Which notice; the decision's when absent.
        #[serde(default)]
        notice: Option<NoticeId>,
        /// How.
        way: Service,
        /// When it reached the recipient; now when absent.
        #[serde(default)]
        at: Option<Timestamp>,
        /// The proof on file.
        #[serde(default)]
        evidence: Option<FileId>,
    },
    /// 复议, 诉讼.
    OpenRemedy {
        /// Which.
        kind: RemedyKind,
        /// When it was filed; now when absent.
        #[serde(default)]
        filed_at: Option<Timestamp>,
        /// Before which body.
        body: String,
        /// On what ground.
        ground: String,
        /// Against which notice.
        #[serde(default)]
        against: Option<NoticeId>,
    },
    /// Its outcome.
    EndRemedy {
        /// Which.
        remedy: RemedyId,
        /// How it ended.
        outcome: RemedyOutcome,
        /// What was said.
        text: String,
        /// What the decision was changed to: granted, or refused for this reason.
        #[serde(default)]
        changed: Option<Changed>,
    },
    /// 验原件, 收原件, 收回注销.
    ConfirmPaper {
        /// The demand.
        demand: String,
        /// How it was handled.
        original: Original,
    },
    /// 核实异议.
    SettleDispute {
        /// The path.
        path: String,
        /// Whether the applicant was right.
        upheld: bool,
        /// What was found.
        text: String,
        /// What is so.
        #[serde(default)]
        value: Option<Value>,
    },
    /// 承诺事后核查.
    CheckDeclaration {
        /// Whether what was declared is so.
        ok: bool,
        /// What was found.
        text: String,
    },
}

/// The word of every act of staff, as the API spells it.
pub const STAFF_VERBS: &[&str] = &[
    "precheck",
    "accept",
    "not_accept",
    "return",
    "ask_supplement",
    "approve",
    "refuse",
    "record_visit",
    "claim",
    "release",
    "hand_over",
    "recall",
    "send_back",
    "suspend",
    "resume",
    "extend",
    "offer_hearing",
    "set_hearing",
    "record_hearing",
    "forward",
    "void",
    "revoke",
    "serve",
    "open_remedy",
    "end_remedy",
    "confirm_paper",
    "settle_dispute",
    "check_declaration",
];

/// What a decision was changed to by a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// To a grant.
    Granted,
    /// To a refusal, for this reason.
    Refused(String),
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
    if let StaffAct::Serve { notice: None, way, at: served, evidence } = &act {
        serve_decision(&mut hold, house, cx, way, served.unwrap_or(at), *evidence, &who.doer).await?;
    } else {
        let command = command(cx, house, &hold, act, task).await?;
        let by = who.doer.clone();
        hold.act(house, cx.now, &Act { command, at, late, by })?;
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
    if matches!(act, StaffAct::Recall) != (line.state == "done" && !open) {
        return Err(task_done().into());
    }
    Ok((hold, Some(task)))
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

#[allow(clippy::too_many_lines, reason = "one line for each act: a table")]
async fn command(
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
        S::RecordVisit { visit } => Command::Visit { task: needs_task(task)?, visit },
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
        S::Extend { reason } => Command::Extend { reason },
        S::OfferHearing { reason } => Command::OfferHearing { reason },
        S::SetHearing { at, place, chair } => {
            let agency = hold.case.as_ref().map(|c| c.agency.clone()).ok_or_else(Refusal::not_found)?;
            let chair_name = name_of(cx, &agency, chair).await?;
            Command::SetHearing { on: at, place, chair, chair_name }
        }
        S::RecordHearing { record } => Command::RecordHearing { record },
        S::Forward { to, reason } => Command::Forward { to, reason },
        S::Void { reason } => Command::Void { reason },
        S::Revoke { ground } => Command::Revoke { ground },
        S::Serve { notice, way, at, evidence } => {
            let at = at.unwrap_or(cx.now);
            let effective_at = match notice {
                Some(notice) => serve(cx, hold, notice, &way, at, evidence).await?,
                None => at,
            };
            Command::Serve { notice, way, effective_at }
        }
        S::OpenRemedy { kind, filed_at, body, ground, against } => {
            let filed_at = filed_at.unwrap_or(cx.now);
            open_remedy(cx, house, hold, kind, filed_at, body, ground, against).await?
        }
        S::EndRemedy { remedy, outcome, text, changed } => {
            procedure::end_remedy(cx, remedy, outcome, cx.now, &text).await?;
            Command::EndRemedy { remedy, outcome, changed: changed.map(|c| decision(hold, c)), text }
        }
        S::ConfirmPaper { demand, original } => Command::SeePaper { demand, original },
        S::SettleDispute { path, upheld, text, value } => {
            Command::SettleDispute { path, upheld, text, value }
        }
        S::CheckDeclaration { ok, text } => Command::CheckDeclaration { ok, text },
    })
}

fn decision(hold: &Hold, changed: Changed) -> Decision {
    let remedies = hold.case.as_ref().map(crate::rules::remedies).unwrap_or_default();
    match changed {
        Changed::Granted => Decision::Approved { reason: None },
        Changed::Refused(reason) => Decision::Refused { reason: kernel::Text::same(reason), remedies },
    }
}

#[allow(clippy::too_many_arguments, reason = "each is a column of the remedy")]
async fn open_remedy(
    cx: &mut Cx,
    house: &House,
    hold: &Hold,
    kind: RemedyKind,
    filed_at: Timestamp,
    body: String,
    ground: String,
    against: Option<NoticeId>,
) -> Outcome<Command> {
    let case = hold.case.as_ref().ok_or_else(Refusal::not_found)?;
    let new = NewRemedy {
        subject: subject_of(case.id).to_string(),
        kind,
        filed_at,
        body: body.clone(),
        ground: ground.clone(),
        against,
        // Whether a late remedy is let in is for the body to judge, not for the one that is complained of.
        late_reason: Some("受理机关已受理".to_owned()),
    };
    let remedy = procedure::open_remedy(cx, &house.calendar, new).await?;
    Ok(Command::OpenRemedy { remedy, kind, body, ground })
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
    let case = hold.case.as_ref().ok_or_else(Refusal::not_found)?;
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
async fn serve_decision(
    hold: &mut Hold,
    house: &House,
    cx: &mut Cx,
    way: &Service,
    at: Timestamp,
    evidence: Option<FileId>,
    by: &Doer,
) -> Outcome<()> {
    let case = hold.case.as_ref().ok_or_else(Refusal::not_found)?;
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
