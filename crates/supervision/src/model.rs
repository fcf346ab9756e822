//! What persons ask about their own data: an objection to a look, a correction, a deletion, a copy. One shape, four kinds.

use jiff::civil::Date;
use kernel::calendar::Due;
use kernel::{ActorRef, AgencyCode, FileId, PersonId, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use trace::{Event, Subject};

kernel::typed_id! {
    /// An objection or another request about one's own data.
    RequestId;
    /// An order by which looks are kept from the person for a time.
    SealId;
}
store::text_column!(RequestId, SealId, Kind, State);

/// What is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// Somebody should not have looked (异议; PIPL articles 44, 50 and 65). Supervision answers.
    Objection,
    /// An entry is wrong (更正, article 46). Whoever keeps it answers.
    Correct,
    /// What is kept should go (删除, article 47), or a consent no longer holds (article 15). Supervision answers.
    Delete,
    /// Everything held is to be taken along (复制, article 45). Done at once.
    Copy,
}

impl Kind {
    /// Every kind.
    pub const ALL: [Self; 4] = [Self::Objection, Self::Correct, Self::Delete, Self::Copy];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Objection => "objection",
            Self::Correct => "correct",
            Self::Delete => "delete",
            Self::Copy => "copy",
        }
    }

    /// What its events are about: `objection:…` or `request:…`.
    pub fn subject(self, id: RequestId) -> Subject {
        Subject::new(if self == Self::Objection { "objection" } else { "request" }, id)
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Kind {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL
            .into_iter()
            .find(|k| k.word() == text)
            .ok_or_else(|| format!("{text:?} is no kind of request"))
    }
}

/// Where it stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It waits for an answer.
    Open,
    /// It was right, and something was done.
    Upheld,
    /// It was not right; reasons and remedies stand beside.
    Refused,
    /// The person took it back.
    Withdrawn,
}

impl State {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Upheld => "upheld",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }
}

impl fmt::Display for State {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for State {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Open, Self::Upheld, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|s| s.word() == text)
            .ok_or_else(|| format!("{text:?} is no state of a request"))
    }
}

/// The look that is objected to, as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LookSaid {
    /// Its id.
    pub id: i64,
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: ActorRef,
    /// Which fields.
    pub fields: Vec<String>,
    /// On which ground.
    pub ground: String,
    /// For which case.
    pub case: Option<String>,
}

/// Whose time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Whose {
    /// The agency that looked, which was to give its ground.
    Agency,
    /// Whoever was to answer.
    Decider,
}

/// What is asked, by whom, of whom, until when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Raised {
    /// What is asked.
    pub kind: Kind,
    /// Who asks.
    pub person: PersonId,
    /// The look objected to.
    pub look: Option<LookSaid>,
    /// The register or entry that is meant; empty for an objection.
    pub what: String,
    /// In the person's own words.
    pub text: String,
    /// Papers that show it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub papers: Vec<FileId>,
    /// The agency that looked, or keeps the entry.
    pub asked: Option<AgencyCode>,
    /// The division whose supervision answers (GB/T 2260); empty: any.
    pub division: String,
    /// When it must be answered.
    pub due: Due,
    /// When the agency must have given its ground.
    pub ground_due: Option<Due>,
}

/// What happened to a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum RequestEvent {
    /// It was raised.
    Raised(Box<Raised>),
    /// The agency that looked gave its ground.
    GroundGiven {
        /// The agency.
        agency: AgencyCode,
        /// Its ground, in its words.
        text: String,
    },
    /// A term passed without an answer; it stays to be answered.
    TermPassed {
        /// Whose.
        whose: Whose,
    },
    /// It was answered.
    Answered {
        /// Whether it was right.
        upheld: bool,
        /// Why.
        reason: String,
        /// What is done about it; empty when nothing.
        measures: String,
        /// The last day to ask for reconsideration (行政复议法第二十条), when it was not upheld.
        remedy_until: Option<Date>,
    },
    /// The person took it back.
    Withdrawn {},
}

impl Event for RequestEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Raised(_) => "raised",
            Self::GroundGiven { .. } => "ground_given",
            Self::TermPassed { .. } => "term_passed",
            Self::Answered { .. } => "answered",
            Self::Withdrawn {} => "withdrawn",
        }
    }
}

/// The answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it was right.
    pub upheld: bool,
    /// Why.
    pub reason: String,
    /// What is done about it.
    pub measures: String,
    /// The last day to ask for reconsideration.
    pub remedy_until: Option<Date>,
    /// When it was given.
    pub at: Timestamp,
}

/// A request as its events add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// What was raised.
    pub raised: Raised,
    /// When.
    pub at: Timestamp,
    /// The agency's ground, when it has given one.
    pub ground: Option<(AgencyCode, String, Timestamp)>,
    /// Whether the agency's time passed.
    pub agency_late: bool,
    /// Whether the time for an answer passed.
    pub late: bool,
    /// The answer.
    pub answer: Option<Answer>,
    /// Whether it was taken back.
    pub withdrawn: bool,
}

impl Request {
    /// Where it stands.
    pub fn state(&self) -> State {
        match (&self.answer, self.withdrawn) {
            (Some(answer), _) if answer.upheld => State::Upheld,
            (Some(_), _) => State::Refused,
            (None, true) => State::Withdrawn,
            (None, false) => State::Open,
        }
    }
}
