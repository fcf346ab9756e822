//! What terms are for, why they may stand still, and what became of them.

use crate::Law;
use kernel::{Term, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// What a term is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "of")]
pub enum TermKind {
    /// To check an application on line before it is received (预审).
    Precheck,
    /// To say whether the application is accepted.
    Acceptance,
    /// The time of the other parties to say that they take part (共同申请).
    Confirmation,
    /// The applicant's time to supply what is missing (补正).
    Supplement,
    /// To decide, by law (法定).
    Statutory,
    /// To decide, as promised by the agency (承诺).
    Promised,
    /// A lower body's time to review what a higher body decides (下级初审).
    PreliminaryReview,
    /// To do one step.
    Step(String),
    /// The applicant's time to ask for a hearing.
    HearingRequest,
    /// Somebody else's time to ask for a hearing, whose interests it touches (利害关系人): who.
    InterestedRequest(String),
    /// To hold the hearing that was asked for.
    HearingHold,
    /// The public's time to object to a step's outcome (公示).
    Publicity(String),
    /// The applicant's time to bring a paper promised later (容缺).
    Promise(String),
    /// To check later what was declared (告知承诺).
    Check,
    /// Until a benefit is looked at again; the look is due when it ends (定期核查).
    Review,
    /// To issue and deliver what was granted.
    Issue,
    /// To decide on renewal, before the licence ends (延续).
    Renewal,
    /// The person's time to seek a remedy.
    Remedy,
}

impl TermKind {
    /// What the term is for, as a phrase.
    pub fn name(&self) -> Text {
        match self {
            Self::Precheck => Text::new("预审期限", "Time to pre-check"),
            Self::Acceptance => Text::new("受理期限", "Time to accept"),
            Self::Confirmation => Text::new("共同申请确认期限", "Time for the other parties to confirm"),
            Self::Supplement => Text::new("补正期限", "Time to supply what is missing"),
            Self::Statutory => Text::new("法定办结时限", "Time to decide, by law"),
            Self::Promised => Text::new("承诺办结时限", "Time to decide, as promised"),
            Self::PreliminaryReview => Text::new("下级初审时限", "Time for the lower body's review"),
            Self::Step(_) => Text::new("本环节时限", "Time for this step"),
            Self::HearingRequest => Text::new("申请听证期限", "Time to ask for a hearing"),
            Self::InterestedRequest(_) => {
                Text::new("利害关系人申请听证期限", "Time for those concerned to ask for a hearing")
            }
            Self::HearingHold => Text::new("举行听证期限", "Time to hold the hearing"),
            Self::Publicity(_) => Text::new("公示期", "Time to object"),
            Self::Promise(_) => Text::new("承诺补交期限", "Time to bring what was promised"),
            Self::Check => Text::new("承诺核查期限", "Time to check what was declared"),
            Self::Renewal => Text::new("延续决定期限", "Time to decide on renewal"),
            Self::Review => Text::new("下次定期核查", "Until the next review"),
            Self::Issue => Text::new("制证送达时限", "Time to issue and deliver"),
            Self::Remedy => Text::new("救济期限", "Time to seek a remedy"),
        }
    }

    /// Whether the law itself sets it for the agency: when it passes in silence, the person may go against the silence.
    pub fn binds_by_law(&self) -> bool {
        matches!(self, Self::Statutory | Self::PreliminaryReview | Self::HearingHold | Self::Issue)
    }

    /// Whether it binds the person and not the agency.
    pub fn binds_the_person(&self) -> bool {
        matches!(
            self,
            Self::Confirmation
                | Self::Supplement
                | Self::HearingRequest
                | Self::InterestedRequest(_)
                | Self::Publicity(_)
                | Self::Promise(_)
                | Self::Remedy
        )
    }
}

/// Why a case stands still: the special procedures of article 45 of the Licensing Law, the ordinary suspension, and a payment.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SuspensionKind {
    /// 听证.
    Hearing,
    /// 招标.
    Tender,
    /// 拍卖.
    Auction,
    /// 检验.
    Inspection,
    /// 检测.
    Testing,
    /// 检疫.
    Quarantine,
    /// 鉴定.
    Appraisal,
    /// 专家评审.
    ExpertReview,
    /// 普通挂起: within the agency; the clock of the law goes on.
    Ordinary,
    /// 等待缴费: nothing but the payer's money is missing. Nobody orders it, it follows from what is owed.
    Payment,
}

impl SuspensionKind {
    /// Every kind that somebody can order, in the order of the law.
    pub const ALL: [Self; 9] = [
        Self::Hearing,
        Self::Tender,
        Self::Auction,
        Self::Inspection,
        Self::Testing,
        Self::Quarantine,
        Self::Appraisal,
        Self::ExpertReview,
        Self::Ordinary,
    ];

    /// Whether terms stand still meanwhile.
    pub fn stops(self) -> bool {
        self != Self::Ordinary
    }

    /// Its name.
    pub fn name(self) -> Text {
        match self {
            Self::Hearing => Text::new("听证", "hearing"),
            Self::Tender => Text::new("招标", "tender"),
            Self::Auction => Text::new("拍卖", "auction"),
            Self::Inspection => Text::new("检验", "inspection"),
            Self::Testing => Text::new("检测", "testing"),
            Self::Quarantine => Text::new("检疫", "quarantine"),
            Self::Appraisal => Text::new("鉴定", "appraisal"),
            Self::ExpertReview => Text::new("专家评审", "expert review"),
            Self::Ordinary => Text::new("普通挂起", "ordinary suspension"),
            Self::Payment => Text::new("等待缴费", "waiting for payment"),
        }
    }

    /// As packs and forms write it: `expert-review`.
    pub fn word(self) -> &'static str {
        match self {
            Self::Hearing => "hearing",
            Self::Tender => "tender",
            Self::Auction => "auction",
            Self::Inspection => "inspection",
            Self::Testing => "testing",
            Self::Quarantine => "quarantine",
            Self::Appraisal => "appraisal",
            Self::ExpertReview => "expert-review",
            Self::Ordinary => "ordinary",
            Self::Payment => "payment",
        }
    }

    /// The kind that packs and forms write so.
    pub fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|k| k.word() == word)
    }
}

/// Time that does not count: which procedure, since when, until when, why and by which law.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exclusion {
    /// Which procedure.
    pub kind: SuspensionKind,
    /// When it began; that day does not count.
    pub from: Timestamp,
    /// When it ended; that day counts again. `None` while it lasts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Timestamp>,
    /// Why, as told to the applicant.
    pub reason: String,
    /// By which law.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<Law>,
}

/// More time granted: how much, by which law, why and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Extension {
    /// How much.
    pub by: Term,
    /// By which law.
    pub law: Law,
    /// Why, as told to the applicant.
    pub reason: String,
    /// When it was granted.
    pub at: Timestamp,
}

/// What became of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "at")]
pub enum TermState {
    /// It runs.
    Running,
    /// What it demands was done in time, at this moment.
    Met(Timestamp),
    /// What it demands was done, but late, at this moment.
    MetLate(Timestamp),
    /// It no longer counts: a supplement was asked for, the application was withdrawn; since this moment.
    Stopped(Timestamp),
}
