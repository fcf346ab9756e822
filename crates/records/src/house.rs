//! The sockets of this room, plugged into `cases`: what the house holds goes out, what comes in is handed to it.

use crate::arriving::Arriving;
use crate::feed::{Depth, Feed, FeedPage, Holdings, PAGE};
use crate::history;
use crate::import::Intake;
use crate::model::{CaseRecord, Selection, Transition};
use crate::words;
use ::store::{Cx, Store};
use async_trait::async_trait;
use cases::{Case, CaseRow, Imported, ImportedAct, Scope};
use identity::Staff;
use kernel::{Fault, Outcome, Refusal, RefusalKind, Text, Timestamp};
use page::{House, format};
use procedure::{RunningTerm, TermKind, TermState};
use std::sync::Arc;

/// The cases of this house.
#[derive(Clone)]
pub struct CaseHoldings {
    pub(crate) house: House,
}

impl CaseHoldings {
    /// Over the cases of `house`.
    pub fn new(house: House) -> Self {
        Self { house }
    }

    fn feed(&self, scope: Scope, selection: Selection) -> Arc<dyn Feed> {
        let ground = &self.house.ground;
        Arc::new(CaseFeed { store: ground.store.clone(), now: ground.clock.now(), scope, selection })
    }
}

impl Holdings for CaseHoldings {
    fn within(&self, who: &Staff, selection: Selection) -> Arc<dyn Feed> {
        self.feed(Scope::from(who), selection)
    }

    fn all(&self, selection: Selection) -> Arc<dyn Feed> {
        self.feed(Scope::program(), selection)
    }

    fn intake(&self) -> Arc<dyn Intake> {
        Arc::new(self.clone())
    }

    fn state_name(&self, word: &str) -> Text {
        cases::state_name(word)
    }
}

struct CaseFeed {
    store: Store,
    now: Timestamp,
    scope: Scope,
    selection: Selection,
}

#[async_trait]
impl Feed for CaseFeed {
    async fn page(&self, cursor: Option<&str>, depth: Depth) -> Outcome<FeedPage> {
        let limit = i64::try_from(PAGE).unwrap_or(i64::MAX);
        if depth == Depth::Row {
            let page = cases::export_rows(&self.store, &self.scope, cursor, limit).await?;
            let records = page.rows.into_iter().map(|row| record(row, self.now));
            let cases = records.filter(|record| self.selection.holds(record)).collect();
            return Ok(FeedPage { cases, next: page.next });
        }
        let page = cases::export_from(&self.store, &self.scope, cursor, limit).await?;
        let mut wanted = Vec::with_capacity(page.rows.len());
        for exported in page.rows {
            let mut record = record(exported.row, self.now);
            if !self.selection.holds(&record) {
                continue;
            }
            let version = exported.case.item;
            let item = catalog::version(&self.store, version).await?;
            let item = item.ok_or_else(|| Fault::new(format!("there is no version {version} of an item")))?;
            deepen(&mut record, &exported.case, self.now);
            record.acts = history::acts(&exported.events, &item.item);
            wanted.push(record);
        }
        Ok(FeedPage { cases: wanted, next: page.next })
    }
}

/// What the row alone says.
fn record(row: CaseRow, now: Timestamp) -> CaseRecord {
    CaseRecord {
        number: row.number.to_string(),
        item: row.item_key,
        item_name: row.item_name,
        agency: row.agency.to_string(),
        division: row.division,
        state_name: cases::state_name(&row.state),
        state: row.state,
        outcome: row.outcome,
        applicant: format::mask_name(&row.subject_name),
        filed_at: row.filed_at,
        due: row.due_at,
        promised: None,
        statutory: None,
        closed_at: row.closed_at,
        late: row.running && row.due_at.is_some_and(|due| due < now),
        acts: Vec::new(),
    }
}

/// What only the history says: the terms, and whether each of the body's was kept.
fn deepen(record: &mut CaseRecord, case: &Case, now: Timestamp) {
    let end = |kind: TermKind| case.terms.iter().rev().find(|t| t.kind == kind).map(|t| t.due.at);
    record.promised = end(TermKind::Promised);
    record.statutory = end(TermKind::Statutory);
    record.late = case.terms.iter().any(|t| of_the_body(&t.kind) && missed(t, now));
}

fn missed(term: &RunningTerm, now: Timestamp) -> bool {
    matches!(term.state, TermState::MetLate(_)) || term.passed(now)
}

/// Whether it is the body that must keep the term, and not the applicant or the public.
fn of_the_body(kind: &TermKind) -> bool {
    use TermKind as K;
    match kind {
        K::Precheck
        | K::Acceptance
        | K::Statutory
        | K::Promised
        | K::PreliminaryReview
        | K::Step(_)
        | K::HearingHold
        | K::Check
        | K::Issue
        | K::Renewal => true,
        K::Confirmation
        | K::Supplement
        | K::HearingRequest
        | K::InterestedRequest(_)
        | K::Publicity(_)
        | K::Promise(_)
        | K::Remedy => false,
    }
}

/// The states with which a case may come in; what only passes (a suspension, a supplement) is told by what comes after.
const STATES: &[(&str, bool)] = &[
    ("submitted", false),
    ("accepted", false),
    ("closed", true),
    ("not_accepted", true),
    ("returned", true),
    ("withdrawn", true),
    ("lapsed", true),
    ("forwarded", true),
    ("void", true),
];

const OUTCOMES: &[&str] =
    &["approved", "refused", "not_accepted", "returned", "withdrawn", "lapsed", "forwarded", "void"];

/// Shown where another system names nobody.
const NOBODY: &str = "—";

#[async_trait]
impl Intake for CaseHoldings {
    fn states(&self) -> &'static [(&'static str, bool)] {
        STATES
    }

    fn outcomes(&self) -> &'static [&'static str] {
        OUTCOMES
    }

    fn acts(&self) -> &'static [&'static str] {
        words::words()
    }

    fn check(&self, case: &Arriving) -> Result<(), Refusal> {
        let fits = match (case.state.as_str(), case.outcome.as_deref()) {
            ("closed", outcome) => matches!(outcome, Some("approved" | "refused")),
            (_, None) => true,
            (state, Some(outcome)) => case.finished && outcome == state,
        };
        if fits {
            return Ok(());
        }
        Err(Refusal::new(
            RefusalKind::Invalid,
            "records.outcome-unfit",
            "结果与状态不符：办结的应为approved或refused，其他状态不写结果。",
            "The outcome does not fit the state: a closed case was approved or refused, others have none.",
        ))
    }

    async fn take(&self, cx: &mut Cx, source: &str, case: &Arriving) -> Outcome<String> {
        let name = if case.applicant.is_empty() { NOBODY } else { &case.applicant };
        let acts = case.acts.iter().map(|act| ImportedAct {
            name: act.name.clone(),
            at: act.at,
            agency: act.agency.clone(),
            start: act.transition == Transition::Start,
        });
        let told = Imported {
            item: case.item.clone(),
            agency: case.agency.clone(),
            division: case.division.clone(),
            source: source.to_owned(),
            external: case.external.clone(),
            subject_name: name.to_owned(),
            subject_number: case.applicant_number.clone(),
            filed_at: case.filed_at,
            promised: case.promised,
            statutory: case.statutory,
            state: case.state.clone(),
            outcome: case.outcome.clone().filter(|_| case.state == "closed"),
            closed_at: case.closed_at,
            acts: acts.collect(),
        };
        Ok(cases::import(cx, &self.house, told).await?.number.to_string())
    }
}
