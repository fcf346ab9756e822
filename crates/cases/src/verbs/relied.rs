//! Certificates on which running cases rely: their cases are told when one falls, and a grant looks at each once more.

use super::hold::Hold;
use super::number_of;
use crate::event::CaseEvent;
use crate::rules::{Command, relied_fell_at_once};
use crate::scope::Scope;
use crate::store as rows;
use ::store::Cx;
use ::store::outbox::Message;
use certificates::{Certificate, Changed, State};
use kernel::{ActorRef, Failure, Lang, Outcome};
use page::House;

/// The message of `certificates`.
pub(crate) const TOPIC: &str = "certificates.changed";

/// So many cases are looked up at a time.
const STRETCH: i64 = 200;

/// Whether it proves what it proved: another one in its place proves the same, and what ran out was in force when it was handed in.
fn stands(certificate: &Certificate, now: kernel::Timestamp) -> bool {
    matches!(certificate.state(now), State::Valid | State::Replaced { .. } | State::Expired { .. })
}

/// Receives it: every running case that relies on the certificate knows its state; a second time does nothing more.
pub(crate) async fn changed(house: &House, message: &Message) -> Result<(), Failure> {
    let told: Changed = message.parse()?;
    let store = &house.ground.store;
    let Some(certificate) = certificates::get(store, told.id).await? else { return Ok(()) };
    let mut after = String::new();
    loop {
        let cases = rows::relying_on(store, told.id, &after, STRETCH).await?;
        let Some((last, _)) = cases.last() else { return Ok(()) };
        after.clone_from(last);
        for (_, number) in &cases {
            match one(house, number, &certificate).await {
                Ok(()) | Err(Failure::Refused(_)) => {}
                Err(fault) => return Err(fault),
            }
        }
    }
}

async fn one(house: &House, number: &str, certificate: &Certificate) -> Outcome<()> {
    store::command!(house.ground, Lang::default(), ActorRef::system(), |cx| async {
        let store = cx.store().clone();
        let mut hold = Hold::load(&store, &number_of(number)?, &Scope::program()).await?;
        let state = certificate.state(cx.now).word().to_owned();
        let (name, stands) = (certificate.name.clone(), stands(certificate, cx.now));
        let command = Command::ReliedChanged { certificate: certificate.id, name, state, stands };
        hold.act_now(house, &cx, command)?;
        hold.finish(house, &mut cx).await?;
        Outcome::Ok(())
    }
    .await)
}

/// A grant is made on certificates as they are when the commit happens. One that fell and of which the case has not heard yet refuses
/// it: whoever decides shall know.
///
/// # Errors
/// `cases.relied-fell`.
pub(super) async fn at_decision(hold: &Hold, cx: &mut Cx) -> Outcome<()> {
    let Some(case) = &hold.case else { return Ok(()) };
    let grants = |e: &CaseEvent| matches!(e, CaseEvent::Decided { decision, .. } if decision.approved());
    if !hold.fresh().iter().any(|(event, _)| grants(event)) {
        return Ok(());
    }
    for id in case.relying() {
        let Some(certificate) = certificates::get(cx.store(), id).await? else { continue };
        let heard = case.relied.iter().any(|r| r.certificate == id && !r.stands);
        if !stands(&certificate, cx.now) && !heard {
            return Err(relied_fell_at_once(&certificate.name).into());
        }
        certificates::guard(&mut cx.commit, &certificate);
    }
    Ok(())
}
