//! What the operator sees and does: which sources answer, the failure switch of the demo registers, the questions asked.

use crate::store::{self, FetchId};
use crate::{SharingClass, Sources};
use ::store::{Cx, Store};
use kernel::id::TypedId;
use kernel::{ActorRef, AgencyCode, Fault, Outcome, PersonId, Text, Timestamp};
use trace::Purpose;

/// How a source is doing.
#[derive(Debug, Clone)]
pub struct SourceState {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: Text,
    /// Who keeps it.
    pub agency: AgencyCode,
    /// Under which conditions it may be asked.
    pub sharing: SharingClass,
    /// Whether the operator switched it off.
    pub switched_off: bool,
    /// Since when it has not answered, and what it said last.
    pub down: Option<(Timestamp, String)>,
}

/// How all sources are doing.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn states(store: &Store, sources: &Sources) -> Result<Vec<SourceState>, Fault> {
    let mut states = Vec::new();
    for source in sources.all() {
        let circuit = store::circuit(store, source.id()).await?;
        states.push(SourceState {
            id: source.id().to_owned(),
            name: source.name(),
            agency: source.agency(),
            sharing: source.sharing(),
            switched_off: store::down(store, source.id()).await?,
            down: circuit.map(|c| (c.since, c.why)),
        });
    }
    Ok(states)
}

/// Switches a demo register off or on again; the circuit is closed with it, so that the change shows at once.
///
/// # Errors
/// A [`Fault`] when the actor cannot be written.
pub fn set_down(cx: &mut Cx, id: &str, down: bool) -> Outcome<()> {
    let actor =
        serde_json::to_string(&cx.actor).map_err(|e| Fault::from("writing who switched a source", e))?;
    store::put_switch(&mut cx.commit, id, down, cx.now, &actor);
    store::close_circuit(&mut cx.commit, id);
    Ok(())
}

/// A question that was asked.
#[derive(Debug, Clone)]
pub struct FetchRow {
    /// Its id, also the cursor for the next page.
    pub id: FetchId,
    /// When.
    pub at: Timestamp,
    /// Who asked.
    pub actor: ActorRef,
    /// Whom it concerned.
    pub person: Option<PersonId>,
    /// Why.
    pub purpose: Purpose,
    /// By which keys; never their values.
    pub keys: Vec<String>,
}

/// The questions put to `source`, newest first, before the cursor.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn fetches(
    store: &Store,
    source: &str,
    before: Option<FetchId>,
    limit: i64,
) -> Result<Vec<FetchRow>, Fault> {
    let doing = |e| Fault::from("reading a recorded question", e);
    // The greatest id there is; a sign such as `~` sorts before letters in many a database's own order.
    let before = before.unwrap_or(TypedId::from_uuid(uuid::Uuid::max())).to_string();
    store::fetches(store, source, &before, limit.clamp(1, 200))
        .await?
        .into_iter()
        .map(|line| {
            Ok(FetchRow {
                id: line.id,
                at: line.at,
                actor: serde_json::from_str(&line.actor).map_err(doing)?,
                person: line.person,
                purpose: Purpose { ground: line.ground, case: line.case },
                keys: serde_json::from_str(&line.keys).map_err(doing)?,
            })
        })
        .collect()
}
