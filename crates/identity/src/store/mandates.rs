//! Mandates and their uses.

use super::protection::NOT_BARRED;
use crate::mandate::{Basis, Mandate, MandateId, MandateState, Matters, Powers, UseId};
use kernel::{Fault, PersonId, SubjectId, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// A mandate as it is kept.
    pub(crate) struct MandateRow {
        pub(crate) id: MandateId,
        pub(crate) basis: Basis,
        pub(crate) principal: SubjectId,
        pub(crate) principal_name: String,
        pub(crate) giver: SubjectId,
        pub(crate) giver_name: String,
        pub(crate) agent: SubjectId,
        pub(crate) agent_name: String,
        pub(crate) matters: Matters,
        pub(crate) powers: Powers,
        pub(crate) hand_on: bool,
        pub(crate) parent: Option<MandateId>,
        pub(crate) links: i64,
        pub(crate) state: MandateState,
        pub(crate) offered_at: Timestamp,
        pub(crate) until_at: Timestamp,
        pub(crate) ended_at: Option<Timestamp>,
        pub(crate) rev: i64,
    }
}

impl From<MandateRow> for Mandate {
    fn from(r: MandateRow) -> Self {
        Self {
            id: r.id,
            basis: r.basis,
            principal: r.principal,
            principal_name: r.principal_name,
            giver: r.giver,
            giver_name: r.giver_name,
            agent: r.agent,
            agent_name: r.agent_name,
            matters: r.matters,
            powers: r.powers,
            hand_on: r.hand_on,
            parent: r.parent,
            links: r.links,
            state: r.state,
            offered_at: r.offered_at,
            until_at: r.until_at,
            ended_at: r.ended_at,
            rev: r.rev,
        }
    }
}

row! {
    /// A use of a mandate.
    pub(crate) struct UseRow {
        pub(crate) id: UseId,
        pub(crate) at: Timestamp,
        pub(crate) person_name: String,
        pub(crate) act: String,
        pub(crate) about: String,
    }
}

const MANDATE: &str =
    "SELECT g.id, g.basis, g.principal, g.principal_name, g.giver, g.giver_name, g.agent, g.agent_name,
     g.items, g.powers, g.hand_on, g.parent, g.links, g.state, g.offered_at, g.until_at, g.ended_at, g.rev
     FROM identity_mandate g";

async fn read(store: &Store, sql: &str, params: Vec<store::Value>) -> Result<Vec<Mandate>, Fault> {
    Ok(store.rows::<MandateRow>(sql, params).await?.into_iter().map(Mandate::from).collect())
}

pub(crate) async fn mandate(store: &Store, id: MandateId) -> Result<Option<Mandate>, Fault> {
    Ok(read(store, &format!("{MANDATE} WHERE g.id = $1"), params![id]).await?.into_iter().next())
}

/// The mandate and those it was handed on from, the nearest first.
pub(crate) async fn mandate_chain(store: &Store, id: MandateId) -> Result<Vec<Mandate>, Fault> {
    let sql = format!(
        "WITH RECURSIVE up (id, parent, height) AS (
             SELECT id, parent, 0 FROM identity_mandate WHERE id = $1
             UNION ALL
             SELECT m.id, m.parent, up.height + 1 FROM up JOIN identity_mandate m ON m.id = up.parent
             WHERE up.height < 8)
         {MANDATE} JOIN up ON up.id = g.id ORDER BY up.height"
    );
    read(store, &sql, params![id]).await
}

/// The mandates in which a subject is the principal, the last first, before `before`.
pub(crate) async fn given(
    store: &Store,
    principal: SubjectId,
    before: &str,
    limit: i64,
) -> Result<Vec<Mandate>, Fault> {
    let sql = format!("{MANDATE} WHERE g.principal = $1 AND g.id < $2 ORDER BY g.id DESC LIMIT $3");
    read(store, &sql, params![principal, before, limit]).await
}

/// The mandates in which a subject is the agent, the last first, before `before`.
pub(crate) async fn held(
    store: &Store,
    agent: SubjectId,
    before: &str,
    limit: i64,
) -> Result<Vec<Mandate>, Fault> {
    let sql = format!("{MANDATE} WHERE g.agent = $1 AND g.id < $2 ORDER BY g.id DESC LIMIT $3");
    read(store, &sql, params![agent, before, limit]).await
}

/// The mandates under which somebody may act now, themselves or through their firms.
pub(crate) async fn in_force(
    store: &Store,
    person: PersonId,
    now: Timestamp,
    name: &str,
    limit: i64,
) -> Result<Vec<Mandate>, Fault> {
    let like = format!("%{}%", name.trim().replace(['%', '_', '\0'], ""));
    let sql = format!(
        "{MANDATE} WHERE g.state = 'accepted' AND g.until_at > $2 AND {NOT_BARRED} AND (g.agent = $1 OR g.agent IN
             (SELECT 'organisation:' || m.organisation FROM identity_membership m
              WHERE m.person = $3 AND m.until IS NULL AND (m.ends_at IS NULL OR m.ends_at > $2)))
           AND g.principal_name LIKE $4 ORDER BY g.id DESC LIMIT $5"
    );
    read(store, &sql, params![SubjectId::Person(person), now, person, like, limit]).await
}

