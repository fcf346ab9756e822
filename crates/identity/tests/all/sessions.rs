//! Signing in, waiting after mistakes, sessions that end, acting for a firm; on both databases.
use crate::common::{CITY, PASSWORD, ROOMS, seed, session, token};
use harness::{TestGround, both};
use identity::mandate::{Act, rely};
use identity::{AccountEvent, Origin, SessionKind, end_membership, sign_in, sign_in_from};
use kernel::{ActorRef, Failure, Lang, Outcome, Refusal};
use store::{command, params};

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(Refusal { code, .. })) => code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

async fn try_with(t: &TestGround, account: &str, password: &str) -> Outcome<identity::NewSession> {
    sign_in(&t.ground, account, password, SessionKind::Cookie).await
}

async fn count(t: &TestGround, sql: &'static str) -> i64 {
    t.store.row::<(i64,)>(sql, params![]).await.unwrap().unwrap().0
}

both!(seeding_twice_changes_nothing, ROOMS, |t| async move {
    const TABLES: [&str; 4] = [
        "SELECT COUNT(*) FROM identity_person",
        "SELECT COUNT(*) FROM identity_document",
        "SELECT COUNT(*) FROM identity_account",
        "SELECT COUNT(*) FROM identity_membership",
    ];
    seed(&t).await;
    let mut before = Vec::new();
    for sql in TABLES {
        before.push(count(&t, sql).await);
    }
    assert!(before.iter().all(|n| *n > 0), "{before:?}");
    seed(&t).await;
    for (sql, n) in TABLES.into_iter().zip(before) {
        assert_eq!(count(&t, sql).await, n, "{sql}");
    }
    let subject = trace::Subject::new("account", session(&t, "citizen").await.account());
    let kinds = trace::outline(&t.store, &subject).await.unwrap().into_iter().map(|e| e.kind);
    assert_eq!(kinds.collect::<Vec<_>>(), ["created", "signed-in"]);
});

both!(an_unknown_name_and_a_wrong_password_are_answered_alike_and_wait_alike, ROOMS, |t| async move {
    seed(&t).await;
    for name in ["citizen", "nobody-of-this-name"] {
        for n in 1..=5 {
            assert_eq!(code(try_with(&t, name, "wrong").await), "identity.wrong-credentials", "{name} {n}");
        }
        assert_eq!(code(try_with(&t, name, PASSWORD).await), "identity.locked", "{name}");
    }
    t.clock.advance_seconds(29);
    assert_eq!(code(try_with(&t, "citizen", PASSWORD).await), "identity.locked");
    t.clock.advance_seconds(1);
    assert_eq!(code(try_with(&t, "citizen", "wrong").await), "identity.wrong-credentials");
    t.clock.advance_seconds(59);
    assert_eq!(code(try_with(&t, "citizen", PASSWORD).await), "identity.locked", "the delay has doubled");
    t.clock.advance_seconds(1);
    let new = try_with(&t, " citizen ", PASSWORD).await.unwrap();
    let session = identity::session(&t.ground, &new.token).await.unwrap().unwrap();
    let subject = trace::Subject::new("account", session.account());
    let (_, events) = trace::history::<AccountEvent>(&t.store, &subject).await.unwrap();
    assert!(matches!(events[1].event, AccountEvent::SignedIn { wrong_before: 6, .. }), "{events:?}");
    assert_eq!(count(&t, "SELECT COUNT(*) FROM identity_lockout").await, 2, "the unknown name's alone");
    t.clock.advance_seconds(25 * 3600);
    identity::sweep(&t.ground).await.unwrap();
    assert_eq!(count(&t, "SELECT COUNT(*) FROM identity_lockout").await, 0);
    assert_eq!(count(&t, "SELECT COUNT(*) FROM identity_session").await, 0);
    for (name, password) in
        [("", "x"), ("citizen", ""), ("citizen", &*"x".repeat(300)), (&*"n".repeat(300), "x"), ("a\0b", "x")]
    {
        assert_eq!(code(try_with(&t, name, password).await), "identity.wrong-credentials");
    }
});

async fn try_from(
    t: &TestGround,
    name: &str,
    password: &str,
    address: &str,
) -> Outcome<identity::NewSession> {
    let origin = Origin { device: "", address: Some(address.parse().unwrap()) };
    sign_in_from(&t.ground, name, password, SessionKind::Cookie, &origin).await
}

both!(mistakes_made_elsewhere_do_not_lock_the_owner_out_until_there_are_very_many, ROOMS, |t| async move {
    seed(&t).await;
    for _ in 0..5 {
        assert_eq!(code(try_from(&t, "citizen", "wrong", "2001:db8::1").await), "identity.wrong-credentials");
    }
    assert_eq!(code(try_from(&t, "citizen", PASSWORD, "2001:db8::2").await), "identity.locked", "one /64");
    assert!(try_from(&t, "citizen", PASSWORD, "192.0.2.1").await.is_ok());
    assert_eq!(
        code(try_from(&t, "citizen", PASSWORD, "2001:db8::1").await),
        "identity.locked",
        "still there"
    );
    for n in 0..100 {
        let address = format!("198.51.100.{}", n / 4);
        assert_eq!(
            code(try_from(&t, "citizen", "wrong", &address).await),
            "identity.wrong-credentials",
            "{n}"
        );
    }
    assert_eq!(code(try_from(&t, "citizen", PASSWORD, "192.0.2.1").await), "identity.locked", "anywhere");
    let mapped = try_from(&t, "citizen", PASSWORD, "::ffff:192.0.2.1").await;
    assert_eq!(code(mapped), "identity.locked");
    t.clock.advance_seconds(30);
    assert!(try_from(&t, "citizen", PASSWORD, "192.0.2.1").await.is_ok());
});

