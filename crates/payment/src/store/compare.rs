//! Rows that are compared with statements, and what differed.

use super::{Reach, within};
use crate::model::*;
use crate::statement::{Difference, DifferenceKind, OurPart, OurRefund};
use ::store::{Commit, Store, params, row};
use kernel::{AccountId, Fault, Money, Timestamp};

kernel::typed_id! {
    /// A difference between a statement and our books.
    DifferenceId;
}
::store::text_column!(DifferenceId);

type PartRow = (String, String, String, i64, Option<Timestamp>);
type BackRow = (String, String, i64, Option<Timestamp>);

fn part((trade, line, account, amount, paid_at): PartRow) -> OurPart {
    OurPart { trade, line, account, amount: Money::fen(amount), paid_at }
}

fn back((refund, trade, amount, done_at): BackRow) -> OurRefund {
    OurRefund { refund, trade, amount: Money::fen(amount), done_at }
}

const PART: &str = "SELECT trade, line, account, amount, paid_at FROM payment_order";
const BACK: &str = "SELECT id, COALESCE(trade, ''), amount, done_at FROM payment_refund";

/// The parts that were paid from `from` on and before `until`. Accounts are codes of the list.
pub(crate) async fn parts_paid(
    store: &Store,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<OurPart>, Fault> {
    let sql = format!("{PART} WHERE paid_at >= $1 AND paid_at < $2");
    let rows: Vec<PartRow> = store.rows(&sql, params![from, until]).await?;
    Ok(rows.into_iter().map(part).collect())
}

/// The parts of one payment.
pub(crate) async fn parts_of(store: &Store, trade: &str) -> Result<Vec<OurPart>, Fault> {
    let rows: Vec<PartRow> = store.rows(&format!("{PART} WHERE trade = $1"), params![trade]).await?;
    Ok(rows.into_iter().map(part).collect())
}

/// The refunds through the gateway that were done from `from` on and before `until`.
pub(crate) async fn refunds_done(
    store: &Store,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<OurRefund>, Fault> {
    let sql = format!("{BACK} WHERE done_at >= $1 AND done_at < $2 AND means = 'gateway'");
    let rows: Vec<BackRow> = store.rows(&sql, params![from, until]).await?;
    Ok(rows.into_iter().map(back).collect())
}

pub(crate) async fn refund_ours(store: &Store, id: &str) -> Result<Option<OurRefund>, Fault> {
    let row: Option<BackRow> = store.row(&format!("{BACK} WHERE id = $1"), params![id]).await?;
    Ok(row.map(back))
}

row! {
    /// A payment whose outcome is not known.
    pub(crate) struct UnknownRow {
        pub(crate) id: TradeId,
        pub(crate) bill: BillId,
        pub(crate) state: TradeState,
        pub(crate) at: Timestamp,
    }
}

/// Payments that were sent or reported as failed, the oldest first.
pub(crate) async fn trades_unknown(store: &Store, limit: i64) -> Result<Vec<UnknownRow>, Fault> {
    store
        .rows(
            "SELECT id, bill, state, at FROM payment_trade WHERE state = 'sent' OR state = 'failed' ORDER BY at, id LIMIT $1",
            params![limit],
        )
        .await
}

/// The days from `day` on whose statements were compared.
pub(crate) async fn statements_from(store: &Store, day: &str) -> Result<Vec<String>, Fault> {
    let rows: Vec<(String,)> =
        store.rows("SELECT day FROM payment_statement WHERE day >= $1 ORDER BY day", params![day]).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Marks a part as found in a statement; none when it was before.
pub(crate) fn clear_part(commit: &mut Commit, trade: &str, line: &str, day: &str) {
    commit.exec(
        "UPDATE payment_order SET cleared = $3 WHERE trade = $1 AND line = $2 AND cleared IS NULL",
        params![trade, line, day],
    );
}

/// Marks a refund as found in a statement.
pub(crate) fn clear_refund(commit: &mut Commit, refund: &str, day: &str) {
    commit.exec(
        "UPDATE payment_refund SET cleared = $2 WHERE id = $1 AND cleared IS NULL",
        params![refund, day],
    );
}

/// The statement in which a part or refund was found before.
pub(crate) async fn part_cleared(store: &Store, trade: &str, line: &str) -> Result<bool, Fault> {
    let row: Option<(Option<String>,)> = store
        .row("SELECT cleared FROM payment_order WHERE trade = $1 AND line = $2", params![trade, line])
        .await?;
    Ok(row.is_none_or(|r| r.0.is_some()))
}

pub(crate) async fn refund_cleared(store: &Store, refund: &str) -> Result<bool, Fault> {
    let row: Option<(Option<String>,)> =
        store.row("SELECT cleared FROM payment_refund WHERE id = $1", params![refund]).await?;
    Ok(row.is_none_or(|r| r.0.is_some()))
}

pub(crate) async fn statement_known(store: &Store, day: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT lines FROM payment_statement WHERE day = $1", params![day]).await?;
    Ok(row.is_some())
}

pub(crate) fn put_statement(
    commit: &mut Commit,
    day: &str,
    lines: usize,
    differences: usize,
    now: Timestamp,
) {
    let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    commit.exec(
        "INSERT INTO payment_statement (day, lines, differences, at) VALUES ($1, $2, $3, $4)
         ON CONFLICT (day) DO UPDATE SET lines = excluded.lines, differences = excluded.differences, at = excluded.at",
        params![day, count(lines), count(differences), now],
    );
}

row! {
    /// A difference in a list.
    pub(crate) struct DifferenceRow {
        pub(crate) id: DifferenceId,
        pub(crate) day: String,
        pub(crate) kind: DifferenceKind,
        pub(crate) trade: String,
        pub(crate) refund: String,
        pub(crate) gateway_no: String,
        pub(crate) ours: Option<i64>,
        pub(crate) theirs: Option<i64>,
        pub(crate) state: String,
        pub(crate) note: Option<String>,
    }
}

const DIFFERENCE: &str =
    "SELECT id, day, kind, trade, refund, gateway_no, ours, theirs, state, note FROM payment_difference";

/// Whose a difference is: agency and division of the bill; nobody's for what we never began.
pub(crate) async fn whose(store: &Store, d: &Difference) -> Result<(String, String), Fault> {
    let bill = "SELECT b.agency, b.division FROM payment_bill b";
    if !d.refund.is_empty() {
        let sql = format!("{bill} JOIN payment_refund f ON f.bill = b.id WHERE f.id = $1");
        return Ok(store.row(&sql, params![d.refund]).await?.unwrap_or_default());
    }
    // Of a payment for several bills each part is its own bill's; what names none is the first one's.
    let sql = format!("{bill} JOIN payment_order o ON o.bill = b.id WHERE o.trade = $1 AND o.line = $2");
    if let Some(whose) = store.row(&sql, params![d.trade, d.line]).await? {
        return Ok(whose);
    }
    let sql = format!("{bill} JOIN payment_trade t ON t.bill = b.id WHERE t.id = $1");
    Ok(store.row(&sql, params![d.trade]).await?.unwrap_or_default())
}

pub(crate) fn put_difference(
    commit: &mut Commit,
    id: DifferenceId,
    day: &str,
    d: &Difference,
    ((agency, division), booked): (&(String, String), bool),
    now: Timestamp,
) {
    let state = if booked { "settled" } else { "open" };
    let fen = |m: Option<Money>| m.map(Money::as_fen);
    commit.exec(
        "INSERT INTO payment_difference (id, day, kind, trade, line, refund, gateway_no, ours, theirs, agency, division, state, at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
        params![
            id, day, d.kind, d.trade, d.line, d.refund, d.gateway_no, fen(d.ours), fen(d.theirs), agency, division, state, now
        ],
    );
}

type Key = (String, String, String, String, String);

/// The differences of a day that are written down already, by what makes them the same.
pub(crate) async fn known_differences(store: &Store, day: &str) -> Result<Vec<Key>, Fault> {
    store
        .rows(
            "SELECT kind, trade, line, refund, gateway_no FROM payment_difference WHERE day = $1 ORDER BY id",
            params![day],
        )
        .await
}

/// Whether this kind of difference is written down of a payment or refund, under whatever day.
pub(crate) async fn difference_known(store: &Store, d: &Difference) -> Result<bool, Fault> {
    let row: Option<(String,)> = store
        .row(
            "SELECT id FROM payment_difference WHERE trade = $1 AND kind = $2 AND refund = $3 AND line = $4 LIMIT 1",
            params![d.trade, d.kind, d.refund, d.line],
        )
        .await?;
    Ok(row.is_some())
}

/// The differences within a reach in order, after `after`: those of a day, or the open ones of all days.
pub(crate) async fn differences(
    store: &Store,
    day: Option<&str>,
    reach: &Reach,
    after: &str,
    limit: i64,
) -> Result<Vec<DifferenceRow>, Fault> {
    let mut params = params![limit, after];
    let of = match day {
        Some(day) => {
            params.extend(params![day]);
            "day = $3"
        }
        None => "state = 'open'",
    };
    let within = within(reach, &mut params);
    let sql = format!("{DIFFERENCE} WHERE {of} AND id > $2 AND {within} ORDER BY id LIMIT $1");
    store.rows(&sql, params).await
}

pub(crate) async fn difference_within(
    store: &Store,
    id: DifferenceId,
    reach: &Reach,
) -> Result<Option<DifferenceRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{DIFFERENCE} WHERE id = $1 AND {within}"), params).await
}

pub(crate) fn settle_difference(commit: &mut Commit, id: DifferenceId, by: AccountId, note: &str) {
    commit.exec(
        "UPDATE payment_difference SET state = 'settled', note = $2, settled_by = $3 WHERE id = $1 AND state = 'open'",
        params![id, note, by],
    );
}
