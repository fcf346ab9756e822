//! A failure on its way to the reader: it travels in the response and becomes a page in the reader's language.

use crate::{Ctx, Shell};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use kernel::{Failure, Fault, Lang, Refusal, RefusalKind, Text};
use std::sync::Arc;

/// What a page's handler answers when it cannot do what was asked.
#[derive(Debug)]
pub struct Problem(pub Failure);

impl From<Failure> for Problem {
    fn from(failure: Failure) -> Self {
        Self(failure)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(Failure::Refused(refusal))
    }
}

impl From<Fault> for Problem {
    fn from(fault: Fault) -> Self {
        Self(Failure::Fault(fault))
    }
}

/// The failure inside a response, for whoever renders it: `page::layer` as a page, the API as JSON.
#[derive(Debug, Clone)]
pub struct Carried(pub Arc<Failure>);

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = status_of(&self.0);
        let mut response = status.into_response();
        response.extensions_mut().insert(Carried(Arc::new(self.0)));
        response
    }
}

/// The status code that a failure has on pages and in the API.
pub fn status_of(failure: &Failure) -> StatusCode {
    match failure {
        Failure::Refused(refusal) => match refusal.kind {
            RefusalKind::Invalid => StatusCode::UNPROCESSABLE_ENTITY,
            RefusalKind::SignIn => StatusCode::UNAUTHORIZED,
            RefusalKind::Forbidden => StatusCode::FORBIDDEN,
            RefusalKind::NotFound => StatusCode::NOT_FOUND,
            RefusalKind::Conflict => StatusCode::CONFLICT,
            RefusalKind::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            RefusalKind::TooMany => StatusCode::TOO_MANY_REQUESTS,
            RefusalKind::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        },
        Failure::Fault(fault) if fault.transient => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Fault(_) => StatusCode::INTERNAL_SERVER_ERROR,
    }
}

/// What the reader is told about a status when nobody said more.
pub(crate) fn refusal_of(status: StatusCode) -> Refusal {
    use RefusalKind as K;
    match status {
        StatusCode::NOT_FOUND => Refusal::not_found(),
        StatusCode::METHOD_NOT_ALLOWED => Refusal::new(
            K::Invalid,
            "page.method",
            "这个网址不能直接打开。",
            "This address cannot be opened directly.",
        )
        .next("请从首页重新进入。", "Please start again from the home page."),
        StatusCode::PAYLOAD_TOO_LARGE => {
            Refusal::new(K::TooLarge, "page.too-large", "提交的内容太大。", "What was sent is too large.")
                .next("请减少内容或压缩文件后再提交。", "Please send less, or make the files smaller.")
        }
        StatusCode::TOO_MANY_REQUESTS => {
            Refusal::new(K::TooMany, "page.too-many", "操作太频繁了。", "That was too often.")
                .next("请过几分钟再试。", "Please try again in a few minutes.")
        }
        StatusCode::UNAUTHORIZED => Refusal::new(
            K::SignIn,
            "page.sign-in",
            "这个页面登录后才能看。",
            "This page can be seen after signing in.",
        )
        .next("登录后会回到这里。", "You will come back here afterwards."),
        StatusCode::FORBIDDEN => Refusal::new(
            K::Forbidden,
            "page.forbidden",
            "您的身份不能打开这个页面。",
            "You may not open this page in this capacity.",
        )
        .next(
            "如果您有别的身份，请切换后再试。",
            "If you have another capacity, switch to it and try again.",
        ),
        StatusCode::REQUEST_TIMEOUT => Refusal::new(
            K::Unavailable,
            "page.timeout",
            "这一步等得太久了，没有完成。",
            "This step took too long and was not finished.",
        )
        .next("请检查网络后再试一次。", "Please check your connection and try again."),
        s if s.is_client_error() => Refusal::new(
            K::Invalid,
            "page.bad-request",
            "这个请求不完整，网站看不懂。",
            "This request is incomplete and cannot be understood.",
        )
        .next("请从首页重新进入。", "Please start again from the home page."),
        _ => unavailable(),
    }
}

