//! What the program does by itself: asks after payments of which nothing was heard, sends refunds, writes down terms that passed.

use super::pay::heard;
use crate::event::Heard;
use crate::gateway::{NewRefund, News};
use crate::model::*;
use crate::room::Payments;
use crate::rules::Command;
use crate::store as rows;
use ::store::command;
use kernel::{ActorRef, Failure, Fault, Lang, clock};

/// So many are looked up at a time.
const AT_ONCE: i64 = 100;

/// What a round did.
#[derive(Debug, Clone, Default)]
pub struct Swept {
    /// How many were dealt with.
    pub done: usize,
    /// What went wrong; tried again with the next round, and stops no other.
    pub failed: Vec<String>,
}

impl Swept {
    fn take(&mut self, result: Result<(), Failure>, what: &str) {
        match result {
            Ok(()) => self.done += 1,
            // Heard meanwhile another way, or noted as a difference.
            Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => self.failed.push(format!("{what}: {fault}")),
        }
    }

    /// The first failure as a fault, for a job.
    pub(crate) fn outcome(self) -> Result<(), Failure> {
        match self.failed.first() {
            None => Ok(()),
            Some(first) => Err(Fault::new(format!("{} failed; the first: {first}", self.failed.len()))
                .transient()
                .into()),
        }
    }
}

/// Asks the gateway after payments whose outcome is not known, and sends approved refunds.
///
/// # Errors
/// A [`Fault`] when the rows cannot be read.
pub async fn poll(p: &Payments) -> Result<Swept, Fault> {
    let (store, now) = (&p.house.ground.store, p.house.ground.clock.now());
    let mut swept = Swept::default();
    for (trade, bill, asked) in rows::trades_to_ask(store, now, AT_ONCE).await? {
        let result = ask_after(p, bill, trade, asked).await;
        swept.take(result, &format!("payment {trade}"));
    }
    for (refund, bill, asked) in rows::refunds_to_ask(store, now, AT_ONCE).await? {
        let result = send_back(p, bill, refund, asked).await;
        swept.take(result, &format!("refund {refund}"));
    }
    Ok(swept)
}

async fn ask_after(p: &Payments, id: BillId, trade: TradeId, asked: i64) -> Result<(), Failure> {
    let ground = &p.house.ground;
    let bill = super::bill(&ground.store, id).await?;
    let Some(known) = bill.trade(trade) else { return Ok(()) };
    let age = ground.clock.now().as_second() - known.at.as_second();
    // What failed, or nobody finished, is closed there, so that it cannot be paid behind our back.
    let close = known.state == TradeState::Failed || age > p.terms.close_after_seconds;
    let told = if close { p.gateway.close(trade).await } else { p.gateway.query(trade).await };
    noted(p, id, told, |commit, now| rows::asked_trade(commit, trade, asked + 1, now)).await
}

async fn send_back(p: &Payments, id: BillId, refund: RefundId, asked: i64) -> Result<(), Failure> {
    let bill = super::bill(&p.house.ground.store, id).await?;
    let Some(known) = bill.refund(refund) else { return Ok(()) };
    let Some(trade) = known.trade else { return Ok(()) };
    let order = match known.of {
        RefundOf::Order(order) => Some(order),
        RefundOf::Excess(_) => None,
    };
    let told = match known.state {
        RefundState::Approved => {
            p.gateway.refund(&NewRefund { refund, trade, order, amount: known.amount }).await
        }
        _ => p.gateway.query_refund(refund).await,
    };
    noted(p, id, told, |commit, now| rows::asked_refund(commit, refund, asked + 1, now)).await
}

/// Notes that it was asked, and takes in what was heard.
async fn noted(
    p: &Payments,
    id: BillId,
    told: Result<News, String>,
    note: impl Fn(&mut ::store::Commit, kernel::Timestamp),
) -> Result<(), Failure> {
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    command!(ground, Lang::default(), actor, |cx| {
        let now = cx.now;
        note(&mut cx.commit, now);
        Ok::<(), Failure>(())
    })?;
    match told {
        Ok(news) => heard(p, id, &news, Heard::Query, None).await,
        Err(why) => Err(Fault::new(format!("the gateway does not answer: {why}")).transient().into()),
    }
}

/// Writes down which bills are overdue, and forgets nonces whose time is over.
///
/// # Errors
/// A [`Fault`] when the rows cannot be read.
pub async fn sweep(p: &Payments) -> Result<Swept, Fault> {
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    let mut swept = Swept::default();
    let now = ground.clock.now();
    for id in rows::bills_due(&ground.store, now, AT_ONCE).await? {
        let done =
            command!(ground, Lang::default(), actor, |cx| p.carry_out(&mut cx, id, &Command::Sweep).await);
        swept.take(done.map(|_| ()), &format!("bill {id}"));
    }
    let before = clock::from_micros(now.as_microsecond() - 4 * crate::sign::SKEW_SECONDS * 1_000_000);
    let forgotten: Result<(), Failure> = command!(ground, Lang::default(), actor, |cx| {
        rows::forget_nonces(&mut cx.commit, before);
        Ok::<(), Failure>(())
    });
    swept.take(forgotten, "nonces");
    Ok(swept)
}
