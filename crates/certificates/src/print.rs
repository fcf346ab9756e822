//! From a certificate to a signed PDF: lay out, add the QR code, sign, keep. Done once, whoever asks first.

use crate::copy::Annotation;
use crate::data::{self as attached, ATTACH};
use crate::event::{CertificateEvent, Issued, subject};
use crate::issue::hex;
use crate::keys::Signer;
use crate::model::{Certificate, CertificateId};
use crate::sign::check::DATA_NAME;
use crate::sign::{Seal, seal};
use crate::stamp::{Stamping, stamp};
use crate::store as rows;
use ::store::files::{self, FileKind, Limits, Upload};
use ::store::outbox::Message;
use ::store::{Cx, command};
use jiff::civil::Date;
use kernel::{ActorRef, Failure, Fault, FileId, Lang, Outcome, PressJob, Refusal, Timestamp, clock};
use page::House;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};
use std::sync::Arc;

/// A certificate larger than this has a picture in it that does not belong there.
pub(crate) const PDF_BYTES_MAX: usize = 8 * 1024 * 1024;

/// The receiver of `certificates.issued`: prints; prints nothing twice.
///
/// # Errors
/// When it cannot be printed now; the message comes again.
pub async fn on_issued(house: &House, signer: &Arc<Signer>, message: &Message) -> Result<(), Failure> {
    let issued: Issued = message.parse()?;
    print(house, signer, issued.id).await.map(|_| ())
}

/// The signed PDF, made now if it has not been made yet.
///
/// # Errors
/// Not found, or a fault of the press or the store.
pub async fn pdf(house: &House, signer: &Arc<Signer>, id: CertificateId) -> Outcome<Vec<u8>> {
    let file = print(house, signer, id).await?;
    files::read(&house.ground.store, file).await.map(|(_, bytes)| bytes)
}

/// Lays out, signs and keeps the PDF; answers the kept one when there is one.
///
/// # Errors
/// Not found, or a fault of the press or the store.
pub async fn print(house: &House, signer: &Arc<Signer>, id: CertificateId) -> Outcome<FileId> {
    let store = &house.ground.store;
    let certificate = rows::get(store, id).await?.ok_or_else(Refusal::not_found)?;
    if let Some(file) = certificate.file {
        return Ok(file);
    }
    let printing = prepare(house, signer, &certificate).await?;
    let (press, own) = (house.press.clone(), signer.clone());
    let signed = tokio::task::spawn_blocking(move || make(press.as_ref(), &own, &certificate, &printing));
    let bytes = signed.await.map_err(|e| Fault::from("printing a certificate", e))??;
    let stamping = stamp(&house.ground, signer, &bytes).await;
    let waits = matches!(stamping, Stamping::Later);
    let bytes = if let Stamping::Done(stamped) = stamping { stamped } else { bytes };
    let actor = ActorRef::system();
    command!(house.ground, Lang::ZhCn, actor, |cx| keep(&mut cx, id, &bytes, waits).await)
}

/// Everything that the press needs for one certificate.
pub(crate) struct Printing {
    template: String,
    data: Value,
    files: Vec<(String, Vec<u8>)>,
    date: Date,
    url: String,
}

impl Printing {
    fn new(template: &str, data: Value, attached: &Value, url: String, date: Date) -> Result<Self, Fault> {
        let files = vec![
            ("qr.svg".to_owned(), page::qr(&url)?.0.into_bytes()),
            (DATA_NAME.to_owned(), attached.to_string().into_bytes()),
        ];
        Ok(Self { template: format!("{template}{ATTACH}"), data, files, date, url })
    }

    /// Where it can be verified.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The press's job.
    pub(crate) fn job(&self) -> PressJob<'_> {
        PressJob { template: &self.template, data: &self.data, files: &self.files, date: self.date }
    }
}

/// Reads what `certificate` is printed from.
pub(crate) async fn prepare(house: &House, signer: &Signer, certificate: &Certificate) -> Outcome<Printing> {
    let (store, site) = (&house.ground.store, &house.site);
    let template = rows::template(store, &certificate.template).await?;
    let place = rows::document_place(store, certificate.id).await?;
    let url = verify_url(&site.base_url, certificate);
    let data = data(certificate, &url, site.demo || signer.is_demo());
    let attached = attached::of(certificate, place, &site.base_url, &url);
    let date = clock::legal_date(certificate.issued_at);
    Ok(Printing::new(&template, data, &attached, url, date)?)
}

/// The address in the QR code.
pub fn verify_url(base_url: &str, certificate: &Certificate) -> String {
    format!("{}/verify/{}", base_url.trim_end_matches('/'), certificate.token)
}

/// Keeps the bytes unless somebody else was faster.
async fn keep(cx: &mut Cx, id: CertificateId, bytes: &[u8], waits: bool) -> Outcome<FileId> {
    let certificate = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if let Some(file) = certificate.file {
        return Ok(file);
    }
    let (mut head, _) = trace::history::<CertificateEvent>(cx.store(), &subject(id)).await?;
    let file = keep_file(cx, &certificate, bytes, PDF_BYTES_MAX).await?;
    rows::set_file(&mut cx.commit, &certificate, file);
    let now = cx.now;
    if waits {
        rows::waits_for_stamp(&mut cx.commit, id, now);
    }
    let event = CertificateEvent::Printed { file, sha256: hex(&Sha256::digest(bytes)) };
    trace::record(cx, &mut head, &subject(id), &event, now)?;
    Ok(file)
}

