//! Consents to electronic service in rows; where it is served is sealed.

use crate::service::{Consent, ConsentId};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, ToValue as _, Value, params};
use kernel::{Fault, SubjectId, Timestamp};
use serde::{Deserialize, Serialize};

const BODY: &str = "procedure_consent.body";
const INSERT: &str = "INSERT INTO procedure_consent (id, subject, party, given_at, withdrawn_at, recorded_at, body) \
     VALUES ($1, $2, $3, $4, $5, $6, $7)";
const SELECT: &str =
    "SELECT id, subject, party, given_at, withdrawn_at, recorded_at, body FROM procedure_consent";

/// The sealed part.
#[derive(Serialize, Deserialize)]
struct Body {
    system: String,
}

struct Stored {
    consent: Consent,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let consent = Consent {
            id: row.take(0)?,
            subject: row.take(1)?,
            party: row.take(2)?,
            given_at: row.take(3)?,
            withdrawn_at: row.take(4)?,
            recorded_at: row.take(5)?,
            system: String::new(),
        };
        Ok(Self { consent, body: row.take(6)? })
    }
}

fn opened(store: &Store, row: Stored) -> Result<Consent, Fault> {
    let body = row.body.open(store.sealer(), BODY)?;
    Ok(Consent { system: body.system, ..row.consent })
}

/// Every consent about a subject, in the order of party and moment.
pub(crate) async fn of(store: &Store, subject: &str) -> Result<Vec<Consent>, Fault> {
    let sql = format!("{SELECT} WHERE subject = $1 ORDER BY party, given_at");
    let rows: Vec<Stored> = store.rows(&sql, params![subject]).await?;
    rows.into_iter().map(|row| opened(store, row)).collect()
}

/// The consent of a party that stood at `at`.
pub(crate) async fn standing(
    store: &Store,
    subject: &str,
    party: SubjectId,
    at: Timestamp,
) -> Result<Option<Consent>, Fault> {
    let sql = format!(
        "{SELECT} WHERE subject = $1 AND party = $2 AND given_at <= $3 AND (withdrawn_at IS NULL OR withdrawn_at > $3) \
         ORDER BY given_at DESC LIMIT 1"
    );
    let found: Option<Stored> = store.row(&sql, params![subject, party, at]).await?;
    found.map(|row| opened(store, row)).transpose()
}

/// Since when a consent stands that is about to be added by this very commit.
pub(crate) fn pending(commit: &Commit, subject: &str, party: SubjectId, at: Timestamp) -> Option<Timestamp> {
    let (party, latest) = (party.to_value(), at.to_value());
    let subject = Value::Text(subject.to_owned());
    let added = commit.statements.iter().filter(|s| s.sql == INSERT);
    let own = added.filter(|s| s.params.get(1) == Some(&subject) && s.params.get(2) == Some(&party));
    let in_time = |given: &&Value| match (given, &latest) {
        (Value::Int(given), Value::Int(latest)) => given <= latest,
        _ => false,
    };
    let given = own.filter_map(|s| s.params.get(3)).rfind(in_time)?;
    match given {
        Value::Int(micros) => Timestamp::from_microsecond(*micros).ok(),
        _ => None,
    }
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, c: &Consent) -> Result<(), Fault> {
    let body = Sealed::seal(sealer, BODY, &Body { system: c.system.clone() })?;
    commit.exec(INSERT, params![c.id, c.subject, c.party, c.given_at, c.withdrawn_at, c.recorded_at, body]);
    Ok(())
}

/// Ends a consent that stands.
pub(crate) fn withdraw(commit: &mut Commit, id: ConsentId, at: Timestamp) {
    commit.exec(
        "UPDATE procedure_consent SET withdrawn_at = $1 WHERE id = $2 AND withdrawn_at IS NULL",
        params![at, id],
    );
}

/// Relies on the consent standing until the commit happens.
pub(crate) fn guard(commit: &mut Commit, id: ConsentId) {
    commit.guard("SELECT 1 FROM procedure_consent WHERE id = $1 AND withdrawn_at IS NULL", params![id]);
}
