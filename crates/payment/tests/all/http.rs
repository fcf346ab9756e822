//! The declared protocol both ways over real sockets: signed calls to the stand-in as a program of its own, and its signed call-backs,
//! late, twice, or lost; what was lost is asked for.

use crate::town::{ROOMS, Town, code};
use async_trait::async_trait;
use axum::Router;
use exchange::Post;
use exchange::signed::Partner;
use kernel::Money;
use payment::gateway::Gateway as _;
use payment::http::HttpGateway;
use payment::stand_in::{Carrier, Mood, StandIn, router};
use payment::verbs::{self, CALLBACK};
use payment::{BillId, BillState, TradeId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// HTTP/1.1, one request a connection.
struct Wire;

#[async_trait]
impl Post for Wire {
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        let rest = url.strip_prefix("http://").ok_or("no http")?;
        let (host, path) = rest.split_once('/').ok_or("no path")?;
        let mut head = format!("POST /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n");
        head.push_str(&format!("content-length: {}\r\n", body.len()));
        for (name, value) in headers {
            head.push_str(&format!("{name}: {value}\r\n"));
        }
        head.push_str("\r\n");
        let sent = async {
            let mut stream = TcpStream::connect(host).await?;
            stream.write_all(head.as_bytes()).await?;
            stream.write_all(body).await?;
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).await?;
            Ok::<_, std::io::Error>(answer)
        };
        let answer = sent.await.map_err(|e| e.to_string())?;
        let end = answer.windows(4).position(|w| w == b"\r\n\r\n").ok_or("no head")?;
        let status = std::str::from_utf8(&answer[9..12]).map_err(|e| e.to_string())?;
        Ok((status.parse().map_err(|_| "no status".to_owned())?, answer[end + 4..].to_vec()))
    }
}

/// Carries call-backs to the platform's own address, and counts them.
struct Back {
    platform: String,
    carried: Arc<AtomicUsize>,
}

#[async_trait]
impl Carrier for Back {
    async fn carry(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
        self.carried.fetch_add(1, Ordering::SeqCst);
        let answer = Wire.post(&format!("{}{CALLBACK}", self.platform), headers, body).await;
        matches!(answer, Ok((status, _)) if status < 500)
    }
}

/// Two listening programs: the platform's door for call-backs, and the gateway.
struct Both {
    stand_in: StandIn,
    gateway: String,
    carried: Arc<AtomicUsize>,
}

async fn serve(listener: TcpListener, site: Router) {
    tokio::spawn(async move { axum::serve(listener, site).await });
}

/// Puts the town's payments behind sockets, with a gateway of this mood.
async fn behind_sockets(town: &mut Town, mood: Mood) -> Both {
    let (door, site) =
        (TcpListener::bind("127.0.0.1:0").await.unwrap(), TcpListener::bind("127.0.0.1:0").await.unwrap());
    let at = |listener: &TcpListener| format!("http://{}", listener.local_addr().unwrap());
    let (platform, gateway) = (at(&door), at(&site));
    let (clock, rng) = (town.t.ground.clock.clone(), town.t.ground.rng.clone());
    let book = Some(town.t.data.join("gateway.json"));
    let stand_in = StandIn::new(clock.clone(), mood, &gateway, book).unwrap();
    let carried = Arc::new(AtomicUsize::new(0));
    let back = Arc::new(Back { platform, carried: carried.clone() });
    serve(site, router(stand_in.clone(), town.p.key.clone(), back, rng.clone())).await;
    let (url, key, post) = (gateway.clone(), town.p.key.clone(), Arc::new(Wire));
    town.p.gateway = Arc::new(HttpGateway(Partner { url, key, post, clock, rng }));
    serve(door, payment::callback_routes(town.p.clone())).await;
    Both { stand_in, gateway, carried }
}

