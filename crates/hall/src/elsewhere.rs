//! What a hall accepts for agencies of other places (异地代收): under an agreement of the day, and decided there.

use crate::model::Hall;
use crate::store as rows;
use ::store::Store;
use catalog::agreement::{Agreement, agreements, same_place};
use jiff::civil::Date;
use kernel::{AgencyCode, Fault};

/// So many halls of whoever accepts under one agreement are looked at.
const HALLS: i64 = 200;

/// Where an item is decided.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decided {
    /// By whom.
    pub agency: AgencyCode,
    /// In which division (GB/T 2260); empty where it is not known.
    pub division: String,
}

/// Where the published item of this key is decided; nothing for one that the catalogue does not know.
///
/// # Errors
/// A fault of the store.
pub async fn decided(store: &Store, item: &str) -> Result<Option<Decided>, Fault> {
    let Some(published) = catalog::find(store, item).await? else { return Ok(None) };
    let agency = published.item.agency.clone();
    let division = identity::agency(store, &agency).await?.map(|a| a.division).unwrap_or_default();
    Ok(Some(Decided { agency, division }))
}

fn does(hall: &Hall, item: &str) -> bool {
    hall.offers.split(' ').any(|offer| offer == "*" || offer == item)
}

/// The agreement under which a hall accepts an item of another place on that day; nothing at its own place, or where nothing is agreed.
pub fn accepts(hall: &Hall, item: &str, decided: &Decided, on: Date) -> Option<Agreement> {
    if same_place(&hall.division, &decided.division) || !does(hall, item) {
        return None;
    }
    let agency = AgencyCode::parse(&hall.agency)?;
    agreements().find(&agency, item, &decided.agency, on).cloned()
}

/// The halls of other places that accept an item on that day.
///
/// # Errors
/// A fault of the store.
pub async fn halls(store: &Store, item: &str, decided: &Decided, on: Date) -> Result<Vec<Hall>, Fault> {
    let mut found: Vec<Hall> = Vec::new();
    for one in agreements().naming(item, &decided.agency, on) {
        for hall in rows::halls_within(store, &one.takes, HALLS).await? {
            if accepts(&hall, item, decided, on).is_some() && found.iter().all(|h| h.code != hall.code) {
                found.push(hall);
            }
        }
    }
    Ok(found)
}

/// What a hall accepts for other places on that day: each agreement with those of its items that the hall does (`*` is all).
pub fn of_hall(hall: &Hall, on: Date) -> Vec<Agreement> {
    let Some(agency) = AgencyCode::parse(&hall.agency) else { return Vec::new() };
    let agreements = agreements();
    let own = agreements.of(&agency, on).cloned().map(|mut one| {
        if hall.offers != "*" && one.items.iter().any(|key| key == "*") {
            one.items = hall.offers.split(' ').map(str::to_owned).collect();
        }
        one.items.retain(|key| key == "*" || does(hall, key));
        one
    });
    own.filter(|one| !one.items.is_empty()).collect()
}
