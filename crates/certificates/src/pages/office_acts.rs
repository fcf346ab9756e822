//! The acts of the issuing agency on a certificate: its state, and new versions of it.

use super::Room;
use super::office::{Desk, desk, shown};
use crate::grounds::{ActKind, Ground};
use crate::rules::{Act, Why};
use crate::version::{NewVersion, VersionKind};
use crate::{issue, model::CertificateId};
use ::store::command;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use identity::Staff;
use jiff::civil::Date;
use kernel::{Failure, Outcome, Refusal, RefusalKind};
use page::{Answer, Ctx, FormState, Submitted};

/// POST /desk/certificates/{id}/acts.
pub(crate) async fn act(
    State(room): State<Room>,
    ctx: Ctx,
    staff: Staff,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let desk = desk(&room, &staff, &id).await?;
    let done = async {
        let act = read_act(&desk, &sent)?;
        fresh(&desk, &sent)?;
        let (id, actor) = (desk.certificate.id, staff.actor_ref());
        command!(room.house.ground, ctx.lang, actor, |cx| issue::act(&mut cx, id, act.clone()).await)?;
        Ok(id)
    };
    answer(&room, &ctx, &staff, &desk, &sent, done.await).await
}

/// POST /desk/certificates/{id}/versions.
pub(crate) async fn version(
    State(room): State<Room>,
    ctx: Ctx,
    staff: Staff,
    Path(id): Path<String>,
    sent: Submitted,
) -> Answer {
    let desk = desk(&room, &staff, &id).await?;
    let done = async {
        let want = read_version(&desk, &sent)?;
        fresh(&desk, &sent)?;
        let (id, actor) = (desk.certificate.id, staff.actor_ref());
        command!(room.house.ground, ctx.lang, actor, |cx| issue::reissue(&mut cx, id, &want).await)
    };
    answer(&room, &ctx, &staff, &desk, &sent, done.await).await
}

/// Done: on to the certificate it is about now. Not done: the form again, as it was left, with what is wrong.
async fn answer(
    room: &Room,
    ctx: &Ctx,
    staff: &Staff,
    desk: &Desk,
    sent: &Submitted,
    done: Outcome<CertificateId>,
) -> Answer {
    match done {
        Ok(id) => Ok(page::see_other(format!("/desk/certificates/{id}"))),
        Err(Failure::Refused(refusal))
            if matches!(refusal.kind, RefusalKind::Invalid | RefusalKind::Conflict) =>
        {
            let status = match refusal.kind {
                RefusalKind::Conflict => StatusCode::CONFLICT,
                _ => StatusCode::UNPROCESSABLE_ENTITY,
            };
            let mut form = FormState::of(sent);
            form.refuse(&refusal);
            shown(room, ctx, staff, desk, sent.get("do"), form, status).await
        }
        Err(failure) => Err(failure.into()),
    }
}

fn read_act(desk: &Desk, sent: &Submitted) -> Outcome<Act> {
    let kind = ActKind::from_word(sent.get("do")).ok_or_else(Refusal::not_found)?;
    let power = desk.power.ok_or_else(|| not_yours(kind))?;
    let (zh, en) = ("请选择事由。", "Choose the ground.");
    let ground = Ground::from_word(sent.get("ground")).filter(|g| g.act() == kind).ok_or_else(|| {
        Refusal::new(RefusalKind::Invalid, "certificates.ground", zh, en).field("ground", zh, en)
    })?;
    if !power.may(kind, Some(ground)) {
        return Err(not_yours(kind).into());
    }
    let why = Why::new(ground, sent.get("why"));
    Ok(match kind {
        ActKind::Suspend => Act::Suspend(why),
        ActKind::Restore => Act::Restore(why),
        ActKind::Revoke => Act::Revoke { why, weighed: sent.get("weighed") == "yes" },
        ActKind::Cancel => Act::Cancel(why),
        ActKind::Forfeit => Act::Forfeit { why, heard: sent.get("heard") == "yes" },
        ActKind::Transfer => Act::Transfer(why),
    })
}

fn read_version(desk: &Desk, sent: &Submitted) -> Outcome<NewVersion> {
    let kind = VersionKind::from_word(sent.get("do")).ok_or_else(Refusal::not_found)?;
    if !desk.power.is_some_and(|p| p.may_reissue(kind)) {
        return Err(not_yours(ActKind::Cancel).into());
    }
    let day = |name: &str| sent.get(name).trim().parse::<Date>().ok();
    let lines = sent
        .fields()
        .iter()
        .filter_map(|(name, value)| name.strip_prefix("line.").map(|key| (key.to_owned(), value.clone())));
    Ok(NewVersion {
        kind,
        why: sent.get("why").to_owned(),
        holder_name: sent.has("holder_name").then(|| sent.get("holder_name").to_owned()),
        lines: lines.collect(),
        valid_until: day("valid_until"),
        applied_on: day("applied_on"),
    })
}

/// What one decides is decided on what one has read.
fn fresh(desk: &Desk, sent: &Submitted) -> Outcome<()> {
    if sent.get("rev").parse() == Ok(desk.certificate.rev) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "certificates.stale",
        "您打开页面之后，这张证照又有了新的办理，您的操作没有生效。",
        "Something was done to this certificate since you opened the page; your act was not taken.",
    )
    .next(
        "请看过现在的状态和办理记录，再决定是否办理。",
        "Look at its state and history as they are now, then decide again.",
    )
    .into())
}

fn not_yours(kind: ActKind) -> Refusal {
    let (zh, en) = match kind {
        ActKind::Revoke => ("撤销由签发机关负责人办理。", "Revoking is for the head of the issuing agency."),
        ActKind::Forfeit => {
            ("吊销由签发机关负责人办理。", "Forfeiture is for the head of the issuing agency.")
        }
        _ => ("您的岗位不能这样办理这张证照。", "Your post may not do this to the certificate."),
    };
    Refusal::new(RefusalKind::Forbidden, "certificates.not-yours", zh, en).next(
        "请转由签发机关的审查人员或者负责人办理。",
        "An examiner or the head of the issuing agency does it.",
    )
}
