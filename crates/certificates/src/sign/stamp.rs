//! Time stamps over signatures (RFC 3161): what an authority is asked, and whether its answer holds.

use super::{chain, check};
use crate::keys::{common_name, verifies};
use check::Doubt;
use cms::content_info::ContentInfo;
use cms::signed_data::{SignedData, SignerInfo};
use der::asn1::{Int, OctetString};
use der::oid::ObjectIdentifier;
use der::oid::db::{rfc5911, rfc5912};
use der::{Any, Decode as _, Encode as _, Tag, Tagged as _};
use kernel::{Fault, Timestamp};
use ring::digest;
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::ext::pkix::ExtendedKeyUsage;

/// id-ct-TSTInfo.
const TST_INFO: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.1.4");
/// id-aa-signingCertificate, with SHA-1 (RFC 2634).
const SIGNING_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.12");
/// id-kp-timeStamping.
const TIME_STAMPING: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.3.8");

/// What a time stamp says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    /// When the authority saw the signature.
    pub at: Timestamp,
    /// The authority's name in its certificate.
    pub by: String,
    /// Whether it is one of those that are believed.
    pub known: bool,
}

impl std::fmt::Display for Stamp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let known = if self.known { "" } else { ", an authority of time that is not named as believed" };
        write!(f, "time stamp of {} by {}{known}", self.at, self.by)
    }
}

/// What is asked: TimeStampReq over the SHA-256 of a signature, with `nonce`, asking for the authority's certificate.
///
/// # Errors
/// A [`Fault`] when it cannot be written, which does not happen.
pub(crate) fn request(signature: &[u8], nonce: &[u8; 8]) -> Result<Vec<u8>, Fault> {
    let build = || -> der::Result<Vec<u8>> {
        let version = 1_u8.to_der()?;
        let nonce = number(nonce)?.to_der()?;
        let body = [version, imprint(signature)?, nonce, true.to_der()?].concat();
        Any::new(Tag::Sequence, body)?.to_der()
    };
    build().map_err(|e| Fault::from("asking for a time stamp", e))
}

/// A positive number of constant length: its first bit is cleared, its second set.
fn number(nonce: &[u8; 8]) -> der::Result<Int> {
    let mut bytes = *nonce;
    if let Some(first) = bytes.first_mut() {
        *first = (*first & 0x3f) | 0x40;
    }
    Int::new(&bytes)
}

/// MessageImprint: SHA-256 and the digest.
fn imprint(signature: &[u8]) -> der::Result<Vec<u8>> {
    let sha256 = AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_256, parameters: None }.to_der()?;
    let hashed = OctetString::new(digest::digest(&digest::SHA256, signature).as_ref())?.to_der()?;
    Any::new(Tag::Sequence, [sha256, hashed].concat())?.to_der()
}

/// The token in a TimeStampResp, if it is granted, is over `signature` and carries `nonce`.
///
/// # Errors
/// What is wrong with the answer.
pub(crate) fn token(
    answer: &[u8],
    signature: &[u8],
    nonce: &[u8; 8],
    clocks: &[Certificate],
) -> Result<Vec<u8>, String> {
    let unread = |_| "its answer is no time stamp".to_owned();
    let parts = Vec::<Any>::from_der(answer).map_err(unread)?;
    let status = parts.first().ok_or("its answer is empty")?.decode_as::<Vec<Any>>().map_err(unread)?;
    let status = status.first().ok_or("its answer has no status")?.decode_as::<u8>().map_err(unread)?;
    let [_, token] = parts.as_slice() else {
        return Err(format!("it refuses (status {status})"));
    };
    if status > 1 {
        return Err(format!("it refuses (status {status})"));
    }
    let stamp = check(token, signature, clocks).map_err(|doubt| doubt.to_string())?;
    if !stamp.known {
        return Err(format!("{} is not the authority of time that is named", stamp.by));
    }
    let info = read(token).ok_or("its answer holds no time")?;
    let same = info.rest.iter().any(|part| {
        part.tag() == Tag::Integer && number(nonce).is_ok_and(|own| part.value() == own.as_bytes())
    });
    if !same {
        return Err("its answer is for another question".to_owned());
    }
    token.to_der().map_err(unread)
}

/// What a token says about the time.
struct Info {
    at: Timestamp,
    imprint: (ObjectIdentifier, Vec<u8>),
    /// Accuracy, ordering, nonce, name, extensions.
    rest: Vec<Any>,
}

/// Reads TSTInfo from a token; nothing is believed yet.
fn read(token: &Any) -> Option<Info> {
    let outer: ContentInfo = token.decode_as().ok()?;
    let signed: SignedData = outer.content.decode_as().ok()?;
    let content = signed.encap_content_info.econtent?.decode_as::<OctetString>().ok()?;
    let parts = Vec::<Any>::from_der(content.as_bytes()).ok()?;
    let [_version, _policy, imprint, _serial, at, rest @ ..] = parts.as_slice() else { return None };
    let imprint = imprint.decode_as::<Vec<Any>>().ok()?;
    let [algorithm, hashed] = imprint.as_slice() else { return None };
    let algorithm: AlgorithmIdentifierOwned = algorithm.decode_as().ok()?;
    let hashed = hashed.decode_as::<OctetString>().ok()?.as_bytes().to_vec();
    Some(Info { at: time(at)?, imprint: (algorithm.oid, hashed), rest: rest.to_vec() })
}

