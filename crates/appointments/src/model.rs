//! What the room is about: appointments, whose they are, and what happens to them and to a hall's plan.

use hall::model::{HallCode, Letter};
use jiff::civil::Date;
use kernel::{PersonId, SubjectId, Text, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use trace::{Event, Subject};

kernel::typed_id! {
    /// An appointment.
    AppointmentId;
}
store::text_column!(AppointmentId, Code);

impl AppointmentId {
    /// What its events are about.
    pub fn subject(self) -> Subject {
        Subject::new("appointment", self)
    }
}

/// What a hall's plan of appointments is about: `appointments:<hall>`.
pub fn plan_subject(hall: &HallCode) -> Subject {
    Subject::new("appointments", hall)
}

::store::words! {
    /// Where an appointment stands.
    pub enum State {
        /// It lies ahead.
        Booked = "booked",
        /// The person came in time and has a ticket.
        Arrived = "arrived",
        /// The person came after its time and has an ordinary ticket; that is no absence.
        Late = "late",
        /// The person called it off.
        Cancelled = "cancelled",
        /// The hall had closed its time, and the person did not come: that is no absence.
        Dropped = "dropped",
        /// Its day is over and the person did not come (爽约).
        Missed = "missed",
        /// The same, excused by the hall.
        Excused = "excused",
    }
}

::store::words! {
    /// How it was booked.
    pub enum Channel {
        /// On the pages, by the person.
        Online = "online",
        /// By a program in the person's name.
        Api = "api",
        /// By a clerk, for somebody at the telephone or the window.
        Clerk = "clerk",
    }
}

/// The booking code: five digits and a check digit, so that it can be said on the telephone and a slip of the tongue is noticed. Unique
/// within a hall's day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Code(String);

impl Code {
    /// The code of five digits' number, 0 to 99,999.
    pub fn of(number: u32) -> Self {
        let digits = format!("{:05}", number % 100_000);
        let check = check_digit(&digits);
        Self(format!("{digits}{check}"))
    }

    /// As it is read out: `482 915`.
    pub fn spoken(&self) -> String {
        let (a, b) = self.0.split_at(3);
        format!("{a} {b}")
    }
}

/// ISO/IEC 7064, MOD 11,10: notices every wrong digit and nearly all swapped neighbours.
fn check_digit(digits: &str) -> u32 {
    let mut product = 10;
    for digit in digits.chars().filter_map(|c| c.to_digit(10)) {
        let sum = (product + digit) % 10;
        product = (if sum == 0 { 10 } else { sum }) * 2 % 11;
    }
    (11 - product) % 10
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl FromStr for Code {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let text: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let fine = text.len() == 6 && text.bytes().all(|b| b.is_ascii_digit());
        let number = fine.then(|| text.get(..5)?.parse().ok()).flatten().map(Self::of);
        number.filter(|code| code.0 == text).ok_or_else(|| format!("{text:?} is no booking code"))
    }
}

impl TryFrom<String> for Code {
    type Error = String;
    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Code> for String {
    fn from(code: Code) -> String {
        code.0
    }
}

/// A telephone number; what is printed for programmers is masked.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Phone(pub String);

impl Phone {
    /// Shown in part.
    pub fn masked(&self) -> String {
        page::format::mask_phone(&self.0)
    }
}

impl fmt::Debug for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.masked())
    }
}

/// A stretch of time that may be booked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    /// When it begins.
    pub starts_at: Timestamp,
    /// When it ends.
    pub ends_at: Timestamp,
}

impl Slot {
    /// The day in the legal zone on which it begins.
    pub fn day(&self) -> Date {
        kernel::clock::legal_date(self.starts_at)
    }

    /// Whether both cover some moment.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.starts_at < other.ends_at && other.starts_at < self.ends_at
    }
}

/// Where and when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    /// The hall.
    pub hall: HallCode,
    /// The business.
    pub letter: Letter,
    /// The time.
    pub slot: Slot,
}

/// What it is for: an item by key, or (empty) only the business of the hall.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Matter {
    /// The item's key; empty when a clerk booked for a business only.
    pub key: String,
    /// Its name.
    pub name: Text,
}

/// Who comes, and in whose name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Visitor {
    /// Who comes, as tables find them: `person:<id>`, `phone:<blind index>`, `number:<blind index>` of an identity number.
    pub key: String,
    /// The person, when they have an account.
    pub person: Option<PersonId>,
    /// In whose name; nobody who is known, when booked for a number.
    pub party: Option<SubjectId>,
    /// The name of who comes; booked by a clerk, what she was told.
    pub name: String,
    /// The name of whoever they come for; empty when for themselves.
    pub for_name: String,
    /// Where they can be called, when a clerk was told.
    pub phone: Option<Phone>,
}

