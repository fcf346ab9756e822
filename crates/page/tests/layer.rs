//! What surrounds every page: headers, languages, print size, failures as pages, assets.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod common;
use axum::http::StatusCode;
use common::{get_page, post_form, site};

const BASE: &str = "https://city.test";

#[tokio::test]
async fn pages_carry_a_strict_policy_and_obey_it_themselves() {
    for path in ["/kit", "/nowhere", "/kit/problem/fault"] {
        let reply = get_page(site(true, BASE), path, &[]).await;
        let policy = reply.header("content-security-policy").to_owned();
        for rule in [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "frame-ancestors 'none'",
            "form-action 'self'",
            "base-uri 'none'",
            "img-src 'self' data:",
        ] {
            assert!(policy.contains(rule), "{path}: {rule}");
        }
        assert!(!policy.contains("unsafe"));
        assert_eq!(reply.header("x-content-type-options"), "nosniff");
        assert_eq!(reply.header("cache-control"), "no-store");
        assert!(reply.header("strict-transport-security").starts_with("max-age="));
        assert!(reply.header("x-request-id").len() == 10);
        for forbidden in [" style=", "<style", "javascript:", " onclick=", " onload=", "http://", "//cdn"] {
            assert!(
                !reply.body.replace("http://www.w3.org/2000/svg", "").contains(forbidden),
                "{path}: {forbidden}"
            );
        }
        assert_eq!(
            reply.body.matches("<script").count(),
            reply.body.matches("<script src=\"/assets/").count()
        );
    }
}

#[tokio::test]
async fn every_problem_is_a_page_in_the_readers_language_with_a_number_and_a_way_on() {
    let cases = [
        ("/nowhere", 404),
        ("/number/x", 400),
        ("/echo", 405),
        ("/burst", 500),
        ("/kit/problem/sign-in", 401),
        ("/kit/problem/forbidden", 403),
        ("/kit/problem/conflict", 409),
        ("/kit/problem/too-large", 413),
        ("/kit/problem/invalid", 422),
        ("/kit/problem/too-many", 429),
        ("/kit/problem/unavailable", 503),
        ("/kit/problem/fault", 500),
    ];
    for (path, status) in cases {
        for (lang, home) in [("zh-CN", "回到首页"), ("en", "Back to the home page")] {
            let reply = get_page(site(true, BASE), path, &[("accept-language", lang)]).await;
            assert_eq!(reply.status.as_u16(), status, "{path}");
            assert!(reply.body.contains(&format!("<html lang=\"{lang}\"")), "{path}");
            assert!(reply.body.contains(home), "{path}");
            assert!(reply.body.contains(reply.header("x-request-id")), "{path}");
            assert!(reply.body.contains("张三"), "{path}: the badge stays");
            assert!(!reply.body.contains("planted"), "{path}: inner words leak");
        }
    }
    assert!(get_page(site(true, BASE), "/echo", &[]).await.header("allow").contains("POST"));
}

#[tokio::test]
async fn scripts_get_problems_as_json() {
    let reply = get_page(site(false, BASE), "/kit/problem/conflict", &[("accept", "application/json")]).await;
    let said: serde_json::Value = serde_json::from_str(&reply.body).unwrap();
    assert_eq!(reply.status, StatusCode::CONFLICT);
    assert_eq!(said["code"], "kit.sample");
    assert_eq!(said["reference"], reply.header("x-request-id"));
}

#[tokio::test]
async fn the_language_comes_from_the_address_the_cookie_or_the_browser() {
    let who =
        |path: &'static str, headers: &'static [(&str, &str)]| get_page(site(false, BASE), path, headers);
    assert_eq!(who("/who", &[]).await.body, "zh-CN false false");
    assert_eq!(who("/who", &[("accept-language", "fr, en-GB;q=0.8, zh;q=0.5")]).await.body, "en false false");
    assert_eq!(who("/who", &[("cookie", "yimen_lang=en; yimen_print=big")]).await.body, "en true false");
    assert_eq!(who("/who?lang=zh-CN", &[("cookie", "yimen_lang=en")]).await.body, "zh-CN false false");
    assert_eq!(who("/who?lang=%00", &[("cookie", "yimen_lang=<>")]).await.body, "zh-CN false false");
}

#[tokio::test]
async fn prefs_set_a_cookie_and_lead_back_within_the_site() {
    let reply =
        post_form(site(false, BASE), "/prefs", &[], "lang=en&print=big&back=%2Fwho%3Fa%3D1%26lang%3Dzh")
            .await;
    assert_eq!((reply.status, reply.header("location")), (StatusCode::SEE_OTHER, "/who?a=1"));
    let cookies: Vec<_> = reply.headers.get_all("set-cookie").iter().map(|v| v.to_str().unwrap()).collect();
    assert!(
        cookies
            .iter()
            .any(|c| c.starts_with("yimen_lang=en; Path=/; HttpOnly; SameSite=Lax") && c.contains("Secure"))
    );
    assert!(cookies.iter().any(|c| c.starts_with("yimen_print=big;")));
    for back in ["https://evil.test", "//evil.test", "%2F%5Cevil.test", "/%0d%0aset-cookie:x"] {
        let reply = post_form(site(false, BASE), "/prefs", &[], format!("lang=en&back={back}")).await;
        assert_eq!(reply.header("location"), "/", "{back}");
    }
    let foreign = post_form(site(false, BASE), "/prefs", &[("origin", "https://evil.test")], "lang=en").await;
    assert_eq!(foreign.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_api_is_left_alone() {
    let reply = post_form(site(false, BASE), "/api/v1/x", &[("origin", "https://elsewhere.test")], "").await;
    assert_eq!((reply.status, reply.body.as_str()), (StatusCode::OK, "posted"));
}

#[tokio::test]
async fn assets_are_kept_for_ever_under_their_hash_and_compressed() {
    let url = page::assets::url("site.css");
    let reply = get_page(site(false, BASE), &url, &[("accept-encoding", "gzip")]).await;
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(reply.header("content-encoding"), "gzip");
    let old = get_page(site(false, BASE), "/assets/0000000000000000/site.css", &[]).await;
    assert_eq!(old.header("cache-control"), "no-cache");
    assert_eq!(get_page(site(false, BASE), "/assets/x/..%2fsecret", &[]).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_kit_page_renders_in_both_languages_and_all_its_icons_exist() {
    for lang in ["zh-CN", "en"] {
        let reply = get_page(site(true, BASE), "/kit", &[("accept-language", lang)]).await;
        assert_eq!(reply.status, StatusCode::OK);
        assert!(reply.body.contains("&#60;b&#62;张三&#60;/b&#62;"));
    }
}

#[test]
fn both_files_say_the_same_things() {
    let zh = include_str!("../locales/zh-CN/page.ftl");
    page::words::same_keys(zh, include_str!("../locales/en/page.ftl")).unwrap();
    let complaints = page::words::same_keys("a = { $n }\nb = x\n", "a = x\nc = y\n").unwrap_err();
    assert_eq!(complaints.len(), 3, "{complaints:?}");
}
