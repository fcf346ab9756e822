//! `/desk/records/import`: an operator tries what would come in from a file; nothing is written. Large files, and the
//! import itself, are done at the command line.

use super::Room;
use crate::WORDS;
use crate::import::{Order, import};
use crate::mapping::Mapping;
use crate::report::{Report, stopped};
use axum::extract::State;
use axum::http::StatusCode;
use identity::Operator;
use kernel::{Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Html, Say, Shell, Submitted};
use std::io::Cursor;

#[derive(askama::Template)]
#[template(path = "import.html")]
struct Import {
    shell: Shell,
    w: Say,
    form: FormState,
    tried: Option<Tried>,
}

struct Tried {
    fine: bool,
    summary: String,
    stopped: String,
    counts: Vec<(String, String)>,
    problems: Vec<(String, String)>,
    more: u64,
    badge: Html,
}

pub(super) async fn get(State(_): State<Room>, ctx: Ctx, _: Operator) -> Answer {
    let w = WORDS.say(ctx.lang);
    Ok(show(&ctx, w, FormState::new(), None, StatusCode::OK))
}

pub(super) async fn post(State(room): State<Room>, ctx: Ctx, who: Operator, sent: Submitted) -> Answer {
    let w = WORDS.say(ctx.lang);
    let again = |refusal: &Refusal| {
        let mut form = FormState::of(&sent);
        form.refuse(refusal);
        show(&ctx, w, form, None, StatusCode::UNPROCESSABLE_ENTITY)
    };
    let file = |name: &str| sent.files().iter().find(|f| f.field == name);
    let (Some(mapping), Some(upload)) = (file("mapping"), file("file")) else {
        return Ok(again(&missing(file("mapping").is_none())));
    };
    let text = String::from_utf8_lossy(&mapping.bytes);
    let mapping = match Mapping::read(text.trim_start_matches('\u{FEFF}')) {
        Ok(mapping) => mapping,
        Err(refusal) => return Ok(again(&on_field(refusal))),
    };
    let order =
        Order { mapping, file: upload.name.clone(), dry: true, actor: who.actor_ref(), lang: ctx.lang };
    let bytes = Cursor::new(upload.bytes.clone());
    let intake = room.holdings.intake();
    let report = import(&room.house.ground, intake.as_ref(), &order, bytes).await?;
    Ok(show(&ctx, w, FormState::new(), Some(tried(&report, w)), StatusCode::OK))
}

fn show(
    ctx: &Ctx,
    w: Say,
    form: FormState,
    tried: Option<Tried>,
    status: StatusCode,
) -> axum::response::Response {
    let shell = Shell::new(ctx, w.t("import-title")).desk().crumb(w.t("title"), "/desk/records");
    page::render_with(status, &Import { shell, w, form, tried })
}

fn tried(report: &Report, w: Say) -> Tried {
    let count = |key: &str, n: u64| (w.t(key).into_owned(), n.to_string());
    let (kind, word) = if report.fine() { ("good", "import-fine") } else { ("wait", "import-problems") };
    Tried {
        fine: report.fine(),
        summary: report.summary().get(w.lang).to_owned(),
        stopped: if report.stopped { stopped().get(w.lang).to_owned() } else { String::new() },
        counts: vec![
            count("count-rows", report.rows),
            count("count-cases", report.cases),
            count("count-created", report.created),
            count("count-there", report.there),
            count("count-bad", report.bad),
        ],
        problems: report
            .problems
            .iter()
            .map(|p| (format!("{}:{}", report.file, p.line), p.say.get(w.lang).to_owned()))
            .collect(),
        more: report.problem_count.saturating_sub(report.problems.len() as u64),
        badge: page::badge(kind, &w.t(word)),
    }
}

fn missing(mapping: bool) -> Refusal {
    let (field, zh, en) = if mapping {
        ("mapping", "请选择映射文件。", "Choose the mapping file.")
    } else {
        ("file", "请选择要试导入的文件。", "Choose the file to try.")
    };
    Refusal::new(RefusalKind::Invalid, "records.no-file", zh, en).field(field, zh, en)
}

/// What is wrong with the mapping stands beside its field.
fn on_field(refusal: Refusal) -> Refusal {
    let say = refusal.say.clone();
    refusal.field("mapping", say.zh, say.en)
}
