//! Calls between the platform and a partner — a payment gateway, a courier — signed both ways: HMAC-SHA256 (RFC 2104) over the
//! protocol's name, key, time, nonce, path and the body's digest. One POST a call, JSON both ways.

use crate::Post;
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Clock, Fault, Outcome, Refusal, RefusalKind, Rng, Timestamp, rng};
use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use std::sync::Arc;

/// How far the two clocks may be apart, in seconds.
pub const SKEW_SECONDS: i64 = 300;

const KEY: &str = "x-yimen-key";
const TIME: &str = "x-yimen-time";
const NONCE: &str = "x-yimen-nonce";
const SIGNATURE: &str = "x-yimen-signature";

/// What is spoken with one kind of partner.
#[derive(Debug, PartialEq, Eq)]
pub struct Protocol {
    /// Its name with its version, which is signed: what is signed in one protocol says nothing in another.
    pub name: &'static str,
    /// Whose secret it is, in words for the log.
    pub partner: &'static str,
    /// The refusal's code for what is not signed with the key.
    pub unsigned: &'static str,
    /// The refusal's code for a time that is too far from ours.
    pub late: &'static str,
}

/// A secret with its name, for one protocol; printed nowhere.
#[derive(Clone, PartialEq, Eq)]
pub struct Key {
    protocol: &'static Protocol,
    /// Its name, as it stands in the header.
    pub id: String,
    secret: String,
}

impl Key {
    /// A key; its secret has 32 bytes or more.
    ///
    /// # Errors
    /// A [`Fault`] when it is shorter.
    pub fn new(
        protocol: &'static Protocol,
        id: impl Into<String>,
        secret: impl Into<String>,
    ) -> Result<Self, Fault> {
        let (id, secret) = (id.into(), secret.into());
        if secret.len() < 32 {
            return Err(Fault::new(format!(
                "the {}'s secret {id} has fewer than 32 bytes",
                protocol.partner
            )));
        }
        Ok(Self { protocol, id, secret })
    }

    fn mac(&self, fields: [&str; 5]) -> Result<Hmac<Sha256>, Fault> {
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes())
            .map_err(|e| Fault::from(format!("taking the {}'s secret", self.protocol.partner), e))?;
        mac.update(self.protocol.name.as_bytes());
        for field in fields {
            mac.update(b"\n");
            mac.update(field.as_bytes());
        }
        Ok(mac)
    }

    /// The headers of a signed request to `path`, names in lower case.
    ///
    /// # Errors
    /// A [`Fault`] when the secret is no key.
    pub fn headers(
        &self,
        path: &str,
        body: &[u8],
        now: Timestamp,
        chance: &dyn Rng,
    ) -> Result<BTreeMap<String, String>, Fault> {
        let (time, nonce) = (now.as_second().to_string(), hex::encode(rng::bytes::<16>(chance)));
        let digest = hex::encode(Sha256::digest(body));
        let signature = self.mac([&self.id, &time, &nonce, path, &digest])?.finalize().into_bytes();
        let all = [
            ("content-type", "application/json".to_owned()),
            (KEY, self.id.clone()),
            (TIME, time),
            (NONCE, nonce),
            (SIGNATURE, hex::encode(signature)),
        ];
        Ok(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Checks a request to `path`; answers its nonce.
    ///
    /// # Errors
    /// The protocol's refusals: when it is not signed with this key, or its time is too far from ours.
    pub fn check<'a>(
        &self,
        path: &str,
        header: impl Fn(&str) -> Option<&'a str>,
        body: &[u8],
        now: Timestamp,
    ) -> Outcome<String> {
        let unsigned = || unsigned(self.protocol.unsigned);
        let field = |name| header(name).map(str::trim).ok_or_else(unsigned);
        let (id, time, nonce, signature) = (field(KEY)?, field(TIME)?, field(NONCE)?, field(SIGNATURE)?);
        let fine = (16..=128).contains(&nonce.len()) && nonce.bytes().all(|b| b.is_ascii_alphanumeric());
        if id != self.id || !fine {
            return Err(unsigned().into());
        }
        let digest = hex::encode(Sha256::digest(body));
        let signature = hex::decode(signature).map_err(|_| unsigned())?;
        if self.mac([id, time, nonce, path, &digest])?.verify_slice(&signature).is_err() {
            return Err(unsigned().into());
        }
        let seconds: i64 = time.parse().map_err(|_| unsigned())?;
        if seconds.saturating_sub(now.as_second()).saturating_abs() > SKEW_SECONDS {
            return Err(late(self.protocol.late, now).into());
        }
        Ok(nonce.to_owned())
    }
}