/// GeneralizedTime, which may carry a fraction of a second here (RFC 3161 §2.4.2).
fn time(at: &Any) -> Option<Timestamp> {
    let text = std::str::from_utf8(at.value()).ok().filter(|_| at.tag() == Tag::GeneralizedTime)?;
    let digits = text.strip_suffix('Z')?;
    let whole = digits.split_once('.').map_or(digits, |(whole, _)| whole);
    let civil = jiff::civil::DateTime::strptime("%Y%m%d%H%M%S", whole).ok()?;
    civil.to_zoned(jiff::tz::TimeZone::UTC).ok().map(|zoned| zoned.timestamp())
}

/// The hash function called `oid`; SHA-1 only where old tokens name their certificate by it.
fn hash(oid: ObjectIdentifier) -> Option<&'static digest::Algorithm> {
    match oid {
        rfc5912::ID_SHA_256 => Some(&digest::SHA256),
        rfc5912::ID_SHA_384 => Some(&digest::SHA384),
        rfc5912::ID_SHA_512 => Some(&digest::SHA512),
        _ => None,
    }
}

/// Whether `token` is a sound time stamp over `signature`; by whom, and whether `clocks` vouch for them.
///
/// # Errors
/// [`Doubt::BrokenStamp`].
pub(crate) fn check(token: &Any, signature: &[u8], clocks: &[Certificate]) -> Result<Stamp, Doubt> {
    sound(token, signature, clocks).ok_or(Doubt::BrokenStamp)
}

fn sound(token: &Any, signature: &[u8], clocks: &[Certificate]) -> Option<Stamp> {
    let info = read(token)?;
    let (by, hashed) = &info.imprint;
    if digest::digest(hash(*by)?, signature).as_ref() != hashed.as_slice() {
        return None;
    }
    let outer: ContentInfo = token.decode_as().ok()?;
    let signed: SignedData = outer.content.decode_as().ok()?;
    let [signer_info] = signed.signer_infos.0.as_slice() else { return None };
    let certificates = check::certificates_of(&signed);
    let signer = certificates.iter().find(|c| check::is_signer(signer_info, c))?;
    if outer.content_type != rfc5911::ID_SIGNED_DATA || signed.encap_content_info.econtent_type != TST_INFO {
        return None;
    }
    let content = signed.encap_content_info.econtent.as_ref()?.decode_as::<OctetString>().ok()?;
    signs(signer_info, signer, content.as_bytes())?;
    let may = signer.tbs_certificate().get_extension::<ExtendedKeyUsage>().ok()??;
    if may.1.0 != [TIME_STAMPING] {
        return None;
    }
    let at = check::seconds(info.at);
    let known = chain::check(signer, &certificates, clocks).is_ok() && chain::in_force(signer, at);
    Some(Stamp { at: info.at, by: common_name(signer), known })
}

/// Whether `signer` signed `content`, naming its own certificate.
fn signs(info: &SignerInfo, signer: &Certificate, content: &[u8]) -> Option<()> {
    let one = |oid| check::attribute(info, oid).ok();
    let digested = digest::digest(hash(info.digest_alg.oid)?, content);
    let told = one(rfc5911::ID_MESSAGE_DIGEST)?.decode_as::<OctetString>().ok()?;
    let content_type = Any::encode_from(&TST_INFO).ok()?;
    if told.as_bytes() != digested.as_ref() || one(rfc5911::ID_CONTENT_TYPE)? != content_type {
        return None;
    }
    named(info, signer)?;
    let by = match (info.signature_algorithm.oid, info.digest_alg.oid) {
        (rfc5912::RSA_ENCRYPTION, rfc5912::ID_SHA_256) => rfc5912::SHA_256_WITH_RSA_ENCRYPTION,
        (rfc5912::RSA_ENCRYPTION, rfc5912::ID_SHA_384) => rfc5912::SHA_384_WITH_RSA_ENCRYPTION,
        (rfc5912::RSA_ENCRYPTION, rfc5912::ID_SHA_512) => rfc5912::SHA_512_WITH_RSA_ENCRYPTION,
        (oid, _) => oid,
    };
    let by = AlgorithmIdentifierOwned { oid: by, parameters: None };
    let message = info.signed_attrs.as_ref()?.to_der().ok()?;
    verifies(signer, &by, &message, info.signature.as_bytes()).then_some(())
}

/// The first ESSCertID or ESSCertIDv2 is the signer's certificate.
fn named(info: &SignerInfo, signer: &Certificate) -> Option<()> {
    let der = signer.to_der().ok()?;
    let first = |value: Any| -> Option<Vec<Any>> {
        let list = value.decode_as::<Vec<Any>>().ok()?.first()?.decode_as::<Vec<Any>>().ok()?;
        list.first()?.decode_as::<Vec<Any>>().ok()
    };
    let same = |by: &'static digest::Algorithm, told: &Any| {
        told.tag() == Tag::OctetString && told.value() == digest::digest(by, &der).as_ref()
    };
    let good = if let Ok(value) = check::attribute(info, super::cms::SIGNING_CERTIFICATE_V2) {
        match first(value)?.as_slice() {
            [told, ..] if told.tag() == Tag::OctetString => same(&digest::SHA256, told),
            [by, told, ..] => {
                let by: AlgorithmIdentifierOwned = by.decode_as().ok()?;
                same(hash(by.oid)?, told)
            }
            _ => false,
        }
    } else {
        let value = check::attribute(info, SIGNING_CERTIFICATE).ok()?;
        first(value)?.first().is_some_and(|told| same(&digest::SHA1_FOR_LEGACY_USE_ONLY, told))
    };
    good.then_some(())
}
