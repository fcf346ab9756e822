//! Delivery plugged in: who carries parcels, what a parcel costs, where one collects; and what cases, bills and parcels tell each other.

use crate::config::Config;
use crate::partner::{ByHttp, checked, secret};
use crate::payments::matter_key;
use crate::post::Web;
use async_trait::async_trait;
use cases::model::Issued;
use cases::{CaseNews, CaseView, FiledHere, Scope, Signature};
use catalog::agreement::Agreements;
use delivery::courier::{Courier as Carries, NoCourier};
use delivery::http::HttpCourier;
use delivery::model::{CaseOf, Paper};
use delivery::sign::{Key, key};
use delivery::stand_in::{self, Carrier, Mood, StandIn};
use delivery::verbs::{self, CALLBACK, Owes, SIGNED, Signed};
use delivery::{Around, Deliveries, Matter, OrderId, ParcelId, Place, Settings, Tariff};
use exchange::signed::Partner;
use identity::{Applicant, Clerk, Staff};
use kernel::codes::CaseNumber;
use kernel::{
    ActorRef, AgencyCode, Failure, Fault, Lang, Money, Outcome, Refusal, RefusalKind, SubjectId, Term, Text,
};
use page::House;
use payment::Payments;
use payment::verbs::{NewBill, NewLine, UNSENT};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;
use store::Ground;
use store::outbox::{Courier, Message};

/// `[delivery]`: who carries parcels, how long they wait, and whose signature counts.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DeliveryConfig {
    /// Where the courier is; none, and results are collected (in demo mode a stand-in inside the program carries them).
    pub courier: Option<String>,
    /// The name of the key that signs both ways.
    pub key_id: Option<String>,
    /// A file with its secret, 32 bytes or more.
    pub secret_file: Option<PathBuf>,
    /// A parcel that waits at the window is written of once more after this.
    pub remind: Term,
    /// After this it lapses.
    pub collect: Term,
    /// Whether the signature of a grown family member living with the recipient counts.
    pub family_counts: bool,
    /// Whether that of a firm's mailroom counts.
    pub mailroom_counts: bool,
    /// Whether what lies in a parcel locker counts as reached.
    pub locker_counts: bool,
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        let Settings { remind, collect, family_counts, mailroom_counts, locker_counts } = Settings::default();
        let (courier, key_id, secret_file) = (None, None, None);
        Self { courier, key_id, secret_file, remind, collect, family_counts, mailroom_counts, locker_counts }
    }
}

impl DeliveryConfig {
    fn terms(&self) -> Settings {
        let Self { remind, collect, family_counts, mailroom_counts, locker_counts, .. } = *self;
        Settings { remind, collect, family_counts, mailroom_counts, locker_counts }
    }

    fn key(&self) -> Result<Key, Fault> {
        let (Some(id), Some(file)) = (&self.key_id, &self.secret_file) else {
            return Err(Fault::new("[delivery] names a courier: it needs key_id and secret_file"));
        };
        key_of(id, file)
    }
}

/// A key whose secret stands in a file.
///
/// # Errors
/// A [`Fault`] when the file cannot be read, or the secret is short.
pub fn key_of(id: &str, file: &std::path::Path) -> Result<Key, Fault> {
    key(id, secret("courier", file)?)
}

