//! `/kit`: every component in all its states, on one page; in demo mode only.

use crate::{Answer, Ctx, FormState, Say, Shell, Step, Submitted, TimelineEntry, WORDS};
use axum::Router;
use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use kernel::{Failure, Fault, Refusal, RefusalKind};

pub(crate) fn routes() -> Router {
    Router::new()
        .route("/kit", get(show).post(send))
        .route("/kit/problem/{what}", get(fail))
        .layer(axum::middleware::from_fn(demo_only))
}

async fn demo_only(ctx: Ctx, request: Request, next: Next) -> Response {
    if ctx.site.demo { next.run(request).await } else { crate::layer::not_found(ctx).await.into_response() }
}

#[derive(askama::Template)]
#[template(path = "kit.html")]
struct Kit {
    shell: Shell,
    form: FormState,
    steps: Vec<Step>,
    events: Vec<TimelineEntry>,
    w: Say,
    long_name: &'static str,
    icons: &'static [&'static str],
    newer: Option<String>,
    older: Option<String>,
    problems: &'static [&'static str],
}

const PROBLEMS: &[&str] = &[
    "sign-in",
    "forbidden",
    "not-found",
    "conflict",
    "too-large",
    "invalid",
    "too-many",
    "unavailable",
    "fault",
];

async fn show(ctx: Ctx) -> Answer {
    Ok(crate::render(&page(&ctx, sample_form())))
}

/// Echoes what was sent, so that the form's way there and back can be tried.
async fn send(ctx: Ctx, sent: Submitted) -> Answer {
    let mut form = FormState::of(&sent);
    if form.value("name").is_empty() {
        form.fail("name", "请填写姓名。", "Please enter your name.");
    }
    Ok(crate::render_with(axum::http::StatusCode::UNPROCESSABLE_ENTITY, &page(&ctx, form)))
}

async fn fail(_: Ctx, axum::extract::Path(what): axum::extract::Path<String>) -> Answer {
    let refused = |kind| Refusal::new(kind, "kit.sample", "这是一个示例。", "This is a sample.").into();
    Err(match what.as_str() {
        "sign-in" => {
            Failure::Refused(crate::problem::refusal_of(axum::http::StatusCode::UNAUTHORIZED)).into()
        }
        "forbidden" => Failure::Refused(crate::problem::refusal_of(axum::http::StatusCode::FORBIDDEN)).into(),
        "conflict" => refused(RefusalKind::Conflict),
        "too-large" => refused(RefusalKind::TooLarge),
        "invalid" => refused(RefusalKind::Invalid),
        "too-many" => refused(RefusalKind::TooMany),
        "unavailable" => Fault::new("a sample of a passing fault").transient().into(),
        "fault" => Fault::new("a sample of a fault").into(),
        _ => Refusal::not_found().into(),
    })
}

fn page(ctx: &Ctx, form: FormState) -> Kit {
    let say = WORDS.say(ctx.lang);
    let entry = |kind, at: &str, title: &str, who: &str, detail: &str| TimelineEntry {
        kind,
        at: at.to_owned(),
        title: title.to_owned(),
        who: who.to_owned(),
        detail: detail.to_owned(),
    };
    let shell = Shell::new(ctx, say.t("kit-title")).crumb(say.t("nav-items"), "/items");
    Kit {
        shell: if ctx.query == "desk" { shell.desk() } else { shell },
        w: say,
        newer: Some("#newer".to_owned()),
        older: Some("#older".to_owned()),
        problems: PROBLEMS,
        form,
        steps: vec![
            Step { kind: "done", title: "车辆与线路".into(), href: Some("#".into()) },
            Step { kind: "now", title: "材料".into(), href: None },
            Step { kind: "next", title: "核对并提交".into(), href: None },
        ],
        events: vec![
            entry("done", "2026年11月22日(周日) 10:05", "提交申请", "南京金陵旅行客运有限公司", ""),
            entry("done", "2026年11月22日(周日) 10:05", "资质核验通过", "系统自动", "车辆年检至2027年5月1日"),
            entry("now", "2026年11月23日(周一) 前", "审批", "客运管理处", "4个工作小时"),
            entry("next", "", "发证", "系统自动", ""),
        ],
        long_name: "买买提·艾力·阿卜杜热合曼·吐尔逊·阿布都克里木·麦麦提敏·伊敏江·阿卜来提·肉孜·买合木提·热西提·𠮷䶮",
        icons: crate::icons::NAMES,
    }
}

fn sample_form() -> FormState {
    let mut form = FormState::new()
        .with("name", "<b>张三</b> & \"李四\"")
        .with("way", "post")
        .with_also("days", "sat")
        .with("plate", "苏A1234")
        .with("note", "");
    form.fail(
        "plate",
        "车牌号应为7位或8位，如苏A12345。",
        "A plate has 7 or 8 characters, such as 苏A12345.",
    );
    form.fail("agree", "请先阅读并勾选承诺。", "Please read the declaration and tick it.");
    form
}
