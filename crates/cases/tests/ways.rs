//! Whole ways through a case on both databases: from filing to the certificate, and every way that ends elsewhere.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use cases::{CaseState, Handler, OutcomeWord, Scope};
use common::{PROOF, ROOMS, STICKER, Town};
use kernel::{Failure, Lang};
use serde_json::json;
use store::outbox::Courier;

fn code(failure: Failure) -> String {
    match failure {
        Failure::Refused(refusal) => refusal.code.into_owned(),
        Failure::Fault(fault) => panic!("{fault}"),
    }
}

harness::both!(from_filing_to_the_certificate, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let filed = town.file(&firm, "k1", STICKER, town.trip(&firm).await).await.unwrap();
    assert_eq!(filed.state, "accepted");
    let inbox = town.inbox(&examiner).await;
    assert_eq!(inbox.len(), 1);
    assert_eq!(inbox[0].number, filed.number);
    let due = inbox[0].due_at.unwrap();
    assert_eq!(
        due,
        "2026-11-23T07:30:00Z".parse().unwrap(),
        "two office hours before lunch and two after it"
    );
    let done = town.judge(&examiner, inbox[0].task, OutcomeWord::Approve, "").await.unwrap();
    assert_eq!(done.state, "closed");
    assert!(town.inbox(&examiner).await.is_empty());
    let view = town.view(&filed.number, &Scope::from(&firm)).await;
    assert_eq!(view.case.certificates.len(), 1);
    let certificate = certificates::get(town.store(), view.case.certificates[0]).await.unwrap().unwrap();
    assert_eq!(certificate.holder, firm.subject());
    assert_eq!(certificate.case_number, filed.number.to_string());
    assert_eq!(certificate.valid_until, Some(jiff::civil::date(2026, 11, 28)));
    town.replay().await;
});

harness::both!(an_instant_item_is_done_in_one_commit, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let citizen = town.citizen().await;
    let published = catalog::find(town.store(), PROOF).await.unwrap().unwrap();
    let mut answers = published.item.examples[0].given.answers.clone();
    answers.retain(|id, _| published.item.form.field(id).is_some_and(|f| f.element.is_none()));
    let filed = town.file(&citizen, "k1", PROOF, answers).await.unwrap();
    assert_eq!(filed.state, "closed");
    let view = town.view(&filed.number, &Scope::from(&citizen)).await;
    assert!(view.tasks.is_empty());
    assert_eq!(view.row.rev, i64::try_from(view.events.len()).unwrap());
    town.replay().await;
});

harness::both!(filing_twice_with_one_key_is_filing_once, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let trip = town.trip(&firm).await;
    let together =
        futures::future::join_all((0..4).map(|_| town.file(&firm, "same", STICKER, trip.clone()))).await;
    let numbers: std::collections::BTreeSet<_> =
        together.into_iter().map(|filed| filed.unwrap().number.to_string()).collect();
    assert_eq!(numbers.len(), 1, "{numbers:?}");
    let again = town.file(&firm, "same", STICKER, trip.clone()).await.unwrap();
    assert!(again.again);
    let mut other = trip.clone();
    other.insert("via".to_owned(), json!("别处"));
    assert_eq!(code(town.file(&firm, "same", STICKER, other).await.unwrap_err()), "cases.key-reused");
    let mine = cases::my_cases(town.store(), &firm, None, 10).await.unwrap();
    assert_eq!(mine.rows.len(), 1);
    town.replay().await;
});

harness::both!(of_two_outcomes_at_once_one_wins, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let task = town.inbox(&examiner).await[0].task;
    let (a, b) = tokio::join!(
        town.judge(&examiner, task, OutcomeWord::Approve, ""),
        town.judge(&examiner, task, OutcomeWord::Refuse, "合同不真实"),
    );
    let won = usize::from(a.is_ok()) + usize::from(b.is_ok());
    assert_eq!(won, 1, "{a:?} {b:?}");
    let lost = a.err().or(b.err()).unwrap();
    assert_eq!(code(lost), "cases.task-done");
    town.replay().await;
});

