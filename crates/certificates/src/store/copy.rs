//! Rows of annotated copies.

use crate::copy::{AnnotatedCopy, Annotation, CopyId};
use crate::model::CertificateId;
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use jiff::civil::Date;
use kernel::{Fault, FileId, Timestamp};

const BODY: &str = "certificates_copy.body";
const SELECT: &str =
    "SELECT id, certificate, token, body, last_day, made_at, withdrawn_at, file FROM certificates_copy WHERE";

struct Stored {
    id: CopyId,
    certificate: CertificateId,
    token: String,
    body: Sealed<Annotation>,
    last_day: Date,
    made_at: Timestamp,
    withdrawn_at: Option<Timestamp>,
    file: FileId,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.take(0)?,
            certificate: row.take(1)?,
            token: row.take(2)?,
            body: row.take(3)?,
            last_day: super::certificate::day(&row.take::<String>(4)?)?,
            made_at: row.take(5)?,
            withdrawn_at: row.take(6)?,
            file: row.take(7)?,
        })
    }
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<AnnotatedCopy, Fault> {
        let Self { id, certificate, token, body, last_day, made_at, withdrawn_at, file } = self;
        let annotation = body.open(sealer, BODY)?;
        Ok(AnnotatedCopy { id, certificate, token, annotation, last_day, made_at, withdrawn_at, file })
    }
}

pub(crate) fn insert_copy(commit: &mut Commit, sealer: &Sealer, c: &AnnotatedCopy) -> Result<(), Fault> {
    commit.exec(
        "INSERT INTO certificates_copy (id, certificate, token, body, last_day, made_at, file) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            c.id,
            c.certificate,
            c.token,
            Sealed::seal(sealer, BODY, &c.annotation)?,
            c.last_day.to_string(),
            c.made_at,
            c.file,
        ],
    );
    Ok(())
}

pub(crate) async fn copy(store: &Store, id: CopyId) -> Result<Option<AnnotatedCopy>, Fault> {
    let found: Option<Stored> = store.row(&format!("{SELECT} id = $1"), params![id]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

pub(crate) async fn copy_by_token(store: &Store, token: &str) -> Result<Option<AnnotatedCopy>, Fault> {
    let found: Option<Stored> = store.row(&format!("{SELECT} token = $1"), params![token]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

/// The newest copies of a certificate.
pub(crate) async fn copies_of(
    store: &Store,
    certificate: CertificateId,
    limit: i64,
) -> Result<Vec<AnnotatedCopy>, Fault> {
    let sql = format!("{SELECT} certificate = $1 ORDER BY made_at DESC, id DESC LIMIT $2");
    let found: Vec<Stored> = store.rows(&sql, params![certificate, limit]).await?;
    found.into_iter().map(|row| row.open(store.sealer())).collect()
}

pub(crate) fn withdraw_copy(commit: &mut Commit, id: CopyId, now: Timestamp) {
    commit.exec(
        "UPDATE certificates_copy SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL",
        params![now, id],
    );
}
