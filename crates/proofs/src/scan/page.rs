//! The page of the camera: pages in their order, each turned, moved, taken again or taken away; works without a script.

use super::model::{Pressed, Spot};
use super::settings::settings;
use super::verbs;
use crate::WORDS;
use crate::pages::sent;
use crate::picture::{apart, leaf};
use ::store::files::{self, FileKind};
use axum::http::{HeaderValue, StatusCode};
use axum::response::Response;
use kernel::{Failure, FileId, Lang, Refusal};
use page::{Answer, Ctx, FormState, House, Problem, Say, Shell, Submitted};

/// What the browser may use on this page: the site's rule, and the camera.
const POLICY: HeaderValue = HeaderValue::from_static("camera=(self), microphone=(), geolocation=()");
/// The field where pages are added, and what the field of a page that is taken again begins with.
const PAGES: &str = "pages";
const AGAIN: &str = "again:";

struct Line {
    id: String,
    n: usize,
    src: String,
    /// The field in which it is taken again.
    again: String,
    first: bool,
    last: bool,
}

#[derive(askama::Template)]
#[template(path = "scan.html")]
struct ScanPage {
    shell: Shell,
    w: Say,
    form: FormState,
    here: String,
    back: String,
    most: u16,
    lines: Vec<Line>,
}

/// What came of what was sent.
pub enum Received {
    /// The page is shown (again).
    Page(Response),
    /// The pages are all there: they are to be bound.
    Finish,
}

/// GET: the pages taken so far.
///
/// # Errors
/// A fault of the store.
pub async fn show(house: &House, ctx: &Ctx, spot: &Spot<'_>) -> Answer {
    page_of(house, ctx, spot, FormState::new(), StatusCode::OK).await
}

/// The same with why the pages could not be bound.
///
/// # Errors
/// A fault of the store.
pub async fn refused(house: &House, ctx: &Ctx, spot: &Spot<'_>, no: &Refusal) -> Answer {
    let mut form = FormState::new();
    form.refuse(no);
    page_of(house, ctx, spot, form, StatusCode::UNPROCESSABLE_ENTITY).await
}

async fn page_of(house: &House, ctx: &Ctx, spot: &Spot<'_>, form: FormState, status: StatusCode) -> Answer {
    let w = WORDS.say(ctx.lang);
    let tray = verbs::tray(&house.ground.store, spot, ctx.now).await?;
    let sheets = tray.map(|t| t.body.sheets).unwrap_or_default();
    let last = sheets.len();
    let line = |(i, sheet): (usize, &super::model::Sheet)| Line {
        id: sheet.file.to_string(),
        n: i + 1,
        src: format!("{}/{}?turn={}", spot.here, sheet.file, sheet.turn),
        again: format!("{AGAIN}{}", sheet.file),
        first: i == 0,
        last: i + 1 == last,
    };
    let (back, crumb) = spot.back.clone();
    let shell = Shell::new(ctx, w.with("scan-title", &[("paper", spot.title.clone())]));
    let page = ScanPage {
        shell: if spot.desk { shell.desk() } else { shell }.crumb(crumb, back.clone()),
        w,
        form,
        here: spot.here.clone(),
        back,
        most: settings().pages_max,
        lines: sheets.iter().enumerate().map(line).collect(),
    };
    let mut response = page::render_with(status, &page);
    response.headers_mut().insert("permissions-policy", POLICY);
    Ok(response)
}

/// POST: photos come in, a button of a page is pressed, or all is there. Each photo is refused by itself, at its place.
///
/// # Errors
/// A fault of the store.
pub async fn receive(
    house: &House,
    ctx: &Ctx,
    spot: &Spot<'_>,
    sent: &Submitted,
) -> Result<Received, Problem> {
    let ground = &house.ground;
    let mut form = FormState::new();
    for upload in sent.files() {
        let instead = upload.field.strip_prefix(AGAIN).and_then(|id| id.parse::<FileId>().ok());
        match verbs::take(ground, spot, upload.bytes.clone(), instead).await {
            Ok(()) => {}
            Err(Failure::Refused(no)) => {
                let say = |lang, mark| format!("{}{mark}{}", upload.name, no.sentence(lang));
                let field = if instead.is_some() { upload.field.as_str() } else { PAGES };
                form.fail(field, say(Lang::ZhCn, "："), say(Lang::En, ": "));
            }
            Err(fault) => return Err(fault.into()),
        }
    }
    let wanted = sent.get("do");
    if let Ok(pressed) = wanted.parse::<Pressed>() {
        verbs::press(ground, spot, &pressed).await?;
    } else if wanted == "add" && sent.files().is_empty() {
        form.fail(
            PAGES,
            "请先选取或拍摄要添加的页。",
            "Choose or take the pages that are to be added first.",
        );
    }
    if !form.ok() {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return page_of(house, ctx, spot, form, status).await.map(Received::Page);
    }
    if wanted == "finish" {
        return Ok(Received::Finish);
    }
    Ok(Received::Page(page::see_other(format!("{}#scan-pages", spot.here))))
}

/// GET: a page of the tray, small and turned.
///
/// # Errors
/// Not found unless it lies in this tray.
pub async fn picture(house: &House, spot: &Spot<'_>, id: &str) -> Answer {
    let store = &house.ground.store;
    let tray = verbs::tray(store, spot, house.ground.clock.now()).await?;
    let sheets = tray.map(|t| t.body.sheets).unwrap_or_default();
    let sheet = sheets.into_iter().find(|s| s.file.to_string() == id).ok_or_else(Refusal::not_found)?;
    let bytes = files::read(store, sheet.file).await?.1;
    let small = apart(move || Ok(leaf::small_leaf(&bytes, sheet.turn)?)).await?;
    Ok(sent(FileKind::Jpeg.mime(), None, small))
}
