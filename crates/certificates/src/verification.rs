//! What anybody may learn of a certificate, and by what they show: the one place that looks it up for `/verify` and for programs.

use crate::copy::{AnnotatedCopy, CopyState};
use crate::data::differences;
use crate::keys::Trust;
use crate::model::{CertField, Certificate, State};
use crate::print::read_mark;
use crate::shelter::in_public;
use crate::sign::{Checked, Doubt, check_file};
use crate::store as rows;
use ::store::Store;
use jiff::civil::Date;
use kernel::{CertificateIdentifier, Fault, Outcome, Refusal, RefusalKind, Text, Timestamp, clock};

/// Tokens are 26 characters of base32; nothing else is looked up.
const TOKEN_LENGTH: usize = 26;
/// More characters than any identifier has.
const NUMBER_MAX: usize = 200;

/// What lies behind what was shown.
pub(crate) struct Found {
    pub certificate: Certificate,
    /// The same as anybody reads it: without the lines that are kept from them.
    pub open: Certificate,
    /// The annotated copy, when it was one that was shown.
    pub copy: Option<AnnotatedCopy>,
}

/// The certificate with this number, as people type it.
///
/// # Errors
/// `certificates.number` for what is no number at all, or a fault of the database.
pub(crate) async fn by_number(store: &Store, typed: &str) -> Outcome<Option<Certificate>> {
    let number: String = typed.chars().filter(|c| !c.is_whitespace()).take(NUMBER_MAX).collect();
    let number = number.to_ascii_uppercase();
    // numbers taken over from old registers may have a check character that does not fit: what is there counts first
    let found = rows::find(store, &number).await?;
    if found.is_none() && number.parse::<CertificateIdentifier>().is_err() {
        let (zh, en) = (
            "证照编号不完整或有错，请对照证照核对。",
            "The number is incomplete or has a slip; compare it with the certificate.",
        );
        return Err(Refusal::new(RefusalKind::Invalid, "certificates.number", zh, en)
            .field("number", zh, en)
            .into());
    }
    Ok(found)
}

/// What the QR code with `token` belongs to: a certificate or an annotated copy of one.
pub(crate) async fn by_token(store: &Store, token: &str) -> Result<Option<Found>, Fault> {
    if token.len() != TOKEN_LENGTH || !token.bytes().all(|b| b.is_ascii_alphanumeric()) {
        return Ok(None);
    }
    let token = token.to_ascii_uppercase();
    match rows::by_token(store, &token).await? {
        Some(certificate) => Found::new(store, certificate, None).await.map(Some),
        None => copy_by(store, &token).await,
    }
}

/// What a file that is whole and ours belongs to.
pub(crate) async fn by_file(store: &Store, file: &Checked) -> Result<Option<Found>, Fault> {
    match read_mark(&file.identifier) {
        (_, Some(token)) => copy_by(store, token).await,
        (identifier, None) => {
            let Some(certificate) = rows::find(store, identifier).await? else { return Ok(None) };
            Found::new(store, certificate, None).await.map(Some)
        }
    }
}

async fn copy_by(store: &Store, token: &str) -> Result<Option<Found>, Fault> {
    let Some(copy) = rows::copy_by_token(store, token).await? else { return Ok(None) };
    let certificate = rows::get(store, copy.certificate)
        .await?
        .ok_or_else(|| Fault::new("an annotated copy has lost its certificate"))?;
    Found::new(store, certificate, Some(copy)).await.map(Some)
}

/// Reads and judges a file, away from the threads that answer.
pub(crate) async fn judge(bytes: bytes::Bytes, trust: Trust) -> Result<Result<Checked, Doubt>, Fault> {
    tokio::task::spawn_blocking(move || check_file(&bytes, &trust))
        .await
        .map_err(|e| Fault::from("checking an uploaded file", e))
}

/// What somebody learns who verifies; it holds nothing that they may not see.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The number by GB/T 36904.
    pub identifier: String,
    /// The name on top.
    pub name: Text,
    /// Who issued it.
    pub issuer: Text,
    /// When it was issued.
    pub issued_on: Date,
    /// The first day of validity.
    pub valid_from: Date,
    /// The last day of validity.
    pub valid_until: Option<Date>,
    /// The word of its state, and its code in the national scheme.
    pub state: (&'static str, &'static str),
    /// Whether one may rely on what was shown now.
    pub valid: bool,
    /// The masked holder; only for who has the certificate before them.
    pub holder: Option<String>,
    /// The lines that the kind of certificate makes public; only for who has the certificate before them.
    pub lines: Vec<CertField>,
    /// What stands on the annotated copy, when it was one.
    pub copy: Option<CopyTold>,
}

