//! What the room is about: halls, letters, windows, tickets and what happens to them.

mod equipment;
mod events;

pub use equipment::{Equipment, Equipped};
pub use events::{HallEvent, TicketEvent};

use kernel::{AccountId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use trace::Subject;

kernel::typed_id! {
    /// A ticket of a queue.
    TicketId;
}

pub(crate) mod card;
mod paper;

pub use card::{Card, CardId};
pub use paper::{BlockId, BlockState, PaperEvent, PaperKind, PaperState, Slips, block_subject, slip_number};

::store::words! {
    /// The four levels of the network (省市县镇村五级中的市、县、镇、村).
    pub enum Level {
        /// 市级政务服务中心.
        City = "city",
        /// 县（市、区）级.
        County = "county",
        /// 镇（街道）.
        Town = "town",
        /// 村（社区）站点.
        Village = "village",
    }
}

::store::words! {
    /// What a window is for (优化营商环境条例第三十六条).
    pub enum WindowKind {
        /// Takes every business of the hall (综合受理窗口).
        Comprehensive = "comprehensive",
        /// Takes the businesses it names (专窗).
        Named = "named",
        /// Hands out results (综合出件窗口).
        Issuing = "issuing",
        /// A village's agent, who helps to file and files for others (帮办代办).
        Agent = "agent",
    }
}

::store::words! {
    /// Why somebody is called before others.
    pub enum Priority {
        /// Not at all: in the order of coming.
        Ordinary = "ordinary",
        /// Came at an appointed time (预约).
        Appointment = "appointment",
        /// 60 years or older (老年人权益保障法第二条).
        Elder = "elder",
        /// With a disability (残疾人).
        Disabled = "disabled",
        /// A soldier or veteran (军人依法优先).
        Soldier = "soldier",
    }
}

::store::words! {
    /// Where a ticket stands.
    pub enum TicketState {
        /// In the queue.
        Waiting = "waiting",
        /// Called to a window.
        Called = "called",
        /// At the window.
        Serving = "serving",
        /// Called and did not come (过号); may come back.
        Passed = "passed",
        /// Ended with an outcome.
        Ended = "ended",
        /// The day ended before its turn came.
        Lapsed = "lapsed",
    }
}

::store::words! {
    /// How a ticket was taken.
    pub enum Via {
        /// At a kiosk in the hall.
        Kiosk = "kiosk",
        /// On line.
        Phone = "phone",
        /// By a clerk, for somebody.
        Clerk = "clerk",
    }
}

/// The code of a hall: lower-case letters, digits and hyphens, 40 at most.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct HallCode(String);

impl HallCode {
    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for HallCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for HallCode {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let fine = (1..=40).contains(&text.len())
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        if fine { Ok(Self(text.to_owned())) } else { Err(format!("{text:?} is no code of a hall")) }
    }
}

impl TryFrom<String> for HallCode {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<HallCode> for String {
    fn from(code: HallCode) -> String {
        code.0
    }
}

/// The letter of a business, A to Z.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Letter(char);

impl fmt::Display for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl FromStr for Letter {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut chars = text.chars();
        match (chars.next(), chars.next()) {
            (Some(c), None) if c.is_ascii_uppercase() => Ok(Self(c)),
            _ => Err(format!("{text:?} is no letter from A to Z")),
        }
    }
}

impl TryFrom<String> for Letter {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Letter> for String {
    fn from(letter: Letter) -> String {
        letter.to_string()
    }
}

::store::text_column!(TicketId, HallCode, Letter);

/// Which businesses a window takes: a list of letters, stored without separators (`AB`).
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Letters(pub Vec<Letter>);

impl Letters {
    /// Whether it is among them.
    pub fn has(&self, letter: Letter) -> bool {
        self.0.contains(&letter)
    }
}

impl fmt::Display for Letters {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|l| write!(f, "{l}"))
    }
}

impl FromStr for Letters {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let mut letters = Vec::new();
        for c in text.chars() {
            let letter = c.to_string().parse()?;
            if !letters.contains(&letter) {
                letters.push(letter);
            }
        }
        Ok(Self(letters))
    }
}

