//! TLS to PostgreSQL as libpq means it: `sslmode` and `sslrootcert` in the database's URL.
//!
//! **Invariant:** `verify-ca` and `verify-full` never speak to a server that they have not verified, and never in plain.

use kernel::Fault;
use rustls::client::WebPkiServerVerifier;
use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::crypto::{CryptoProvider, ring};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{CertificateError, ClientConfig, DigitallySignedStruct, RootCertStore, SignatureScheme};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio_postgres::Config;
use tokio_postgres::config::SslMode;
use tokio_postgres_rustls::MakeRustlsConnect;

/// How much is asked of the line to the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Disable,
    Prefer,
    Require,
    VerifyCa,
    VerifyFull,
}

impl Mode {
    fn of(word: &str) -> Result<Self, Fault> {
        Ok(match word {
            "disable" => Self::Disable,
            "prefer" => Self::Prefer,
            "require" => Self::Require,
            "verify-ca" => Self::VerifyCa,
            "verify-full" => Self::VerifyFull,
            other => {
                return Err(Fault::new(format!(
                    "sslmode={other} in the PostgreSQL URL: write disable, prefer, require, verify-ca or verify-full"
                )));
            }
        })
    }
}

/// What is read from a URL: the driver's part of it, and how TLS is made.
pub(super) fn parse(url: &str) -> Result<(Config, Option<MakeRustlsConnect>), Fault> {
    let (plain, mode, roots) = split(url)?;
    // The parser's own message may quote the URL, and with it a password.
    let mut config: Config = plain.parse().map_err(|_| Fault::new("the PostgreSQL URL is not in order"))?;
    let roots = roots.as_deref();
    let mode = match mode {
        // As libpq: with a root certificate at hand, what is required is also verified.
        Some(Mode::Require) | None if roots.is_some() => Mode::VerifyCa,
        Some(mode) => mode,
        None if config.get_ssl_mode() == SslMode::Require => Mode::Require,
        None if config.get_ssl_mode() == SslMode::Disable => Mode::Disable,
        None => Mode::Prefer,
    };
    config.ssl_mode(match mode {
        Mode::Disable => SslMode::Disable,
        Mode::Prefer => SslMode::Prefer,
        Mode::Require | Mode::VerifyCa | Mode::VerifyFull => SslMode::Require,
    });
    let tls = match mode {
        Mode::Disable => None,
        Mode::Prefer | Mode::Require => Some(Check::Nothing),
        Mode::VerifyCa => Some(Check::Chain(verifier(mode, roots)?)),
        Mode::VerifyFull => Some(Check::ChainAndName(verifier(mode, roots)?)),
    };
    Ok((config, tls.map(connector).transpose()?))
}

/// The URL without what the driver does not know, and that.
fn split(url: &str) -> Result<(String, Option<Mode>, Option<PathBuf>), Fault> {
    let Some((head, query)) = url.split_once('?') else { return Ok((url.to_owned(), None, None)) };
    let (mut mode, mut roots, mut rest) = (None, None, Vec::new());
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = || {
            percent_encoding::percent_decode_str(value)
                .decode_utf8()
                .map_err(|e| Fault::from(format!("{name} in the PostgreSQL URL"), e))
        };
        match name {
            "sslmode" => mode = Some(Mode::of(&value()?)?),
            "sslrootcert" => roots = Some(PathBuf::from(value()?.as_ref())),
            _ => rest.push(pair),
        }
    }
    let plain = if rest.is_empty() { head.to_owned() } else { format!("{head}?{}", rest.join("&")) };
    Ok((plain, mode, roots))
}

fn provider() -> Arc<CryptoProvider> {
    Arc::new(ring::default_provider())
}

fn verifier(mode: Mode, roots: Option<&Path>) -> Result<Arc<WebPkiServerVerifier>, Fault> {
    let path = roots.ok_or_else(|| {
        let word = if mode == Mode::VerifyFull { "verify-full" } else { "verify-ca" };
        Fault::new(format!(
            "sslmode={word} needs the certificate of the authority to trust: add &sslrootcert=/path/to/ca.pem to the \
             PostgreSQL URL"
        ))
    })?;
    let doing = || format!("reading the root certificate {} (PEM) of the database", path.display());
    let mut store = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path).map_err(|e| Fault::from(doing(), e))? {
        let certificate = certificate.map_err(|e| Fault::from(doing(), e))?;
        store.add(certificate).map_err(|e| Fault::from(doing(), e))?;
    }
    if store.is_empty() {
        return Err(Fault::new(format!("{}: there is no certificate in it", doing())));
    }
    WebPkiServerVerifier::builder_with_provider(Arc::new(store), provider())
        .build()
        .map_err(|e| Fault::from(doing(), e))
}

