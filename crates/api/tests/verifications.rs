//! Certificates are verified by programs as they are on `/verify`: without signing in, and with no more told. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use axum::http::StatusCode;
use certificates::sign::{Seal, seal};
use certificates::{Act, Certificate, Ground, Why};
use common::{ROOMS, Town};
use kernel::{ActorRef, Lang};
use serde_json::{Value, json};
use store::command;

const PRINTED: &[u8] = include_bytes!("../../certificates/tests/printed.pdf");

/// The certificate of a citizen who filed for it.
async fn held(town: &Town) -> Certificate {
    let citizen = town.token("citizen").await;
    let body = json!({"item": "home-purchase-proof", "answers": {"kind": "stock", "district": "320105", "consent": true}});
    let (status, filed) = town.post(&citizen, "/api/v1/cases", "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let path = format!("/api/v1/cases/{}", filed["number"].as_str().unwrap());
    let (_, case) = town.get(&citizen, &path).await;
    let id = case["certificates"][0].as_str().unwrap().parse().unwrap();
    certificates::get(&town.house.ground.store, id).await.unwrap().unwrap()
}

/// The file of `held` as the press and the signer make it.
fn file(town: &Town, held: &Certificate) -> Vec<u8> {
    let seal_of = Seal {
        at: held.issued_at,
        reason: "签发电子证照",
        issuer: &held.issuer_name.zh,
        identifier: &held.identifier,
        contact: "http://127.0.0.1:8080/verify",
    };
    seal(PRINTED, &town.signer, &seal_of).unwrap()
}

fn said(answer: &(StatusCode, Value)) -> (u16, &str, &str) {
    let field = answer.1["fields"][0]["field"].as_str().unwrap_or_default();
    (answer.0.as_u16(), answer.1["code"].as_str().unwrap_or_default(), field)
}

harness::both!(by_number_everybody_learns_the_state_and_nothing_of_the_holder, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let held = held(&town).await;
    let at = |number: &str| format!("/api/v1/verifications?number={number}");
    let (status, found) = town.look(&at(&held.identifier)).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert_eq!(
        (&found["valid"], &found["state"], &found["state_code"]),
        (&json!(true), &json!("valid"), &json!("01"))
    );
    assert_eq!(found["issuer"]["zh-CN"], held.issuer_name.zh);
    assert!(found["holder"].is_null() && found["fields"] == json!([]) && found["copy"].is_null(), "{found}");
    let typed = held.identifier.to_lowercase().replacen('.', "%20.", 1);
    let (status, same) = town.look(&at(&typed)).await;
    assert!(
        status == StatusCode::OK && same["identifier"] == held.identifier.as_str(),
        "as people type it: {same}"
    );
    let none = town.look("/api/v1/verifications").await;
    assert_eq!(said(&none), (422, "api.number-missing", "number"));
    assert_eq!(said(&town.look(&at("%20")).await), (422, "api.number-missing", "number"));
    assert_eq!(said(&town.look(&at("1.2.3")).await), (422, "certificates.number", "number"));
    let other = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U";
    assert_eq!(said(&town.look(&at(other)).await), (404, "certificates.unknown", ""));
    assert_eq!(said(&town.look("/api/v1/verifications?holder=x").await).1, "api.bad-query");
});

harness::both!(with_the_certificate_in_hand_the_public_lines_too, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let held = held(&town).await;
    let path = format!("/api/v1/verifications/{}", held.token);
    let (status, found) = town.look(&path).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert_eq!(found["holder"], held.holder_masked.as_str());
    let public: Vec<&str> = held.public_fields().map(|f| f.key.as_str()).collect();
    let shown: Vec<&str> =
        found["fields"].as_array().unwrap().iter().map(|f| f["key"].as_str().unwrap()).collect();
    assert_eq!(shown, public);
    let hidden: Vec<_> = held.fields.iter().filter(|f| !f.public).collect();
    assert!(!hidden.is_empty(), "the kind has lines that are not public");
    let text = found.to_string();
    assert!(!text.contains(&held.holder_name) && !text.contains(&held.case_number), "{text}");
    for word in ["x", "AAAAAAAAAAAAAAAAAAAAAAAAAA", "%E4%B8%AD"] {
        let none = town.look(&format!("/api/v1/verifications/{word}")).await;
        assert_eq!(said(&none), (404, "certificates.unknown", ""), "{word}");
    }
    let suspend = Act::Suspend(Why::new(Ground::Penalty, "检查"));
    let ground = &town.house.ground;
    command!(ground, Lang::ZhCn, ActorRef::system(), |cx| {
        certificates::act(&mut cx, held.id, suspend.clone()).await
    })
    .unwrap();
    let (_, now) = town.look(&path).await;
    assert_eq!((&now["valid"], &now["state_code"]), (&json!(false), &json!("02")), "{now}");
    assert!(!now.to_string().contains("检查"), "why is for the holder");
});

harness::both!(a_file_is_whole_and_ours_or_a_problem, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let held = held(&town).await;
    let pdf = file(&town, &held);
    let to = "/api/v1/verifications";
    let (status, found) = town.hand_in(to, "file", &pdf).await;
    assert_eq!(status, StatusCode::OK, "{found}");
    assert_eq!(found["identifier"], held.identifier.as_str());
    assert_eq!(found["file"]["algorithm"], "ECDSA P-256");
    assert!(found["file"]["signer"].as_str().unwrap().contains("电子证照"), "{found}");
    assert_eq!((&found["valid"], &found["file"]["differs"]), (&json!(true), &json!([])));
    let mut changed = pdf.clone();
    let date = pdf.windows(5).rposition(|w| w == b"D:202").unwrap();
    changed[date + 9] ^= 1;
    assert_eq!(said(&town.hand_in(to, "file", &changed).await), (422, "certificates.file-changed", "file"));
    let more = [pdf.as_slice(), b"\n% more\n"].concat();
    assert_eq!(said(&town.hand_in(to, "file", &more).await), (422, "certificates.file-added-to", "file"));
    assert_eq!(said(&town.hand_in(to, "file", PRINTED).await), (422, "certificates.file-not-signed", "file"));
    assert_eq!(said(&town.hand_in(to, "file", b"hello").await), (422, "certificates.file-not-a-pdf", "file"));
    assert_eq!(
        said(&town.hand_in(to, "file", b"PK\x03\x04").await),
        (422, "certificates.file-not-an-ofd", "file")
    );
    assert_eq!(said(&town.hand_in(to, "paper", &pdf).await), (400, "api.bad-multipart", ""));
    let huge = vec![b'%'; 10 << 20];
    assert_eq!(said(&town.hand_in(to, "file", &huge).await), (413, "api.file-too-large", ""));
    let mut stranger = held;
    stranger.identifier = "1.2.156.3005.2.11100000000013338W011.11430000006122244L.20230000403.001.U".into();
    let unknown = file(&town, &stranger);
    assert_eq!(said(&town.hand_in(to, "file", &unknown).await), (404, "certificates.unknown", ""));
});
