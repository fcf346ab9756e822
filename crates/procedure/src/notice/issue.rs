//! Issuing a notice: complete in law, under a seal that may be applied, with a number.

use super::wording;
use crate::seal::{self, Imprint};
use crate::store::notices as rows;
use crate::{Frame, NewNotice, Notice, NoticeContent, NoticeId, NoticeKind};
use ::store::{Cx, serial};
use kernel::{Outcome, Refusal, RefusalKind, clock};

/// Issues a notice: picks the seal of the agency (or of the nearest body above it), checks the right to it, gives the number,
/// and puts the sealed notice and the use of the seal into the caller's commit. Where a remedy must be named and the caller
/// names none, the frame's stand there.
///
/// # Errors
/// `procedure.seal-missing`, `procedure.seal-right`; `procedure.reasons-missing`, `procedure.demands-missing`,
/// `procedure.addressee-missing` when the law asks for what is not there.
pub async fn issue_notice(cx: &mut Cx, new: NewNotice) -> Outcome<NoticeId> {
    Ok(make_notice(cx, new).await?.id)
}

/// As [`issue_notice`]; answers the whole notice, for whoever serves it in the same commit.
pub(crate) async fn make_notice(cx: &mut Cx, new: NewNotice) -> Outcome<Notice> {
    let content = complete(new.kind, new.frame, new.content)?;
    if new.addressee.trim().is_empty() {
        return Err(lacks("procedure.addressee-missing", "收件人", "an addressee").into());
    }
    let chosen = seal::choose(cx, new.kind, &new.agency, new.auto).await?;
    let id: NoticeId = cx.new_id();
    // the number comes last: a strict one that was taken is not given back
    let body = chosen.as_ref().map_or(new.agency.as_str(), |c| c.seal.agency.as_str()).to_owned();
    let number = number(cx, new.kind, new.frame, &body, &new.subject, &new.reference).await?;
    let imprint: Option<Imprint> = chosen.as_ref().map(seal::Chosen::imprint);
    let notice = Notice {
        id,
        kind: new.kind,
        frame: new.frame,
        subject: new.subject,
        reference: new.reference,
        number: number.clone(),
        agency: new.agency,
        agency_name: new.agency_name,
        addressee: new.addressee,
        content,
        at: new.at,
        recorded_at: cx.now,
        seal: imprint,
        auto: new.auto,
        file: None,
    };
    let sealer = cx.store().sealer().clone();
    rows::insert(&mut cx.commit, &sealer, &notice)?;
    if let Some(chosen) = chosen {
        chosen.apply(cx, format!("notice:{id}"), number);
    }
    Ok(notice)
}

/// What the law asks a notice of this kind to say: reasons where something is denied, delayed or taken back (Licensing Law
/// arts 38, 42, 45, 69), every demand of a supplement (art. 32), remedies where something is denied (art. 38).
fn complete(kind: NoticeKind, frame: Frame, mut content: NoticeContent) -> Result<NoticeContent, Refusal> {
    let given = |text: &kernel::Text| !text.zh.trim().is_empty();
    if kind.needs_reasons() && !content.reasons.iter().any(given) {
        return Err(lacks("procedure.reasons-missing", "理由", "its reasons"));
    }
    if kind.needs_demands() && content.demands.iter().all(|(what, _)| what.trim().is_empty()) {
        return Err(lacks("procedure.demands-missing", "需要补正的内容", "what is to be supplied"));
    }
    if kind.needs_remedies() && content.remedies.is_empty() {
        content.remedies = wording::remedies(frame);
    }
    if content.laws.is_empty() {
        content.laws = wording::laws(kind, frame);
    }
    Ok(content)
}

fn lacks(code: &'static str, zh: &str, en: &str) -> Refusal {
    Refusal::new(
        RefusalKind::Invalid,
        code,
        format!("文书缺少{zh}，不能出具。"),
        format!("The notice lacks {en} and cannot be issued."),
    )
    .next("请补充后再出具。", "Add it, then issue the notice.")
}

/// 准许〔2026〕第12号 for the acts of the licence frame, one after another for each body and year; for every other notice the
/// reference of its subject with the kind's mark and a count.
async fn number(
    cx: &Cx,
    kind: NoticeKind,
    frame: Frame,
    body: &str,
    subject: &str,
    reference: &str,
) -> Outcome<String> {
    if let Some(word) = kind.series(frame) {
        let year = clock::legal_date(cx.now).year();
        let n = serial::strict(&cx.ground, &format!("procedure:{body}:{kind}:{year}")).await?;
        return Ok(format!("{word}〔{year}〕第{n}号"));
    }
    let kept = rows::count(cx.store(), subject, kind).await?;
    let pending = rows::pending(&cx.commit, subject, kind);
    let count = kept + i64::try_from(pending).unwrap_or(0) + 1;
    Ok(format!("{reference}-{}{count}", kind.mark()))
}
