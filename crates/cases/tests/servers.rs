//! What several servers, other systems and old data do to a case: on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use cases::{CaseEvent, CaseState, Handler, Imported, ImportedAct, Scope, StepState};
use common::{ROOMS, STICKER, Town};
use exchange::{Report, Verdict};
use kernel::codes::CaseNumber;
use kernel::{ActorRef, AgencyCode, Lang, Timestamp};
use page::House;
use serde_json::json;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use store::outbox::Courier;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The room's receivers; what others would hear is ignored, and how often a case was said to be over is counted.
fn courier(town: &Town) -> (Courier, Arc<AtomicUsize>) {
    let closed = Arc::new(AtomicUsize::new(0));
    let count = closed.clone();
    let courier =
        cases::courier(Courier::new(town.t.ground.clone()), town.house.clone(), town.sources.clone())
            .on("cases.closed", move |_, _| {
                count.fetch_add(1, Ordering::SeqCst);
                async { Ok(()) }
            })
            .ignore("cases.filed")
            .ignore("cases.decided")
            .ignore("cases.recorded-late")
            .ignore("exchange.dispatch");
    (identity::letters::TOPICS.into_iter().fold(courier, Courier::ignore), closed)
}

harness::both!(two_servers_that_slept_a_week_write_every_end_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let mut numbers: Vec<CaseNumber> = Vec::new();
    for key in ["a", "b", "c"] {
        numbers.push(town.file(&firm, key, STICKER, town.trip(&firm).await).await.unwrap().number);
    }
    let second = House { ground: town.t.second(2).await, ..town.house.clone() };
    town.t.clock.set(at("2026-12-30T02:00:00Z"));
    let (one, two) = tokio::join!(cases::sweep(&town.house), cases::sweep(&second));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!((one.failed, two.failed), (Vec::<String>::new(), Vec::new()));
    for number in &numbers {
        let view = town.view(number, &Scope::from(&firm)).await;
        let ends: Vec<(String, Timestamp, Timestamp)> = view
            .events
            .iter()
            .filter_map(|r| match &r.event {
                CaseEvent::TermPassed { kind, due } => Some((format!("{kind:?}"), *due, r.occurred_at)),
                _ => None,
            })
            .collect();
        assert!(ends.len() >= 3, "step, promise and law have all passed: {ends:?}");
        assert!(ends.iter().all(|(_, due, at)| due == at), "each at its own moment: {ends:?}");
        assert!(ends.is_sorted_by_key(|(_, due, _)| *due), "in the order of the ends: {ends:?}");
        let distinct: std::collections::BTreeSet<_> = ends.iter().map(|(kind, due, _)| (kind, due)).collect();
        assert_eq!(distinct.len(), ends.len(), "each once: {ends:?}");
    }
    let again = cases::sweep(&second).await.unwrap();
    assert_eq!((again.cases, again.ends), (0, 0), "nothing is left");
    town.replay().await;
});

harness::both!(what_is_said_lies_sealed, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let before = town.view(&filed.number, &Scope::from(&firm)).await.row.rev;
    let secret = "司机昨天住院了";
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::say_to_staff(&mut cx, &firm, &filed.number, secret).await
    })
    .unwrap();
    let handler = Handler::from(&examiner);
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::note(&mut cx, &handler, &filed.number, "内部：先核实").await
    })
    .unwrap();
    let mine = cases::talk(town.store(), &firm, &filed.number, 0).await.unwrap();
    assert_eq!(
        mine.iter().map(|m| m.text.as_str()).collect::<Vec<_>>(),
        [secret],
        "and no note of the staff"
    );
    let bodies: Vec<(Vec<u8>,)> =
        town.store().rows("SELECT body FROM cases_talk ORDER BY seq", store::params![]).await.unwrap();
    assert_eq!(bodies.len(), 2);
    let plain = |body: &[u8], text: &str| body.windows(text.len()).any(|w| w == text.as_bytes());
    assert!(bodies.iter().all(|(b,)| !plain(b, secret) && !plain(b, "先核实")));
    assert_eq!(town.view(&filed.number, &Scope::from(&firm)).await.row.rev, before, "no version has moved");
});

harness::both!(a_report_that_comes_twice_ends_the_seat_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let session = town.session("restaurant").await;
    let firms = session.memberships(town.store()).await.unwrap();
    let firm = firms.first().expect("a firm").organisation;
    let firm = session.acting_as(town.store(), Some(firm)).await.unwrap().applicant().unwrap();
    let published = catalog::find(town.store(), "catering-permit").await.unwrap().unwrap();
    let mut answers = published.item.examples[0].given.answers.clone();
    for field in ["layout_file", "rules_file", "health_file", "lease_file"] {
        let file = town.upload(&firm).await;
        answers.insert(field.to_owned(), json!([{"file": file, "name": "材料.png"}]));
    }
    let filed = town.file(&firm, "k", "catering-permit", answers).await.unwrap();
    let inspector = town.session("inspector").await.examiner().unwrap();
    let handler = Handler::from(&inspector);
    let target = cases::Target::Case(filed.number.clone());
    store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
        cases::act(&mut cx, &town.house, &handler, target.clone(), cases::StaffAct::Accept, None).await
    })
    .unwrap();
    let view = town.view(&filed.number, &Scope::program()).await;
    let (_, seat) = view.case.open_seats().find(|(s, _)| s.id == "drainage").expect("it was handed over");
    let report = Report {
        system: seat.external.clone().unwrap(),
        task: seat.task.to_string(),
        subject: format!("case:{}", view.case.id),
        number: filed.number.to_string(),
        outcome: Verdict::Pass,
        text: "准予排水".to_owned(),
        at: town.house.ground.clock.now(),
    };
    for _ in 0..2 {
        store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| async {
            cx.commit.emit(exchange::ANSWERED, &report.subject, &report)?;
            kernel::Outcome::Ok(())
        }
        .await)
        .unwrap();
    }
    let (courier, _) = courier(&town);
    for _ in 0..4 {
        courier.drain().await.unwrap();
    }
    let view = town.view(&filed.number, &Scope::program()).await;
    let ends = view
        .events
        .iter()
        .filter(|r| matches!(&r.event, CaseEvent::StepPassed { step, .. } if step == "drainage"));
    assert_eq!(ends.count(), 1);
    assert!(matches!(view.case.step("drainage").unwrap().state, StepState::Passed { .. }));
    let told = exchange::dispatches_of(town.store(), &report.subject).await.unwrap();
    assert!(!told.is_empty(), "it was really handed over");
    town.replay().await;
});

