//! Persons, documents, organisations, mandates, agencies, divisions.

use crate::model::MemberRole;
use kernel::{AgencyCode, Fault, OrganisationId, PersonId, Text, Timestamp};
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
    }
}

row! {
    /// An organisation that a person may act for.
    pub(crate) struct MandateRow {
        pub(crate) organisation: OrganisationId,
        pub(crate) name: String,
        pub(crate) code_mask: String,
        pub(crate) role: MemberRole,
    }
}

row! {
    /// An agency.
    pub(crate) struct AgencyRow {
        pub(crate) code: String,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) credit_code: String,
        pub(crate) division: String,
        pub(crate) phone: String,
        pub(crate) address_zh: String,
        pub(crate) address_en: String,
    }
}

const AGENCY: &str = "SELECT code, name_zh, name_en, credit_code, division, phone, address_zh, address_en FROM identity_agency";

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
            "SELECT name, code, code_mask, legal_representative, phone, phone_mask, address
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

pub(crate) async fn mandates(store: &Store, person: PersonId) -> Result<Vec<MandateRow>, Fault> {
    store
        .rows(
            "SELECT o.id, o.name, o.code_mask, m.role FROM identity_membership m
             JOIN identity_organisation o ON o.id = m.organisation
             WHERE m.person = $1 AND m.until IS NULL ORDER BY m.organisation LIMIT 200",
            params![person],
        )
        .await
}

/// Relies on the mandate still standing when the commit happens.
pub(crate) fn guard_mandate(commit: &mut Commit, person: PersonId, organisation: OrganisationId) {
    commit.guard(
        "SELECT 1 FROM identity_membership WHERE person = $1 AND organisation = $2 AND until IS NULL",
        params![person, organisation],
    );
}

pub(crate) fn end_mandate(
    commit: &mut Commit,
    person: PersonId,
    organisation: OrganisationId,
    at: Timestamp,
) {
    commit.exec(
        "UPDATE identity_membership SET until = $1 WHERE person = $2 AND organisation = $3 AND until IS NULL",
        params![at, person, organisation],
    );
}

pub(crate) async fn agencies(store: &Store) -> Result<Vec<AgencyRow>, Fault> {
    store.rows(&format!("{AGENCY} ORDER BY code"), params![]).await
}

pub(crate) async fn agency(store: &Store, code: &AgencyCode) -> Result<Option<AgencyRow>, Fault> {
    store.row(&format!("{AGENCY} WHERE code = $1"), params![code.as_str()]).await
}

pub(crate) async fn division(store: &Store, code: &str) -> Result<Option<(String, String)>, Fault> {
    store.row("SELECT name_zh, name_en FROM identity_division WHERE code = $1", params![code]).await
}

pub(crate) fn put_division(commit: &mut Commit, code: &str, parent: Option<&str>, name: &Text) {
    commit.exec(
        "INSERT INTO identity_division (code, parent, name_zh, name_en) VALUES ($1, $2, $3, $4)
         ON CONFLICT (code) DO UPDATE SET parent = excluded.parent, name_zh = excluded.name_zh, name_en = excluded.name_en",
        params![code, parent, name.zh, name.en],
    );
}

pub(crate) fn put_agency(commit: &mut Commit, a: &AgencyRow) {
    commit.exec(
        "INSERT INTO identity_agency (code, name_zh, name_en, credit_code, division, phone, address_zh, address_en)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,
             credit_code = excluded.credit_code, division = excluded.division, phone = excluded.phone,
             address_zh = excluded.address_zh, address_en = excluded.address_en",
        params![a.code, a.name_zh, a.name_en, a.credit_code, a.division, a.phone, a.address_zh, a.address_en],
    );
}

pub(crate) fn insert_person(commit: &mut Commit, id: PersonId, p: &PersonRow, at: Timestamp) {
    commit.exec(
        "INSERT INTO identity_person (id, name, phone, phone_mask, address, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
        params![id, p.name, p.phone, p.phone_mask, p.address, at],
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
             (id, name, code_blind, code, code_mask, legal_representative, phone, phone_mask, address, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
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
