//! All SQL of the room: bills and receipts here; trades, refunds and books, and what is compared with statements, beside.

mod books;
mod compare;
mod money;

pub(crate) use books::post;
pub use books::{balance, balances};
pub(crate) use compare::*;
pub(crate) use money::*;

use crate::code::PayCode;
use crate::model::*;
use crate::rules::no_bill;
use ::store::{Commit, Store, Value, params, row};
use kernel::{AgencyCode, Fault, Money, Outcome, SubjectId, Timestamp};

row! {
    /// A bill as it stands in lists.
    pub struct BillRow {
        /// Its id.
        pub id: BillId,
        /// The number to pay by.
        pub code: PayCode,
        /// What it is for.
        pub about: String,
        /// The matter that belongs to: bills of one matter and payer are paid by one act.
        pub matter: String,
        /// The number people know that by.
        pub number: String,
        /// Its title in Chinese.
        pub title_zh: String,
        /// Its title in English.
        pub title_en: String,
        /// Who pays.
        pub payer: SubjectId,
        /// Their name.
        pub payer_name: String,
        /// Who collects.
        pub agency: String,
        /// Where it stands.
        pub state: BillState,
        /// The whole, in fen.
        pub total: i64,
        /// What is open, in fen.
        pub owed: i64,
        /// When it was raised.
        pub at: Timestamp,
        /// The last moment in time.
        pub due_at: Timestamp,
        /// Whether that passed unpaid.
        pub overdue: bool,
    }
}

row! {
    /// A receipt.
    pub struct ReceiptRow {
        /// Its number.
        pub number: String,
        /// Of which bill.
        pub bill: BillId,
        /// Its kind.
        pub kind: ReceiptKind,
        /// Whose account got it.
        pub account: String,
        /// How much; negative for a red one.
        pub amount: i64,
        /// How it was paid.
        pub means: Means,
        /// When.
        pub at: Timestamp,
        /// The receipt that it takes back, in part or whole.
        pub red_of: Option<String>,
    }
}

const BILL: &str = "SELECT id, code, about, matter, number, title_zh, title_en, payer, payer_name, agency, state, total, owed, at, due_at, \
    overdue FROM payment_bill";
const RECEIPT: &str =
    "SELECT r.number, r.bill, r.kind, r.account, r.amount, r.means, r.at, r.red_of FROM payment_receipt r";

/// Which bills a member of staff reaches; part of every query.
#[derive(Debug, Clone)]
pub(crate) enum Reach {
    /// In divisions that begin so.
    Division(String),
    /// Of this agency and its parts.
    Agency(AgencyCode),
}

/// The part of the condition that keeps rows within a reach; its values are added to `params`.
pub(crate) fn within(reach: &Reach, params: &mut Vec<Value>) -> String {
    let mut put = |text: String| {
        params.push(Value::Text(text));
        format!("${}", params.len())
    };
    match reach {
        Reach::Division(prefix) => format!("(division LIKE {} OR division = '')", put(format!("{prefix}%"))),
        // Agency codes hold neither `%` nor `_`, so the part pattern is exact.
        Reach::Agency(agency) => {
            let (own, parts) = (put(agency.to_string()), put(format!("{agency}.%")));
            format!("(agency = {own} OR agency LIKE {parts})")
        }
    }
}

pub(crate) fn insert_bill(commit: &mut Commit, id: BillId, bill: &Bill) {
    let r = &bill.raised;
    let total = Money::sum(r.lines.iter().map(|l| l.amount)).unwrap_or_default();
    commit.exec(
        "INSERT INTO payment_bill (id, code, about, number, title_zh, title_en, payer, payer_name, agency, division, state, total,
             owed, at, due_at, next_at, overdue, matter)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $15, 0, $16)",
        params![
            id, r.code, r.about, r.number, r.title.zh, r.title.en, r.payer, r.payer_name, r.agency.as_str(),
            r.division, bill.state(), total.as_fen(), bill.owed().as_fen(), bill.at, r.due.at,
            r.matter()
        ],
    );
}

/// The bill's row as its events have it now.
pub(crate) fn update_bill(commit: &mut Commit, id: BillId, bill: &Bill) {
    let awaited = bill.state() == BillState::Open && !bill.overdue;
    let next = awaited.then_some(bill.raised.due.at);
    commit.exec(
        "UPDATE payment_bill SET state = $2, owed = $3, next_at = $4, overdue = $5 WHERE id = $1",
        params![id, bill.state(), bill.owed().as_fen(), next, bill.overdue],
    );
}

/// The reductions of a bill that wait for a second person, as its events have them now.
pub(crate) fn put_asked(commit: &mut Commit, id: BillId, bill: &Bill, now: Timestamp) {
    commit.exec_any("DELETE FROM payment_asked WHERE bill = $1", params![id]);
    for (line, granted) in &bill.asked {
        commit.exec(
            "INSERT INTO payment_asked (bill, line, reduction, agency, division, at) VALUES ($1, $2, $3, $4, $5, $6)",
            params![id, line, granted.reduction, bill.raised.agency.as_str(), bill.raised.division, now],
        );
    }
}

/// The bills with a reduction that waits for a second person, the oldest first.
pub(crate) async fn bills_asked(store: &Store, reach: &Reach, limit: i64) -> Result<Vec<BillRow>, Fault> {
    let mut params = params![limit];
    let within = within(reach, &mut params);
    let asked = format!("SELECT bill FROM payment_asked WHERE {within} ORDER BY at, bill LIMIT $1");
    store.rows(&format!("{BILL} WHERE id IN ({asked}) ORDER BY at, id"), params).await
}

