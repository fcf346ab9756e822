//! The kinds of notice, what each is called in each frame, and which seal it bears.

use crate::Frame;
use crate::seal::SealKind;
use kernel::Text;
use serde::{Deserialize, Serialize};

/// What a notice tells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum NoticeKind {
    /// 收件凭证: what was received, and when.
    Receipt,
    /// 受理通知书: accepted (Licensing Law art. 32, with seal and date).
    Acceptance,
    /// 补正告知书: everything that is missing, told once (art. 32(4)).
    Supplement,
    /// 不予受理决定书: not accepted, and which body is right (art. 32(1), (2)).
    NotAccepted,
    /// 退件通知: sent back before it was received.
    Returned,
    /// 特别程序告知书: how long a procedure takes that does not count (art. 45).
    SpecialProcedure,
    /// 恢复办理通知书: the special procedure ended; the new dates beside the old.
    Resumption,
    /// 延期通知书: more time, and why (art. 42).
    Extension,
    /// 利害关系人告知书: somebody else's major interests are touched (art. 36).
    Interested,
    /// 听证告知书: the right to a hearing (art. 47).
    HearingOffer,
    /// 听证通知书: when and where the hearing is (art. 48).
    Hearing,
    /// 听证公告: the same, told to everybody (arts 46, 48).
    HearingPublic,
    /// 准予决定书 (art. 38, first paragraph).
    Grant,
    /// 不予决定书: reasons and remedies (art. 38, second paragraph).
    Refusal,
    /// 终止办理通知书: what was to be supplied never came.
    Lapse,
    /// 撤回申请告知书: the applicant took the application back; it ends without a decision.
    Withdrawal,
    /// 作废告知书: what should never have been a case.
    Voided,
    /// 转报通知书: sent on to the body that decides.
    Forwarding,
    /// 撤销决定书: what was granted is taken back (art. 69).
    Revocation,
    /// 变更告知书: reconsideration or a court changed the decision.
    Changed,
    /// 视为准予延续告知书: not decided before the end, so it counts as renewed (art. 50).
    DeemedRenewal,
    /// 停止给付决定书: a benefit ends.
    Stop,
    /// 容缺受理通知书: accepted although a secondary paper is missing.
    Conditional,
    /// 告知承诺书: what was told and what was declared.
    Declaration,
    /// 送达回证: proof of service.
    Service,
}

/// What the frame decides about, as it stands in a notice's name.
pub(crate) fn matter(frame: Frame) -> (&'static str, &'static str) {
    match frame {
        Frame::Licence => ("行政许可", "licence"),
        Frame::Registration => ("登记", "registration"),
        Frame::RealEstate => ("不动产登记", "real-estate registration"),
        Frame::MarketEntity => ("市场主体登记", "registration of a market entity"),
        Frame::Benefit => ("给付", "benefit"),
        Frame::SocialRelief => ("社会救助", "social-assistance benefit"),
        Frame::Filing => ("备案", "filing"),
        Frame::Confirmation => ("行政确认", "confirmation"),
        Frame::PublicService => ("办理", "service"),
    }
}

impl NoticeKind {
    /// Every kind, in the order of a case's life.
    pub const ALL: [Self; 25] = [
        Self::Receipt,
        Self::Acceptance,
        Self::Supplement,
        Self::NotAccepted,
        Self::Returned,
        Self::SpecialProcedure,
        Self::Resumption,
        Self::Extension,
        Self::Interested,
        Self::HearingOffer,
        Self::Hearing,
        Self::HearingPublic,
        Self::Grant,
        Self::Refusal,
        Self::Lapse,
        Self::Withdrawal,
        Self::Voided,
        Self::Forwarding,
        Self::Revocation,
        Self::Changed,
        Self::DeemedRenewal,
        Self::Stop,
        Self::Conditional,
        Self::Declaration,
        Self::Service,
    ];

