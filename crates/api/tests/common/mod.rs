//! What the tests of the API share: the demonstration city with its packs, callers with tokens, no network.
#![allow(dead_code, reason = "each test file uses its part")]

use axum::Router;
use axum::body::Body;
use axum::http::request::Builder;
use axum::http::{Request, StatusCode, header};
use certificates::Signer;
use exchange::Sources;
use forms::Answers;
use harness::TestGround;
use identity::Settings;
use kernel::{Fault, Lang, Press, PressJob};
use page::{House, Site};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use store::Migrations;
use tower::ServiceExt as _;

pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    certificates::MIGRATIONS,
    procedure::MIGRATIONS,
    proofs::MIGRATIONS,
    cases::MIGRATIONS,
    ratings::MIGRATIONS,
    delivery::MIGRATIONS,
];
pub const CITY: &str = include_str!("../../../../packs/demo/city.yaml");

/// A press that prints a page which says nothing.
struct Blank;

impl Press for Blank {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Ok(b"%PDF-1.4\nstartxref\n9\n%%EOF\n".to_vec())
    }
}

/// Nothing is carried, and nothing is around.
struct Nowhere;

#[async_trait::async_trait]
impl delivery::Around for Nowhere {
    async fn matter_for(&self, _: &identity::Applicant, _: &str) -> kernel::Outcome<delivery::Matter> {
        Err(kernel::Refusal::not_found().into())
    }
    async fn matter_at_window(&self, _: &identity::Staff, _: &str) -> kernel::Outcome<delivery::Matter> {
        Err(kernel::Refusal::not_found().into())
    }
    async fn owed_beside(&self, _: &str, _: kernel::SubjectId) -> kernel::Outcome<bool> {
        Ok(false)
    }
    async fn places(&self, _: &str) -> kernel::Outcome<Vec<delivery::Place>> {
        Ok(Vec::new())
    }
}

fn deliveries(house: &House) -> delivery::Deliveries {
    delivery::Deliveries {
        house: house.clone(),
        courier: Arc::new(delivery::courier::NoCourier),
        key: delivery::sign::key("test", "0123456789abcdef0123456789abcdef").unwrap(),
        tariff: Arc::new(delivery::Tariff::free()),
        around: Arc::new(Nowhere),
        terms: delivery::Settings::default(),
    }
}

/// A town whose API answers.
pub struct Town {
    pub t: TestGround,
    pub house: House,
    pub sources: Sources,
    pub signer: Arc<Signer>,
    router: Router,
}

/// A form of one file.
fn form(request: Builder, part: &str, name: &str, bytes: &[u8]) -> Request<Body> {
    let head = format!("--b\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\r\n");
    let body = [head.as_bytes(), bytes, b"\r\n--b--\r\n"].concat();
    request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=b").body(Body::from(body)).unwrap()
}

impl Town {
    /// What waits in the outbox is delivered: registers are asked about whoever has just confirmed.
    #[allow(dead_code, reason = "not every test has something in the outbox")]
    pub async fn settle(&self) {
        let others = [
            "cases.filed",
            "cases.decided",
            "cases.closed",
            "cases.owes",
            "cases.recorded-late",
            "cases.told",
            "certificates.issued",
            "exchange.dispatch",
        ];
        let courier = store::outbox::Courier::new(self.t.ground.clone());
        let courier = cases::courier(courier, self.house.clone(), self.sources.clone());
        others
            .into_iter()
            .chain(identity::letters::TOPICS)
            .fold(courier, |c, topic| c.ignore(topic))
            .drain()
            .await
            .unwrap();
    }

    /// On Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround) -> Self {
        let now = "2026-11-23T02:00:00Z".parse().unwrap();
        t.clock.set(now);
        identity::configure(Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        procedure::seed_demo_seals(&t.ground).await.unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
        let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
        let actor = kernel::ActorRef::system();
        store::command!(t.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await).unwrap();
        let calendar = Arc::new(kernel::Calendar::official().clone());
        let house = House {
            ground: t.ground.clone(),
            site: Arc::new(Site::demo()),
            press: Arc::new(Blank),
            calendar,
        };
        let sources = exchange::demo_sources_with(CITY, t.ground.clone(), Duration::ZERO).unwrap();
        let lines = exchange::demo_line_systems(CITY, &t.ground, Duration::ZERO).unwrap();
        let signer = Arc::new(Signer::demo(&t.data, t.ground.rng.as_ref(), now).unwrap());
        let router = api::routes(
            house.clone(),
            sources.clone(),
            lines.systems().clone(),
            signer.clone(),
            ratings::Settings::default(),
            deliveries(&house),
            appointments::Settings::default(),
        );
        Self { t, house, sources, signer, router }
    }

    async fn send(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 8 << 20).await.unwrap();
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// A token for a demonstration account.
    pub async fn token(&self, account: &str) -> String {
        let body = json!({"account": account, "password": identity::DEMO_PASSWORD});
        let request = Request::post("/api/v1/sessions").header(header::CONTENT_TYPE, "application/json");
        let (status, answer) = self.send(request.body(Body::from(body.to_string())).unwrap()).await;
        assert_eq!(status, StatusCode::CREATED, "{account}: {answer}");
        answer["token"].as_str().unwrap().to_owned()
    }

    pub async fn get(&self, token: &str, path: &str) -> (StatusCode, Value) {
        let request = Request::get(path).header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Files or acts; the key makes a filing the same filing.
    pub async fn post(&self, token: &str, path: &str, key: &str, body: &Value) -> (StatusCode, Value) {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/json")
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header("idempotency-key", key);
        self.send(request.body(Body::from(body.to_string())).unwrap()).await
    }

    /// Uploads `bytes` under `name`.
    pub async fn upload(&self, token: &str, name: &str, bytes: &[u8]) -> (StatusCode, Value) {
        let request = Request::post("/api/v1/files").header(header::AUTHORIZATION, format!("Bearer {token}"));
        self.send(form(request, "file", name, bytes)).await
    }

    /// What anybody may ask, without a token.
    pub async fn look(&self, path: &str) -> (StatusCode, Value) {
        self.send(Request::get(path).body(Body::empty()).unwrap()).await
    }

    /// Sends `bytes` in the part `part` without a token.
    pub async fn hand_in(&self, path: &str, part: &str, bytes: &[u8]) -> (StatusCode, Value) {
        self.send(form(Request::post(path), part, "a.pdf", bytes)).await
    }

    /// The answers of the one form of a house sale, from the examples of its items, with `file` for every paper.
    pub async fn sale(&self, file: &str) -> Answers {
        let bundle =
            cases::bundle::Bundle::load(&self.house.ground.store, Some("stock-house"), &[]).await.unwrap();
        let mut all = Answers::new();
        for (member, published) in bundle.items.iter().enumerate() {
            let mut own = published.item.examples[0].given.answers.clone();
            for spec in published.item.materials.iter().filter(|m| m.produced_by.is_some()) {
                spec.field.iter().for_each(|f| drop(own.shift_remove(f)));
            }
            all.extend(bundle.merged.lift(member, &own));
        }
        for value in all.values_mut().filter_map(Value::as_array_mut) {
            for entry in value.iter_mut().filter(|v| v.get("file").is_some()) {
                entry["file"] = json!(file);
            }
        }
        all.insert("mortgage".to_owned(), json!("no"));
        all
    }
}
