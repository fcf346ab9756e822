//! On data that holds the demonstration, a server without it lets none of its accounts in.
use crate::common::{PASSWORD, ROOMS};
use argon2::{Argon2, PasswordHasher as _};
use harness::both;
use identity::{SessionKind, sign_in};
use kernel::{ActorRef, Failure, Lang};
use store::params;

// This process has never called `seed_demo`: what it left behind is written by hand.
both!(the_password_that_everybody_knows_opens_nothing, ROOMS, |t| async move {
    let person = "019a0000-0000-7000-8000-000000000001";
    let hash = Argon2::default().hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]).unwrap().to_string();
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec(
        "INSERT INTO identity_person (id, name, created_at) VALUES ($1, $2, $3)",
        params![person, "王秀英", cx.now],
    );
    cx.commit.exec(
        "INSERT INTO identity_account (id, name, person, password, state, note_zh, note_en, created_at)
         VALUES ($1, $2, $1, $3, 'demo', '', '', $4)",
        params![person, "operator", hash, cx.now],
    );
    cx.finish().await.unwrap();
    match sign_in(&t.ground, "operator", PASSWORD, SessionKind::Cookie).await {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code, "identity.wrong-credentials"),
        other => panic!("{other:?}"),
    }
});
