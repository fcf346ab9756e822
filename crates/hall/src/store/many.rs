//! Several halls asked about at once.

use super::{Business, HallCode, TicketRow, WindowRow};
use crate::model::{Letter, Letters, TicketState, WindowKind};
use ::store::{Store, Value, params};
use kernel::{AccountId, Fault, Timestamp};
use std::collections::HashMap;

/// `$1, $2, …` for a list of codes, and the codes.
fn marks(codes: &[HallCode]) -> (String, Vec<Value>) {
    let marks: Vec<String> = (1..=codes.len()).map(|n| format!("${n}")).collect();
    (marks.join(", "), codes.iter().map(::store::ToValue::to_value).collect())
}

fn grouped<T>(rows: impl IntoIterator<Item = (HallCode, T)>) -> HashMap<HallCode, Vec<T>> {
    let mut halls: HashMap<HallCode, Vec<T>> = HashMap::new();
    for (hall, row) in rows {
        halls.entry(hall).or_default().push(row);
    }
    halls
}

/// The businesses of these halls, by letter.
pub(crate) async fn businesses_in(
    store: &Store,
    codes: &[HallCode],
) -> Result<HashMap<HallCode, Vec<Business>>, Fault> {
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, params) = marks(codes);
    let sql = format!(
        "SELECT hall, letter, name_zh, name_en, items FROM hall_business WHERE hall IN ({marks}) ORDER BY hall, letter"
    );
    let rows: Vec<(HallCode, Letter, String, String, String)> = store.rows(&sql, params).await?;
    let business =
        |(hall, letter, name_zh, name_en, items)| (hall, Business { letter, name_zh, name_en, items });
    Ok(grouped(rows.into_iter().map(business)))
}

/// A window with its hall in front.
type HallWindow =
    (HallCode, String, WindowKind, Letters, bool, Option<AccountId>, Option<Timestamp>, Option<Letters>);

/// The windows of these halls, by number.
pub(crate) async fn windows_of(
    store: &Store,
    codes: &[HallCode],
) -> Result<HashMap<HallCode, Vec<WindowRow>>, Fault> {
    if codes.is_empty() {
        return Ok(HashMap::new());
    }
    let (marks, params) = marks(codes);
    let sql = format!(
        "SELECT w.hall, w.number, w.kind, w.letters, w.is_open, w.clerk, w.since, t.covers FROM hall_window w \
         LEFT JOIN hall_training t ON t.hall = w.hall AND t.clerk = w.clerk WHERE w.hall IN ({marks}) ORDER BY w.hall, w.number"
    );
    let rows: Vec<HallWindow> = store.rows(&sql, params).await?;
    let window = |(hall, number, kind, letters, open, clerk, since, trained)| {
        (hall, WindowRow { number, kind, letters, open, clerk, since, trained })
    };
    Ok(grouped(rows.into_iter().map(window)))
}

/// Who waits in these halls on a day, by place, and who is called or served.
pub(crate) async fn queued_in(
    store: &Store,
    codes: &[HallCode],
    day: &str,
) -> Result<HashMap<HallCode, (Vec<TicketRow>, Vec<TicketRow>)>, Fault> {
    let mut halls: HashMap<HallCode, (Vec<TicketRow>, Vec<TicketRow>)> = HashMap::new();
    if codes.is_empty() {
        return Ok(halls);
    }
    let (marks, mut params) = marks(codes);
    params.extend(params![day]);
    let day = params.len();
    let ticket = super::TICKET;
    let sql = format!(
        "{ticket} WHERE hall IN ({marks}) AND day = ${day} AND state IN ('waiting', 'called', 'serving')
         ORDER BY hall, place LIMIT 20000"
    );
    let rows: Vec<TicketRow> = store.rows(&sql, params).await?;
    for row in rows {
        let (waiting, busy) = halls.entry(row.hall.clone()).or_default();
        if row.state == TicketState::Waiting { waiting.push(row) } else { busy.push(row) }
    }
    Ok(halls)
}

/// How long the last services of a business took in each of these halls, in seconds, the latest first, as [`super::served`] has them.
pub(crate) async fn served_in(
    store: &Store,
    asked: &[(HallCode, Letter)],
    limit: i64,
) -> Result<HashMap<HallCode, Vec<i64>>, Fault> {
    if asked.is_empty() {
        return Ok(HashMap::new());
    }
    let (mut params, mut parts) = (params![limit], Vec::with_capacity(asked.len()));
    for (hall, letter) in asked {
        params.extend(params![hall, letter]);
        let (hall, letter) = (params.len() - 1, params.len());
        parts.push(format!(
            "SELECT hall, service FROM (SELECT hall, service FROM hall_ticket WHERE hall = ${hall} AND letter = ${letter} \
             AND service IS NOT NULL ORDER BY ended_at DESC LIMIT $1) AS s{hall}"
        ));
    }
    let rows: Vec<(HallCode, i64)> = store.rows(&parts.join(" UNION ALL "), params).await?;
    Ok(grouped(rows))
}
