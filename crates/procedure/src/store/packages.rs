//! Archive packages in rows; their bytes lie sealed in parts, so that no statement grows beyond measure.

use super::seals::agency_code;
use crate::archive::{Package, PackageCursor, PackageId};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use catalog::{Openness, Publicity, Retention};
use kernel::{Fault, Text};
use serde::{Deserialize, Serialize};

const BODY: &str = "procedure_package.body";
const PART: &str = "procedure_package_part.bytes";

/// How many bytes a part holds.
const PART_BYTES: usize = 512 * 1024;

/// The sealed part of the row.
#[derive(Serialize, Deserialize)]
struct Body {
    title: String,
    basis: Text,
    openness: Option<Openness>,
}

struct Stored {
    package: Package,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let years: Option<i64> = row.take(7)?;
        let years =
            years.map(u16::try_from).transpose().map_err(|e| Fault::from("reading years of keeping", e))?;
        let until: Option<String> = row.take(8)?;
        let until = until.map(|text| text.parse()).transpose();
        let package = Package {
            id: row.take(0)?,
            subject: row.take(1)?,
            reference: row.take(2)?,
            agency: agency_code(row.take(3)?)?,
            year: row.take(4)?,
            closed_at: row.take(5)?,
            packed_at: row.take(6)?,
            retention: Retention { years, basis: Text::default() },
            until: until.map_err(|e| Fault::from("reading the end of keeping", e))?,
            entries: row.take(9)?,
            size: row.take(10)?,
            digest: row.take(11)?,
            title: String::new(),
            openness: Openness { attribute: Publicity::Closed, ground: Text::default() },
        };
        Ok(Self { package, body: row.take(12)? })
    }
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<Package, Fault> {
        let body = self.body.open(sealer, BODY)?;
        let mut package = self.package;
        package.title = body.title;
        package.retention.basis = body.basis;
        if let Some(openness) = body.openness {
            package.openness = openness;
        }
        Ok(package)
    }
}

const SELECT: &str = "SELECT id, subject, reference, agency, year, closed_at, packed_at, years, until, entries, size, \
    digest, body FROM procedure_package";

pub(crate) async fn get(store: &Store, id: PackageId) -> Result<Option<Package>, Fault> {
    let found: Option<Stored> = store.row(&format!("{SELECT} WHERE id = $1"), params![id]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

/// The packages of a subject, the newest first.
pub(crate) async fn of(store: &Store, subject: &str) -> Result<Vec<Package>, Fault> {
    let sql = format!("{SELECT} WHERE subject = $1 ORDER BY packed_at DESC");
    let rows: Vec<Stored> = store.rows(&sql, params![subject]).await?;
    rows.into_iter().map(|row| row.open(store.sealer())).collect()
}

/// The packages of an agency closed in a year, from after `after`.
pub(crate) async fn of_year(
    store: &Store,
    agency: &str,
    year: i64,
    after: Option<&PackageCursor>,
    limit: i64,
) -> Result<Vec<Package>, Fault> {
    let from = after.map_or_else(String::new, |c| c.0.to_string());
    let sql = format!("{SELECT} WHERE agency = $1 AND year = $2 AND id > $3 ORDER BY id LIMIT $4");
    let rows: Vec<Stored> = store.rows(&sql, params![agency, year, from, limit]).await?;
    rows.into_iter().map(|row| row.open(store.sealer())).collect()
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, p: &Package, bytes: &[u8]) -> Result<(), Fault> {
    let body =
        Body { title: p.title.clone(), basis: p.retention.basis.clone(), openness: Some(p.openness.clone()) };
    commit.exec(
        "INSERT INTO procedure_package (id, subject, reference, agency, year, closed_at, packed_at, years, until, \
         attribute, entries, size, digest, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        params![
            p.id,
            p.subject,
            p.reference,
            p.agency.as_str(),
            p.year,
            p.closed_at,
            p.packed_at,
            p.retention.years.map(i64::from),
            p.until.map(|day| day.to_string()),
            crate::archive::attribute_word(p.openness.attribute),
            p.entries,
            p.size,
            p.digest,
            Sealed::seal(sealer, BODY, &body)?,
        ],
    );
    for (part, bytes) in (0i64..).zip(bytes.chunks(PART_BYTES)) {
        commit.exec(
            "INSERT INTO procedure_package_part (package, part, bytes) VALUES ($1, $2, $3)",
            params![p.id, part, sealer.seal(&place(p.id, part), bytes)?],
        );
    }
    Ok(())
}

/// The sealing context of a part: parts cannot be exchanged.
fn place(package: PackageId, part: i64) -> String {
    format!("{PART}:{package}:{part}")
}

/// The bytes of a package; `Err` says which part does not open.
pub(crate) async fn bytes(store: &Store, package: PackageId) -> Result<Result<Vec<u8>, Fault>, Fault> {
    let sql = "SELECT part, bytes FROM procedure_package_part WHERE package = $1 ORDER BY part";
    let rows: Vec<(i64, Vec<u8>)> = store.rows(sql, params![package]).await?;
    let mut out = Vec::new();
    for (part, sealed) in rows {
        match store.sealer().open(&place(package, part), &sealed) {
            Ok(plain) => out.extend(plain),
            Err(fault) => return Ok(Err(fault)),
        }
    }
    Ok(Ok(out))
}
