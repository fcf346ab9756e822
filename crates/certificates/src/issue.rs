//! Issuing a certificate and changing its state.

use crate::event::{CertificateEvent, Changed, Issued, subject};
use crate::grounds::Ground;
use crate::model::{Certificate, CertificateId, Grade, NewCertificate, State};
use crate::rules::{Act, Why, decide};
use crate::status;
use crate::store as rows;
use crate::version::{self, NewVersion, VersionKind};
use ::store::{Cx, serial};
use identity::letters::{self, Letter};
use kernel::{CertificateIdentifier, Fault, Outcome, Refusal, RefusalKind, Rng, SubjectId, clock, rng};
use sha2::{Digest as _, Sha256};

/// RFC 4648 base32: no character that is mistaken for another by ear or in a font.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The first version of an identifier; changes and extensions raise it.
const FIRST_VERSION: u16 = 1;
/// Three digits.
const VERSION_MAX: u16 = 999;

/// Issues a certificate: identifier, row, trace event, and the message that has it printed.
///
/// # Errors
/// A refusal when a code or the validity is wrong; a fault when no serial can be had.
pub async fn issue(cx: &mut Cx, new: NewCertificate) -> Outcome<CertificateId> {
    let digest = hex(&Sha256::digest(new.template.as_bytes()));
    rows::keep_template(&mut cx.commit, &digest, &new.template);
    issue_with(cx, new, &digest).await
}

/// The same with a template that this commit keeps already.
pub(crate) async fn issue_with(cx: &mut Cx, new: NewCertificate, digest: &str) -> Outcome<CertificateId> {
    if new.valid_until.is_some_and(|last| last < new.valid_from) {
        return Err(Refusal::new(
            RefusalKind::Invalid,
            "certificates.validity",
            "证照的有效期止早于有效期起。",
            "The certificate would end before it begins.",
        )
        .next("请核对有效期。", "Check the dates of validity.")
        .into());
    }
    let id: CertificateId = cx.new_id();
    let identifier = identifier(cx, &new).await?;
    let certificate = Certificate {
        id,
        identifier: identifier.to_string(),
        token: token(cx),
        kind: new.kind,
        name: new.name,
        holder: new.holder,
        holder_masked: masked(new.holder, &new.holder_name),
        holder_name: new.holder_name,
        holder_number_masked: new.holder_number_masked,
        issuer: new.issuer,
        issuer_name: new.issuer_name,
        issuer_code: new.issuer_code,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        stored: State::Valid,
        fields: new.fields,
        template: digest.to_owned(),
        case_number: new.case_number,
        issued_at: cx.now,
        grade: Grade::Issued,
        replaces: None,
        file: None,
        rev: 1,
    };
    put(cx, &certificate, None).await?;
    Ok(id)
}

/// A person's name is masked for those who verify, a firm's is public.
pub(crate) fn masked(holder: SubjectId, name: &str) -> String {
    match holder {
        SubjectId::Person(_) => page::format::mask_name(name),
        SubjectId::Organisation(_) => name.to_owned(),
    }
}

/// Writes a certificate down: row, place in a status list, trace event, and the message that has it printed.
async fn put(cx: &mut Cx, certificate: &Certificate, because: Option<VersionKind>) -> Outcome<()> {
    let sealer = cx.ground.store.sealer().clone();
    rows::insert(&mut cx.commit, &sealer, certificate)?;
    status::give(cx, certificate, status::Of::Document).await?;
    let event = CertificateEvent::Issued {
        identifier: certificate.identifier.clone(),
        kind: certificate.kind.clone(),
        holder: certificate.holder,
        valid_from: certificate.valid_from,
        valid_until: certificate.valid_until,
        case_number: certificate.case_number.clone(),
        replaces: certificate.replaces,
        because,
    };
    let (id, now) = (certificate.id, cx.now);
    trace::record(cx, &mut trace::Head::start(), &subject(id), &event, now)?;
    let message = Issued { id, case_number: certificate.case_number.clone() };
    cx.commit.emit("certificates.issued", &format!("certificate:{id}"), &message)?;
    Ok(())
}

async fn identifier(cx: &Cx, new: &NewCertificate) -> Outcome<CertificateIdentifier> {
    let series = format!("certificates:{}", new.issuer_code);
    let number = serial::block(&cx.ground, &series).await?;
    let serial = format!("{}{number:07}", clock::legal_date(cx.now).year());
    CertificateIdentifier::new(&new.type_code, &new.issuer_code, &serial, FIRST_VERSION).map_err(|error| {
        Fault::from(
            format!("the identifier of a {} by {} cannot be made", new.kind, new.issuer_code),
            Box::<dyn std::error::Error + Send + Sync>::from(error.to_string()),
        )
        .into()
    })
}

