//! Who signs: an authority of one's own made at first start, or the keys that the configuration names.

mod algorithm;
mod make;

pub use algorithm::Algorithm;
pub(crate) use algorithm::{Key, Value, of_certificate, verifies};
pub use make::load_or_make;

use crate::stamp::TimeAuthority;
use der::{DecodePem as _, Encode as _, EncodePem as _};
use kernel::{Fault, Rng, Timestamp};
use p256::ecdsa::SigningKey;
use sha2::{Digest as _, Sha256};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use x509_cert::Certificate;

/// Where real keys lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFiles {
    /// The signer's certificate (PEM), followed by those between it and the authority.
    pub certificate: PathBuf,
    /// The signer's private key (PEM, PKCS #8, P-256 or SM2).
    pub key: PathBuf,
    /// The authority's certificate (PEM).
    pub authority: PathBuf,
}

/// A key, its certificate, those between it and the authority, and the authority that stands behind it.
#[derive(Clone)]
pub(crate) struct Pair {
    pub(crate) key: Key,
    pub(crate) certificate: Certificate,
    pub(crate) chain: Vec<Certificate>,
    pub(crate) authority: Certificate,
}

/// Who signs: documents with one key, tokens for wallets and status lists with a P-256 key, which may be the same.
pub struct Signer {
    /// Signs documents.
    pub(crate) documents: Pair,
    /// Signs tokens: JSON Web Signatures know no SM2.
    pub(crate) tokens: Pair,
    /// Authorities whose signers signed here before.
    former: Vec<Certificate>,
    /// Authorities of time stamps.
    clocks: Vec<Certificate>,
    /// Who is asked for time stamps.
    clock: Option<Arc<dyn TimeAuthority>>,
    demo: bool,
}

/// The authorities whose signatures count.
#[derive(Debug, Clone)]
pub struct Trust {
    pub(crate) roots: Vec<Certificate>,
    /// The authorities whose time stamps count (RFC 3161).
    pub(crate) clocks: Vec<Certificate>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.documents.certificate.tbs_certificate().subject())
    }
}

/// The certificates in a PEM text, one at least.
fn certificates_in(pem: &str) -> Result<Vec<Certificate>, Fault> {
    let found = Certificate::load_pem_chain(pem.as_bytes())
        .map_err(|e| Fault::from("the authority's certificate is no PEM", e))?;
    if found.is_empty() {
        return Err(Fault::new("there is no certificate in the authority's PEM"));
    }
    Ok(found)
}

impl Trust {
    /// Trusts the authorities in a PEM text (`/verify/ca.pem`), and nobody's time stamps.
    ///
    /// # Errors
    /// A [`Fault`] when there is none in it.
    pub fn from_pem(pem: &str) -> Result<Self, Fault> {
        Ok(Self { roots: certificates_in(pem)?, clocks: Vec::new() })
    }

    /// Trusts the time stamps of the authorities in a PEM text too.
    ///
    /// # Errors
    /// A [`Fault`] when there is none in it.
    pub fn with_clocks(mut self, pem: &str) -> Result<Self, Fault> {
        self.clocks = certificates_in(pem)?;
        Ok(self)
    }
}

impl Signer {
    /// Reads real keys: [`load`].
    ///
    /// # Errors
    /// A [`Fault`] that names the file that cannot be read or does not fit.
    pub fn from_pem(certificate: &Path, key: &Path, authority: &Path) -> Result<Self, Fault> {
        load(&KeyFiles {
            certificate: certificate.to_owned(),
            key: key.to_owned(),
            authority: authority.to_owned(),
        })
    }

    /// The demo's own authority and signer, made at first start in `data/signing`: [`load_or_make`].
    ///
    /// # Errors
    /// A [`Fault`] when the folder cannot be read or written.
    pub fn demo(data: &Path, rng: &dyn Rng, now: Timestamp) -> Result<Self, Fault> {
        load_or_make(&data.join("signing"), Algorithm::P256, rng, now, true)
    }

    fn new(documents: Pair, tokens: Pair, demo: bool) -> Self {
        Self { documents, tokens, former: Vec::new(), clocks: Vec::new(), clock: None, demo }
    }

    /// Signs tokens with the key of `other`, which must be P-256, instead of its own.
    ///
    /// # Errors
    /// A [`Fault`] when it is not.
    pub fn with_tokens_of(mut self, other: &Self) -> Result<Self, Fault> {
        token_key(&other.documents)?;
        self.tokens = other.documents.clone();
        Ok(self)
    }

    /// Believes what signers of the authorities in a PEM text signed before.
    ///
    /// # Errors
    /// A [`Fault`] when there is none in it.
    pub fn with_former(mut self, pem: &str) -> Result<Self, Fault> {
        self.former.extend(certificates_in(pem)?);
        Ok(self)
    }

    /// Asks `clock` for a time stamp on every certificate, and believes those of the authorities in a PEM text.
    ///
    /// # Errors
    /// A [`Fault`] when there is none in it.
    pub fn with_clock(mut self, pem: &str, clock: Arc<dyn TimeAuthority>) -> Result<Self, Fault> {
        self.clocks.extend(certificates_in(pem)?);
        self.clock = Some(clock);
        Ok(self)
    }

