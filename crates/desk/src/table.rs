//! A list as a CSV file, sent while it is written: one page of it is held at a time.

use axum::body::Body;
use bytes::Bytes;
use futures::TryStreamExt as _;
use kernel::{Failure, Outcome, Timestamp, clock};
use std::future::Future;

/// How many lines are read at once.
pub(crate) const LINES: i64 = 200;

/// The lines of one page, and where the next begins.
pub(crate) struct Lines {
    pub cells: Vec<Vec<String>>,
    pub next: Option<String>,
}

enum Place {
    Head,
    After(Option<String>),
    End,
}

/// The body of a file: its head, and then page after page as `read` gives them. A failure on the way cuts it off, so that the
/// browser says that the file is not whole.
pub(crate) fn body<F, R>(head: Vec<String>, request: String, read: F) -> Body
where
    F: Fn(Option<String>) -> R + Send + Sync + 'static,
    R: Future<Output = Outcome<Lines>> + Send + 'static,
{
    let (head, read) = (std::sync::Arc::new(head), std::sync::Arc::new(read));
    let parts = futures::stream::try_unfold(Place::Head, move |place| {
        let (head, read) = (head.clone(), read.clone());
        async move { part(place, &head, read.as_ref()).await }
    });
    Body::from_stream(parts.map_err(move |failure| {
        tracing::error!(request, %failure, "a list could not be written to its end");
        std::io::Error::other("the list could not be written to its end")
    }))
}

async fn part<F, R>(mut place: Place, head: &[String], read: &F) -> Result<Option<(Bytes, Place)>, Failure>
where
    F: Fn(Option<String>) -> R,
    R: Future<Output = Outcome<Lines>>,
{
    let mut out = Vec::new();
    // An empty page gives no bytes; the reader is not woken for it.
    while out.is_empty() {
        place = match place {
            Place::Head => {
                // By this mark spreadsheets know UTF-8.
                out.extend_from_slice("\u{FEFF}".as_bytes());
                records::csv::row(&mut out, head.to_vec());
                Place::After(None)
            }
            Place::After(after) => {
                let page = read(after).await?;
                for line in page.cells {
                    records::csv::row(&mut out, line);
                }
                page.next.map_or(Place::End, |next| Place::After(Some(next)))
            }
            Place::End => return Ok(None),
        };
    }
    Ok(Some((Bytes::from(out), place)))
}

/// A moment as spreadsheets read it, in legal time.
pub(crate) fn moment(at: Timestamp) -> String {
    at.to_zoned(clock::legal_zone()).strftime("%Y-%m-%d %H:%M:%S").to_string()
}

/// `inbox-20261123-100000.csv`.
pub(crate) fn file_name(what: &str, now: Timestamp) -> String {
    format!("{what}-{}.csv", now.to_zoned(clock::legal_zone()).strftime("%Y%m%d-%H%M%S"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::Fault;

    async fn text(body: Body) -> Result<String, String> {
        let bytes = axum::body::to_bytes(body, 1 << 20).await.map_err(|e| e.to_string())?;
        String::from_utf8(bytes.to_vec()).map_err(|e| e.to_string())
    }

    #[tokio::test]
    async fn page_after_page_and_no_cell_is_a_formula() {
        let pages = |after: Option<String>| async move {
            let n: u32 = after.map_or(0, |a| a.parse().unwrap());
            let cells = if n == 1 { Vec::new() } else { vec![vec![format!("=A{n}"), "甲".to_owned()]] };
            Ok(Lines { cells, next: (n < 2).then(|| (n + 1).to_string()) })
        };
        let body = body(vec!["a".to_owned(), "b".to_owned()], String::new(), pages);
        assert_eq!(text(body).await.unwrap(), "\u{FEFF}a,b\r\n\"'=A0\",甲\r\n\"'=A2\",甲\r\n");
    }

    #[tokio::test]
    async fn a_failure_cuts_the_file_off() {
        let broken = |after: Option<String>| async move {
            if after.is_some() {
                return Err(Fault::new("the disk is gone").into());
            }
            Ok(Lines { cells: vec![vec!["1".to_owned()]], next: Some("1".to_owned()) })
        };
        assert!(text(body(vec!["a".to_owned()], String::new(), broken)).await.is_err());
    }
}