    /// What the notice is called in the frame.
    pub fn name(self, frame: Frame) -> Text {
        let (zh, en) = matter(frame);
        let (zh_form, en_form) = match (self, frame) {
            // 办理延期, 终止办理: the frame of services says 办理 already.
            (Self::Extension, Frame::PublicService) => {
                ("{m}期限延长通知书", "Notice of extension of time ({m})")
            }
            (Self::Lapse, Frame::PublicService) => {
                ("终止{m}通知书", "Notice that a {m} application has ended")
            }
            (Self::Grant, Frame::PublicService) => ("办理结果通知书", "Notice of the outcome"),
            (Self::Grant, Frame::Filing) => ("备案通知书", "Notice of filing"),
            (Self::Refusal, Frame::Filing | Frame::PublicService) => {
                ("不予{m}通知书", "Notice of refusal of a {m}")
            }
            _ => self.form(),
        };
        Text::new(zh_form.replace("{m}", zh), en_form.replace("{m}", en))
    }

    /// The name with `{m}` where the matter stands.
    fn form(self) -> (&'static str, &'static str) {
        match self {
            Self::Receipt => ("{m}申请材料收件凭证", "Receipt for a {m} application"),
            Self::Acceptance => ("{m}申请受理通知书", "Notice of acceptance of a {m} application"),
            Self::Supplement => ("{m}申请材料补正告知书", "Notice of what a {m} application lacks"),
            Self::NotAccepted => ("{m}申请不予受理决定书", "Decision not to accept a {m} application"),
            Self::Returned => ("{m}申请退件通知书", "Notice of return of a {m} application"),
            Self::SpecialProcedure => ("{m}特别程序告知书", "Notice of a special procedure ({m})"),
            Self::Resumption => ("{m}恢复办理通知书", "Notice that a {m} application goes on"),
            Self::Extension => ("{m}办理期限延长通知书", "Notice of extension of time ({m})"),
            Self::Interested => ("{m}利害关系人告知书", "Notice to those concerned ({m})"),
            Self::HearingOffer => ("{m}听证告知书", "Notice of the right to a hearing ({m})"),
            Self::Hearing => ("{m}听证通知书", "Notice of a hearing ({m})"),
            Self::HearingPublic => ("{m}听证公告", "Public notice of a hearing ({m})"),
            Self::Grant => ("准予{m}决定书", "Decision to grant a {m}"),
            Self::Refusal => ("不予{m}决定书", "Decision to refuse a {m}"),
            Self::Lapse => ("终止{m}办理通知书", "Notice that a {m} application has ended"),
            Self::Withdrawal => ("撤回{m}申请告知书", "Notice that a {m} application was withdrawn"),
            Self::Voided => ("{m}申请作废告知书", "Notice that a {m} application is void"),
            Self::Forwarding => ("{m}申请转报通知书", "Notice of forwarding of a {m} application"),
            Self::Revocation => ("撤销{m}决定书", "Decision to revoke a {m}"),
            Self::Changed => ("{m}决定变更告知书", "Notice that a decision was changed ({m})"),
            Self::DeemedRenewal => ("视为准予延续告知书", "Notice of deemed renewal ({m})"),
            Self::Stop => ("停止{m}决定书", "Decision to stop a {m}"),
            Self::Conditional => {
                ("{m}申请容缺受理通知书", "Notice of conditional acceptance of a {m} application")
            }
            Self::Declaration => ("{m}告知承诺书", "Information and declaration ({m})"),
            Self::Service => ("送达回证", "Proof of service"),
        }
    }

