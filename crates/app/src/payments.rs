//! Payment plugged in: the list of fees, who takes money on line, and what cases and bills tell each other.

use crate::config::Config;
use crate::partner::{ByHttp, checked, secret};
use crate::post::Web;
use async_trait::async_trait;
use axum::Router;
use cases::{CaseNews, FeesTold, Owes, Scope};
use catalog::FeeDue;
use exchange::signed::Partner;
use kernel::codes::CaseNumber;
use kernel::{ActorRef, AgencyCode, Failure, Fault, Lang, Money, Outcome, RefusalKind, Term, Text};
use page::House;
use payment::gateway::{Gateway, NewRefund, NewTrade, News};
use payment::http::HttpGateway;
use payment::sign::{Key, key};
use payment::stand_in::{self, Carrier, Mood, StandIn};
use payment::verbs::{self, BillNews, CALLBACK, Demand, ENDED, NewBill, NewLine, Owing};
use payment::{BillState, FeeList, Payments, RefundId, Settings, TradeId};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;
use store::outbox::{Courier, Message};

/// `[payment]`: who takes money on line, and the terms of bills.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct PaymentConfig {
    /// Where the gateway is; none, and bills are paid at the counter only (in demo mode a stand-in inside the program takes them).
    pub gateway: Option<String>,
    /// The name of the key that signs both ways.
    pub key_id: Option<String>,
    /// A file with its secret, 32 bytes or more.
    pub secret_file: Option<PathBuf>,
    /// To pay a bill.
    pub unpaid: Term,
    /// After so many seconds a payment that waits for its payer is closed.
    pub close_after_seconds: i64,
    /// So many hundredths of what a line is over one person may take off alone.
    pub reduce_alone_percent: u8,
}

impl Default for PaymentConfig {
    fn default() -> Self {
        let Settings { unpaid, close_after_seconds, reduce_alone_percent } = Settings::default();
        let (gateway, key_id, secret_file) = (None, None, None);
        Self { gateway, key_id, secret_file, unpaid, close_after_seconds, reduce_alone_percent }
    }
}

/// The room with its gateway.
#[derive(Clone)]
pub struct Till {
    /// The room.
    pub room: Payments,
    stand_in: Option<StandIn>,
}

/// Where the demonstration's stand-in shows its page.
const STAND_IN: &str = "/gateway-stand-in";

impl Till {
    /// By configuration.
    ///
    /// # Errors
    /// A [`Fault`] that says what is wrong with the list, the key or the gateway's address.
    pub fn load(config: &Config, house: &House) -> Result<Self, Fault> {
        let (own, ground) = (&config.payment, &house.ground);
        let list = Arc::new(fee_list(config)?);
        let PaymentConfig { unpaid, close_after_seconds, reduce_alone_percent, .. } = own.clone();
        let terms = Settings { unpaid, close_after_seconds, reduce_alone_percent };
        // Made from the data's own keys where none is named: the same on every server, and told nobody.
        let inner = || key("inner", ground.store.sealer().blind("payment.gateway", "key"));
        let (gateway, key, stand_in): (Arc<dyn Gateway>, Key, Option<StandIn>) = match &own.gateway {
            Some(url) => {
                let key = own.key()?;
                let gateway = HttpGateway(Partner {
                    url: checked("[payment] gateway", url, config.demo)?,
                    key: key.clone(),
                    post: Arc::new(Web::of_the_system(url.starts_with("https://"))?),
                    clock: Arc::clone(&ground.clock),
                    rng: Arc::clone(&ground.rng),
                });
                (Arc::new(gateway), key, None)
            }
            None if config.demo => {
                let book = config.data.join("gateway-stand-in.json");
                let clock = Arc::clone(&ground.clock);
                let stand_in = StandIn::new(clock, Mood::KIND, STAND_IN, Some(book))?;
                (Arc::new(stand_in.clone()), inner()?, Some(stand_in))
            }
            None => (Arc::new(NoGateway), inner()?, None),
        };
        let room = Payments { house: house.clone(), list, gateway, key, terms };
        Ok(Self { room, stand_in })
    }

    /// The site with the demonstration's stand-in beside it: its page stands on no platform of its own then.
    pub fn with_stand_in(&self, site: Router) -> Router {
        let Some(stand_in) = self.stand_in.clone() else { return site };
        let carrier = Arc::new(ByHand(self.room.clone()));
        let rng = Arc::clone(&self.room.house.ground.rng);
        site.nest(STAND_IN, stand_in::router(stand_in, self.room.key.clone(), carrier, rng))
    }
}

