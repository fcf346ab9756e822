//! Writing events and reading them back typed; a history whose chain is broken is never handed out.

use crate::canon::{self, Fields};
use crate::model::{Algorithm, Event, Head, Outline, Recorded, Subject};
use crate::store::{self, EventRow};
use ::store::{Cx, Sealer, Store};
use kernel::{Fault, Outcome, Refusal, RefusalKind, Timestamp, rng};

pub(crate) const SEAL: &str = "trace_event.body";

/// Writes `event` as the next one of `subject`; `head` moves on, so that a command may write several.
///
/// # Errors
/// A [`Fault`] when the event cannot be written as JSON or sealed.
pub fn record<E: Event>(
    cx: &mut Cx,
    head: &mut Head,
    subject: &Subject,
    event: &E,
    occurred_at: Timestamp,
) -> Result<(), Fault> {
    let doing = || format!("recording {} of {subject}", event.kind());
    let body = serde_json::to_value(event).map_err(|e| Fault::from(doing(), e))?;
    let body = canon::json(&body);
    let actor = serde_json::to_value(&cx.actor).map_err(|e| Fault::from(doing(), e))?;
    let salt = rng::bytes::<32>(cx.ground.rng.as_ref());
    let algorithm = Algorithm::chosen();
    let mut sealed = salt.to_vec();
    sealed.extend_from_slice(body.as_bytes());
    let mut row = EventRow {
        seq: head.seq + 1,
        v: E::VERSION,
        kind: event.kind().to_owned(),
        occurred_at: kernel::clock::truncate(occurred_at),
        recorded_at: cx.now,
        actor: canon::json(&actor),
        algorithm,
        commitment: canon::commitment(algorithm, &salt, &body),
        body: Some(cx.ground.store.sealer().seal(SEAL, &sealed).map_err(|f| f.while_doing(doing()))?),
        prev: head.hash,
        hash: [0; 32],
    };
    row.hash = row_hash(subject.as_str(), &row);
    *head = Head { seq: row.seq, hash: row.hash };
    store::insert(&mut cx.commit, subject.as_str(), row);
    Ok(())
}

/// The hash that `row` must have.
pub(crate) fn row_hash(subject: &str, row: &EventRow) -> [u8; 32] {
    canon::event_hash(&Fields {
        algorithm: row.algorithm,
        subject,
        seq: row.seq,
        v: row.v,
        kind: &row.kind,
        occurred_at: row.occurred_at,
        recorded_at: row.recorded_at,
        actor: &row.actor,
        commitment: &row.commitment,
        prev: &row.prev,
    })
}

/// The salt and the body of a row, checked against its commitment; `None` after a legal deletion.
pub(crate) fn open_body(sealer: &Sealer, row: &EventRow) -> Result<Option<([u8; 32], String)>, Fault> {
    let Some(sealed) = &row.body else { return Ok(None) };
    let plain = sealer.open(SEAL, sealed)?;
    let (salt, body) = plain
        .split_first_chunk::<32>()
        .ok_or_else(|| Fault::new(format!("the body of event {} is too short", row.seq)))?;
    let body = String::from_utf8(body.to_vec()).map_err(|e| Fault::from("reading a body", e))?;
    if canon::commitment(row.algorithm, salt, &body) != row.commitment {
        return Err(Fault::new(format!("the body of event {} is not the one committed to", row.seq)));
    }
    Ok(Some((*salt, body)))
}

/// The rows of a subject, their chain checked.
async fn chain(store: &Store, subject: &Subject) -> Result<(Head, Vec<EventRow>), Fault> {
    let rows = store::events(store, subject.as_str()).await?;
    let mut head = Head::start();
    for row in &rows {
        if row.seq != head.seq + 1 || row.prev != head.hash || row.hash != row_hash(subject.as_str(), row) {
            return Err(Fault::new(format!("the trace of {subject} is broken at event {}", head.seq + 1)));
        }
        head = Head { seq: row.seq, hash: row.hash };
    }
    Ok((head, rows))
}

/// All events of `subject`, oldest first, and the head to write on from.
///
/// # Errors
/// A [`Fault`] when the chain is broken, or an event was legally deleted or cannot be read.
pub async fn history<E: Event>(store: &Store, subject: &Subject) -> Result<(Head, Vec<Recorded<E>>), Fault> {
    let (head, rows) = chain(store, subject).await?;
    let mut events = Vec::with_capacity(rows.len());
    for row in rows {
        let read = |what: &str| format!("{what} event {} of {subject}", row.seq);
        let Some((_, body)) = open_body(store.sealer(), &row).map_err(|f| f.while_doing(read("opening")))?
        else {
            return Err(Fault::new(format!("event {} of {subject} was legally deleted", row.seq)));
        };
        let body = serde_json::from_str(&body).map_err(|e| Fault::from(read("reading"), e))?;
        let body = E::upgrade(row.v, body).map_err(|f| f.while_doing(read("reading")))?;
        events.push(Recorded {
            seq: row.seq,
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
            actor: serde_json::from_str(&row.actor).map_err(|e| Fault::from(read("reading"), e))?,
            event: serde_json::from_value(body).map_err(|e| Fault::from(read("reading"), e))?,
            hash: row.hash,
        });
    }
    Ok((head, events))
}

/// The head of `subject` alone, for verbs that need not read its history.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn head(store: &Store, subject: &Subject) -> Result<Head, Fault> {
    Ok(store::head(store, subject.as_str()).await?.map_or(Head::start(), |(seq, hash)| Head { seq, hash }))
}

/// The events of `subject` without their bodies: nothing is opened, so it is no look.
///
/// # Errors
/// A [`Fault`] when the chain is broken.
pub async fn outline(store: &Store, subject: &Subject) -> Result<Vec<Outline>, Fault> {
    let (_, rows) = chain(store, subject).await?;
    rows.into_iter()
        .map(|row| {
            Ok(Outline {
                seq: row.seq,
                kind: row.kind,
                occurred_at: row.occurred_at,
                recorded_at: row.recorded_at,
                actor: serde_json::from_str(&row.actor).map_err(|e| Fault::from("reading an actor", e))?,
                hash: hex::encode(row.hash),
                erased: row.body.is_none(),
            })
        })
        .collect()
}

/// Legally deletes the body of one event: salt and body go together, the commitment stays, the chain stays whole.
///
/// # Errors
/// A refusal when there is no such event.
pub async fn erase(cx: &mut Cx, subject: &Subject, seq: i64) -> Outcome<()> {
    if store::hash_at(cx.store(), subject.as_str(), seq).await?.is_none() {
        return Err(Refusal::new(
            RefusalKind::NotFound,
            "trace.no-such-event",
            "没有这条留痕记录。",
            "There is no such event in the trace.",
        )
        .into());
    }
    store::erase(&mut cx.commit, subject.as_str(), seq);
    Ok(())
}
