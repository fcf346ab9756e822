//! The demonstration city's people: read from `packs/demo/city.yaml`, written once, found again at every start.

use crate::events::{self, AccountEvent};
use crate::mandate::{self, Basis, Mandate, MandateState, Matters, Powers};
use crate::model::{MemberRole, Post, Role};
use crate::people::{ADDRESS, CODE, FIRM_PHONE, NUMBER, PHONE, blind_code, blind_number, normal};
use crate::store::{self, AgencyRow, DocumentRow, NewAccount, OrganisationRow, PersonRow, PredecessorRow};
use crate::{organisation_by_code, password, person_by_document};
use ::store::{Cx, Ground, Sealed, Sealer, command};
use kernel::codes::CitizenId;
use kernel::{ActorRef, AgencyCode, Fault, Lang, OrganisationId, Outcome, PersonId, SubjectId, Text};
use serde::Deserialize;
use sha2::{Digest as _, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};

/// The password of every demonstration account; it exists in demo mode only.
pub const DEMO_PASSWORD: &str = "yimen-demo";

#[derive(Debug, Deserialize)]
struct City {
    divisions: Vec<Division>,
    agencies: Vec<CityAgency>,
    persons: Vec<Person>,
    organisations: Vec<Organisation>,
    #[serde(default)]
    mandates: Vec<Given>,
    #[serde(default)]
    guardians: Vec<Guardian>,
    accounts: Vec<Account>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Division {
    code: String,
    name: Text,
    parent: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct CityAgency {
    code: String,
    name: Text,
    credit_code: String,
    division: String,
    function: Option<String>,
    phone: String,
    address: Text,
    /// Whose powers it took over (职权承继).
    #[serde(default)]
    succeeds: Vec<Predecessor>,
}

/// An office of then. One that stands among the agencies has its name there.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Predecessor {
    code: String,
    name: Option<Text>,
    #[serde(alias = "until")]
    since: Option<jiff::civil::Date>,
    #[serde(default)]
    basis: Text,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Person {
    id: String,
    name: String,
    documents: Vec<Document>,
    phone: Option<String>,
    address: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Document {
    #[serde(rename = "type")]
    kind: String,
    country: String,
    number: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Organisation {
    id: String,
    name: String,
    credit_code: String,
    legal_representative: String,
    phone: Option<String>,
    address: String,
    /// Its head office, told before it, when it is a branch.
    head: Option<String>,
    members: Vec<Member>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Member {
    person: String,
    role: MemberRole,
}

/// A firm's mandate to another, for some items.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Given {
    organisation: String,
    agent_organisation: String,
    items: BTreeSet<String>,
    until: jiff::civil::Date,
    #[serde(default)]
    hand_on: bool,
}

/// A child and a guardian.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Guardian {
    child: String,
    guardian: String,
    evidence: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Account {
    name: String,
    person: String,
    listed: bool,
    note: Text,
    acting: Option<String>,
    #[serde(default)]
    staff: Vec<Staff>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Staff {
    role: Role,
    agency: String,
    window: Option<String>,
    division: Option<String>,
    /// A person in charge (负责人).
    #[serde(default)]
    head: bool,
}

/// Who has which id by now.
#[derive(Default)]
struct Known {
    persons: BTreeMap<String, PersonId>,
    organisations: BTreeMap<String, OrganisationId>,
}

/// Writes the people, firms, agencies and accounts of `city` (the text of `packs/demo/city.yaml`) that are not there yet,
/// and lets the accounts in from now on.
///
/// # Errors
/// A fault that says what in the file cannot be read.
pub async fn seed_demo(ground: &Ground, city: &str) -> Outcome<()> {
    let city: City =
        serde_saphyr::from_str(city).map_err(|e| Fault::from("reading the demonstration city", e))?;
    let password = match missing_account(ground, &city).await? {
        false => String::new(),
        // One hash for all: everybody knows the password anyway, and the first start is not made to wait.
        true => password::hash(DEMO_PASSWORD, ground.rng.as_ref()).await?,
    };
    command!(ground, Lang::default(), ActorRef::system(), |cx| seed(&mut cx, &city, &password).await)?;
    RUNS.store(true, Ordering::Relaxed);
    Ok(())
}

static RUNS: AtomicBool = AtomicBool::new(false);

/// Whether this process serves the demonstration. Its accounts stay in the data with a password that everybody knows: a
/// server that is started on the same data without the demonstration must not let them in.
pub(crate) fn demo_runs() -> bool {
    RUNS.load(Ordering::Relaxed)
}

async fn missing_account(ground: &Ground, city: &City) -> Result<bool, Fault> {
    for account in &city.accounts {
        if !store::has_account(&ground.store, &account.name).await? {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn seed(cx: &mut Cx, city: &City, password: &str) -> Outcome<()> {
    for d in &city.divisions {
        store::put_division(&mut cx.commit, &d.code, d.parent.as_deref(), &d.name);
    }
    for a in &city.agencies {
        let row = AgencyRow {
            code: a.code.clone(),
            name_zh: a.name.zh.clone(),
            name_en: a.name.en.clone(),
            credit_code: a.credit_code.clone(),
            division: a.division.clone(),
            function: a.function.clone(),
            phone: a.phone.clone(),
            address_zh: a.address.zh.clone(),
            address_en: a.address.en.clone(),
        };
        store::put_agency(&mut cx.commit, &row);
    }
    seed_successions(cx, city)?;
    mark_directory(cx, city).await?;
    let mut known = Known::default();
    for person in &city.persons {
        let id = seed_person(cx, person).await?;
        known.persons.insert(person.id.clone(), id);
    }
    for organisation in &city.organisations {
        let id = seed_organisation(cx, organisation, &known).await?;
        known.organisations.insert(organisation.id.clone(), id);
    }
    seed_mandates(cx, city, &known).await?;
    for (place, account) in city.accounts.iter().enumerate() {
        seed_account(cx, account, place, password, &known).await?;
    }
    Ok(())
}

/// Who took over whose powers.
fn seed_successions(cx: &mut Cx, city: &City) -> Result<(), Fault> {
    let named = |code: &str| city.agencies.iter().find(|a| a.code == code).map(|a| &a.name);
    let mut seen = BTreeMap::new();
    for (agency, then) in city.agencies.iter().flat_map(|a| a.succeeds.iter().map(move |then| (a, then))) {
        let wrong = |what: &str| {
            Fault::new(format!("the demonstration city: {} succeeds {:?}, {what}", agency.code, then.code))
        };
        AgencyCode::parse(&then.code).ok_or_else(|| wrong("which is no agency code"))?;
        if then.code == agency.code {
            return Err(wrong("which is itself"));
        }
        if seen.insert(&then.code, &agency.code).is_some() {
            return Err(wrong("as another agency does"));
        }
        let name =
            then.name.as_ref().or_else(|| named(&then.code)).ok_or_else(|| wrong("which has no name"))?;
        let row = PredecessorRow {
            code: then.code.clone(),
            name_zh: name.zh.clone(),
            name_en: name.en.clone(),
            successor: agency.code.clone(),
            since: then.since.map(|day| day.to_string()),
            basis_zh: then.basis.zh.clone(),
            basis_en: then.basis.en.clone(),
        };
        store::put_predecessor(&mut cx.commit, &row);
    }
    Ok(())
}

/// That the directory has changed. The mark is made of what it was before and of what is written now: the same mark never means
/// two directories.
async fn mark_directory(cx: &mut Cx, city: &City) -> Result<(), Fault> {
    let before = store::directory_mark(cx.store()).await?.unwrap_or_default();
    let mut mark = Sha256::new();
    mark.update(before);
    mark.update(format!("{:?}", city.agencies));
    store::mark_directory(&mut cx.commit, &hex::encode(mark.finalize()));
    Ok(())
}

fn sealed(sealer: &Sealer, context: &str, text: Option<&String>) -> Result<Option<Sealed<String>>, Fault> {
    text.map(|t| Sealed::seal(sealer, context, t)).transpose()
}

async fn seed_person(cx: &mut Cx, person: &Person) -> Outcome<PersonId> {
    for d in &person.documents {
        if let Some(id) = person_by_document(cx.store(), &d.kind, &d.country, &d.number).await? {
            return Ok(id);
        }
    }
    let id: PersonId = cx.new_id();
    let store = cx.ground.store.clone();
    let row = PersonRow {
        name: person.name.clone(),
        phone: sealed(store.sealer(), PHONE, person.phone.as_ref())?,
        phone_mask: person.phone.as_deref().map(page::format::mask_phone),
        address: sealed(store.sealer(), ADDRESS, person.address.as_ref())?,
    };
    let blind = person.phone.as_deref().map(|phone| crate::phones::phone_index(&store, phone));
    store::insert_person(&mut cx.commit, id, &row, blind.as_deref(), cx.now);
    for (place, d) in (1..).zip(&person.documents) {
        let number = normal(&d.number);
        let row = DocumentRow {
            kind: d.kind.clone(),
            country: d.country.clone(),
            number_mask: page::format::mask_id(&number),
            number: Sealed::seal(store.sealer(), NUMBER, &number)?,
        };
        let blind = blind_number(&store, &d.kind, &d.country, &number);
        store::insert_document(&mut cx.commit, id, place, &blind, &row);
    }
    Ok(id)
}

async fn seed_organisation(cx: &mut Cx, o: &Organisation, known: &Known) -> Outcome<OrganisationId> {
    let found = organisation_by_code(cx.store(), &o.credit_code).await?;
    let id = found.unwrap_or_else(|| cx.new_id());
    if found.is_none() {
        let store = cx.ground.store.clone();
        let code = normal(&o.credit_code);
        let row = OrganisationRow {
            name: o.name.clone(),
            code_mask: page::format::mask_id(&code),
            code: Sealed::seal(store.sealer(), CODE, &code)?,
            legal_representative: o.legal_representative.clone(),
            phone: sealed(store.sealer(), FIRM_PHONE, o.phone.as_ref())?,
            phone_mask: o.phone.as_deref().map(page::format::mask_phone),
            address: o.address.clone(),
            head: o.head.as_deref().map(|head| find(&known.organisations, head)).transpose()?,
        };
        store::insert_organisation(&mut cx.commit, id, &blind_code(&store, &code), &row, cx.now);
    }
    for member in &o.members {
        let person = find(&known.persons, &member.person)?;
        store::put_membership(&mut cx.commit, person, id, member.role, cx.now);
    }
    Ok(id)
}

/// Who may act for whom; written once: whoever has given a mandate by now has what became of it.
async fn seed_mandates(cx: &mut Cx, city: &City, known: &Known) -> Outcome<()> {
    let firm = |id: &str| -> Result<(OrganisationId, String), Fault> {
        let found = find(&known.organisations, id)?;
        let name = city.organisations.iter().find(|o| o.id == id).map(|o| o.name.clone());
        Ok((found, name.unwrap_or_default()))
    };
    for given in &city.mandates {
        let ((principal, name), (agent, agent_name)) =
            (firm(&given.organisation)?, firm(&given.agent_organisation)?);
        let principal = SubjectId::Organisation(principal);
        if has_given(cx, principal).await? {
            continue;
        }
        let mandate = Mandate {
            id: cx.new_id(),
            basis: Basis::Given,
            principal,
            principal_name: name.clone(),
            giver: principal,
            giver_name: name,
            agent: SubjectId::Organisation(agent),
            agent_name,
            matters: Matters::Items(given.items.clone()),
            powers: Powers::Filing,
            hand_on: given.hand_on,
            parent: None,
            links: 1,
            state: MandateState::Accepted,
            offered_at: cx.now,
            until_at: mandate::end_of(given.until),
            ended_at: None,
            rev: 1,
        };
        mandate::seed_given(cx, mandate)?;
    }
    for g in &city.guardians {
        let one = |id: &str| {
            let found = city.persons.iter().find(|p| p.id == id);
            found.ok_or_else(|| Fault::new(format!("the demonstration city has nobody called {id:?}")))
        };
        let (child, guardian) = (one(&g.child)?, one(&g.guardian)?);
        let number = child.documents.iter().find_map(|d| d.number.parse::<CitizenId>().ok());
        let number = number.ok_or_else(|| Fault::new(format!("{:?} has no identity number", g.child)))?;
        let child = (find(&known.persons, &g.child)?, child.name.as_str(), &number);
        if has_given(cx, SubjectId::Person(child.0)).await? {
            continue;
        }
        let guardian = (find(&known.persons, &g.guardian)?, guardian.name.as_str());
        mandate::guardian_now(cx, child, guardian, &g.evidence)?;
    }
    Ok(())
}

async fn has_given(cx: &Cx, principal: SubjectId) -> Result<bool, Fault> {
    Ok(!store::given(cx.store(), principal, "~", 1).await?.is_empty())
}

fn find<T: Copy>(known: &BTreeMap<String, T>, id: &str) -> Result<T, Fault> {
    known
        .get(id)
        .copied()
        .ok_or_else(|| Fault::new(format!("the demonstration city has nobody called {id:?}")))
}

async fn seed_account(cx: &mut Cx, a: &Account, place: usize, password: &str, known: &Known) -> Outcome<()> {
    if store::has_account(cx.store(), &a.name).await? {
        return Ok(());
    }
    let id = cx.new_id();
    let row = NewAccount {
        id,
        name: &a.name,
        person: find(&known.persons, &a.person)?,
        password,
        state: "demo",
        acting: a.acting.as_deref().map(|o| find(&known.organisations, o)).transpose()?,
        place: a.listed.then(|| i64::try_from(place).unwrap_or(0)),
        note: &a.note,
        at: cx.now,
    };
    store::insert_account(&mut cx.commit, &row);
    for s in &a.staff {
        let agency = AgencyCode::parse(&s.agency)
            .ok_or_else(|| Fault::new(format!("the demonstration city: no agency code: {}", s.agency)))?;
        let (window, division) = (s.window.clone(), s.division.clone());
        let post = Post { role: s.role, agency, window, division, head: s.head };
        store::insert_post(&mut cx.commit, id, &post);
    }
    events::note(cx, id, &AccountEvent::Created).await
}
