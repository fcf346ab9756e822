//! The courier: looks for due messages every 200 ms, delivers them side by side, and runs the recurring jobs.

use super::jobs::{self, Job};
use super::queue::{self, LEASE_SECONDS, Taken};
use super::{ATTEMPTS_BEFORE_BURIAL, Message, derived};
use crate::{Ground, files};
use futures::FutureExt;
use futures::future::BoxFuture;
use kernel::{Failure, Fault};
use std::collections::{HashMap, HashSet};
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How often the courier looks when there was nothing.
const POLL: Duration = Duration::from_millis(200);
/// How often it looks at the recurring jobs, and after a database that does not answer.
const POLL_SLOW: Duration = Duration::from_secs(1);
/// How many messages are in hand at once, each of another subject.
const AT_ONCE: usize = 32;

type Handler = Arc<dyn Fn(Ground, Message) -> BoxFuture<'static, Result<(), Failure>> + Send + Sync>;

/// What [`Courier::drain`] did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Drained {
    /// How many messages were delivered.
    pub delivered: usize,
    /// What went wrong; these messages are tried again later.
    pub failed: Vec<String>,
}

/// Delivers messages and runs recurring jobs.
#[derive(Clone)]
pub struct Courier {
    ground: Ground,
    handlers: HashMap<&'static str, Vec<Handler>>,
    jobs: Vec<Job>,
}

impl Courier {
    /// A courier without subscriptions; it sweeps what the store itself leaves behind.
    pub fn new(ground: Ground) -> Self {
        Self { ground, handlers: HashMap::new(), jobs: Vec::new() }
            .every("store.commands", Duration::from_secs(3_600), jobs::sweep_commands)
            .every("store.files", Duration::from_secs(86_400), files::sweep)
    }

    /// Subscribes `handler` to `topic`. It must bear being called twice with one message: it commits under
    /// `message.id` (see [`crate::receive!`]). A second subscription to a topic gets an id of its own.
    #[must_use]
    pub fn on<F, Fut>(mut self, topic: &'static str, handler: F) -> Self
    where
        F: Fn(Ground, Message) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        let handler: Handler = Arc::new(move |ground, message| handler(ground, message).boxed());
        self.handlers.entry(topic).or_default().push(handler);
        self
    }

    /// Declares that nobody needs to hear of `topic`. Without it, a message that has no receiver becomes a dead letter.
    #[must_use]
    pub fn ignore(mut self, topic: &'static str) -> Self {
        self.handlers.entry(topic).or_default();
        self
    }

    /// Runs `job` every `period`, once across all servers; a failed run is repeated within a minute.
    #[must_use]
    pub fn every<F, Fut>(mut self, name: &'static str, period: Duration, job: F) -> Self
    where
        F: Fn(Ground) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        self.jobs.push(Job { name, period, work: Arc::new(move |ground| job(ground).boxed()) });
        self
    }

    /// Starts delivering in the background.
    pub fn start(self) -> CourierHandle {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(run(Arc::new(self), stopped));
        CourierHandle { stop, task }
    }

    /// Delivers everything that is due, and what that emits in turn (for tests).
    ///
    /// # Errors
    /// A [`Fault`] of the database.
    pub async fn drain(&self) -> Result<Drained, Fault> {
        let me = Arc::new(self.clone());
        let mut drained = Drained::default();
        loop {
            let taken = queue::take(&self.ground, AT_ONCE).await?;
            if taken.is_empty() {
                return Ok(drained);
            }
            let mut at_work: JoinSet<Result<(), String>> = JoinSet::new();
            for message in taken {
                at_work.spawn(Arc::clone(&me).deliver(message));
            }
            for result in at_work.join_all().await {
                match result {
                    Ok(()) => drained.delivered += 1,
                    Err(error) => drained.failed.push(error),
                }
            }
        }
    }

    /// Runs every recurring job that is due (for tests); answers how many ran.
    ///
    /// # Errors
    /// A [`Fault`] of the database.
    pub async fn run_jobs(&self) -> Result<usize, Fault> {
        let mut ran = 0;
        for job in &self.jobs {
            if let Some(holder) = jobs::take(&self.ground, job).await? {
                self.run_job(job, &holder).await;
                ran += 1;
            }
        }
        Ok(ran)
    }

    async fn run_job(&self, job: &Job, holder: &str) {
        let ground = &self.ground;
        let work = keep_alive((job.work)(ground.clone()), || async {
            if let Err(fault) = jobs::renew(ground, job, holder).await {
                tracing::warn!(job = job.name, %fault, "a job's lease could not be renewed");
            }
        });
        let error = work.await.err().map(|(error, _)| error);
        if let Some(error) = &error {
            tracing::error!(job = job.name, error, "a recurring job failed");
        }
        if let Err(fault) = jobs::done(ground, job, holder, error).await {
            tracing::error!(job = job.name, %fault, "a recurring job could not be signed off");
        }
    }

    /// Hands one message to its receivers and signs it off, or gives it back.
    async fn deliver(self: Arc<Self>, taken: Taken) -> Result<(), String> {
        let ground = &self.ground;
        let result = self.receive(&taken).await;
        let signed = match &result {
            Ok(()) => taken.done(ground).await,
            Err((error, transient)) => match taken.failed(ground, error, *transient).await {
                Ok(true) => {
                    tracing::error!(topic = taken.topic, subject = taken.subject, id = %taken.id, error, "a dead letter");
                    Ok(())
                }
                Ok(false) => {
                    tracing::warn!(topic = taken.topic, subject = taken.subject, id = %taken.id, attempt = taken.attempt, error, "a message was not received");
                    Ok(())
                }
                Err(fault) => Err(fault),
            },
        };
        if let Err(fault) = signed {
            // Nothing is lost: when the lease has run out, the message comes again, and its receiver acts once.
            tracing::warn!(topic = taken.topic, id = %taken.id, %fault, "a message could not be signed off");
        }
        result.map_err(|(error, _)| format!("{} about {}: {error}", taken.topic, taken.subject))
    }

