//! The hand-over list of the day (交寄清单): parcels are scanned into it, the courier signs, and they leave together.

use super::choose::within;
use crate::model::*;
use crate::room::Deliveries;
use crate::rules::{Command, invalid};
use crate::store::{self as rows, ListRow};
use ::store::{Cx, command, serial};
use identity::Staff;
use kernel::{Failure, Lang, Outcome, Refusal, RefusalKind, clock};

/// So many parcels a list has at most: it is closed by one commit.
const PARCELS_MAX: usize = 100;

/// What became of one number that was scanned.
#[derive(Debug, Clone)]
pub struct Scanned {
    /// As it was typed.
    pub number: String,
    /// Why it is not on the list; none when it is.
    pub no: Option<Refusal>,
}

/// Begins a list of one's own agency; its number is dense.
///
/// # Errors
/// `delivery.no-right`.
pub async fn open(cx: &mut Cx, room: &Deliveries, staff: &Staff) -> Outcome<ListId> {
    room.reach(staff).await?;
    let own = identity::agency(cx.store(), staff.agency()).await?;
    let year = clock::legal_date(cx.now).year();
    let next = serial::strict_in(cx, &format!("delivery.list.{}.{year}", staff.agency())).await?;
    let number = format!("{}-{year}-{next:04}", staff.agency());
    let (id, now): (ListId, _) = (cx.new_id(), cx.now);
    let division = own.map(|a| a.division).unwrap_or_default();
    rows::insert_list(&mut cx.commit, (id, &number), (staff.agency(), &division), now);
    Ok(id)
}

/// Puts numbers on a list, each by itself: one that is refused is said in words and keeps no other back.
///
/// # Errors
/// Not found; `delivery.list-closed`.
pub async fn scan(
    room: &Deliveries,
    lang: Lang,
    staff: &Staff,
    list: ListId,
    typed: &str,
) -> Outcome<Vec<Scanned>> {
    let row = reached(room, staff, list).await?;
    must_be_open(&row)?;
    let mut scanned = Vec::new();
    for number in typed.split(['\n', ',', ';', '，', '；']).map(str::trim).filter(|n| !n.is_empty()) {
        let actor = staff.actor_ref();
        let done: Outcome<()> =
            command!(room.house.ground, lang, actor, |cx| put(&mut cx, room, staff, list, number).await);
        let no = match done {
            Ok(()) => None,
            Err(Failure::Refused(no)) => Some(no),
            Err(fault) => return Err(fault),
        };
        scanned.push(Scanned { number: number.to_owned(), no });
    }
    Ok(scanned)
}

async fn put(cx: &mut Cx, room: &Deliveries, staff: &Staff, list: ListId, number: &str) -> Outcome<()> {
    let label = super::read_label(number).ok_or_else(unreadable)?;
    let reach = room.reach(staff).await?;
    let found = rows::parcel_by_number(cx.store(), &label, &reach).await?.ok_or_else(unknown)?;
    if rows::parcels_on(cx.store(), list).await?.len() >= PARCELS_MAX {
        return Err(full().into());
    }
    let row = rows::list_within(cx.store(), list, &reach).await?.ok_or_else(Refusal::not_found)?;
    must_be_open(&row)?;
    room.carry_out(cx, found.id, &Command::List { list }).await?;
    rows::touch_list(&mut cx.commit, list);
    Ok(())
}

/// Takes a parcel off an open list.
///
/// # Errors
/// Not found; `delivery.list-closed`.
pub async fn take_off(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    list: ListId,
    parcel: ParcelId,
) -> Outcome<()> {
    within(cx, room, staff, parcel).await?;
    must_be_open(&reached(room, staff, list).await?)?;
    room.carry_out(cx, parcel, &Command::Unlist { list }).await?;
    rows::touch_list(&mut cx.commit, list);
    Ok(())
}

/// The courier signed: everything on the list left.
///
/// # Errors
/// Not found; `delivery.list-closed`, `delivery.list-empty`, `delivery.who-signed`.
pub async fn close(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    list: ListId,
    courier: &str,
) -> Outcome<()> {
    let row = reached(room, staff, list).await?;
    must_be_open(&row)?;
    let parcels = rows::parcels_on(cx.store(), list).await?;
    if parcels.is_empty() {
        let (zh, en) = ("清单上还没有快件。", "Nothing is on the list yet.");
        return Err(invalid("delivery.list-empty", "numbers", zh, en).into());
    }
    if courier.trim().is_empty() {
        let (zh, en) = ("请填写揽收人姓名。", "Write down who signed for the courier.");
        return Err(invalid("delivery.who-signed", "courier", zh, en).into());
    }
    let command = Command::HandOver { list, courier: courier.trim().to_owned() };
    for parcel in parcels {
        room.carry_out(cx, parcel.id, &command).await?;
    }
    let now = cx.now;
    rows::close_list(&mut cx.commit, &row, courier.trim(), now);
    Ok(())
}

/// A list of one's own agency.
pub(crate) async fn reached(room: &Deliveries, staff: &Staff, list: ListId) -> Outcome<ListRow> {
    let reach = room.reach(staff).await?;
    let row = rows::list_within(&room.house.ground.store, list, &reach).await?;
    Ok(row.filter(|r| r.agency == staff.agency().as_str()).ok_or_else(Refusal::not_found)?)
}

fn must_be_open(row: &ListRow) -> Result<(), Refusal> {
    if row.state == "open" {
        return Ok(());
    }
    let (zh, en) = ("揽收人已经签收，清单不能再改。", "The courier has signed: the list stands as it is.");
    Err(Refusal::new(RefusalKind::Conflict, "delivery.list-closed", zh, en)
        .next("请另开一张清单。", "Begin another list."))
}

fn unreadable() -> Refusal {
    let (zh, en) = ("不是快件编号，请核对。", "That is no parcel's number; compare it.");
    Refusal::new(RefusalKind::Invalid, "delivery.no-number", zh, en)
}

fn unknown() -> Refusal {
    let (zh, en) = ("没有这件快件。", "There is no such parcel.");
    Refusal::new(RefusalKind::NotFound, "delivery.no-parcel", zh, en)
}

fn full() -> Refusal {
    let (zh, en) = ("清单已满100件，请另开一张。", "The list has its 100 parcels; begin another.");
    Refusal::new(RefusalKind::Conflict, "delivery.list-full", zh, en)
}
