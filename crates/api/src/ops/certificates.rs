//! Certificates: what stands in them, and the signed PDF, for holder and issuing agency.

use crate::input::Caller;
use crate::ops::items::Both;
use crate::problem::{Answer, ProblemBody};
use axum::Json;
use axum::extract::{Extension, Path, State};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use certificates::{Certificate, CertificateId, Signer};
use kernel::Refusal;
use page::House;
use serde::Serialize;
use std::sync::Arc;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

pub(crate) fn routes() -> OpenApiRouter<House> {
    OpenApiRouter::new().routes(routes!(one)).routes(routes!(pdf))
}

/// One line of a certificate.
#[derive(Serialize, utoipa::ToSchema)]
struct CertificateField {
    /// The pack's word for it.
    key: String,
    /// What it is called.
    label: Both,
    /// What it says.
    value: String,
}

/// An electronic certificate.
#[derive(Serialize, utoipa::ToSchema)]
struct CertificateDetail {
    /// Its id here.
    id: String,
    /// Its national identifier (GB/T 36904).
    identifier: String,
    /// Its kind.
    kind: String,
    /// The name on top.
    name: Both,
    /// `valid`, `suspended`, `revoked`, `cancelled`, `expired`, `replaced`.
    state: String,
    /// Whose it is.
    holder: String,
    /// Who issued it.
    issuer: Both,
    /// The first day of validity.
    valid_from: String,
    /// The last day of validity.
    #[serde(skip_serializing_if = "Option::is_none")]
    valid_until: Option<String>,
    /// The case it comes from.
    case: String,
    /// What stands in it.
    fields: Vec<CertificateField>,
    /// Where anybody can verify it.
    verify: String,
}

/// One certificate, for its holder or the issuing agency.
#[utoipa::path(get, path = "/certificates/{id}", tag = "certificates", params(("id" = String, Path)),
    responses((status = 200, body = CertificateDetail), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn one(
    State(house): State<House>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Json<CertificateDetail>> {
    let certificate = reached(&house, &caller, &id).await?;
    Ok(Json(detail(&house, &certificate)))
}

/// The signed PDF of a certificate.
#[utoipa::path(get, path = "/certificates/{id}/pdf", tag = "certificates", params(("id" = String, Path)),
    responses((status = 200, content_type = "application/pdf"), (status = 401, body = ProblemBody), (status = 404, body = ProblemBody)))]
async fn pdf(
    State(house): State<House>,
    Extension(signer): Extension<Arc<Signer>>,
    caller: Caller,
    Path(id): Path<String>,
) -> Answer<Response> {
    let certificate = reached(&house, &caller, &id).await?;
    let bytes = certificates::pdf(&house, &signer, certificate.id).await?;
    Ok(([(header::CONTENT_TYPE, "application/pdf")], bytes).into_response())
}

/// The certificate, when the caller holds it or works in the agency that issued it; otherwise there is none.
async fn reached(house: &House, caller: &Caller, id: &str) -> Answer<Certificate> {
    let id: CertificateId = id.parse().map_err(|_| Refusal::not_found())?;
    let found = certificates::get(&house.ground.store, id).await?.ok_or_else(Refusal::not_found)?;
    let applicant = caller.session.applicant().ok().filter(|a| a.sees_all() && a.subject() == found.holder);
    if let Some(applicant) = &applicant {
        certificates::may_take(&house.ground.store, applicant, &found).await?;
    }
    let holds = applicant.is_some();
    let issues = caller
        .session
        .staff()
        .is_ok_and(|s| s.agency().contains(&found.issuer) || found.issuer.contains(s.agency()));
    if !holds && !issues {
        return Err(Refusal::not_found().into());
    }
    if !holds {
        super::look::at_certificate(house, caller, &found).await?;
    }
    Ok(found)
}

fn detail(house: &House, certificate: &Certificate) -> CertificateDetail {
    let fields = certificate.fields.iter();
    CertificateDetail {
        id: certificate.id.to_string(),
        identifier: certificate.identifier.clone(),
        kind: certificate.kind.clone(),
        name: (&certificate.name).into(),
        state: certificate.state(house.ground.clock.now()).word().to_owned(),
        holder: certificate.holder_name.clone(),
        issuer: (&certificate.issuer_name).into(),
        valid_from: certificate.valid_from.to_string(),
        valid_until: certificate.valid_until.map(|d| d.to_string()),
        case: certificate.case_number.clone(),
        fields: fields
            .map(|f| CertificateField {
                key: f.key.clone(),
                label: (&f.label).into(),
                value: f.value.clone(),
            })
            .collect(),
        verify: certificates::verify_url(&house.site.base_url, certificate),
    }
}