/// Plugs the room together by configuration.
///
/// # Errors
/// A [`Fault`] that says what is wrong with the tariff, the key or the courier's address.
pub fn load(config: &Config, house: &House) -> Result<Deliveries, Fault> {
    let (own, ground) = (&config.delivery, &house.ground);
    let (courier, key, stand_in): (Arc<dyn Carries>, Key, Option<StandIn>) = match &own.courier {
        Some(url) => {
            let key = own.key()?;
            let courier = HttpCourier(Partner {
                url: checked("[delivery] courier", url, config.demo)?,
                key: key.clone(),
                post: Arc::new(Web::of_the_system(url.starts_with("https://"))?),
                clock: Arc::clone(&ground.clock),
                rng: Arc::clone(&ground.rng),
            });
            (Arc::new(courier), key, None)
        }
        None if config.demo => {
            let book = config.data.join("courier-stand-in.json");
            let stand_in = StandIn::new(Arc::clone(&ground.clock), Mood::KIND, Some(book))?;
            (Arc::new(stand_in.clone()), inner(house)?, Some(stand_in))
        }
        None => (Arc::new(NoCourier), inner(house)?, None),
    };
    let room = Deliveries {
        house: house.clone(),
        courier,
        key,
        tariff: Arc::new(tariff(config)?),
        around: Arc::new(Neighbours(ground.clone())),
        terms: own.terms(),
    };
    if let Some(stand_in) = stand_in {
        let carrier = Arc::new(ByHand(room.clone()));
        stand_in::call_back(&stand_in, room.key.clone(), carrier, Arc::clone(&ground.rng));
    }
    Ok(room)
}

/// Made from the data's own keys where none is named: the same on every server, and told nobody.
fn inner(house: &House) -> Result<Key, Fault> {
    key("inner", house.ground.store.sealer().blind("delivery.courier", "key"))
}

/// The tariff beside the packs; a folder of packs without one asks for nothing.
fn tariff(config: &Config) -> Result<Tariff, Fault> {
    let path = config.packs.join("courier-tariff.yaml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Tariff::parse(&text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Tariff::free()),
        Err(e) => Err(Fault::from(format!("reading {}", path.display()), e)),
    }
}

