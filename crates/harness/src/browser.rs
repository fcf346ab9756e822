//! A browser of the simplest kind, for tests of pages: one cookie jar, forms, no JavaScript. It talks to any service of
//! `http` requests, so that it knows neither pages nor routers.

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Full};
use std::convert::Infallible;
use tower::util::BoxCloneSyncService;
use tower::{Service, ServiceExt as _};

type Site = BoxCloneSyncService<Request<Full<Bytes>>, Response<Bytes>, Infallible>;

/// A browser: one cookie jar in front of one site.
#[derive(Clone)]
pub struct Browser {
    site: Site,
    jar: Vec<(String, String)>,
    /// The `Set-Cookie` lines of the last answer.
    pub last_cookies: Vec<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Page {
    /// The status.
    pub status: StatusCode,
    /// Where it leads (`Location`), or nothing.
    pub to: String,
    /// The `Content-Type`.
    pub kind: String,
    /// The body as text; what is no UTF-8 is replaced.
    pub html: String,
    /// The body.
    pub bytes: Bytes,
}

impl Page {
    /// The form token in the page.
    ///
    /// # Panics
    /// When the page holds no form with a token.
    pub fn csrf(&self) -> String {
        self.hidden("_csrf").unwrap_or_else(|| panic!("no form with a token: {}", self.html))
    }

    /// The value of the first hidden field called `name`.
    pub fn hidden(&self, name: &str) -> Option<String> {
        let from = self.html.split_once(&format!("name=\"{name}\" value=\""))?.1;
        Some(from.split_once('"')?.0.to_owned())
    }
}

/// A file chosen in a form.
#[derive(Debug, Clone, Copy)]
pub struct Chosen<'a> {
    /// The field.
    pub field: &'a str,
    /// The file's name.
    pub name: &'a str,
    /// What it holds.
    pub bytes: &'a [u8],
}

impl Browser {
    /// A browser in front of `site`: an axum router, or any such service.
    pub fn new<S, B>(site: S) -> Self
    where
        S: Service<Request<Full<Bytes>>, Response = Response<B>, Error = Infallible>
            + Clone
            + Send
            + Sync
            + 'static,
        S::Future: Send,
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: std::fmt::Debug,
    {
        let whole = site.and_then(|response: Response<B>| async move {
            let (parts, body) = response.into_parts();
            let bytes = body.collect().await.unwrap_or_else(|e| panic!("a body broke off: {e:?}")).to_bytes();
            Ok(Response::from_parts(parts, bytes))
        });
        Self { site: BoxCloneSyncService::new(whole), jar: Vec::new(), last_cookies: Vec::new() }
    }

    /// The same browser with one more cookie.
    #[must_use]
    pub fn with_cookie(mut self, name: &str, value: &str) -> Self {
        self.jar.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Whether it keeps a cookie called `name`.
    pub fn has_cookie(&self, name: &str) -> bool {
        self.jar.iter().any(|(n, _)| n == name)
    }

    /// Opens a page.
    pub async fn get(&mut self, path: &str) -> Page {
        self.send(Request::builder().uri(path), Bytes::new()).await
    }

    /// Sends a form.
    pub async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> Page {
        let body: Vec<String> = fields.iter().map(|(n, v)| format!("{}={}", encode(n), encode(v))).collect();
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request, body.join("&").into()).await
    }

    /// Tells something in JSON, as a device or another program does; the answer is JSON too.
    pub async fn tell(&mut self, path: &str, body: &serde_json::Value) -> (StatusCode, serde_json::Value) {
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, "application/json");
        let answer = self.send(request, body.to_string().into()).await;
        (answer.status, serde_json::from_slice(&answer.bytes).unwrap_or_default())
    }

    /// Opens the page at `from`, and sends the form in it to `path` with its token and these fields.
    pub async fn submit(&mut self, from: &str, path: &str, fields: &[(&str, &str)]) -> Page {
        let csrf = self.get(from).await.csrf();
        let mut all = vec![("_csrf", csrf.as_str())];
        all.extend_from_slice(fields);
        self.post(path, &all).await
    }

    /// Sends a form with files.
    pub async fn post_files(&mut self, path: &str, fields: &[(&str, &str)], files: &[Chosen<'_>]) -> Page {
        const EDGE: &str = "----form-of-a-test-5d41402abc4b2a76";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part =
                format!("--{EDGE}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend_from_slice(part.as_bytes());
        }
        for file in files {
            let head = format!(
                "--{EDGE}\r\nContent-Disposition: form-data; name=\"{}\"; filename=\"{}\"\r\n\
                 Content-Type: application/octet-stream\r\n\r\n",
                file.field, file.name
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(file.bytes);
            body.extend_from_slice(b"\r\n");
        }
        body.extend_from_slice(format!("--{EDGE}--\r\n").as_bytes());
        let request = Request::builder()
            .method(Method::POST)
            .uri(path)
            .header(header::CONTENT_TYPE, format!("multipart/form-data; boundary={EDGE}"));
        self.send(request, body.into()).await
    }

    async fn send(&mut self, request: http::request::Builder, body: Bytes) -> Page {
        let line: Vec<String> = self.jar.iter().map(|(n, v)| format!("{n}={v}")).collect();
        let request = request
            .header(header::ACCEPT, "text/html")
            .header(header::COOKIE, line.join("; "))
            .header(header::HOST, "127.0.0.1:8080")
            .body(Full::new(body))
            .unwrap_or_else(|e| panic!("a request: {e}"));
        let response = self.site.clone().oneshot(request).await.unwrap_or_else(|never| match never {});
        let text = |name: &header::HeaderName| {
            response.headers().get(name).and_then(|v| v.to_str().ok()).unwrap_or_default().to_owned()
        };
        let (to, kind) = (text(&header::LOCATION), text(&header::CONTENT_TYPE));
        let cookies = response.headers().get_all(header::SET_COOKIE).iter();
        self.last_cookies = cookies.filter_map(|v| v.to_str().ok()).map(str::to_owned).collect();
        self.keep_cookies();
        let (status, bytes) = (response.status(), response.into_body());
        Page { status, to, kind, html: String::from_utf8_lossy(&bytes).into_owned(), bytes }
    }

    fn keep_cookies(&mut self) {
        for cookie in &self.last_cookies {
            let pair = cookie.split(';').next().and_then(|pair| pair.split_once('='));
            let Some((name, value)) = pair else { continue };
            self.jar.retain(|(n, _)| n != name);
            if !value.is_empty() {
                self.jar.push((name.to_owned(), value.to_owned()));
            }
        }
    }
}

fn encode(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}
