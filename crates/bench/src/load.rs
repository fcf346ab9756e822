//! Callers over HTTP: each keeps one connection and files case after case until the time is up.

use crate::stats::Tally;
use http_body_util::{BodyExt, Full};
use hyper::body::Bytes;
use hyper::client::conn::http1::SendRequest;
use hyper::{Request, StatusCode};
use hyper_util::rt::TokioIo;
use std::net::SocketAddr;
use std::time::{Duration, Instant};
use tokio::net::TcpStream;

/// What went wrong, in words.
pub type Trouble = Box<dyn std::error::Error + Send + Sync>;

/// One connection of one caller.
pub struct Caller {
    send: SendRequest<Full<Bytes>>,
    host: String,
    token: Option<String>,
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
        Ok(Self { send, host: address.to_string(), token: None })
    }

    /// The same caller, signed in with `token`.
    #[must_use]
    pub fn with_token(mut self, token: &str) -> Self {
        self.token = Some(token.to_owned());
        self
    }

    /// One POST of JSON (or of anything with its type); answers status and body.
    ///
    /// # Errors
    /// When the connection breaks.
    pub async fn post(
        &mut self,
        path: &str,
        kind: &str,
        body: Bytes,
        key: Option<&str>,
    ) -> Result<(StatusCode, Bytes), Trouble> {
        let mut request = Request::post(path).header("host", &self.host).header("content-type", kind);
        if let Some(token) = &self.token {
            request = request.header("authorization", format!("Bearer {token}"));
        }
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        self.send.ready().await?;
        let response = self.send.send_request(request.body(Full::new(body))?).await?;
        let status = response.status();
        Ok((status, response.into_body().collect().await?.to_bytes()))
    }
}

/// Signs in and answers the bearer token.
///
/// # Errors
/// When the account is refused.
pub async fn sign_in(address: SocketAddr, account: &str) -> Result<String, Trouble> {
    let body = serde_json::json!({"account": account, "password": "yimen-demo"}).to_string();
    let (status, answer) = Caller::connect(address)
        .await?
        .post("/api/v1/sessions", "application/json", body.into(), None)
        .await?;
    if status != StatusCode::CREATED {
        return Err(format!("signing in as {account}: {status} {}", String::from_utf8_lossy(&answer)).into());
    }
    let answer: serde_json::Value = serde_json::from_slice(&answer)?;
    Ok(answer["token"].as_str().ok_or("no token in the answer")?.to_owned())
}

/// Files `body` again and again with `callers` at once for `time`; each with a fresh idempotency key.
///
/// # Errors
/// When a caller cannot connect, or any filing is not answered 201.
pub async fn file_cases(
    address: SocketAddr,
    token: &str,
    body: Bytes,
    callers: usize,
    time: Duration,
    run: &str,
) -> Result<Tally, Trouble> {
    let until = Instant::now() + time;
    let started = Instant::now();
    let mut tasks = tokio::task::JoinSet::new();
    for caller in 0..callers {
        let (token, body, run) = (token.to_owned(), body.clone(), run.to_owned());
        tasks.spawn(async move {
            let mut connection = Caller::connect(address).await?.with_token(&token);
            let mut micros = Vec::new();
            while Instant::now() < until {
                let key = format!("{run}-{caller}-{}", micros.len());
                let begun = Instant::now();
                let (status, answer) =
                    connection.post("/api/v1/cases", "application/json", body.clone(), Some(&key)).await?;
                micros.push(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX));
                if status != StatusCode::CREATED {
                    return Err::<_, Trouble>(
                        format!("{status}: {}", String::from_utf8_lossy(&answer)).into(),
                    );
                }
            }
            Ok(micros)
        });
    }
    let mut all = Vec::new();
    while let Some(done) = tasks.join_next().await {
        all.extend(done??);
    }
    Ok(Tally::new(all, started.elapsed()))
}
