//! Checks a file off line: is it whole, did we sign it, and which certificate is it?

use super::stamp::{self, Stamp};
use super::{chain, cms, pdf};
use crate::keys::{Algorithm, Trust, common_name, of_certificate, verifies};
use ::cms::cert::CertificateChoices;
use ::cms::content_info::{CmsVersion, ContentInfo};
use ::cms::signed_data::{SignedData, SignerIdentifier, SignerInfo};
use der::asn1::OctetString;
use der::oid::db::rfc5911;
use der::{Any, Decode as _, Encode as _};
use kernel::{Text, Timestamp, clock};
use lopdf::{Dictionary, Document, Object};
use serde_json::Value;
use std::time::Duration;
use x509_cert::Certificate;

/// The name of the file with the certificate's data inside a PDF.
pub(crate) const DATA_NAME: &str = "certificate.json";

/// A larger file is not one of ours.
pub const BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a good signature says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// The name in the signer's certificate.
    pub signer: String,
    /// When it was signed, by the signer's clock.
    pub signed_at: Timestamp,
    /// How it was signed.
    pub algorithm: Algorithm,
    /// When an authority of time stamps saw the signature, if one did.
    pub stamp: Option<Stamp>,
    /// The identifier of the certificate that this is.
    pub identifier: String,
    /// The data that lies in it, for machines; none in files of before there was any.
    pub data: Option<Value>,
}

/// Why a file is not accepted as ours and whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Doubt {
    /// It is no PDF that can be read, or too large.
    NotAPdf,
    /// It is no OFD that can be read, or too large.
    NotAnOfd,
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
    /// The time stamp beside the signature is broken or belongs to another one.
    BrokenStamp,
    /// The data for machines in it cannot be read.
    BrokenData,
}

impl std::fmt::Display for Checked {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (by, how) = (&self.signer, self.algorithm.name());
        write!(f, "{} signed by {by} at {} ({how})", self.identifier, self.signed_at)?;
        match &self.stamp {
            Some(stamp) => write!(f, "; {stamp}"),
            None => Ok(()),
        }
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
            Self::NotAnOfd => Text::new("这不是可以读取的OFD文件。", "This is not an OFD that can be read."),
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
            Self::BrokenStamp => Text::new(
                "文件上的时间戳已损坏，或者不是这个签章的时间戳。",
                "The time stamp on the file is broken or belongs to another signature.",
            ),
            Self::BrokenData => Text::new(
                "文件里供机器读取的数据已损坏。",
                "The data for machines inside the file is broken.",
            ),
        }
    }
}

/// Checks one of our own files, whichever it is.
///
/// # Errors
/// The [`Doubt`].
pub fn check_file(bytes: &[u8], trust: &Trust) -> Result<Checked, Doubt> {
    if bytes.starts_with(b"PK") { super::check_ofd(bytes, trust) } else { check_pdf(bytes, trust) }
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
    let parts = covered(bytes, signature)?;
    let signed_at = text(b"M").and_then(|t| time(&t)).ok_or(Doubt::BrokenSignature)?;
    let (signer, algorithm, stamp) = verify(&contents(bytes, signature)?, parts, signed_at, trust)?;
    let identifier = text(pdf::IDENTIFIER_KEY).ok_or(Doubt::NotSigned)?;
    let data = attached(&document)?;
    Ok(Checked { signer, signed_at, algorithm, stamp, identifier, data })
}

/// The associated file that holds the certificate's data (ISO 19005-3, 6.8); it lies in the signed range like everything else.
fn attached(document: &Document) -> Result<Option<Value>, Doubt> {
    let broken = |_| Doubt::BrokenData;
    let catalog = document.catalog().map_err(broken)?;
    let Ok(files) = catalog.get(b"AF") else { return Ok(None) };
    let (_, files) = document.dereference(files).map_err(broken)?;
    for file in files.as_array().map_err(broken)? {
        let (_, file) = document.dereference(file).map_err(broken)?;
        let file = file.as_dict().map_err(broken)?;
        let named = file.get(b"F").and_then(Object::as_str).map_err(broken)?;
        if named != DATA_NAME.as_bytes() {
            continue;
        }
        let embedded = document.get_dict_in_dict(file, b"EF").map_err(broken)?;
        let (_, stream) = embedded.get(b"F").and_then(|f| document.dereference(f)).map_err(broken)?;
        let stream = stream.as_stream().map_err(broken)?;
        let plain = stream.get_plain_content().map_err(broken)?;
        return serde_json::from_slice(&plain).map(Some).map_err(|_| Doubt::BrokenData);
    }
    Ok(None)
}

