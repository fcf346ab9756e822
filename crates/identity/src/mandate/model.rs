//! What a mandate (授权委托) is: who may act for whom, in which matters, until when.

use jiff::ToSpan as _;
use jiff::civil::Date;
use kernel::{OrganisationId, SubjectId, Timestamp, clock};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::str::FromStr;

kernel::typed_id! {
    /// One mandate.
    MandateId;
    /// One use of a mandate.
    UseId;
}

/// On what a mandate rests (代理权的来源, Civil Code art. 163).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Basis {
    /// Given by the principal (委托代理, Civil Code art. 165).
    Given,
    /// By law: a parent or other guardian of somebody under 18 (法定代理, Civil Code art. 23, 27).
    Guardian,
}

/// Where a mandate stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum MandateState {
    /// Signed by the giver; the agent has not answered.
    Offered,
    /// In force until its last day.
    Accepted,
    /// The agent did not want it.
    Refused,
    /// The principal or the giver took it back (取消委托, Civil Code art. 173).
    Revoked,
    /// The agent gave it up (辞去委托, art. 173).
    Renounced,
    /// Its last day has passed (art. 173).
    Expired,
    /// It ended with something else: see [`Cause`].
    Ended,
}

macro_rules! words {
    ($($type:ident { $($case:ident = $word:literal),+ $(,)? })+) => {$(
        impl $type {
            /// The word of rows, events and message keys.
            pub fn word(self) -> &'static str {
                match self {
                    $(Self::$case => $word,)+
                }
            }
        }

        impl std::fmt::Display for $type {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.word())
            }
        }

        impl FromStr for $type {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$case),)+
                    other => Err(format!("unknown word {other:?}")),
                }
            }
        }
    )+};
}

words! {
    Basis { Given = "given", Guardian = "guardian" }
    MandateState {
        Offered = "offered",
        Accepted = "accepted",
        Refused = "refused",
        Revoked = "revoked",
        Renounced = "renounced",
        Expired = "expired",
        Ended = "ended",
    }
    Cause { Death = "death", Dissolved = "dissolved", Chain = "chain", Guardianship = "guardianship" }
}

impl MandateState {
    /// Whether something may still become of it.
    pub fn open(self) -> bool {
        matches!(self, Self::Offered | Self::Accepted)
    }
}

/// With what a mandate ended of itself (Civil Code art. 173, 175).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// One side died.
    Death,
    /// One side was wound up.
    Dissolved,
    /// The mandate it was handed on from has ended.
    Chain,
    /// Somebody else is the guardian now.
    Guardianship,
}

/// In which matters one may act (代理事项).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Matters {
    /// In all of them.
    All,
    /// In these service items, by key.
    Items(BTreeSet<String>),
}

impl Matters {
    /// Whether an item is among them.
    pub fn cover(&self, item: &str) -> bool {
        match self {
            Self::All => true,
            Self::Items(items) => items.contains(item),
        }
    }

    /// Whether everything in `other` is in these too.
    pub fn hold(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::All, _) => true,
            (Self::Items(_), Self::All) => false,
            (Self::Items(own), Self::Items(others)) => others.is_subset(own),
        }
    }
}

/// As the column keeps it: `*`, or the keys with a comma between (no key holds one).
impl std::fmt::Display for Matters {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::All => f.write_str("*"),
            Self::Items(items) => {
                f.write_str(&items.iter().map(String::as_str).collect::<Vec<_>>().join(","))
            }
        }
    }
}

impl FromStr for Matters {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Ok(match text {
            "*" => Self::All,
            keys => Self::Items(keys.split(',').filter(|k| !k.is_empty()).map(str::to_owned).collect()),
        })
    }
}

/// What the agent may do in these matters (代理权限).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Powers {
    /// Everything that the principal could do: file, supplement, confirm, withdraw, object (全权办理).
    Everything,
    /// File, supplement and write, but neither withdraw nor give up a hearing (一般办理).
    Filing,
}

words! {
    Powers { Everything = "everything", Filing = "filing" }
}

