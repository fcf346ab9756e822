//! Whose a telephone number or an identity number is, for rooms that take one from somebody who is not signed in: by keyed blind
//! indexes, so that nothing is opened, and without telling anything that was not said.

use crate::demo::demo_runs;
use crate::people::{PHONE, blind_number};
use crate::store::{self, also};
use ::store::{Ground, Sealed, Store, command};
use kernel::{ActorRef, Fault, Lang, Outcome, PersonId};

/// So many people may share a telephone; those beyond are not looked at.
const SHARED_MAX: i64 = 10;
/// So many earlier rows get their index at a time.
const AT_ONCE: i64 = 200;

/// Who has an account and a telephone number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holders {
    /// All of them: families share telephones.
    pub all: Vec<PersonId>,
    /// The one who also has the name that was said; nobody when there is none, or more than one.
    pub named: Option<PersonId>,
}

/// The blind indexes by which somebody is found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Indexes {
    /// Of the telephone number: [`phone_index`].
    pub phone: Option<String>,
    /// Of the citizen identity number: [`citizen_index`].
    pub citizen: Option<String>,
}

/// A number as it is kept: without spaces and hyphens.
pub(crate) fn digits(phone: &str) -> String {
    phone.chars().filter(|c| !c.is_whitespace() && *c != '-').collect()
}

/// Whether it is a mobile number of the mainland (GB: 11 digits from 1).
pub(crate) fn is_mobile(digits: &str) -> bool {
    digits.len() == 11 && digits.starts_with('1') && digits.bytes().all(|b| b.is_ascii_digit())
}

/// The blind index of a telephone number; spaces and hyphens do not count.
pub fn phone_index(store: &Store, phone: &str) -> String {
    store.sealer().blind(PHONE, &digits(phone))
}

/// The blind index of a citizen identity number.
pub fn citizen_index(store: &Store, number: &str) -> String {
    blind_number(store, "111", "CHN", number)
}

/// Whose accounts have this telephone number, and which of them has this name. It is for rules, never to be shown to whoever asks.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn holders_of_phone(store: &Store, phone: &str, name: &str) -> Result<Holders, Fault> {
    let blind = phone_index(store, phone);
    let found = store::by_phone(store, &blind, also(demo_runs()), SHARED_MAX).await?;
    let spoken = |name: &str| name.split_whitespace().collect::<String>();
    let mut named = found.iter().filter(|(_, own)| spoken(own) == spoken(name)).map(|(id, _)| *id);
    let named = named.next().filter(|_| named.next().is_none());
    Ok(Holders { all: found.into_iter().map(|(id, _)| id).collect(), named })
}

/// The person with this citizen identity number who has an account of their own.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn account_by_citizen_id(store: &Store, number: &str) -> Result<Option<PersonId>, Fault> {
    let Some(person) = crate::people::person_by_citizen_id(store, number).await? else { return Ok(None) };
    let account = store::account_of(store, person, also(demo_runs())).await?;
    Ok(account.map(|_| person))
}

/// The blind indexes of a person, as they are kept.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn indexes(store: &Store, person: PersonId) -> Result<Indexes, Fault> {
    let (phone, citizen) = store::indexes(store, person).await?.unwrap_or_default();
    Ok(Indexes { phone, citizen })
}

/// Gives an index to the telephone numbers that were kept before there was one.
pub(crate) async fn index_earlier(ground: &Ground) -> Outcome<()> {
    let mut after = String::new();
    loop {
        let waiting = store::phones_without_index(&ground.store, &after, AT_ONCE).await?;
        let Some((last, _)) = waiting.last() else { return Ok(()) };
        after = last.to_string();
        command!(ground, Lang::default(), ActorRef::system(), |cx| {
            for (person, phone) in &waiting {
                match index_of(cx.store(), phone) {
                    Ok(blind) => store::put_phone_index(&mut cx.commit, *person, &blind),
                    // One that cannot be opened keeps no other from being found.
                    Err(fault) => tracing::error!(%person, %fault, "a telephone number cannot be opened"),
                }
            }
            Outcome::Ok(())
        })?;
    }
}

fn index_of(store: &Store, phone: &Sealed<String>) -> Result<String, Fault> {
    Ok(phone_index(store, &phone.open(store.sealer(), PHONE)?))
}
