//! A gateway for short messages (短信网关) or e-mail: one signed HTTP request a letter. The signature is that of line systems (see the README of `exchange`),
//! with the way `letter`, so that one small adapter before any provider's own interface can check both.

use super::{Carrier, Outgoing, To};
use crate::national::{ClientSecret, Web};
use async_trait::async_trait;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Clock, Fault, Rng, rng};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The fewest bytes of a secret.
const SECRET_MIN: usize = 32;

/// The key that this program signs with.
#[derive(Debug, Clone)]
pub struct GatewayKey {
    /// Its name.
    pub key_id: String,
    /// Its secret, 32 bytes or more.
    pub secret: ClientSecret,
}

/// A gateway that takes letters at an address.
pub struct Gateway {
    way: &'static str,
    url: String,
    key: GatewayKey,
    web: Arc<dyn Web>,
    clock: Arc<dyn Clock>,
    chance: Arc<dyn Rng>,
}

impl Gateway {
    /// The gateway at `url`; `way` is `sms` or `mail`, as it stands in the trace.
    ///
    /// # Errors
    /// A [`Fault`] when the secret is too short to sign with.
    pub fn new(
        way: &'static str,
        url: &str,
        key: GatewayKey,
        web: Arc<dyn Web>,
        clock: Arc<dyn Clock>,
        chance: Arc<dyn Rng>,
    ) -> Result<Self, Fault> {
        if key.secret.text().len() < SECRET_MIN {
            return Err(Fault::new(format!("[letters] the secret has less than {SECRET_MIN} bytes")));
        }
        Ok(Self { way, url: url.to_owned(), key, web, clock, chance })
    }

    fn headers(&self, body: &[u8]) -> Result<BTreeMap<String, String>, String> {
        let time = self.clock.now().as_second().to_string();
        let nonce = hex::encode(rng::bytes::<16>(self.chance.as_ref()));
        let digest = hex::encode(Sha256::digest(body));
        let mut mac =
            Hmac::<Sha256>::new_from_slice(self.key.secret.text().as_bytes()).map_err(|e| e.to_string())?;
        let key_id = &self.key.key_id;
        mac.update(format!("yimen.line.1\nletter\n{key_id}\n{time}\n{nonce}\n{digest}").as_bytes());
        let signature = hex::encode(mac.finalize().into_bytes());
        let all = [
            ("content-type", "application/json".to_owned()),
            ("x-yimen-key", key_id.clone()),
            ("x-yimen-time", time),
            ("x-yimen-nonce", nonce),
            ("x-yimen-digest", digest),
            ("x-yimen-signature", signature),
        ];
        Ok(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }
}

#[async_trait]
impl Carrier for Gateway {
    fn way(&self) -> &'static str {
        self.way
    }

    async fn carry(&self, letter: &Outgoing) -> Result<(), String> {
        let (way, to) = match &letter.to {
            To::Phone(number) => ("phone", number),
            To::Mail(address) => ("mail", address),
        };
        let body = json!({
            "id": letter.id,
            way: to,
            "about": letter.about,
            "text": { "zh-CN": letter.text.zh, "en": letter.text.en },
        });
        let body = body.to_string().into_bytes();
        let headers = self.headers(&body)?;
        match self.web.post(&self.url, &headers, &body).await? {
            // 409: it has this letter already.
            (200..=299 | 409, _) => Ok(()),
            (status, _) => Err(format!("the gateway answered {status}")),
        }
    }
}
