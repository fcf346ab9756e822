//! Persons, documents, organisations, mandates.

use crate::model::MemberRole;
use kernel::{AccountId, Fault, OrganisationId, PersonId, Timestamp};
use store::{Commit, Sealed, Store, params, row};

row! {
    /// A person.
    pub(crate) struct PersonRow {
        pub(crate) name: String,
        pub(crate) phone: Option<Sealed<String>>,
        pub(crate) phone_mask: Option<String>,
        pub(crate) address: Option<Sealed<String>>,
    }
}

row! {
    /// A document of a person.
    pub(crate) struct DocumentRow {
        pub(crate) kind: String,
        pub(crate) country: String,
        pub(crate) number: Sealed<String>,
        pub(crate) number_mask: String,
    }
}

row! {
    /// An organisation.
    pub(crate) struct OrganisationRow {
        pub(crate) name: String,
        pub(crate) code: Sealed<String>,
        pub(crate) code_mask: String,
        pub(crate) legal_representative: String,
        pub(crate) phone: Option<Sealed<String>>,
        pub(crate) phone_mask: Option<String>,
        pub(crate) address: String,
        pub(crate) head: Option<OrganisationId>,
    }
}

row! {
    /// An organisation that a person may act for.
    pub(crate) struct MembershipRow {
        pub(crate) organisation: OrganisationId,
        pub(crate) name: String,
        pub(crate) code_mask: String,
        pub(crate) role: MemberRole,
    }
}

pub(crate) async fn person(store: &Store, id: PersonId) -> Result<Option<PersonRow>, Fault> {
    store.row("SELECT name, phone, phone_mask, address FROM identity_person WHERE id = $1", params![id]).await
}

pub(crate) async fn documents(store: &Store, person: PersonId) -> Result<Vec<DocumentRow>, Fault> {
    store
        .rows(
            "SELECT kind, country, number, number_mask FROM identity_document WHERE person = $1 ORDER BY place",
            params![person],
        )
        .await
}

