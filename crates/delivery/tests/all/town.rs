//! A small town with its matters, a stand-in courier, and parcels to pack.

use async_trait::async_trait;
use delivery::courier::{Courier, NewOrder, News};
use delivery::model::{CaseOf, Paper, Told};
use delivery::stand_in::{Mood, StandIn};
use delivery::verbs::{self, CALLBACK, Choice, Typed};
use delivery::{
    AddressId, Around, Deliveries, ListId, Matter, OrderId, Parcel, ParcelId, Place, Settings, Tariff,
};
use harness::TestGround;
use identity::{Applicant, Clerk, Session, SessionKind, Staff};
use kernel::{
    ActorRef, AgencyCode, Clock as _, Fault, Lang, Outcome, Press, PressJob, Refusal, Rng as _, SeededRng,
    SubjectId, Text,
};
use page::{House, Site};
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use store::outbox::Courier as Outbox;
use store::{Migrations, command};

pub const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, delivery::MIGRATIONS];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");
const TARIFF: &str = include_str!("../../../../packs/courier-tariff.yaml");
/// Who packs: `clerk` works there.
pub const HALL: &str = "nanjing.gov.hall";
pub const CASE: &str = "11320100012947123A3200018001000202611220001";

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

/// A way to the courier on which calls and answers get lost.
pub struct Shaky {
    courier: StandIn,
    chance: SeededRng,
    lost: u64,
}

impl Shaky {
    fn falls(&self) -> Result<(), String> {
        if self.chance.next_u64() % 100 < self.lost { Err("lost".to_owned()) } else { Ok(()) }
    }
}

#[async_trait]
impl Courier for Shaky {
    async fn order(&self, new: &NewOrder) -> Result<String, String> {
        self.falls()?;
        let answer = self.courier.order(new).await;
        self.falls()?;
        answer
    }
    async fn hand_over(&self, order: OrderId, list: &str) -> Result<(), String> {
        self.falls()?;
        let answer = self.courier.hand_over(order, list).await;
        self.falls()?;
        answer
    }
    async fn query(&self, order: OrderId) -> Result<Vec<News>, String> {
        self.falls()?;
        self.courier.query(order).await
    }
}

/// The hall of another place where cases are handed in, once one says so.
pub const AWAY: &str = "chancheng-hall";

/// The matters of the town, by a case of theirs; whose windows of another place received all of them; whether something of them is to be
/// paid; and at whose windows they were filed, whose hall the place of collection is.
#[derive(Default)]
pub struct Matters(
    pub Mutex<BTreeMap<String, Matter>>,
    pub Mutex<Option<AgencyCode>>,
    pub AtomicBool,
    pub Mutex<Option<AgencyCode>>,
);

#[async_trait]
impl Around for Matters {
    async fn matter_for(&self, who: &Applicant, case: &str) -> Outcome<Matter> {
        let found = self.0.lock().unwrap().get(case).cloned();
        found.filter(|m| m.recipient == who.subject()).ok_or_else(|| Refusal::not_found().into())
    }
    async fn matter_at_window(&self, _: &Staff, case: &str) -> Outcome<Matter> {
        self.0.lock().unwrap().get(case).cloned().ok_or_else(|| Refusal::not_found().into())
    }
    async fn owed_beside(&self, _: &str, _: SubjectId) -> Outcome<bool> {
        Ok(self.2.load(Ordering::Relaxed))
    }
    async fn places(&self, _: &str) -> Outcome<Vec<Place>> {
        let (name, address) = (Text::new("市民中心", "Citizens' hall"), Text::new("示范路1号", "1 Road"));
        Ok(vec![Place { code: "hall-1".to_owned(), name, address }])
    }
    async fn filed_at(&self, clerk: &Clerk, _: &str) -> Outcome<bool> {
        Ok(self.3.lock().unwrap().as_ref() == Some(clerk.agency()))
    }
    async fn halls_of(&self, agency: &AgencyCode) -> Outcome<Vec<Place>> {
        let own = self.3.lock().unwrap().as_ref() == Some(agency);
        if own { self.places("").await } else { Ok(Vec::new()) }
    }
    async fn handed_in(&self, _: &str) -> Outcome<Option<(AgencyCode, Vec<Place>)>> {
        let Some(agency) = self.1.lock().unwrap().clone() else { return Ok(None) };
        let (name, address) = (Text::new("禅城大厅", "Chancheng hall"), Text::new("示范西路11号", "11 Road"));
        Ok(Some((agency, vec![Place { code: AWAY.to_owned(), name, address }])))
    }
}

