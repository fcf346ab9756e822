//! What a parcel is made of: papers, the cases it waits for, how it is handed over, the courier's legs, the signature. No IO.

use ::store::words;
use kernel::calendar::Due;
use kernel::{AccountId, AgencyCode, Money, SubjectId, Text, Timestamp};
use serde::{Deserialize, Serialize};

kernel::typed_id! {
    /// A parcel (快件): the results of one matter for one recipient.
    ParcelId;
    /// An address in somebody's book.
    AddressId;
    /// One order at the courier; a parcel that is sent again has a second.
    OrderId;
    /// A hand-over list (交寄清单).
    ListId;
    /// A sealed bag of papers between halls (封袋).
    BagId;
}
store::text_column!(ParcelId, AddressId, OrderId, ListId, BagId);

/// Where somebody is reached; sealed wherever it is kept.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Street, house, flat.
    pub street: String,
    /// Who takes it.
    pub recipient: String,
    /// Their telephone; empty for whoever has none.
    pub phone: String,
}

/// Says nothing: what is printed may end in a log.
impl std::fmt::Debug for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Told")
    }
}

/// How the results are handed over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "how")]
pub enum How {
    /// On line; what exists on paper only is collected at the window.
    Electronic,
    /// By courier to an address of the recipient's book.
    Courier {
        /// Which.
        address: AddressId,
    },
    /// In person, with a code.
    Collect {
        /// The place's code.
        place: String,
        /// Its name.
        name: Text,
        /// Whose hall it is, when it is the one of another place where the case was handed in: it goes there by sealed bag.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        away: Option<AgencyCode>,
    },
}

impl How {
    /// The stable word.
    pub fn word(&self) -> &'static str {
        match self {
            Self::Electronic => "electronic",
            Self::Courier { .. } => "courier",
            Self::Collect { .. } => "collect",
        }
    }

    /// Whose hall of another place it goes to by sealed bag.
    pub fn away(&self) -> Option<&AgencyCode> {
        match self {
            Self::Collect { away, .. } => away.as_ref(),
            _ => None,
        }
    }

    /// The address, when it goes by courier.
    pub fn address(&self) -> Option<AddressId> {
        match self {
            Self::Courier { address } => Some(*address),
            _ => None,
        }
    }
}

/// One paper of a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Paper {
    /// The number printed on it, which is scanned when it is packed.
    pub number: String,
    /// What it is.
    pub title: Text,
    /// Of which case.
    pub case: String,
    /// Whether it has to reach its recipient on paper: a document to be served on somebody who did not agree to electronic service.
    pub must: bool,
}

/// A case of the matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaseOf {
    /// Its number.
    pub number: String,
    /// Whether nothing more will come of it but service.
    pub over: bool,
}

/// How a parcel begins.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Begun {
    /// The number on its label.
    pub number: String,
    /// The matter.
    pub matter: String,
    /// What it is called.
    pub title: Text,
    /// Whose results.
    pub recipient: SubjectId,
    /// Their name.
    pub recipient_name: String,
    /// The body that packs.
    pub agency: AgencyCode,
    /// Where that is.
    pub division: String,
    /// The cases it waits for.
    pub cases: Vec<CaseOf>,
    /// The first of its matter for this recipient, the second, …
    pub nth: i64,
    /// How it is handed over to begin with.
    pub how: How,
    /// Whether it is a letter: notices to somebody who is not reached on line, sent while the matter still runs, at the office's cost.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub letter: bool,
}

words! {
    /// Where a parcel stands.
    pub enum State {
        /// It waits for cases of the matter.
        Gathering = "gathering",
        /// All is there and may be packed.
        Ready = "ready",
        /// Nothing is on paper.
        Nothing = "nothing",
        /// Packed, to be handed over to the courier.
        Packed = "packed",
        /// On a hand-over list that the courier has not signed yet.
        Listed = "listed",
        /// The courier signed for it.
        HandedOver = "handed-over",
        /// On its way.
        Moving = "moving",
        /// In a parcel locker, or left with somebody whose signature does not count.
        Deposited = "deposited",
        /// The recipient refused it; it comes back.
        Refused = "refused",
        /// It came back.
        Returned = "returned",
        /// It waits at the window.
        Collectable = "collectable",
        /// Nobody collected it in time; it still lies there.
        Lapsed = "lapsed",
        /// Delivered and signed for.
        Signed = "signed",
        /// Collected at the window.
        Collected = "collected",
    }
}

words! {
    /// What a courier says of an order.
    pub enum Said {
        /// It took it.
        PickedUp = "picked-up",
        /// It carries it.
        InTransit = "in-transit",
        /// It is at the recipient's door today.
        OutForDelivery = "out-for-delivery",
        /// It was handed over, to the one named.
        Signed = "signed",
        /// The recipient would not have it.
        Refused = "refused",
        /// It is back with us.
        Returned = "returned",
    }
}

words! {
    /// Who signed.
    pub enum Signer {
        /// The recipient, or who leads the firm.
        Oneself = "oneself",
        /// A grown member of the family living with them.
        Family = "family",
        /// Who takes in a firm's post.
        Mailroom = "mailroom",
        /// A parcel locker.
        Locker = "locker",
        /// Somebody else.
        Other = "other",
    }
}

words! {
    /// How it was heard.
    pub enum Heard {
        /// The courier called back.
        CallBack = "call-back",
        /// It was asked.
        Query = "query",
        /// The recipient says so.
        Recipient = "recipient",
        /// A clerk took it in.
        Desk = "desk",
    }
}

/// One thing a courier said, as it was heard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Leg {
    /// What.
    pub said: Said,
    /// When that was.
    pub at: Timestamp,
    /// Who signed, for a signature.
    pub signer: Option<Signer>,
    /// Their name, or why it came back; may be empty.
    pub note: String,
    /// How it was heard.
    pub via: Heard,
}

