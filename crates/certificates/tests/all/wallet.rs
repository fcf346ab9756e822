//! A wallet takes the certificate by OpenID4VCI, on both databases: what it must prove, what it gets once, what it learns later.

use crate::common::{Now as _, Stage, ask, cookie, revoke, send_form};
use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use certificates::{CertificateId, MIGRATIONS};
use harness::{Migrations, TestGround};
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

const ROOMS: &[Migrations] = &[trace::MIGRATIONS, identity::MIGRATIONS, MIGRATIONS];
const GRANT: &str = "urn:ietf:params:oauth:grant-type:pre-authorized_code";

fn url(bytes: &[u8]) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

fn json_of(part: &str) -> Value {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

/// A wallet with its key.
struct Wallet<'a> {
    stage: &'a Stage,
    key: SigningKey,
}

impl<'a> Wallet<'a> {
    fn new(stage: &'a Stage, n: u8) -> Self {
        Self { stage, key: SigningKey::from_slice(&[n; 32]).unwrap() }
    }

    fn jwk(&self) -> Value {
        let point = self.key.verifying_key().to_sec1_point(false);
        json!({"kty": "EC", "crv": "P-256", "x": url(&point.as_bytes()[1..33]), "y": url(&point.as_bytes()[33..])})
    }

    async fn get(&self, path: &str) -> (StatusCode, Value) {
        let (status, text) = self.stage.get(path).await;
        (status, serde_json::from_str(&text).unwrap_or(Value::Null))
    }

    async fn post(&self, path: &str, kind: &str, access: &str, body: String) -> (StatusCode, Value) {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, kind)
            .header(header::AUTHORIZATION, format!("Bearer {access}"))
            .header(header::ORIGIN, "https://wallet.example");
        let (status, bytes) = self.stage.send(request.body(Body::from(body)).unwrap()).await;
        (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }

    async fn token(&self, code: &str, pin: &str) -> (StatusCode, Value) {
        let body =
            format!("grant_type={}&pre-authorized_code={code}&tx_code={pin}", GRANT.replace(':', "%3A"));
        self.post("/api/vci/token", "application/x-www-form-urlencoded", "", body).await
    }

    async fn nonce(&self) -> String {
        let (_, told) = self.post("/api/vci/nonce", "application/json", "", String::new()).await;
        told["c_nonce"].as_str().unwrap().to_owned()
    }

    fn proof(&self, head: &Value, body: &Value) -> String {
        let input = format!("{}.{}", url(head.to_string().as_bytes()), url(body.to_string().as_bytes()));
        let signature: Signature = self.key.sign(input.as_bytes());
        format!("{input}.{}", url(&signature.to_bytes()))
    }

    async fn credential(&self, access: &str, proof: &str) -> (StatusCode, Value) {
        let body = json!({"credential_configuration_id": "certificate", "proofs": {"jwt": [proof]}});
        self.post("/api/vci/credential", "application/json", access, body.to_string()).await
    }
}

/// The holder's offer: pre-authorised code and transaction code.
async fn offer(t: &TestGround, stage: &Stage, id: CertificateId) -> (String, String) {
    let holder = cookie(t, "citizen").await;
    let here = format!("/certificates/{id}/wallet");
    let (status, page, html) = send_form(stage, &here, &here, &holder, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    let html = String::from_utf8(ask(stage, &page, &holder).await.1).unwrap();
    let after = |front: &str| html.split(front).nth(1).unwrap_or_else(|| panic!("{front}: {html}"));
    let code = after("%2Fcredential%2Foffer%2F").split('"').next().unwrap().to_owned();
    let pin = after("<strong class=\"num\">").split('<').next().unwrap().to_owned();
    (code, pin)
}

harness::both!(a_wallet_is_filled_only_by_whoever_has_just_shown_who_they_are, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let holder = cookie(&t, "citizen").await;
    t.clock.advance_seconds(301);
    let here = format!("/certificates/{id}/wallet");
    let (status, to, html) = send_form(&stage, &here, &here, &holder, &[]).await;
    assert_eq!(status, StatusCode::SEE_OTHER, "{html}");
    assert!(to.starts_with("/account/confirm?next="), "{to}");
});