::store::text_column!(Letters);

/// What is shown and called out: `A005`; grows beyond 999.
pub fn number(letter: Letter, serial: i64) -> String {
    format!("{letter}{serial:03}")
}

/// The result with which everybody leaves: nobody goes empty-handed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "outcome")]
pub enum Outcome {
    /// An application was filed.
    Filed {
        /// The case number (办件编号).
        case: String,
    },
    /// It was done at the window.
    Done {
        /// What.
        what: String,
    },
    /// Something is missing: everything that is, at once (一次性告知; 行政许可法第三十二条第一款第四项).
    Missing {
        /// The number of the notice, dense within hall and year.
        notice: String,
        /// What it was about, in the clerk's words or as an item code.
        matter: String,
        /// What is missing, numbered from 1 in this order.
        lines: Vec<String>,
        /// The notice that the same person got for the same matter before: this one asks for more.
        after: Option<String>,
    },
}

impl Outcome {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Filed { .. } => "filed",
            Self::Done { .. } => "done",
            Self::Missing { .. } => "missing",
        }
    }

    /// The case number or the number of the notice.
    pub fn reference(&self) -> Option<&str> {
        match self {
            Self::Filed { case } => Some(case),
            Self::Done { .. } => None,
            Self::Missing { notice, .. } => Some(notice),
        }
    }
}

/// What a ticket's events are about: `ticket:<id>`.
pub fn ticket_subject(id: TicketId) -> Subject {
    Subject::new("ticket", id)
}

/// What a hall's events are about: `hall:<code>`.
pub fn hall_subject(code: &HallCode) -> Subject {
    Subject::new("hall", code)
}

/// A ticket as its events add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ticket {
    /// The hall.
    pub hall: HallCode,
    /// The day.
    pub day: String,
    /// The business.
    pub letter: Letter,
    /// The number within hall, day and letter.
    pub serial: i64,
    /// Where in the queue.
    pub place: i64,
    /// What it may claim.
    pub priority: Priority,
    /// Whether the claim is certain.
    pub sure: bool,
    /// How it was taken.
    pub via: Via,
    /// Where it stands.
    pub state: TicketState,
    /// The window it was last called to.
    pub window: Option<String>,
    /// The clerk who has it.
    pub clerk: Option<AccountId>,
    /// The window it was handed on to, and waits for.
    pub reserved: Option<String>,
    /// How often it was called to the present window.
    pub calls: u32,
    /// How often it was passed.
    pub passes: u32,
    /// Whether it came back after it was passed, and was not called since.
    pub returned: bool,
    /// Whether one clerk served it in one go: its serving time says how long the business takes.
    pub whole: bool,
    /// When it was taken.
    pub taken_at: Timestamp,
    /// When it was last called.
    pub called_at: Option<Timestamp>,
    /// When serving began, the first time.
    pub started_at: Option<Timestamp>,
    /// When it ended.
    pub ended_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// Whether more was asked for after the notice, by the person's word.
    pub reported: bool,
}

impl Ticket {
    /// `A005`.
    pub fn number(&self) -> String {
        number(self.letter, self.serial)
    }
}

/// A hall as it was imported.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hall {
    /// Its code.
    pub code: HallCode,
    /// Its level.
    pub level: Level,
    /// Its division (GB/T 2260 and GB/T 10114; 6, 9 or 12 digits).
    pub division: String,
    /// The agency that runs it.
    pub agency: String,
    /// Its name.
    pub name: Text,
    /// Its address.
    pub address: Text,
    /// Its telephone.
    pub phone: String,
    /// Longitude in millionths of a degree, east positive.
    pub lon: i64,
    /// Latitude in millionths of a degree, north positive.
    pub lat: i64,
    /// When it is open, as [`crate::rules::hours::Hours`] reads it.
    pub hours: String,
    /// What it can do: item keys with spaces between, or `*`.
    pub offers: String,
    /// What it is equipped with.
    pub equipment: Equipped,
}