/// What is done in somebody's name, as the list of uses keeps it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Act {
    /// Hand in an application.
    File,
    /// Hand in what was asked for later.
    Supplement,
    /// Write to the agency.
    Write,
    /// Confirm that the principal takes part.
    Confirm,
    /// Ask for a hearing.
    Hearing,
    /// Give a hearing up.
    Waive,
    /// Say that a register errs.
    Dispute,
    /// Hand in a promised paper.
    Promise,
    /// Ask for a person in the place of an automatic step.
    Person,
    /// Object to what is public.
    Object,
    /// Take an application back.
    Withdraw,
    /// Receive what is handed over at a window (代收).
    Receive,
}

words! {
    Act {
        File = "file",
        Supplement = "supplement",
        Write = "write",
        Confirm = "confirm",
        Hearing = "hearing",
        Waive = "waive",
        Dispute = "dispute",
        Promise = "promise",
        Person = "person",
        Object = "object",
        Withdraw = "withdraw",
        Receive = "receive",
    }
}

impl Powers {
    /// Whether they reach an act: giving something up needs them all, and so does receiving a decision, from which terms run.
    pub fn allow(self, act: Act) -> bool {
        self == Self::Everything || !matches!(act, Act::Waive | Act::Withdraw | Act::Receive)
    }
}

store::text_column!(MandateId, UseId, Basis, MandateState, Matters, Powers);

/// The first moment after a day, in the legal zone.
pub(crate) fn end_of(day: Date) -> Timestamp {
    let next = day.checked_add(1.day()).unwrap_or(day);
    next.to_zoned(clock::legal_zone()).map_or(Timestamp::MAX, |z| clock::truncate(z.timestamp()))
}

/// The last day that ends with a moment.
pub(crate) fn last_day(end: Timestamp) -> Date {
    clock::legal_date(clock::from_micros(end.as_microsecond().saturating_sub(1)))
}

/// A mandate, as its row has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mandate {
    /// Its id.
    pub id: MandateId,
    /// On what it rests.
    pub basis: Basis,
    /// In whose name one acts.
    pub principal: SubjectId,
    /// Their name on the day it was given.
    pub principal_name: String,
    /// Who signed it: the principal, or an agent who handed their own mandate on.
    pub giver: SubjectId,
    /// The giver's name.
    pub giver_name: String,
    /// Who may act.
    pub agent: SubjectId,
    /// The agent's name.
    pub agent_name: String,
    /// In which matters.
    pub matters: Matters,
    /// What they may do there.
    pub powers: Powers,
    /// Whether the agent may hand it on (转委托, Civil Code art. 169).
    pub hand_on: bool,
    /// The mandate it was handed on from.
    pub parent: Option<MandateId>,
    /// How many links lead from the principal to the agent: 1 when it was given directly, 0 by law.
    pub links: i64,
    /// Where it stands.
    pub state: MandateState,
    /// When it was signed.
    pub offered_at: Timestamp,
    /// The moment it ends: the first after its last day.
    pub until_at: Timestamp,
    /// When it ended, if it has.
    pub ended_at: Option<Timestamp>,
    /// How many events it has.
    pub rev: i64,
}

impl Mandate {
    /// Its last day.
    pub fn until(&self) -> Date {
        last_day(self.until_at)
    }

    /// Where it stands at a moment, also when nobody has written the expiry down yet.
    pub fn state_at(&self, now: Timestamp) -> MandateState {
        if self.state.open() && self.until_at <= now { MandateState::Expired } else { self.state }
    }

    /// Whether one may act under it at a moment.
    pub fn in_force(&self, now: Timestamp) -> bool {
        self.state_at(now) == MandateState::Accepted
    }
}

/// The mandate under which somebody acts now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InForce {
    /// Which.
    pub id: MandateId,
    /// On what it rests.
    pub basis: Basis,
    /// In whose name.
    pub principal: SubjectId,
    /// Their name.
    pub principal_name: String,
    /// The firm through which the person is an agent, when the agent is a firm.
    pub through: Option<OrganisationId>,
    /// In which matters.
    pub matters: Matters,
    /// What they may do there.
    pub powers: Powers,
}

/// One use of a mandate: what was done under it, by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Used {
    /// Its id.
    pub id: UseId,
    /// When.
    pub at: Timestamp,
    /// The name of the person who acted.
    pub person_name: String,
    /// What was done.
    pub act: String,
    /// About which case, by number; empty when there is none.
    pub about: String,
}
