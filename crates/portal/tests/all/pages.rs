//! The citizen's pages as a browser meets them, on both databases.

use axum::Router;
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use harness::{TestGround, both};
use identity::{SessionKind, Settings};
use kernel::{ActorRef, Fault, Lang, PersonId, Press, PressJob};
use page::{House, Site};
use portal::feedback::{self, NewReport};
use std::sync::Arc;
use store::{Migrations, command};
use tower::ServiceExt as _;

const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    certificates::MIGRATIONS,
    proofs::MIGRATIONS,
    cases::MIGRATIONS,
    ratings::MIGRATIONS,
    portal::MIGRATIONS,
];
/// The pages of one's own space.
const OWN: [&str; 6] =
    ["/space", "/space/looks", "/space/outstanding", "/space/messages", "/space/facts", "/space/branches"];
const CITY: &str = include_str!("../../../../packs/demo/city.yaml");

struct NoPress;

impl Press for NoPress {
    fn pdf(&self, _: &PressJob<'_>) -> Result<Vec<u8>, Fault> {
        Err(Fault::new("no press here"))
    }
}

async fn app(t: &TestGround) -> Router {
    identity::configure(Settings::cheap());
    identity::seed_demo(&t.ground, CITY).await.unwrap();
    let calendar = Arc::new(kernel::Calendar::official().clone());
    let house =
        House { ground: t.ground.clone(), site: Arc::new(Site::demo()), press: Arc::new(NoPress), calendar };
    page::layer(
        identity::layer(page::inner(portal::routes(house.clone(), exchange::Sources::default())), &house),
        &house,
    )
}

async fn token(t: &TestGround, account: &str) -> String {
    let kind = SessionKind::Cookie;
    let token = identity::sign_in(&t.ground, account, identity::DEMO_PASSWORD, kind).await.unwrap().token;
    format!("yimen_session={token}")
}

async fn send(app: &Router, request: Request<Body>) -> (StatusCode, String, String, String) {
    let response = app.clone().oneshot(request).await.unwrap();
    let get = |name| response.headers().get(name).map_or("", |v| v.to_str().unwrap()).to_owned();
    let (status, to, cookie) = (response.status(), get(header::LOCATION), get(header::SET_COOKIE));
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 22).await.unwrap();
    (status, to, cookie.split(';').next().unwrap().to_owned(), String::from_utf8(bytes.to_vec()).unwrap())
}

async fn get(app: &Router, path: &str, cookie: &str) -> (StatusCode, String, String, String) {
    send(app, Request::get(path).header(header::COOKIE, cookie).body(Body::empty()).unwrap()).await
}

async fn post(app: &Router, path: &str, cookie: &str, body: String) -> (StatusCode, String, String, String) {
    let request = Request::post(path)
        .header(header::COOKIE, cookie)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    send(app, request.body(Body::from(body)).unwrap()).await
}

fn csrf(html: &str) -> &str {
    html.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap()
}

/// Whether a whole identity number of the demonstration stands in `html`.
fn has_number(html: &str) -> bool {
    let rest = |part: &str| part.chars().take(12).filter(char::is_ascii_alphanumeric).count() == 12;
    html.split("999999").skip(1).any(rest)
}

both!(everybody_sees_the_open_pages_and_only_applicants_their_space, ROOMS, |t| async move {
    let app = app(&t).await;
    for path in ["/", "/help", "/about", "/accessibility", "/sitemap", "/feedback-site"] {
        for cookie in ["", "yimen_print=big; yimen_lang=en"] {
            assert_eq!(get(&app, path, cookie).await.0, StatusCode::OK, "{path} {cookie}");
        }
    }
    for path in OWN {
        let (status, to, ..) = get(&app, path, "").await;
        assert_eq!((status, to.as_str()), (StatusCode::SEE_OTHER, format!("/login?next={path}").as_str()));
        assert_eq!(get(&app, path, &token(&t, "examiner").await).await.0, StatusCode::FORBIDDEN, "{path}");
        for account in ["citizen", "firm"] {
            let (status, _, _, html) = get(&app, path, &token(&t, account).await).await;
            assert_eq!(status, StatusCode::OK, "{path} {account}");
            assert!(!has_number(&html), "{path}: a number stands in the open");
        }
    }
    let received = get(&app, "/feedback-site/received", &token(&t, "clerk").await).await;
    assert_eq!(received.0, StatusCode::FORBIDDEN);
});

