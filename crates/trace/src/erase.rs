//! Legal deletion: the body goes, what may stay of it takes its place, and the chain tells of it and goes on.

use crate::canon;
use crate::model::{Algorithm, Event, Recorded, Subject};
use crate::record::{self, history, open_body};
use crate::store::{self, EventRow};
use ::store::{Cx, Sealer};
use kernel::{Fault, Outcome, Refusal, RefusalKind, rng};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// The kind of the event that tells of an erasure; in outlines and exports, not in histories.
pub const ERASED: &str = "trace.erased";

const SEAL: &str = "trace_event.kept";

/// What was erased: an event of the subject itself, so that neither the erasure nor what stays can be changed unseen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Erasure {
    /// Why, a stable machine word: `retention-over`, `court-order`.
    pub ground: String,
    /// Which events, and the commitment to what stays of each, in hexadecimal.
    pub events: BTreeMap<i64, String>,
}

impl Event for Erasure {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        ERASED
    }
}

/// Legally deletes bodies of `subject`: of each event for which `stays` answers one, that one takes the body's place —
/// the same event without what must be forgotten. Bodies and their salts go, the commitments stay, the chain stays
/// whole; an event `trace.erased` is written behind it. The subject can take further commands, decided on what stays.
/// Answers how many bodies went.
///
/// # Errors
/// A refusal when there is no such subject; a fault when its chain is broken.
pub async fn erase<E: Event>(
    cx: &mut Cx,
    subject: &Subject,
    ground: &str,
    stays: impl Fn(&Recorded<E>) -> Option<E>,
) -> Outcome<usize> {
    let (mut head, events) = history::<E>(cx.store(), subject).await?;
    if head.seq == 0 {
        return Err(Refusal::new(
            RefusalKind::NotFound,
            "trace.no-such-event",
            "没有这条留痕记录。",
            "There is no such event in the trace.",
        )
        .into());
    }
    let mut erasure = Erasure { ground: ground.to_owned(), events: BTreeMap::new() };
    for recorded in &events {
        let Some(event) = stays(recorded) else { continue };
        let value =
            serde_json::to_value(&event).map_err(|e| Fault::from("writing what stays of an event", e))?;
        let text = canon::json(&json!({"v": E::VERSION, "event": value}));
        let salt = rng::bytes::<32>(cx.ground.rng.as_ref());
        let sealed = cx.ground.store.sealer().seal(SEAL, &[salt.as_slice(), text.as_bytes()].concat())?;
        store::erase(&mut cx.commit, subject.as_str(), recorded.seq, &sealed);
        let commitment = canon::commitment(Algorithm::Sha256, &salt, &text);
        erasure.events.insert(recorded.seq, hex::encode(commitment));
    }
    let erased = erasure.events.len();
    if erased > 0 {
        let now = cx.now;
        record::record(cx, &mut head, subject, &erasure, now)?;
    }
    Ok(erased)
}

/// What the records of erasures in checked rows say of each event; of one erased twice, the last word.
pub(crate) fn commitments(sealer: &Sealer, rows: &[EventRow]) -> Result<BTreeMap<i64, String>, Fault> {
    let mut all = BTreeMap::new();
    for row in rows.iter().filter(|row| row.kind == ERASED) {
        let (_, body) = open_body(sealer, row)?
            .ok_or_else(|| Fault::new(format!("the record of an erasure, event {}, is gone", row.seq)))?;
        let erasure: Erasure =
            serde_json::from_str(&body).map_err(|e| Fault::from("reading an erasure", e))?;
        all.extend(erasure.events);
    }
    Ok(all)
}

/// The version and the body of what stays of an erased event, checked against its commitment.
pub(crate) fn what_stays(
    sealer: &Sealer,
    row: &EventRow,
    commitment: Option<&String>,
) -> Result<(i64, Value), Fault> {
    let gone = || Fault::new("it was deleted and nothing stays of it");
    let (Some(sealed), Some(commitment)) = (&row.kept, commitment) else { return Err(gone()) };
    let plain = sealer.open(SEAL, sealed)?;
    let (salt, text) = plain.split_first_chunk::<32>().ok_or_else(gone)?;
    let text = std::str::from_utf8(text).map_err(|e| Fault::from("reading what stays", e))?;
    if hex::encode(canon::commitment(Algorithm::Sha256, salt, text)) != *commitment {
        return Err(Fault::new("what stays of it is not what was committed to"));
    }
    #[derive(Deserialize)]
    struct Stays {
        v: i64,
        event: Value,
    }
    let stays: Stays = serde_json::from_str(text).map_err(|e| Fault::from("reading what stays", e))?;
    Ok((stays.v, stays.event))
}
