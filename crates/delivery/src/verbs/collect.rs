//! At the counter: a code says what to hand out, once.

use super::choose::by;
use crate::model::*;
use crate::room::{Deliveries, no_right};
use crate::rules::{self, Command};
use crate::store as rows;
use ::store::{Cx, Store};
use identity::{Clerk, Staff};
use kernel::Outcome;

/// The parcel that waits under a code, for a clerk of its city, or of the hall where it lies.
///
/// # Errors
/// `delivery.no-code`.
pub async fn waiting(store: &Store, room: &Deliveries, clerk: &Clerk, code: &str) -> Outcome<ParcelId> {
    let code: String = code.chars().filter(char::is_ascii_digit).collect();
    let found = rows::parcel_by_code(store, &code).await?.ok_or_else(rules::no_code)?;
    let parcel = super::parcel(store, found).await?;
    match parcel.how.away() {
        Some(away) if away.contains(clerk.agency()) => return Ok(found),
        // It lies elsewhere.
        Some(_) => return Err(rules::no_code().into()),
        None if room.lies_with(clerk, &parcel).await? => return Ok(found),
        None => {}
    }
    let reach = room.reach(&Staff::Clerk(clerk.clone())).await?;
    rows::parcel_within(store, found, &reach).await?.ok_or_else(rules::no_code)?;
    Ok(found)
}

/// Hands a parcel out to whoever showed its code and their identity.
///
/// # Errors
/// `delivery.no-code`, also when it was used before; `delivery.see-identity`, `delivery.who-took-it`.
pub async fn collect(
    cx: &mut Cx,
    room: &Deliveries,
    staff: &Staff,
    (code, name): (&str, &str),
    seen: bool,
) -> Outcome<ParcelId> {
    let Staff::Clerk(clerk) = staff else { return Err(no_right().into()) };
    let id = waiting(cx.store(), room, clerk, code).await?;
    let command = Command::Collect { name: name.to_owned(), seen, by: by(staff) };
    room.carry_out(cx, id, &command).await?;
    Ok(id)
}
