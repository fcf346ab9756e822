//! What the tests of the desk share: the demonstration city with its packs and seals, people who sign in, a house without a press.
#![allow(dead_code, reason = "each test file uses its part")]

use cases::{CaseView, Filed, Filing, Scope};
use catalog::agreement::Agreements;
use exchange::Sources;
use forms::Answers;
use harness::{Browser, TestGround};
use identity::{Applicant, Session, SessionKind, Settings};
use kernel::{Fault, Lang, Press, PressJob};
use page::{House, Site};
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use store::Migrations;
use store::files::{self, Limits, Upload};

/// What halls accept for other places, as the program reads it.
const AGREED: &str = include_str!("../../../../../packs/agreements.yaml");

pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    certificates::MIGRATIONS,
    procedure::MIGRATIONS,
    proofs::MIGRATIONS,
    hall::MIGRATIONS,
    delivery::MIGRATIONS,
    cases::MIGRATIONS,
    records::MIGRATIONS,
    desk::MIGRATIONS,
];
pub const CITY: &str = include_str!("../../../../../packs/demo/city.yaml");
pub const STICKER: &str = "charter-bus-sticker";
pub const ALLOWANCE: &str = "elderly-allowance";

/// A picture of one pixel.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// A press that prints a page which says nothing.
struct Blank;

impl Press for Blank {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Ok(b"%PDF-1.4\nstartxref\n9\n%%EOF\n".to_vec())
    }
}

/// A town ready for work.
pub struct Town {
    pub t: TestGround,
    pub house: House,
    pub sources: Sources,
}

impl Town {
    /// What waits in the outbox is delivered: registers are asked about whoever has just confirmed.
    #[allow(dead_code, reason = "not every test has something in the outbox")]
    pub async fn settle(&self) {
        let others = [
            "cases.filed",
            "cases.decided",
            "cases.closed",
            "cases.owes",
            "cases.recorded-late",
            "cases.told",
            "certificates.issued",
            "exchange.dispatch",
        ];
        let courier = store::outbox::Courier::new(self.t.ground.clone());
        let courier = cases::courier(courier, self.house.clone(), self.sources.clone());
        others
            .into_iter()
            .chain(identity::letters::TOPICS)
            .fold(courier, |c, topic| c.ignore(topic))
            .drain()
            .await
            .unwrap();
    }

