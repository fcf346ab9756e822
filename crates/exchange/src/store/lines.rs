//! The rows of line systems: dispatches and used nonces.

use crate::lines::{Dispatch, DispatchId, DispatchLine, DispatchState};
use kernel::{Fault, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// A dispatch as the way out needs it.
    pub(crate) struct SendRow {
        pub(crate) system: String,
        pub(crate) task: String,
        pub(crate) number: String,
        pub(crate) body: Option<Vec<u8>>,
        pub(crate) state: DispatchState,
        pub(crate) round: i64,
        pub(crate) tries: i64,
    }
}

row! {
    /// A dispatch as the way back needs it.
    pub(crate) struct AnswerRow {
        pub(crate) id: DispatchId,
        pub(crate) subject: String,
        pub(crate) number: String,
        pub(crate) state: DispatchState,
        pub(crate) created_at: Timestamp,
        pub(crate) answer: Option<Vec<u8>>,
    }
}

row! {
    struct LineRow {
        id: DispatchId,
        system: String,
        task: String,
        subject: String,
        number: String,
        state: DispatchState,
        tries: i64,
        error: Option<String>,
        created_at: Timestamp,
        sent_at: Option<Timestamp>,
        answered_at: Option<Timestamp>,
    }
}

/// A dispatch to be written.
pub(crate) struct NewDispatch<'a> {
    pub(crate) id: DispatchId,
    pub(crate) dispatch: &'a Dispatch,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert(commit: &mut Commit, new: &NewDispatch<'_>) {
    let d = new.dispatch;
    commit.exec(
        "INSERT INTO exchange_dispatch (id, system, task, subject, number, body, state, round, tries, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, 'waiting', 1, 0, $7)",
        params![new.id, d.system, d.task, d.subject, d.number, new.body, new.at],
    );
}

pub(crate) async fn to_send(store: &Store, id: DispatchId) -> Result<Option<SendRow>, Fault> {
    store
        .row(
            "SELECT system, task, number, body, state, round, tries FROM exchange_dispatch WHERE id = $1",
            params![id],
        )
        .await
}

pub(crate) async fn to_answer(store: &Store, system: &str, task: &str) -> Result<Option<AnswerRow>, Fault> {
    store
        .row(
            "SELECT id, subject, number, state, created_at, answer FROM exchange_dispatch
             WHERE system = $1 AND task = $2",
            params![system, task],
        )
        .await
}

/// It was taken, unless another state was written since `read`.
pub(crate) fn sent(commit: &mut Commit, id: DispatchId, read: &SendRow, at: Timestamp) {
    commit.exec(
        "UPDATE exchange_dispatch SET state = 'sent', sent_at = $1, error = NULL
         WHERE id = $2 AND state = $3 AND round = $4",
        params![at, id, read.state, read.round],
    );
}

pub(crate) fn failed(commit: &mut Commit, id: DispatchId, read: &SendRow, state: DispatchState, why: &str) {
    commit.exec(
        "UPDATE exchange_dispatch SET state = $1, tries = tries + 1, error = $2
         WHERE id = $3 AND state = $4 AND round = $5 AND tries = $6",
        params![state, why, id, read.state, read.round, read.tries],
    );
}

pub(crate) fn resent(commit: &mut Commit, id: DispatchId, read: &SendRow) {
    commit.exec(
        "UPDATE exchange_dispatch SET state = 'waiting', round = round + 1, tries = 0, error = NULL
         WHERE id = $1 AND state = $2 AND round = $3",
        params![id, read.state, read.round],
    );
}

/// With its answer the body is needed no more, and goes.
pub(crate) fn answered(commit: &mut Commit, read: &AnswerRow, answer: &[u8], at: Timestamp) {
    commit.exec(
        "UPDATE exchange_dispatch SET state = 'answered', body = NULL, error = NULL, answer = $1, answered_at = $2
         WHERE id = $3 AND state = $4",
        params![answer, at, read.id, read.state],
    );
}

pub(crate) fn cancelled(commit: &mut Commit, read: &AnswerRow) {
    commit.exec(
        "UPDATE exchange_dispatch SET state = 'cancelled', body = NULL, error = NULL WHERE id = $1 AND state = $2",
        params![read.id, read.state],
    );
}

const LINE: &str =
    "SELECT id, system, task, subject, number, state, tries, error, created_at, sent_at, answered_at
     FROM exchange_dispatch";

fn lines(rows: Vec<LineRow>) -> Vec<DispatchLine> {
    let line = |r: LineRow| DispatchLine {
        id: r.id,
        system: r.system,
        task: r.task,
        subject: r.subject,
        number: r.number,
        state: r.state,
        tries: r.tries,
        error: r.error,
        created_at: r.created_at,
        sent_at: r.sent_at,
        answered_at: r.answered_at,
    };
    rows.into_iter().map(line).collect()
}

pub(crate) async fn list(
    store: &Store,
    state: DispatchState,
    before: DispatchId,
    limit: i64,
) -> Result<Vec<DispatchLine>, Fault> {
    let sql = format!("{LINE} WHERE state = $1 AND id < $2 ORDER BY id DESC LIMIT $3");
    Ok(lines(store.rows(&sql, params![state, before, limit]).await?))
}

pub(crate) async fn list_of(store: &Store, subject: &str) -> Result<Vec<DispatchLine>, Fault> {
    let sql = format!("{LINE} WHERE subject = $1 ORDER BY id LIMIT 200");
    Ok(lines(store.rows(&sql, params![subject]).await?))
}

pub(crate) async fn counts(store: &Store) -> Result<(i64, i64, i64), Fault> {
    let row: Option<(i64, i64, i64)> = store
        .row(
            "SELECT (SELECT COUNT(*) FROM exchange_dispatch WHERE state = 'waiting'),
                 (SELECT COUNT(*) FROM exchange_dispatch WHERE state = 'sent'),
                 (SELECT COUNT(*) FROM exchange_dispatch WHERE state = 'stuck')",
            params![],
        )
        .await?;
    Ok(row.unwrap_or((0, 0, 0)))
}

pub(crate) async fn nonce_seen(store: &Store, system: &str, nonce: &str) -> Result<bool, Fault> {
    let row: Option<(i64,)> = store
        .row("SELECT 1 FROM exchange_nonce WHERE system = $1 AND nonce = $2", params![system, nonce])
        .await?;
    Ok(row.is_some())
}

pub(crate) fn insert_nonce(commit: &mut Commit, system: &str, nonce: &str, at: Timestamp) {
    commit.exec(
        "INSERT INTO exchange_nonce (system, nonce, at) VALUES ($1, $2, $3)",
        params![system, nonce, at],
    );
}

pub(crate) fn sweep_nonces(commit: &mut Commit, before: Timestamp) {
    commit.exec_any("DELETE FROM exchange_nonce WHERE at < $1", params![before]);
}
