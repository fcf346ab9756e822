//! The chain on both databases: written once, read back typed, exported, checked, cut, erased.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

use harness::{TestGround, both};
use kernel::{ActorRef, FixedClock, Lang, PersonId};
use serde::{Deserialize, Serialize};
use store::{CommitError, Store, command, params};
use trace::{
    Algorithm, Event, Head, Look, MIGRATIONS, Purpose, RootKey, Subject, Trust, check_roots, export,
    export_roots, history, look, looks_of, outline, record, sign_roots, verify, verify_with,
};

const SECRET: &str = "320102198603121025";

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "what", rename_all = "kebab-case")]
enum Happened {
    Filed { number: String, ratio: f64 },
    Noted { text: String },
}

impl Event for Happened {
    const VERSION: i64 = 3;
    fn kind(&self) -> &'static str {
        match self {
            Self::Filed { .. } => "filed",
            Self::Noted { .. } => "noted",
        }
    }
}

fn filed() -> Happened {
    Happened::Filed { number: SECRET.into(), ratio: 333_333_333.333_333_3 }
}

fn noted(text: &str) -> Happened {
    Happened::Noted { text: text.into() }
}

async fn write(t: &TestGround, subject: &Subject, events: &[Happened]) {
    command!(t.ground, Lang::ZhCn, ActorRef::visitor(), |cx| {
        let mut head = trace::head(cx.store(), subject).await.unwrap();
        let now = cx.now;
        for event in events {
            record(&mut cx, &mut head, subject, event, now).unwrap();
        }
        Ok::<_, kernel::Failure>(())
    })
    .unwrap();
}

async fn sql(t: &TestGround, text: &'static str) {
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec_any(text, params![]);
    cx.finish().await.unwrap();
}

fn subject() -> Subject {
    Subject::new("case", 1)
}

both!(what_was_written_is_read_back_and_its_export_checks, &[MIGRATIONS], |t| async move {
    let clock: &FixedClock = &t.clock;
    write(&t, &subject(), &[filed()]).await;
    clock.advance_seconds(1);
    trace::use_algorithm(Algorithm::Sm3);
    write(&t, &subject(), &[noted("买买提·艾力 䶮 \u{2028}\""), noted("2")]).await;
    trace::use_algorithm(Algorithm::Sha256);
    let (head, events) = history::<Happened>(&t.store, &subject()).await.unwrap();
    assert_eq!((head.seq, events.len()), (3, 3));
    assert_eq!(events[0].event, filed());
    assert_eq!(events[1].event, noted("买买提·艾力 䶮 \u{2028}\""));
    assert_eq!(events[2].hash, head.hash);
    let text = export(&t.store, &subject()).await.unwrap();
    let sound = verify(&text).unwrap();
    assert_eq!((sound.events, sound.erased, sound.signed, sound.subject.as_str()), (3, 0, None, "case:1"));
    assert!(text.contains("\"algorithm\":\"sm3\"") && text.contains("\"algorithm\":\"sha256\""));
    assert!(
        t.store
            .rows::<(Vec<u8>,)>("SELECT body FROM trace_event", params![])
            .await
            .unwrap()
            .iter()
            .all(|b| { !b.0.windows(SECRET.len()).any(|w| w == SECRET.as_bytes()) })
    );
});

both!(of_two_commits_on_one_head_one_is_told_of_the_conflict, &[MIGRATIONS], |t| async move {
    let mut both = Vec::new();
    for text in ["a", "b"] {
        let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
        let (now, mut head) = (cx.now, Head::start());
        record(&mut cx, &mut head, &subject(), &noted(text), now).unwrap();
        both.push(cx.finish());
    }
    let b = both.pop().unwrap();
    let (a, b) = tokio::join!(both.pop().unwrap(), b);
    let lost = [a, b].into_iter().filter(|r| matches!(r, Err(CommitError::Conflict(_)))).count();
    assert_eq!(lost, 1);
    assert_eq!(history::<Happened>(&t.store, &subject()).await.unwrap().1.len(), 1);
});

