//! What is to be paid for a case: told whenever it is worked out anew, to whoever raises bills; and heard back when a bill is raised,
//! settled, overdue or called off.

use super::hold::Hold;
use crate::event::{CaseEvent, FeesOwed, FeesTold};
use crate::model::*;
use crate::rules::Command;
use crate::scope::Scope;
use ::store::Cx;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, AgencyCode, Fault, Lang, Outcome, Text};
use page::House;
use serde::{Deserialize, Serialize};

/// The message up.
pub const OWES: &str = "cases.owes";

/// What is to be paid for a case: everything, in the place of what was told before.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Owes {
    /// The case.
    pub case: CaseId,
    /// Its number.
    pub number: CaseNumber,
    /// Its item's name.
    pub title: Text,
    /// The body that collects.
    pub agency: AgencyCode,
    /// What, by whom.
    pub owes: FeesOwed,
}

/// Tells what is owed by the last of the events of this commit that says so.
pub(super) fn tell(hold: &Hold, cx: &mut Cx, case: &Case) -> Result<(), Fault> {
    let owed = hold.fresh().iter().rev().find_map(|(event, _)| match event {
        CaseEvent::FeesOwed(owes) => Some(owes),
        _ => None,
    });
    let Some(owes) = owed else { return Ok(()) };
    let owes = Owes {
        case: case.id,
        number: case.number.clone(),
        title: hold.item.item.name.clone(),
        agency: case.agency.clone(),
        owes: owes.clone(),
    };
    cx.commit.emit(OWES, &format!("case:{}", case.id), &owes).map(|_| ())
}

/// Tells a case what became of a bill of its own; the same news twice is one.
///
/// # Errors
/// Not found.
pub async fn fees_told(house: &House, number: &CaseNumber, told: &FeesTold) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, number, &Scope::program()).await?;
        hold.act_now(house, &cx, Command::FeesTold(told.clone()))?;
        if !hold.fresh().is_empty() {
            hold.finish(house, &mut cx).await?;
        }
        Outcome::Ok(())
    }
    .await)
}