pub(crate) async fn holder(
    store: &Store,
    kind: &str,
    country: &str,
    blind: &str,
) -> Result<Option<PersonId>, Fault> {
    let row: Option<(PersonId,)> = store
        .row(
            "SELECT person FROM identity_document WHERE kind = $1 AND country = $2 AND number_blind = $3",
            params![kind, country, blind],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub(crate) async fn organisation(
    store: &Store,
    id: OrganisationId,
) -> Result<Option<OrganisationRow>, Fault> {
    store
        .row(
            "SELECT name, code, code_mask, legal_representative, phone, phone_mask, address, head
             FROM identity_organisation WHERE id = $1",
            params![id],
        )
        .await
}

pub(crate) async fn organisation_by_code(
    store: &Store,
    blind: &str,
) -> Result<Option<OrganisationId>, Fault> {
    let row: Option<(OrganisationId,)> =
        store.row("SELECT id FROM identity_organisation WHERE code_blind = $1", params![blind]).await?;
    Ok(row.map(|r| r.0))
}

pub(crate) async fn memberships(
    store: &Store,
    person: PersonId,
    now: Timestamp,
) -> Result<Vec<MembershipRow>, Fault> {
    store
        .rows(
            "SELECT o.id, o.name, o.code_mask, m.role FROM identity_membership m
             JOIN identity_organisation o ON o.id = m.organisation
             WHERE m.person = $1 AND m.until IS NULL AND (m.ends_at IS NULL OR m.ends_at > $2)
             ORDER BY m.organisation LIMIT 200",
            params![person, now],
        )
        .await
}

/// Adds a person; `blind` is the index of the telephone number.
pub(crate) fn insert_person(
    commit: &mut Commit,
    id: PersonId,
    p: &PersonRow,
    blind: Option<&str>,
    at: Timestamp,
) {
    commit.exec(
        "INSERT INTO identity_person (id, name, phone, phone_mask, phone_blind, address, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![id, p.name, p.phone, p.phone_mask, blind, p.address, at],
    );
}

/// Another name of a person.
pub(crate) fn rename_person(commit: &mut Commit, person: PersonId, name: &str) {
    commit.exec("UPDATE identity_person SET name = $2 WHERE id = $1", params![person, name]);
}

/// Who has an account that is no post's and this telephone number, with their names.
pub(crate) async fn by_phone(
    store: &Store,
    blind: &str,
    also: &str,
    limit: i64,
) -> Result<Vec<(PersonId, String)>, Fault> {
    let sql = "SELECT p.id, p.name FROM identity_person p WHERE p.phone_blind = $1 AND EXISTS (
             SELECT 1 FROM identity_account a WHERE a.person = p.id AND a.state IN ('active', $2)
             AND NOT EXISTS (SELECT 1 FROM identity_post t WHERE t.account = a.id)) ORDER BY p.id LIMIT $3";
    store.rows(sql, params![blind, also, limit]).await
}

/// The indexes of a person's telephone number and citizen identity number.
pub(crate) async fn indexes(
    store: &Store,
    person: PersonId,
) -> Result<Option<(Option<String>, Option<String>)>, Fault> {
    let sql = "SELECT p.phone_blind, d.number_blind FROM identity_person p LEFT JOIN identity_document d
             ON d.person = p.id AND d.kind = '111' AND d.country = 'CHN' WHERE p.id = $1 ORDER BY d.place LIMIT 1";
    store.row(sql, params![person]).await
}

/// Telephone numbers that have no index yet, after the person named.
pub(crate) async fn phones_without_index(
    store: &Store,
    after: &str,
    limit: i64,
) -> Result<Vec<(PersonId, Sealed<String>)>, Fault> {
    let sql =
        "SELECT id, phone FROM identity_person WHERE phone IS NOT NULL AND phone_blind IS NULL AND id > $1
         ORDER BY id LIMIT $2";
    store.rows(sql, params![after, limit]).await
}

pub(crate) fn put_phone_index(commit: &mut Commit, person: PersonId, blind: &str) {
    commit.exec_any(
        "UPDATE identity_person SET phone_blind = $2 WHERE id = $1 AND phone_blind IS NULL",
        params![person, blind],
    );
}

pub(crate) fn insert_document(
    commit: &mut Commit,
    person: PersonId,
    place: i64,
    blind: &str,
    d: &DocumentRow,
) {
    commit.exec(
        "INSERT INTO identity_document (kind, country, number_blind, number, number_mask, person, place)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![d.kind, d.country, blind, d.number, d.number_mask, person, place],
    );
}

pub(crate) fn insert_organisation(
    commit: &mut Commit,
    id: OrganisationId,
    blind: &str,
    o: &OrganisationRow,
    at: Timestamp,
) {
    commit.exec(
        "INSERT INTO identity_organisation
             (id, name, code_blind, code, code_mask, legal_representative, phone, phone_mask, address, head, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        params![
            id,
            o.name,
            blind,
            o.code,
            o.code_mask,
            o.legal_representative,
            o.phone,
            o.phone_mask,
            o.address,
            o.head,
            at
        ],
    );
}

pub(crate) fn put_membership(
    commit: &mut Commit,
    person: PersonId,
    organisation: OrganisationId,
    role: MemberRole,
    at: Timestamp,
) {
    commit.exec(
        "INSERT INTO identity_membership (person, organisation, role, since) VALUES ($1, $2, $3, $4)
         ON CONFLICT (person, organisation) DO UPDATE SET role = excluded.role",
        params![person, organisation, role, at],
    );
}

/// The telephone number of whose account it is.
pub(crate) async fn phone_of(store: &Store, account: AccountId) -> Result<Option<Sealed<String>>, Fault> {
    let row: Option<(Option<Sealed<String>>,)> = store
        .row(
            "SELECT p.phone FROM identity_account a JOIN identity_person p ON p.id = a.person WHERE a.id = $1",
            params![account],
        )
        .await?;
    Ok(row.and_then(|r| r.0))
}
