//! Whose data a list opens: whoever shows sealed lines of cases leaves a look at each of these first.

use crate::store as rows;
use ::store::Store;
use kernel::codes::CaseNumber;
use kernel::{Fault, PersonId, SubjectId};
use std::collections::BTreeSet;

/// The natural persons who take part in these cases, each once a case; firms are nobody's looks.
///
/// # Errors
/// A fault of the store.
pub async fn concerned(store: &Store, cases: &[CaseNumber]) -> Result<Vec<(String, PersonId)>, Fault> {
    let numbers: BTreeSet<String> = cases.iter().map(ToString::to_string).collect();
    let numbers: Vec<String> = numbers.into_iter().collect();
    let person = |(number, subject)| match subject {
        SubjectId::Person(person) => Some((number, person)),
        SubjectId::Organisation(_) => None,
    };
    let found: BTreeSet<(String, PersonId)> =
        rows::parties(store, &numbers).await?.into_iter().filter_map(person).collect();
    Ok(found.into_iter().collect())
}
