//! Where somebody is who looks for a hall: as the browser says, at a hall of the tree that was chosen, or at a place whose name was typed.

use super::Asked;
use crate::model::{Hall, HallCode, Level};
use crate::store as rows;
use crate::verbs::prefix;
use ::store::Store;
use kernel::Outcome;
use page::FormState;

/// Towns that are offered, and places that may be meant.
const TOWNS: i64 = 200;
const MEANT: i64 = 20;

/// Where somebody is.
#[derive(Default)]
pub(super) struct Place {
    /// In millionths of a degree.
    pub(super) at: Option<(i64, i64)>,
    /// The hall there; none when the browser said where.
    pub(super) from: Option<Hall>,
    /// Towns and streets of the seat that was chosen.
    pub(super) towns: Vec<Hall>,
    /// Several that may be meant by the name.
    pub(super) meant: Vec<Hall>,
    /// A name that nothing has.
    unknown: bool,
}

impl Place {
    pub(super) async fn of(store: &Store, asked: &Asked, seats: &[Hall]) -> Outcome<Self> {
        let seat = seats.iter().find(|h| h.division == asked.near);
        let mut place = Self::default();
        if let Some(seat) = seat {
            place.towns = rows::halls_of_level(store, Level::Town, prefix(&seat.division), TOWNS).await?;
        }
        if asked.position.is_some() {
            place.at = asked.position;
            return Ok(place);
        }
        let chosen = match asked.at.parse::<HallCode>() {
            Ok(code) => rows::hall(store, &code).await?,
            Err(_) => None,
        };
        // A town of another seat, chosen before the seat was changed, does not count.
        let below = |hall: &Hall| seat.is_none_or(|s| hall.division.starts_with(prefix(&s.division)));
        let mut from = chosen.filter(below);
        if !asked.place.is_empty() {
            let within = seat.map(|s| prefix(&s.division));
            let mut named = rows::places_named(store, &asked.place, within, MEANT).await?;
            place.unknown = named.is_empty();
            match (named.len(), &from) {
                (1, _) => from = named.pop(),
                (0, _) => {}
                // One of those that were offered was chosen.
                (_, Some(one)) if named.iter().any(|h| h.code == one.code) => {}
                _ => place.meant = named,
            }
        }
        let from = from.or_else(|| seat.cloned()).or_else(|| seats.first().cloned());
        place.at = from.as_ref().map(|h| (h.lon, h.lat));
        place.from = from;
        Ok(place)
    }

    /// Tells that nothing has the name that was typed.
    pub(super) fn complain(&self, form: &mut FormState) {
        if self.unknown {
            form.fail(
                "place",
                "没有找到这个地方。请换个写法，或者在上面先选市、县。",
                "No such place was found. Write it differently, or choose a city or county above first.",
            );
        }
    }
}

/// Fields as the part of an address after `?`.
pub(super) fn query(fields: &[(&str, &str)]) -> String {
    let pair = |(name, value): &(&str, &str)| format!("{name}={}", encoded(value));
    fields.iter().map(pair).collect::<Vec<_>>().join("&")
}

/// A value with every byte that means something in an address written as `%XX`.
fn encoded(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~') {
            text.push(char::from(byte));
        } else {
            text.push_str(&format!("%{byte:02X}"));
        }
    }
    text
}
