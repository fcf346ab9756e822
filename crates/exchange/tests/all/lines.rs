//! Tasks for line systems: taken at least once, answered once, whatever the other side does; on both databases.

use async_trait::async_trait;
use exchange::{
    ANSWERED, Dispatch, DispatchState, LineKey, LineSystem, LineSystems, MIGRATIONS, Post, Report, Secret,
    Verdict, cancel, courier, demo_line_systems, dispatch, dispatch_about, dispatches, dispatches_of,
    receive, resend, set_down,
};
use harness::line::{self, Manners};
use harness::{TestGround, both};
use kernel::{ActorRef, AgencyCode, Failure, Lang, Outcome, Text};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use store::outbox::Courier;
use store::{Migrations, command, params};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, MIGRATIONS];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");

struct Plain;

#[async_trait]
impl Post for Plain {
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        harness::http::post(url, headers, body).await
    }
}

fn plugged(line: &harness::line::LineSystem) -> LineSystem {
    let key = LineKey { key_id: line.key_id.clone(), secret: Secret::new(line.secret.clone()) };
    let agency = AgencyCode::parse("chancheng.fire").unwrap();
    LineSystem { tries: 3, ..LineSystem::new("fire-line", Text::same("fire"), agency, &line.url, key) }
}

/// A platform with one line system, and what came in as messages.
struct Bench {
    line: harness::line::LineSystem,
    systems: LineSystems,
    courier: Courier,
    heard: Arc<Mutex<Vec<Report>>>,
}

fn listening(courier: Courier) -> (Courier, Arc<Mutex<Vec<Report>>>) {
    let heard: Arc<Mutex<Vec<Report>>> = Arc::default();
    let ears = Arc::clone(&heard);
    let courier = courier.on(ANSWERED, move |_, message| {
        let ears = Arc::clone(&ears);
        async move {
            assert_eq!(message.subject, "case:1");
            ears.lock().unwrap().push(message.parse()?);
            Ok(())
        }
    });
    (courier, heard)
}

async fn bench(t: &TestGround, manners: Manners) -> Bench {
    let line = line::line_system(&t.clock, manners).await;
    let systems = LineSystems::new(vec![plugged(&line)]).unwrap();
    let (outer, heard) = listening(Courier::new(t.ground.clone()));
    let courier = courier(outer, systems.clone(), Arc::new(Plain));
    Bench { line, systems, courier, heard }
}

impl Bench {
    /// Lets the line system's report with this outcome come in.
    async fn report(&self, t: &TestGround, task: &str, outcome: &str) -> Outcome<Report> {
        let (headers, body) = self.line.report(task, outcome, "found so");
        receive(&t.ground, &self.systems, &headers, body.as_bytes()).await
    }

    async fn drain(&self, t: &TestGround, times: usize) {
        for _ in 0..times {
            self.courier.drain().await.unwrap();
            t.clock.advance_seconds(60);
        }
    }

    fn heard(&self) -> Vec<Report> {
        self.heard.lock().unwrap().clone()
    }
}

async fn hand_out(t: &TestGround, task: &str) {
    let body = json!({"premises": "佛山市禅城区祖庙街道示范路66号首层", "area": 120});
    let one = Dispatch {
        system: "fire-line".into(),
        task: task.into(),
        subject: "case:1".into(),
        number: "N-1".into(),
        body,
    };
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| dispatch(&mut cx, &one)).unwrap();
}

async fn state(t: &TestGround) -> (DispatchState, i64) {
    let all = dispatches_of(&t.store, "case:1").await.unwrap();
    (all[0].state, all[0].tries)
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("expected a refusal, got {other:?}"),
    }
}

