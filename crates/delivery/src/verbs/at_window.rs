//! What the windows at which a matter was filed see of its parcels, and the slip with the codes of what waits to be collected.

use crate::model::State;
use crate::store::{self as rows, ParcelRow};
use ::store::Store;
use identity::Clerk;
use kernel::calendar::Due;
use kernel::{Fault, Outcome, SubjectId, Text};

/// What somebody collects with a code, as it is printed for whoever has no telephone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ToCollect {
    /// The number on the parcel's label.
    pub number: String,
    /// What it is called.
    pub title: Text,
    /// Where; the window that packed it when empty.
    pub place: Text,
    /// The last day.
    pub until: Due,
    /// The code, eight digits.
    pub code: String,
    /// How many papers are in it.
    pub papers: usize,
}

/// The parcels and letters of a matter, the first first. Whoever asks has looked whether it was filed at this clerk's windows.
///
/// # Errors
/// A fault of the store.
pub async fn of_matter(store: &Store, _right: &Clerk, matter: &str) -> Result<Vec<ParcelRow>, Fault> {
    rows::parcels_of(store, matter).await
}

/// What waits for somebody who stands at the window and was compared with their card; whoever asks has written that look down. With
/// `only`, nothing in which papers of another case are.
///
/// # Errors
/// A fault of the store.
pub async fn to_collect(
    store: &Store,
    _right: &Clerk,
    (matter, recipient): (&str, SubjectId),
    only: Option<&str>,
) -> Outcome<Vec<ToCollect>> {
    let mut all = Vec::new();
    for row in rows::parcels_of_matter(store, matter, recipient).await? {
        if !matches!(row.state, State::Collectable | State::Lapsed) {
            continue;
        }
        let parcel = super::parcel(store, row.id).await?;
        if only.is_some_and(|case| parcel.cases.iter().any(|c| c.number != case)) {
            continue;
        }
        let (Some(code), Some(kept)) = (rows::code_of(store, row.id).await?, &parcel.kept) else { continue };
        all.push(ToCollect {
            number: row.number,
            title: Text::new(row.title_zh, row.title_en),
            place: kept.place.clone(),
            until: kept.until.clone(),
            code,
            papers: parcel.carried().count(),
        });
    }
    Ok(all)
}
