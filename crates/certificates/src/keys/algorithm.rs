//! The two ways in which documents are signed: ECDSA on P-256 with SHA-256 (FIPS 186-5), and SM2 with SM3 (GB/T 32918.2, GB/T 32905).
//! Authorities of others, whose certificates and time stamps are only checked, may also use RSA and P-384.

use der::asn1::BitString;
use der::oid::ObjectIdentifier;
use der::oid::db::rfc5912;
use kernel::{Fault, Rng, rng};
use p256::ecdsa::signature::{Keypair, Signer, Verifier as _};
use p256::pkcs8::{DecodePrivateKey as _, EncodePrivateKey as _};
use ring::signature as rings;
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use sm3::Sm3;
use spki::{
    AlgorithmIdentifierOwned, DynSignatureAlgorithmIdentifier, EncodePublicKey, SignatureBitStringEncoding,
    SubjectPublicKeyInfoOwned,
};
use x509_cert::Certificate;

/// The signer's name in SM2 unless something else was agreed (GB/T 35276-2017, 10).
const SIGNER_NAME: &str = "1234567812345678";
/// SM2 with SM3 (GB/T 33560).
pub(crate) const SM2_WITH_SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.501");
/// SM3 (GB/T 33560).
pub(crate) const SM3: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.401");
/// The curve of SM2 (GB/T 33560).
const SM2_CURVE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.156.10197.1.301");

/// How a key signs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Algorithm {
    /// ECDSA on P-256 with SHA-256.
    #[default]
    P256,
    /// SM2 with SM3.
    Sm2,
}

impl Algorithm {
    /// The name for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::P256 => "ECDSA P-256",
            Self::Sm2 => "SM2",
        }
    }

    /// The identifier of the signature, which takes no parameters.
    pub(crate) fn signature(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::P256 => rfc5912::ECDSA_WITH_SHA_256,
            Self::Sm2 => SM2_WITH_SM3,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    /// The identifier of the hash function that goes with it.
    pub(crate) fn hash(self) -> AlgorithmIdentifierOwned {
        let oid = match self {
            Self::P256 => rfc5912::ID_SHA_256,
            Self::Sm2 => SM3,
        };
        AlgorithmIdentifierOwned { oid, parameters: None }
    }

    /// The digest of `parts` after each other.
    pub(crate) fn digest(self, parts: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::P256 => {
                parts.iter().fold(Sha256::new(), |h, part| h.chain_update(part)).finalize().to_vec()
            }
            Self::Sm2 => parts.iter().fold(Sm3::new(), |h, part| h.chain_update(part)).finalize().to_vec(),
        }
    }
}

/// A private key that signs documents.
#[derive(Clone)]
pub(crate) enum Key {
    P256(p256::ecdsa::SigningKey),
    Sm2(Box<sm2::dsa::SigningKey>),
}

impl Key {
    /// A new one by chance.
    pub(crate) fn new(algorithm: Algorithm, chance: &dyn Rng) -> Result<Self, Fault> {
        for _ in 0..16 {
            let bytes = rng::bytes::<32>(chance); // all but one in 2^32 numbers are keys
            let key = match algorithm {
                Algorithm::P256 => p256::ecdsa::SigningKey::from_slice(&bytes).ok().map(Self::P256),
                Algorithm::Sm2 => sm2::SecretKey::from_slice(&bytes).ok().and_then(|key| Self::sm2(&key)),
            };
            if let Some(key) = key {
                return Ok(key);
            }
        }
        Err(Fault::new("chance gives no key"))
    }

    fn sm2(key: &sm2::SecretKey) -> Option<Self> {
        sm2::dsa::SigningKey::new(SIGNER_NAME, key).ok().map(|key| Self::Sm2(Box::new(key)))
    }

    /// Reads PKCS #8 in PEM; the key says itself which it is.
    pub(crate) fn from_pem(pem: &str) -> Option<Self> {
        let p256 = || p256::ecdsa::SigningKey::from_pkcs8_pem(pem).ok().map(Self::P256);
        let sm2 = || sm2::SecretKey::from_pkcs8_pem(pem).ok().and_then(|key| Self::sm2(&key));
        p256().or_else(sm2)
    }

    /// Writes PKCS #8 in PEM.
    pub(crate) fn to_pem(&self) -> Option<String> {
        let ending = der::pem::LineEnding::LF;
        let pem = match self {
            Self::P256(key) => key.to_pkcs8_pem(ending).ok()?,
            Self::Sm2(key) => sm2::SecretKey::from_slice(&key.to_bytes()).ok()?.to_pkcs8_pem(ending).ok()?,
        };
        Some(pem.to_string())
    }

    /// How it signs.
    pub(crate) fn algorithm(&self) -> Algorithm {
        match self {
            Self::P256(_) => Algorithm::P256,
            Self::Sm2(_) => Algorithm::Sm2,
        }
    }

    /// Its public half, as it stands in certificates.
    pub(crate) fn spki(&self) -> Result<SubjectPublicKeyInfoOwned, Fault> {
        let der =
            self.verifying_key().to_public_key_der().map_err(|e| Fault::from("writing a public key", e))?;
        SubjectPublicKeyInfoOwned::try_from(der.as_bytes())
            .map_err(|e| Fault::from("reading a public key", e))
    }
}