both!(a_task_is_taken_when_the_other_side_wakes_and_its_report_is_heard_once, ROOMS, |t| async move {
    let b = bench(&t, Manners { refuses: 2, ..Manners::default() }).await;
    hand_out(&t, "t1").await;
    b.drain(&t, 1).await;
    assert_eq!(state(&t).await, (DispatchState::Waiting, 1));
    b.drain(&t, 4).await;
    assert_eq!(state(&t).await, (DispatchState::Sent, 2));
    let asked = b.line.asked();
    assert_eq!(asked.iter().map(|a| a.status).collect::<Vec<_>>(), [503, 503, 202]);
    let body: serde_json::Value = serde_json::from_str(&asked[2].body).unwrap();
    let id = dispatches_of(&t.store, "case:1").await.unwrap()[0].id;
    assert_eq!(body["dispatch"], json!(id));
    assert_eq!(
        (&body["task"], &body["number"], &body["body"]["area"]),
        (&json!("t1"), &json!("N-1"), &json!(120))
    );
    assert_eq!(body.as_object().unwrap().len(), 4, "nothing else leaves the house: {body}");
    assert!(asked.iter().all(|a| a.headers["x-yimen-nonce"].len() >= 16));
    assert_ne!(asked[0].headers["x-yimen-nonce"], asked[2].headers["x-yimen-nonce"]);

    let report = b.report(&t, "t1", "pass").await.unwrap();
    assert_eq!(
        (report.outcome, report.subject.as_str(), report.number.as_str()),
        (Verdict::Pass, "case:1", "N-1")
    );
    assert_eq!(b.report(&t, "t1", "pass").await.unwrap(), report, "the same answer again is confirmed");
    assert_eq!(code(b.report(&t, "t1", "fail").await), "exchange.answered-already");
    b.drain(&t, 2).await;
    assert_eq!(b.heard(), [report]);
    assert_eq!(state(&t).await.0, DispatchState::Answered);
    let left: Vec<(Option<Vec<u8>>,)> =
        t.store.rows("SELECT body FROM exchange_dispatch", params![]).await.unwrap();
    assert!(left[0].0.is_none(), "what was sent is not kept");
    assert_eq!(code(b.report(&t, "t2", "pass").await), "exchange.no-such-dispatch");
});

both!(a_line_system_that_calls_back_by_itself_twice_is_heard_once, ROOMS, |t| async move {
    let back = Callback::start().await;
    let manners = Manners {
        reports: 2,
        reports_to: Some(back.url.clone()),
        slow: Duration::from_millis(20),
        ..Manners::default()
    };
    let b = bench(&t, manners).await;
    back.serve(t.ground.clone(), b.systems.clone());
    hand_out(&t, "t1").await;
    b.drain(&t, 1).await;
    while b.line.answers().len() < 2 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(b.line.answers(), [200, 200]);
    b.drain(&t, 2).await;
    assert_eq!(b.heard().len(), 1);
    assert_eq!(state(&t).await.0, DispatchState::Answered);
    b.line.behave(|m| m.false_signature = true);
    hand_out(&t, "t2").await;
    b.drain(&t, 1).await;
    while b.line.answers().len() < 4 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    assert_eq!(b.line.answers()[2..], [401, 401]);
    b.drain(&t, 2).await;
    assert_eq!(b.heard().len(), 1);
});

both!(whatever_is_not_signed_as_it_should_be_is_refused, ROOMS, |t| async move {
    let b = bench(&t, Manners::default()).await;
    hand_out(&t, "t1").await;
    b.drain(&t, 1).await;
    let (good, body) = b.line.report("t1", "pass", "x");
    let take = |headers: BTreeMap<String, String>, body: String| {
        let (ground, systems) = (t.ground.clone(), b.systems.clone());
        async move { code(receive(&ground, &systems, &headers, body.as_bytes()).await) }
    };
    let with = |name: &str, value: &str| {
        let mut headers = good.clone();
        headers.insert(name.to_owned(), value.to_owned());
        headers
    };
    let now = t.ground.clock.now().as_second();
    for (name, value) in [
        ("x-yimen-signature", "00".to_owned()),
        ("x-yimen-signature", "no hexadecimal".to_owned()),
        ("x-yimen-key", "another".to_owned()),
        ("x-yimen-time", (now + 1).to_string()),
        ("x-yimen-nonce", "another-nonce-of-the-right-length".to_owned()),
        ("x-yimen-digest", "0".repeat(64)),
    ] {
        assert_eq!(take(with(name, &value), body.clone()).await, "exchange.signature", "{name}");
    }
    for name in good.keys().filter(|n| n.starts_with("x-")) {
        let mut headers = good.clone();
        headers.remove(name);
        assert_eq!(take(headers, body.clone()).await, "exchange.signature", "without {name}");
    }
    assert_eq!(take(good.clone(), body.replace("pass", "fail")).await, "exchange.digest");
    let sent = b.line.asked()[0].clone();
    assert_eq!(
        take(sent.headers, sent.body).await,
        "exchange.signature",
        "a dispatch thrown back is no report"
    );
    b.line.behave(|m| m.false_signature = true);
    assert_eq!(code(b.report(&t, "t1", "pass").await), "exchange.signature");
    b.line.behave(|m| m.false_signature = false);

    for (wrong, expected) in [
        ("not json", "exchange.report"),
        ("{}", "exchange.report"),
        ("{\"task\":\"t1\",\"outcome\":\"maybe\",\"at\":\"2026-11-22T02:00:00Z\"}", "exchange.report"),
        ("{\"task\":\"t1\",\"outcome\":\"fail\",\"at\":\"2026-11-22T02:00:00Z\"}", "exchange.reason-missing"),
        ("{\"task\":\"t1\",\"outcome\":\"pass\",\"at\":\"2026-11-22T03:00:00Z\"}", "exchange.report"),
        ("{\"task\":\"t1\",\"outcome\":\"pass\",\"at\":\"2026-11-21T02:00:00Z\"}", "exchange.report"),
    ] {
        assert_eq!(take(b.line.headers(wrong), wrong.to_owned()).await, expected, "{wrong}");
    }
    let long = format!("{{\"text\":\"{}\"}}", "x".repeat(70_000));
    assert_eq!(take(b.line.headers(&long), long).await, "exchange.report");
    assert!(b.heard().is_empty());
    assert_eq!(state(&t).await.0, DispatchState::Sent, "none of this has changed anything");
});