harness::both!(a_wallet_gets_the_certificate_once, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let wallet = Wallet::new(&stage, 7);
    let (code, pin) = offer(&t, &stage, id).await;
    // what the wallet reads first
    let (status, told) = wallet.get(&format!("/credential/offer/{code}")).await;
    assert_eq!((status, &told["grants"][GRANT]["pre-authorized_code"]), (StatusCode::OK, &json!(code)));
    let base = told["credential_issuer"].as_str().unwrap().to_owned();
    let (_, issuer) = wallet.get("/.well-known/openid-credential-issuer").await;
    assert_eq!(issuer["credential_issuer"], json!(base));
    assert_eq!(issuer["credential_configurations_supported"]["certificate"]["format"], "dc+sd-jwt");
    // a wrong transaction code, and the right one once
    let (status, no) = wallet.token(&code, "0000000").await;
    assert_eq!((status, &no["error"]), (StatusCode::BAD_REQUEST, &json!("invalid_grant")));
    let (status, token) = wallet.token(&code, &pin).await;
    assert_eq!((status, &token["token_type"]), (StatusCode::OK, &json!("Bearer")), "{token}");
    let access = token["access_token"].as_str().unwrap();
    assert_eq!(wallet.token(&code, &pin).await.0, StatusCode::BAD_REQUEST, "a code is used once");
    // what is no proof
    let (nonce, at) = (wallet.nonce().await, t.clock_now().as_second());
    let head = json!({"typ": "openid4vci-proof+jwt", "alg": "ES256", "jwk": wallet.jwk()});
    let body = json!({"aud": base, "iat": at, "nonce": nonce});
    let with = |of: &Value, key: &str, value: Value| {
        let mut changed = of.clone();
        changed[key] = value;
        changed
    };
    let other = Wallet::new(&stage, 8);
    let mut private = wallet.jwk();
    private["d"] = json!(url(&[7; 32]));
    for (what, head, body, error) in [
        ("another typ", with(&head, "typ", json!("JWT")), body.clone(), "invalid_proof"),
        ("no algorithm", with(&head, "alg", json!("none")), body.clone(), "invalid_proof"),
        ("another's key", with(&head, "jwk", other.jwk()), body.clone(), "invalid_proof"),
        ("a private key", with(&head, "jwk", private), body.clone(), "invalid_proof"),
        (
            "for another issuer",
            head.clone(),
            with(&body, "aud", json!("https://else.example")),
            "invalid_proof",
        ),
        ("of yesterday", head.clone(), with(&body, "iat", json!(at - 86_400)), "invalid_proof"),
        ("a made-up nonce", head.clone(), with(&body, "nonce", json!(format!("{at}.A.B"))), "invalid_nonce"),
        ("no nonce", head.clone(), with(&body, "nonce", Value::Null), "invalid_nonce"),
    ] {
        let (status, no) = wallet.credential(access, &wallet.proof(&head, &body)).await;
        assert_eq!((status, &no["error"]), (StatusCode::BAD_REQUEST, &json!(error)), "{what}");
    }
    for broken in ["", "a.b.c", "....", &"x".repeat(20_000)] {
        assert_eq!(wallet.credential(access, broken).await.1["error"], "invalid_proof");
    }
    let good = wallet.proof(&head, &body);
    let (status, no) = wallet.credential("x", &good).await;
    assert_eq!((status, &no["error"]), (StatusCode::UNAUTHORIZED, &json!("invalid_token")));
    let (_, no) = wallet.post("/api/vci/credential", "application/json", access, "{}".into()).await;
    assert_eq!(no["error"], "unknown_credential_configuration");
    // two at once: one gets it
    let (a, b) = tokio::join!(wallet.credential(access, &good), wallet.credential(access, &good));
    let (got, late) = if a.0 == StatusCode::OK { (a, b) } else { (b, a) };
    assert_eq!((got.0, late.0), (StatusCode::OK, StatusCode::UNAUTHORIZED), "{} {}", got.1, late.1);
    let credential = got.1["credentials"][0]["credential"].as_str().unwrap().to_owned();
    checked(&stage, &credential, &wallet, &base).await;
    // the holder sees it
    let holder = cookie(&t, "citizen").await;
    let html = String::from_utf8(ask(&stage, &format!("/certificates/{id}"), &holder).await.1).unwrap();
    assert!(html.contains("放进数字钱包"));
    // revoked afterwards: the place of the credential in the list tells
    stage.act(id, revoke("材料虚假")).await.unwrap();
    let (place, list) = status_of(&stage, &credential).await;
    assert_eq!(list[place], 1);
});

