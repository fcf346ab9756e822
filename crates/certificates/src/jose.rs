//! Signed tokens of JSON (JWS compact, RFC 7515) with the room's P-256 key, and checking those of wallets.

use crate::keys::{Algorithm, Signer, of_certificate};
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use der::Encode as _;
use kernel::Fault;
use p256::ecdsa::signature::{Signer as _, Verifier as _};
use p256::ecdsa::{Signature, VerifyingKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use x509_cert::Certificate;

/// A token longer than this is not read.
const TOKEN_MAX: usize = 16 * 1024;

/// Base64 for addresses, without padding (RFC 4648 §5).
pub(crate) fn base64url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

pub(crate) fn from_base64url(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// Signs `body` as a token of type `typ`, with the signer's certificates in its head.
///
/// # Errors
/// A [`Fault`] when a certificate cannot be written, which does not happen.
pub(crate) fn sign(signer: &Signer, typ: &str, body: &Value) -> Result<String, Fault> {
    let head = json!({"alg": "ES256", "typ": typ, "kid": thumbprint(&own(signer)?), "x5c": chain(signer)?});
    let input =
        format!("{}.{}", base64url(head.to_string().as_bytes()), base64url(body.to_string().as_bytes()));
    let signature: Signature = signer.token_key()?.sign(input.as_bytes());
    Ok(format!("{input}.{}", base64url(&signature.to_bytes())))
}

/// The signer's certificate and those up to the authority, which a verifier has already (RFC 7515 §4.1.6).
fn chain(signer: &Signer) -> Result<Vec<String>, Fault> {
    let pair = &signer.tokens;
    std::iter::once(&pair.certificate)
        .chain(pair.chain.iter().filter(|c| **c != pair.authority))
        .map(|c| {
            c.to_der().map(|der| STANDARD.encode(der)).map_err(|e| Fault::from("writing a certificate", e))
        })
        .collect()
}

/// The signer's public key as a JWK (RFC 7517).
fn own(signer: &Signer) -> Result<Value, Fault> {
    Ok(jwk(signer.token_key()?.verifying_key()))
}

fn jwk(key: &VerifyingKey) -> Value {
    let point = key.to_sec1_point(false);
    let bytes = point.as_bytes();
    let part = |range| base64url(bytes.get(range).unwrap_or_default());
    json!({"kty": "EC", "crv": "P-256", "x": part(1..33), "y": part(33..65)})
}

/// The keys that this issuer signs with, as a JWK set.
///
/// # Errors
/// As [`sign`].
pub(crate) fn keys(signer: &Signer) -> Result<Value, Fault> {
    let mut key = own(signer)?;
    key["kid"] = json!(thumbprint(&key));
    key["alg"] = json!("ES256");
    key["use"] = json!("sig");
    key["x5c"] = json!(chain(signer)?);
    Ok(json!({"keys": [key]}))
}

/// RFC 7638: the members that make the key, in the order of the alphabet.
pub(crate) fn thumbprint(key: &Value) -> String {
    let canonical =
        format!("{{\"crv\":{},\"kty\":{},\"x\":{},\"y\":{}}}", key["crv"], key["kty"], key["x"], key["y"]);
    base64url(&Sha256::digest(canonical.as_bytes()))
}

/// The public key in a JWK; `None` when it is no P-256 key, or carries a private part that must never be sent.
pub(crate) fn public_key(key: &Value) -> Option<VerifyingKey> {
    if key["kty"] != "EC" || key["crv"] != "P-256" || !key["d"].is_null() {
        return None;
    }
    let (x, y) = (from_base64url(key["x"].as_str()?)?, from_base64url(key["y"].as_str()?)?);
    if (x.len(), y.len()) != (32, 32) {
        return None;
    }
    VerifyingKey::from_sec1_bytes(&[&[4], x.as_slice(), y.as_slice()].concat()).ok()
}

/// The public members of a JWK that [`public_key`] read: what is bound into a credential, and nothing that came beside.
pub(crate) fn bare(key: &VerifyingKey) -> Value {
    jwk(key)
}

/// A token that was read, not yet checked.
pub(crate) struct Read<'a> {
    pub head: Value,
    pub body: Value,
    input: &'a str,
    signature: Signature,
}

/// Takes a compact token apart.
pub(crate) fn read(token: &str) -> Option<Read<'_>> {
    read_up_to(token, TOKEN_MAX)
}

/// Takes a compact token of `bytes_max` at most apart.
pub(crate) fn read_up_to(token: &str, bytes_max: usize) -> Option<Read<'_>> {
    if token.len() > bytes_max {
        return None;
    }
    let (input, signature) = token.rsplit_once('.')?;
    let (head, body) = input.split_once('.')?;
    let value = |part: &str| serde_json::from_slice::<Value>(&from_base64url(part)?).ok();
    Some(Read {
        head: value(head)?,
        body: value(body)?,
        input,
        signature: Signature::from_slice(&from_base64url(signature)?).ok()?,
    })
}

impl Read<'_> {
    /// Whether the P-256 key of `certificate` signed it.
    pub fn signed_by_certificate(&self, certificate: &Certificate) -> bool {
        let key = certificate.tbs_certificate().subject_public_key_info().subject_public_key.as_bytes();
        let key = key.filter(|_| of_certificate(certificate) == Some(Algorithm::P256));
        key.and_then(|point| VerifyingKey::from_sec1_bytes(point).ok())
            .is_some_and(|key| self.signed_by(&key))
    }

    /// Whether `key` signed it.
    pub fn signed_by(&self, key: &VerifyingKey) -> bool {
        key.verify(self.input.as_bytes(), &self.signature).is_ok()
    }
}
