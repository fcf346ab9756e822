//! Somebody with what they are known by: a cookie for pages, a token for the API, the proof that a form is ours.

use crate::city::{City, PICTURE};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode, header};
use std::time::Duration;
use tower::ServiceExt as _;

/// A page or a file is answered within so long, or it is a stream that must not have begun.
const PATIENCE: Duration = Duration::from_secs(20);

pub struct Somebody {
    pub name: &'static str,
    pub session: String,
    pub token: String,
    pub csrf: String,
}

impl Somebody {
    /// A visitor when the account has no name.
    pub async fn new(city: &City, account: &'static str) -> Self {
        if account.is_empty() {
            return Self {
                name: "a visitor",
                session: String::new(),
                token: String::new(),
                csrf: String::new(),
            };
        }
        let mut somebody = Self::browser(city, account).await;
        somebody.token = city.token(account).await;
        somebody
    }

    /// With a browser only.
    pub async fn browser(city: &City, account: &'static str) -> Self {
        let ground = &city.wired.house.ground;
        let kind = identity::SessionKind::Cookie;
        let session = identity::sign_in(ground, account, identity::DEMO_PASSWORD, kind).await.unwrap().token;
        let mut somebody = Self { name: account, session, token: String::new(), csrf: String::new() };
        let (_, home) = somebody.ask(city, "GET", "/help", "").await;
        let from = home.split_once("name=\"_csrf\" value=\"").expect("a page with a form").1;
        somebody.csrf = from.split_once('"').unwrap().0.to_owned();
        somebody
    }

    /// The same account acting for `whom` (`self`, a firm's id, `mandate:…`), under a name of its own in this test.
    pub async fn acting(
        city: &City,
        account: &'static str,
        name: &'static str,
        whom: &str,
        api: bool,
    ) -> Self {
        let mut somebody = Self { name, ..Self::browser(city, account).await };
        somebody.post(city, "/acting", &[("whom", whom)]).await;
        // The account keeps whom it acts for, and a new session begins with it.
        if api {
            somebody.token = city.token(account).await;
        }
        somebody
    }

    /// The same once more.
    pub fn again(&self) -> Self {
        let Self { name, session, token, csrf } = self;
        Self { name, session: session.clone(), token: token.clone(), csrf: csrf.clone() }
    }

    pub async fn ask(&self, city: &City, method: &str, path: &str, body: &str) -> (StatusCode, String) {
        let api = path.starts_with("/api/");
        let kind = if api { "application/json" } else { "application/x-www-form-urlencoded" };
        self.send(city, method, path, (kind, body.as_bytes().to_vec())).await
    }

    async fn send(
        &self,
        city: &City,
        method: &str,
        path: &str,
        (kind, body): (&str, Vec<u8>),
    ) -> (StatusCode, String) {
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, "127.0.0.1:8080");
        let api = path.starts_with("/api/");
        if api && !self.token.is_empty() {
            request = request.header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        }
        if !api {
            request = request
                .header(header::ACCEPT, "text/html")
                .header(header::COOKIE, format!("yimen_session={}; yimen_lang=zh-CN", self.session));
        }
        let request = request.header(header::CONTENT_TYPE, kind).body(Body::from(body)).unwrap();
        let answered = tokio::time::timeout(PATIENCE, whole(city, request)).await;
        answered.unwrap_or_else(|_| panic!("{} {method} {path} does not end", self.name))
    }

    /// Sends a form that has to succeed; answers where it leads to.
    pub async fn post(&self, city: &City, path: &str, fields: &[(&str, &str)]) -> String {
        let escaped = crate::routes::escaped;
        let own = [("_csrf", self.csrf.as_str())];
        let pairs = own.iter().chain(fields).map(|(name, value)| format!("{name}={}", escaped(value)));
        let (status, answer) = self.ask(city, "POST", path, &pairs.collect::<Vec<_>>().join("&")).await;
        self.led(path, status, &answer)
    }

    /// The same with one small picture in `field`.
    pub async fn post_picture(
        &self,
        city: &City,
        path: &str,
        field: &str,
        fields: &[(&str, &str)],
    ) -> String {
        self.post_file(city, path, field, PICTURE, fields).await
    }

    /// The same with a picture of one's own.
    pub async fn post_file(
        &self,
        city: &City,
        path: &str,
        field: &str,
        picture: &[u8],
        fields: &[(&str, &str)],
    ) -> String {
        let part = |name: &str| format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"");
        let mut body = format!("{}\r\n\r\n{}\r\n", part("_csrf"), self.csrf);
        for (name, value) in fields {
            body += &format!("{}\r\n\r\n{value}\r\n", part(name));
        }
        body += &format!("{}; filename=\"a.png\"\r\nContent-Type: image/png\r\n\r\n", part(field));
        let mut body = body.into_bytes();
        body.extend_from_slice(picture);
        body.extend_from_slice(b"\r\n--b--\r\n");
        let kind = "multipart/form-data; boundary=b";
        let (status, answer) = self.send(city, "POST", path, (kind, body)).await;
        self.led(path, status, &answer)
    }

    fn led(&self, path: &str, status: StatusCode, answer: &str) -> String {
        assert!(status.is_redirection(), "{} POST {path}: {status} {answer}", self.name);
        let to = answer.lines().find(|line| line.starts_with('/') && !line.contains(' '));
        to.unwrap_or_else(|| panic!("{path} leads nowhere: {answer}")).to_owned()
    }

    /// A page that must be there.
    pub async fn page(&self, city: &City, path: &str) -> String {
        let (status, answer) = self.ask(city, "GET", path, "").await;
        assert!(status.is_success(), "{} GET {path}: {status} {answer}", self.name);
        answer
    }
}

/// Status, headers and body as text. A stream that has begun for whoever may read it is not waited for: it never ends.
async fn whole(city: &City, request: Request<Body>) -> (StatusCode, String) {
    let response = city.router.clone().oneshot(request).await.unwrap();
    let (head, body) = response.into_parts();
    let mut text = String::new();
    for value in head.headers.values() {
        text.push_str(&String::from_utf8_lossy(value.as_bytes()));
        text.push('\n');
    }
    if !text.contains("text/event-stream") {
        text.push_str(&crate::marks::readable(&to_bytes(body, 64 << 20).await.unwrap()));
    }
    (head.status, text)
}
