//! A city with a clock that stands still, and the people in it, who speak to it through the API only.

use crate::city::{City, PDF};
use app::config::Config;
use app::wiring;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use harness::Backend;
use kernel::{ActorRef, FixedClock, Lang};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Friday, 20 November 2026, 10:00 in Beijing.
pub const START: &str = "2026-11-20T02:00:00Z";

pub struct Town {
    pub city: City,
    pub clock: FixedClock,
    /// Kept as long as the town: another server of it may read them.
    _packs: Option<tempfile::TempDir>,
}

/// What most lives apply for: a start reads no other pack, which is half of its time.
const ITEMS: [&str; 4] = [
    "foshan/catering-permit",
    "foshan/catering-renewal",
    "foshan/elderly-allowance",
    "foshan/hygiene-permit",
];

/// A folder with the demonstration city, what packs share, and these items.
fn some_packs(folder: &Path) {
    let all = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs");
    let shared =
        std::fs::read_dir(&all).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let shared = shared.filter(|name| name == "demo" || name.ends_with(".yaml"));
    for name in shared.chain(ITEMS.map(str::to_owned)) {
        copy(&all.join(&name), &folder.join(&name));
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to.parent().unwrap()).unwrap();
    if from.is_file() {
        std::fs::copy(from, to).unwrap();
        return;
    }
    for entry in std::fs::read_dir(from).unwrap() {
        let name = entry.unwrap().file_name();
        copy(&from.join(&name), &to.join(&name));
    }
}

impl Town {
    pub async fn new(backend: Backend) -> Self {
        let packs = tempfile::tempdir().unwrap();
        some_packs(packs.path());
        let clock = FixedClock::at(START.parse().unwrap());
        let town = Self::with(backend, &clock, |config| config.packs = packs.path().to_owned()).await;
        Self { _packs: Some(packs), ..town }
    }

    /// With every pack, for matters of several items.
    pub async fn whole(backend: Backend) -> Self {
        Self::with(backend, &FixedClock::at(START.parse().unwrap()), |_| {}).await
    }

    pub async fn with(backend: Backend, clock: &FixedClock, change: impl FnOnce(&mut Config)) -> Self {
        let city = City::at(backend, Arc::new(clock.clone()), change).await;
        Self { city, clock: clock.clone(), _packs: None }
    }

    /// It is now this moment.
    pub fn at(&self, moment: &str) {
        self.clock.set(moment.parse().unwrap());
    }

    /// Delivers all messages and runs all jobs that are due.
    pub async fn settle(&self) {
        let courier = wiring::courier(&self.city.wired);
        courier.drain().await.unwrap();
        courier.run_jobs().await.unwrap();
        courier.drain().await.unwrap();
        let (_, dead) = store::outbox::counts(&self.city.wired.house.ground.store).await.unwrap();
        let letters = store::outbox::dead(&self.city.wired.house.ground.store).await.unwrap();
        let say: Vec<_> = letters.iter().map(|l| format!("{}: {}", l.topic, l.error)).collect();
        assert_eq!(dead, 0, "{say:?}");
    }

    /// Everybody signs in anew: the clock may have leaped over any session's end.
    pub async fn call(
        &self,
        account: &str,
        method: &str,
        path: &str,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        let token = self.city.token(account).await;
        self.city.call(method, path, Some(&token), body).await
    }

    pub async fn get(&self, account: &str, path: &str) -> Value {
        let (status, answer) = self.call(account, "GET", path, None).await;
        assert_eq!(status, StatusCode::OK, "{account} GET {path}: {answer}");
        answer
    }

