//! Checks a PDF off line: is it whole, did we sign it, and which certificate is it?

use super::{chain, cms, pdf};
use crate::keys::{Trust, common_name};
use ::cms::cert::CertificateChoices;
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::OctetString;
use der::oid::db::{rfc5911, rfc5912};
use der::{Any, Decode as _, Encode as _};
use kernel::{Text, Timestamp, clock};
use lopdf::{Dictionary, Document, Object};
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Verifier as _;
use sha2::{Digest as _, Sha256};
use std::time::Duration;
use x509_cert::Certificate;

/// A larger file is not one of ours.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a good signature says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name in the signer's certificate.
    pub signer: String,
    /// When it was signed, by the signer's clock.
    pub signed_at: Timestamp,
    /// The identifier of the certificate that this is.
    pub identifier: String,
}

/// Why a PDF is not accepted as ours and whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It is no PDF that can be read, or too large.
    NotAPdf,
    /// It carries no signature of our kind.
    NotSigned,
    /// Something was added or left outside the signed range.
    NotCovered,
    /// A byte of it was changed after signing.
    Changed,
    /// The signature itself is broken or of another kind.
    BrokenSignature,
    /// The signer's certificate does not lead to our authority, or was not in force.
    UnknownSigner,
}

impl std::fmt::Display for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} signed by {} at {}", self.identifier, self.signer, self.signed_at)
    }
}

impl std::fmt::Display for Doubt {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.say().en)
    }
}

impl std::error::Error for Doubt {}

impl Doubt {
    /// What to tell the person.
    pub fn say(self) -> Text {
        match self {
            Self::NotAPdf => Text::new("这不是可以读取的PDF文件。", "This is not a PDF that can be read."),
            Self::NotSigned => {
                Text::new("文件上没有本平台的电子签章。", "The file carries no signature of this platform.")
            }
            Self::NotCovered => Text::new(
                "签章之后又有内容被加入文件。",
                "Something was added to the file after it was signed.",
            ),
            Self::Changed => {
                Text::new("文件在签章之后被改动过。", "The file was changed after it was signed.")
            }
            Self::BrokenSignature => {
                Text::new("文件上的电子签章已损坏。", "The signature on the file is broken.")
            }
            Self::UnknownSigner => Text::new(
                "签章人不是本平台认可的签发机构。",
                "The signer is not an authority that this platform recognises.",
            ),
        }
    }
}

/// Checks one of our own PDFs: one certifying signature over every byte, by a signer of a trusted authority.
///
/// # Errors
/// The [`Doubt`].
pub fn check_pdf(bytes: &[u8], trust: &Trust) -> Result<Checked, Doubt> {
    if bytes.len() > BYTES_MAX || !bytes.starts_with(b"%PDF-") {
        return Err(Doubt::NotAPdf);
    }
    let document = Document::load_mem(bytes).map_err(|_| Doubt::NotAPdf)?;
    if document.xref_recovery.is_some() {
        return Err(Doubt::NotAPdf); // two readers might repair it in two ways
    }
    let signature = only_signature(&document)?;
    let text = |key: &[u8]| {
        let found = signature.get(key).and_then(Object::as_str).ok()?;
        String::from_utf8(found.to_vec()).ok()
    };
    let digest = covered(bytes, signature)?;
    let signed_at = text(b"M").and_then(|t| time(&t)).ok_or(Doubt::BrokenSignature)?;
    let signer = verify(&contents(bytes, signature)?, &digest, signed_at, trust)?;
    let identifier = text(pdf::IDENTIFIER_KEY).ok_or(Doubt::NotSigned)?;
    Ok(Checked { signer, signed_at, identifier })
}

