//! A correction request (更正请求) as the agency that keeps the register reads it: what the person says, the entry as the register has it,
//! the paper. Of the case nothing else.

use super::watch::read;
use super::{WatchRow, view};
use crate::model::{Fact, FactAnswer};
use crate::scope::{Handler, Scope};
use crate::store as rows;
use ::store::Store;
use catalog::Published;
use kernel::codes::CaseNumber;
use kernel::{FileId, Outcome, PersonId, Refusal, SubjectId};

/// A correction request.
#[derive(Debug, Clone)]
pub struct Correction {
    /// As it stands in lists.
    pub row: WatchRow,
    /// Whose case it is.
    pub person: String,
    /// The natural persons who take part: reading it is a look at their data.
    pub people: Vec<PersonId>,
    /// The record of the register that is disputed, as it was when the case was filed.
    pub record: Option<Fact>,
    /// The paper that shows it.
    pub proof: Option<FileId>,
    /// The item under which the entry has its name.
    pub item: Published,
}

/// The request at this place of a case, if it is addressed to whoever asks.
///
/// # Errors
/// Not found, whether it does not exist or is addressed to somebody else.
pub async fn correction(store: &Store, who: &Handler, number: &CaseNumber, seq: i64) -> Outcome<Correction> {
    let case = rows::the_case(store, &number.to_string(), &Scope::program()).await?;
    let case = case.ok_or_else(Refusal::not_found)?;
    let found = rows::dispute(store, case.id, seq, who.agency().as_str()).await?;
    let row = read(store, found.ok_or_else(Refusal::not_found)?)?;
    let whole = view(store, number, &Scope::program()).await?;
    let alias = row.path.split(['.', '[']).next().unwrap_or_default();
    let own = |f: &&Fact| f.alias == alias && matches!(f.answer, FactAnswer::Found(_));
    let person = |p: &crate::model::Party| match p.subject {
        SubjectId::Person(person) => Some(person),
        SubjectId::Organisation(_) => None,
    };
    Ok(Correction {
        person: whole.case.first_party().map(|p| p.name.clone()).unwrap_or_default(),
        people: whole.case.parties.iter().filter_map(person).collect(),
        record: whole.case.facts.iter().find(own).cloned(),
        proof: row.evidence.as_deref().and_then(|file| file.parse().ok()),
        item: whole.item,
        row,
    })
}
