//! A demonstration city in this process, on either database, and callers that speak to it without a network.
#![allow(dead_code, clippy::unwrap_used, reason = "tests only; each test file uses its part")]

pub mod bodies;

use app::config::Config;
use app::wiring::{self, Wired};
use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, Response, StatusCode, header};
use harness::Backend;
use harness::postgres::Database;
use kernel::{Clock, SystemClock};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;
use tower::ServiceExt as _;

/// A wired program with its demonstration city.
pub struct City {
    pub wired: Wired,
    pub router: Router,
    pub config: Config,
    _folder: tempfile::TempDir,
}

impl City {
    /// A fresh city on `backend`.
    pub async fn new(backend: Backend) -> Self {
        Self::with(backend, |_| {}).await
    }

    /// A fresh city that is configured otherwise.
    pub async fn with(backend: Backend, change: impl FnOnce(&mut Config)) -> Self {
        Self::at(backend, Arc::new(SystemClock), change).await
    }

    /// The same by another clock.
    pub async fn at(backend: Backend, clock: Arc<dyn Clock>, change: impl FnOnce(&mut Config)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let database = match backend {
            Backend::Sqlite => None,
            Backend::Postgres => Some(Database::empty().await.url()),
        };
        let mut config = Config {
            data: folder.path().join("data"),
            database,
            shared_files: true,
            packs: Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs"),
            demo: true,
            demo_latency_ms: 0,
            identity: identity::Settings::cheap(),
            ..Config::default()
        };
        change(&mut config);
        let wired = wiring::wire_at(&config, clock).await.unwrap();
        app::serve::prepare(&config, &wired).await.unwrap();
        let router = wiring::router(&wired);
        Self { wired, router, config, _folder: folder }
    }

    /// Serves it on a free port; answers where.
    pub async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let service = self.router.clone().into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, service).await.unwrap() });
        url
    }

    /// Sends a request and reads the whole answer.
    pub async fn send(&self, request: Request<Body>) -> (Response<()>, Bytes) {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let bytes = axum::body::to_bytes(body, 64 << 20).await.unwrap();
        (Response::from_parts(parts, ()), bytes)
    }

    /// Calls the API; answers status and JSON (null when the body is none).
    pub async fn call(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
    ) -> (StatusCode, Value) {
        self.call_keyed(method, path, token, body, None).await
    }

    /// The same with an idempotency key.
    pub async fn call_keyed(
        &self,
        method: &str,
        path: &str,
        token: Option<&str>,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> (StatusCode, Value) {
        let mut request =
            Request::builder().method(method).uri(path).header("content-type", "application/json");
        if let Some(token) = token {
            request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        let (head, bytes) = self.send(request.body(body).unwrap()).await;
        (head.status(), serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    /// A token for a demonstration account.
    pub async fn token(&self, account: &str) -> String {
        let body = json!({"account": account, "password": identity::DEMO_PASSWORD});
        let (status, answer) = self.call("POST", "/api/v1/sessions", None, Some(&body)).await;
        assert_eq!(status, StatusCode::CREATED, "{account}: {answer}");
        answer["token"].as_str().unwrap().to_owned()
    }

    /// Uploads a small contract; answers its id.
    pub async fn contract(&self, token: &str) -> String {
        let (status, answer) = self.upload(token, "包车合同.pdf", PDF.as_bytes()).await;
        assert_eq!(status, StatusCode::CREATED, "{answer}");
        answer["id"].as_str().unwrap().to_owned()
    }

    /// Uploads `bytes` under `name`.
    pub async fn upload(&self, token: &str, name: &str, bytes: &[u8]) -> (StatusCode, Value) {
        let mut body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\nContent-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let request = Request::post("/api/v1/files")
            .header("content-type", "multipart/form-data; boundary=b")
            .header(header::AUTHORIZATION, format!("Bearer {token}"));
        let (head, bytes) = self.send(request.body(Body::from(body)).unwrap()).await;
        (head.status(), serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}

/// A PDF of one empty page.
pub const PDF: &str = include_str!("small.pdf");

/// A small picture.
pub const PICTURE: &[u8] = include_bytes!("small.png");

/// A picture large enough to be a page.
pub const PAGE: &[u8] = include_bytes!("page.png");

/// The day `n` days from now, as answers write it.
pub fn day(city: &City, n: i64) -> String {
    use jiff::ToSpan as _;
    let today = kernel::clock::legal_date(city.wired.house.ground.clock.now());
    today.checked_add(n.days()).unwrap().to_string()
}

/// A filing of the charter-bus sticker that only waits for the examiner.
pub fn sticker(city: &City, contract: &str) -> Value {
    json!({
        "item": "charter-bus-sticker",
        "parties": [{"subject": "organisation"}],
        "answers": {
            "from": "320100", "to": "341000", "via": "马鞍山市、芜湖市、宣城市",
            "starts": day(city, 3), "ends": day(city, 5),
            "plate": "苏A90001", "driver": "99999919790401051X", "contract_no": "JL-1126",
            "contract_file": [{"file": contract, "name": "包车合同.pdf"}], "promise": true
        }
    })
}

/// Runs a test body on a fresh city of each database.
#[macro_export]
macro_rules! in_both_cities {
    ($name:ident, |$city:ident| $body:block) => {
        mod $name {
            use super::*;
            async fn body($city: $crate::city::City) $body
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                body($crate::city::City::new(harness::Backend::Sqlite).await).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                body($crate::city::City::new(harness::Backend::Postgres).await).await;
            }
        }
    };
}