/// The value of the only signature field, which must also be the certifying one.
fn only_signature(document: &Document) -> Result<&Dictionary, Doubt> {
    let catalog = document.catalog().map_err(|_| Doubt::NotAPdf)?;
    let fields = document
        .get_dict_in_dict(catalog, b"AcroForm")
        .and_then(|form| form.get(b"Fields"))
        .and_then(|fields| document.dereference(fields))
        .and_then(|(_, fields)| fields.as_array())
        .map_err(|_| Doubt::NotSigned)?;
    let [field] = fields.as_slice() else { return Err(Doubt::NotSigned) };
    let value = document
        .dereference(field)
        .and_then(|(_, field)| field.as_dict())
        .and_then(|field| field.get(b"V"))
        .and_then(Object::as_reference)
        .map_err(|_| Doubt::NotSigned)?;
    let certifying = document
        .get_dict_in_dict(catalog, b"Perms")
        .and_then(|perms| perms.get(b"DocMDP"))
        .and_then(Object::as_reference);
    if !certifying.is_ok_and(|id| id == value) {
        return Err(Doubt::NotSigned);
    }
    let signature = document.get_dictionary(value).map_err(|_| Doubt::NotSigned)?;
    let kind = signature.get(b"SubFilter").and_then(Object::as_name).map_err(|_| Doubt::NotSigned)?;
    if kind == b"ETSI.CAdES.detached" { Ok(signature) } else { Err(Doubt::NotSigned) }
}

/// The four numbers of the byte range: from the first byte to the last, with one hole.
fn range(bytes: &[u8], signature: &Dictionary) -> Result<(usize, usize), Doubt> {
    let numbers: Vec<usize> = signature
        .get(b"ByteRange")
        .and_then(Object::as_array)
        .map_err(|_| Doubt::BrokenSignature)?
        .iter()
        .filter_map(|n| usize::try_from(n.as_i64().ok()?).ok())
        .collect();
    match numbers.as_slice() {
        [0, first, second, rest] if first < second && second.checked_add(*rest) == Some(bytes.len()) => {
            Ok((*first, *second))
        }
        _ => Err(Doubt::NotCovered),
    }
}

fn covered(bytes: &[u8], signature: &Dictionary) -> Result<[u8; 32], Doubt> {
    let (first, second) = range(bytes, signature)?;
    let mut hasher = Sha256::new();
    hasher.update(bytes.get(..first).ok_or(Doubt::NotCovered)?);
    hasher.update(bytes.get(second..).ok_or(Doubt::NotCovered)?);
    Ok(hasher.finalize().into())
}

/// The bytes in the hole, which may be nothing but one hexadecimal string padded with zeros.
fn contents(bytes: &[u8], signature: &Dictionary) -> Result<Vec<u8>, Doubt> {
    let (first, second) = range(bytes, signature)?;
    let hole = bytes.get(first..second).ok_or(Doubt::NotCovered)?;
    let hex = hole.strip_prefix(b"<").and_then(|h| h.strip_suffix(b">")).ok_or(Doubt::NotCovered)?;
    let nibble = |b: u8| char::from(b).to_digit(16).and_then(|d| u8::try_from(d).ok());
    let found: Option<Vec<u8>> = hex
        .chunks(2)
        .map(|pair| match pair {
            [high, low] => Some(nibble(*high)? << 4 | nibble(*low)?),
            _ => None,
        })
        .collect();
    let found = found.ok_or(Doubt::NotCovered)?;
    let inside = signature.get(b"Contents").and_then(Object::as_str).map_err(|_| Doubt::BrokenSignature)?;
    if inside != found {
        return Err(Doubt::NotCovered); // the reader found the string somewhere else than in the hole
    }
    let length = der_length(&found).ok_or(Doubt::BrokenSignature)?;
    let (der, padding) = found.split_at_checked(length).ok_or(Doubt::BrokenSignature)?;
    if padding.iter().any(|b| *b != 0) {
        return Err(Doubt::NotCovered);
    }
    Ok(der.to_vec())
}

/// The length of the DER value at the beginning of `bytes`, header included.
fn der_length(bytes: &[u8]) -> Option<usize> {
    match bytes {
        [0x30, short @ 0..=0x7f, ..] => Some(2 + usize::from(*short)),
        [0x30, 0x81, a, ..] => Some(3 + usize::from(*a)),
        [0x30, 0x82, a, b, ..] => Some(4 + usize::from(u16::from_be_bytes([*a, *b]))),
        _ => None,
    }
}

