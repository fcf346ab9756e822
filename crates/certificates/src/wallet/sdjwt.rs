//! An SD-JWT VC (RFC 9901, draft-ietf-oauth-sd-jwt-vc): every particular is a disclosure of its own, so that the holder shows one
//! without another. Pure but for the salts.

use super::{FORMAT, vct};
use crate::jose;
use crate::keys::Signer;
use crate::model::Certificate;
use crate::status::{Place, list_url};
use jiff::civil::Date;
use kernel::{Fault, Rng, Timestamp, clock, rng};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

/// What can be disclosed of every certificate, with its names; its lines come under `lines`.
pub(super) const CLAIMS: [(&str, &str, &str); 8] = [
    ("number", "证照编号", "Number"),
    ("name", "证照名称", "Certificate"),
    ("holder_name", "持证人", "Holder"),
    ("holder_number", "持证人证件号码（隐去中间）", "Holder’s number (masked)"),
    ("issuer_name", "签发机关", "Issued by"),
    ("issuer_code", "签发机关统一社会信用代码", "Issuer’s unified social credit code"),
    ("valid_from", "有效期起", "Valid from"),
    ("valid_until", "有效期止", "Valid until"),
];

/// What is written into a credential.
pub(super) struct Facts<'a> {
    pub certificate: &'a Certificate,
    pub place: Place,
    /// The wallet's public key as a JWK.
    pub key: Value,
    pub base: &'a str,
    pub now: Timestamp,
}

/// Disclosures as they are made: their texts, and the digests that stand for them in the token.
struct Hidden<'a> {
    rng: &'a dyn Rng,
    disclosures: Vec<String>,
}

impl Hidden<'_> {
    /// The digests of the members of an object, in an order that tells nothing (RFC 9901 §4.2.4.1).
    fn object(&mut self, members: &[(&str, &str)]) -> Vec<String> {
        let mut digests: Vec<String> = members.iter().map(|(key, value)| self.hide(key, value)).collect();
        digests.sort_unstable();
        digests
    }

    fn hide(&mut self, key: &str, value: &str) -> String {
        let salt = jose::base64url(&rng::bytes::<16>(self.rng));
        let text = jose::base64url(json!([salt, key, value]).to_string().as_bytes());
        let digest = jose::base64url(&Sha256::digest(text.as_bytes()));
        self.disclosures.push(text);
        digest
    }
}

/// Makes the credential: token and disclosures, joined by tildes.
///
/// # Errors
/// A [`Fault`] when a day cannot be turned into a moment.
pub(super) fn make(facts: &Facts<'_>, signer: &Signer, rng: &dyn Rng) -> Result<String, Fault> {
    let c = facts.certificate;
    let mut hidden = Hidden { rng, disclosures: Vec::new() };
    let (from, until) = (c.valid_from.to_string(), c.valid_until.map(|d| d.to_string()).unwrap_or_default());
    let values = [
        c.identifier.as_str(),
        &c.name.zh,
        &c.holder_name,
        &c.holder_number_masked,
        &c.issuer_name.zh,
        &c.issuer_code,
        &from,
        &until,
    ];
    let members: Vec<_> =
        CLAIMS.iter().map(|(key, ..)| *key).zip(values).filter(|(_, v)| !v.is_empty()).collect();
    let lines: Vec<_> = c.fields.iter().map(|f| (f.key.as_str(), f.value.as_str())).collect();
    let mut body = Map::new();
    body.insert("iss".into(), json!(facts.base));
    body.insert("iat".into(), json!(facts.now.as_second()));
    body.insert("nbf".into(), json!(start(c.valid_from)?));
    if let Some(last) = c.valid_until {
        let after = last.tomorrow().map_err(|e| Fault::from("the day after the last", e))?;
        body.insert("exp".into(), json!(start(after)?));
    }
    body.insert("vct".into(), json!(vct(facts.base)));
    body.insert("kind".into(), json!(c.kind));
    body.insert("cnf".into(), json!({"jwk": facts.key}));
    let status = json!({"idx": facts.place.index, "uri": list_url(facts.base, facts.place.list)});
    body.insert("status".into(), json!({"status_list": status}));
    body.insert("_sd_alg".into(), json!("sha-256"));
    body.insert("_sd".into(), json!(hidden.object(&members)));
    body.insert("lines".into(), json!({"_sd": hidden.object(&lines)}));
    let token = jose::sign(signer, FORMAT, &Value::Object(body))?;
    let mut out = token;
    for disclosure in hidden.disclosures {
        out.push('~');
        out.push_str(&disclosure);
    }
    out.push('~');
    Ok(out)
}

/// The first second of a day of legal time.
fn start(day: Date) -> Result<i64, Fault> {
    let zoned = day.to_zoned(clock::legal_zone()).map_err(|e| Fault::from("a day of validity", e))?;
    Ok(zoned.timestamp().as_second())
}