harness::both!(a_refusal_needs_reasons_and_a_stale_page_decides_nothing, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let task = town.inbox(&examiner).await[0].task;
    assert_eq!(
        code(town.judge(&examiner, task, OutcomeWord::Refuse, " ").await.unwrap_err()),
        "cases.reason-missing"
    );
    let handler = Handler::from(&examiner);
    let old = cases::Judgement {
        outcome: OutcomeWord::Approve,
        reason: None,
        right_body: None,
        fields: Vec::new(),
        rev: Some(1),
    };
    let stale = store::command!(town.house.ground, Lang::En, handler.actor_ref(), |cx| {
        cases::outcome(&mut cx, &town.house, &handler, task, &old).await
    });
    assert_eq!(code(stale.unwrap_err()), "cases.stale");
    let done = town.judge(&examiner, task, OutcomeWord::Refuse, "合同不真实").await.unwrap();
    assert_eq!(done.state, "closed");
    let view = town.view(&filed.number, &Scope::from(&firm)).await;
    assert_eq!(view.row.outcome.as_deref(), Some("refused"));
    assert!(view.case.certificates.is_empty());
    town.replay().await;
});

harness::both!(a_supplement_asks_for_one_field_and_changes_no_other, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let task = town.inbox(&examiner).await[0].task;
    town.judge(&examiner, task, OutcomeWord::Supplement, "").await.unwrap();
    assert!(town.inbox(&examiner).await.is_empty());
    let before = town.view(&filed.number, &Scope::from(&firm)).await;
    assert!(matches!(before.case.state, CaseState::Supplement { .. }));
    let answers =
        serde_json::from_value(json!({"contract_no": "JL-2026-1127", "plate": "苏A90002"})).unwrap();
    let supplied = cases::prepare_supplement(&town.house, &town.sources, &firm, &filed.number, &answers, &[])
        .await
        .unwrap();
    store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::supplement(&mut cx, &town.house, &firm, &filed.number, &supplied).await
    })
    .unwrap();
    let after = town.view(&filed.number, &Scope::from(&firm)).await;
    assert_eq!(after.case.answers["contract_no"], "JL-2026-1127");
    assert_eq!(after.case.answers["plate"], "苏A90001", "nobody asked for the plate");
    let inbox = town.inbox(&examiner).await;
    assert_eq!(inbox.len(), 1);
    let done = town.judge(&examiner, inbox[0].task, OutcomeWord::Approve, "").await.unwrap();
    assert_eq!(done.state, "closed");
    town.replay().await;
});

harness::both!(a_source_that_is_down_stops_only_the_decision, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, examiner) = (town.firm().await, town.examiner().await);
    let switch = |down: bool| {
        let (ground, actor) = (town.house.ground.clone(), kernel::ActorRef::system());
        async move {
            store::command!(ground, Lang::ZhCn, actor, |cx| exchange::set_down(&mut cx, "vehicle", down))
                .unwrap();
        }
    };
    switch(true).await;
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    assert_eq!(filed.state, "accepted");
    let task = town.inbox(&examiner).await[0].task;
    let done = town.judge(&examiner, task, OutcomeWord::Approve, "").await.unwrap();
    assert_eq!(done.state, "accepted", "approved, and waiting for the register");
    let courier = Courier::new(town.house.ground.clone())
        .ignore("cases.filed")
        .ignore("cases.decided")
        .ignore("cases.closed")
        .ignore("certificates.issued");
    let courier = identity::letters::TOPICS.into_iter().fold(courier, Courier::ignore);
    let courier = cases::courier(courier, town.house.clone(), town.sources.clone());
    town.t.clock.advance_seconds(60);
    courier.drain().await.unwrap();
    assert_eq!(town.view(&filed.number, &Scope::from(&firm)).await.row.absent, 1);
    switch(false).await;
    town.t.clock.advance_seconds(600);
    let drained = courier.drain().await.unwrap();
    assert!(drained.failed.is_empty(), "{drained:?}");
    let view = town.view(&filed.number, &Scope::from(&firm)).await;
    assert_eq!(view.row.state, "closed");
    assert_eq!(view.row.outcome.as_deref(), Some("approved"));
    town.replay().await;
});