    /// A stable word for rows and addresses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Receipt => "receipt",
            Self::Acceptance => "acceptance",
            Self::Supplement => "supplement",
            Self::NotAccepted => "not-accepted",
            Self::Returned => "returned",
            Self::SpecialProcedure => "special-procedure",
            Self::Resumption => "resumption",
            Self::Extension => "extension",
            Self::Interested => "interested",
            Self::HearingOffer => "hearing-offer",
            Self::Hearing => "hearing",
            Self::HearingPublic => "hearing-public",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Lapse => "lapse",
            Self::Withdrawal => "withdrawal",
            Self::Voided => "voided",
            Self::Forwarding => "forwarding",
            Self::Revocation => "revocation",
            Self::Changed => "changed",
            Self::DeemedRenewal => "deemed-renewal",
            Self::Stop => "stop",
            Self::Conditional => "conditional",
            Self::Declaration => "declaration",
            Self::Service => "service",
        }
    }

    /// The mark in a derived number.
    pub(crate) fn mark(self) -> &'static str {
        match self {
            Self::Receipt => "SJ",
            Self::Acceptance => "SL",
            Self::Supplement => "BZ",
            Self::NotAccepted => "BS",
            Self::Returned => "TJ",
            Self::SpecialProcedure => "TB",
            Self::Resumption => "HF",
            Self::Extension => "YQ",
            Self::Interested => "LH",
            Self::HearingOffer => "TG",
            Self::Hearing => "TZ",
            Self::HearingPublic => "GG",
            Self::Grant => "ZY",
            Self::Refusal => "BY",
            Self::Lapse => "ZZ",
            Self::Withdrawal => "CH",
            Self::Voided => "ZF",
            Self::Forwarding => "ZB",
            Self::Revocation => "CX",
            Self::Changed => "BG",
            Self::DeemedRenewal => "YX",
            Self::Stop => "TF",
            Self::Conditional => "RQ",
            Self::Declaration => "CN",
            Self::Service => "SD",
        }
    }

    /// The word of a dense document number 〔2026〕第N号; `None` where the number is derived from the case's.
    pub(crate) fn series(self, frame: Frame) -> Option<&'static str> {
        match (frame, self) {
            (Frame::Licence, Self::Grant) => Some("准许"),
            (Frame::Licence, Self::Refusal) => Some("不许"),
            (Frame::Licence, Self::NotAccepted) => Some("不受"),
            (Frame::Licence, Self::Revocation) => Some("撤许"),
            _ => None,
        }
    }

    /// Whether it must say why.
    pub fn needs_reasons(self) -> bool {
        matches!(
            self,
            Self::NotAccepted
                | Self::Returned
                | Self::SpecialProcedure
                | Self::Extension
                | Self::Interested
                | Self::HearingOffer
                | Self::Refusal
                | Self::Lapse
                | Self::Voided
                | Self::Revocation
                | Self::Changed
                | Self::Stop
        )
    }

    /// Whether it must list what is asked for.
    pub fn needs_demands(self) -> bool {
        matches!(self, Self::Supplement | Self::Conditional)
    }

    /// Whether it must name what can be done against it.
    pub fn needs_remedies(self) -> bool {
        matches!(
            self,
            Self::NotAccepted | Self::Refusal | Self::Lapse | Self::Voided | Self::Revocation | Self::Stop
        )
    }

    /// Whether its service needs proof (送达回证): somebody's time begins with it, or something is decided about them by it.
    pub fn proven(self) -> bool {
        matches!(
            self,
            Self::Supplement
                | Self::NotAccepted
                | Self::SpecialProcedure
                | Self::Interested
                | Self::HearingOffer
                | Self::Hearing
                | Self::Stop
        ) || self.decides()
            || self.needs_remedies()
    }

    /// Whether it tells the decision, which counts from its service.
    pub fn decides(self) -> bool {
        matches!(self, Self::Grant | Self::Refusal | Self::Changed | Self::DeemedRenewal)
    }

    /// The seals that make it valid, the usual one first; none for what the recipient signs. A special seal is not replaced
    /// by another where the law asks for it (art. 32); a decision may also bear the agency's own seal.
    pub fn seals(self) -> &'static [SealKind] {
        match self {
            Self::Service => &[],
            Self::Receipt
            | Self::Acceptance
            | Self::Supplement
            | Self::NotAccepted
            | Self::Returned
            | Self::Conditional
            | Self::Forwarding => &[SealKind::Acceptance],
            Self::SpecialProcedure
            | Self::Resumption
            | Self::Extension
            | Self::Interested
            | Self::HearingOffer
            | Self::Hearing
            | Self::HearingPublic
            | Self::Grant
            | Self::Refusal
            | Self::Lapse
            | Self::Withdrawal
            | Self::Voided
            | Self::Revocation
            | Self::Changed
            | Self::DeemedRenewal
            | Self::Stop
            | Self::Declaration => &[SealKind::Decision, SealKind::Official],
        }
    }
}

crate::words!(NoticeKind);
