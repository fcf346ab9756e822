//! Do a task: accept, do not accept, approve, refuse with reasons, or ask once for everything that is missing.

use super::act::Target;
use super::hold::Hold;
use super::staff::StaffAct;
use crate::model::{Demand, TaskId};
use crate::scope::Handler;
use ::store::Cx;
use kernel::codes::CaseNumber;
use kernel::{Fault, Outcome, Refusal, RefusalKind};
use page::House;
use serde::{Deserialize, Serialize};

/// What somebody who holds the task decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OutcomeWord {
    /// 受理.
    Accept,
    /// 不予受理.
    NotAccept,
    /// 同意.
    Approve,
    /// 不予.
    Refuse,
    /// 补正.
    Supplement,
}

impl std::str::FromStr for OutcomeWord {
    type Err = Refusal;
    fn from_str(word: &str) -> Result<Self, Refusal> {
        match word {
            "accept" => Ok(Self::Accept),
            "not_accept" => Ok(Self::NotAccept),
            "approve" => Ok(Self::Approve),
            "refuse" => Ok(Self::Refuse),
            "supplement" => Ok(Self::Supplement),
            _ => Err(Refusal::new(
                RefusalKind::Invalid,
                "cases.unknown-outcome",
                "没有这种办理结果。",
                "There is no such outcome.",
            )
            .field(
                "outcome",
                "请选择一种办理结果。",
                "One of accept, not_accept, approve, refuse, supplement.",
            )),
        }
    }
}

/// A judgement on a task.
#[derive(Debug, Clone)]
pub struct Judgement {
    /// What.
    pub outcome: OutcomeWord,
    /// Why; compulsory when it is against.
    pub reason: Option<String>,
    /// Which body is the right one, when it is not accepted for want of competence.
    pub right_body: Option<String>,
    /// For a supplement: everything that is to be supplied.
    pub fields: Vec<Demand>,
    /// The version of the case that was looked at; a newer one is refused, never overwritten.
    pub rev: Option<i64>,
}

/// What came of it.
#[derive(Debug, Clone)]
pub struct OutcomeDone {
    /// The case's number.
    pub number: CaseNumber,
    /// Its state now.
    pub state: String,
    /// Its version now.
    pub rev: i64,
}

/// Does the task, if it lies with the handler's agency.
///
/// # Errors
/// Not found for a task of another agency, `cases.stale` when the case has changed since it was looked at, or a refusal of the
/// rules.
pub async fn outcome(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    task: TaskId,
    judgement: &Judgement,
) -> Outcome<OutcomeDone> {
    let reason = || judgement.reason.clone().unwrap_or_default();
    let act = match judgement.outcome {
        OutcomeWord::Accept => StaffAct::Accept,
        OutcomeWord::NotAccept => {
            StaffAct::NotAccept { reason: reason(), right_body: judgement.right_body.clone() }
        }
        OutcomeWord::Approve => {
            StaffAct::Approve { reason: judgement.reason.clone(), amount: None, deviation: None }
        }
        OutcomeWord::Refuse => StaffAct::Refuse { reason: reason(), deviation: None },
        OutcomeWord::Supplement => StaffAct::AskSupplement { demands: judgement.fields.clone() },
    };
    super::act::act(cx, house, who, Target::Task(task), act, judgement.rev).await
}

/// Writes the case back and says where it stands.
pub(crate) async fn done(hold: Hold, house: &House, cx: &mut Cx) -> Outcome<OutcomeDone> {
    let (case, rev) = hold.finish(house, cx).await?;
    Ok(OutcomeDone { number: case.number.clone(), state: case.state.word().to_owned(), rev })
}

/// Reads a case number from a row.
pub(crate) fn number(text: &str) -> Result<CaseNumber, Fault> {
    text.parse().map_err(|_| Fault::new(format!("{text:?} in a row is no case number")))
}

pub(super) fn task_done() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.task-done",
        "这项待办已经办过，或者已被收回。",
        "This task was already done, or was called back.",
    )
    .next("请刷新页面，查看最新进度。", "Reload the page to see where it stands.")
}

/// The refusal for a case that has changed since it was looked at.
pub(crate) fn stale() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.stale",
        "您打开页面之后，这个办件有了变化，您的操作没有生效。",
        "The case has changed since you opened the page; your action was not taken.",
    )
    .next("请查看最新情况后再决定。", "Look at how it stands now, then decide.")
}
