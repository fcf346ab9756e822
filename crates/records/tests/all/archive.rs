//! Closed cases become archive packages: some days later, once, also with two servers; what cannot be packed is seen.

use crate::common::ROOMS;
use async_trait::async_trait;
use kernel::{ActorRef, AgencyCode, Failure, Lang, Outcome, Refusal, RefusalKind, Text};
use procedure::archive::{Entry, NewPackage};
use records::{Dossiers, Packed, archive_closed, on_closed};
use serde_json::json;
use store::Ground;
use store::outbox::Courier;

/// Cases `ok-…` are closed, `running-…` were reopened, `large-…` cannot be packed.
struct Papers;

#[async_trait]
impl Dossiers for Papers {
    async fn dossier(&self, number: &str) -> Outcome<Option<NewPackage>> {
        if number.starts_with("large") {
            let no = Refusal::new(RefusalKind::TooLarge, "papers.large", "内容太大。", "Too large.");
            return Err(no.into());
        }
        let years = Some(10);
        let package = NewPackage {
            subject: format!("case:{number}"),
            reference: number.to_owned(),
            agency: AgencyCode::parse("nanjing.transport").unwrap(),
            title: "旅游包车标贴核发".to_owned(),
            retention: catalog::Retention { years, basis: Text::same("档案法") },
            openness: catalog::Openness {
                attribute: catalog::Publicity::OnRequest,
                ground: Text::same("政府信息公开条例"),
            },
            closed_at: "2026-11-20T02:00:00Z".parse().unwrap(),
            entries: vec![Entry {
                name: "case.json".to_owned(),
                media: "application/json".to_owned(),
                bytes: b"{}".to_vec(),
            }],
        };
        Ok((!number.starts_with("running")).then_some(package))
    }
}

/// As `cases` tells it: a message on the case, with its number.
async fn closed(ground: &Ground, numbers: &[&str]) {
    let actor = ActorRef::system();
    let told: Outcome<()> = store::command!(ground, Lang::ZhCn, actor, |cx| {
        for number in numbers {
            let body = json!({"number": number, "state": "closed"});
            cx.commit.emit("cases.closed", &format!("case:{number}"), &body).unwrap();
        }
        Ok::<(), Failure>(())
    });
    told.unwrap();
    let hears = Courier::new(ground.clone())
        .on("cases.closed", |ground, message| async move { on_closed(&ground, &message).await });
    let drained = hears.drain().await.unwrap();
    assert_eq!((drained.delivered, drained.failed.len()), (numbers.len(), 0), "{:?}", drained.failed);
}

async fn packages(ground: &Ground, number: &str) -> usize {
    procedure::archive::of(&ground.store, &format!("case:{number}")).await.unwrap().len()
}

harness::both!(packed_once_when_the_days_have_passed, ROOMS, |t| async move {
    let numbers: Vec<String> = (0..60).map(|n| format!("ok-{n}")).collect();
    let mut all: Vec<&str> = numbers.iter().map(String::as_str).collect();
    all.extend(["running-1", "large-1"]);
    closed(&t.ground, &all).await;
    assert_eq!(archive_closed(&t.ground, &Papers, 30).await.unwrap(), Packed::default(), "too early");
    t.clock.advance_seconds(30 * 86_400);
    let second = t.second(9).await;
    let (one, two) =
        tokio::join!(archive_closed(&t.ground, &Papers, 30), archive_closed(&second, &Papers, 30));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert_eq!(one.packed + two.packed, 60);
    for number in &numbers {
        assert_eq!(packages(&t.ground, number).await, 1, "{number}");
    }
    assert_eq!(packages(&t.ground, "running-1").await, 0);
    let stuck = records::stuck(&t.ground.store, 10).await.unwrap();
    assert_eq!(stuck.iter().map(|s| s.number.as_str()).collect::<Vec<_>>(), ["large-1"]);
    assert_eq!(stuck[0].why.as_deref(), Some("内容太大。"));
    assert_eq!(archive_closed(&t.ground, &Papers, 30).await.unwrap(), Packed::default());
    // Reopened and closed again: a package of its own, after days of its own.
    closed(&t.ground, &["ok-1"]).await;
    assert_eq!(archive_closed(&t.ground, &Papers, 30).await.unwrap(), Packed::default());
    t.clock.advance_seconds(31 * 86_400);
    assert_eq!(archive_closed(&t.ground, &Papers, 30).await.unwrap().packed, 1);
    assert_eq!(packages(&t.ground, "ok-1").await, 2);
});

/// What happened to a subject, as far as this test is concerned.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
struct Said {
    text: String,
}

impl trace::Event for Said {
    const VERSION: i64 = 1;
    fn kind(&self) -> &'static str {
        "said"
    }
}

harness::both!(nothing_is_erased_while_the_archive_keeps_it, ROOMS, |t| async move {
    let subject = trace::Subject::new("case", "ok-1");
    let package = Papers.dossier("ok-1").await.unwrap().unwrap();
    let written: Outcome<()> = store::command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| {
        let (now, mut head) = (cx.now, trace::Head::start());
        trace::record(&mut cx, &mut head, &subject, &Said { text: "王䶮".to_owned() }, now).unwrap();
        procedure::archive::package(&mut cx, package.clone()).await.map(|_| ())
    });
    written.unwrap();
    let erase = || async {
        let done: Outcome<usize> = store::command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| {
            let nothing = |_: &trace::Recorded<Said>| Some(Said { text: String::new() });
            records::erase(&mut cx, &subject, "retention-over", nothing).await
        });
        done
    };
    let Err(Failure::Refused(no)) = erase().await else { panic!("the archive keeps it") };
    assert_eq!(no.code, "procedure.archive-holds");
    for part in ["ok-1", "档案法", "2036年12月31日"] {
        assert!(no.say.zh.contains(part), "{part}: {}", no.say.zh);
    }
    assert!(no.say.en.contains("ok-1") && no.say.en.contains("2036"), "{}", no.say.en);
    t.clock.set("2037-01-01T02:00:00Z".parse().unwrap());
    assert_eq!(erase().await.unwrap(), 1);
});
