//! The choice of how results are handed over, the same for the recipient and at the window.

use crate::model::*;
use crate::room::Deliveries;
use crate::verbs::{Choice, Entry};
use kernel::{Outcome, SubjectId};
use page::{FormState, Say, Submitted};

/// What can be chosen.
pub(super) struct Chooser {
    /// The ways, by their words.
    pub ways: Vec<(String, String)>,
    /// The addresses, the usual one first.
    pub addresses: Vec<(String, String)>,
    /// Where one can collect.
    pub places: Vec<(String, String)>,
    /// Whether the recipient's address is under protection.
    pub protected: bool,
}

pub(super) async fn chooser(
    room: &Deliveries,
    recipient: SubjectId,
    (division, cases): (&str, &[CaseOf]),
    entries: &[Entry],
    w: Say,
) -> Outcome<Chooser> {
    let mut ways = vec![("electronic".to_owned(), w.t("way-electronic").into_owned())];
    if room.courier.carries() {
        ways.push(("courier".to_owned(), w.t("way-courier").into_owned()));
    }
    let places = room.spots(division, cases).await?;
    if !places.is_empty() {
        ways.push(("collect".to_owned(), w.t("way-collect").into_owned()));
    }
    let protected = match recipient {
        SubjectId::Person(_) => !identity::address_public(&room.house.ground.store, recipient).await?,
        SubjectId::Organisation(_) => false,
    };
    let addresses = entries.iter().filter_map(|e| Some((e.id.to_string(), address(room, e, division, w)?)));
    let place = |spot: &crate::room::Spot| {
        let (name, address) = (spot.place.name.get(w.lang), spot.place.address.get(w.lang));
        let line = format!("{name} · {address}");
        let line = if spot.away.is_some() { format!("{line} · {}", w.t("place-away")) } else { line };
        (spot.place.code.clone(), line)
    };
    Ok(Chooser {
        ways,
        addresses: addresses.collect(),
        places: places.iter().map(place).collect(),
        protected,
    })
}

/// An address in a line, with what it costs to send something there.
fn address(room: &Deliveries, entry: &Entry, division: &str, w: Say) -> Option<String> {
    let told = entry.told.as_ref()?;
    let line = format!(
        "{}{} {} {}",
        entry.place,
        told.street,
        told.recipient,
        page::format::mask_phone(&told.phone)
    );
    Some(match room.tariff.cost(division, &entry.division) {
        None => line,
        Some(cost) if cost.payer == crate::tariff::Payer::Office => {
            format!("{line} · {}", w.t("cost-office"))
        }
        Some(cost) => {
            let cost = w.with("cost", &[("amount", cost.amount.to_string())]);
            format!("{line} · {cost}")
        }
    })
}

/// The form as the parcel has it now.
pub(super) fn form_of(how: &How) -> FormState {
    let form = FormState::new().with("how", how.word());
    match how {
        How::Electronic => form,
        How::Courier { address } => form.with("address", address.to_string()),
        How::Collect { place, .. } => form.with("place", place.as_str()),
    }
}

pub(super) fn choice(sent: &Submitted) -> Choice {
    Choice {
        how: sent.get("how").to_owned(),
        address: sent.get("address").to_owned(),
        place: sent.get("place").to_owned(),
    }
}
