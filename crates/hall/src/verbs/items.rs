//! Which items the tickets of a day were about, as far as their outcome tells: a case number holds the code of its item, a notice its
//! matter, and a letter that names one item needs no more.

use crate::model::{TicketId, TicketState};
use crate::store::{self as rows, Business, TicketRow};
use ::store::Store;
use kernel::Fault;
use kernel::codes::CaseNumber;
use std::collections::HashMap;

/// The item of each ticket that has ended, by its key, or by its code where the catalogue has it no more. Tickets whose item nobody told are
/// left out.
pub(crate) async fn items_of(
    store: &Store,
    tickets: &[TicketRow],
    letters: &[Business],
) -> Result<HashMap<TicketId, String>, Fault> {
    let missing = tickets.iter().filter(|t| t.outcome.as_deref() == Some(rows::MISSING));
    let missing: Vec<TicketId> = missing.map(|t| t.id).collect();
    let matters: HashMap<TicketId, String> = rows::matters(store, &missing).await?.into_iter().collect();
    let (mut keys, mut items) = (HashMap::new(), HashMap::new());
    for ticket in tickets.iter().filter(|t| t.state == TicketState::Ended) {
        let case = ticket.reference.as_deref().and_then(|r| r.parse::<CaseNumber>().ok());
        let told = match (case, matters.get(&ticket.id)) {
            (Some(case), _) => Some(Told::Code(case.implementation().to_owned())),
            (None, Some(matter)) => Some(Told::Words(matter.clone())),
            (None, None) => None,
        };
        let mut key = None;
        if let Some(told) = told {
            if !keys.contains_key(&told) {
                keys.insert(told.clone(), told.key(store).await?);
            }
            key = keys.get(&told).cloned().flatten();
        }
        let key = key.or_else(|| only_item(letters, ticket));
        items.extend(key.map(|key| (ticket.id, key)));
    }
    Ok(items)
}

/// The one item that the ticket's letter names.
fn only_item(letters: &[Business], ticket: &TicketRow) -> Option<String> {
    let own = letters.iter().find(|b| b.letter == ticket.letter)?;
    let fine = !own.items.is_empty() && own.items != "*" && !own.items.contains(' ');
    fine.then(|| own.items.clone())
}

/// What an outcome says of its item.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Told {
    /// The implementation code in a case number.
    Code(String),
    /// What a notice is about.
    Words(String),
}

impl Told {
    /// The key of the item that is meant; words mean one when they are its key, its code or its whole name.
    async fn key(&self, store: &Store) -> Result<Option<String>, Fault> {
        let text = match self {
            Self::Code(text) | Self::Words(text) => text.trim(),
        };
        if let Some(found) = catalog::find(store, text).await? {
            return Ok(Some(found.item.key.clone()));
        }
        match self {
            Self::Code(code) => Ok(Some(code.clone())),
            Self::Words(_) => {
                let found = catalog::search(store, text, 1).await?.into_iter().next();
                let named = found.filter(|item| item.name.zh == text || item.name.en == text);
                Ok(named.map(|item| item.key))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Outcome as Ended;

    #[test]
    fn the_row_s_word_is_the_outcome_s() {
        let missing =
            Ended::Missing { notice: String::new(), matter: String::new(), lines: Vec::new(), after: None };
        assert_eq!(missing.word(), rows::MISSING);
    }
}
