//! Seals, rights over them and their use, in rows.

use crate::seal::{NewUse, RightState, Seal, SealCursor, SealId, SealRight, SealUse, UseCursor, UseId};
use ::store::{Commit, FromRow, Row, Store, params};
use kernel::{AccountId, AgencyCode, Fault, Text};

const SEAL: &str = "s.id, s.agency, s.agency_zh, s.agency_en, s.kind, s.name, s.state, s.automatic, s.rev";

/// How many parts an agency's code has at most where seals are looked for upwards.
pub(crate) const UP_MAX: usize = 6;

pub(crate) fn agency_code(text: String) -> Result<AgencyCode, Fault> {
    AgencyCode::parse(&text).ok_or_else(|| Fault::new(format!("{text:?} is no agency's code")))
}

impl FromRow for Seal {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        Ok(Self {
            id: row.take(0)?,
            agency: agency_code(row.take(1)?)?,
            agency_name: Text::new(row.take::<String>(2)?, row.take::<String>(3)?),
            kind: row.take(4)?,
            name: row.take(5)?,
            state: row.take(6)?,
            automatic: row.take::<i64>(7)? == 1,
            rev: row.take(8)?,
        })
    }
}

/// A seal, and whether the account that was asked about holds a right over it.
pub(crate) struct Candidate {
    pub(crate) seal: Seal,
    pub(crate) right: bool,
}

impl FromRow for Candidate {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let right: Option<String> = row.take(9)?;
        Ok(Self { seal: Seal::from_row(row)?, right: right.is_some() })
    }
}

/// The seals of an agency and of the bodies above it.
pub(crate) async fn candidates(
    store: &Store,
    agency: &AgencyCode,
    account: Option<AccountId>,
) -> Result<Vec<Candidate>, Fault> {
    let mut places: Vec<&str> =
        std::iter::successors(Some(agency.as_str()), |code| code.rsplit_once('.').map(|p| p.0))
            .take(UP_MAX)
            .collect();
    places.resize(UP_MAX, agency.as_str());
    let sql = format!(
        "SELECT {SEAL}, r.state FROM procedure_seal s \
         LEFT JOIN procedure_seal_right r ON r.seal = s.id AND r.account = $7 AND r.state = 'held' \
         WHERE s.agency IN ($1, $2, $3, $4, $5, $6) ORDER BY s.agency DESC, s.kind, s.id"
    );
    let place = |n: usize| places.get(n).copied().unwrap_or("");
    let values = params![place(0), place(1), place(2), place(3), place(4), place(5), account];
    store.rows(&sql, values).await
}

/// Whether one of the accounts holds a right over the seal; the one that does.
pub(crate) async fn holder(
    store: &Store,
    seal: SealId,
    of: &[AccountId],
) -> Result<Option<AccountId>, Fault> {
    for account in of {
        let found: Option<(String,)> = store
            .row(
                "SELECT state FROM procedure_seal_right WHERE seal = $1 AND account = $2 AND state = 'held'",
                params![seal, account],
            )
            .await?;
        if found.is_some() {
            return Ok(Some(*account));
        }
    }
    Ok(None)
}

pub(crate) async fn get(store: &Store, id: SealId) -> Result<Option<Seal>, Fault> {
    store.row(&format!("SELECT {SEAL} FROM procedure_seal s WHERE s.id = $1"), params![id]).await
}

/// The seals of one agency.
pub(crate) async fn of_agency(store: &Store, agency: &AgencyCode) -> Result<Vec<Seal>, Fault> {
    let sql = format!("SELECT {SEAL} FROM procedure_seal s WHERE s.agency = $1 ORDER BY s.kind, s.id");
    store.rows(&sql, params![agency.as_str()]).await
}

/// All seals by agency, from after `after`.
pub(crate) async fn list(store: &Store, after: Option<&SealCursor>, limit: i64) -> Result<Vec<Seal>, Fault> {
    let order = "ORDER BY s.agency, s.kind, s.id LIMIT";
    match after {
        None => store.rows(&format!("SELECT {SEAL} FROM procedure_seal s {order} $1"), params![limit]).await,
        Some(c) => {
            let sql = format!(
                "SELECT {SEAL} FROM procedure_seal s WHERE (s.agency, s.kind, s.id) > ($1, $2, $3) {order} $4"
            );
            store.rows(&sql, params![c.agency.as_str(), c.kind, c.id, limit]).await
        }
    }
}

