//! The national identity service as this program sees it: where its doors are, its keys, and how a code becomes a token.

use super::NationalService;
use super::jose::{Broken, Keys, verified};
use crate::second::encoded;
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use kernel::{Refusal, RefusalKind, Timestamp};
use serde::Deserialize;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The doors and keys are looked up anew after so many seconds.
const KNOWN_SECONDS: i64 = 3_600;
/// After keys that did not fit, or a service that did not answer, it is not asked again for so many seconds.
const REST_SECONDS: i64 = 10;

/// How the service is spoken to; `app` plugs it in. Follows no redirects, reads no endless answer, waits not for ever.
#[async_trait]
pub trait Web: Send + Sync {
    /// Fetches `url`; answers the status and the body.
    ///
    /// # Errors
    /// Why no answer came.
    async fn get(&self, url: &str) -> Result<(u16, Vec<u8>), String>;

    /// Posts `body` to `url`; answers the status and the body.
    ///
    /// # Errors
    /// Why no answer came; never what was posted.
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String>;
}

/// What the service says of itself (OpenID Connect Discovery 1.0; RFC 8414).
#[derive(Debug, Deserialize)]
pub(super) struct Doors {
    issuer: String,
    pub(super) authorization_endpoint: String,
    token_endpoint: String,
    jwks_uri: String,
    #[serde(default)]
    token_endpoint_auth_methods_supported: Vec<String>,
    /// Whether it names itself in every answer (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
}

struct Known {
    doors: Doors,
    keys: Keys,
    at: Timestamp,
}

#[derive(Default)]
struct Cache {
    known: Option<Arc<Known>>,
    rest_until: Option<Timestamp>,
}

/// The service, ready to be asked.
pub struct National {
    /// How it is configured.
    pub service: NationalService,
    web: Arc<dyn Web>,
    cache: Mutex<Cache>,
}

pub(crate) fn away() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "identity.national-away",
        "国家身份认证服务暂时没有回应。",
        "The national identity service does not answer at the moment.",
    )
    .next("请稍后再试，或用账号密码登录。", "Try again later, or sign in with account and password.")
}

pub(crate) fn odd() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "identity.national-odd",
        "国家身份认证服务的回答核对不上，没有登录。",
        "The answer of the national identity service did not check out; you are not signed in.",
    )
    .next(
        "请从头再登录一次；仍然不行请拨打服务热线。",
        "Please begin again; if it happens again, call the hotline.",
    )
}

impl National {
    /// The service of the configuration, spoken to over `web`.
    pub fn new(service: NationalService, web: Arc<dyn Web>) -> Self {
        Self { service, web, cache: Mutex::default() }
    }

    fn cache(&self) -> std::sync::MutexGuard<'_, Cache> {
        self.cache.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Its doors and keys; `newer` than a moment when keys did not fit.
    async fn known(&self, now: Timestamp, newer: Option<Timestamp>) -> Result<Arc<Known>, Refusal> {
        {
            let cache = self.cache();
            let old = cache.known.clone().filter(|k| now.as_second() - k.at.as_second() < KNOWN_SECONDS);
            if let Some(known) = old.filter(|k| newer.is_none_or(|at| k.at > at)) {
                return Ok(known);
            }
            if cache.rest_until.is_some_and(|until| now < until) {
                return Err(away());
            }
        }
        let found = self.look_up(now).await;
        let mut cache = self.cache();
        cache.rest_until = Some(crate::verbs::later(now, REST_SECONDS * 1_000_000));
        match found {
            Ok(known) => {
                let known = Arc::new(known);
                cache.known = Some(Arc::clone(&known));
                Ok(known)
            }
            Err(why) => {
                tracing::warn!(
                    issuer = self.service.issuer,
                    why,
                    "the national identity service is not usable"
                );
                Err(away())
            }
        }
    }

    async fn look_up(&self, now: Timestamp) -> Result<Known, String> {
        let issuer = &self.service.issuer;
        let url = format!("{}/.well-known/openid-configuration", issuer.trim_end_matches('/'));
        let doors: Doors = serde_json::from_slice(&self.fetch(&url).await?)
            .map_err(|e| format!("its description cannot be read: {e}"))?;
        if doors.issuer != *issuer {
            return Err(format!("it calls itself {:?}", doors.issuer));
        }
        let secure = issuer.starts_with("https://");
        for door in [&doors.authorization_endpoint, &doors.token_endpoint, &doors.jwks_uri] {
            if secure && !door.starts_with("https://") {
                return Err(format!("it leads out of TLS to {door:?}"));
            }
        }
        let keys = Keys::parse(&self.fetch(&doors.jwks_uri).await?).ok_or("its keys cannot be read")?;
        Ok(Known { doors, keys, at: now })
    }

