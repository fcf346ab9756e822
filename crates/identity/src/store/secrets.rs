//! What signing in rests on beside the password: the second factor, recovery codes, sign-ins half done, recoveries at a window.

use crate::model::RenewalId;
use kernel::{AccountId, Fault, PersonId, Timestamp};
use store::{Commit, Sealed, Store, params, row};

row! {
    /// A second factor; in force when its state is `active`.
    pub(crate) struct FactorRow {
        pub(crate) secret: Sealed<Vec<u8>>,
        pub(crate) state: String,
        pub(crate) since: Timestamp,
        pub(crate) last_step: i64,
    }
}

row! {
    /// How an account stands, as its holder reads it.
    pub(crate) struct StandingRow {
        pub(crate) listed: Option<i64>,
        pub(crate) password_at: Option<Timestamp>,
        pub(crate) recovered_at: Option<Timestamp>,
        pub(crate) recovered_by: Option<String>,
        pub(crate) codes: i64,
    }
}

row! {
    /// A recovery at a window.
    pub(crate) struct RenewalRow {
        pub(crate) id: RenewalId,
        pub(crate) account: AccountId,
        pub(crate) account_name: String,
        pub(crate) person: PersonId,
        pub(crate) person_name: String,
        pub(crate) first: AccountId,
        pub(crate) first_name: String,
        pub(crate) made_at: Timestamp,
        pub(crate) expires_at: Timestamp,
    }
}

pub(crate) async fn factor(store: &Store, account: AccountId) -> Result<Option<FactorRow>, Fault> {
    let sql = "SELECT secret, state, since, last_step FROM identity_factor WHERE account = $1";
    store.row(sql, params![account]).await
}

pub(crate) async fn standing(store: &Store, account: AccountId) -> Result<Option<StandingRow>, Fault> {
    store
        .row(
            "SELECT a.demo_place, a.password_at, a.recovered_at, a.recovered_by,
                 (SELECT COUNT(*) FROM identity_recovery_code c WHERE c.account = a.id AND c.used_at IS NULL)
             FROM identity_account a WHERE a.id = $1",
            params![account],
        )
        .await
}

/// Puts a secret that is not proven yet in the place of another such.
pub(crate) fn put_pending(commit: &mut Commit, account: AccountId, secret: &Sealed<Vec<u8>>, at: Timestamp) {
    commit.exec_any("DELETE FROM identity_factor WHERE account = $1 AND state = 'pending'", params![account]);
    commit.exec(
        "INSERT INTO identity_factor (account, secret, state, since, last_step) VALUES ($1, $2, 'pending', $3, 0)",
        params![account, secret, at],
    );
}

pub(crate) fn activate(commit: &mut Commit, account: AccountId, at: Timestamp, step: i64) {
    commit.exec(
        "UPDATE identity_factor SET state = 'active', since = $1, last_step = $2 WHERE account = $3 AND state = 'pending'",
        params![at, step, account],
    );
}

/// Uses a code up: that of an older or the same step is worth nothing any more, on any server.
pub(crate) fn use_step(commit: &mut Commit, account: AccountId, step: i64) {
    commit.exec(
        "UPDATE identity_factor SET last_step = $1 WHERE account = $2 AND state = 'active' AND last_step < $1",
        params![step, account],
    );
}

pub(crate) fn delete_factor(commit: &mut Commit, account: AccountId) {
    commit.exec_any("DELETE FROM identity_factor WHERE account = $1", params![account]);
}

pub(crate) fn delete_codes(commit: &mut Commit, account: AccountId) {
    commit.exec_any("DELETE FROM identity_recovery_code WHERE account = $1", params![account]);
}

pub(crate) fn insert_code(commit: &mut Commit, account: AccountId, blind: &str, at: Timestamp) {
    commit.exec(
        "INSERT INTO identity_recovery_code (account, code_blind, made_at) VALUES ($1, $2, $3)",
        params![account, blind, at],
    );
}

pub(crate) async fn has_code(store: &Store, account: AccountId, blind: &str) -> Result<bool, Fault> {
    let sql = "SELECT made_at FROM identity_recovery_code WHERE account = $1 AND code_blind = $2 AND used_at IS NULL";
    Ok(store.row::<(i64,)>(sql, params![account, blind]).await?.is_some())
}

/// Uses a recovery code up.
pub(crate) fn use_code(commit: &mut Commit, account: AccountId, blind: &str, at: Timestamp) {
    commit.exec(
        "UPDATE identity_recovery_code SET used_at = $1 WHERE account = $2 AND code_blind = $3 AND used_at IS NULL",
        params![at, account, blind],
    );
}

pub(crate) fn insert_half(commit: &mut Commit, token_hash: [u8; 32], account: AccountId, until: Timestamp) {
    commit.exec(
        "INSERT INTO identity_half (token_hash, account, expires_at) VALUES ($1, $2, $3)",
        params![token_hash, account, until],
    );
}