/// What may stay of an event: that it happened.
fn forgotten(recorded: &trace::Recorded<Happened>) -> Option<Happened> {
    match &recorded.event {
        Happened::Filed { ratio, .. } => Some(Happened::Filed { number: String::new(), ratio: *ratio }),
        Happened::Noted { .. } => None,
    }
}

async fn erase(t: &TestGround, subject: &Subject) -> kernel::Outcome<usize> {
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| {
        trace::erase(&mut cx, subject, "retention-over", forgotten).await
    })
}

both!(after_legal_deletion_the_chain_goes_on_and_tells_of_it, &[MIGRATIONS], |t| async move {
    write(&t, &subject(), &[filed(), noted("after")]).await;
    assert_eq!(erase(&t, &subject()).await.unwrap(), 1);
    let text = export(&t.store, &subject()).await.unwrap();
    assert!(!text.contains(SECRET));
    let sound = verify(&text).unwrap();
    assert_eq!((sound.events, sound.erased), (3, 1));
    let lines = outline(&t.store, &subject()).await.unwrap();
    assert!(lines[0].erased && !lines[1].erased && lines[0].kind == "filed");
    assert_eq!((lines[2].kind.as_str(), lines[2].erased), (trace::ERASED, false));

    let (head, events) = history::<Happened>(&t.store, &subject()).await.unwrap();
    assert_eq!((head.seq, events.len()), (3, 2));
    assert!(events[0].erased && !events[1].erased);
    assert!(matches!(&events[0].event, Happened::Filed { number, .. } if number.is_empty()));
    assert_eq!(events[1].event, noted("after"));

    write(&t, &subject(), &[filed()]).await;
    assert_eq!(erase(&t, &subject()).await.unwrap(), 2, "a second time, and what came since");
    write(&t, &subject(), &[noted("still alive")]).await;
    let (head, events) = history::<Happened>(&t.store, &subject()).await.unwrap();
    assert_eq!(head.seq, 6);
    assert_eq!(
        events.iter().map(|e| (e.seq, e.erased)).collect::<Vec<_>>(),
        [(1, true), (2, false), (4, true), (6, false)]
    );
    let text = export(&t.store, &subject()).await.unwrap();
    assert!(!text.contains(SECRET) && verify(&text).unwrap().erased == 2);
    assert!(matches!(erase(&t, &Subject::new("case", 9)).await, Err(kernel::Failure::Refused(_))));
});

both!(what_stays_of_an_erased_event_cannot_be_exchanged, &[MIGRATIONS], |t| async move {
    for n in 1..=2 {
        write(&t, &Subject::new("case", n), &[filed()]).await;
        erase(&t, &Subject::new("case", n)).await.unwrap();
    }
    sql(
        &t,
        "UPDATE trace_event SET kept = (SELECT o.kept FROM trace_event o WHERE o.subject = 'case:2' AND o.seq = 1)
         WHERE subject = 'case:1' AND seq = 1",
    )
    .await;
    let told = history::<Happened>(&t.store, &subject()).await.unwrap_err().to_string();
    assert!(told.contains("not what was committed to"), "{told}");
    sql(&t, "UPDATE trace_event SET kept = NULL WHERE subject = 'case:1' AND seq = 1").await;
    let told = history::<Happened>(&t.store, &subject()).await.unwrap_err().to_string();
    assert!(told.contains("nothing stays"), "{told}");
});