    async fn fetch(&self, url: &str) -> Result<Vec<u8>, String> {
        match self.web.get(url).await? {
            (200, body) => Ok(body),
            (status, _) => Err(format!("{url} answered {status}")),
        }
    }

    /// Where a browser is sent to, with what it brings along.
    ///
    /// # Errors
    /// `identity.national-away`.
    pub(super) async fn door(&self, now: Timestamp, asked: &[(&str, &str)]) -> Result<String, Refusal> {
        let known = self.known(now, None).await?;
        let door = &known.doors.authorization_endpoint;
        let mark = if door.contains('?') { '&' } else { '?' };
        Ok(format!("{door}{mark}{}", form_encoded(asked)))
    }

    /// Whether an answer names its issuer as it should: another one's answer is not taken to this one (RFC 9207).
    ///
    /// # Errors
    /// `identity.national-odd`, `identity.national-away`.
    pub(super) async fn answers_itself(&self, now: Timestamp, iss: Option<&str>) -> Result<(), Refusal> {
        let known = self.known(now, None).await?;
        let must = known.doors.authorization_response_iss_parameter_supported;
        match iss {
            Some(iss) if iss == self.service.issuer => Ok(()),
            None if !must => Ok(()),
            _ => {
                tracing::warn!(issuer = self.service.issuer, "an answer came in another issuer's name");
                Err(odd())
            }
        }
    }

    /// What a code is worth: the claims of the token that the service gives for it, its signature checked.
    ///
    /// # Errors
    /// `identity.national-odd`, `identity.national-away`.
    pub(super) async fn claims(
        &self,
        now: Timestamp,
        code: &str,
        verifier: &str,
        back: &str,
    ) -> Result<Map<String, Value>, Refusal> {
        let known = self.known(now, None).await?;
        let token = self.token(&known.doors, code, verifier, back).await?;
        let first = verified(&token, &known.keys);
        let claims = match first {
            // It may have changed its keys since they were fetched.
            Err(Broken::UnknownKey) => match self.known(now, Some(known.at)).await {
                Ok(newer) => verified(&token, &newer.keys),
                Err(_) => Err(Broken::UnknownKey),
            },
            other => other,
        };
        claims.map_err(|broken| {
            tracing::warn!(issuer = self.service.issuer, ?broken, "a token was not taken");
            odd()
        })
    }

    async fn token(&self, doors: &Doors, code: &str, verifier: &str, back: &str) -> Result<String, Refusal> {
        let service = &self.service;
        let methods = &doors.token_endpoint_auth_methods_supported;
        let in_header = methods.is_empty() || methods.iter().any(|m| m == "client_secret_basic");
        let mut fields = vec![
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", back),
            ("code_verifier", verifier),
        ];
        let mut headers = BTreeMap::from([
            ("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned()),
            ("accept".to_owned(), "application/json".to_owned()),
        ]);
        if in_header {
            let pair = format!("{}:{}", encoded(&service.client_id), encoded(service.client_secret.text()));
            headers.insert("authorization".to_owned(), format!("Basic {}", STANDARD.encode(pair)));
        } else {
            fields.push(("client_id", &service.client_id));
            fields.push(("client_secret", service.client_secret.text()));
        }
        let body = form_encoded(&fields);
        let answer = self.web.post(&doors.token_endpoint, &headers, body.as_bytes()).await;
        let (status, body) = answer.map_err(|why| {
            tracing::warn!(issuer = service.issuer, why, "no token came");
            away()
        })?;
        if status != 200 {
            tracing::warn!(issuer = service.issuer, status, "a code was not taken");
            return Err(if status >= 500 { away() } else { odd() });
        }
        let answer: Map<String, Value> = serde_json::from_slice(&body).map_err(|_| odd())?;
        answer.get("id_token").and_then(Value::as_str).map(str::to_owned).ok_or_else(odd)
    }
}

/// The proof that whoever brings a code is who asked for it (RFC 7636, S256).
pub(super) fn challenge(verifier: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(verifier.as_bytes()))
}

/// Fields as a form or an address carries them.
fn form_encoded(fields: &[(&str, &str)]) -> String {
    let one = |(name, value): &(&str, &str)| format!("{}={}", encoded(name), encoded(value));
    fields.iter().map(one).collect::<Vec<_>>().join("&")
}
