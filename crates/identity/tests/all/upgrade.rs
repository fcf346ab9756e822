//! A database of the first build comes up: who held a post then holds it now.
use crate::common::{PASSWORD, ROOMS};
use argon2::{Argon2, PasswordHasher as _};
use harness::both;
use identity::{SessionKind, sign_in};
use kernel::{ActorRef, Lang};
use store::{Migrations, params};

const FIRST: &[Migrations] =
    &[trace::MIGRATIONS, Migrations { room: "identity", steps: &[identity::MIGRATIONS.steps[0]] }];

both!(posts_of_the_first_build_are_kept, FIRST, |t| async move {
    let id = "019a0000-0000-7000-8000-000000000001";
    let hash = Argon2::default().hash_password_with_salt(PASSWORD.as_bytes(), &[7; 16]).unwrap().to_string();
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec(
        "INSERT INTO identity_agency (code, name_zh, name_en, credit_code, division, phone, address_zh, address_en)
         VALUES ('nanjing.transport', '', '', '', '320100', '', '', '')",
        params![],
    );
    cx.commit.exec(
        "INSERT INTO identity_person (id, name, created_at) VALUES ($1, $2, $3)",
        params![id, "吴涛", cx.now],
    );
    cx.commit.exec(
        "INSERT INTO identity_account (id, name, person, password, state, note_zh, note_en, created_at)
         VALUES ($1, 'wu', $1, $2, 'active', '', '', $3)",
        params![id, hash, cx.now],
    );
    cx.commit.exec(
        "INSERT INTO identity_staff (account, role, agency) VALUES ($1, 'examiner', 'nanjing.transport')",
        params![id],
    );
    cx.finish().await.unwrap();
    t.store.migrate(ROOMS).await.unwrap();
    let new = sign_in(&t.ground, "wu", PASSWORD, SessionKind::Cookie).await.unwrap();
    let examiner = identity::session(&t.ground, &new.token).await.unwrap().unwrap().examiner().unwrap();
    assert_eq!((examiner.agency().as_str(), examiner.is_head()), ("nanjing.transport", false));
});

both!(telephones_of_earlier_builds_are_found_after_the_sweep, FIRST, |t| async move {
    let id = "019a0000-0000-7000-8000-000000000001";
    let sealer = t.store.sealer();
    let phone = store::Sealed::seal(sealer, "identity_person.phone", &"139 1234 5678".to_owned()).unwrap();
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec(
        "INSERT INTO identity_person (id, name, phone, phone_mask, created_at) VALUES ($1, $2, $3, 'x', $4)",
        params![id, "买买提·艾力", phone, cx.now],
    );
    cx.commit.exec(
        "INSERT INTO identity_account (id, name, person, password, state, note_zh, note_en, created_at)
         VALUES ($1, 'ali', $1, 'x', 'active', '', '', $2)",
        params![id, cx.now],
    );
    cx.finish().await.unwrap();
    t.store.migrate(ROOMS).await.unwrap();
    let found =
        async |phone: &str, name: &str| identity::holders_of_phone(&t.store, phone, name).await.unwrap();
    assert_eq!(found("13912345678", "").await, identity::Holders::default(), "not indexed yet");
    identity::sweep(&t.ground).await.unwrap();
    identity::sweep(&t.ground).await.unwrap();
    let person: kernel::PersonId = id.parse().unwrap();
    let named = identity::Holders { all: vec![person], named: Some(person) };
    assert_eq!(found("139-1234-5678", "买买提·艾力").await, named);
    assert_eq!(found("13912345678", "买买提").await, identity::Holders { named: None, ..named });
    assert_eq!(found("13912345679", "买买提·艾力").await, identity::Holders::default());
    let indexes = identity::indexes(&t.store, person).await.unwrap();
    assert_eq!(indexes.phone, Some(identity::phone_index(&t.store, "13912345678")));
    assert_eq!(indexes.citizen, None);
});
