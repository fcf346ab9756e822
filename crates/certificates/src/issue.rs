//! Issuing a certificate and changing its state.

use crate::event::{CertificateEvent, Changed, Issued, subject};
use crate::model::{Certificate, CertificateId, NewCertificate, State};
use crate::rules::{Act, decide};
use crate::store as rows;
use ::store::{Cx, serial};
use kernel::{CertificateIdentifier, Fault, Outcome, Refusal, RefusalKind, SubjectId, clock, rng};
use sha2::{Digest as _, Sha256};

/// RFC 4648 base32: no character that is mistaken for another by ear or in a font.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// The first version of an identifier; changes and extensions raise it.
const FIRST_VERSION: u16 = 1;

/// Issues a certificate: identifier, row, trace event, and the message that has it printed.
///
/// # Errors
/// A refusal when a code or the validity is wrong; a fault when no serial can be had.
pub async fn issue(cx: &mut Cx, new: NewCertificate) -> Outcome<CertificateId> {
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
    let digest = hex(&Sha256::digest(new.template.as_bytes()));
    rows::keep_template(&mut cx.commit, &digest, &new.template);
    let holder_masked = match new.holder {
        SubjectId::Person(_) => page::format::mask_name(&new.holder_name),
        SubjectId::Organisation(_) => new.holder_name.clone(),
    };
    let event = CertificateEvent::Issued {
        identifier: identifier.to_string(),
        kind: new.kind.clone(),
        holder: new.holder,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        case_number: new.case_number.clone(),
    };
    let certificate = Certificate {
        id,
        identifier: identifier.to_string(),
        token: token(cx),
        kind: new.kind,
        name: new.name,
        holder: new.holder,
        holder_masked,
        holder_name: new.holder_name,
        holder_number_masked: new.holder_number_masked,
        issuer: new.issuer,
        issuer_name: new.issuer_name,
        issuer_code: new.issuer_code,
        valid_from: new.valid_from,
        valid_until: new.valid_until,
        stored: State::Valid,
        fields: new.fields,
        template: digest,
        case_number: new.case_number,
        issued_at: cx.now,
        file: None,
        rev: 1,
    };
    let sealer = cx.ground.store.sealer().clone();
    rows::insert(&mut cx.commit, &sealer, &certificate)?;
    let now = cx.now;
    trace::record(cx, &mut trace::Head::start(), &subject(id), &event, now)?;
    let message = Issued { id, case_number: certificate.case_number };
    cx.commit.emit("certificates.issued", &format!("certificate:{id}"), &message)?;
    Ok(id)
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
fn token(cx: &Cx) -> String {
    let mut bits = u128::from_be_bytes(rng::bytes::<16>(cx.ground.rng.as_ref()));
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

/// Acts on an issued certificate: row, trace event, and the message that its state is another one.
///
/// # Errors
/// Not found, or a refusal when its state does not allow it.
pub async fn act(cx: &mut Cx, id: CertificateId, act: Act) -> Outcome<State> {
    let old = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    let (mut head, _) = trace::history::<CertificateEvent>(cx.store(), &subject(id)).await?;
    let (state, event) = decide(&old.state(cx.now), act, cx.now)?;
    let sealer = cx.ground.store.sealer().clone();
    rows::set_state(&mut cx.commit, &sealer, &old, &state)?;
    let now = cx.now;
    trace::record(cx, &mut head, &subject(id), &event, now)?;
    let message = Changed { id, state: state.word().to_owned(), case_number: old.case_number };
    cx.commit.emit("certificates.changed", &format!("certificate:{id}"), &message)?;
    Ok(state)
}

/// Takes a certificate back as wrongly given (撤销).
///
/// # Errors
/// Not found, or a refusal when it is no longer standing or no reason is given.
pub async fn revoke(cx: &mut Cx, id: CertificateId, why: &str) -> Outcome<()> {
    act(cx, id, Act::Revoke(why.to_owned())).await.map(|_| ())
}