pub(crate) fn insert_receipt(commit: &mut Commit, r: &ReceiptRow) {
    commit.exec(
        "INSERT INTO payment_receipt (number, bill, kind, account, amount, means, at, red_of)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![r.number, r.bill, r.kind, r.account, r.amount, r.means, r.at, r.red_of],
    );
}

pub(crate) async fn bill_of(store: &Store, id: BillId, payer: SubjectId) -> Result<Option<BillRow>, Fault> {
    store.row(&format!("{BILL} WHERE id = $1 AND payer = $2"), params![id, payer]).await
}

pub(crate) async fn bill_within(store: &Store, id: BillId, reach: &Reach) -> Result<Option<BillRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{BILL} WHERE id = $1 AND {within}"), params).await
}

pub(crate) async fn bill_by_code(
    store: &Store,
    code: &PayCode,
    reach: &Reach,
) -> Result<Option<BillRow>, Fault> {
    let mut params = params![code];
    let within = within(reach, &mut params);
    store.row(&format!("{BILL} WHERE code = $1 AND {within}"), params).await
}

/// The bills of the matters in which something is known by this number (a case, a parcel), within a reach: what is open first.
pub(crate) async fn bills_by_number(
    store: &Store,
    number: &str,
    reach: &Reach,
    limit: i64,
) -> Result<Vec<BillRow>, Fault> {
    let mut params = params![number, limit];
    let within = within(reach, &mut params);
    let sql = format!(
        "{BILL} WHERE matter IN (SELECT o.matter FROM payment_bill o WHERE o.number = $1) AND {within}
         ORDER BY CASE WHEN state = 'open' THEN 0 ELSE 1 END, at, id LIMIT $2"
    );
    store.rows(&sql, params).await
}

/// Every bill of a matter, by payer, the oldest first; those of older programs stood apart when they were due with the grant.
pub(crate) async fn bills_about(store: &Store, about: &str) -> Result<Vec<BillRow>, Fault> {
    let sql = format!("{BILL} WHERE about IN ($1, $2) ORDER BY payer, at, id");
    store.rows(&sql, params![about, format!("{about}/grant")]).await
}

/// The open bills of a matter and payer, the oldest first: what one act pays.
pub(crate) async fn bills_open(store: &Store, matter: &str, payer: SubjectId) -> Result<Vec<BillRow>, Fault> {
    let sql = format!("{BILL} WHERE matter = $1 AND payer = $2 AND state = 'open' ORDER BY at, id");
    store.rows(&sql, params![matter, payer]).await
}

/// The open bills within a reach of the matter and payer of one of them.
pub(crate) async fn bills_open_within(store: &Store, id: BillId, reach: &Reach) -> Outcome<Vec<BillRow>> {
    let row = bill_within(store, id, reach).await?.ok_or_else(no_bill)?;
    let mut params = params![row.matter, row.payer];
    let within = within(reach, &mut params);
    let sql =
        format!("{BILL} WHERE matter = $1 AND payer = $2 AND state = 'open' AND {within} ORDER BY at, id");
    Ok(store.rows(&sql, params).await?)
}

/// The bills within a reach, open or not, of the matter and payer of one of them, the oldest first.
pub(crate) async fn bills_of_matter_within(
    store: &Store,
    row: &BillRow,
    reach: &Reach,
) -> Result<Vec<BillRow>, Fault> {
    let mut params = params![row.matter, row.payer];
    let within = within(reach, &mut params);
    let sql = format!("{BILL} WHERE matter = $1 AND payer = $2 AND {within} ORDER BY at, id");
    store.rows(&sql, params).await
}

/// How many bills of each matter are open for a payer, and what they come to together.
pub(crate) async fn matters_open(store: &Store, payer: SubjectId) -> Result<Vec<(String, i64, i64)>, Fault> {
    let sql = "SELECT matter, COUNT(*), CAST(SUM(owed) AS BIGINT) FROM payment_bill WHERE payer = $1 AND state = 'open' GROUP BY matter";
    store.rows(sql, params![payer]).await
}

/// The bills of a payer, the newest first, before `before`.
pub(crate) async fn bills_of(
    store: &Store,
    payer: SubjectId,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<BillRow>, Fault> {
    let sql = format!("{BILL} WHERE payer = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
    store.rows(&sql, params![payer, before.0, before.1, limit]).await
}

/// Bills whose term has passed and of which that is not written down.
pub(crate) async fn bills_due(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<BillId>, Fault> {
    let rows: Vec<(BillId,)> = store
        .rows(
            "SELECT id FROM payment_bill WHERE next_at IS NOT NULL AND next_at < $1 ORDER BY next_at, id LIMIT $2",
            params![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub(crate) async fn receipts_of(store: &Store, bill: BillId) -> Result<Vec<ReceiptRow>, Fault> {
    store.rows(&format!("{RECEIPT} WHERE r.bill = $1 ORDER BY r.at, r.number"), params![bill]).await
}

pub(crate) async fn receipt(store: &Store, number: &str) -> Result<Option<ReceiptRow>, Fault> {
    store.row(&format!("{RECEIPT} WHERE r.number = $1"), params![number]).await
}
