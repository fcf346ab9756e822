//! Who signs: a demo authority made at first start, or the keys that the configuration names.

use der::asn1::{GeneralizedTime, OctetString, UtcTime};
use der::oid::AssociatedOid;
use der::{DecodePem as _, EncodePem as _};
use kernel::{Fault, Rng, Timestamp, rng};
use p256::ecdsa::{DerSignature, SigningKey};
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use sha2::{Digest as _, Sha256};
use spki::{EncodePublicKey as _, SubjectPublicKeyInfoOwned, SubjectPublicKeyInfoRef};
use std::path::{Path, PathBuf};
use std::str::FromStr as _;
use std::time::Duration;
use x509_cert::Certificate;
use x509_cert::builder::profile::BuilderProfile;
use x509_cert::builder::{Builder as _, CertificateBuilder};
use x509_cert::certificate::TbsCertificate;
use x509_cert::ext::pkix::{
    AuthorityKeyIdentifier, BasicConstraints, KeyUsage, KeyUsages, SubjectKeyIdentifier,
};
use x509_cert::ext::{Extension, ToExtension};
use x509_cert::name::Name;
use x509_cert::serial_number::SerialNumber;
use x509_cert::time::{Time, Validity};

const DAY: u64 = 24 * 60 * 60;
const CA_DAYS: u64 = 20 * 365;
const SIGNER_DAYS: u64 = 3 * 365;
/// A signer that ends sooner than this is replaced at the next start.
const RENEW_DAYS: u64 = 90;

/// Where real keys lie.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyFiles {
    /// The signer's certificate (PEM), followed by those between it and the authority.
    pub certificate: PathBuf,
    /// The signer's private key (PEM, PKCS #8, P-256).
    pub key: PathBuf,
    /// The authority's certificate (PEM).
    pub authority: PathBuf,
}

/// The key that signs certificates, its certificate, and the authority that stands behind it.
pub struct Signer {
    pub(crate) key: SigningKey,
    pub(crate) certificate: Certificate,
    pub(crate) chain: Vec<Certificate>,
    pub(crate) authority: Certificate,
    demo: bool,
}

/// The authorities whose signatures count.
#[derive(Debug, Clone)]
pub struct Trust {
    pub(crate) roots: Vec<Certificate>,
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.certificate.tbs_certificate().subject())
    }
}

impl Trust {
    /// Trusts the authorities in a PEM text (`/verify/ca.pem`).
    ///
    /// # Errors
    /// A [`Fault`] when there is none in it.
    pub fn from_pem(pem: &str) -> Result<Self, Fault> {
        let roots = Certificate::load_pem_chain(pem.as_bytes())
            .map_err(|e| Fault::from("the authority's certificate is no PEM", e))?;
        if roots.is_empty() {
            return Err(Fault::new("there is no certificate in the authority's PEM"));
        }
        Ok(Self { roots })
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
        load_or_make(&data.join("signing"), rng, now, true)
    }

    /// The authority's certificate as PEM, for `/verify/ca.pem`.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be written, which does not happen.
    pub fn authority_pem(&self) -> Result<String, Fault> {
        self.authority.to_pem(der::pem::LineEnding::LF).map_err(|e| Fault::from("writing the authority", e))
    }

    /// What counts as signed by us.
    pub fn trust(&self) -> Trust {
        Trust { roots: vec![self.authority.clone()] }
    }

    /// The name in the signer's certificate.
    pub fn name(&self) -> String {
        common_name(&self.certificate)
    }

    /// The SHA-256 of the authority's certificate, in groups of four, to compare by eye.
    pub fn authority_fingerprint(&self) -> String {
        use der::Encode as _;
        let digest = Sha256::digest(self.authority.to_der().unwrap_or_default());
        let hex: String = digest.iter().map(|b| format!("{b:02X}")).collect();
        hex.as_bytes().chunks(4).map(String::from_utf8_lossy).collect::<Vec<_>>().join(" ")
    }

