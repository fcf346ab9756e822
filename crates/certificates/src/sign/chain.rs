//! Does this certificate lead to an authority we trust?

use crate::keys::Trust;
use der::{Decode as _, Encode as _};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{DerSignature, VerifyingKey};
use p256::pkcs8::DecodePublicKey as _;
use std::time::Duration;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

/// More certificates than this between signer and authority are not followed.
const DEPTH_MAX: usize = 4;

/// The certificate leads to no trusted authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Untrusted;

/// Follows `certificate` through `between` to one of the trusted authorities.
pub(crate) fn check(
    certificate: &Certificate,
    between: &[Certificate],
    trust: &Trust,
) -> Result<(), Untrusted> {
    let mut current = certificate;
    for _ in 0..DEPTH_MAX {
        if trust.roots.iter().any(|root| issued(root, current)) {
            return Ok(());
        }
        current = between.iter().find(|c| *c != current && issued(c, current)).ok_or(Untrusted)?;
    }
    Err(Untrusted)
}

/// Whether `issuer` is an authority that signed `certificate`.
fn issued(issuer: &Certificate, certificate: &Certificate) -> bool {
    let (above, below) = (issuer.tbs_certificate(), certificate.tbs_certificate());
    let is_authority = matches!(above.get_extension::<BasicConstraints>(), Ok(Some((_, c))) if c.ca);
    let may_sign = match above.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.key_cert_sign(),
        Ok(None) => true,
        Err(_) => false,
    };
    let signed = || {
        let key = public_key(issuer)?;
        let signature = DerSignature::from_der(certificate.signature().raw_bytes()).ok()?;
        key.verify(&below.to_der().ok()?, &signature).ok()
    };
    above.subject() == below.issuer() && is_authority && may_sign && signed().is_some()
}

/// The P-256 key of a certificate.
pub(crate) fn public_key(certificate: &Certificate) -> Option<VerifyingKey> {
    let der = certificate.tbs_certificate().subject_public_key_info().to_der().ok()?;
    VerifyingKey::from_public_key_der(&der).ok()
}

/// Whether `certificate` was in force at `at` and may sign documents.
pub(crate) fn in_force(certificate: &Certificate, at: Duration) -> bool {
    let tbs = certificate.tbs_certificate();
    let may_sign = match tbs.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.digital_signature() || usage.non_repudiation(),
        Ok(None) => true,
        Err(_) => false,
    };
    let validity = tbs.validity();
    may_sign && validity.not_before.to_unix_duration() <= at && at <= validity.not_after.to_unix_duration()
}
