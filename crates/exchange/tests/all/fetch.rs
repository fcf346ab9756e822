//! Asking registers: noted before, in their shapes, and what happens while one is down; on both databases.

use async_trait::async_trait;
use exchange::{
    Fetched, MIGRATIONS, Query, SharingClass, Source, SourceDown, Sources, demo_sources_with, fetch, fetches,
    set_down, states,
};
use harness::{TestGround, both};
use kernel::{ActorRef, AgencyCode, Failure, Lang, PersonId, Text};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use store::{Migrations, command, params};
use trace::Purpose;

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, MIGRATIONS];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");

fn demo(t: &TestGround) -> Sources {
    demo_sources_with(CITY, t.ground.clone(), Duration::ZERO).unwrap()
}

fn person() -> PersonId {
    "019a0000-0000-7000-8000-000000000001".parse().unwrap()
}

async fn ask(t: &TestGround, sources: &Sources, source: &str, query: Query) -> Fetched {
    let purpose = Purpose::in_case("examine", "n1");
    fetch(&t.ground, &ActorRef::system(), sources, source, query, Some(person()), &purpose).await.unwrap()
}

async fn found(t: &TestGround, sources: &Sources, source: &str, query: Query) -> Value {
    match ask(t, sources, source, query).await {
        Fetched::Found(value) => value,
        other => panic!("{source}: {other:?}"),
    }
}

async fn switch(t: &TestGround, id: &str, down: bool) {
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| set_down(&mut cx, id, down)).unwrap();
}

both!(the_demonstration_registers_answer_in_their_shapes, ROOMS, |t| async move {
    let sources = demo(&t);
    let vehicle = found(&t, &sources, "vehicle", Query::by("plate", "苏A90001")).await;
    assert_eq!((&vehicle["seats"], &vehicle["inspection_until"]), (&json!(51), &json!("2028-12-31")));
    assert_eq!(ask(&t, &sources, "vehicle", Query::by("plate", "苏A00000")).await, Fetched::NotFound);
    assert_eq!(ask(&t, &sources, "vehicle", Query::by("colour", "red")).await, Fetched::NotFound);
    let owner = vehicle["owner_credit_code"].as_str().unwrap();
    assert!(owner.parse::<kernel::codes::CreditCode>().is_ok());

    let numbers: Vec<&str> =
        CITY.split('"').filter(|q| q.parse::<kernel::codes::CitizenId>().is_ok()).collect();
    let of = |birth: &str| numbers.iter().find(|n| n[6..].starts_with(birth)).unwrap().to_string();
    let (wang, chen) = (of("19860312"), of("19751122"));
    let household = found(&t, &sources, "household", Query::by("citizen_id", wang.as_str())).await;
    assert_eq!((&household["division"], &household["minor_children"]), (&json!("320102"), &json!(1)));
    assert_eq!(household["members"].as_array().unwrap().len(), 3);
    let none = found(&t, &sources, "housing", Query::by("citizen_id", household["members"].clone())).await;
    assert_eq!(none, json!({"dwellings": 0, "list": []}));
    let family =
        found(&t, &sources, "household", Query::by("citizen_id", chen.as_str())).await["members"].clone();
    let two = found(&t, &sources, "housing", Query::by("citizen_id", family)).await;
    assert_eq!(two["dwellings"], json!(2));
    let one = found(&t, &sources, "housing", Query::by("citizen_id", chen.as_str())).await;
    assert_eq!(one["list"].as_array().unwrap().len(), 1);
    let paid =
        found(&t, &sources, "social-insurance", Query::by("citizen_id", json!([of("19920808"), wang]))).await;
    assert_eq!(paid, json!({"months_paid_last_24": 24, "months_paid_last_36": 36, "city": "南京市"}));
    let driver = found(&t, &sources, "driver", Query::by("citizen_id", of("19790401"))).await;
    assert_eq!(driver["licence_class"], json!("A1"));
});