/// The public half of a [`Key`].
#[derive(Clone)]
pub(crate) enum OwnPublic {
    P256(p256::ecdsa::VerifyingKey),
    Sm2(sm2::dsa::VerifyingKey),
}

impl Keypair for Key {
    type VerifyingKey = OwnPublic;
    fn verifying_key(&self) -> OwnPublic {
        match self {
            Self::P256(key) => OwnPublic::P256(*key.verifying_key()),
            Self::Sm2(key) => OwnPublic::Sm2(key.verifying_key().clone()),
        }
    }
}

impl EncodePublicKey for OwnPublic {
    fn to_public_key_der(&self) -> spki::Result<der::Document> {
        match self {
            Self::P256(key) => key.to_public_key_der(),
            Self::Sm2(key) => key.to_public_key_der(),
        }
    }
}

impl DynSignatureAlgorithmIdentifier for Key {
    fn signature_algorithm_identifier(&self) -> spki::Result<AlgorithmIdentifierOwned> {
        Ok(self.algorithm().signature())
    }
}

/// A signature of either kind: a SEQUENCE of two numbers (RFC 3279 §2.2.3, GB/T 35276 §7.2).
pub(crate) struct Value(pub Vec<u8>);

impl SignatureBitStringEncoding for Value {
    fn to_bitstring(&self) -> der::Result<BitString> {
        BitString::from_bytes(&self.0)
    }
}

impl Signer<Value> for Key {
    fn try_sign(&self, message: &[u8]) -> Result<Value, p256::ecdsa::signature::Error> {
        match self {
            Self::P256(key) => {
                let signature: p256::ecdsa::DerSignature = key.try_sign(message)?;
                Ok(Value(signature.as_bytes().to_vec()))
            }
            Self::Sm2(key) => {
                let signature: sm2::dsa::Signature = key.try_sign(message)?;
                Ok(Value(signature.to_der().to_vec()))
            }
        }
    }
}

/// How the key of `certificate` would sign a document; `None` when it is of no kind that signs documents here.
pub(crate) fn of_certificate(certificate: &Certificate) -> Option<Algorithm> {
    let key = &certificate.tbs_certificate().subject_public_key_info().algorithm;
    let curve: ObjectIdentifier = key.parameters.as_ref()?.decode_as().ok()?;
    match curve {
        _ if key.oid != rfc5912::ID_EC_PUBLIC_KEY => None,
        rfc5912::SECP_256_R_1 => Some(Algorithm::P256),
        SM2_CURVE => Some(Algorithm::Sm2),
        _ => None,
    }
}

/// Whether the key of `certificate` made `signature`, by the algorithm `by`, over `message`.
pub(crate) fn verifies(
    certificate: &Certificate,
    by: &AlgorithmIdentifierOwned,
    message: &[u8],
    signature: &[u8],
) -> bool {
    let spki = certificate.tbs_certificate().subject_public_key_info();
    let Some(point) = spki.subject_public_key.as_bytes() else { return false };
    if by.oid == SM2_WITH_SM3 {
        return of_certificate(certificate) == Some(Algorithm::Sm2)
            && sm2_verifies(point, message, signature);
    }
    let curve = of_certificate(certificate);
    if by.oid == rfc5912::ECDSA_WITH_SHA_256 && curve == Some(Algorithm::P256) {
        return p256_verifies(point, message, signature);
    }
    // what only authorities of others use
    let rsa = spki.algorithm.oid == rfc5912::RSA_ENCRYPTION;
    let curve: Option<ObjectIdentifier> = spki.algorithm.parameters.as_ref().and_then(|p| p.decode_as().ok());
    let known: &dyn rings::VerificationAlgorithm = match by.oid {
        rfc5912::SHA_256_WITH_RSA_ENCRYPTION if rsa => &rings::RSA_PKCS1_2048_8192_SHA256,
        rfc5912::SHA_384_WITH_RSA_ENCRYPTION if rsa => &rings::RSA_PKCS1_2048_8192_SHA384,
        rfc5912::SHA_512_WITH_RSA_ENCRYPTION if rsa => &rings::RSA_PKCS1_2048_8192_SHA512,
        rfc5912::ECDSA_WITH_SHA_384 if curve == Some(rfc5912::SECP_384_R_1) => &rings::ECDSA_P384_SHA384_ASN1,
        rfc5912::ECDSA_WITH_SHA_256 if curve == Some(rfc5912::SECP_384_R_1) => &rings::ECDSA_P384_SHA256_ASN1,
        rfc5912::ECDSA_WITH_SHA_384 if curve == Some(rfc5912::SECP_256_R_1) => &rings::ECDSA_P256_SHA384_ASN1,
        _ => return false,
    };
    rings::UnparsedPublicKey::new(known, point).verify(message, signature).is_ok()
}

fn p256_verifies(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = p256::ecdsa::VerifyingKey::from_sec1_bytes(point);
    let signature = p256::ecdsa::DerSignature::from_bytes(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
}

fn sm2_verifies(point: &[u8], message: &[u8], signature: &[u8]) -> bool {
    let key = sm2::dsa::VerifyingKey::from_sec1_bytes(SIGNER_NAME, point);
    let signature = sm2::dsa::Signature::from_der(signature);
    matches!((key, signature), (Ok(key), Ok(signature)) if key.verify(message, &signature).is_ok())
}
