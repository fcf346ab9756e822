//! What the tests of this room share: a town with its packs, a shelf that keeps cases in memory, a browser without JavaScript.
#![allow(dead_code, reason = "each test file uses its part")]

pub mod shelf;

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use harness::TestGround;
use kernel::{ActorRef, Fault, Lang, Press, PressJob};
use page::{House, Site};
use std::sync::Arc;
use store::Migrations;
use tower::ServiceExt as _;

pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    catalog::MIGRATIONS,
    procedure::MIGRATIONS,
    records::MIGRATIONS,
];
pub const CITY: &str = include_str!("../../../../../packs/demo/city.yaml");

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

/// A town on Monday, 23 November 2026, 10:00 in Beijing, with its items published.
pub async fn town(t: &TestGround) -> House {
    t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
    identity::configure(identity::Settings::cheap());
    identity::seed_demo(&t.ground, CITY).await.unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs/nanjing");
    let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
    let actor = ActorRef::system();
    store::command!(t.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await).unwrap();
    House {
        ground: t.ground.clone(),
        site: Arc::new(Site::demo()),
        press: Arc::new(NoPress),
        calendar: Arc::new(kernel::Calendar::official().clone()),
    }
}

/// A browser of the simplest kind: one cookie jar.
pub struct Browser {
    router: Router,
    jar: Vec<(String, String)>,
}

pub struct Page {
    pub status: StatusCode,
    pub kind: String,
    pub name: String,
    pub text: String,
}

impl Page {
    pub fn csrf(&self) -> String {
        let from = self.text.split("name=\"_csrf\" value=\"").nth(1).expect("a form with a token");
        from.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    /// A browser in which this account is signed in, over these pages.
    pub async fn signed_in(house: &House, routes: Router, account: &str) -> Self {
        let pages = page::inner(routes.merge(identity::routes(house.clone())));
        let mut browser = Self { router: page::layer(identity::layer(pages, house), house), jar: Vec::new() };
        let csrf = browser.get("/login").await.csrf();
        let body = format!("_csrf={csrf}&account={account}&password={}", identity::DEMO_PASSWORD);
        let kind = "application/x-www-form-urlencoded";
        let done = browser.send(Method::POST, "/login", kind, body.into_bytes()).await;
        assert!(done.status.is_redirection(), "{}", done.text);
        browser
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Method::GET, path, "", Vec::new()).await
    }

    /// Posts a form with files: name, file name, content.
    pub async fn upload(&mut self, path: &str, csrf: &str, files: &[(&str, &str, &[u8])]) -> Page {
        let mut body =
            format!("--xx\r\nContent-Disposition: form-data; name=\"_csrf\"\r\n\r\n{csrf}\r\n").into_bytes();
        for (field, name, bytes) in files {
            let head = format!(
                "--xx\r\nContent-Disposition: form-data; name=\"{field}\"; filename=\"{name}\"\r\nContent-Type: text/plain\r\n\r\n"
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(b"--xx--\r\n");
        self.send(Method::POST, path, "multipart/form-data; boundary=xx", body).await
    }

    async fn send(&mut self, method: Method, path: &str, kind: &str, body: Vec<u8>) -> Page {
        let line: Vec<String> = self.jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, kind)
            .header(header::COOKIE, line.join("; "))
            .header(header::HOST, "127.0.0.1:8080")
            .body(Body::from(body))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, value) = cookie.to_str().unwrap().split(';').next().unwrap().split_once('=').unwrap();
            self.jar.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.jar.push((name.to_owned(), value.to_owned()));
            }
        }
        let head = |name| response.headers().get(name).map_or("", |v| v.to_str().unwrap()).to_owned();
        let (status, kind, name) =
            (response.status(), head(header::CONTENT_TYPE), head(header::CONTENT_DISPOSITION));
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
        Page { status, kind, name, text: String::from_utf8(bytes.to_vec()).unwrap() }
    }
}
