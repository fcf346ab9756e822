//! The signature itself: CMS SignedData, detached, with the attributes that CAdES asks for (RFC 5652, RFC 5035).

use crate::keys::{Algorithm, Pair, Value};
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo,
    SignerInfos,
};
use der::asn1::{OctetString, SetOfVec};
use der::oid::ObjectIdentifier;
use der::oid::db::rfc5911;
use der::{Any, Decode as _, Encode as _, Tag};
use kernel::Fault;
use p256::ecdsa::signature::Signer as _;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

/// id-aa-signingCertificateV2.
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// id-aa-timeStampToken (RFC 3161, appendix A).
pub(crate) const TIME_STAMP: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.14");

/// Signs the `digest` of a document, made by the hash function that goes with the signer's key.
pub(crate) fn sign(signer: &Pair, digest: &[u8]) -> Result<Vec<u8>, Fault> {
    build(signer, digest).map_err(|e| Fault::from("building a CMS signature", e))
}

fn build(signer: &Pair, digest: &[u8]) -> der::Result<Vec<u8>> {
    let algorithm = signer.key.algorithm();
    let attributes = attributes(&signer.certificate, algorithm, digest)?;
    let failed = |_| der::Error::from(der::ErrorKind::Failed);
    let signature: Value = signer.key.try_sign(&attributes.to_der()?).map_err(failed)?;
    let tbs = signer.certificate.tbs_certificate();
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: algorithm.hash(),
        signed_attrs: Some(attributes),
        signature_algorithm: algorithm.signature(),
        signature: OctetString::new(signature.0)?,
        unsigned_attrs: None,
    };
    let mut certificates = vec![CertificateChoices::Certificate(signer.certificate.clone())];
    certificates.extend(signer.chain.iter().cloned().map(CertificateChoices::Certificate));
    if !signer.chain.contains(&signer.authority) {
        certificates.push(CertificateChoices::Certificate(signer.authority.clone()));
    }
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![algorithm.hash()])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: rfc5911::ID_DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![info])?,
    };
    ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

fn attributes(
    certificate: &Certificate,
    algorithm: Algorithm,
    digest: &[u8],
) -> der::Result<SignedAttributes> {
    let one = |oid, value: Any| -> der::Result<Attribute> {
        Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
    };
    SetOfVec::try_from(vec![
        one(rfc5911::ID_CONTENT_TYPE, Any::encode_from(&rfc5911::ID_DATA)?)?,
        one(rfc5911::ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest)?)?)?,
        one(SIGNING_CERTIFICATE_V2, signing_certificate(certificate, algorithm)?)?,
    ])
}

/// SigningCertificateV2 with one ESSCertIDv2: three nested SEQUENCEs around the hash function, which is left out when it is SHA-256,
/// and the digest (RFC 5035 §4).
pub(crate) fn signing_certificate(certificate: &Certificate, algorithm: Algorithm) -> der::Result<Any> {
    let digest = OctetString::new(algorithm.digest(&[&certificate.to_der()?]))?.to_der()?;
    let named = match algorithm {
        Algorithm::P256 => Vec::new(),
        Algorithm::Sm2 => algorithm.hash().to_der()?,
    };
    let mut bytes = [named, digest].concat();
    for _ in 0..3 {
        bytes = Any::new(Tag::Sequence, bytes)?.to_der()?;
    }
    Any::from_der(&bytes)
}

/// The octets of the only signature in a CMS: what a time stamp is over (RFC 3161, appendix A).
pub(crate) fn value(der: &[u8]) -> der::Result<Vec<u8>> {
    let signed: SignedData = ContentInfo::from_der(der)?.content.decode_as()?;
    let only = |_| der::Error::from(Tag::Set.value_error());
    let [info]: [SignerInfo; 1] = signed.signer_infos.0.into_vec().try_into().map_err(only)?;
    Ok(info.signature.as_bytes().to_vec())
}

/// Puts a time stamp beside the signature; no signature covers it, it covers the signature.
pub(crate) fn with_time_stamp(der: &[u8], token: &[u8]) -> der::Result<Vec<u8>> {
    let outer = ContentInfo::from_der(der)?;
    let mut signed: SignedData = outer.content.decode_as()?;
    let stamp = Attribute { oid: TIME_STAMP, values: SetOfVec::try_from(vec![Any::from_der(token)?])? };
    let stamped = signed
        .signer_infos
        .0
        .into_vec()
        .into_iter()
        .map(|info| SignerInfo { unsigned_attrs: SetOfVec::try_from(vec![stamp.clone()]).ok(), ..info });
    signed.signer_infos = SignerInfos::try_from(stamped.collect::<Vec<_>>())?;
    ContentInfo { content_type: outer.content_type, content: Any::encode_from(&signed)? }.to_der()
}
