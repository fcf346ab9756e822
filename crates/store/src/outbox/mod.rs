//! Messages that leave with the commit that caused them, and the jobs that recur.
//!
//! **Invariant:** rows are taken by their state, never by `id > last`; of one subject only the first waiting message is
//! ever taken, and a message is gone only when its receiver said yes.

mod courier;
mod jobs;
mod queue;

pub use courier::{Courier, CourierHandle, Drained};

use crate::commit::Statement;
use crate::{Commit, Cx, Expect, Sealer, Store, params, row};
use kernel::id::TypedId;
use kernel::{CommandId, Fault, Timestamp};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A message on its way.
#[derive(Debug, Clone)]
pub struct Message {
    /// Its id, which is also the command id of what the receiver does with it.
    pub id: CommandId,
    /// `room.what-happened`.
    pub topic: String,
    /// What it is about; messages of one subject come in order.
    pub subject: String,
    /// What happened.
    pub body: serde_json::Value,
    /// Which attempt this is, from 1.
    pub attempt: u32,
}

impl Message {
    /// The body as a type.
    ///
    /// # Errors
    /// A [`Fault`] that names the topic when it is another type.
    pub fn parse<T: serde::de::DeserializeOwned>(&self) -> Result<T, Fault> {
        serde_json::from_value(self.body.clone())
            .map_err(|e| Fault::from(format!("the message {} has another body", self.topic), e))
    }

    /// The command id of the receiver's `step`-th commit beyond the first, for receivers that need several.
    pub fn id_for(&self, step: usize) -> CommandId {
        if step == 0 { self.id } else { derived(self.id, step) }
    }
}

row! {
    /// A message that could not be delivered; it waits for an operator and holds up only its own subject.
    pub struct DeadLetter {
        /// Its id.
        pub id: CommandId,
        /// Its topic.
        pub topic: String,
        /// Its subject.
        pub subject: String,
        /// How often it was tried.
        pub attempts: u32,
        /// What went wrong the last time.
        pub error: String,
        /// When it was emitted.
        pub emitted_at: Timestamp,
    }
}

/// The dead letters, oldest first, a hundred at most.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn dead(store: &Store) -> Result<Vec<DeadLetter>, Fault> {
    store
        .rows(
            "SELECT id, topic, subject, attempt, COALESCE(error, ''), emitted_at FROM store_message \
             WHERE state = 'dead' ORDER BY next_at LIMIT 100",
            vec![],
        )
        .await
}

/// How many messages wait, and how many are dead letters (for `/metrics` and `doctor`).
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn counts(store: &Store) -> Result<(i64, i64), Fault> {
    let row: Option<(i64, i64)> = store
        .row(
            "SELECT (SELECT COUNT(*) FROM store_message WHERE state = 'waiting'), \
             (SELECT COUNT(*) FROM store_message WHERE state = 'dead')",
            vec![],
        )
        .await?;
    Ok(row.unwrap_or((0, 0)))
}

/// Puts a dead letter back into its queue; a conflict when it is none (any more).
pub fn retry(cx: &mut Cx, id: CommandId) {
    cx.commit.exec(
        "UPDATE store_message SET state = 'waiting', attempt = 0, next_at = $2, holder = NULL \
         WHERE id = $1 AND state = 'dead'",
        params![id, cx.now],
    );
}

/// Receives a message: decides and commits under the message's id, so that it happens once however often it is
/// delivered. `receive!(ground, message, |cx| room::verb(&mut cx, …).await)`; the value is `Outcome<()>`.
#[macro_export]
macro_rules! receive {
    ($ground:expr, $message:expr, |$cx:ident| $body:expr) => {{
        let mut attempt = 0u32;
        loop {
            attempt += 1;
            #[allow(unused_mut)]
            let mut $cx = $ground.begin_as($message.id, kernel::Lang::default(), kernel::ActorRef::system());
            match $body {
                Err(failure) => break Err(kernel::Failure::from(failure)),
                Ok(_) => match $cx.finish().await {
                    Ok(()) | Err($crate::CommitError::AlreadyDone) => break Ok(()),
                    Err(error) => {
                        if let Err(failure) = $crate::cx::again(attempt, error) {
                            break Err(failure);
                        }
                    }
                },
            }
        }
    }};
}

/// A message that was begun so often without an end kills the program that receives it.
const ATTEMPTS_BEFORE_BURIAL: u32 = queue::ATTEMPTS_TRANSIENT + 10;

/// A message within a commit that was not sent yet.
#[derive(Clone)]
pub(crate) struct Emission {
    topic: &'static str,
    subject: String,
    body: Vec<u8>,
    due: Timestamp,
}

impl std::fmt::Debug for Emission {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} about {}", self.topic, self.subject)
    }
}

pub(crate) fn emit<'a>(
    commit: &'a mut Commit,
    topic: &'static str,
    subject: &str,
    body: &impl Serialize,
    due: Timestamp,
) -> Result<&'a mut Commit, Fault> {
    let body =
        serde_json::to_vec(body).map_err(|e| Fault::from(format!("writing the message {topic}"), e))?;
    commit.messages.push(Emission { topic, subject: subject.to_owned(), body, due });
    Ok(commit)
}

/// The `index`-th id that follows from `id`: the same moment, and 74 bits of a digest for chance.
fn derived(id: CommandId, index: usize) -> CommandId {
    let digest = Sha256::new_with_prefix(id.uuid().as_bytes()).chain_update(index.to_be_bytes()).finalize();
    let mut bytes = *id.uuid().as_bytes();
    for (to, from) in bytes.iter_mut().skip(6).zip(digest) {
        *to = from;
    }
    CommandId::from_uuid(uuid::Builder::from_bytes(bytes).with_version(uuid::Version::SortRand).into_uuid())
}

pub(crate) fn body_context(id: CommandId) -> String {
    format!("store_message.body:{id}")
}

/// An immediate message stands behind all immediate ones of its subject that still wait, whatever the servers' clocks
/// say; a later one stands where its time is.
const NOW: &str = "INSERT INTO store_message \
     (id, topic, subject, place, later, body, state, attempt, next_at, emitted_at) \
     SELECT $1, $2, $3, CASE WHEN COALESCE(MAX(place), 0) >= $4 THEN MAX(place) + 1 ELSE $4 END, 0, $5, 'waiting', 0, \
     $4, $6 FROM store_message WHERE subject = $3 AND later = 0";
const LATER: &str = "INSERT INTO store_message \
     (id, topic, subject, place, later, body, state, attempt, next_at, emitted_at) \
     VALUES ($1, $2, $3, $4, 1, $5, 'waiting', 0, $4, $6)";

/// The statement that puts the `index`-th message of command `id` into the outbox.
pub(crate) fn statement(
    sealer: &Sealer,
    id: CommandId,
    at: Timestamp,
    index: usize,
    message: &Emission,
) -> Result<Statement, Fault> {
    let id = derived(id, index + 1_000);
    let body = sealer.seal(&body_context(id), &message.body)?;
    let sql = if message.due > at { LATER } else { NOW };
    let params = params![id, message.topic, message.subject, message.due, body, at];
    Ok(Statement { sql: sql.into(), params, expect: Expect::Rows(1), guard: false })
}
