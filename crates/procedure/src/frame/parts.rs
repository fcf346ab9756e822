//! What a frame is made of: a law with its article, a remedy, more time, the times of a hearing, of renewal, of review.

use crate::RemedyKind;
use crate::leave::LeaveOf;
use kernel::{Term, Text};
use serde::{Deserialize, Serialize};

/// A law and its article, as shown beside what it demands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Law {
    /// The law's title.
    pub title: Text,
    /// The article, `第四十二条` / `article 42`; empty when the whole law is meant.
    pub article: Text,
}

impl Law {
    /// A law by its titles and article number; article 0 means the whole law.
    pub fn new(zh: &str, en: &str, article: u32) -> Self {
        let article = match article {
            0 => Text::default(),
            n => Text::new(format!("第{n}条"), format!("article {n}")),
        };
        Self { title: Text::new(zh, en), article }
    }

    /// Title and article as one phrase.
    pub fn cite(&self) -> Text {
        let en = [self.title.en.as_str(), self.article.en.as_str()];
        Text::new(
            format!("《{}》{}", self.title.zh, self.article.zh),
            en.into_iter().filter(|s| !s.is_empty()).collect::<Vec<_>>().join(", "),
        )
    }
}

/// What somebody can do against a decision, and within what time from its service.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Remedy {
    /// Which way it is.
    pub kind: RemedyKind,
    /// The sentence for the notice.
    pub say: Text,
    /// By which law.
    pub law: Law,
}

/// Who may grant more time, how much, and by which law.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MoreTime {
    /// How much at most, once.
    pub term: Term,
    /// By which law.
    pub law: Law,
    /// Whose leave it needs.
    pub of: LeaveOf,
    /// The same in words.
    pub leave: Text,
}

/// The times of a hearing (听证).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HearingTerms {
    /// To ask for it, from being told of the right.
    pub request: Term,
    /// To hold it, from the request.
    pub hold: Term,
    /// To tell time and place, before it is held.
    pub announce: Term,
    /// By which law it is offered and held.
    pub law: Law,
    /// By which law it is announced and conducted.
    pub conduct: Law,
}

/// When a holder asks for renewal (延续), and what silence means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renewal {
    /// How long before the end of validity.
    pub before: Term,
    /// By which law.
    pub law: Law,
    /// Whether no decision before the end counts as renewal (视为准予延续).
    pub silence_renews: bool,
}

/// Looking again, from time to time, at what is paid (定期核查).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review {
    /// How many months lie between two looks; the place sets it.
    pub months: u8,
    /// By which law it is looked at again.
    pub law: Law,
    /// By which law the person tells of changes themselves.
    pub report: Law,
}

/// What is found out, and shown, before a benefit is granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Inquiry {
    /// By which law others' registers are asked about the household: only on its request and authorisation.
    pub consent: Law,
    /// By which law the household is visited and neighbours are asked.
    pub visit: Law,
    /// How long the outcome is shown where the household lives; the place sets it.
    pub publicity: Term,
    /// By which law it is shown.
    pub law: Law,
}
