//! What callers send: JSON bodies and bearer tokens, each refused in words when wrong.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use kernel::{Lang, Refusal, RefusalKind};
use page::House;
use serde::de::DeserializeOwned;

/// A JSON body, 1 MiB at most; the refusal names line and column.
pub struct Json<T>(pub T);

/// The largest JSON body.
pub const JSON_BYTES_MAX: usize = 1024 * 1024;

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _state: &S) -> Result<Self, Problem> {
        let bytes = body(request, JSON_BYTES_MAX).await?;
        // PostgreSQL keeps no zero character in text; a body that spells one is refused before it reaches any.
        if bytes.windows(6).any(|w| w == br"\u0000") {
            return Err(zero_character().into());
        }
        serde_json::from_slice(&bytes).map(Self).map_err(|e| {
            let (line, column) = (e.line(), e.column());
            Problem::from(
                Refusal::new(
                    RefusalKind::Invalid,
                    "api.bad-json",
                    format!("请求正文不是所需的 JSON（第{line}行第{column}列）。"),
                    format!(
                        "The body is not the JSON this operation takes (line {line}, column {column}): {e}."
                    ),
                )
                .next("请对照 /api/v1/openapi.json。", "Compare with /api/v1/openapi.json."),
            )
        })
    }
}

fn zero_character() -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        "api.zero-character",
        "请求正文含有不能保存的字符（U+0000）。",
        "The body holds the character U+0000, which cannot be kept.",
    )
    .next("请去掉这个字符后重发。", "Leave that character out and send it again.")
}

/// Reads a body of at most `max` bytes.
///
/// # Errors
/// A refusal when it is larger or the connection breaks off.
pub async fn body(request: Request, max: usize) -> Result<Bytes, Problem> {
    axum::body::to_bytes(request.into_body(), max).await.map_err(|_| {
        Problem::from(Refusal::new(
            RefusalKind::TooLarge,
            "api.body-too-large",
            format!("请求正文超过{max}字节，或没有传完。"),
            format!("The body is larger than {max} bytes, or was cut off."),
        ))
    })
}

/// The caller, by bearer token.
pub struct Caller {
    /// Whose session it is.
    pub session: identity::Session,
    /// The language of `Accept-Language`.
    pub lang: Lang,
}

impl Caller {
    /// The caller as applicant.
    ///
    /// # Errors
    /// A refusal when the account cannot apply.
    pub fn applicant(&self) -> Result<identity::Applicant, Problem> {
        self.session.applicant().map_err(Problem::from)
    }
}

impl FromRequestParts<House> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, house: &House) -> Result<Self, Problem> {
        caller_of(&parts.headers, house).await
    }
}

/// The caller, where only part of what an operation offers needs one.
///
/// # Errors
/// A refusal when there is no valid token.
pub async fn caller_of(headers: &HeaderMap, house: &House) -> Result<Caller, Problem> {
    let token = bearer(headers).ok_or_else(sign_in)?;
    let session = identity::session(&house.ground, token).await?.ok_or_else(sign_in)?;
    Ok(Caller { session, lang: lang(headers) })
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty() && token.len() <= 200).then_some(token.trim())
}

fn sign_in() -> Problem {
    Problem::from(
        Refusal::new(
            RefusalKind::SignIn,
            "api.sign-in",
            "缺少有效的访问令牌。",
            "There is no valid bearer token with this request.",
        )
        .next("请先 POST /api/v1/sessions 取得令牌。", "Get one from POST /api/v1/sessions."),
    )
}

/// The language of `Accept-Language`, Chinese when it names neither.
pub fn lang(headers: &HeaderMap) -> Lang {
    let text = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or("");
    text.split(',').find_map(|part| Lang::from_tag(part.split(';').next()?.trim())).unwrap_or_default()
}
