//! Administrative divisions, the agencies that work for them, and who holds posts there.

use crate::model::Role;
use kernel::{AccountId, AgencyCode, Fault, Text};
use store::{Commit, Store, params, row};

row! {
    /// An agency.
    pub(crate) struct AgencyRow {
        pub(crate) code: String,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) credit_code: String,
        pub(crate) division: String,
        pub(crate) function: Option<String>,
        pub(crate) phone: String,
        pub(crate) address_zh: String,
        pub(crate) address_en: String,
    }
}

row! {
    /// An office whose powers another took over.
    pub(crate) struct PredecessorRow {
        pub(crate) code: String,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
        pub(crate) successor: String,
        pub(crate) since: Option<String>,
        pub(crate) basis_zh: String,
        pub(crate) basis_en: String,
    }
}

row! {
    /// A post in an agency, with its holder.
    pub(crate) struct ColleagueRow {
        pub(crate) account: AccountId,
        pub(crate) name: String,
        pub(crate) role: Role,
        pub(crate) head: bool,
    }
}

row! {
    /// A division.
    pub(crate) struct DivisionRow {
        pub(crate) code: String,
        pub(crate) name_zh: String,
        pub(crate) name_en: String,
    }
}

const AGENCY: &str = "SELECT code, name_zh, name_en, credit_code, division, function, phone, address_zh, address_en FROM identity_agency";

pub(crate) async fn agencies(store: &Store) -> Result<Vec<AgencyRow>, Fault> {
    store.rows(&format!("{AGENCY} ORDER BY code"), params![]).await
}

pub(crate) async fn agency(store: &Store, code: &AgencyCode) -> Result<Option<AgencyRow>, Fault> {
    store.row(&format!("{AGENCY} WHERE code = $1"), params![code.as_str()]).await
}

/// Every office whose powers another took over; there are few.
pub(crate) async fn predecessors(store: &Store) -> Result<Vec<PredecessorRow>, Fault> {
    let sql = "SELECT code, name_zh, name_en, successor, since, basis_zh, basis_en FROM identity_predecessor ORDER BY code";
    store.rows(sql, params![]).await
}

/// The mark of the directory: another one whenever agencies or successions have changed; none before the first change.
pub(crate) async fn directory_mark(store: &Store) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> =
        store.row("SELECT mark FROM identity_directory WHERE id = 1", params![]).await?;
    Ok(row.map(|r| r.0))
}

/// Marks the directory as changed; belongs into every commit that changes an agency or a succession.
pub(crate) fn mark_directory(commit: &mut Commit, mark: &str) {
    commit.exec(
        "INSERT INTO identity_directory (id, mark) VALUES (1, $1) ON CONFLICT (id) DO UPDATE SET mark = excluded.mark",
        params![mark],
    );
}

/// The agency with a function in a division; were there two, one that is still in charge, then the first by code.
pub(crate) async fn agency_with(
    store: &Store,
    function: &str,
    division: &str,
) -> Result<Option<String>, Fault> {
    let row: Option<(String,)> = store
        .row(
            "SELECT a.code FROM identity_agency a WHERE a.function = $1 AND a.division = $2
             ORDER BY (SELECT COUNT(*) FROM identity_predecessor p WHERE p.code = a.code), a.code LIMIT 1",
            params![function, division],
        )
        .await?;
    Ok(row.map(|r| r.0))
}

pub(crate) async fn division(store: &Store, code: &str) -> Result<Option<(String, String)>, Fault> {
    store.row("SELECT name_zh, name_en FROM identity_division WHERE code = $1", params![code]).await
}

/// A division and those it is a part of, from below.
pub(crate) async fn chain(store: &Store, code: &str) -> Result<Vec<DivisionRow>, Fault> {
    store
        .rows(
            "WITH RECURSIVE up (code, parent, name_zh, name_en, height) AS (
                 SELECT code, parent, name_zh, name_en, 0 FROM identity_division WHERE code = $1
                 UNION ALL
                 SELECT d.code, d.parent, d.name_zh, d.name_en, up.height + 1
                 FROM up JOIN identity_division d ON d.code = up.parent WHERE up.height < 8)
             SELECT code, name_zh, name_en FROM up ORDER BY height",
            params![code],
        )
        .await
}

/// The parts of a division, or the provinces.
pub(crate) async fn divisions_below(store: &Store, parent: Option<&str>) -> Result<Vec<DivisionRow>, Fault> {
    const LIST: &str = "SELECT code, name_zh, name_en FROM identity_division";
    match parent {
        Some(parent) => {
            store.rows(&format!("{LIST} WHERE parent = $1 ORDER BY code LIMIT 1000"), params![parent]).await
        }
        None => store.rows(&format!("{LIST} WHERE parent IS NULL ORDER BY code LIMIT 1000"), params![]).await,
    }
}

/// Who holds posts in an agency, one line per post.
pub(crate) async fn colleagues(
    store: &Store,
    agency: &AgencyCode,
    also: &str,
) -> Result<Vec<ColleagueRow>, Fault> {
    store
        .rows(
            "SELECT a.id, p.name, t.role, t.head FROM identity_post t
             JOIN identity_account a ON a.id = t.account JOIN identity_person p ON p.id = a.person
             WHERE t.agency = $1 AND a.state IN ('active', $2) ORDER BY p.name, a.id, t.role LIMIT 500",
            params![agency.as_str(), also],
        )
        .await
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
        "INSERT INTO identity_agency
             (code, name_zh, name_en, credit_code, division, function, phone, address_zh, address_en)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,
             credit_code = excluded.credit_code, division = excluded.division, function = excluded.function,
             phone = excluded.phone, address_zh = excluded.address_zh, address_en = excluded.address_en",
        params![
            a.code,
            a.name_zh,
            a.name_en,
            a.credit_code,
            a.division,
            a.function,
            a.phone,
            a.address_zh,
            a.address_en
        ],
    );
}

pub(crate) fn put_predecessor(commit: &mut Commit, p: &PredecessorRow) {
    commit.exec(
        "INSERT INTO identity_predecessor (code, name_zh, name_en, successor, since, basis_zh, basis_en)
         VALUES ($1, $2, $3, $4, $5, $6, $7)
         ON CONFLICT (code) DO UPDATE SET name_zh = excluded.name_zh, name_en = excluded.name_en,
             successor = excluded.successor, since = excluded.since, basis_zh = excluded.basis_zh,
             basis_en = excluded.basis_en",
        params![p.code, p.name_zh, p.name_en, p.successor, p.since, p.basis_zh, p.basis_en],
    );
}
