//! What is handed to a browser and taken back once: sealed in a cookie of its own, good for some minutes. Nothing is written
//! before it comes back, so that a stranger who only asks fills no table.

use crate::layer::{set_named, spare_name};
use crate::store;
use crate::verbs::{MINUTE, later, token_hash};
use ::store::{Cx, Ground};
use axum::http::HeaderMap;
use kernel::{Fault, Outcome, Refusal, RefusalKind, Timestamp, rng};
use page::House;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

/// The longest cookie that is looked at.
const LONGEST: usize = 6_000;

/// What is sealed.
#[derive(Serialize, Deserialize)]
struct Handed<T> {
    /// Chance, by which it is known when it comes back a second time.
    mark: String,
    until: i64,
    what: T,
}

/// What came back in time, and has not been spent yet.
pub(crate) struct Back<T> {
    hash: [u8; 32],
    until: Timestamp,
    pub(crate) what: T,
}

/// Puts `what` into a cookie of the browser, for so many minutes; one that stood there before is over.
///
/// # Errors
/// A [`Fault`] when it cannot be sealed.
pub(crate) fn hand<T: Serialize>(
    headers: &mut HeaderMap,
    house: &House,
    name: &str,
    what: &T,
    minutes: i64,
) -> Result<(), Fault> {
    let ground = &house.ground;
    let until = later(ground.clock.now(), minutes * MINUTE).as_microsecond();
    let mark = hex::encode(rng::bytes::<16>(ground.rng.as_ref()));
    let text = serde_json::to_vec(&Handed { mark, until, what })
        .map_err(|e| Fault::from("handing something to a browser", e))?;
    let sealed = ground.store.sealer().seal(&context(name), &text)?;
    set_named(headers, house, &spare_name(house, name), &hex::encode(sealed), minutes * 60);
    Ok(())
}

/// What the browser brings back: nothing when it was never handed out, was changed, or is too old.
pub(crate) fn back<T: DeserializeOwned>(house: &House, headers: &HeaderMap, name: &str) -> Option<Back<T>> {
    let text = page::layer::cookie(headers, &spare_name(house, name)).filter(|text| text.len() <= LONGEST)?;
    let sealed = hex::decode(text).ok()?;
    let plain = house.ground.store.sealer().open(&context(name), &sealed).ok()?;
    let handed: Handed<T> = serde_json::from_slice(&plain).ok()?;
    let until = kernel::clock::from_micros(handed.until);
    let in_time = house.ground.clock.now() < until;
    in_time.then(|| Back { hash: token_hash(&handed.mark), until, what: handed.what })
}

/// Takes the cookie away.
pub(crate) fn clear(headers: &mut HeaderMap, house: &House, name: &str) {
    set_named(headers, house, &spare_name(house, name), "", 0);
}

fn context(name: &str) -> String {
    format!("identity.once.{name}")
}

/// Adds to the commit that it is spent; on whatever server it comes back again, it is refused.
///
/// # Errors
/// `identity.spent` when it was spent before.
pub(crate) async fn spend<T>(cx: &mut Cx, back: &Back<T>) -> Outcome<()> {
    if store::is_spent(cx.store(), back.hash).await? {
        return Err(spent().into());
    }
    store::spend(&mut cx.commit, back.hash, back.until);
    Ok(())
}

fn spent() -> Refusal {
    Refusal::new(
        RefusalKind::Conflict,
        "identity.spent",
        "这一步已经用过一次，不能重复使用。",
        "This step was used once already and is not good a second time.",
    )
    .next("请从头再来一次。", "Please begin again.")
}

/// As [`spend`], in a commit of its own: before something outside of the house is asked.
///
/// # Errors
/// `identity.spent`.
pub(crate) async fn spend_now<T>(ground: &Ground, back: &Back<T>) -> Outcome<()> {
    let actor = kernel::ActorRef::visitor();
    ::store::command!(ground, kernel::Lang::default(), actor, |cx| spend(&mut cx, back).await)
}
