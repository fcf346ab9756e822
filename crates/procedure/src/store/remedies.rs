//! Remedies in rows; what is held against the act is sealed.

use crate::{Admission, Excuse, RemedyId, RemedyOutcome, RemedyRecord};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use kernel::{Fault, Timestamp};
use serde::{Deserialize, Serialize};

const BODY: &str = "procedure_remedy.body";
const OPEN: &str = "open";

/// The sealed part.
#[derive(Serialize, Deserialize)]
struct Body {
    body: String,
    ground: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    late_reason: Option<String>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    text: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    excuse: Option<Excuse>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    admission: Option<Admission>,
}

struct Stored {
    remedy: RemedyRecord,
    state: String,
    ended_at: Option<Timestamp>,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let remedy = RemedyRecord {
            id: row.take(0)?,
            subject: row.take(1)?,
            kind: row.take(2)?,
            filed_at: row.take(3)?,
            against: row.take(4)?,
            body: String::new(),
            ground: String::new(),
            late_reason: None,
            excuse: None,
            admission: None,
            ended: None,
            party: row.take(8)?,
        };
        Ok(Self { remedy, state: row.take(5)?, ended_at: row.take(6)?, body: row.take(7)? })
    }
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<RemedyRecord, Fault> {
        let Body { body, ground, late_reason, text, excuse, admission } = self.body.open(sealer, BODY)?;
        let ended = match self.ended_at {
            None => None,
            Some(at) => {
                let outcome = RemedyOutcome::from_word(&self.state)
                    .ok_or_else(|| Fault::new(format!("{:?} is no outcome of a remedy", self.state)))?;
                Some((outcome, at, text))
            }
        };
        Ok(RemedyRecord { body, ground, late_reason, excuse, admission, ended, ..self.remedy })
    }
}

const SELECT: &str =
    "SELECT id, subject, kind, filed_at, against, state, ended_at, body, party FROM procedure_remedy";

pub(crate) async fn get(store: &Store, id: RemedyId) -> Result<Option<RemedyRecord>, Fault> {
    let found: Option<Stored> = store.row(&format!("{SELECT} WHERE id = $1"), params![id]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

/// The remedies sought about a subject, in the order they were recorded.
pub(crate) async fn of(store: &Store, subject: &str) -> Result<Vec<RemedyRecord>, Fault> {
    let rows: Vec<Stored> =
        store.rows(&format!("{SELECT} WHERE subject = $1 ORDER BY id"), params![subject]).await?;
    rows.into_iter().map(|row| row.open(store.sealer())).collect()
}

fn sealed(sealer: &Sealer, r: &RemedyRecord) -> Result<Sealed<Body>, Fault> {
    let text = r.ended.as_ref().map(|(_, _, text)| text.clone()).unwrap_or_default();
    let body = Body {
        body: r.body.clone(),
        ground: r.ground.clone(),
        late_reason: r.late_reason.clone(),
        text,
        excuse: r.excuse.clone(),
        admission: r.admission.clone(),
    };
    Sealed::seal(sealer, BODY, &body)
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, r: &RemedyRecord) -> Result<(), Fault> {
    let recorded = commit.at;
    let body = sealed(sealer, r)?;
    commit.exec(
        "INSERT INTO procedure_remedy (id, subject, kind, filed_at, recorded_at, against, state, body, party) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![r.id, r.subject, r.kind, r.filed_at, recorded, r.against, OPEN, body, r.party],
    );
    Ok(())
}

/// Writes how an open remedy ended.
pub(crate) fn end(commit: &mut Commit, sealer: &Sealer, r: &RemedyRecord) -> Result<(), Fault> {
    let Some((outcome, at, _)) = &r.ended else { return Ok(()) };
    let body = sealed(sealer, r)?;
    commit.exec(
        "UPDATE procedure_remedy SET state = $1, ended_at = $2, body = $3 WHERE id = $4 AND state = $5",
        params![outcome.word(), at, body, r.id, OPEN],
    );
    Ok(())
}
