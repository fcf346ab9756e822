//! A term that runs: since when, how long, until when, why, and what became of it.

use crate::Law;
use kernel::{Calendar, Due, Term, Text, Timestamp};
use serde::{Deserialize, Serialize};

/// What a term is for.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "kind", content = "of")]
pub enum TermKind {
    /// To say whether the application is accepted.
    Acceptance,
    /// To decide, by law (法定).
    Statutory,
    /// To decide, as promised by the agency (承诺).
    Promised,
    /// To do one step.
    Step(String),
    /// To issue and deliver what was granted.
    Issue,
}

impl TermKind {
    /// What the term is for, as a phrase.
    pub fn name(&self) -> Text {
        match self {
            Self::Acceptance => Text::new("受理期限", "Time to accept"),
            Self::Statutory => Text::new("法定办结时限", "Time to decide, by law"),
            Self::Promised => Text::new("承诺办结时限", "Time to decide, as promised"),
            Self::Step(_) => Text::new("本环节时限", "Time for this step"),
            Self::Issue => Text::new("制证送达时限", "Time to issue and deliver"),
        }
    }
}

/// What became of a term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "state", content = "at")]
pub enum TermState {
    /// It runs.
    Running,
    /// What it demands was done in time, at this moment.
    Met(Timestamp),
    /// What it demands was done, but late, at this moment.
    MetLate(Timestamp),
    /// It no longer counts: a supplement was asked for, the application was withdrawn; since this moment.
    Stopped(Timestamp),
}

/// A term with its reckoning. It is kept in the events, so that what was told to the applicant never changes when the
/// calendar is edited later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct RunningTerm {
    /// What it is for.
    pub kind: TermKind,
    /// The moment it runs from; that day is day 0.
    pub from: Timestamp,
    /// How long.
    pub term: Term,
    /// Until when, and which days were counted and skipped.
    pub due: Due,
    /// By which law; `None` when it is the agency's own promise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub law: Option<Law>,
    /// What became of it.
    pub state: TermState,
}

impl RunningTerm {
    /// A term that starts to run at `from`.
    pub fn start(kind: TermKind, from: Timestamp, term: Term, law: Option<Law>, calendar: &Calendar) -> Self {
        let due = calendar.due(from, term);
        Self { kind, from, term, due, law, state: TermState::Running }
    }

    /// Whether it still runs.
    pub fn runs(&self) -> bool {
        self.state == TermState::Running
    }

    /// Whether it runs and its end has passed.
    pub fn passed(&self, now: Timestamp) -> bool {
        self.runs() && now > self.due.at
    }

    /// What it demands was done at `at`.
    pub fn meet(&mut self, at: Timestamp) {
        if self.runs() {
            self.state = if at <= self.due.at { TermState::Met(at) } else { TermState::MetLate(at) };
        }
    }

    /// It no longer counts since `at`.
    pub fn stop(&mut self, at: Timestamp) {
        if self.runs() {
            self.state = TermState::Stopped(at);
        }
    }
}
