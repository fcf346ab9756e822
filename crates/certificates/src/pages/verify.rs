//! Verification for everybody: by QR code, by number, by file; nobody signs in.

use super::verdict::{Fact, Reader, Verdict, copy_facts, facts, genuine};
use super::{Room, download};
use crate::copy::AnnotatedCopy;
use crate::data::differences;
use crate::model::Certificate;
use crate::print::read_mark;
use crate::shelter::in_public;
use crate::sign::{Checked, Doubt, check_file};
use crate::{WORDS, store as rows};
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::Response;
use kernel::{CertificateIdentifier, Fault};
use page::{Answer, Ctx, FormState, Say, Shell, Submitted, format};
use serde::Deserialize;

/// Tokens are 26 characters of base32; nothing else is looked up.
const TOKEN_LENGTH: usize = 26;
/// More characters than any identifier has.
const NUMBER_MAX: usize = 200;

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
    found: Option<&Certificate>,
    reader: Reader,
    from: Option<&FromFile>,
) -> Response {
    let w = WORDS.say(ctx.lang);
    let (verdict, status) = match found {
        Some(certificate) => (Verdict::of(w, certificate, room.house.ground.clock.now()), StatusCode::OK),
        None => (Verdict::unknown(w), StatusCode::NOT_FOUND),
    };
    let facts = found.map(|c| facts(w, c, reader)).unwrap_or_default();
    let inside = from.and_then(|f| Inside::of(w, &f.file, found));
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
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).take(NUMBER_MAX).collect();
    let number = number.to_ascii_uppercase();
    // numbers taken over from old registers may have a check character that does not fit: what is there counts first
    let found = rows::find(&room.house.ground.store, &number).await?;
    if found.is_none() && number.parse::<CertificateIdentifier>().is_err() {
        let mut form = FormState::new().with("number", typed);
        let (zh, en) = (WORDS.say(kernel::Lang::ZhCn), WORDS.say(kernel::Lang::En));
        form.fail("number", zh.t("verify-number-wrong"), en.t("verify-number-wrong"));
        return Ok(form_page(&room, &ctx, StatusCode::UNPROCESSABLE_ENTITY, form));
    }
    Ok(result(&room, &ctx, found.as_ref(), Reader::Number, None))
}

/// GET /verify/{token}: what the QR code of a certificate or of an annotated copy opens.
pub(crate) async fn scanned(State(room): State<Room>, ctx: Ctx, Path(token): Path<String>) -> Answer {
    let well_formed = token.len() == TOKEN_LENGTH && token.bytes().all(|b| b.is_ascii_alphanumeric());
    if !well_formed {
        return Ok(result(&room, &ctx, None, Reader::Bearer, None));
    }
    let (store, token) = (&room.house.ground.store, token.to_ascii_uppercase());
    let found = rows::by_token(store, &token).await?;
    if found.is_none()
        && let Some(copy) = rows::copy_by_token(store, &token).await?
    {
        return copied(&room, &ctx, &copy, None).await;
    }
    let found = open(store, found).await?;
    Ok(result(&room, &ctx, found.as_ref(), Reader::Bearer, None))
}

/// As anybody reads it.
async fn open(store: &::store::Store, found: Option<Certificate>) -> Result<Option<Certificate>, Fault> {
    match found {
        Some(certificate) => in_public(store, certificate).await.map(Some),
        None => Ok(None),
    }
}

/// The answer about an annotated copy: for whom, for what, until when, and whether the certificate still holds.
async fn copied(room: &Room, ctx: &Ctx, copy: &AnnotatedCopy, from: Option<&FromFile>) -> Answer {
    let (w, now) = (WORDS.say(ctx.lang), room.house.ground.clock.now());
    let c = rows::get(&room.house.ground.store, copy.certificate)
        .await?
        .ok_or_else(|| Fault::new("an annotated copy has lost its certificate"))?;
    let verdict = Verdict::of_copy(w, copy, &c, now);
    let inside = from.and_then(|f| Inside::of(w, &f.file, Some(&c)));
    let c = in_public(&room.house.ground.store, c).await?;
    let shown = [copy_facts(w, copy, &c, now), facts(w, &c, Reader::Bearer)].concat();
    let note = from.map(|f| f.note.clone());
    let status = StatusCode::OK;
    Ok(whole_page(room, ctx, Answered { status, verdict, facts: shown, note, inside }))
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
    let checked = tokio::task::spawn_blocking(move || check_file(&bytes, &trust))
        .await
        .map_err(|e| Fault::from("checking an uploaded file", e))?;
    let w = WORDS.say(ctx.lang);
    match checked {
        Ok(file) => found_file(&room, &ctx, FromFile { note: good(w, &file), file }).await,
        Err(doubt) => Ok(doubted(&room, &ctx, doubt)),
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

/// The answer about a file that is whole and ours.
async fn found_file(room: &Room, ctx: &Ctx, from: FromFile) -> Answer {
    let store = &room.house.ground.store;
    match read_mark(&from.file.identifier) {
        (_, Some(token)) => match rows::copy_by_token(store, token).await? {
            Some(copy) => copied(room, ctx, &copy, Some(&from)).await,
            None => Ok(result(room, ctx, None, Reader::Bearer, Some(&from))),
        },
        (identifier, None) => {
            let found = rows::find(store, identifier).await?;
            Ok(result(room, ctx, found.as_ref(), Reader::Bearer, Some(&from)))
        }
    }
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
