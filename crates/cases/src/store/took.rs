//! How long cases of one item took lately, and how long those that still run have been running.

use kernel::{Fault, Timestamp};
use store::{Store, params};

/// From filing to the end, of the cases decided last.
pub(crate) async fn closed_spans(
    store: &Store,
    item: &str,
    limit: i64,
) -> Result<Vec<(Timestamp, Timestamp)>, Fault> {
    store
        .rows(
            "SELECT filed_at, closed_at FROM cases_case
             WHERE item_key = $1 AND running = 0 AND closed_at IS NOT NULL AND outcome IN ('approved', 'refused')
             ORDER BY closed_at DESC, id DESC LIMIT $2",
            params![item, limit],
        )
        .await
}

/// When the cases were filed that still run, those longest under way first.
pub(crate) async fn running_spans(store: &Store, item: &str, limit: i64) -> Result<Vec<Timestamp>, Fault> {
    let rows: Vec<(Timestamp,)> = store
        .rows(
            "SELECT filed_at FROM cases_case WHERE item_key = $1 AND running = 1 ORDER BY filed_at, id LIMIT $2",
            params![item, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
