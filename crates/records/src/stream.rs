//! A selection of cases as a stream of bytes: one page is read, written and sent before the next is asked for.

use crate::feed::{Depth, Feed};
use crate::model::CaseRecord;
use bytes::Bytes;
use futures::Stream;
use kernel::{Failure, Fault};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How cases are written.
pub trait Shape: Send + Sync {
    /// How much of each case it needs.
    fn depth(&self) -> Depth;
    /// What stands before the first case.
    ///
    /// # Errors
    /// A fault of writing.
    fn head(&self, out: &mut Vec<u8>) -> Result<(), Fault>;
    /// One case.
    ///
    /// # Errors
    /// A fault of writing.
    fn case(&self, out: &mut Vec<u8>, case: &CaseRecord) -> Result<(), Fault>;
    /// What stands after the last case.
    ///
    /// # Errors
    /// A fault of writing.
    fn tail(&self, out: &mut Vec<u8>) -> Result<(), Fault>;
}

/// What an export came to; shared, so that whoever started it can look while it runs.
#[derive(Debug, Default)]
pub struct Meter {
    cases: AtomicUsize,
    acts: AtomicUsize,
    largest_page: AtomicUsize,
    largest_chunk: AtomicUsize,
}

impl Meter {
    /// How many cases have been written.
    pub fn cases(&self) -> usize {
        self.cases.load(Ordering::Relaxed)
    }

    /// How many acts have been written.
    pub fn acts(&self) -> usize {
        self.acts.load(Ordering::Relaxed)
    }

    /// How many cases were held at once, at most.
    pub fn largest_page(&self) -> usize {
        self.largest_page.load(Ordering::Relaxed)
    }

    /// How many bytes were held at once, at most.
    pub fn largest_chunk(&self) -> usize {
        self.largest_chunk.load(Ordering::Relaxed)
    }
}

enum Place {
    Head,
    After(Option<String>),
    Tail,
    End,
}

/// The cases of `feed` written as `shape`. A failure ends the stream with an error, so that a cut-off file is seen to be one.
pub fn export(
    feed: Arc<dyn Feed>,
    shape: Arc<dyn Shape>,
    meter: Arc<Meter>,
) -> impl Stream<Item = Result<Bytes, Failure>> + Send + 'static {
    futures::stream::try_unfold(Place::Head, move |place| {
        let (feed, shape, meter) = (feed.clone(), shape.clone(), meter.clone());
        async move { step(place, feed.as_ref(), shape.as_ref(), &meter).await }
    })
}

async fn step(
    mut place: Place,
    feed: &dyn Feed,
    shape: &dyn Shape,
    meter: &Meter,
) -> Result<Option<(Bytes, Place)>, Failure> {
    let mut out = Vec::new();
    // Pages on which nothing is selected give no bytes; the reader is not woken for them.
    while out.is_empty() {
        place = match place {
            Place::Head => {
                shape.head(&mut out)?;
                Place::After(None)
            }
            Place::After(cursor) => {
                let page = feed.page(cursor.as_deref(), shape.depth()).await?;
                meter.cases.fetch_add(page.cases.len(), Ordering::Relaxed);
                meter.acts.fetch_add(page.cases.iter().map(|c| c.acts.len()).sum(), Ordering::Relaxed);
                meter.largest_page.fetch_max(page.cases.len(), Ordering::Relaxed);
                for case in &page.cases {
                    shape.case(&mut out, case)?;
                }
                page.next.map_or(Place::Tail, |next| Place::After(Some(next)))
            }
            Place::Tail => {
                shape.tail(&mut out)?;
                Place::End
            }
            Place::End => return Ok(None),
        };
    }
    meter.largest_chunk.fetch_max(out.len(), Ordering::Relaxed);
    Ok(Some((Bytes::from(out), place)))
}
