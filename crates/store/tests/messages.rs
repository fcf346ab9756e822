//! The outbox: in order per subject, at least once, acted upon once; a dead letter holds up only its own subject.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod toy;

use kernel::{ActorRef, Failure, Fault, Lang};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::outbox::{self, Courier, Message};
use store::{Ground, params};
use toy::{TOY, begin, event, events};

async fn emit(ground: &Ground, subject: &str, n: i64) {
    let mut cx = begin(ground);
    cx.commit.emit("toy.happened", subject, &serde_json::json!({ "n": n })).unwrap();
    cx.finish().await.unwrap();
}

/// A receiver that writes event `n` of the message's subject, provided that the one before is there.
async fn note(ground: Ground, message: Message) -> Result<(), Failure> {
    let n = message.body["n"].as_i64().unwrap();
    store::receive!(ground, message, |cx| async {
        if n > 1 {
            cx.commit.guard(
                "SELECT 1 FROM toy_event WHERE subject = $1 AND seq = $2",
                params![message.subject, n - 1],
            );
        }
        event(&mut cx.commit, &message.subject, n);
        Ok::<(), Fault>(())
    }
    .await)
}

harness::both!(messages_come_in_order_per_subject_to_one_of_two_servers, &[TOY], |t| async move {
    for n in 1..=6 {
        for subject in ["a", "b", "c"] {
            emit(&t, subject, n).await;
        }
    }
    let other = t.second(2).await;
    let (one, two) = (
        Courier::new(t.ground.clone()).on("toy.happened", note),
        Courier::new(other).on("toy.happened", note),
    );
    let (one, two) = (one.start(), two.start());
    while outbox::counts(&t.store).await.unwrap() != (0, 0) {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    one.stop().await;
    two.stop().await;
    // The guard of each receiver saw its predecessor: the order was kept, and no failure had to be repeated.
    for subject in ["a", "b", "c"] {
        assert_eq!(events(&t, subject).await, 6);
    }
});

harness::both!(a_killed_servers_message_comes_again_and_is_acted_upon_once, &[TOY], |t| async move {
    emit(&t, "a", 1).await;
    let entered = Arc::new(tokio::sync::Notify::new());
    let signal = Arc::clone(&entered);
    let dying = Courier::new(t.ground.clone()).on("toy.happened", move |ground, message| {
        let signal = Arc::clone(&signal);
        async move {
            note(ground, message).await?;
            signal.notify_one();
            std::future::pending().await
        }
    });
    let server = tokio::spawn(async move { dying.drain().await });
    entered.notified().await;
    server.abort();

    let tries = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&tries);
    let living = Courier::new(t.second(2).await).on("toy.happened", move |ground, message| {
        count.fetch_add(1, Ordering::SeqCst);
        assert_eq!(message.attempt, 2);
        note(ground, message)
    });
    assert_eq!(living.drain().await.unwrap().delivered, 0, "the lease still runs");
    t.clock.advance_seconds(61);
    assert_eq!(living.drain().await.unwrap().delivered, 1);
    assert_eq!((tries.load(Ordering::SeqCst), events(&t, "a").await), (1, 1));
});

harness::both!(a_dead_letter_blocks_only_its_subject_and_can_be_sent_again, &[TOY], |t| async move {
    emit(&t, "bad", 1).await;
    emit(&t, "bad", 2).await;
    emit(&t, "good", 1).await;
    let broken = Arc::new(std::sync::atomic::AtomicBool::new(true));
    let switch = Arc::clone(&broken);
    let courier = Courier::new(t.ground.clone()).on("toy.happened", move |ground, message| {
        let fails = switch.load(Ordering::SeqCst) && message.subject == "bad";
        async move { if fails { panic!("broken") } else { note(ground, message).await } }
    });
    let first = courier.drain().await.unwrap();
    assert_eq!((first.delivered, first.failed.len()), (1, 1), "{first:?}");
    for _ in 0..20 {
        t.clock.advance_seconds(600);
        courier.drain().await.unwrap();
    }
    assert_eq!((events(&t, "good").await, events(&t, "bad").await), (1, 0));
    let dead = outbox::dead(&t.store).await.unwrap();
    assert_eq!(dead.len(), 1, "the second waits behind the first: {dead:?}");
    assert_eq!((dead[0].attempts, dead[0].error.as_str()), (10, "the receiver panicked"));

    broken.store(false, Ordering::SeqCst);
    let mut cx = begin(&t);
    outbox::retry(&mut cx, dead[0].id);
    cx.finish().await.unwrap();
    assert_eq!(courier.drain().await.unwrap().delivered, 2);
    assert_eq!((events(&t, "bad").await, outbox::counts(&t.store).await.unwrap()), (2, (0, 0)));
});

harness::both!(a_later_message_waits_and_holds_up_nobody, &[TOY], |t| async move {
    let mut cx = begin(&t);
    let due = cx.now + jiff::SignedDuration::from_hours(24);
    cx.commit.emit_at("toy.happened", "a", &serde_json::json!({ "n": 2 }), due).unwrap();
    cx.finish().await.unwrap();
    emit(&t, "a", 1).await;
    let courier = Courier::new(t.ground.clone()).on("toy.happened", note);
    assert_eq!(courier.drain().await.unwrap().delivered, 1);
    t.clock.advance_seconds(86_400);
    assert_eq!(courier.drain().await.unwrap().delivered, 1);
    assert_eq!(events(&t, "a").await, 2);
});

