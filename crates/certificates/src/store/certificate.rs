//! Rows of certificates and their templates.

use crate::model::{Body, CertField, Certificate, CertificateId, Cursor, Grade, State};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use jiff::civil::Date;
use kernel::{AgencyCode, Fault, FileId, SubjectId, Text};

const BODY: &str = "certificates_certificate.body";
const DETAIL: &str = "certificates_certificate.detail";

const SELECT: &str = "SELECT id, identifier, token, kind, name_zh, name_en, holder, holder_masked, issuer, issuer_zh, \
    issuer_en, issuer_code, valid_from, valid_until, detail, body, template, case_number, issued_at, file, rev, \
    replaces, grade FROM certificates_certificate";

/// A row before its sealed parts are opened.
struct Stored {
    certificate: Certificate,
    detail: Sealed<State>,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let text = |row: &mut Row, zh: usize| {
            Ok::<_, Fault>(Text::new(row.take::<String>(zh)?, row.take::<String>(zh + 1)?))
        };
        let certificate = Certificate {
            id: row.take(0)?,
            identifier: row.take(1)?,
            token: row.take(2)?,
            kind: row.take(3)?,
            name: text(&mut row, 4)?,
            holder: row.take(6)?,
            holder_masked: row.take(7)?,
            holder_name: String::new(),
            holder_number_masked: String::new(),
            issuer: agency(&row.take::<String>(8)?)?,
            issuer_name: text(&mut row, 9)?,
            issuer_code: row.take(11)?,
            valid_from: day(&row.take::<String>(12)?)?,
            valid_until: row.take::<Option<String>>(13)?.map(|d| day(&d)).transpose()?,
            stored: State::Valid,
            fields: Vec::new(),
            template: row.take(16)?,
            case_number: row.take(17)?,
            issued_at: row.take(18)?,
            file: row.take(19)?,
            rev: row.take(20)?,
            replaces: row.take(21)?,
            grade: grade(&row.take::<String>(22)?)?,
        };
        let (detail, body) = (row.take(14)?, row.take(15)?);
        Ok(Self { certificate, detail, body })
    }
}

fn agency(text: &str) -> Result<AgencyCode, Fault> {
    AgencyCode::parse(text).ok_or_else(|| Fault::new(format!("{text:?} is no agency")))
}

fn grade(text: &str) -> Result<Grade, Fault> {
    Grade::from_word(text).ok_or_else(|| Fault::new(format!("{text:?} is no grade of a certificate")))
}

pub(super) fn day(text: &str) -> Result<Date, Fault> {
    text.parse().map_err(|e| {
        Fault::from(format!("{text:?} is no date"), Box::<dyn std::error::Error + Send + Sync>::from(e))
    })
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<Certificate, Fault> {
        let body = self.body.open(sealer, BODY)?;
        let stored = self.detail.open(sealer, DETAIL)?;
        Ok(Certificate {
            stored,
            fields: body.fields,
            holder_name: body.holder_name,
            holder_number_masked: body.holder_number_masked,
            ..self.certificate
        })
    }
}

async fn one(store: &Store, sql: String, key: String) -> Result<Option<Certificate>, Fault> {
    let found: Option<Stored> = store.row(&sql, params![key]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

async fn many(store: &Store, sql: String, params: Vec<::store::Value>) -> Result<Vec<Certificate>, Fault> {
    let found: Vec<Stored> = store.rows(&sql, params).await?;
    found.into_iter().map(|row| row.open(store.sealer())).collect()
}

/// The certificate with this id.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn get(store: &Store, id: CertificateId) -> Result<Option<Certificate>, Fault> {
    one(store, format!("{SELECT} WHERE id = $1"), id.to_string()).await
}

/// The certificate with this identifier.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn find(store: &Store, identifier: &str) -> Result<Option<Certificate>, Fault> {
    one(store, format!("{SELECT} WHERE identifier = $1"), identifier.to_owned()).await
}

/// The certificate whose QR code carries `token`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn by_token(store: &Store, token: &str) -> Result<Option<Certificate>, Fault> {
    one(store, format!("{SELECT} WHERE token = $1"), token.to_owned()).await
}

