//! How long others like it took, honestly: cases that still run are not forgotten, or the stuck ones would make it look fast.

use crate::store as rows;
use ::store::Store;
use kernel::{Fault, Timestamp};
use std::time::Duration;

/// So many of the cases decided last are looked at, and as many that still run, those longest under way first.
const LOOKED_AT: i64 = 200;
/// Fewer decided cases say nothing.
const FEWEST: usize = 5;

/// How long cases of an item took lately, from filing to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Took {
    /// Half of them took no longer.
    pub median: Option<Duration>,
    /// Nine of ten took no longer.
    pub p90: Option<Duration>,
    /// How many had been decided.
    pub decided: usize,
    /// How many still run and were counted as far as they have come.
    pub running: usize,
}

/// How long cases of this item took lately: the 200 decided last, together with those that still run. A running case is counted
/// as censored (Kaplan and Meier, 1958): it is known to take at least as long as it has taken so far, so it stands among those
/// not yet done until then and leaves the reckoning there. Where so many still run that no tenth part remains, the percentile
/// cannot be told and is none, rather than a number that the stuck cases bend. None at all under five decided cases.
///
/// # Errors
/// A fault of the store.
pub async fn took(store: &Store, item_key: &str, now: Timestamp) -> Result<Option<Took>, Fault> {
    let closed = rows::closed_spans(store, item_key, LOOKED_AT).await?;
    let running = rows::running_spans(store, item_key, LOOKED_AT).await?;
    let span = |from: Timestamp, to: Timestamp| (to.as_microsecond() - from.as_microsecond()).max(0);
    let done: Vec<i64> = closed.iter().map(|(from, to)| span(*from, *to)).collect();
    let open: Vec<i64> = running.iter().map(|from| span(*from, now)).collect();
    Ok(reckon(&done, &open))
}

/// So many of the cases filed last say what is asked for most.
const LATELY: i64 = 1_000;

/// The items of which most was filed lately, with how many of the last thousand filings were theirs; what was imported does not
/// count. Reads a thousand entries of an index, however many cases there are.
///
/// # Errors
/// A fault of the store.
pub async fn most_filed(store: &Store, limit: i64) -> Result<Vec<(String, i64)>, Fault> {
    rows::most_filed(store, LATELY, limit).await
}

fn reckon(done: &[i64], open: &[i64]) -> Option<Took> {
    if done.len() < FEWEST {
        return None;
    }
    let mut all: Vec<(i64, bool)> =
        done.iter().map(|t| (*t, true)).chain(open.iter().map(|t| (*t, false))).collect();
    // At one length the ends come before those that leave the reckoning there.
    all.sort_by_key(|(t, ended)| (*t, !ended));
    let mut left = all.len();
    let mut share_left = 1.0_f64;
    let (mut median, mut p90) = (None, None);
    for (length, ended) in all {
        if ended {
            share_left *= 1.0 - 1.0 / left as f64;
        }
        left -= 1;
        let length = Duration::from_micros(u64::try_from(length).unwrap_or(0));
        if median.is_none() && share_left <= 0.5 + f64::EPSILON {
            median = Some(length);
        }
        if p90.is_none() && share_left <= 0.1 + 1e-9 {
            p90 = Some(length);
        }
    }
    Some(Took { median, p90, decided: done.len(), running: open.len() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400_000_000;

    fn days(took: Option<Duration>) -> Option<u64> {
        took.map(|d| d.as_secs() / 86_400)
    }

    #[test]
    fn without_running_cases_it_is_the_plain_percentile() {
        let done: Vec<i64> = (1..=10).map(|n| n * DAY).collect();
        let took = reckon(&done, &[]).unwrap();
        assert_eq!((days(took.median), days(took.p90)), (Some(5), Some(9)));
    }

    #[test]
    fn stuck_cases_make_it_longer_and_never_shorter() {
        let done: Vec<i64> = (1..=10).map(|n| n * DAY).collect();
        let took = reckon(&done, &[6 * DAY; 5]).unwrap();
        assert!(days(took.median) > Some(5), "{took:?}");
        let took = reckon(&done, &[90 * DAY; 20]).unwrap();
        assert_eq!((took.median, took.p90), (None, None), "most still run: nobody can tell");
        let fresh = reckon(&done, &[0; 50]).unwrap();
        assert_eq!(days(fresh.median), Some(5), "what was filed just now says nothing yet");
    }

    #[test]
    fn a_handful_says_nothing() {
        assert_eq!(reckon(&[DAY; 4], &[]), None);
    }
}
