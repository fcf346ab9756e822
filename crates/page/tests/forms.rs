//! Forms that were sent: tokens, origins, encodings, limits.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod common;
use axum::http::StatusCode;
use common::{TOKEN, get_page, post_form, site};

const BASE: &str = "https://city.test";
const MULTIPART: (&str, &str) = ("content-type", "multipart/form-data; boundary=XX");

fn part(name: &str, file: Option<&str>, body: &str) -> String {
    let file = file.map_or_else(String::new, |f| format!("; filename=\"{f}\""));
    format!("--XX\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{body}\r\n")
}

#[tokio::test]
async fn a_form_with_the_sessions_token_is_read() {
    let ok = post_form(site(true, BASE), "/echo", &[], format!("_csrf={TOKEN}&a=%E5%BC%A0+1&a=2")).await;
    assert_eq!((ok.status, ok.body.as_str()), (StatusCode::OK, r#"[("a", "张 1"), ("a", "2")] []"#));
    let by_header = post_form(site(true, BASE), "/echo", &[("x-csrf-token", TOKEN)], "a=1").await;
    assert_eq!(by_header.status, StatusCode::OK);
}

#[tokio::test]
async fn the_token_in_a_page_is_masked_anew_each_time_and_accepted() {
    let token = |body: &str| {
        body.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned()
    };
    let router = site(true, BASE);
    let first = token(&get_page(router.clone(), "/kit", &[]).await.body);
    let second = token(&get_page(router.clone(), "/kit", &[]).await.body);
    assert_ne!(first, second);
    assert!(!first.contains(TOKEN));
    assert_eq!(post_form(router, "/echo", &[], format!("_csrf={first}")).await.status, StatusCode::OK);
}

#[tokio::test]
async fn visitors_have_a_token_in_a_cookie() {
    let router = site(false, "http://city.test");
    let page = get_page(router.clone(), "/kit", &[]).await;
    let cookie = page.header("set-cookie").split(';').next().unwrap().to_owned();
    let token = page.body.split("name=\"_csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap();
    let sent = format!("_csrf={token}&a=1");
    let with = post_form(router.clone(), "/echo", &[("cookie", cookie.as_str())], sent.clone()).await;
    assert_eq!(with.status, StatusCode::OK);
    assert_eq!(post_form(router, "/echo", &[], sent).await.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn forged_forms_are_refused() {
    let forged: [(&[(&str, &str)], &str); 6] = [
        (&[], "a=1"),
        (&[], "_csrf=&a=1"),
        (&[], "_csrf=m00&a=1"),
        (&[("origin", "https://evil.test")], "_csrf=the-session-token"),
        (&[("origin", "null")], "_csrf=the-session-token"),
        (&[("sec-fetch-site", "cross-site")], "_csrf=the-session-token"),
    ];
    for (headers, body) in forged {
        let reply = post_form(site(true, BASE), "/echo", headers, body).await;
        assert_eq!(reply.status, StatusCode::FORBIDDEN, "{headers:?} {body}");
        assert!(reply.body.contains("<!DOCTYPE html>"));
    }
    let own = [("origin", "https://city.test"), ("sec-fetch-site", "same-origin")];
    let reply = post_form(site(true, BASE), "/echo", &own, format!("_csrf={TOKEN}")).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn what_cannot_be_read_is_refused_and_nothing_panics() {
    let long = format!("_csrf={TOKEN}&a={}", "x".repeat(page::submitted::FORM_BYTES_MAX));
    let many = format!("_csrf={TOKEN}{}", "&a=1".repeat(page::submitted::FIELDS_MAX + 1));
    let token = format!("_csrf={TOKEN}&");
    let bad: Vec<(Vec<u8>, StatusCode)> = vec![
        ([token.as_bytes(), b"a=%ff%fe"].concat(), StatusCode::UNPROCESSABLE_ENTITY),
        ([token.as_bytes(), b"a=\xff\xfe"].concat(), StatusCode::UNPROCESSABLE_ENTITY),
        ([token.as_bytes(), b"a=%0"].concat(), StatusCode::UNPROCESSABLE_ENTITY),
        ([token.as_bytes(), b"a=%00"].concat(), StatusCode::UNPROCESSABLE_ENTITY),
        (long.into_bytes(), StatusCode::PAYLOAD_TOO_LARGE),
        (many.into_bytes(), StatusCode::PAYLOAD_TOO_LARGE),
    ];
    for (body, status) in bad {
        let start = String::from_utf8_lossy(&body[..40.min(body.len())]).into_owned();
        assert_eq!(post_form(site(true, BASE), "/echo", &[], body).await.status, status, "{start}");
    }
    let json = post_form(site(true, BASE), "/echo", &[("content-type", "application/json")], "{}").await;
    assert_eq!(json.status, StatusCode::UNPROCESSABLE_ENTITY);
}

#[tokio::test]
async fn files_come_with_their_bare_names_and_within_limits() {
    let body = [
        part("_csrf", None, TOKEN),
        part("a", None, "张三\r\n李四"),
        part("paper", Some("..\\..\\etc/运输证.pdf"), "%PDF-1.7"),
        part("empty", Some(""), ""),
        "--XX--\r\n".to_owned(),
    ]
    .concat();
    let reply = post_form(site(true, BASE), "/echo", &[MULTIPART], body.clone()).await;
    assert_eq!(reply.body, r#"[("a", "张三\n李四")] ["paper:运输证.pdf:8"]"#);
    let cut = post_form(site(true, BASE), "/echo", &[MULTIPART], body[..body.len() - 30].to_owned()).await;
    assert_eq!(cut.status, StatusCode::UNPROCESSABLE_ENTITY);
    let huge = part("paper", Some("a.pdf"), &"x".repeat(page::submitted::FILE_BYTES_MAX + 1));
    let huge = [part("_csrf", None, TOKEN), huge, "--XX--\r\n".to_owned()].concat();
    let reply = post_form(site(true, BASE), "/echo", &[MULTIPART], huge).await;
    assert_eq!(reply.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[tokio::test]
async fn what_was_typed_comes_back_escaped_with_its_error() {
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E%27%7B%7B7*7%7D%7D";
    let body = format!("_csrf={TOKEN}&name=&plate={hostile}&note={hostile}&driver%5B0%5D.name={hostile}");
    let reply = post_form(site(true, BASE), "/kit", &[], body).await;
    assert_eq!(reply.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!reply.body.contains("<script>alert"), "a script came through");
    assert_eq!(reply.body.matches("&#60;script&#62;alert(1)").count(), 3);
    assert!(reply.body.contains(r##"<a href="#f-name">请填写姓名。</a>"##));
    assert!(reply.body.contains(r#"aria-invalid="true" aria-describedby="f-name-error f-name-hint""#));
}
