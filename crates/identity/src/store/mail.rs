//! The e-mail address of an account: the one that is confirmed, and one that is to be.

use kernel::{AccountId, Fault, Timestamp};
use store::{Commit, Sealed, Store, params, row};

/// Confirmed by its holder.
pub(crate) const CONFIRMED: &str = "confirmed";
/// Waits for its code.
pub(crate) const ASKED: &str = "asked";

row! {
    /// An address.
    pub(crate) struct MailRow {
        pub(crate) address: Sealed<String>,
        pub(crate) mask: String,
        pub(crate) code: Option<Sealed<String>>,
        pub(crate) tries: i64,
        pub(crate) until_at: Option<Timestamp>,
        pub(crate) since: Timestamp,
    }
}

/// The address of an account in this state.
pub(crate) async fn mail(store: &Store, account: AccountId, state: &str) -> Result<Option<MailRow>, Fault> {
    let sql = "SELECT address, mask, code, tries, until_at, since FROM identity_mail WHERE account = $1 AND state = $2";
    store.row(sql, params![account, state]).await
}

/// Puts the address of an account in this state, in the place of what stood there.
pub(crate) fn put_mail(commit: &mut Commit, account: AccountId, state: &str, m: &MailRow) {
    commit.exec(
        "INSERT INTO identity_mail (account, state, address, mask, code, tries, until_at, since)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
         ON CONFLICT (account, state) DO UPDATE SET address = excluded.address, mask = excluded.mask, code = excluded.code,
             tries = excluded.tries, until_at = excluded.until_at, since = excluded.since",
        params![account, state, m.address, m.mask, m.code, m.tries, m.until_at, m.since],
    );
}

/// A wrong code was typed; refused when somebody else tried meanwhile.
pub(crate) fn mail_tried(commit: &mut Commit, account: AccountId, tries: i64) {
    commit.exec(
        "UPDATE identity_mail SET tries = $1 WHERE account = $2 AND state = 'asked' AND tries = $3",
        params![tries + 1, account, tries],
    );
}

/// Forgets the address of an account in this state.
pub(crate) fn forget_mail(commit: &mut Commit, account: AccountId, state: &str) {
    commit.exec_any("DELETE FROM identity_mail WHERE account = $1 AND state = $2", params![account, state]);
}