    async fn receive(&self, taken: &Taken) -> Result<(), (String, bool)> {
        if taken.attempt > ATTEMPTS_BEFORE_BURIAL {
            return Err(("the program ended again and again while receiving it".to_owned(), false));
        }
        let Some(handlers) = self.handlers.get(taken.topic.as_str()) else {
            return Err((format!("nobody receives {}", taken.topic), false));
        };
        let first = taken.message(&self.ground).map_err(|fault| (fault.to_string(), fault.transient))?;
        for (index, handler) in handlers.iter().enumerate() {
            let mut message = first.clone();
            if index > 0 {
                message.id = derived(first.id, index + 2_000);
            }
            keep_alive(handler(self.ground.clone(), message), || async {
                if let Err(fault) = taken.renew(&self.ground).await {
                    tracing::warn!(topic = taken.topic, %fault, "a message's lease could not be renewed");
                }
            })
            .await?;
        }
        Ok(())
    }
}

/// Runs `work`, renewing its lease meanwhile; a panic is a failure like any other. The error says whether it may pass.
async fn keep_alive<Fut: Future<Output = ()>>(
    work: BoxFuture<'static, Result<(), Failure>>,
    renew: impl Fn() -> Fut,
) -> Result<(), (String, bool)> {
    let mut work = AssertUnwindSafe(work).catch_unwind();
    let third = Duration::from_secs(u64::try_from(LEASE_SECONDS / 3).unwrap_or(20));
    loop {
        match tokio::time::timeout(third, &mut work).await {
            Err(_) => renew().await,
            Ok(Ok(Ok(()))) => return Ok(()),
            Ok(Ok(Err(Failure::Fault(fault)))) => return Err((fault.to_string(), fault.transient)),
            Ok(Ok(Err(Failure::Refused(refusal)))) => return Err((refusal.to_string(), false)),
            Ok(Err(_)) => return Err(("the receiver panicked".to_owned(), false)),
        }
    }
}

/// What a finished task was: a job by its name, or a message.
type Finished = Option<&'static str>;

async fn run(courier: Arc<Courier>, mut stopped: watch::Receiver<bool>) {
    let mut at_work: JoinSet<Finished> = JoinSet::new();
    let mut jobs_running: HashSet<&'static str> = HashSet::new();
    let mut jobs_looked_at: Option<tokio::time::Instant> = None;
    while !*stopped.borrow() {
        if jobs_looked_at.is_none_or(|at| at.elapsed() >= POLL_SLOW) {
            jobs_looked_at = Some(tokio::time::Instant::now());
            begin_jobs(&courier, &mut at_work, &mut jobs_running).await;
        }
        let room = (AT_ONCE + jobs_running.len()).saturating_sub(at_work.len());
        let pause = match queue::take(&courier.ground, room).await {
            Err(fault) => {
                tracing::warn!(%fault, "the outbox cannot be read");
                POLL_SLOW
            }
            Ok(taken) if taken.is_empty() => POLL,
            Ok(taken) => {
                for message in taken {
                    let courier = Arc::clone(&courier);
                    at_work.spawn(courier.deliver(message).map(|_| None));
                }
                continue;
            }
        };
        tokio::select! {
            finished = at_work.join_next(), if !at_work.is_empty() => forget(&mut jobs_running, finished),
            () = tokio::time::sleep(pause) => {}
            _ = stopped.changed() => break,
        }
        while let Some(finished) = at_work.try_join_next() {
            forget(&mut jobs_running, Some(finished));
        }
    }
    while at_work.join_next().await.is_some() {}
}

fn forget(running: &mut HashSet<&'static str>, finished: Option<Result<Finished, tokio::task::JoinError>>) {
    match finished {
        Some(Ok(Some(job))) => {
            running.remove(job);
        }
        // A job's own panic is caught before this; should a task be lost all the same, jobs are looked at afresh.
        Some(Err(_)) => running.clear(),
        _ => {}
    }
}

async fn begin_jobs(
    courier: &Arc<Courier>,
    at_work: &mut JoinSet<Finished>,
    running: &mut HashSet<&'static str>,
) {
    for job in &courier.jobs {
        if running.contains(job.name) {
            continue;
        }
        match jobs::take(&courier.ground, job).await {
            Ok(None) => {}
            Ok(Some(holder)) => {
                running.insert(job.name);
                let (courier, job) = (Arc::clone(courier), job.clone());
                at_work.spawn(async move {
                    courier.run_job(&job, &holder).await;
                    Some(job.name)
                });
            }
            Err(fault) => {
                tracing::warn!(job = job.name, %fault, "the recurring jobs cannot be read");
                return;
            }
        }
    }
}

/// A started courier.
pub struct CourierHandle {
    stop: watch::Sender<bool>,
    task: tokio::task::JoinHandle<()>,
}

impl CourierHandle {
    /// Takes no more messages, waits for those in hand, and ends.
    pub async fn stop(self) {
        let _ = self.stop.send(true);
        if let Err(error) = self.task.await {
            tracing::error!(%error, "the courier ended badly");
        }
    }
}