/// What halls accept for other places, beside the packs; a folder of packs without such agreements has none.
///
/// # Errors
/// A [`Fault`] that says what is wrong with the file.
pub fn agreements(config: &Config) -> Result<Agreements, Fault> {
    let path = config.packs.join("agreements.yaml");
    match std::fs::read_to_string(&path) {
        Ok(text) => Agreements::parse(&text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(Agreements::default()),
        Err(e) => Err(Fault::from(format!("reading {}", path.display()), e)),
    }
}

/// Carries the stand-in's call-backs within the program, by the same signature and checks.
struct ByHand(Deliveries);

#[async_trait]
impl Carrier for ByHand {
    async fn carry(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
        let header = |name: &str| headers.get(name).map(String::as_str);
        !matches!(verbs::callback(&self.0, header, body).await, Err(Failure::Fault(_)))
    }
}

#[async_trait]
impl Carrier for ByHttp {
    async fn carry(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
        self.carried(CALLBACK, headers, body).await
    }
}

/// What the room asks of cases and hall.
struct Neighbours(Ground);

/// So many halls are offered.
const PLACES: i64 = 20;

#[async_trait]
impl Around for Neighbours {
    async fn matter_for(&self, who: &Applicant, case: &str) -> Outcome<Matter> {
        let number: CaseNumber = case.parse().map_err(|_| Refusal::not_found())?;
        cases::progress(&self.0.store, &number, &Scope::from(who)).await?;
        let all = matters(&self.0, &number).await?;
        all.into_iter().find(|m| m.recipient == who.subject()).ok_or_else(|| Refusal::not_found().into())
    }

    async fn matter_at_window(&self, who: &Staff, case: &str) -> Outcome<Matter> {
        let number: CaseNumber = case.parse().map_err(|_| Refusal::not_found())?;
        match (cases::progress(&self.0.store, &number, &Scope::from(who)).await, who) {
            // The windows where it was filed hand out what comes of it, whoever decides.
            (Err(Failure::Refused(no)), Staff::Clerk(clerk)) if no.kind == RefusalKind::NotFound => {
                cases::progress(&self.0.store, &number, &Scope::from(&FiledHere::from(clerk))).await?;
            }
            (found, _) => drop(found?),
        }
        matters(&self.0, &number).await?.into_iter().next().ok_or_else(|| Refusal::not_found().into())
    }

    async fn owed_beside(&self, matter: &str, payer: SubjectId) -> Outcome<bool> {
        Ok(payment::verbs::anything_open(&self.0.store, &matter_key(matter), payer).await?)
    }

    async fn places(&self, division: &str) -> Outcome<Vec<Place>> {
        let Some(city) = division.get(..4) else { return Ok(Vec::new()) };
        let halls = hall::halls_below(&self.0.store, city, ("", ""), PLACES).await?;
        Ok(halls.into_iter().map(place).collect())
    }

    async fn filed_at(&self, clerk: &Clerk, case: &str) -> Outcome<bool> {
        let Ok(number) = case.parse::<CaseNumber>() else { return Ok(false) };
        match cases::progress(&self.0.store, &number, &Scope::from(&FiledHere::from(clerk))).await {
            Ok(_) => Ok(true),
            Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => Ok(false),
            Err(fault) => Err(fault),
        }
    }

    async fn halls_of(&self, agency: &AgencyCode) -> Outcome<Vec<Place>> {
        let halls = hall::halls_of(&self.0.store, agency.as_str(), PLACES).await?;
        Ok(halls.into_iter().map(place).collect())
    }

    async fn handed_in(&self, case: &str) -> Outcome<Option<(AgencyCode, Vec<Place>)>> {
        let Ok((number, _)) = CaseNumber::import(case) else { return Ok(None) };
        let view = cases::view(&self.0.store, &number, &Scope::program()).await?;
        let Some(received) = view.case.received else { return Ok(None) };
        let halls = hall::halls_of(&self.0.store, received.agency.as_str(), PLACES).await?;
        Ok(Some((received.agency, halls.into_iter().map(place).collect())))
    }
}

fn place(hall: hall::model::Hall) -> Place {
    Place { code: hall.code.to_string(), name: hall.name, address: hall.address }
}

/// A matter as it stands for each of its recipients, whoever filed it first; by a case of it.
async fn matters(ground: &Ground, number: &CaseNumber) -> Outcome<Vec<Matter>> {
    let (store, scope) = (&ground.store, Scope::program());
    let id = cases::matter_of(store, number, &scope).await?;
    let members = cases::siblings(store, id, &scope).await?;
    let numbers = if members.is_empty() {
        vec![number.clone()]
    } else {
        members.into_iter().map(|m| m.number).collect()
    };
    let mut views = Vec::with_capacity(numbers.len());
    for number in &numbers {
        views.push(cases::view(store, number, &scope).await?);
    }
    let mut all: Vec<Matter> = Vec::new();
    for view in &views {
        for party in recipients(view) {
            let at = match all.iter().position(|m| m.recipient == party.subject) {
                Some(at) => at,
                None => {
                    all.push(begun(id, view, (party.subject, &party.name)));
                    all.len() - 1
                }
            };
            let papers = papers(ground, view, party.subject).await?;
            if let Some(matter) = all.get_mut(at) {
                matter.cases.push(CaseOf { number: view.row.number.to_string(), over: over(view) });
                matter.papers.extend(papers);
                matter.letters.extend(letters(view, party.subject));
            }
        }
    }
    Ok(all)
}

fn begun(id: cases::MatterId, view: &CaseView, (recipient, name): (SubjectId, &str)) -> Matter {
    Matter {
        id: id.to_string(),
        title: view.row.item_name.clone(),
        recipient,
        recipient_name: name.to_owned(),
        agency: view.row.agency.clone(),
        cases: Vec::new(),
        papers: Vec::new(),
        letters: Vec::new(),
    }
}

/// On whom its results are served; the first party where nobody has confirmed yet.
fn recipients(view: &CaseView) -> Vec<&cases::Party> {
    let all = view.case.recipients();
    if all.is_empty() { view.case.first_party().into_iter().collect() } else { all }
}

/// Whether nothing more comes of a case but service.
fn over(view: &CaseView) -> bool {
    !view.row.running || matches!(view.row.state.as_str(), "decided" | "certified" | "delivered")
}

/// What a case yielded on paper for one of its recipients: the certificates that they hold (those of a holder who is no recipient — a child
/// — go to the first), and the decision where it has to be served on them on paper.
async fn papers(ground: &Ground, view: &CaseView, recipient: SubjectId) -> Outcome<Vec<Paper>> {
    let case = view.row.number.to_string();
    let all = recipients(view);
    let first = all.first().is_some_and(|p| p.subject == recipient);
    let stranger = |holder: SubjectId| all.iter().all(|p| p.subject != holder);
    let mut papers = Vec::new();
    for certificate in certificates::for_case(&ground.store, &case).await? {
        let theirs = certificate.holder == recipient || (first && stranger(certificate.holder));
        if theirs && certificate.state(ground.clock.now()) == certificates::State::Valid {
            papers.push(Paper {
                number: certificate.identifier.clone(),
                title: certificate.name.clone(),
                case: case.clone(),
                // Whoever is not reached on line has it on paper or not at all.
                must: view.case.wants_paper(recipient),
            });
        }
    }
    let decisions =
        view.case.unserved().filter(|(issued, party)| issued.kind.decides() && party.subject == recipient);
    papers.extend(decisions.map(|(issued, _)| on_paper(view, issued)));
    // What only informs and has not left yet goes with the decision: one letter less.
    let informing = view.case.to_post(recipient).into_iter().filter(|i| with_decision(view, i));
    papers.extend(informing.map(|issued| on_paper(view, issued)));
    Ok(papers)
}

fn with_decision(view: &CaseView, issued: &Issued) -> bool {
    !issued.kind.proven() && view.case.state.decision().is_some()
}

fn on_paper(view: &CaseView, issued: &Issued) -> Paper {
    let title = issued.kind.name(view.case.frame);
    Paper { number: issued.number.clone(), title, case: view.row.number.to_string(), must: true }
}

/// What was told to a party who is not reached on line, and has not been brought to them yet; the decision comes with its results.
fn letters(view: &CaseView, recipient: SubjectId) -> Vec<Paper> {
    let all = view.case.to_post(recipient).into_iter().filter(|i| !with_decision(view, i));
    all.map(|issued| on_paper(view, issued)).collect()
}

/// What cases yield goes into parcels; what a parcel costs becomes a bill; what was signed for is served.
pub fn courier(courier: Courier, room: &Deliveries, payments: &Payments) -> Courier {
    let (deciding, ending, billing, serving) = (room.clone(), room.clone(), payments.clone(), room.clone());
    let (sparing, charging, posting) = (payments.clone(), room.clone(), room.clone());
    let courier = courier
        .on(cases::TOLD, move |_, message| {
            let room = posting.clone();
            async move { yielded(&room, &message).await }
        })
        .on("cases.decided", move |_, message| {
            let room = deciding.clone();
            async move { yielded(&room, &message).await }
        })
        .on("cases.closed", move |_, message| {
            let room = ending.clone();
            async move { yielded(&room, &message).await }
        })
        .on("delivery.owes", move |_, message| {
            let payments = billing.clone();
            async move { owes(&payments, &message).await }
        })
        .on("delivery.spared", move |_, message| {
            let payments = sparing.clone();
            async move { spared(&payments, &message).await }
        })
        .on(cases::OWES, move |_, message| {
            let room = charging.clone();
            async move { fees_due(&room, &message).await }
        })
        .on(SIGNED, move |_, message| {
            let room = serving.clone();
            async move { signed(&room, &message).await }
        });
    delivery::courier(courier, room.clone())
}

/// The picture of the matter is brought to its parcels; the same picture twice changes nothing.
async fn yielded(room: &Deliveries, message: &Message) -> Result<(), Failure> {
    let news: CaseNews = message.parse()?;
    let (ground, actor) = (&room.house.ground, ActorRef::system());
    for matter in matters(ground, &news.number).await? {
        // Letters first: what the decision overtakes leaves them for its parcel.
        let posted: Outcome<()> = store::command!(ground, Lang::default(), actor, |cx| {
            verbs::letters(&mut cx, room, &matter).await
        });
        posted?;
        let done: Outcome<()> = store::command!(ground, Lang::default(), actor, |cx| {
            verbs::gather(&mut cx, room, &matter).await
        });
        done?;
    }
    Ok(())
}

/// A case owes something: what the courier of its matter asks is due with it, so that one act pays both.
async fn fees_due(room: &Deliveries, message: &Message) -> Result<(), Failure> {
    // Older programs told it otherwise, and had no charge before the parcel was packed.
    let Ok(told) = message.parse::<cases::Owes>() else { return Ok(()) };
    let payers: BTreeSet<SubjectId> =
        told.owes.fees.iter().filter(|f| f.amount > Money::ZERO).map(|f| f.payer).collect();
    let ground = &room.house.ground;
    let matter = match cases::matter_of(&ground.store, &told.number, &Scope::program()).await {
        Ok(id) => id.to_string(),
        Err(Failure::Refused(_)) => return Ok(()),
        Err(fault) => return Err(fault),
    };
    for payer in payers {
        let due: Outcome<()> = store::command!(ground, Lang::default(), ActorRef::system(), |cx| {
            verbs::fees_due(&mut cx, room, &matter, payer).await
        });
        due?;
    }
    Ok(())
}

fn about(parcel: ParcelId, order: OrderId) -> String {
    format!("parcel:{parcel}/{order}")
}

/// Nothing is sent, or otherwise: its bill is called off, and what was paid goes back if a person in charge agrees.
async fn spared(payments: &Payments, message: &Message) -> Result<(), Failure> {
    let told: verbs::Spared = message.parse()?;
    let about = about(told.parcel, told.order);
    payment::verbs::call_off(payments, &about, UNSENT).await?;
    payment::verbs::ask_all_back(payments, &about, UNSENT).await
}

/// One bill for each order at the courier.
async fn owes(payments: &Payments, message: &Message) -> Result<(), Failure> {
    let told: Owes = message.parse()?;
    // Beside the bills of the matter's cases, one of which has the same name.
    let title = Text::new(format!("{}（寄递）", told.title.zh), format!("{} (courier)", told.title.en));
    let new = NewBill {
        about: about(told.parcel, told.order),
        matter: told.matter.as_deref().map(matter_key),
        number: told.number,
        title,
        payer: told.payer,
        payer_name: told.payer_name,
        agency: told.agency,
        lines: vec![NewLine { fee: told.fee, amount: Money::fen(told.amount) }],
    };
    let (ground, actor) = (&payments.house.ground, ActorRef::system());
    let raised: Outcome<_> = store::command!(ground, Lang::default(), actor, |cx| {
        payment::verbs::raise(&mut cx, payments, &new).await
    });
    raised.map(|_| ())
}

/// The signature is the service of the decisions in the parcel (送达).
async fn signed(room: &Deliveries, message: &Message) -> Result<(), Failure> {
    let told: Signed = message.parse()?;
    let way = match told.tracking {
        Some(tracking) => procedure::Way::Post { tracking },
        None => procedure::Way::InPerson { signed_by: told.name, kept: None },
    };
    let signature = Signature { party: told.recipient, way, at: told.at, papers: told.papers.clone() };
    for case in &told.cases {
        let Ok((number, _)) = CaseNumber::import(case) else { continue };
        match cases::signed_for(&room.house, &number, &signature).await {
            // A case that has moved on — a decision that another took the place of — needs no service any more.
            Ok(()) | Err(Failure::Refused(_)) => {}
            fault => return fault,
        }
    }
    Ok(())
}
