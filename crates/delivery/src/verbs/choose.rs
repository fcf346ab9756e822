//! How results are handed over: chosen by the applicant, written down by a clerk for whoever has no telephone; a part sent first; the
//! recipient's word that they have it.

use super::{Typed, charge, gather, own};
use crate::model::*;
use crate::room::{Deliveries, Matter};
use crate::rules::{self, Command, invalid};
use crate::store as rows;
use ::store::Cx;
use identity::{Applicant, Staff};
use kernel::{Outcome, Refusal, SubjectId};

/// What was chosen, by the words of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// `electronic`, `courier` or `collect`.
    pub how: String,
    /// The address, for a courier.
    pub address: String,
    /// The place, for collecting.
    pub place: String,
}

/// The recipient chooses how their own parcel is handed over, any time before it is packed.
///
/// # Errors
/// Not found; `delivery.packed`; `delivery.no-address`, `delivery.no-place`, `delivery.no-courier`, `delivery.no-choice`.
pub async fn choose(
    cx: &mut Cx,
    room: &Deliveries,
    who: &Applicant,
    id: ParcelId,
    choice: &Choice,
) -> Outcome<Parcel> {
    own(cx.store(), id, who.subject()).await?;
    chosen(cx, room, id, choice, By::Recipient).await
}

/// The same at the window.
///
/// # Errors
/// As [`choose`].
pub async fn choose_at_window(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: ParcelId,
    choice: &Choice,
) -> Outcome<Parcel> {
    room.must_reach(staff, id).await?;
    chosen(cx, room, id, choice, by(staff)).await
}

/// A clerk writes down where the parcel of somebody without a telephone of their own goes: into their book, and chosen in the same commit.
///
/// # Errors
/// As [`choose`] and [`super::put`].
pub async fn write_at_window(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: ParcelId,
    typed: &Typed,
) -> Outcome<Parcel> {
    room.must_reach(staff, id).await?;
    if !room.courier.carries() {
        return Err(no_courier().into());
    }
    let parcel = super::parcel(cx.store(), id).await?;
    let address = super::put(cx, parcel.begun.recipient, None, typed).await?;
    // The address stands in the book with this commit only: its division is what was typed.
    let charge = charge::at(cx, room, &parcel, &typed.division).await?;
    let how = How::Courier { address };
    along(cx, room, &parcel.begun, (&how, &by(staff))).await?;
    let command = Command::Choose { how, by: by(staff), charge };
    Ok(room.carry_out(cx, id, &command).await?.0)
}

/// Letters of the same matter that still lie here go the same way.
async fn along(cx: &mut Cx, room: &Deliveries, begun: &Begun, (how, by): (&How, &By)) -> Outcome<()> {
    if begun.letter || *how == How::Electronic {
        return Ok(());
    }
    letters_along(cx, room, (&begun.matter, begun.recipient), (how, by)).await
}

async fn letters_along(
    cx: &mut Cx,
    room: &Deliveries,
    (matter, recipient): (&str, SubjectId),
    (how, by): (&How, &By),
) -> Outcome<()> {
    for row in rows::parcels_of_matter(cx.store(), matter, recipient).await? {
        if row.letter && super::parcel(cx.store(), row.id).await?.open() {
            let command = Command::Choose { how: how.clone(), by: by.clone(), charge: None };
            room.carry_out(cx, row.id, &command).await?;
        }
    }
    Ok(())
}

async fn chosen(cx: &mut Cx, room: &Deliveries, id: ParcelId, choice: &Choice, by: By) -> Outcome<Parcel> {
    let parcel = super::parcel(cx.store(), id).await?;
    let b = &parcel.begun;
    let how = how(cx, room, b.recipient, (&b.division, &parcel.cases), choice).await?;
    let charge = charge::at_once(cx, room, (b, &how), parcel.charge.is_some()).await?;
    along(cx, room, b, (&how, &by)).await?;
    Ok(room.carry_out(cx, id, &Command::Choose { how, by, charge }).await?.0)
}

/// Chooses for a matter of which there is no parcel yet; one that is there is taken.
///
/// # Errors
/// As [`choose`].
pub async fn start(
    cx: &mut Cx,
    room: &Deliveries,
    who: &Applicant,
    matter: &Matter,
    choice: &Choice,
) -> Outcome<ParcelId> {
    if who.subject() != matter.recipient {
        return Err(Refusal::not_found().into());
    }
    started(cx, room, matter, choice, By::Recipient).await
}

