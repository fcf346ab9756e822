//! Holders are told that a certificate of theirs ends: once ninety days before, and once thirty days before.

use crate::event::{CertificateEvent, subject};
use crate::model::CertificateId;
use crate::store as rows;
use ::store::{Cx, Ground, command};
use identity::letters::{self, Letter};
use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{ActorRef, Fault, Lang, Outcome, SubjectId, clock};

/// How many days before the last one, the longest time first; what a house finds when it begins counts from the time behind it.
const BEFORE: [i32; 2] = [90, 30];
/// How many are told in one commit.
const BATCH: i64 = 200;
/// How many commits one run makes; the next run goes on.
const COMMITS_MAX: usize = 100;

/// The last certificate that was told of its end, for one number of days before.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Reminded {
    pub days: i64,
    pub until: String,
    pub certificate: String,
}

/// A certificate whose holder is told.
pub(crate) struct Ending {
    pub id: CertificateId,
    pub holder: SubjectId,
    pub until: String,
}

/// Tells the holders whose certificates have come so near to their end since the last run; answers how many letters were written. Only
/// what stands is told: not what is suspended or ended, and nothing that was issued for a shorter time than that.
///
/// # Errors
/// A fault of the store; what was told until then stays told and is not told again.
pub async fn remind(ground: &Ground) -> Outcome<usize> {
    let mut told = 0;
    for days in BEFORE {
        for _ in 0..COMMITS_MAX {
            let actor = ActorRef::system();
            let some = command!(ground, Lang::ZhCn, actor, |cx| batch(&mut cx, days).await)?;
            told += some;
            if some < usize::try_from(BATCH).unwrap_or(usize::MAX) {
                break;
            }
        }
    }
    Ok(told)
}

/// One commit: letters, events, and how far it has come. Whoever else runs it at the same time loses and finds nothing left.
async fn batch(cx: &mut Cx, days: i32) -> Outcome<usize> {
    let today = clock::legal_date(cx.now);
    let old = rows::reminded(cx.store(), days.into()).await?;
    let from = match &old {
        Some(old) => old.clone(),
        None => start(today, days)?,
    };
    // what has ended since was not told in time, and the page of what ends says so
    let least = today.to_string();
    let last = after(today, days)?.to_string();
    let found = rows::ends_next(cx.store(), &from, (&least, &last), BATCH).await?;
    let Some(end) = found.last() else { return Ok(0) };
    let new = Reminded { days: days.into(), until: end.until.clone(), certificate: end.id.to_string() };
    rows::set_reminded(&mut cx.commit, old.as_ref(), &new);
    for one in &found {
        letters::tell_subject(cx, one.holder, Letter::CertificateEnding)?;
        let mut head = trace::head(cx.store(), &subject(one.id)).await?;
        let event = CertificateEvent::Reminded { days: days.unsigned_abs() };
        let now = cx.now;
        trace::record(cx, &mut head, &subject(one.id), &event, now)?;
    }
    Ok(found.len())
}

/// Where a house begins that has told nobody yet: behind what the next shorter time tells, so that nobody is told twice at once.
fn start(today: Date, days: i32) -> Result<Reminded, Fault> {
    let shorter = BEFORE.into_iter().filter(|d| *d < days).max();
    let until = match shorter {
        Some(shorter) => after(today, shorter)?,
        None => after(today, -1)?,
    };
    // greater than every id of that day
    Ok(Reminded { days: days.into(), until: until.to_string(), certificate: "~".to_owned() })
}

fn after(day: Date, days: i32) -> Result<Date, Fault> {
    day.checked_add(days.days()).map_err(|e| Fault::from("counting days", e))
}
