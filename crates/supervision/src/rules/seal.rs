//! Looks that the law keeps secret (PIPL articles 18 and 35): asked for by one, approved by another, for a bounded time. The looks
//! themselves are recorded as all others are; the person sees them when the time has ended.

use super::{no, written};
use crate::settings::Settings;
use kernel::{AccountId, AgencyCode, Fault, PersonId, Refusal, RefusalKind, Timestamp};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use trace::{Event, Recorded};

/// On which ground a person is not told for a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Ground {
    /// Telling would hinder a duty by law, such as an inquiry into an offence (个人信息保护法第三十五条).
    Duty,
    /// A law or regulation wants it kept confidential (第十八条第一款).
    Confidential,
    /// An emergency leaves no time to tell; the person is told when it is over (第十八条第二款).
    Emergency,
}
store::text_column!(Ground, SealState);

impl Ground {
    /// Every ground.
    pub const ALL: [Self; 3] = [Self::Duty, Self::Confidential, Self::Emergency];

    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Duty => "duty",
            Self::Confidential => "confidential",
            Self::Emergency => "emergency",
        }
    }
}

impl fmt::Display for Ground {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for Ground {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        Self::ALL.into_iter().find(|g| g.word() == text).ok_or_else(|| format!("{text:?} is no ground"))
    }
}

/// Where an order stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SealState {
    /// It waits for a second person.
    Asked,
    /// It holds.
    Approved,
    /// The second person said no.
    Refused,
    /// Its time has ended; the person sees the looks.
    Ended,
}

impl SealState {
    /// The stable word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Ended => "ended",
        }
    }
}

impl fmt::Display for SealState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

impl FromStr for SealState {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Asked, Self::Approved, Self::Refused, Self::Ended]
            .into_iter()
            .find(|s| s.word() == text)
            .ok_or_else(|| format!("{text:?} is no state of an order"))
    }
}

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Asked {
    /// Whose data will be looked at.
    pub person: PersonId,
    /// Whose looks.
    pub account: AccountId,
    /// The natural person who asks.
    pub by: PersonId,
    /// Their agency.
    pub agency: AgencyCode,
    /// On which ground.
    pub ground: Ground,
    /// Why, in their words.
    pub reason: String,
    /// Until when.
    pub until: Timestamp,
}

/// What happened to an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "event")]
pub enum SealEvent {
    /// It was asked for.
    Asked(Box<Asked>),
    /// A second person approved it; looks are kept from the person from now on.
    Approved {},
    /// A second person refused it.
    Refused {
        /// Why.
        reason: String,
    },
    /// It ended, by its time or before; the looks are shown.
    Ended {
        /// How many looks it kept from the person.
        looks: i64,
    },
}

impl Event for SealEvent {
    const VERSION: i64 = 1;

    fn kind(&self) -> &'static str {
        match self {
            Self::Asked(_) => "asked",
            Self::Approved {} => "approved",
            Self::Refused { .. } => "refused",
            Self::Ended { .. } => "ended",
        }
    }
}

/// An order as its events add up to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// What was asked.
    pub asked: Asked,
    /// When.
    pub at: Timestamp,
    /// Where it stands.
    pub state: SealState,
    /// When it was approved.
    pub approved_at: Option<Timestamp>,
    /// Why it was refused.
    pub refused: Option<String>,
    /// How many looks it kept, once it has ended.
    pub looks: i64,
}

/// What may be done with an order.
#[derive(Debug, Clone)]
pub enum SealCommand {
    /// A second person says yes or no.
    Decide {
        /// Who.
        by: PersonId,
        /// Yes or no.
        approve: bool,
        /// Why, when not.
        reason: String,
    },
    /// Its time has come, or there is no more need for it.
    End {
        /// How many looks it kept.
        looks: i64,
        /// Whether somebody ends it before its time.
        early: bool,
    },
}

