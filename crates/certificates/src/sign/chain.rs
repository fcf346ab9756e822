//! Does this certificate lead to an authority we trust?

use crate::keys::verifies;
use der::Encode as _;
use std::time::Duration;
use x509_cert::Certificate;
use x509_cert::ext::pkix::{BasicConstraints, KeyUsage};

/// More certificates than this between signer and authority are not followed.
const DEPTH_MAX: usize = 4;

/// The certificate leads to no trusted authority.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Untrusted;

/// Follows `certificate` through `between` to one of the trusted authorities `roots`.
pub(crate) fn check(
    certificate: &Certificate,
    between: &[Certificate],
    roots: &[Certificate],
) -> Result<(), Untrusted> {
    let mut current = certificate;
    for _ in 0..DEPTH_MAX {
        if roots.iter().any(|root| issued(root, current)) {
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
        let (message, signature) = (below.to_der().ok()?, certificate.signature().as_bytes()?);
        // the algorithm stands inside and outside of what is signed (RFC 5280 §4.1.1.2)
        let by = certificate.signature_algorithm();
        (by == below.signature() && verifies(issuer, by, &message, signature)).then_some(())
    };
    above.subject() == below.issuer() && is_authority && may_sign && signed().is_some()
}

/// Whether `certificate` was in force at `at` and may sign documents.
pub(crate) fn in_force(certificate: &Certificate, at: Duration) -> bool {
    let tbs = certificate.tbs_certificate();
    let may_sign = match tbs.get_extension::<KeyUsage>() {
        Ok(Some((_, usage))) => usage.digital_signature() || usage.non_repudiation(),
        Ok(None) => true,
        Err(_) => false,
    };
    may_sign && lasts(certificate, at)
}

/// Whether `at` lies in the time for which `certificate` was made.
pub(crate) fn lasts(certificate: &Certificate, at: Duration) -> bool {
    let validity = certificate.tbs_certificate().validity();
    validity.not_before.to_unix_duration() <= at && at <= validity.not_after.to_unix_duration()
}
