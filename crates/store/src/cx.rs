//! What a verb gets: the store, the time, chance, the language, who acts, and the commit it adds to.

use crate::{Commit, CommitError, Store};
use kernel::id::TypedId;
use kernel::{
    ActorRef, Clock, CommandId, Failure, Fault, Lang, Outcome, Refusal, RefusalKind, Rng, Timestamp,
};
use std::sync::Arc;

/// The ground a running program stands on; cheap to clone.
#[derive(Clone)]
pub struct Ground {
    /// The database, the sealed values and the files.
    pub store: Store,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance.
    pub rng: Arc<dyn Rng>,
}

impl Ground {
    /// Begins a command: a fresh context with an empty commit.
    pub fn begin(&self, lang: Lang, actor: ActorRef) -> Cx {
        let now = self.clock.now();
        let id = CommandId::new_at(now, self.rng.as_ref());
        self.begin_as(id, lang, actor)
    }

    /// Begins the command that carries `id`: a message's receiver uses the message's id, so that it acts once.
    pub fn begin_as(&self, id: CommandId, lang: Lang, actor: ActorRef) -> Cx {
        let now = self.clock.now();
        Cx { ground: self.clone(), now, lang, actor, commit: Commit::new(id, now) }
    }
}

/// The context of one attempt at one command.
pub struct Cx {
    /// The store, clock and chance.
    pub ground: Ground,
    /// The moment of this command; does not move while it is decided.
    pub now: Timestamp,
    /// The language of the person.
    pub lang: Lang,
    /// Who acts, for the trace.
    pub actor: ActorRef,
    /// The writes so far.
    pub commit: Commit,
}

impl Cx {
    /// A new id of this moment.
    pub fn new_id<T: TypedId>(&self) -> T {
        T::new_at(self.now, self.ground.rng.as_ref())
    }

    /// The store, for reading.
    pub fn store(&self) -> &Store {
        &self.ground.store
    }

    /// Sends the commit; an empty one is done at once. Prefer [`crate::command!`], which also re-runs on conflict.
    ///
    /// # Errors
    /// See [`CommitError`].
    pub async fn finish(self) -> Result<(), CommitError> {
        self.ground.store.submit(self.commit).await
    }
}

/// How often a command is decided anew on fresh state before the person is told that it is busy.
pub const ATTEMPTS_MAX: u32 = 16;

/// How long a command waits before it is decided anew, at most: some hundred clerks of one firm may hand in the same paper at once.
/// Long enough that thirty who keep losing no longer meet; a quarter of a second was not.
const PAUSE_MS_MAX: u64 = 2_048;

/// A pause by chance, longer with every attempt, so that those who lost do not meet again at once; none after the first.
pub async fn pause(ground: &Ground, attempt: u32) {
    let most = (1u64 << attempt.min(16)).min(PAUSE_MS_MAX);
    let [chance] = kernel::rng::bytes::<1>(ground.rng.as_ref());
    if attempt > 1 {
        tokio::time::sleep(std::time::Duration::from_millis(most * u64::from(chance) / 255)).await;
    }
}

/// Decides after a failed commit whether to try again.
///
/// # Errors
/// A refusal that says it is busy after [`ATTEMPTS_MAX`] attempts, or the fault.
pub fn again(attempt: u32, error: CommitError) -> Outcome<()> {
    match error {
        CommitError::Conflict(_) if attempt < ATTEMPTS_MAX => Ok(()),
        CommitError::Conflict(what) => {
            tracing::warn!(what, attempt, "a command kept losing against others");
            Err(Failure::Refused(
                Refusal::new(
                    RefusalKind::Conflict,
                    "busy",
                    "同一事项正被多人同时办理，您的操作没有生效。",
                    "Several people are working on this at the same moment; your action was not taken.",
                )
                .next(
                    "请稍候再试一次，您填写的内容仍在。",
                    "Please try again in a moment; what you typed is still there.",
                ),
            ))
        }
        CommitError::AlreadyDone => Err(Failure::Fault(Fault::new("the command id was used before"))),
        CommitError::Unknown(fault) => {
            Err(Failure::Fault(fault.while_doing("the fate of a commit is unknown")))
        }
        CommitError::Fault(fault) => Err(Failure::Fault(fault)),
    }
}

/// Runs one command: decides, commits, and on conflict decides again on fresh state.
///
/// `let case = command!(ground, lang, actor_ref, |cx| cases::accept(&mut cx, &examiner, id).await)?;`
/// The body is an expression of type `Outcome<T>`; the value is `Outcome<T>`.
#[macro_export]
macro_rules! command {
    ($ground:expr, $lang:expr, $actor:expr, |$cx:ident| $body:expr) => {{
        let mut attempt = 0u32;
        loop {
            attempt += 1;
            #[allow(unused_mut)]
            let mut $cx = $ground.begin($lang, $actor.clone());
            match $body {
                Err(failure) => break Err(failure),
                Ok(value) => match $cx.finish().await {
                    Ok(()) => break Ok(value),
                    Err(error) => {
                        if let Err(failure) = $crate::cx::again(attempt, error) {
                            break Err(failure);
                        }
                        $crate::cx::pause(&$ground, attempt).await;
                    }
                },
            }
        }
    }};
}
