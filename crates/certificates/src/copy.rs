//! The annotated copy (加注件): the certificate printed anew with for whom, for what and until when on every page, signed, and verified
//! under a word of its own.

use crate::event::{CertificateEvent, subject};
use crate::issue::token_of;
use crate::keys::Signer;
use crate::model::{Certificate, CertificateId, State};
use crate::print;
use crate::stamp::{Stamping, stamp};
use crate::store as rows;
use ::store::files::{self, FileKind, Limits, Upload};
use ::store::{Cx, command};
use identity::Applicant;
use jiff::civil::Date;
use kernel::{Fault, FileId, Lang, Outcome, Refusal, RefusalKind, Timestamp, clock};
use page::House;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

kernel::typed_id! {
    /// One annotated copy.
    CopyId;
}
::store::text_column!(CopyId);

/// The most characters of each line of the annotation: longer ones would not be read on the page.
const LINE_MAX: usize = 40;
/// How long a copy is good at most, in days.
const DAYS_MAX: i32 = 366;

/// Put before the pack's template: it lays the annotation over every page, and leaves everything else to the template.
const OVER: &str = include_str!("annotation.typ");

/// What the holder says about a copy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Annotation {
    /// Who receives it.
    pub whom: String,
    /// What for.
    pub purpose: String,
}

/// One annotated copy.
#[derive(Debug, Clone)]
pub struct AnnotatedCopy {
    /// Its id.
    pub id: CopyId,
    /// Of which certificate.
    pub certificate: CertificateId,
    /// The random word in its QR code's address.
    pub token: String,
    /// For whom and for what.
    pub annotation: Annotation,
    /// The last day on which it is good.
    pub last_day: Date,
    /// When it was made.
    pub made_at: Timestamp,
    /// When the holder withdrew it.
    pub withdrawn_at: Option<Timestamp>,
    /// The signed PDF.
    pub file: FileId,
}

/// Whether the copy itself is still good; the certificate has a state of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CopyState {
    /// Good until its last day.
    Good,
    /// Its last day has passed.
    Ended,
    /// The holder withdrew it.
    Withdrawn,
}

impl AnnotatedCopy {
    /// How it stands at `now`.
    pub fn state(&self, now: Timestamp) -> CopyState {
        match self.withdrawn_at {
            Some(_) => CopyState::Withdrawn,
            None if self.last_day < clock::legal_date(now) => CopyState::Ended,
            None => CopyState::Good,
        }
    }
}

/// What is wrong with a copy that is asked for, at its field. Pure.
///
/// # Errors
/// `certificates.copy`, or `certificates.wrong-state` for a certificate that does not hold.
pub(crate) fn check(
    of: &Certificate,
    asked: &Annotation,
    last_day: Date,
    now: Timestamp,
) -> Result<Annotation, Refusal> {
    if of.state(now) != State::Valid {
        return Err(crate::rules::wrong_state());
    }
    let tidy = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let checked = Annotation { whom: tidy(&asked.whom), purpose: tidy(&asked.purpose) };
    let mut refusal = Refusal::new(
        RefusalKind::Invalid,
        "certificates.copy",
        "请核对加注内容。",
        "Check what is to stand on the copy.",
    );
    for (field, text) in [("whom", &checked.whom), ("purpose", &checked.purpose)] {
        if text.is_empty() || text.chars().count() > LINE_MAX {
            refusal = refusal.field(
                field,
                format!("请填写，不超过{LINE_MAX}字。"),
                format!("Say it in {LINE_MAX} characters at most."),
            );
        }
    }
    let today = clock::legal_date(now);
    let days = today.until(last_day).map_or(-1, |span| span.get_days());
    if !(0..=DAYS_MAX).contains(&days) || of.valid_until.is_some_and(|end| last_day > end) {
        refusal = refusal.field(
            "until",
            "请选今天起一年之内、证照有效期之内的日期。",
            "Choose a day within a year from today, and not after the certificate’s own end.",
        );
    }
    if refusal.fields.is_empty() { Ok(checked) } else { Err(refusal) }
}

