//! What the tests of this room share: the demonstration city, a house without a press.
#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

use axum::Router;
pub use harness::Browser;
use harness::TestGround;
use harness::browser::Page;
use hmac::{Hmac, KeyInit as _, Mac as _};
use identity::{Session, SessionKind, Settings};
use kernel::{Fault, Press, PressJob};
use page::{House, Site};
use sha1::Sha1;
use std::sync::Arc;
use store::Migrations;

pub const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS];
pub const CITY: &str = include_str!("../../../../packs/demo/city.yaml");
pub const PASSWORD: &str = identity::DEMO_PASSWORD;

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

/// Seeds the city with passwords that are cheap to check.
pub async fn seed(t: &TestGround) {
    identity::configure(Settings::cheap());
    identity::seed_demo(&t.ground, CITY).await.unwrap();
}

pub async fn token(t: &TestGround, account: &str) -> String {
    identity::sign_in(&t.ground, account, PASSWORD, SessionKind::Cookie).await.unwrap().token
}

pub async fn session(t: &TestGround, account: &str) -> Session {
    let token = token(t, account).await;
    identity::session(&t.ground, &token).await.unwrap().unwrap()
}

pub fn house(t: &TestGround, base_url: &str, demo: bool) -> House {
    let site = Site { base_url: base_url.to_owned(), demo, ..Site::demo() };
    let calendar = Arc::new(kernel::Calendar::official().clone());
    House { ground: t.ground.clone(), site: Arc::new(site), press: Arc::new(NoPress), calendar }
}

/// The room's pages as app plugs them in.
pub fn dressed(router: Router, house: &House) -> Router {
    page::layer(identity::layer(page::inner(router), house), house)
}

/// What an authenticator shows now for the secret that stands in the page.
pub fn digits(t: &TestGround, secret: &str) -> String {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bits: String =
        secret.chars().filter(|c| *c != ' ').map(|c| format!("{:05b}", LETTERS.find(c).unwrap())).collect();
    let key: Vec<u8> = bits
        .as_bytes()
        .chunks_exact(8)
        .map(|b| u8::from_str_radix(std::str::from_utf8(b).unwrap(), 2).unwrap())
        .collect();
    let step = t.ground.clock.now().as_second() / 30;
    let mut mac = Hmac::<Sha1>::new_from_slice(&key).unwrap();
    mac.update(&step.to_be_bytes());
    let digest = mac.finalize().into_bytes();
    let at = usize::from(digest[19] & 15);
    let four = u32::from_be_bytes(digest[at..at + 4].try_into().unwrap()) & 0x7FFF_FFFF;
    format!("{:06}", four % 1_000_000)
}

pub fn between<'a>(page: &'a Page, from: &str, to: &str) -> &'a str {
    let rest = page.html.split_once(from).unwrap_or_else(|| panic!("no {from}: {}", page.html)).1;
    rest.split_once(to).unwrap().0
}

/// Turns the second factor on in a browser whose session is fresh; answers its secret.
pub async fn second_factor(t: &TestGround, b: &mut Browser) -> String {
    const AT: &str = "/account/security";
    assert_eq!(b.submit(AT, AT, &[("do", "begin")]).await.to, AT);
    let secret = between(&b.get(AT).await, "<code class=\"num\">", "</code>").to_owned();
    let page = b.submit(AT, AT, &[("do", "activate"), ("code", &digits(t, &secret))]).await;
    assert_eq!(page.status, 200, "{}", page.html);
    secret
}