/// What the token says, with every disclosure where its digest stands.
async fn checked(stage: &Stage, credential: &str, wallet: &Wallet<'_>, base: &str) {
    let mut parts: Vec<&str> = credential.split('~').collect();
    assert_eq!(parts.pop(), Some(""), "an issued credential ends in a tilde");
    let token: Vec<&str> = parts[0].split('.').collect();
    let (head, body) = (json_of(token[0]), json_of(token[1]));
    assert_eq!((&head["typ"], &head["alg"]), (&json!("dc+sd-jwt"), &json!("ES256")));
    assert_eq!((&body["iss"], &body["cnf"]["jwk"]), (&json!(base), &wallet.jwk()));
    assert_eq!(body["vct"], json!(format!("{base}/credential/certificate")));
    assert_eq!(body["exp"], json!("2026-11-28T16:00:00Z".parse::<kernel::Timestamp>().unwrap().as_second()));
    let told = |digest: &str, at: &Value| at["_sd"].as_array().unwrap().iter().any(|d| d == digest);
    let mut seen = Vec::new();
    for disclosure in &parts[1..] {
        let digest = url(&Sha256::digest(disclosure.as_bytes()));
        let read = json_of(disclosure);
        assert!(told(&digest, &body) || told(&digest, &body["lines"]), "{read}");
        seen.push(format!("{}={}", read[1].as_str().unwrap(), read[2].as_str().unwrap()));
    }
    for shown in ["holder_name=王䶮仁义", "plate=苏A·99123", "driver=赵六秘密", "valid_until=2026-11-28"]
    {
        assert!(seen.iter().any(|s| s == shown), "{shown} is missing in {seen:?}");
    }
    let open = body.to_string();
    for hidden in ["王䶮仁义", "苏A·99123", "赵六秘密"] {
        assert!(!open.contains(hidden), "{hidden} stands open in {open}");
    }
    let (place, list) = status_of(stage, credential).await;
    assert_eq!(list[place], 0);
    let (_, keys) = wallet.get("/.well-known/jwt-vc-issuer").await;
    assert_eq!((&keys["issuer"], &keys["jwks"]["keys"][0]["kid"]), (&json!(base), &head["kid"]));
}

/// The place of the credential in its list, and the list.
async fn status_of(stage: &Stage, credential: &str) -> (usize, Vec<u8>) {
    use std::io::Read as _;
    let body = json_of(credential.split('.').nth(1).unwrap());
    let status = &body["status"]["status_list"];
    let path = status["uri"].as_str().unwrap().rsplit_once("/status/").unwrap().1;
    let (_, token) = stage.get(&format!("/status/{path}")).await;
    let list = json_of(token.split('.').nth(1).unwrap());
    let packed = URL_SAFE_NO_PAD.decode(list["status_list"]["lst"].as_str().unwrap()).unwrap();
    let mut bytes = Vec::new();
    flate2::read::ZlibDecoder::new(packed.as_slice()).read_to_end(&mut bytes).unwrap();
    let values = bytes.iter().flat_map(|b| (0..4).map(move |n| (b >> (2 * n)) & 3)).collect();
    (usize::try_from(status["idx"].as_u64().unwrap()).unwrap(), values)
}

harness::both!(five_wrong_codes_end_an_offer_and_time_does_too, ROOMS, |t| async move {
    let (stage, _, id) = crate::common::stage(&t).await;
    let wallet = Wallet::new(&stage, 7);
    let (code, pin) = offer(&t, &stage, id).await;
    for n in 0..5 {
        assert_eq!(wallet.token(&code, &format!("x{n}")).await.0, StatusCode::BAD_REQUEST);
    }
    assert_eq!(
        wallet.token(&code, &pin).await.0,
        StatusCode::BAD_REQUEST,
        "the sixth try, though it is right"
    );
    assert_eq!(wallet.get(&format!("/credential/offer/{code}")).await.0, StatusCode::NOT_FOUND);
    let (code, pin) = offer(&t, &stage, id).await;
    t.clock.advance_seconds(600);
    assert_eq!(wallet.token(&code, &pin).await.0, StatusCode::BAD_REQUEST);
    let body = format!("grant_type=authorization_code&code={code}");
    let (_, no) = wallet.post("/api/vci/token", "application/x-www-form-urlencoded", "", body).await;
    assert_eq!(no["error"], "unsupported_grant_type");
    // revoked between token and credential: nothing is handed over
    let (code, pin) = offer(&t, &stage, id).await;
    let (_, token) = wallet.token(&code, &pin).await;
    stage.act(id, revoke("材料虚假")).await.unwrap();
    let (_, told) = wallet.get("/.well-known/openid-credential-issuer").await;
    let body = json!({"aud": told["credential_issuer"], "iat": t.clock_now().as_second(), "nonce": wallet.nonce().await});
    let head = json!({"typ": "openid4vci-proof+jwt", "alg": "ES256", "jwk": wallet.jwk()});
    let (_, no) =
        wallet.credential(token["access_token"].as_str().unwrap(), &wallet.proof(&head, &body)).await;
    assert_eq!(no["error"], "credential_request_denied", "{no}");
});
