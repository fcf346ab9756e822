//! What a gateway and a courier have in common as partners of the platform: an address, a secret in a file, call-backs by HTTP.

use crate::lines::here;
use crate::post::Web;
use exchange::Post as _;
use kernel::Fault;
use std::collections::BTreeMap;
use std::path::Path;

/// The secret in a file; `whose` it is stands in the error.
///
/// # Errors
/// A [`Fault`] when the file cannot be read.
pub(crate) fn secret(whose: &str, file: &Path) -> Result<String, Fault> {
    let text = std::fs::read_to_string(file)
        .map_err(|e| Fault::from(format!("reading the {whose}'s secret {}", file.display()), e))?;
    Ok(text.trim_end().to_owned())
}

/// A partner's address without its last stroke: by HTTPS, or on this machine; `what` names the key of the configuration.
///
/// # Errors
/// A [`Fault`] that says what is wrong with it.
pub(crate) fn checked(what: &str, url: &str, demo: bool) -> Result<String, Fault> {
    let wrong = |why: &str| Fault::new(format!("{what} {why}"));
    let uri: axum::http::Uri = url.parse().map_err(|_| wrong("cannot be read"))?;
    let host = uri.host().ok_or_else(|| wrong("names no host"))?;
    match uri.scheme_str() {
        Some("https") => {}
        Some("http") if demo || here(host) => {}
        _ => return Err(wrong("must be https://")),
    }
    Ok(url.trim_end_matches('/').to_owned())
}

/// Carries a stand-in's call-backs by HTTP: the stand-in as a program of its own.
pub struct ByHttp {
    /// Where the platform is.
    pub platform: String,
    /// How HTTP is spoken.
    pub web: Web,
}

impl ByHttp {
    /// Whether a call-back to a path needs not be carried again: what is refused for what it says is not said again.
    pub(crate) async fn carried(&self, path: &str, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
        let url = format!("{}{path}", self.platform);
        matches!(self.web.post(&url, headers, body).await, Ok((status, _)) if status < 500)
    }
}