both!(a_moment_outside_of_the_calendar_is_refused, &[MIGRATIONS], |t| async move {
    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::visitor());
    let mut head = Head::start();
    for at in ["1899-12-31T15:59:59Z", "9999-12-30T00:00:00Z", "-000044-03-15T00:00:00Z"] {
        match record(&mut cx, &mut head, &subject(), &noted("x"), at.parse().unwrap()) {
            Err(kernel::Failure::Refused(refusal)) => assert_eq!(refusal.code, "trace.moment", "{at}"),
            other => panic!("{at}: {other:?}"),
        }
    }
    assert_eq!(head, Head::start());
    for at in ["1899-12-31T16:00:00Z", "9999-12-29T23:59:59Z"] {
        record(&mut cx, &mut head, &subject(), &noted(at), at.parse().unwrap()).unwrap();
    }
    cx.finish().await.unwrap();
    assert_eq!(history::<Happened>(&t.store, &subject()).await.unwrap().1.len(), 2);
    verify(&export(&t.store, &subject()).await.unwrap()).unwrap();
});

both!(many_subjects_come_stretch_by_stretch_each_whole_and_once, &[MIGRATIONS], |t| async move {
    for n in 0..7 {
        write(&t, &Subject::new("case", format!("0{n}-{}", n * 3)), &[filed(), noted("b")]).await;
        write(&t, &Subject::new("case-talk", n), &[noted("of another kind")]).await;
    }
    erase(&t, &Subject::new("case", "03-9")).await.unwrap();
    let (mut seen, mut after, mut stretches) = (Vec::new(), None, 0);
    loop {
        let stretch = trace::stream::<Happened>(&t.store, "case", after.as_deref(), 3).await.unwrap();
        stretches += 1;
        seen.extend(stretch.subjects);
        after = stretch.next;
        if after.is_none() {
            break;
        }
    }
    let names: Vec<&str> = seen.iter().map(|s| s.subject.as_str()).collect();
    let all = ["case:00-0", "case:01-3", "case:02-6", "case:03-9", "case:04-12", "case:05-15", "case:06-18"];
    assert_eq!((names, stretches), (all.to_vec(), 3));
    assert!(seen.iter().all(|s| s.events.len() == 2));
    assert_eq!(seen[3].head.seq, 3);
    let outlines = trace::stream_outlines(&t.store, "case", None, 500).await.unwrap();
    assert!(outlines.next.is_none() && outlines.subjects[3].events.len() == 3);
    let wanted = [Subject::new("case", "06-18"), Subject::new("case", "none"), Subject::new("case", "00-0")];
    let some = trace::histories::<Happened>(&t.store, &wanted).await.unwrap();
    assert_eq!(some.iter().map(|s| s.subject.as_str()).collect::<Vec<_>>(), ["case:06-18", "case:00-0"]);
    assert!(trace::stream::<Happened>(&t.store, "nothing", None, 9).await.unwrap().subjects.is_empty());
});

both!(a_row_changed_in_the_database_is_found_before_it_is_used, &[MIGRATIONS], |t| async move {
    write(&t, &subject(), &[filed(), noted("x")]).await;
    sql(&t, "UPDATE trace_event SET occurred_at = occurred_at + 1 WHERE seq = 2").await;
    let told = history::<Happened>(&t.store, &subject()).await.unwrap_err().to_string();
    assert!(told.contains("broken at event 2"), "{told}");
    let broken = verify(&export(&t.store, &subject()).await.unwrap()).unwrap_err();
    assert_eq!((broken.line, broken.seq), (3, Some(2)));
});

async fn trust_of(store: &Store, key: &RootKey) -> (Trust, Trust) {
    let keys = Trust::default().key(&key.public_pem().unwrap()).unwrap();
    let roots = keys.clone().roots(&export_roots(store, 0, 100).await.unwrap()).unwrap();
    (keys, roots)
}

