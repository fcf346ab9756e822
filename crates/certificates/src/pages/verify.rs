//! Verification for everybody: by QR code, by number, by file; nobody signs in.

use super::verdict::{Fact, Reader, Verdict, copy_facts, facts, genuine};
use super::{Room, download};
use crate::WORDS;
use crate::copy::AnnotatedCopy;
use crate::data::differences;
use crate::model::Certificate;
use crate::sign::{Checked, Doubt};
use crate::verification::{self, Found};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{Failure, RefusalKind};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use serde::Deserialize;

#[derive(askama::Template)]
#[template(path = "verify.html")]
struct VerifyPage {
    shell: Shell,
    w: Say,
    form: FormState,
    fingerprints: Vec<(&'static str, String)>,
    demo_ca: bool,
}

#[derive(askama::Template)]
#[template(path = "result.html")]
struct ResultPage {
    shell: Shell,
    w: Say,
    verdict: Verdict,
    facts: Vec<Fact>,
    note: Option<(String, String)>,
    inside: Option<Inside>,
    genuine: Vec<String>,
    moment: String,
}

/// Whether the data for machines inside a file says what the register says.
struct Inside {
    kind: &'static str,
    title: String,
    text: String,
    parts: Vec<String>,
}

impl Inside {
    fn of(w: Say, file: &Checked, found: Option<&Certificate>) -> Option<Self> {
        let (data, certificate) = (file.data.as_ref()?, found?);
        let parts: Vec<String> =
            differences(data, certificate).iter().map(|part| part.get(w.lang).to_owned()).collect();
        let (kind, title, text) = if parts.is_empty() {
            ("good", w.t("inside-same"), w.t("inside-same-text"))
        } else {
            ("bad", w.t("inside-differs"), w.t("inside-differs-text"))
        };
        Some(Self { kind, title: title.into_owned(), text: text.into_owned(), parts })
    }
}

/// An answer about a file: what was found in it besides the verdict.
struct FromFile {
    note: (String, String),
    file: Checked,
}

/// `?number=…`.
#[derive(Deserialize)]
pub(crate) struct Asked {
    number: Option<String>,
}

fn form_page(room: &Room, ctx: &Ctx, status: StatusCode, form: FormState) -> Response {
    let w = WORDS.say(ctx.lang);
    let shell = Shell::new(ctx, w.t("verify-title"));
    let fingerprints = room.signer.authority_fingerprints();
    page::render_with(status, &VerifyPage { shell, w, form, fingerprints, demo_ca: room.signer.is_demo() })
}

/// The answer about `certificate`, or that there is none.
fn result(
    room: &Room,
    ctx: &Ctx,
    found: Option<(&Certificate, &Certificate)>,
    reader: Reader,
    from: Option<&FromFile>,
) -> Response {
    let w = WORDS.say(ctx.lang);
    let (verdict, status) = match found {
        Some((certificate, _)) => {
            (Verdict::of(w, certificate, room.house.ground.clock.now()), StatusCode::OK)
        }
        None => (Verdict::unknown(w), StatusCode::NOT_FOUND),
    };
    let facts = found.map(|(_, open)| facts(w, open, reader)).unwrap_or_default();
    let inside = from.and_then(|f| Inside::of(w, &f.file, found.map(|(c, _)| c)));
    let note = from.map(|f| f.note.clone());
    whole_page(room, ctx, Answered { status, verdict, facts, note, inside })
}

pub(super) fn result_page(
    room: &Room,
    ctx: &Ctx,
    status: StatusCode,
    verdict: Verdict,
    facts: Vec<Fact>,
    note: Option<(String, String)>,
) -> Response {
    whole_page(room, ctx, Answered { status, verdict, facts, note, inside: None })
}

/// What the page of an answer says.
struct Answered {
    status: StatusCode,
    verdict: Verdict,
    facts: Vec<Fact>,
    note: Option<(String, String)>,
    inside: Option<Inside>,
}

fn whole_page(room: &Room, ctx: &Ctx, answered: Answered) -> Response {
    let Answered { status, verdict, facts, note, inside } = answered;
    let w = WORDS.say(ctx.lang);
    let site = &room.house.site;
    let shell = Shell::new(ctx, w.t("result-title")).crumb(w.t("verify-title"), "/verify");
    let genuine = genuine(w, site.base_url.trim_end_matches('/'), &site.phone);
    let moment = format::moment(ctx.lang, room.house.ground.clock.now());
    page::render_with(status, &ResultPage { shell, w, verdict, facts, note, inside, genuine, moment })
}

/// GET /verify: the form; with a number, the answer about it.
pub(crate) async fn form(State(room): State<Room>, ctx: Ctx, Query(asked): Query<Asked>) -> Answer {
    let Some(typed) = asked.number else {
        return Ok(form_page(&room, &ctx, StatusCode::OK, FormState::new()));
    };
    let found = match verification::by_number(&room.house.ground.store, &typed).await {
        Err(Failure::Refused(refusal)) if refusal.kind == RefusalKind::Invalid => {
            let mut form = FormState::new().with("number", typed);
            let (zh, en) = (WORDS.say(kernel::Lang::ZhCn), WORDS.say(kernel::Lang::En));
            form.fail("number", zh.t("verify-number-wrong"), en.t("verify-number-wrong"));
            return Ok(form_page(&room, &ctx, StatusCode::UNPROCESSABLE_ENTITY, form));
        }
        found => found?,
    };
    Ok(result(&room, &ctx, found.as_ref().map(|c| (c, c)), Reader::Number, None))
}

/// GET /verify/{token}: what the QR code of a certificate or of an annotated copy opens.
pub(crate) async fn scanned(State(room): State<Room>, ctx: Ctx, Path(token): Path<String>) -> Answer {
    let found = verification::by_token(&room.house.ground.store, &token).await?;
    Ok(answer(&room, &ctx, found.as_ref(), None))
}

/// The answer to somebody who has it before them: a certificate, an annotated copy, or nothing that is known.
fn answer(room: &Room, ctx: &Ctx, found: Option<&Found>, from: Option<&FromFile>) -> Response {
    match found {
        Some(Found { certificate, open, copy: Some(copy) }) => {
            copied(room, ctx, copy, (certificate, open), from)
        }
        Some(Found { certificate, open, copy: None }) => {
            result(room, ctx, Some((certificate, open)), Reader::Bearer, from)
        }
        None => result(room, ctx, None, Reader::Bearer, from),
    }
}

/// The answer about an annotated copy: for whom, for what, until when, and whether the certificate still holds.
fn copied(
    room: &Room,
    ctx: &Ctx,
    copy: &AnnotatedCopy,
    (c, open): (&Certificate, &Certificate),
    from: Option<&FromFile>,
) -> Response {
    let (w, now) = (WORDS.say(ctx.lang), room.house.ground.clock.now());
    let verdict = Verdict::of_copy(w, copy, c, now);
    let shown = [copy_facts(w, copy, c, now), facts(w, open, Reader::Bearer)].concat();
    let inside = from.and_then(|f| Inside::of(w, &f.file, Some(c)));
    let note = from.map(|f| f.note.clone());
    whole_page(room, ctx, Answered { status: StatusCode::OK, verdict, facts: shown, note, inside })
}

/// POST /verify: a file; it is checked and forgotten.
pub(crate) async fn upload(State(room): State<Room>, ctx: Ctx, sent: Submitted) -> Answer {
    let Some(file) = sent.files().iter().find(|f| f.field == "file" && !f.bytes.is_empty()) else {
        let mut form = FormState::new();
        let (zh, en) = (WORDS.say(kernel::Lang::ZhCn), WORDS.say(kernel::Lang::En));
        form.fail("file", zh.t("verify-file-missing"), en.t("verify-file-missing"));
        return Ok(form_page(&room, &ctx, StatusCode::UNPROCESSABLE_ENTITY, form));
    };
    let w = WORDS.say(ctx.lang);
    match verification::judge(file.bytes.clone(), room.signer.trust()).await? {
        Err(doubt) => Ok(doubted(&room, &ctx, doubt)),
        Ok(file) => {
            let found = verification::by_file(&room.house.ground.store, &file).await?;
            let from = FromFile { note: good(w, &file), file };
            Ok(answer(&room, &ctx, found.as_ref(), Some(&from)))
        }
    }
}

/// Who signed, when, how, and which authority of time saw it.
fn good(w: Say, file: &Checked) -> (String, String) {
    let signed = [
        ("signer", file.signer.clone()),
        ("moment", format::moment(w.lang, file.signed_at)),
        ("how", file.algorithm.name().to_owned()),
    ];
    let mut text = w.with("file-good-text", &signed);
    if let Some(stamp) = &file.stamp {
        let word = if stamp.known { "file-stamped" } else { "file-stamped-unknown" };
        let seen = [("by", stamp.by.clone()), ("moment", format::moment(w.lang, stamp.at))];
        text.push(' ');
        text.push_str(&w.with(word, &seen));
    }
    (w.t("file-good").into_owned(), text)
}

fn doubted(room: &Room, ctx: &Ctx, doubt: Doubt) -> Response {
    let verdict = Verdict::doubt(WORDS.say(ctx.lang), doubt.say().get(ctx.lang));
    result_page(room, ctx, StatusCode::UNPROCESSABLE_ENTITY, verdict, Vec::new(), None)
}

/// GET /verify/ca.pem: the authority's certificate, for anybody's own reader.
pub(crate) async fn authority(State(room): State<Room>) -> Answer {
    let pem = room.signer.authority_pem()?;
    Ok(download("application/x-pem-file", "yimen-ca.pem", pem.into_bytes()))
}
