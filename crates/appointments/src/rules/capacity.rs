//! How many may book a slot, with the sum that is shown: windows × persons, less the share of whoever comes without an appointment.

use crate::model::Offer;
use crate::settings::Settings;
use hall::WindowRow;
use hall::model::{Letter, WindowKind};

/// A window that takes several businesses counts for each in part; parts of this divide by every number of letters there are.
const WHOLE: i64 = 26_771_144_400;

/// The sum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Capacity {
    /// The windows that count, each with among how many businesses it is shared; none where the head of the hall gave a number.
    pub windows: Vec<(String, i64)>,
    /// Windows, in hundredths, rounded down: `250`.
    pub hundredths: i64,
    /// Persons that one window serves in a slot.
    pub persons: i64,
    /// The share kept, in percent.
    pub walk_in: i64,
    /// How many may book.
    pub places: i64,
}

/// The capacity of each slot of a business, by the hall's open windows (those that hand out results do not count) or what its head set.
pub fn of(
    windows: &[WindowRow],
    letter: Letter,
    offer: Option<&Offer>,
    walk_in: Option<i64>,
    terms: &Settings,
) -> Capacity {
    let persons = offer.and_then(|o| o.persons).unwrap_or_else(|| terms.persons.into()).clamp(0, 60);
    let walk_in = walk_in.unwrap_or_else(|| terms.walk_in.into()).clamp(0, 100);
    let counted: Vec<(String, i64)> = match offer.and_then(|o| o.windows) {
        Some(_) => Vec::new(),
        None => windows.iter().filter(|w| takes(w, letter)).map(|w| (w.number.clone(), among(w))).collect(),
    };
    let parts = match offer.and_then(|o| o.windows) {
        Some(set) => set.clamp(0, 200) * WHOLE,
        None => counted.iter().map(|(_, among)| WHOLE / among).sum(),
    };
    let offered = offer.is_none_or(|o| o.offered);
    let places = if offered { parts * persons / 100 * (100 - walk_in) / WHOLE } else { 0 };
    Capacity { windows: counted, hundredths: parts / (WHOLE / 100), persons, walk_in, places }
}

fn takes(window: &WindowRow, letter: Letter) -> bool {
    window.open && window.kind != WindowKind::Issuing && window.letters.has(letter)
}

fn among(window: &WindowRow) -> i64 {
    i64::try_from(window.letters.0.len()).unwrap_or(1).max(1)
}
