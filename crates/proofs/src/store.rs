//! All SQL of the room.

pub(crate) mod tray;

use crate::model::{Body, Cursor, Grade, Proof, ProofId, State, Use, Used};
use ::store::{Commit, Cx, FromRow, Row, Sealed, Sealer, Store, Value, params};
use jiff::civil::Date;
use kernel::{Fault, SubjectId, Text, Timestamp};

const BODY: &str = "proofs_proof.body";
const SELECT: &str = "SELECT p.id, p.subject, p.kind, p.holder, p.grade, p.state, p.case_number, p.at, p.valid_until, \
    p.body, p.rev, p.about FROM proofs_proof p";
/// More papers than anybody has in use; what is older is found in the list.
const USABLE_MAX: i64 = 500;

/// A row before its sealed part is opened.
struct Stored {
    proof: Proof,
    body: Sealed<Body>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let proof = Proof {
            id: row.take(0)?,
            subject: row.take(1)?,
            kind: row.take(2)?,
            holder: row.take(3)?,
            name: Text::default(),
            grade: row.take(4)?,
            purpose: Text::default(),
            case: row.take(6)?,
            item: Text::default(),
            files: Vec::new(),
            at: row.take(7)?,
            issued: None,
            valid_until: row.take::<Option<String>>(8)?.map(|d| day(&d)).transpose()?,
            state: row.take(5)?,
            kept_by_law: None,
            checked: None,
            replaced_by: None,
            digests: Vec::new(),
            about: row.take(11)?,
            rev: row.take(10)?,
        };
        Ok(Self { proof, body: row.take(9)? })
    }
}

fn day(text: &str) -> Result<Date, Fault> {
    text.parse().map_err(|e: jiff::Error| Fault::from(format!("{text:?} is no date"), e))
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<Proof, Fault> {
        let Body { name, purpose, item, files, digests, issued, kept_by_law, checked, replaced_by } =
            self.body.open(sealer, BODY)?;
        let body = Proof { name, purpose, item, files, digests, ..self.proof };
        Ok(Proof { issued, kept_by_law, checked, replaced_by, ..body })
    }
}

async fn many(store: &Store, sql: &str, params: Vec<Value>) -> Result<Vec<Proof>, Fault> {
    let found: Vec<Stored> = store.rows(sql, params).await?;
    found.into_iter().map(|row| row.open(store.sealer())).collect()
}

/// The proof with this id, in whatever state.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn get(store: &Store, id: ProofId) -> Result<Option<Proof>, Fault> {
    Ok(many(store, &format!("{SELECT} WHERE p.id = $1"), params![id]).await?.pop())
}

/// The papers in the drawer of `subject`, newest first, from after `after`; those withdrawn are left out.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn list(
    store: &Store,
    subject: SubjectId,
    after: Option<&Cursor>,
    limit: i64,
) -> Result<Vec<Proof>, Fault> {
    let limit = limit.clamp(1, 100);
    let order = "ORDER BY p.at DESC, p.id DESC LIMIT";
    let mine = "WHERE p.subject = $1 AND p.state <> 'withdrawn'";
    match after {
        None => many(store, &format!("{SELECT} {mine} {order} $2"), params![subject, limit]).await,
        Some(Cursor { at, id }) => {
            let sql = format!("{SELECT} {mine} AND (p.at, p.id) < ($2, $3) {order} $4");
            many(store, &sql, params![subject, at, id, limit]).await
        }
    }
}

/// Everything that `subject` has on offer, newest first, whatever its last day.
pub(crate) async fn offered(store: &Store, subject: SubjectId) -> Result<Vec<Proof>, Fault> {
    let sql =
        format!("{SELECT} WHERE p.subject = $1 AND p.state = 'kept' ORDER BY p.at DESC, p.id DESC LIMIT $2");
    many(store, &sql, params![subject, USABLE_MAX]).await
}

