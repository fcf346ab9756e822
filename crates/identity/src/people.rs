//! Who somebody is: masked for lists, opened only with a purpose and a recorded look.

use crate::demo::demo_runs;
use crate::model::{Agency, Colleague, DemoAccount, DocumentLine, Level, Profile, ProfileKind};
use crate::store::{self, AgencyRow, ColleagueRow, also};
use ::store::{Cx, Store};
use kernel::{AgencyCode, Fault, OrganisationId, Outcome, PersonId, Refusal, SubjectId, Text};
use serde_json::{Map, Value};
use trace::{Look, Purpose};

pub(crate) const NUMBER: &str = "identity_document.number";
pub(crate) const PHONE: &str = "identity_person.phone";
pub(crate) const ADDRESS: &str = "identity_person.address";
pub(crate) const CODE: &str = "identity_organisation.code";
pub(crate) const FIRM_PHONE: &str = "identity_organisation.phone";

/// A number as it is sealed and indexed: without spaces, letters upper-case.
pub(crate) fn normal(number: &str) -> String {
    number.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_uppercase).collect()
}

/// The blind index of a document's number.
pub(crate) fn blind_number(store: &Store, kind: &str, country: &str, number: &str) -> String {
    store.sealer().blind(&format!("identity_document.{kind}.{country}"), &normal(number))
}

/// The blind index of a credit code.
pub(crate) fn blind_code(store: &Store, code: &str) -> String {
    store.sealer().blind(CODE, &normal(code))
}

/// Who `subject` is, with everything secret masked: reading it is no look.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn profile(store: &Store, subject: SubjectId) -> Result<Option<Profile>, Fault> {
    Ok(match subject {
        SubjectId::Person(id) => match store::person(store, id).await? {
            None => None,
            Some(person) => {
                let documents = store::documents(store, id).await?;
                Some(Profile {
                    name_masked: page::format::mask_name(&person.name),
                    name: person.name,
                    number_masked: documents.into_iter().next().map_or_else(String::new, |d| d.number_mask),
                    phone_masked: person.phone_mask,
                    kind: ProfileKind::Person,
                })
            }
        },
        SubjectId::Organisation(id) => store::organisation(store, id).await?.map(|o| Profile {
            name_masked: o.name.clone(),
            name: o.name,
            number_masked: o.code_mask,
            phone_masked: o.phone_mask,
            kind: ProfileKind::Organisation,
        }),
    })
}

/// The documents of a person, masked.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn documents(store: &Store, person: PersonId) -> Result<Vec<DocumentLine>, Fault> {
    let rows = store::documents(store, person).await?;
    Ok(rows
        .into_iter()
        .map(|d| DocumentLine { kind: d.kind, country: d.country, number_masked: d.number_mask })
        .collect())
}

/// The person who holds the citizen identity number `number`, found by its blind index: nothing is opened.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn person_by_citizen_id(store: &Store, number: &str) -> Result<Option<PersonId>, Fault> {
    person_by_document(store, "111", "CHN", number).await
}

/// The person who holds a document, found by its blind index: nothing is opened.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn person_by_document(
    store: &Store,
    kind: &str,
    country: &str,
    number: &str,
) -> Result<Option<PersonId>, Fault> {
    store::holder(store, kind, country, &blind_number(store, kind, country, number)).await
}

/// The organisation with the credit code `code`, found by its blind index.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn organisation_by_code(store: &Store, code: &str) -> Result<Option<OrganisationId>, Fault> {
    store::organisation_by_code(store, &blind_code(store, code)).await
}

/// What is known of `subject`, by element name, opened: of a firm together with `person`, who acts for it; of a person alone,
/// also when `person` acts for them under a mandate. The look is added to the commit, so hand the facts on only when it is
/// through.
///
/// # Errors
/// A refusal when there is no such person or firm; a fault when a secret cannot be opened.
pub async fn known_facts(
    cx: &mut Cx,
    subject: SubjectId,
    person: PersonId,
    purpose: &Purpose,
) -> Outcome<Map<String, Value>> {
    let mut facts = Map::new();
    let (agent, person) = match subject {
        SubjectId::Person(principal) => (person, principal),
        SubjectId::Organisation(_) => (person, person),
    };
    person_facts(cx, person, &mut facts).await?;
    // Whoever merely acts for them is told no more of where they live at a window, by a clerk, than on line.
    if crate::protection::address_kept(cx.store(), person, agent).await? {
        facts.remove("person.address");
    }
    let fields = facts.keys().cloned().collect();
    trace::look(cx, &Look { person, fields, purpose: purpose.clone() })?;
    if let SubjectId::Organisation(id) = subject {
        organisation_facts(cx, id, &mut facts).await?;
    }
    Ok(facts)
}