both!(every_question_is_noted_before_it_is_asked_and_without_the_number, ROOMS, |t| async move {
    let sources = demo(&t);
    ask(&t, &sources, "household", Query::by("citizen_id", "99999919860312102X")).await;
    let noted = fetches(&t.store, "household", None, 10).await.unwrap();
    assert_eq!((noted.len(), noted[0].keys.as_slice()), (1, &["citizen_id".to_owned()][..]));
    assert_eq!((noted[0].person, noted[0].purpose.case.as_deref()), (Some(person()), Some("n1")));
    let looks = trace::looks_of(&t.store, person(), None, 10).await.unwrap();
    assert_eq!((looks.len(), looks[0].fields.as_slice()), (1, &["household".to_owned()][..]));
    let rows: Vec<(String, String)> =
        t.store.rows("SELECT keys, actor FROM exchange_fetch", params![]).await.unwrap();
    assert!(rows.iter().all(|(k, a)| !k.contains("999999") && !a.contains("999999")));

    let mut cx = t.ground.begin(Lang::ZhCn, ActorRef::system());
    cx.commit.exec_any("DROP TABLE exchange_fetch", params![]);
    cx.finish().await.unwrap();
    let counted = Arc::new(Counted::new(SharingClass::Free));
    let sources = Sources::new(vec![counted.clone()]);
    let purpose = Purpose::new("examine");
    let failed = fetch(
        &t.ground,
        &ActorRef::system(),
        &sources,
        "counted",
        Query::default(),
        Some(person()),
        &purpose,
    )
    .await;
    assert!(matches!(failed, Err(Failure::Fault(_))), "{failed:?}");
    assert_eq!(counted.asked.load(Ordering::SeqCst), 0, "what cannot be noted is not asked");
});

both!(a_source_that_is_down_is_remembered_and_tried_again_later, ROOMS, |t| async move {
    let sources = demo(&t);
    let query = || Query::by("plate", "苏A90001");
    let since = t.clock_now();
    switch(&t, "vehicle", true).await;
    let down = Fetched::Down { source: "vehicle".into(), since };
    for _ in 0..2 {
        assert_eq!(ask(&t, &sources, "vehicle", query()).await, down);
        t.clock.advance_seconds(1);
    }
    assert_eq!(fetches(&t.store, "vehicle", None, 10).await.unwrap().len(), 2);
    assert_eq!(ask(&t, &sources, "vehicle", query()).await, down, "the circuit is open");
    assert_eq!(fetches(&t.store, "vehicle", None, 10).await.unwrap().len(), 2, "nothing was asked");
    let seen = states(&t.store, &sources).await.unwrap();
    let vehicle = seen.iter().find(|s| s.id == "vehicle").unwrap();
    assert!(vehicle.switched_off && vehicle.down.as_ref().unwrap().0 == since);
    assert!(seen.iter().filter(|s| s.id != "vehicle").all(|s| s.down.is_none()));

    t.clock.advance_seconds(5);
    assert_eq!(
        ask(&t, &sources, "vehicle", query()).await,
        down,
        "tried again, still down since the same moment"
    );
    assert_eq!(fetches(&t.store, "vehicle", None, 10).await.unwrap().len(), 3);
    switch(&t, "vehicle", false).await;
    found(&t, &sources, "vehicle", query()).await;
    assert!(states(&t.store, &sources).await.unwrap().iter().all(|s| s.down.is_none() && !s.switched_off));
});

