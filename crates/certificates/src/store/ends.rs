//! What a holder has that ends soon.

use crate::model::{Certificate, CertificateId};
use ::store::{Store, params};
use jiff::civil::Date;
use kernel::{Fault, SubjectId};

/// The standing certificates of `holder` whose last day is `from` or later and `until` at the latest, the first to end at the top.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn ending(
    store: &Store,
    holder: SubjectId,
    (from, until): (Date, Date),
    limit: i64,
) -> Result<Vec<Certificate>, Fault> {
    let sql = "SELECT id FROM certificates_certificate WHERE holder = $1 AND valid_until >= $2 AND valid_until <= $3 \
        AND state = 'valid' ORDER BY valid_until, id LIMIT $4";
    let ids: Vec<(CertificateId,)> =
        store.rows(sql, params![holder, from.to_string(), until.to_string(), limit.clamp(1, 50)]).await?;
    let mut found = Vec::with_capacity(ids.len());
    for (id,) in ids {
        found.extend(super::get(store, id).await?);
    }
    Ok(found)
}
