//! A town with two halls, a firm and some people on a Monday morning.

use appointments::model::{AppointmentId, Channel, State};
use appointments::verbs::{self, Asking, By, Called, DeskHall};
use appointments::{AppointmentRow, Settings};
use hall::model::HallCode;
use harness::{Browser, TestGround};
use identity::letters::{self, Carrier, Outgoing, PostOffice};
use identity::{Applicant, Session, SessionKind, Staff};
use kernel::{ActorRef, Calendar, Fault, Lang, Outcome, Press, PressJob, Text, Timestamp};
use page::{House, Site};
use std::path::Path;
use std::sync::Arc;
use store::outbox::Courier;
use store::{Ground, Migrations, command};

pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    catalog::MIGRATIONS,
    hall::MIGRATIONS,
    appointments::MIGRATIONS,
];

/// The item of the tests.
pub const ITEM: &str = "home-purchase-proof";

const HALLS: &str = "code,level,division,agency,name,name_en,address,address_en,phone,longitude,latitude,hours,offers,businesses,windows
first,city,990100,town.hall,示范市政务服务中心,Demonstration City Hall,示范路1号,1 Demonstration Road,025-11110000,118.70,32.00,\"1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00\",*,A:综合业务:General:*|B:不动产登记:Real estate:home-purchase-proof|C:领取结果:Results:results,1:comprehensive:AB|2:named:B|3:named:A|4:issuing:C
second,town,990101001,other.hall,示范镇便民服务中心,Demonstration Town Hall,示范路2号,2 Demonstration Road,025-22220000,118.72,32.01,* 1-7 00:00-24:00,*,A:综合业务:General:*,1:comprehensive:A
";

