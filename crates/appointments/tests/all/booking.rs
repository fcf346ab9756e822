//! Booking, moving and calling off: nothing twice, nothing beyond what there is room for, on one server or two.

use crate::town::{ROOMS, Town, at, book_at, code, refused};
use appointments::model::{AppointmentEvent, State};
use std::sync::Arc;

harness::both!(a_place_is_booked_moved_and_given_back, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (one, two) = (town.person("p3").await, town.person("p4").await);
    assert_eq!(town.free("first", "B", "2026-11-24 09:00").await, 2, "1.5 windows × 3 × 60 %, rounded down");
    let id = town.book(&one, "first", "2026-11-24 09:00").await.unwrap();
    assert_eq!(town.book(&one, "first", "2026-11-24 09:00").await.unwrap(), id, "sent twice, it is one");
    assert_eq!(town.free("first", "B", "2026-11-24 09:00").await, 1);
    assert_eq!(refused(town.book(&one, "first", "2026-11-24 10:00").await), "appointments.one-a-day");
    assert_eq!(refused(town.book(&one, "second", "2026-11-24 15:00").await), "appointments.one-a-day");
    town.book(&one, "second", "2026-11-25 00:00").await.unwrap();
    assert_eq!(refused(town.book(&one, "first", "2026-11-24 09:10").await), "appointments.no-slot");
    assert_eq!(refused(town.book(&one, "first", "2026-11-24 12:00").await), "appointments.no-slot", "lunch");
    assert_eq!(
        refused(town.book(&one, "first", "2026-11-29 09:00").await),
        "appointments.no-slot",
        "a Sunday"
    );
    assert_eq!(
        refused(town.book(&one, "first", "2026-12-08 09:00").await),
        "appointments.no-slot",
        "too far"
    );
    town.book(&two, "first", "2026-12-07 16:30").await.unwrap();
    assert_eq!(refused(town.book(&two, "first", "2026-11-23 10:30").await), "appointments.too-soon");
    // Moved: the old place is free, the new one taken; the code stays on the same day.
    let before = town.mine(&one).await.into_iter().find(|r| r.id == id).unwrap();
    assert_eq!(refused(town.change(&one, id, "2026-11-24 09:00").await), "appointments.same");
    assert_eq!(refused(town.change(&two, id, "2026-11-24 09:30").await), "not-found");
    town.change(&one, id, "2026-11-24 09:30").await.unwrap();
    let after = town.mine(&one).await.into_iter().find(|r| r.id == id).unwrap();
    assert_eq!((after.starts_at, &after.code), (at("2026-11-24 09:30"), &before.code));
    assert_eq!(town.free("first", "B", "2026-11-24 09:00").await, 2);
    assert_eq!(town.free("first", "B", "2026-11-24 09:30").await, 1);
    assert_eq!(town.letters().await.iter().filter(|l| *l == "appointment-booked").count(), 3);
    town.cancel(&one, id).await.unwrap();
    assert_eq!(town.free("first", "B", "2026-11-24 09:30").await, 2);
    assert_eq!(refused(town.cancel(&one, id).await), "appointments.cancelled");
    assert_eq!(refused(town.change(&one, id, "2026-11-24 10:00").await), "appointments.cancelled");
    let (_, events) = trace::history::<AppointmentEvent>(&town.t.store, &id.subject()).await.unwrap();
    let kinds: Vec<_> = events.iter().map(|e| trace::Event::kind(&e.event)).collect();
    assert_eq!(kinds, ["booked", "moved", "cancelled"]);
    // What has begun is neither moved nor called off.
    town.t.clock.set(at("2026-11-25 00:00"));
    let begun = town.mine(&one).await[0].id;
    assert_eq!(refused(town.cancel(&one, begun).await), "appointments.begun");
});

harness::both!(for_a_firm_and_for_whoever_calls, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (boss, agent, self_) =
        (town.for_firm("p1").await, town.for_firm("p2").await, town.person("p2").await);
    let id = town.book(&agent, "first", "2026-11-24 09:00").await.unwrap();
    assert_eq!(
        refused(town.book(&boss, "first", "2026-11-24 14:00").await),
        "appointments.one-a-day",
        "the firm has one"
    );
    assert_eq!(
        refused(town.book(&self_, "second", "2026-11-24 09:00").await),
        "appointments.overlap",
        "who comes is at the hall"
    );
    town.book(&self_, "second", "2026-11-24 09:30").await.unwrap();
    assert_eq!((town.mine(&boss).await.len(), town.mine(&self_).await.len()), (1, 1));
    let row = &town.mine(&boss).await[0];
    assert_eq!((row.name.as_str(), row.for_name.as_str()), ("某p2", "示范有限公司"));
    town.change(&boss, id, "2026-11-25 09:00").await.unwrap();
    let said = town.letters().await;
    assert_eq!(
        said.iter().filter(|l| *l == "appointment-changed").count(),
        2,
        "who comes and the firm: {said:?}"
    );

    assert_eq!(refused(town.book_for("12", "B", "2026-11-24 10:00").await), "appointments.phone");
    let called = town.book_for("139 0000 0001", "B", "2026-11-24 10:00").await.unwrap();
    assert_eq!(town.book_for("13900000001", "B", "2026-11-24 10:00").await.unwrap(), called);
    assert_eq!(
        refused(town.book_for("13900000001", "B", "2026-11-24 11:00").await),
        "appointments.one-a-day"
    );
    assert_eq!(refused(town.book_for("13900000001", "C", "2026-11-24 11:00").await), "appointments.not-here");
    town.book_for("13900000001", "A", "2026-11-24 11:00").await.unwrap();
    town.book_for("13900000001", "A", "2026-11-25 09:00").await.unwrap();
    assert_eq!(refused(town.book_for("13900000001", "B", "2026-11-25 09:00").await), "appointments.overlap");
    let first = town
        .t
        .store
        .rows::<(String, String)>(
            "SELECT visitor, phone_masked FROM appointments_appointment WHERE id = $1",
            store::params![called],
        )
        .await
        .unwrap();
    assert!(
        first[0].0.starts_with("phone:") && !first[0].0.contains("139") && first[0].1.contains('*'),
        "{first:?}"
    );
    // No more than so many ahead.
    for day in ["26", "27", "30"] {
        let _ = town.book_for("13900000001", "A", &format!("2026-11-{day} 09:00")).await;
    }
    assert_eq!(refused(town.book_for("13900000001", "A", "2026-12-01 09:00").await), "appointments.ahead");
});