    /// Whether tokens can be signed, for wallets and status lists.
    ///
    /// # Errors
    /// A [`Fault`] that says which key is missing.
    pub fn must_sign_tokens(&self) -> Result<(), Fault> {
        token_key(&self.tokens).map(|_| ())
    }

    /// The P-256 key for tokens.
    pub(crate) fn token_key(&self) -> Result<&SigningKey, Fault> {
        token_key(&self.tokens)
    }

    /// How documents are signed.
    pub fn algorithm(&self) -> Algorithm {
        self.documents.key.algorithm()
    }

    /// All authorities that stand behind what was signed here, each once, the present one first.
    fn authorities(&self) -> Vec<&Certificate> {
        let all = [&self.documents.authority, &self.tokens.authority].into_iter().chain(&self.former);
        all.fold(Vec::new(), |mut out, one| {
            if !out.contains(&one) {
                out.push(one);
            }
            out
        })
    }

    /// The authorities' certificates as PEM, for `/verify/ca.pem`.
    ///
    /// # Errors
    /// A [`Fault`] when one cannot be written, which does not happen.
    pub fn authority_pem(&self) -> Result<String, Fault> {
        self.authorities().into_iter().map(pem_of).collect()
    }

    /// What counts as signed by us.
    pub fn trust(&self) -> Trust {
        Trust { roots: self.authorities().into_iter().cloned().collect(), clocks: self.clocks.clone() }
    }

    /// The name in the signer's certificate.
    pub fn name(&self) -> String {
        common_name(&self.documents.certificate)
    }

    /// For each authority how its key signs and the SHA-256 of its certificate, in groups of four, to compare by eye.
    pub fn authority_fingerprints(&self) -> Vec<(&'static str, String)> {
        let one = |authority: &Certificate| {
            let digest = Sha256::digest(authority.to_der().unwrap_or_default());
            let hex: String = digest.iter().map(|b| format!("{b:02X}")).collect();
            let groups = hex.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ");
            (of_certificate(authority).map_or("", Algorithm::name), groups)
        };
        self.authorities().into_iter().map(one).collect()
    }

    /// Who is asked for time stamps.
    pub(crate) fn clock(&self) -> Option<&Arc<dyn TimeAuthority>> {
        self.clock.as_ref()
    }

    /// The authorities of time stamps that are believed.
    pub(crate) fn clocks(&self) -> &[Certificate] {
        &self.clocks
    }

    /// Whether this is an authority made for a demonstration.
    pub fn is_demo(&self) -> bool {
        self.demo
    }
}

fn token_key(pair: &Pair) -> Result<&SigningKey, Fault> {
    match &pair.key {
        Key::P256(key) => Ok(key),
        Key::Sm2(_) => Err(Fault::new(
            "wallets and status lists know no SM2 signature: [signing.tokens] must name a P-256 certificate, key and authority",
        )),
    }
}

/// The common name of a certificate's subject.
pub(crate) fn common_name(certificate: &Certificate) -> String {
    let subject = certificate.tbs_certificate().subject();
    let found = subject.iter().find(|a| a.oid == der::oid::db::rfc4519::COMMON_NAME);
    found.and_then(|a| text(&a.value)).unwrap_or_else(|| subject.to_string())
}

fn text(value: &der::Any) -> Option<String> {
    std::str::from_utf8(value.value()).ok().map(str::to_owned)
}

fn pem_of(certificate: &Certificate) -> Result<String, Fault> {
    certificate.to_pem(der::pem::LineEnding::LF).map_err(|e| Fault::from("writing a certificate", e))
}

/// Reads the keys that the configuration names and checks that they belong together.
///
/// # Errors
/// A [`Fault`] that names the file that cannot be read or does not fit.
pub fn load(files: &KeyFiles) -> Result<Signer, Fault> {
    let pair = load_pair(files)?;
    Ok(Signer::new(pair.clone(), pair, false))
}

fn load_pair(files: &KeyFiles) -> Result<Pair, Fault> {
    let read = |path: &Path| {
        std::fs::read_to_string(path).map_err(|e| Fault::from(format!("reading {}", path.display()), e))
    };
    let pem = |path: &Path, e| Fault::from(format!("{} is no PEM certificate", path.display()), e);
    let mut chain = Certificate::load_pem_chain(read(&files.certificate)?.as_bytes())
        .map_err(|e| pem(&files.certificate, e))?;
    if chain.is_empty() {
        return Err(Fault::new(format!("{} holds no certificate", files.certificate.display())));
    }
    let certificate = chain.remove(0);
    let authority = Certificate::from_pem(read(&files.authority)?).map_err(|e| pem(&files.authority, e))?;
    let key = Key::from_pem(&read(&files.key)?).ok_or_else(|| {
        Fault::new(format!("{} is no P-256 or SM2 private key in PKCS #8 PEM", files.key.display()))
    })?;
    let pair = Pair { key, certificate, chain, authority };
    if *pair.certificate.tbs_certificate().subject_public_key_info() != pair.key.spki()? {
        return Err(Fault::new(format!(
            "the key {} does not belong to the certificate {}",
            files.key.display(),
            files.certificate.display()
        )));
    }
    let roots = std::slice::from_ref(&pair.authority);
    crate::sign::chain::check(&pair.certificate, &pair.chain, roots).map_err(|_| {
        Fault::new(format!("{} was not issued by the authority", files.certificate.display()))
    })?;
    Ok(pair)
}
