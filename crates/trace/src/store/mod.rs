//! All SQL of the strongroom.

mod look;

pub(crate) use look::*;

use crate::model::{Algorithm, Subject};
use kernel::{Fault, Timestamp};
use store::{Commit, FromRow, Row, Store, ToValue as _, params, row};

row! {
    /// An event as it lies in the table; the body is the sealed salt and body, absent after a legal deletion, when what is
    /// kept of it stands there instead.
    pub(crate) struct EventRow {
        pub(crate) seq: i64,
        pub(crate) v: i64,
        pub(crate) kind: String,
        pub(crate) occurred_at: Timestamp,
        pub(crate) recorded_at: Timestamp,
        pub(crate) actor: String,
        pub(crate) algorithm: Algorithm,
        pub(crate) commitment: [u8; 32],
        pub(crate) body: Option<Vec<u8>>,
        pub(crate) prev: [u8; 32],
        pub(crate) hash: [u8; 32],
        pub(crate) kept: Option<Vec<u8>>,
    }
}

/// An event with its subject in front.
pub(crate) struct PlacedRow {
    pub(crate) subject: String,
    pub(crate) event: EventRow,
}

impl FromRow for PlacedRow {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let subject = row.take(0)?;
        row.0.remove(0);
        Ok(Self { subject, event: EventRow::from_row(row)? })
    }
}

row! {
    /// The head of a subject that no root covers yet.
    pub(crate) struct HeadRow {
        pub(crate) subject: String,
        pub(crate) seq: i64,
        pub(crate) hash: [u8; 32],
    }
}

row! {
    /// A signed root.
    pub(crate) struct RootRow {
        pub(crate) number: i64,
        pub(crate) at: Timestamp,
        pub(crate) algorithm: Algorithm,
        pub(crate) leaves: i64,
        pub(crate) merkle: [u8; 32],
        pub(crate) prev: [u8; 32],
        pub(crate) hash: [u8; 32],
        pub(crate) key_id: String,
        pub(crate) public_key: String,
        pub(crate) signature: Vec<u8>,
    }
}

row! {
    /// A leaf of a root.
    pub(crate) struct LeafRow {
        pub(crate) subject: String,
        pub(crate) digest: [u8; 32],
        pub(crate) seq: i64,
        pub(crate) hash: [u8; 32],
    }
}

const COLUMNS: &str = "seq, v, kind, occurred_at, recorded_at, actor, algorithm, commitment, body, prev, hash, kept FROM trace_event";
const ROOT: &str =
    "SELECT number, at, algorithm, leaves, merkle, prev, hash, key_id, public_key, signature FROM trace_root";

pub(crate) fn insert(commit: &mut Commit, subject: &str, e: EventRow) {
    commit.exec(
        "INSERT INTO trace_event (subject, seq, v, kind, occurred_at, recorded_at, actor, algorithm, commitment, body, prev, hash)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            subject, e.seq, e.v, e.kind, e.occurred_at, e.recorded_at, e.actor, e.algorithm, e.commitment, e.body,
            e.prev, e.hash
        ],
    );
}

/// The body goes, `kept` takes its place.
pub(crate) fn erase(commit: &mut Commit, subject: &str, seq: i64, kept: &[u8]) {
    commit.exec(
        "UPDATE trace_event SET body = NULL, kept = $1 WHERE subject = $2 AND seq = $3",
        params![kept, subject, seq],
    );
}

pub(crate) async fn events(store: &Store, subject: &str) -> Result<Vec<EventRow>, Fault> {
    store.rows(&format!("SELECT {COLUMNS} WHERE subject = $1 ORDER BY seq"), params![subject]).await
}

/// The events of several subjects, each one's in order.
pub(crate) async fn events_of(store: &Store, subjects: &[Subject]) -> Result<Vec<PlacedRow>, Fault> {
    let places: Vec<String> = (1..=subjects.len()).map(|n| format!("${n}")).collect();
    let sql =
        format!("SELECT subject, {COLUMNS} WHERE subject IN ({}) ORDER BY subject, seq", places.join(", "));
    store.rows(&sql, subjects.iter().map(|s| s.as_str().to_value()).collect()).await
}

