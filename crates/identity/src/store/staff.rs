//! The people of organisations (企业办事人员), and who relies on their acting for it.

use crate::model::MemberRole;
use kernel::{Fault, OrganisationId, PersonId, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// Somebody who acts for an organisation.
    pub(crate) struct StaffRow {
        pub(crate) person: PersonId,
        pub(crate) name: String,
        pub(crate) role: MemberRole,
        pub(crate) since: Timestamp,
        pub(crate) ends_at: Option<Timestamp>,
    }
}

const STAFF: &str = "SELECT m.person, p.name, m.role, m.since, m.ends_at FROM identity_membership m
     JOIN identity_person p ON p.id = m.person
     WHERE m.organisation = $1 AND m.until IS NULL AND (m.ends_at IS NULL OR m.ends_at > $2)";

/// Who acts for an organisation, after `after`.
pub(crate) async fn staff(
    store: &Store,
    organisation: OrganisationId,
    now: Timestamp,
    after: &str,
    limit: i64,
) -> Result<Vec<StaffRow>, Fault> {
    let sql = format!("{STAFF} AND m.person > $3 ORDER BY m.person LIMIT $4");
    store.rows(&sql, params![organisation, now, after, limit]).await
}

/// One of them.
pub(crate) async fn staff_member(
    store: &Store,
    organisation: OrganisationId,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<StaffRow>, Fault> {
    let sql = format!("{STAFF} AND m.person = $3");
    store.row(&sql, params![organisation, now, person]).await
}

/// Who manages the organisation now: the legal representative first.
pub(crate) async fn who_manages(
    store: &Store,
    organisation: OrganisationId,
    now: Timestamp,
    limit: i64,
) -> Result<Vec<PersonId>, Fault> {
    let rows: Vec<(PersonId,)> = store
        .rows(
            "SELECT m.person FROM identity_membership m WHERE m.organisation = $1 AND m.until IS NULL
             AND (m.ends_at IS NULL OR m.ends_at > $2) AND m.role IN ('legal-representative', 'administrator')
             ORDER BY CASE m.role WHEN 'legal-representative' THEN 0 ELSE 1 END, m.person LIMIT $3",
            params![organisation, now, limit],
        )
        .await?;
    Ok(rows.into_iter().map(|(person,)| person).collect())
}

/// How many manage the organisation without an end that is set, `but` left out.
pub(crate) async fn managers(
    store: &Store,
    organisation: OrganisationId,
    but: PersonId,
) -> Result<i64, Fault> {
    let row: Option<(i64,)> = store
        .row(
            "SELECT COUNT(*) FROM identity_membership m WHERE m.organisation = $1 AND m.person <> $2
             AND m.role IN ('legal-representative', 'administrator') AND m.until IS NULL AND m.ends_at IS NULL",
            params![organisation, but],
        )
        .await?;
    Ok(row.map_or(0, |r| r.0))
}

/// The roles that manage an organisation, and with it its branches, as SQL.
pub(crate) const MANAGERS: &str = "('legal-representative', 'administrator')";

/// Relies on somebody still acting for an organisation, or managing its head office, when the commit happens.
pub(crate) fn guard_membership(
    commit: &mut Commit,
    person: PersonId,
    organisation: OrganisationId,
    now: Timestamp,
) {
    commit.guard(
        format!(
            "SELECT 1 FROM identity_membership WHERE person = $1 AND until IS NULL AND (ends_at IS NULL OR ends_at > $3)
             AND (organisation = $2 OR role IN {MANAGERS})
             AND organisation = COALESCE(
                (SELECT d.organisation FROM identity_membership d WHERE d.person = $1 AND d.organisation = $2
                    AND d.until IS NULL AND (d.ends_at IS NULL OR d.ends_at > $3)),
                (SELECT b.head FROM identity_organisation b WHERE b.id = $2))"
        ),
        params![person, organisation, now],
    );
}

pub(crate) fn end_membership(
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

/// Adds somebody, again or in another role.
pub(crate) fn set_membership(
    commit: &mut Commit,
    person: PersonId,
    organisation: OrganisationId,
    role: MemberRole,
    since: Timestamp,
    ends_at: Option<Timestamp>,
) {
    commit.exec(
        "INSERT INTO identity_membership (person, organisation, role, since, ends_at) VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (person, organisation) DO UPDATE SET role = excluded.role, since = excluded.since,
             ends_at = excluded.ends_at, until = NULL",
        params![person, organisation, role, since, ends_at],
    );
}

row! {
    /// A branch, as its head office sees it.
    pub(crate) struct BranchRow {
        pub(crate) id: OrganisationId,
        pub(crate) name: String,
        pub(crate) code_mask: String,
    }
}

/// The branches of an organisation, after `after`.
pub(crate) async fn branches(
    store: &Store,
    head: OrganisationId,
    after: &str,
    limit: i64,
) -> Result<Vec<BranchRow>, Fault> {
    let sql = "SELECT id, name, code_mask FROM identity_organisation WHERE head = $1 AND id > $2 ORDER BY id LIMIT $3";
    store.rows(sql, params![head, after, limit]).await
}

/// The name of a branch and what `person` is to its head office, when they manage that.
pub(crate) async fn branch_role(
    store: &Store,
    branch: OrganisationId,
    person: PersonId,
    now: Timestamp,
) -> Result<Option<(String, MemberRole)>, Fault> {
    let sql = format!(
        "SELECT b.name, m.role FROM identity_organisation b JOIN identity_membership m ON m.organisation = b.head
         WHERE b.id = $1 AND m.person = $2 AND m.until IS NULL AND (m.ends_at IS NULL OR m.ends_at > $3)
            AND m.role IN {MANAGERS}"
    );
    store.row(&sql, params![branch, person, now]).await
}
