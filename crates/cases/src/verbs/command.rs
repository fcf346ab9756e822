//! Each act of staff as a command of the rules.

use super::at_window;
use super::hold::{Hold, subject_of};
use super::materials::{attach, own_files};
use super::outcome::task_done;
use super::staff::{Changed, StaffAct};
use crate::event::Late;
use crate::model::*;
use crate::rules::{Act, Choice, Command, Doer};
use ::store::Cx;
use kernel::{AccountId, FileId, Money, Outcome, Refusal, RefusalKind, SubjectId, Timestamp};
use page::House;
use procedure::{Leave, NewRemedy, NewService, Seeker};

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
        S::FindInterested { name, interest } => Command::FindInterested { name, interest },
        S::TellInterested { who, served, proof } => Command::TellInterested { who, served, proof },
        S::AnswerOfInterested { who, asks, proof } => Command::AnswerOfInterested { who, asks, proof },
        S::SetHearing { at, place, chair } => {
            Command::SetHearing { on: at, place, chair, chair_name: chair_of(cx, hold, chair).await? }
        }
        S::RecordHearing { record } => Command::RecordHearing { record },
        S::Forward { to, reason } => Command::Forward { to, reason },
        S::Void { reason } => Command::Void { reason },
        S::Revoke { ground } => Command::Revoke { ground },
        // Done before: a service may be two acts, and what a party does at a window is not the clerk's own.
        S::Serve { .. } | S::ForParty { .. } => return Err(Refusal::not_found().into()),
        S::OpenRemedy { kind, filed_at, body, ground, against, party, excuse, late_reason } => {
            let (subject, filed_at) = (String::new(), filed_at.unwrap_or(cx.now));
            let new = NewRemedy { subject, kind, filed_at, body, ground, against, late_reason };
            open_remedy(cx, house, hold, (new, Seeker { party, excuse })).await?
        }
        S::EndRemedy { remedy, outcome, text, changed, amount } => {
            let changed = changed.map(|changed| (changed, amount));
            end_remedy(cx, hold, remedy, (outcome, changed), text).await?
        }
        word @ S::ConfirmParty { .. } => at_window::command(cx, case_of(hold)?, word).await?,
        S::ConfirmPaper { demand, original } => Command::SeePaper { demand, original },
        S::SettleDispute { path, upheld, text, value } => settle(path, upheld, text, value),
        S::Object { step, reason, name } => on_paper(step, reason, name),
        S::CheckDeclaration { ok, text } => Command::CheckDeclaration { ok, text },
    })
}

fn settle(path: String, upheld: bool, text: String, value: Option<serde_json::Value>) -> Command {
    Command::SettleDispute { path, upheld, text, value }
}

/// An objection that came on paper, with the name under it.
fn on_paper(step: String, reason: String, name: String) -> Command {
    Command::Object { step, reason, by: None, on_paper: Some(name) }
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
    (outcome, changed): (RemedyOutcome, Option<(Changed, Option<Money>)>),
    text: String,
) -> Outcome<Command> {
    procedure::end_remedy(cx, remedy, outcome, cx.now, &text).await?;
    Ok(Command::EndRemedy { remedy, outcome, changed: changed.map(|c| decision(hold, c)), text })
}

fn decision(hold: &Hold, (changed, amount): (Changed, Option<Money>)) -> Decision {
    let remedies = hold.case.as_ref().map(crate::rules::remedies).unwrap_or_default();
    match changed {
        Changed::Granted => Decision::Approved { reason: None, amount },
        Changed::Refused(reason) => Decision::Refused { reason: kernel::Text::same(reason), remedies },
    }
}

