//! What the tests of this room share: the demonstration city, a house without a press.
#![allow(dead_code, unused_imports, reason = "each test file uses its part")]

use axum::Router;
pub use harness::Browser;
use harness::TestGround;
use identity::{Session, SessionKind, Settings};
use kernel::{Fault, Press, PressJob};
use page::{House, Site};
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
