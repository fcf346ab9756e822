//! Verification for everybody: by QR code, by number, by file; nobody signs in.

use super::verdict::{Fact, Reader, Verdict, facts, genuine};
use super::{Room, download};
use crate::model::Certificate;
use crate::sign::{Doubt, check_pdf};
use crate::{WORDS, store as rows};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{CertificateIdentifier, Fault};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use serde::Deserialize;

/// Tokens are 26 characters of base32; nothing else is looked up.
const TOKEN_LENGTH: usize = 26;

#[derive(askama::Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    shell: Shell,
    w: Say,
    form: FormState,
    fingerprint: String,
    demo_ca: bool,
}

#[derive(askama::Template)]
#[template(path = "result.html")]
struct ResultPage {
    shell: Shell,
    w: Say,
    verdict: Verdict,
    facts: Vec<Fact>,
    file: String,
    genuine: Vec<String>,
    moment: String,
}

/// `?number=…`.
#[derive(Deserialize)]
pub(crate) struct Asked {
    number: Option<String>,
}

fn form_page(room: &Room, ctx: &Ctx, status: StatusCode, form: FormState) -> Response {
    let w = WORDS.say(ctx.lang);
    let shell = Shell::new(ctx, w.t("verify-title"));
    let fingerprint = room.signer.authority_fingerprint();
    page::render_with(status, &VerifyPage { shell, w, form, fingerprint, demo_ca: room.signer.is_demo() })
}

/// The answer about `certificate`, or that there is none.
fn result(room: &Room, ctx: &Ctx, found: Option<&Certificate>, reader: Reader, file: String) -> Response {
    let w = WORDS.say(ctx.lang);
    let (verdict, status) = match found {
        Some(certificate) => (Verdict::of(w, certificate, room.house.ground.clock.now()), StatusCode::OK),
        None => (Verdict::unknown(w), StatusCode::NOT_FOUND),
    };
    let facts = found.map(|c| facts(w, c, reader)).unwrap_or_default();
    result_page(room, ctx, status, verdict, facts, file)
}

fn result_page(
    room: &Room,
    ctx: &Ctx,
    status: StatusCode,
    verdict: Verdict,
    facts: Vec<Fact>,
    file: String,
) -> Response {
    let w = WORDS.say(ctx.lang);
    let site = &room.house.site;
    let shell = Shell::new(ctx, w.t("result-title")).crumb(w.t("verify-title"), "/verify");
    let genuine = genuine(w, site.base_url.trim_end_matches('/'), &site.phone);
    let moment = format::moment(ctx.lang, room.house.ground.clock.now());
    page::render_with(status, &ResultPage { shell, w, verdict, facts, file, genuine, moment })
}

/// GET /verify: the form; with a number, the answer about it.
pub(crate) async fn form(State(room): State<Room>, ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    let Some(typed) = asked.number else {
        return Ok(form_page(&room, &ctx, StatusCode::OK, FormState::new()));
    };
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
    if number.to_ascii_uppercase().parse::<CertificateIdentifier>().is_err() {
        let mut form = FormState::new().with("number", typed);
        let (zh, en) = (WORDS.say(kernel::Lang::ZhCn), WORDS.say(kernel::Lang::En));
        form.fail("number", zh.t("verify-number-wrong"), en.t("verify-number-wrong"));
        return Ok(form_page(&room, &ctx, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    let found = rows::find(&room.house.ground.store, &number.to_ascii_uppercase()).await?;
    Ok(result(&room, &ctx, found.as_ref(), Reader::Number, String::new()))
}

/// GET /verify/{token}: what the QR code opens.
pub(crate) async fn scanned(State(room): State<Room>, ctx: Ctx, Path(token): Path<String>) -> Answer {
    let well_formed = token.len() == TOKEN_LENGTH && token.bytes().all(|b| b.is_ascii_alphanumeric());
    let found = if well_formed {
        rows::by_token(&room.house.ground.store, &token.to_ascii_uppercase()).await?
    } else {
        None
    };
    Ok(result(&room, &ctx, found.as_ref(), Reader::Bearer, String::new()))
}

/// POST /verify: a file; it is checked and forgotten.
pub(crate) async fn upload(State(room): State<Room>, ctx: Ctx, sent: Submitted) -> Answer {
    let Some(file) = sent.files().iter().find(|f| f.field == "file" && !f.bytes.is_empty()) else {
        let mut form = FormState::new();
        let (zh, en) = (WORDS.say(kernel::Lang::ZhCn), WORDS.say(kernel::Lang::En));
        form.fail("file", zh.t("verify-file-missing"), en.t("verify-file-missing"));
        return Ok(form_page(&room, &ctx, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let (bytes, trust) = (file.bytes.clone(), room.signer.trust());
    let checked = tokio::task::spawn_blocking(move || check_pdf(&bytes, &trust))
        .await
        .map_err(|e| Fault::from("checking an uploaded PDF", e))?;
    let w = WORDS.say(ctx.lang);
    match checked {
        Ok(checked) => {
            let found = rows::find(&room.house.ground.store, &checked.identifier).await?;
            let signed =
                [("signer", checked.signer), ("moment", format::moment(ctx.lang, checked.signed_at))];
            Ok(result(&room, &ctx, found.as_ref(), Reader::Bearer, w.with("file-good-text", &signed)))
        }
        Err(doubt) => Ok(doubted(&room, &ctx, doubt)),
    }
}

fn doubted(room: &Room, ctx: &Ctx, doubt: Doubt) -> Response {
    let verdict = Verdict::doubt(WORDS.say(ctx.lang), doubt.say().get(ctx.lang));
    result_page(room, ctx, StatusCode::UNPROCESSABLE_ENTITY, verdict, Vec::new(), String::new())
}

/// GET /verify/ca.pem: the authority's certificate, for anybody's own reader.
pub(crate) async fn authority(State(room): State<Room>) -> Answer {
    let pem = room.signer.authority_pem()?;
    Ok(download("application/x-pem-file", "yimen-ca.pem", pem.into_bytes()))
}