both!(signed_roots_show_a_tail_that_was_cut_off, &[MIGRATIONS], |t| async move {
    let key = RootKey::load_or_make(&t.data.join("roots.pem"), t.rng.as_ref()).unwrap();
    let other = RootKey::make(t.rng.as_ref()).unwrap();
    for n in 1..=7 {
        write(&t, &Subject::new("case", n), &[filed(), noted("b")]).await;
    }
    assert_eq!(sign_roots(&t.ground, &key).await.unwrap(), 1);
    assert_eq!(sign_roots(&t.ground, &key).await.unwrap(), 0);
    write(&t, &subject(), &[noted("c")]).await;
    let again = RootKey::load_or_make(&t.data.join("roots.pem"), t.rng.as_ref()).unwrap();
    assert_eq!(again.public_pem().unwrap(), key.public_pem().unwrap());
    assert_eq!(sign_roots(&t.ground, &again).await.unwrap(), 1);
    let (keys, roots) = trust_of(&t.store, &key).await;
    let checked = check_roots(&t.store, &keys).await.unwrap();
    assert_eq!((checked.roots, checked.heads, checked.problems), (2, 8, vec![]));

    for n in 1..=7 {
        let text = export(&t.store, &Subject::new("case", n)).await.unwrap();
        let sound = verify_with(&text, &roots).unwrap();
        let expected = if n == 1 { 3 } else { 2 };
        assert_eq!((sound.events, sound.confirmed), (expected, Some(expected)));
        let signed = sound.signed.unwrap();
        assert!(signed.trusted && signed.seq == expected);
        assert!(!verify(&text).unwrap().signed.unwrap().trusted);
    }
    let text = export(&t.store, &subject()).await.unwrap();
    let stranger = Trust::default().key(&other.public_pem().unwrap()).unwrap();
    assert!(verify_with(&text, &stranger).unwrap_err().say.en.contains("trusted key"));

    sql(&t, "DELETE FROM trace_event WHERE subject = 'case:1' AND seq = 3").await;
    let problems = check_roots(&t.store, &keys).await.unwrap().problems;
    assert_eq!(problems, ["case:1: event 3 is gone; root 2 covers it"]);
    sql(&t, "DELETE FROM trace_leaf WHERE subject = 'case:1' AND root = 2").await;
    let cut = export(&t.store, &subject()).await.unwrap();
    assert_eq!(verify_with(&cut, &keys).unwrap().events, 2, "the key alone cannot see it");
    let broken = verify_with(&cut, &roots).unwrap_err();
    assert!(broken.say.en.contains("cut off"), "{broken}");
    assert_eq!(broken.seq, Some(3));
});

#[test]
fn servers_that_start_together_share_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("roots.pem");
    let start = || RootKey::load_or_make(&path, &kernel::SystemRng).unwrap().public_pem().unwrap();
    let keys: Vec<String> = std::thread::scope(|scope| {
        let all: Vec<_> = (0..8).map(|_| scope.spawn(start)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    assert!(keys.iter().all(|key| *key == keys[0]));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "nothing is left beside it");
}

both!(looks_are_shown_to_the_person_they_concern, &[MIGRATIONS], |t| async move {
    let person: PersonId = "019a0000-0000-7000-8000-000000000001".parse().unwrap();
    let stranger: PersonId = "019a0000-0000-7000-8000-000000000002".parse().unwrap();
    for n in 0..3 {
        t.clock.advance_seconds(1);
        command!(t.ground, Lang::ZhCn, ActorRef::visitor(), |cx| {
            let purpose = Purpose::in_case("examine", n);
            look(&mut cx, &Look { person, fields: vec!["person.phone".into()], purpose })
        }
        .map_err(kernel::Failure::from))
        .unwrap();
    }
    let first = looks_of(&t.store, person, None, 2).await.unwrap();
    assert_eq!(first.iter().map(|l| l.purpose.case.clone().unwrap()).collect::<Vec<_>>(), ["2", "1"]);
    let rest = looks_of(&t.store, person, Some(first[1].id), 2).await.unwrap();
    assert_eq!((rest.len(), rest[0].fields.as_slice()), (1, &["person.phone".to_owned()][..]));
    assert!(looks_of(&t.store, stranger, None, 9).await.unwrap().is_empty());
});