async fn open_remedy(
    cx: &mut Cx,
    house: &House,
    hold: &Hold,
    (mut new, seeker): (NewRemedy, Seeker),
) -> Outcome<Command> {
    let case = case_of(hold)?;
    new.subject = subject_of(case.id).to_string();
    // Without a notice named it is the decision that is complained of; against silence there is none.
    new.against = new.against.or_else(|| decision_notice(case));
    if seeker.party.is_some_and(|party| case.recipients().iter().all(|p| p.subject != party)) {
        return Err(no_recipient().into());
    }
    let (kind, body, ground) = (new.kind, new.body.clone(), new.ground.clone());
    let remedy = procedure::open_remedy_by(cx, &house.calendar, new, seeker).await?;
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

/// A service by hand, as it was told: of which notice, on whom, how, when, with which proof.
#[derive(Debug, Clone, Copy)]
pub(super) struct Serving<'a> {
    /// The notice; the decision's when absent.
    pub notice: Option<NoticeId>,
    /// On whom; on the first who waits for it when absent.
    pub party: Option<SubjectId>,
    pub way: &'a Service,
    pub at: Timestamp,
    pub evidence: Option<FileId>,
}

/// A notice that is served by hand; every service has its proof (送达回证). When it is the decision and the last who waits for it,
/// the case is served and closed.
pub(super) async fn serve(
    hold: &mut Hold,
    house: &House,
    cx: &mut Cx,
    serving: Serving<'_>,
    (at, late, by): (Timestamp, Option<Late>, &Doer),
) -> Outcome<()> {
    let act = |command| Act { command, at, late: late.clone(), by: by.clone() };
    let case = case_of(hold)?;
    let told = serving.notice.or_else(|| decision_notice(case));
    let way = serving.way.clone();
    let mut effective_at = way.effective(serving.at);
    if let Some(notice) = told {
        let party = recipient(case, notice, serving.party)?.clone();
        effective_at = record(cx, case, notice, &party, &serving).await?;
        let serve =
            Command::Serve { notice: told, way: way.clone(), effective_at, party: Some(party.subject) };
        hold.act(house, cx.now, &act(serve))?;
    } else {
        attach(cx, serving.evidence);
    }
    let case = case_of(hold)?;
    let waits = matches!(case.state, CaseState::Decided { .. } | CaseState::Certified { .. });
    let decides = told.is_none_or(|t| case.notices.iter().any(|i| i.notice == t && i.kind.decides()));
    let left = case.unserved().any(|(notice, _)| notice.kind.decides());
    if told.is_none() || (waits && decides && !left) {
        let effective_at = (effective_at != cx.now).then_some(effective_at);
        let deliver = Act::now(Command::Deliver { service: way, effective_at }, cx.now);
        hold.act(house, cx.now, &deliver.by(by.clone()))?;
        hold.act_now(house, cx, Command::Close)?;
    }
    Ok(())
}

/// The notice of the decision that stands.
fn decision_notice(case: &Case) -> Option<NoticeId> {
    case.notices.iter().rev().find(|i| i.kind.decides()).map(|i| i.notice)
}

/// On whom the notice is served: the party named, else the first who waits for it, else whoever filed.
fn recipient(case: &Case, notice: NoticeId, named: Option<SubjectId>) -> Result<&Party, Refusal> {
    if let Some(named) = named {
        return case.recipients().into_iter().find(|p| p.subject == named).ok_or_else(no_recipient);
    }
    let waiting = case.unserved().find(|(i, _)| i.notice == notice).map(|(_, party)| party);
    waiting.or_else(|| case.first_party()).ok_or_else(Refusal::not_found)
}

/// Records the service with `procedure`; answers from when it counts.
async fn record(
    cx: &mut Cx,
    case: &Case,
    notice: NoticeId,
    party: &Party,
    serving: &Serving<'_>,
) -> Outcome<Timestamp> {
    attach(cx, serving.evidence);
    let new = NewService {
        subject: subject_of(case.id).to_string(),
        notice,
        recipient: party.subject,
        recipient_name: party.name.clone(),
        way: serving.way.clone(),
        at: serving.at,
        evidence: serving.evidence,
    };
    Ok(procedure::serve(cx, new).await?.effective_at)
}

fn no_recipient() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.no-recipient",
        "该受送达人不是本办件的当事人，或者还没有确认参加。",
        "That recipient is no party to this case, or has not confirmed yet.",
    )
    .field("party", "请从当事人中选择。", "Choose one of the parties.")
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
