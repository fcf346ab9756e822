//! A certificate's life on both databases: issued, printed once, verified, taken back; and who sees what.

use crate::common::{Now as _, Stage, cancel, person, revoke, sticker, suspend};
use axum::http::StatusCode;
use certificates::{Act, CertificateEvent, Ground, MIGRATIONS, State, Why, act, subject};
use harness::Migrations;
use jiff::civil::date;
use kernel::{ActorRef, CertificateIdentifier, Failure, Lang, Outcome};
use store::{Backend, command};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, MIGRATIONS];

fn restored() -> Act {
    Act::Restore(Why::new(Ground::SuspensionOver, "期满"))
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

harness::both!(issued_printed_once_and_kept, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let store = &t.ground.store;
    let issued = certificates::get(store, id).await.unwrap().unwrap();
    let identifier: CertificateIdentifier = issued.identifier.parse().expect("a sound identifier");
    assert_eq!(identifier.issuer(), crate::common::ISSUER);
    assert!(identifier.serial().starts_with("2026") && issued.token.len() == 26);
    assert_eq!(certificates::find(store, &issued.identifier).await.unwrap().unwrap().id, id);
    assert_eq!(certificates::by_token(store, &issued.token).await.unwrap().unwrap().id, id);
    assert_eq!(certificates::for_case(store, "CASE-1").await.unwrap().len(), 1);
    // two ask at the same time, one more afterwards: one file
    let (a, b) = tokio::join!(stage.print(id), stage.print(id));
    let file = a.unwrap();
    assert_eq!((file, file), (b.unwrap(), stage.print(id).await.unwrap()));
    let bytes = certificates::pdf(&stage.house, &stage.signer, id).await.unwrap();
    let checked = certificates::check_pdf(&bytes, &stage.signer.trust()).unwrap();
    assert_eq!(checked.identifier, issued.identifier);
    let (_, events) = trace::history::<CertificateEvent>(store, &subject(id)).await.unwrap();
    let kinds: Vec<&str> = events.iter().map(|e| trace::Event::kind(&e.event)).collect();
    assert_eq!(kinds, ["issued", "printed"]);
});

harness::both!(acts_follow_the_rules_and_leave_a_trace, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let state =
        || async { certificates::get(&t.ground.store, id).await.unwrap().unwrap().state(t.clock_now()) };
    stage.act(id, suspend("检查")).await.unwrap();
    assert_eq!(state().await.word(), "suspended");
    stage.act(id, restored()).await.unwrap();
    assert_eq!(state().await, State::Valid);
    assert_eq!(code(stage.act(id, revoke(" ")).await), "certificates.reason");
    stage.act(id, revoke("材料虚假")).await.unwrap();
    assert_eq!(state().await.word(), "revoked");
    assert_eq!(code(stage.act(id, restored()).await), "certificates.wrong-state");
    let (_, events) = trace::history::<CertificateEvent>(&t.ground.store, &subject(id)).await.unwrap();
    assert_eq!(events.len(), 4);
});

harness::both!(two_acts_at_once_cannot_both_happen, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let mut first = t.ground.begin(Lang::ZhCn, ActorRef::system());
    let mut second = t.ground.begin(Lang::ZhCn, ActorRef::system());
    act(&mut first, id, revoke("一")).await.unwrap();
    act(&mut second, id, cancel("二")).await.unwrap();
    first.finish().await.unwrap();
    assert!(matches!(second.finish().await, Err(store::CommitError::Conflict(_))));
    // a commit that relied on the certificate fails once it is revoked
    let id = stage.issue(sticker()).await;
    let relied_on = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    certificates::guard(&mut cx.commit, &relied_on);
    certificates::issue(&mut cx, sticker()).await.unwrap();
    stage.act(id, revoke("撤")).await.unwrap();
    assert!(matches!(cx.finish().await, Err(store::CommitError::Conflict(_))));
});

harness::both!(lists_go_on_where_they_stopped, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let mut made = Vec::new();
    for n in 0..7 {
        if n % 2 == 0 {
            t.clock.advance_seconds(1); // pairs of the same moment
        }
        made.push(stage.issue(sticker()).await);
    }
    made.sort_by_key(|id| std::cmp::Reverse(*id));
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = certificates::held_by(&t.ground.store, person(1), after.as_ref(), 3).await.unwrap();
        seen.extend(page.iter().map(|c| c.id));
        match page.last() {
            Some(last) => after = Some(last.cursor().to_string().parse().unwrap()),
            None => break,
        }
    }
    seen.sort_by_key(|id| std::cmp::Reverse(*id));
    assert_eq!(seen, made, "each once");
    assert!(certificates::held_by(&t.ground.store, person(2), None, 3).await.unwrap().is_empty());
});

