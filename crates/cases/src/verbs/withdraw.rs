//! Take an application back, as long as nothing is decided.

use super::hold::Hold;
use super::outcome::{OutcomeDone, done};
use crate::rules::Command;
use crate::scope::Scope;
use ::store::Cx;
use identity::Applicant;
use identity::mandate::{self, Act};
use kernel::Outcome;
use kernel::codes::CaseNumber;
use page::House;

/// Withdraws the case.
///
/// # Errors
/// Not found for somebody else's case; `cases.cannot-withdraw` when it is decided or over.
pub async fn withdraw(
    cx: &mut Cx,
    house: &House,
    who: &Applicant,
    number: &CaseNumber,
    reason: Option<String>,
) -> Outcome<OutcomeDone> {
    let store = cx.store().clone();
    let mut hold = Hold::load(&store, number, &Scope::from(who)).await?;
    super::ask::may_act(hold.case.as_ref(), who)?;
    let item = hold.item.item.key.clone();
    mandate::rely(cx, who, Act::Withdraw, &[item.as_str()], &number.to_string()).await?;
    hold.act_now(house, cx, Command::Withdraw { reason })?;
    done(hold, house, cx).await
}