/// The agents of a principal, whatever became of their mandates, that are this person or a firm of theirs now or before.
pub(crate) async fn agents_of(
    store: &Store,
    principal: SubjectId,
    person: PersonId,
) -> Result<Vec<(SubjectId, String)>, Fault> {
    store
        .rows(
            "SELECT g.agent, g.agent_name FROM identity_mandate g WHERE g.principal = $1 AND (g.agent = $2 OR g.agent IN
                 (SELECT 'organisation:' || m.organisation FROM identity_membership m WHERE m.person = $3))
             ORDER BY g.id DESC LIMIT 20",
            params![principal, SubjectId::Person(person), person],
        )
        .await
}

/// What was handed on from a mandate directly.
pub(crate) async fn handed_on(store: &Store, parent: MandateId, limit: i64) -> Result<Vec<Mandate>, Fault> {
    let sql = format!("{MANDATE} WHERE g.parent = $1 ORDER BY g.id DESC LIMIT $2");
    read(store, &sql, params![parent, limit]).await
}

/// Open mandates whose last day has passed.
pub(crate) async fn run_out(store: &Store, now: Timestamp, limit: i64) -> Result<Vec<MandateId>, Fault> {
    let mut ids = Vec::new();
    for state in [MandateState::Offered, MandateState::Accepted] {
        let rows: Vec<(MandateId,)> = store
            .rows(
                "SELECT id FROM identity_mandate WHERE state = $1 AND until_at <= $2 ORDER BY until_at, id LIMIT $3",
                params![state, now, limit],
            )
            .await?;
        ids.extend(rows.into_iter().map(|r| r.0));
    }
    Ok(ids)
}

/// Open mandates on either side of a subject.
pub(crate) async fn open_of(store: &Store, subject: SubjectId, limit: i64) -> Result<Vec<MandateId>, Fault> {
    let mut ids: Vec<MandateId> = Vec::new();
    for side in ["principal", "agent"] {
        let sql = format!(
            "SELECT id FROM identity_mandate WHERE {side} = $1 AND state IN ('offered', 'accepted') ORDER BY id LIMIT $2"
        );
        let rows: Vec<(MandateId,)> = store.rows(&sql, params![subject, limit]).await?;
        ids.extend(rows.into_iter().map(|r| r.0));
    }
    ids.sort();
    ids.dedup();
    Ok(ids)
}

/// The guardianships of a child that are in force.
pub(crate) async fn guardians(
    store: &Store,
    child: SubjectId,
    now: Timestamp,
) -> Result<Vec<Mandate>, Fault> {
    let sql = format!(
        "{MANDATE} WHERE g.principal = $1 AND g.basis = 'guardian' AND g.state = 'accepted' AND g.until_at > $2
         ORDER BY g.id LIMIT 20"
    );
    read(store, &sql, params![child, now]).await
}

pub(crate) fn insert_mandate(commit: &mut Commit, m: &Mandate) {
    commit.exec(
        "INSERT INTO identity_mandate
             (id, basis, principal, principal_name, giver, giver_name, agent, agent_name, items, powers, hand_on, parent,
              links, state, offered_at, until_at, rev)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)",
        params![
            m.id,
            m.basis,
            m.principal,
            m.principal_name,
            m.giver,
            m.giver_name,
            m.agent,
            m.agent_name,
            m.matters,
            m.powers,
            m.hand_on,
            m.parent,
            m.links,
            m.state,
            m.offered_at,
            m.until_at,
            m.rev
        ],
    );
}

/// Writes what became of a mandate over the revision that was read.
pub(crate) fn move_mandate(
    commit: &mut Commit,
    was: &Mandate,
    state: MandateState,
    ended_at: Option<Timestamp>,
    rev: i64,
) {
    commit.exec(
        "UPDATE identity_mandate SET state = $1, ended_at = $2, rev = $3 WHERE id = $4 AND rev = $5",
        params![state, ended_at, rev, was.id, was.rev],
    );
}

/// Whether nothing that protects the principal's address stands against acting under a mandate.
pub(crate) async fn not_barred(store: &Store, id: MandateId) -> Result<bool, Fault> {
    let sql = format!("SELECT g.id FROM identity_mandate g WHERE g.id = $1 AND {NOT_BARRED}");
    let row: Option<(MandateId,)> = store.row(&sql, params![id]).await?;
    Ok(row.is_some())
}

/// Relies on a mandate being in force when the commit happens.
pub(crate) fn guard_in_force(commit: &mut Commit, id: MandateId, now: Timestamp) {
    let sql = format!(
        "SELECT 1 FROM identity_mandate g WHERE g.id = $1 AND g.state = 'accepted' AND g.until_at > $2 AND {NOT_BARRED}"
    );
    commit.guard(sql, params![id, now]);
}

/// A use to be written.
pub(crate) struct NewUse<'a> {
    pub(crate) mandate: MandateId,
    pub(crate) id: UseId,
    pub(crate) at: Timestamp,
    pub(crate) person: PersonId,
    pub(crate) person_name: &'a str,
    pub(crate) act: &'a str,
    pub(crate) about: &'a str,
}

pub(crate) fn insert_use(commit: &mut Commit, u: &NewUse<'_>) {
    commit.exec(
        "INSERT INTO identity_mandate_use (mandate, id, at, person, person_name, act, about)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![u.mandate, u.id, u.at, u.person, u.person_name, u.act, u.about],
    );
}

/// The uses of a mandate, the last first, before `before`.
pub(crate) async fn uses(
    store: &Store,
    mandate: MandateId,
    before: &str,
    limit: i64,
) -> Result<Vec<UseRow>, Fault> {
    store
        .rows(
            "SELECT id, at, person_name, act, about FROM identity_mandate_use
             WHERE mandate = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
            params![mandate, before, limit],
        )
        .await
}
