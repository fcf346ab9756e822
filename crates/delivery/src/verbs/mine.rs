//! One's own parcels, as pages and programs ask for them.

use crate::store::{self as rows, ParcelRow};
use crate::{ParcelId, rules};
use ::store::Store;
use identity::Applicant;
use kernel::{Outcome, Refusal, RefusalKind};

/// One's parcels, the newest first, before a place in the list ([`place`]).
///
/// # Errors
/// A refusal for whoever may not see everything of whom they act for.
pub async fn mine(
    store: &Store,
    who: &Applicant,
    before: (i64, String),
    limit: i64,
) -> Outcome<Vec<ParcelRow>> {
    who.must_see_all()?;
    Ok(rows::parcels_for(store, who.subject(), before, limit).await?)
}

/// One of one's parcels.
///
/// # Errors
/// Not found for anybody else's.
pub async fn my_parcel(store: &Store, who: &Applicant, id: ParcelId) -> Outcome<ParcelRow> {
    who.must_see_all()?;
    rows::parcel_of(store, id, who.subject()).await?.ok_or_else(|| rules::no_parcel().into())
}

/// A place in a list as it stands in an address, `start` where the list begins.
///
/// # Errors
/// `delivery.bad-cursor`.
pub fn place(cursor: Option<&str>, start: i64) -> Result<(i64, String), Refusal> {
    let Some(cursor) = cursor.filter(|c| !c.is_empty()) else { return Ok((start, String::new())) };
    let parsed = cursor.split_once('.').and_then(|(at, id)| Some((at.parse().ok()?, id.to_owned())));
    parsed.ok_or_else(|| {
        let (zh, en) = ("翻页位置不对。", "That is no place in this list.");
        Refusal::new(RefusalKind::Invalid, "delivery.bad-cursor", zh, en)
            .next("请从第一页重新开始。", "Start again from the first page.")
    })
}