both!(after_a_pause_one_question_tries_again_and_the_others_do_not_wait, ROOMS, |t| async move {
    let dead = Arc::new(Dead::default());
    let sources = Sources::new(vec![dead.clone()]);
    for _ in 0..2 {
        ask(&t, &sources, "dead", Query::default()).await;
    }
    t.clock.advance_seconds(6);
    let questions: Vec<_> = (0..8)
        .map(|_| {
            let (ground, sources) = (t.ground.clone(), sources.clone());
            tokio::spawn(async move {
                let purpose = Purpose::new("examine");
                fetch(&ground, &ActorRef::system(), &sources, "dead", Query::default(), None, &purpose).await
            })
        })
        .collect();
    for question in questions {
        assert!(matches!(question.await.unwrap(), Ok(Fetched::Down { .. })));
    }
    assert_eq!(dead.asked.load(Ordering::SeqCst), 3);
});

both!(slow_sources_and_forbidden_ones, ROOMS, |t| async move {
    let slow: Arc<dyn Source> = Arc::new(Slow);
    let never: Arc<dyn Source> = Arc::new(Counted::new(SharingClass::Never));
    let sources = Sources::new(vec![slow, never]);
    assert!(matches!(ask(&t, &sources, "slow", Query::default()).await, Fetched::Down { .. }));
    let purpose = Purpose::new("examine");
    for (source, code) in [("counted", "exchange.not-shared"), ("nothing", "exchange.no-such-source")] {
        let query = Query::default();
        match fetch(&t.ground, &ActorRef::system(), &sources, source, query, None, &purpose).await {
            Err(Failure::Refused(refusal)) => assert_eq!(refusal.code, code),
            other => panic!("{other:?}"),
        }
    }
    let sources = demo(&t);
    let silent = Purpose::new("");
    match fetch(&t.ground, &ActorRef::system(), &sources, "vehicle", Query::default(), None, &silent).await {
        Err(Failure::Refused(refusal)) => assert_eq!(refusal.code, "exchange.purpose-needed"),
        other => panic!("{other:?}"),
    }
});

trait Now {
    fn clock_now(&self) -> kernel::Timestamp;
}

impl Now for TestGround {
    fn clock_now(&self) -> kernel::Timestamp {
        self.ground.clock.now()
    }
}

struct Counted {
    asked: AtomicUsize,
    sharing: SharingClass,
}

impl Counted {
    fn new(sharing: SharingClass) -> Self {
        Self { asked: AtomicUsize::new(0), sharing }
    }
}

#[async_trait]
impl Source for Counted {
    fn id(&self) -> &str {
        "counted"
    }
    fn name(&self) -> Text {
        Text::same("counted")
    }
    fn agency(&self) -> AgencyCode {
        AgencyCode::parse("nanjing.gov").unwrap()
    }
    fn sharing(&self) -> SharingClass {
        self.sharing
    }
    async fn fetch(&self, _: &Query) -> Result<Option<Value>, SourceDown> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        Ok(None)
    }
}

/// Says that it is down, after a moment.
#[derive(Default)]
struct Dead {
    asked: AtomicUsize,
}

#[async_trait]
impl Source for Dead {
    fn id(&self) -> &str {
        "dead"
    }
    fn name(&self) -> Text {
        Text::same("dead")
    }
    fn agency(&self) -> AgencyCode {
        AgencyCode::parse("nanjing.gov").unwrap()
    }
    fn sharing(&self) -> SharingClass {
        SharingClass::Free
    }
    async fn fetch(&self, _: &Query) -> Result<Option<Value>, SourceDown> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        tokio::task::yield_now().await;
        Err(SourceDown { why: "dead".into() })
    }
}

struct Slow;

#[async_trait]
impl Source for Slow {
    fn id(&self) -> &str {
        "slow"
    }
    fn name(&self) -> Text {
        Text::same("slow")
    }
    fn agency(&self) -> AgencyCode {
        AgencyCode::parse("nanjing.gov").unwrap()
    }
    fn sharing(&self) -> SharingClass {
        SharingClass::Free
    }
    fn timeout(&self) -> Duration {
        Duration::from_millis(5)
    }
    async fn fetch(&self, _: &Query) -> Result<Option<Value>, SourceDown> {
        std::future::pending().await
    }
}