/// Makes an annotated copy of a certificate of `who`.
///
/// # Errors
/// Not found when it is not theirs; refusals about content, day or state; a fault of the press or the store.
pub async fn copy(
    house: &House,
    signer: &Arc<Signer>,
    who: &Applicant,
    id: CertificateId,
    asked: &Annotation,
    last_day: Date,
) -> Outcome<CopyId> {
    let (store, now) = (&house.ground.store, house.ground.clock.now());
    let found = rows::get(store, id).await?.filter(|c| c.holder == who.subject());
    let certificate = found.ok_or_else(Refusal::not_found)?;
    crate::shelter::may_take(store, who, &certificate).await?;
    let annotation = check(&certificate, asked, last_day, now)?;
    let token = token_of(house.ground.rng.as_ref());
    let copied = print::Copied { annotation: annotation.clone(), last_day, token: token.clone(), at: now };
    let printing = print::prepare_copy(house, signer, &certificate, OVER, &copied).await?;
    let (press, own, printed) = (house.press.clone(), signer.clone(), certificate.clone());
    let signed = tokio::task::spawn_blocking(move || {
        print::make_copy(press.as_ref(), &own, &printed, &printing, &copied)
    });
    let mut bytes = signed.await.map_err(|e| Fault::from("printing an annotated copy", e))??;
    // a copy lives a year at most: without an answer it stays without a time stamp
    if let Stamping::Done(stamped) = stamp(&house.ground, signer, &bytes).await {
        bytes = stamped;
    }
    let actor = who.actor_ref();
    command!(house.ground, Lang::ZhCn, actor, |cx| {
        keep(&mut cx, &certificate, &annotation, last_day, &token, &bytes).await
    })
}

/// The copy is kept only if the certificate still is what was printed.
async fn keep(
    cx: &mut Cx,
    of: &Certificate,
    annotation: &Annotation,
    last_day: Date,
    token: &str,
    bytes: &[u8],
) -> Outcome<CopyId> {
    let now = cx.now;
    let certificate = rows::get(cx.store(), of.id).await?.ok_or_else(Refusal::not_found)?;
    check(&certificate, annotation, last_day, now)?;
    rows::guard(&mut cx.commit, &certificate);
    let upload = Upload {
        name: format!("{}.pdf", certificate.identifier),
        bytes: bytes::Bytes::copy_from_slice(bytes),
    };
    let limits = Limits { bytes_max: print::PDF_BYTES_MAX, kinds: vec![FileKind::Pdf] };
    let file = files::keep(cx, upload, &limits).await?;
    let made = AnnotatedCopy {
        id: cx.new_id(),
        certificate: of.id,
        token: token.to_owned(),
        annotation: annotation.clone(),
        last_day,
        made_at: now,
        withdrawn_at: None,
        file: file.id,
    };
    let sealer = cx.ground.store.sealer().clone();
    rows::insert_copy(&mut cx.commit, &sealer, &made)?;
    let mut head = trace::head(cx.store(), &subject(of.id)).await?;
    let event = CertificateEvent::Copied { copy: made.id, last_day };
    trace::record(cx, &mut head, &subject(of.id), &event, now)?;
    Ok(made.id)
}

/// Withdraws a copy: whoever verifies it from now on is told so.
///
/// # Errors
/// Not found when it is not theirs; `certificates.copy-withdrawn` when it was withdrawn already.
pub async fn withdraw(cx: &mut Cx, who: &Applicant, certificate: CertificateId, id: CopyId) -> Outcome<()> {
    let found = rows::get(cx.store(), certificate).await?.filter(|c| c.holder == who.subject());
    found.ok_or_else(Refusal::not_found)?;
    let copy = rows::copy(cx.store(), id).await?.filter(|c| c.certificate == certificate);
    let copy = copy.ok_or_else(Refusal::not_found)?;
    if copy.withdrawn_at.is_some() {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "certificates.copy-withdrawn",
            "这份加注件已经收回了。",
            "This copy was withdrawn already.",
        )
        .into());
    }
    let now = cx.now;
    rows::withdraw_copy(&mut cx.commit, id, now);
    let mut head = trace::head(cx.store(), &subject(certificate)).await?;
    let event = CertificateEvent::CopyWithdrawn { copy: id };
    trace::record(cx, &mut head, &subject(certificate), &event, now)
}
