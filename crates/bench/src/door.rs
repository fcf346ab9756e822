//! Ways in: over HTTP on one connection, as callers have it, or straight into the router.

use axum::Router;
use axum::body::Body;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::{HeaderMap, Method, Request, StatusCode};
use hyper_util::rt::TokioIo;
use serde_json::{Value, json};
use std::net::SocketAddr;
use tokio::net::TcpStream;
use tower::ServiceExt as _;

/// What went wrong, in words.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// Whose request it is.
#[derive(Debug, Clone, Default)]
pub enum Pass {
    /// Nobody's.
    #[default]
    Nobody,
    /// A program's, by bearer token.
    Token(String),
    /// A browser's, by cookie.
    Cookie(String),
}

/// A request.
#[derive(Debug, Clone)]
pub struct Ask {
    method: Method,
    path: String,
    kind: &'static str,
    body: Bytes,
    key: Option<String>,
    accept: &'static str,
    pass: Pass,
}

impl Ask {
    /// A GET.
    pub fn get(path: impl Into<String>) -> Self {
        let (method, kind) = (Method::GET, "");
        let (body, key, accept) = (Bytes::new(), None, "");
        Self { method, path: path.into(), kind, body, key, accept, pass: Pass::Nobody }
    }

    /// A POST of a body of this type.
    pub fn post(path: impl Into<String>, kind: &'static str, body: Bytes) -> Self {
        Self { method: Method::POST, kind, body, ..Self::get(path) }
    }

    /// A POST of JSON.
    pub fn json(path: impl Into<String>, body: &Value) -> Self {
        Self::post(path, "application/json", body.to_string().into())
    }

    /// The same request, asked by this one.
    #[must_use]
    pub fn by(mut self, pass: &Pass) -> Self {
        self.pass = pass.clone();
        self
    }

    /// The same request under this idempotency key.
    #[must_use]
    pub fn keyed(mut self, key: &str) -> Self {
        self.key = Some(key.to_owned());
        self
    }

    /// The same request for an answer of this type.
    #[must_use]
    pub fn accepting(mut self, kind: &'static str) -> Self {
        self.accept = kind;
        self
    }

    /// Where it goes, for messages.
    pub fn path(&self) -> &str {
        &self.path
    }

    fn request<B>(self, host: &str, body: impl FnOnce(Bytes) -> B) -> Result<Request<B>, hyper::http::Error> {
        let mut request = Request::builder().method(self.method).uri(&self.path).header("host", host);
        if !self.kind.is_empty() {
            request = request.header("content-type", self.kind);
        }
        if !self.accept.is_empty() {
            request = request.header("accept", self.accept);
        }
        match &self.pass {
            Pass::Nobody => {}
            Pass::Token(token) => request = request.header("authorization", format!("Bearer {token}")),
            Pass::Cookie(cookie) => request = request.header("cookie", cookie),
        }
        if let Some(key) = &self.key {
            request = request.header("idempotency-key", key);
        }
        request.body(body(self.body))
    }
}

/// An answer.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Reply {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON.
    ///
    /// # Errors
    /// When the status is no success: then with what was said.
    pub fn json(&self) -> Result<Value, Trouble> {
        if !self.status.is_success() {
            return Err(format!("{}: {}", self.status, self.text()).into());
        }
        Ok(serde_json::from_slice(&self.body)?)
    }
}

/// A way in.
pub trait Door: Send {
    /// Asks and waits for the whole answer.
    fn ask(&mut self, ask: Ask) -> impl Future<Output = Result<Reply, Trouble>> + Send;
}

/// One connection of one caller.
pub struct Caller {
    send: SendRequest<Full<Bytes>>,
    host: String,
}

impl Caller {
    /// Connects to the server.
    ///
    /// # Errors
    /// When the connection is refused.
    pub async fn connect(address: SocketAddr) -> Result<Self, Trouble> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (send, connection) = hyper::client::conn::http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(connection);
        Ok(Self { send, host: address.to_string() })
    }

    /// Asks and waits for the head of the answer only; the connection is used up by it.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn head(mut self, ask: Ask) -> Result<StatusCode, Trouble> {
        let request = ask.request(&self.host, Full::new)?;
        self.send.ready().await?;
        Ok(self.send.send_request(request).await?.status())
    }

    /// Asks and hands over the answer piece by piece, as it comes; the connection is used up by it.
    ///
    /// # Errors
    /// When the connection breaks or the answer is no success.
    pub async fn pieces(mut self, ask: Ask, mut each: impl FnMut(&[u8])) -> Result<(), Trouble> {
        let request = ask.request(&self.host, Full::new)?;
        self.send.ready().await?;
        let (head, mut body) = self.send.send_request(request).await?.into_parts();
        if !head.status.is_success() {
            return Err(format!("{}", head.status).into());
        }
        while let Some(frame) = body.frame().await {
            if let Ok(piece) = frame?.into_data() {
                each(&piece);
            }
        }
        Ok(())
    }
}

impl Door for Caller {
    async fn ask(&mut self, ask: Ask) -> Result<Reply, Trouble> {
        let request = ask.request(&self.host, Full::new)?;
        self.send.ready().await?;
        let (head, body) = self.send.send_request(request).await?.into_parts();
        let body = body.collect().await?.to_bytes();
        Ok(Reply { status: head.status, headers: head.headers, body })
    }
}

/// Straight into the router of this process.
#[derive(Clone)]
pub struct Inside(pub Router);

impl Door for Inside {
    async fn ask(&mut self, ask: Ask) -> Result<Reply, Trouble> {
        let request = ask.request("127.0.0.1", Body::from)?;
        let (head, body) = self.0.clone().oneshot(request).await?.into_parts();
        let body = axum::body::to_bytes(body, 1 << 24).await?;
        Ok(Reply { status: head.status, headers: head.headers, body })
    }
}

const PASSWORD: &str = "yimen-demo";

/// Signs in as a program does.
///
/// # Errors
/// When the account is refused.
pub async fn sign_in<D: Door>(door: &mut D, account: &str) -> Result<Pass, Trouble> {
    let ask = Ask::json("/api/v1/sessions", &json!({"account": account, "password": PASSWORD}));
    let answer = door.ask(ask).await?.json().map_err(|e| format!("signing in as {account}: {e}"))?;
    Ok(Pass::Token(answer["token"].as_str().ok_or("no token in the answer")?.to_owned()))
}

/// Signs in as a browser does: the form's page with its cookie and token first, then the form.
///
/// # Errors
/// When the account is refused.
pub async fn sign_in_by_form<D: Door>(door: &mut D, account: &str) -> Result<Pass, Trouble> {
    let page = door.ask(Ask::get("/login")).await?;
    let visitor = Pass::Cookie(cookies(&page.headers));
    let text = page.text();
    let (_, rest) = text.split_once("name=\"_csrf\" value=\"").ok_or("no form token on the sign-in page")?;
    let csrf = rest.split('"').next().unwrap_or_default();
    let form = format!("_csrf={csrf}&account={account}&password={PASSWORD}");
    let ask = Ask::post("/login", "application/x-www-form-urlencoded", form.into()).by(&visitor);
    let reply = door.ask(ask).await?;
    if !reply.status.is_redirection() {
        return Err(format!("signing in as {account} by the form: {}", reply.status).into());
    }
    Ok(Pass::Cookie(cookies(&reply.headers)))
}

fn cookies(headers: &HeaderMap) -> String {
    let set = headers.get_all("set-cookie").iter().filter_map(|v| v.to_str().ok());
    set.filter_map(|c| c.split(';').next()).collect::<Vec<_>>().join("; ")
}