pub struct Town {
    pub t: TestGround,
    pub room: Deliveries,
    pub around: Arc<Matters>,
    pub me: Applicant,
    pub clerk: Staff,
    heard: Arc<Mutex<Vec<&'static str>>>,
}

pub fn paper(number: &str, must: bool) -> Paper {
    Paper {
        number: number.to_owned(),
        title: Text::new("不动产权证书", "Title"),
        case: CASE.to_owned(),
        must,
    }
}

impl Town {
    /// On Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround, mood: Mood, lost: u64) -> Self {
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(identity::Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        let calendar = Arc::new(kernel::Calendar::official());
        let site = Arc::new(Site::demo());
        let house = House { ground: t.ground.clone(), site, press: Arc::new(NoPress), calendar };
        let courier = StandIn::new(t.ground.clock.clone(), mood, None).unwrap();
        let shaky = Shaky { courier, chance: SeededRng::new(mood.seed + 1), lost };
        let around = Arc::new(Matters::default());
        let room = Deliveries {
            house,
            courier: Arc::new(shaky),
            key: delivery::sign::key("test", "0123456789abcdef0123456789abcdef").unwrap(),
            tariff: Arc::new(Tariff::parse(TARIFF).unwrap()),
            around: around.clone(),
            terms: Settings::default(),
        };
        let me = session(&t, "citizen").await.applicant().unwrap();
        let clerk = session(&t, "clerk").await.staff().unwrap();
        Self { t, room, around, me, clerk, heard: Arc::default() }
    }

    /// The citizen's matter of one case, as it stands.
    pub fn matter(&self, id: &str, papers: &[Paper], over: bool) -> Matter {
        let matter = Matter {
            id: id.to_owned(),
            title: Text::new("存量房转移登记", "Transfer of a dwelling"),
            recipient: self.me.subject(),
            recipient_name: self.me.subject_name().to_owned(),
            agency: AgencyCode::parse(HALL).unwrap(),
            cases: vec![CaseOf { number: CASE.to_owned(), over }],
            letters: Vec::new(),
            papers: papers.to_vec(),
        };
        self.around.0.lock().unwrap().insert(CASE.to_owned(), matter.clone());
        matter
    }

    pub async fn gather(&self, matter: &Matter) {
        let done: Outcome<()> = command!(self.t.ground, Lang::ZhCn, ActorRef::system(), |cx| {
            verbs::gather(&mut cx, &self.room, matter).await
        });
        done.unwrap();
    }

    pub async fn address(&self, usual: bool) -> AddressId {
        self.try_address(&typed("示范路1号2幢301室", usual)).await.unwrap()
    }

    pub async fn try_address(&self, typed: &Typed) -> Outcome<AddressId> {
        command!(self.t.ground, Lang::ZhCn, self.me.actor_ref(), |cx| {
            verbs::put(&mut cx, self.me.subject(), None, typed).await
        })
    }

    pub async fn start(&self, matter: &Matter, how: &str, address: &str) -> Outcome<ParcelId> {
        self.start_at(matter, how, (address, "hall-1")).await
    }

    pub async fn start_at(
        &self,
        matter: &Matter,
        how: &str,
        (address, place): (&str, &str),
    ) -> Outcome<ParcelId> {
        let choice = Choice { how: how.to_owned(), address: address.to_owned(), place: place.to_owned() };
        command!(self.t.ground, Lang::ZhCn, self.me.actor_ref(), |cx| {
            verbs::start(&mut cx, &self.room, &self.me, matter, &choice).await
        })
    }

    pub async fn parcel(&self, id: ParcelId) -> Parcel {
        verbs::parcel(&self.t.store, id).await.unwrap()
    }

    pub async fn pack(&self, id: ParcelId, papers: &[&str]) -> Outcome<Parcel> {
        let ticked: Vec<String> = papers.iter().map(|n| (*n).to_owned()).collect();
        command!(self.t.ground, Lang::ZhCn, self.clerk.actor_ref(), |cx| {
            verbs::pack(&mut cx, &self.room, &self.clerk, id, ticked.clone()).await
        })
    }