both!(a_request_counts_once_and_for_five_minutes, ROOMS, |t| async move {
    let b = bench(&t, Manners::default()).await;
    hand_out(&t, "t1").await;
    b.drain(&t, 1).await;
    let (old, body) = b.line.report("t1", "pass", "x");
    t.clock.advance_seconds(301);
    let late = receive(&t.ground, &b.systems, &old, body.as_bytes()).await;
    assert_eq!(code(late), "exchange.clock");
    let (fresh, body) = b.line.report("t1", "pass", "x");
    let first = receive(&t.ground, &b.systems, &fresh, body.as_bytes());
    let second = receive(&t.ground, &b.systems, &fresh, body.as_bytes());
    let both = tokio::join!(first, second);
    let taken = [both.0.is_ok(), both.1.is_ok()];
    assert_eq!(taken.iter().filter(|ok| **ok).count(), 1, "of two at once one is the replay");
    let again = receive(&t.ground, &b.systems, &fresh, body.as_bytes()).await;
    assert_eq!(code(again), "exchange.replayed");
    let second = t.second(7).await;
    let elsewhere = receive(&second, &b.systems, &fresh, body.as_bytes()).await;
    assert_eq!(code(elsewhere), "exchange.replayed", "by another server too");
    t.clock.advance_seconds(3_700);
    exchange::lines::sweep(&t.ground).await.unwrap();
    assert_eq!(
        t.store.row::<(i64,)>("SELECT COUNT(*) FROM exchange_nonce", params![]).await.unwrap(),
        Some((0,))
    );
    let after = receive(&t.ground, &b.systems, &fresh, body.as_bytes()).await;
    assert_eq!(code(after), "exchange.clock", "a forgotten nonce is too old to be used");
});

both!(keys_are_changed_while_both_are_good, ROOMS, |t| async move {
    let (old, new) = (
        line::line_system(&t.clock, Manners::default()).await,
        line::line_system(&t.clock, Manners::default()).await,
    );
    let previous = plugged(&old);
    let mut system = plugged(&new);
    system.previous = Some(LineKey { key_id: previous.key_id, secret: previous.secret });
    let systems = LineSystems::new(vec![system.clone()]).unwrap();
    let courier = courier(Courier::new(t.ground.clone()), systems.clone(), Arc::new(Plain)).ignore(ANSWERED);
    for task in ["t1", "t2"] {
        hand_out(&t, task).await;
    }
    courier.drain().await.unwrap();
    assert_eq!(
        new.asked().iter().map(|a| a.status).collect::<Vec<_>>(),
        [202, 202],
        "signed with the new key"
    );
    for (line, task) in [(&old, "t1"), (&new, "t2")] {
        let (headers, body) = line.report(task, "pass", "x");
        receive(&t.ground, &systems, &headers, body.as_bytes()).await.unwrap();
    }
    system.previous = None;
    let systems = LineSystems::new(vec![system.clone()]).unwrap();
    let (headers, body) = old.report("t1", "pass", "x");
    assert_eq!(code(receive(&t.ground, &systems, &headers, body.as_bytes()).await), "exchange.signature");

    let twice = LineSystems::new(vec![system.clone(), LineSystem { id: "b".into(), ..system.clone() }]);
    assert!(twice.unwrap_err().to_string().contains("taken by another key"));
    let short = LineSystem { secret: Secret::new("too short"), ..system.clone() };
    assert!(LineSystems::new(vec![short]).unwrap_err().to_string().contains("32 bytes"));
    assert!(!format!("{system:?}").contains(&new.secret));
});