/// What is offered of one kind of paper of one holder, about one thing.
pub(crate) async fn same(
    store: &Store,
    subject: SubjectId,
    kind: &str,
    holder: &str,
    about: &str,
) -> Result<Vec<Proof>, Fault> {
    let sql = format!(
        "{SELECT} WHERE p.subject = $1 AND p.kind = $2 AND p.holder = $3 AND p.about = $4 AND p.state = 'kept'"
    );
    many(store, &sql, params![subject, kind, holder, about]).await
}

/// The proofs that a case uses, in the order in which they were handed in; of one demand, when one is named.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn for_case(store: &Store, case: &str, demand: Option<&str>) -> Result<Vec<Proof>, Fault> {
    let joined = format!("{SELECT} JOIN proofs_use u ON u.proof = p.id WHERE u.case_number = $1");
    match demand {
        None => many(store, &format!("{joined} ORDER BY p.id"), params![case]).await,
        Some(demand) => {
            many(store, &format!("{joined} AND u.demand = $2 ORDER BY p.id"), params![case, demand]).await
        }
    }
}

/// The cases that use proof `id`, the latest first.
///
/// # Errors
/// A [`Fault`] of the database.
pub async fn uses(store: &Store, id: ProofId, limit: i64) -> Result<Vec<Used>, Fault> {
    let sql = "SELECT case_number, demand, item_zh, item_en, at FROM proofs_use WHERE proof = $1 \
               ORDER BY at DESC, case_number LIMIT $2";
    let rows: Vec<(String, String, String, String, Timestamp)> =
        store.rows(sql, params![id, limit.clamp(1, 100)]).await?;
    let used = |(case, demand, zh, en, at): (String, String, String, String, Timestamp)| Used {
        what: Use { case, demand, item: Text::new(zh, en) },
        at,
    };
    Ok(rows.into_iter().map(used).collect())
}

pub(crate) fn insert(commit: &mut Commit, sealer: &Sealer, p: &Proof) -> Result<(), Fault> {
    commit.exec(
        "INSERT INTO proofs_proof (id, subject, kind, holder, grade, state, case_number, at, valid_until, body, rev, about) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        params![
            p.id,
            p.subject,
            p.kind,
            p.holder,
            p.grade,
            p.state,
            p.case,
            p.at,
            p.valid_until.map(|d| d.to_string()),
            Sealed::seal(sealer, BODY, &p.body())?,
            p.rev,
            p.about,
        ],
    );
    Ok(())
}

/// Notes that cases use the proof; what is noted already stays.
pub(crate) fn insert_uses(cx: &mut Cx, id: ProofId, uses: &[Use]) {
    for one in uses {
        cx.commit.exec_any(
            "INSERT INTO proofs_use (case_number, demand, proof, item_zh, item_en, at) VALUES ($1, $2, $3, $4, $5, $6) \
             ON CONFLICT (case_number, demand, proof) DO NOTHING",
            params![one.case, one.demand, id, one.item.zh, one.item.en, cx.now],
        );
    }
}

/// The proof as `now` says, unless it changed since it was read.
pub(crate) fn update(commit: &mut Commit, sealer: &Sealer, now: &Proof) -> Result<(), Fault> {
    let grade: Grade = now.grade;
    let state: State = now.state;
    commit.exec(
        "UPDATE proofs_proof SET grade = $1, state = $2, body = $3, about = $4, rev = rev + 1 \
         WHERE id = $5 AND rev = $6",
        params![grade, state, Sealed::seal(sealer, BODY, &now.body())?, now.about, now.id, now.rev],
    );
    Ok(())
}

/// Relies on the proof staying as it was read until the commit happens (not withdrawn, not replaced).
pub(crate) fn guard(commit: &mut Commit, relied_on: &Proof) {
    commit
        .guard("SELECT 1 FROM proofs_proof WHERE id = $1 AND rev = $2", params![relied_on.id, relied_on.rev]);
}