both!(many_attempts_at_once_are_no_way_round_the_delay, ROOMS, |t| async move {
    seed(&t).await;
    let attempts: Vec<_> = (0..24)
        .map(|_| {
            let ground = t.ground.clone();
            tokio::spawn(async move { sign_in(&ground, "citizen", "wrong", SessionKind::Token).await })
        })
        .collect();
    let mut checked = 0;
    for attempt in attempts {
        if code(attempt.await.unwrap()) == "identity.wrong-credentials" {
            checked += 1;
        }
    }
    assert!(checked <= 5, "{checked} passwords were tried");
});

both!(a_session_ends_idle_or_old_or_revoked_and_its_token_is_kept_nowhere, ROOMS, |t| async move {
    seed(&t).await;
    let token = token(&t, "citizen").await;
    let alive = async || identity::session(&t.ground, &token).await.unwrap().is_some();
    assert!(alive().await);
    let kept: Vec<(Vec<u8>, String)> =
        t.store.rows("SELECT token_hash, csrf FROM identity_session", params![]).await.unwrap();
    let shown = format!("{:?}", identity::session(&t.ground, &token).await.unwrap().unwrap());
    assert!(!shown.contains(&kept[0].1) && !shown.contains("王"), "{shown}");
    assert!(kept[0].0 != token.as_bytes() && kept[0].1 != token && kept[0].0.len() == 32);
    for _ in 0..10 {
        t.clock.advance_seconds(3_500);
        assert!(alive().await, "each use keeps it");
    }
    t.clock.advance_seconds(3_601);
    assert!(!alive().await, "idle");

    let token = sign_in(&t.ground, "citizen", PASSWORD, SessionKind::Token).await.unwrap().token;
    let alive = async || identity::session(&t.ground, &token).await.unwrap().is_some();
    t.clock.advance_seconds(12 * 3600 - 1);
    assert!(alive().await, "a program's token has no idle end");
    t.clock.advance_seconds(1);
    assert!(!alive().await, "old");

    let (one, two) = (crate::common::token(&t, "citizen").await, crate::common::token(&t, "citizen").await);
    let first = identity::session(&t.ground, &one).await.unwrap().unwrap();
    identity::sign_out(&t.ground, &first).await.unwrap();
    assert!(identity::session(&t.ground, &one).await.unwrap().is_none());
    assert!(identity::session(&t.ground, &two).await.unwrap().is_some());
    for nonsense in ["", "x", &*"0".repeat(64), &*"é".repeat(32)] {
        assert!(identity::session(&t.ground, nonsense).await.unwrap().is_none());
    }
});

both!(acting_for_a_firm_ends_with_the_mandate, ROOMS, |t| async move {
    seed(&t).await;
    let token = token(&t, "firm").await;
    let now = async || identity::session(&t.ground, &token).await.unwrap().unwrap();
    let applicant = now().await.applicant().unwrap();
    assert_eq!(applicant.subject_name(), "南京金陵旅行客运有限公司");
    assert_eq!(applicant.actor_ref().organisation, applicant.acting());
    let firm = applicant.acting().unwrap();
    let own = now().await.acting_as(&t.store, None).await.unwrap().applicant().unwrap();
    assert_eq!((own.subject_name(), own.acting()), ("李国强", None));
    let foreign = session(&t, "firm2").await.applicant().unwrap().acting().unwrap();
    assert_eq!(code(now().await.acting_as(&t.store, Some(foreign)).await), "identity.no-mandate");

    let filing = command!(t.ground, Lang::ZhCn, applicant.actor_ref(), |cx| {
        rely(&mut cx, &applicant, Act::File, &[], "").await
    });
    assert!(filing.is_ok());
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| end_membership(
        &mut cx,
        applicant.person(),
        firm
    )
    .await)
    .unwrap();
    assert_eq!(code(now().await.applicant()), "identity.mandate-ended");
    assert_eq!(now().await.acting_name(), None);
    let filing = command!(t.ground, Lang::ZhCn, applicant.actor_ref(), |cx| {
        rely(&mut cx, &applicant, Act::File, &[], "").await
    });
    assert_eq!(
        code(filing),
        "identity.mandate-ended",
        "a right minted before the mandate ended files nothing"
    );
    let again = command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| end_membership(
        &mut cx,
        applicant.person(),
        firm
    )
    .await);
    assert_eq!(code(again), "not-found");
});

both!(a_wrong_line_in_the_city_is_named, ROOMS, |t| async move {
    identity::configure(identity::Settings::cheap());
    let wrong = CITY.replace("person: wang-xiuying", "person: nobody");
    let Err(Failure::Fault(fault)) = identity::seed_demo(&t.ground, &wrong).await else { panic!() };
    assert!(fault.to_string().contains("nobody"), "{fault}");
    let Err(Failure::Fault(fault)) = identity::seed_demo(&t.ground, "accounts: 3").await else { panic!() };
    assert!(fault.to_string().contains("line"), "{fault}");
    assert_eq!(count(&t, "SELECT COUNT(*) FROM identity_account").await, 0);
});