fn connector(check: Check) -> Result<MakeRustlsConnect, Fault> {
    let config = ClientConfig::builder_with_provider(provider())
        .with_safe_default_protocol_versions()
        .map_err(|e| Fault::from("preparing TLS to the database", e))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(check))
        .with_no_client_auth();
    Ok(MakeRustlsConnect::new(config))
}

/// How much of the server's certificate is checked.
#[derive(Debug)]
enum Check {
    /// It is only encrypted; who is at the other end stays open.
    Nothing,
    /// An authority we trust vouches for it, whatever its name.
    Chain(Arc<WebPkiServerVerifier>),
    /// And it is the one we called.
    ChainAndName(Arc<WebPkiServerVerifier>),
}

impl ServerCertVerifier for Check {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        let ask =
            |web: &WebPkiServerVerifier| web.verify_server_cert(end_entity, intermediates, name, ocsp, now);
        match self {
            Self::Nothing => Ok(ServerCertVerified::assertion()),
            Self::ChainAndName(web) => ask(web),
            // The verifier looks at the name last: when only that is wrong, the chain is good.
            Self::Chain(web) => match ask(web) {
                Err(rustls::Error::InvalidCertificate(
                    CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
                )) => Ok(ServerCertVerified::assertion()),
                result => result,
            },
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &provider().signature_verification_algorithms;
        rustls::crypto::verify_tls12_signature(message, certificate, signed, known)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        let known = &provider().signature_verification_algorithms;
        rustls::crypto::verify_tls13_signature(message, certificate, signed, known)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        provider().signature_verification_algorithms.supported_schemes()
    }
}

/// What a handshake that failed means, in words; `None` when the error is another one.
pub(super) fn refusal(error: &tokio_postgres::Error) -> Option<Fault> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = std::error::Error::source(error);
    while let Some(cause) = next {
        if cause.to_string() == "server does not support TLS" {
            return Some(Fault::new(
                "the database offers no TLS, and sslmode asks for it: switch ssl on there, or say sslmode=prefer",
            ));
        }
        let inner = cause.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        let tls = inner.and_then(|e| e.downcast_ref::<rustls::Error>());
        if let Some(tls) = tls.or_else(|| cause.downcast_ref::<rustls::Error>()) {
            return Some(Fault::from("the database's TLS certificate is not accepted", tls.clone()));
        }
        next = cause.source();
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_driver_gets_only_what_it_knows() {
        let url = "postgres://u@h:1/d?sslmode=verify-full&connect_timeout=3&sslrootcert=%2Fetc%2Fca.pem";
        let (plain, mode, roots) = split(url).unwrap();
        assert_eq!(plain, "postgres://u@h:1/d?connect_timeout=3");
        assert_eq!((mode, roots), (Some(Mode::VerifyFull), Some(PathBuf::from("/etc/ca.pem"))));
        assert_eq!(split("postgres://u@h/d?sslmode=disable").unwrap().0, "postgres://u@h/d");
    }

    #[test]
    fn what_is_wrong_in_the_url_is_named_without_its_password() {
        let say = |url: &str| parse(url).map(|_| ()).unwrap_err().to_string();
        let mode = say("postgres://u:geheim@h/d?sslmode=verify");
        assert!(mode.contains("sslmode=verify") && mode.contains("verify-full") && !mode.contains("geheim"));
        assert!(say("postgres://u:geheim@h/d?sslmode=verify-full").contains("sslrootcert="));
        let gone = say("postgres://u@h/d?sslmode=verify-full&sslrootcert=/no/such.pem");
        assert!(gone.contains("/no/such.pem"), "{gone}");
    }

    #[test]
    fn without_a_word_tls_is_preferred() {
        let (config, tls) = parse("postgres://u@h/d").unwrap();
        assert!(config.get_ssl_mode() == SslMode::Prefer && tls.is_some());
        let (config, tls) = parse("postgres://u@h/d?sslmode=disable").unwrap();
        assert!(config.get_ssl_mode() == SslMode::Disable && tls.is_none());
    }
}
