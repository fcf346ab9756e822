//! Writing events and reading them back typed; a history whose chain is broken is never handed out.

use crate::canon::{self, Fields};
use crate::erase;
use crate::model::{Algorithm, Event, Head, Outline, Recorded, Subject};
use crate::store::{self, EventRow};
use ::store::{Cx, Sealer, Store};
use kernel::{Fault, Outcome, Refusal, RefusalKind, Timestamp, rng};

pub(crate) const SEAL: &str = "trace_event.body";

/// Writes `event` as the next one of `subject`; `head` moves on, so that a command may write several.
///
/// # Errors
/// The refusal `trace.moment` when `occurred_at` is not in the years 1900 to 9999; a [`Fault`] when the event cannot be
/// written as JSON or sealed.
pub fn record<E: Event>(
    cx: &mut Cx,
    head: &mut Head,
    subject: &Subject,
    event: &E,
    occurred_at: Timestamp,
) -> Outcome<()> {
    let doing = || format!("recording {} of {subject}", event.kind());
    let occurred_at = bounded(occurred_at)?;
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
        occurred_at,
        recorded_at: cx.now,
        actor: canon::json(&actor),
        algorithm,
        commitment: canon::commitment(algorithm, &salt, &body),
        body: Some(cx.ground.store.sealer().seal(SEAL, &sealed).map_err(|f| f.while_doing(doing()))?),
        prev: head.hash,
        hash: [0; 32],
        kept: None,
    };
    row.hash = row_hash(subject.as_str(), &row);
    *head = Head { seq: row.seq, hash: row.hash };
    store::insert(&mut cx.commit, subject.as_str(), row);
    Ok(())
}

/// From 1900-01-01T00:00:00 in the legal zone to the end of 9999-12-29 UTC (a day short of where moments end), in seconds.
const MOMENTS: std::ops::RangeInclusive<i64> = -2_209_017_600..=253_402_127_999;

/// A moment that an event can have happened at: what lies outside is a slip of the pen, and no date of the law's.
fn bounded(at: Timestamp) -> Outcome<Timestamp> {
    if MOMENTS.contains(&at.as_second()) {
        return Ok(kernel::clock::truncate(at));
    }
    Err(Refusal::new(
        RefusalKind::Invalid,
        "trace.moment",
        "发生的时间应在1900年至9999年之间。",
        "The time it happened lies in the years 1900 to 9999.",
    )
    .next("请核对年份。", "Check the year.")
    .into())
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

/// The head of checked rows.
pub(crate) fn chain(subject: &Subject, rows: &[EventRow]) -> Result<Head, Fault> {
    let mut head = Head::start();
    for row in rows {
        if row.seq != head.seq + 1 || row.prev != head.hash || row.hash != row_hash(subject.as_str(), row) {
            return Err(Fault::new(format!("the trace of {subject} is broken at event {}", head.seq + 1)));
        }
        head = Head { seq: row.seq, hash: row.hash };
    }
    Ok(head)
}

/// The typed events of checked rows. Records of an erasure are the strongroom's own and are left out.
pub(crate) fn events<E: Event>(
    sealer: &Sealer,
    subject: &Subject,
    rows: Vec<EventRow>,
) -> Result<Vec<Recorded<E>>, Fault> {
    let kept = erase::commitments(sealer, &rows)?;
    let mut events = Vec::with_capacity(rows.len());
    for row in rows.into_iter().filter(|row| row.kind != erase::ERASED) {
        let read = |what: &str| format!("{what} event {} of {subject}", row.seq);
        let opened = open_body(sealer, &row).map_err(|f| f.while_doing(read("opening")))?;
        let erased = opened.is_none();
        let (v, body) = match opened {
            Some((_, body)) => {
                (row.v, serde_json::from_str(&body).map_err(|e| Fault::from(read("reading"), e))?)
            }
            None => erase::what_stays(sealer, &row, kept.get(&row.seq))
                .map_err(|f| f.while_doing(read("reading")))?,
        };
        let body = E::upgrade(v, body).map_err(|f| f.while_doing(read("reading")))?;
        events.push(Recorded {
            seq: row.seq,
            occurred_at: row.occurred_at,
            recorded_at: row.recorded_at,
            actor: serde_json::from_str(&row.actor).map_err(|e| Fault::from(read("reading"), e))?,
            event: serde_json::from_value(body).map_err(|e| Fault::from(read("reading"), e))?,
            hash: row.hash,
            erased,
        });
    }
    Ok(events)
}

/// All events of `subject`, oldest first, and the head to write on from. Of an event that was legally deleted stands
/// there what stays of it ([`erase()`](crate::erase())); the head counts the records of erasures too.
///
/// # Errors
/// A [`Fault`] when the chain is broken, or an event cannot be read.
pub async fn history<E: Event>(store: &Store, subject: &Subject) -> Result<(Head, Vec<Recorded<E>>), Fault> {
    let rows = store::events(store, subject.as_str()).await?;
    let head = chain(subject, &rows)?;
    Ok((head, events(store.sealer(), subject, rows)?))
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
    let rows = store::events(store, subject.as_str()).await?;
    chain(subject, &rows)?;
    outlines(rows)
}

/// The outlines of checked rows.
pub(crate) fn outlines(rows: Vec<EventRow>) -> Result<Vec<Outline>, Fault> {
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
