//! Who stands in for whom, by days written as 20261122.

use crate::model::DelegationId;
use kernel::{AccountId, AgencyCode, Fault, Timestamp};
use store::{Commit, Store, params, row};

row! {
    /// A time away.
    pub(crate) struct DelegationRow {
        pub(crate) id: DelegationId,
        pub(crate) account: AccountId,
        pub(crate) name: String,
        pub(crate) delegate: AccountId,
        pub(crate) delegate_name: String,
        pub(crate) agency: String,
        pub(crate) from_day: i64,
        pub(crate) until_day: i64,
    }
}

const LINE: &str = "SELECT d.id, d.account, p.name, d.delegate, q.name, d.agency, d.from_day, d.until_day
     FROM identity_delegation d
     JOIN identity_account a ON a.id = d.account JOIN identity_person p ON p.id = a.person
     JOIN identity_account b ON b.id = d.delegate JOIN identity_person q ON q.id = b.person";

/// The times away of `account` that have not ended on `day`.
pub(crate) async fn away_of(
    store: &Store,
    account: AccountId,
    day: i64,
) -> Result<Vec<DelegationRow>, Fault> {
    let sql =
        format!("{LINE} WHERE d.account = $1 AND d.until_day >= $2 ORDER BY d.from_day, d.id LIMIT 200");
    store.rows(&sql, params![account, day]).await
}

/// The times away in which `delegate` stands in, not ended on `day`.
pub(crate) async fn standing_in(
    store: &Store,
    delegate: AccountId,
    day: i64,
) -> Result<Vec<DelegationRow>, Fault> {
    let sql =
        format!("{LINE} WHERE d.delegate = $1 AND d.until_day >= $2 ORDER BY d.from_day, d.id LIMIT 200");
    store.rows(&sql, params![delegate, day]).await
}

/// Who stands in for `account` on `day`, as long as they hold a post of an examiner in the same agency.
pub(crate) async fn delegates_of(
    store: &Store,
    account: AccountId,
    day: i64,
    also: &str,
) -> Result<Vec<AccountId>, Fault> {
    let rows: Vec<(AccountId,)> = store
        .rows(
            "SELECT d.delegate FROM identity_delegation d
             JOIN identity_post t ON t.account = d.delegate AND t.role = 'examiner' AND t.agency = d.agency
             JOIN identity_account a ON a.id = d.delegate
             WHERE d.account = $1 AND d.from_day <= $2 AND d.until_day >= $2 AND a.state IN ('active', $3)
             ORDER BY d.id LIMIT 200",
            params![account, day, also],
        )
        .await?;
    Ok(rows.into_iter().map(|r| r.0).collect())
}

/// For whom `delegate` stands in on `day` and in which agency, as long as both hold a post of an examiner there; whether
/// the one away is a person in charge.
pub(crate) async fn acting_for(
    store: &Store,
    delegate: AccountId,
    day: i64,
) -> Result<Vec<(AccountId, String, bool)>, Fault> {
    store
        .rows(
            "SELECT d.account, d.agency, s.head FROM identity_delegation d
             JOIN identity_post t ON t.account = d.delegate AND t.role = 'examiner' AND t.agency = d.agency
             JOIN identity_post s ON s.account = d.account AND s.role = 'examiner' AND s.agency = d.agency
             WHERE d.delegate = $1 AND d.from_day <= $2 AND d.until_day >= $2 ORDER BY d.id LIMIT 200",
            params![delegate, day],
        )
        .await
}

/// A time away to be written.
pub(crate) struct NewDelegation<'a> {
    pub(crate) id: DelegationId,
    pub(crate) account: AccountId,
    pub(crate) delegate: AccountId,
    pub(crate) agency: &'a AgencyCode,
    pub(crate) from_day: i64,
    pub(crate) until_day: i64,
    pub(crate) at: Timestamp,
}

pub(crate) fn insert_delegation(commit: &mut Commit, d: &NewDelegation<'_>) {
    commit.exec(
        "INSERT INTO identity_delegation (id, account, delegate, agency, from_day, until_day, made_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![d.id, d.account, d.delegate, d.agency.as_str(), d.from_day, d.until_day, d.at],
    );
}

pub(crate) fn delete_delegation(commit: &mut Commit, id: DelegationId, account: AccountId) {
    commit.exec("DELETE FROM identity_delegation WHERE id = $1 AND account = $2", params![id, account]);
}

/// Forgets the times away that ended before `day`; the account's trace keeps them.
pub(crate) fn sweep_delegations(commit: &mut Commit, day: i64) {
    commit.exec_any("DELETE FROM identity_delegation WHERE until_day < $1", params![day]);
}
