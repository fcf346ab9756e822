//! A stand-in for a national identity service: a small OpenID provider with an HTTP server of its own, for demonstrations and
//! tests. Whoever comes says who they are by pressing a name. It knows of the platform only what any provider does: a client's
//! name and secret. Tests bend what it says, to see that it is not believed.

use crate::http::{self, Read};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::Clock;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::AsyncWriteExt as _;
use tokio::net::{TcpListener, TcpStream};

/// The client that it knows.
pub const CLIENT: &str = "yimen";
/// That client's secret.
pub const SECRET: &str = "stand-in secret: known to everybody";
/// So many seconds a token lasts.
const TOKEN_SECONDS: i64 = 300;

/// Somebody whom it knows.
#[derive(Debug, Clone)]
pub struct Person {
    /// What one presses.
    pub id: String,
    /// The name on the identity card.
    pub name: String,
    /// The citizen identity number.
    pub number: String,
    /// The telephone number.
    pub phone: Option<String>,
}

type Bend = Arc<dyn Fn(&mut Map<String, Value>) + Send + Sync>;

/// How it misbehaves; the default does not.
#[derive(Clone, Default)]
pub struct Bent {
    /// Changes what a token says before it is signed.
    pub claims: Option<Bend>,
    /// Signs with a key that is not among its keys, under the name of one that is.
    pub other_key: bool,
    /// Signs under a name that is not among its keys.
    pub other_kid: bool,
    /// Hands out a token without a signature (`alg: none`).
    pub unsigned: bool,
    /// Names itself otherwise when it sends somebody back.
    pub iss: Option<String>,
    /// Answers nothing but 503.
    pub away: bool,
}

/// A code that was handed out.
struct Code {
    asked: BTreeMap<String, String>,
    person: Person,
}

#[derive(Default)]
struct Kept {
    codes: BTreeMap<String, Code>,
    count: u64,
    bent: Bent,
    tokens: usize,
}

/// A running provider; it stops with its runtime.
#[derive(Clone)]
pub struct Provider {
    /// Its issuer address.
    pub issuer: String,
    people: Arc<Vec<Person>>,
    key: Arc<EcdsaKeyPair>,
    other: Arc<EcdsaKeyPair>,
    clock: Arc<dyn Clock>,
    kept: Arc<Mutex<Kept>>,
}

fn new_key() -> Arc<EcdsaKeyPair> {
    let (kind, chance) = (&ECDSA_P256_SHA256_FIXED_SIGNING, SystemRandom::new());
    let pair = EcdsaKeyPair::generate_pkcs8(kind, &chance).and_then(|bytes| {
        EcdsaKeyPair::from_pkcs8(kind, bytes.as_ref(), &chance).map_err(|_| ring::error::Unspecified)
    });
    Arc::new(pair.unwrap_or_else(|e| panic!("a key of a provider: {e}")))
}

/// Starts a provider that listens on `address` (port 0 is a free one).
///
/// # Panics
/// When the port is taken.
pub async fn provider(address: SocketAddr, clock: Arc<dyn Clock>, people: Vec<Person>) -> Provider {
    let listener =
        TcpListener::bind(address).await.unwrap_or_else(|e| panic!("a port for a provider, {address}: {e}"));
    let address = listener.local_addr().unwrap_or_else(|e| panic!("a provider's port: {e}"));
    let provider = Provider {
        issuer: format!("http://{address}"),
        people: Arc::new(people),
        key: new_key(),
        other: new_key(),
        clock,
        kept: Arc::default(),
    };
    let server = provider.clone();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let provider = server.clone();
            tokio::spawn(async move { provider.serve(stream).await });
        }
    });
    provider
}

/// What it answers a request with.
struct Reply {
    status: &'static str,
    kind: &'static str,
    to: String,
    body: String,
}

impl Reply {
    fn json(value: &Value) -> Self {
        Self { status: "200 OK", kind: "application/json", to: String::new(), body: value.to_string() }
    }

    fn page(body: String) -> Self {
        Self { status: "200 OK", kind: "text/html; charset=utf-8", to: String::new(), body }
    }

    fn to(address: String) -> Self {
        Self { status: "303 See Other", kind: "text/plain", to: address, body: String::new() }
    }

    fn no(status: &'static str, error: &str) -> Self {
        Self { status, ..Self::json(&json!({ "error": error })) }
    }
}

impl Provider {
    fn kept(&self) -> std::sync::MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Misbehaves so from now on.
    pub fn bend(&self, bent: Bent) {
        self.kept().bent = bent;
    }

