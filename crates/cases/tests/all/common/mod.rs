//! What the tests of this room share: the demonstration city with its packs, people who sign in, a house without a press.
#![allow(dead_code, reason = "each test file uses its part")]

pub use harness::browser;

use browser::{Browser, Page};
use cases::{CaseView, Filed, Filing, Handler, Judgement, OutcomeDone, OutcomeWord, Scope, TaskId};
use exchange::Sources;
use forms::Answers;
use harness::TestGround;
use identity::{Applicant, Examiner, Session, SessionKind, Settings};
use kernel::codes::CaseNumber;
use kernel::{Fault, Lang, Outcome, Press, PressJob, SubjectId};
use page::{House, Site};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use store::Migrations;
use store::files::{self, Limits, Upload};

pub const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    certificates::MIGRATIONS,
    proofs::MIGRATIONS,
    procedure::MIGRATIONS,
    cases::MIGRATIONS,
];
pub const CITY: &str = include_str!("../../../../../packs/demo/city.yaml");
pub const STICKER: &str = "charter-bus-sticker";
pub const PROOF: &str = "home-purchase-proof";

/// The smallest picture.
pub const PNG: &[u8] = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89\0\0\0\nIDATx\x9cc\0\x01\0\0\x05\0\x01\r\n-\xb4\0\0\0\0IEND\xaeB`\x82";

/// In the place of whoever raises bills: every payer has paid everything that is owed, as one bill each.
pub async fn paid(house: &House, owes: &cases::Owes) -> Outcome<()> {
    let payers: std::collections::BTreeSet<SubjectId> = owes.owes.fees.iter().map(|f| f.payer).collect();
    for (nth, payer) in payers.into_iter().enumerate() {
        let own = owes.owes.fees.iter().filter(|f| f.payer == payer);
        let amount = kernel::Money::sum(own.map(|f| f.amount)).unwrap();
        let (bill, payer) = (format!("{}-{nth}", amount.as_fen()), Some(payer));
        let told = cases::FeesTold { bill, amount, settled: true, payer, rev: 3, ..Default::default() };
        cases::fees_told(house, &owes.number, &told).await?;
    }
    Ok(())
}

/// After so many seconds a message that was not received comes again.
const RETRY_SECONDS: i64 = 60;

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

/// A town ready for work.
pub struct Town {
    pub t: TestGround,
    pub house: House,
    pub sources: Sources,
}

impl Town {
    pub async fn new(t: TestGround) -> Self {
        // Monday, 23 November 2026, 10:00 in Beijing.
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        procedure::seed_demo_seals(&t.ground).await.unwrap();
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
        let pack = catalog::pack::load(std::path::Path::new(path)).unwrap_or_else(|all| panic!("{all:#?}"));
        let actor = kernel::ActorRef::system();
        store::command!(t.ground, Lang::ZhCn, actor, |cx| catalog::publish(&mut cx, &pack).await).unwrap();
        let site = Arc::new(Site::demo());
        let calendar = Arc::new(kernel::Calendar::official().clone());
        let house = House { ground: t.ground.clone(), site, press: Arc::new(NoPress), calendar };
        let sources = exchange::demo_sources_with(CITY, t.ground.clone(), Duration::ZERO).unwrap();
        Self { t, house, sources }
    }

    pub fn store(&self) -> &store::Store {
        &self.house.ground.store
    }

    pub async fn session(&self, account: &str) -> Session {
        let ground = &self.house.ground;
        let token = identity::sign_in(ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie)
            .await
            .unwrap()
            .token;
        identity::session(ground, &token).await.unwrap().unwrap()
    }

    pub async fn citizen(&self) -> Applicant {
        self.session("citizen").await.applicant().unwrap()
    }

    pub async fn firm(&self) -> Applicant {
        let session = self.session("firm").await;
        let firms = session.memberships(self.store()).await.unwrap();
        let firm = firms.first().expect("the firm's administrator acts for it").organisation;
        session.acting_as(self.store(), Some(firm)).await.unwrap().applicant().unwrap()
    }

    pub async fn examiner(&self) -> Examiner {
        self.session("examiner").await.examiner().unwrap()
    }

    pub async fn upload(&self, who: &Applicant) -> kernel::FileId {
        let bytes = bytes::Bytes::from_static(PNG);
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

    pub async fn file(&self, who: &Applicant, key: &str, item: &str, answers: Answers) -> Outcome<Filed> {
        let filing = Filing { key: key.to_owned(), item: item.to_owned(), answers, ..Filing::default() };
        cases::file_now(&self.house, &self.sources, Lang::ZhCn, who, filing).await
    }

    pub async fn applicant(&self, account: &str) -> Applicant {
        self.session(account).await.applicant().unwrap()
    }

    /// What waits in the outbox is delivered, and everybody pays what they owe at once.
    pub async fn settle(&self) {
        self.deliver(true).await;
    }

    /// The same, and nobody pays.
    pub async fn settle_unpaid(&self) {
        self.deliver(false).await;
    }

    async fn deliver(&self, pays: bool) {
        let others = [
            "cases.filed",
            "cases.decided",
            "cases.closed",
            "cases.recorded-late",
            "certificates.issued",
            "exchange.dispatch",
        ];
        let courier = store::outbox::Courier::new(self.t.ground.clone());
        let courier = cases::courier(courier, self.house.clone(), self.sources.clone());
        let house = self.house.clone();
        let courier = courier.on(cases::OWES, move |_, message| {
            let house = house.clone();
            async move {
                let owes: cases::Owes = message.parse()?;
                if pays { paid(&house, &owes).await } else { Ok(()) }
            }
        });
        let courier =
            others.into_iter().chain(identity::letters::TOPICS).fold(courier, |c, topic| c.ignore(topic));
        // Two messages for one case may meet: the one that came second is received again, a while later.
        while !courier.drain().await.unwrap().failed.is_empty() {
            self.t.clock.advance_seconds(RETRY_SECONDS);
        }
    }

    /// The answers of a theme's one form: those of the examples of its items (of all, or of these), with a paper that was really
    /// uploaded, and without those papers that the matter itself produces.
    pub async fn answers_of(&self, who: &Applicant, theme: &str, of: &[&str]) -> Answers {
        let bundle = cases::bundle::Bundle::load(self.store(), Some(theme), &[]).await.unwrap();
        let file = self.upload(who).await;
        let mut all = Answers::new();
        for (member, published) in bundle.items.iter().enumerate() {
            if !of.is_empty() && !of.contains(&published.item.key.as_str()) {
                continue;
            }
            let mut own = published.item.examples[0].given.answers.clone();
            for spec in published.item.materials.iter().filter(|m| m.produced_by.is_some()) {
                spec.field.iter().for_each(|f| drop(own.shift_remove(f)));
            }
            all.extend(bundle.merged.lift(member, &own));
        }
        for value in all.values_mut().filter_map(serde_json::Value::as_array_mut) {
            for entry in value.iter_mut().filter(|v| v.get("file").is_some()) {
                entry["file"] = json!(file);
            }
        }
        all
    }

    pub async fn view(&self, number: &CaseNumber, scope: &Scope) -> CaseView {
        cases::view(self.store(), number, scope).await.unwrap()
    }

    pub async fn inbox(&self, who: &Examiner) -> Vec<cases::InboxRow> {
        let handler = Handler::from(who);
        cases::inbox(self.store(), &handler, &cases::InboxFilter::default(), None, 50).await.unwrap().rows
    }

    pub async fn judge(
        &self,
        who: &Examiner,
        task: TaskId,
        word: OutcomeWord,
        reason: &str,
    ) -> Outcome<OutcomeDone> {
        let handler = Handler::from(who);
        let judgement = Judgement {
            outcome: word,
            reason: Some(reason.to_owned()),
            right_body: None,
            fields: vec![cases::Demand {
                field: "contract_no".to_owned(),
                say: "合同编号与合同不符".to_owned(),
            }],
            rev: None,
        };
        store::command!(self.house.ground, Lang::ZhCn, handler.actor_ref(), |cx| {
            cases::outcome(&mut cx, &self.house, &handler, task, &judgement).await
        })
    }

    /// A browser in which this account is signed in, acting for its firm when it has one, over these pages.
    pub async fn browser(&self, routes: axum::Router, account: &str) -> browser::Browser {
        let router = page::layer(
            identity::layer(page::inner(routes.merge(identity::routes(self.house.clone()))), &self.house),
            &self.house,
        );
        let mut browser = browser::Browser::new(router);
        let login = browser.get("/login").await;
        let fields = [
            ("_csrf", login.csrf()),
            ("account", account.to_owned()),
            ("password", identity::DEMO_PASSWORD.to_owned()),
        ];
        let fields: Vec<(&str, &str)> = fields.iter().map(|(n, v)| (*n, v.as_str())).collect();
        let done = browser.post("/login", &fields).await;
        assert!(done.status.is_redirection(), "{}", done.html);
        browser
    }

    /// Rows and events agree in every case.
    pub async fn replay(&self) {
        let compared = cases::replay::compare(self.store(), "", 1_000).await.unwrap();
        assert_eq!(compared.differences, Vec::<String>::new());
        assert!(compared.cases > 0);
    }
}

/// Signs the firm's administrator in and chooses the firm.
pub async fn firm(town: &Town) -> Browser {
    let routes = cases::routes(town.house.clone(), town.sources.clone());
    let mut browser = town.browser(routes, "firm").await;
    let SubjectId::Organisation(id) = town.firm().await.subject() else { panic!("a firm") };
    let page = browser.get("/acting").await;
    let done = browser.post("/acting", &[("_csrf", &page.csrf()), ("whom", &id.to_string())]).await;
    assert!(done.status.is_redirection(), "{}", done.html);
    browser
}

/// The version that the page was made on.
pub fn rev(page: &Page) -> String {
    let from = page.html.split("name=\"rev\" value=\"").nth(1).expect("a form with a version");
    from.split('"').next().unwrap().to_owned()
}

/// Fills in one section and goes on.
pub async fn fill(browser: &mut Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let page = browser.get(path).await;
    assert!(page.status.is_success(), "{path}: {}", page.html);
    let (csrf, rev, section) = (page.csrf(), rev(&page), path.rsplit('/').next().unwrap().to_owned());
    let mut all = vec![("_csrf", csrf.as_str()), ("rev", rev.as_str()), ("_section", section.as_str())];
    all.extend_from_slice(fields);
    browser.post(path, &all).await
}
