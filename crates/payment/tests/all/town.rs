//! A small town with its accounts, a stand-in gateway, and bills to pay.

use async_trait::async_trait;
use harness::TestGround;
use identity::{Applicant, Clerk, Session, SessionKind, Staff};
use jiff::civil::Date;
use kernel::{
    ActorRef, AgencyCode, Clock as _, Fault, Lang, Money, Outcome, Press, PressJob, Rng as _, SeededRng,
    Text, clock,
};
use page::{House, Site};
use payment::gateway::{Gateway, NewRefund, NewTrade, News};
use payment::stand_in::{Mood, StandIn};
use payment::verbs::{self, CALLBACK, NewBill, NewLine};
use payment::{Bill, BillId, FeeList, Payments, RefundId, TradeId};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use store::{Migrations, command};

pub const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, payment::MIGRATIONS];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");
pub const LIST: &str = include_str!("../../../../packs/fee-list.yaml");
/// Whose bills these are: `examiner` and `examiner-head` work there.
pub const AGENCY: &str = "nanjing.transport.passenger";

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

/// A way to the gateway on which calls and answers get lost.
pub struct Shaky {
    pub gateway: StandIn,
    pub chance: SeededRng,
    /// In hundredths.
    pub lost: u64,
    pub lies: Arc<Mutex<Lies>>,
}

/// What the gateway says besides the truth.
#[derive(Default)]
pub struct Lies {
    /// What it says came of payments.
    pub amount: Option<Money>,
    /// Its statement of a day.
    pub statement: Option<(Date, String)>,
    /// It does not say what became of payments.
    pub silent: bool,
}

impl Shaky {
    fn falls(&self) -> Result<(), String> {
        if self.chance.next_u64() % 100 < self.lost { Err("lost".to_owned()) } else { Ok(()) }
    }

    fn silent(&self) -> Result<(), String> {
        if self.lies.lock().unwrap().silent { Err("silent".to_owned()) } else { Ok(()) }
    }
}

#[async_trait]
impl Gateway for Shaky {
    async fn begin(&self, trade: &NewTrade) -> Result<String, String> {
        self.falls()?;
        let answer = self.gateway.begin(trade).await;
        self.falls()?;
        answer
    }
    async fn query(&self, trade: TradeId) -> Result<News, String> {
        self.falls()?;
        self.silent()?;
        let news = self.gateway.query(trade).await?;
        let amount = self.lies.lock().unwrap().amount;
        Ok(News { amount: amount.unwrap_or(news.amount), ..news })
    }
    async fn close(&self, trade: TradeId) -> Result<News, String> {
        self.falls()?;
        self.silent()?;
        let answer = self.gateway.close(trade).await;
        self.falls()?;
        answer
    }
    async fn refund(&self, refund: &NewRefund) -> Result<News, String> {
        self.falls()?;
        let answer = self.gateway.refund(refund).await;
        self.falls()?;
        answer
    }
    async fn query_refund(&self, refund: RefundId) -> Result<News, String> {
        self.falls()?;
        self.gateway.query_refund(refund).await
    }
    async fn statement(&self, day: Date) -> Result<Option<String>, String> {
        self.falls()?;
        if let Some((_, text)) = self.lies.lock().unwrap().statement.as_ref().filter(|s| s.0 == day) {
            return Ok(Some(text.clone()));
        }
        self.gateway.statement(day).await
    }
}

pub struct Town {
    pub t: TestGround,
    pub p: Payments,
    pub gateway: StandIn,
    pub lies: Arc<Mutex<Lies>>,
    pub payer: Applicant,
    pub clerk: Clerk,
    pub examiner: Staff,
    pub head: Staff,
}

impl Town {
    /// On Monday, 23 November 2026, 10:00 in Beijing.
    pub async fn new(t: TestGround, lost: u64, seed: u64) -> Self {
        t.clock.set("2026-11-23T02:00:00Z".parse().unwrap());
        identity::configure(identity::Settings::cheap());
        identity::seed_demo(&t.ground, CITY).await.unwrap();
        let calendar = Arc::new(kernel::Calendar::official());
        let site = Arc::new(Site::demo());
        let house = House { ground: t.ground.clone(), site, press: Arc::new(NoPress), calendar };
        let mood = Mood { seed, refuse: 25, ..Mood::KIND };
        let gateway = StandIn::new(t.ground.clock.clone(), mood, "http://gateway", None).unwrap();
        let lies = Arc::new(Mutex::new(Lies::default()));
        let chance = SeededRng::new(seed + 1);
        let shaky = Shaky { gateway: gateway.clone(), chance, lost, lies: lies.clone() };
        let p = Payments {
            house,
            list: Arc::new(FeeList::parse(LIST).unwrap()),
            gateway: Arc::new(shaky),
            key: payment::sign::key("test", "0123456789abcdef0123456789abcdef").unwrap(),
            terms: payment::Settings::default(),
        };
        let payer = session(&t, "citizen").await.applicant().unwrap();
        let clerk = session(&t, "clerk").await.clerk().unwrap();
        let examiner = session(&t, "examiner").await.staff().unwrap();
        let head = session(&t, "examiner-head").await.staff().unwrap();
        Self { t, p, gateway, lies, payer, clerk, examiner, head }
    }

