//! A screen that is watched is told within a moment, and begins with what is.

use crate::town::{ROOMS, Town, call_at};
use axum::body::Body;
use http::{Request, header};
use http_body_util::BodyExt as _;
use std::time::Duration;
use tower::ServiceExt as _;

/// The next event of a stream.
pub async fn event(body: &mut Body) -> String {
    let mut text = String::new();
    while !text.ends_with("\n\n") {
        let frame = tokio::time::timeout(Duration::from_secs(10), body.frame()).await.expect("in time");
        let part = frame.expect("the stream goes on").unwrap().into_data().unwrap();
        text.push_str(std::str::from_utf8(&part).unwrap());
    }
    text
}

/// The pages of a server.
pub fn app(town: &Town) -> axum::Router {
    let house = town.house();
    let routes = hall::routes(house.clone(), hall::Settings::default());
    page::layer(identity::layer(page::inner(routes), &house), &house)
}

pub async fn watch(app: axum::Router) -> Body {
    let request = Request::get("/screen/first/live")
        .header(header::ACCEPT, "text/event-stream")
        .header(header::ACCEPT_ENCODING, "gzip")
        .body(Body::empty())
        .unwrap();
    let response = app.oneshot(request).await.unwrap();
    assert_eq!(response.headers().get(header::CONTENT_TYPE).unwrap(), "text/event-stream");
    assert!(response.headers().get(header::CONTENT_ENCODING).is_none(), "compressed, it would be held back");
    Body::new(response.into_body())
}

harness::both!(a_screen_follows_the_queue_of_any_server, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let second = town.second().await;
    let clerk = town.on_duty("c1", "1").await;
    let mut screen = watch(app(&town)).await;
    assert!(event(&mut screen).await.contains("暂无叫号"));
    town.take(&town.taking("A")).await.unwrap();
    assert!(event(&mut screen).await.contains("现在1人等候"));
    call_at(&second, &clerk).await.unwrap();
    assert!(event(&mut screen).await.contains("请A001号到1号窗口办理"));
    // After a break the next stream begins with what is.
    drop(screen);
    assert!(event(&mut watch(app(&town)).await).await.contains("请A001号到1号窗口办理"));
});
