//! What an applicant does with a case after filing: one call for every act.

use super::hold::Hold;
use super::outcome::{OutcomeDone, done, stale};
use super::{filer, keep, materials};
use crate::model::*;
use crate::rules::{Command, Doer};
use crate::scope::Scope;
use ::store::Cx;
use identity::Applicant;
use identity::mandate::{self, Act};
use kernel::codes::CaseNumber;
use kernel::{AccountId, FileId, Outcome, Refusal, RefusalKind, SubjectId};
use page::House;
use serde::Deserialize;
use std::collections::BTreeMap;

/// What an applicant can do.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(tag = "verb", rename_all = "snake_case", deny_unknown_fields)]
pub enum ApplicantAct {
    /// 撤回.
    Withdraw {
        /// Why, if said.
        #[serde(default)]
        reason: Option<String>,
    },
    /// Confirm as a party.
    Confirm {
        /// Whether papers are to be served in another way than electronically.
        #[serde(default)]
        paper: bool,
    },
    /// 申请听证.
    RequestHearing,
    /// 放弃听证.
    WaiveHearing,
    /// An entry of a register is wrong.
    Dispute {
        /// The path as rules read it.
        path: String,
        /// What is so.
        claim: String,
        /// The paper that shows it.
        #[serde(default)]
        proof: Option<FileId>,
    },
    /// 容缺后补.
    KeepPromise {
        /// The papers.
        materials: Vec<Material>,
    },
    /// A person instead of the program.
    WantPerson {
        /// Why, if said.
        #[serde(default)]
        reason: Option<String>,
    },
    /// 撤回电子送达的同意: served on paper from now on.
    WantPaper,
    /// Object while a step is public.
    Object {
        /// The step.
        step: String,
        /// Why.
        reason: String,
    },
}

impl ApplicantAct {
    /// What it is in a mandate's list of uses.
    pub(super) fn use_of_mandate(&self) -> Act {
        match self {
            Self::Withdraw { .. } => Act::Withdraw,
            Self::Confirm { .. } => Act::Confirm,
            Self::RequestHearing => Act::Hearing,
            Self::WaiveHearing => Act::Waive,
            Self::Dispute { .. } => Act::Dispute,
            Self::KeepPromise { .. } => Act::Promise,
            Self::WantPerson { .. } => Act::Person,
            Self::WantPaper => Act::Write,
            Self::Object { .. } => Act::Object,
        }
    }
}

impl ApplicantAct {
    /// Its word, as the API spells it.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Withdraw { .. } => "withdraw",
            Self::Confirm { .. } => "confirm",
            Self::RequestHearing => "request_hearing",
            Self::WaiveHearing => "waive_hearing",
            Self::Dispute { .. } => "dispute",
            Self::KeepPromise { .. } => "keep_promise",
            Self::WantPerson { .. } => "want_person",
            Self::WantPaper => "want_paper",
            Self::Object { .. } => "object",
        }
    }
}

/// The word of every act of applicants, as the API spells it.
pub const APPLICANT_VERBS: &[&str] = &[
    "withdraw",
    "confirm",
    "request_hearing",
    "waive_hearing",
    "dispute",
    "keep_promise",
    "want_person",
    "want_paper",
    "object",
];

/// Does the act, if the case is the applicant's.
///
/// # Errors
/// Not found for somebody else's case, `cases.stale`, or a refusal of the rules.
pub async fn ask(
    cx: &mut Cx,
    house: &House,
    who: &Applicant,
    number: &CaseNumber,
    act: ApplicantAct,
    rev: Option<i64>,
) -> Outcome<OutcomeDone> {
    let store = cx.store().clone();
    // Who objects need be no party: what is public is public to all. They learn nothing of the case by it.
    let scope = match act {
        ApplicantAct::Object { .. } => Scope::program(),
        _ => Scope::from(who),
    };
    let mut hold = Hold::load(&store, number, &scope).await?;
    if rev.is_some_and(|rev| rev != hold.rev()) {
        return Err(stale().into());
    }
    named_first(hold.case.as_ref(), who, &act)?;
    let item = hold.item.item.key.clone();
    mandate::rely(cx, who, act.use_of_mandate(), &[item.as_str()], &number.to_string()).await?;
    let mut command = command_of(cx, who.account(), who.subject(), act).await?;
    if let Command::Confirm { capacity, .. } = &mut command {
        *capacity = who.mandate().map(|m| filer::by_mandate(m.basis));
    }
    let by = Doer { account: Some(who.account()), subject: Some(who.subject()), ..Doer::default() };
    let promised = promised(&command);
    hold.act_by(house, cx, command, &by)?;
    if let Some(case) = &hold.case {
        keep::keep_later(cx, who.subject(), (case, &hold.item.item), &promised).await?;
    }
    done(hold, house, cx).await
}

/// The papers that keep a promise, as they will lie in the holder's drawer.
pub(super) fn promised(command: &Command) -> BTreeMap<String, Vec<FileId>> {
    match command {
        Command::KeepPromise { materials } => keep::fresh(&[], materials),
        _ => BTreeMap::new(),
    }
}

/// What the rules are asked in the name of `subject`; the files are uploads of `account` and kept by the commit.
pub(super) async fn command_of(
    cx: &mut Cx,
    account: AccountId,
    subject: SubjectId,
    act: ApplicantAct,
) -> Outcome<Command> {
    let store = cx.store().clone();
    Ok(match act {
        ApplicantAct::Withdraw { reason } => Command::Withdraw { reason },
        ApplicantAct::Confirm { paper } => Command::Confirm { subject, paper, capacity: None },
        ApplicantAct::RequestHearing => Command::RequestHearing,
        ApplicantAct::WaiveHearing => Command::WaiveHearing,
        ApplicantAct::Dispute { path, claim, proof } => {
            materials::own_files(&store, account, proof.as_slice()).await?;
            materials::attach(cx, proof);
            Command::Dispute { path, claim, proof }
        }
        ApplicantAct::KeepPromise { materials } => {
            let files = materials::files_of(&materials);
            materials::own_files(&store, account, &files).await?;
            materials::attach(cx, files);
            materials::rely(cx, &materials).await?;
            Command::KeepPromise { materials }
        }
        ApplicantAct::WantPerson { reason } => Command::WantPerson { reason },
        ApplicantAct::WantPaper => Command::WantPaper { subject },
        ApplicantAct::Object { step, reason } => {
            Command::Object { step, reason, by: Some(subject), on_paper: None }
        }
    })
}

/// Whoever was named by somebody else takes part only after confirming it: until then they may confirm, or object like anybody.
pub(super) fn may_act(case: Option<&Case>, who: &Applicant) -> Result<(), Refusal> {
    let own = |p: &&Party| p.subject == who.subject();
    let Some(case) = case.filter(|c| c.filer() != Some(who.subject())) else { return Ok(()) };
    let mut parties = case.parties.iter().filter(own).peekable();
    if parties.peek().is_none() || parties.any(|p| p.confirmed_at.is_some()) {
        return Ok(());
    }
    Err(Refusal::new(
        RefusalKind::Conflict,
        "cases.confirm-first",
        "您是别人填报的当事人，请先确认参加，再办理其他操作。",
        "Somebody else named you as a party; confirm that you take part before anything else.",
    )
    .next("请打开办件，点“确认参加”。", "Open the case and confirm that you take part."))
}

fn named_first(case: Option<&Case>, who: &Applicant, act: &ApplicantAct) -> Result<(), Refusal> {
    match act {
        ApplicantAct::Confirm { .. } | ApplicantAct::Object { .. } => Ok(()),
        _ => may_act(case, who),
    }
}
