//! Days that are over, and who was on duty when.

use super::HallCode;
use crate::model::TicketId;
use ::store::{Commit, Store, params, row};
use kernel::{Fault, Timestamp};

row! {
    /// A time that somebody was on duty at a window.
    pub(crate) struct Duty {
        pub(crate) number: String,
        pub(crate) began: Timestamp,
        pub(crate) ended: Option<Timestamp>,
    }
}

/// The duties of a hall that began on a day.
pub(crate) async fn duties(store: &Store, hall: &HallCode, day: &str) -> Result<Vec<Duty>, Fault> {
    let sql =
        "SELECT number, began, ended FROM hall_duty WHERE hall = $1 AND day = $2 ORDER BY number, began";
    store.rows(sql, params![hall, day]).await
}

pub(super) fn duty_begins(commit: &mut Commit, hall: &HallCode, number: &str, day: &str, at: Timestamp) {
    commit.exec(
        "INSERT INTO hall_duty (hall, number, day, began) VALUES ($1, $2, $3, $4)",
        params![hall, number, day, at],
    );
}

/// Nothing is written for a duty that began before duties were kept.
pub(super) fn duty_ends(commit: &mut Commit, hall: &HallCode, number: &str, at: Timestamp) {
    commit.exec_any(
        "UPDATE hall_duty SET ended = $3 WHERE hall = $1 AND number = $2 AND ended IS NULL",
        params![hall, number, at],
    );
}

/// The days before `day` of which a hall has a queue with tickets, the latest first, each with the number of tickets.
pub(crate) async fn queued_days(
    store: &Store,
    hall: &HallCode,
    day: &str,
    limit: i64,
) -> Result<Vec<(String, i64)>, Fault> {
    // The newest days first, so that a hall of many years counts only what is shown.
    let sql = "SELECT day, taken FROM (SELECT d.day AS day, (SELECT COUNT(*) FROM hall_ticket t WHERE t.hall = $1 AND t.day = d.day) AS taken \
        FROM (SELECT day FROM hall_day WHERE hall = $1 AND day < $2 ORDER BY day DESC LIMIT $3) d) counted WHERE taken > 0 ORDER BY day DESC";
    store.rows(sql, params![hall, day, limit]).await
}

/// Days before `day` that are not counted yet, after the one named (day and hall).
pub(crate) async fn uncounted(
    store: &Store,
    day: &str,
    after: &(String, String),
    limit: i64,
) -> Result<Vec<(String, HallCode)>, Fault> {
    let sql = "SELECT day, hall FROM hall_day WHERE reported = 0 AND day < $1 AND (day, hall) > ($2, $3) ORDER BY day, hall LIMIT $4";
    store.rows(sql, params![day, after.0, after.1, limit]).await
}

/// Keeps the figures of a day; of two servers at once one conflicts.
pub(crate) fn keep_report(commit: &mut Commit, hall: &HallCode, day: &str, figures: &str, at: Timestamp) {
    commit.exec(
        "UPDATE hall_day SET reported = 1 WHERE hall = $1 AND day = $2 AND reported = 0",
        params![hall, day],
    );
    commit.exec(
        "INSERT INTO hall_report (hall, day, figures, made_at) VALUES ($1, $2, $3, $4)",
        params![hall, day, figures, at],
    );
}

/// The figures of a day that is over, and when they were made.
pub(crate) async fn report(
    store: &Store,
    hall: &HallCode,
    day: &str,
) -> Result<Option<(String, Timestamp)>, Fault> {
    let sql = "SELECT figures, made_at FROM hall_report WHERE hall = $1 AND day = $2";
    store.row(sql, params![hall, day]).await
}

/// The word of an outcome with a notice.
pub(crate) const MISSING: &str = "missing";

/// So many tickets are asked about at once: a query has so many parameters at most.
const AT_ONCE: usize = 500;

/// What the notices of these tickets are about.
pub(crate) async fn matters(store: &Store, tickets: &[TicketId]) -> Result<Vec<(TicketId, String)>, Fault> {
    let mut all = Vec::new();
    for part in tickets.chunks(AT_ONCE) {
        let marks: Vec<String> = (1..=part.len()).map(|n| format!("${n}")).collect();
        let sql = format!("SELECT ticket, matter FROM hall_notice WHERE ticket IN ({})", marks.join(", "));
        let found: Vec<(TicketId, String)> =
            store.rows(&sql, part.iter().map(::store::ToValue::to_value).collect()).await?;
        all.extend(found);
    }
    Ok(all)
}