/// What is known of a firm alone, by element name: where nobody acts for it, as when its case comes in from elsewhere.
///
/// # Errors
/// As [`known_facts`].
pub async fn known_facts_of_firm(cx: &Cx, firm: OrganisationId) -> Outcome<Map<String, Value>> {
    let mut facts = Map::new();
    organisation_facts(cx, firm, &mut facts).await?;
    Ok(facts)
}

/// Where somebody lives, opened so that a letter can be brought to them; none where it is not known, and none under protection: then nothing
/// is opened. The look is added to the commit.
///
/// # Errors
/// A fault when the database does not answer or the secret cannot be opened.
pub async fn address_for_post(cx: &mut Cx, person: PersonId, purpose: &Purpose) -> Outcome<Option<String>> {
    let store = cx.store().clone();
    let sealed = store::person(&store, person).await?.and_then(|row| row.address);
    let Some(sealed) = sealed else { return Ok(None) };
    if !store::protected_with(&store, person).await?.is_empty() {
        return Ok(None);
    }
    let address = sealed.open(store.sealer(), ADDRESS)?;
    trace::look(cx, &Look { person, fields: vec!["person.address".to_owned()], purpose: purpose.clone() })?;
    Ok(Some(address))
}

fn put(facts: &mut Map<String, Value>, name: &str, value: Option<String>) {
    if let Some(value) = value.filter(|v| !v.is_empty()) {
        facts.insert(name.to_owned(), Value::String(value));
    }
}

async fn person_facts(cx: &Cx, id: PersonId, facts: &mut Map<String, Value>) -> Outcome<()> {
    let sealer = cx.store().sealer();
    let person = store::person(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    put(facts, "person.name", Some(person.name));
    for document in store::documents(cx.store(), id).await? {
        if document.kind == "111" && !facts.contains_key("person.citizen_id") {
            put(facts, "person.citizen_id", Some(document.number.open(sealer, NUMBER)?));
        }
    }
    put(facts, "person.phone", person.phone.map(|p| p.open(sealer, PHONE)).transpose()?);
    // Under protection it is told to nobody who merely acts for them.
    if crate::protection::kept_from(cx.store(), id, &cx.actor).await? {
        return Ok(());
    }
    put(facts, "person.address", person.address.map(|a| a.open(sealer, ADDRESS)).transpose()?);
    Ok(())
}

async fn organisation_facts(cx: &Cx, id: OrganisationId, facts: &mut Map<String, Value>) -> Outcome<()> {
    let sealer = cx.store().sealer();
    let firm = store::organisation(cx.store(), id).await?.ok_or_else(Refusal::not_found)?;
    put(facts, "organisation.name", Some(firm.name));
    put(facts, "organisation.credit_code", Some(firm.code.open(sealer, CODE)?));
    put(facts, "organisation.legal_representative", Some(firm.legal_representative));
    put(facts, "organisation.phone", firm.phone.map(|p| p.open(sealer, FIRM_PHONE)).transpose()?);
    put(facts, "organisation.address", Some(firm.address));
    Ok(())
}

pub(crate) fn agency_of(row: AgencyRow) -> Option<Agency> {
    Some(Agency {
        code: AgencyCode::parse(&row.code)?,
        name: Text::new(row.name_zh, row.name_en),
        credit_code: row.credit_code,
        level: row.division.parse().ok().map(|division| Level::of(&division)),
        division: row.division,
        function: row.function,
        phone: row.phone,
        address: Text::new(row.address_zh, row.address_en),
    })
}

/// All agencies and their divisions, by code: a copy of what [`directory`](crate::directory) keeps.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn agencies(store: &Store) -> Result<Vec<Agency>, Fault> {
    Ok(crate::directory(store).await?.agencies().cloned().collect())
}

/// One agency.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn agency(store: &Store, code: &AgencyCode) -> Result<Option<Agency>, Fault> {
    Ok(store::agency(store, code).await?.and_then(agency_of))
}

/// Who holds posts in exactly this agency, one line per post, by name; accounts that are closed are left out.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn colleagues(store: &Store, agency: &AgencyCode) -> Result<Vec<Colleague>, Fault> {
    let rows = store::colleagues(store, agency, also(demo_runs())).await?;
    let one = |r: ColleagueRow| Colleague { account: r.account, name: r.name, role: r.role, head: r.head };
    Ok(rows.into_iter().map(one).collect())
}

/// The demonstration accounts that the sign-in page lists.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn demo_accounts(store: &Store) -> Result<Vec<DemoAccount>, Fault> {
    let rows = store::listed(store).await?;
    Ok(rows.into_iter().map(|(name, zh, en)| DemoAccount { name, note: Text::new(zh, en) }).collect())
}