/// So many at once want the two places of one slot.
const CROWD: usize = 6;

// On a store whose places were counted by reading alone, more than two of them would get one.
harness::both!(two_servers_never_give_more_than_there_is, ROOMS, |t| async move {
    let town = Arc::new(Town::new(t).await);
    let second = town.second().await;
    let mut tasks = Vec::new();
    for n in 1..=CROWD {
        let who = town.person(&format!("p{n}")).await;
        let ground = if n % 2 == 0 { second.clone() } else { town.t.ground.clone() };
        let town = Arc::clone(&town);
        tasks.push(tokio::spawn(async move {
            book_at(&ground, &town.calendar, &town.terms, &who, ("first", "2026-11-24 09:00")).await
        }));
    }
    let (mut booked, mut full) = (0, 0);
    for task in tasks {
        match task.await.unwrap() {
            Ok(_) => booked += 1,
            Err(kernel::Failure::Refused(refusal)) if refusal.code == "appointments.full" => full += 1,
            other => panic!("neither booked nor full: {other:?}"),
        }
    }
    assert_eq!((booked, full), (2, CROWD - 2));
    let sql = "SELECT count(*) FROM appointments_appointment WHERE starts_at = $1 AND state = 'booked'";
    let rows: Vec<(i64,)> = town.t.store.rows(sql, store::params![at("2026-11-24 09:00")]).await.unwrap();
    assert_eq!((rows[0].0, town.free("first", "B", "2026-11-24 09:00").await), (2, 0));
});

// The same person at the same moment on two servers: one day's places in two halls, and two places that overlap.
harness::both!(nobody_is_booked_twice_on_two_servers, ROOMS, |t| async move {
    let town = Arc::new(Town::new(t).await);
    let second = town.second().await;
    let who = town.person("p3").await;
    for round in 0..3 {
        let when = format!("2026-11-2{} 09:00", 4 + round);
        let (a, b) = tokio::join!(
            book_at(&town.t.ground, &town.calendar, &town.terms, &who, ("first", &when)),
            book_at(&second, &town.calendar, &town.terms, &who, ("second", &when)),
        );
        assert_eq!(usize::from(a.is_ok()) + usize::from(b.is_ok()), 1, "{a:?} {b:?}");
        let lost = refused(if a.is_ok() { b.map(|_| ()) } else { a.map(|_| ()) });
        assert_eq!(lost, "appointments.one-a-day");
    }
    assert_eq!(town.states(&who).await, [State::Booked; 3]);
});

// Two who change places, and one who moves away while others come: what is taken is what stands in the rows.
harness::both!(moves_keep_count_on_two_servers, ROOMS, |t| async move {
    let town = Arc::new(Town::new(t).await);
    let second = town.second().await;
    let (one, two) = (town.person("p3").await, town.person("p4").await);
    let a = town.book(&one, "second", "2026-11-24 09:00").await.unwrap();
    let b = town.book(&two, "second", "2026-11-24 09:30").await.unwrap();
    let other = {
        let (town, two) = (Arc::clone(&town), two.clone());
        tokio::spawn(async move {
            let actor = two.actor_ref();
            let by = appointments::verbs::By::Holder(&two);
            let done: kernel::Outcome<()> = store::command!(second, kernel::Lang::ZhCn, actor, |cx| {
                appointments::verbs::change(
                    &mut cx,
                    &town.calendar,
                    &town.terms,
                    (by, b),
                    at("2026-11-24 09:00"),
                )
                .await
            });
            done.is_ok()
        })
    };
    let mine = town.change(&one, a, "2026-11-24 10:00").await.is_ok();
    let theirs = other.await.unwrap();
    assert!(mine, "a free place is never refused");
    let mut starts: Vec<_> =
        town.mine(&one).await.iter().chain(&town.mine(&two).await).map(|r| r.starts_at).collect();
    starts.sort();
    let expected = if theirs { ["09:00", "10:00"] } else { ["09:30", "10:00"] };
    assert_eq!(starts, expected.map(|time| at(&format!("2026-11-24 {time}"))));
    for time in ["09:00", "09:30", "10:00"] {
        let taken = i64::from(starts.contains(&at(&format!("2026-11-24 {time}"))));
        assert_eq!(town.free("second", "A", &format!("2026-11-24 {time}")).await, 1 - taken, "{time}");
    }
    assert!(hall::hall(&town.t.store, &code("second")).await.unwrap().is_some());
});