pub(crate) fn insert(commit: &mut Commit, s: &Seal) {
    commit.exec(
        "INSERT INTO procedure_seal (id, agency, agency_zh, agency_en, kind, name, state, automatic, rev) \
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)",
        params![
            s.id,
            s.agency.as_str(),
            s.agency_name.zh,
            s.agency_name.en,
            s.kind,
            s.name,
            s.state,
            i64::from(s.automatic),
            s.rev,
        ],
    );
}

/// Writes state and the right of the program; the seal must be as it was read.
pub(crate) fn update(commit: &mut Commit, old: &Seal, new: &Seal) {
    commit.exec(
        "UPDATE procedure_seal SET state = $1, automatic = $2, rev = rev + 1 WHERE id = $3 AND rev = $4",
        params![new.state, i64::from(new.automatic), old.id, old.rev],
    );
}

/// Relies on the seal staying as it was read until the commit happens.
pub(crate) fn guard(commit: &mut Commit, seal: &Seal) {
    commit.guard("SELECT 1 FROM procedure_seal WHERE id = $1 AND rev = $2", params![seal.id, seal.rev]);
}

/// Relies on the account holding its right until the commit happens.
pub(crate) fn guard_right(commit: &mut Commit, seal: SealId, account: AccountId) {
    commit.guard(
        "SELECT 1 FROM procedure_seal_right WHERE seal = $1 AND account = $2 AND state = 'held'",
        params![seal, account],
    );
}

::store::row! {
    struct RightRow {
        account: AccountId,
        state: RightState,
        since: kernel::Timestamp,
    }
}

/// Who holds or held a right over the seal.
pub(crate) async fn rights(store: &Store, seal: SealId) -> Result<Vec<SealRight>, Fault> {
    let sql = "SELECT account, state, since FROM procedure_seal_right WHERE seal = $1 ORDER BY account";
    let rows: Vec<RightRow> = store.rows(sql, params![seal]).await?;
    Ok(rows.into_iter().map(|r| SealRight { account: r.account, state: r.state, since: r.since }).collect())
}

/// Sets what right an account has.
pub(crate) fn put_right(commit: &mut Commit, seal: SealId, account: AccountId, state: RightState) {
    let at = commit.at;
    commit.exec(
        "INSERT INTO procedure_seal_right (seal, account, state, since) VALUES ($1, $2, $3, $4) \
         ON CONFLICT (seal, account) DO UPDATE SET state = excluded.state, since = excluded.since",
        params![seal, account, state, at],
    );
}

pub(crate) fn insert_use(commit: &mut Commit, u: &NewUse) {
    commit.exec(
        "INSERT INTO procedure_seal_use (id, seal, account, instead_of, document, number, at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![u.id, u.seal, u.account, u.instead_of, u.document, u.number, u.at],
    );
}

::store::row! {
    struct UseRow {
        id: UseId,
        account: Option<AccountId>,
        instead_of: Option<AccountId>,
        document: String,
        number: String,
        at: kernel::Timestamp,
    }
}

/// The use of a seal, newest first, from after `after`.
pub(crate) async fn uses(
    store: &Store,
    seal: SealId,
    after: Option<&UseCursor>,
    limit: i64,
) -> Result<Vec<SealUse>, Fault> {
    let select =
        "SELECT id, account, instead_of, document, number, at FROM procedure_seal_use WHERE seal = $1";
    let order = "ORDER BY at DESC, id DESC LIMIT";
    let rows: Vec<UseRow> = match after {
        None => store.rows(&format!("{select} {order} $2"), params![seal, limit]).await?,
        Some(c) => {
            let sql = format!("{select} AND (at, id) < ($2, $3) {order} $4");
            store.rows(&sql, params![seal, c.at, c.id, limit]).await?
        }
    };
    let one = |u: UseRow| SealUse {
        id: u.id,
        account: u.account,
        instead_of: u.instead_of,
        document: u.document,
        number: u.number,
        at: u.at,
    };
    Ok(rows.into_iter().map(one).collect())
}