/// The same at the window.
///
/// # Errors
/// As [`choose`].
pub async fn start_at_window(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    matter: &Matter,
    choice: &Choice,
) -> Outcome<ParcelId> {
    room.reach(staff).await?;
    started(cx, room, matter, choice, by(staff)).await
}

async fn started(
    cx: &mut Cx,
    room: &Deliveries,
    matter: &Matter,
    choice: &Choice,
    by: By,
) -> Outcome<ParcelId> {
    let before = rows::parcels_of_matter(cx.store(), &matter.id, matter.recipient).await?;
    for row in before.iter().rev().filter(|row| !row.letter) {
        if super::parcel(cx.store(), row.id).await?.open() {
            chosen(cx, room, row.id, choice, by).await?;
            return Ok(row.id);
        }
    }
    let division = identity::agency(cx.store(), &matter.agency).await?.map(|a| a.division);
    let around = (division.as_deref().unwrap_or_default(), matter.cases.as_slice());
    let how = how(cx, room, matter.recipient, around, choice).await?;
    if how != How::Electronic {
        letters_along(cx, room, (&matter.id, matter.recipient), (&how, &by)).await?;
    }
    gather::begin(cx, room, matter, How::Electronic, Some((how, by))).await
}

/// What the form says, checked against the book and the places.
pub(super) async fn how(
    cx: &Cx,
    room: &Deliveries,
    recipient: SubjectId,
    (division, cases): (&str, &[CaseOf]),
    choice: &Choice,
) -> Outcome<How> {
    match choice.how.as_str() {
        "electronic" => Ok(How::Electronic),
        "courier" if !room.courier.carries() => Err(no_courier().into()),
        "courier" => {
            let address: AddressId = choice.address.parse().map_err(|_| rules::no_address())?;
            rows::address(cx.store(), address, recipient).await?.ok_or_else(rules::no_address)?;
            Ok(How::Courier { address })
        }
        "collect" => {
            let spots = room.spots(division, cases).await?;
            let spot = spots.into_iter().find(|s| s.place.code == choice.place).ok_or_else(no_place)?;
            Ok(How::Collect { place: spot.place.code, name: spot.place.name, away: spot.away })
        }
        _ => {
            let (zh, en) = ("请选择结果怎样交给您。", "Choose how the results reach you.");
            Err(invalid("delivery.no-choice", "how", zh, en).into())
        }
    }
}

fn no_place() -> Refusal {
    invalid("delivery.no-place", "place", "请选择领取地点。", "Choose where to collect.")
}

fn no_courier() -> Refusal {
    let (zh, en) = ("本平台还没有开通寄递。", "Nothing is sent by courier here yet.");
    invalid("delivery.no-courier", "how", zh, en)
}

/// What is there goes first, as the recipient asks.
///
/// # Errors
/// Not found; `delivery.nothing`, `delivery.all-there`, `delivery.packed`, `delivery.say-why`.
pub async fn part(
    cx: &mut Cx,
    room: &Deliveries,
    who: &Applicant,
    id: ParcelId,
    why: &str,
) -> Outcome<Parcel> {
    own(cx.store(), id, who.subject()).await?;
    let command = Command::Part { why: why.to_owned(), by: By::Recipient };
    Ok(room.carry_out(cx, id, &command).await?.0)
}

/// The same as whoever packs thinks fit.
///
/// # Errors
/// As [`part`].
pub async fn part_at_desk(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    id: ParcelId,
    why: &str,
) -> Outcome<Parcel> {
    within(cx, room, staff, id).await?;
    let command = Command::Part { why: why.to_owned(), by: by(staff) };
    Ok(room.carry_out(cx, id, &command).await?.0)
}

/// The recipient says that they have it: it was in a locker, with a neighbour, or the courier said nothing.
///
/// # Errors
/// Not found; `delivery.not-on-its-way`.
pub async fn confirm(cx: &mut Cx, room: &Deliveries, who: &Applicant, id: ParcelId) -> Outcome<Parcel> {
    own(cx.store(), id, who.subject()).await?;
    let command = Command::Confirm { name: who.person_name().to_owned() };
    Ok(room.carry_out(cx, id, &command).await?.0)
}

/// A parcel that a member of staff packs or hands out: of their city or agency.
pub(super) async fn within(cx: &Cx, room: &Deliveries, staff: &Staff, id: ParcelId) -> Outcome<()> {
    if room.packs(cx.store(), staff, id).await? { Ok(()) } else { Err(rules::no_parcel().into()) }
}

pub(super) fn by(staff: &Staff) -> By {
    By::Staff { account: staff.account(), agency: staff.agency().clone() }
}
