//! Errors as problem details (RFC 9457) with a stable `code` and the wrong `fields`.

use axum::extract::Request;
use axum::http::{HeaderValue, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use kernel::{Failure, Fault, Lang, Refusal, RefusalKind};
use serde::Serialize;
use std::sync::Arc;

/// What every operation returns.
pub type Answer<T> = Result<T, Problem>;

/// A failure on its way to the caller; [`render`] writes it in the caller's language.
#[derive(Debug)]
pub struct Problem(Failure);

impl<T: Into<Failure>> From<T> for Problem {
    fn from(failure: T) -> Self {
        Self(failure.into())
    }
}

/// The body of an error (RFC 9457, `application/problem+json`).
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemBody {
    /// A URI that names the kind of problem; `urn:yimen:problem:<code>`.
    #[serde(rename = "type")]
    #[schema(example = "urn:yimen:problem:cases.form-invalid")]
    pub kind: String,
    /// What is wrong, one sentence.
    pub title: String,
    /// The HTTP status.
    pub status: u16,
    /// What to do now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<String>,
    /// `room.reason-in-words`, stable.
    pub code: String,
    /// The wrong fields, when it is about fields.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<ProblemField>,
    /// The number under which the log knows this request.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<String>,
}

/// One wrong field.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct ProblemField {
    /// The field's path: `answers.plate`, `parties[0].subject`.
    pub field: String,
    /// What is wrong and what to do.
    pub message: String,
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = status_of(&self.0);
        let mut response = status.into_response();
        response.extensions_mut().insert(Arc::new(self));
        response
    }
}

fn status_of(failure: &Failure) -> StatusCode {
    match failure {
        Failure::Fault(fault) if fault.transient => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
        Failure::Refused(refusal) => match refusal.kind {
            RefusalKind::Invalid if refusal.fields.is_empty() => StatusCode::BAD_REQUEST,
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::SignIn => StatusCode::UNAUTHORIZED,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        },
    }
}

/// Middleware: writes a [`Problem`] as a problem document in the language of `Accept-Language`, and logs faults.
pub async fn render(request: Request, next: Next) -> Response {
    let lang = crate::input::lang(request.headers());
    let reference = request.headers().get("x-request-id").and_then(|v| v.to_str().ok()).map(str::to_owned);
    let response = next.run(request).await;
    let Some(problem) = response.extensions().get::<Arc<Problem>>().cloned() else { return response };
    let status = response.status();
    if let Failure::Fault(fault) = &problem.0 {
        tracing::error!(reference, %fault, "an API operation broke");
    }
    let body = body_of(&problem.0, status, lang, reference);
    let mut out = (status, axum::Json(body)).into_response();
    out.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
    out.headers_mut().insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(lang.tag()));
    if status == StatusCode::UNAUTHORIZED {
        out.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    }
    out
}

fn body_of(failure: &Failure, status: StatusCode, lang: Lang, reference: Option<String>) -> ProblemBody {
    let (code, title, detail, fields) = match failure {
        Failure::Refused(refusal) => parts(refusal, lang),
        Failure::Fault(fault) => (
            if fault.transient { "unavailable" } else { "fault" }.to_owned(),
            sorry(fault, lang),
            None,
            Vec::new(),
        ),
    };
    ProblemBody {
        kind: format!("urn:yimen:problem:{code}"),
        title,
        status: status.as_u16(),
        detail,
        code,
        fields,
        reference,
    }
}

fn parts(refusal: &Refusal, lang: Lang) -> (String, String, Option<String>, Vec<ProblemField>) {
    let fields = refusal
        .fields
        .iter()
        .map(|f| ProblemField { field: f.field.clone(), message: f.say.get(lang).to_owned() })
        .collect();
    let detail = refusal.next.as_ref().map(|n| n.get(lang).to_owned());
    (refusal.code.to_string(), refusal.say.get(lang).to_owned(), detail, fields)
}

fn sorry(fault: &Fault, lang: Lang) -> String {
    match (lang, fault.transient) {
        (Lang::ZhCn, true) => "系统暂时不能提供服务，请稍后再试。",
        (Lang::ZhCn, false) => "系统出了问题，我们已经记录。请凭编号联系我们。",
        (Lang::En, true) => "The service is not available at the moment; please try again later.",
        (Lang::En, false) => "Something broke on our side and has been recorded; quote the reference to us.",
    }
    .to_owned()
}

/// The refusal for a route that does not exist.
pub async fn no_such_route() -> Problem {
    Problem::from(
        Refusal::new(
            RefusalKind::NotFound,
            "api.no-such-route",
            "接口地址不存在。",
            "There is no such route.",
        )
        .next("接口说明见 /api/v1/openapi.json。", "The document is at /api/v1/openapi.json."),
    )
}

/// The refusal for a method a route does not have.
pub async fn no_such_method() -> Response {
    let problem = Problem::from(Refusal::new(
        RefusalKind::Invalid,
        "api.no-such-method",
        "该地址不支持这种请求方法。",
        "This route does not have that method.",
    ));
    let mut response = problem.into_response();
    *response.status_mut() = StatusCode::METHOD_NOT_ALLOWED;
    response
}
