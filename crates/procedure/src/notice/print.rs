//! From a notice to a PDF: laid out when somebody first asks, signed, kept as a file. The same notice gives the same bytes.

use super::lines;
use crate::store::notices as rows;
use crate::{Notice, NoticeId, NoticeKind};
use ::store::files::{self, FileKind, Limits, Upload};
use ::store::{Cx, command};
use kernel::{ActorRef, Fault, FileId, Lang, Outcome, PressJob, Refusal, Timestamp, clock};
use page::{House, Site};
use serde_json::{Value, json};
use std::sync::{Arc, OnceLock};

/// A notice larger than this holds something that does not belong there.
const PDF_BYTES_MAX: usize = 8 * 1024 * 1024;

/// What a signature says of the notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct About {
    /// The notice's date in law.
    pub at: Timestamp,
    /// Its name and number.
    pub title: String,
    /// The body in whose name it speaks.
    pub body: String,
    /// Its number.
    pub number: String,
}

/// The socket for electronic signatures on notices; app plugs one in.
pub trait Signer: Send + Sync + 'static {
    /// The signed PDF.
    ///
    /// # Errors
    /// A [`Fault`] when it cannot be signed.
    fn sign(&self, pdf: &[u8], about: &About) -> Result<Vec<u8>, Fault>;
}

static SIGNER: OnceLock<Arc<dyn Signer>> = OnceLock::new();

/// Plugs the signer in; the first call counts. Without one, notices say that they bear no electronic signature.
pub fn plug_signer(signer: Arc<dyn Signer>) {
    let _ = SIGNER.set(signer);
}

/// Everything the press needs for a notice: template, data, the parts it reads, and its date.
#[derive(Debug, Clone)]
pub struct Print {
    /// The main template.
    pub template: &'static str,
    /// What it reads as `data.json`.
    pub data: Value,
    /// The parts it imports.
    pub files: Vec<(String, Vec<u8>)>,
    /// The notice's date.
    pub date: jiff::civil::Date,
}

impl Print {
    /// The job for the press.
    pub fn job(&self) -> PressJob<'_> {
        PressJob { template: self.template, data: &self.data, files: &self.files, date: self.date }
    }
}

/// The original: laid out now if it was not yet.
///
/// # Errors
/// Not found, or a fault of press or store.
pub async fn notice_pdf(house: &House, id: NoticeId) -> Outcome<Vec<u8>> {
    notice_pdf_in(house, id, Lang::ZhCn).await
}

/// The original in Chinese; for readers of English the edition with the English text on pages behind it, which says that
/// the Chinese text prevails.
///
/// # Errors
/// Not found, or a fault of press or store.
pub async fn notice_pdf_in(house: &House, id: NoticeId, lang: Lang) -> Outcome<Vec<u8>> {
    let store = &house.ground.store;
    let kept = rows::get(store, id).await?.ok_or_else(Refusal::not_found)?;
    if let Some(file) = file_of(&kept, lang) {
        return files::read(store, file).await.map(|(_, bytes)| bytes);
    }
    let (press, site, notice) = (house.press.clone(), house.site.clone(), kept.notice);
    let made = tokio::task::spawn_blocking(move || {
        let signer = SIGNER.get();
        let print = print_job(&notice, &site, lang, signer.is_some());
        let doing = |fault: Fault| fault.while_doing(format!("printing the notice {}", notice.id));
        let pdf = press.pdf(&print.job()).map_err(doing)?;
        match signer {
            Some(signer) => signer.sign(&pdf, &about(&notice)).map_err(doing),
            None => Ok(pdf),
        }
    });
    let bytes = made.await.map_err(|e| Fault::from("printing a notice", e))??;
    let actor = ActorRef::system();
    let file = command!(house.ground, Lang::ZhCn, actor, |cx| keep(&mut cx, id, lang, &bytes).await)?;
    files::read(store, file).await.map(|(_, bytes)| bytes)
}

fn file_of(kept: &rows::Kept, lang: Lang) -> Option<FileId> {
    match lang {
        Lang::ZhCn => kept.notice.file,
        Lang::En => kept.file_en,
    }
}

/// Keeps the bytes unless somebody else was faster.
async fn keep(cx: &mut Cx, id: NoticeId, lang: Lang, bytes: &[u8]) -> Outcome<FileId> {
    let kept = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if let Some(file) = file_of(&kept, lang) {
        return Ok(file);
    }
    let name = format!("{}.pdf", kept.notice.number);
    let upload = Upload { name, bytes: bytes::Bytes::copy_from_slice(bytes) };
    let limits = Limits { bytes_max: PDF_BYTES_MAX, kinds: vec![FileKind::Pdf] };
    let file = files::keep(cx, upload, &limits).await?.id;
    rows::set_file(&mut cx.commit, id, lang, file);
    Ok(file)
}

fn about(n: &Notice) -> About {
    let name = n.name();
    About { at: n.at, title: name.zh, body: n.body().zh, number: n.number.clone() }
}

/// What the press gets for a notice; also for tests that print for real.
pub fn print_job(n: &Notice, site: &Site, lang: Lang, signed: bool) -> Print {
    let part = |name: &str, text: &str| (name.to_owned(), text.as_bytes().to_vec());
    let template = match n.kind {
        NoticeKind::Service => include_str!("../../notices/proof.typ"),
        NoticeKind::Declaration => include_str!("../../notices/declaration.typ"),
        _ => include_str!("../../notices/notice.typ"),
    };
    Print {
        template,
        data: data(n, site, lang, signed),
        files: vec![
            part("parts.typ", include_str!("../../notices/parts.typ")),
            part("seal.typ", include_str!("../../notices/seal.typ")),
        ],
        date: clock::legal_date(n.at),
    }
}

/// What a template reads as `data.json`; described in the crate's README.
fn data(n: &Notice, site: &Site, lang: Lang, signed: bool) -> Value {
    let c = &n.content;
    let pairs = |rows: &[(String, String)]| -> Vec<Value> {
        rows.iter().map(|(what, wrong)| json!({"what": what, "wrong": wrong})).collect()
    };
    let facts: Vec<Value> =
        c.facts.iter().map(|(label, value)| json!({"label": label, "value": value})).collect();
    let laws: Vec<Value> = c.laws.iter().map(|law| json!(law.cite())).collect();
    json!({
        "kind": n.kind.word(),
        "name": n.name(),
        "number": n.number,
        "reference": n.reference,
        "body": n.body(),
        "agency": n.agency_name,
        "addressee": n.addressee,
        "item": c.item,
        "paragraphs": c.paragraphs,
        "facts": facts,
        "reasons": c.reasons,
        "demands": pairs(&c.demands),
        "reckoning": c.reckoning,
        "laws": laws,
        "remedies": c.remedies,
        "date": clock::legal_date(n.at).to_string(),
        "seal": n.seal.as_ref().map(|s| json!({"name": s.name, "ring": s.ring, "legend": s.legend})),
        "auto": n.auto,
        "signed": signed,
        "english": lang == Lang::En,
        "plain": lines(n, Lang::ZhCn).join("\n"),
        "site": site.name,
        "base_url": site.base_url,
        "demo": site.demo,
    })
}