impl Visitor {
    /// The key of the party: who must not have two of the same.
    pub fn party_key(&self) -> String {
        self.party.map_or_else(|| self.key.clone(), |party| party.to_string())
    }
}

/// An appointment, as its events add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Appointment {
    /// Where and when.
    pub place: Place,
    /// Its code.
    pub code: Code,
    /// What for.
    pub matter: Matter,
    /// Who comes.
    pub visitor: Visitor,
    /// How it was booked.
    pub channel: Channel,
    /// Where it stands.
    pub state: State,
    /// Why the hall has closed its time since; it is served as booked all the same.
    pub closed: Option<String>,
    /// When it was booked.
    pub booked_at: Timestamp,
    /// The ticket it was exchanged for.
    pub ticket: Option<String>,
}

/// What is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Booked {
    /// Where and when.
    pub place: Place,
    /// Its code.
    pub code: Code,
    /// What for.
    pub matter: Matter,
    /// Who comes.
    pub visitor: Visitor,
    /// How it was booked.
    pub channel: Channel,
}

/// What happened to an appointment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum AppointmentEvent {
    /// It was booked.
    Booked(Box<Booked>),
    /// It was moved.
    Moved {
        /// Where and when now.
        place: Place,
        /// Its code there.
        code: Code,
    },
    /// It was called off by whoever had it, or a clerk for them.
    Cancelled {},
    /// The hall closed its time.
    TimeClosed {
        /// Why.
        why: String,
    },
    /// The hall opened its time again.
    TimeOpened {},
    /// The person came.
    Arrived {
        /// The ticket: `A005`.
        ticket: String,
        /// Whether after the appointment's time: the ticket is an ordinary one.
        late: bool,
    },
    /// The day is over and nobody came.
    Missed {},
    /// The day is over, nobody came, and the hall had closed the time.
    Dropped {},
    /// The absence was excused.
    Excused {
        /// Why.
        why: String,
    },
    /// A clerk opened the telephone number.
    PhoneOpened {},
    /// A short message left for the telephone number.
    WrittenTo {
        /// What about.
        about: identity::letters::Letter,
        /// By which way it left the house.
        way: String,
    },
}

impl Event for AppointmentEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Booked(_) => "booked",
            Self::Moved { .. } => "moved",
            Self::Cancelled {} => "cancelled",
            Self::TimeClosed { .. } => "time_closed",
            Self::TimeOpened {} => "time_opened",
            Self::Arrived { .. } => "arrived",
            Self::Missed {} => "missed",
            Self::Dropped {} => "dropped",
            Self::Excused { .. } => "excused",
            Self::PhoneOpened {} => "phone_opened",
            Self::WrittenTo { .. } => "written_to",
        }
    }
}

/// What the head of a hall did to its plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum PlanEvent {
    /// Share and capacities were set.
    Set {
        /// The share of whoever comes without an appointment, in percent.
        walk_in: i64,
        /// Each business.
        businesses: Vec<Offer>,
    },
    /// A day or slot was closed.
    Closed(Closing),
    /// It was opened again.
    Opened(Closing),
}

impl Event for PlanEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Set { .. } => "plan_set",
            Self::Closed(_) => "closed",
            Self::Opened(_) => "opened",
        }
    }
}

/// What is offered of a business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The letter.
    pub letter: Letter,
    /// Whether appointments are given.
    pub offered: bool,
    /// Persons that one window serves in a slot; none is the setting.
    pub persons: Option<i64>,
    /// Windows; none is those that the hall has.
    pub windows: Option<i64>,
}

/// A day or slot that is closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Closing {
    /// The day.
    pub day: Date,
    /// The business; none is all of them.
    pub letter: Option<Letter>,
    /// The beginning of the slot; none is the whole day.
    pub starts_at: Option<Timestamp>,
    /// Why.
    pub why: String,
}

impl Closing {
    /// Whether it covers a business at a time.
    pub fn covers(&self, letter: Letter, slot: &Slot) -> bool {
        self.day == slot.day()
            && self.letter.is_none_or(|own| own == letter)
            && self.starts_at.is_none_or(|at| at == slot.starts_at)
    }
}
