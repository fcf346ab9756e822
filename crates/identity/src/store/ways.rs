//! Ways in beside the password: joined with a national identity service, passkeys, what was handed out and is spent.

use crate::model::PasskeyId;
use kernel::{AccountId, Fault, PersonId, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// A passkey as it is checked.
    pub(crate) struct PasskeyRow {
        pub(crate) id: PasskeyId,
        pub(crate) account: AccountId,
        pub(crate) public_key: Vec<u8>,
        pub(crate) counter: i64,
    }
}

row! {
    /// A passkey as its holder sees it.
    pub(crate) struct PasskeyLineRow {
        pub(crate) id: PasskeyId,
        pub(crate) label: String,
        pub(crate) synced: bool,
        pub(crate) made_at: Timestamp,
        pub(crate) used_at: Option<Timestamp>,
        pub(crate) credential: Vec<u8>,
    }
}

/// A joining to be written.
pub(crate) struct NewJoined<'a> {
    pub(crate) issuer: &'a str,
    pub(crate) blind: &'a str,
    pub(crate) account: AccountId,
    pub(crate) assurance: &'a str,
    pub(crate) at: Timestamp,
}

/// A passkey to be written.
pub(crate) struct NewPasskey<'a> {
    pub(crate) id: PasskeyId,
    pub(crate) account: AccountId,
    pub(crate) credential: &'a [u8],
    pub(crate) public_key: &'a [u8],
    pub(crate) label: &'a str,
    pub(crate) counter: i64,
    pub(crate) synced: bool,
    pub(crate) at: Timestamp,
}

/// The account that a name of the service's was joined with, whose it is, and how many posts it holds.
pub(crate) async fn joined(
    store: &Store,
    issuer: &str,
    blind: &str,
) -> Result<Option<(AccountId, PersonId, i64)>, Fault> {
    store
        .row(
            "SELECT a.id, a.person, (SELECT COUNT(*) FROM identity_post t WHERE t.account = a.id)
             FROM identity_joined j JOIN identity_account a ON a.id = j.account
             WHERE j.issuer = $1 AND j.subject_blind = $2",
            params![issuer, blind],
        )
        .await
}

pub(crate) async fn joined_since(
    store: &Store,
    account: AccountId,
    issuer: &str,
) -> Result<Option<Timestamp>, Fault> {
    let sql = "SELECT since FROM identity_joined WHERE account = $1 AND issuer = $2";
    let row: Option<(Timestamp,)> = store.row(sql, params![account, issuer]).await?;
    Ok(row.map(|r| r.0))
}

pub(crate) fn insert_joined(commit: &mut Commit, j: &NewJoined<'_>) {
    commit.exec(
        "INSERT INTO identity_joined (issuer, subject_blind, account, assurance, since) VALUES ($1, $2, $3, $4, $5)",
        params![j.issuer, j.blind, j.account, j.assurance, j.at],
    );
}

pub(crate) async fn is_spent(store: &Store, hash: [u8; 32]) -> Result<bool, Fault> {
    let row: Option<(i64,)> =
        store.row("SELECT expires_at FROM identity_spent WHERE hash = $1", params![hash]).await?;
    Ok(row.is_some())
}

pub(crate) fn spend(commit: &mut Commit, hash: [u8; 32], until: Timestamp) {
    commit.exec("INSERT INTO identity_spent (hash, expires_at) VALUES ($1, $2)", params![hash, until]);
}

pub(crate) fn sweep_spent(commit: &mut Commit, now: Timestamp) {
    commit.exec_any("DELETE FROM identity_spent WHERE expires_at <= $1", params![now]);
}

pub(crate) async fn passkey(store: &Store, credential: &[u8]) -> Result<Option<PasskeyRow>, Fault> {
    let sql = "SELECT id, account, public_key, counter FROM identity_passkey WHERE credential = $1";
    store.row(sql, params![credential]).await
}

pub(crate) async fn passkeys(store: &Store, account: AccountId) -> Result<Vec<PasskeyLineRow>, Fault> {
    store
        .rows(
            "SELECT id, label, synced, made_at, used_at, credential FROM identity_passkey
             WHERE account = $1 ORDER BY made_at, id LIMIT 100",
            params![account],
        )
        .await
}

pub(crate) fn insert_passkey(commit: &mut Commit, p: &NewPasskey<'_>) {
    commit.exec(
        "INSERT INTO identity_passkey (id, account, credential, public_key, label, counter, synced, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        params![p.id, p.account, p.credential, p.public_key, p.label, p.counter, p.synced, p.at],
    );
}

/// Notes a use over the counter that was read: of two uses at once one conflicts.
pub(crate) fn use_passkey(commit: &mut Commit, id: PasskeyId, was: i64, counter: i64, at: Timestamp) {
    commit.exec(
        "UPDATE identity_passkey SET counter = $1, used_at = $2 WHERE id = $3 AND counter = $4",
        params![counter, at, id, was],
    );
}

pub(crate) fn delete_passkey(commit: &mut Commit, account: AccountId, id: PasskeyId) {
    commit.exec("DELETE FROM identity_passkey WHERE id = $1 AND account = $2", params![id, account]);
}

/// All of them: an account that was found again has none that somebody else may hold.
pub(crate) fn delete_passkeys(commit: &mut Commit, account: AccountId) {
    commit.exec_any("DELETE FROM identity_passkey WHERE account = $1", params![account]);
}
