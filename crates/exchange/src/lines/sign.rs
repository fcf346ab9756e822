//! The signature on both ways: HMAC-SHA256 over direction, key, time, nonce and the body's digest (README).

use super::{LineSystem, LineSystems, Secret};
use hmac::{Hmac, KeyInit as _, Mac as _};
use kernel::{Fault, Refusal, RefusalKind, Timestamp};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// How far the two clocks may be apart, in seconds.
pub const SKEW_SECONDS: i64 = 300;

/// Which way a request goes; a dispatch cannot be thrown back as a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// To the line system.
    Dispatch,
    /// From it.
    Report,
}

impl Way {
    fn word(self) -> &'static str {
        match self {
            Self::Dispatch => "dispatch",
            Self::Report => "report",
        }
    }
}

const KEY: &str = "x-yimen-key";
const TIME: &str = "x-yimen-time";
const NONCE: &str = "x-yimen-nonce";
const DIGEST: &str = "x-yimen-digest";
const SIGNATURE: &str = "x-yimen-signature";

fn mac(secret: &Secret, way: Way, fields: [&str; 4]) -> Result<Hmac<Sha256>, Fault> {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.bytes())
        .map_err(|e| Fault::from("taking a line system's secret", e))?;
    mac.update(b"yimen.line.1");
    for field in [way.word()].into_iter().chain(fields) {
        mac.update(b"\n");
        mac.update(field.as_bytes());
    }
    Ok(mac)
}

/// The headers of a signed request, names in lower case.
///
/// # Errors
/// A [`Fault`] when the secret is no key.
pub fn headers(
    way: Way,
    key_id: &str,
    secret: &Secret,
    at: Timestamp,
    nonce: &str,
    body: &[u8],
) -> Result<BTreeMap<String, String>, Fault> {
    let (time, digest) = (at.as_second().to_string(), hex::encode(Sha256::digest(body)));
    let signature = mac(secret, way, [key_id, &time, nonce, &digest])?.finalize().into_bytes();
    let all = [
        ("content-type", "application/json".to_owned()),
        (KEY, key_id.to_owned()),
        (TIME, time),
        (NONCE, nonce.to_owned()),
        (DIGEST, digest),
        (SIGNATURE, hex::encode(signature)),
    ];
    Ok(all.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
}

fn unsigned() -> Refusal {
    Refusal::new(
        RefusalKind::SignIn,
        "exchange.signature",
        "请求的签名不正确。",
        "The request's signature is not right.",
    )
    .next(
        "请核对密钥编号、密钥和签名的各字段。",
        "Check the key's name, the secret and the fields that are signed.",
    )
}

fn header<'a>(headers: &'a BTreeMap<String, String>, name: &str) -> Option<&'a str> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim())
}

/// Who signed a request, and its nonce.
#[derive(Debug)]
pub(crate) struct Signed<'a> {
    pub(crate) system: &'a LineSystem,
    pub(crate) nonce: String,
}

/// Checks time, digest and signature; whether the nonce is new is the caller's to look up.
pub(crate) fn check<'a>(
    systems: &'a LineSystems,
    way: Way,
    headers: &BTreeMap<String, String>,
    body: &[u8],
    now: Timestamp,
) -> Result<Signed<'a>, kernel::Failure> {
    let field = |name| header(headers, name).ok_or_else(unsigned);
    let (key_id, time, nonce) = (field(KEY)?, field(TIME)?, field(NONCE)?);
    let (digest, signature) = (field(DIGEST)?, field(SIGNATURE)?);
    let found = systems.all().find_map(|s| s.keys().find(|(id, _)| *id == key_id).map(|(_, k)| (s, k)));
    let Some((system, secret)) = found else { return Err(unsigned().into()) };
    let signature = hex::decode(signature).map_err(|_| unsigned())?;
    if mac(secret, way, [key_id, time, nonce, digest])?.verify_slice(&signature).is_err() {
        return Err(unsigned().into());
    }
    // From here on it is the line system that speaks, and it is told what is wrong.
    let seconds: i64 = time.parse().map_err(|_| unsigned())?;
    if seconds.saturating_sub(now.as_second()).saturating_abs() > SKEW_SECONDS {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "exchange.clock",
            format!("请求的时间与本平台（{now}）相差超过5分钟。"),
            format!("The request's time is more than 5 minutes from ours ({now})."),
        )
        .next("请校准时钟后重新签名发送。", "Set your clock, sign anew and send again.")
        .into());
    }
    if !(16..=128).contains(&nonce.len()) || !nonce.bytes().all(|b| b.is_ascii_graphic()) {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "exchange.nonce",
            "x-yimen-nonce应为16至128个可见字符。",
            "x-yimen-nonce has 16 to 128 visible characters.",
        )
        .into());
    }
    if !hex::encode(Sha256::digest(body)).eq_ignore_ascii_case(digest) {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "exchange.digest",
            "正文与x-yimen-digest不一致。",
            "The body is not the one x-yimen-digest was made over.",
        )
        .into());
    }
    Ok(Signed { system, nonce: nonce.to_owned() })
}