impl PaymentConfig {
    fn key(&self) -> Result<Key, Fault> {
        let (Some(id), Some(file)) = (&self.key_id, &self.secret_file) else {
            return Err(Fault::new("[payment] names a gateway: it needs key_id and secret_file"));
        };
        key_of(id, file)
    }
}

/// A key whose secret stands in a file.
///
/// # Errors
/// A [`Fault`] when the file cannot be read, or the secret is short.
pub fn key_of(id: &str, file: &std::path::Path) -> Result<Key, Fault> {
    key(id, secret("gateway", file)?)
}

/// The list beside the packs; a folder of packs without one takes nothing.
fn fee_list(config: &Config) -> Result<FeeList, Fault> {
    let path = config.packs.join("fee-list.yaml");
    match std::fs::read_to_string(&path) {
        Ok(text) => FeeList::parse(&text),
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => Ok(FeeList::default()),
        Err(e) => Err(Fault::from(format!("reading {}", path.display()), e)),
    }
}

/// Carries the stand-in's call-backs within the program, by the same signature and checks.
struct ByHand(Payments);

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

/// Where none is configured: nothing is known, and nothing is taken.
struct NoGateway;

const NONE: &str = "no gateway is configured";

#[async_trait]
impl Gateway for NoGateway {
    fn takes(&self) -> bool {
        false
    }
    async fn begin(&self, _: &NewTrade) -> Result<String, String> {
        Err(NONE.to_owned())
    }
    async fn query(&self, _: TradeId) -> Result<News, String> {
        Err(NONE.to_owned())
    }
    async fn close(&self, trade: TradeId) -> Result<News, String> {
        // It never reached anybody, so that it cannot be paid.
        let (state, amount) = (payment::gateway::GatewayState::Closed, Money::ZERO);
        Ok(News {
            trade,
            refund: None,
            state,
            amount,
            gateway_no: String::new(),
            at: kernel::Timestamp::UNIX_EPOCH,
        })
    }
    async fn refund(&self, _: &NewRefund) -> Result<News, String> {
        Err(NONE.to_owned())
    }
    async fn query_refund(&self, _: RefundId) -> Result<News, String> {
        Err(NONE.to_owned())
    }
    async fn statement(&self, _: jiff::civil::Date) -> Result<Option<String>, String> {
        Ok(None)
    }
}

/// What cases owe becomes bills; what becomes of bills is told to cases.
pub fn courier(courier: Courier, room: &Payments) -> Courier {
    let on = |courier: Courier, topic: &'static str, hear: fn(Payments, Message) -> Heard| {
        let room = room.clone();
        courier.on(topic, move |_, message| hear(room.clone(), message))
    };
    let courier =
        on(courier, "cases.closed", |room, message| Box::pin(async move { ended(&room, &message).await }));
    let courier =
        on(courier, cases::OWES, |room, message| Box::pin(async move { owes(&room, &message).await }));
    let courier = on(courier, "payment.settled", |room, message| {
        Box::pin(async move { changed(&room, &message).await })
    });
    let courier = on(courier, "payment.overdue", |room, message| {
        Box::pin(async move { changed(&room, &message).await })
    });
    payment::courier(courier, room.clone())
}

type Heard = std::pin::Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// One open bill for each payer over what they still owe; then the case is told how all of its bills stand.
async fn owes(room: &Payments, message: &Message) -> Result<(), Failure> {
    let told: Owes = match message.parse() {
        Ok(told) => told,
        Err(fault) => return owed_before(room, message).await.unwrap_or(Err(fault.into())),
    };
    let mut owing: Vec<Owing> = Vec::new();
    for fee in told.owes.fees {
        let line = NewLine { fee: fee.code, amount: fee.amount };
        match owing.iter_mut().find(|o| o.payer == fee.payer) {
            Some(one) => one.lines.push(line),
            None => owing.push(Owing { payer: fee.payer, payer_name: fee.payer_name, lines: vec![line] }),
        }
    }
    let demand = Demand {
        about: about(told.case),
        matter: matter(room, &told.number).await?,
        number: told.number.to_string(),
        title: told.title,
        agency: told.agency,
        owing,
    };
    for news in verbs::demand(room, &demand).await? {
        tell(room, &news).await?;
    }
    Ok(())
}

/// What programs before 0035 told: what fell due at one point.
#[derive(Deserialize)]
struct OwedBefore {
    case: cases::CaseId,
    number: CaseNumber,
    title: Text,
    agency: AgencyCode,
    due: FeeDue,
    fees: Vec<cases::OwedFee>,
}

