//! The rows of the outbox: taken under a lease, kept alive, given back, buried.

use super::{Message, body_context};
use crate::commit::broken;
use crate::{Commit, Ground, dialect, params, row};
use kernel::id::TypedId;
use kernel::{CommandId, Fault, Timestamp};

/// How long a server holds a message before others may think it dead; renewed while the receiver works.
pub(super) const LEASE_SECONDS: i64 = 60;
/// After so many failures a message becomes a dead letter.
pub(super) const ATTEMPTS_MAX: u32 = 10;
/// Failures that may pass by themselves (a database or source away) are borne longer: about a week.
pub(super) const ATTEMPTS_TRANSIENT: u32 = 1_000;
const BACKOFF_MAX_SECONDS: i64 = 600;

row! {
    /// A taken message.
    pub(super) struct Taken {
        pub(super) id: CommandId,
        pub(super) topic: String,
        pub(super) subject: String,
        pub(super) body: Vec<u8>,
        pub(super) attempt: u32,
        pub(super) holder: String,
    }
}

/// A message may be taken when it is due and nothing of its subject stands before it.
const READY: &str = "FROM store_message m WHERE m.state = 'waiting' AND m.next_at <= $1 AND NOT EXISTS \
     (SELECT 1 FROM store_message e WHERE e.subject = m.subject AND (e.place < m.place OR (e.place = m.place AND e.id < m.id)))";

fn micros(at: Timestamp, seconds: i64) -> i64 {
    at.as_microsecond().saturating_add(seconds.saturating_mul(1_000_000))
}

/// Takes up to `most` messages, each of another subject.
pub(super) async fn take(ground: &Ground, most: usize) -> Result<Vec<Taken>, Fault> {
    let now = ground.clock.now();
    let store = &ground.store;
    let ready: Option<(i64,)> = store.row(&format!("SELECT 1 {READY} LIMIT 1"), params![now]).await?;
    if ready.is_none() || most == 0 {
        return Ok(Vec::new());
    }
    let holder = CommandId::new_at(now, ground.rng.as_ref()).to_string();
    let mut commit = Commit::housekeeping(now);
    let lock = dialect::skip_locked(store.backend(), "m");
    commit.exec_any(
        format!(
            "UPDATE store_message SET holder = $2, next_at = $3, attempt = attempt + 1 WHERE id IN \
             (SELECT m.id {READY} ORDER BY m.next_at LIMIT $4{lock})"
        ),
        params![now, holder, micros(now, LEASE_SECONDS), most],
    );
    store.submit(commit).await.map_err(broken)?;
    store
        .rows(
            "SELECT id, topic, subject, body, attempt, holder FROM store_message WHERE holder = $1 ORDER BY place, id",
            params![holder],
        )
        .await
}

impl Taken {
    /// The message as its receiver sees it.
    pub fn message(&self, ground: &Ground) -> Result<Message, Fault> {
        let body = ground.store.sealer().open(&body_context(self.id), &self.body)?;
        let body = serde_json::from_slice(&body).map_err(|e| Fault::from("reading a message", e))?;
        let (topic, subject) = (self.topic.clone(), self.subject.clone());
        Ok(Message { id: self.id, topic, subject, body, attempt: self.attempt })
    }

    /// Says that this server still works on it.
    pub async fn renew(&self, ground: &Ground) -> Result<(), Fault> {
        let now = ground.clock.now();
        let mut commit = Commit::housekeeping(now);
        commit.exec_any(
            "UPDATE store_message SET next_at = $3 WHERE id = $1 AND holder = $2",
            params![self.id, self.holder, micros(now, LEASE_SECONDS)],
        );
        ground.store.submit(commit).await.map_err(broken)
    }

    /// It was received: the row goes.
    pub async fn done(&self, ground: &Ground) -> Result<(), Fault> {
        let mut commit = Commit::housekeeping(ground.clock.now());
        commit.exec_any(
            "DELETE FROM store_message WHERE id = $1 AND holder = $2",
            params![self.id, self.holder],
        );
        ground.store.submit(commit).await.map_err(broken)
    }

    /// It was not received: it waits longer each time, or becomes a dead letter. Answers whether it did.
    pub async fn failed(&self, ground: &Ground, error: &str, transient: bool) -> Result<bool, Fault> {
        let now = ground.clock.now();
        let most = if transient { ATTEMPTS_TRANSIENT } else { ATTEMPTS_MAX };
        let dead = self.attempt >= most;
        let (state, next_at) =
            if dead { ("dead", now.as_microsecond()) } else { ("waiting", self.retry_at(ground, now)) };
        let error: String = error.chars().take(500).collect();
        let mut commit = Commit::housekeeping(now);
        commit.exec_any(
            "UPDATE store_message SET state = $3, next_at = $4, error = $5, holder = NULL \
             WHERE id = $1 AND holder = $2",
            params![self.id, self.holder, state, next_at, error],
        );
        ground.store.submit(commit).await.map_err(broken)?;
        Ok(dead)
    }

    /// Doubling from one second to ten minutes, the second half of it by chance, so that servers do not march in step.
    fn retry_at(&self, ground: &Ground, now: Timestamp) -> i64 {
        let doublings = self.attempt.saturating_sub(1).min(20);
        let whole = (1i64 << doublings).min(BACKOFF_MAX_SECONDS).saturating_mul(1_000_000);
        let half = whole / 2;
        let chance =
            i64::try_from(ground.rng.next_u64() % u64::try_from(half.max(1)).unwrap_or(1)).unwrap_or(0);
        now.as_microsecond().saturating_add(half).saturating_add(chance)
    }
}
