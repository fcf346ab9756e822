//! Accounts, sessions, lock-outs, posts.

use super::protection::NOT_BARRED;
use super::staff::MANAGERS;
use crate::mandate::{Basis, MandateId, Matters, Powers};
use crate::model::{MemberRole, Post, Role, SessionId, SessionKind};
use kernel::{AccountId, Fault, OrganisationId, PersonId, SubjectId, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// One line of a session and one of its posts.
    pub(crate) struct SessionRow {
        pub(crate) id: SessionId,
        pub(crate) kind: SessionKind,
        pub(crate) csrf: String,
        pub(crate) idle_until: Timestamp,
        pub(crate) expires_at: Timestamp,
        pub(crate) acting: Option<OrganisationId>,
        pub(crate) account: AccountId,
        pub(crate) account_name: String,
        pub(crate) person: PersonId,
        pub(crate) person_name: String,
        pub(crate) acting_name: Option<String>,
        pub(crate) acting_role: Option<MemberRole>,
        pub(crate) mandates: i64,
        pub(crate) confirmed_at: Option<Timestamp>,
        pub(crate) chosen_mandate: Option<MandateId>,
        pub(crate) mandate: Option<MandateId>,
        pub(crate) basis: Option<Basis>,
        pub(crate) principal: Option<SubjectId>,
        pub(crate) principal_name: Option<String>,
        pub(crate) agent: Option<SubjectId>,
        pub(crate) matters: Option<Matters>,
        pub(crate) powers: Option<Powers>,
        pub(crate) through: Option<OrganisationId>,
        pub(crate) role: Option<Role>,
        pub(crate) agency: Option<String>,
        pub(crate) window: Option<String>,
        pub(crate) division: Option<String>,
        pub(crate) head: Option<bool>,
        pub(crate) chosen: Option<String>,
    }
}

row! {
    /// An account that somebody wants to sign in with.
    pub(crate) struct AccountRow {
        pub(crate) id: AccountId,
        pub(crate) person: PersonId,
        pub(crate) password: String,
        pub(crate) acting: Option<OrganisationId>,
        pub(crate) mandate: Option<MandateId>,
        pub(crate) post: Option<String>,
        pub(crate) factors: i64,
    }
}

row! {
    /// The wrong passwords of a name, from one place or from anywhere.
    pub(crate) struct LockoutRow {
        pub(crate) failures: i64,
        pub(crate) last_at: Timestamp,
        pub(crate) locked_until: Timestamp,
    }
}

row! {
    /// A session in the list.
    pub(crate) struct SessionLineRow {
        pub(crate) id: SessionId,
        pub(crate) kind: SessionKind,
        pub(crate) device: String,
        pub(crate) created_at: Timestamp,
        pub(crate) seen_at: Timestamp,
    }
}

/// A session to be written.
pub(crate) struct NewRow<'a> {
    pub(crate) token_hash: [u8; 32],
    pub(crate) id: SessionId,
    pub(crate) account: AccountId,
    pub(crate) kind: SessionKind,
    pub(crate) csrf: String,
    pub(crate) acting: Option<OrganisationId>,
    pub(crate) mandate: Option<MandateId>,
    pub(crate) post: Option<&'a str>,
    pub(crate) device: &'a str,
    pub(crate) at: Timestamp,
    pub(crate) confirmed_at: Option<Timestamp>,
    pub(crate) idle_until: Timestamp,
    pub(crate) expires_at: Timestamp,
}

