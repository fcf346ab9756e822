//! Cases in memory: what the room's sockets are plugged into when `cases` itself is not under test.

use async_trait::async_trait;
use identity::Staff;
use kernel::{Outcome, Refusal, RefusalKind, Text};
use records::arriving::Arriving;
use records::model::ActRecord;
use records::{CaseRecord, Depth, Feed, FeedPage, Holdings, Intake, PAGE, Selection};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::Cx;

pub const STATES: &[(&str, bool)] =
    &[("submitted", false), ("accepted", false), ("closed", true), ("withdrawn", true)];

/// The shelf; clones are the same one. Cases stand in it by source and number, as in a table with that key.
#[derive(Clone, Default)]
pub struct Shelf {
    pub cases: Arc<Mutex<BTreeMap<(String, String), CaseRecord>>>,
    /// Cases with this number elsewhere are refused.
    pub refuses: Option<String>,
}

impl Shelf {
    pub fn put(&self, case: CaseRecord) {
        self.cases.lock().unwrap().insert((String::new(), case.number.clone()), case);
    }

    pub fn len(&self) -> usize {
        self.cases.lock().unwrap().len()
    }
}

struct Within {
    shelf: Shelf,
    agency: Option<kernel::AgencyCode>,
    selection: Selection,
}

#[async_trait]
impl Feed for Within {
    async fn page(&self, cursor: Option<&str>, depth: Depth) -> Outcome<FeedPage> {
        let from: usize = cursor.map_or(0, |c| c.parse().unwrap());
        let cases = self.shelf.cases.lock().unwrap();
        let reached = |case: &&CaseRecord| {
            self.agency
                .as_ref()
                .is_none_or(|own| own.contains(&kernel::AgencyCode::parse(&case.agency).unwrap()))
        };
        let page: Vec<CaseRecord> = cases
            .values()
            .skip(from)
            .take(PAGE)
            .filter(reached)
            .filter(|case| self.selection.holds(case))
            .cloned()
            .map(|mut case| {
                if depth == Depth::Row {
                    case.acts.clear();
                }
                case
            })
            .collect();
        let next = (from + PAGE < cases.len()).then(|| (from + PAGE).to_string());
        Ok(FeedPage { cases: page, next })
    }
}

#[async_trait]
impl Intake for Shelf {
    fn states(&self) -> &'static [(&'static str, bool)] {
        STATES
    }

    fn outcomes(&self) -> &'static [&'static str] {
        &["approved", "refused", "withdrawn"]
    }

    fn acts(&self) -> &'static [&'static str] {
        &["filed", "accepted", "decided", "closed", "withdrawn"]
    }

    fn check(&self, case: &Arriving) -> Result<(), Refusal> {
        if case.external.starts_with("NO-") {
            return Err(Refusal::new(RefusalKind::Invalid, "shelf.never", "从来不收。", "Never taken."));
        }
        Ok(())
    }

    async fn take(&self, _: &mut Cx, source: &str, case: &Arriving) -> Outcome<String> {
        if self.refuses.as_ref() == Some(&case.external) {
            let refusal = Refusal::new(RefusalKind::Conflict, "shelf.no", "不收。", "Not taken.");
            return Err(refusal.into());
        }
        let number = format!("N{}", case.external);
        let acts = case.acts.iter().map(|a| ActRecord {
            name: a.name.clone(),
            label: Text::same(a.name.as_str()),
            at: a.at,
            resource: a.resource.clone(),
            transition: a.transition,
        });
        let record = CaseRecord {
            number: number.clone(),
            item: case.item.clone(),
            item_name: Text::same(case.item.as_str()),
            agency: case.agency.to_string(),
            division: case.division.clone(),
            state: case.state.clone(),
            state_name: Text::same(case.state.as_str()),
            outcome: case.outcome.clone(),
            applicant: page::format::mask_name(&case.applicant),
            filed_at: case.filed_at,
            due: case.promised,
            promised: case.promised,
            statutory: case.statutory,
            closed_at: case.closed_at,
            late: case.promised.zip(case.closed_at).is_some_and(|(due, at)| at > due),
            acts: acts.collect(),
        };
        self.cases.lock().unwrap().insert((source.to_owned(), case.external.clone()), record);
        Ok(number)
    }
}

impl Holdings for Shelf {
    fn within(&self, who: &Staff, selection: Selection) -> Arc<dyn Feed> {
        let agency = match who {
            Staff::Supervisor(_) => None,
            other => Some(other.agency().clone()),
        };
        Arc::new(Within { shelf: self.clone(), agency, selection })
    }

    fn all(&self, selection: Selection) -> Arc<dyn Feed> {
        Arc::new(Within { shelf: self.clone(), agency: None, selection })
    }

    fn intake(&self) -> Arc<dyn Intake> {
        Arc::new(self.clone())
    }

    fn state_name(&self, word: &str) -> Text {
        Text::same(word)
    }
}
