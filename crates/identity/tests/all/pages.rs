//! The pages, the cookies and the rights, as a browser meets them.
use crate::common::{Browser, PASSWORD, ROOMS, dressed, house, seed, token};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::any;
use harness::both;
use identity::{Applicant, Clerk, Examiner, Operator, SignedIn, Staff, Supervisor};
use kernel::{ActorRef, Lang};
use store::command;

const HTTP: &str = "http://127.0.0.1:8080";

fn rights() -> Router {
    Router::new()
        .route("/t/signed-in", any(async |_: SignedIn| "yes"))
        .route("/t/applicant", any(async |_: Applicant| "yes"))
        .route("/t/clerk", any(async |_: Clerk| "yes"))
        .route("/t/examiner", any(async |_: Examiner| "yes"))
        .route("/t/supervisor", any(async |_: Supervisor| "yes"))
        .route("/t/operator", any(async |_: Operator| "yes"))
        .route("/t/staff", any(async |_: Staff| "yes"))
        .route("/t/maybe", any(async |s: Option<Staff>| if s.is_some() { "staff" } else { "none" }))
        .route("/api/v1/t", any(async |_: SignedIn| "yes"))
}

/// Who may pass which extractor; everybody else is refused with 403, and nobody with 303 (pages) or 401.
const TABLE: [(&str, &[&str]); 9] = [
    ("citizen", &["signed-in", "applicant"]),
    ("firm", &["signed-in", "applicant"]),
    ("citizen5", &["signed-in", "applicant"]),
    ("clerk", &["signed-in", "clerk", "staff"]),
    ("examiner", &["signed-in", "examiner", "staff"]),
    ("examiner2", &["signed-in", "examiner", "staff"]),
    ("head", &["signed-in", "examiner", "staff"]),
    ("supervisor", &["signed-in", "supervisor", "staff"]),
    ("operator", &["signed-in", "operator", "staff"]),
];

both!(every_right_is_refused_to_everybody_else, ROOMS, |t| async move {
    seed(&t).await;
    let app = dressed(rights(), &house(&t, HTTP, true));
    let all = ["signed-in", "applicant", "clerk", "examiner", "supervisor", "operator", "staff"];
    for (account, may) in TABLE {
        let token = token(&t, account).await;
        let mut browser = Browser::new(app.clone()).with_cookie("yimen_session", &token);
        for right in all {
            let page = browser.get(&format!("/t/{right}")).await;
            let expected = if may.contains(&right) { StatusCode::OK } else { StatusCode::FORBIDDEN };
            assert_eq!(page.status, expected, "{account} asks as {right}");
        }
        let page = browser.get("/api/v1/t").await;
        assert_eq!(page.status, StatusCode::UNAUTHORIZED, "a cookie does not act under /api");
        assert_eq!(browser.get("/t/maybe").await.html, if may.contains(&"staff") { "staff" } else { "none" });
    }
    let mut nobody = Browser::new(app.clone()).with_cookie("yimen_session", &"0".repeat(64));
    for right in all {
        let page = nobody.get(&format!("/t/{right}?a=1&b=%E4%BD%A0")).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert_eq!(page.to, format!("/login?next=/t/{right}%3Fa%3D1%26b%3D%25E4%25BD%25A0"));
        assert_eq!(nobody.post(&format!("/t/{right}"), &[]).await.status, StatusCode::UNAUTHORIZED);
    }
});

