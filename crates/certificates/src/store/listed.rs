//! Which rows of lists were issued: each reference of a kind once.

use crate::model::CertificateId;
use ::store::{Commit, Store, params};
use kernel::Fault;

/// Whether the row with this reference was issued.
pub(crate) async fn is_listed(store: &Store, kind: &str, reference: &str) -> Result<bool, Fault> {
    let sql = "SELECT certificate FROM certificates_listed WHERE kind = $1 AND reference = $2";
    let found: Option<(CertificateId,)> = store.row(sql, params![kind, reference]).await?;
    Ok(found.is_some())
}

/// Writes down that it was; fails the commit when somebody else was faster.
pub(crate) fn put_listed(commit: &mut Commit, kind: &str, reference: &str, certificate: CertificateId) {
    commit.exec(
        "INSERT INTO certificates_listed (kind, reference, certificate) VALUES ($1, $2, $3)",
        params![kind, reference, certificate],
    );
}
