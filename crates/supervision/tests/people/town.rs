//! A demonstration city with the room's pages, and people who sign in.

use harness::browser::Page;
use harness::{Browser, TestGround};
use identity::{Session, SessionKind, Settings, Staff};
use kernel::{ActorRef, Fault, Lang, PersonId, Press, PressJob};
use page::{House, Site};
use std::sync::Arc;
use store::{Migrations, command};
use trace::{Look, Purpose};

pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    procedure::MIGRATIONS,
    certificates::MIGRATIONS,
    proofs::MIGRATIONS,
    cases::MIGRATIONS,
    payment::MIGRATIONS,
    appointments::MIGRATIONS,
    ratings::MIGRATIONS,
    delivery::MIGRATIONS,
    supervision::MIGRATIONS,
];
pub const CITY: &str = include_str!("../../../../packs/demo/city.yaml");
/// The identity number of the account `citizen`.
pub const NUMBER: &str = "999999198603121026";

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

pub struct Town {
    pub t: TestGround,
    pub house: House,
}

impl Town {
    /// On Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround) -> Self {
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        let calendar = Arc::new(kernel::Calendar::official());
        let site = Arc::new(Site::demo());
        let house = House { ground: t.ground.clone(), site, press: Arc::new(NoPress), calendar };
        Self { t, house }
    }

    pub async fn publish(&self) {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
        let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
        let actor = ActorRef::system();
        command!(self.t.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await).unwrap();
    }

    async fn token(&self, account: &str) -> String {
        let password = identity::DEMO_PASSWORD;
        identity::sign_in(&self.t.ground, account, password, SessionKind::Cookie).await.unwrap().token
    }

    pub async fn session(&self, account: &str) -> Session {
        let token = self.token(account).await;
        identity::session(&self.t.ground, &token).await.unwrap().unwrap()
    }

    pub async fn person(&self, account: &str) -> PersonId {
        self.session(account).await.person()
    }

    pub async fn staff(&self, account: &str) -> Staff {
        self.session(account).await.staff().unwrap()
    }

    pub async fn browser(&self, account: &str) -> Browser {
        let routes = supervision::routes(self.house.clone(), supervision::Settings::default());
        let app = page::layer(identity::layer(page::inner(routes), &self.house), &self.house);
        let browser = Browser::new(app);
        if account.is_empty() {
            return browser;
        }
        browser.with_cookie("yimen_session", &self.token(account).await)
    }

    /// Somebody of staff looks at `person`; answers the look's id.
    pub async fn look(&self, account: &str, person: PersonId, case: Option<&str>) -> i64 {
        // Each at a moment of its own, so that the newest is this one.
        self.t.clock.advance_seconds(1);
        let actor = self.staff(account).await.actor_ref();
        let purpose = Purpose { ground: "examine".into(), case: case.map(str::to_owned) };
        let look = Look { person, fields: vec!["case".into(), "person.phone".into()], purpose };
        command!(self.t.ground, Lang::ZhCn, actor, |cx| trace::look(&mut cx, &look)
            .map_err(kernel::Failure::from))
        .unwrap();
        self.t.clock.advance_seconds(1);
        let staff = self.staff(account).await;
        trace::looks_by(&self.t.store, staff.account(), None, 1).await.unwrap()[0].id
    }

    pub async fn sweep(&self) -> usize {
        let swept = supervision::verbs::sweep(&self.house).await.unwrap();
        assert_eq!(swept.failed, Vec::<String>::new());
        swept.moved
    }
}

/// The page must hold each of these.
pub fn holds(page: &Page, words: &[&str]) {
    for word in words {
        assert!(page.html.contains(word), "{word} is missing: {}", page.html);
    }
}
