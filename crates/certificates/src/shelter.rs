//! Lines that say where a holder lives, while the address is under protection (反家庭暴力法第二十三条至第三十二条): told to nobody else.

use crate::model::{CertField, Certificate};
use ::store::Store;
use identity::Applicant;
use kernel::{Fault, Outcome, Refusal, RefusalKind, SubjectId};

/// Whether a line says where somebody lives.
fn says_where(field: &CertField) -> bool {
    field.key == "address" || field.key.ends_with("_address")
}

/// The certificate as anybody reads it: without the lines that say where a protected holder lives.
///
/// # Errors
/// A [`Fault`] when the database does not answer: then nothing is shown.
pub(crate) async fn in_public(store: &Store, mut certificate: Certificate) -> Result<Certificate, Fault> {
    if certificate.fields.iter().any(says_where)
        && !identity::address_public(store, certificate.holder).await?
    {
        certificate.fields.retain(|field| !says_where(field));
    }
    Ok(certificate)
}

/// Refuses to hand it out to whoever acts for its holder, when it says where they live and that is kept from them.
///
/// # Errors
/// `certificates.address-kept`.
pub async fn may_take(store: &Store, who: &Applicant, certificate: &Certificate) -> Outcome<()> {
    let SubjectId::Person(holder) = certificate.holder else { return Ok(()) };
    if certificate.fields.iter().any(says_where)
        && identity::address_kept(store, holder, who.person()).await?
    {
        return Err(Refusal::new(
            RefusalKind::Forbidden,
            "certificates.address-kept",
            "这张证照上有受保护的住址，只能由本人查看和使用。",
            "This certificate holds an address under protection; only its holder may see and use it.",
        )
        .next("请由本人办理，或者到窗口咨询。", "The holder can do it, or ask at a window.")
        .into());
    }
    Ok(())
}
