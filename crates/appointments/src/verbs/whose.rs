//! Who counts as one visitor: somebody's account, their telephone number and their identity number are the same person, whichever of
//! them an appointment was booked with. What is worked out here decides and is shown to nobody.

use crate::model::{Phone, Visitor};
use crate::rules::book::Own;
use crate::rules::refuse;
use crate::store as rows;
use ::store::{Commit, Store};
use kernel::codes::CitizenId;
use kernel::{Fault, Outcome, PersonId, SubjectId, Timestamp};

/// How tables find whoever has a telephone number.
pub(crate) fn phone_key(store: &Store, phone: &str) -> String {
    format!("phone:{}", identity::phone_index(store, phone))
}

/// How tables find whoever has an identity number and no account.
pub(crate) fn number_key(store: &Store, number: &str) -> String {
    format!("number:{}", identity::citizen_index(store, number))
}

fn person_key(person: PersonId) -> String {
    SubjectId::Person(person).to_string()
}

/// A mobile number of 11 digits; spaces and hyphens are left out.
pub(crate) fn phone_of(text: &str) -> Option<String> {
    let phone: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
    let fine = phone.len() == 11 && phone.starts_with('1') && phone.bytes().all(|b| b.is_ascii_digit());
    fine.then_some(phone)
}

/// Somebody at a clerk's telephone or window.
#[derive(Debug, Clone)]
pub struct Called {
    /// The name.
    pub name: String,
    /// A mobile number.
    pub phone: String,
    /// The identity number, when they say it; else empty.
    pub number: String,
}

/// Who that is: whoever has an account with the identity number, or with both the telephone number and the name; else whoever has the
/// number. A name that differs joins nobody's account: a slip of one digit would show a stranger's appointment in somebody's space.
///
/// # Errors
/// `appointments.name`, `appointments.phone`, `appointments.citizen-id`.
pub(crate) async fn visitor_of(store: &Store, called: &Called) -> Outcome<Visitor> {
    let name = called.name.trim();
    if !(1..=60).contains(&name.chars().count()) {
        return Err(refuse::name().into());
    }
    let phone = phone_of(&called.phone).ok_or_else(refuse::phone)?;
    let number = called.number.trim();
    let (key, person) = if number.is_empty() {
        let holders = identity::holders_of_phone(store, &phone, name).await?;
        (phone_key(store, &phone), holders.named)
    } else {
        let number: CitizenId = number.parse().map_err(|_| refuse::citizen_id())?;
        let person = identity::account_by_citizen_id(store, number.as_str()).await?;
        (number_key(store, number.as_str()), person)
    };
    Ok(Visitor {
        key: person.map_or(key, person_key),
        person,
        party: person.map(SubjectId::Person),
        name: name.to_owned(),
        for_name: String::new(),
        phone: Some(Phone(phone)),
    })
}

/// Everything that counts as one visitor with somebody, and the rows of their own that they raise when they book.
pub(crate) struct Whose {
    keys: Vec<String>,
    parties: Vec<String>,
    revs: Vec<(String, Option<i64>)>,
}

impl Whose {
    /// Read before anything else of theirs.
    pub(crate) async fn of(store: &Store, v: &Visitor) -> Result<Self, Fault> {
        let (mut keys, mut raised) = (vec![v.key.clone()], vec![v.key.clone(), v.party_key()]);
        if let Some(person) = v.person {
            let indexes = identity::indexes(store, person).await?;
            keys.extend(indexes.phone.map(|index| format!("phone:{index}")));
            keys.extend(indexes.citizen.map(|index| format!("number:{index}")));
            raised.extend_from_slice(&keys);
        } else if let Some(phone) = v.phone.as_ref().filter(|_| v.key.starts_with("phone:")) {
            // Each of them raises the row of the number too: one row is enough to conflict.
            let holders = identity::holders_of_phone(store, &phone.0, &v.name).await?;
            keys.extend(holders.all.into_iter().map(person_key));
        }
        let oneself = v.party_key() == v.key;
        let parties = if oneself { keys.clone() } else { vec![v.party_key()] };
        // In one order everywhere, so that two commits do not wait for each other.
        raised.sort();
        raised.dedup();
        let mut revs = Vec::with_capacity(raised.len());
        for key in raised {
            let rev = rows::who(store, &key).await?;
            revs.push((key, rev));
        }
        Ok(Self { keys, parties, revs })
    }

    /// What they have before them, from a moment on.
    pub(crate) async fn living(
        &self,
        store: &Store,
        from: Timestamp,
    ) -> Result<Vec<rows::AppointmentRow>, Fault> {
        rows::living(store, &self.keys, &self.parties, from).await
    }

    /// As the rules see it; `at_desk` when a clerk reads the answer.
    pub(crate) fn own(&self, at_desk: bool) -> Own<'_> {
        Own { keys: &self.keys, parties: &self.parties, at_desk }
    }

    /// They book or move: whoever of them does the same at this moment conflicts.
    pub(crate) fn advance(&self, commit: &mut Commit) {
        for (key, rev) in &self.revs {
            rows::advance_who(commit, key, *rev);
        }
    }
}

/// The keys under which somebody who says an identity number may have booked.
pub(crate) async fn keys_of_number(store: &Store, number: &str) -> Result<Vec<String>, Fault> {
    let person = identity::person_by_citizen_id(store, number).await?;
    Ok(person.map(person_key).into_iter().chain([number_key(store, number)]).collect())
}
