//! What a holder has that ends soon.

use crate::model::{Certificate, CertificateId};
use crate::remind::{Ending, Reminded};
use ::store::{Commit, FromRow, Row, Store, params};
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

/// How far those were told who are told so many days before the end.
pub(crate) async fn reminded(store: &Store, days: i64) -> Result<Option<Reminded>, Fault> {
    let sql = "SELECT until, certificate FROM certificates_reminded WHERE days = $1";
    let found: Option<(String, String)> = store.row(sql, params![days]).await?;
    Ok(found.map(|(until, certificate)| Reminded { days, until, certificate }))
}

/// Puts how far it has come in the place of `old`.
pub(crate) fn set_reminded(commit: &mut Commit, old: Option<&Reminded>, new: &Reminded) {
    match old {
        None => commit.exec(
            "INSERT INTO certificates_reminded (days, until, certificate) VALUES ($1, $2, $3)",
            params![new.days, new.until, new.certificate],
        ),
        Some(old) => commit.exec(
            "UPDATE certificates_reminded SET until = $1, certificate = $2 \
             WHERE days = $3 AND until = $4 AND certificate = $5",
            params![new.until, new.certificate, new.days, old.until, old.certificate],
        ),
    };
}

struct Next(Ending);

impl FromRow for Next {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        Ok(Self(Ending { id: row.take(0)?, holder: row.take(1)?, until: row.take(2)? }))
    }
}

/// What stands and ends between `least` and `last`, behind `from`, the next to end first.
pub(crate) async fn ends_next(
    store: &Store,
    from: &Reminded,
    (least, last): (&str, &str),
    limit: i64,
) -> Result<Vec<Ending>, Fault> {
    let sql = "SELECT id, holder, valid_until FROM certificates_certificate WHERE state = 'valid' \
        AND (valid_until, id) > ($1, $2) AND valid_until >= $3 AND valid_until <= $4 ORDER BY valid_until, id LIMIT $5";
    let found: Vec<Next> = store.rows(sql, params![from.until, from.certificate, least, last, limit]).await?;
    Ok(found.into_iter().map(|next| next.0).collect())
}