    /// Says something else of people from now on.
    pub fn says(&self, change: impl Fn(&mut Map<String, Value>) + Send + Sync + 'static) {
        self.bend(Bent { claims: Some(Arc::new(change)), ..Bent::default() });
    }

    /// How often it was asked for a token.
    pub fn tokens(&self) -> usize {
        self.kept().tokens
    }

    /// Presses a name at the page that `door` (an address of its authorisation endpoint) opens; answers where the browser is sent
    /// back to.
    ///
    /// # Panics
    /// When it does not send the browser back.
    pub async fn press(&self, door: &str, person: &str) -> String {
        let query = door.split_once('?').map_or("", |(_, query)| query);
        let address = format!("{}/choose?person={person}&{query}", self.issuer);
        let read = http::get(&address).await.unwrap_or_else(|e| panic!("the provider does not answer: {e}"));
        read.headers.get("location").cloned().unwrap_or_else(|| panic!("not sent back: {}", read.first))
    }

    async fn serve(&self, mut stream: TcpStream) {
        let Ok(asked) = http::read(&mut stream).await else { return };
        let Reply { status, kind, to, body } = self.answer(&asked);
        let more = if to.is_empty() { String::new() } else { format!("location: {to}\r\n") };
        let head = format!(
            "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\n{more}content-length: {}\r\nconnection: close\r\n\r\n",
            body.len()
        );
        // Whoever asked may have gone: then nobody is left to be told.
        let _ = stream.write_all(head.as_bytes()).await;
        let _ = stream.write_all(body.as_bytes()).await;
        let _ = stream.shutdown().await;
    }

    fn answer(&self, asked: &Read) -> Reply {
        if self.kept().bent.away {
            return Reply::no("503 Service Unavailable", "temporarily_unavailable");
        }
        let mut words = asked.first.split(' ');
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        match (method, path) {
            ("GET", "/.well-known/openid-configuration") => Reply::json(&self.description()),
            ("GET", "/jwks") => Reply::json(&self.keys()),
            ("GET", "/authorize") => self.authorize(query),
            ("GET", "/choose") => self.choose(&fields(query)),
            ("POST", "/token") => self.token(asked),
            _ => Reply::no("404 Not Found", "not_found"),
        }
    }

