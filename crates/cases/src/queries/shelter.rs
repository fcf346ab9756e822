//! Addresses under protection (反家庭暴力法第二十三条至第三十二条, PIPL 28): whoever else reads a case or a draft is not told where the
//! protected person lives — not by answers, not by registers, not by what somebody else handed in for them. Done where a case is read, as
//! [`redact`](super::redact) is; those who handle the case see what they need.

use crate::draft::Draft;
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::facts_value;
use ::store::Store;
use catalog::facts::Asked;
use catalog::{Item, Published, Shared};
use forms::{Answers, Form};
use kernel::codes::CitizenId;
use kernel::{Fault, PersonId, SubjectId, Timestamp};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use trace::Recorded;

/// The last part of a data element that says where somebody lives: `person.address`, `seller.address`.
const ADDRESS: &str = "address";
const NUMBER: &str = "citizen_id";
/// Under this name rules read what identity knows of the natural person who applies.
const PERSON: &str = "person";

/// Whose address is kept from whoever looks.
struct Kept<'a> {
    store: &'a Store,
    eyes: PersonId,
    shared: Arc<Shared>,
    numbers: BTreeMap<String, bool>,
}

/// What is not for these eyes.
#[derive(Default)]
struct Hidden {
    /// Fields of the form.
    fields: BTreeSet<String>,
    /// Entries of registers, by the name under which rules read them.
    entries: BTreeMap<String, BTreeSet<String>>,
    /// Whether papers are not either: somebody else handed them in for the protected person.
    papers: bool,
}

impl<'a> Kept<'a> {
    /// Nobody when no address is protected at all, which is read in one look-up.
    async fn new(store: &'a Store, eyes: PersonId) -> Result<Option<Self>, Fault> {
        if !identity::any_address_kept(store).await? {
            return Ok(None);
        }
        let shared = catalog::shared(store).await?;
        Ok(Some(Self { store, eyes, shared, numbers: BTreeMap::new() }))
    }

    /// Whether the address of whoever has this number is kept.
    async fn number(&mut self, number: &str) -> Result<bool, Fault> {
        if let Some(known) = self.numbers.get(number) {
            return Ok(*known);
        }
        let kept = match number.parse::<CitizenId>() {
            Err(_) => false,
            Ok(_) => match identity::person_by_citizen_id(self.store, number).await? {
                Some(person) => identity::address_kept(self.store, person, self.eyes).await?,
                None => false,
            },
        };
        self.numbers.insert(number.to_owned(), kept);
        Ok(kept)
    }

    async fn subject(&self, subject: SubjectId) -> Result<bool, Fault> {
        match subject {
            SubjectId::Person(person) => identity::address_kept(self.store, person, self.eyes).await,
            SubjectId::Organisation(_) => Ok(false),
        }
    }

    /// The fields of a form that say where a protected person lives; `applicant` is whether that is so of whoever applies.
    async fn fields(
        &mut self,
        form: &Form,
        answers: &Answers,
        applicant: bool,
    ) -> Result<BTreeSet<String>, Fault> {
        let mut hidden = BTreeSet::new();
        for field in form.fields() {
            let Some((whose, ADDRESS)) = field.element.as_deref().and_then(|e| e.rsplit_once('.')) else {
                continue;
            };
            let number = format!("{whose}.{NUMBER}");
            let number = form.fields().find(|f| f.element.as_deref() == Some(number.as_str()));
            let number = number.and_then(|f| answers.get(&f.id)).and_then(Value::as_str);
            let kept = match number {
                Some(number) => self.number(number).await?,
                None => false,
            };
            if kept || whose == "person" && applicant {
                hidden.insert(field.id.clone());
            }
        }
        Ok(hidden)
    }

