//! Numbers on paper, for a time without network (断网应急): blocks, forms, slips and what became of each.

use super::{HallCode, Letter};
use kernel::codes::PaperNumber;
use kernel::{AccountId, Timestamp};
use serde::{Deserialize, Serialize};
use trace::{Event, Subject};

kernel::typed_id! {
    /// A block of numbers (号段).
    BlockId;
}

::store::words! {
    /// What a number of a block stands on.
    pub enum PaperKind {
        /// An acceptance form (应急受理单).
        Form = "form",
        /// A queue slip (应急排队号).
        Slip = "slip",
    }
}

::store::words! {
    /// What became of a number.
    pub enum PaperState {
        /// Not accounted for: not used yet, or used and not recorded.
        Out = "out",
        /// An application was filed.
        Filed = "filed",
        /// It was done at the window.
        Done = "done",
        /// One complete notice of what is missing, on the slip itself.
        Missing = "missing",
        /// Whoever had it left before its turn.
        Left = "left",
        /// Spoiled or not used (作废).
        Void = "void",
    }
}

::store::words! {
    /// Where a block stands.
    pub enum BlockState {
        /// With its keeper.
        Issued = "issued",
        /// Its time is over: nothing of it may be handed out any more.
        Lapsed = "lapsed",
        /// Every number is accounted for, and what is left over was given back.
        Returned = "returned",
    }
}

::store::text_column!(BlockId);

/// What a slip's number is made of: the series runs on for the hall and the letter, so that a number is never given twice. No number of the
/// queue has two letters.
pub fn slip_number(letter: Letter, serial: i64) -> String {
    format!("Y{letter}{serial:03}")
}

/// What a block's events are about: `paper:<id>`.
pub fn block_subject(id: BlockId) -> Subject {
    Subject::new("paper", id)
}

/// The slips of a letter in a block.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slips {
    /// The business.
    pub letter: Letter,
    /// The first serial.
    pub first: i64,
    /// How many.
    pub count: i64,
}

/// What happened to a block and its numbers. What was filed or ended carries the moment that stands on the paper as its time.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum PaperEvent {
    /// The head of the hall issued it.
    Issued {
        /// The hall.
        hall: HallCode,
        /// Its day; for stock when absent.
        day: Option<String>,
        /// Who keeps it.
        keeper: AccountId,
        /// The forms.
        forms: Vec<PaperNumber>,
        /// The slips.
        slips: Vec<Slips>,
        /// Until when its papers may be handed out.
        hand_out_until: Timestamp,
    },
    /// It was printed; a second print is told from the first.
    Printed {
        /// Which print.
        nth: i64,
    },
    /// What was accepted on a form was filed.
    Filed {
        /// The form.
        number: PaperNumber,
        /// The cases.
        cases: Vec<String>,
    },
    /// What came of somebody with a slip.
    Ended {
        /// The slip.
        number: String,
        /// The window.
        window: Option<String>,
        /// How.
        how: PaperState,
        /// The case or the form, what was done, or what is missing.
        what: String,
    },
    /// Numbers were declared spoiled or not used.
    Voided {
        /// Which.
        numbers: Vec<String>,
        /// Why.
        why: String,
    },
    /// A number that was declared void is used after all: somebody holds the paper.
    Restored {
        /// Which.
        number: String,
        /// Why.
        why: String,
    },
    /// The head of the hall allows late recording.
    Extended {
        /// Until when.
        until: Timestamp,
        /// Why.
        why: String,
    },
    /// Its time is over.
    Lapsed {},
    /// The heads of the hall were told that so many numbers are not recorded.
    Reminded {
        /// How many.
        count: usize,
        /// Since which day.
        since: String,
    },
    /// Everything is accounted for.
    Returned {},
}

impl Event for PaperEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Issued { .. } => "issued",
            Self::Printed { .. } => "printed",
            Self::Filed { .. } => "filed",
            Self::Ended { .. } => "ended",
            Self::Voided { .. } => "voided",
            Self::Restored { .. } => "restored",
            Self::Extended { .. } => "extended",
            Self::Lapsed {} => "lapsed",
            Self::Reminded { .. } => "reminded",
            Self::Returned {} => "returned",
        }
    }
}
