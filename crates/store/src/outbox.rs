//! Messages that leave with the commit that caused them.

use crate::{Commit, Cx, Ground, Store};
use kernel::{CommandId, Failure, Fault, Timestamp};
use serde::Serialize;
use std::future::Future;
use std::time::Duration;

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
}

/// A message that could not be delivered; it waits for an operator and holds up only its own subject.
#[derive(Debug, Clone)]
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

/// What [`Courier::drain`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drained {
    /// How many messages were delivered.
    pub delivered: usize,
    /// What went wrong; these messages are tried again later.
    pub failed: Vec<String>,
}

/// Delivers messages and runs recurring jobs.
pub struct Courier;

impl Courier {
    /// A courier without subscriptions.
    pub fn new(ground: Ground) -> Self {
        let _ = ground;
        Self
    }

    /// Subscribes `handler` to `topic`.
    #[must_use]
    pub fn on<F, Fut>(self, topic: &'static str, handler: F) -> Self
    where
        F: Fn(Ground, Message) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let _ = (topic, handler);
        self
    }

    /// Declares that nobody needs to hear of `topic`.
    #[must_use]
    pub fn ignore(self, topic: &'static str) -> Self {
        let _ = topic;
        self
    }

    /// Runs `job` every `period`, once across all servers.
    #[must_use]
    pub fn every<F, Fut>(self, name: &'static str, period: Duration, job: F) -> Self
    where
        F: Fn(Ground) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let _ = (name, period, job);
        self
    }

    /// Starts delivering in the background.
    pub fn start(self) -> CourierHandle {
        CourierHandle
    }

    /// Delivers everything that is due, and what that emits in turn (for tests).
    ///
    /// # Errors
    /// A [`Fault`] of the database.
    pub async fn drain(&self) -> Result<Drained, Fault> {
        Err(Fault::new("not built yet"))
    }

    /// Runs every recurring job that is due (for tests); answers how many ran.
    ///
    /// # Errors
    /// A [`Fault`] of the database.
    pub async fn run_jobs(&self) -> Result<usize, Fault> {
        Err(Fault::new("not built yet"))
    }
}

/// A started courier.
pub struct CourierHandle;

impl CourierHandle {
    /// Takes no more messages, waits for those in hand, and ends.
    pub async fn stop(self) {}
}

/// The dead letters, oldest first.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn dead(store: &Store) -> Result<Vec<DeadLetter>, Fault> {
    let _ = store;
    Err(Fault::new("not built yet"))
}

/// Puts a dead letter back into its queue.
pub fn retry(cx: &mut Cx, id: CommandId) {
    let _ = (cx, id);
}

pub(crate) fn emit<'a>(
    commit: &'a mut Commit,
    _topic: &'static str,
    _subject: &str,
    _body: &impl Serialize,
    _due: Timestamp,
) -> Result<&'a mut Commit, Fault> {
    Ok(commit)
}
