//! What is reached by a short code: a ticket from its paper, and the tablet at a window.

use super::take::{address, blind_code};
use super::{blind_token, day_of, post_of};
use crate::model::HallCode;
use crate::rules::{codes, refuse};
use crate::store as rows;
use ::store::{Cx, Ground, Store, command};
use identity::Clerk;
use jiff::SignedDuration;
use kernel::{ActorRef, Lang, Outcome, rng};

/// Codes tried from one place in a minute: some may be typed wrongly.
const TRIES_HERE: i64 = 10;
/// Codes tried from everywhere in a minute.
const TRIES_ALL: i64 = 600;
/// A code for pairing a tablet can be used for so many minutes.
const PAIRING: i64 = 5;

/// The address of the page of a ticket of today, by the short code on its paper. `place` is where one types, for counting only.
///
/// # Errors
/// `hall.no-code` for a code that is none of today, `hall.too-many-codes` when too many were tried.
pub(crate) async fn ticket_by_code(ground: &Ground, typed: &str, place: &str) -> Outcome<String> {
    let code = codes::whole(typed).ok_or_else(refuse::no_code)?;
    tried(ground, place).await?;
    let (store, day) = (&ground.store, day_of(ground.clock.now()));
    let row = rows::by_code(store, &day, &blind_code(store, &code)).await?;
    Ok(address(store, row.ok_or_else(refuse::no_code)?.id))
}

/// A try is counted before it is made, so that many at once are no way round.
async fn tried(ground: &Ground, place: &str) -> Outcome<()> {
    let minute = ground.clock.now().as_second().div_euclid(60);
    let here = ground.store.sealer().blind("hall_try.place", place);
    let actor = ActorRef::visitor();
    let counted: Outcome<()> = command!(ground, Lang::default(), actor, |cx| {
        rows::count_try(&mut cx.commit, &here, minute);
        rows::count_try(&mut cx.commit, "all", minute);
        rows::forget_tries(&mut cx.commit, minute - 1);
        Outcome::Ok(())
    });
    counted?;
    let (here, all) =
        (rows::tries(&ground.store, &here, minute).await?, rows::tries(&ground.store, "all", minute).await?);
    if here > TRIES_HERE || all > TRIES_ALL { Err(refuse::too_many_codes().into()) } else { Ok(()) }
}

/// A code by which a tablet becomes the one of the window where the clerk is on duty; the code before is void.
///
/// # Errors
/// `hall.off-duty`.
pub(crate) async fn begin_pairing(cx: &mut Cx, who: &Clerk, code: &str) -> Outcome<()> {
    let (hall, number) = post_of(cx, who).await?;
    let ends_at = cx.now + SignedDuration::from_mins(PAIRING);
    let code = blind_pairing(cx.store(), code);
    rows::set_pairing(&mut cx.commit, &code, &hall, &number, ends_at);
    Ok(())
}

fn blind_pairing(store: &Store, code: &str) -> String {
    store.sealer().blind("hall_pairing.code", code)
}

/// A fresh code for pairing.
pub(crate) fn pairing_code(ground: &Ground) -> String {
    codes::code(u64::from_be_bytes(rng::bytes::<8>(ground.rng.as_ref())))
}

/// What is paired with a window by a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Device {
    /// The tablet that is turned to the person.
    Tablet,
    /// The reader of identity cards.
    Reader,
}

/// Makes a device the one of the window whose code was typed there; `token` ([`crate::token`]) is its secret from now on.
///
/// # Errors
/// `hall.no-pairing` for a code that is none, or is too old, `hall.too-many-codes`.
pub(crate) async fn pair(
    ground: &Ground,
    device: Device,
    typed: &str,
    token: &str,
    place: &str,
) -> Outcome<()> {
    let code = codes::whole(typed).ok_or_else(refuse::no_pairing)?;
    tried(ground, place).await?;
    let (store, actor) = (&ground.store, ActorRef::visitor());
    let (code, token) = (blind_pairing(store, &code), blind_token(store, token));
    command!(ground, Lang::default(), actor, |cx| {
        match rows::pairing(cx.store(), &code).await?.filter(|(_, _, ends_at)| *ends_at > cx.now) {
            Some((hall, number, _)) => {
                let set = match device {
                    Device::Tablet => rows::set_tablet,
                    Device::Reader => rows::set_reader,
                };
                set(&mut cx.commit, &code, &token, &hall, &number);
                Ok(())
            }
            None => Err(refuse::no_pairing().into()),
        }
    })
}

/// The hall and the window of a tablet, by the secret of its address.
pub(crate) async fn tablet(store: &Store, secret: &str) -> Outcome<Option<(HallCode, String)>> {
    Ok(rows::tablet(store, &blind_token(store, secret)).await?)
}
