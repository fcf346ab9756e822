//! A simulated line system (条线系统): its own small HTTP server, that knows of the platform only what the README of
//! `exchange` tells a stranger. It answers when it was asked often enough, slowly, twice, or with a false signature.

use crate::http::{self, Read};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Clock, FixedClock};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

/// How it behaves; the default takes a dispatch at once and reports a pass once.
#[derive(Debug, Clone)]
pub struct Manners {
    /// How many requests it answers with 503 before it takes one.
    pub refuses: usize,
    /// How long it thinks before it answers a dispatch.
    pub slow: Duration,
    /// How often it reports each task, by itself, to [`Manners::reports_to`].
    pub reports: usize,
    /// Where it reports: `http://127.0.0.1:PORT/…`; nowhere when there is none.
    pub reports_to: Option<String>,
    /// `pass` or `fail`.
    pub outcome: &'static str,
    /// Whether it signs its reports with another secret.
    pub false_signature: bool,
}

impl Default for Manners {
    fn default() -> Self {
        Self {
            refuses: 0,
            slow: Duration::ZERO,
            reports: 1,
            reports_to: None,
            outcome: "pass",
            false_signature: false,
        }
    }
}

/// A dispatch that it was sent.
#[derive(Debug, Clone)]
pub struct Taken {
    /// The headers, names in lower case.
    pub headers: BTreeMap<String, String>,
    /// The body.
    pub body: String,
    /// What it answered.
    pub status: u16,
}

#[derive(Default)]
struct Kept {
    asked: Vec<Taken>,
    answers: Vec<u16>,
}

/// A running line system; it stops when the last handle is dropped with its runtime.
#[derive(Clone)]
pub struct LineSystem {
    /// Where dispatches are posted.
    pub url: String,
    /// The name of its key.
    pub key_id: String,
    /// Its secret.
    pub secret: String,
    clock: FixedClock,
    manners: Arc<Mutex<Manners>>,
    kept: Arc<Mutex<Kept>>,
    nonces: Arc<AtomicU64>,
}

fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Starts a line system on a free port.
///
/// # Panics
/// When there is no free port.
pub async fn line_system(clock: &FixedClock, manners: Manners) -> LineSystem {
    let listener =
        TcpListener::bind("127.0.0.1:0").await.unwrap_or_else(|e| panic!("a port for a line system: {e}"));
    let port = listener.local_addr().unwrap_or_else(|e| panic!("a line system's port: {e}")).port();
    let line = LineSystem {
        url: format!("http://127.0.0.1:{port}/dispatches"),
        key_id: format!("line-{port}"),
        secret: hex::encode(Sha256::digest(port.to_be_bytes())),
        clock: clock.clone(),
        manners: Arc::new(Mutex::new(manners)),
        kept: Arc::default(),
        nonces: Arc::default(),
    };
    let server = line.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let line = server.clone();
            tokio::spawn(async move { line.serve(stream).await });
        }
    });
    line
}

impl LineSystem {
    /// Changes its manners from now on.
    pub fn behave(&self, change: impl FnOnce(&mut Manners)) {
        change(&mut lock(&self.manners));
    }

    /// Everything it was sent, refused requests too.
    pub fn asked(&self) -> Vec<Taken> {
        lock(&self.kept).asked.clone()
    }

    /// With which status its own reports were answered so far.
    pub fn answers(&self) -> Vec<u16> {
        lock(&self.kept).answers.clone()
    }

    /// Reads a dispatch, and reports by itself when it is told to.
    async fn serve(&self, mut stream: TcpStream) {
        let Ok(asked) = http::read(&mut stream).await else { return };
        let manners = lock(&self.manners).clone();
        tokio::time::sleep(manners.slow).await;
        let status = self.judge(&asked, &manners);
        let body = String::from_utf8_lossy(&asked.body).into_owned();
        let task = text_after(&body, "\"task\":\"");
        lock(&self.kept).asked.push(Taken { headers: asked.headers, body, status });
        let answer = format!("HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        let _ = stream.write_all(answer.as_bytes()).await;
        let _ = stream.shutdown().await;
        if let (202, Some(task), Some(to)) = (status, task, &manners.reports_to) {
            for _ in 0..manners.reports {
                let (headers, body) = self.report(&task, manners.outcome, "found so on the spot");
                let status = http::post(to, &headers, body.as_bytes()).await.map_or(0, |(status, _)| status);
                lock(&self.kept).answers.push(status);
            }
        }
    }

    fn judge(&self, asked: &Read, manners: &Manners) -> u16 {
        let refused = lock(&self.kept).asked.iter().filter(|t| t.status == 503).count();
        if !self.signed(asked) {
            401
        } else if refused < manners.refuses {
            503
        } else {
            202
        }
    }

    fn signed(&self, asked: &Read) -> bool {
        let header = |name: &str| asked.headers.get(name).cloned().unwrap_or_default();
        let (time, nonce) = (header("x-yimen-time"), header("x-yimen-nonce"));
        let digest = hex::encode(Sha256::digest(&asked.body));
        let expected = self.sign(&self.secret, "dispatch", &time, &nonce, &digest);
        header("x-yimen-signature") == expected && header("x-yimen-digest") == digest
    }

    fn sign(&self, secret: &str, way: &str, time: &str, nonce: &str, digest: &str) -> String {
        let mut mac =
            Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap_or_else(|e| panic!("a secret: {e}"));
        mac.update(format!("yimen.line.1\n{way}\n{}\n{time}\n{nonce}\n{digest}", self.key_id).as_bytes());
        hex::encode(mac.finalize().into_bytes())
    }

    /// A signed report: headers and body, ready to be posted or received.
    pub fn report(&self, task: &str, outcome: &str, text: &str) -> (BTreeMap<String, String>, String) {
        let at = self.clock.now();
        let body =
            format!("{{\"task\":\"{task}\",\"outcome\":\"{outcome}\",\"text\":\"{text}\",\"at\":\"{at}\"}}");
        let headers = self.headers(&body);
        (headers, body)
    }

    /// The headers of a report with this body, of this moment, with a nonce that was never used.
    pub fn headers(&self, body: &str) -> BTreeMap<String, String> {
        let false_signature = lock(&self.manners).false_signature;
        let time = self.clock.now().as_second().to_string();
        let nonce = format!("{}-{:016x}", self.key_id, self.nonces.fetch_add(1, Ordering::SeqCst));
        let digest = hex::encode(Sha256::digest(body.as_bytes()));
        let secret = if false_signature { "another secret that nobody has told it" } else { &self.secret };
        let signature = self.sign(secret, "report", &time, &nonce, &digest);
        [
            ("content-type", "application/json".to_owned()),
            ("x-yimen-key", self.key_id.clone()),
            ("x-yimen-time", time),
            ("x-yimen-nonce", nonce),
            ("x-yimen-digest", digest),
            ("x-yimen-signature", signature),
        ]
        .into_iter()
        .map(|(name, value)| (name.to_owned(), value))
        .collect()
    }
}

fn text_after(body: &str, mark: &str) -> Option<String> {
    Some(body.split_once(mark)?.1.split_once('"')?.0.to_owned())
}