/// Checks what is asked for.
///
/// # Errors
/// `supervision.text` without a reason, `supervision.seal-term` when it would last too long or has ended already.
pub fn ask(mut asked: Asked, now: Timestamp, terms: &Settings) -> Result<SealEvent, Refusal> {
    asked.reason = written(
        "reason",
        &asked.reason,
        "请写明为什么暂时不告知本人。",
        "Say why the person is not to be told for a time.",
    )?;
    let days = i64::from(terms.sealed_days_max);
    let most = kernel::clock::from_micros(now.as_microsecond().saturating_add((days + 1) * 86_400_000_000));
    if asked.until <= now || asked.until > most {
        let (zh, en) = (
            format!("截止日应在今天之后、{days}天之内。"),
            format!("The last day lies after today and within {days} days."),
        );
        return Err(Refusal::new(RefusalKind::Invalid, "supervision.seal-term", zh.clone(), en.clone())
            .field("until", zh, en));
    }
    Ok(SealEvent::Asked(Box::new(asked)))
}

/// What `command` leads to.
///
/// # Errors
/// `supervision.seal-second` when it is not a second person, `supervision.seal-closed` when it is decided or over.
pub fn decide(order: &Order, command: &SealCommand, now: Timestamp) -> Result<SealEvent, Refusal> {
    match command {
        SealCommand::Decide { by, .. } if *by == order.asked.by => Err(no(
            "supervision.seal-second",
            "申请人不能批准自己的申请，须由另一人批准。",
            "Whoever asked cannot approve it: a second person does.",
        )),
        // What an order would hide must not be somebody's who decides on it.
        SealCommand::Decide { by, .. } if *by == order.asked.person => Err(no(
            "supervision.seal-concerned",
            "您是被查看的人，不能办理这件申请。",
            "You are the person concerned and cannot decide on this.",
        )),
        SealCommand::Decide { approve: true, .. }
            if order.state == SealState::Asked && now < order.asked.until =>
        {
            Ok(SealEvent::Approved {})
        }
        SealCommand::Decide { approve: false, reason, .. } if order.state == SealState::Asked => {
            let reason = written("reason", reason, "请写明不同意的理由。", "Say why not.")?;
            Ok(SealEvent::Refused { reason })
        }
        SealCommand::End { looks, early } if order.state == SealState::Approved => {
            if *early || order.asked.until <= now {
                Ok(SealEvent::Ended { looks: *looks })
            } else {
                Err(closed())
            }
        }
        _ => Err(closed()),
    }
}

fn closed() -> Refusal {
    no(
        "supervision.seal-closed",
        "这件申请已经办结或者过期。",
        "This was decided already, or its time has passed.",
    )
    .next("请刷新页面。", "Reload the page.")
}

/// What the events add up to.
///
/// # Errors
/// A [`Fault`] when the first one does not ask for it.
pub fn fold(events: &[Recorded<SealEvent>]) -> Result<Order, Fault> {
    let (first, rest) = events.split_first().ok_or_else(|| Fault::new("an order has no events"))?;
    let mut order = begun(&first.event, first.recorded_at)?;
    for event in rest {
        apply(&mut order, &event.event, event.recorded_at);
    }
    Ok(order)
}

/// An order that was asked for just now.
pub(crate) fn begun(event: &SealEvent, at: Timestamp) -> Result<Order, Fault> {
    let SealEvent::Asked(asked) = event else {
        return Err(Fault::new("an order does not begin with being asked for"));
    };
    let asked = asked.as_ref().clone();
    Ok(Order { asked, at, state: SealState::Asked, approved_at: None, refused: None, looks: 0 })
}

/// Takes one more event in.
pub fn apply(order: &mut Order, event: &SealEvent, at: Timestamp) {
    match event {
        SealEvent::Asked(_) => {}
        SealEvent::Approved {} => (order.state, order.approved_at) = (SealState::Approved, Some(at)),
        SealEvent::Refused { reason } => {
            (order.state, order.refused) = (SealState::Refused, Some(reason.clone()));
        }
        SealEvent::Ended { looks } => (order.state, order.looks) = (SealState::Ended, *looks),
    }
}
