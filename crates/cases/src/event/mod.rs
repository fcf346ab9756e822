//! What can happen to a case; the trace keeps these, and everything else is computed from them.

mod filed;
mod hearing;
mod later;
mod trace_event;

pub use filed::{
    ActElsewhere, Filed, Late, NoticeServed, SaidAtWindow, SeatRecalled, SeatSigned, SiblingEnd, Validity,
};
pub use hearing::{Heard, HearingOf, HearingOrdered};
pub use later::*;

use crate::model::*;
use kernel::{AccountId, Due, FileId, SubjectId, Text, Timestamp};
use procedure::{Law, Leave, RunningTerm, TermKind};
use serde::{Deserialize, Serialize};

/// One thing that happened to a case.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
#[allow(clippy::large_enum_variant, reason = "read and folded one after another, never kept by the thousand")]
pub enum CaseEvent {
    /// 收件: somebody handed it in.
    Filed(Box<Filed>),
    /// A case of another system was taken over; what happened there follows.
    Imported(Box<Filed>),
    /// Something happened there.
    ImportedAct(ActElsewhere),
    /// What follows was recorded later than it happened (补录); supervision sees it.
    RecordedLate {
        /// Why, and the proof of the moment.
        late: Late,
    },
    /// A source answered, or could not.
    FactsSeen {
        /// What each said; an answer replaces an earlier one of the same alias.
        facts: Vec<Fact>,
    },
    /// 受理.
    Accepted {
        /// How.
        how: Acceptance,
        /// Since when, when that is not the moment of the event: 视为受理 counts from receipt.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<Timestamp>,
        /// The terms that run from it.
        terms: Vec<RunningTerm>,
    },
    /// 不予受理, with the right body where there is one.
    NotAccepted {
        /// Why.
        reason: String,
        /// Which body is the right one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        right_body: Option<String>,
        /// What the person can do against it.
        remedies: Vec<Text>,
        /// Whether it is open to the public, and on what ground; older events do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        openness: Option<catalog::Openness>,
    },
    /// 退件: the pre-check found that it cannot be received like this.
    Returned {
        /// Why.
        reason: String,
    },
    /// A step's rule waits for facts.
    StepHeld {
        /// The step.
        step: String,
        /// The aliases it waits for.
        absent: Vec<String>,
    },
    /// A step became a task of an agency, or of several.
    StepOpened {
        /// The step.
        step: String,
        /// Which time, from 1.
        round: u32,
        /// Who signs; nobody while it is public and waits for objections.
        seats: Vec<Seat>,
        /// Why a person looks at what a rule should have decided.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        referred: Option<Referral>,
        /// Its own term.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<RunningTerm>,
    },
    /// A step ended in favour.
    StepPassed {
        /// The step.
        step: String,
        /// By whom.
        by: DoneBy,
        /// Remarks, if any.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<Text>,
        /// How its standard was used.
        #[serde(default, skip_serializing_if = "Discretion::is_empty")]
        discretion: Discretion,
    },
    /// A step ended against.
    StepFailed {
        /// The step.
        step: String,
        /// By whom.
        by: DoneBy,
        /// Why.
        reason: Text,
        /// The checks that did not hold, when a rule did it.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        unmet: Vec<String>,
        /// How its standard was used.
        #[serde(default, skip_serializing_if = "Discretion::is_empty")]
        discretion: Discretion,
    },
    /// One of those who sign a step together said what they think (会签).
    SeatSigned(SeatSigned),
    /// They took it back before the others had signed.
    SeatRecalled(SeatRecalled),
    /// Somebody took a task into their own hands (签收).
    TaskClaimed {
        /// The task.
        task: TaskId,
        /// Who.
        by: AccountId,
    },
    /// They put it back.
    TaskReleased {
        /// The task.
        task: TaskId,
    },
    /// They handed it to a colleague (转办).
    TaskHandedOver {
        /// The task.
        task: TaskId,
        /// To whom.
        to: AccountId,
        /// What the colleague should know.
        #[serde(default, skip_serializing_if = "String::is_empty")]
        note: String,
    },
    /// Whoever did a step took their opinion back before anybody built on it (取回).
    StepRecalled {
        /// The step.
        step: String,
        /// The steps that are to be done again, it among them.
        again: Vec<String>,
    },
    /// A later step sent the case back to an earlier one (退回上一环节).
    SentBack(SentBack),
    /// An inspection on site was made (现场核查).
    Visited {
        /// For which step.
        step: String,
        /// What was found.
        visit: Visit,
    },
    /// A step's condition does not hold.
    StepSkipped {
        /// The step.
        step: String,
    },
    /// 补正告知: one complete notice.
    SupplementAsked {
        /// Everything that must be supplied.
        demands: Vec<Demand>,
        /// The applicant's time to supply it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<RunningTerm>,
    },
    /// 补正: the applicant supplied it.
    Supplemented {
        /// The answers as they are now.
        answers: forms::Answers,
        /// The papers as they are now.
        materials: Vec<Material>,
        /// The terms that run anew.
        terms: Vec<RunningTerm>,
    },
    /// 特别程序 or 挂起: told in writing with the time it needs.
    Suspended {
        /// For what.
        kind: SuspensionKind,
        /// Why.
        reason: String,
        /// By which law; none for an ordinary suspension, which stops no clock.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        law: Option<Law>,
        /// Until when it should last.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        expected: Option<Due>,
    },
    /// It goes on.
    Resumed {
        /// What came of it.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        result: Option<String>,
        /// The terms as they run now, with the time excluded.
        terms: Vec<RunningTerm>,
    },
    /// 延期: the head of the body gave more time, once, and said why.
    Extended {
        /// Why.
        reason: String,
        /// The leave of the head of the government, in a joint procedure (行政许可法第四十二条第二款).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        leave: Option<Leave>,
        /// The terms as they run now.
        terms: Vec<RunningTerm>,
    },
    /// 听证告知: the parties may ask for a hearing.
    HearingOffered {
        /// Why.
        reason: String,
        /// Until when they may ask.
        term: RunningTerm,
    },
    /// It is to be held.
    HearingRequested {
        /// Until when it must be held.
        term: RunningTerm,
    },
    /// The party gave it up, or the time for asking ran out.
    HearingWaived {
        /// Whether the time ran out.
        #[serde(default)]
        lapsed: bool,
    },
    /// What one of those concerned was told about it, or said.
    HearingOf(HearingOf),
    /// 听证通知: the day is set.
    HearingSet {
        /// The day and hour.
        on: Timestamp,
        /// Where.
        place: String,
        /// Who presides.
        chair: AccountId,
        /// Their name.
        chair_name: String,
    },
    /// It was held, with a record.
    HearingHeld {
        /// The record.
        record: String,
        /// As it was signed.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        evidence: Vec<FileId>,
    },
    /// A party confirmed that they take part.
    PartyConfirmed {
        /// Who.
        subject: SubjectId,
        /// In which role.
        role: String,
        /// Whether they want papers in another way than electronically.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        paper: bool,
        /// In what capacity, when somebody spoke for them.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        capacity: Option<Capacity>,
        /// How, when it was at a window.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        witness: Option<Witness>,
    },
    /// 共同申请齐全: every party has confirmed; what was one side's wish is an application now.
    AllConfirmed {
        /// The terms that begin, now that it is complete.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        terms: Vec<RunningTerm>,
    },
    /// What was promised to be handed in later came.
    PromiseKept {
        /// The paper.
        material: String,
        /// What came.
        given: Vec<Given>,
    },
    /// Another case of the matter was granted, and this one had waited for it.
    SiblingGranted {
        /// The other's item.
        item: String,
        /// The kinds of certificates that were awaited and came.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        kinds: Vec<String>,
        /// The demands they stand for.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        papers: Vec<(String, CertificateId)>,
        /// The terms that begin, now that it is complete.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        terms: Vec<RunningTerm>,
    },
    /// The fees of another case of the matter, for whose result this one waits, are due.
    SiblingOwes {
        /// The other's item.
        item: String,
    },
    /// Another case of the matter ended without the result that this one had waited for.
    SiblingEnded(SiblingEnd),
    /// 窗口代办: what follows a party did at a window, where a clerk wrote it down.
    SaidAtWindow(SaidAtWindow),
    /// Its time ran out.
    PromiseBroken {
        /// The paper.
        material: String,
    },
    /// The later check of a declaration.
    DeclarationChecked {
        /// Whether what was declared is so.
        ok: bool,
        /// What was found.
        text: String,
    },
    /// The applicant says that an entry of a register is wrong.
    Disputed {
        /// What they say.
        dispute: Dispute,
    },
    /// A person looked at the proof.
    DisputeSettled {
        /// The path.
        path: String,
        /// Whether the applicant was right.
        upheld: bool,
        /// What was found.
        text: String,
        /// What is so, when the register was wrong.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        fact: Option<Fact>,
    },
    /// A paper was seen in the original.
    PaperSeen {
        /// The demand.
        demand: String,
        /// Looked at, kept, or taken back and cancelled.
        original: catalog::Original,
    },
    /// Somebody objected while a step was public.
    Objected {
        /// The objection.
        objection: Objection,
    },
    /// The applicant wants a person instead of the program.
    PersonWanted(PersonWanted),
    /// A term's end passed.
    TermPassed {
        /// Which.
        kind: TermKind,
        /// Its end.
        due: Timestamp,
    },
    /// 终止办理: what was asked for or promised did not come (补交不来), or a party is no more.
    Lapsed {
        /// What did not come.
        reason: Text,
        /// What the person can do against it.
        remedies: Vec<Text>,
    },
    /// 转报.
    Forwarded {
        /// To whom.
        to: String,
        /// Why.
        reason: String,
    },
    /// 作废.
    Voided {
        /// Why.
        reason: String,
    },
    /// 撤销: what was granted is taken back.
    Revoked {
        /// On what ground.
        ground: String,
        /// What the person can do against it.
        remedies: Vec<Text>,
    },
    /// A notice was issued with a seal.
    NoticeIssued {
        /// The notice.
        notice: NoticeId,
        /// Which.
        kind: NoticeKind,
        /// Its number.
        number: String,
        /// Whether it goes to somebody concerned who is no party.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        outside: bool,
        /// The seal applied.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        seal: Option<String>,
    },
    /// A notice was served on a party (送达), with its proof.
    Served(NoticeServed),
    /// A reconsideration or a suit was filed.
    RemedyOpened {
        /// Which.
        remedy: Remedied,
        /// On what ground.
        ground: String,
    },
    /// It ended.
    RemedyEnded {
        /// Which.
        remedy: RemedyId,
        /// How.
        outcome: RemedyOutcome,
        /// What was said.
        text: String,
        /// The decision as it was changed to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        changed: Option<Decision>,
    },
    /// 重作: it is examined anew.
    Reopened(Reopened),
    /// A new version of the item took the running case over.
    MovedOn(MovedOn),
    /// 定期核查: what is paid was looked at again, and goes on.
    Reviewed(Reviewed),
    /// 退出: a benefit ends.
    Stopped(Stopped),
    /// 收回: the body does itself what it had handed to a line system.
    TakenBack(TakenBack),
    /// 主动听证: the body holds a hearing in public of its own motion, or because a rule says so.
    HearingOrdered(HearingOrdered),
    /// 中止: a party cannot act any more; what they have still to do stands still.
    PartyHalted(Halt),
    /// What came of it.
    HaltEnded(HaltEnded),
    /// One of several who applied together wants to take it back; it ends when all have said so.
    WithdrawalSought(WithdrawalSought),
    /// A certificate on which it relies has another state.
    ReliedChanged(ReliedChanged),
    /// A party takes back the consent to be served electronically.
    PaperWanted(PaperWanted),
    /// 核定应缴: what is owed for it now.
    FeesOwed(FeesOwed),
    /// 等待缴费: nothing but a payment is missing, or no longer.
    PaymentAwaited(PaymentAwaited),
    /// 缴费: what became of a bill.
    FeesTold(FeesTold),
    /// 视为准予延续: the body did not decide before the end.
    DeemedRenewed(Validity),
    /// 上报: the lower body has reviewed it and sends it up to the body that decides.
    SentUp,
    /// 决定.
    Decided {
        /// What.
        decision: Decision,
        /// Whether it is open to the public, and on what ground (政府信息公开条例); older events do not say.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        openness: Option<catalog::Openness>,
        /// Until when what is granted runs without another look.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        review: Option<RunningTerm>,
        /// The term to issue and deliver, when something is.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        term: Option<RunningTerm>,
        /// The time to check what was declared, when it rests on a declaration.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        check: Option<RunningTerm>,
    },
    /// 制证.
    Certified {
        /// What was issued.
        certificates: Vec<CertificateId>,
    },
    /// 送达.
    Delivered {
        /// How.
        service: Service,
        /// Since when it counts, when that is later (公告送达).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        effective_at: Option<Timestamp>,
        /// Within what time remedies are open; it runs from service.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        remedy: Option<RunningTerm>,
    },
    /// 办结.
    Closed,
    /// 撤回.
    Withdrawn {
        /// Why, if said.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}