/// The session of a token, one row per post (one row when there is none).
pub(crate) async fn session(
    store: &Store,
    token_hash: [u8; 32],
    now: Timestamp,
    demo: bool,
) -> Result<Vec<SessionRow>, Fault> {
    let sql = format!(
        "SELECT s.id, s.kind, s.csrf, s.idle_until, s.expires_at, s.acting, a.id, a.name, p.id, p.name, o.name, m.role,
                (SELECT COUNT(*) FROM identity_membership c
                 WHERE c.person = a.person AND c.until IS NULL AND (c.ends_at IS NULL OR c.ends_at > $2))
                + CASE WHEN EXISTS (SELECT 1 FROM identity_mandate h WHERE h.agent = 'person:' || a.person
                    AND h.state = 'accepted' AND h.until_at > $2) THEN 1 ELSE 0 END,
                s.confirmed_at, s.mandate, g.id, g.basis, g.principal, g.principal_name, g.agent, g.items, g.powers,
                gm.organisation, t.role, t.agency, t.window_no, t.division, t.head, s.post
             FROM identity_session s
             JOIN identity_account a ON a.id = s.account
             JOIN identity_person p ON p.id = a.person
             LEFT JOIN identity_organisation o ON o.id = s.acting
             LEFT JOIN identity_membership m ON m.person = a.person AND m.until IS NULL
                AND (m.ends_at IS NULL OR m.ends_at > $2)
                AND m.organisation IN (o.id, o.head) AND (m.organisation = o.id OR m.role IN {MANAGERS})
             LEFT JOIN identity_mandate g ON g.id = s.mandate AND g.state = 'accepted' AND g.until_at > $2 AND {NOT_BARRED}
             LEFT JOIN identity_membership gm ON gm.person = a.person AND g.agent = 'organisation:' || gm.organisation
                AND gm.until IS NULL AND (gm.ends_at IS NULL OR gm.ends_at > $2)
             LEFT JOIN identity_post t ON t.account = a.id
             WHERE s.token_hash = $1 AND s.expires_at > $2 AND s.idle_until > $2 AND a.state IN ('active', $3)
             ORDER BY t.role, t.agency, CASE WHEN m.organisation = o.id THEN 0 ELSE 1 END"
    );
    store.rows(&sql, params![token_hash, now, also(demo)]).await
}

pub(crate) fn insert_session(commit: &mut Commit, s: &NewRow<'_>) {
    commit.exec(
        "INSERT INTO identity_session
             (token_hash, id, account, kind, csrf, acting, mandate, post, device, created_at, seen_at, confirmed_at,
              idle_until, expires_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $10, $11, $12, $13)",
        params![
            s.token_hash,
            s.id,
            s.account,
            s.kind,
            s.csrf,
            s.acting,
            s.mandate,
            s.post,
            s.device,
            s.at,
            s.confirmed_at,
            s.idle_until,
            s.expires_at
        ],
    );
}

pub(crate) fn touch(commit: &mut Commit, id: SessionId, now: Timestamp, idle_until: Timestamp) {
    commit.exec_any(
        "UPDATE identity_session SET seen_at = $1, idle_until = $2 WHERE id = $3",
        params![now, idle_until, id],
    );
}

pub(crate) fn end_session(commit: &mut Commit, account: AccountId, id: SessionId) {
    commit.exec_any("DELETE FROM identity_session WHERE id = $1 AND account = $2", params![id, account]);
}

pub(crate) fn end_other_sessions(commit: &mut Commit, account: AccountId, keep: SessionId) {
    commit.exec_any("DELETE FROM identity_session WHERE account = $1 AND id <> $2", params![account, keep]);
}

pub(crate) fn sweep(commit: &mut Commit, now: Timestamp, lockouts_before: Timestamp) {
    commit.exec_any("DELETE FROM identity_session WHERE expires_at <= $1", params![now]);
    commit.exec_any("DELETE FROM identity_lockout WHERE last_at <= $1", params![lockouts_before]);
}

pub(crate) async fn sessions_of(
    store: &Store,
    account: AccountId,
    now: Timestamp,
) -> Result<Vec<SessionLineRow>, Fault> {
    store
        .rows(
            "SELECT id, kind, device, created_at, seen_at FROM identity_session
             WHERE account = $1 AND expires_at > $2 AND idle_until > $2 ORDER BY created_at DESC LIMIT 100",
            params![account, now],
        )
        .await
}

/// For whom a session acts from now on, and the account's next ones.
pub(crate) fn set_acting(
    commit: &mut Commit,
    session: SessionId,
    account: AccountId,
    firm: Option<OrganisationId>,
    mandate: Option<MandateId>,
) {
    for (table, id) in [("identity_session", session.to_string()), ("identity_account", account.to_string())]
    {
        let sql = format!("UPDATE {table} SET acting = $1, mandate = $2 WHERE id = $3");
        commit.exec(sql, params![firm, mandate, id]);
    }
}

/// That the holder of a session has just shown again who they are.
pub(crate) fn set_confirmed(commit: &mut Commit, session: SessionId, at: Timestamp) {
    commit.exec("UPDATE identity_session SET confirmed_at = $1 WHERE id = $2", params![at, session]);
}

/// The state that counts as active too: an account of the demonstration while that runs.
pub(crate) fn also(demo: bool) -> &'static str {
    if demo { "demo" } else { "active" }
}