    pub async fn list(&self) -> ListId {
        let done: Outcome<ListId> = command!(self.t.ground, Lang::ZhCn, self.clerk.actor_ref(), |cx| {
            verbs::open(&mut cx, &self.room, &self.clerk).await
        });
        done.unwrap()
    }

    pub async fn close(&self, list: ListId, courier: &str) -> Outcome<()> {
        command!(self.t.ground, Lang::ZhCn, self.clerk.actor_ref(), |cx| {
            verbs::close(&mut cx, &self.room, &self.clerk, list, courier).await
        })
    }

    /// A parcel of one paper that the courier has.
    pub async fn away(&self, matter: &str, number: &str) -> ParcelId {
        let address = self.address(true).await.to_string();
        let matter = self.matter(matter, &[paper(number, false)], true);
        let id = self.start(&matter, "courier", &address).await.unwrap();
        self.pack(id, &[number]).await.unwrap();
        let list = self.list().await;
        let label = self.parcel(id).await.begun.number;
        let scanned = verbs::scan(&self.room, Lang::ZhCn, &self.clerk, list, &label).await.unwrap();
        assert!(scanned.iter().all(|s| s.no.is_none()), "{scanned:?}");
        self.close(list, "李师傅").await.unwrap();
        id
    }

    /// So many rounds of the program, some seconds apart; what falls on the way is tried again.
    pub async fn rounds(&self, n: usize, seconds: i64) {
        for _ in 0..n {
            verbs::poll(&self.room).await.unwrap();
            self.t.clock.advance_seconds(seconds);
        }
    }

    /// Rounds until a parcel stands so.
    pub async fn rounds_until(&self, id: ParcelId, state: delivery::State) {
        for _ in 0..40 {
            if self.parcel(id).await.state() == state {
                return;
            }
            self.rounds(1, 1_800).await;
        }
        panic!("it stands {:?}", self.parcel(id).await);
    }

    /// The headers of a call-back as the courier signs it now.
    pub fn signed(&self, news: &News) -> (BTreeMap<String, String>, Vec<u8>) {
        let body = serde_json::to_vec(news).unwrap();
        let now = self.t.clock.now();
        (self.room.key.headers(CALLBACK, &body, now, self.t.rng.as_ref()).unwrap(), body)
    }

    pub async fn call_back(&self, news: &News) -> Outcome<()> {
        let (headers, body) = self.signed(news);
        self.deliver(&headers, &body).await
    }

    pub async fn deliver(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> Outcome<()> {
        verbs::callback(&self.room, |name| headers.get(name).map(String::as_str), body).await
    }

    /// How many messages of a topic were told so far.
    pub async fn told(&self, topic: &str) -> usize {
        let mut courier = Outbox::new(self.t.ground.clone());
        for topic in ["delivery.signed", "delivery.returned", "delivery.owes", "delivery.spared"] {
            let heard = self.heard.clone();
            courier = courier.on(topic, move |_, _| {
                let heard = heard.clone();
                async move {
                    heard.lock().unwrap().push(topic);
                    Ok(())
                }
            });
        }
        for topic in identity::letters::TOPICS {
            courier = courier.ignore(topic);
        }
        courier.drain().await.unwrap();
        self.heard.lock().unwrap().iter().filter(|t| **t == topic).count()
    }
}

pub fn typed(street: &str, usual: bool) -> Typed {
    let told =
        Told {
            street: street.to_owned(), recipient: "王秀英".to_owned(), phone: "139 0000 0001".to_owned()
        };
    Typed { division: "320102".to_owned(), told, usual }
}

pub async fn token(t: &TestGround, account: &str) -> String {
    identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await.unwrap().token
}

pub async fn session(t: &TestGround, account: &str) -> Session {
    let token = token(t, account).await;
    identity::session(&t.ground, &token).await.unwrap().unwrap()
}

/// The code of a refusal.
pub fn code<T: std::fmt::Debug>(result: Outcome<T>) -> String {
    match result.unwrap_err() {
        kernel::Failure::Refused(refusal) => refusal.code.into_owned(),
        kernel::Failure::Fault(fault) => panic!("{fault}"),
    }
}
