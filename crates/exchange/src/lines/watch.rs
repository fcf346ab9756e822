//! What people see of dispatches, and what they can do: lists, sending anew, calling back.

use super::{DispatchId, DispatchLine, DispatchState, send};
use crate::store::lines as rows;
use ::store::{Cx, Ground, Store, command};
use kernel::id::TypedId as _;
use kernel::{ActorRef, Fault, Lang, Outcome, Refusal, RefusalKind, clock};

/// How long a used nonce is remembered; longer than a request stays valid.
const NONCE_KEPT_SECONDS: i64 = 3_600;

/// The dispatches in a state, newest first, before the cursor.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn dispatches(
    store: &Store,
    state: DispatchState,
    before: Option<DispatchId>,
    limit: i64,
) -> Result<Vec<DispatchLine>, Fault> {
    let before = before.unwrap_or(DispatchId::from_uuid(uuid::Uuid::max()));
    rows::list(store, state, before, limit.clamp(1, 200)).await
}

/// The dispatches of a subject (`case:…`), oldest first.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn dispatches_of(store: &Store, subject: &str) -> Result<Vec<DispatchLine>, Fault> {
    rows::list_of(store, subject).await
}

/// How many dispatches wait, are sent, and are stuck (for `/metrics` and `doctor`).
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn counts(store: &Store) -> Result<(i64, i64, i64), Fault> {
    rows::counts(store).await
}

/// Sends a dispatch anew, at once: one that is stuck, or one that the line system took and lost.
///
/// # Errors
/// Not found, or `exchange.not-open` when it is answered or called back.
pub async fn resend(cx: &mut Cx, id: DispatchId) -> Outcome<()> {
    let row = rows::to_send(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if matches!(row.state, DispatchState::Answered | DispatchState::Cancelled) {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "exchange.not-open",
            "这个任务已经有结果或已经撤回，不用再发送。",
            "This task is answered or was called back; there is nothing to send.",
        )
        .into());
    }
    rows::resent(&mut cx.commit, id, &row);
    send::emit(cx, id, row.round + 1)
}

/// Calls a task back that is no longer wanted (a withdrawn case): it is posted no more, and a report on it is refused.
/// One that is answered, or was never dispatched, stays as it is.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn cancel(cx: &mut Cx, system: &str, task: &str) -> Outcome<()> {
    if let Some(row) = rows::to_answer(cx.store(), system, task).await?
        && !matches!(row.state, DispatchState::Answered | DispatchState::Cancelled)
    {
        rows::cancelled(&mut cx.commit, &row);
    }
    Ok(())
}

/// Forgets nonces that are too old to be used again; run on a schedule by [`super::courier`].
///
/// # Errors
/// A fault when the database does not answer.
pub async fn sweep(ground: &Ground) -> Outcome<()> {
    command!(ground, Lang::default(), ActorRef::system(), |cx| {
        let before = cx.now.as_microsecond() - NONCE_KEPT_SECONDS * 1_000_000;
        rows::sweep_nonces(&mut cx.commit, clock::from_micros(before));
        Outcome::Ok(())
    })
}
