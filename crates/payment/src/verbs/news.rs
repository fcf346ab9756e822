//! How a bill stands, for whoever it was raised for.

use super::load;
use crate::model::*;
use crate::rules;
use crate::store::{self as rows, BillRow, ReceiptRow};
use ::store::{Cx, Store};
use identity::Applicant;
use kernel::{Fault, Money, Outcome, Refusal, RefusalKind, SubjectId};
use serde::{Deserialize, Serialize};

/// A bill is settled: told in the commit by which it was (`payment.settled`).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Settled {
    /// The bill.
    pub bill: BillId,
    /// The number it was paid by.
    pub code: String,
    /// What it was for: `case:<id>`.
    pub about: String,
    /// The number people know that by.
    pub number: String,
    /// What was paid, in fen; nothing where all of it was exempt.
    pub paid: i64,
}

/// How a bill stands at one of its versions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BillNews {
    /// The bill.
    pub bill: BillId,
    /// The number to pay by.
    pub code: String,
    /// What it is for: `case:<id>`.
    pub about: String,
    /// The number people know that by.
    pub number: String,
    /// Who pays.
    pub payer: SubjectId,
    /// Its version: how many things have happened to it.
    pub rev: i64,
    /// For how much of what is owed it stands, with what was reduced; nothing once it is called off.
    pub covers: Money,
    /// What is still to be paid.
    pub owed: Money,
    /// Where it stands.
    pub state: BillState,
    /// Whether its term has passed unpaid.
    pub overdue: bool,
}

/// How a bill stands now.
///
/// # Errors
/// Not found.
pub async fn news(store: &Store, id: BillId) -> Outcome<BillNews> {
    let (head, bill) = load(store, id).await?;
    let covers = match bill.state() {
        BillState::Cancelled => Money::ZERO,
        _ => Money::fen(bill.orders.iter().map(|o| bill.covers(o).as_fen()).sum()),
    };
    Ok(BillNews {
        bill: id,
        code: bill.raised.code.to_string(),
        about: bill.raised.about.clone(),
        number: bill.raised.number.clone(),
        payer: bill.raised.payer,
        rev: head.seq,
        covers,
        owed: if bill.cancelled { Money::ZERO } else { bill.owed() },
        state: bill.state(),
        overdue: bill.overdue,
    })
}

/// A bill of somebody's own with its receipts.
#[derive(Debug, Clone)]
pub struct OwnBill {
    /// How it stands in lists.
    pub row: BillRow,
    /// Its receipts, the oldest first.
    pub receipts: Vec<ReceiptRow>,
}

/// One's own bills, the newest first, before this place (a moment in microseconds and an id).
///
/// # Errors
/// A fault of the store.
pub async fn own_bills(
    store: &Store,
    who: &Applicant,
    before: (i64, String),
    limit: i64,
) -> Outcome<Vec<OwnBill>> {
    let mut all = Vec::new();
    for row in rows::bills_of(store, who.subject(), before, limit).await? {
        let receipts = rows::receipts_of(store, row.id).await?;
        all.push(OwnBill { row, receipts });
    }
    Ok(all)
}

/// One bill of somebody's own.
///
/// # Errors
/// Not found for somebody else's.
pub async fn own_bill(store: &Store, who: &Applicant, id: BillId) -> Outcome<OwnBill> {
    let row = rows::bill_of(store, id, who.subject()).await?.ok_or_else(rules::no_bill)?;
    Ok(OwnBill { receipts: rows::receipts_of(store, row.id).await?, row })
}

/// One's own open bills of the matter of one of them, the oldest first: what one act pays. None once all are settled.
///
/// # Errors
/// Not found for somebody else's.
pub async fn own_matter(store: &Store, who: &Applicant, id: BillId) -> Outcome<Vec<OwnBill>> {
    let row = rows::bill_of(store, id, who.subject()).await?.ok_or_else(rules::no_bill)?;
    let mut all = Vec::new();
    for row in rows::bills_open(store, &row.matter, row.payer).await? {
        let receipts = rows::receipts_of(store, row.id).await?;
        all.push(OwnBill { row, receipts });
    }
    Ok(all)
}

/// Whether a bill of a matter is open for this payer.
///
/// # Errors
/// A [`Fault`] when the store fails.
pub async fn anything_open(store: &Store, matter: &str, payer: SubjectId) -> Result<bool, Fault> {
    Ok(!rows::bills_open(store, matter, payer).await?.is_empty())
}

/// Where a list of bills goes on: a moment in microseconds and an id, with a dot between; its beginning where nothing is said.
///
/// # Errors
/// `payment.bad-cursor`.
pub fn place(cursor: Option<&str>) -> Result<(i64, String), Refusal> {
    let Some(cursor) = cursor.filter(|c| !c.is_empty()) else { return Ok((i64::MAX, String::new())) };
    let parsed = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parsed.ok_or_else(|| {
        let (zh, en) = ("翻页位置不对。", "That is no place in this list.");
        Refusal::new(RefusalKind::Invalid, "payment.bad-cursor", zh, en)
            .next("请从第一页重新开始。", "Start again from the first page.")
    })
}

/// Tells that nothing of a bill is to be paid any more, where that is so.
pub(super) fn settled_now(cx: &mut Cx, id: BillId, bill: &Bill) -> Result<(), Fault> {
    if bill.state() != BillState::Settled {
        return Ok(());
    }
    let (about, number) = (bill.raised.about.clone(), bill.raised.number.clone());
    let code = bill.raised.code.to_string();
    let told = Settled { bill: id, code, about, number, paid: bill.kept().as_fen() };
    cx.commit.emit("payment.settled", &format!("bill:{id}"), &told)?;
    Ok(())
}
