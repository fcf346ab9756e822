//! What every verb and page of the room needs, what it asks of its neighbours, and whom a member of staff reaches.

use crate::courier::Courier;
use crate::model::{CaseOf, How, Paper, Parcel, ParcelId};
use crate::rules;
use crate::settings::Settings;
use crate::sign::Key;
use crate::store::{self as rows, Reach};
use crate::tariff::Tariff;
use ::store::Store;
use async_trait::async_trait;
use identity::{Applicant, Clerk, Staff};
use kernel::{AgencyCode, Outcome, Refusal, RefusalKind, SubjectId, Text};
use page::House;
use std::sync::Arc;

/// A matter as it stands for one of its recipients.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matter {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub title: Text,
    /// Whose results.
    pub recipient: SubjectId,
    /// Their name.
    pub recipient_name: String,
    /// The body that packs.
    pub agency: AgencyCode,
    /// Its cases that this recipient has part in.
    pub cases: Vec<CaseOf>,
    /// What they yielded for this recipient so far.
    pub papers: Vec<Paper>,
    /// Notices that are still to be brought to them while it runs; none for whoever reads them on line.
    pub letters: Vec<Paper>,
}

/// Somewhere one can collect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Text,
    /// Where it is.
    pub address: Text,
}

/// What this room asks of rooms that it does not know; app plugs it in.
#[async_trait]
pub trait Around: Send + Sync {
    /// The matter of a case that the applicant has part in.
    ///
    /// # Errors
    /// Not found for any other.
    async fn matter_for(&self, who: &Applicant, case: &str) -> Outcome<Matter>;

    /// The matter of a case that a member of staff may see, for whoever filed it.
    ///
    /// # Errors
    /// Not found for any other.
    async fn matter_at_window(&self, who: &Staff, case: &str) -> Outcome<Matter>;

    /// Whether something of a matter is to be paid by this payer now, so that what a courier asks is paid by the same act.
    ///
    /// # Errors
    /// A fault of the store.
    async fn owed_beside(&self, matter: &str, payer: SubjectId) -> Outcome<bool>;

    /// Where one can collect around a division.
    ///
    /// # Errors
    /// A fault of the store.
    async fn places(&self, division: &str) -> Outcome<Vec<Place>>;

    /// Whether a case was filed at the windows of this clerk's agency, whoever decides it.
    ///
    /// # Errors
    /// A fault of the store.
    async fn filed_at(&self, _clerk: &Clerk, _case: &str) -> Outcome<bool> {
        Ok(false)
    }

    /// The halls of an agency.
    ///
    /// # Errors
    /// A fault of the store.
    async fn halls_of(&self, _agency: &AgencyCode) -> Outcome<Vec<Place>> {
        Ok(Vec::new())
    }

    /// The agency of another place whose window received a case (异地代收), with its halls; nothing for what was handed in where it is
    /// decided.
    ///
    /// # Errors
    /// A fault of the store.
    async fn handed_in(&self, _case: &str) -> Outcome<Option<(AgencyCode, Vec<Place>)>> {
        Ok(None)
    }
}

/// Somewhere a parcel can be collected, and whose hall of another place that is.
pub(crate) struct Spot {
    pub place: Place,
    pub away: Option<AgencyCode>,
}

/// The room as app plugs it together; cheap to clone.
#[derive(Clone)]
pub struct Deliveries {
    /// Ground, site, calendar.
    pub house: House,
    /// Who carries.
    pub courier: Arc<dyn Courier>,
    /// The key that signs call-backs.
    pub key: Key,
    /// What a parcel costs.
    pub tariff: Arc<Tariff>,
    /// The neighbours.
    pub around: Arc<dyn Around>,
    /// The terms.
    pub terms: Settings,
}

impl Deliveries {
    /// Where a parcel can be collected: around the body that packs it, and where its cases were handed in.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) async fn spots(&self, division: &str, cases: &[CaseOf]) -> Outcome<Vec<Spot>> {
        let near = self.around.places(division).await?;
        let mut spots: Vec<Spot> = near.into_iter().map(|place| Spot { place, away: None }).collect();
        for case in cases {
            let Some((agency, places)) = self.around.handed_in(&case.number).await? else { continue };
            for place in places {
                if spots.iter().all(|spot| spot.place.code != place.code) {
                    spots.push(Spot { place, away: Some(agency.clone()) });
                }
            }
        }
        Ok(spots)
    }

    /// Whether a member of staff packs it: a parcel of their city or agency.
    ///
    /// # Errors
    /// As [`Self::reach`].
    pub(crate) async fn packs(&self, store: &Store, staff: &Staff, id: ParcelId) -> Outcome<bool> {
        Ok(rows::parcel_within(store, id, &self.reach(staff).await?).await?.is_some())
    }

    /// Refuses a parcel that a member of staff may not see: it is one they pack, or all of its cases were filed at the clerk's own windows (a
    /// town or a village station, whose division is a part of the one that packs). There its way is chosen, and nothing else.
    ///
    /// # Errors
    /// Not found; as [`Self::reach`].
    pub(crate) async fn must_reach(&self, staff: &Staff, id: ParcelId) -> Outcome<()> {
        let store = &self.house.ground.store;
        if self.packs(store, staff, id).await? {
            return Ok(());
        }
        let Staff::Clerk(clerk) = staff else { return Err(rules::no_parcel().into()) };
        for case in crate::verbs::parcel(store, id).await?.cases {
            if !self.around.filed_at(clerk, &case.number).await? {
                return Err(rules::no_parcel().into());
            }
        }
        Ok(())
    }

    /// Whether a parcel is to be collected at a hall of this clerk's agency.
    ///
    /// # Errors
    /// A fault of the store.
    pub(crate) async fn lies_with(&self, clerk: &Clerk, parcel: &Parcel) -> Outcome<bool> {
        let How::Collect { place, .. } = &parcel.how else { return Ok(false) };
        Ok(self.around.halls_of(clerk.agency()).await?.iter().any(|hall| hall.code == *place))
    }

    /// Which parcels a member of staff reaches: a window those of its whole city, an agency its own.
    ///
    /// # Errors
    /// `delivery.no-right` for those who neither pack nor hand out.
    pub(crate) async fn reach(&self, staff: &Staff) -> Outcome<Reach> {
        match staff {
            Staff::Clerk(clerk) => {
                let own = identity::agency(&self.house.ground.store, clerk.agency()).await?;
                let division = own.map(|a| a.division).ok_or_else(no_right)?;
                Ok(Reach::Division(prefix(&division).ok_or_else(no_right)?))
            }
            Staff::Examiner(who) => Ok(Reach::Agency(who.agency().clone())),
            Staff::Supervisor(_) | Staff::Operator(_) => Err(no_right().into()),
        }
    }
}

/// The codes go in pairs, from province to county; pairs of noughts at the end mean all below.
pub(crate) fn prefix(code: &str) -> Option<String> {
    let mut prefix = code;
    while let Some(shorter) = prefix.strip_suffix("00").filter(|p| p.len() % 2 == 0) {
        prefix = shorter;
    }
    let fine = !prefix.is_empty() && prefix.bytes().all(|b| b.is_ascii_digit());
    fine.then(|| prefix.to_owned())
}

pub(crate) fn no_right() -> Refusal {
    Refusal::new(
        RefusalKind::Forbidden,
        "delivery.no-right",
        "您的岗位不能办理这件事。",
        "Your post does not deal with this.",
    )
    .next("请由窗口人员或出证单位的人员办理。", "A clerk or the agency that issues deals with it.")
}
