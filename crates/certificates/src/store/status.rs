//! Rows of status lists: one place for each certificate and each credential made of it.

use crate::model::CertificateId;
use crate::status::Place;
use ::store::{Commit, Store, params};
use kernel::Fault;

pub(crate) fn put_status(commit: &mut Commit, place: Place, certificate: CertificateId, value: u8) {
    commit.exec(
        "INSERT INTO certificates_status (list, place, certificate, value) VALUES ($1, $2, $3, $4)",
        params![place.list, place.index, certificate, value],
    );
}

/// Tells the new status at all places of a certificate.
pub(crate) fn set_status(commit: &mut Commit, certificate: CertificateId, value: u8) {
    commit.exec_any(
        "UPDATE certificates_status SET value = $1 WHERE certificate = $2",
        params![value, certificate],
    );
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
