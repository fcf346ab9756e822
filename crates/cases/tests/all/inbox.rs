//! What an inbox's filter offers when more waits than anybody reads through, and what an agency reads of its parts. On both databases.

use crate::common::{ROOMS, STICKER, Town};
use cases::{Handler, InboxFilter};
use kernel::{AgencyCode, Lang};
use store::params;

/// More tasks like the one that waits: 250 urgent ones of the same step, one of another item that is due last of all, one of a step of
/// its own, and one that is done.
async fn many(town: &Town, number: &str) {
    let actor = kernel::ActorRef::system();
    store::command!(town.house.ground, Lang::ZhCn, actor, |cx| {
        let mut add = |n: usize, step: &str, title: &str, item: &str, state: &str, due: i64| {
            cx.commit.exec(
                "INSERT INTO cases_task (id, case_id, step, title_zh, title_en, agency, state, opened_at, due_at, item_key,
                     case_state, subject_name, number, holder, external)
                 SELECT SUBSTR(id, 1, LENGTH(id) - 6) || $2, case_id, $3, $4, $4, agency, $5, opened_at, $6, $7, case_state,
                     subject_name, number, holder, external
                 FROM cases_task WHERE number = $1 AND step = 'approve' AND id NOT LIKE '%ffff__'",
                params![number, format!("ffff{n:02x}"), step, title, state, due, item],
            );
        };
        for n in 0..250 {
            add(n, "approve", "审批", STICKER, "open", 1);
        }
        add(250, "approve", "复核", "house-trade", "open", i64::MAX);
        add(251, "survey", "实地查看", "house-trade", "open", i64::MAX);
        add(252, "gone", "做完的", "house-sign", "done", 1);
        Ok::<(), kernel::Failure>(())
    })
    .unwrap();
}

harness::both!(every_item_and_step_that_waits_is_offered, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let trip = town.trip(&firm).await;
    let number = town.file(&firm, "k", STICKER, trip).await.unwrap().number.to_string();
    let who = Handler::from(&town.examiner().await);
    assert_eq!(cases::inbox_choices(town.store(), &who, None).await.unwrap().len(), 1);
    many(&town, &number).await;
    let waits = cases::inbox_choices(town.store(), &who, None).await.unwrap();
    let pairs: Vec<(&str, &str)> = waits.iter().map(|c| (c.item_key.as_str(), c.step.as_str())).collect();
    assert_eq!(pairs, [(STICKER, "approve"), ("house-trade", "approve"), ("house-trade", "survey")]);
    assert_eq!(waits[1].title.zh, "复核", "a step is called as its item calls it");
    for (item, step, found) in [(None, Some("survey"), 1), (Some("house-trade"), None, 2), (None, None, 50)] {
        let filter = InboxFilter {
            item: item.map(str::to_owned),
            step: step.map(str::to_owned),
            ..InboxFilter::default()
        };
        let page = cases::inbox(town.store(), &who, &filter, None, 50).await.unwrap();
        assert_eq!(page.rows.len(), found, "{item:?} {step:?}");
    }
    let nobody = Handler::from(&town.session("housing-clerk").await.examiner().unwrap());
    assert!(cases::inbox_choices(town.store(), &nobody, None).await.unwrap().is_empty());
});

harness::both!(an_agency_reads_what_lies_with_its_parts, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let firm = town.firm().await;
    let trip = town.trip(&firm).await;
    town.file(&firm, "k", STICKER, trip).await.unwrap();
    // The one task lies with a part of the housing bureau.
    let (actor, part) = (kernel::ActorRef::system(), AgencyCode::parse("nanjing.housing.market").unwrap());
    store::command!(town.house.ground, Lang::ZhCn, actor, |cx| {
        let sql = "UPDATE cases_task SET agency = $1 WHERE agency = 'nanjing.transport.passenger'";
        cx.commit.exec(sql, params![part.as_str()]);
        Ok::<(), kernel::Failure>(())
    })
    .unwrap();
    let (store, now) = (town.store(), town.t.ground.clock.now());
    let bureau = Handler::from(&town.session("housing-clerk").await.examiner().unwrap());
    let division = Handler::from(&town.session("examiner2").await.examiner().unwrap());
    let of = |unit: Option<&AgencyCode>| InboxFilter { unit: unit.cloned(), ..InboxFilter::default() };
    let own = cases::inbox(store, &bureau, &of(None), None, 50).await.unwrap();
    assert!(own.rows.is_empty(), "by itself an inbox holds what its agency does");
    for (who, unit) in [(&bureau, Some(&part)), (&division, None), (&division, Some(&part))] {
        assert_eq!(cases::inbox(store, who, &of(unit), None, 50).await.unwrap().rows.len(), 1, "{unit:?}");
        assert_eq!(cases::inbox_choices(store, who, unit).await.unwrap().len(), 1);
        assert_eq!(cases::inbox_counts(store, who, unit, now).await.unwrap().all, 1);
    }
    // Nobody reads another agency's, nor a part the agency's.
    for unit in ["nanjing.transport.passenger", "nanjing.housing", "nanjing.housing.marketing"] {
        let unit = AgencyCode::parse(unit).unwrap();
        assert!(cases::inbox(store, &division, &of(Some(&unit)), None, 50).await.is_err(), "{unit}");
        assert!(cases::inbox_choices(store, &division, Some(&unit)).await.is_err(), "{unit}");
        assert!(cases::inbox_counts(store, &division, Some(&unit), now).await.is_err(), "{unit}");
    }
});
