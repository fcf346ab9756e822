//! The holder learns of what becomes of a certificate: when its state is changed, and twice before it ends. On both databases.

use crate::common::{Stage, revoke, sticker, suspend};
use certificates::{Act, CertificateEvent, CertificateId, Ground, MIGRATIONS, Why, remind, subject};
use harness::{Migrations, TestGround};
use identity::letters::{self, OutboxFolder, PostOffice};
use jiff::civil::{Date, date};
use kernel::{ActorRef, Lang, SubjectId, Text};
use std::sync::Arc;
use store::command;
use store::outbox::Courier;

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];

/// Carries what waits, and answers how many letters about `about` were ever written.
async fn letters(t: &TestGround, about: &str) -> usize {
    let folder = t.data.join("letters");
    let office = PostOffice {
        site: Text::same("一门"),
        hotline: "12345".into(),
        carrier: Some(Arc::new(OutboxFolder::new(&folder))),
        mail: None,
    };
    let courier = Courier::new(t.ground.clone()).ignore("certificates.issued").ignore("certificates.changed");
    let carried = letters::courier(courier, office).drain().await.unwrap();
    assert!(carried.failed.is_empty(), "{carried:?}");
    let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
    let text = |file: std::fs::DirEntry| std::fs::read_to_string(file.path()).unwrap();
    files.map(text).filter(|text| text.contains(&format!("\nabout: {about}\n"))).count()
}

harness::both!(a_changed_state_is_told_and_a_new_version_is_not, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    assert_eq!(
        letters(&t, "certificate-changed").await,
        0,
        "who is handed a certificate needs no letter about it"
    );
    stage.act(id, suspend("检查")).await.unwrap();
    assert_eq!(letters(&t, "certificate-changed").await, 1);
    stage.act(id, Act::Restore(Why::new(Ground::SuspensionOver, "期满"))).await.unwrap();
    assert_eq!(letters(&t, "certificate-changed").await, 2);
    assert!(stage.act(id, revoke(" ")).await.is_err());
    assert_eq!(letters(&t, "certificate-changed").await, 2, "what was refused is not told");
    let want = certificates::NewVersion {
        kind: certificates::VersionKind::Correction,
        why: "车牌号写错".into(),
        holder_name: None,
        lines: vec![("plate".into(), "苏A·99124".into())],
        valid_until: None,
        applied_on: None,
    };
    let ground = &t.ground;
    let new = command!(ground, Lang::ZhCn, ActorRef::system(), |cx| {
        certificates::reissue(&mut cx, id, &want).await
    })
    .unwrap();
    assert_eq!(letters(&t, "certificate-changed").await, 2);
    stage.act(new, revoke("材料虚假")).await.unwrap();
    stage.act(new, Act::Cancel(Why::new(Ground::TakenBack, "撤销后注销"))).await.unwrap();
    assert_eq!(letters(&t, "certificate-changed").await, 4);
    let text = std::fs::read_dir(t.data.join("letters")).unwrap().flatten();
    for letter in text.map(|file| std::fs::read_to_string(file.path()).unwrap()) {
        assert!(
            !letter.contains("标贴") && !letter.contains("99123") && !letter.contains("材料虚假"),
            "{letter}"
        );
    }
});

async fn until(stage: &Stage, holder: SubjectId, last: Date) -> CertificateId {
    let mut new = sticker();
    new.holder = holder;
    new.valid_until = Some(last);
    stage.issue(new).await
}

async fn reminded(t: &TestGround, id: CertificateId) -> Vec<u32> {
    let (_, events) = trace::history::<CertificateEvent>(&t.ground.store, &subject(id)).await.unwrap();
    let days = |event: &CertificateEvent| match event {
        CertificateEvent::Reminded { days } => Some(*days),
        _ => None,
    };
    events.iter().filter_map(|e| days(&e.event)).collect()
}

const DAY: i64 = 86_400;

harness::both!(an_end_is_told_once_ninety_and_once_thirty_days_before, ROOMS, |t| async move {
    // on 22 November 2026; the first one ends on the 28th
    let (stage, citizen, short) = crate::common::stage(&t).await;
    let holder = SubjectId::Person(citizen);
    let near = until(&stage, holder, date(2026, 12, 31)).await;
    let long = until(&stage, holder, date(2027, 2, 25)).await;
    let mut open = sticker();
    (open.holder, open.valid_until) = (holder, None);
    let open = stage.issue(open).await;
    // what a house finds when it begins is told once, by the nearer time
    assert_eq!(remind(&t.ground).await.unwrap(), 2);
    assert_eq!((reminded(&t, short).await, reminded(&t, near).await), (vec![30], vec![90]));
    assert_eq!(remind(&t.ground).await.unwrap(), 0, "once");
    assert_eq!(letters(&t, "certificate-ending").await, 2);
    t.clock.advance_seconds(4 * DAY);
    assert_eq!(remind(&t.ground).await.unwrap(), 0, "ninety-one days");
    t.clock.advance_seconds(DAY);
    let (a, b) = tokio::join!(remind(&t.ground), remind(&t.ground));
    assert_eq!(a.unwrap() + b.unwrap(), 1, "two servers tell it once");
    assert_eq!(reminded(&t, long).await, [90]);
    t.clock.advance_seconds(4 * DAY);
    assert_eq!(remind(&t.ground).await.unwrap(), 1);
    assert_eq!(reminded(&t, near).await, [90, 30]);
    // what does not stand is not told, and is told later when it stands again
    stage.act(long, suspend("检查")).await.unwrap();
    t.clock.advance_seconds(60 * DAY);
    assert_eq!(remind(&t.ground).await.unwrap(), 0);
    stage.act(long, Act::Restore(Why::new(Ground::SuspensionOver, "期满"))).await.unwrap();
    assert_eq!(remind(&t.ground).await.unwrap(), 1);
    assert_eq!(reminded(&t, long).await, [90, 30]);
    assert_eq!(letters(&t, "certificate-ending").await, 5);
    assert_eq!((reminded(&t, short).await, reminded(&t, open).await), (vec![30], Vec::new()));
});

harness::both!(many_ends_on_one_day_are_told_in_several_commits, ROOMS, |t| async move {
    let (stage, citizen, _) = crate::common::stage(&t).await;
    for _ in 0..205 {
        until(&stage, SubjectId::Person(citizen), date(2026, 12, 31)).await;
    }
    assert_eq!(remind(&t.ground).await.unwrap(), 206);
    assert_eq!(remind(&t.ground).await.unwrap(), 0);
});
