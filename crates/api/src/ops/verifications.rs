//! Verification for programs, open to everybody as `/verify` is, and with the same rules of what is told: by number the state alone, with the
//! certificate or its file in hand the masked holder and the public lines.

use super::certificates::CertificateField;
use super::items::{Both, bad_query};
use crate::problem::{Answer, ProblemBody};
use axum::Json;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Extension, Multipart, Path, Query, State};
use certificates::{CopyTold, Signer, Verified, VerifiedFile};
use kernel::{Refusal, RefusalKind, Timestamp};
use page::House;
use serde::{Deserialize, Serialize};
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

/// Room for the largest certificate and the multipart frame around it.
const BODY_BYTES_MAX: usize = 9 * 1024 * 1024;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new()
        .routes(routes!(by_number, by_file))
        .routes(routes!(by_token))
        .layer(DefaultBodyLimit::max(BODY_BYTES_MAX))
}

/// What is verified.
#[derive(Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Asked {
    /// The certificate's identifier (GB/T 36904).
    number: Option<String>,
}

/// What the register says of a certificate.
#[derive(Serialize, utoipa::ToSchema)]
struct Verification {
    /// Whether one may rely on what was shown, now.
    valid: bool,
    /// `valid`, `suspended`, `revoked`, `cancelled`, `expired`, `replaced`, `forfeited`, `transferred`.
    state: String,
    /// The same by the code of the national scheme.
    state_code: String,
    /// The identifier (GB/T 36904).
    identifier: String,
    /// The name on top.
    name: Both,
    /// Who issued it.
    issuer: Both,
    /// The day of issue.
    issued_on: String,
    /// The first day of validity.
    valid_from: String,
    /// The last day of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    /// The holder, masked; by number nobody is told.
    #[serde(skip_serializing_if = "Option::is_none")]
    holder: Option<String>,
    /// The lines that are public; none by number.
    fields: Vec<CertificateField>,
    /// What stands on the annotated copy, when it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    copy: Option<VerifiedCopy>,
    /// Who signed the file, when and how, when a file was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<FileSignature>,
    /// When this was said, RFC 3339.
    at: String,
}

/// An annotated copy: good for one purpose, until a day.
#[derive(Serialize, utoipa::ToSchema)]
struct VerifiedCopy {
    /// `good`, `ended`, `withdrawn`.
    state: String,
    /// For whom it was made.
    whom: String,
    /// What for.
    purpose: String,
    /// The last day on which it is good.
    until: String,
}

/// The signature of a file that is whole.
#[derive(Serialize, utoipa::ToSchema)]
struct FileSignature {
    /// The name in the signer's certificate.
    signer: String,
    /// When it was signed, by the signer's clock, RFC 3339.
    signed_at: String,
    /// How it was signed.
    algorithm: String,
    /// When an authority of time stamps that is believed saw the signature, RFC 3339.
    #[serde(skip_serializing_if = "Option::is_none")]
    stamped_at: Option<String>,
    /// What the data for machines inside says otherwise than the register; empty when they agree.
    differs: Vec<Both>,
}

impl Verification {
    fn new(of: Verified, at: Timestamp) -> Self {
        let fields = of.lines.into_iter();
        Self {
            valid: of.valid,
            state: of.state.0.to_owned(),
            state_code: of.state.1.to_owned(),
            identifier: of.identifier,
            name: (&of.name).into(),
            issuer: (&of.issuer).into(),
            issued_on: of.issued_on.to_string(),
            valid_from: of.valid_from.to_string(),
            valid_until: of.valid_until.map(|d| d.to_string()),
            holder: of.holder,
            fields: fields.map(|f| CertificateField::new(&f)).collect(),
            copy: of.copy.map(VerifiedCopy::from),
            file: None,
            at: at.to_string(),
        }
    }

    fn of_file(found: VerifiedFile, at: Timestamp) -> Self {
        let VerifiedFile { file, of, differs } = found;
        let signature = FileSignature {
            signer: file.signer,
            signed_at: file.signed_at.to_string(),
            algorithm: file.algorithm.name().to_owned(),
            stamped_at: file.stamp.filter(|s| s.known).map(|s| s.at.to_string()),
            differs: differs.iter().map(Both::from).collect(),
        };
        Self { file: Some(signature), ..Self::new(of, at) }
    }
}

impl From<CopyTold> for VerifiedCopy {
    fn from(copy: CopyTold) -> Self {
        let CopyTold { whom, purpose, last_day, state } = copy;
        Self { state: state.to_owned(), whom, purpose, until: last_day.to_string() }
    }
}

/// Verify a certificate by its number. Numbers can be guessed: nothing of the holder is told.
#[utoipa::path(get, path = "/verifications", tag = "verification", params(Asked), security(()),
    responses((status = 200, body = Verification), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody),
              (status = 422, body = ProblemBody)))]
async fn by_number(
    State(house): State<House>,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Answer<Json<Verification>> {
    let Query(asked) = asked.map_err(|e| bad_query(&e.body_text()))?;
    let number = asked.number.filter(|n| !n.trim().is_empty()).ok_or_else(no_number)?;
    let now = house.ground.clock.now();
    let found = certificates::verify_number(&house.ground.store, &number, now).await?;
    Ok(Json(Verification::new(found, now)))
}

/// Verify by the word in the QR code of a certificate or of an annotated copy: the last part of the address in it.
#[utoipa::path(get, path = "/verifications/{token}", tag = "verification", params(("token" = String, Path)), security(()),
    responses((status = 200, body = Verification), (status = 404, body = ProblemBody)))]
async fn by_token(State(house): State<House>, Path(token): Path<String>) -> Answer<Json<Verification>> {
    let now = house.ground.clock.now();
    let found = certificates::verify_token(&house.ground.store, &token, now).await?;
    Ok(Json(Verification::new(found, now)))
}

/// One file in the part `file`.
#[derive(utoipa::ToSchema)]
#[allow(dead_code, reason = "describes the multipart body to the document")]
struct CertificateFile {
    /// A certificate or annotated copy as PDF or OFD; 8 MiB at most.
    #[schema(format = Binary, value_type = String)]
    file: Vec<u8>,
}

/// Verify a file: whole, by whom signed, and what the register says now. It is checked and forgotten. A file that was changed or that
/// somebody else signed is a problem with a code of its own, never a 200.
#[utoipa::path(post, path = "/verifications", tag = "verification", security(()),
    request_body(content = CertificateFile, content_type = "multipart/form-data"),
    responses((status = 200, body = Verification), (status = 400, body = ProblemBody), (status = 404, body = ProblemBody),
              (status = 413, body = ProblemBody), (status = 422, body = ProblemBody)))]
async fn by_file(
    State(house): State<House>,
    Extension(signer): Extension<Arc<Signer>>,
    parts: Result<Multipart, MultipartRejection>,
) -> Answer<Json<Verification>> {
    let file = super::files::the_file(parts.map_err(|e| super::files::broken(&e.body_text()))?).await?;
    let now = house.ground.clock.now();
    let found = certificates::verify_file(&house.ground.store, file.bytes, signer.trust(), now).await?;
    Ok(Json(Verification::of_file(found, now)))
}

fn no_number() -> Refusal {
    let (zh, en) = ("请给出证照编号。", "Give the number of a certificate.");
    Refusal::new(RefusalKind::Invalid, "api.number-missing", zh, en).field("number", zh, en)
}