/// What `holder` holds, newest first, from after `after`.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn held_by(
    store: &Store,
    holder: SubjectId,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Certificate>, Fault> {
    let limit = limit.clamp(1, 100);
    let order = "ORDER BY issued_at DESC, id DESC LIMIT";
    match after {
        None => many(store, format!("{SELECT} WHERE holder = $1 {order} $2"), params![holder, limit]).await,
        Some(Cursor { issued_at, id }) => {
            let sql = format!("{SELECT} WHERE holder = $1 AND (issued_at, id) < ($2, $3) {order} $4");
            many(store, sql, params![holder, issued_at, id, limit]).await
        }
    }
}

/// The certificates that came from a case, in the order of their making.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn for_case(store: &Store, case_number: &str) -> Result<Vec<Certificate>, Fault> {
    many(store, format!("{SELECT} WHERE case_number = $1 ORDER BY id"), params![case_number]).await
}

/// The typst source of a template.
pub(crate) async fn template(store: &Store, digest: &str) -> Result<String, Fault> {
    let found: Option<(String,)> =
        store.row("SELECT source FROM certificates_template WHERE digest = $1", params![digest]).await?;
    found.map(|(source,)| source).ok_or_else(|| Fault::new(format!("the template {digest} is missing")))
}

pub(crate) fn keep_template(commit: &mut Commit, digest: &str, source: &str) {
    commit.exec_any(
        "INSERT INTO certificates_template (digest, source) VALUES ($1, $2) ON CONFLICT (digest) DO NOTHING",
        params![digest, source],
    );
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, c: &Certificate) -> Result<(), Fault> {
    let fields: Vec<CertField> = c.fields.clone();
    let body = Body {
        holder_name: c.holder_name.clone(),
        holder_number_masked: c.holder_number_masked.clone(),
        fields,
    };
    commit.exec(
        "INSERT INTO certificates_certificate (id, identifier, token, kind, name_zh, name_en, holder, holder_masked, \
         issuer, issuer_zh, issuer_en, issuer_code, valid_from, valid_until, state, detail, body, template, \
         case_number, issued_at, file, rev, replaces, grade) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, \
         $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24)",
        params![
            c.id,
            c.identifier,
            c.token,
            c.kind,
            c.name.zh,
            c.name.en,
            c.holder,
            c.holder_masked,
            c.issuer.as_str(),
            c.issuer_name.zh,
            c.issuer_name.en,
            c.issuer_code,
            c.valid_from.to_string(),
            c.valid_until.map(|d| d.to_string()),
            c.stored.word(),
            Sealed::seal(sealer, DETAIL, &c.stored)?,
            Sealed::seal(sealer, BODY, &body)?,
            c.template,
            c.case_number,
            c.issued_at,
            c.file,
            c.rev,
            c.replaces,
            c.grade.word(),
        ],
    );
    Ok(())
}

pub(crate) fn set_state(
    commit: &mut Commit,
    sealer: &Sealer,
    old: &Certificate,
    state: &State,
) -> Result<(), Fault> {
    commit.exec(
        "UPDATE certificates_certificate SET state = $1, detail = $2, rev = rev + 1 WHERE id = $3 AND rev = $4",
        params![state.word(), Sealed::seal(sealer, DETAIL, state)?, old.id, old.rev],
    );
    super::set_status(commit, old.id, state.status());
    Ok(())
}

pub(crate) fn set_file(commit: &mut Commit, old: &Certificate, file: FileId) {
    commit.exec(
        "UPDATE certificates_certificate SET file = $1, rev = rev + 1 WHERE id = $2 AND rev = $3 AND file IS NULL",
        params![file, old.id, old.rev],
    );
}

/// Puts a file in the place of `old`.
pub(crate) fn replace_file(commit: &mut Commit, c: &Certificate, old: FileId, file: FileId) {
    commit.exec(
        "UPDATE certificates_certificate SET file = $1, rev = rev + 1 WHERE id = $2 AND rev = $3 AND file = $4",
        params![file, c.id, c.rev, old],
    );
}

/// Relies on the certificate staying as it was read until the commit happens (not revoked, not replaced).
pub fn guard(commit: &mut Commit, relied_on: &Certificate) {
    commit.guard(
        "SELECT 1 FROM certificates_certificate WHERE id = $1 AND rev = $2",
        params![relied_on.id, relied_on.rev],
    );
}