impl Leg {
    /// How far along the way; what is behind what was heard already moves nothing.
    pub fn rank(&self) -> u8 {
        match self.said {
            Said::PickedUp => 1,
            Said::InTransit => 2,
            Said::OutForDelivery => 3,
            Said::Refused => 4,
            Said::Signed if self.signer == Some(Signer::Locker) => 4,
            Said::Signed | Said::Returned => 5,
        }
    }

    /// Whether nothing follows: a locker is no end, for somebody takes it out, or nobody does and it comes back.
    pub fn ends(&self) -> bool {
        self.rank() == 5
    }
}

/// An order at the courier.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempt {
    /// Its id.
    pub order: OrderId,
    /// The courier's number, once it gave one.
    pub tracking: Option<String>,
    /// What was heard, in the order of hearing.
    pub legs: Vec<Leg>,
    /// What contradicts an end that was heard before.
    pub odd: Vec<Leg>,
    /// Whether the courier signed the list.
    pub handed_over: Option<Timestamp>,
}

impl Attempt {
    /// How far it came.
    pub fn farthest(&self) -> Option<&Leg> {
        self.legs.iter().max_by_key(|l| l.rank())
    }

    /// Whether nothing more is to be heard.
    pub fn ended(&self) -> bool {
        self.legs.iter().any(Leg::ends)
    }
}

/// What the courier asks of the recipient, owed before the parcel leaves so that one act pays it with the fees of its matter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Charge {
    /// The order it will be.
    pub order: OrderId,
    /// The code in the list of fees.
    pub fee: String,
    /// How much.
    pub amount: Money,
}

/// Where a parcel waits for whoever collects it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// Where; the window that packed it when empty.
    pub place: Text,
    /// Since when.
    pub since: Timestamp,
    /// Until when.
    pub until: Due,
}

/// The end: it reached somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reached {
    /// Who signed.
    pub signer: Signer,
    /// Their name.
    pub name: String,
    /// When.
    pub at: Timestamp,
    /// Whether that is the service of what lies in it.
    pub counts: bool,
    /// Whether it was collected at the window.
    pub at_window: bool,
}

/// A parcel as its events have it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parcel {
    /// How it began.
    pub begun: Begun,
    /// When.
    pub at: Timestamp,
    /// What is in it or will be.
    pub papers: Vec<Paper>,
    /// The cases it waits for.
    pub cases: Vec<CaseOf>,
    /// How it is handed over.
    pub how: How,
    /// Why it goes before all is there, when it does.
    pub parted: Option<String>,
    /// What is owed for it already.
    pub charge: Option<Charge>,
    /// When the last of its cases was over.
    pub over: Option<Timestamp>,
    /// When it was packed.
    pub packed: Option<Timestamp>,
    /// The hand-over list it stands on.
    pub list: Option<ListId>,
    /// Orders at the courier.
    pub attempts: Vec<Attempt>,
    /// Where it waits.
    pub kept: Option<Kept>,
    /// Whether it was written of again.
    pub reminded: bool,
    /// Whether the time to collect it passed.
    pub lapsed: bool,
    /// It reached somebody.
    pub reached: Option<Reached>,
}

impl Parcel {
    /// What is carried: all papers where paper is wanted, else those that must reach on paper.
    pub fn carried(&self) -> impl Iterator<Item = &Paper> {
        let all = self.how != How::Electronic;
        self.papers.iter().filter(move |p| all || p.must)
    }

    /// Whether every case of the matter is over.
    pub fn all_over(&self) -> bool {
        self.cases.iter().all(|c| c.over)
    }

    /// The order under way, or the last.
    pub fn attempt(&self) -> Option<&Attempt> {
        self.attempts.last()
    }

    /// Where it stands.
    pub fn state(&self) -> State {
        if let Some(reached) = &self.reached {
            return match (reached.at_window, reached.counts) {
                (true, _) => State::Collected,
                (false, true) => State::Signed,
                (false, false) => State::Deposited,
            };
        }
        if self.kept.is_some() {
            return if self.lapsed { State::Lapsed } else { State::Collectable };
        }
        match (self.packed, self.attempt()) {
            (None, _) if !self.all_over() && self.parted.is_none() => State::Gathering,
            (None, _) if self.carried().next().is_none() => State::Nothing,
            (None, _) => State::Ready,
            (Some(_), Some(attempt)) => way(attempt, self.list.is_some()),
            (Some(_), None) => State::Packed,
        }
    }

    /// Whether papers may still be added and the way of handing over changed.
    pub fn open(&self) -> bool {
        self.packed.is_none()
    }

    /// The numbers of the cases whose papers it carries.
    pub fn carried_cases(&self) -> Vec<String> {
        let mut all: Vec<String> = self.carried().map(|p| p.case.clone()).collect();
        all.sort();
        all.dedup();
        all
    }
}

/// Where an order stands.
fn way(attempt: &Attempt, listed: bool) -> State {
    match (attempt.farthest().map(|l| l.said), attempt.handed_over) {
        (Some(Said::Returned), _) => State::Returned,
        (Some(Said::Refused), _) => State::Refused,
        (Some(_), _) => State::Moving,
        (None, Some(_)) => State::HandedOver,
        (None, None) if listed => State::Listed,
        (None, None) => State::Packed,
    }
}

/// Who does something to a parcel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "who")]
pub enum By {
    /// The recipient, or whoever acts for them.
    Recipient,
    /// A member of staff.
    Staff {
        /// Who.
        account: AccountId,
        /// Of which body.
        agency: AgencyCode,
    },
}
