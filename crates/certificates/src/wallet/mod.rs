//! The same certificate in the holder's own wallet: an SD-JWT VC, handed over by OpenID for Verifiable Credential Issuance 1.0 with a
//! pre-authorised code.

mod credential;
mod offer;
mod proof;
mod sdjwt;

pub(crate) use credential::{NONCE_SECONDS, hand_over, nonce};
pub(crate) use offer::{ACCESS_SECONDS, Body, redeem};
pub use offer::{Offer, OfferId, offer};

use kernel::{Refusal, RefusalKind};
use serde_json::{Value, json};

/// The one kind of credential that is offered; which certificate it is stands inside.
pub(crate) const CONFIGURATION: &str = "certificate";
/// The grant of OpenID4VCI §4.1.1.
pub(crate) const GRANT: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";
/// The media type of an SD-JWT VC (draft-ietf-oauth-sd-jwt-vc §3.1).
pub(crate) const FORMAT: &str = "dc+sd-jwt";

/// The address that names the type of our credentials, and where it is described.
pub(crate) fn vct(base: &str) -> String {
    format!("{base}/credential/certificate")
}

/// A no to a wallet. The last part of the code is the error of OAuth 2.0 or OpenID4VCI with hyphens.
fn no(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(RefusalKind::Invalid, code, zh, en)
        .next("请持证人在证照页面重新发起。", "Ask the holder to begin again on the certificate’s page.")
}

/// The error of the protocols for a refusal of [`no`].
pub(crate) fn error_of(refusal: &Refusal) -> Option<String> {
    refusal.code.strip_prefix("certificates.wallet-").map(|word| word.replace('-', "_"))
}

/// `/.well-known/openid-credential-issuer` (OpenID4VCI §12.2).
pub(crate) fn issuer(base: &str, names: [(&str, &str); 2]) -> Value {
    let shown = |zh: &str, en: &str| json!([{"name": zh, "locale": "zh-CN"}, {"name": en, "locale": "en"}]);
    let [(_, zh), (_, en)] = names;
    json!({
        "credential_issuer": base,
        "credential_endpoint": format!("{base}/api/vci/credential"),
        "nonce_endpoint": format!("{base}/api/vci/nonce"),
        "display": names.map(|(locale, name)| json!({"name": name, "locale": locale})),
        "credential_configurations_supported": {
            CONFIGURATION: {
                "format": FORMAT,
                "scope": CONFIGURATION,
                "vct": vct(base),
                "cryptographic_binding_methods_supported": ["jwk"],
                "credential_signing_alg_values_supported": ["ES256"],
                "proof_types_supported": {"jwt": {"proof_signing_alg_values_supported": ["ES256"]}},
                "credential_metadata": {
                    "display": shown(&format!("电子证照 · {zh}"), &format!("Electronic certificate · {en}")),
                    "claims": claims(),
                },
            },
        },
    })
}

/// `/.well-known/oauth-authorization-server` (RFC 8414).
pub(crate) fn authorization_server(base: &str) -> Value {
    json!({
        "issuer": base,
        "token_endpoint": format!("{base}/api/vci/token"),
        "token_endpoint_auth_methods_supported": ["none"],
        "grant_types_supported": [GRANT],
        "response_types_supported": [],
        "pre-authorized_grant_anonymous_access_supported": true,
    })
}

/// What our credentials say: the description of their type (draft-ietf-oauth-sd-jwt-vc §6).
pub(crate) fn type_metadata(base: &str) -> Value {
    let hidden = claims();
    let hidden = hidden.as_array().into_iter().flatten().map(|claim| {
        let mut claim = claim.clone();
        claim["sd"] = json!("always");
        claim
    });
    json!({
        "vct": vct(base),
        "name": "电子证照 / Electronic certificate",
        "description": "The lines of the certificate stand under `lines`, by the keys of its kind, each disclosed by itself.",
        "claims": hidden.collect::<Vec<_>>(),
    })
}

fn claims() -> Value {
    let all = sdjwt::CLAIMS.iter().map(|(key, zh, en)| {
        json!({"path": [key], "display": [
            {"name": zh, "label": zh, "locale": "zh-CN"},
            {"name": en, "label": en, "locale": "en"},
        ]})
    });
    all.collect()
}
