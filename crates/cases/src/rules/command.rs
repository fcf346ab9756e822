//! What can be asked of a case, by whom, and when it happened.

use super::Application;
use crate::event::FeesTold;
use crate::model::*;
use catalog::{ItemVersionId, Original};
use forms::Answers;
use kernel::{AccountId, AgencyCode, FileId, Money, SubjectId, Term, Text, Timestamp};
use procedure::Leave;
use serde_json::Value;
use std::collections::BTreeMap;

/// What an examiner chooses within the step's standard.
#[derive(Debug, Clone, Default)]
pub struct Choice {
    /// The amount set.
    pub amount: Option<Money>,
    /// Why they keep away from what the standard says.
    pub deviation: Option<String>,
}

/// What can be asked of a case.
#[derive(Debug, Clone)]
pub enum Command {
    /// Hand it in.
    File(Box<Application>),
    /// A source that could not be asked has answered.
    Learn {
        /// What each said.
        facts: Vec<Fact>,
    },
    /// The look before it counts as received (预审).
    Precheck {
        /// Whether it may be received.
        ok: bool,
        /// Why not; compulsory then.
        reason: String,
    },
    /// Accept it (受理).
    Accept,
    /// Say that it is not accepted (不予受理).
    NotAccept {
        /// Why; compulsory.
        reason: String,
        /// Which body is the right one.
        right_body: Option<String>,
    },
    /// Give it back unreceived (退件).
    Return {
        /// Why; compulsory.
        reason: String,
    },
    /// Do the task in favour.
    Approve {
        /// The task.
        task: TaskId,
        /// Remarks.
        reason: Option<String>,
        /// What was chosen within the standard.
        choice: Choice,
    },
    /// Do the task against; the case is refused.
    Refuse {
        /// The task.
        task: TaskId,
        /// Why; compulsory.
        reason: String,
        /// What was chosen within the standard.
        choice: Choice,
    },
    /// A line system reports on a task it was handed.
    Report {
        /// The task.
        task: TaskId,
        /// The system.
        system: String,
        /// In favour or against.
        pass: bool,
        /// What it says.
        text: String,
    },
    /// Record an inspection on site.
    Visit {
        /// The task.
        task: TaskId,
        /// What was found.
        visit: Visit,
    },
    /// Take a task into one's own hands (签收).
    Claim {
        /// The task.
        task: TaskId,
    },
    /// Put it back.
    Release {
        /// The task.
        task: TaskId,
    },
    /// Hand it to a colleague (转办).
    HandOver {
        /// The task.
        task: TaskId,
        /// To whom.
        to: AccountId,
        /// What they should know.
        note: String,
    },
    /// Take back one's own opinion before anybody built on it (取回).
    Recall {
        /// The task that was done.
        task: TaskId,
    },
    /// Send it back to an earlier step (退回上一环节).
    SendBack {
        /// The task that lies here.
        task: TaskId,
        /// The earlier step.
        to: String,
        /// Why; compulsory.
        reason: String,
    },
    /// Tell once and completely what must be supplied (补正告知).
    AskSupplement {
        /// Everything.
        demands: Vec<Demand>,
    },
    /// Supply it.
    Supplement {
        /// The answers as they are now.
        answers: Answers,
        /// The papers as they are now.
        materials: Vec<Material>,
        /// What the sources said of them.
        facts: Vec<Fact>,
    },
    /// Begin a special procedure, or an ordinary suspension (特别程序, 挂起).
    Suspend {
        /// For what.
        kind: SuspensionKind,
        /// Why; compulsory.
        reason: String,
        /// How long it should last; compulsory for a special procedure.
        expected: Option<Term>,
    },
    /// End it.
    Resume {
        /// What came of it.
        result: String,
    },
    /// Give more time (延期).
    Extend {
        /// Why; compulsory.
        reason: String,
        /// The leave of the head of the government; compulsory in a joint procedure.
        leave: Option<Leave>,
    },
    /// Tell the party that they may ask for a hearing (听证告知).
    OfferHearing {
        /// Why; compulsory.
        reason: String,
    },
    /// Somebody who is no party has a major interest in it: they are told of their rights (利害关系人告知).
    FindInterested {
        /// Their name; compulsory.
        name: String,
        /// Which interest; compulsory.
        interest: String,
        /// What proves it.
        evidence: Vec<FileId>,
    },
    /// That notice was served on them.
    TellInterested {
        /// Which of them.
        who: String,
        /// From when it counts.
        served: Timestamp,
        /// What proves it; compulsory.
        proof: String,
    },
    /// What they answered on paper.
    AnswerOfInterested {
        /// Which of them.
        who: String,
        /// Whether they ask for a hearing; else they give it up.
        asks: bool,
        /// Where their paper is kept; compulsory.
        proof: String,
    },
    /// Ask for it.
    RequestHearing,
    /// Give it up.
    WaiveHearing,
    /// Set its day (听证通知).
    SetHearing {
        /// The day and hour.
        on: Timestamp,
        /// Where.
        place: String,
        /// Who presides.
        chair: AccountId,
        /// Their name.
        chair_name: String,
    },
    /// It was held.
    RecordHearing {
        /// The record; compulsory.
        record: String,
        /// As it was signed.
        evidence: Vec<FileId>,
    },
    /// A party confirms that they take part.
    Confirm {
        /// Who.
        subject: SubjectId,
        /// Whether they want papers in another way than electronically.
        paper: bool,
        /// In what capacity, when somebody speaks for them.
        capacity: Option<Capacity>,
    },
    /// 窗口代办: a party stands at a window and does something, which a clerk writes down.
    SayAtWindow {
        /// Whom their document names, if anybody.
        found: Option<SubjectId>,
        /// The word of the act.
        act: String,
        /// Who writes it down, and on what.
        witness: Witness,
        /// What they do: an act of a party's.
        does: Box<Command>,
    },
    /// A party who does not use the platform confirms at a window; a clerk writes it down.
    ConfirmAtWindow {
        /// In which role they take part.
        role: String,
        /// Whom the identity document names, if anybody here.
        found: Option<SubjectId>,
        /// How it was given; its ground and its signed paper are compulsory.
        witness: Witness,
    },
    /// Hand in what was promised.
    KeepPromise {
        /// The papers.
        materials: Vec<Material>,
    },
    /// Another case of the matter has come to something.
    Sibling {
        /// The other's item.
        item: String,
        /// To what.
        news: SiblingNews,
    },
    /// The later check of a declaration.
    CheckDeclaration {
        /// Whether what was declared is so.
        ok: bool,
        /// What was found; compulsory.
        text: String,
    },
    /// Say that an entry of a register is wrong.
    Dispute {
        /// The path as rules read it.
        path: String,
        /// What is so; compulsory.
        claim: String,
        /// The paper that shows it.
        proof: Option<FileId>,
    },
    /// Settle it.
    SettleDispute {
        /// The path.
        path: String,
        /// Whether the applicant was right.
        upheld: bool,
        /// What was found; compulsory.
        text: String,
        /// What is so, when the register was wrong.
        value: Option<Value>,
    },
    /// A paper was seen in the original.
    SeePaper {
        /// The demand.
        demand: String,
        /// Looked at, kept, or taken back and cancelled.
        original: Original,
    },
    /// Object while a step is public.
    Object {
        /// The step.
        step: String,
        /// Why; compulsory.
        reason: String,
        /// By whom, when they are signed in.
        by: Option<SubjectId>,
        /// The name under it, when it came on paper; compulsory then.
        on_paper: Option<String>,
    },
    /// Ask for a person instead of the program.
    WantPerson {
        /// Why, if said.
        reason: Option<String>,
    },
    /// Be served on paper from now on.
    WantPaper {
        /// Which party.
        subject: SubjectId,
    },
    /// What was granted has been made (制证).
    Certify {
        /// What was issued.
        certificates: Vec<CertificateId>,
    },
    /// Serve the decision (送达).
    Deliver {
        /// How.
        service: Service,
        /// Since when it counts, when that is later.
        effective_at: Option<Timestamp>,
    },
    /// Close it (办结).
    Close,
    /// A certificate on which it may rely has another state.
    ReliedChanged {
        /// Which.
        certificate: CertificateId,
        /// Its name.
        name: Text,
        /// The word of its state.
        state: String,
        /// Whether it proves what it proved.
        stands: bool,
    },
    /// A bill was raised for it, or is settled.
    FeesTold(FeesTold),
    /// Take it back (撤回).
    Withdraw {
        /// Why, if said.
        reason: Option<String>,
    },
    /// Send it to the body that decides (转报).
    Forward {
        /// To whom; compulsory.
        to: String,
        /// Why; compulsory.
        reason: String,
    },
    /// Strike it out (作废).
    Void {
        /// Why; compulsory.
        reason: String,
    },
    /// Take back what was granted (撤销).
    Revoke {
        /// On what ground; compulsory.
        ground: String,
    },
    /// A reconsideration or a suit was filed.
    OpenRemedy {
        /// Which.
        remedy: RemedyId,
        /// Reconsideration or suit.
        kind: RemedyKind,
        /// Before which body.
        body: String,
        /// On what ground.
        ground: String,
    },
    /// It ended.
    EndRemedy {
        /// Which.
        remedy: RemedyId,
        /// How.
        outcome: RemedyOutcome,
        /// What was said; compulsory.
        text: String,
        /// What the decision was changed to.
        changed: Option<Decision>,
    },
    /// The end of a term passed: the act's moment is that end.
    Pass,
    /// A new version of the item (the one given to the rules) takes the case over where its migration says how.
    MoveOn {
        /// The new version.
        to: ItemVersionId,
        /// The number of the version the case runs under.
        from: i64,
        /// Who takes each step of the new version that names a function and a level.
        agencies: BTreeMap<String, Vec<AgencyCode>>,
    },
    /// Do a line system's seat oneself (收回): it has lost what it was handed.
    TakeBack {
        /// The step.
        step: String,
        /// Why; compulsory.
        reason: String,
    },
    /// Hold a hearing in public of the body's own motion (第四十六条).
    OrderHearing {
        /// Why; compulsory.
        reason: String,
    },
    /// Look at a benefit again (定期核查): it goes on.
    Review {
        /// What was found; compulsory.
        text: String,
        /// What is paid from now on, when that is another amount.
        amount: Option<Money>,
    },
    /// End a benefit (退出).
    StopBenefit {
        /// Why.
        why: Exit,
        /// What was found; compulsory.
        text: String,
    },
    /// A party cannot act any more (中止).
    HaltParty {
        /// Who.
        subject: SubjectId,
        /// Why.
        cause: HaltCause,
        /// How the body knows; compulsory.
        text: String,
    },
    /// What came of it.
    EndHalt {
        /// Whose.
        subject: SubjectId,
        /// How it goes on, or that it ends; a successor's role and share are those of the party.
        how: HaltOutcome,
        /// What was found; compulsory.
        text: String,
    },
    /// A notice was issued.
    Issued {
        /// Which.
        issued: Issued,
        /// The seal applied.
        seal: Option<String>,
    },
    /// A notice was served later, or once more.
    Serve {
        /// The notice.
        notice: Option<NoticeId>,
        /// How.
        way: Service,
        /// Since when it counts.
        effective_at: Timestamp,
        /// On whom.
        party: Option<SubjectId>,
    },
}
