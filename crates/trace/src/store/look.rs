//! Rows of looks, and of the orders that keep some of them from the person for a time.

use crate::look::SealOrder;
use kernel::{AccountId, Fault, PersonId, Timestamp};
use store::{Commit, Store, Value, params, row};

/// A look as it is written.
pub(crate) struct LookLine {
    pub id: i64,
    pub at: Timestamp,
    pub actor: String,
    pub agency: Option<String>,
    pub fields: String,
    pub ground: String,
    pub case: Option<String>,
    pub account: Option<AccountId>,
    pub stray: bool,
}

row! {
    /// A look as it lies in the table.
    pub(crate) struct LookFound {
        pub(crate) id: i64,
        pub(crate) person: PersonId,
        pub(crate) at: Timestamp,
        pub(crate) actor: String,
        pub(crate) fields: String,
        pub(crate) ground: String,
        pub(crate) case: Option<String>,
        pub(crate) stray: bool,
        pub(crate) sealed_until: Option<Timestamp>,
    }
}

/// What of the looks at a person is wanted, as SQL takes it.
pub(crate) struct Wanted<'a> {
    pub agency: Option<&'a str>,
    pub ground: Option<&'a str>,
    pub stray: bool,
    pub from: i64,
    pub before: i64,
    pub now: Timestamp,
}

const LOOK: &str =
    "SELECT id, person, at, actor, fields, ground, case_number, stray, sealed_until FROM trace_look";
/// Few looks are ever sealed, so this is tested on what the index found.
const SEEN: &str = "(sealed_until IS NULL OR sealed_until <= $2)";

pub(crate) fn insert_look(commit: &mut Commit, person: PersonId, l: LookLine) {
    const ORDER: &str = "FROM trace_seal s WHERE s.person = $1 AND s.account = $9 AND s.starts <= $3 AND s.until > $3 \
        ORDER BY s.until DESC, s.id LIMIT 1";
    commit.exec(
        format!(
            "INSERT INTO trace_look (person, id, at, actor, agency, fields, ground, case_number, account, stray, seal, sealed_until)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, (SELECT s.id {ORDER}), (SELECT s.until {ORDER}))"
        ),
        params![person, l.id, l.at, l.actor, l.agency, l.fields, l.ground, l.case, l.account, l.stray],
    );
}

pub(crate) async fn looks(
    store: &Store,
    person: PersonId,
    wanted: &Wanted<'_>,
    limit: i64,
) -> Result<Vec<LookFound>, Fault> {
    let mut params = params![person, wanted.now, wanted.before, wanted.from, limit];
    let mut sql = format!("{LOOK} WHERE person = $1 AND id < $3 AND id >= $4 AND {SEEN}");
    for (column, value) in [("agency", wanted.agency), ("ground", wanted.ground)] {
        if let Some(value) = value {
            params.push(Value::Text(value.to_owned()));
            sql.push_str(&format!(" AND {column} = ${}", params.len()));
        }
    }
    if wanted.stray {
        sql.push_str(" AND stray = 1");
    }
    store.rows(&format!("{sql} ORDER BY id DESC LIMIT $5"), params).await
}

pub(crate) async fn look_at(
    store: &Store,
    person: PersonId,
    id: i64,
    now: Timestamp,
) -> Result<Option<LookFound>, Fault> {
    store.row(&format!("{LOOK} WHERE person = $1 AND id = $3 AND {SEEN}"), params![person, now, id]).await
}

pub(crate) async fn looks_by(
    store: &Store,
    account: AccountId,
    before: i64,
    limit: i64,
) -> Result<Vec<LookFound>, Fault> {
    let sql = format!("{LOOK} WHERE account = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    store.rows(&sql, params![account, before, limit]).await
}

/// The values of `column` among the looks at a person, one look-up in its index for each.
pub(crate) async fn distinct(
    store: &Store,
    column: &'static str,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<String>, Fault> {
    let least = format!("SELECT MIN({column}) FROM trace_look WHERE person = $1 AND {SEEN}");
    let sql = format!(
        "WITH RECURSIVE each_one (word) AS (
             SELECT ({least})
             UNION ALL
             SELECT ({least} AND {column} > each_one.word) FROM each_one WHERE each_one.word IS NOT NULL)
         SELECT word FROM each_one WHERE word IS NOT NULL LIMIT 500"
    );
    let rows: Vec<(String,)> = store.rows(&sql, params![person, now]).await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

pub(crate) fn insert_seal(commit: &mut Commit, o: &SealOrder) {
    commit.exec(
        "INSERT INTO trace_seal (id, person, account, starts, until) VALUES ($1, $2, $3, $4, $5)",
        params![o.id, o.person, o.account, o.starts, o.until],
    );
}

pub(crate) fn end_seal(commit: &mut Commit, order: &str, now: Timestamp) {
    commit.exec("UPDATE trace_seal SET until = $2 WHERE id = $1 AND until > $2", params![order, now]);
    commit.exec_any(
        "UPDATE trace_look SET sealed_until = $2 WHERE seal = $1 AND sealed_until > $2",
        params![order, now],
    );
}

pub(crate) async fn sealed_looks(store: &Store, order: &str) -> Result<i64, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT COUNT(*) FROM trace_look WHERE seal = $1", params![order]).await?;
    Ok(row.map_or(0, |r| r.0))
}
