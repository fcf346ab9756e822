//! What DESIGN says of a commit, sentence by sentence, on both databases.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod toy;

use kernel::{ActorRef, CommandId, Lang, Outcome};
use std::sync::Arc;
use store::{CommitError, params};
use toy::{TOY, begin, event, events};

harness::both!(of_two_commits_on_one_subject_one_wins, &[TOY], |t| async move {
    let (mut a, mut b) = (begin(&t), begin(&t));
    event(&mut a.commit, "case:1", 1);
    event(&mut a.commit, "case:1", 2);
    event(&mut b.commit, "case:other", 1);
    event(&mut b.commit, "case:1", 1);
    let (a, b) = tokio::join!(a.finish(), b.finish());
    let conflicts = [&a, &b].into_iter().filter(|r| matches!(r, Err(CommitError::Conflict(_)))).count();
    assert_eq!(conflicts, 1, "{a:?} {b:?}");
    let (ones, others) = (events(&t, "case:1").await, events(&t, "case:other").await);
    assert!((ones, others) == (2, 0) || (ones, others) == (1, 1), "all of one and nothing of the other");
});

harness::both!(a_command_that_lost_is_decided_again_on_fresh_state, &[TOY], |t| async move {
    let ground = Arc::new(t.ground.clone());
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..4 {
        let ground = Arc::clone(&ground);
        tasks.spawn(async move {
            let added: Outcome<()> = store::command!(ground, Lang::En, ActorRef::system(), |cx| async {
                let seen: Option<(i64,)> = cx
                    .store()
                    .row("SELECT COUNT(*) FROM toy_event WHERE subject = $1", params!["case:1"])
                    .await?;
                event(&mut cx.commit, "case:1", seen.map_or(0, |(n,)| n) + 1);
                Ok(())
            }
            .await);
            added.unwrap();
        });
    }
    tasks.join_all().await;
    assert_eq!(events(&t, "case:1").await, 4);
});

harness::both!(a_write_must_touch_as_many_rows_as_it_says, &[TOY], |t| async move {
    let mut cx = begin(&t);
    event(&mut cx.commit, "case:1", 1);
    cx.commit.exec("UPDATE toy_thing SET rev = 2 WHERE id = $1 AND rev = 1", params!["nothing"]);
    let error = cx.finish().await.unwrap_err();
    assert!(matches!(&error, CommitError::Conflict(what) if what.contains("UPDATE toy_thing")), "{error:?}");
    assert_eq!(events(&t, "case:1").await, 0, "nothing of it happened");

    let mut cx = begin(&t);
    cx.commit.exec_any("UPDATE toy_thing SET rev = 2 WHERE id = $1", params!["nothing"]);
    cx.finish().await.unwrap();
});

harness::both!(a_guard_holds_against_a_revoked_row, &[TOY], |t| async move {
    let mut cx = begin(&t);
    cx.commit.exec("INSERT INTO toy_thing (id, state, rev) VALUES ($1, $2, $3)", params!["c", "valid", 1]);
    cx.finish().await.unwrap();
    let relying = |seq| {
        let mut cx = begin(&t);
        cx.commit.guard("SELECT 1 FROM toy_thing WHERE id = $1 AND state = 'valid'", params!["c"]);
        event(&mut cx.commit, "case:1", seq);
        cx
    };
    relying(1).finish().await.unwrap();
    let late = relying(2);
    let mut revoke = begin(&t);
    revoke.commit.exec("UPDATE toy_thing SET state = 'revoked' WHERE id = $1", params!["c"]);
    revoke.finish().await.unwrap();
    let error = late.finish().await.unwrap_err();
    assert!(matches!(&error, CommitError::Conflict(what) if what.contains("toy_thing")), "{error:?}");
    assert_eq!(events(&t, "case:1").await, 1);
});