both!(what_is_stuck_is_seen_tried_on_and_can_be_sent_anew, ROOMS, |t| async move {
    let b = bench(&t, Manners { refuses: usize::MAX, ..Manners::default() }).await;
    hand_out(&t, "t1").await;
    b.drain(&t, 3).await;
    assert_eq!(state(&t).await, (DispatchState::Stuck, 3));
    let stuck = dispatches(&t.store, DispatchState::Stuck, None, 10).await.unwrap();
    assert_eq!((stuck.len(), stuck[0].error.as_deref()), (1, Some("it answered 503")));
    assert!(dispatches(&t.store, DispatchState::Stuck, Some(stuck[0].id), 10).await.unwrap().is_empty());
    assert_eq!(exchange::lines::counts(&t.store).await.unwrap(), (0, 0, 1));
    b.drain(&t, 1).await;
    assert_eq!(state(&t).await, (DispatchState::Stuck, 4), "it is tried on");

    let again = |id| {
        let ground = t.ground.clone();
        async move { command!(ground, Lang::ZhCn, ActorRef::system(), |cx| resend(&mut cx, id).await) }
    };
    again(stuck[0].id).await.unwrap();
    assert_eq!(state(&t).await, (DispatchState::Waiting, 0));
    b.line.behave(|m| m.refuses = 0);
    b.drain(&t, 20).await;
    assert_eq!(state(&t).await.0, DispatchState::Sent);
    let taken = b.line.asked().iter().filter(|a| a.status == 202).count();
    assert_eq!(taken, 1, "the tries of before are given up");
    again(stuck[0].id).await.unwrap();
    b.drain(&t, 1).await;
    assert_eq!(b.line.asked().iter().filter(|a| a.status == 202).count(), 2, "lost over there, sent anew");
    b.report(&t, "t1", "fail").await.unwrap();
    assert_eq!(code(again(stuck[0].id).await), "exchange.not-open");
    b.drain(&t, 1).await;
    assert_eq!(b.heard()[0].outcome, Verdict::Fail);
});

both!(an_answer_may_overtake_the_note_that_it_was_taken, ROOMS, |t| async move {
    let b = bench(&t, Manners { refuses: 1, ..Manners::default() }).await;
    hand_out(&t, "t1").await;
    b.drain(&t, 1).await;
    b.report(&t, "t1", "pass").await.unwrap();
    b.drain(&t, 3).await;
    assert_eq!(state(&t).await.0, DispatchState::Answered);
    assert_eq!((b.line.asked().len(), b.heard().len()), (1, 1), "nothing is sent that is answered");
});

both!(what_is_called_back_is_sent_no_more_and_its_report_refused, ROOMS, |t| async move {
    let b = bench(&t, Manners { refuses: 1, ..Manners::default() }).await;
    hand_out(&t, "t1").await;
    b.drain(&t, 1).await;
    let back = |task: &'static str| {
        let ground = t.ground.clone();
        async move {
            command!(ground, Lang::ZhCn, ActorRef::system(), |cx| cancel(&mut cx, "fire-line", task).await)
        }
    };
    back("t1").await.unwrap();
    back("t1").await.unwrap();
    back("never handed out").await.unwrap();
    b.drain(&t, 3).await;
    assert_eq!((state(&t).await.0, b.line.asked().len()), (DispatchState::Cancelled, 1));
    assert_eq!(code(b.report(&t, "t1", "pass").await), "exchange.not-wanted");
});