/// What stands on an annotated copy.
#[derive(Debug, Clone)]
pub struct CopyTold {
    /// For whom.
    pub whom: String,
    /// What for.
    pub purpose: String,
    /// The last day on which it is good.
    pub last_day: Date,
    /// `good`, `ended`, `withdrawn`.
    pub state: &'static str,
}

/// A file that is whole and ours, and what the register says of it.
#[derive(Debug, Clone)]
pub struct VerifiedFile {
    /// Who signed it, when and how.
    pub file: Checked,
    /// The certificate that it is.
    pub of: Verified,
    /// What the data for machines inside says otherwise than the register.
    pub differs: Vec<Text>,
}

impl Verified {
    fn of(c: &Certificate, copy: Option<&AnnotatedCopy>, bearer: bool, now: Timestamp) -> Self {
        let state: State = c.state(now);
        let copy = copy.map(|copy| CopyTold {
            whom: copy.annotation.whom.clone(),
            purpose: copy.annotation.purpose.clone(),
            last_day: copy.last_day,
            state: match copy.state(now) {
                CopyState::Good => "good",
                CopyState::Ended => "ended",
                CopyState::Withdrawn => "withdrawn",
            },
        });
        Self {
            identifier: c.identifier.clone(),
            name: c.name.clone(),
            issuer: c.issuer_name.clone(),
            issued_on: clock::legal_date(c.issued_at),
            valid_from: c.valid_from,
            valid_until: c.valid_until,
            state: (state.word(), state.code()),
            valid: c.is_valid(now) && copy.as_ref().is_none_or(|copy| copy.state == "good"),
            holder: bearer.then(|| c.holder_masked.clone()),
            lines: if bearer { c.public_fields().cloned().collect() } else { Vec::new() },
            copy,
        }
    }
}

impl Found {
    async fn new(
        store: &Store,
        certificate: Certificate,
        copy: Option<AnnotatedCopy>,
    ) -> Result<Self, Fault> {
        let open = in_public(store, certificate.clone()).await?;
        Ok(Self { certificate, open, copy })
    }

    fn tell(&self, now: Timestamp) -> Verified {
        Verified::of(&self.open, self.copy.as_ref(), true, now)
    }
}

/// What anybody learns by a number: numbers can be guessed, so nothing of the holder and no line.
///
/// # Errors
/// `certificates.number` for what is no number, `certificates.unknown` when there is none, or a fault of the database.
pub async fn verify_number(store: &Store, typed: &str, now: Timestamp) -> Outcome<Verified> {
    let found = by_number(store, typed).await?.ok_or_else(unknown)?;
    Ok(Verified::of(&found, None, false, now))
}

/// What somebody learns who has the QR code of a certificate or of an annotated copy before them.
///
/// # Errors
/// `certificates.unknown` when there is none, or a fault of the database.
pub async fn verify_token(store: &Store, token: &str, now: Timestamp) -> Outcome<Verified> {
    let found = by_token(store, token).await?.ok_or_else(unknown)?;
    Ok(found.tell(now))
}

/// What somebody learns who has the file; it is checked and forgotten.
///
/// # Errors
/// `certificates.file-…` when it is not whole or not ours, `certificates.unknown` when the register does not know it, or a fault.
pub async fn verify_file(
    store: &Store,
    bytes: bytes::Bytes,
    trust: Trust,
    now: Timestamp,
) -> Outcome<VerifiedFile> {
    let file = judge(bytes, trust).await?.map_err(doubted)?;
    let found = by_file(store, &file).await?.ok_or_else(unknown)?;
    let differs = file.data.as_ref().map(|data| differences(data, &found.certificate)).unwrap_or_default();
    Ok(VerifiedFile { of: found.tell(now), file, differs })
}

fn unknown() -> Refusal {
    Refusal::new(
        RefusalKind::NotFound,
        "certificates.unknown",
        "查无此证。",
        "The register knows no such certificate.",
    )
    .next("请核对后重试，或向签发机关核实。", "Compare and try again, or ask the agency that it names.")
}

fn doubted(doubt: Doubt) -> Refusal {
    let say = doubt.say();
    let code = match doubt {
        Doubt::NotAPdf => "certificates.file-not-a-pdf",
        Doubt::NotAnOfd => "certificates.file-not-an-ofd",
        Doubt::NotSigned => "certificates.file-not-signed",
        Doubt::NotCovered => "certificates.file-added-to",
        Doubt::Changed => "certificates.file-changed",
        Doubt::BrokenSignature => "certificates.file-broken-signature",
        Doubt::UnknownSigner => "certificates.file-unknown-signer",
        Doubt::BrokenStamp => "certificates.file-broken-stamp",
        Doubt::BrokenData => "certificates.file-broken-data",
    };
    Refusal::new(RefusalKind::Invalid, code, say.zh.clone(), say.en.clone()).field("file", say.zh, say.en)
}