harness::both!(a_command_id_is_committed_once, &[TOY], |t| async move {
    let id: CommandId = begin(&t).new_id();
    for round in 0..2 {
        let mut cx = t.begin_as(id, Lang::En, ActorRef::system());
        event(&mut cx.commit, "case:1", round + 1);
        match (round, cx.finish().await) {
            (0, Ok(())) | (1, Err(CommitError::AlreadyDone)) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(events(&t, "case:1").await, 1);
});

harness::both!(of_many_at_once_each_gets_its_own_answer, &[TOY], |t| async move {
    let ground = Arc::new(t.ground.clone());
    let mut tasks = tokio::task::JoinSet::new();
    for i in 0..60i64 {
        let ground = Arc::clone(&ground);
        tasks.spawn(async move {
            let mut cx = ground.begin(Lang::En, ActorRef::system());
            // Every third is a double of its neighbour: exactly one of the two may pass.
            let subject = if i % 3 == 2 { i - 1 } else { i };
            event(&mut cx.commit, &format!("s{subject}"), 1);
            cx.commit.exec(
                "INSERT INTO toy_thing (id, state, rev) VALUES ($1, 'new', $2)",
                params![format!("t{i}"), i],
            );
            match cx.finish().await {
                Ok(()) => true,
                Err(CommitError::Conflict(_)) => false,
                Err(error) => panic!("{error:?}"),
            }
        });
    }
    let passed = tasks.join_all().await.into_iter().filter(|passed| *passed).count();
    let things: Option<(i64,)> = t.store.row("SELECT COUNT(*) FROM toy_thing", vec![]).await.unwrap();
    assert_eq!((passed, things.unwrap().0), (40, 40));
});

harness::both!(values_come_back_as_they_went, &[TOY], |t| async move {
    let long = "䶮·买买提".repeat(5_000);
    let bytes: Vec<u8> = (0..=255).collect();
    let mut cx = begin(&t);
    let insert = "INSERT INTO toy_thing (id, state, rev) VALUES ($2, $1, $3)";
    cx.commit.exec(insert, params![long, "'; DROP TABLE toy_thing; --", i64::MIN]);
    cx.commit.exec("INSERT INTO toy_event (subject, seq, body) VALUES ($1, 1, $2)", params!["a", bytes]);
    cx.commit
        .exec("INSERT INTO toy_event (subject, seq, body) VALUES ($1, 2, $2)", params!["a", None::<Vec<u8>>]);
    cx.finish().await.unwrap();
    let thing: Option<(String, String, i64)> =
        t.store.row("SELECT id, state, rev FROM toy_thing WHERE state = $1", params![long]).await.unwrap();
    assert_eq!(thing.unwrap(), ("'; DROP TABLE toy_thing; --".to_owned(), long, i64::MIN));
    let rows: Vec<(Option<Vec<u8>>,)> =
        t.store.rows("SELECT body FROM toy_event WHERE subject = 'a' ORDER BY seq", vec![]).await.unwrap();
    assert_eq!(rows, vec![(Some(bytes),), (None,)]);
    let sums: Option<(i64, i64, bool)> = t
        .store
        .row("SELECT SUM(seq), COALESCE(MAX(seq), $1), COUNT(*) = $2 FROM toy_event", params![0, 2])
        .await
        .unwrap();
    assert_eq!(sums, Some((3, 2, true)));
});

harness::both!(a_guard_and_a_revocation_at_the_same_moment_never_both_pass_unseen, &[TOY], |t| async move {
    for round in 0..20i64 {
        let id = format!("c{round}");
        let mut cx = begin(&t);
        cx.commit.exec("INSERT INTO toy_thing (id, state, rev) VALUES ($1, 'valid', 1)", params![id]);
        cx.finish().await.unwrap();
        let mut rely = begin(&t);
        rely.commit.guard("SELECT 1 FROM toy_thing WHERE id = $1 AND state = 'valid'", params![id]);
        // What the reliant leaves behind, the revocation must see: it takes it back.
        event(&mut rely.commit, &id, 1);
        let mut revoke = begin(&t);
        revoke.commit.exec("UPDATE toy_thing SET state = 'revoked' WHERE id = $1", params![id]);
        revoke.commit.exec_any("DELETE FROM toy_event WHERE subject = $1", params![id]);
        let (relied, revoked) = tokio::join!(rely.finish(), revoke.finish());
        revoked.unwrap();
        assert!(matches!(relied, Ok(()) | Err(CommitError::Conflict(_))), "{relied:?}");
        assert_eq!(events(&t, &id).await, 0, "whichever came first");
    }
});