    /// Whether this is an authority made for a demonstration.
    pub fn is_demo(&self) -> bool {
        self.demo
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

/// Reads the keys that the configuration names and checks that they belong together.
///
/// # Errors
/// A [`Fault`] that names the file that cannot be read or does not fit.
pub fn load(files: &KeyFiles) -> Result<Signer, Fault> {
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
    let key = SigningKey::from_pkcs8_pem(&read(&files.key)?)
        .map_err(|_| Fault::new(format!("{} is no P-256 private key in PKCS #8 PEM", files.key.display())))?;
    let demo = false;
    let signer = Signer { key, certificate, chain, authority, demo };
    let own = spki_of(&signer.key)?;
    if *signer.certificate.tbs_certificate().subject_public_key_info() != own {
        return Err(Fault::new(format!(
            "the key {} does not belong to the certificate {}",
            files.key.display(),
            files.certificate.display()
        )));
    }
    crate::sign::chain::check(&signer.certificate, &signer.chain, &signer.trust()).map_err(|_| {
        Fault::new(format!("{} was not issued by the authority", files.certificate.display()))
    })?;
    Ok(signer)
}

/// Loads the keys in `folder`, made at first start; a signer near its end is replaced under the same authority.
///
/// # Errors
/// A [`Fault`] when the folder cannot be read or written, or its files do not belong together.
pub fn load_or_make(folder: &Path, rng: &dyn Rng, now: Timestamp, demo: bool) -> Result<Signer, Fault> {
    let files = KeyFiles {
        certificate: folder.join("signer.pem"),
        key: folder.join("signer.key"),
        authority: folder.join("ca.pem"),
    };
    let authority_key = folder.join("ca.key");
    std::fs::create_dir_all(folder)
        .map_err(|e| Fault::from(format!("making the folder {}", folder.display()), e))?;
    if !files.authority.exists() {
        let key = new_key(rng)?;
        let authority = make_authority(&key, rng, now, demo)?;
        write_secret(&authority_key, &key)?;
        write(&files.authority, &pem_of(&authority)?)?;
    }
    if !files.certificate.exists() || ends_soon(&files, now)? {
        let authority_pem = std::fs::read_to_string(&files.authority)
            .map_err(|e| Fault::from("reading the authority's certificate", e))?;
        let authority = Certificate::from_pem(authority_pem)
            .map_err(|e| Fault::from("the authority's certificate is broken", e))?;
        let ca_key = SigningKey::read_pkcs8_pem_file(&authority_key)
            .map_err(|_| Fault::new(format!("reading {}", authority_key.display())))?;
        let key = new_key(rng)?;
        let certificate = make_signer(&key, &ca_key, &authority, rng, now, demo)?;
        write_secret(&files.key, &key)?;
        write(&files.certificate, &pem_of(&certificate)?)?;
    }
    Ok(Signer { demo, ..load(&files)? })
}

fn ends_soon(files: &KeyFiles, now: Timestamp) -> Result<bool, Fault> {
    let signer = load(files)?;
    let ends = signer.certificate.tbs_certificate().validity().not_after.to_unix_duration();
    Ok(ends < unix(now) + Duration::from_secs(RENEW_DAYS * DAY))
}

fn unix(now: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0))
}

fn new_key(rng: &dyn Rng) -> Result<SigningKey, Fault> {
    for _ in 0..16 {
        if let Ok(key) = SigningKey::from_slice(&rng::bytes::<32>(rng)) {
            return Ok(key); // all but one in 2^32 numbers are keys
        }
    }
    Err(Fault::new("chance gives no key"))
}

fn spki_of(key: &SigningKey) -> Result<SubjectPublicKeyInfoOwned, Fault> {
    let der = key.verifying_key().to_public_key_der().map_err(|e| Fault::from("writing a public key", e))?;
    SubjectPublicKeyInfoOwned::try_from(der.as_bytes()).map_err(|e| Fault::from("reading a public key", e))
}

fn pem_of(certificate: &Certificate) -> Result<String, Fault> {
    certificate.to_pem(der::pem::LineEnding::LF).map_err(|e| Fault::from("writing a certificate", e))
}

/// Writes beside and renames, so that a crash leaves no half file.
fn write(path: &Path, text: &str) -> Result<(), Fault> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|e| Fault::from(format!("writing {}", path.display()), e))
}

fn write_secret(path: &Path, key: &SigningKey) -> Result<(), Fault> {
    let pem = key
        .to_pkcs8_pem(der::pem::LineEnding::LF)
        .map_err(|_| Fault::new(format!("writing {}", path.display())))?;
    write(path, "")?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))
            .map_err(|e| Fault::from(format!("protecting {}", path.display()), e))?;
    }
    std::fs::write(path, pem.as_bytes()).map_err(|e| Fault::from(format!("writing {}", path.display()), e))
}

