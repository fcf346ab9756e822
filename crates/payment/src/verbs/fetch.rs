//! Statements are fetched day by day; and what no statement names has ended without money.

use super::pay::{hear, heard};
use super::reconcile::{Reconciled, reconcile};
use crate::event::Heard;
use crate::model::*;
use crate::room::Payments;
use crate::rules::{Answer, Said};
use crate::statement::Statement;
use crate::store as rows;
use ::store::command;
use jiff::ToSpan;
use jiff::civil::Date;
use kernel::{ActorRef, Failure, Fault, Lang, Money, Outcome, Refusal, RefusalKind, Timestamp, clock};
use std::collections::BTreeSet;

/// So many days back the first statement is asked for.
const FIRST: i32 = 7;
/// A day that could not be compared is asked for again for so many days.
const AT_MOST: i32 = 366;
/// So many payments are ended in a round.
const AT_ONCE: i64 = 1_000;

/// What a round did.
#[derive(Debug, Default)]
pub struct Fetched {
    /// What came of each statement that was there.
    pub done: Vec<Reconciled>,
    /// The days that went wrong, and why; asked for again with the next round.
    pub failed: Vec<String>,
}

impl Fetched {
    /// The first failure as a fault, for a job.
    pub(crate) fn outcome(&self) -> Result<(), Failure> {
        match self.failed.first() {
            None => Ok(()),
            Some(first) => {
                let why = format!("{} statements failed; the first: {first}", self.failed.len());
                Err(Fault::new(why).transient().into())
            }
        }
    }
}

/// Fetches the statement of every day that is over and not compared yet, from the first that ever was on, and compares it. A day
/// that goes wrong holds up no other.
///
/// # Errors
/// A fault of the store.
pub async fn fetch(p: &Payments) -> Outcome<Fetched> {
    let store = &p.house.ground.store;
    let today = clock::legal_date(p.house.ground.clock.now());
    let back = |days: i32| today.checked_sub(days.days()).unwrap_or(today);
    let compared = days_compared(p, back(AT_MOST)).await?;
    let unknown = rows::trades_unknown(store, 1).await?;
    let unknown = unknown.first().map_or(today, |t| clock::legal_date(t.at));
    let first = compared.first().copied().unwrap_or(back(FIRST)).min(unknown).max(back(AT_MOST));
    let mut fetched = Fetched::default();
    for day in first.series(1.day()).take_while(|d| *d < today).filter(|d| !compared.contains(d)) {
        match one(p, day).await {
            Ok(done) => fetched.done.extend(done),
            Err(Failure::Refused(no)) => fetched.failed.push(format!("{day}: {}", no.say.en)),
            Err(Failure::Fault(fault)) => fetched.failed.push(format!("{day}: {fault}")),
        }
    }
    // Once more without a statement: the round that compared the last day may have broken off.
    close_unnamed(p).await?;
    Ok(fetched)
}

/// The statement of one day, when it is there.
async fn one(p: &Payments, day: Date) -> Outcome<Option<Reconciled>> {
    let silent = |why| Fault::new(format!("the gateway gives no statement: {why}")).transient();
    let Some(text) = p.gateway.statement(day).await.map_err(silent)? else { return Ok(None) };
    let statement = Statement::read(&text)?;
    if statement.day != day {
        return Err(another_day(day, statement.day).into());
    }
    reconcile(p, &statement).await.map(Some)
}

fn another_day(asked: Date, got: Date) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "payment.statement",
        format!("索取的是{asked}的对账单，收到的是{got}的。"),
        format!("The statement of {asked} was asked for, and that of {got} came."),
    )
    .next(
        "整个文件没有入账，请向缴款渠道重新索取。",
        "Nothing of it was taken; ask the gateway for it again.",
    )
}

async fn days_compared(p: &Payments, from: Date) -> Result<BTreeSet<Date>, Fault> {
    let days = rows::statements_from(&p.house.ground.store, &from.to_string()).await?;
    Ok(days.iter().filter_map(|d| d.parse().ok()).collect())
}

/// A payment that was sent or reported as failed, and stands in none of the statements from its day to yesterday, has ended without
/// money; one that stood in any was booked when that was compared. The gateway is asked to close it first, for what it says itself
/// counts more. A payer who set out just now may still be at it.
///
/// # Errors
/// A fault of the store.
pub(super) async fn close_unnamed(p: &Payments) -> Outcome<usize> {
    let ground = &p.house.ground;
    let now = ground.clock.now();
    let (today, store) = (clock::legal_date(now), &ground.store);
    let unknown = rows::trades_unknown(store, AT_ONCE).await?;
    let Some(first) = unknown.first().map(|t| clock::legal_date(t.at)) else { return Ok(0) };
    let compared = days_compared(p, first).await?;
    let mut closed = 0;
    for trade in unknown {
        let day = clock::legal_date(trade.at);
        let over = day.series(1.day()).take_while(|d| *d == day || *d < today).all(|d| compared.contains(&d));
        let left = now.as_second() - trade.at.as_second() > p.terms.close_after_seconds;
        if over && (left || trade.state == TradeState::Failed) {
            closed += usize::from(end(p, trade.bill, trade.id, now).await?);
        }
    }
    Ok(closed)
}

async fn end(p: &Payments, bill: BillId, trade: TradeId, now: Timestamp) -> Outcome<bool> {
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    if let Ok(news) = p.gateway.close(trade).await {
        match heard(p, bill, &news, Heard::Query, None).await {
            Ok(()) | Err(Failure::Refused(_)) => {}
            Err(fault) => return Err(fault),
        }
    }
    let (answer, amount) = (Answer::Closed, Money::ZERO);
    let said = Said { answer, amount, gateway_no: String::new(), at: now, via: Heard::Statement };
    command!(ground, Lang::default(), actor, |cx| hear(&mut cx, p, bill, trade, said.clone()).await)?;
    let known = super::bill(&ground.store, bill).await?;
    Ok(known.trade(trade).is_some_and(|t| t.state == TradeState::Closed))
}