/// Keeps a PDF of `certificate` with the commit.
pub(crate) async fn keep_file(
    cx: &mut Cx,
    certificate: &Certificate,
    bytes: &[u8],
    bytes_max: usize,
) -> Outcome<FileId> {
    let name = format!("{}.pdf", certificate.identifier);
    let upload = Upload { name, bytes: bytes::Bytes::copy_from_slice(bytes) };
    let limits = Limits { bytes_max, kinds: vec![FileKind::Pdf] };
    files::keep(cx, upload, &limits).await.map(|kept| kept.id)
}

/// Blocking: lays out and signs.
fn make(
    press: &dyn kernel::Press,
    signer: &Signer,
    certificate: &Certificate,
    printing: &Printing,
) -> Result<Vec<u8>, Fault> {
    let doing = |fault: Fault| fault.while_doing(format!("printing {}", certificate.identifier));
    let pdf = press.pdf(&printing.job()).map_err(doing)?;
    seal(&pdf, signer, &about(certificate, &printing.url)).map_err(doing)
}

/// What the signature on a certificate says.
pub(crate) fn about<'a>(certificate: &'a Certificate, url: &'a str) -> Seal<'a> {
    Seal {
        at: certificate.issued_at,
        reason: "签发电子证照",
        issuer: &certificate.issuer_name.zh,
        identifier: &certificate.identifier,
        contact: url,
    }
}

/// What stands on an annotated copy.
pub(crate) struct Copied {
    pub annotation: Annotation,
    pub last_day: Date,
    pub token: String,
    pub at: Timestamp,
}

/// Reads what an annotated copy of `certificate` is printed from; its QR code leads to the copy, not to the certificate.
pub(crate) async fn prepare_copy(
    house: &House,
    signer: &Signer,
    certificate: &Certificate,
    over: &str,
    copied: &Copied,
) -> Outcome<Printing> {
    let (store, site) = (&house.ground.store, &house.site);
    let template = format!("{over}\n{}", rows::template(store, &certificate.template).await?);
    let place = rows::document_place(store, certificate.id).await?;
    let url = format!("{}/verify/{}", site.base_url.trim_end_matches('/'), copied.token);
    let annotation = json!({
        "whom": copied.annotation.whom,
        "purpose": copied.annotation.purpose,
        "until": copied.last_day.to_string(),
        "made": clock::legal_date(copied.at).to_string(),
    });
    let mut data = data(certificate, &url, site.demo || signer.is_demo());
    let mut attached = attached::of(certificate, place, &site.base_url, &url);
    data["annotation"] = annotation.clone();
    attached["annotation"] = annotation;
    Ok(Printing::new(&template, data, &attached, url, clock::legal_date(copied.at))?)
}

/// Blocking: lays out and signs an annotated copy.
pub(crate) fn make_copy(
    press: &dyn kernel::Press,
    signer: &Signer,
    certificate: &Certificate,
    printing: &Printing,
    copied: &Copied,
) -> Result<Vec<u8>, Fault> {
    let doing = |fault: Fault| fault.while_doing(format!("copying {}", certificate.identifier));
    let pdf = press.pdf(&printing.job()).map_err(doing)?;
    let about = Seal {
        at: copied.at,
        reason: "制作电子证照加注件",
        issuer: &certificate.issuer_name.zh,
        identifier: &copy_mark(&certificate.identifier, &copied.token),
        contact: &printing.url,
    };
    seal(&pdf, signer, &about).map_err(doing)
}

/// How a signed copy says which certificate it is of, and which copy it is.
fn copy_mark(identifier: &str, token: &str) -> String {
    format!("{identifier}/{token}")
}

/// The certificate's identifier in a signature, and the copy's word when it is one.
pub(crate) fn read_mark(mark: &str) -> (&str, Option<&str>) {
    mark.split_once('/').map_or((mark, None), |(identifier, token)| (identifier, Some(token)))
}

/// What a template reads as `data.json`; described in the crate's README.
pub(crate) fn data(c: &Certificate, url: &str, demo: bool) -> Value {
    let fields: Map<String, Value> =
        c.fields.iter().map(|f| (f.key.clone(), Value::String(f.value.clone()))).collect();
    let lines: Vec<Value> =
        c.fields.iter().map(|f| json!({"key": f.key, "label": f.label, "value": f.value})).collect();
    json!({
        "number": c.identifier,
        "kind": c.kind,
        "name": c.name,
        "holder": {"name": c.holder_name, "number_masked": c.holder_number_masked},
        "issuer": {"name": c.issuer_name, "code": c.issuer_code},
        "valid": {"from": c.valid_from.to_string(), "until": c.valid_until.map(|d| d.to_string())},
        "issued": clock::legal_date(c.issued_at).to_string(),
        "case": c.case_number,
        "fields": fields,
        "lines": lines,
        "verify_url": url,
        "demo": demo,
    })
}
