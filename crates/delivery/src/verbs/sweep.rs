//! What the program does by itself: speaks to the courier, asks after what it did not hear, reminds, and writes down what lapsed.

use super::callback::heard;
use crate::courier::NewOrder;
use crate::model::Heard;
use crate::room::Deliveries;
use crate::rules::Command;
use crate::store::{self as rows, OrderRow};
use ::store::command;
use kernel::{ActorRef, Failure, Fault, Lang, Timestamp, clock};

/// So many are looked up at a time.
const AT_ONCE: i64 = 100;
/// The courier is asked ever more rarely: first after so many seconds, at most so many apart.
const FIRST_SECONDS: i64 = 30;
const MOST_SECONDS: i64 = 6 * 3_600;

/// What a round did.
#[derive(Debug, Clone, Default)]
pub struct Swept {
    /// How many were dealt with.
    pub done: usize,
    /// What went wrong; tried again with the next round, and stops no other.
    pub failed: Vec<String>,
}

impl Swept {
    fn take(&mut self, result: Result<(), Failure>, what: &str) {
        match result {
            Ok(()) => self.done += 1,
            // It moved on meanwhile.
            Err(Failure::Refused(_)) => {}
            Err(Failure::Fault(fault)) => self.failed.push(format!("{what}: {fault}")),
        }
    }

    /// The first failure as a fault, for a job.
    pub(crate) fn outcome(self) -> Result<(), Failure> {
        match self.failed.first() {
            None => Ok(()),
            Some(first) => Err(Fault::new(format!("{} failed; the first: {first}", self.failed.len()))
                .transient()
                .into()),
        }
    }
}

/// Tells the courier of parcels that were packed and handed over, and asks after those on their way.
///
/// # Errors
/// A [`Fault`] when the rows cannot be read.
pub async fn poll(room: &Deliveries) -> Result<Swept, Fault> {
    let ground = &room.house.ground;
    let mut swept = Swept::default();
    for order in rows::orders_due(&ground.store, ground.clock.now(), AT_ONCE).await? {
        let result = speak(room, &order).await;
        swept.take(result, &format!("order {}", order.id));
    }
    Ok(swept)
}

async fn speak(room: &Deliveries, order: &OrderRow) -> Result<(), Failure> {
    match order.state.as_str() {
        "new" => place(room, order).await,
        "handed" => hand_over(room, order).await,
        _ => ask(room, order).await,
    }
}

async fn place(room: &Deliveries, order: &OrderRow) -> Result<(), Failure> {
    let ground = &room.house.ground;
    let parcel = super::parcel(&ground.store, order.parcel).await?;
    match room.courier.order(&new_order(room, order, &parcel.begun.number)?).await {
        Ok(tracking) => placed(room, order, tracking).await,
        Err(why) => later(room, order, why).await,
    }
}

fn new_order(room: &Deliveries, order: &OrderRow, number: &str) -> Result<NewOrder, Fault> {
    let told = order.open(room.house.ground.store.sealer())?;
    Ok(NewOrder {
        order: order.id,
        number: number.to_owned(),
        division: order.division.clone(),
        street: told.street,
        recipient: told.recipient,
        phone: told.phone,
    })
}

async fn placed(room: &Deliveries, order: &OrderRow, tracking: String) -> Result<(), Failure> {
    let (ground, actor) = (&room.house.ground, ActorRef::system());
    let command = Command::Placed { order: order.id, tracking };
    command!(ground, Lang::default(), actor, |cx| {
        room.carry_out(&mut cx, order.parcel, &command).await.map(|_| ())
    })
}

/// A parcel may be handed over before the courier answered to its order: then it is told of both.
async fn hand_over(room: &Deliveries, order: &OrderRow) -> Result<(), Failure> {
    let store = &room.house.ground.store;
    let parcel = super::parcel(store, order.parcel).await?;
    let unplaced = parcel.attempts.iter().any(|a| a.order == order.id && a.tracking.is_none());
    if unplaced {
        match room.courier.order(&new_order(room, order, &parcel.begun.number)?).await {
            Ok(tracking) => placed(room, order, tracking).await?,
            Err(why) => return later(room, order, why).await,
        }
    }
    let number = match parcel.list {
        Some(list) => rows::list_number(store, list).await?,
        None => String::new(),
    };
    match room.courier.hand_over(order.id, &number).await {
        Ok(()) => next(room, order, "told", 0).await,
        Err(why) => later(room, order, why).await,
    }
}

async fn ask(room: &Deliveries, order: &OrderRow) -> Result<(), Failure> {
    match room.courier.query(order.id).await {
        Ok(news) => {
            next(room, order, &order.state, order.asked + 1).await?;
            for news in news.iter().filter(|n| n.order == order.id) {
                heard(room, news, Heard::Query, None).await?;
            }
            Ok(())
        }
        Err(why) => later(room, order, why).await,
    }
}

async fn later(room: &Deliveries, order: &OrderRow, why: String) -> Result<(), Failure> {
    next(room, order, &order.state, order.asked + 1).await?;
    Err(Fault::new(format!("the courier does not answer: {why}")).transient().into())
}

async fn next(room: &Deliveries, order: &OrderRow, state: &str, asked: i64) -> Result<(), Failure> {
    let (ground, actor) = (&room.house.ground, ActorRef::system());
    command!(ground, Lang::default(), actor, |cx| {
        let at = after(cx.now, asked);
        rows::order_next(&mut cx.commit, order.id, (state, asked), Some(at));
        Ok::<(), Failure>(())
    })
}

fn after(now: Timestamp, asked: i64) -> Timestamp {
    let seconds = FIRST_SECONDS.saturating_mul(1 << asked.clamp(0, 12)).min(MOST_SECONDS);
    clock::from_micros(now.as_microsecond() + seconds * 1_000_000)
}

/// Reminds of what waits, writes down what lapsed, and forgets nonces whose time is over.
///
/// # Errors
/// A [`Fault`] when the rows cannot be read.
pub async fn sweep(room: &Deliveries) -> Result<Swept, Fault> {
    let (ground, actor) = (&room.house.ground, ActorRef::system());
    let (mut swept, now) = (Swept::default(), ground.clock.now());
    for id in rows::parcels_due(&ground.store, now, AT_ONCE).await? {
        let done = command!(ground, Lang::default(), actor, |cx| {
            room.carry_out(&mut cx, id, &Command::Sweep).await.map(|_| ())
        });
        swept.take(done, &format!("parcel {id}"));
    }
    let before = clock::from_micros(now.as_microsecond() - 4 * crate::sign::SKEW_SECONDS * 1_000_000);
    let forgotten: Result<(), Failure> = command!(ground, Lang::default(), actor, |cx| {
        rows::forget_nonces(&mut cx.commit, before);
        Ok::<(), Failure>(())
    });
    swept.take(forgotten, "nonces");
    Ok(swept)
}