/// Raises the bills of a message that an older program left under way, as that program would have; none where it is no such message.
async fn owed_before(room: &Payments, message: &Message) -> Option<Result<(), Failure>> {
    let told: OwedBefore = message.parse().ok()?;
    let about = match told.due {
        FeeDue::Grant => format!("{}/grant", about(told.case)),
        FeeDue::Acceptance | FeeDue::Together | FeeDue::Assessment => about(told.case),
    };
    let mut bills: Vec<NewBill> = Vec::new();
    for fee in told.fees {
        let line = NewLine { fee: fee.code, amount: fee.amount };
        match bills.iter_mut().find(|b| b.payer == fee.payer) {
            Some(bill) => bill.lines.push(line),
            None => bills.push(NewBill {
                about: about.clone(),
                matter: None,
                number: told.number.to_string(),
                title: told.title.clone(),
                payer: fee.payer,
                payer_name: fee.payer_name,
                agency: told.agency.clone(),
                lines: vec![line],
            }),
        }
    }
    Some(raised_before(room, told.case, &bills).await)
}

async fn raised_before(room: &Payments, case: cases::CaseId, bills: &[NewBill]) -> Result<(), Failure> {
    let (ground, actor) = (&room.house.ground, ActorRef::system());
    for new in bills {
        let raised: Outcome<_> =
            store::command!(ground, Lang::default(), actor, |cx| verbs::raise(&mut cx, room, new).await);
        raised?;
    }
    for news in verbs::standing(room, &about(case)).await? {
        tell(room, &news).await?;
    }
    Ok(())
}

/// The matter of a case, whose bills of one payer are paid by one act; none when the case is gone.
async fn matter(room: &Payments, number: &CaseNumber) -> Outcome<Option<String>> {
    match cases::matter_of(&room.house.ground.store, number, &Scope::program()).await {
        Ok(id) => Ok(Some(matter_key(&id.to_string()))),
        Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => Ok(None),
        Err(failure) => Err(failure),
    }
}

/// How bills name a matter.
pub(crate) fn matter_key(id: &str) -> String {
    format!("matter:{id}")
}

fn about(case: cases::CaseId) -> String {
    format!("case:{case}")
}

/// A case that ended otherwise than by a grant owes nothing any more. What was paid for nothing goes back, if a person in charge agrees;
/// what is handed on to another body, or was granted and revoked later, was not for nothing.
async fn ended(room: &Payments, message: &Message) -> Result<(), Failure> {
    let news: CaseNews = message.parse()?;
    if news.outcome.as_deref() == Some("approved") {
        return Ok(());
    }
    let about = about(news.case);
    verbs::call_off(room, &about, &news.state).await?;
    if !matches!(news.state.as_str(), "forwarded" | "revoked") {
        verbs::ask_all_back(room, &about, ENDED).await?;
    }
    for news in verbs::standing(room, &about).await? {
        tell(room, &news).await?;
    }
    Ok(())
}

/// A bill is settled, or its term has passed.
async fn changed(room: &Payments, message: &Message) -> Result<(), Failure> {
    let id = message.subject.strip_prefix("bill:").and_then(|id| id.parse().ok());
    let id = id.ok_or_else(|| Fault::new(format!("{:?} is no bill", message.subject)))?;
    tell(room, &verbs::news(&room.house.ground.store, id).await?).await
}

/// Tells a case how one of its bills stands. A case that is gone needs to know nothing more; one that is being changed is told again.
async fn tell(room: &Payments, news: &BillNews) -> Result<(), Failure> {
    let Ok(number) = news.number.parse() else { return Ok(()) };
    if !news.about.starts_with("case:") {
        return Ok(());
    }
    let told = FeesTold {
        bill: news.code.clone(),
        amount: news.covers,
        settled: news.state == BillState::Settled,
        payer: Some(news.payer),
        owed: Some(news.owed),
        cancelled: news.state == BillState::Cancelled,
        overdue: news.overdue && news.state == BillState::Open,
        page: format!("/payments/{}", news.bill),
        rev: news.rev,
    };
    let (case, bill) = (&news.number, &news.code);
    match cases::fees_told(&room.house, &number, &told).await {
        Err(Failure::Refused(no)) if no.kind == RefusalKind::NotFound => {
            tracing::warn!(case, bill, "a bill's case is gone");
            Ok(())
        }
        Err(Failure::Refused(no)) => {
            tracing::error!(case, bill, code = %no.code, "a case does not take in how its bill stands");
            let fault = Fault::new(format!("case {case} does not hear of bill {bill}: {}", no.code));
            let passes =
                matches!(no.kind, RefusalKind::Conflict | RefusalKind::TooMany | RefusalKind::Unavailable);
            Err(if passes { fault.transient() } else { fault }.into())
        }
        done => done,
    }
}
