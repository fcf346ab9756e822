//! Every route as everybody: who is not let in is told so in the same way everywhere, and nobody meets a fault.

use crate::city::bodies::{NOBODYS_ID, applicant_body, body_for, staff_body};
use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::json;

/// Routes of the API with the method, and who may not: visitor (no token), applicant, examiner, operator.
/// `-` stands for "not refused for want of a right".
const API: &[(&str, &str, [&str; 4])] = &[
    ("GET", "/api/v1/items", ["-", "-", "-", "-"]),
    ("GET", "/api/v1/items/charter-bus-sticker", ["-", "-", "-", "-"]),
    ("GET", "/api/v1/openapi.json", ["-", "-", "-", "-"]),
    ("GET", "/api/v1/halls", ["-", "-", "-", "-"]),
    ("GET", "/api/v1/halls/{hall}", ["-", "-", "-", "-"]),
    ("POST", "/api/v1/halls/{hall}/tickets", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/tickets/{ticket}", ["404", "404", "404", "404"]),
    ("GET", "/api/v1/halls/{hall}/whatif", ["401", "403", "403", "403"]),
    ("POST", "/api/v1/halls/{hall}/whatif", ["401", "403", "403", "403"]),
    ("GET", "/api/v1/halls/{hall}/slots", ["-", "-", "-", "-"]),
    ("GET", "/api/v1/appointments", ["401", "-", "403", "403"]),
    ("POST", "/api/v1/appointments", ["401", "-", "403", "403"]),
    ("POST", "/api/v1/appointments/{id}/move", ["401", "404", "403", "403"]),
    ("POST", "/api/v1/appointments/{id}/cancel", ["401", "404", "403", "403"]),
    ("DELETE", "/api/v1/sessions", ["401", "-", "-", "-"]),
    ("POST", "/api/v1/files", ["401", "-", "-", "-"]),
    ("POST", "/api/v1/plans", ["-", "-", "-", "-"]),
    ("POST", "/api/v1/matters", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/matters/{id}", ["401", "404", "404", "404"]),
    ("POST", "/api/v1/cases", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/cases", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/cases/{number}", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/cases/{number}/trace", ["401", "404", "404", "404"]),
    ("POST", "/api/v1/cases/{number}/withdraw", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/cases/{number}/notices", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/cases/{number}/notices/{id}", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/cases/{number}/messages", ["401", "404", "404", "404"]),
    ("POST", "/api/v1/cases/{number}/messages", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/outstanding", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/messages", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/branches", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/ratings", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/payments", ["401", "-", "403", "403"]),
    ("GET", "/api/v1/payments/{id}", ["401", "404", "403", "403"]),
    ("POST", "/api/v1/payments/{id}/pay", ["401", "404", "403", "403"]),
    ("GET", "/api/v1/payments/{id}/matter", ["401", "404", "403", "403"]),
    ("POST", "/api/v1/payments/{id}/matter/pay", ["401", "404", "403", "403"]),
    ("POST", "/api/v1/cases/{number}/rating", ["401", "404", "403", "403"]),
    ("GET", "/api/v1/tasks", ["401", "403", "-", "403"]),
    ("GET", "/api/v1/colleagues", ["401", "403", "-", "403"]),
    ("POST", "/api/v1/line-systems/reports", ["401", "401", "401", "401"]),
    ("POST", "/payments/callback", ["401", "401", "401", "401"]),
    ("POST", "/couriers/callback", ["401", "401", "401", "401"]),
    ("GET", "/api/v1/deliveries", ["401", "-", "403", "403"]),
    ("POST", "/api/v1/deliveries/{id}/choice", ["401", "404", "403", "403"]),
    ("GET", "/api/v1/addresses", ["401", "-", "403", "403"]),
    ("POST", "/api/v1/addresses", ["401", "-", "403", "403"]),
    ("POST", "/api/v1/tasks/{id}/outcome", ["401", "403", "404", "403"]),
    ("GET", "/api/v1/certificates/{id}", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/certificates/{id}/pdf", ["401", "404", "404", "404"]),
    ("GET", "/api/v1/verifications", ["422", "422", "422", "422"]),
    ("POST", "/api/v1/verifications", ["400", "400", "400", "400"]),
    ("GET", "/api/v1/verifications/{token}", ["404", "404", "404", "404"]),
];

const SOMEBODY_ELSES_NUMBER: &str = "11320100012947123A3200018001000202611220001";

in_both_cities!(the_api_refuses_everybody_alike, |city| {
    let tokens = [
        None,
        Some(city.token("citizen").await),
        Some(city.token("examiner").await),
        Some(city.token("operator").await),
    ];
    let mut wrong = Vec::new();
    for (method, path, expected) in API {
        let path = path.replace("{number}", SOMEBODY_ELSES_NUMBER).replace("{id}", NOBODYS_ID);
        let path = path.replace("{hall}", "nanjing-public").replace("{ticket}", NOBODYS_ID);
        for (token, expected) in tokens.iter().zip(expected) {
            if *method == "DELETE" && token.is_some() {
                continue; // would end the session that the next rows need
            }
            let (status, body) = city.call(method, &path, token.as_deref(), Some(&body_for(&path))).await;
            let refused = matches!(status.as_u16(), 401 | 403 | 404);
            let fits = if *expected == "-" { !refused } else { status.as_str() == *expected };
            if !fits || status.is_server_error() {
                wrong.push(format!("{method} {path} expected {expected}, got {status}: {body}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});

in_both_cities!(no_act_reaches_somebody_elses_case, |city| {
    let firm = city.token("firm").await;
    let contract = city.contract(&firm).await;
    let body = crate::city::sticker(&city, &contract);
    let (status, filed) = city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&body), Some("k")).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let number = filed["number"].as_str().unwrap();
    let examiner = city.token("examiner").await;
    let (_, tasks) = city.call("GET", "/api/v1/tasks", Some(&examiner), None).await;
    let task = tasks["tasks"][0]["id"].as_str().unwrap();
    let mut wrong = Vec::new();
    // Another agency's examiner, the hall's clerk, and those whose office acts on no case.
    for (account, expected) in [("examiner2", 404), ("clerk", 404), ("supervisor", 403), ("operator", 403)] {
        let token = city.token(account).await;
        for verb in cases::STAFF_VERBS {
            let mut outcome = staff_body(verb);
            outcome["outcome"] = json!(verb);
            for (path, body) in [
                (format!("/api/v1/cases/{number}/{verb}"), staff_body(verb)),
                (format!("/api/v1/tasks/{task}/outcome"), outcome),
            ] {
                // The act has a field of that name itself, and is none on a task.
                if *verb == "end_remedy" && path.ends_with("/outcome") {
                    continue;
                }
                let (status, answer) = city.call("POST", &path, Some(&token), Some(&body)).await;
                if status.as_u16() != expected {
                    wrong.push(format!("{account} POST {path} {body}: {status} {answer}"));
                }
            }
        }
    }
    for account in ["citizen", "firm2"] {
        let token = city.token(account).await;
        for verb in cases::APPLICANT_VERBS.iter().chain(&["supplement"]) {
            let path = format!("/api/v1/cases/{number}/{verb}");
            let (status, answer) = city.call("POST", &path, Some(&token), Some(&applicant_body(verb))).await;
            // What is public anybody may object to; nothing of this case is.
            let expected = if *verb == "object" { 409 } else { 404 };
            if status.as_u16() != expected && !(*verb == "keep_promise" && status == 400) {
                wrong.push(format!("{account} POST {path}: {status} {answer}"));
            }
        }
    }
    // Applicants do no staff's acts, staff no applicants'.
    for (token, verbs) in [(&firm, cases::STAFF_VERBS), (&examiner, cases::APPLICANT_VERBS)] {
        // Both object: one for themselves, the other for whoever brought it on paper.
        for verb in verbs.iter().filter(|v| **v != "object") {
            let path = format!("/api/v1/cases/{number}/{verb}");
            let (status, answer) = city.call("POST", &path, Some(token), Some(&staff_body(verb))).await;
            if status != StatusCode::NOT_FOUND {
                wrong.push(format!("POST {path}: {status} {answer}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
});

in_both_cities!(no_act_of_those_who_may_is_a_fault, |city| {
    let firm = city.token("firm").await;
    let contract = city.contract(&firm).await;
    let examiner = city.token("examiner").await;
    for (n, verb) in cases::STAFF_VERBS.iter().enumerate() {
        let body = crate::city::sticker(&city, &contract);
        let key = format!("k{n}");
        let (_, filed) = city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&body), Some(&key)).await;
        let number = filed["number"].as_str().unwrap();
        for body in [staff_body(verb), json!({}), json!({"reason": "\u{1F600}", "nonsense": 1})] {
            let path = format!("/api/v1/cases/{number}/{verb}");
            let (status, answer) = city.call("POST", &path, Some(&examiner), Some(&body)).await;
            assert!(!status.is_server_error(), "POST {path} {body}: {status} {answer}");
        }
        for verb in cases::APPLICANT_VERBS {
            let path = format!("/api/v1/cases/{number}/{verb}");
            let (status, answer) = city.call("POST", &path, Some(&firm), Some(&applicant_body(verb))).await;
            assert!(!status.is_server_error(), "POST {path}: {status} {answer}");
        }
    }
});

#[test]
fn the_table_names_every_operation_of_the_document() {
    let document = serde_json::to_value(api::document()).unwrap();
    assert_eq!(document["openapi"].as_str().unwrap().split('.').next(), Some("3"));
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    let mut missing = Vec::new();
    for (path, operations) in document["paths"].as_object().unwrap() {
        for method in operations.as_object().unwrap().keys().filter(|m| *m != "parameters") {
            let known = API.iter().any(|(m, p, _)| {
                m.eq_ignore_ascii_case(method)
                    && (same_shape(p, path)
                        || path == "/api/v1/sessions"
                        || path == "/api/v1/cases/{number}/{verb}")
            });
            let sign_in = method == "post" && path == "/api/v1/sessions";
            if !(known || sign_in) {
                missing.push(format!("{method} {path}"));
            }
        }
    }
    assert!(missing.is_empty(), "not in the refusal table: {missing:?}");
}

fn same_shape(a: &str, b: &str) -> bool {
    let shape = |path: &str| {
        path.split('/')
            .map(|part| if part.starts_with('{') || part == "charter-bus-sticker" { "{}" } else { part })
            .collect::<Vec<_>>()
            .join("/")
    };
    shape(a) == shape(b)
}

/// Pages for somebody signed in only: a visitor is sent to sign in.
const SIGNED_IN_PAGES: &[&str] = &[
    "/space",
    "/space/papers",
    "/space/papers/01890000-0000-7000-8000-000000000001",
    "/due",
    "/space/mandates",
    "/space/mandates/new",
    "/space/mandates/01890000-0000-7000-8000-000000000001",
    "/space/staff",
    "/space/staff/01890000-0000-7000-8000-000000000001/remove",
    "/acting",
    "/account",
    "/account/security",
    "/desk/guardians",
    "/desk/recoveries",
    "/desk/protections",
    "/desk",
    "/desk/packs",
    "/desk/window",
    "/desk/window/01890000-0000-7000-8000-000000000001/form",
    "/desk/window/01890000-0000-7000-8000-000000000001/scan/contract_file",
    "/desk/received",
    "/desk/corrections",
    "/desk/messages",
    "/desk/records",
    "/desk/records/import",
    "/desk/records/transfer",
    "/desk/seals",
    "/desk/certificates",
    "/desk/cases/11320100012947123A3200018001000202611220001",
    "/cases/11320100012947123A3200018001000202611220001",
    "/drafts/01890000-0000-7000-8000-000000000001/check",
    "/drafts/01890000-0000-7000-8000-000000000001/scan/contract_file",
    "/certificates/01890000-0000-7000-8000-000000000001",
    "/certificates/01890000-0000-7000-8000-000000000001/copies",
    "/certificates/01890000-0000-7000-8000-000000000001/present",
    "/certificates/01890000-0000-7000-8000-000000000001/wallet",
];

in_both_cities!(pages_send_a_visitor_to_sign_in, |city| {
    for path in SIGNED_IN_PAGES {
        let request = Request::get(*path).header("accept", "text/html").body(Body::empty()).unwrap();
        let (head, _) = city.send(request).await;
        let to = head.headers().get("location").map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default();
        assert!(
            head.status().is_redirection() && to.starts_with("/login?next="),
            "{path}: {} {to}",
            head.status()
        );
    }
});

in_both_cities!(hostile_input_is_refused_in_words, |city| {
    let firm = city.token("firm").await;
    let contract = city.contract(&firm).await;
    for hostile in [
        "' OR 1=1; DROP TABLE cases_case; --",
        "{{7*7}}{% raw %}",
        "<script>alert(1)</script>",
        "\u{0}\u{1F}",
        "${jndi:ldap://x}",
    ] {
        for field in ["via", "plate", "driver", "contract_no", "from", "starts", "promise", "no_such_field"] {
            let mut body = crate::city::sticker(&city, &contract);
            body["answers"][field] = json!(hostile);
            let (status, answer) = city
                .call_keyed(
                    "POST",
                    "/api/v1/cases",
                    Some(&firm),
                    Some(&body),
                    Some(&format!("{field}-{}", hostile.len())),
                )
                .await;
            assert!(!status.is_server_error(), "{field}={hostile:?}: {status} {answer}");
            if status != StatusCode::CREATED {
                assert!(
                    answer["code"].is_string() && answer["title"].is_string(),
                    "{field}={hostile:?}: {answer}"
                );
            }
        }
    }
    for (body, what) in
        [("{", "cut off"), ("[]", "another shape"), ("{\"item\":1}", "wrong type"), ("\u{FEFF}{}", "a mark")]
    {
        let request = Request::post("/api/v1/cases")
            .header("content-type", "application/json")
            .header("idempotency-key", "x")
            .header("authorization", format!("Bearer {firm}"))
            .body(Body::from(body))
            .unwrap();
        let (head, bytes) = city.send(request).await;
        assert_eq!(head.status(), StatusCode::BAD_REQUEST, "{what}: {}", String::from_utf8_lossy(&bytes));
    }
    for (path, token) in
        [("/api/v1/items/%00", None), ("/search?q=%00", None), ("/api/v1/cases?after=%00", Some(&*firm))]
    {
        assert_eq!(city.call("GET", path, token, None).await.0, StatusCode::BAD_REQUEST, "{path}");
    }
    let zero = json!({"item": "\u{0}", "answers": {}});
    let (status, answer) =
        city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&zero), Some("zero")).await;
    assert_eq!((status, &answer["code"]), (StatusCode::BAD_REQUEST, &json!("api.zero-character")));
    let invalid = Request::post("/api/v1/sessions")
        .header("content-type", "application/json")
        .body(Body::from(vec![b'{', 0xFF, 0xFE]))
        .unwrap();
    assert_eq!(city.send(invalid).await.0.status(), StatusCode::BAD_REQUEST);
    for (name, bytes) in [
        ("a.pdf", &b"%PD"[..]),
        ("a.exe", b"MZ\x90\x00"),
        ("a.pdf", b"<html>"),
        ("empty.pdf", b""),
        ("cut.png", b"\x89PNG\r\n\x1a\n\x00\x00"),
    ] {
        let (status, answer) = city.upload(&firm, name, bytes).await;
        assert!(status.is_client_error() && answer["code"].is_string(), "{name}: {status} {answer}");
    }
    let (status, answer) = city.upload(&firm, "big.pdf", &vec![b'x'; 22 << 20]).await;
    assert_eq!(status, StatusCode::PAYLOAD_TOO_LARGE, "{answer}");
    for token in ["", "x", "ÿ", "Bearer", &"a".repeat(5_000)] {
        let (status, _) = city.call("GET", "/api/v1/cases", Some(token), None).await;
        assert_eq!(status, StatusCode::UNAUTHORIZED, "{token:?}");
    }
});

in_both_cities!(nobody_files_or_reads_what_is_anothers, |city| {
    let (firm, other, citizen) =
        (city.token("firm").await, city.token("firm2").await, city.token("citizen").await);
    let contract = city.contract(&firm).await;
    let body = crate::city::sticker(&city, &contract);
    let (status, answer) =
        city.call_keyed("POST", "/api/v1/cases", Some(&other), Some(&body), Some("steal")).await;
    assert!(status.is_client_error(), "another firm's file is refused: {status} {answer}");
    let (status, filed) =
        city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&body), Some("own")).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let path = format!("/api/v1/cases/{}", filed["number"].as_str().unwrap());
    for (token, who) in [(&other, "another firm"), (&citizen, "a citizen")] {
        for path in [path.clone(), format!("{path}/trace")] {
            assert_eq!(
                city.call("GET", &path, Some(token), None).await.0,
                StatusCode::NOT_FOUND,
                "{who} {path}"
            );
        }
        let withdraw = format!("{path}/withdraw");
        assert_eq!(
            city.call("POST", &withdraw, Some(token), Some(&json!({}))).await.0,
            StatusCode::NOT_FOUND,
            "{who}"
        );
    }
});
