//! The signature itself: CMS SignedData, detached, with the attributes that CAdES asks for (RFC 5652, RFC 5035).

use crate::keys::Signer;
use cms::cert::{CertificateChoices, IssuerAndSerialNumber};
use cms::content_info::{CmsVersion, ContentInfo};
use cms::signed_data::{
    CertificateSet, EncapsulatedContentInfo, SignedAttributes, SignedData, SignerIdentifier, SignerInfo,
    SignerInfos,
};
use der::asn1::{OctetString, SetOfVec};
use der::oid::ObjectIdentifier;
use der::oid::db::{rfc5911, rfc5912};
use der::{Any, Decode as _, Encode as _};
use kernel::Fault;
use p256::ecdsa::DerSignature;
use p256::ecdsa::signature::Signer as _;
use sha2::{Digest as _, Sha256};
use spki::AlgorithmIdentifierOwned;
use x509_cert::Certificate;
use x509_cert::attr::Attribute;

/// id-aa-signingCertificateV2.
pub(crate) const SIGNING_CERTIFICATE_V2: ObjectIdentifier =
    ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.16.2.47");

/// Signs the SHA-256 `digest` of a document.
pub(crate) fn sign(signer: &Signer, digest: &[u8]) -> Result<Vec<u8>, Fault> {
    build(signer, digest).map_err(|e| Fault::from("building a CMS signature", e))
}

fn build(signer: &Signer, digest: &[u8]) -> der::Result<Vec<u8>> {
    let sha256 = AlgorithmIdentifierOwned { oid: rfc5912::ID_SHA_256, parameters: None };
    let attributes = attributes(&signer.certificate, digest)?;
    let signature: DerSignature = signer.key.sign(&attributes.to_der()?);
    let tbs = signer.certificate.tbs_certificate();
    let info = SignerInfo {
        version: CmsVersion::V1,
        sid: SignerIdentifier::IssuerAndSerialNumber(IssuerAndSerialNumber {
            issuer: tbs.issuer().clone(),
            serial_number: tbs.serial_number().clone(),
        }),
        digest_alg: sha256.clone(),
        signed_attrs: Some(attributes),
        signature_algorithm: AlgorithmIdentifierOwned { oid: rfc5912::ECDSA_WITH_SHA_256, parameters: None },
        signature: OctetString::new(signature.as_bytes())?,
        unsigned_attrs: None,
    };
    let mut certificates = vec![CertificateChoices::Certificate(signer.certificate.clone())];
    certificates.extend(signer.chain.iter().cloned().map(CertificateChoices::Certificate));
    if !signer.chain.contains(&signer.authority) {
        certificates.push(CertificateChoices::Certificate(signer.authority.clone()));
    }
    let signed = SignedData {
        version: CmsVersion::V1,
        digest_algorithms: SetOfVec::try_from(vec![sha256])?,
        encap_content_info: EncapsulatedContentInfo { econtent_type: rfc5911::ID_DATA, econtent: None },
        certificates: Some(CertificateSet::try_from(certificates)?),
        crls: None,
        signer_infos: SignerInfos::try_from(vec![info])?,
    };
    ContentInfo { content_type: rfc5911::ID_SIGNED_DATA, content: Any::encode_from(&signed)? }.to_der()
}

fn attributes(certificate: &Certificate, digest: &[u8]) -> der::Result<SignedAttributes> {
    let one = |oid, value: Any| -> der::Result<Attribute> {
        Ok(Attribute { oid, values: SetOfVec::try_from(vec![value])? })
    };
    SetOfVec::try_from(vec![
        one(rfc5911::ID_CONTENT_TYPE, Any::encode_from(&rfc5911::ID_DATA)?)?,
        one(rfc5911::ID_MESSAGE_DIGEST, Any::encode_from(&OctetString::new(digest)?)?)?,
        one(SIGNING_CERTIFICATE_V2, signing_certificate(certificate)?)?,
    ])
}

/// SigningCertificateV2 with one ESSCertIDv2, its hash SHA-256 by default: four nested SEQUENCEs around the digest.
pub(crate) fn signing_certificate(certificate: &Certificate) -> der::Result<Any> {
    let digest = Sha256::digest(certificate.to_der()?);
    let mut bytes = vec![0x30, 0x26, 0x30, 0x24, 0x30, 0x22, 0x04, 0x20];
    bytes.extend_from_slice(&digest);
    Any::from_der(&bytes)
}
