//! The courier in all moods: what it says is taken once, in whatever order, and what it does not say is asked for.

use crate::town::{ROOMS, Town, code};
use delivery::State;
use delivery::courier::News;
use delivery::model::{Said, Signer};
use delivery::stand_in::Mood;
use delivery::verbs::{self, SIGNED};
use kernel::Clock as _;

harness::both!(what_is_lost_is_asked_for_and_signed_once, ROOMS, |t| async move {
    // Nothing is called back here, and every third call is lost.
    let town = Town::new(t, Mood { seed: 7, ..Mood::KIND }, 33).await;
    let id = town.away("m1", "A").await;
    town.rounds_until(id, State::Signed).await;
    assert_eq!(town.told(SIGNED).await, 1);
    let reached = town.parcel(id).await.reached.unwrap();
    assert!(reached.counts && reached.name == "王秀英");
});

harness::both!(what_is_refused_comes_back_and_is_not_served, ROOMS, |t| async move {
    let town = Town::new(t, Mood { refuse: 100, ..Mood::KIND }, 20).await;
    let id = town.away("m1", "A").await;
    town.rounds_until(id, State::Returned).await;
    assert_eq!((town.told(SIGNED).await, town.told("delivery.returned").await), (0, 1));
    // It is sent once more, and after that kept.
    let address =
        verbs::entries(&town.t.store, &town.me, kernel::Lang::ZhCn).await.unwrap()[0].id.to_string();
    let again: kernel::Outcome<_> =
        store::command!(town.t.ground, kernel::Lang::ZhCn, town.clerk.actor_ref(), |cx| {
            verbs::again(&mut cx, &town.room, &town.clerk, id, &address).await
        });
    assert_eq!(again.unwrap().state(), State::Packed);
    assert_eq!(town.told("delivery.owes").await, 2, "it costs again");
});

harness::both!(a_locker_is_left_and_taken_out, ROOMS, |t| async move {
    let town = Town::new(t, Mood { locker: 100, ..Mood::KIND }, 0).await;
    let id = town.away("m1", "A").await;
    town.rounds_until(id, State::Signed).await;
    let signer = town.parcel(id).await.reached.unwrap().signer;
    assert_eq!((signer, town.told(SIGNED).await), (Signer::Oneself, 1));
});

harness::both!(a_call_back_is_checked_and_takes_effect_once, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let id = town.away("m1", "A").await;
    town.rounds(2, 1).await;
    let attempt = town.parcel(id).await.attempt().unwrap().clone();
    let news = |said, seconds: i64| News {
        order: attempt.order,
        tracking: attempt.tracking.clone().unwrap(),
        said,
        at: kernel::clock::from_micros(town.t.clock.now().as_microsecond() + seconds * 1_000_000),
        signer: (said == Said::Signed).then_some(Signer::Oneself),
        note: "王秀英".to_owned(),
    };
    let (headers, mut body) = town.signed(&news(Said::Signed, 0));
    body.push(b' ');
    assert_eq!(code(town.deliver(&headers, &body).await), "delivery.signature");
    let old = town.signed(&news(Said::Signed, 0));
    town.t.clock.advance_seconds(400);
    assert_eq!(code(town.deliver(&old.0, &old.1).await), "delivery.clock");
    let (headers, body) = (
        town.room.key.headers(verbs::CALLBACK, b"{}", town.t.clock.now(), town.t.rng.as_ref()).unwrap(),
        b"{}",
    );
    assert_eq!(code(town.deliver(&headers, body).await), "delivery.callback");
    let strange =
        News { order: kernel::id::TypedId::from_uuid(uuid::Uuid::from_u128(1)), ..news(Said::Signed, 0) };
    assert_eq!(code(town.call_back(&strange).await), "delivery.no-order");
    // A moment in the future is none; four at the same time are one.
    let signed = news(Said::Signed, 9_999);
    let ((headers, body), late) = (town.signed(&signed), news(Said::InTransit, -10));
    let (a, b, c, d) = tokio::join!(
        town.deliver(&headers, &body),
        town.deliver(&headers, &body),
        town.call_back(&signed),
        town.call_back(&late)
    );
    assert!(a.is_ok() && b.is_ok() && c.is_ok() && d.is_ok(), "{a:?} {b:?} {c:?} {d:?}");
    let parcel = town.parcel(id).await;
    assert_eq!((parcel.state(), town.told(SIGNED).await), (State::Signed, 1));
    assert!(parcel.reached.unwrap().at <= town.t.clock.now());
});

harness::both!(what_nobody_collects_is_written_of_and_told, ROOMS, |t| async move {
    let town = Town::new(t, Mood::KIND, 0).await;
    let matter = town.matter("m1", &[crate::town::paper("A", false)], true);
    let id = town.start(&matter, "collect", "").await.unwrap();
    town.pack(id, &["A"]).await.unwrap();
    for (days, reminded, state) in
        [(1, false, State::Collectable), (16, true, State::Collectable), (50, true, State::Lapsed)]
    {
        town.t.clock.advance_seconds(days * 86_400);
        verbs::sweep(&town.room).await.unwrap();
        let parcel = town.parcel(id).await;
        assert_eq!((parcel.reminded, parcel.state()), (reminded, state), "after {days} days more");
    }
});
