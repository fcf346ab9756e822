//! The address a request really comes from, when proxies stand before the server; what strangers claim is not believed.

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde::{Deserialize, Deserializer};
use std::net::{IpAddr, SocketAddr};
use std::str::FromStr;

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
/// What a client may not send by itself.
const CLAIMS: [HeaderName; 5] = [
    FOR,
    PROTO,
    HeaderName::from_static("x-forwarded-host"),
    HeaderName::from_static("x-real-ip"),
    header::FORWARDED,
];

/// An address, or all addresses that begin with the same bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    bits: u8,
}

impl Network {
    /// Whether `address` lies in it; an IPv4 address written as IPv6 counts as IPv4.
    pub fn holds(&self, address: IpAddr) -> bool {
        match (self.first, address.to_canonical()) {
            (IpAddr::V4(first), IpAddr::V4(it)) => u32::from(first) == mask4(u32::from(it), self.bits),
            (IpAddr::V6(first), IpAddr::V6(it)) => u128::from(first) == mask6(u128::from(it), self.bits),
            _ => false,
        }
    }
}

fn mask4(address: u32, bits: u8) -> u32 {
    address & u32::MAX.checked_shl(32 - u32::from(bits.min(32))).unwrap_or(0)
}

fn mask6(address: u128, bits: u8) -> u128 {
    address & u128::MAX.checked_shl(128 - u32::from(bits.min(128))).unwrap_or(0)
}

impl FromStr for Network {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wrong =
            || format!("{text:?} is no address or network: write 10.1.2.3, 10.0.0.0/8, ::1 or fd00::/8");
        let (address, bits) = text.split_once('/').map_or((text, None), |(a, b)| (a, Some(b)));
        let first: IpAddr = address.parse().map_err(|_| wrong())?;
        let first = first.to_canonical();
        let whole = if first.is_ipv4() { 32 } else { 128 };
        let bits: u8 = bits.map_or(Ok(whole), |b| b.parse().map_err(|_| wrong()))?;
        if bits > whole {
            return Err(wrong());
        }
        if bits == 0 {
            return Err(format!("{text:?} would believe everybody: name your proxies only"));
        }
        let begins = match first {
            IpAddr::V4(a) => IpAddr::from(mask4(u32::from(a), bits).to_be_bytes()),
            IpAddr::V6(a) => IpAddr::from(mask6(u128::from(a), bits).to_be_bytes()),
        };
        if begins != first {
            return Err(format!(
                "{text:?} has bits behind its prefix: write {begins}/{bits}, or {first} alone"
            ));
        }
        Ok(Self { first, bits })
    }
}

impl<'de> Deserialize<'de> for Network {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?.parse().map_err(serde::de::Error::custom)
    }
}

/// Whose word about a request's origin is taken.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proxies {
    /// The proxies.
    pub trusted: Vec<Network>,
    /// The site's own address, when it is an `https` one: requests that a proxy took in plain are led there.
    pub https: Option<String>,
}

impl Proxies {
    fn trusts(&self, address: IpAddr) -> bool {
        self.trusted.iter().any(|network| network.holds(address))
    }

    /// The client: the last address of the line that is not one of our proxies. What stands before it is a claim.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let lines: Vec<&str> = headers.get_all(FOR).iter().filter_map(|v| v.to_str().ok()).collect();
        let mut client = peer;
        for word in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            let Some(address) = address_of(word.trim()) else { break };
            client = address;
            if !self.trusts(address) {
                break;
            }
        }
        client
    }
}

/// `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn address_of(word: &str) -> Option<IpAddr> {
    let bare = word.trim_start_matches('[').trim_end_matches(']');
    let address = bare.parse().ok().or_else(|| word.parse::<SocketAddr>().ok().map(|a| a.ip()));
    address.map(|a: IpAddr| a.to_canonical())
}

/// Puts the client's address where the peer's stood, and takes away what was only claimed.
pub async fn believe(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|c| c.0);
    let trusted = peer.is_some_and(|peer| proxies.trusts(peer.ip()));
    if !trusted {
        CLAIMS.iter().for_each(|name| while request.headers_mut().remove(name).is_some() {});
        return next.run(request).await;
    }
    if let Some(peer) = peer {
        let client = proxies.client(peer.ip(), request.headers());
        request.extensions_mut().insert(ConnectInfo(SocketAddr::new(client, peer.port())));
    }
    let proto = request.headers().get_all(PROTO).iter().next_back().and_then(|v| v.to_str().ok());
    let plain = proto.and_then(|p| p.rsplit(',').next()).is_some_and(|p| p.trim() == "http");
    match &proxies.https {
        Some(site) if plain && !asked_by_machines(request.uri().path()) => to_https(site, &request),
        _ => next.run(request).await,
    }
}

fn asked_by_machines(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz" | "/metrics")
}

/// A page is led to https; what was sent in plain is not taken, so that nobody gets used to sending it so.
fn to_https(site: &str, request: &Request) -> Response {
    let path = request.uri().path_and_query().map_or("/", |p| p.as_str());
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return (StatusCode::PERMANENT_REDIRECT, [(header::LOCATION, format!("{site}{path}"))])
            .into_response();
    }
    (StatusCode::FORBIDDEN, "this site takes nothing over plain http\n").into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn networks(texts: &[&str]) -> Vec<Network> {
        texts.iter().map(|t| t.parse().unwrap()).collect()
    }

    #[test]
    fn a_network_is_written_exactly() {
        let say = |text: &str| text.parse::<Network>().unwrap_err();
        assert!(say("10.0.0.0/40").contains("no address"));
        assert!(say("proxy.example").contains("no address"));
        assert!(say("0.0.0.0/0").contains("everybody"));
        assert_eq!(
            say("10.1.2.3/8"),
            "\"10.1.2.3/8\" has bits behind its prefix: write 10.0.0.0/8, or 10.1.2.3 alone"
        );
        let [ten, one, local] = networks(&["10.0.0.0/8", "192.0.2.7", "fd00::/8"])[..] else { panic!() };
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        assert!(
            ten.holds(ip("10.255.0.1")) && ten.holds(ip("::ffff:10.1.1.1")) && !ten.holds(ip("11.0.0.1"))
        );
        assert!(one.holds(ip("192.0.2.7")) && !one.holds(ip("192.0.2.8")));
        assert!(local.holds(ip("fdff::1")) && !local.holds(ip("fe00::1")) && !local.holds(ip("10.0.0.1")));
    }

    #[test]
    fn the_client_is_the_last_who_is_no_proxy() {
        let proxies = Proxies { trusted: networks(&["10.0.0.0/8", "::1"]), https: None };
        let client = |lines: &[&str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(FOR, line.parse().unwrap());
            }
            proxies.client("10.0.0.1".parse().unwrap(), &headers).to_string()
        };
        assert_eq!(client(&[]), "10.0.0.1");
        assert_eq!(client(&["1.1.1.1, 203.0.113.9, 10.0.0.2"]), "203.0.113.9", "1.1.1.1 is only claimed");
        assert_eq!(client(&["1.1.1.1", "203.0.113.9:4711"]), "203.0.113.9");
        assert_eq!(client(&["[2001:db8::1]:80, 10.2.2.2"]), "2001:db8::1");
        assert_eq!(
            client(&["203.0.113.9, unknown, 10.2.2.2"]),
            "10.2.2.2",
            "behind a riddle nothing is believed"
        );
    }
}
