//! The courier calls back: signed, of our time, perhaps twice, late, or out of order.

use crate::courier::News;
use crate::model::*;
use crate::room::Deliveries;
use crate::rules::Command;
use crate::store as rows;
use ::store::command;
use kernel::{ActorRef, Lang, Outcome, Refusal, RefusalKind, Timestamp};

/// Where the courier calls.
pub const CALLBACK: &str = "/couriers/callback";
/// A note is a name or a reason, no story.
const NOTE_MAX: usize = 200;

/// Takes a call-back in; what was heard before changes nothing and is answered with yes.
///
/// # Errors
/// `delivery.signature`, `delivery.clock`, `delivery.callback` for a body that is none, `delivery.no-order`.
pub async fn callback<'a>(
    room: &Deliveries,
    header: impl Fn(&str) -> Option<&'a str>,
    body: &[u8],
) -> Outcome<()> {
    let ground = &room.house.ground;
    let nonce = room.key.check(CALLBACK, header, body, ground.clock.now())?;
    let news: News = serde_json::from_slice(body).map_err(|_| unreadable())?;
    if rows::nonce_used(&ground.store, &nonce).await? {
        return Ok(());
    }
    heard(room, &news, Heard::CallBack, Some(&nonce)).await
}

/// Takes in what was heard of an order, once, whichever way and however often it comes.
pub(super) async fn heard(room: &Deliveries, news: &News, via: Heard, nonce: Option<&str>) -> Outcome<()> {
    let (ground, actor) = (&room.house.ground, ActorRef::system());
    command!(ground, Lang::default(), actor, |cx| {
        if let Some(nonce) = nonce {
            // A copy of this very call-back was faster.
            if rows::nonce_used(cx.store(), nonce).await? {
                return Ok(());
            }
            let now = cx.now;
            rows::use_nonce(&mut cx.commit, nonce, now);
        }
        let order = rows::order(cx.store(), news.order).await?.ok_or_else(no_order)?;
        let parcel = super::parcel(cx.store(), order.parcel).await?;
        let leg = leg(news, via, parcel.packed.unwrap_or(parcel.at), cx.now);
        room.carry_out(&mut cx, order.parcel, &Command::Hear { order: news.order, leg }).await.map(|_| ())
    })
}

/// A courier's clock may go wrong: nothing happened before the parcel was packed, nor in the future.
fn leg(news: &News, via: Heard, packed: Timestamp, now: Timestamp) -> Leg {
    let note = news.note.chars().filter(|c| !c.is_control()).take(NOTE_MAX).collect();
    let signer = news.signer.filter(|_| news.said == Said::Signed);
    Leg { said: news.said, at: news.at.clamp(packed.min(now), now), signer, note, via }
}

fn no_order() -> Refusal {
    Refusal::new(RefusalKind::NotFound, "delivery.no-order", "没有这个寄递单。", "There is no such order.")
        .next("请核对寄递单编号。", "Check the order's id.")
}

fn unreadable() -> Refusal {
    let (zh, en) = ("回调的内容无法识别。", "The call-back's body cannot be read.");
    Refusal::new(RefusalKind::Invalid, "delivery.callback", zh, en)
        .next("请按接口说明发送。", "Send it as the protocol says.")
}