/// The payer presses a button of the gateway's page.
async fn press(both: &Both, trade: TradeId, what: &str) {
    let form = BTreeMap::from([("content-type".to_owned(), "application/x-www-form-urlencoded".to_owned())]);
    let page = format!("{}/pay/{trade}", both.gateway);
    let (status, _) = Wire.post(&page, &form, format!("do={what}").as_bytes()).await.unwrap();
    assert_eq!(status, 303);
}

async fn settled(town: &Town, id: BillId) -> bool {
    for _ in 0..150 {
        if town.bill(id).await.state() == BillState::Settled {
            return true;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    false
}

harness::both!(what_is_called_back_late_and_twice_counts_once, ROOMS, |t| async move {
    let mut town = Town::new(t, 0, 31).await;
    let mood = Mood { seed: 31, delay_ms: 60, lose: 0, double: 100, refuse: 0 };
    let both = behind_sockets(&mut town, mood).await;
    let id = town.raise("case:1", &[("registration-dwelling", 8_000)]).await;
    let trade = town.begin(id).await;
    // It fails first; the payer tries again at the same page, and the older news may come last.
    press(&both, trade, "fail").await;
    press(&both, trade, "pay").await;
    assert!(settled(&town, id).await, "{:?}", town.bill(id).await);
    for _ in 0..150 {
        if both.carried.load(Ordering::SeqCst) >= 4 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(both.carried.load(Ordering::SeqCst), 4, "both news came twice");
    let bill = town.bill(id).await;
    assert_eq!((bill.state(), bill.kept()), (BillState::Settled, Money::fen(8_000)));
    assert_eq!((town.books("clearing").await, both.stand_in.holds()), (8_000, 8_000));
    // Another key is let in at neither end, and the day's statement comes by the same way.
    let stranger = payment::sign::key("test", "another secret of thirty-two bytes!").unwrap();
    let (clock, rng) = (town.t.ground.clock.clone(), town.t.ground.rng.clone());
    let (url, post) = (both.gateway.clone(), Arc::new(Wire));
    let forged = HttpGateway(Partner { url, key: stranger, post, clock, rng });
    assert!(forged.query(trade).await.unwrap_err().contains("401"));
    let day = kernel::clock::legal_date(town.t.ground.clock.now());
    let statement = town.p.gateway.statement(day).await.unwrap().unwrap_or_default();
    assert!(statement.is_empty() || statement.contains(&trade.to_string()), "{statement}");
    assert_eq!(code(verbs::callback(&town.p, |_| None, b"{}").await), "payment.signature");
});

harness::both!(what_is_never_called_back_is_asked_for, ROOMS, |t| async move {
    let mut town = Town::new(t, 0, 32).await;
    let mood = Mood { seed: 32, delay_ms: 0, lose: 100, double: 0, refuse: 0 };
    let both = behind_sockets(&mut town, mood).await;
    let id = town.raise("case:1", &[("registration-dwelling", 8_000)]).await;
    let trade = town.begin(id).await;
    press(&both, trade, "pay").await;
    tokio::time::sleep(Duration::from_millis(100)).await;
    assert_eq!(both.carried.load(Ordering::SeqCst), 0, "its call-back is lost");
    assert_eq!(town.bill(id).await.state(), BillState::Open);
    for _ in 0..20 {
        town.t.clock.advance_seconds(60);
        verbs::poll(&town.p).await.unwrap();
        if town.bill(id).await.state() == BillState::Settled {
            break;
        }
    }
    assert_eq!(town.bill(id).await.state(), BillState::Settled);
    assert_eq!(town.books("clearing").await, 8_000);
    // Asked for once more, it changes nothing; the book outlives the program.
    verbs::poll(&town.p).await.unwrap();
    assert_eq!(town.books("clearing").await, 8_000);
    let clock = town.t.ground.clock.clone();
    let again = StandIn::new(clock, mood, &both.gateway, Some(town.t.data.join("gateway.json"))).unwrap();
    assert_eq!(again.holds(), 8_000);
});
