//! Signing in by a national identity service (统一身份认证): an OpenID Connect client, by the code flow with PKCE (RFC 7636), state
//! and nonce. The service says who somebody is; what they may do here stays the house's own affair.

mod enter;
mod jose;
mod rules;
mod service;

pub(crate) use enter::{Answer, Came, begin, came_back, joined_since, leave};
pub use service::{National, Web};

use kernel::Text;
use serde::Deserialize;

/// How the national identity service is spoken to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NationalService {
    /// Its name, as it stands on the button.
    pub name: Text,
    /// Its issuer address; `/.well-known/openid-configuration` is looked up below it.
    pub issuer: String,
    /// What it calls this program.
    pub client_id: String,
    /// The secret that this program proves itself with.
    pub client_secret: ClientSecret,
    /// What is asked for.
    pub scope: String,
    /// The claim that holds the citizen identity number (公民身份号码).
    pub number_claim: String,
    /// The claim that is `true` when the service vouches for that number.
    pub verified_claim: String,
    /// The claim that holds the name on the identity card.
    pub name_claim: String,
    /// The levels of assurance (`acr`) that are enough; empty takes every one.
    pub assurance: Vec<String>,
}

impl NationalService {
    /// A service by its address, with the usual claims; every level of assurance is enough.
    pub fn new(name: Text, issuer: &str, client_id: &str, client_secret: ClientSecret) -> Self {
        Self {
            name,
            issuer: issuer.to_owned(),
            client_id: client_id.to_owned(),
            client_secret,
            scope: "openid profile".to_owned(),
            number_claim: "citizen_id".to_owned(),
            verified_claim: "citizen_id_verified".to_owned(),
            name_claim: "name".to_owned(),
            assurance: Vec::new(),
        }
    }
}

/// The secret of this program at the service; printed nowhere.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ClientSecret(String);

impl ClientSecret {
    /// The secret with this text.
    pub fn new(text: &str) -> Self {
        Self(text.to_owned())
    }

    pub(crate) fn text(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ClientSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("secret")
    }
}
