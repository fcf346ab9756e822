//! Receipts: numbered densely by the commit that gives them, one for each account and bill.

use crate::code;
use crate::event::{BillEvent, Receipts};
use crate::list::FeeList;
use crate::model::*;
use crate::store::{self as rows, ReceiptRow};
use ::store::{Cx, serial};
use kernel::{Outcome, clock};
use std::collections::{BTreeMap, BTreeSet};

/// Takes the numbers of the receipts that events give, `happened` to each of `bills` as it was before; each series dense: its numbers are
/// taken by the commit that uses them, all of one series at once.
pub(super) async fn number(
    cx: &mut Cx,
    list: &FeeList,
    bills: &[&Bill],
    happened: &mut [Vec<BillEvent>],
) -> Outcome<()> {
    let year = clock::legal_date(cx.now).year();
    let series = |account: &str| list.account(account).map_or("0000", |a| a.series.as_str());
    let mut wanted: BTreeMap<&str, i64> = BTreeMap::new();
    for (bill, events) in bills.iter().zip(happened.iter()) {
        for account in events.iter().flat_map(|event| accounts(bill, event)) {
            *wanted.entry(series(account)).or_default() += 1;
        }
    }
    let mut next = BTreeMap::new();
    for (series, count) in wanted {
        let first = serial::strict_many_in(cx, &format!("payment.receipt.{series}.{year}"), count).await?;
        next.insert(series, first);
    }
    for (bill, events) in bills.iter().zip(happened) {
        for event in events {
            let mut given = Receipts::new();
            for account in accounts(bill, event) {
                let series = series(account);
                let Some(number) = next.get_mut(series) else { continue };
                given.insert(account.to_owned(), code::receipt_number(series, year, *number));
                *number += 1;
            }
            give(event, given);
        }
    }
    Ok(())
}

/// The accounts that give a receipt for an event, the bill as it was before it.
fn accounts<'a>(bill: &'a Bill, event: &BillEvent) -> BTreeSet<&'a str> {
    let of = |order: &'a Order| order.line.account.as_str();
    match event {
        BillEvent::PaymentPaid { trade, .. } => {
            let parts = bill.trade(*trade).map(|t| t.parts.as_slice()).unwrap_or_default();
            let paid = bill.orders.iter().filter(|o| parts.iter().any(|(id, _)| *id == o.line.order));
            paid.map(of).collect()
        }
        BillEvent::CounterPaid { .. } => bill.orders.iter().filter(|o| o.unpaid()).map(of).collect(),
        BillEvent::RefundDone { refund, .. } => {
            let order = bill.refund(*refund).and_then(|r| match r.of {
                RefundOf::Order(order) => bill.order(order),
                RefundOf::Excess(_) => None,
            });
            order.map(of).into_iter().collect()
        }
        _ => BTreeSet::new(),
    }
}

fn give(event: &mut BillEvent, given: Receipts) {
    match event {
        BillEvent::PaymentPaid { receipts, .. } | BillEvent::CounterPaid { receipts, .. } => {
            *receipts = given
        }
        BillEvent::RefundDone { receipt, .. } => *receipt = given.into_values().next(),
        _ => {}
    }
}

/// The receipts of an event as rows.
pub(super) fn put(cx: &mut Cx, id: BillId, bill: &Bill, event: &BillEvent) {
    let now = cx.now;
    let given = match event {
        BillEvent::PaymentPaid { receipts, .. } | BillEvent::CounterPaid { receipts, .. } => receipts,
        BillEvent::RefundDone { refund, receipt: Some(number), at, .. } => {
            let Some((refund, order)) = bill.refund(*refund).and_then(|r| match r.of {
                RefundOf::Order(order) => bill.order(order).map(|o| (r, o)),
                RefundOf::Excess(_) => None,
            }) else {
                return;
            };
            let row = ReceiptRow {
                number: number.clone(),
                bill: id,
                kind: order.line.kind.receipt(),
                account: order.line.account.clone(),
                amount: -refund.amount.as_fen(),
                means: refund.means,
                at: *at,
                red_of: order.paid.as_ref().map(|p| p.receipt.clone()),
            };
            rows::insert_receipt(&mut cx.commit, &row);
            return;
        }
        _ => return,
    };
    for (account, number) in given {
        let under = |o: &&Order| o.paid.as_ref().is_some_and(|p| p.receipt == *number);
        let orders: Vec<&Order> = bill.orders.iter().filter(under).collect();
        let Some(first) = orders.first() else { continue };
        let row = ReceiptRow {
            number: number.clone(),
            bill: id,
            kind: first.line.kind.receipt(),
            account: account.clone(),
            amount: orders.iter().map(|o| o.owed().as_fen()).sum(),
            means: first.paid.as_ref().map_or(Means::Gateway, |p| p.means),
            // When it was paid, which may be long before it was heard.
            at: first.paid.as_ref().map_or(now, |p| p.at),
            red_of: None,
        };
        rows::insert_receipt(&mut cx.commit, &row);
    }
}
