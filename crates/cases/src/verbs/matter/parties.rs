//! Who takes part in each member: whoever files, and whom the answers name by an identity number or a credit code.

use super::prepare::{MatterFiling, ReadyMember};
use super::said;
use crate::bundle::Bundle;
use crate::model::*;
use crate::verbs::file::{GivenParty, PartyRef};
use crate::verbs::filer::Filer;
use crate::verbs::materials;
use catalog::{Item, PartyRole};
use forms::Answers;
use kernel::{Outcome, PersonId, SubjectId, Timestamp};
use page::House;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// Somebody named by a number: who, and their name.
type Known = BTreeMap<String, (SubjectId, String)>;

/// The parties of each member, and the persons who were looked up for it.
pub(super) async fn resolve(
    house: &House,
    filer: &Filer,
    bundle: &Bundle,
    answers: &Answers,
    filing: &MatterFiling,
    members: &[ReadyMember],
) -> Outcome<(Vec<PersonId>, Vec<Vec<Party>>)> {
    let now = house.ground.clock.now();
    let (mut known, mut all) = (Known::new(), Vec::with_capacity(members.len()));
    let given = given(house, filer, &filing.parties).await?;
    for ready in members {
        let item = &ready.item.item;
        let mut parties: Vec<Party> = given.clone();
        let mut named = Vec::new();
        for (role, number) in numbers(item, bundle, &ready.answers, answers) {
            // Nobody is forced to register: whose word is not needed and who is not known here takes no part.
            if !role.confirm && !is_known(house, &number).await? {
                continue;
            }
            let (subject, name) = look_up(house, bundle, item, &mut known, role, &number).await?;
            named.push(party(filer, subject, name, &role.id, now));
        }
        let takes_part = named.iter().any(|p| p.subject == filer.subject);
        if parties.is_empty() && !takes_part {
            parties.push(party(filer, filer.subject, filer.name.clone(), catalog::APPLICANT, now));
        }
        for party in named {
            if parties.iter().all(|p| (p.subject, &p.role) != (party.subject, &party.role)) {
                parties.push(party);
            }
        }
        all.push(parties);
    }
    let person = |(subject, _): &(SubjectId, String)| match subject {
        SubjectId::Person(person) if *subject != filer.subject => Some(*person),
        _ => None,
    };
    Ok((known.values().filter_map(person).collect(), all))
}

fn party(filer: &Filer, subject: SubjectId, name: String, role: &str, now: Timestamp) -> Party {
    Party {
        subject,
        name,
        role: role.to_owned(),
        share: None,
        capacity: if subject == filer.subject { filer.capacity() } else { Capacity::Oneself },
        proof: None,
        confirmed_at: (subject == filer.subject).then_some(now),
        paper: false,
    }
}

/// Those whom whoever files names by themselves.
async fn given(house: &House, filer: &Filer, given: &[GivenParty]) -> Outcome<Vec<Party>> {
    let now = house.ground.clock.now();
    let mut parties = Vec::with_capacity(given.len());
    for named in given {
        let subject = match &named.subject {
            PartyRef::Me => filer.subject,
            PartyRef::Organisation => match filer.subject {
                SubjectId::Organisation(_) => filer.subject,
                SubjectId::Person(_) => return Err(said::not_acting().into()),
            },
            PartyRef::Subject(subject) => *subject,
        };
        let name = if subject == filer.subject {
            filer.name.clone()
        } else {
            identity::profile(&house.ground.store, subject).await?.ok_or_else(said::no_party)?.name
        };
        let role = if named.role.is_empty() { catalog::APPLICANT } else { &named.role };
        let plain = party(filer, subject, name, role, now);
        // Whoever acts under a mandate acts as that mandate says, whatever else is written.
        let capacity = match plain.capacity {
            Capacity::Oneself => named.capacity,
            by_mandate => by_mandate,
        };
        let proof = named.proof;
        if matches!(capacity, Capacity::Heir | Capacity::Liquidator) && proof.is_none() {
            return Err(said::capacity_unproven().into());
        }
        materials::own_files(&house.ground.store, filer.account, proof.as_slice()).await?;
        parties.push(Party { share: named.share.clone(), capacity, proof, ..plain });
    }
    if !parties.is_empty() && parties.iter().all(|p| p.subject != filer.subject) {
        return Err(said::no_party().into());
    }
    Ok(parties)
}

/// The roles of an item that name somebody, each with the number that stands in the answers. Where the item leaves it open, the
/// theme may say which field of the one form names the party.
fn numbers<'a>(
    item: &'a Item,
    bundle: &'a Bundle,
    own: &Answers,
    merged: &Answers,
) -> Vec<(&'a PartyRole, String)> {
    let of_theme = |role: &PartyRole| {
        let theme = bundle.theme.as_ref()?;
        theme.roles.iter().find(|r| r.id == role.id).and_then(|r| r.person.as_deref())
    };
    let number = |role: &'a PartyRole| {
        let number = match &role.person {
            Some(path) => text(own, path),
            None => text(merged, of_theme(role)?),
        };
        Some((role, number?))
    };
    item.roles.iter().filter_map(number).collect()
}

fn text(answers: &Answers, path: &str) -> Option<String> {
    let value = answers.get(path.strip_prefix("form.").unwrap_or(path))?.as_str()?.trim();
    (!value.is_empty()).then(|| value.to_owned())
}

async fn look_up(
    house: &House,
    bundle: &Bundle,
    item: &Item,
    known: &mut Known,
    role: &PartyRole,
    number: &str,
) -> Outcome<(SubjectId, String)> {
    if let Some(found) = known.get(number) {
        return Ok(found.clone());
    }
    let store = &house.ground.store;
    let firm = || async { identity::organisation_by_code(store, number).await };
    let subject = match identity::person_by_citizen_id(store, number).await? {
        Some(person) => Some(SubjectId::Person(person)),
        None => firm().await?.map(SubjectId::Organisation),
    };
    let profile = match subject {
        Some(subject) => identity::profile(store, subject).await?.map(|p| (subject, p.name)),
        None => None,
    };
    let found = profile.ok_or_else(|| {
        let path = role.person.as_deref().unwrap_or(&role.id);
        let own = path.strip_prefix("form.").unwrap_or(path);
        let member = bundle.items.iter().position(|p| p.item.key == item.key).unwrap_or(0);
        said::not_registered(&bundle.lifted(member, own), &role.name.zh, &role.name.en)
    })?;
    known.insert(number.to_owned(), found.clone());
    Ok(found)
}

/// Whether a person or firm with this number is known here.
async fn is_known(house: &House, number: &str) -> Outcome<bool> {
    let store = &house.ground.store;
    Ok(identity::person_by_citizen_id(store, number).await?.is_some()
        || identity::organisation_by_code(store, number).await?.is_some())
}

/// What whoever files is called in this matter: the roles whose number is their own.
pub(crate) fn roles_of_filer(bundle: &Bundle, answers: &Answers, known: &Map<String, Value>) -> Vec<String> {
    let own: Vec<&str> = ["person.citizen_id", "organisation.credit_code"]
        .into_iter()
        .filter_map(|element| known.get(element)?.as_str())
        .collect();
    let mut roles = Vec::new();
    for (member, published) in bundle.items.iter().enumerate() {
        let mine = bundle.merged.project(member, answers);
        for (role, number) in numbers(&published.item, bundle, &mine, answers) {
            if own.contains(&number.as_str()) && !roles.contains(&role.id) {
                roles.push(role.id.clone());
            }
        }
    }
    roles
}
