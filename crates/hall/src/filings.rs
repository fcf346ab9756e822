//! Where a case number comes from: a ticket ends with one only when there is such a case.

use ::store::Store;
use kernel::Fault;
use kernel::codes::CaseNumber;
use std::sync::{Arc, OnceLock};

/// Who knows the cases; the room of cases stands above this one.
#[async_trait::async_trait]
pub trait Filings: Send + Sync {
    /// Whether there is a case of this number.
    ///
    /// # Errors
    /// A [`Fault`] when the database does not answer.
    async fn filed(&self, store: &Store, number: &CaseNumber) -> Result<bool, Fault>;
}

static FILINGS: OnceLock<Arc<dyn Filings>> = OnceLock::new();

/// Plugs in who knows the cases; the first call of the process counts.
pub fn plug_filings(filings: Arc<dyn Filings>) {
    let _ = FILINGS.set(filings);
}

/// Whether there is such a case; yes while nobody is plugged in, as in the room's own tests.
pub(crate) async fn filed(store: &Store, number: &str) -> Result<bool, Fault> {
    match (FILINGS.get(), number.parse()) {
        (Some(filings), Ok(number)) => filings.filed(store, &number).await,
        // What is no number is refused by the rules, with their own sentence.
        _ => Ok(true),
    }
}
