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
    /// 延期通知书: more time, and why (art. 42).
    Extension,
    /// 听证告知书: the right to a hearing (art. 47).
    HearingOffer,
    /// 听证通知书: when and where the hearing is (art. 48).
    Hearing,
    /// 准予决定书 (art. 38, first paragraph).
    Grant,
    /// 不予决定书: reasons and remedies (art. 38, second paragraph).
    Refusal,
    /// 终止办理通知书: what was to be supplied never came, or the application was taken back.
    Lapse,
    /// 转报通知书: sent on to the body that decides.
    Forwarding,
    /// 撤销决定书: what was granted is taken back (art. 69).
    Revocation,
    /// 容缺受理告知书: accepted although a secondary paper is missing.
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
        Frame::Benefit => ("给付", "benefit"),
        Frame::Filing => ("备案", "filing"),
        Frame::Confirmation => ("行政确认", "confirmation"),
        Frame::PublicService => ("办理", "service"),
    }
}

impl NoticeKind {
    /// Every kind, in the order of a case's life.
    pub const ALL: [Self; 17] = [
        Self::Receipt,
        Self::Acceptance,
        Self::Supplement,
        Self::NotAccepted,
        Self::Returned,
        Self::SpecialProcedure,
        Self::Extension,
        Self::HearingOffer,
        Self::Hearing,
        Self::Grant,
        Self::Refusal,
        Self::Lapse,
        Self::Forwarding,
        Self::Revocation,
        Self::Conditional,
        Self::Declaration,
        Self::Service,
    ];

    /// What the notice is called in the frame.
    pub fn name(self, frame: Frame) -> Text {
        let (zh, en) = matter(frame);
        let of = |before: &str, after: &str, en: String| Text::new(format!("{before}{zh}{after}"), en);
        match (self, frame) {
            (Self::Receipt, _) => of("", "申请材料收件凭证", format!("Receipt for a {en} application")),
            (Self::Acceptance, _) => {
                of("", "申请受理通知书", format!("Notice of acceptance of a {en} application"))
            }
            (Self::Supplement, _) => {
                of("", "申请材料补正告知书", format!("Notice of what a {en} application lacks"))
            }
            (Self::NotAccepted, _) => {
                of("", "申请不予受理决定书", format!("Decision not to accept a {en} application"))
            }
            (Self::Returned, _) => {
                of("", "申请退件通知书", format!("Notice of return of a {en} application"))
            }
            (Self::SpecialProcedure, _) => {
                of("", "特别程序告知书", format!("Notice of a special procedure ({en})"))
            }
            (Self::Extension, _) => {
                of("", "办理期限延长通知书", format!("Notice of extension of time ({en})"))
            }
            (Self::HearingOffer, _) => {
                of("", "听证告知书", format!("Notice of the right to a hearing ({en})"))
            }
            (Self::Hearing, _) => of("", "听证通知书", format!("Notice of a hearing ({en})")),
            (Self::Grant, Frame::PublicService) => Text::new("办理结果通知书", "Notice of the outcome"),
            (Self::Grant, Frame::Filing) => Text::new("备案通知书", "Notice of filing"),
            (Self::Grant, _) => of("准予", "决定书", format!("Decision to grant a {en}")),
            (Self::Refusal, Frame::Filing | Frame::PublicService) => {
                of("不予", "通知书", format!("Notice of refusal of a {en}"))
            }
            (Self::Refusal, _) => of("不予", "决定书", format!("Decision to refuse a {en}")),
            (Self::Lapse, _) => {
                of("终止", "通知书", format!("Notice that a {en} application has ended")).or_handling(frame)
            }
            (Self::Forwarding, _) => {
                of("", "申请转报通知书", format!("Notice of forwarding of a {en} application"))
            }
            (Self::Revocation, _) => of("撤销", "决定书", format!("Decision to revoke a {en}")),
            (Self::Conditional, _) => of(
                "",
                "申请容缺受理告知书",
                format!("Notice of conditional acceptance of a {en} application"),
            ),
            (Self::Declaration, _) => of("", "告知承诺书", format!("Information and declaration ({en})")),
            (Self::Service, _) => Text::new("送达回证", "Proof of service"),
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
            Self::Extension => "extension",
            Self::HearingOffer => "hearing-offer",
            Self::Hearing => "hearing",
            Self::Grant => "grant",
            Self::Refusal => "refusal",
            Self::Lapse => "lapse",
            Self::Forwarding => "forwarding",
            Self::Revocation => "revocation",
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
            Self::Extension => "YQ",
            Self::HearingOffer => "TG",
            Self::Hearing => "TZ",
            Self::Grant => "ZY",
            Self::Refusal => "BY",
            Self::Lapse => "ZZ",
            Self::Forwarding => "ZB",
            Self::Revocation => "CX",
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
                | Self::HearingOffer
                | Self::Refusal
                | Self::Lapse
                | Self::Revocation
        )
    }

    /// Whether it must list what is asked for.
    pub fn needs_demands(self) -> bool {
        matches!(self, Self::Supplement | Self::Conditional)
    }

    /// Whether it must name what can be done against it.
    pub fn needs_remedies(self) -> bool {
        matches!(self, Self::NotAccepted | Self::Refusal | Self::Lapse | Self::Revocation)
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
            | Self::Extension
            | Self::HearingOffer
            | Self::Hearing
            | Self::Grant
            | Self::Refusal
            | Self::Lapse
            | Self::Revocation
            | Self::Declaration => &[SealKind::Decision, SealKind::Official],
        }
    }
}

/// 终止办理, not 终止办理办理: the frame of services already says it.
trait OrHandling {
    fn or_handling(self, frame: Frame) -> Self;
}

impl OrHandling for Text {
    fn or_handling(mut self, frame: Frame) -> Self {
        if frame != Frame::PublicService {
            self.zh = self.zh.replace("通知书", "办理通知书");
        }
        self
    }
}

crate::words!(NoticeKind);