    /// Does an act on a case; answers the state after it.
    #[track_caller]
    pub fn act(&self, account: &str, number: &str, verb: &str, body: Value) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        let path = format!("/api/v1/cases/{number}/{verb}");
        async move { self.done(account, &path, body, place).await }
    }

    /// Does an act on the open task of a step; answers the state after it.
    #[track_caller]
    pub fn task(&self, account: &str, number: &str, step: &str, body: Value) -> impl Future<Output = String> {
        let place = std::panic::Location::caller();
        async move {
            let task = self.task_of(account, number, step).await;
            let task = task.unwrap_or_else(|| panic!("{place}: {account} has no task {step}"));
            self.done(account, &format!("/api/v1/tasks/{task}/outcome"), body, place).await
        }
    }

    async fn done(&self, account: &str, path: &str, body: Value, place: &std::panic::Location<'_>) -> String {
        // Acts follow each other: no two of them happen in one moment.
        self.clock.advance_seconds(1);
        let (status, answer) = self.call(account, "POST", path, Some(&body)).await;
        assert_eq!(status, StatusCode::OK, "{place}: {account} POST {path} {body}: {answer}");
        answer["state"].as_str().unwrap().to_owned()
    }

    /// The act is refused with this code.
    #[track_caller]
    pub fn refused(
        &self,
        account: &str,
        number: &str,
        verb: &str,
        body: Value,
        (status, code): (u16, &str),
    ) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        let path = format!("/api/v1/cases/{number}/{verb}");
        async move {
            let (got, answer) = self.call(account, "POST", &path, Some(&body)).await;
            assert_eq!(
                (got.as_u16(), answer["code"].as_str().unwrap_or("")),
                (status, code),
                "{place}: {answer}"
            );
        }
    }

    /// The act on the task is refused with this code.
    #[track_caller]
    pub fn task_refused(
        &self,
        account: &str,
        number: &str,
        step: &str,
        body: Value,
        code: &str,
    ) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        async move {
            let task = self.task_of(account, number, step).await;
            let task = task.unwrap_or_else(|| panic!("{place}: {account} has no task {step}"));
            let path = format!("/api/v1/tasks/{task}/outcome");
            let (status, answer) = self.call(account, "POST", &path, Some(&body)).await;
            assert!(status.is_client_error(), "{place}: {status} {answer}");
            assert_eq!(answer["code"], code, "{place}: {answer}");
        }
    }

    pub async fn task_of(&self, account: &str, number: &str, step: &str) -> Option<String> {
        let tasks = self.get(account, "/api/v1/tasks").await;
        let tasks = tasks["tasks"].as_array().unwrap().clone();
        let fits = |t: &&Value| t["case"] == number && t["step"] == step;
        tasks.iter().find(fits).map(|t| t["id"].as_str().unwrap().to_owned())
    }

    pub async fn case(&self, account: &str, number: &str) -> Value {
        self.get(account, &format!("/api/v1/cases/{number}")).await
    }

    pub async fn state(&self, account: &str, number: &str) -> String {
        self.case(account, number).await["state"].as_str().unwrap().to_owned()
    }

    /// Where a step stands: `waiting`, `open`, `passed` …
    pub async fn step(&self, account: &str, number: &str, step: &str) -> String {
        let case = self.case(account, number).await;
        let steps = case["steps"].as_array().unwrap();
        let found =
            steps.iter().find(|s| s["id"] == step).unwrap_or_else(|| panic!("no step {step}: {steps:?}"));
        found["state"]["state"].as_str().unwrap().to_owned()
    }

    /// A term, the newest of its kind.
    pub async fn term(&self, account: &str, number: &str, kind: &str) -> Value {
        let case = self.case(account, number).await;
        let terms = case["terms"].as_array().unwrap();
        let found = terms.iter().rev().find(|t| t["kind"] == kind);
        found.unwrap_or_else(|| panic!("no term {kind}: {terms:?}")).clone()
    }

    /// What is written of it, each event's word and body, in order.
    pub async fn events(&self, account: &str, number: &str) -> Vec<(String, Value)> {
        let token = self.city.token(account).await;
        let request = Request::get(format!("/api/v1/cases/{number}/trace"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let (head, bytes) = self.city.send(request.body(Body::empty()).unwrap()).await;
        assert_eq!(head.status(), StatusCode::OK);
        let lines = std::str::from_utf8(&bytes).unwrap().lines();
        let lines = lines.map(|l| serde_json::from_str::<Value>(l).unwrap());
        let event = |l: Value| Some((l["kind"].as_str()?.to_owned(), l));
        lines.filter_map(event).collect()
    }

    /// How often an event of this word is written.
    pub async fn count(&self, account: &str, number: &str, word: &str) -> usize {
        self.events(account, number).await.iter().filter(|(w, _)| w == word).count()
    }

    /// The kinds of notices, in order; each is a PDF under its seal.
    pub async fn notices(&self, account: &str, number: &str) -> Vec<String> {
        let list = self.get(account, &format!("/api/v1/cases/{number}/notices")).await;
        let token = self.city.token(account).await;
        let mut kinds = Vec::new();
        for notice in list.as_array().unwrap() {
            let id = notice["id"].as_str().unwrap();
            let path = format!("/api/v1/cases/{number}/notices/{id}");
            let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
            let (head, bytes) = self.city.send(request.body(Body::empty()).unwrap()).await;
            assert_eq!(head.status(), StatusCode::OK, "{notice}");
            assert_eq!(head.headers()["content-type"], "application/pdf");
            assert!(bytes.starts_with(b"%PDF"), "{notice}");
            assert!(!notice["number"].as_str().unwrap().is_empty(), "{notice}");
            assert!(notice["seal"].is_string() || notice["kind"] == "service", "{notice}");
            kinds.push(notice["kind"].as_str().unwrap().to_owned());
        }
        kinds
    }

    /// These kinds of notices were issued, in this order, among others.
    #[track_caller]
    pub fn told(&self, account: &str, number: &str, kinds: &[&str]) -> impl Future<Output = ()> {
        let place = std::panic::Location::caller();
        let wanted: Vec<String> = kinds.iter().map(|k| (*k).to_owned()).collect();
        let (account, number) = (account.to_owned(), number.to_owned());
        async move {
            let issued = self.notices(&account, &number).await;
            let mut rest = issued.iter();
            for kind in &wanted {
                assert!(rest.any(|k| k == kind), "{place}: {kind} does not follow in {issued:?}");
            }
        }
    }

    /// Uploads a paper; answers what a form's file field holds.
    pub async fn file(&self, account: &str, name: &str) -> Value {
        let token = self.city.token(account).await;
        let (status, answer) = self.city.upload(&token, name, PDF.as_bytes()).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        json!([{"file": answer["id"], "name": name}])
    }

    pub async fn filed(&self, account: &str, body: &Value) -> Value {
        let token = self.city.token(account).await;
        let key = format!("key-{}-{}", account, self.city.wired.house.ground.rng.next_u64());
        let (status, answer) =
            self.city.call_keyed("POST", "/api/v1/cases", Some(&token), Some(body), Some(&key)).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer
    }

    /// Files; answers the number.
    pub async fn file_case(&self, account: &str, body: &Value) -> String {
        self.filed(account, body).await["number"].as_str().unwrap().to_owned()
    }

    /// Somebody's account in an examiner's agency, by a word in their name.
    pub async fn colleague(&self, account: &str, name: &str) -> String {
        let all = self.get(account, "/api/v1/colleagues").await;
        let found = all.as_array().unwrap().iter().find(|c| c["name"] == name);
        found.unwrap_or_else(|| panic!("{name} is not in {all}"))["account"].as_str().unwrap().to_owned()
    }

    /// The operator switches a register off or on again.
    pub async fn switch(&self, source: &str, down: bool) {
        let ground = &self.city.wired.house.ground;
        store::command!(ground, Lang::En, ActorRef::system(), |cx| exchange::set_down(&mut cx, source, down))
            .unwrap();
    }

    /// What the application for a restaurant says, with every paper.
    pub async fn restaurant(&self) -> Value {
        json!({
            "item": "catering-permit",
            "parties": [{"subject": "organisation"}],
            "answers": {
                "shop": "祖庙食养", "town": "440604012", "address": "佛山市禅城区祖庙街道示范路66号首层",
                "area": 360, "kitchen": 170, "homes": "no", "signboard": "yes",
                "scope": ["hot", "cold"], "special_room": "yes", "safety": "冼志明", "promise": true,
                "layout_file": self.file("restaurant", "平面图.pdf").await,
                "rules_file": self.file("restaurant", "制度.pdf").await,
                "health_file": self.file("restaurant", "健康证.pdf").await,
                "lease_file": self.file("restaurant", "租赁合同.pdf").await,
            }
        })
    }

    /// A small one: no fire check, no signboard.
    pub async fn small_restaurant(&self) -> Value {
        let mut body = self.restaurant().await;
        for (key, value) in [("area", json!(60)), ("kitchen", json!(35)), ("signboard", json!("no"))] {
            body["answers"][key] = value;
        }
        body["answers"]["scope"] = json!(["drinks"]);
        body["answers"].as_object_mut().unwrap().remove("special_room");
        body
    }

    /// The inspection as two officers write it down, and its outcome.
    pub async fn inspect(&self, number: &str, outcome: Value) {
        let now = self.city.wired.house.ground.clock.now().to_string();
        let visit = json!({"at": now, "place": "示范路66号", "officers": ["邓伟杰", "邝佩珊"], "record": "与申报一致。"});
        self.task("inspector", number, "inspect", json!({"outcome": "record_visit", "visit": visit})).await;
        self.task("inspector", number, "inspect", outcome).await;
    }
}

/// In favour.
pub fn approve() -> Value {
    json!({"outcome": "approve"})
}

/// Against, with the reason.
pub fn refuse(reason: &str) -> Value {
    json!({"outcome": "refuse", "reason": reason})
}