/// The subjects of a kind after `after`, in the database's order.
pub(crate) async fn subjects(
    store: &Store,
    kind: &str,
    after: &str,
    limit: i64,
) -> Result<Vec<Subject>, Fault> {
    let rows: Vec<(String,)> = store
        .rows(
            "SELECT subject FROM trace_event WHERE seq = 1 AND subject > $1 AND subject < $2 AND subject LIKE $3
             ORDER BY subject LIMIT $4",
            params![after, format!("{kind}:zzzz"), format!("{kind}:%"), limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| Subject::kept(r.0)).collect())
}

pub(crate) async fn head(store: &Store, subject: &str) -> Result<Option<(i64, [u8; 32])>, Fault> {
    store
        .row(
            "SELECT seq, hash FROM trace_event WHERE subject = $1 ORDER BY seq DESC LIMIT 1",
            params![subject],
        )
        .await
}

pub(crate) async fn hash_at(store: &Store, subject: &str, seq: i64) -> Result<Option<[u8; 32]>, Fault> {
    let row: Option<([u8; 32],)> = store
        .row("SELECT hash FROM trace_event WHERE subject = $1 AND seq = $2", params![subject, seq])
        .await?;
    Ok(row.map(|r| r.0))
}

/// Events that no root covers, in order; at most `limit`.
pub(crate) async fn unsigned(store: &Store, limit: i64) -> Result<Vec<HeadRow>, Fault> {
    store
        .rows(
            "SELECT subject, seq, hash FROM trace_event WHERE root IS NULL ORDER BY subject, seq LIMIT $1",
            params![limit],
        )
        .await
}

pub(crate) fn insert_root(commit: &mut Commit, r: &RootRow, leaves: &[LeafRow]) {
    commit.exec(
        "INSERT INTO trace_root (number, at, algorithm, leaves, merkle, prev, hash, key_id, public_key, signature)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![
            r.number, r.at, r.algorithm, r.leaves, r.merkle, r.prev, r.hash, r.key_id, r.public_key, r.signature
        ],
    );
    for leaf in leaves {
        commit.exec(
            "INSERT INTO trace_leaf (root, subject, digest, seq, hash) VALUES ($1, $2, $3, $4, $5)",
            params![r.number, leaf.subject, leaf.digest, leaf.seq, leaf.hash],
        );
        commit.exec_any(
            "UPDATE trace_event SET root = $1 WHERE subject = $2 AND seq <= $3 AND root IS NULL",
            params![r.number, leaf.subject, leaf.seq],
        );
    }
}

pub(crate) async fn last_root(store: &Store) -> Result<Option<RootRow>, Fault> {
    store.row(&format!("{ROOT} ORDER BY number DESC LIMIT 1"), params![]).await
}

pub(crate) async fn root(store: &Store, number: i64) -> Result<Option<RootRow>, Fault> {
    store.row(&format!("{ROOT} WHERE number = $1"), params![number]).await
}

pub(crate) async fn roots_after(store: &Store, number: i64, limit: i64) -> Result<Vec<RootRow>, Fault> {
    store.rows(&format!("{ROOT} WHERE number > $1 ORDER BY number LIMIT $2"), params![number, limit]).await
}

/// The leaves of a root in the order of the tree.
pub(crate) async fn leaves(store: &Store, root: i64) -> Result<Vec<LeafRow>, Fault> {
    let mut rows: Vec<LeafRow> = store
        .rows("SELECT subject, digest, seq, hash FROM trace_leaf WHERE root = $1", params![root])
        .await?;
    rows.sort_by_key(|r| r.digest);
    Ok(rows)
}

/// The number of the last root that covers `subject`.
pub(crate) async fn root_of(store: &Store, subject: &str) -> Result<Option<i64>, Fault> {
    let row: Option<(i64,)> = store
        .row("SELECT root FROM trace_leaf WHERE subject = $1 ORDER BY root DESC LIMIT 1", params![subject])
        .await?;
    Ok(row.map(|r| r.0))
}
