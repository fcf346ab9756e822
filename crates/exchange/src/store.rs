//! All SQL of the room.

pub(crate) mod lines;

use kernel::{Fault, PersonId, Timestamp};
use store::{Commit, Store, params, row, text_column};

kernel::typed_id! {
    /// One question put to a source.
    FetchId;
}
text_column!(FetchId);

row! {
    /// What is remembered of a source that did not answer.
    pub(crate) struct CircuitRow {
        pub(crate) failures: i64,
        pub(crate) since: Timestamp,
        pub(crate) retry_at: Timestamp,
        pub(crate) why: String,
    }
}

row! {
    /// A question as it was recorded.
    pub(crate) struct FetchLine {
        pub(crate) id: FetchId,
        pub(crate) at: Timestamp,
        pub(crate) actor: String,
        pub(crate) person: Option<PersonId>,
        pub(crate) ground: String,
        pub(crate) case: Option<String>,
        pub(crate) keys: String,
    }
}

pub(crate) async fn circuit(store: &Store, source: &str) -> Result<Option<CircuitRow>, Fault> {
    store
        .row("SELECT failures, since, retry_at, why FROM exchange_circuit WHERE source = $1", params![source])
        .await
}

pub(crate) fn put_circuit(commit: &mut Commit, source: &str, c: &CircuitRow) {
    commit.exec(
        "INSERT INTO exchange_circuit (source, failures, since, retry_at, why) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (source) DO UPDATE SET failures = excluded.failures, since = excluded.since,
             retry_at = excluded.retry_at, why = excluded.why",
        params![source, c.failures, c.since, c.retry_at, c.why],
    );
}

/// Takes the one try after a pause: the next may begin at `next`.
pub(crate) fn take_try(commit: &mut Commit, source: &str, read: Timestamp, next: Timestamp) {
    commit.exec(
        "UPDATE exchange_circuit SET retry_at = $1 WHERE source = $2 AND retry_at = $3",
        params![next, source, read],
    );
}

pub(crate) fn close_circuit(commit: &mut Commit, source: &str) {
    commit.exec_any("DELETE FROM exchange_circuit WHERE source = $1", params![source]);
}

pub(crate) async fn down(store: &Store, source: &str) -> Result<bool, Fault> {
    let row: Option<(bool,)> =
        store.row("SELECT down FROM exchange_switch WHERE source = $1", params![source]).await?;
    Ok(row.is_some_and(|r| r.0))
}

pub(crate) fn put_switch(commit: &mut Commit, source: &str, down: bool, at: Timestamp, actor: &str) {
    commit.exec(
        "INSERT INTO exchange_switch (source, down, at, actor) VALUES ($1, $2, $3, $4)
         ON CONFLICT (source) DO UPDATE SET down = excluded.down, at = excluded.at, actor = excluded.actor",
        params![source, down, at, actor],
    );
}

pub(crate) fn insert_fetch(commit: &mut Commit, source: &str, f: &FetchLine) {
    commit.exec(
        "INSERT INTO exchange_fetch (id, source, at, actor, person, ground, case_number, keys)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![f.id, source, f.at, f.actor, f.person, f.ground, f.case, f.keys],
    );
}

pub(crate) async fn fetches(
    store: &Store,
    source: &str,
    before: &str,
    limit: i64,
) -> Result<Vec<FetchLine>, Fault> {
    store
        .rows(
            "SELECT id, at, actor, person, ground, case_number, keys FROM exchange_fetch
             WHERE source = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            params![source, before, limit],
        )
        .await
}
