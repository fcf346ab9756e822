//! Bills follow what is owed: what is owed anew is billed, a bill over another amount is called off for a right one, and what was paid
//! beyond what is owed is asked to be given back.

use super::pay::check;
use super::raise::{NewBill, NewLine, raise_anew, reductions};
use super::{BillNews, Held, load, news};
use crate::model::*;
use crate::room::Payments;
use crate::rules::Command;
use crate::store::{self as rows, BillRow};
use ::store::command;
use kernel::{ActorRef, AgencyCode, Failure, Fault, Lang, Money, Outcome, SubjectId, Text};
use std::collections::BTreeMap;

const CORRECTED: &str = "应缴金额更正，自动申请退付 / the amount was corrected, to be given back";
/// Why what was paid goes back when a case ended without a grant.
pub const ENDED: &str = "办件未获准予，自动申请退付 / nothing was granted, to be given back";
/// Why what was paid for a courier goes back when none carries it, or at another price.
pub const UNSENT: &str =
    "不再按此寄递，自动申请退付 / not sent by this courier's price any more, to be given back";
const REPLACED: &str = "应缴金额更正，另开新单 / the amount was corrected, replaced by another bill";

/// What one payer owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owing {
    /// Who.
    pub payer: SubjectId,
    /// Their name.
    pub payer_name: String,
    /// Everything, paid or not; what comes to nothing stands there with nothing.
    pub lines: Vec<NewLine>,
}

/// What is owed for a matter now: everything, by payer, in the place of what was told before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Demand {
    /// What it is for: `case:<id>`.
    pub about: String,
    /// The matter that belongs to: `matter:<id>`; none stands alone.
    pub matter: Option<String>,
    /// The number people know that by.
    pub number: String,
    /// Its title.
    pub title: Text,
    /// The body that collects.
    pub agency: AgencyCode,
    /// Who owes what.
    pub owing: Vec<Owing>,
}

/// Sees to it that each payer has one open bill over what is still owed, or none; answers how all bills of the matter stand then.
///
/// # Errors
/// `payment.not-listed`; a fault to be tried again, while the gateway does not say what became of a payment.
pub async fn demand(p: &Payments, demand: &Demand) -> Outcome<Vec<BillNews>> {
    let store = &p.house.ground.store;
    let before = rows::bills_about(store, &demand.about).await?;
    let mut owing = demand.owing.clone();
    for row in &before {
        if owing.iter().all(|o| o.payer != row.payer) {
            let (payer, payer_name) = (row.payer, row.payer_name.clone());
            owing.push(Owing { payer, payer_name, lines: Vec::new() });
        }
    }
    for one in &owing {
        follow(p, demand, one).await?;
    }
    standing(p, &demand.about).await
}

/// How every bill of a matter stands.
///
/// # Errors
/// A fault of the store.
pub async fn standing(p: &Payments, about: &str) -> Outcome<Vec<BillNews>> {
    let store = &p.house.ground.store;
    let mut all = Vec::new();
    for row in rows::bills_about(store, about).await? {
        all.push(news(store, row.id).await?);
    }
    Ok(all)
}

/// What the settled bills of a payer stand for, by fee, each with its bill.
struct Paid(Vec<(BillId, Bill)>);

impl Paid {
    async fn of(p: &Payments, bills: &[BillRow]) -> Outcome<Self> {
        let mut all = Vec::new();
        for row in bills.iter().filter(|b| b.state == BillState::Settled) {
            all.push((row.id, load(&p.house.ground.store, row.id).await?.1));
        }
        Ok(Self(all))
    }

    fn covers(&self, fee: &str) -> i64 {
        let orders = self.0.iter().flat_map(|(_, bill)| bill.orders.iter().map(move |o| (bill, o)));
        orders.filter(|(_, o)| o.line.fee == fee).map(|(bill, o)| bill.covers(o).as_fen()).sum()
    }
}

/// Brings the bills of one payer into line.
async fn follow(p: &Payments, demand: &Demand, owing: &Owing) -> Outcome<()> {
    let bills = rows::bills_about(&p.house.ground.store, &demand.about).await?;
    let own: Vec<BillRow> = bills.into_iter().filter(|b| b.payer == owing.payer).collect();
    let paid = Paid::of(p, &own).await?;
    let lines = lacking(owing, &paid);
    let open = own.iter().find(|b| b.state == BillState::Open);
    match open {
        Some(row) => {
            let (_, bill) = load(&p.house.ground.store, row.id).await?;
            if !says(&bill, &lines) {
                replace(p, demand, owing, (row.id, lines)).await?;
            }
        }
        None if !lines.is_empty() => {
            let (ground, actor) = (&p.house.ground, ActorRef::system());
            let new = bill_of(demand, owing, lines);
            command!(ground, Lang::default(), actor, |cx| raise_anew(&mut cx, p, &new, &[]).await)?;
        }
        None => {}
    }
    give_back(p, owing, &paid).await
}

