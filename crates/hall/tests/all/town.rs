//! A hall with six clerks on a Monday morning.

use catalog::agreement::Agreements;
use hall::Settings;
use hall::model::*;
use hall::verbs::{self, Taken, Taking};
use harness::TestGround;
use identity::{Clerk, Session, SessionKind};
use kernel::{ActorRef, Calendar, Fault, Lang, Outcome, Press, PressJob};
use page::{House, Site};
use std::sync::Arc;
use store::{Ground, Migrations, command};

pub const ROOMS: &[Migrations] =
    &[trace::MIGRATIONS, identity::MIGRATIONS, catalog::MIGRATIONS, hall::MIGRATIONS];

const CITY: &str = include_str!("../../../../packs/demo/city.yaml");
const DEMO: &str = include_str!("../../../../packs/demo/halls.csv");
const AGREED: &str = include_str!("../../../../packs/agreements.yaml");

const HALLS: &str = "code,level,division,agency,name,name_en,address,address_en,phone,longitude,latitude,hours,offers,businesses,windows
first,city,990100,town.hall,示范市政务服务中心,Demonstration City Hall,示范路1号,1 Demonstration Road,12345,118.70,32.00,\"1-5 09:00-12:00,13:30-17:00\",*,A:综合业务:General:*|B:不动产登记:Real estate:stock-house,1:comprehensive:AB|2:comprehensive:AB|3:named:A|4:named:B|5:comprehensive:AB|6:issuing:A
second,town,990101001,other.hall,示范镇便民服务中心,Demonstration Town Hall,示范路2号,2 Demonstration Road,12345,118.72,32.01,* 1-7 00:00-24:00,stock-house,A:综合业务:General:*,1:comprehensive:A
";

fn city() -> String {
    let mut text = "divisions:
  - {code: \"990000\", name: {zh-CN: 示范省, en: Province}}
  - {code: \"990100\", name: {zh-CN: 示范市, en: City}, parent: \"990000\"}
agencies:
  - {code: town.hall, name: {zh-CN: 政务服务中心, en: Hall}, credit_code: \"11999999000000115Y\", division: \"990100\", phone: \"12345\", address: {zh-CN: 示范路, en: Road}}
  - {code: town.tax, name: {zh-CN: 税务局, en: Tax}, credit_code: \"119999990000002118\", division: \"990100\", phone: \"12345\", address: {zh-CN: 示范路, en: Road}}
organisations: []
"
    .to_owned();
    let names = ["c1", "c2", "c3", "c4", "c5", "c6", "head", "citizen", "guest"];
    text.push_str("persons:\n");
    for name in names {
        text.push_str(&format!("  - {{id: {name}, name: 某{name}, documents: []}}\n"));
    }
    text.push_str("accounts:\n");
    for name in names {
        let staff = match name {
            "citizen" => "[]".to_owned(),
            "guest" => "[{role: clerk, agency: town.tax}]".to_owned(),
            _ => format!("[{{role: clerk, agency: town.hall, head: {}}}]", name == "head"),
        };
        text.push_str(&format!(
            "  - {{name: {name}, person: {name}, listed: false, note: {{zh-CN: x, en: x}}, staff: {staff}}}\n"
        ));
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
}

pub fn first() -> HallCode {
    "first".parse().unwrap()
}

impl Town {
    /// Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround) -> Self {
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(identity::Settings::cheap());
        identity::seed_demo(&t.ground, &city()).await.unwrap();
        let report = hall::import(&t.ground, HALLS, false).await.unwrap();
        assert_eq!((report.halls, report.bad), (2, Vec::new()));
        Self { t, calendar: Calendar::official() }
    }

    /// The demonstration city: its agencies, items, halls, and what these accept for other places.
    pub async fn demo(t: TestGround) -> Self {
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(identity::Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
        let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
        let actor = ActorRef::system();
        command!(t.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await).unwrap();
        catalog::agreement::agree(Agreements::parse(AGREED).unwrap());
        let report = hall::import(&t.ground, DEMO, false).await.unwrap();
        assert_eq!(report.bad, Vec::new());
        Self { t, calendar: Calendar::official() }
    }

    /// Another server on the same database, of SQLite on the same file.
    pub async fn second(&self) -> Ground {
        self.t.second(7).await
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

    pub async fn clerk(&self, account: &str) -> Clerk {
        self.session(account).await.clerk().unwrap()
    }

    pub async fn on_duty(&self, account: &str, window: &str) -> Clerk {
        let clerk = self.clerk(account).await;
        self.duty(&clerk, window).await.unwrap();
        clerk
    }

    pub async fn duty(&self, clerk: &Clerk, window: &str) -> Outcome<()> {
        let actor = clerk.actor_ref();
        command!(self.t.ground, Lang::ZhCn, actor, |cx| {
            verbs::begin_duty(&mut cx, &Settings::default(), clerk, &first(), window).await
        })
    }

    pub fn taking(&self, letter: &str) -> Taking {
        Taking {
            hall: first(),
            letter: letter.parse().unwrap(),
            via: Via::Phone,
            priority: Priority::Ordinary,
            who: None,
            token: hall::token(self.t.rng.as_ref()),
            kiosk: None,
        }
    }

    pub async fn take(&self, taking: &Taking) -> Outcome<Taken> {
        take_at(&self.t.ground, &self.calendar, taking).await
    }
}

pub async fn take_at(ground: &Ground, calendar: &Calendar, taking: &Taking) -> Outcome<Taken> {
    let actor = ActorRef::visitor();
    command!(ground, Lang::ZhCn, actor, |cx| {
        verbs::take(&mut cx, calendar, &Settings::default(), taking).await
    })
}

pub async fn call_at(ground: &Ground, clerk: &Clerk) -> Outcome<Taken> {
    let actor = clerk.actor_ref();
    command!(ground, Lang::ZhCn, actor, |cx| verbs::call_next(&mut cx, &Settings::default(), clerk).await)
}

/// The code of a refusal.
pub fn refused<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(kernel::Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

/// A verb of a clerk: `act!(town, clerk, recall)`, more arguments after it.
#[macro_export]
macro_rules! act {
    ($ground:expr, $clerk:expr, $verb:ident $(, $arg:expr)*) => {{
        let actor = $clerk.actor_ref();
        let done: kernel::Outcome<_> = store::command!($ground, kernel::Lang::ZhCn, actor, |cx| {
            hall::verbs::$verb(&mut cx, &hall::Settings::default(), &$clerk $(, $arg)*).await
        });
        done
    }};
}
