//! Many subjects at a time, for exports and counts: stretch by stretch, in memory that does not grow.

use crate::model::{Event, Head, Outline, Recorded, Subject};
use crate::record::{chain, events, outlines};
use crate::store::{self, EventRow};
use ::store::Store;
use kernel::Fault;
use std::collections::HashMap;

/// How many subjects are read at once at most.
const SUBJECTS_MAX: i64 = 500;

/// A subject with its events.
#[derive(Debug, Clone)]
pub struct Traced<T> {
    /// The subject.
    pub subject: Subject,
    /// Its head.
    pub head: Head,
    /// Its events, oldest first.
    pub events: Vec<T>,
}

/// Some subjects, and from where to read on.
#[derive(Debug, Clone)]
pub struct Stretch<T> {
    /// The subjects, each whole.
    pub subjects: Vec<Traced<T>>,
    /// The cursor of the next stretch; nothing after the last.
    pub next: Option<String>,
}

/// The subjects of a kind (`case`) with their typed events, after the cursor, at most `limit` (500 at most). Subjects of
/// one moment come together; one made meanwhile comes in its place or not at all. Whoever gets bodies has the right to
/// them and records the look.
///
/// # Errors
/// A [`Fault`] when a chain is broken, an event cannot be read, or the database does not answer.
pub async fn stream<E: Event>(
    store: &Store,
    kind: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Stretch<Recorded<E>>, Fault> {
    let (subjects, next) = page(store, kind, after, limit).await?;
    Ok(Stretch { subjects: histories(store, &subjects).await?, next })
}

/// As [`stream`], without the bodies: nothing is opened, so it is no look.
///
/// # Errors
/// A [`Fault`] when a chain is broken or the database does not answer.
pub async fn stream_outlines(
    store: &Store,
    kind: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<Stretch<Outline>, Fault> {
    let (subjects, next) = page(store, kind, after, limit).await?;
    let subjects = read(store, &subjects, |_, rows| outlines(rows)).await?;
    Ok(Stretch { subjects, next })
}

/// The histories of these subjects (500 at most) in one query, in their order; one without events is left out.
///
/// # Errors
/// A [`Fault`] when a chain is broken, an event cannot be read, or the database does not answer.
pub async fn histories<E: Event>(
    store: &Store,
    subjects: &[Subject],
) -> Result<Vec<Traced<Recorded<E>>>, Fault> {
    read(store, subjects, |subject, rows| events(store.sealer(), subject, rows)).await
}

async fn page(
    store: &Store,
    kind: &str,
    after: Option<&str>,
    limit: i64,
) -> Result<(Vec<Subject>, Option<String>), Fault> {
    let first = format!("{kind}:");
    let limit = limit.clamp(1, SUBJECTS_MAX);
    let subjects = store::subjects(store, kind, after.unwrap_or(&first), limit).await?;
    let full = i64::try_from(subjects.len()).is_ok_and(|n| n == limit);
    let next = subjects.last().filter(|_| full).map(|s| s.as_str().to_owned());
    Ok((subjects, next))
}

async fn read<T>(
    store: &Store,
    subjects: &[Subject],
    open: impl Fn(&Subject, Vec<EventRow>) -> Result<Vec<T>, Fault>,
) -> Result<Vec<Traced<T>>, Fault> {
    if subjects.is_empty() {
        return Ok(Vec::new());
    }
    if i64::try_from(subjects.len()).is_ok_and(|n| n > SUBJECTS_MAX) {
        return Err(Fault::new(format!("{} subjects are too many for one reading", subjects.len())));
    }
    let mut rows: HashMap<String, Vec<EventRow>> = HashMap::new();
    for row in store::events_of(store, subjects).await? {
        rows.entry(row.subject).or_default().push(row.event);
    }
    let mut traced = Vec::with_capacity(subjects.len());
    for subject in subjects {
        if let Some(rows) = rows.remove(subject.as_str()) {
            let head = chain(subject, &rows)?;
            traced.push(Traced { subject: subject.clone(), head, events: open(subject, rows)? });
        }
    }
    Ok(traced)
}
