//! The requests that are measured: my space, who looked, certificates by number, by QR code and for their holder, as a citizen with
//! little and as a firm with ten thousand of each.

use super::town::{Held, Town};
use crate::door::{self, Ask, Door, Pass, Trouble};
use crate::million::visit::{Measured, TIMES, UNCOUNTED, evict, good};
use crate::place::Site;
use crate::server::Server;
use crate::stats::Tally;
use std::time::Instant;

/// How far lists are turned.
const PAGE: usize = 50;

/// A kind of request: who asks, and for what by turns.
pub struct Request {
    /// What it is called.
    pub name: &'static str,
    pass: Pass,
    paths: Vec<String>,
}

impl Request {
    fn new(name: &'static str, pass: &Pass, paths: Vec<String>) -> Self {
        Self { name, pass: pass.clone(), paths }
    }

    /// The `nth` request, in an order that jumps about.
    fn ask(&self, nth: usize) -> Ask {
        let path = self.paths.get(nth * 397 % self.paths.len().max(1)).map_or("/", String::as_str);
        Ask::get(path).by(&self.pass)
    }
}

/// The requests whose statements are looked at.
pub fn asks(requests: &[Request]) -> Vec<(&'static str, [Ask; 2])> {
    requests.iter().map(|r| (r.name, [r.ask(11), r.ask(12)])).collect()
}

/// Signs in and turns pages until every kind of request is known.
async fn come<D: Door>(door: &mut D, town: &Town) -> Result<Vec<Request>, Trouble> {
    let citizen = door::sign_in_by_form(door, "citizen").await?;
    let firm = door::sign_in_by_form(door, "firm").await?;
    let held = |held: &Held| held.ids.iter().map(|id| format!("/certificates/{id}")).collect();
    let one = |path: &str| vec![path.to_owned()];
    let looked = turned(door, &citizen, "/space/looks").await?;
    let cases = turned(door, &firm, "/space/cases").await?;
    let certificates = turned(door, &firm, "/space/certificates").await?;
    let numbers = town.firms.numbers.iter().map(|n| format!("/verify?number={n}")).collect();
    let tokens = town.firms.tokens.iter().map(|t| format!("/verify/{t}")).collect();
    Ok(vec![
        Request::new("my space, citizen", &citizen, one("/space")),
        Request::new("my space, firm", &firm, one("/space")),
        Request::new("firm's cases, page 50", &firm, vec![cases]),
        Request::new("firm's certs, page 50", &firm, vec![certificates]),
        Request::new("verify by number", &Pass::Nobody, numbers),
        Request::new("verify by QR code", &Pass::Nobody, tokens),
        Request::new("certificate, citizen", &citizen, held(&town.citizen)),
        Request::new("certificate, firm", &firm, held(&town.firms)),
        Request::new("who looked", &citizen, one("/space/looks")),
        Request::new("who looked, page 50", &citizen, vec![looked]),
        Request::new("looks of one agency", &citizen, one("/space/looks?agency=city.police")),
        Request::new("looks without a case", &citizen, one("/space/looks?stray=yes")),
        Request::new("who looked, firm", &firm, one("/space/looks")),
    ])
}

/// The address of the fiftieth page of a list, by its own links.
async fn turned<D: Door>(door: &mut D, pass: &Pass, list: &str) -> Result<String, Trouble> {
    let mut page = list.to_owned();
    for turned in 1..PAGE {
        let text = good(door, Ask::get(page).by(pass)).await?;
        let link =
            text.split("<a ").find(|link| link.split('>').next().is_some_and(|a| a.contains("rel=\"next\"")));
        let href = link.and_then(|l| l.split("href=\"").nth(1)).and_then(|l| l.split('"').next());
        page = href
            .ok_or_else(|| format!("{list} has no page {}", turned + 1))?
            .replace("&#38;", "&")
            .replace("&amp;", "&");
    }
    Ok(page)
}

/// Measures every kind on a fresh server.
///
/// # Errors
/// When any answer is not a good one.
pub async fn measure(site: &Site, town: &Town) -> Result<(Vec<Request>, Vec<Measured>), Trouble> {
    let server = Server::start_still(site).await?;
    let mut caller = server.caller().await?;
    let requests = come(&mut caller, town).await?;
    let mut warm = Vec::new();
    for request in &requests {
        let started = Instant::now();
        let mut micros = Vec::with_capacity(TIMES);
        for nth in 0..UNCOUNTED + TIMES {
            let time = once(&mut caller, request, nth).await?;
            if nth >= UNCOUNTED {
                micros.push(time);
            }
        }
        warm.push(Tally::new(micros, started.elapsed()));
    }
    drop((caller, server));
    let mut all = Vec::new();
    for ((nth, request), warm) in (7_000..).zip(&requests).zip(warm) {
        evict(site).await?;
        let server = Server::start_still(site).await?;
        let mut caller = server.caller().await?;
        good(&mut caller, Ask::get("/healthz")).await?;
        evict(site).await?;
        let micros = once(&mut caller, request, nth).await?;
        let cold_ms = f64::from(u32::try_from(micros).unwrap_or(u32::MAX)) / 1_000.0;
        all.push(Measured { name: request.name, warm, cold_ms });
    }
    Ok((requests, all))
}

async fn once<D: Door>(door: &mut D, request: &Request, nth: usize) -> Result<u64, Trouble> {
    let ask = request.ask(nth);
    let begun = Instant::now();
    good(door, ask).await?;
    Ok(u64::try_from(begun.elapsed().as_micros()).unwrap_or(u64::MAX))
}