both!(one_signs_in_and_out_with_a_form_of_ours_only, ROOMS, |t| async move {
    seed(&t).await;
    let house = house(&t, HTTP, true);
    let mut b = Browser::new(dressed(identity::routes(house.clone()).merge(rights()), &house));
    let page = b.get("/login?next=/t/applicant").await;
    assert_eq!(page.status, StatusCode::OK);
    assert!(
        page.html.contains("operator") && !page.html.contains("citizen2"),
        "the listed accounts stand there"
    );
    let csrf = page.csrf();
    let sign_in = |csrf: &str, password: &str, next: &str| {
        [
            ("_csrf", csrf.to_owned()),
            ("account", "citizen".into()),
            ("password", password.into()),
            ("next", next.into()),
        ]
    };
    let forged = sign_in("m00", PASSWORD, "");
    let forged: Vec<_> = forged.iter().map(|(n, v)| (*n, v.as_str())).collect();
    assert_eq!(b.post("/login", &forged).await.status, StatusCode::FORBIDDEN);
    let wrong = sign_in(&csrf, "<script>\"'", "/t/applicant");
    let wrong: Vec<_> = wrong.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = b.post("/login", &wrong).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(page.html.contains("账号或密码不正确。请检查后再试") && page.html.contains("value=\"citizen\""));
    assert!(!page.html.contains("<script>\""), "what was typed as password is not written back");
    let right = sign_in(&csrf, PASSWORD, "/t/applicant");
    let right: Vec<_> = right.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let page = b.post("/login", &right).await;
    assert_eq!((page.status, page.to.as_str()), (StatusCode::SEE_OTHER, "/t/applicant"));
    let cookie = b.last_cookies.iter().find(|c| c.starts_with("yimen_session=")).unwrap().clone();
    assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Lax") && !cookie.contains("Secure"));
    assert_eq!(b.get("/t/applicant").await.status, StatusCode::OK);

    let page = b.get("/account").await;
    assert!(page.html.contains("999***********102") && page.html.contains("王*英"), "{}", page.html);
    let stale = [("_csrf", csrf.as_str())];
    assert_eq!(
        b.post("/logout", &stale).await.status,
        StatusCode::FORBIDDEN,
        "the visitor's token is no longer good"
    );
    let csrf = page.csrf();
    assert_eq!(b.post("/logout", &[("_csrf", &csrf)]).await.status, StatusCode::SEE_OTHER);
    assert!(!b.has_cookie("yimen_session"));
    assert_eq!(b.get("/t/applicant").await.status, StatusCode::SEE_OTHER);
});

both!(sessions_can_be_ended_from_elsewhere, ROOMS, |t| async move {
    seed(&t).await;
    let house = house(&t, HTTP, true);
    let app = dressed(identity::routes(house.clone()).merge(rights()), &house);
    let (one, two, other) = (token(&t, "citizen").await, token(&t, "citizen").await, token(&t, "firm").await);
    let browser = |token: &str| Browser::new(app.clone()).with_cookie("yimen_session", token);
    let (mut a, mut b, mut foreign) = (browser(&one), browser(&two), browser(&other));
    let page = a.get("/account?lang=en").await;
    assert!(page.html.contains("Where I am signed in"));
    let id_of_b = identity::session(&t.ground, &two).await.unwrap().unwrap().id();
    let path = format!("/account/sessions/{id_of_b}/end");
    let csrf = foreign.get("/account").await.csrf();
    assert_eq!(foreign.post(&path, &[("_csrf", &csrf)]).await.status, StatusCode::NOT_FOUND);
    assert_eq!(b.get("/t/applicant").await.status, StatusCode::OK);
    assert_eq!(a.post(&path, &[("_csrf", &page.csrf())]).await.status, StatusCode::SEE_OTHER);
    assert_eq!(b.get("/t/applicant").await.status, StatusCode::SEE_OTHER);
    let third = token(&t, "citizen").await;
    assert_eq!(
        a.post("/account/sessions/others", &[("_csrf", &page.csrf())]).await.status,
        StatusCode::SEE_OTHER
    );
    assert!(identity::session(&t.ground, &third).await.unwrap().is_none());
    assert_eq!(a.get("/account").await.status, StatusCode::OK);
});

both!(for_whom_one_acts_is_chosen_and_shown, ROOMS, |t| async move {
    seed(&t).await;
    let house = house(&t, HTTP, true);
    let app = dressed(identity::routes(house.clone()), &house);
    let token = token(&t, "firm").await;
    let mut b = Browser::new(app.clone()).with_cookie("yimen_session", &token);
    let page = b.get("/acting?next=/items").await;
    assert!(page.html.contains("南京金陵旅行客运有限公司") && page.html.contains("李国强"));
    let csrf = page.csrf();
    let none = b.post("/acting", &[("_csrf", &csrf)]).await;
    assert_eq!(none.status, StatusCode::UNPROCESSABLE_ENTITY);
    let chosen = b.post("/acting", &[("_csrf", &csrf), ("whom", "self"), ("next", "//evil.example")]).await;
    assert_eq!((chosen.status, chosen.to.as_str()), (StatusCode::SEE_OTHER, "/"));
    assert!(!b.get("/account").await.html.contains("南京金陵旅行客运有限公司"));
    let foreign = crate::common::session(&t, "firm2").await.acting().unwrap().to_string();
    let stolen = b.post("/acting", &[("_csrf", &csrf), ("whom", &foreign)]).await;
    assert_eq!(stolen.status, StatusCode::FORBIDDEN);
    assert!(
        crate::common::session(&t, "firm").await.acting().is_none(),
        "the next session begins with the choice"
    );
    let clerk = crate::common::token(&t, "clerk").await;
    let mut clerk = Browser::new(app).with_cookie("yimen_session", &clerk);
    assert_eq!(clerk.get("/acting").await.status, StatusCode::FORBIDDEN);
    assert_eq!(clerk.get("/account").await.status, StatusCode::OK);
});

