//! The operator's pages as browsers meet them: seals listed, a right given and taken, nobody else let in.
use crate::common::*;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use axum::response::Response;
use harness::TestGround;
use identity::SessionKind;
use kernel::{Calendar, Fault, Press, PressJob};
use page::{House, Site};
use procedure::seal::RightState;
use procedure::{Frame, NoticeKind, SealKind, seal};
use std::sync::Arc;
use tower::ServiceExt as _;

/// Prints nothing: these pages lay nothing out.
struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no page here prints"))
    }
}

async fn send(t: &TestGround, request: Request<Body>) -> (StatusCode, String) {
    let house = House {
        ground: t.ground.clone(),
        site: Arc::new(Site::demo()),
        press: Arc::new(NoPress),
        calendar: Arc::new(Calendar::official()),
    };
    let routes = procedure::routes(house.clone());
    let app = page::layer(identity::layer(page::inner(routes), &house), &house);
    let response: Response = app.oneshot(request).await.unwrap();
    let status = response.status();
    let body = axum::body::to_bytes(response.into_body(), 1 << 24).await.unwrap();
    (status, String::from_utf8_lossy(&body).into_owned())
}

async fn cookie(t: &TestGround, account: &str) -> String {
    let signed = identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, SessionKind::Cookie).await;
    format!("yimen_session={}", signed.unwrap().token)
}

async fn get(t: &TestGround, path: &str, cookie: &str, lang: &str) -> (StatusCode, String) {
    let request = Request::get(path).header(header::COOKIE, cookie).header("accept-language", lang);
    send(t, request.body(Body::empty()).unwrap()).await
}

async fn post(t: &TestGround, path: &str, cookie: &str, body: String) -> StatusCode {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin");
    send(t, request.body(Body::from(body)).unwrap()).await.0
}

fn csrf(html: &str) -> String {
    let (_, rest) = html.split_once("name=\"_csrf\" value=\"").unwrap();
    rest.split('"').next().unwrap().to_owned()
}

harness::both!(the_operator_gives_and_takes_rights, ROOMS, |t| async move {
    let city = city(&t).await;
    let operator = cookie(&t, "operator").await;
    let decision = the_seal(&t, "nanjing.transport", SealKind::Decision).await;
    issue(&t, &city.examiner, new(NoticeKind::Grant, Frame::Licence)).await.unwrap();
    let page = format!("/desk/seals/{}", decision.id);
    for account in ["examiner", "clerk", "supervisor", "citizen"] {
        let other = cookie(&t, account).await;
        assert_eq!(get(&t, "/desk/seals", &other, "en").await.0, StatusCode::FORBIDDEN, "{account}");
        assert_eq!(get(&t, &page, &other, "en").await.0, StatusCode::FORBIDDEN, "{account}");
        assert_eq!(post(&t, &format!("{page}/rights"), &other, String::new()).await, StatusCode::FORBIDDEN);
    }
    let (status, list) = get(&t, "/desk/seals", &operator, "zh-CN").await;
    assert_eq!(status, StatusCode::OK, "{list}");
    // page by page, each seal once
    let (mut pages, mut all) = (vec![list], String::new());
    while let Some(html) = pages.pop() {
        all.push_str(&html);
        let Some((before, _)) = html.split_once("\" rel=\"next\"") else { break };
        let next = before.rsplit('"').next().unwrap().to_owned();
        assert!(all.len() < 1 << 22, "the list never ends: {next}");
        pages.push(get(&t, &next, &operator, "zh-CN").await.1);
    }
    assert_eq!(all.matches(&page).count(), 1);
    assert!(all.contains("南京市交通运输局审批专用章"));
    let (status, html) = get(&t, &page, &operator, "zh-CN").await;
    assert_eq!(status, StatusCode::OK, "{html}");
    assert!(html.contains("准许〔2026〕第1号") && !html.contains(" style="));
    assert!(get(&t, &page, &operator, "en").await.1.contains("Who may apply it"));
    // suspend the examiner's right: the next notice is refused; grant it again
    let account = city.examiner.account.unwrap();
    let state = async || {
        let rights = seal::rights(&t.ground.store, decision.id).await.unwrap();
        rights.into_iter().find(|r| r.account == account).unwrap().state
    };
    let act = async |act: &str, account: &str| {
        let body = format!("_csrf={}&account={account}&act={act}", csrf(&html));
        post(&t, &format!("{page}/rights"), &operator, body).await
    };
    let me = account.to_string();
    assert_eq!(act("suspend", &me).await, StatusCode::SEE_OTHER);
    assert_eq!(state().await, RightState::Suspended);
    assert_eq!(act("grant", &me).await, StatusCode::SEE_OTHER);
    assert_eq!(state().await, RightState::Held);
    // somebody who is nobody here gets nothing
    assert_eq!(act("grant", "019aa000-0000-7000-8000-00000000ffff").await, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(act("burn", &me).await, StatusCode::UNPROCESSABLE_ENTITY);
    let body = format!("_csrf={}&state=retired", csrf(&html));
    assert_eq!(post(&t, &format!("{page}/state"), &operator, body).await, StatusCode::SEE_OTHER);
    assert!(get(&t, &page, &operator, "zh-CN").await.1.contains("作废"));
    assert_eq!(get(&t, "/desk/seals/nonsense", &operator, "zh-CN").await.0, StatusCode::NOT_FOUND);
});
