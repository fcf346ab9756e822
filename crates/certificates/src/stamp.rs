//! Time stamps by somebody else's clock (RFC 3161): asked for when a certificate is printed, and again later when nobody answered.

use crate::event::{CertificateEvent, subject};
use crate::issue::hex;
use crate::keys::Signer;
use crate::model::CertificateId;
use crate::print::{PDF_BYTES_MAX, keep_file};
use crate::sign::{pdf, stamp};
use crate::store as rows;
use ::store::{Cx, Ground, command, files};
use async_trait::async_trait;
use kernel::{ActorRef, Failure, Fault, FileId, Lang, Outcome, Refusal, rng};
use page::House;
use sha2::{Digest as _, Sha256};
use std::sync::Arc;
use std::time::Duration;

/// An authority of time has so long to answer; a certificate does not wait longer.
const ANSWERS_WITHIN: Duration = Duration::from_secs(10);
/// How many certificates are stamped in one go.
const AT_ONCE: i64 = 50;

/// The socket to an authority of time stamps: a request in, its answer out (RFC 3161 §3.4).
#[async_trait]
pub trait TimeAuthority: Send + Sync + 'static {
    /// Sends a TimeStampReq and answers the TimeStampResp.
    ///
    /// # Errors
    /// What went wrong, for the log.
    async fn ask(&self, request: Vec<u8>) -> Result<Vec<u8>, String>;
}

/// How it went with a time stamp.
pub(crate) enum Stamping {
    /// None is configured.
    NotAsked,
    /// The bytes of the PDF with it.
    Done(Vec<u8>),
    /// Nobody answered well; the PDF is good without it.
    Later,
}

/// Asks for a time stamp over the signature of `pdf`.
pub(crate) async fn stamp(ground: &Ground, signer: &Signer, pdf: &[u8]) -> Stamping {
    let Some(clock) = signer.clock() else { return Stamping::NotAsked };
    match ask(ground, signer, clock.as_ref(), pdf).await {
        Ok(bytes) => Stamping::Done(bytes),
        Err(why) => {
            tracing::warn!(
                why,
                "the authority of time stamps gives none; the certificate is signed without, and is stamped later"
            );
            Stamping::Later
        }
    }
}

async fn ask(
    ground: &Ground,
    signer: &Signer,
    clock: &dyn TimeAuthority,
    pdf: &[u8],
) -> Result<Vec<u8>, String> {
    let failed = |fault: Fault| fault.to_string();
    let signature = pdf::signature_value(pdf).map_err(failed)?;
    let nonce = rng::bytes::<8>(ground.rng.as_ref());
    let request = stamp::request(&signature, &nonce).map_err(failed)?;
    let answer = tokio::time::timeout(ANSWERS_WITHIN, clock.ask(request))
        .await
        .map_err(|_| format!("no answer within {} s", ANSWERS_WITHIN.as_secs()))??;
    let token = stamp::token(&answer, &signature, &nonce, signer.clocks())?;
    pdf::with_time_stamp(pdf, &token).map_err(failed)
}

/// Stamps certificates that were signed while nobody answered, the oldest first; stops when nobody answers now. Answers how many.
///
/// # Errors
/// A fault of the store.
pub async fn stamp_waiting(house: &House, signer: &Arc<Signer>) -> Outcome<usize> {
    let (ground, mut done) = (&house.ground, 0);
    if signer.clock().is_none() {
        return Ok(0);
    }
    for id in rows::unstamped(&ground.store, AT_ONCE).await? {
        let certificate = rows::get(&ground.store, id).await?.ok_or_else(Refusal::not_found)?;
        let Some(file) = certificate.file else { continue };
        let (_, bytes) = files::read(&ground.store, file).await?;
        let Stamping::Done(stamped) = stamp(ground, signer, &bytes).await else { return Ok(done) };
        let actor = ActorRef::system();
        command!(ground, Lang::ZhCn, actor, |cx| replace(&mut cx, id, file, &stamped).await)?;
        done += 1;
    }
    Ok(done)
}

/// The stamped file takes the place of the one without; somebody else may have been faster.
async fn replace(cx: &mut Cx, id: CertificateId, old: FileId, bytes: &[u8]) -> Result<(), Failure> {
    let certificate = rows::get(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    if certificate.file != Some(old) {
        return Ok(());
    }
    let file = keep_file(cx, &certificate, bytes, PDF_BYTES_MAX).await?;
    rows::replace_file(&mut cx.commit, &certificate, old, file);
    rows::is_stamped(&mut cx.commit, id);
    let mut head = trace::head(cx.store(), &subject(id)).await?;
    let event = CertificateEvent::Stamped { file, sha256: hex(&Sha256::digest(bytes)) };
    let now = cx.now;
    trace::record(cx, &mut head, &subject(id), &event, now)?;
    Ok(())
}
