//! Rows of the books.

use crate::ledger::{Account, Entry};
use ::store::{Commit, Store, params};
use kernel::{Fault, Money, Timestamp};

/// Writes the entries of one transaction.
pub(crate) fn post(commit: &mut Commit, tx: &str, entries: &[Entry], at: Timestamp) {
    for (nth, entry) in (0i64..).zip(entries) {
        commit.exec(
            "INSERT INTO payment_entry (tx, nth, account, amount, at) VALUES ($1, $2, $3, $4, $5)",
            params![tx, nth, entry.account.to_string(), entry.amount.as_fen(), at],
        );
    }
}

/// What an account comes to.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn balance(store: &Store, account: &Account) -> Result<Money, Fault> {
    let row: Option<(i64,)> = store
        .row(
            "SELECT CAST(COALESCE(SUM(amount), 0) AS BIGINT) FROM payment_entry WHERE account = $1",
            params![account.to_string()],
        )
        .await?;
    Ok(Money::fen(row.map_or(0, |r| r.0)))
}

/// What every account comes to, by name; together they come to zero.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn balances(store: &Store) -> Result<Vec<(String, i64)>, Fault> {
    store
        .rows(
            "SELECT account, CAST(SUM(amount) AS BIGINT) FROM payment_entry GROUP BY account ORDER BY account",
            vec![],
        )
        .await
}
