//! Rows of addresses under protection.

use crate::protection::{ProtectionId, State};
use kernel::{AccountId, Fault, PersonId, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// A protection.
    pub(crate) struct ProtectionRow {
        pub(crate) id: ProtectionId,
        pub(crate) person: PersonId,
        pub(crate) ground: String,
        pub(crate) agency: String,
        pub(crate) state: String,
        pub(crate) asked_by: AccountId,
        pub(crate) until_at: Timestamp,
        pub(crate) rev: i64,
    }
}

/// A protection that is asked for.
pub(crate) struct NewProtection<'a> {
    pub(crate) id: ProtectionId,
    pub(crate) person: PersonId,
    pub(crate) with: Option<PersonId>,
    pub(crate) ground: &'a str,
    pub(crate) agency: &'a str,
    pub(crate) by: AccountId,
    pub(crate) at: Timestamp,
    pub(crate) until_at: Timestamp,
}

/// The condition that a mandate `g` is not barred: in the name of somebody whose address is protected acts only whom they chose
/// themselves, whoever shelters them, and whom that person chose.
pub(super) const NOT_BARRED: &str = "NOT EXISTS (SELECT 1 FROM identity_protection x
    WHERE x.person = SUBSTR(g.principal, 8) AND x.state IN ('holds', 'lifting')
      AND NOT (g.basis = 'given' AND g.giver = g.principal)
      AND (x.with_person IS NULL
           OR ('person:' || x.with_person <> g.agent AND 'person:' || x.with_person <> g.giver)))";

const COLUMNS: &str = "id, person, ground, agency, state, asked_by, until_at, rev";

pub(crate) fn insert_protection(commit: &mut Commit, p: &NewProtection<'_>) {
    commit.exec(
        "INSERT INTO identity_protection (id, person, with_person, ground, agency, state, asked_by, asked_at, until_at, rev)
         VALUES ($1, $2, $3, $4, $5, 'asked', $6, $7, $8, 1)",
        params![p.id, p.person, p.with, p.ground, p.agency, p.by, p.at, p.until_at],
    );
}

pub(crate) fn move_protection(
    commit: &mut Commit,
    was: &ProtectionRow,
    state: State,
    by: AccountId,
    rev: i64,
) {
    commit.exec(
        "UPDATE identity_protection SET state = $1, asked_by = $2, rev = $3 WHERE id = $4 AND rev = $5",
        params![state.word(), by, rev, was.id, was.rev],
    );
}

pub(crate) async fn protection(store: &Store, id: ProtectionId) -> Result<Option<ProtectionRow>, Fault> {
    store.row(&format!("SELECT {COLUMNS} FROM identity_protection WHERE id = $1"), params![id]).await
}

/// Those of an agency that are open or hold.
pub(crate) async fn protections(
    store: &Store,
    agency: &str,
    limit: i64,
) -> Result<Vec<ProtectionRow>, Fault> {
    let sql = format!(
        "SELECT {COLUMNS} FROM identity_protection
         WHERE agency = $1 AND state IN ('asked', 'holds', 'lifting') ORDER BY id DESC LIMIT $2"
    );
    store.rows(&sql, params![agency, limit]).await
}

/// Whether one of this person is asked for or holds.
pub(crate) async fn open_protection(store: &Store, person: PersonId) -> Result<bool, Fault> {
    let row: Option<(ProtectionId,)> = store
        .row(
            "SELECT id FROM identity_protection WHERE person = $1 AND state IN ('asked', 'holds', 'lifting') LIMIT 1",
            params![person],
        )
        .await?;
    Ok(row.is_some())
}

/// Who may see the address in spite of it, for each protection of this person that holds.
pub(crate) async fn protected_with(store: &Store, person: PersonId) -> Result<Vec<Option<PersonId>>, Fault> {
    let rows: Vec<(Option<PersonId>,)> = store
        .rows(
            "SELECT with_person FROM identity_protection WHERE person = $1 AND state IN ('holds', 'lifting')",
            params![person],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// Whether one holds at all.
pub(crate) async fn any_protection(store: &Store) -> Result<bool, Fault> {
    let row: Option<(ProtectionId,)> = store
        .row("SELECT id FROM identity_protection WHERE state IN ('holds', 'lifting') LIMIT 1", params![])
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn protections_run_out(
    store: &Store,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<ProtectionId>, Fault> {
    let rows: Vec<(ProtectionId,)> = store
        .rows(
            "SELECT id FROM identity_protection WHERE state IN ('holds', 'lifting') AND until_at <= $1 ORDER BY until_at LIMIT $2",
            params![now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}
