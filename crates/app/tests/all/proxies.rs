//! Behind a proxy attempts are counted by the client's address; what strangers claim about themselves counts for nothing.

use crate::city::City;
use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::{Request, StatusCode, header};
use harness::Backend;
use serde_json::json;
use std::net::SocketAddr;

/// A sign-in that reaches the server from `peer` and says that it was forwarded for `claim`.
async fn sign_in(city: &City, peer: &str, claim: &str, password: &str) -> StatusCode {
    let body = json!({"account": "citizen", "password": password}).to_string();
    let mut request = Request::post("/api/v1/sessions")
        .header(header::CONTENT_TYPE, "application/json")
        .header("x-forwarded-for", claim)
        .body(Body::from(body))
        .unwrap();
    let peer: SocketAddr = format!("{peer}:4711").parse().unwrap();
    request.extensions_mut().insert(ConnectInfo(peer));
    city.send(request).await.0.status()
}

async fn behind_a_proxy() -> City {
    City::with(Backend::Sqlite, |config| {
        config.trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
        config.site.base_url = Some("https://zwfw.example".to_owned());
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn attempts_are_counted_by_the_clients_address() {
    let city = behind_a_proxy().await;
    let right = identity::DEMO_PASSWORD;
    for _ in 0..5 {
        let guessed = sign_in(&city, "10.0.0.1", "203.0.113.9", "wrong").await;
        assert_eq!(guessed, StatusCode::UNAUTHORIZED);
    }
    let again = sign_in(&city, "10.0.0.2", "198.51.100.1, 203.0.113.9", right).await;
    assert_eq!(again, StatusCode::TOO_MANY_REQUESTS, "another claim or another proxy does not help");
    let owner = sign_in(&city, "10.0.0.1", "203.0.113.10", right).await;
    assert_eq!(owner, StatusCode::CREATED, "the owner elsewhere is not locked out");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stranger_is_not_believed() {
    let city = behind_a_proxy().await;
    for n in 0..5 {
        let claim = format!("203.0.113.{n}");
        assert_eq!(sign_in(&city, "192.0.2.66", &claim, "wrong").await, StatusCode::UNAUTHORIZED);
    }
    let sixth = sign_in(&city, "192.0.2.66", "203.0.113.99", identity::DEMO_PASSWORD).await;
    assert_eq!(sixth, StatusCode::TOO_MANY_REQUESTS, "whatever it claims, it is one place");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_proxy_took_in_plain_is_led_to_https() {
    let city = behind_a_proxy().await;
    let ask = async |method: &str, path: &str, peer: &str| {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("x-forwarded-proto", "http")
            .body(Body::empty())
            .unwrap();
        request.extensions_mut().insert(ConnectInfo::<SocketAddr>(format!("{peer}:1").parse().unwrap()));
        city.send(request).await.0
    };
    let led = ask("GET", "/items?theme=car", "10.0.0.1").await;
    assert_eq!(led.status(), StatusCode::PERMANENT_REDIRECT);
    assert_eq!(led.headers()[header::LOCATION], "https://zwfw.example/items?theme=car");
    assert_eq!(ask("POST", "/login", "10.0.0.1").await.status(), StatusCode::FORBIDDEN);
    assert_eq!(ask("GET", "/healthz", "10.0.0.1").await.status(), StatusCode::OK);
    assert_eq!(
        ask("GET", "/help", "192.0.2.66").await.status(),
        StatusCode::OK,
        "only a proxy's word counts"
    );
}
