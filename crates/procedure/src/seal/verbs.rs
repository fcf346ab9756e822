//! What the operator does with seals: register, put in and out of use, and say who may apply them.

use super::{RightState, Seal, SealId, SealState};
use crate::store::seals as rows;
use ::store::Cx;
use identity::Operator;
use kernel::{AccountId, Outcome, Refusal, RefusalKind};
use serde::{Deserialize, Serialize};

/// What happened to a seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum SealEvent {
    /// It was registered.
    Registered {
        /// Its name.
        name: String,
    },
    /// Its state changed.
    Put {
        /// To which.
        state: SealState,
    },
    /// Whether the program may apply it changed.
    Automatic {
        /// Whether it may.
        yes: bool,
    },
    /// An account's right changed.
    Right {
        /// Whose.
        account: AccountId,
        /// To what.
        state: RightState,
    },
}

impl trace::Event for SealEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Registered { .. } => "registered",
            Self::Put { .. } => "put",
            Self::Automatic { .. } => "automatic",
            Self::Right { .. } => "right",
        }
    }
}

/// The seal's own chain of events.
pub fn subject(id: SealId) -> trace::Subject {
    trace::Subject::new("seal", id)
}

async fn note(cx: &mut Cx, id: SealId, event: &SealEvent) -> Outcome<()> {
    let mut head = trace::head(cx.store(), &subject(id)).await?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject(id), event, now)?;
    Ok(())
}

/// Registers a seal.
pub(crate) fn register(cx: &mut Cx, seal: &Seal) -> Outcome<trace::Head> {
    rows::insert(&mut cx.commit, seal);
    let (mut head, now) = (trace::Head::start(), cx.now);
    let event = SealEvent::Registered { name: seal.name.clone() };
    trace::record(cx, &mut head, &subject(seal.id), &event, now)?;
    Ok(head)
}

/// Sets the right of an account as part of registering the seal.
pub(crate) fn give(cx: &mut Cx, head: &mut trace::Head, seal: SealId, account: AccountId) -> Outcome<()> {
    rows::put_right(&mut cx.commit, seal, account, RightState::Held);
    let now = cx.now;
    let event = SealEvent::Right { account, state: RightState::Held };
    trace::record(cx, head, &subject(seal), &event, now)?;
    Ok(())
}

/// Lets an account of staff apply the seal.
///
/// # Errors
/// Not found; `procedure.seal-retired` for a seal out of use for ever.
pub async fn grant(cx: &mut Cx, _: &Operator, id: SealId, account: AccountId) -> Outcome<()> {
    let seal = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if seal.state == SealState::Retired {
        return Err(retired().into());
    }
    put(cx, id, account, RightState::Held).await
}

/// Takes the right away for the present.
///
/// # Errors
/// Not found when the account holds none.
pub async fn suspend(cx: &mut Cx, _: &Operator, id: SealId, account: AccountId) -> Outcome<()> {
    change(cx, id, account, &[RightState::Held], RightState::Suspended).await
}

/// Takes the right away.
///
/// # Errors
/// Not found when the account holds none.
pub async fn revoke(cx: &mut Cx, _: &Operator, id: SealId, account: AccountId) -> Outcome<()> {
    change(cx, id, account, &[RightState::Held, RightState::Suspended], RightState::Revoked).await
}

async fn change(
    cx: &mut Cx,
    id: SealId,
    account: AccountId,
    from: &[RightState],
    to: RightState,
) -> Outcome<()> {
    let rights = rows::rights(cx.store(), id).await?;
    let has = rights.iter().any(|r| r.account == account && from.contains(&r.state));
    if !has {
        return Err(Refusal::not_found().into());
    }
    put(cx, id, account, to).await
}

async fn put(cx: &mut Cx, id: SealId, account: AccountId, state: RightState) -> Outcome<()> {
    rows::put_right(&mut cx.commit, id, account, state);
    note(cx, id, &SealEvent::Right { account, state }).await
}

/// Puts a seal in or out of use; a retired one stays retired.
///
/// # Errors
/// Not found; `procedure.seal-retired`.
pub async fn set_state(cx: &mut Cx, _: &Operator, id: SealId, state: SealState) -> Outcome<()> {
    let old = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if old.state == SealState::Retired {
        return Err(retired().into());
    }
    if old.state == state {
        return Ok(());
    }
    rows::update(&mut cx.commit, &old, &Seal { state, ..old.clone() });
    note(cx, id, &SealEvent::Put { state }).await
}

/// Says whether the program may apply the seal by rule.
///
/// # Errors
/// Not found; `procedure.seal-retired`.
pub async fn set_automatic(cx: &mut Cx, _: &Operator, id: SealId, yes: bool) -> Outcome<()> {
    let old = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if old.state == SealState::Retired {
        return Err(retired().into());
    }
    if old.automatic == yes {
        return Ok(());
    }
    rows::update(&mut cx.commit, &old, &Seal { automatic: yes, ..old.clone() });
    note(cx, id, &SealEvent::Automatic { yes }).await
}

fn retired() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "procedure.seal-retired",
        "该印章已作废，不能再变更。",
        "This seal is retired and cannot be changed any more.",
    )
    .next("请登记新的印章。", "Register a new seal.")
}
