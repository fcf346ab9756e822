//! Rows of showings, found by blind indexes of their codes, and of the codes that were tried.

use crate::model::CertificateId;
use crate::show::{Body, Presentation, PresentationId};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use kernel::{Fault, Timestamp};

const BODY: &str = "certificates_presentation.body";
const TOKEN: &str = "certificates_presentation.token";
const CODE: &str = "certificates_presentation.code";
const SELECT: &str =
    "SELECT id, certificate, body, made_at, ends_at, seen_at FROM certificates_presentation WHERE";

struct Stored {
    id: PresentationId,
    certificate: CertificateId,
    body: Sealed<Body>,
    made_at: Timestamp,
    ends_at: Timestamp,
    seen_at: Option<Timestamp>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.take(0)?,
            certificate: row.take(1)?,
            body: row.take(2)?,
            made_at: row.take(3)?,
            ends_at: row.take(4)?,
            seen_at: row.take(5)?,
        })
    }
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<Presentation, Fault> {
        let Self { id, certificate, body, made_at, ends_at, seen_at } = self;
        Ok(Presentation { id, certificate, body: body.open(sealer, BODY)?, made_at, ends_at, seen_at })
    }
}

pub(crate) fn insert_presentation(
    commit: &mut Commit,
    sealer: &Sealer,
    p: &Presentation,
) -> Result<(), Fault> {
    commit.exec(
        "INSERT INTO certificates_presentation (id, certificate, token, code, body, made_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            p.id,
            p.certificate,
            sealer.blind(TOKEN, &p.body.token),
            sealer.blind(CODE, &p.body.code),
            Sealed::seal(sealer, BODY, &p.body)?,
            p.made_at,
            p.ends_at,
        ],
    );
    Ok(())
}

async fn one(store: &Store, sql: String, key: String) -> Result<Option<Presentation>, Fault> {
    let found: Option<Stored> = store.row(&sql, params![key]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

pub(crate) async fn presentation(store: &Store, id: PresentationId) -> Result<Option<Presentation>, Fault> {
    one(store, format!("{SELECT} id = $1"), id.to_string()).await
}

pub(crate) async fn presentation_by_token(store: &Store, token: &str) -> Result<Option<Presentation>, Fault> {
    one(store, format!("{SELECT} token = $1"), store.sealer().blind(TOKEN, token)).await
}

pub(crate) async fn presentation_by_code(store: &Store, code: &str) -> Result<Option<Presentation>, Fault> {
    one(store, format!("{SELECT} code = $1"), store.sealer().blind(CODE, code)).await
}

/// The newest showings of a certificate.
pub(crate) async fn presentations_of(
    store: &Store,
    certificate: CertificateId,
    limit: i64,
) -> Result<Vec<Presentation>, Fault> {
    let sql = format!("{SELECT} certificate = $1 ORDER BY made_at DESC, id DESC LIMIT $2");
    let found: Vec<Stored> = store.rows(&sql, params![certificate, limit]).await?;
    found.into_iter().map(|row| row.open(store.sealer())).collect()
}

/// Once: of two who look at the same moment one is refused.
pub(crate) fn see_presentation(commit: &mut Commit, id: PresentationId, now: Timestamp) {
    commit.exec(
        "UPDATE certificates_presentation SET seen_at = $1 WHERE id = $2 AND seen_at IS NULL",
        params![now, id],
    );
}

pub(crate) fn count_guess(commit: &mut Commit, place: &str, minute: i64) {
    commit.exec(
        "INSERT INTO certificates_guess (place, minute, tries) VALUES ($1, $2, 1) \
         ON CONFLICT (place, minute) DO UPDATE SET tries = certificates_guess.tries + 1",
        params![place, minute],
    );
}

pub(crate) fn forget_guesses(commit: &mut Commit, before: i64) {
    commit.exec_any("DELETE FROM certificates_guess WHERE minute < $1", params![before]);
}

pub(crate) async fn guesses(store: &Store, place: &str, minute: i64) -> Result<i64, Fault> {
    let sql = "SELECT tries FROM certificates_guess WHERE place = $1 AND minute = $2";
    let found: Option<(i64,)> = store.row(sql, params![place, minute]).await?;
    Ok(found.map_or(0, |(tries,)| tries))
}
