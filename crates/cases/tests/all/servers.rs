//! What several servers, other systems and old data do to a case: on both databases.

use crate::common::{ROOMS, STICKER, Town};
use cases::{CaseEvent, CaseState, Handler, Imported, ImportedAct, Scope, StaffAct, StepState};
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
        cases::act(&mut cx, &town.house, &handler, target.clone(), StaffAct::Accept, None).await
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
        answers: Vec::new(),
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

harness::both!(a_running_case_from_elsewhere_is_granted_here, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let told = |external: &str, answers: &[(&str, &str)]| Imported {
        item: STICKER.to_owned(),
        agency: AgencyCode::parse("nanjing.transport.passenger").unwrap(),
        division: "320100".to_owned(),
        source: "old-system".to_owned(),
        external: external.to_owned(),
        subject_name: "宁通示范旅运有限公司".to_owned(),
        subject_number: Some("91999999MA0DEM013K".to_owned()),
        answers: answers.iter().map(|(field, value)| ((*field).to_owned(), (*value).to_owned())).collect(),
        filed_at: at("2026-11-18T01:30:00Z"),
        promised: None,
        statutory: None,
        state: "accepted".to_owned(),
        outcome: None,
        closed_at: None,
        acts: Vec::new(),
    };
    let import = async |told: Imported| {
        store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| {
            cases::import(&mut cx, &town.house, told.clone()).await
        })
    };
    let trip = town.trip(&town.firm().await).await;
    let typed: Vec<(String, String)> =
        trip.iter().filter_map(|(field, value)| Some((field.clone(), value.as_str()?.to_owned()))).collect();
    let typed: Vec<(&str, &str)> = typed.iter().map(|(f, v)| (f.as_str(), v.as_str())).collect();
    let wrong = import(told("2026-1", &[("no_such_field", "1")])).await;
    let Err(kernel::Failure::Refused(no)) = wrong else { panic!("an unknown field is refused") };
    assert_eq!(no.code, "cases.cannot-import");
    let filed = import(told("2026-2", &typed)).await.unwrap();
    town.t.clock.advance_seconds(60);
    let (courier, _) = courier(&town);
    courier.drain().await.unwrap();
    let view = town.view(&filed.number, &Scope::program()).await;
    assert!(
        view.case.absent().is_empty(),
        "the registers were asked by what came along: {:?}",
        view.case.facts
    );
    assert!(
        view.case
            .facts
            .iter()
            .any(|f| f.alias == "vehicle" && matches!(f.answer, cases::model::FactAnswer::Found(_)))
    );
    // One that came without anything goes to a person, who states what its certificate says.
    let bare = import(told("2026-3", &[])).await.unwrap();
    town.t.clock.advance_seconds(60);
    courier.drain().await.unwrap();
    let examiner = town.examiner().await;
    let handler = Handler::from(&examiner);
    let act = async |number: &kernel::codes::CaseNumber, act: StaffAct| {
        store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
            cases::act(&mut cx, &town.house, &handler, cases::Target::Case(number.clone()), act.clone(), None)
                .await
        })
    };
    let mut stated = 0;
    while let Some(path) = {
        let view = town.view(&bare.number, &Scope::program()).await;
        cases::rules::lacking(&view.case, &view.item.item, town.t.ground.clock.now()).into_iter().next()
    } {
        stated += 1;
        assert!(stated < 30, "{path} is stated and still lacking");
        let own = path.strip_prefix("form.").and_then(|field| trip.get(field).cloned());
        let any = [json!("不是"), json!("2027-06-30"), json!(45)];
        let values = own.map_or_else(|| any.to_vec(), |value| vec![value]);
        let mut done = Vec::new();
        for value in values {
            let text = "见原档案".to_owned();
            let settle =
                StaffAct::SettleDispute { path: path.clone(), upheld: true, text, value: Some(value) };
            done.push(act(&bare.number, settle).await);
        }
        assert!(done.iter().any(Result::is_ok), "{path}: {done:?}");
    }
    assert!(stated > 0, "it came without anything");
    for _ in 0..6 {
        let row = town.inbox(&examiner).await.into_iter().find(|r| r.number == bare.number);
        let Some(row) = row else { break };
        let approve = StaffAct::Approve { reason: None, amount: None, deviation: None };
        store::command!(town.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
            cases::act(&mut cx, &town.house, &handler, cases::Target::Task(row.task), approve.clone(), None)
                .await
        })
        .unwrap();
    }
    let view = town.view(&bare.number, &Scope::program()).await;
    assert!(view.case.state.decision().is_some_and(cases::Decision::approved), "{:?}", view.case.state);
    assert_eq!(view.case.certificates.len(), 1, "and has its certificate");
    town.replay().await;
});

harness::both!(an_upload_that_was_handed_in_is_kept, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let loose = |name: &'static str| {
        let (town, firm) = (&town, &firm);
        async move {
            store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
                let bytes = bytes::Bytes::from_static(crate::common::PNG);
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

harness::both!(what_runs_is_called_as_the_new_version_calls_it, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let before = town.view(&filed.number, &Scope::program()).await;
    let step = before.case.open_tasks().next().map(|(step, ..)| step.id.clone()).unwrap();
    let examiner = town.examiner().await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
    let mut pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
    let item = pack.items.iter_mut().find(|i| i.key == STICKER).unwrap();
    for spec in &mut item.process {
        if spec.id == step {
            spec.id = "look_again".to_owned();
        }
        spec.after.iter_mut().filter(|id| **id == step).for_each(|id| *id = "look_again".to_owned());
    }
    let steps = [(step.clone(), "look_again".to_owned())].into();
    item.migration = Some(catalog::Migration { from: vec![1], steps, ..catalog::Migration::default() });
    store::command!(town.house.ground, Lang::ZhCn, ActorRef::system(), |cx| cases::publish(&mut cx, &pack)
        .await)
    .unwrap();
    let (courier, _) = courier(&town);
    for _ in 0..6 {
        courier.drain().await.unwrap();
    }
    let after = town.view(&filed.number, &Scope::program()).await;
    let seats = |view: &cases::CaseView| {
        view.case.open_tasks().map(|(_, task, agency)| (task, agency.clone())).collect::<Vec<_>>()
    };
    assert_eq!(seats(&after), seats(&before), "the same task of the same agency");
    assert!(after.case.step(&step).is_none() && after.case.step("look_again").is_some_and(|s| !s.done()));
    // The examiner's list and the task know the step by its new name, and the task can be done.
    let row = town.inbox(&examiner).await.into_iter().find(|r| r.number == filed.number).unwrap();
    assert_eq!(row.step, "look_again");
    town.replay().await;
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
        let moves = view.events.iter().filter(|r| matches!(r.event, CaseEvent::MovedOn(_))).count();
        assert_eq!(moves, usize::from(from.is_some()), "once, and only where the version says so");
    }
    town.replay().await;
});
