//! Rows of payments and refunds.

use super::{Reach, within};
use crate::event::BillEvent;
use crate::model::*;
use ::store::{Commit, Store, params, row};
use kernel::{AccountId, Fault, Money, Timestamp};

/// The columns of a trade that only its event knows: the first of its bills begins its row, the others add their share.
pub(crate) fn put_trade(commit: &mut Commit, bill: BillId, trade: &Trade, accounts: &[String]) {
    if trade.with.first().is_none_or(|first| *first == bill) {
        commit.exec(
            "INSERT INTO payment_trade (id, bill, amount, state, excess, at, asked, next_at) VALUES ($1, $2, $3, $4, 0, $5, 0, $6)",
            params![trade.id, bill, trade.amount().as_fen(), trade.state, trade.at, after(trade.at, 0)],
        );
    } else {
        commit.exec(
            "UPDATE payment_trade SET amount = amount + $2 WHERE id = $1",
            params![trade.id, trade.amount().as_fen()],
        );
    }
    for ((order, amount), account) in trade.parts.iter().zip(accounts) {
        commit.exec(
            "INSERT INTO payment_order (trade, line, account, amount, bill) VALUES ($1, $2, $3, $4, $5)",
            params![trade.id, order, account, amount.as_fen(), bill],
        );
    }
}

/// The trade's row as the events of one of its bills have it now; all of them hear the same in one commit.
pub(crate) fn move_trade(commit: &mut Commit, trade: &Trade, event: &BillEvent, now: Timestamp) {
    let (paid_at, number) = match event {
        BillEvent::PaymentPaid { gateway_no, at, .. } | BillEvent::PaymentExcess { gateway_no, at, .. } => {
            (Some(*at), Some(gateway_no.clone()))
        }
        _ => (None, None),
    };
    let unknown = matches!(trade.state, TradeState::Sent | TradeState::Failed);
    let next = unknown.then(|| after(now, 1));
    commit.exec(
        "UPDATE payment_trade SET state = $2, excess = excess + $3, paid_at = COALESCE($4, paid_at), gateway_no = COALESCE($5, gateway_no),
             next_at = $6 WHERE id = $1",
        params![trade.id, trade.state, trade.excess.map_or(0, Money::as_fen), paid_at, number, next],
    );
    if let Some(at) = paid_at {
        commit.exec_any("UPDATE payment_order SET paid_at = $2 WHERE trade = $1", params![trade.id, at]);
    }
}

/// When the gateway is asked for the `asked`-th time: soon, then ever more rarely, at least every hour.
pub(crate) fn after(at: Timestamp, asked: i64) -> Timestamp {
    let seconds = 20i64.saturating_mul(1 << asked.clamp(0, 8)).min(3_600);
    kernel::clock::from_micros(at.as_microsecond() + seconds * 1_000_000)
}

/// Notes that the gateway was asked and nothing new was heard.
pub(crate) fn asked_trade(commit: &mut Commit, id: TradeId, asked: i64, now: Timestamp) {
    commit.exec_any(
        "UPDATE payment_trade SET asked = $2, next_at = $3 WHERE id = $1 AND next_at IS NOT NULL",
        params![id, asked, after(now, asked)],
    );
}

/// The same for a refund.
pub(crate) fn asked_refund(commit: &mut Commit, id: RefundId, asked: i64, now: Timestamp) {
    commit.exec_any(
        "UPDATE payment_refund SET asked = $2, next_at = $3 WHERE id = $1 AND next_at IS NOT NULL",
        params![id, asked, after(now, asked)],
    );
}

/// The first bill of a payment.
pub(crate) async fn bill_of_trade(store: &Store, trade: TradeId) -> Result<Option<BillId>, Fault> {
    let row: Option<(BillId,)> =
        store.row("SELECT bill FROM payment_trade WHERE id = $1", params![trade]).await?;
    Ok(row.map(|r| r.0))
}

/// The bill of a refund.
pub(crate) async fn bill_of_refund(store: &Store, refund: RefundId) -> Result<Option<BillId>, Fault> {
    let row: Option<(BillId,)> =
        store.row("SELECT bill FROM payment_refund WHERE id = $1", params![refund]).await?;
    Ok(row.map(|r| r.0))
}