/// Checks the CMS against the document's digest; answers the signer's name.
fn verify(der: &[u8], digest: &[u8; 32], at: Timestamp, trust: &Trust) -> Result<String, Doubt> {
    let broken = |_| Doubt::BrokenSignature;
    let outer = ContentInfo::from_der(der).map_err(broken)?;
    if outer.content_type != rfc5911::ID_SIGNED_DATA {
        return Err(Doubt::BrokenSignature);
    }
    let signed: SignedData = outer.content.decode_as().map_err(broken)?;
    let [info] = signed.signer_infos.0.as_slice() else { return Err(Doubt::BrokenSignature) };
    let certificates: Vec<Certificate> = signed
        .certificates
        .iter()
        .flat_map(|set| set.0.iter())
        .filter_map(|choice| match choice {
            CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
            CertificateChoices::Other(_) => None,
        })
        .collect();
    let signer = certificates.iter().find(|c| is_signer(info, c)).ok_or(Doubt::BrokenSignature)?;
    if attribute(info, rfc5911::ID_MESSAGE_DIGEST)?.decode_as::<OctetString>().map_err(broken)?.as_bytes()
        != digest
    {
        return Err(Doubt::Changed);
    }
    ours_only(&signed, info)?;
    bound(info, signer)?;
    let seconds = Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0));
    if chain::check(signer, &certificates, trust).is_err() || !chain::in_force(signer, seconds) {
        return Err(Doubt::UnknownSigner);
    }
    let known = |c: &Certificate| c == signer || chain::check(c, &certificates, trust).is_ok();
    if !certificates.iter().all(known) {
        return Err(Doubt::BrokenSignature); // nothing rides along that nobody vouches for
    }
    Ok(common_name(signer))
}

/// The parts of the CMS that no signature covers are exactly those that we write.
fn ours_only(signed: &SignedData, info: &SignerInfo) -> Result<(), Doubt> {
    let [digest] = signed.digest_algorithms.as_slice() else { return Err(Doubt::BrokenSignature) };
    let plain = signed.version == CmsVersion::V1
        && info.version == CmsVersion::V1
        && digest.oid == rfc5912::ID_SHA_256
        && digest.parameters.is_none()
        && info.digest_alg == *digest
        && info.signature_algorithm.parameters.is_none()
        && signed.encap_content_info.econtent_type == rfc5911::ID_DATA
        && signed.encap_content_info.econtent.is_none()
        && signed.crls.is_none()
        && info.unsigned_attrs.is_none();
    if plain { Ok(()) } else { Err(Doubt::BrokenSignature) }
}

/// The signature covers the attributes, the attributes name the signer's certificate, and all is of our kind.
fn bound(info: &SignerInfo, signer: &Certificate) -> Result<(), Doubt> {
    let broken = |_| Doubt::BrokenSignature;
    let ours = info.digest_alg.oid == rfc5912::ID_SHA_256
        && info.signature_algorithm.oid == rfc5912::ECDSA_WITH_SHA_256
        && attribute(info, rfc5911::ID_CONTENT_TYPE)?
            == Any::encode_from(&rfc5911::ID_DATA).map_err(broken)?
        && attribute(info, cms::SIGNING_CERTIFICATE_V2)?
            == cms::signing_certificate(signer).map_err(broken)?;
    let attributes = info.signed_attrs.as_ref().ok_or(Doubt::BrokenSignature)?;
    let key = chain::public_key(signer).ok_or(Doubt::UnknownSigner)?;
    let signature = DerSignature::from_der(info.signature.as_bytes()).map_err(broken)?;
    let good = key.verify(&attributes.to_der().map_err(broken)?, &signature).is_ok();
    if ours && good { Ok(()) } else { Err(Doubt::BrokenSignature) }
}

fn is_signer(info: &SignerInfo, certificate: &Certificate) -> bool {
    let tbs = certificate.tbs_certificate();
    match &info.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == *tbs.issuer() && id.serial_number == *tbs.serial_number()
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// The only value of the only signed attribute `oid`.
fn attribute(info: &SignerInfo, oid: der::oid::ObjectIdentifier) -> Result<Any, Doubt> {
    let mut found = info.signed_attrs.iter().flat_map(|set| set.iter()).filter(|a| a.oid == oid);
    match (found.next().map(|a| a.values.as_slice()), found.next()) {
        (Some([value]), None) => Ok(value.clone()),
        _ => Err(Doubt::BrokenSignature),
    }
}

/// Reads `D:20261122100000+08'00'`, the only form we write.
fn time(text: &str) -> Option<Timestamp> {
    let digits = text.strip_prefix("D:")?.strip_suffix("+08'00'")?;
    let local = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", digits).ok()?;
    local.to_zoned(clock::legal_zone()).ok().map(|zoned| zoned.timestamp())
}