harness::both!(an_imported_past_is_not_announced_as_ours, ROOMS, |t| async move {
    let town = Town::new(t).await;
    // Without any right to any seal: what was decided elsewhere needs none of ours.
    let told = Imported {
        item: STICKER.to_owned(),
        agency: AgencyCode::parse("nanjing.transport").unwrap(),
        division: "320100".to_owned(),
        source: "old-system".to_owned(),
        external: "2019-77".to_owned(),
        subject_name: "某运输公司".to_owned(),
        subject_number: Some("91999999MA0DEM013K".to_owned()),
        filed_at: at("2026-03-02T01:30:00Z"),
        promised: None,
        statutory: None,
        state: "closed".to_owned(),
        outcome: Some("refused".to_owned()),
        closed_at: Some(at("2026-03-04T08:00:00Z")),
        acts: vec![ImportedAct {
            name: "approve".to_owned(),
            at: at("2026-03-03T02:00:00Z"),
            agency: None,
            start: true,
        }],
    };
    let filed = store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| {
        cases::import(&mut cx, &town.house, told.clone()).await
    })
    .unwrap();
    let view = town.view(&filed.number, &Scope::program()).await;
    assert!(matches!(view.case.state, CaseState::Closed { .. }));
    let mine = cases::my_cases(town.store(), &town.firm().await, None, 9).await.unwrap().rows;
    assert!(
        mine.iter().any(|row| row.number == filed.number),
        "whom the registers know finds it in their space"
    );
    assert!(view.case.notices.is_empty(), "no notice of ours: {:?}", view.case.notices);
    let subject = format!("case:{}", view.case.id);
    assert!(procedure::notices(town.store(), &subject).await.unwrap().is_empty());
    let (courier, closed) = courier(&town);
    courier.drain().await.unwrap();
    assert_eq!(closed.load(Ordering::SeqCst), 0, "nobody is told that it closed today");
    assert!(cases::most_filed(town.store(), 5).await.unwrap().is_empty(), "nor was it filed here");
    let firm = town.firm().await;
    town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    assert_eq!(cases::most_filed(town.store(), 5).await.unwrap(), [(STICKER.to_owned(), 1)]);
    town.replay().await;
});

harness::both!(an_upload_that_was_handed_in_is_kept, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let loose = |name: &'static str| {
        let (town, firm) = (&town, &firm);
        async move {
            store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
                let bytes = bytes::Bytes::from_static(common::PNG);
                let upload = store::files::Upload { name: name.to_owned(), bytes };
                store::files::keep_loose(&mut cx, upload, &store::files::Limits::default()).await
            })
            .unwrap()
            .id
        }
    };
    let (used, unused) = (loose("用了.png").await, loose("没用.png").await);
    let mut trip = town.trip(&firm).await;
    trip.insert("contract_file".to_owned(), json!([{"file": used, "name": "用了.png"}]));
    town.file(&firm, "k", STICKER, trip).await.unwrap();
    town.t.clock.set(at("2026-11-27T02:00:00Z"));
    store::files::sweep(town.t.ground.clone()).await.unwrap();
    let kept = |file| store::files::info(town.store(), file);
    assert!(kept(used).await.unwrap().is_some(), "it belongs to a case now");
    assert!(kept(unused).await.unwrap().is_none(), "nobody has used this one");
});

harness::both!(a_new_version_takes_running_cases_over_where_it_says_so, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
    let mut pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
    let (courier, _) = courier(&town);
    // The second version says nothing of the cases that run; the third takes those of the first over.
    for from in [None, Some(1)] {
        let item = pack.items.iter_mut().find(|i| i.key == STICKER).unwrap();
        item.phone.push('0');
        item.migration = from.map(|v| catalog::Migration { from: vec![v], ..catalog::Migration::default() });
        store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| cases::publish(
            &mut cx, &pack
        )
        .await)
        .unwrap();
        for _ in 0..6 {
            courier.drain().await.unwrap();
        }
        let now = catalog::find(town.store(), STICKER).await.unwrap().unwrap();
        let view = town.view(&filed.number, &Scope::from(&firm)).await;
        assert_eq!(view.case.item == now.id, from.is_some());
        let moves = view.events.iter().filter(|r| matches!(r.event, CaseEvent::MovedOn { .. })).count();
        assert_eq!(moves, usize::from(from.is_some()), "once, and only where the version says so");
    }
    town.replay().await;
});
