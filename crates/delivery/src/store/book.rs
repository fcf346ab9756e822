//! The address book.

use crate::model::{AddressId, Told};
use ::store::{Commit, Sealed, Sealer, Store, params, row};
use kernel::{Fault, SubjectId, Timestamp};

/// Under what an address is sealed.
const TOLD: &str = "delivery_address.told";

row! {
    /// An address as it is kept.
    pub(crate) struct AddressRow {
        /// Its id.
        pub id: AddressId,
        /// Whose.
        pub subject: SubjectId,
        /// The administrative division.
        pub division: String,
        /// The rest, sealed.
        pub told: Sealed<Told>,
        /// Whether it is the one that is offered first.
        pub usual: bool,
        /// For how many changes.
        pub rev: i64,
    }
}

const ADDRESS: &str = "SELECT id, subject, division, told, usual, rev FROM delivery_address";

impl AddressRow {
    pub(crate) fn open(&self, sealer: &Sealer) -> Result<Told, Fault> {
        self.told.open(sealer, TOLD)
    }
}

/// What is written of an address.
pub(crate) struct AddressPut<'a> {
    pub id: AddressId,
    pub subject: SubjectId,
    pub division: &'a str,
    pub told: &'a Told,
    pub usual: bool,
}

pub(crate) fn insert_address(
    commit: &mut Commit,
    sealer: &Sealer,
    new: &AddressPut<'_>,
    now: Timestamp,
) -> Result<(), Fault> {
    let told = Sealed::seal(sealer, TOLD, new.told)?;
    commit.exec(
        "INSERT INTO delivery_address (id, subject, division, told, usual, at, rev, gone) VALUES ($1, $2, $3, $4, $5, $6, 1, 0)",
        params![new.id, new.subject, new.division, told, new.usual, now],
    );
    Ok(())
}

pub(crate) fn update_address(
    commit: &mut Commit,
    sealer: &Sealer,
    new: &AddressPut<'_>,
    rev: i64,
) -> Result<(), Fault> {
    let told = Sealed::seal(sealer, TOLD, new.told)?;
    commit.exec(
        "UPDATE delivery_address SET division = $2, told = $3, usual = $4, rev = rev + 1 WHERE id = $1 AND rev = $5 AND gone = 0",
        params![new.id, new.division, told, new.usual, rev],
    );
    Ok(())
}

/// The others are not offered first any more.
pub(crate) fn only_usual(commit: &mut Commit, subject: SubjectId, id: AddressId) {
    commit.exec_any(
        "UPDATE delivery_address SET usual = 0, rev = rev + 1 WHERE subject = $1 AND id <> $2 AND gone = 0 AND usual = 1",
        params![subject, id],
    );
}

pub(crate) fn drop_address(commit: &mut Commit, id: AddressId, rev: i64) {
    commit.exec(
        "UPDATE delivery_address SET gone = 1, usual = 0, rev = rev + 1 WHERE id = $1 AND rev = $2 AND gone = 0",
        params![id, rev],
    );
}

/// Somebody's addresses, the usual one first.
pub(crate) async fn addresses(store: &Store, subject: SubjectId) -> Result<Vec<AddressRow>, Fault> {
    let sql = format!("{ADDRESS} WHERE subject = $1 AND gone = 0 ORDER BY usual DESC, at, id");
    store.rows(&sql, params![subject]).await
}

pub(crate) async fn address(
    store: &Store,
    id: AddressId,
    subject: SubjectId,
) -> Result<Option<AddressRow>, Fault> {
    store.row(&format!("{ADDRESS} WHERE id = $1 AND subject = $2 AND gone = 0"), params![id, subject]).await
}
