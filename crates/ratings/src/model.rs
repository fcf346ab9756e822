//! What the room speaks of: levels and reasons with their codes, a service that may be rated, and what happens to a rating.

use hall::model::TicketId;
use jiff::civil::Date;
use kernel::calendar::Due;
use kernel::codes::CaseNumber;
use kernel::{AccountId, AgencyCode, SubjectId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use trace::{Event, Subject};

kernel::typed_id! {
    /// A rating.
    RatingId;
}
store::text_column!(RatingId, State, Channel);

impl RatingId {
    /// What its events are about.
    pub fn subject(self) -> Subject {
        Subject::new("rating", self)
    }
}

/// How satisfied somebody was (GB/T 39734-2020, 7.3; codes of GB/T 39046, A.8): 1 is the best, 5 the worst. Some interfaces of other
/// systems count the other way round.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "i64", into = "i64")]
pub enum Level {
    /// 非常满意.
    VeryGood,
    /// 满意.
    Good,
    /// 基本满意.
    Fair,
    /// 不满意.
    Poor,
    /// 非常不满意.
    VeryPoor,
}

impl Level {
    /// Every level, the best first.
    pub const ALL: [Self; 5] = [Self::VeryGood, Self::Good, Self::Fair, Self::Poor, Self::VeryPoor];

    /// Its code, from 1 to 5.
    pub fn code(self) -> i64 {
        match self {
            Self::VeryGood => 1,
            Self::Good => 2,
            Self::Fair => 3,
            Self::Poor => 4,
            Self::VeryPoor => 5,
        }
    }

    /// Whether it is a bad rating (差评), which must be answered.
    pub fn is_bad(self) -> bool {
        self >= Self::Poor
    }
}

impl TryFrom<i64> for Level {
    type Error = String;
    fn try_from(code: i64) -> Result<Self, String> {
        Self::ALL.into_iter().find(|l| l.code() == code).ok_or_else(|| format!("{code} is no level"))
    }
}

impl From<Level> for i64 {
    fn from(level: Level) -> Self {
        level.code()
    }
}

/// What a bad rating is about; several may be named.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// What was missing was not told at once (未一次性告知).
    Piecemeal,
    /// Papers were asked for that the guide does not name.
    ExtraPapers,
    /// It took longer than promised.
    Late,
    /// One had to come too often.
    Visits,
    /// How one was spoken to.
    Manner,
    /// Money was asked for that no list names.
    Fees,
    /// The site or the machine did not work.
    System,
    /// Something else, which the text says.
    Other,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 8] = [
        Self::Piecemeal,
        Self::ExtraPapers,
        Self::Late,
        Self::Visits,
        Self::Manner,
        Self::Fees,
        Self::System,
        Self::Other,
    ];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Piecemeal => "piecemeal",
            Self::ExtraPapers => "extra-papers",
            Self::Late => "late",
            Self::Visits => "visits",
            Self::Manner => "manner",
            Self::Fees => "fees",
            Self::System => "system",
            Self::Other => "other",
        }
    }
}

macro_rules! words {
    ($t:ident, $what:literal, $($variant:ident = $word:literal),+) => {
        impl fmt::Display for $t {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self { $(Self::$variant => $word),+ })
            }
        }

        impl FromStr for $t {
            type Err = String;
            fn from_str(text: &str) -> Result<Self, String> {
                match text {
                    $($word => Ok(Self::$variant),)+
                    _ => Err(format!(concat!("{:?} is no ", $what), text)),
                }
            }
        }
    };
}

/// The way a rating came (评价渠道; GB/T 39046, table 9, as far as the platform has them).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Channel {
    /// A page, on whatever device.
    Web,
    /// Another program, for whoever signed in with it.
    Api,
    /// The page of a ticket (二维码).
    Ticket,
}
words!(Channel, "channel", Web = "web", Api = "api", Ticket = "ticket");

/// Where a rating stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It asks for no answer.
    Kept,
    /// It is a bad one and waits for its answer.
    Open,
    /// It was answered.
    Answered,
}
words!(State, "state of a rating", Kept = "kept", Open = "open", Answered = "answered");

/// What is rated.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind", content = "id")]
pub enum Of {
    /// A case, by each of its parties once (一事一评).
    Case(CaseNumber),
    /// A visit to a window, by whoever has its ticket, once (一次一评).
    Visit(TicketId),
}

impl Of {
    /// What tables call it.
    pub fn key(&self) -> String {
        match self {
            Self::Case(number) => format!("case:{number}"),
            Self::Visit(ticket) => format!("visit:{ticket}"),
        }
    }
}

/// Who served at a window.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Served {
    /// The window.
    pub window: String,
    /// The clerk.
    pub clerk: AccountId,
}

/// A service that may be rated once it has ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Service {
    /// Which.
    pub of: Of,
    /// The item's key.
    pub item_key: String,
    /// The item's name.
    pub item_name: Text,
    /// The agency responsible.
    pub agency: AgencyCode,
    /// The agency or part of one that did the last of it, and answers for it (谁办理、谁负责).
    pub handled: AgencyCode,
    /// Its division (GB/T 2260).
    pub division: String,
    /// When it ended; none while it runs.
    pub ended_at: Option<Timestamp>,
    /// Who served, at a window.
    pub served: Option<Served>,
}

/// What somebody says about a service, checked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rated {
    /// What is rated.
    pub of: Of,
    /// Who rates it: the party, whoever acts for them; nobody who is known, at a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub party: Option<SubjectId>,
    /// How satisfied they were.
    pub level: Level,
    /// What a bad one is about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<Reason>,
    /// In their own words; may be empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Whether the agency may see who says so, and of which case.
    pub named: bool,
    /// The way it came.
    pub channel: Channel,
    /// Who served, at a window.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub served: Option<Served>,
    /// When a bad one must be answered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Due>,
}

/// What happened to a rating.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum RatingEvent {
    /// It was given.
    Rated(Box<Rated>),
    /// The agency answered it.
    Answered {
        /// What was found and what is done, for the rater to read.
        text: String,
    },
}

impl Event for RatingEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Rated(_) => "rated",
            Self::Answered { .. } => "answered",
        }
    }
}

/// A rating as its events add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rating {
    /// What was said.
    pub said: Rated,
    /// When.
    pub at: Timestamp,
    /// The answer and when it was given.
    pub answer: Option<(String, Timestamp)>,
}

impl Rating {
    /// Where it stands.
    pub fn state(&self) -> State {
        match (&self.answer, &self.said.due) {
            (Some(_), _) => State::Answered,
            (None, Some(_)) => State::Open,
            (None, None) => State::Kept,
        }
    }
}

/// How many ratings of each level, from the best to the worst.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally(pub [i64; 5]);

impl Tally {
    /// Adds `n` of a level.
    pub fn add(&mut self, level: Level, n: i64) {
        let place = usize::try_from(level.code() - 1).unwrap_or(0);
        if let Some(cell) = self.0.get_mut(place) {
            *cell += n;
        }
    }

    /// How many there are.
    pub fn total(&self) -> i64 {
        self.0.iter().sum()
    }

    /// How many of a hundred were at least fairly satisfied (levels 1 to 3), rounded down; none where nobody rated.
    pub fn satisfied(&self) -> Option<i64> {
        let good: i64 = self.0.iter().take(3).sum();
        (self.total() > 0).then(|| good * 100 / self.total())
    }
}

/// The month of a day, as tables hold it: `2026-11`.
pub fn month(day: Date) -> String {
    format!("{:04}-{:02}", day.year(), day.month())
}
