//! What a bill was for has ended: nothing more is to be paid for it.

use super::pay::check;
use crate::model::BillState;
use crate::room::Payments;
use crate::rules::Command;
use crate::store as rows;
use ::store::command;
use kernel::{ActorRef, Failure, Fault, Lang, Outcome};

/// Calls off the unpaid bills of what has ended (`case:<id>`). A payment under way is closed at the gateway first; what turns out paid
/// stays paid, and is given back on approval.
///
/// # Errors
/// A fault to be tried again, while the gateway does not say what became of a payment.
pub async fn call_off(p: &Payments, about: &str, reason: &str) -> Outcome<()> {
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    for bill in rows::bills_about(&ground.store, about).await? {
        if bill.state != BillState::Open {
            continue;
        }
        check(p, bill.id, true).await?;
        let cancel = Command::Cancel { reason: reason.to_owned() };
        match command!(ground, Lang::default(), actor, |cx| p.carry_out(&mut cx, bill.id, &cancel).await) {
            Err(Failure::Refused(no)) if no.code == "payment.underway" => {
                let why = "a bill cannot be called off while the outcome of its payment is not known";
                return Err(Fault::new(why).transient().into());
            }
            // Paid, or called off, meanwhile.
            Err(Failure::Refused(no)) if no.code == "payment.settled" || no.code == "payment.cancelled" => {}
            Ok(_) => {}
            Err(failure) => return Err(failure),
        }
    }
    Ok(())
}
