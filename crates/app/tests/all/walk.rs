//! The first case walks through the whole house: filed, approved, printed, verified; on both databases.

use axum::http::StatusCode;
use serde_json::json;

in_both_cities!(from_filing_to_the_signed_certificate, |city| {
    let firm = city.token("firm").await;
    let body = crate::city::sticker(&city, &city.contract(&firm).await);
    let (status, filed) =
        city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&body), Some("k-1")).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    assert_eq!((&filed["state"], &filed["repeated"]), (&json!("accepted"), &json!(false)));
    assert!(!filed["term"]["why"].as_array().unwrap().is_empty(), "a term says how it was reckoned: {filed}");
    let number = filed["number"].as_str().unwrap().to_owned();

    let (status, again) =
        city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&body), Some("k-1")).await;
    assert_eq!(
        (status, &again["number"], &again["repeated"]),
        (StatusCode::CREATED, &filed["number"], &json!(true))
    );
    let mut other = body.clone();
    other["answers"]["via"] = json!("别处");
    let (status, _) = city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&other), Some("k-1")).await;
    assert_eq!(status, StatusCode::CONFLICT, "the same key for something else is refused");

    let examiner = city.token("examiner").await;
    let (_, tasks) = city.call("GET", "/api/v1/tasks", Some(&examiner), None).await;
    assert_eq!(tasks["tasks"][0]["case"], json!(number), "{tasks}");
    let task = tasks["tasks"][0]["id"].as_str().unwrap();
    let outcome = json!({"outcome": "approve"});
    let path = format!("/api/v1/tasks/{task}/outcome");
    let (status, done) = city.call("POST", &path, Some(&examiner), Some(&outcome)).await;
    assert_eq!((status, &done["state"]), (StatusCode::OK, &json!("closed")), "{done}");
    let (status, _) = city.call("POST", &path, Some(&examiner), Some(&outcome)).await;
    assert_eq!(status, StatusCode::CONFLICT, "a task is done once");

    let drained = app::wiring::courier(&city.wired).drain().await.unwrap();
    assert!(drained.failed.is_empty(), "{:?}", drained.failed);

    let (_, case) = city.call("GET", &format!("/api/v1/cases/{number}"), Some(&firm), None).await;
    let certificate = case["certificates"][0].as_str().unwrap().to_owned();
    let (_, detail) =
        city.call("GET", &format!("/api/v1/certificates/{certificate}"), Some(&firm), None).await;
    assert_eq!(detail["state"], json!("valid"), "{detail}");
    printed_and_verified(&city, &firm, &certificate, detail["verify"].as_str().unwrap()).await;
    the_trace_verifies(&city, &firm, &number).await;
    let found = cases::replay::compare(&city.wired.house.ground.store, "", 100).await.unwrap();
    assert_eq!((found.cases, found.differences), (1, Vec::new()));
});

async fn printed_and_verified(city: &crate::city::City, token: &str, certificate: &str, verify: &str) {
    let get = |path: &str, token: Option<&str>| {
        let request = axum::http::Request::get(path);
        let request = match token {
            Some(token) => request.header("authorization", format!("Bearer {token}")),
            None => request,
        };
        request.body(axum::body::Body::empty()).unwrap()
    };
    let (head, pdf) = city.send(get(&format!("/api/v1/certificates/{certificate}/pdf"), Some(token))).await;
    assert_eq!(head.status(), StatusCode::OK);
    let (_, authority) = city.send(get("/verify/ca.pem", None)).await;
    let trust = certificates::Trust::from_pem(std::str::from_utf8(&authority).unwrap()).unwrap();
    certificates::check_pdf(&pdf, &trust).unwrap();
    let path = verify.strip_prefix(&city.config.base_url()).unwrap();
    let (head, page) = city.send(get(path, None)).await;
    assert_eq!(head.status(), StatusCode::OK);
    assert!(String::from_utf8_lossy(&page).contains("有效"), "a stranger sees that it is valid");
}

async fn the_trace_verifies(city: &crate::city::City, token: &str, number: &str) {
    let request = axum::http::Request::get(format!("/api/v1/cases/{number}/trace"))
        .header("authorization", format!("Bearer {token}"));
    let (_, text) = city.send(request.body(axum::body::Body::empty()).unwrap()).await;
    let text = String::from_utf8(text.to_vec()).unwrap();
    trace::verify(&text).unwrap();
    let middle = text.len() / 2;
    let changed: String =
        text.char_indices().map(|(i, c)| if i == middle && c != '7' { '7' } else { c }).collect();
    if changed != text {
        assert!(trace::verify(&changed).is_err(), "a changed trace is found out");
    }
}

in_both_cities!(a_family_gets_its_proof_at_once, |city| {
    let citizen = city.token("citizen").await;
    let (_, item) = city.call("GET", "/api/v1/items/home-purchase-proof", None, None).await;
    assert_eq!(item["handling"], json!("instant"), "{item}");
    let body = json!({"item": "home-purchase-proof", "answers": {"kind": "stock", "district": "320105", "consent": true}});
    let (status, filed) =
        city.call_keyed("POST", "/api/v1/cases", Some(&citizen), Some(&body), Some("p")).await;
    assert_eq!((status, &filed["state"]), (StatusCode::CREATED, &json!("closed")), "{filed}");
});
