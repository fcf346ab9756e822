//! The wallet's proof that it has the key that the credential is bound to (OpenID4VCI appendix F.1). Pure.

use super::no;
use crate::jose;
use kernel::{Refusal, Timestamp};
use p256::ecdsa::VerifyingKey;
use serde_json::Value;

/// How far the wallet's clock may differ, in seconds.
const SKEW_SECONDS: i64 = 300;

/// A proof that was checked.
pub(super) struct Proved {
    pub key: VerifyingKey,
    pub nonce: String,
}

fn bad() -> Refusal {
    no(
        "certificates.wallet-invalid-proof",
        "钱包没有证明它持有密钥。",
        "The wallet did not prove that it holds its key.",
    )
}

/// The one proof in a request: `proofs.jwt` of version 1.0, or `proof` of the drafts before.
///
/// # Errors
/// `certificates.wallet-invalid-proof`.
pub(super) fn of_request(request: &Value) -> Result<&str, Refusal> {
    let found = match request["proofs"]["jwt"].as_array().map(Vec::as_slice) {
        Some([one]) => one.as_str(),
        Some(_) => None,
        None if request["proof"]["proof_type"] == "jwt" => request["proof"]["jwt"].as_str(),
        None => None,
    };
    found.ok_or_else(bad)
}

/// Checks everything but the nonce, which only the issuer knows.
///
/// # Errors
/// `certificates.wallet-invalid-proof`.
pub(super) fn check(token: &str, base: &str, now: Timestamp) -> Result<Proved, Refusal> {
    let read = jose::read(token).ok_or_else(bad)?;
    let key = jose::public_key(&read.head["jwk"]).ok_or_else(bad)?;
    let (head, body) = (&read.head, &read.body);
    let meant = head["typ"] == "openid4vci-proof+jwt" && head["alg"] == "ES256" && head["crit"].is_null();
    let ours = match &body["aud"] {
        Value::Array(all) => all.iter().any(|aud| aud == base),
        one => one == base,
    };
    let fresh =
        body["iat"].as_i64().is_some_and(|at| at.abs_diff(now.as_second()) <= SKEW_SECONDS.unsigned_abs());
    let nonce = body["nonce"].as_str().unwrap_or_default().to_owned();
    if meant && ours && fresh && read.signed_by(&key) { Ok(Proved { key, nonce }) } else { Err(bad()) }
}
