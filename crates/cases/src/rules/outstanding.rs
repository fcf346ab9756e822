//! What the parties owe, so that each finds it in one place however many cases there are: told from the case alone.

use crate::model::*;
use catalog::Item;
use kernel::{SubjectId, Text, Timestamp};
use procedure::TermKind;

/// What a case waits for from a party.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum OutstandingKind {
    /// What is missing or wrong is to be supplied (补正).
    Supplement,
    /// A paper that was promised is to come (容缺).
    Promise,
    /// The party is to say that they take part (共同申请).
    Confirmation,
}

impl OutstandingKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Supplement, Self::Promise, Self::Confirmation];

    /// The stable word for rows, pages and the API.
    pub fn word(self) -> &'static str {
        match self {
            Self::Supplement => "supplement",
            Self::Promise => "promise",
            Self::Confirmation => "confirmation",
        }
    }
}

/// Something that one party owes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outstanding {
    pub subject: SubjectId,
    pub kind: OutstandingKind,
    /// The promised material; empty otherwise.
    pub what: String,
    /// Its name; empty otherwise.
    pub name: Text,
    /// Until when; none where no time runs.
    pub due: Option<Timestamp>,
}

impl Outstanding {
    /// What makes it one thing.
    pub(crate) fn key(&self) -> (SubjectId, OutstandingKind, &str) {
        (self.subject, self.kind, &self.what)
    }
}

/// Everything that the parties owe, each subject once for each thing.
pub(crate) fn outstanding(case: &Case, item: &Item) -> Vec<Outstanding> {
    let mut all = Vec::new();
    if case.state.ended() {
        return all;
    }
    let due = |kind: TermKind| case.terms.iter().find(|t| t.runs() && t.kind == kind).map(|t| t.due.at);
    let plain =
        |subject, kind, due| Outstanding { subject, kind, what: String::new(), name: Text::default(), due };
    for party in &case.parties {
        let subject = party.subject;
        if matches!(case.state, CaseState::Supplement { .. }) {
            all.push(plain(subject, OutstandingKind::Supplement, due(TermKind::Supplement)));
        }
        for promise in case.promises.iter().filter(|p| p.open()) {
            let (what, name) = (promise.material.clone(), promise.name.clone());
            all.push(Outstanding {
                subject,
                kind: OutstandingKind::Promise,
                what,
                name,
                due: Some(promise.due),
            });
        }
        let unspoken = party.confirmed_at.is_none() && item.needs_word(&party.role);
        if unspoken && matches!(case.state, CaseState::Submitted { .. }) {
            all.push(plain(subject, OutstandingKind::Confirmation, due(TermKind::Confirmation)));
        }
    }
    all.sort_by(|a, b| a.key().cmp(&b.key()));
    all.dedup_by(|a, b| a.key() == b.key());
    all
}