harness::both!(drafts_are_found_again_and_never_overwritten, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let item = catalog::find(town.store(), STICKER).await.unwrap().unwrap();
    let start = || async {
        store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| cases::start(
            &mut cx, &firm, &item
        )
        .await)
        .unwrap()
    };
    let (first, second) = tokio::join!(start(), start());
    assert_eq!(first.matter, second.matter);
    let view = cases::draft(town.store(), &firm, first.matter).await.unwrap();
    let save = |rev: i64, via: &'static str| {
        let (answers, firm, ground) = (view.answers.clone(), firm.clone(), town.house.ground.clone());
        async move {
            let mut answers = answers;
            answers.insert("via".to_owned(), json!(via));
            store::command!(ground, Lang::ZhCn, firm.actor_ref(), |cx| {
                cases::save(&mut cx, &firm, first.matter, answers.clone(), rev).await
            })
        }
    };
    let saved = save(view.rev, "芜湖").await.unwrap();
    assert_eq!(code(save(view.rev, "宣城").await.unwrap_err()), "cases.draft-stale");
    save(saved.rev, "黄山").await.unwrap();
    let now = cases::draft(town.store(), &firm, first.matter).await.unwrap();
    assert_eq!(now.answers["via"], "黄山");
    assert_eq!(now.answers["organisation_name"], firm.subject_name(), "what is known is filled in");
    let stranger = town.citizen().await;
    assert_eq!(code(cases::draft(town.store(), &stranger, first.matter).await.unwrap_err()), "not-found");
});

harness::both!(nobody_sees_a_case_that_is_none_of_theirs, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (firm, citizen) = (town.firm().await, town.citizen().await);
    let filed = town.file(&firm, "k", STICKER, town.trip(&firm).await).await.unwrap();
    let hidden = cases::view(town.store(), &filed.number, &Scope::from(&citizen)).await;
    assert_eq!(code(hidden.unwrap_err()), "not-found");
    assert!(cases::my_cases(town.store(), &citizen, None, 10).await.unwrap().rows.is_empty());
    let withdrawn = store::command!(town.house.ground, Lang::ZhCn, citizen.actor_ref(), |cx| {
        cases::withdraw(&mut cx, &town.house, &citizen, &filed.number, None).await
    });
    assert_eq!(code(withdrawn.unwrap_err()), "not-found");
    let operator = town.session("operator").await.staff().unwrap();
    assert!(cases::view(town.store(), &filed.number, &Scope::from(&operator)).await.is_err());
    let withdrawn = store::command!(town.house.ground, Lang::ZhCn, firm.actor_ref(), |cx| {
        cases::withdraw(&mut cx, &town.house, &firm, &filed.number, Some("改期".to_owned())).await
    })
    .unwrap();
    assert_eq!(withdrawn.state, "withdrawn");
    assert!(town.inbox(&town.examiner().await).await.is_empty());
    town.replay().await;
});

harness::both!(the_packs_own_examples_hold, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
    let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
    let offices = cases::examples::offices(town.store(), &pack).await.unwrap();
    let reports = cases::examples::run_in(&pack, Some(&offices));
    assert!(!reports.is_empty());
    let wrong: Vec<_> = reports.iter().filter(|r| !r.differences.is_empty()).collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
});

#[test]
fn both_languages_say_the_same_things() {
    let zh = include_str!("../locales/zh-CN/cases.ftl");
    let en = include_str!("../locales/en/cases.ftl");
    page::words::same_keys(zh, en).unwrap();
}
