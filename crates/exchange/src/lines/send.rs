//! The way out: a row and a message with the caller's commit, then posted until the line system has taken it.

use super::sign::{self, Way};
use super::{Dispatch, DispatchId, DispatchState, LineSystem, LineSystems, sweep};
use crate::store::lines::{self as rows, NewDispatch, SendRow};
use ::store::outbox::{Courier, Message};
use ::store::{Cx, Ground, command};
use async_trait::async_trait;
use kernel::{ActorRef, Failure, Fault, Lang, Outcome, PersonId, rng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use trace::{Look, Purpose};

/// How HTTP is spoken; `app` plugs it in.
#[async_trait]
pub trait Post: Send + Sync {
    /// Posts `body` to `url` and answers the status and the answer's body. Follows no redirects.
    ///
    /// # Errors
    /// Why no answer came, for the log and the operator; never what was posted.
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String>;
}

pub(crate) const DISPATCH: &str = "exchange.dispatch";
pub(crate) const BODY: &str = "exchange_dispatch.body";

/// Which dispatch is to be posted; `round` counts how often somebody sent it anew.
#[derive(Serialize, Deserialize)]
struct Told {
    id: DispatchId,
    round: i64,
}

/// What a line system reads.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Outgoing {
    pub(crate) dispatch: DispatchId,
    pub(crate) task: String,
    pub(crate) number: String,
    pub(crate) body: Value,
}

/// Adds to the commit that `dispatch` goes to its line system: at least once, however long that is away. One task is
/// handed to a line system once; a second dispatch of it conflicts.
///
/// # Errors
/// A [`Fault`] when it cannot be written as JSON or sealed.
pub fn dispatch(cx: &mut Cx, dispatch: &Dispatch) -> Outcome<()> {
    let doing = |e| Fault::from("writing a dispatch", e);
    let id: DispatchId = cx.new_id();
    let body = serde_json::to_vec(&dispatch.body).map_err(doing)?;
    let body = cx.ground.store.sealer().seal(BODY, &body)?;
    rows::insert(&mut cx.commit, &NewDispatch { id, dispatch, body, at: cx.now });
    emit(cx, id, 1)
}

/// As [`dispatch()`], when the body tells of people: that their data went there is recorded as a look for each of them,
/// with the ground `dispatch` and the number as its case, and shown to them.
///
/// # Errors
/// As [`dispatch()`].
pub fn dispatch_about(cx: &mut Cx, one: &Dispatch, people: &[PersonId]) -> Outcome<()> {
    for person in people {
        let purpose = Purpose::in_case("dispatch", &one.number);
        trace::look(cx, &Look { person: *person, fields: vec![one.system.clone()], purpose })?;
    }
    dispatch(cx, one)
}

/// A line system that does not answer holds up only its own dispatch: each is a subject of its own.
pub(crate) fn emit(cx: &mut Cx, id: DispatchId, round: i64) -> Outcome<()> {
    cx.commit.emit(DISPATCH, &format!("dispatch:{id}"), &Told { id, round })?;
    Ok(())
}

/// Subscribes the way out, and sweeps used nonces.
pub fn courier(courier: Courier, systems: LineSystems, post: Arc<dyn Post>) -> Courier {
    courier
        .on(DISPATCH, move |ground, message| {
            let (systems, post) = (systems.clone(), Arc::clone(&post));
            async move { send(&ground, &systems, post.as_ref(), &message).await }
        })
        .every("exchange.sweep", Duration::from_secs(3_600), |ground| async move { sweep(&ground).await })
}

async fn send(
    ground: &Ground,
    systems: &LineSystems,
    post: &dyn Post,
    message: &Message,
) -> Result<(), Failure> {
    let told: Told = message.parse()?;
    let Some(row) = open_dispatch(ground, &told).await? else { return Ok(()) };
    let tried = match systems.get(&row.system) {
        None => Err((1, format!("no line system called {:?} is plugged in", row.system))),
        Some(system) => {
            try_once(ground, system, post, told.id, &row).await.map_err(|why| (system.tries, why))
        }
    };
    let failed = tried.err();
    command!(ground, Lang::default(), ActorRef::system(), |cx| note(&mut cx, &told, failed.as_ref()).await)?;
    match failed {
        None => Ok(()),
        Some((_, why)) => {
            tracing::warn!(system = row.system, dispatch = %told.id, why, "a line system did not take a dispatch");
            Err(Fault::new(why).transient().into())
        }
    }
}

/// The dispatch as it stands, if this message still has something to do for it.
async fn open_dispatch(ground: &Ground, told: &Told) -> Result<Option<SendRow>, Fault> {
    let row = rows::to_send(&ground.store, told.id).await?;
    Ok(row.filter(|row| {
        row.round == told.round && matches!(row.state, DispatchState::Waiting | DispatchState::Stuck)
    }))
}

async fn try_once(
    ground: &Ground,
    system: &LineSystem,
    post: &dyn Post,
    id: DispatchId,
    row: &SendRow,
) -> Result<(), String> {
    let Some(sealed) = &row.body else { return Err("its body is gone".to_owned()) };
    let body = ground.store.sealer().open(BODY, sealed).map_err(|fault| fault.to_string())?;
    let body: Value = serde_json::from_slice(&body).map_err(|e| e.to_string())?;
    let outgoing = json!(Outgoing { dispatch: id, task: row.task.clone(), number: row.number.clone(), body });
    let body = outgoing.to_string().into_bytes();
    let nonce = hex::encode(rng::bytes::<16>(ground.rng.as_ref()));
    let now = ground.clock.now();
    let headers = sign::headers(Way::Dispatch, &system.key_id, &system.secret, now, &nonce, &body)
        .map_err(|fault| fault.to_string())?;
    let patience = Duration::from_secs(system.timeout_seconds);
    match tokio::time::timeout(patience, post.post(&system.url, &headers, &body)).await {
        Err(_) => Err(format!("no answer within {} s", system.timeout_seconds)),
        Ok(Err(why)) => Err(why),
        // 409: it has this dispatch already.
        Ok(Ok((200..=299 | 409, _))) => Ok(()),
        Ok(Ok((status, _))) => Err(format!("it answered {status}")),
    }
}

/// Writes down how the try went. An answer that was faster than this note stands.
async fn note(cx: &mut Cx, told: &Told, failed: Option<&(i64, String)>) -> Outcome<()> {
    let Some(row) = open_dispatch(&cx.ground, told).await? else { return Ok(()) };
    match failed {
        None => rows::sent(&mut cx.commit, told.id, &row, cx.now),
        Some((most, why)) => {
            let state = if row.tries + 1 >= *most { DispatchState::Stuck } else { row.state };
            let why: String = why.chars().filter(|c| !c.is_control()).take(500).collect();
            rows::failed(&mut cx.commit, told.id, &row, state, &why);
        }
    }
    Ok(())
}