struct Part {
    subject: Name,
    issuer: Name,
    authority: bool,
}

impl BuilderProfile for Part {
    fn get_issuer(&self, _subject: &Name) -> Name {
        self.issuer.clone()
    }

    fn get_subject(&self) -> Name {
        self.subject.clone()
    }

    fn build_extensions(
        &self,
        own: SubjectPublicKeyInfoRef<'_>,
        issuer: SubjectPublicKeyInfoRef<'_>,
        _tbs: &TbsCertificate,
    ) -> x509_cert::builder::Result<Vec<Extension>> {
        let usage = if self.authority {
            KeyUsages::KeyCertSign | KeyUsages::CRLSign
        } else {
            KeyUsages::DigitalSignature | KeyUsages::NonRepudiation
        };
        let limits =
            BasicConstraints { ca: self.authority, path_len_constraint: self.authority.then_some(0) };
        let name = &self.subject;
        let issued_by =
            AuthorityKeyIdentifier { key_identifier: Some(key_id(issuer)?), ..Default::default() };
        let mut made = vec![
            limits.to_extension(name, &[])?,
            KeyUsage(usage).to_extension(name, &[])?,
            SubjectKeyIdentifier(key_id(own)?).to_extension(name, &[])?,
            issued_by.to_extension(name, &[])?,
        ];
        for extension in &mut made {
            extension.critical = [BasicConstraints::OID, KeyUsage::OID].contains(&extension.extn_id);
        }
        Ok(made)
    }
}

fn key_id(key: SubjectPublicKeyInfoRef<'_>) -> der::Result<OctetString> {
    let digest = Sha256::digest(key.subject_public_key.raw_bytes());
    OctetString::new(digest.get(..20).unwrap_or_default())
}

fn make_authority(key: &SigningKey, rng: &dyn Rng, now: Timestamp, demo: bool) -> Result<Certificate, Fault> {
    let common = if demo { "一门演示签发机构" } else { "一门自建签发机构" };
    let subject = name(&format!("CN={common},O=Yimen,C=CN"))?;
    let part = Part { issuer: subject.clone(), subject, authority: true };
    build(part, key, key, rng, now, CA_DAYS)
}

fn make_signer(
    key: &SigningKey,
    authority_key: &SigningKey,
    authority: &Certificate,
    rng: &dyn Rng,
    now: Timestamp,
    demo: bool,
) -> Result<Certificate, Fault> {
    let common = if demo { "电子证照签章(演示)" } else { "电子证照签章" };
    let part = Part {
        subject: name(&format!("CN={common},O=Yimen,C=CN"))?,
        issuer: authority.tbs_certificate().subject().clone(),
        authority: false,
    };
    build(part, key, authority_key, rng, now, SIGNER_DAYS)
}

fn name(text: &str) -> Result<Name, Fault> {
    Name::from_str(text).map_err(|e| Fault::from(format!("naming {text}"), e))
}

fn build(
    part: Part,
    key: &SigningKey,
    signed_by: &SigningKey,
    rng: &dyn Rng,
    now: Timestamp,
    days: u64,
) -> Result<Certificate, Fault> {
    let mut serial = rng::bytes::<16>(rng);
    if let Some(first) = serial.first_mut() {
        *first = (*first & 0x7f) | 0x40; // positive, and always of the same length
    }
    let doing = "making a certificate";
    let from = unix(now).saturating_sub(Duration::from_secs(DAY)); // clocks differ
    let until = unix(now) + Duration::from_secs(days * DAY);
    let validity = Validity::new(
        time(from).map_err(|e| Fault::from(doing, e))?,
        time(until).map_err(|e| Fault::from(doing, e))?,
    );
    let serial = SerialNumber::new(&serial).map_err(|e| Fault::from(doing, e))?;
    let builder =
        CertificateBuilder::new(part, serial, validity, spki_of(key)?).map_err(|e| Fault::from(doing, e))?;
    builder.build::<_, DerSignature>(signed_by).map_err(|e| Fault::from(doing, e))
}

fn time(at: Duration) -> der::Result<Time> {
    UtcTime::from_unix_duration(at)
        .map(Time::UtcTime)
        .or_else(|_| GeneralizedTime::from_unix_duration(at).map(Time::GeneralTime))
}