    /// The citizen's bill for `about`; what stands before a slash in it is its matter.
    pub async fn raise(&self, about: &str, lines: &[(&str, i64)]) -> BillId {
        self.try_raise(about, lines).await.unwrap().unwrap()
    }

    pub async fn try_raise(&self, about: &str, lines: &[(&str, i64)]) -> Outcome<Option<BillId>> {
        self.raise_at(AGENCY, about, lines).await
    }

    pub async fn raise_at(
        &self,
        agency: &str,
        about: &str,
        lines: &[(&str, i64)],
    ) -> Outcome<Option<BillId>> {
        let line = |(fee, fen): &(&str, i64)| NewLine { fee: (*fee).to_owned(), amount: Money::fen(*fen) };
        let new = NewBill {
            about: about.to_owned(),
            matter: about.split_once('/').map(|(matter, _)| format!("matter:{matter}")),
            number: "32010020261123000001".to_owned(),
            title: Text::new("存量房转移登记", "Transfer of a dwelling"),
            payer: self.payer.subject(),
            payer_name: self.payer.subject_name().to_owned(),
            agency: AgencyCode::parse(agency).unwrap(),
            lines: lines.iter().map(line).collect(),
        };
        command!(self.t.ground, Lang::ZhCn, ActorRef::system(), |cx| verbs::raise(&mut cx, &self.p, &new)
            .await)
    }

    pub async fn bill(&self, id: BillId) -> Bill {
        verbs::bill(&self.t.store, id).await.unwrap()
    }

    /// Sets out to pay all of its matter; answers the payment.
    pub async fn begin_all(&self, id: BillId) -> TradeId {
        verbs::pay_all(&self.p, Lang::ZhCn, &self.payer, id, None).await.unwrap();
        self.bill(id).await.underway().unwrap().id
    }

    /// Sets out to pay; answers the payment.
    pub async fn begin(&self, id: BillId) -> TradeId {
        verbs::pay(&self.p, Lang::ZhCn, &self.payer, id).await.unwrap();
        self.bill(id).await.underway().unwrap().id
    }

    /// The headers of a call-back as the gateway signs it now.
    pub fn signed(&self, news: &News) -> (BTreeMap<String, String>, Vec<u8>) {
        let body = serde_json::to_vec(news).unwrap();
        let now = self.t.clock.now();
        (self.p.key.headers(CALLBACK, &body, now, self.t.rng.as_ref()).unwrap(), body)
    }

    pub async fn call_back(&self, news: &News) -> Outcome<()> {
        let (headers, body) = self.signed(news);
        self.deliver(&headers, &body).await
    }

    pub async fn deliver(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> Outcome<()> {
        verbs::callback(&self.p, |name| headers.get(name).map(String::as_str), body).await
    }

    pub async fn take(&self, id: BillId, means: payment::Means, fen: i64) -> Outcome<Bill> {
        let amount = Money::fen(fen);
        command!(self.t.ground, Lang::ZhCn, self.clerk.actor_ref(), |cx| {
            verbs::take(&mut cx, &self.p, &self.clerk, id, means, amount).await
        })
    }

    /// Takes all that is open of the bill's matter.
    pub async fn take_all(&self, id: BillId, means: payment::Means) -> Outcome<Vec<Bill>> {
        let open = verbs::own_matter(&self.t.store, &self.payer, id).await?;
        let amount = Money::fen(open.iter().map(|b| b.row.owed).sum());
        command!(self.t.ground, Lang::ZhCn, self.clerk.actor_ref(), |cx| {
            verbs::take_all(&mut cx, &self.p, &self.clerk, id, means, amount).await
        })
    }

    pub async fn ask_refund(&self, id: BillId, order: payment::OrderId, fen: i64) -> Outcome<RefundId> {
        let of = (order, Money::fen(fen));
        command!(self.t.ground, Lang::ZhCn, self.examiner.actor_ref(), |cx| {
            verbs::ask_refund(&mut cx, &self.p, &self.examiner, id, of, "申请人撤回").await
        })
    }

    pub async fn decide(&self, staff: &Staff, refund: RefundId, approve: bool) -> Outcome<()> {
        command!(self.t.ground, Lang::ZhCn, staff.actor_ref(), |cx| {
            verbs::decide_refund(&mut cx, &self.p, staff, refund, approve, "材料不足").await
        })
    }

    /// What the books say of an account.
    pub async fn books(&self, account: &str) -> i64 {
        let all = payment::balances(&self.t.store).await.unwrap();
        assert_eq!(all.iter().map(|(_, fen)| fen).sum::<i64>(), 0, "the books balance: {all:?}");
        all.into_iter().filter(|(name, _)| name.starts_with(account)).map(|(_, fen)| fen).sum()
    }

    pub fn today(&self) -> Date {
        clock::legal_date(self.t.clock.now())
    }
}

pub async fn token(t: &TestGround, account: &str) -> String {
    identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await.unwrap().token
}

pub async fn applicant(t: &TestGround, account: &str) -> Applicant {
    session(t, account).await.applicant().unwrap()
}

async fn session(t: &TestGround, account: &str) -> Session {
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
