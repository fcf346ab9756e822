//! Rows of status lists: one place for each certificate and each credential made of it.

use crate::model::CertificateId;
use crate::status::Place;
use ::store::{Commit, Store, params};
use kernel::{Fault, Timestamp};

pub(crate) fn put_status(
    commit: &mut Commit,
    place: Place,
    certificate: CertificateId,
    document: bool,
    value: u8,
) {
    commit.exec(
        "INSERT INTO certificates_status (list, place, certificate, document, value) VALUES ($1, $2, $3, $4, $5)",
        params![place.list, place.index, certificate, i64::from(document), value],
    );
}

/// Tells the new status at all places of a certificate.
pub(crate) fn set_status(commit: &mut Commit, certificate: CertificateId, value: u8) {
    commit.exec_any(
        "UPDATE certificates_status SET value = $1 WHERE certificate = $2",
        params![value, certificate],
    );
}

/// The place that the document of a certificate names; the first one for those of before that was told apart.
pub(crate) async fn document_place(
    store: &Store,
    certificate: CertificateId,
) -> Result<Option<Place>, Fault> {
    let sql = "SELECT list, place FROM certificates_status WHERE certificate = $1 \
               ORDER BY CASE WHEN document = 1 THEN 0 ELSE 1 END, list, place LIMIT 1";
    let found: Option<(i64, i64)> = store.row(sql, params![certificate]).await?;
    Ok(found.map(|(list, index)| Place { list, index }))
}

/// Certificates whose signature still has no time stamp, the oldest first.
pub(crate) async fn unstamped(store: &Store, limit: i64) -> Result<Vec<CertificateId>, Fault> {
    let sql = "SELECT certificate FROM certificates_unstamped ORDER BY since, certificate LIMIT $1";
    let found: Vec<(CertificateId,)> = store.rows(sql, params![limit]).await?;
    Ok(found.into_iter().map(|(id,)| id).collect())
}

pub(crate) fn waits_for_stamp(commit: &mut Commit, certificate: CertificateId, since: Timestamp) {
    commit.exec(
        "INSERT INTO certificates_unstamped (certificate, since) VALUES ($1, $2)",
        params![certificate, since],
    );
}

pub(crate) fn is_stamped(commit: &mut Commit, certificate: CertificateId) {
    commit.exec("DELETE FROM certificates_unstamped WHERE certificate = $1", params![certificate]);
}

/// Whether anything has a place in the list.
pub(crate) async fn status_list_exists(store: &Store, list: i64) -> Result<bool, Fault> {
    let sql = "SELECT place FROM certificates_status WHERE list = $1 LIMIT 1";
    let found: Option<(i64,)> = store.row(sql, params![list]).await?;
    Ok(found.is_some())
}

/// The places of a list that tell something else than "valid".
pub(crate) async fn told(store: &Store, list: i64) -> Result<Vec<(i64, i64)>, Fault> {
    let sql = "SELECT place, value FROM certificates_status WHERE list = $1 AND value > 0";
    store.rows(sql, params![list]).await
}