/// The value of the only signature field, which must also be the certifying one.
pub(super) fn only_signature(document: &Document) -> Result<&Dictionary, Doubt> {
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
pub(super) fn range(bytes: &[u8], signature: &Dictionary) -> Result<(usize, usize), Doubt> {
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

/// What is signed: everything before the hole, and everything behind it.
fn covered<'a>(bytes: &'a [u8], signature: &Dictionary) -> Result<[&'a [u8]; 2], Doubt> {
    let (first, second) = range(bytes, signature)?;
    Ok([bytes.get(..first).ok_or(Doubt::NotCovered)?, bytes.get(second..).ok_or(Doubt::NotCovered)?])
}

/// The bytes in the hole, which may be nothing but one hexadecimal string padded with zeros.
pub(super) fn contents(bytes: &[u8], signature: &Dictionary) -> Result<Vec<u8>, Doubt> {
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

/// Checks the CMS against the document's parts; answers the signer's name, how it was signed, and the time stamp.
pub(super) fn verify(
    der: &[u8],
    parts: [&[u8]; 2],
    at: Timestamp,
    trust: &Trust,
) -> Result<(String, Algorithm, Option<Stamp>), Doubt> {
    let broken = |_| Doubt::BrokenSignature;
    let outer = ContentInfo::from_der(der).map_err(broken)?;
    if outer.content_type != rfc5911::ID_SIGNED_DATA {
        return Err(Doubt::BrokenSignature);
    }
    let signed: SignedData = outer.content.decode_as().map_err(broken)?;
    let [info] = signed.signer_infos.0.as_slice() else { return Err(Doubt::BrokenSignature) };
    let certificates = certificates_of(&signed);
    let signer = certificates.iter().find(|c| is_signer(info, c)).ok_or(Doubt::BrokenSignature)?;
    let algorithm = of_certificate(signer).ok_or(Doubt::BrokenSignature)?;
    let told = attribute(info, rfc5911::ID_MESSAGE_DIGEST)?.decode_as::<OctetString>().map_err(broken)?;
    if told.as_bytes() != algorithm.digest(&parts) {
        return Err(Doubt::Changed);
    }
    ours_only(&signed, info, algorithm)?;
    bound(info, signer, algorithm)?;
    if chain::check(signer, &certificates, &trust.roots).is_err() || !chain::in_force(signer, seconds(at)) {
        return Err(Doubt::UnknownSigner);
    }
    let known = |c: &Certificate| c == signer || chain::check(c, &certificates, &trust.roots).is_ok();
    if !certificates.iter().all(known) {
        return Err(Doubt::BrokenSignature); // nothing rides along that nobody vouches for
    }
    let stamp = stamped(info, trust)?;
    if stamp.as_ref().is_some_and(|s| s.known && !chain::lasts(signer, seconds(s.at))) {
        return Err(Doubt::UnknownSigner);
    }
    Ok((common_name(signer), algorithm, stamp))
}

pub(super) fn seconds(at: Timestamp) -> Duration {
    Duration::from_secs(u64::try_from(at.as_second()).unwrap_or(0))
}

/// The certificates that ride along.
pub(super) fn certificates_of(signed: &SignedData) -> Vec<Certificate> {
    let all = signed.certificates.iter().flat_map(|set| set.0.iter());
    let one = |choice: &CertificateChoices| match choice {
        CertificateChoices::Certificate(certificate) => Some(certificate.clone()),
        CertificateChoices::Other(_) => None,
    };
    all.filter_map(one).collect()
}

/// The time stamp, which is the only thing that may stand outside of what is signed: it vouches for itself.
fn stamped(info: &SignerInfo, trust: &Trust) -> Result<Option<Stamp>, Doubt> {
    let Some(beside) = &info.unsigned_attrs else { return Ok(None) };
    let [one] = beside.as_slice() else { return Err(Doubt::BrokenSignature) };
    match one.values.as_slice() {
        [token] if one.oid == cms::TIME_STAMP => {
            stamp::check(token, info.signature.as_bytes(), &trust.clocks).map(Some)
        }
        _ => Err(Doubt::BrokenSignature),
    }
}

/// The parts of the CMS that no signature covers are exactly those that we write.
fn ours_only(signed: &SignedData, info: &SignerInfo, algorithm: Algorithm) -> Result<(), Doubt> {
    let [digest] = signed.digest_algorithms.as_slice() else { return Err(Doubt::BrokenSignature) };
    let plain = signed.version == CmsVersion::V1
        && info.version == CmsVersion::V1
        && *digest == algorithm.hash()
        && info.digest_alg == *digest
        && info.signature_algorithm == algorithm.signature()
        && signed.encap_content_info.econtent_type == rfc5911::ID_DATA
        && signed.encap_content_info.econtent.is_none()
        && signed.crls.is_none();
    if plain { Ok(()) } else { Err(Doubt::BrokenSignature) }
}

/// The signature covers the attributes, the attributes name the signer's certificate, and all is of our kind.
fn bound(info: &SignerInfo, signer: &Certificate, algorithm: Algorithm) -> Result<(), Doubt> {
    let broken = |_| Doubt::BrokenSignature;
    let ours = attribute(info, rfc5911::ID_CONTENT_TYPE)?
        == Any::encode_from(&rfc5911::ID_DATA).map_err(broken)?
        && attribute(info, cms::SIGNING_CERTIFICATE_V2)?
            == cms::signing_certificate(signer, algorithm).map_err(broken)?;
    let attributes = info.signed_attrs.as_ref().ok_or(Doubt::BrokenSignature)?;
    let message = attributes.to_der().map_err(broken)?;
    let good = verifies(signer, &algorithm.signature(), &message, info.signature.as_bytes());
    if ours && good { Ok(()) } else { Err(Doubt::BrokenSignature) }
}

pub(super) fn is_signer(info: &SignerInfo, certificate: &Certificate) -> bool {
    let tbs = certificate.tbs_certificate();
    match &info.sid {
        SignerIdentifier::IssuerAndSerialNumber(id) => {
            id.issuer == *tbs.issuer() && id.serial_number == *tbs.serial_number()
        }
        SignerIdentifier::SubjectKeyIdentifier(_) => false,
    }
}

/// The only value of the only signed attribute `oid`.
pub(super) fn attribute(info: &SignerInfo, oid: der::oid::ObjectIdentifier) -> Result<Any, Doubt> {
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
