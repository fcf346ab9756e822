//! Days that are over are counted once, and kept as they were.

use super::{begins_of, day_of, items_of};
use crate::model::HallCode;
use crate::rules::report::{Counted, Report, count};
use crate::rules::report_paper;
use crate::store as rows;
use ::store::{Ground, Store, command};
use jiff::SignedDuration;
use kernel::{ActorRef, Failure, Fault, Lang, Outcome, Timestamp};

/// So many are looked up at a time.
const AT_ONCE: i64 = 200;
/// So many are counted at a time; the next sweep goes on.
const COUNTED_MAX: usize = 2_000;

/// A day's report with what was recorded of paper, and when it was made final; `None` while the day is not over, or not counted yet.
///
/// # Errors
/// A fault of the store.
pub(crate) async fn report_of(
    store: &Store,
    hall: &HallCode,
    day: &str,
    now: Timestamp,
) -> Outcome<(Report, Option<Timestamp>)> {
    let (mut report, at) = match kept(store, hall, day).await? {
        Some((report, at)) => (report, Some(at)),
        None => (counted(store, hall, day, now).await?, None),
    };
    report_paper::add(&mut report, &rows::papers_of_day(store, hall, day).await?);
    Ok((report, at))
}

/// The report of a day that was counted.
pub(crate) async fn kept(
    store: &Store,
    hall: &HallCode,
    day: &str,
) -> Result<Option<(Report, Timestamp)>, Fault> {
    let Some((figures, at)) = rows::report(store, hall, day).await? else { return Ok(None) };
    let report = serde_json::from_str(&figures).map_err(|e| Fault::from("reading a hall's report", e))?;
    Ok(Some((report, at)))
}

async fn counted(store: &Store, hall: &HallCode, day: &str, now: Timestamp) -> Outcome<Report> {
    let begins = begins_of(day)?;
    let tickets = rows::of_day(store, hall, day).await?;
    let (duties, windows) = (rows::duties(store, hall, day).await?, rows::windows(store, hall).await?);
    let items = items_of(store, &tickets, &rows::businesses(store, hall).await?).await?;
    let until = now.min(begins + SignedDuration::from_hours(24));
    Ok(count(&Counted {
        tickets: &tickets,
        items: &items,
        duties: &duties,
        windows: &windows,
        begins,
        until,
    }))
}

/// Counts the days that are over and keeps them; answers how many. A hall where somebody is still being served waits for the next time.
pub(super) async fn freeze(ground: &Ground, now: Timestamp) -> Result<usize, Failure> {
    let (today, mut after, mut kept) = (day_of(now), (String::new(), String::new()), 0);
    loop {
        let found = rows::uncounted(&ground.store, &today, &after, AT_ONCE).await?;
        let Some((day, hall)) = found.last().filter(|_| kept < COUNTED_MAX) else { return Ok(kept) };
        after = (day.clone(), hall.to_string());
        for (day, hall) in found {
            if !rows::busy(&ground.store, &hall, &day).await?.is_empty() {
                continue;
            }
            let done = keep(ground, &hall, &day).await;
            kept += usize::from(super::sweep::was_done(done, hall.as_str()));
        }
    }
}

async fn keep(ground: &Ground, hall: &HallCode, day: &str) -> Result<(), Failure> {
    let actor = ActorRef::system();
    command!(ground, Lang::default(), actor, |cx| {
        let now = cx.now;
        match counted(cx.store(), hall, day, now).await.and_then(|report| Ok(text_of(&report)?)) {
            Ok(figures) => {
                rows::keep_report(&mut cx.commit, hall, day, &figures, now);
                Ok(())
            }
            Err(failure) => Err(failure),
        }
    })
}

fn text_of(report: &Report) -> Result<String, Fault> {
    serde_json::to_string(report).map_err(|e| Fault::from("writing a hall's report", e))
}
