//! A browser of the simplest kind, for tests of pages: one cookie jar, no JavaScript.
#![allow(dead_code, reason = "each test file uses its part")]

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, Response, StatusCode, header};
use tower::ServiceExt as _;

/// A browser of the simplest kind: one cookie jar.
pub struct Browser {
    router: Router,
    jar: Vec<(String, String)>,
    pub last_cookies: Vec<String>,
}

pub struct Page {
    pub status: StatusCode,
    pub to: String,
    pub html: String,
}

impl Page {
    /// The form token in the page.
    pub fn csrf(&self) -> String {
        let from = self.html.split("name=\"_csrf\" value=\"").nth(1).expect("a form with a token");
        from.split('"').next().unwrap().to_owned()
    }
}

impl Browser {
    pub fn new(router: Router) -> Self {
        Self { router, jar: Vec::new(), last_cookies: Vec::new() }
    }

    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.jar.push((name.to_owned(), value.to_owned()));
        self
    }

    pub fn has_cookie(&self, name: &str) -> bool {
        self.jar.iter().any(|(n, _)| n == name)
    }

    async fn send(&mut self, request: axum::http::request::Builder, body: String) -> Page {
        let line: Vec<String> = self.jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = request
            .header(header::COOKIE, line.join("; "))
            .header(header::HOST, "127.0.0.1:8080")
            .body(Body::from(body))
            .unwrap();
        let response: Response<Body> = self.router.clone().oneshot(request).await.unwrap();
        let headers = response.headers();
        self.last_cookies =
            headers.get_all(header::SET_COOKIE).iter().map(|v| v.to_str().unwrap().to_owned()).collect();
        let to = headers.get(header::LOCATION).map_or("", |v| v.to_str().unwrap()).to_owned();
        for cookie in &self.last_cookies {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.jar.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.jar.push((name.to_owned(), value.to_owned()));
            }
        }
        let status = response.status();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
        Page { status, to, html: String::from_utf8(bytes.to_vec()).unwrap() }
    }

    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::builder().uri(path).header(header::ACCEPT, "text/html"), String::new()).await
    }

    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let encode = |text: &str| {
            text.bytes().fold(String::new(), |mut out, b| {
                out.push_str(&format!("%{b:02X}"));
                out
            })
        };
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::ACCEPT, "text/html")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body.join("&")).await
    }
}
