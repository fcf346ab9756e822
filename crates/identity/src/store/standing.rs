//! Which mandates of a subject wait or end soon.

use crate::mandate::{MandateId, MandateState};
use kernel::{Fault, SubjectId, Timestamp};
use store::{Store, params};

/// Mandates in a state with `subject` in this `column` (`principal` or `agent`), whose last day is after `now` and before `until`, the
/// first to end at the top.
pub(crate) async fn mandates_ending(
    store: &Store,
    (column, subject): (&'static str, SubjectId),
    state: MandateState,
    (now, until): (Timestamp, Timestamp),
    limit: i64,
) -> Result<Vec<MandateId>, Fault> {
    let sql = format!(
        "SELECT id FROM identity_mandate WHERE {column} = $1 AND state = $2 AND until_at > $3 AND until_at <= $4
         ORDER BY until_at, id LIMIT $5"
    );
    let rows: Vec<(MandateId,)> = store.rows(&sql, params![subject, state, now, until, limit]).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