/// The account whose password was right a moment ago.
pub(crate) async fn half(
    store: &Store,
    token_hash: [u8; 32],
    now: Timestamp,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = store
        .row(
            "SELECT a.name FROM identity_half h JOIN identity_account a ON a.id = h.account
             WHERE h.token_hash = $1 AND h.expires_at > $2",
            params![token_hash, now],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub(crate) fn end_half(commit: &mut Commit, token_hash: [u8; 32]) {
    commit.exec("DELETE FROM identity_half WHERE token_hash = $1", params![token_hash]);
}

pub(crate) fn set_password(commit: &mut Commit, account: AccountId, hash: &str, was: &str, at: Timestamp) {
    commit.exec(
        "UPDATE identity_account SET password = $1, password_at = $2 WHERE id = $3 AND password = $4",
        params![hash, at, account, was],
    );
}

/// That an account was found again, and how; all its sign-ins end.
pub(crate) fn recovered(commit: &mut Commit, account: AccountId, by: &str, at: Timestamp) {
    commit.exec(
        "UPDATE identity_account SET recovered_at = $1, recovered_by = $2 WHERE id = $3",
        params![at, by, account],
    );
    commit.exec_any("DELETE FROM identity_session WHERE account = $1", params![account]);
    commit.exec_any("DELETE FROM identity_half WHERE account = $1", params![account]);
}

/// The account of a person that is no post's, the oldest first.
pub(crate) async fn account_of(
    store: &Store,
    person: PersonId,
    also: &str,
) -> Result<Option<(AccountId, String)>, Fault> {
    store
        .row(
            "SELECT a.id, a.name FROM identity_account a WHERE a.person = $1 AND a.state IN ('active', $2)
             AND NOT EXISTS (SELECT 1 FROM identity_post t WHERE t.account = a.id) ORDER BY a.created_at, a.id LIMIT 1",
            params![person, also],
        )
        .await
}

/// A recovery to be begun.
pub(crate) struct NewRenewal<'a> {
    pub(crate) id: RenewalId,
    pub(crate) account: AccountId,
    pub(crate) agency: &'a str,
    pub(crate) first: AccountId,
    pub(crate) at: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// Begins a recovery; one that waited before is over.
pub(crate) fn insert_renewal(commit: &mut Commit, r: &NewRenewal<'_>) {
    commit.exec_any(
        "UPDATE identity_renewal SET state = 'over' WHERE account = $1 AND state IN ('begun', 'told')",
        params![r.account],
    );
    commit.exec(
        "INSERT INTO identity_renewal (id, account, agency, first, state, made_at, expires_at)
         VALUES ($1, $2, $3, $4, 'begun', $5, $6)",
        params![r.id, r.account, r.agency, r.first, r.at, r.expires_at],
    );
}

/// The recoveries of an agency that wait for a second clerk.
pub(crate) async fn renewals(store: &Store, agency: &str, now: Timestamp) -> Result<Vec<RenewalRow>, Fault> {
    store
        .rows(
            "SELECT r.id, r.account, a.name, p.id, p.name, r.first, q.name, r.made_at, r.expires_at
             FROM identity_renewal r
             JOIN identity_account a ON a.id = r.account JOIN identity_person p ON p.id = a.person
             JOIN identity_account b ON b.id = r.first JOIN identity_person q ON q.id = b.person
             WHERE r.agency = $1 AND r.state = 'begun' AND r.expires_at > $2 ORDER BY r.id LIMIT 50",
            params![agency, now],
        )
        .await
}

/// The second clerk has looked too: the code is told.
pub(crate) fn tell_renewal(
    commit: &mut Commit,
    id: RenewalId,
    second: AccountId,
    blind: &str,
    until: Timestamp,
) {
    commit.exec(
        "UPDATE identity_renewal SET state = 'told', second = $1, code_blind = $2, expires_at = $3
         WHERE id = $4 AND state = 'begun' AND first <> $1",
        params![second, blind, until, id],
    );
}

/// The recovery of an account whose code this is.
pub(crate) async fn told_renewal(
    store: &Store,
    account: AccountId,
    blind: &str,
    now: Timestamp,
) -> Result<Option<RenewalId>, Fault> {
    let row: Option<(RenewalId,)> = store
        .row(
            "SELECT id FROM identity_renewal WHERE account = $1 AND state = 'told' AND code_blind = $2 AND expires_at > $3",
            params![account, blind, now],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub(crate) fn use_renewal(commit: &mut Commit, id: RenewalId) {
    commit.exec("UPDATE identity_renewal SET state = 'used' WHERE id = $1 AND state = 'told'", params![id]);
}

pub(crate) fn sweep_halves(commit: &mut Commit, now: Timestamp) {
    commit.exec_any("DELETE FROM identity_half WHERE expires_at <= $1", params![now]);
}