    /// On Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround) -> Self {
        catalog::agreement::agree(Agreements::parse(AGREED).unwrap());
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        procedure::seed_demo_seals(&t.ground).await.unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
        let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
        let actor = kernel::ActorRef::system();
        store::command!(t.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await).unwrap();
        let calendar = Arc::new(kernel::Calendar::official().clone());
        let site = Arc::new(Site::demo());
        let house = House { ground: t.ground.clone(), site, press: Arc::new(Blank), calendar };
        let sources = exchange::demo_sources_with(CITY, t.ground.clone(), Duration::ZERO).unwrap();
        Self { t, house, sources }
    }

    pub async fn session(&self, account: &str) -> Session {
        let ground = &self.house.ground;
        let password = identity::DEMO_PASSWORD;
        let signed_in = identity::sign_in(ground, account, password, SessionKind::Cookie).await.unwrap();
        identity::session(ground, &signed_in.token).await.unwrap().unwrap()
    }

    pub async fn applicant(&self, account: &str) -> Applicant {
        self.session(account).await.applicant().unwrap()
    }

    pub async fn firm(&self) -> Applicant {
        let (session, store) = (self.session("firm").await, &self.house.ground.store);
        let firms = session.memberships(store).await.unwrap();
        let firm = firms.first().expect("the firm's administrator acts for it").organisation;
        session.acting_as(store, Some(firm)).await.unwrap().applicant().unwrap()
    }

    pub async fn upload(&self, who: &Applicant) -> kernel::FileId {
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";
        let bytes = bytes::Bytes::from_static(png);
        store::command!(self.house.ground, Lang::ZhCn, who.actor_ref(), |cx| {
            let upload = Upload { name: "包车合同.png".to_owned(), bytes: bytes.clone() };
            files::keep(&mut cx, upload, &Limits::default()).await
        })
        .unwrap()
        .id
    }

    /// A trip with a coach and a driver that are fit.
    pub async fn trip(&self, who: &Applicant) -> Answers {
        let file = self.upload(who).await;
        serde_json::from_value(json!({
            "from": "320100", "to": "341000", "via": "马鞍山市、芜湖市", "starts": "2026-11-26", "ends": "2026-11-28",
            "plate": "苏A90001", "driver": "99999919790401051X", "contract_no": "JL-2026-1126",
            "contract_file": [{"file": file, "name": "包车合同.png"}], "promise": true
        }))
        .unwrap()
    }

    pub async fn file(&self, who: &Applicant, key: &str, item: &str, answers: Answers) -> Filed {
        let filing = Filing { key: key.to_owned(), item: item.to_owned(), answers, ..Filing::default() };
        cases::file_now(&self.house, &self.sources, Lang::ZhCn, who, filing).await.unwrap()
    }

    /// A trip filed by the firm.
    pub async fn filed(&self, key: &str) -> Filed {
        let firm = self.firm().await;
        self.file(&firm, key, STICKER, self.trip(&firm).await).await
    }

    /// The answers of the one form of a house sale, from the examples of its items, each paper a file of its own.
    pub async fn sale(&self, seller: &Applicant) -> Answers {
        let bundle =
            cases::bundle::Bundle::load(&self.house.ground.store, Some("stock-house"), &[]).await.unwrap();
        let mut all = Answers::new();
        for (member, published) in bundle.items.iter().enumerate() {
            let mut own = published.item.examples[0].given.answers.clone();
            for spec in published.item.materials.iter().filter(|m| m.produced_by.is_some()) {
                spec.field.iter().for_each(|f| drop(own.shift_remove(f)));
            }
            all.extend(bundle.merged.lift(member, &own));
        }
        for value in all.values_mut().filter_map(Value::as_array_mut) {
            for entry in value.iter_mut().filter(|v| v.get("file").is_some()) {
                entry["file"] = json!(self.upload(seller).await);
            }
        }
        all.insert("mortgage".to_owned(), json!("no"));
        all
    }

    /// A house sale handed in by the seller.
    pub async fn sold(&self, key: &str) -> cases::FiledMatter {
        let seller = self.applicant("seller").await;
        let filing = cases::MatterFiling {
            key: key.to_owned(),
            theme: Some("stock-house".to_owned()),
            answers: self.sale(&seller).await,
            ..cases::MatterFiling::default()
        };
        let filed = cases::file_matter_now(&self.house, &self.sources, Lang::ZhCn, &seller, filing).await;
        filed.unwrap_or_else(|why| panic!("{why:#?}"))
    }

    pub async fn view(&self, filed: &Filed) -> CaseView {
        cases::view(&self.house.ground.store, &filed.number, &Scope::program()).await.unwrap()
    }

    /// A browser in which this account is signed in, over the desk.
    pub async fn browser(&self, account: &str) -> Browser {
        let lines = exchange::demo_line_systems(CITY, &self.house.ground, Duration::ZERO).unwrap();
        let routes = desk::routes_with(
            self.house.clone(),
            self.sources.clone(),
            lines.systems().clone(),
            hall::Settings::default(),
        );
        let halls = hall::routes(self.house.clone(), hall::Settings::default());
        let inner = page::inner(routes.merge(halls).merge(identity::routes(self.house.clone())));
        let router = page::layer(identity::layer(inner, &self.house), &self.house);
        let mut browser = Browser::new(router);
        let login = browser.get("/login").await.csrf();
        let fields = [("_csrf", login.as_str()), ("account", account), ("password", identity::DEMO_PASSWORD)];
        let done = browser.post("/login", &fields).await;
        assert!(done.status.is_redirection(), "{}", done.html);
        browser
    }

    /// Rows and events agree in every case.
    pub async fn replay(&self) {
        let compared = cases::replay::compare(&self.house.ground.store, "", 1_000).await.unwrap();
        assert_eq!(compared.differences, Vec::<String>::new());
        assert!(compared.cases > 0);
    }
}

/// Opens a page, takes its token, task and version, and sends an act of its case.
pub async fn act(browser: &mut Browser, case: &str, fields: &[(&str, &str)]) -> harness::browser::Page {
    let page = browser.get(case).await;
    assert!(page.status.is_success(), "{}", page.html);
    let (csrf, rev) = (page.csrf(), page.hidden("rev").unwrap_or_default());
    let task = page.hidden("task").unwrap_or_default();
    let mut all = vec![("_csrf", csrf.as_str()), ("rev", rev.as_str()), ("task", task.as_str())];
    all.extend_from_slice(fields);
    browser.post(&format!("{case}/acts"), &all).await
}