both!(a_person_sees_who_looked_at_their_data, ROOMS, |t| async move {
    let app = app(&t).await;
    let cookie = token(&t, "citizen").await;
    let session = identity::session(&t.ground, cookie.split_once('=').unwrap().1).await.unwrap().unwrap();
    let me: PersonId = session.applicant().unwrap().person();
    let look = trace::Look {
        person: me,
        fields: vec!["household".into(), "person.citizen_id".into(), "<b>".into()],
        purpose: trace::Purpose::in_case("examine", "CASE-1"),
    };
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| trace::look(&mut cx, &look)
        .map_err(kernel::Failure::from))
    .unwrap();
    let (_, _, _, html) = get(&app, "/space/looks", &cookie).await;
    for words in ["系统自动", "户籍与婚姻登记、身份证号码、&#60;b&#62;", "审查办件", "CASE-1"]
    {
        assert!(html.contains(words), "{words}");
    }
});

both!(a_manager_finds_the_branches, ROOMS, |t| async move {
    let app = app(&t).await;
    let cookie = token(&t, "firm").await;
    let page = get(&app, "/space/branches", &cookie).await.3;
    for words in ["六合分公司", "江宁分公司", "没有等它处理的事", "60天内没有到期的证照"]
    {
        assert!(page.contains(words), "{words}: {page}");
    }
    assert!(get(&app, "/space", &cookie).await.3.contains("/space/branches"));
    let citizen = token(&t, "citizen").await;
    assert!(!get(&app, "/space", &citizen).await.3.contains("/space/branches"));
    assert!(!get(&app, "/space/branches", &citizen).await.3.contains("分公司"));
});

both!(an_error_report_gets_a_number_and_one_answer, ROOMS, |t| async move {
    let app = app(&t).await;
    let page = get(&app, "/feedback-site", "").await;
    let (visitor, token_in_page) = (page.2, csrf(&page.3).to_owned());
    let wrong =
        post(&app, "/feedback-site", &visitor, format!("_csrf={token_in_page}&text=&place=%3Cb%3E")).await;
    assert_eq!(wrong.0, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(
        wrong.3.contains("#f-kind") && wrong.3.contains("&#60;b&#62;"),
        "errors and what was typed come back"
    );
    let body = format!("_csrf={token_in_page}&kind=typo&text=%3Cscript%3E&contact=13800001234");
    let sent = post(&app, "/feedback-site", &visitor, body).await;
    assert_eq!(sent.0, StatusCode::SEE_OTHER);
    let answer = get(&app, &sent.1, "").await;
    assert_eq!(answer.0, StatusCode::OK);
    assert!(answer.3.contains("&#60;script&#62;") && !answer.3.contains("13800001234"));
    let number = sent.1.split("number=").nth(1).unwrap().split('&').next().unwrap().to_owned();

    let operator = token(&t, "operator").await;
    let list = get(&app, "/feedback-site/received", &operator).await;
    assert!(list.3.contains(&number));
    let path = format!("/feedback-site/received/{number}");
    let reply = format!("_csrf={}&reply=%E5%B7%B2%E6%94%B9", csrf(&list.3));
    assert_eq!(post(&app, &path, &operator, reply.clone()).await.0, StatusCode::SEE_OTHER);
    assert_eq!(post(&app, &path, &operator, reply).await.0, StatusCode::CONFLICT);
    assert!(get(&app, &format!("/feedback-site/answer?number={number}"), "").await.3.contains("已改"));
    assert_eq!(get(&app, "/feedback-site/answer?number=0000000000", "").await.0, StatusCode::NOT_FOUND);
});

both!(a_report_that_says_too_much_is_refused, ROOMS, |t| async move {
    let new = NewReport { kind: "typo".into(), text: "字".repeat(1_001), ..NewReport::default() };
    let done = command!(t.ground, Lang::ZhCn, ActorRef::visitor(), |cx| feedback::report(&mut cx, &new));
    assert!(matches!(done, Err(kernel::Failure::Refused(r)) if r.fields[0].field == "text"));
});
