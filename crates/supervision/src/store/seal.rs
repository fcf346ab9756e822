//! Rows of orders that keep looks from the person for a time.

use crate::model::SealId;
use crate::reach::Reach;
use crate::rules::seal::{Ground, Order, SealState};
use ::store::{Commit, Store, Value, params, row};
use kernel::{AccountId, Fault, PersonId, Timestamp};

row! {
    /// An order in a list; its reason is sealed in the trace.
    pub(crate) struct SealRow {
        pub(crate) id: SealId,
        pub(crate) number_masked: String,
        pub(crate) account: AccountId,
        pub(crate) agency: String,
        pub(crate) ground: Ground,
        pub(crate) state: SealState,
        pub(crate) asked_at: Timestamp,
        pub(crate) until: Timestamp,
        pub(crate) looks: i64,
    }
}

row! {
    /// A line of the published figures.
    pub(crate) struct SealCount {
        pub(crate) agency: String,
        pub(crate) ground: Ground,
        pub(crate) orders: i64,
        pub(crate) looks: i64,
    }
}

const SEAL: &str =
    "SELECT id, number_masked, account, agency, ground, state, asked_at, until, looks FROM supervision_seal";

pub(crate) fn insert_seal(commit: &mut Commit, id: SealId, number_masked: &str, division: &str, o: &Order) {
    let asked = &o.asked;
    commit.exec(
        "INSERT INTO supervision_seal (id, person, number_masked, account, agency, division, ground, state, asked_at, until,
             approved_at, looks)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 0)",
        params![
            id,
            asked.person,
            number_masked,
            asked.account,
            asked.agency.as_str(),
            division,
            asked.ground,
            o.state,
            o.at,
            asked.until,
            o.approved_at
        ],
    );
}

pub(crate) fn update_seal(commit: &mut Commit, id: SealId, before: SealState, o: &Order) {
    commit.exec(
        "UPDATE supervision_seal SET state = $2, approved_at = $3, looks = $4 WHERE id = $1 AND state = $5",
        params![id, o.state, o.approved_at, o.looks, before],
    );
}

/// The order of this pair that holds now.
pub(crate) async fn holding(
    store: &Store,
    person: PersonId,
    account: AccountId,
    now: Timestamp,
) -> Result<bool, Fault> {
    let row: Option<(i64,)> = store
        .row(
            "SELECT 1 FROM supervision_seal WHERE person = $1 AND account = $2 AND until > $3 AND state = 'approved' LIMIT 1",
            params![person, account, now],
        )
        .await?;
    Ok(row.is_some())
}

fn within(reach: &Reach, params: &mut Vec<Value>) -> String {
    let mut put = |text: String| {
        params.push(Value::Text(text));
        format!("${}", params.len())
    };
    match reach {
        Reach::Division(prefix) => format!("division LIKE {}", put(format!("{prefix}%"))),
        Reach::Agency(agency) => {
            let (own, parts) = (put(agency.to_string()), put(format!("{agency}.%")));
            format!("(agency = {own} OR agency LIKE {parts})")
        }
    }
}

pub(crate) async fn seal_within(store: &Store, id: SealId, reach: &Reach) -> Result<Option<SealRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{SEAL} WHERE id = $1 AND {within}"), params).await
}

pub(crate) async fn seals(
    store: &Store,
    reach: &Reach,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<SealRow>, Fault> {
    let mut params = params![before.0, before.1, limit];
    let within = within(reach, &mut params);
    let sql = format!(
        "{SEAL} WHERE (asked_at, id) < ($1, $2) AND {within} ORDER BY asked_at DESC, id DESC LIMIT $3"
    );
    store.rows(&sql, params).await
}

/// Approved orders whose time has ended.
pub(crate) async fn ended(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<SealId>, Fault> {
    let rows: Vec<(SealId,)> = store
        .rows(
            "SELECT id FROM supervision_seal WHERE state = 'approved' AND until <= $1 ORDER BY until, id LIMIT $2",
            params![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// How many orders were approved from `from` on and before `until`, and how many looks those that have ended kept.
pub(crate) async fn seal_counts(
    store: &Store,
    from: Timestamp,
    until: Timestamp,
) -> Result<Vec<SealCount>, Fault> {
    // A sum of BIGINT is NUMERIC in one database, so it is brought back.
    store
        .rows(
            "SELECT agency, ground, COUNT(*), CAST(SUM(looks) AS BIGINT) FROM supervision_seal
             WHERE approved_at >= $1 AND approved_at < $2 GROUP BY agency, ground ORDER BY agency, ground",
            params![from, until],
        )
        .await
}

/// When the first order was approved.
pub(crate) async fn first_seal(store: &Store) -> Result<Option<Timestamp>, Fault> {
    let row: Option<(Option<Timestamp>,)> = store
        .row("SELECT MIN(approved_at) FROM supervision_seal WHERE approved_at IS NOT NULL", params![])
        .await?;
    Ok(row.and_then(|r| r.0))
}