/// An account that may be signed in with now.
pub(crate) async fn account(store: &Store, name: &str, demo: bool) -> Result<Option<AccountRow>, Fault> {
    store
        .row(
            "SELECT a.id, a.person, a.password, a.acting, a.mandate, a.post,
                 (SELECT COUNT(*) FROM identity_factor f WHERE f.account = a.id AND f.state = 'active')
             FROM identity_account a WHERE a.name = $1 AND a.state IN ('active', $2)",
            params![name, also(demo)],
        )
        .await
}

/// The same by its id, with its name.
pub(crate) async fn account_by_id(
    store: &Store,
    id: AccountId,
    demo: bool,
) -> Result<Option<(AccountRow, String)>, Fault> {
    let name: Option<(String,)> = store
        .row(
            "SELECT name FROM identity_account WHERE id = $1 AND state IN ('active', $2)",
            params![id, also(demo)],
        )
        .await?;
    let Some((name,)) = name else { return Ok(None) };
    Ok(account(store, &name, demo).await?.map(|row| (row, name)))
}

/// Whether somebody has or had an account that is no post's, in whatever state.
pub(crate) async fn had_account(store: &Store, person: PersonId) -> Result<bool, Fault> {
    let row: Option<(AccountId,)> = store
        .row(
            "SELECT a.id FROM identity_account a WHERE a.person = $1
             AND NOT EXISTS (SELECT 1 FROM identity_post t WHERE t.account = a.id) LIMIT 1",
            params![person],
        )
        .await?;
    Ok(row.is_some())
}

pub(crate) async fn has_account(store: &Store, name: &str) -> Result<bool, Fault> {
    let row: Option<(String,)> =
        store.row("SELECT name FROM identity_account WHERE name = $1", params![name]).await?;
    Ok(row.is_some())
}

pub(crate) async fn lockout(store: &Store, key: &str) -> Result<Option<LockoutRow>, Fault> {
    store
        .row(
            "SELECT failures, last_at, locked_until FROM identity_lockout WHERE name_blind = $1",
            params![key],
        )
        .await
}

/// Writes the next state of a lock-out over the one that was read.
pub(crate) fn put_lockout(commit: &mut Commit, key: &str, old: Option<&LockoutRow>, new: &LockoutRow) {
    match old {
        None => commit.exec(
            "INSERT INTO identity_lockout (name_blind, failures, last_at, locked_until) VALUES ($1, $2, $3, $4)",
            params![key, new.failures, new.last_at, new.locked_until],
        ),
        Some(old) => commit.exec(
            "UPDATE identity_lockout SET failures = $1, last_at = $2, locked_until = $3
             WHERE name_blind = $4 AND failures = $5 AND last_at = $6",
            params![new.failures, new.last_at, new.locked_until, key, old.failures, old.last_at],
        ),
    };
}

pub(crate) fn clear_lockout(commit: &mut Commit, key: &str) {
    commit.exec_any("DELETE FROM identity_lockout WHERE name_blind = $1", params![key]);
}

pub(crate) async fn listed(store: &Store) -> Result<Vec<(String, String, String)>, Fault> {
    store
        .rows(
            "SELECT name, note_zh, note_en FROM identity_account WHERE demo_place IS NOT NULL ORDER BY demo_place LIMIT 50",
            params![],
        )
        .await
}

/// An account to be made.
pub(crate) struct NewAccount<'a> {
    pub(crate) id: AccountId,
    pub(crate) name: &'a str,
    pub(crate) person: PersonId,
    pub(crate) password: &'a str,
    pub(crate) state: &'a str,
    pub(crate) acting: Option<OrganisationId>,
    pub(crate) place: Option<i64>,
    pub(crate) note: &'a kernel::Text,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert_account(commit: &mut Commit, a: &NewAccount<'_>) {
    commit.exec(
        "INSERT INTO identity_account
             (id, name, person, password, state, acting, demo_place, note_zh, note_en, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        params![a.id, a.name, a.person, a.password, a.state, a.acting, a.place, a.note.zh, a.note.en, a.at],
    );
}

pub(crate) fn insert_post(commit: &mut Commit, account: AccountId, post: &Post) {
    commit.exec(
        "INSERT INTO identity_post (account, role, agency, window_no, division, head) VALUES ($1, $2, $3, $4, $5, $6)",
        params![account, post.role, post.agency.as_str(), post.window, post.division, post.head],
    );
}

pub(crate) fn set_post(commit: &mut Commit, session: SessionId, account: AccountId, post: &str) {
    commit.exec("UPDATE identity_session SET post = $1 WHERE id = $2", params![post, session]);
    commit.exec("UPDATE identity_account SET post = $1 WHERE id = $2", params![post, account]);
}