/// A partner elsewhere.
pub struct Partner {
    /// Where, without a slash at the end.
    pub url: String,
    /// The key that signs both ways.
    pub key: Key,
    /// How HTTP is spoken.
    pub post: Arc<dyn Post>,
    /// The time.
    pub clock: Arc<dyn Clock>,
    /// Chance, for nonces.
    pub rng: Arc<dyn Rng>,
}

impl Partner {
    /// One signed call.
    ///
    /// # Errors
    /// In a sentence without a subject why there is no answer: nothing is known then of what became of the call.
    pub async fn call<A: DeserializeOwned>(&self, path: &str, body: &impl Serialize) -> Result<A, String> {
        let body = serde_json::to_vec(body).map_err(|e| e.to_string())?;
        let headers = self.key.headers(path, &body, self.clock.now(), self.rng.as_ref());
        let headers = headers.map_err(|fault| fault.to_string())?;
        match self.post.post(&format!("{}{path}", self.url), &headers, &body).await? {
            (200, answer) => {
                serde_json::from_slice(&answer).map_err(|e| format!("its answer is unreadable: {e}"))
            }
            (status, _) => Err(format!("it answers {status}")),
        }
    }
}

fn unsigned(code: &'static str) -> Refusal {
    let (zh, en) = ("请求的签名不正确。", "The request's signature is not right.");
    Refusal::new(RefusalKind::SignIn, code, zh, en).next(
        "请核对密钥编号、密钥和签名的各字段。",
        "Check the key's name, the secret and the fields that are signed.",
    )
}

fn late(code: &'static str, now: Timestamp) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        code,
        format!("请求的时间与本平台（{now}）相差超过5分钟。"),
        format!("The request's time is more than 5 minutes from ours ({now})."),
    )
    .next("请校准时钟后重新签名发送。", "Set your clock, sign anew and send again.")
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Failure, SeededRng};

    static ONE: Protocol =
        Protocol { name: "yimen.one.1", partner: "one", unsigned: "one.signature", late: "one.clock" };
    static OTHER: Protocol = Protocol { name: "yimen.other.1", ..ONE };

    #[test]
    fn what_was_signed_is_taken_and_nothing_else() {
        let key = Key::new(&ONE, "k1", "0123456789abcdef0123456789abcdef").unwrap();
        let now: Timestamp = "2026-11-23T02:00:00Z".parse().unwrap();
        let headers = key.headers("/callback", b"{}", now, &SeededRng::new(1)).unwrap();
        let get = |name: &str| headers.get(name).map(String::as_str);
        assert!(key.check("/callback", get, b"{}", now).is_ok());
        let other = Key::new(&ONE, "k1", "another secret of thirty-two bytes").unwrap();
        let named = Key::new(&ONE, "k2", "0123456789abcdef0123456789abcdef").unwrap();
        let code = |r: Outcome<String>| match r.unwrap_err() {
            Failure::Refused(refusal) => refusal.code.into_owned(),
            Failure::Fault(fault) => panic!("{fault}"),
        };
        let spoken = Key::new(&OTHER, "k1", "0123456789abcdef0123456789abcdef").unwrap();
        assert_eq!(code(spoken.check("/callback", get, b"{}", now)), "one.signature", "another protocol");
        assert_eq!(code(other.check("/callback", get, b"{}", now)), "one.signature");
        assert_eq!(code(named.check("/callback", get, b"{}", now)), "one.signature");
        assert_eq!(code(key.check("/trades", get, b"{}", now)), "one.signature");
        assert_eq!(code(key.check("/callback", get, b"{ }", now)), "one.signature");
        assert_eq!(code(key.check("/callback", |_| None, b"{}", now)), "one.signature");
        let later = kernel::clock::from_micros(now.as_microsecond() + 301_000_000);
        assert_eq!(code(key.check("/callback", get, b"{}", later)), "one.clock");
        assert!(Key::new(&ONE, "k", "short").is_err());
    }

    /// The wire format is a promise to partners: fixed by what an earlier program signed.
    #[test]
    fn what_is_signed_stays_as_it_was() {
        static PAYMENT: Protocol = Protocol {
            name: "yimen.payment.1",
            partner: "gateway",
            unsigned: "x.signature",
            late: "x.clock",
        };
        let key = Key::new(&PAYMENT, "k1", "0123456789abcdef0123456789abcdef").unwrap();
        let (time, nonce) = ("1795399200", "00112233445566778899aabbccddeeff");
        let digest = hex::encode(Sha256::digest(b"{}"));
        let signature = key.mac(["k1", time, nonce, "/trades", &digest]).unwrap().finalize().into_bytes();
        assert_eq!(
            hex::encode(signature),
            "7b40508a3ee154fe6826e95d73a41138a0ffcb0637cb8606aa8fe7eb83980eac"
        );
    }
}