/// 128 random bits in 26 characters: nobody guesses the address of somebody else's certificate.
pub(crate) fn token(cx: &Cx) -> String {
    token_of(cx.ground.rng.as_ref())
}

pub(crate) fn token_of(chance: &dyn Rng) -> String {
    let mut bits = u128::from_be_bytes(rng::bytes::<16>(chance));
    let mut out = Vec::with_capacity(26);
    for _ in 0..26 {
        let index = usize::try_from(bits & 31).unwrap_or(0);
        out.push(BASE32.get(index).copied().map_or('A', char::from));
        bits >>= 5;
    }
    out.into_iter().collect()
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// Acts on an issued certificate: row, status list, trace event, and the message that its state is another one.
///
/// # Errors
/// Not found, or a refusal when its state or the ground does not allow it.
pub async fn act(cx: &mut Cx, id: CertificateId, act: Act) -> Outcome<State> {
    let old = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    change(cx, &old, act).await
}

async fn change(cx: &mut Cx, old: &Certificate, act: Act) -> Outcome<State> {
    let id = old.id;
    let (mut head, _) = trace::history::<CertificateEvent>(cx.store(), &subject(id)).await?;
    let (state, event) = decide(&old.state(cx.now), act, cx.now)?;
    let sealer = cx.ground.store.sealer().clone();
    rows::set_state(&mut cx.commit, &sealer, old, &state)?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject(id), &event, now)?;
    let message = Changed { id, state: state.word().to_owned(), case_number: old.case_number.clone() };
    cx.commit.emit("certificates.changed", &format!("certificate:{id}"), &message)?;
    // a new version is something that the holder asked for or is handed; everything else is news
    if !matches!(event, CertificateEvent::Replaced { .. }) {
        letters::tell_subject(cx, old.holder, Letter::CertificateChanged)?;
    }
    Ok(state)
}

/// Takes a certificate back because the decision it rests on has fallen (撤销).
///
/// # Errors
/// Not found, or a refusal when it is no longer standing or no reason is given.
pub async fn revoke(cx: &mut Cx, id: CertificateId, why: &str) -> Outcome<()> {
    // Whoever decided that the decision falls has weighed it there.
    let revoke = Act::Revoke { why: Why::new(Ground::DecisionGone, why), weighed: true };
    act(cx, id, revoke).await.map(|_| ())
}

/// Puts a new version in the place of a certificate, in one commit: the same serial, the version raised and the check character
/// made anew (GB/T 36904); both keep each other's id.
///
/// # Errors
/// Not found, or a refusal about state, content or reason; `certificates.versions` when the number has no version left.
pub async fn reissue(cx: &mut Cx, id: CertificateId, want: &NewVersion) -> Outcome<CertificateId> {
    let old = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    let draft = version::draft(&old, want, cx.now)?;
    let new: CertificateId = cx.new_id();
    let certificate = Certificate {
        id: new,
        identifier: next_identifier(&old.identifier)?,
        token: token(cx),
        holder_masked: masked(old.holder, &draft.holder_name),
        holder_name: draft.holder_name,
        fields: draft.fields,
        valid_until: draft.valid_until,
        stored: State::Valid,
        issued_at: cx.now,
        grade: Grade::Issued,
        replaces: Some(id),
        file: None,
        rev: 1,
        ..old.clone()
    };
    let (because, why, differs) = (want.kind, want.why.clone(), draft.differs);
    change(cx, &old, Act::Replace { by: new, because, why, differs }).await?;
    put(cx, &certificate, Some(want.kind)).await?;
    Ok(new)
}

/// The identifier of the next version.
fn next_identifier(of: &str) -> Outcome<String> {
    let read = |text: String| {
        Fault::from("raising a version", Box::<dyn std::error::Error + Send + Sync>::from(text))
    };
    // one taken over from an old register may have a check character that does not fit; the next version's does
    let (old, _) = CertificateIdentifier::import(of).map_err(|e| read(e.to_string()))?;
    let version = u16::try_from(old.version() + 1).unwrap_or(u16::MAX);
    if version > VERSION_MAX {
        return Err(Refusal::new(
            RefusalKind::Conflict,
            "certificates.versions",
            "这张证照的版本号已经用完。",
            "The number of this certificate has no version left.",
        )
        .next("请注销后按新证颁发。", "Cancel it and issue a new one.")
        .into());
    }
    let made = CertificateIdentifier::new(old.kind(), old.issuer(), old.serial(), version);
    Ok(made.map_err(|e| read(e.to_string()))?.to_string())
}
