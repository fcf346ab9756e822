//! A party cannot act any more: whoever acted for them acts no more (民法典第一百七十三条), and their other cases wait as well.

use super::at_window::whose;
use super::hold::Hold;
use super::materials::{attach, own_files};
use super::number_of;
use super::staff::{AfterHalt, DocumentNumber};
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::Command;
use crate::scope::Scope;
use crate::store as rows;
use ::store::Cx;
use ::store::outbox::Message;
use identity::mandate::{self, Cause};
use kernel::codes::CaseNumber;
use kernel::{ActorRef, Failure, Fault, FileId, Lang, Outcome, Refusal, RefusalKind, SubjectId};
use page::House;
use serde::{Deserialize, Serialize};

/// The room's own message.
pub(crate) const TOPIC: &str = "cases.party-halted";

/// So many cases are looked up at a time.
const STRETCH: i64 = 200;

/// What is told.
#[derive(Debug, Clone, Serialize, Deserialize)]
struct Told {
    subject: SubjectId,
    cause: HaltCause,
    /// The case in which it was recorded.
    number: CaseNumber,
}

/// Tells of a party who has died or ended, in the commit that records it; what the program itself passed on is not told again.
pub(super) fn tell(hold: &Hold, cx: &mut Cx, case: &Case) -> Result<(), Fault> {
    for (event, _) in hold.fresh() {
        let CaseEvent::PartyHalted(Halt { subject, cause, .. }) = event else { continue };
        if cx.actor.account.is_none() || !matches!(cause, HaltCause::Death | HaltCause::Dissolved) {
            continue;
        }
        let told = Told { subject: *subject, cause: *cause, number: case.number.clone() };
        cx.commit.emit(TOPIC, &format!("party:{subject}"), &told)?;
    }
    Ok(())
}

/// Receives it: ends every mandate of the party, and halts their other running cases; a second time does nothing more.
pub(crate) async fn halted(house: &House, message: &Message) -> Result<(), Failure> {
    let told: Told = message.parse()?;
    let cause = if told.cause == HaltCause::Death { Cause::Death } else { Cause::Dissolved };
    mandate::end_all_of(&house.ground, told.subject, cause).await?;
    let mut after = String::new();
    loop {
        let lines = rows::running_with(&house.ground.store, told.subject, &after, STRETCH).await?;
        let Some(last) = lines.last() else { return Ok(()) };
        after = last.id.to_string();
        for line in lines.iter().filter(|line| line.number != told.number.to_string()) {
            match one(house, &line.number, &told).await {
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
    }
}

async fn one(house: &House, number: &str, told: &Told) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, &number_of(number)?, &Scope::program()).await?;
        let text = format!("已在办件{}中登记。", told.number);
        hold.act_now(house, &cx, Command::HaltParty { subject: told.subject, cause: told.cause, text })?;
        hold.finish(house, &mut cx).await?;
        Outcome::Ok(())
    }
    .await)
}

/// What the rules are asked when a halt is settled; who takes the place is somebody whom the register of persons knows.
pub(super) async fn settled(
    cx: &mut Cx,
    (subject, how): (SubjectId, AfterHalt),
    text: String,
    (citizen_id, capacity, proof): (Option<DocumentNumber>, Option<Capacity>, Option<FileId>),
) -> Outcome<Command> {
    let how = match how {
        AfterHalt::GoesOn => HaltOutcome::GoesOn,
        AfterHalt::Ends => HaltOutcome::Ends,
        AfterHalt::TakenOver => {
            let citizen_id = citizen_id.ok_or_else(successor_unnamed)?;
            let person = whose(cx, &citizen_id).await?.ok_or_else(successor_unknown)?;
            let subject = SubjectId::Person(person);
            let profile = identity::profile(cx.store(), subject).await?.ok_or_else(successor_unknown)?;
            if let Some(account) = cx.actor.account {
                own_files(cx.store(), account, proof.as_slice()).await?;
            }
            attach(cx, proof);
            let capacity = capacity.unwrap_or(Capacity::Heir);
            let (name, role, share) = (profile.name, String::new(), None);
            let party =
                Party { subject, name, role, share, capacity, proof, confirmed_at: None, paper: true };
            HaltOutcome::TakenOver { party: Box::new(party) }
        }
    };
    Ok(Command::EndHalt { subject, how, text })
}

fn successor_unnamed() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.successor-unnamed",
        "由他人承受时，请填写其证件号码。",
        "When somebody takes the place, their identity number is needed.",
    )
    .field("citizen_id", "请填写。", "Fill it in.")
}

fn successor_unknown() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "cases.successor-unknown",
        "没有查到该证件号码对应的人员。",
        "Nobody is known under that number.",
    )
    .field("citizen_id", "请对照证件核对。", "Compare it with the card.")
}
