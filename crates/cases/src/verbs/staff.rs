//! The acts of staff, as pages and the API send them.

use super::ask::ApplicantAct;
use crate::model::*;
use catalog::Original;
use kernel::{AccountId, FileId, Money, SubjectId, Term, Timestamp};
use procedure::{Excuse, Leave};
use serde::Deserialize;
use serde_json::Value;

/// A number as somebody read it from an identity document: never printed.
#[derive(Clone, Deserialize)]
#[serde(transparent)]
pub struct DocumentNumber(pub String);

impl std::fmt::Debug for DocumentNumber {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DocumentNumber(…)")
    }
}

/// What staff can do. The law of each stands at its rule.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
pub enum StaffAct {
    /// 预审.
    Precheck {
        /// Whether it may be received.
        ok: bool,
        /// Why not.
        #[serde(default)]
        reason: String,
    },
    /// 受理.
    Accept,
    /// 不予受理.
    NotAccept {
        /// Why.
        #[serde(default)]
        reason: String,
        /// Which body is the right one.
        #[serde(default)]
        right_body: Option<String>,
    },
    /// 退件.
    Return {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 补正告知.
    AskSupplement {
        /// Everything.
        #[serde(default)]
        demands: Vec<Demand>,
    },
    /// 同意.
    Approve {
        /// Remarks.
        #[serde(default)]
        reason: Option<String>,
        /// The amount set.
        #[serde(default)]
        amount: Option<Money>,
        /// Why it keeps away from the standard.
        #[serde(default)]
        deviation: Option<String>,
    },
    /// 不同意.
    Refuse {
        /// Why.
        #[serde(default)]
        reason: String,
        /// Why it keeps away from the standard.
        #[serde(default)]
        deviation: Option<String>,
    },
    /// 现场核查记录.
    RecordVisit {
        /// What was found.
        visit: Visit,
    },
    /// 签收.
    Claim,
    /// 释放.
    Release,
    /// 转办.
    HandOver {
        /// To whom.
        to: AccountId,
        /// What they should know.
        #[serde(default)]
        note: String,
    },
    /// 取回: the task that was done.
    Recall,
    /// 退回上一环节.
    SendBack {
        /// To which step.
        to_step: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 特别程序, 挂起.
    Suspend {
        /// For what.
        kind: SuspensionKind,
        /// Why.
        #[serde(default)]
        reason: String,
        /// How long.
        #[serde(default)]
        expected: Option<Term>,
    },
    /// 恢复办理.
    Resume {
        /// What came of it.
        #[serde(default)]
        result: String,
    },
    /// 延期.
    Extend {
        /// Why.
        #[serde(default)]
        reason: String,
        /// The leave of the head of the government: a joint procedure gets no more time without it (行政许可法第四十二条第二款).
        #[serde(default)]
        leave: Option<Leave>,
    },
    /// 听证告知.
    OfferHearing {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 利害关系人告知: somebody who is no party is concerned and is told of their rights.
    FindInterested {
        /// Their name.
        name: String,
        /// Which interest.
        interest: String,
    },
    /// 利害关系人送达登记.
    TellInterested {
        /// Which of them: `interested-1`.
        who: String,
        /// From when the service counts.
        served: Timestamp,
        /// What proves it.
        proof: String,
    },
    /// 利害关系人答复登记.
    AnswerOfInterested {
        /// Which of them.
        who: String,
        /// Whether they ask for a hearing; else they give it up.
        asks: bool,
        /// Where their paper is kept.
        proof: String,
    },
    /// 听证通知.
    SetHearing {
        /// The day and hour.
        at: Timestamp,
        /// Where.
        place: String,
        /// Who presides.
        chair: AccountId,
    },
    /// 听证笔录.
    RecordHearing {
        /// The record.
        record: String,
    },
    /// 转报.
    Forward {
        /// To whom.
        to: String,
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 作废.
    Void {
        /// Why.
        #[serde(default)]
        reason: String,
    },
    /// 撤销.
    Revoke {
        /// On what ground.
        ground: String,
    },
    /// 送达: the decision when it is not served yet, else a notice once more.
    Serve {
        /// Which notice; the decision's when absent.
        #[serde(default)]
        notice: Option<NoticeId>,
        /// On which party; on the first who waits for it when absent.
        #[serde(default)]
        party: Option<SubjectId>,
        /// How.
        way: Service,
        /// When it reached the recipient; now when absent.
        #[serde(default)]
        at: Option<Timestamp>,
        /// The proof on file.
        #[serde(default)]
        evidence: Option<FileId>,
    },
    /// 复议, 诉讼.
    OpenRemedy {
        /// Which.
        kind: RemedyKind,
        /// When it was filed; now when absent.
        #[serde(default)]
        filed_at: Option<Timestamp>,
        /// Before which body.
        body: String,
        /// On what ground.
        ground: String,
        /// Against which notice.
        #[serde(default)]
        against: Option<NoticeId>,
        /// Who seeks it; their own time runs from their own service. Nobody named: from the first service on anybody.
        #[serde(default)]
        party: Option<SubjectId>,
        /// Why it comes after its time, as the law knows it.
        #[serde(default)]
        excuse: Option<Excuse>,
        /// Why it was let in late where the body or court that took it has judged that.
        #[serde(default)]
        late_reason: Option<String>,
    },
    /// Its outcome.
    EndRemedy {
        /// Which.
        remedy: RemedyId,
        /// How it ended.
        outcome: RemedyOutcome,
        /// What was said.
        text: String,
        /// What the decision was changed to: granted, or refused for this reason.
        #[serde(default)]
        changed: Option<Changed>,
        /// The amount it was changed to, where the item grants one.
        #[serde(default)]
        amount: Option<Money>,
    },
    /// 窗口代办: a party without the platform stands at the window and withdraws, asks for a hearing or gives it up, keeps a promise,
    /// wants a person, or says that a register errs; by a clerk.
    ForParty {
        /// The number, as it was read from their identity document.
        citizen_id: DocumentNumber,
        /// What they do.
        act: Box<ApplicantAct>,
        /// Why they do not do it by themselves.
        ground: String,
        /// The paper they signed, an upload of the clerk's.
        #[serde(default)]
        paper: Option<FileId>,
        /// Where that paper is kept, when no copy was uploaded.
        #[serde(default)]
        reference: Option<String>,
    },
    /// 窗口代录确认: a party without the platform stands at the window and takes part; by a clerk.
    ConfirmParty {
        /// In which role they take part.
        role: String,
        /// The number, as it was read from their identity document.
        citizen_id: DocumentNumber,
        /// Why they do not confirm by themselves.
        #[serde(default)]
        ground: String,
        /// The paper they signed.
        #[serde(default)]
        paper: Option<FileId>,
        /// Where that paper is kept, when no copy was uploaded.
        #[serde(default)]
        reference: Option<String>,
    },
    /// 验原件, 收原件, 收回注销.
    ConfirmPaper {
        /// The demand.
        demand: String,
        /// How it was handled.
        original: Original,
    },
    /// 核实异议.
    SettleDispute {
        /// The path.
        path: String,
        /// Whether the applicant was right.
        upheld: bool,
        /// What was found.
        text: String,
        /// What is so.
        #[serde(default)]
        value: Option<Value>,
    },
    /// 公示异议登记: an objection that came on paper while a step is public.
    Object {
        /// The step.
        step: String,
        /// What is objected.
        #[serde(default)]
        reason: String,
        /// The name under it.
        #[serde(default)]
        name: String,
    },
    /// 承诺事后核查.
    CheckDeclaration {
        /// Whether what was declared is so.
        ok: bool,
        /// What was found.
        text: String,
    },
}

/// The word of every act of staff, as the API spells it.
pub const STAFF_VERBS: &[&str] = &[
    "precheck",
    "accept",
    "not_accept",
    "return",
    "ask_supplement",
    "approve",
    "refuse",
    "record_visit",
    "claim",
    "release",
    "hand_over",
    "recall",
    "send_back",
    "suspend",
    "resume",
    "extend",
    "offer_hearing",
    "find_interested",
    "tell_interested",
    "answer_of_interested",
    "set_hearing",
    "record_hearing",
    "forward",
    "void",
    "revoke",
    "serve",
    "open_remedy",
    "end_remedy",
    "confirm_party",
    "for_party",
    "confirm_paper",
    "settle_dispute",
    "object",
    "check_declaration",
];

/// What a decision was changed to by a remedy.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// To a grant.
    Granted,
    /// To a refusal, for this reason.
    Refused(String),
}