    /// The entries of a register's answer that say where a protected person lives. A record of whoever looks is their own.
    async fn entries(
        &mut self,
        (alias, source): (&str, &str),
        value: &Value,
        (item, all): (&Item, &Value),
    ) -> Result<BTreeSet<String>, Fault> {
        let Some(record) = value.as_object() else { return Ok(BTreeSet::new()) };
        let places: BTreeSet<String> = match self.shared.register(source) {
            Some(register) => {
                register.fields.iter().filter(|(_, f)| f.place).map(|(id, _)| id.clone()).collect()
            }
            None => [ADDRESS.to_owned()].into(),
        };
        if !record.keys().any(|key| places.contains(key)) {
            return Ok(BTreeSet::new());
        }
        let mut named: Vec<String> = match record.get(NUMBER).and_then(Value::as_str) {
            Some(own) => vec![own.to_owned()],
            None => record.values().flat_map(texts).collect(),
        };
        if named.is_empty() || record.get(NUMBER).is_none() {
            let asked = item.sources.iter().find(|s| s.id == alias).map(|s| s.query(all));
            if let Some(Asked::With(keys)) = asked {
                named.extend(keys.values().flat_map(texts));
            }
        }
        for number in named {
            if self.number(&number).await? {
                return Ok(places);
            }
        }
        Ok(BTreeSet::new())
    }
}

fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(one) => vec![one.clone()],
        Value::Array(many) => many.iter().filter_map(Value::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

impl Hidden {
    fn is_empty(&self) -> bool {
        self.fields.is_empty() && self.entries.is_empty() && !self.papers
    }

    fn answers(&self, answers: &mut Answers) {
        answers.retain(|field, _| !self.fields.contains(field));
    }

    fn fact(&self, fact: &mut Fact) {
        if let (Some(places), FactAnswer::Found(Value::Object(record))) =
            (self.entries.get(&fact.alias), &mut fact.answer)
        {
            record.retain(|key, _| !places.contains(key));
        }
    }

    /// Whether the entry at this path is one of them: `household.address`.
    fn entry(&self, path: &str) -> bool {
        let (alias, entry) = path.split_once('.').unwrap_or((path, ""));
        let entry = entry.split(['.', '[']).next().unwrap_or_default();
        self.entries.get(alias).is_some_and(|places| places.contains(entry))
    }

    fn dispute(&self, dispute: &mut Dispute) {
        if self.entry(&dispute.path) {
            (dispute.claim, dispute.proof) = (String::new(), None);
        }
    }

    fn papers(&self, materials: &mut Vec<Material>) {
        if self.papers {
            materials.clear();
        }
    }

    fn event(&self, event: &mut CaseEvent) {
        match event {
            CaseEvent::Filed(filed) | CaseEvent::Imported(filed) => {
                self.answers(&mut filed.answers);
                self.papers(&mut filed.materials);
            }
            CaseEvent::Supplemented { answers, materials, .. } => {
                self.answers(answers);
                self.papers(materials);
            }
            CaseEvent::FactsSeen { facts } => facts.iter_mut().for_each(|f| self.fact(f)),
            CaseEvent::Disputed { dispute } => self.dispute(dispute),
            CaseEvent::DisputeSettled { path, text, fact, .. } if self.entry(path) => {
                (*text, *fact) = (String::new(), None);
            }
            _ => {}
        }
    }
}

/// What identity knows of the natural person who acted for a firm — number, telephone, home — is neither the firm's nor its agents'.
fn employees(case: &mut Case, events: &mut [Recorded<CaseEvent>], eyes: PersonId) {
    let firm = |p: &Party| matches!(p.subject, SubjectId::Organisation(_));
    if !case.first_party().is_some_and(firm) || events.first().is_some_and(|e| e.actor.person == Some(eyes)) {
        return;
    }
    let own = |fact: &Fact| fact.alias == PERSON;
    case.facts.retain(|f| !own(f));
    for recorded in events {
        if let CaseEvent::FactsSeen { facts } = &mut recorded.event {
            facts.retain(|f| !own(f));
        }
    }
}

/// Takes out of a case and its events what is somebody else's own: where protected persons live, and who a firm's people are at home.
pub(crate) async fn shelter(
    store: &Store,
    (case, events): (&mut Case, &mut [Recorded<CaseEvent>]),
    item: &Published,
    eyes: PersonId,
) -> Result<(), Fault> {
    employees(case, events, eyes);
    let Some(mut kept) = Kept::new(store, eyes).await? else { return Ok(()) };
    let applicant = match case.by.or_else(|| case.first_party().map(|p| p.subject)) {
        Some(subject) => kept.subject(subject).await?,
        None => false,
    };
    let mut hidden = Hidden::default();
    hidden.fields = kept.fields(&item.item.form, &case.answers, applicant).await?;
    let at = events.last().map_or(Timestamp::UNIX_EPOCH, |e| e.occurred_at);
    let seen = events.iter().filter_map(|e| match &e.event {
        CaseEvent::FactsSeen { facts } => Some(facts.iter()),
        _ => None,
    });
    let facts: Vec<Fact> = case.facts.iter().chain(seen.flatten()).cloned().collect();
    let all = facts_value(&case.answers, &case.facts, at);
    for fact in &facts {
        let FactAnswer::Found(value) = &fact.answer else { continue };
        let entries = kept.entries((&fact.alias, &fact.source), value, (&item.item, &all)).await?;
        if !entries.is_empty() {
            hidden.entries.entry(fact.alias.clone()).or_default().extend(entries);
        }
    }
    // What whoever shelters somebody hands in for them may say where they live.
    hidden.papers = applicant && events.first().is_none_or(|e| e.actor.person != Some(eyes));
    if hidden.is_empty() {
        return Ok(());
    }
    hidden.answers(&mut case.answers);
    hidden.papers(&mut case.materials);
    case.facts.iter_mut().for_each(|f| hidden.fact(f));
    case.disputes.iter_mut().for_each(|d| hidden.dispute(d));
    events.iter_mut().for_each(|e| hidden.event(&mut e.event));
    Ok(())
}

/// The same of a draft in the name of `subject`: what was filled in before the protection is not shown, what is typed now stays.
pub(crate) async fn shelter_draft(
    store: &Store,
    draft: &mut Draft,
    (form, items): (&Form, &[Published]),
    subject: SubjectId,
    eyes: PersonId,
) -> Result<(), Fault> {
    let Some(mut kept) = Kept::new(store, eyes).await? else { return Ok(()) };
    if kept.subject(subject).await?
        && let Some(was) = draft.known.shift_remove(&format!("person.{ADDRESS}"))
    {
        let hidden = kept.fields(form, &draft.answers, true).await?;
        draft.answers.retain(|field, value| !(hidden.contains(field) && *value == was));
    }
    for (question, answer) in &mut draft.asked {
        let FactAnswer::Found(value) = answer else { continue };
        let source = question.split(' ').next().unwrap_or_default().to_owned();
        let keys: Value =
            question.split_once(' ').and_then(|(_, k)| serde_json::from_str(k).ok()).unwrap_or_default();
        let numbers = keys.as_object().into_iter().flat_map(|k| k.values()).flat_map(texts);
        let mut hide = false;
        for number in numbers {
            hide |= kept.number(&number).await?;
        }
        let Some(register) = kept.shared.register(&source).filter(|_| hide) else { continue };
        if let Value::Object(record) = value {
            record.retain(|key, _| !register.fields.get(key).is_some_and(|f| f.place));
        }
    }
    let named = |path: &str| {
        items.iter().any(|p| p.item.sources.iter().any(|s| path.starts_with(&format!("{}.", s.id))))
    };
    if kept.subject(subject).await? {
        draft.disputes.retain(|d| !(named(&d.path) && d.path.ends_with(ADDRESS)));
    }
    Ok(())
}