/// Payments to be asked after: id, bill, and how often that was done.
pub(crate) async fn trades_to_ask(
    store: &Store,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(TradeId, BillId, i64)>, Fault> {
    store
        .rows(
            "SELECT id, bill, asked FROM payment_trade WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2",
            params![now, limit],
        )
        .await
}

/// Refunds to be sent or asked after.
pub(crate) async fn refunds_to_ask(
    store: &Store,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<(RefundId, BillId, i64)>, Fault> {
    store
        .rows(
            "SELECT id, bill, asked FROM payment_refund WHERE next_at IS NOT NULL AND next_at <= $1 ORDER BY next_at, id LIMIT $2",
            params![now, limit],
        )
        .await
}

row! {
    /// A refund in a list, with what its bill says.
    pub(crate) struct RefundRow {
        pub(crate) id: RefundId,
        pub(crate) bill: BillId,
        pub(crate) amount: i64,
        pub(crate) excess: bool,
        pub(crate) reason: String,
        pub(crate) asked_by: Option<AccountId>,
        pub(crate) line_zh: String,
        pub(crate) line_en: String,
        pub(crate) means: Means,
        pub(crate) state: RefundState,
        pub(crate) at: Timestamp,
        pub(crate) rank: i64,
        pub(crate) title_zh: String,
        pub(crate) title_en: String,
        pub(crate) payer_name: String,
    }
}

/// What waits for a decision comes first, then what failed, then what is on its way.
const RANK: &str = "CAST(CASE state WHEN 'asked' THEN 0 WHEN 'failed' THEN 1 ELSE 2 END AS BIGINT)";

/// Refunds that fulfil a condition, with what their bills say; in the order of their ranks, at most `$1`.
fn refunds_where(condition: &str) -> String {
    format!(
        "SELECT f.id, f.bill, f.amount, CASE WHEN f.line IS NULL THEN CAST(1 AS BIGINT) ELSE CAST(0 AS BIGINT) END AS excess, f.reason,
             f.asked_by, f.line_zh, f.line_en, f.means, f.state, f.at, f.rank, b.title_zh, b.title_en, b.payer_name
         FROM (SELECT id, bill, line, amount, reason, asked_by, line_zh, line_en, means, state, at, {RANK} AS rank FROM payment_refund
               WHERE {condition} ORDER BY {RANK}, at, id LIMIT $1) f
         JOIN payment_bill b ON b.id = f.bill ORDER BY f.rank, f.at, f.id"
    )
}

pub(crate) fn insert_refund(commit: &mut Commit, bill: BillId, raised: &Raised, refund: &Refund) {
    let line = match refund.of {
        RefundOf::Order(order) => raised.lines.iter().find(|l| l.order == order),
        RefundOf::Excess(_) => None,
    };
    let name = line.map(|l| l.name.clone()).unwrap_or_default();
    commit.exec(
        "INSERT INTO payment_refund (id, bill, trade, line, amount, means, state, at, asked, agency, division, reason, asked_by,
             line_zh, line_en)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0, $9, $10, $11, $12, $13, $14)",
        params![
            refund.id, bill, refund.trade, line.map(|l| l.order), refund.amount.as_fen(), refund.means, refund.state, refund.at,
            raised.agency.as_str(), raised.division, refund.reason, refund.asked_by, name.zh, name.en
        ],
    );
}

/// The refund's row as its events have it now.
pub(crate) fn move_refund(commit: &mut Commit, refund: &Refund, event: &BillEvent, now: Timestamp) {
    let done = match event {
        BillEvent::RefundDone { at, .. } => Some(*at),
        _ => None,
    };
    // One that failed may have gone through in the end: the gateway goes on being asked.
    let sent = matches!(refund.state, RefundState::Approved | RefundState::Failed);
    let next = (refund.means == Means::Gateway && sent).then_some(now);
    commit.exec(
        "UPDATE payment_refund SET state = $2, done_at = $3, next_at = $4 WHERE id = $1",
        params![refund.id, refund.state, done, next],
    );
}

/// Refunds within a reach that wait for somebody: those to decide first, then the oldest; after the place `after`.
pub(crate) async fn refunds_waiting(
    store: &Store,
    reach: &Reach,
    after: (i64, i64, String),
    limit: i64,
) -> Result<Vec<RefundRow>, Fault> {
    let mut params = params![limit, after.0, after.1, after.2];
    let within = within(reach, &mut params);
    let waits = "(state = 'asked' OR state = 'approved' OR state = 'failed')";
    let sql = refunds_where(&format!("{waits} AND ({RANK}, at, id) > ($2, $3, $4) AND {within}"));
    store.rows(&sql, params).await
}

/// The bill of a refund within a reach.
pub(crate) async fn refund_within(
    store: &Store,
    id: RefundId,
    reach: &Reach,
) -> Result<Option<BillId>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    let sql = format!("SELECT bill FROM payment_refund WHERE id = $1 AND {within}");
    let row: Option<(BillId,)> = store.row(&sql, params).await?;
    Ok(row.map(|r| r.0))
}

/// Writes a nonce down; a conflict when it was used before.
pub(crate) fn use_nonce(commit: &mut Commit, nonce: &str, now: Timestamp) {
    commit.exec("INSERT INTO payment_nonce (nonce, at) VALUES ($1, $2)", params![nonce, now]);
}

pub(crate) async fn nonce_used(store: &Store, nonce: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT at FROM payment_nonce WHERE nonce = $1", params![nonce]).await?;
    Ok(row.is_some())
}

/// Forgets nonces whose time is over.
pub(crate) fn forget_nonces(commit: &mut Commit, before: Timestamp) {
    commit.exec_any("DELETE FROM payment_nonce WHERE at < $1", params![before]);
}