harness::both!(a_lost_commit_sends_no_message_and_bodies_are_sealed, &[TOY], |t| async move {
    let mut cx = begin(&t);
    cx.commit.emit("toy.happened", "a", &"320102999999990011").unwrap();
    cx.commit.exec("UPDATE toy_thing SET rev = 1 WHERE id = $1", params!["nothing"]);
    cx.finish().await.unwrap_err();
    assert_eq!(outbox::counts(&t.store).await.unwrap(), (0, 0));
    let mut cx = begin(&t);
    cx.commit.emit("toy.happened", "a", &"320102999999990011").unwrap();
    cx.finish().await.unwrap();
    let row: Option<(Vec<u8>,)> = t.store.row("SELECT body FROM store_message", vec![]).await.unwrap();
    assert!(!row.unwrap().0.windows(6).any(|w| w == b"320102"));
});

harness::both!(a_recurring_job_runs_once_across_servers_and_again_when_due, &[TOY], |t| async move {
    let runs = Arc::new(AtomicUsize::new(0));
    let make = |ground: Ground| {
        let runs = Arc::clone(&runs);
        Courier::new(ground).every("toy.count", Duration::from_secs(60), move |_| {
            runs.fetch_add(1, Ordering::SeqCst);
            async { Ok(()) }
        })
    };
    let (one, two) = (make(t.ground.clone()), make(t.second(2).await));
    let (a, b) = tokio::join!(one.run_jobs(), two.run_jobs());
    a.unwrap();
    b.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 1);
    t.clock.advance_seconds(61);
    one.run_jobs().await.unwrap();
    two.run_jobs().await.unwrap();
    assert_eq!(runs.load(Ordering::SeqCst), 2);
});

harness::both!(old_command_ids_are_swept, &[TOY], |t| async move {
    let mut cx = t.begin(Lang::En, ActorRef::system());
    event(&mut cx.commit, "a", 1);
    cx.finish().await.unwrap();
    let commands = || async {
        let row: Option<(i64,)> = t.store.row("SELECT COUNT(*) FROM store_command", vec![]).await.unwrap();
        row.unwrap().0
    };
    assert_eq!(commands().await, 1);
    t.clock.advance_seconds(31 * 86_400);
    Courier::new(t.ground.clone()).run_jobs().await.unwrap();
    assert_eq!(commands().await, 0);
});

harness::both!(a_server_whose_clock_is_behind_does_not_overtake, &[TOY], |t| async move {
    emit(&t, "a", 1).await;
    t.clock.advance_seconds(-30);
    emit(&t, "a", 2).await;
    let courier = Courier::new(t.ground.clone()).on("toy.happened", note);
    assert_eq!(courier.drain().await.unwrap(), outbox::Drained::default(), "the second waits for the first");
    t.clock.advance_seconds(30);
    let drained = courier.drain().await.unwrap();
    assert_eq!((drained.delivered, drained.failed.len(), events(&t, "a").await), (2, 0, 2));
});

harness::both!(a_message_nobody_receives_is_said_aloud_unless_declared, &[TOY], |t| async move {
    emit(&t, "a", 1).await;
    let nobody = Courier::new(t.ground.clone()).drain().await.unwrap();
    assert!(nobody.failed[0].contains("nobody receives toy.happened"), "{nobody:?}");
    t.clock.advance_seconds(10);
    assert_eq!(Courier::new(t.ground.clone()).ignore("toy.happened").drain().await.unwrap().delivered, 1);
});

harness::both!(what_is_behind_can_be_told, &[TOY], |t| async move {
    use store::health;
    let now = t.ground.clock.now();
    let clocks = health::clocks(&t.store).await.unwrap();
    assert_eq!(clocks.server.is_some(), t.url.is_some(), "only a server has a clock of its own");
    emit(&t, "a", 1).await;
    assert_eq!(health::clocks(&t.store).await.unwrap().last_command, Some(now));
    let courier = Courier::new(t.ground.clone())
        .every("toy.good", Duration::from_secs(60), |_| async { Ok(()) })
        .every("toy.bad", Duration::from_secs(60), |_| async { Err(Fault::new("no paper").into()) });
    courier.run_jobs().await.unwrap();
    let troubled = health::jobs_in_trouble(&t.store, now).await.unwrap();
    let names: Vec<_> = troubled.iter().map(|job| (job.name.as_str(), job.error.is_some())).collect();
    assert_eq!(names, [("toy.bad", true)], "{troubled:?}");
    let later = now + jiff::SignedDuration::from_mins(10);
    let troubled = health::jobs_in_trouble(&t.store, later).await.unwrap();
    assert!(troubled.iter().any(|job| job.name == "toy.good" && job.error.is_none()), "{troubled:?}");
    assert_eq!(health::oldest_overdue(&t.store, later).await.unwrap(), Some(now));
    assert_eq!(health::oldest_overdue(&t.store, now).await.unwrap(), None);
    let (free, all) = health::disk(&t.data).unwrap();
    assert!(free > 0 && free <= all);
});
