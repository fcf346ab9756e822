//! The agency that keeps a register answers a correction request: the case goes on with what is so, and the person is told.

use super::hold::Hold;
use super::outcome::{OutcomeDone, done};
use super::talk;
use crate::rules::{Command, Doer};
use crate::scope::{Handler, Scope};
use crate::store as rows;
use ::store::Cx;
use kernel::codes::CaseNumber;
use kernel::{Outcome, Refusal, RefusalKind};
use page::House;
use serde_json::Value;

/// What the agency found.
#[derive(Debug, Clone)]
pub struct CorrectionAnswer {
    /// Whether the person was right.
    pub upheld: bool,
    /// Why, in words for the person.
    pub text: String,
    /// What is so, when the register was wrong.
    pub value: Option<Value>,
}

/// Answers the request at this place of a case, if it is addressed to whoever answers.
///
/// # Errors
/// Not found when it is addressed to somebody else; `cases.correction-answered`; a refusal of the rules without a reason.
pub async fn answer_correction(
    cx: &mut Cx,
    house: &House,
    who: &Handler,
    number: &CaseNumber,
    seq: i64,
    answer: &CorrectionAnswer,
) -> Outcome<OutcomeDone> {
    let store = cx.store().clone();
    let mut hold = Hold::load(&store, number, &Scope::program()).await?;
    let case = hold.case.as_ref().map(|c| c.id).ok_or_else(Refusal::not_found)?;
    let found = rows::dispute(&store, case, seq, who.agency().as_str()).await?;
    let found = found.ok_or_else(Refusal::not_found)?;
    if !found.open {
        return Err(answered().into());
    }
    let CorrectionAnswer { upheld, text, value } = answer.clone();
    let said = text.trim().to_owned();
    let command = Command::SettleDispute { path: found.path, upheld, text, value };
    // The request was addressed to this agency, which need have no other part in the case.
    let by = Doer { agency: None, ..who.doer.clone() };
    hold.act_by(house, cx, command, &by)?;
    talk::tell(cx, who, number, &said).await?;
    done(hold, house, cx).await
}

fn answered() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "cases.correction-answered",
        "这条更正请求已经答复过了。",
        "This correction request was answered already.",
    )
    .next("请刷新页面查看答复。", "Open the page anew to see the answer.")
}