fn bill_of(demand: &Demand, owing: &Owing, lines: Vec<NewLine>) -> NewBill {
    NewBill {
        about: demand.about.clone(),
        matter: demand.matter.clone(),
        number: demand.number.clone(),
        title: demand.title.clone(),
        payer: owing.payer,
        payer_name: owing.payer_name.clone(),
        agency: demand.agency.clone(),
        lines,
    }
}

/// What each fee comes to.
fn sums<'a>(lines: impl Iterator<Item = (&'a str, Money)>) -> BTreeMap<&'a str, i64> {
    let mut sums = BTreeMap::new();
    for (fee, amount) in lines {
        *sums.entry(fee).or_insert(0) += amount.as_fen();
    }
    sums
}

fn wanted(owing: &Owing) -> BTreeMap<&str, i64> {
    sums(owing.lines.iter().map(|l| (l.fee.as_str(), l.amount)))
}

/// What is owed and nothing that was paid stands for.
fn lacking(owing: &Owing, paid: &Paid) -> Vec<NewLine> {
    let lacks = wanted(owing).into_iter().map(|(fee, fen)| (fee, fen - paid.covers(fee)));
    let line = |(fee, fen): (&str, i64)| NewLine { fee: fee.to_owned(), amount: Money::fen(fen) };
    lacks.filter(|(_, fen)| *fen > 0).map(line).collect()
}

/// Whether an open bill is over exactly these lines.
fn says(bill: &Bill, lines: &[NewLine]) -> bool {
    let own = sums(bill.orders.iter().map(|o| (o.line.fee.as_str(), o.line.amount)));
    own == sums(lines.iter().map(|l| (l.fee.as_str(), l.amount)))
}

/// Calls an open bill off and raises the right one in the same commit; what was paid meanwhile is left to the next round, as the
/// message is tried again.
async fn replace(
    p: &Payments,
    demand: &Demand,
    owing: &Owing,
    (id, lines): (BillId, Vec<NewLine>),
) -> Outcome<()> {
    check(p, id, true).await?;
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    let (new, cancel) = (bill_of(demand, owing, lines), Command::Cancel { reason: REPLACED.to_owned() });
    let done: Outcome<()> = command!(ground, Lang::default(), actor, |cx| {
        let old = Held::load(cx.store(), id).await?;
        let before = reductions(&old.bill);
        old.decide(&mut cx, &p.list, &cancel).await?;
        raise_anew(&mut cx, p, &new, &before).await.map(|_| ())
    });
    match done {
        Err(Failure::Refused(no)) if ["payment.underway", "payment.settled"].contains(&&*no.code) => {
            Err(Fault::new("a bill is corrected once it is known what became of its payment")
                .transient()
                .into())
        }
        done => done,
    }
}

/// What was paid beyond what is owed now is asked to be given back; a fee of which nothing is said stays as it is.
async fn give_back(p: &Payments, owing: &Owing, paid: &Paid) -> Outcome<()> {
    for (fee, fen) in wanted(owing) {
        let mut spare = paid.covers(fee) - fen;
        for (id, bill) in paid.0.iter().rev() {
            for order in bill.orders.iter().filter(|o| o.line.fee == fee) {
                let most = bill.refundable(RefundOf::Order(order.line.order)).as_fen();
                let amount = spare.min(most);
                if amount > 0 {
                    ask_back(p, *id, order.line.order, Money::fen(amount), CORRECTED).await?;
                    spare -= amount;
                }
            }
        }
    }
    Ok(())
}

async fn ask_back(p: &Payments, id: BillId, order: OrderId, amount: Money, reason: &str) -> Outcome<()> {
    let (ground, actor) = (&p.house.ground, ActorRef::system());
    command!(ground, Lang::default(), actor, |cx| {
        let (refund, of, reason) = (cx.new_id(), RefundOf::Order(order), reason.to_owned());
        let command = Command::AskRefund { refund, of, amount, reason, by: None };
        p.carry_out(&mut cx, id, &command).await.map(|_| ())
    })
}

/// What was paid for something that came to nothing is asked to be given back, for a reason in both languages; a person in charge decides.
///
/// # Errors
/// A fault of the store.
pub async fn ask_all_back(p: &Payments, about: &str, why: &str) -> Outcome<()> {
    let bills = rows::bills_about(&p.house.ground.store, about).await?;
    for (id, bill) in Paid::of(p, &bills).await?.0 {
        for order in &bill.orders {
            let left = bill.refundable(RefundOf::Order(order.line.order));
            if left > Money::ZERO {
                ask_back(p, id, order.line.order, left, why).await?;
            }
        }
    }
    Ok(())
}
