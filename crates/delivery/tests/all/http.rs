//! The declared protocol, both ways: signed orders to the stand-in's own site, and its signed call-backs, late and twice.

use crate::town::{ROOMS, Town, code};
use async_trait::async_trait;
use axum::Router;
use axum::body::Body;
use delivery::courier::Courier as _;
use delivery::http::HttpCourier;
use delivery::stand_in::{Carrier, Mood, StandIn, router};
use delivery::verbs::{self, SIGNED};
use delivery::{Deliveries, State};
use exchange::Post;
use exchange::signed::Partner;
use http::Request;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use tower::ServiceExt as _;

/// HTTP without a network.
struct Direct(Router);

#[async_trait]
impl Post for Direct {
    async fn post(
        &self,
        url: &str,
        headers: &BTreeMap<String, String>,
        body: &[u8],
    ) -> Result<(u16, Vec<u8>), String> {
        let mut request = Request::post(url);
        for (name, value) in headers {
            request = request.header(name, value);
        }
        let request = request.body(Body::from(body.to_vec())).map_err(|e| e.to_string())?;
        let response = self.0.clone().oneshot(request).await.map_err(|e| e.to_string())?;
        let status = response.status().as_u16();
        let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.map_err(|e| e.to_string())?;
        Ok((status, bytes.to_vec()))
    }
}

struct Back(Deliveries);

#[async_trait]
impl Carrier for Back {
    async fn carry(&self, headers: &BTreeMap<String, String>, body: &[u8]) -> bool {
        verbs::callback(&self.0, |name| headers.get(name).map(String::as_str), body).await.is_ok()
    }
}

harness::both!(orders_and_call_backs_go_signed_both_ways, ROOMS, |t| async move {
    let mut town = Town::new(t, Mood::KIND, 0).await;
    let (clock, rng) = (town.t.ground.clock.clone(), town.t.ground.rng.clone());
    let mood = Mood { pace_ms: 5, delay_ms: 30, double: 100, ..Mood::KIND };
    let book = town.t.data.join("courier.json");
    let stand_in = StandIn::new(clock.clone(), mood, Some(book.clone())).unwrap();
    let key = town.room.key.clone();
    let site = router(stand_in, key.clone(), Arc::new(Back(town.room.clone())), rng.clone());
    let courier = |key| {
        HttpCourier(Partner {
            url: "http://courier".to_owned(),
            key,
            post: Arc::new(Direct(site.clone())),
            clock: clock.clone(),
            rng: rng.clone(),
        })
    };
    town.room.courier = Arc::new(courier(key));
    let id = town.away("m1", "A").await;
    // Told of both at once; from then on nothing is asked, and all is called back, out of order and twice.
    verbs::poll(&town.room).await.unwrap();
    for _ in 0..200 {
        if town.parcel(id).await.state() == State::Signed {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let parcel = town.parcel(id).await;
    assert_eq!((parcel.state(), town.told(SIGNED).await), (State::Signed, 1));
    // Another key is not let in, and the book outlives the program.
    let order = parcel.attempt().unwrap().order;
    let stranger = delivery::sign::key("test", "another secret of thirty-two bytes!").unwrap();
    assert!(courier(stranger).query(order).await.unwrap_err().contains("401"));
    town.t.clock.advance_seconds(10);
    let again = StandIn::new(clock.clone(), mood, Some(book)).unwrap();
    assert_eq!(again.happened(order).len(), 4);
    let none = verbs::callback(&town.room, |_| None, b"{}").await;
    assert_eq!(code(none), "delivery.signature");
});