fn unavailable() -> Refusal {
    Refusal::new(
        RefusalKind::Unavailable,
        "page.unavailable",
        "网站暂时忙不过来。",
        "The site is too busy at the moment.",
    )
    .next(
        "请过几分钟再试，已经提交的内容不会丢失。",
        "Please try again in a few minutes; nothing filed is lost.",
    )
}

/// The words about a failure: heading, sentence, advice.
pub(crate) struct Told {
    pub(crate) code: String,
    pub(crate) say: Text,
    pub(crate) next: Option<Text>,
    pub(crate) fields: Vec<kernel::FieldError>,
}

pub(crate) fn told(failure: &Failure) -> Told {
    let refusal = match failure {
        Failure::Refused(refusal) => refusal.clone(),
        Failure::Fault(fault) if fault.transient => unavailable(),
        Failure::Fault(_) => Refusal::new(
            RefusalKind::Unavailable,
            "page.fault",
            "网站内部出了问题，这一步没有完成，不是您的错。",
            "Something broke inside the site and this step was not finished. It was not your doing.",
        )
        .next(
            "请过几分钟再试；如果还不行，请把下面的编号告诉服务热线。",
            "Please try again in a few minutes; if it persists, tell the hotline the number below.",
        ),
    };
    Told { code: refusal.code.into_owned(), say: refusal.say, next: refusal.next, fields: refusal.fields }
}

#[derive(askama::Template)]
#[template(path = "problem.html")]
struct ProblemPage {
    shell: Shell,
    status: u16,
    say: String,
    next: Option<String>,
    fields: Vec<String>,
    sign_in: Option<String>,
    switch: bool,
    fault: bool,
}

/// The page about a failure.
pub(crate) fn page(ctx: &Ctx, status: StatusCode, failure: &Failure) -> Response {
    let told = told(failure);
    let lang = ctx.lang;
    let shell = Shell::new(ctx, heading(status, lang));
    let page = ProblemPage {
        status: status.as_u16(),
        say: told.say.get(lang).to_owned(),
        next: told.next.map(|next| next.get(lang).to_owned()),
        fields: told.fields.iter().map(|f| f.say.get(lang).to_owned()).collect(),
        sign_in: (status == StatusCode::UNAUTHORIZED).then(|| sign_in_path(&shell.back)),
        switch: status == StatusCode::FORBIDDEN && ctx.badge.as_ref().is_some_and(|b| b.can_switch),
        fault: status.is_server_error(),
        shell,
    };
    crate::render_with(status, &page)
}

/// Where to sign in so that one comes back to `back`.
pub fn sign_in_path(back: &str) -> String {
    let next: String = back
        .bytes()
        .map(|b| match b {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'/' | b'-' | b'_' | b'.' | b'~' => {
                char::from(b).to_string()
            }
            other => format!("%{other:02X}"),
        })
        .collect();
    format!("/login?next={next}")
}

fn heading(status: StatusCode, lang: Lang) -> String {
    let key = match status {
        StatusCode::UNAUTHORIZED => "problem-sign-in",
        StatusCode::FORBIDDEN => "problem-forbidden",
        StatusCode::NOT_FOUND => "problem-not-found",
        StatusCode::CONFLICT => "problem-conflict",
        StatusCode::PAYLOAD_TOO_LARGE => "problem-too-large",
        StatusCode::UNPROCESSABLE_ENTITY => "problem-invalid",
        StatusCode::TOO_MANY_REQUESTS => "problem-too-many",
        StatusCode::SERVICE_UNAVAILABLE | StatusCode::REQUEST_TIMEOUT => "problem-unavailable",
        s if s.is_server_error() => "problem-fault",
        _ => "problem-bad-request",
    };
    crate::WORDS.say(lang).t(key).into_owned()
}
