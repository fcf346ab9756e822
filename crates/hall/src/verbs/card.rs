//! Identity by reader (读证): a card that is put on the reader of a window is there for the clerk on duty at it, for some minutes, once.

use super::{blind_token, post_of};
use crate::model::{Card, CardId};
use crate::rules::refuse;
use crate::store as rows;
use ::store::{Cx, Ground, Store, command};
use identity::Clerk;
use jiff::SignedDuration;
use kernel::{ActorRef, Lang, Outcome, Refusal, Timestamp, clock};

/// A card that nobody used is forgotten after so many minutes.
const KEPT: i64 = 3;

/// A moment ago enough that what was read before it is gone.
pub(crate) fn gone(now: Timestamp) -> Timestamp {
    now - SignedDuration::from_mins(KEPT)
}

/// A card was put on the reader with this secret.
///
/// # Errors
/// Not found for a secret that is no reader's, `hall.nobody-there` while nobody is on duty at its window, `hall.card` for what no card says.
pub(crate) async fn card_read(ground: &Ground, secret: &str, card: Card) -> Outcome<()> {
    let store = &ground.store;
    let found = rows::reader(store, &blind_token(store, secret)).await?;
    let (hall, number) = found.ok_or_else(Refusal::not_found)?;
    let windows = rows::windows(store, &hall).await?;
    if !windows.iter().any(|w| w.number == number && w.clerk.is_some()) {
        return Err(refuse::nobody_there().into());
    }
    let card = card.whole()?;
    command!(ground, Lang::default(), ActorRef::visitor(), |cx| {
        let (id, sealer, now) = (cx.new_id(), cx.store().sealer().clone(), cx.now);
        rows::forget_cards(&mut cx.commit, gone(now));
        rows::put_card(&mut cx.commit, &sealer, (&hall, &number), (id, &card)).map_err(kernel::Failure::from)
    })
}

/// The card that was put on the reader of the clerk's window after `since`, not opened; none off duty.
///
/// # Errors
/// A fault of the store.
pub async fn card_here(
    store: &Store,
    who: &Clerk,
    (since, now): (Timestamp, Timestamp),
) -> Outcome<Option<CardId>> {
    let Some((hall, number)) = rows::duty(store, who.account()).await? else { return Ok(None) };
    let found = rows::card_at(store, (&hall, &number), since.max(gone(now))).await?;
    Ok(found.map(|(id, _)| id))
}

/// Takes the card from the reader of the clerk's window into this commit, once: one that was put there after `since`, when the page was
/// opened, for what lay there before is somebody else's. The caller records the look.
///
/// # Errors
/// `hall.off-duty`; `hall.no-card` when none was put there since, or another than `id`; `hall.card-expired`.
pub async fn take_card(cx: &mut Cx, who: &Clerk, (id, since): (Option<CardId>, Timestamp)) -> Outcome<Card> {
    let (hall, number) = post_of(cx, who).await?;
    let found = rows::card_at(cx.store(), (&hall, &number), since.max(gone(cx.now))).await?;
    let (here, sealed) =
        found.filter(|(here, _)| id.is_none_or(|id| id == *here)).ok_or_else(refuse::no_card)?;
    let card = rows::open_card(cx.store(), &sealed)?.in_term(clock::legal_date(cx.now))?;
    rows::use_card(&mut cx.commit, here);
    Ok(card)
}

/// Whether a reader is paired with the window where the clerk is on duty.
///
/// # Errors
/// A fault of the store.
pub async fn has_reader(store: &Store, who: &Clerk) -> Outcome<bool> {
    match rows::duty(store, who.account()).await? {
        Some((hall, number)) => Ok(rows::has_reader(store, &hall, &number).await?),
        None => Ok(false),
    }
}
