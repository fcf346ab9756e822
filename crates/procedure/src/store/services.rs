//! Services of notices in rows; who received it and how is sealed.

use crate::service::{Service, Way};
use crate::{NoticeId, ServiceId};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use kernel::{Fault, SubjectId, Timestamp};
use serde::{Deserialize, Serialize};

const BODY: &str = "procedure_service.body";

/// The sealed part.
#[derive(Serialize, Deserialize)]
struct Body {
    recipient_name: String,
    way: Way,
}

struct Stored {
    service: Service,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let service = Service {
            id: row.take(0)?,
            subject: row.take(1)?,
            notice: row.take(2)?,
            recipient: row.take(3)?,
            at: row.take(4)?,
            effective_at: row.take(5)?,
            recorded_at: row.take(6)?,
            evidence: row.take(7)?,
            proof: row.take(8)?,
            recipient_name: String::new(),
            way: Way::Electronic,
        };
        Ok(Self { service, body: row.take(9)? })
    }
}

/// The services of a subject's notices, in the order they were recorded.
pub(crate) async fn of(store: &Store, subject: &str) -> Result<Vec<Service>, Fault> {
    let sql = "SELECT id, subject, notice, recipient, at, effective_at, recorded_at, evidence, proof, body \
         FROM procedure_service WHERE subject = $1 ORDER BY id";
    let rows: Vec<Stored> = store.rows(sql, params![subject]).await?;
    rows.into_iter()
        .map(|row| {
            let body = row.body.open(store.sealer(), BODY)?;
            Ok(Service { recipient_name: body.recipient_name, way: body.way, ..row.service })
        })
        .collect()
}

/// From when the first service of a notice counts: on this party, or on anybody.
pub(crate) async fn effective(
    store: &Store,
    notice: NoticeId,
    party: Option<SubjectId>,
) -> Result<Option<Timestamp>, Fault> {
    let found: Option<(Option<Timestamp>,)> = match party {
        None => {
            let sql = "SELECT min(effective_at) FROM procedure_service WHERE notice = $1";
            store.row(sql, params![notice]).await?
        }
        Some(party) => {
            let sql = "SELECT min(effective_at) FROM procedure_service WHERE notice = $1 AND recipient = $2";
            store.row(sql, params![notice, party]).await?
        }
    };
    Ok(found.and_then(|(at,)| at))
}

/// From when a notice counts as served on each party.
pub(crate) async fn by_recipient(
    store: &Store,
    notice: NoticeId,
) -> Result<Vec<(SubjectId, Timestamp)>, Fault> {
    let sql = "SELECT recipient, min(effective_at) FROM procedure_service WHERE notice = $1 GROUP BY recipient \
         ORDER BY recipient";
    store.rows(sql, params![notice]).await
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, s: &Service) -> Result<ServiceId, Fault> {
    let body = Body { recipient_name: s.recipient_name.clone(), way: s.way.clone() };
    commit.exec(
        "INSERT INTO procedure_service (id, subject, notice, recipient, way, at, effective_at, recorded_at, evidence, \
         proof, body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            s.id,
            s.subject,
            s.notice,
            s.recipient,
            s.way.word(),
            s.at,
            s.effective_at,
            s.recorded_at,
            s.evidence,
            s.proof,
            Sealed::seal(sealer, BODY, &body)?,
        ],
    );
    Ok(s.id)
}
