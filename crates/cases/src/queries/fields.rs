//! What was filled in, for lists of tasks: form fields as columns, within one item and one agency. What is not for these eyes is cut as
//! where a case is read whole.

use super::{InboxRow, needs};
use crate::event::CaseEvent;
use crate::model::*;
use crate::rules;
use crate::scope::Handler;
use crate::verbs;
use ::store::Store;
use catalog::{Item, Published};
use forms::{Answers, Field};
use kernel::{Outcome, PersonId, SubjectId};
use std::collections::{BTreeMap, BTreeSet};

/// So many fields of a form may be columns of a list at once.
pub const FIELDS_MAX: usize = 6;

/// What was filled in, in one case of a list.
#[derive(Debug, Clone)]
pub struct Answered {
    /// The answers, without what is not for these eyes.
    pub answers: Answers,
    /// The version of the item it was filed under.
    pub item: Published,
    /// The natural persons who take part: whoever shows this to staff records a look for each, before it is shown.
    pub people: Vec<PersonId>,
}

/// What was filled in, in the cases of these lines, by case: one look at the trace for them all.
///
/// # Errors
/// A fault when a chain is broken.
pub async fn answered(
    store: &Store,
    who: &Handler,
    rows: &[InboxRow],
) -> Outcome<BTreeMap<CaseId, Answered>> {
    let ids: BTreeSet<CaseId> = rows.iter().map(|row| row.case).collect();
    let subjects: Vec<trace::Subject> = ids.into_iter().map(verbs::subject_of).collect();
    let mut all = BTreeMap::new();
    for traced in trace::histories::<CaseEvent>(store, &subjects).await? {
        let mut events = traced.events;
        let mut case = rules::fold(events.iter().map(|e| (&e.event, e.occurred_at)))?;
        let item = verbs::item_version(store, case.item).await?;
        needs::cut(&mut case, &mut events, &item.item, who.agency());
        let people = case.parties.iter().filter_map(|p| match p.subject {
            SubjectId::Person(person) => Some(person),
            SubjectId::Organisation(_) => None,
        });
        let people: BTreeSet<PersonId> = people.collect();
        let answers = std::mem::take(&mut case.answers);
        all.insert(case.id, Answered { answers, item, people: people.into_iter().collect() });
    }
    Ok(all)
}

/// The fields that may be columns of these lines of one item: of its form, those that at least one of the steps lying here needs.
/// Files and declarations say nothing in a table.
pub fn fields_offered<'a>(item: &'a Item, who: &Handler, rows: &[InboxRow]) -> Vec<&'a Field> {
    let own: Vec<&InboxRow> = rows.iter().filter(|row| row.item_key == item.key).collect();
    let seen = |field: &&Field| own.iter().any(|row| needs::shows(item, row, who.agency(), &field.id));
    let tells =
        |field: &&Field| !matches!(field.kind(), forms::FieldType::File | forms::FieldType::Declaration);
    item.form.fields().filter(tells).filter(seen).collect()
}