both!(whose_only_mandate_has_ended_is_led_to_choose_anew, ROOMS, |t| async move {
    seed(&t).await;
    let house = house(&t, HTTP, true);
    let app = dressed(identity::routes(house.clone()).merge(rights()), &house);
    let token = token(&t, "firm").await;
    let applicant = crate::common::session(&t, "firm").await.applicant().unwrap();
    command!(t.ground, Lang::ZhCn, ActorRef::system(), |cx| {
        identity::end_membership(&mut cx, applicant.person(), applicant.acting().unwrap()).await
    })
    .unwrap();
    let mut b = Browser::new(app).with_cookie("yimen_session", &token);
    let page = b.get("/t/applicant?a=1").await;
    assert_eq!((page.status, page.to.as_str()), (StatusCode::SEE_OTHER, "/acting?next=/t/applicant%3Fa%3D1"));
    let csrf = b.get("/account").await.csrf();
    let page = b.post("/t/applicant", &[("_csrf", &csrf)]).await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);
    assert!(page.html.contains("href=\"/acting"), "the refusal leads on: {}", page.html);
    let page = b.get("/acting?next=/t/applicant").await;
    assert!(page.html.contains("您已不能代表原来选择的人或单位"));
    let chosen =
        b.post("/acting", &[("_csrf", &page.csrf()), ("whom", "self"), ("next", "/t/applicant")]).await;
    assert_eq!(chosen.to, "/t/applicant");
    assert_eq!(b.get("/t/applicant").await.status, StatusCode::OK);
});

both!(what_is_odd_in_an_address_or_a_cookie_is_answered_calmly, ROOMS, |t| async move {
    seed(&t).await;
    let house = house(&t, HTTP, true);
    let app = dressed(identity::routes(house.clone()).merge(rights()), &house);
    let kind = identity::SessionKind::Token;
    let program = identity::sign_in(&t.ground, "citizen", PASSWORD, kind).await.unwrap().token;
    let mut b = Browser::new(app.clone()).with_cookie("yimen_session", &program);
    assert_eq!(b.get("/t/applicant").await.status, StatusCode::SEE_OTHER, "a program's token in a cookie");
    let mut b = Browser::new(app);
    for (odd, status) in [
        ("/login?next=%FF", StatusCode::OK),
        ("/login?next=//evil.example", StatusCode::OK),
        ("/login?next=/a&next=/b", StatusCode::BAD_REQUEST),
        ("/login?next=", StatusCode::OK),
    ] {
        let page = b.get(odd).await;
        assert_eq!(page.status, status, "{odd}");
        assert!(page.html.contains("<h1"), "{odd}");
    }
    for next in
        ["https://evil.example/", "//evil.example", "/\\evil.example", "/\tevil", "javascript:alert(1)"]
    {
        let csrf = b.get("/login").await.csrf();
        let sent = [("_csrf", &*csrf), ("account", "citizen"), ("password", PASSWORD), ("next", next)];
        let page = b.post("/login", &sent).await;
        assert_eq!((page.status, page.to.as_str()), (StatusCode::SEE_OTHER, "/"), "{next}");
    }
});

both!(
    outside_of_the_demonstration_no_accounts_are_listed_and_https_cookies_are_secure,
    ROOMS,
    |t| async move {
        seed(&t).await;
        let house = house(&t, "https://yimen.example", false);
        let mut b = Browser::new(dressed(identity::routes(house.clone()), &house));
        let page = b.get("/login").await;
        assert!(!page.html.contains("operator") && !page.html.contains(PASSWORD));
        let csrf = page.csrf();
        let page =
            b.post("/login", &[("_csrf", &csrf), ("account", "examiner"), ("password", PASSWORD)]).await;
        assert_eq!((page.status, page.to.as_str()), (StatusCode::SEE_OTHER, "/desk"));
        let cookie = b.last_cookies.iter().find(|c| c.starts_with("__Host-yimen_session=")).unwrap();
        assert!(cookie.contains("; Secure") && cookie.contains("HttpOnly") && cookie.contains("Path=/;"));
    }
);
