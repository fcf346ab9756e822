//! An authority of one's own and a signer under it, made at first start.

use super::algorithm::{Algorithm, Key, Value};
use super::{KeyFiles, Pair, Signer, load_pair, pem_of};
use der::DecodePem as _;
use der::asn1::{GeneralizedTime, OctetString, UtcTime};
use der::oid::AssociatedOid;
use kernel::{Fault, Rng, Timestamp, rng};
use sha2::{Digest as _, Sha256};
use spki::SubjectPublicKeyInfoRef;
use std::path::Path;
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

/// Loads the keys in `folder`, made at first start; a signer near its end is replaced under the same authority. There always is a
/// P-256 authority, for tokens; with `algorithm` SM2 there is another one in `folder/sm2` that signs documents, and what the first
/// signed before stays good.
///
/// # Errors
/// A [`Fault`] when a folder cannot be read or written, or its files do not belong together.
pub fn load_or_make(
    folder: &Path,
    algorithm: Algorithm,
    rng: &dyn Rng,
    now: Timestamp,
    demo: bool,
) -> Result<Signer, Fault> {
    let tokens = pair(folder, Algorithm::P256, rng, now, demo)?;
    let documents = match algorithm {
        Algorithm::P256 => tokens.clone(),
        Algorithm::Sm2 => pair(&folder.join("sm2"), Algorithm::Sm2, rng, now, demo)?,
    };
    let mut signer = Signer::new(documents, tokens, demo);
    let before = folder.join("sm2/ca.pem");
    if algorithm == Algorithm::P256 && before.exists() {
        let pem = std::fs::read_to_string(&before)
            .map_err(|e| Fault::from(format!("reading {}", before.display()), e))?;
        signer = signer.with_former(&pem)?; // signed with SM2 for a while
    }
    Ok(signer)
}

fn pair(
    folder: &Path,
    algorithm: Algorithm,
    rng: &dyn Rng,
    now: Timestamp,
    demo: bool,
) -> Result<Pair, Fault> {
    let files = KeyFiles {
        certificate: folder.join("signer.pem"),
        key: folder.join("signer.key"),
        authority: folder.join("ca.pem"),
    };
    let authority_key = folder.join("ca.key");
    std::fs::create_dir_all(folder)
        .map_err(|e| Fault::from(format!("making the folder {}", folder.display()), e))?;
    if !files.authority.exists() {
        let key = Key::new(algorithm, rng)?;
        let authority = make_authority(&key, rng, now, demo)?;
        write_secret(&authority_key, &key)?;
        write(&files.authority, &pem_of(&authority)?)?;
    }
    if !files.certificate.exists() || ends_soon(&files, now)? {
        let authority_pem = std::fs::read_to_string(&files.authority)
            .map_err(|e| Fault::from("reading the authority's certificate", e))?;
        let authority = Certificate::from_pem(authority_pem)
            .map_err(|e| Fault::from("the authority's certificate is broken", e))?;
        let unread = || Fault::new(format!("reading {}", authority_key.display()));
        let ca_key = std::fs::read_to_string(&authority_key).map_err(|_| unread())?;
        let ca_key = Key::from_pem(&ca_key).ok_or_else(unread)?;
        let key = Key::new(algorithm, rng)?;
        let certificate = make_signer(&key, &ca_key, &authority, rng, now, demo)?;
        write_secret(&files.key, &key)?;
        write(&files.certificate, &pem_of(&certificate)?)?;
    }
    load_pair(&files)
}

fn ends_soon(files: &KeyFiles, now: Timestamp) -> Result<bool, Fault> {
    let pair = load_pair(files)?;
    let ends = pair.certificate.tbs_certificate().validity().not_after.to_unix_duration();
    Ok(ends < unix(now) + Duration::from_secs(RENEW_DAYS * DAY))
}

fn unix(now: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(now.as_second()).unwrap_or(0))
}

/// Writes beside and renames, so that a crash leaves no half file.
fn write(path: &Path, text: &str) -> Result<(), Fault> {
    let beside = path.with_extension("new");
    std::fs::write(&beside, text)
        .and_then(|()| std::fs::rename(&beside, path))
        .map_err(|e| Fault::from(format!("writing {}", path.display()), e))
}

fn write_secret(path: &Path, key: &Key) -> Result<(), Fault> {
    let pem = key.to_pem().ok_or_else(|| Fault::new(format!("writing {}", path.display())))?;
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

fn make_authority(key: &Key, rng: &dyn Rng, now: Timestamp, demo: bool) -> Result<Certificate, Fault> {
    let common = if demo { "一门演示签发机构" } else { "一门自建签发机构" };
    let subject = name(&format!("CN={common},O=Yimen,C=CN"))?;
    let part = Part { issuer: subject.clone(), subject, authority: true };
    build(part, key, key, rng, now, CA_DAYS)
}

fn make_signer(
    key: &Key,
    authority_key: &Key,
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
    key: &Key,
    signed_by: &Key,
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
        CertificateBuilder::new(part, serial, validity, key.spki()?).map_err(|e| Fault::from(doing, e))?;
    builder.build::<_, Value>(signed_by).map_err(|e| Fault::from(doing, e))
}

fn time(at: Duration) -> der::Result<Time> {
    UtcTime::from_unix_duration(at)
        .map(Time::UtcTime)
        .or_else(|_| GeneralizedTime::from_unix_duration(at).map(Time::GeneralTime))
}
