//! The words at the end of a case and after: decided, taken back, changed, renewed, stopped, ended without a decision.

use super::{Matter, fill};
use crate::{Exit, Frame, NoticeKind};
use kernel::Text;

pub(super) fn decision(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match kind {
        NoticeKind::Grant => {
            let mut out = vec![match frame {
                Frame::Licence => say(
                    "您（贵单位）{received}提出的{item}申请，符合法定条件、标准，决定准予行政许可。",
                    "Your application of {received} for {item} meets the conditions and standards of law. The licence is granted.",
                ),
                Frame::PublicService => say(
                    "您（贵单位）{received}提出的{item}申请，符合规定，已予办理。",
                    "Your application of {received} for {item} is in order and has been dealt with.",
                ),
                Frame::Filing => say(
                    "您（贵单位）{received}提交的{item}材料齐全，已予备案。",
                    "What you submitted on {received} for {item} is complete and has been filed.",
                ),
                _ => say(
                    "您（贵单位）{received}提出的{item}申请，符合规定条件，决定准予{what}。",
                    "Your application of {received} for {item} meets the conditions. The {what} is granted.",
                ),
            }];
            if m.due.is_some() {
                out.push(say(
                    "证件将于{due}前（含当日）颁发、送达。",
                    "The certificate will be issued and delivered by the end of {due}.",
                ));
            }
            out
        }
        NoticeKind::Refusal => vec![say(
            "您（贵单位）{received}提出的{item}申请，不符合规定条件，决定不予{what}，理由如下。",
            "Your application of {received} for {item} does not meet the conditions. It is refused for the reasons below.",
        )],
        _ => vec![revocation(frame, m)],
    }
}

/// What is taken back is the decision, by its own date and number; the day of the application has no place here.
fn revocation(frame: Frame, m: &Matter) -> Text {
    let (zh, en) = match &m.granted {
        Some(_) => (
            "本机关{granted_on}就{item}作出的准予决定（{granted_number}），因下列理由予以撤销。",
            "Our decision of {granted_on} to grant {item} ({granted_number}) is revoked for the reasons below.",
        ),
        None => (
            "本机关就{item}作出的准予决定，因下列理由予以撤销。",
            "Our decision to grant {item} is revoked for the reasons below.",
        ),
    };
    fill(zh, en, frame, m)
}

/// What became of a decision afterwards, and of a licence or benefit in time.
pub(super) fn afterwards(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match kind {
        // Not by a remedy: the body itself has looked again.
        NoticeKind::Changed if m.remedy.is_none() => vec![say(
            "本机关{granted_on}就{item}作出的决定（{granted_number}），经定期核查，自{at}起按下列金额执行。",
            "Our decision of {granted_on} on {item} ({granted_number}) was reviewed; from {at} the amount below is paid.",
        )],
        NoticeKind::Changed => vec![
            say(
                "本机关{granted_on}就{item}作出的决定（{granted_number}），经{remedy}于{at}变更，变更后的内容如下。",
                "Our decision of {granted_on} on {item} ({granted_number}) was changed by {remedy} on {at}, as stated below.",
            ),
            say(
                "本机关按变更后的决定办理，原决定不再执行。",
                "We act on the decision as it was changed; the former one no longer holds.",
            ),
        ],
        NoticeKind::DeemedRenewal => vec![
            say(
                "您（贵单位）{received}提出的{item}延续申请，本机关在有效期届满前未作出决定，依法视为准予延续。",
                "Your application of {received} to renew {item} was not decided before the end of its validity. By law it counts as \
                 renewed.",
            ),
            say(
                "延续后的有效期自{from}起至{due}止。",
                "The renewed validity runs from {from} to the end of {due}.",
            ),
        ],
        _ => {
            let mut out = vec![say(
                "您（贵户）享受的{item}，因下列原因自{from}起停止发放。",
                "{item} is no longer paid from {from}, for the reasons below.",
            )];
            if m.exit == Some(Exit::Fraud) {
                out.push(say("已经发放的，应当退回。", "What was paid must be given back."));
            }
            out
        }
    }
}

/// Ends without a decision.
pub(super) fn ended(kind: NoticeKind, frame: Frame, m: &Matter) -> Vec<Text> {
    let say = |zh: &str, en: &str| fill(zh, en, frame, m);
    match kind {
        NoticeKind::Lapse => vec![say(
            "您（贵单位）{received}提出的{item}申请，因下列原因终止办理。您（贵单位）可以重新申请。",
            "Your application of {received} for {item} has ended for the reasons below. You may apply again.",
        )],
        NoticeKind::Withdrawal => vec![
            say(
                "您（贵单位）{received}提出的{item}申请，已于{at}撤回，本机关终止办理，不作出决定。",
                "Your application of {received} for {item} was withdrawn on {at}. It ends without a decision.",
            ),
            say(
                "交来的原件可以领回。您（贵单位）可以重新申请。",
                "You may collect the originals that you handed in, and you may apply again.",
            ),
        ],
        _ => vec![say(
            "您（贵单位）{received}提出的{item}申请，因下列原因作废，本机关不再办理。",
            "Your application of {received} for {item} is void for the reasons below and is not handled further.",
        )],
    }
}