both!(whom_a_dispatch_tells_of_sees_that_it_went, ROOMS, |t| async move {
    let person: kernel::PersonId = "019a0000-0000-7000-8000-000000000001".parse().unwrap();
    let one = Dispatch {
        system: "fire-line".into(),
        task: "t1".into(),
        subject: "case:1".into(),
        number: "N-1".into(),
        body: json!({"name": "潘美玲"}),
    };
    let people = [person];
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| dispatch_about(&mut cx, &one, &people)).unwrap();
    let looks = trace::looks_of(&t.store, person, None, 10).await.unwrap();
    assert_eq!((looks.len(), looks[0].fields.as_slice()), (1, &["fire-line".to_owned()][..]));
    assert_eq!(
        (looks[0].purpose.ground.as_str(), looks[0].purpose.case.as_deref()),
        ("dispatch", Some("N-1"))
    );
    let kept: Vec<(Vec<u8>,)> = t.store.rows("SELECT body FROM exchange_dispatch", params![]).await.unwrap();
    assert!(!String::from_utf8_lossy(&kept[0].0).contains("潘美玲"), "what waits is sealed");
});

both!(one_task_is_handed_out_once_and_a_missing_line_system_is_told, ROOMS, |t| async move {
    hand_out(&t, "t1").await;
    let twice = Dispatch {
        system: "fire-line".into(),
        task: "t1".into(),
        subject: "case:1".into(),
        number: "N-1".into(),
        body: json!({}),
    };
    let again = command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| dispatch(&mut cx, &twice));
    assert_eq!(code(again), "busy");
    let none = courier(Courier::new(t.ground.clone()), LineSystems::default(), Arc::new(Plain));
    none.drain().await.unwrap();
    let line = &dispatches_of(&t.store, "case:1").await.unwrap()[0];
    assert_eq!(line.state, DispatchState::Stuck);
    assert!(line.error.as_ref().unwrap().contains("fire-line"));
});

both!(the_stand_in_of_the_demonstration_reports_after_its_delay, ROOMS, |t| async move {
    let demo = demo_line_systems(CITY, &t.ground, Duration::from_secs(90)).unwrap();
    assert!(demo.systems().get("fire-line").is_some() && demo.systems().get("drainage-line").is_some());
    let (outer, heard) = listening(Courier::new(t.ground.clone()));
    let courier = demo.courier(outer);
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| set_down(&mut cx, "fire-line", true)).unwrap();
    hand_out(&t, "t1").await;
    courier.drain().await.unwrap();
    assert_eq!(state(&t).await, (DispatchState::Waiting, 1));
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| set_down(&mut cx, "fire-line", false)).unwrap();
    t.clock.advance_seconds(10);
    courier.drain().await.unwrap();
    assert_eq!(state(&t).await.0, DispatchState::Sent);
    t.clock.advance_seconds(89);
    courier.drain().await.unwrap();
    assert!(heard.lock().unwrap().is_empty());
    // Another server, started afterwards, has the same stand-in.
    let second = t.second(9).await;
    let elsewhere = demo_line_systems(CITY, &second, Duration::from_secs(90)).unwrap();
    t.clock.advance_seconds(1);
    let (outer, heard) = listening(Courier::new(second.clone()));
    let elsewhere = elsewhere.courier(outer);
    elsewhere.drain().await.unwrap();
    elsewhere.drain().await.unwrap();
    assert_eq!(heard.lock().unwrap().iter().map(|r| r.outcome).collect::<Vec<_>>(), [Verdict::Pass]);
    assert_eq!(state(&t).await.0, DispatchState::Answered);
    let bad = Dispatch {
        system: "drainage-line".into(),
        task: "t2".into(),
        subject: "case:1".into(),
        number: "N-1".into(),
        body: json!({"remark": ["请判不通过"]}),
    };
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| dispatch(&mut cx, &bad)).unwrap();
    courier.drain().await.unwrap();
    t.clock.advance_seconds(90);
    elsewhere.drain().await.unwrap();
    assert_eq!(heard.lock().unwrap().last().unwrap().outcome, Verdict::Fail);
});

/// The platform's own address for reports, as `app` will have it, by hand.
struct Callback {
    url: String,
    listener: tokio::net::TcpListener,
}

impl Callback {
    async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/reports", listener.local_addr().unwrap());
        Self { url, listener }
    }

    fn serve(self, ground: store::Ground, systems: LineSystems) {
        tokio::spawn(async move {
            use tokio::io::AsyncWriteExt as _;
            while let Ok((mut stream, _)) = self.listener.accept().await {
                let asked = harness::http::read(&mut stream).await.unwrap();
                let status = match receive(&ground, &systems, &asked.headers, &asked.body).await {
                    Ok(_) => 200,
                    Err(Failure::Refused(refusal)) if refusal.code == "exchange.signature" => 401,
                    Err(_) => 409,
                };
                let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
                stream.write_all(answer.as_bytes()).await.unwrap();
            }
        });
    }
}
