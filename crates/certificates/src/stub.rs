//! Signatures that others may build on while the bodies are written.
use crate::model::*;
use kernel::{Fault, Outcome, SubjectId};
use store::{Cx, Store};

/// Issues a certificate: identifier, rows, trace event and the message that has it printed.
///
/// # Errors
/// A refusal when a code is wrong; a fault when the store is.
pub async fn issue(_cx: &mut Cx, _new: NewCertificate) -> Outcome<CertificateId> {
    Err(Fault::new("not built yet").into())
}
/// The certificate with this id.
///
/// # Errors
/// When the store does not answer.
pub async fn get(_store: &Store, _id: CertificateId) -> Result<Option<Certificate>, Fault> {
    Err(Fault::new("not built yet"))
}
/// The certificate with this identifier.
///
/// # Errors
/// When the store does not answer.
pub async fn find(_store: &Store, _identifier: &str) -> Result<Option<Certificate>, Fault> {
    Err(Fault::new("not built yet"))
}
/// What `holder` holds, newest first, from `after`.
///
/// # Errors
/// When the store does not answer.
pub async fn held_by(
    _store: &Store,
    _holder: SubjectId,
    _after: Option<&Cursor>,
    _limit: i64,
) -> Result<Vec<Certificate>, Fault> {
    Err(Fault::new("not built yet"))
}
/// The certificates that came from a case.
///
/// # Errors
/// When the store does not answer.
pub async fn for_case(_store: &Store, _case_number: &str) -> Result<Vec<Certificate>, Fault> {
    Err(Fault::new("not built yet"))
}
/// Takes a certificate back as wrongly given (撤销).
///
/// # Errors
/// A refusal when it is not in a state that can be revoked.
pub async fn revoke(_cx: &mut Cx, _id: CertificateId, _why: &str) -> Outcome<()> {
    Err(Fault::new("not built yet").into())
}
