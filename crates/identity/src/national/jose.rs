//! A signed token (JWS, RFC 7515) checked against the keys of its issuer (JWK, RFC 7517). Two algorithms, each bound to a kind
//! of key: whoever made the token does not choose how it is checked (RFC 8725, 3.1).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::signature::{
    ECDSA_P256_SHA256_FIXED, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents, UnparsedPublicKey,
};
use serde::Deserialize;
use serde_json::{Map, Value};

/// The longest token that is looked at.
const LONGEST: usize = 32_768;

/// What is wrong with a token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Broken {
    /// It is no signed token.
    Unreadable,
    /// It is signed in a way that is not taken: `none`, a shared secret, something critical that is not known.
    Algorithm,
    /// No key of the issuer fits; the issuer may have changed its keys.
    UnknownKey,
    /// The signature is not the issuer's.
    Signature,
}

/// The public keys of an issuer.
#[derive(Debug, Default)]
pub(crate) struct Keys(Vec<Key>);

#[derive(Debug)]
struct Key {
    kid: Option<String>,
    alg: Option<String>,
    material: Material,
}

#[derive(Debug)]
enum Material {
    Rsa { n: Vec<u8>, e: Vec<u8> },
    P256(Vec<u8>),
}

#[derive(Deserialize)]
struct JwkSet {
    keys: Vec<Value>,
}

#[derive(Deserialize)]
struct Jwk {
    kty: String,
    #[serde(rename = "use")]
    used_for: Option<String>,
    kid: Option<String>,
    alg: Option<String>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
}

#[derive(Deserialize)]
struct Header {
    alg: String,
    kid: Option<String>,
    crit: Option<Value>,
}

fn decode(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

impl Keys {
    /// Reads a key set; keys of kinds that are not known here are left out.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let set: JwkSet = serde_json::from_slice(bytes).ok()?;
        let keys = set.keys.into_iter().filter_map(|key| Key::read(serde_json::from_value(key).ok()?));
        Some(Self(keys.collect()))
    }

    /// The keys that may have signed a token with this header.
    fn fitting(&self, header: &Header) -> impl Iterator<Item = &Key> {
        self.0.iter().filter(move |key| {
            let named = header.kid.as_ref().is_none_or(|kid| key.kid.as_ref() == Some(kid));
            let alike = key.alg.as_ref().is_none_or(|alg| *alg == header.alg);
            let kind = match key.material {
                Material::Rsa { .. } => "RS256",
                Material::P256(_) => "ES256",
            };
            named && alike && kind == header.alg
        })
    }
}

impl Key {
    fn read(jwk: Jwk) -> Option<Self> {
        if jwk.used_for.as_deref().is_some_and(|used| used != "sig") {
            return None;
        }
        let material = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
            ("RSA", _) => Material::Rsa { n: decode(&jwk.n?)?, e: decode(&jwk.e?)? },
            ("EC", Some("P-256")) => {
                let (x, y) = (decode(&jwk.x?)?, decode(&jwk.y?)?);
                if x.len() != 32 || y.len() != 32 {
                    return None;
                }
                Material::P256([vec![4], x, y].concat())
            }
            _ => return None,
        };
        Some(Self { kid: jwk.kid, alg: jwk.alg, material })
    }

    fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        match &self.material {
            Material::Rsa { n, e } => RsaPublicKeyComponents { n, e }
                .verify(&RSA_PKCS1_2048_8192_SHA256, message, signature)
                .is_ok(),
            Material::P256(point) => {
                UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point).verify(message, signature).is_ok()
            }
        }
    }
}

/// What a token says, if one of the keys signed it.
///
/// # Errors
/// [`Broken`].
pub(crate) fn verified(token: &str, keys: &Keys) -> Result<Map<String, Value>, Broken> {
    let mut parts = token.split('.');
    let (Some(head), Some(body), Some(signature), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(Broken::Unreadable);
    };
    if token.len() > LONGEST {
        return Err(Broken::Unreadable);
    }
    let header = decode(head).ok_or(Broken::Unreadable)?;
    let header: Header = serde_json::from_slice(&header).map_err(|_| Broken::Unreadable)?;
    if !matches!(header.alg.as_str(), "RS256" | "ES256") || header.crit.is_some() {
        return Err(Broken::Algorithm);
    }
    let signature = decode(signature).ok_or(Broken::Unreadable)?;
    let message = token.get(..head.len() + 1 + body.len()).unwrap_or_default();
    let mut fitting = keys.fitting(&header).peekable();
    if fitting.peek().is_none() {
        return Err(Broken::UnknownKey);
    }
    if !fitting.any(|key| key.signed(message.as_bytes(), &signature)) {
        return Err(Broken::Signature);
    }
    let body = decode(body).ok_or(Broken::Unreadable)?;
    serde_json::from_slice(&body).map_err(|_| Broken::Unreadable)
}
