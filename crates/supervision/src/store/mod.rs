//! All SQL of the room: rows of requests here, rows of orders beside.

mod seal;

pub(crate) use seal::*;

use crate::model::{Kind, Request, RequestId, State};
use crate::reach::Reach;
use crate::rules;
use ::store::{Commit, Store, Value, params, row};
use kernel::{Fault, PersonId, Timestamp};

row! {
    /// A request as it stands in lists; its texts are sealed in the trace.
    pub(crate) struct RequestRow {
        pub(crate) id: RequestId,
        pub(crate) kind: Kind,
        pub(crate) person: PersonId,
        pub(crate) name_masked: String,
        pub(crate) look: Option<i64>,
        pub(crate) agency: Option<String>,
        pub(crate) division: String,
        pub(crate) state: State,
        pub(crate) at: Timestamp,
        pub(crate) due_at: Timestamp,
        pub(crate) late: bool,
        pub(crate) ground_given: bool,
        pub(crate) closed_at: Option<Timestamp>,
    }
}

const REQUEST: &str = "SELECT id, kind, person, name_masked, look, agency, division, state, at, due_at, late, ground_given, \
    closed_at FROM supervision_request";

pub(crate) fn insert(commit: &mut Commit, id: RequestId, name_masked: &str, r: &Request) {
    let raised = &r.raised;
    commit.exec(
        "INSERT INTO supervision_request (id, kind, person, name_masked, look, agency, division, state, at, due_at, late,
             ground_given, next_at, closed_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 0, 0, $11, $12)",
        params![
            id,
            raised.kind,
            raised.person,
            name_masked,
            raised.look.as_ref().map(|l| l.id),
            raised.asked.as_ref().map(|a| a.as_str().to_owned()),
            raised.division,
            r.state(),
            r.at,
            raised.due.at,
            rules::next_at(r),
            r.answer.as_ref().map(|a| a.at)
        ],
    );
}

/// The row of an open request as its events have it now.
pub(crate) fn update(commit: &mut Commit, id: RequestId, r: &Request, now: Timestamp) {
    let closed = (r.state() != State::Open).then_some(now);
    commit.exec(
        "UPDATE supervision_request SET state = $2, late = $3, ground_given = $4, next_at = $5, closed_at = $6
         WHERE id = $1 AND state = 'open'",
        params![id, r.state(), r.late, r.ground.is_some(), rules::next_at(r), closed],
    );
}

pub(crate) async fn by_look(store: &Store, person: PersonId, look: i64) -> Result<Option<RequestRow>, Fault> {
    store.row(&format!("{REQUEST} WHERE person = $1 AND look = $2"), params![person, look]).await
}

pub(crate) async fn of_person(
    store: &Store,
    person: PersonId,
    id: RequestId,
) -> Result<Option<RequestRow>, Fault> {
    store.row(&format!("{REQUEST} WHERE id = $2 AND person = $1"), params![person, id]).await
}

/// The requests of a person, the newest first, before `before`.
pub(crate) async fn list_of(
    store: &Store,
    person: PersonId,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<RequestRow>, Fault> {
    let sql =
        format!("{REQUEST} WHERE person = $1 AND (at, id) < ($2, $3) ORDER BY at DESC, id DESC LIMIT $4");
    store.rows(&sql, params![person, before.0, before.1, limit]).await
}

/// The part of the condition that keeps rows within a reach; its values are added to `params`.
fn within(reach: &Reach, params: &mut Vec<Value>) -> String {
    let mut put = |text: String| {
        params.push(Value::Text(text));
        format!("${}", params.len())
    };
    match reach {
        // Supervision answers objections and deletions; whoever keeps an entry answers whether it is right.
        Reach::Division(prefix) => {
            let like = put(format!("{prefix}%"));
            format!("(kind = 'objection' OR kind = 'delete') AND (division LIKE {like} OR division = '')")
        }
        // Agency codes hold neither `%` nor `_`, so the part pattern is exact.
        Reach::Agency(agency) => {
            let (own, parts) = (put(agency.to_string()), put(format!("{agency}.%")));
            format!("(kind = 'objection' OR kind = 'correct') AND (agency = {own} OR agency LIKE {parts})")
        }
    }
}

pub(crate) async fn for_desk(
    store: &Store,
    id: RequestId,
    reach: &Reach,
) -> Result<Option<RequestRow>, Fault> {
    let mut params = params![id];
    let within = within(reach, &mut params);
    store.row(&format!("{REQUEST} WHERE id = $1 AND {within}"), params).await
}

/// The open ones within a reach, the one due first at the top, after `after`.
pub(crate) async fn open(
    store: &Store,
    reach: &Reach,
    after: (i64, String),
    limit: i64,
) -> Result<Vec<RequestRow>, Fault> {
    let mut params = params![after.0, after.1, limit];
    let within = within(reach, &mut params);
    let sql = format!(
        "{REQUEST} WHERE state = 'open' AND (due_at, id) > ($1, $2) AND {within} ORDER BY due_at, id LIMIT $3"
    );
    store.rows(&sql, params).await
}

/// All within a reach, the newest first, before `before`.
pub(crate) async fn all(
    store: &Store,
    reach: &Reach,
    before: (i64, String),
    limit: i64,
) -> Result<Vec<RequestRow>, Fault> {
    let mut params = params![before.0, before.1, limit];
    let within = within(reach, &mut params);
    let sql = format!("{REQUEST} WHERE (at, id) < ($1, $2) AND {within} ORDER BY at DESC, id DESC LIMIT $3");
    store.rows(&sql, params).await
}

/// Those with a term that has passed and is not written down.
pub(crate) async fn due(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<(RequestId, Kind)>, Fault> {
    store
        .rows(
            "SELECT id, kind FROM supervision_request WHERE next_at IS NOT NULL AND next_at < $1 ORDER BY next_at, id LIMIT $2",
            params![now, limit],
        )
        .await
}