harness::both!(wrong_codes_and_dates_are_refused, ROOMS, |t| async move {
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    let mut backwards = sticker();
    backwards.valid_until = Some(date(2026, 11, 1));
    assert_eq!(code(certificates::issue(&mut cx, backwards).await), "certificates.validity");
    let mut unknown = sticker();
    unknown.issuer_code = "11320100MB1A23450X".into();
    assert!(matches!(certificates::issue(&mut cx, unknown).await, Err(Failure::Fault(_))));
});

harness::both!(everybody_sees_what_is_theirs, ROOMS, |t| async move {
    let stage = Stage::new(&t);
    let id = stage.issue(sticker()).await;
    let c = certificates::get(&t.ground.store, id).await.unwrap().unwrap();
    let secret = "赵六秘密";
    // the bearer: word, masked holder, public lines
    let (status, page) = stage.get(&format!("/verify/{}", c.token)).await;
    assert_eq!(status, StatusCode::OK);
    for shown in ["有效", "王**义", "苏A·99123", &c.identifier, "南京市交通运输局"] {
        assert!(page.contains(shown), "{shown} is missing in {page}");
    }
    assert!(!page.contains("王䶮仁义") && !page.contains(secret), "nothing else of the holder");
    // the number alone: no holder, no lines
    let (status, page) = stage.get(&format!("/verify?number={}", c.identifier.to_lowercase())).await;
    assert!(status == StatusCode::OK && page.contains("有效") && page.contains("2026年11月28日"));
    assert!(!page.contains("王**义") && !page.contains("苏A·99123"));
    // nobody's: the same answer for a wrong token and a token of another shape
    for unknown in ["A".repeat(26), "x".to_owned(), "%27%20OR%201=1".to_owned()] {
        let (status, page) = stage.get(&format!("/verify/{unknown}")).await;
        assert!(status == StatusCode::NOT_FOUND && page.contains("查无此证"));
    }
    let wrong = c.identifier.replace("2026", "2027");
    let (status, page) = stage.get(&format!("/verify?number={wrong}")).await;
    assert!(status == StatusCode::UNPROCESSABLE_ENTITY && page.contains("有一位写错了"));
    // holder's pages are for who is signed in
    let (status, _) = stage.get(&format!("/certificates/{id}")).await;
    assert_eq!(status, StatusCode::SEE_OTHER);
    // states
    stage.act(id, cancel("注销")).await.unwrap();
    assert!(stage.get(&format!("/verify/{}", c.token)).await.1.contains("已注销"));
    let other = stage.issue(sticker()).await;
    let other = certificates::get(&t.ground.store, other).await.unwrap().unwrap();
    t.clock.advance_seconds(30 * 86_400);
    let (_, page) = stage.get(&format!("/verify/{}?lang=en", other.token)).await;
    assert!(page.contains("Expired") && page.contains("Nov"), "{page}");
    // the authority's certificate
    let (status, pem) = stage.get("/verify/ca.pem").await;
    assert!(status == StatusCode::OK && pem.starts_with("-----BEGIN CERTIFICATE-----"));
    assert!(certificates::Trust::from_pem(&pem).is_ok());
});

#[test]
fn words_are_in_both_languages() {
    let (zh, en) = (
        include_str!("../../locales/zh-CN/certificates.ftl"),
        include_str!("../../locales/en/certificates.ftl"),
    );
    page::words::same_keys(zh, en).unwrap();
}

#[test]
fn no_plain_text_lies_in_the_database() {
    harness::run(Backend::Sqlite, ROOMS, |t| async move {
        let stage = Stage::new(&t);
        stage.issue(sticker()).await;
        let actor = ActorRef::system();
        let nothing = command!(t.ground, Lang::ZhCn, actor, |cx| {
            let _ = &mut cx;
            Outcome::Ok(())
        });
        nothing.unwrap();
        for entry in std::fs::read_dir(&t.data).unwrap().flatten().filter(|e| e.path().is_file()) {
            let bytes = std::fs::read(entry.path()).unwrap();
            for planted in ["赵六秘密", "320***********1234", "王䶮仁义"] {
                let found = bytes.windows(planted.len()).any(|w| w == planted.as_bytes());
                assert!(!found, "{planted} lies open in {}", entry.path().display());
            }
        }
    });
}
