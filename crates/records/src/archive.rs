//! Closed cases become archive packages (归档): some days after a case has ended it is packed with everything that belongs to
//! it, once; a case that was reopened waits anew for its next end.

use crate::store::{self, Due};
use ::store::outbox::Message;
use ::store::{Cx, Ground};
use async_trait::async_trait;
use kernel::{ActorRef, Failure, Lang, Outcome, Timestamp};
use procedure::archive::{self, NewPackage};
use serde::Deserialize;

/// The socket by which the papers of a closed case are gathered.
#[async_trait]
pub trait Dossiers: Send + Sync {
    /// Everything that belongs into the case's package; none when the case runs (again).
    ///
    /// # Errors
    /// A refusal when it cannot be packed as it is, which a person must see to; a fault is tried again.
    async fn dossier(&self, number: &str) -> Outcome<Option<NewPackage>>;
}

/// What a message about a case's end must say; the message's subject is the case's.
#[derive(Deserialize)]
struct Ended {
    number: String,
}

/// Hears that a case has ended (`cases.closed`): from now on it waits to be packed.
///
/// # Errors
/// A fault of the store.
pub async fn on_closed(ground: &Ground, message: &Message) -> Outcome<()> {
    let ended: Ended = message.parse()?;
    ::store::receive!(ground, message, |cx| {
        store::wait(&mut cx.commit, &message.subject, &ended.number);
        Ok::<(), Failure>(())
    })
}

/// What a run of the job came to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Packed {
    /// How many cases were packed.
    pub packed: u64,
    /// How many run again and wait for their next end.
    pub running: u64,
    /// How many cannot be packed, for a person to see.
    pub stuck: u64,
}

const DAY: i64 = 86_400_000_000;
/// So many are looked up at once; each is packed by itself, for a package may be 64 MB.
const ROWS: i64 = 50;

/// Packs the cases that ended `days` days ago or earlier: the job "records.archive".
///
/// # Errors
/// A fault: what was packed before it stays packed, the rest is packed by the next run.
pub async fn archive_closed(ground: &Ground, dossiers: &dyn Dossiers, days: u16) -> Outcome<Packed> {
    let until = ground.clock.now().as_microsecond() - i64::from(days) * DAY;
    let until = kernel::clock::from_micros(until);
    let mut done = Packed::default();
    let mut after = (Timestamp::MIN, String::new());
    loop {
        let rows = store::due(&ground.store, until, &after, ROWS).await?;
        let Some(last) = rows.last() else { return Ok(done) };
        after = (last.since, last.subject.clone());
        for row in &rows {
            pack(ground, dossiers, row, &mut done).await?;
        }
    }
}

async fn pack(ground: &Ground, dossiers: &dyn Dossiers, row: &Due, done: &mut Packed) -> Outcome<()> {
    let dossier = match dossiers.dossier(&row.number).await {
        Ok(Some(dossier)) => dossier,
        Ok(None) => {
            done.running += 1;
            return put(ground, row, "running", None).await;
        }
        Err(Failure::Refused(refusal)) => {
            done.stuck += 1;
            return put(ground, row, "stuck", Some(&refusal.sentence(Lang::ZhCn))).await;
        }
        Err(fault) => return Err(fault),
    };
    let actor = ActorRef::system();
    let packed = ::store::command!(ground, Lang::default(), actor, |cx| {
        pack_in(&mut cx, row, dossier.clone()).await
    });
    match packed {
        Ok(packed) => {
            done.packed += u64::from(packed);
            Ok(())
        }
        Err(Failure::Refused(refusal)) => {
            done.stuck += 1;
            put(ground, row, "stuck", Some(&refusal.sentence(Lang::ZhCn))).await
        }
        Err(fault) => Err(fault),
    }
}

/// Packs within the commit, unless another server has done it or the case has ended anew meanwhile.
async fn pack_in(cx: &mut Cx, row: &Due, dossier: NewPackage) -> Outcome<bool> {
    if !store::still_due(cx.store(), row).await? {
        return Ok(false);
    }
    let package = archive::package(cx, dossier).await?;
    store::settle(&mut cx.commit, row, "packed", Some(&package.to_string()), None);
    Ok(true)
}

async fn put(ground: &Ground, row: &Due, state: &'static str, why: Option<&str>) -> Outcome<()> {
    let actor = ActorRef::system();
    ::store::command!(ground, Lang::default(), actor, |cx| {
        if store::still_due(cx.store(), row).await? {
            store::settle(&mut cx.commit, row, state, None, why);
        }
        Ok(())
    })
}