    fn description(&self) -> Value {
        let at = |path: &str| format!("{}{path}", self.issuer);
        json!({
            "issuer": self.issuer,
            "authorization_endpoint": at("/authorize"),
            "token_endpoint": at("/token"),
            "jwks_uri": at("/jwks"),
            "response_types_supported": ["code"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["ES256"],
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn keys(&self) -> Value {
        let point = self.key.public_key().as_ref();
        let part = |from: usize| URL_SAFE_NO_PAD.encode(point.get(from..from + 32).unwrap_or_default());
        let key =
            json!({ "kty": "EC", "crv": "P-256", "use": "sig", "kid": "one", "x": part(1), "y": part(33) });
        json!({ "keys": [{ "kty": "oct", "k": "AA" }, key] })
    }

    fn authorize(&self, query: &str) -> Reply {
        let asked = fields(query);
        let is = |name: &str, value: &str| asked.get(name).is_some_and(|v| v == value);
        let whole =
            is("client_id", CLIENT) && is("response_type", "code") && is("code_challenge_method", "S256");
        if !whole {
            return Reply::no("400 Bad Request", "invalid_request");
        }
        let query = escaped(query);
        let one = |id: &str, label: &str| {
            format!("<li><a href=\"/choose?person={}&amp;{query}\">{}</a></li>", escaped(id), escaped(label))
        };
        let people: String = self.people.iter().map(|p| one(&p.id, &p.name)).collect();
        Reply::page(format!(
            "<!DOCTYPE html><html lang=\"zh-CN\"><meta charset=\"utf-8\"><title>替身 · Stand-in</title>\
             <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><link rel=\"icon\" href=\"data:,\"><main>\
             <h1>国家身份认证服务（本地替身）<br><span lang=\"en\">National identity service (local stand-in)</span></h1>\
             <p>这不是真的认证服务，人都是虚构的。请选择您是谁。<br>\
             <span lang=\"en\">This is no real service and everybody is invented. Choose who you are.</span></p>\
             <ul>{people}{}</ul></main></html>",
            one("nobody", "取消 · Cancel")
        ))
    }

    fn choose(&self, asked: &BTreeMap<String, String>) -> Reply {
        let text = |name: &str| asked.get(name).cloned().unwrap_or_default();
        let iss = self.kept().bent.iss.clone().unwrap_or_else(|| self.issuer.clone());
        let back = |more: &str| {
            let (state, iss) = (encoded(&text("state")), encoded(&iss));
            Reply::to(format!("{}?{more}&state={state}&iss={iss}", text("redirect_uri")))
        };
        let Some(person) = self.people.iter().find(|p| p.id == text("person")) else {
            return back("error=access_denied");
        };
        let mut kept = self.kept();
        kept.count += 1;
        let mark = format!("{}\n{}\n{}", self.issuer, kept.count, self.clock.now().as_microsecond());
        let code = hex::encode(Sha256::digest(mark.as_bytes()));
        kept.codes.insert(code.clone(), Code { asked: asked.clone(), person: person.clone() });
        drop(kept);
        back(&format!("code={code}"))
    }

    fn token(&self, asked: &Read) -> Reply {
        self.kept().tokens += 1;
        let pair = STANDARD.encode(format!("{}:{}", encoded(CLIENT), encoded(SECRET)));
        if asked.headers.get("authorization") != Some(&format!("Basic {pair}")) {
            return Reply::no("401 Unauthorized", "invalid_client");
        }
        let sent = fields(&String::from_utf8_lossy(&asked.body));
        let text = |name: &str| sent.get(name).cloned().unwrap_or_default();
        // Good once, whatever comes of it.
        let Some(code) = self.kept().codes.remove(&text("code")) else {
            return Reply::no("400 Bad Request", "invalid_grant");
        };
        let proof = URL_SAFE_NO_PAD.encode(Sha256::digest(text("code_verifier").as_bytes()));
        let fits = text("grant_type") == "authorization_code"
            && code.asked.get("redirect_uri") == Some(&text("redirect_uri"))
            && code.asked.get("code_challenge") == Some(&proof);
        if !fits {
            return Reply::no("400 Bad Request", "invalid_grant");
        }
        Reply::json(&json!({
            "access_token": "nothing is behind it",
            "token_type": "Bearer",
            "id_token": self.signed(&code),
        }))
    }

    fn signed(&self, code: &Code) -> String {
        let (now, person) = (self.clock.now().as_second(), &code.person);
        // Whoever is signed in there still (`ago` seconds) shows nothing anew, unless that is asked for.
        let ago = code.asked.get("ago").and_then(|ago| ago.parse::<i64>().ok());
        let ago = ago.filter(|_| code.asked.get("prompt").is_none_or(|prompt| prompt != "login"));
        let claims = json!({
            "iss": self.issuer,
            "sub": hex::encode(Sha256::digest(person.number.as_bytes())),
            "aud": CLIENT,
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "auth_time": now - ago.unwrap_or_default(),
            "nonce": code.asked.get("nonce"),
            "acr": "high",
            "name": person.name,
            "citizen_id": person.number,
            "citizen_id_verified": true,
            "phone_number": person.phone,
            "phone_number_verified": person.phone.is_some(),
        });
        let Value::Object(mut claims) = claims else { return String::new() };
        let bent = self.kept().bent.clone();
        if let Some(change) = &bent.claims {
            change(&mut claims);
        }
        let (alg, kid) =
            (if bent.unsigned { "none" } else { "ES256" }, if bent.other_kid { "two" } else { "one" });
        let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let message = format!("{}.{}", part(json!({ "alg": alg, "kid": kid })), part(Value::Object(claims)));
        let key = if bent.other_key { &self.other } else { &self.key };
        let signature = key.sign(&SystemRandom::new(), message.as_bytes());
        let signature = signature.unwrap_or_else(|e| panic!("signing a token: {e}"));
        let signature = if bent.unsigned { String::new() } else { URL_SAFE_NO_PAD.encode(signature) };
        format!("{message}.{signature}")
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}

fn encoded(text: &str) -> String {
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~".contains(&b);
    text.bytes().map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") }).collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        let value = match byte {
            b'+' => b' ',
            b'%' => {
                let hex: String = rest.by_ref().take(2).map(char::from).collect();
                u8::from_str_radix(&hex, 16).unwrap_or(b'?')
            }
            other => other,
        };
        bytes.push(value);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The fields of a form or an address.
pub fn fields(query: &str) -> BTreeMap<String, String> {
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (decoded(name), decoded(value))).collect()
}