fn city() -> String {
    let mut text = "divisions:
  - {code: \"990000\", name: {zh-CN: 示范省, en: Province}}
  - {code: \"990100\", name: {zh-CN: 示范市, en: City}, parent: \"990000\"}
agencies:
  - {code: town.hall, name: {zh-CN: 政务服务中心, en: Hall}, credit_code: \"11999999000000115Y\", division: \"990100\", phone: \"12345\", address: {zh-CN: 示范路, en: Road}}
  - {code: other.hall, name: {zh-CN: 便民服务中心, en: Other hall}, credit_code: \"11999999000000123T\", division: \"990100\", phone: \"12345\", address: {zh-CN: 示范路, en: Road}}
organisations:
  - {id: works, name: 示范有限公司, credit_code: \"91999999MA0DEM013K\", legal_representative: 某p1, phone: \"025-99991001\", address: 示范路9号, members: [{person: p1, role: legal-representative}, {person: p2, role: agent}]}
"
    .to_owned();
    let staff = [("c1", "town.hall", false), ("head", "town.hall", true), ("stranger", "other.hall", false)];
    let people = ["p1", "p2", "p3", "p4", "p5", "p6"];
    text.push_str("persons:\n");
    for name in people.into_iter().chain(staff.map(|(name, ..)| name)) {
        let rest = match name {
            "p1" => "documents: [{type: \"111\", country: CHN, number: \"999999198603121026\"}]",
            "p3" => "documents: [], phone: \"13900000003\"",
            "p4" | "p5" => "documents: [], phone: \"13900000045\"",
            _ => "documents: []",
        };
        text.push_str(&format!("  - {{id: {name}, name: 某{name}, {rest}}}\n"));
    }
    text.push_str("accounts:\n");
    let account = |name: &str, staff: &str| {
        format!(
            "  - {{name: {name}, person: {name}, listed: false, note: {{zh-CN: x, en: x}}, staff: {staff}}}\n"
        )
    };
    people.iter().for_each(|name| text.push_str(&account(name, "[]")));
    for (name, agency, head) in staff {
        text.push_str(&account(name, &format!("[{{role: clerk, agency: {agency}, head: {head}}}]")));
    }
    text
}

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

pub struct Town {
    pub t: TestGround,
    pub calendar: Calendar,
    pub terms: Settings,
}

/// A moment in Beijing: `at("2026-11-24 09:00")`.
pub fn at(text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    local.to_zoned(kernel::clock::legal_zone()).unwrap().timestamp()
}

pub fn code(text: &str) -> HallCode {
    text.parse().unwrap()
}

impl Town {
    /// Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround) -> Self {
        t.clock.set(at("2026-11-23 10:00"));
        identity::configure(identity::Settings::cheap());
        identity::seed_demo(&t.ground, &city()).await.unwrap();
        let report = hall::import(&t.ground, HALLS, false).await.unwrap();
        assert_eq!((report.halls, report.bad), (2, Vec::new()));
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../packs/nanjing").join(ITEM);
        let pack = catalog::pack::load(&path).unwrap_or_else(|wrong| panic!("{wrong:#?}"));
        command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| catalog::publish(&mut cx, &pack).await)
            .unwrap();
        Self { t, calendar: Calendar::official(), terms: Settings::default() }
    }

    /// Another server on the same database; SQLite lives inside one program.
    pub async fn second(&self) -> Ground {
        match self.t.store.backend() {
            harness::Backend::Sqlite => self.t.ground.clone(),
            harness::Backend::Postgres => self.t.second(7).await,
        }
    }

    pub fn house(&self) -> House {
        let calendar = Arc::new(self.calendar.clone());
        let site = Arc::new(Site::demo());
        House { ground: self.t.ground.clone(), site, press: Arc::new(NoPress), calendar }
    }

    pub async fn token(&self, account: &str) -> String {
        let password = identity::DEMO_PASSWORD;
        identity::sign_in(&self.t.ground, account, password, SessionKind::Cookie).await.unwrap().token
    }

    pub async fn session(&self, account: &str) -> Session {
        let token = self.token(account).await;
        identity::session(&self.t.ground, &token).await.unwrap().unwrap()
    }

    pub async fn person(&self, account: &str) -> Applicant {
        self.session(account).await.applicant().unwrap()
    }

    /// Somebody acting for the town's firm.
    pub async fn for_firm(&self, account: &str) -> Applicant {
        let firm = identity::organisation_by_code(&self.t.store, "91999999MA0DEM013K").await.unwrap();
        let session = self.session(account).await.acting_as(&self.t.store, firm).await.unwrap();
        session.applicant().unwrap()
    }

    pub async fn staff(&self, account: &str) -> Staff {
        self.session(account).await.staff().unwrap()
    }

    pub async fn desk(&self) -> DeskHall {
        DeskHall::of(&self.t.store, &self.staff("c1").await, &code("first")).await.unwrap()
    }

    pub async fn browser(&self, account: &str) -> Browser {
        let house = self.house();
        let routes = appointments::routes(house.clone(), self.terms, hall::Settings::default())
            .merge(hall::routes(house.clone(), hall::Settings::default()));
        let app = page::layer(identity::layer(page::inner(routes), &house), &house);
        let browser = Browser::new(app);
        match account {
            "" => browser,
            account => browser.with_cookie("yimen_session", &self.token(account).await),
        }
    }

    pub async fn book(&self, who: &Applicant, hall: &str, when: &str) -> Outcome<AppointmentId> {
        book_at(&self.t.ground, &self.calendar, &self.terms, who, (hall, when)).await
    }

    pub async fn book_for(&self, phone: &str, letter: &str, when: &str) -> Outcome<AppointmentId> {
        self.book_called(&self.t.ground, &called("来电某", phone, ""), (letter, when)).await
    }

    pub async fn book_called(
        &self,
        ground: &Ground,
        called: &Called,
        (letter, when): (&str, &str),
    ) -> Outcome<AppointmentId> {
        let desk = self.desk().await;
        let (wanted, actor) = ((letter.parse().unwrap(), at(when)), self.staff("c1").await.actor_ref());
        command!(ground, Lang::ZhCn, actor, |cx| {
            verbs::book_for(&mut cx, &self.calendar, &self.terms, (&desk, called), wanted).await
        })
    }

    pub async fn change(&self, who: &Applicant, id: AppointmentId, when: &str) -> Outcome<()> {
        let actor = who.actor_ref();
        command!(self.t.ground, Lang::ZhCn, actor, |cx| {
            verbs::change(&mut cx, &self.calendar, &self.terms, (By::Holder(who), id), at(when)).await
        })
    }

    pub async fn cancel(&self, who: &Applicant, id: AppointmentId) -> Outcome<()> {
        let actor = who.actor_ref();
        command!(self.t.ground, Lang::ZhCn, actor, |cx| {
            verbs::cancel(&mut cx, &self.terms, (By::Holder(who), id)).await
        })
    }

    /// What somebody has, the last to begin at the top.
    pub async fn mine(&self, who: &Applicant) -> Vec<AppointmentRow> {
        appointments::mine(&self.t.store, who, &(i64::MAX, String::new()), 50).await.unwrap()
    }

    pub async fn states(&self, who: &Applicant) -> Vec<State> {
        self.mine(who).await.into_iter().map(|row| row.state).collect()
    }

    pub async fn free(&self, hall: &str, letter: &str, when: &str) -> i64 {
        let hall = hall::hall(&self.t.store, &code(hall)).await.unwrap().unwrap();
        let of = (&hall, letter.parse().unwrap());
        let now = self.t.ground.clock.now();
        let offered =
            appointments::offered(&self.t.store, &self.calendar, &self.terms, of, now).await.unwrap();
        let slots = offered.days.iter().flat_map(|d| &d.slots);
        slots.filter(|s| s.slot.starts_at == at(when)).map(|s| s.free).sum()
    }

    /// Everything that was said between rooms is heard, and what goes to telephones is carried: to whom (masked), about what, in Chinese.
    pub async fn messages(&self) -> Vec<(String, String, String)> {
        let basket = Arc::new(Basket::default());
        let office = PostOffice {
            site: Text::new("示范市", "City"),
            hotline: "12345".into(),
            carrier: Some(basket.clone()),
            mail: None,
        };
        let courier = appointments::courier(Courier::new(self.t.ground.clone()), self.terms);
        let drained = letters::courier(courier, office).drain().await.unwrap();
        assert!(drained.failed.is_empty(), "{drained:?}");
        let mut told = basket.0.lock().unwrap().clone();
        told.sort();
        told
    }

    /// The same without a carrier; the letters that went home, by their words, in no order.
    pub async fn letters(&self) -> Vec<String> {
        let courier = appointments::courier(Courier::new(self.t.ground.clone()), self.terms);
        let told: Arc<std::sync::Mutex<Vec<String>>> = Arc::default();
        let hears = Arc::clone(&told);
        let courier = courier.on("identity.concerns", move |_, message| {
            let hears = Arc::clone(&hears);
            async move {
                let body: Said = message.parse()?;
                hears.lock().unwrap().push(body.letter);
                Ok(())
            }
        });
        let others = letters::TOPICS.into_iter().filter(|topic| *topic != "identity.concerns");
        let drained = others.fold(courier, Courier::ignore).drain().await.unwrap();
        assert!(drained.failed.is_empty(), "{drained:?}");
        let mut told = told.lock().unwrap().clone();
        told.sort();
        told
    }
}

/// What was carried to telephones.
#[derive(Default)]
struct Basket(std::sync::Mutex<Vec<(String, String, String)>>);

#[async_trait::async_trait]
impl Carrier for Basket {
    fn way(&self) -> &'static str {
        "basket"
    }

    async fn carry(&self, letter: &Outgoing) -> Result<(), String> {
        let one = (letter.to.masked(), letter.about.word().to_owned(), letter.text.zh.clone());
        self.0.lock().unwrap().push(one);
        Ok(())
    }
}

/// Somebody at a clerk's telephone.
pub fn called(name: &str, phone: &str, number: &str) -> Called {
    Called { name: name.into(), phone: phone.into(), number: number.into() }
}

#[derive(serde::Deserialize)]
struct Said {
    letter: String,
}

pub async fn book_at(
    ground: &Ground,
    calendar: &Calendar,
    terms: &Settings,
    who: &Applicant,
    (hall, when): (&str, &str),
) -> Outcome<AppointmentId> {
    let asked = Asking { item: ITEM.into(), hall: code(hall), starts_at: at(when) };
    let actor = who.actor_ref();
    command!(ground, Lang::ZhCn, actor, |cx| {
        verbs::book(&mut cx, calendar, terms, (who, Channel::Online), &asked).await
    })
}

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(kernel::Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("not refused: {other:?}"),
    }
}
