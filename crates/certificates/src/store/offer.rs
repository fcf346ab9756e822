//! Rows of offers to wallets, found by blind indexes of their codes.

use crate::model::CertificateId;
use crate::wallet::{Body, Offer, OfferId};
use ::store::{Commit, FromRow, Row, Sealed, Sealer, Store, params};
use kernel::{Fault, Timestamp};

const BODY: &str = "certificates_offer.body";
const CODE: &str = "certificates_offer.code";
const ACCESS: &str = "certificates_offer.access";
const SELECT: &str = "SELECT id, certificate, body, tries, made_at, ends_at, access, access_ends_at, taken_at \
    FROM certificates_offer WHERE";

struct Stored {
    offer: OfferRow,
    body: Sealed<Body>,
}

struct OfferRow {
    id: OfferId,
    certificate: CertificateId,
    tries: i64,
    made_at: Timestamp,
    ends_at: Timestamp,
    access: Option<String>,
    access_ends_at: Option<Timestamp>,
    taken_at: Option<Timestamp>,
}

impl FromRow for Stored {
    fn from_row(mut row: Row) -> Result<Self, Fault> {
        let offer = OfferRow {
            id: row.take(0)?,
            certificate: row.take(1)?,
            tries: row.take(3)?,
            made_at: row.take(4)?,
            ends_at: row.take(5)?,
            access: row.take(6)?,
            access_ends_at: row.take(7)?,
            taken_at: row.take(8)?,
        };
        Ok(Self { offer, body: row.take(2)? })
    }
}

impl Stored {
    fn open(self, sealer: &Sealer) -> Result<Offer, Fault> {
        let Self { offer: o, body } = self;
        Ok(Offer {
            id: o.id,
            certificate: o.certificate,
            body: body.open(sealer, BODY)?,
            tries: o.tries,
            made_at: o.made_at,
            ends_at: o.ends_at,
            redeemed: o.access.is_some(),
            access_ends_at: o.access_ends_at,
            taken_at: o.taken_at,
        })
    }
}

pub(crate) fn insert_offer(commit: &mut Commit, sealer: &Sealer, o: &Offer) -> Result<(), Fault> {
    commit.exec(
        "INSERT INTO certificates_offer (id, certificate, code, body, tries, made_at, ends_at) \
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        params![
            o.id,
            o.certificate,
            sealer.blind(CODE, &o.body.code),
            Sealed::seal(sealer, BODY, &o.body)?,
            o.tries,
            o.made_at,
            o.ends_at,
        ],
    );
    Ok(())
}

async fn one(store: &Store, sql: String, key: String) -> Result<Option<Offer>, Fault> {
    let found: Option<Stored> = store.row(&sql, params![key]).await?;
    found.map(|row| row.open(store.sealer())).transpose()
}

pub(crate) async fn offer(store: &Store, id: OfferId) -> Result<Option<Offer>, Fault> {
    one(store, format!("{SELECT} id = $1"), id.to_string()).await
}

pub(crate) async fn offer_by_code(store: &Store, code: &str) -> Result<Option<Offer>, Fault> {
    one(store, format!("{SELECT} code = $1"), store.sealer().blind(CODE, code)).await
}

pub(crate) async fn offer_by_access(store: &Store, access: &str) -> Result<Option<Offer>, Fault> {
    one(store, format!("{SELECT} access = $1"), store.sealer().blind(ACCESS, access)).await
}

pub(crate) fn count_try(commit: &mut Commit, id: OfferId, so_far: i64) {
    commit.exec(
        "UPDATE certificates_offer SET tries = tries + 1 WHERE id = $1 AND tries = $2",
        params![id, so_far],
    );
}

pub(crate) fn redeem_offer(commit: &mut Commit, sealer: &Sealer, id: OfferId, access: &str, ends: Timestamp) {
    commit.exec(
        "UPDATE certificates_offer SET access = $1, access_ends_at = $2 WHERE id = $3 AND access IS NULL",
        params![sealer.blind(ACCESS, access), ends, id],
    );
}

pub(crate) fn take_offer(commit: &mut Commit, id: OfferId, now: Timestamp) {
    commit.exec(
        "UPDATE certificates_offer SET taken_at = $1 WHERE id = $2 AND taken_at IS NULL",
        params![now, id],
    );
}
