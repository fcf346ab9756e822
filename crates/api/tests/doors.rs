//! What comes in by the API is treated as what comes in by pages: pictures are tidied, what is wrong in a register can be said, and a
//! clerk files for whoever stands at the window. On both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on may fail"
)]

mod common;

use axum::http::StatusCode;
use cases::Scope;
use common::{ROOMS, Town};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use serde_json::{Value, json};

/// A photo whose EXIF says where it was taken (a GPS directory, tag 0x8825, with the letters of its latitude).
fn photo() -> Vec<u8> {
    let mut jpeg = Vec::new();
    let image = RgbImage::from_pixel(80, 40, Rgb([200, 30, 30]));
    image.write_with_encoder(JpegEncoder::new_with_quality(&mut jpeg, 90)).unwrap();
    let mut exif = b"Exif\0\0II\x2a\x00\x08\x00\x00\x00".to_vec();
    exif.extend_from_slice(&[1, 0, 0x25, 0x88, 4, 0, 1, 0, 0, 0, 26, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(&[1, 0, 0x01, 0x00, 2, 0, 9, 0, 0, 0, 44, 0, 0, 0, 0, 0, 0, 0]);
    exif.extend_from_slice(b"NANJING-N");
    let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xff, 0xe1], &length, &exif, &jpeg[2..]].concat()
}

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|w| w == part)
}

fn fields(answer: &Value) -> Vec<&str> {
    answer["fields"].as_array().into_iter().flatten().filter_map(|f| f["field"].as_str()).collect()
}

harness::both!(a_photo_does_not_say_where_it_was_taken, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let token = town.token("citizen").await;
    let sent = photo();
    assert!(has(&sent, b"NANJING-N"));
    let (status, kept) = town.upload(&token, "照片.jpg", &sent).await;
    assert_eq!(status, StatusCode::CREATED, "{kept}");
    let id = kept["id"].as_str().unwrap().parse().unwrap();
    let (info, bytes) = store::files::read(&town.house.ground.store, id).await.unwrap();
    assert!(info.owner.is_some() && !has(&bytes, b"NANJING-N") && !has(&bytes, b"Exif"));
    assert_eq!(kept["size"].as_i64().unwrap(), i64::try_from(bytes.len()).unwrap());
    let heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic\0\0\0\x10mdat12345678";
    let (status, no) = town.upload(&token, "IMG_1.heic", heic).await;
    assert_eq!((status, no["code"].as_str()), (StatusCode::BAD_REQUEST, Some("proofs.picture-heic")), "{no}");
    assert!(no["detail"].as_str().unwrap().contains("JPG"));
    let (status, no) = town.upload(&token, "a.jpg", &sent[..60]).await;
    assert!(status.is_client_error() && no["title"].is_string(), "a broken picture is refused: {no}");
});

harness::both!(a_matter_says_what_is_wrong_in_a_register, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = town.token("seller").await;
    let (_, file) = town.upload(&seller, "合同.jpg", &photo()).await;
    let file = file["id"].as_str().unwrap();
    let mut body = json!({"theme": "stock-house", "answers": town.sale(file).await});
    let dispute =
        |path: &str, claim: &str, proof: &str| json!([{"path": path, "claim": claim, "proof": proof}]);
    body["disputes"] = dispute("weather.wind", " ", "019aa000-0000-7000-8000-000000000001");
    let (status, no) = town.post(&seller, "/api/v1/matters", "k", &body).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{no}");
    assert_eq!(fields(&no), ["disputes[0].path", "disputes[0].claim", "disputes[0].proof"]);
    body["disputes"] = dispute("dwelling.area", "产权证上是89平方米", file);
    let (status, filed) = town.post(&seller, "/api/v1/matters", "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    town.t.clock.set("2026-11-23T02:05:00Z".parse().unwrap());
    let (_, again) = town.post(&seller, "/api/v1/matters", "k", &body).await;
    assert_eq!(again["repeated"], json!(true), "the same filing later is the same filing: {again}");
    let mut disputed = 0;
    for case in filed["cases"].as_array().unwrap() {
        let path = format!("/api/v1/cases/{}", case["number"].as_str().unwrap());
        let (_, case) = town.get(&seller, &path).await;
        disputed += case["disputes"].as_array().map_or(0, Vec::len);
    }
    assert!(disputed > 0, "the cases that asked the register know that it is disputed: {filed}");
});

harness::both!(a_clerk_files_for_whoever_stands_there, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (clerk, citizen) = (town.token("clerk2").await, town.token("elder").await);
    let answers = json!({"town": "440604012", "address": "祖庙街道示范巷3号", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let mut body = json!({"items": ["elderly-allowance"], "answers": answers});
    let (status, no) = town.post(&clerk, "/api/v1/matters", "w", &body).await;
    assert_eq!((status, fields(&no)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["citizen_id"]), "{no}");
    body["citizen_id"] = json!("999999194306101151");
    let (status, no) = town.post(&citizen, "/api/v1/matters", "w", &body).await;
    assert_eq!((status, fields(&no)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["citizen_id"]), "{no}");
    body["occurred_at"] = json!("2026-11-20T10:00:00+08:00");
    let (status, no) = town.post(&clerk, "/api/v1/matters", "w", &body).await;
    assert!(status.is_client_error(), "earlier without a reason: {no}");
    body["late"] = json!({"reason": "窗口停电", "evidence": "收件登记簿第12页"});
    let (status, filed) = town.post(&clerk, "/api/v1/matters", "w", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let number = filed["cases"][0]["number"].as_str().unwrap();
    let (status, own) = town.get(&citizen, &format!("/api/v1/cases/{number}")).await;
    assert!(status == StatusCode::OK && own["filed_at"] == "2026-11-20T02:00:00Z", "{own}");
    let row =
        cases::progress(&town.house.ground.store, &number.parse().unwrap(), &Scope::program()).await.unwrap();
    assert!(row.natural && row.running);
});

harness::both!(a_clerk_files_for_the_firm_of_whoever_stands_there, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (clerk, firm) = (town.token("clerk").await, town.token("firm").await);
    let (_, file) = town.upload(&clerk, "合同.jpg", &photo()).await;
    let answers = json!({"from": "320100", "to": "341000", "via": "马鞍山市", "starts": "2026-11-26", "ends": "2026-11-28",
        "plate": "苏A90001", "driver": "99999919790401051X", "contract_no": "JL-1", "promise": true,
        "contract_file": [{"file": file["id"], "name": "合同.jpg"}]});
    let mut body =
        json!({"items": ["charter-bus-sticker"], "answers": answers, "citizen_id": "999999198001170330"});
    let (status, no) = town.post(&clerk, "/api/v1/matters", "f", &body).await;
    assert_eq!((status, no["code"].as_str()), (StatusCode::FORBIDDEN, Some("cases.wrong-audience")), "{no}");
    for (field, wrong) in [("for_organisation", "91999999MA0DEM0000"), ("under_mandate", "x")] {
        let mut wrong_body = body.clone();
        wrong_body[field] = json!(wrong);
        let (status, no) = town.post(&clerk, "/api/v1/matters", "f", &wrong_body).await;
        assert_eq!((status, fields(&no)), (StatusCode::UNPROCESSABLE_ENTITY, vec![field]), "{no}");
    }
    body["for_organisation"] = json!("91999999MA0DEM021E");
    let (status, no) = town.post(&clerk, "/api/v1/matters", "f", &body).await;
    assert_eq!((status, no["code"].as_str()), (StatusCode::FORBIDDEN, Some("identity.no-mandate")), "{no}");
    body["for_organisation"] = json!("91999999MA0DEM013K");
    let mut own = body.clone();
    own.as_object_mut().unwrap().remove("citizen_id");
    let (status, no) = town.post(&firm, "/api/v1/matters", "f", &own).await;
    assert_eq!((status, fields(&no)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["for_organisation"]), "{no}");
    let (status, filed) = town.post(&clerk, "/api/v1/matters", "f", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let number = filed["cases"][0]["number"].as_str().unwrap().parse().unwrap();
    let row = cases::progress(&town.house.ground.store, &number, &Scope::program()).await.unwrap();
    assert!(!row.natural && row.subject_name.contains("金陵"), "{}", row.subject_name);
});

harness::both!(an_examiner_of_one_step_gets_what_it_needs, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = town.token("seller").await;
    let (_, file) = town.upload(&seller, "合同.jpg", &photo()).await;
    let body = json!({"theme": "stock-house", "answers": town.sale(file["id"].as_str().unwrap()).await});
    let (status, filed) = town.post(&seller, "/api/v1/matters", "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let cases = filed["cases"].as_array().unwrap();
    let trade = cases.iter().find(|c| c["item"]["zh-CN"].as_str().unwrap().contains("交易")).unwrap();
    let path = format!("/api/v1/cases/{}", trade["number"].as_str().unwrap());
    // Nobody examines anything before the other side has confirmed.
    let buyer = town.token("buyer").await;
    let (status, said) = town.post(&buyer, &format!("{path}/confirm"), "c", &json!({})).await;
    assert_eq!(status, StatusCode::OK, "{said}");
    town.settle().await;
    let (status, part) = town.get(&town.token("marriage").await, &path).await;
    assert_eq!(status, StatusCode::OK, "{part}");
    let text = part.to_string();
    assert!(
        text.contains("许静怡") && part["answers"]["seller_citizen_id"] == "999***********7021",
        "{text}"
    );
    for hidden in ["260000000", "trade_price", "contract", "999999198405127021", "13900000071"] {
        assert!(!text.contains(hidden), "{hidden} is not for these eyes: {text}");
    }
    let matter = format!("/api/v1/matters/{}", filed["matter"].as_str().unwrap());
    let (_, whole) = town.get(&town.token("marriage").await, &matter).await;
    assert!(!whole.to_string().contains("260000000"), "{whole}");
    let (_, all) = town.get(&town.token("housing-clerk").await, &path).await;
    assert!(all["answers"]["trade_price"] == 260_000_000 && !all.to_string().contains("999999198405127021"));
    let (_, own) = town.get(&seller, &path).await;
    assert_eq!(own["answers"]["seller_citizen_id"], "999999198405127021", "one's own number is one's own");
    let who = identity::sign_in(
        &town.house.ground,
        "seller",
        identity::DEMO_PASSWORD,
        identity::SessionKind::Cookie,
    )
    .await
    .unwrap();
    let who = identity::session(&town.house.ground, &who.token).await.unwrap().unwrap().person();
    let looks = trace::looks_of(&town.house.ground.store, who, None, 50).await.unwrap();
    let seen = looks.iter().filter(|l| l.purpose.ground == "examine").count();
    assert!(seen >= 3, "each reading by staff is a look: {looks:?}");
});

harness::both!(parties_openness_and_what_comes_on_paper_stand_in_the_api, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let citizen = town.token("citizen").await;
    let (_, kept) = town.upload(&citizen, "监护证明.jpg", &photo()).await;
    let party = json!([{"subject": "me", "share": "1/2", "capacity": "guardian", "proof": kept["id"]}]);
    let mut body =
        json!({"item": "tax-clearance", "answers": {"for": "person", "purpose": "loan"}, "parties": party});
    body["parties"][0]["proof"] = json!("x");
    let (status, no) = town.post(&citizen, "/api/v1/cases", "bad", &body).await;
    assert_eq!((status, fields(&no)), (StatusCode::UNPROCESSABLE_ENTITY, vec!["parties[0].proof"]), "{no}");
    body["parties"][0]["proof"] = kept["id"].clone();
    let (status, filed) = town.post(&citizen, "/api/v1/cases", "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let path = format!("/api/v1/cases/{}", filed["number"].as_str().unwrap());
    let (_, case) = town.get(&citizen, &path).await;
    let first = &case["parties"][0];
    assert_eq!(
        (&first["share"], &first["capacity"], &first["proof"]),
        (&json!("1/2"), &json!("guardian"), &kept["id"])
    );
    assert!(case.get("openness").is_none(), "nothing is decided: {case}");
    // 补录: on Thursday, what was done on Tuesday.
    town.t.clock.set("2026-11-26T02:00:00Z".parse().unwrap());
    let clerk = town.token("tax-clerk").await;
    let late = |evidence: &str| {
        json!({"kind": "ordinary", "reason": "等候税务核对",
            "late": {"at": "2026-11-24T15:00:00+08:00", "reason": "大厅断网", "evidence": evidence}})
    };
    let (status, no) = town.post(&clerk, &format!("{path}/suspend"), "s", &late(" ")).await;
    assert_eq!(
        (status, no["code"].as_str()),
        (StatusCode::UNPROCESSABLE_ENTITY, Some("cases.late-unproven")),
        "{no}"
    );
    let officer = town.token("tax-officer").await;
    let (status, no) = town.post(&officer, &format!("{path}/suspend"), "s", &late("登记簿第3页")).await;
    assert_eq!((status, no["code"].as_str()), (StatusCode::FORBIDDEN, Some("cases.late-by-clerk")), "{no}");
    let (status, done) = town.post(&clerk, &format!("{path}/suspend"), "s", &late("登记簿第3页")).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    let number = filed["number"].as_str().unwrap().parse().unwrap();
    let view = cases::view(&town.house.ground.store, &number, &Scope::program()).await.unwrap();
    let suspended = view.events.iter().find(|e| e.event.word() == "suspended").unwrap();
    assert_eq!(suspended.occurred_at, "2026-11-24T07:00:00Z".parse().unwrap());
    let supervisor = identity::sign_in(
        &town.house.ground,
        "supervisor2",
        identity::DEMO_PASSWORD,
        identity::SessionKind::Cookie,
    )
    .await
    .unwrap();
    let supervisor = identity::session(&town.house.ground, &supervisor.token).await.unwrap().unwrap();
    let identity::Staff::Supervisor(who) = supervisor.staff().unwrap() else { panic!("a supervisor") };
    let store = &town.house.ground.store;
    let all = cases::WatchFilter::default();
    let rows =
        cases::watch_list(store, &Scope::from(&who), cases::Watch::Late, &all, None, 10).await.unwrap().rows;
    assert_eq!((rows.len(), rows[0].number.clone()), (1, number), "supervision sees it");
});

harness::both!(an_objection_on_paper_and_a_decision_in_the_api, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (elder, office) = (town.token("elder").await, town.token("town").await);
    let answers = json!({"town": "440604012", "address": "祖庙街道示范巷3号", "bank": "示范银行", "other": "no",
        "card": "6200009999990000041", "consent": true, "phone": "13900000035"});
    let body = json!({"item": "elderly-allowance", "answers": answers});
    let (status, filed) = town.post(&elder, "/api/v1/cases", "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let path = format!("/api/v1/cases/{}", filed["number"].as_str().unwrap());
    let early = json!({"step": "publish", "reason": "已搬离本市", "name": "梁大文"});
    let (status, no) = town.post(&office, &format!("{path}/object"), "o", &early).await;
    assert_eq!((status, no["code"].as_str()), (StatusCode::CONFLICT, Some("cases.not-public")), "{no}");
    let (status, no) =
        town.post(&town.token("inspector").await, &format!("{path}/object"), "o", &early).await;
    assert_eq!(status, StatusCode::NOT_FOUND, "another agency's: {no}");
    let nobody = json!({"step": "publish", "reason": "x", "name": "梁大文"});
    let (status, no) = town.post(&elder, &format!("{path}/object"), "o", &nobody).await;
    assert!(status.is_client_error(), "an applicant names nobody else: {no}");
    let who = town.token("citizen").await;
    let (status, done) = town
        .post(
            &who,
            "/api/v1/cases",
            "p",
            &json!({"item": "home-purchase-proof",
        "answers": {"kind": "stock", "district": "320105", "consent": true}}),
        )
        .await;
    assert_eq!(status, StatusCode::CREATED, "{done}");
    let (_, case) = town.get(&who, &format!("/api/v1/cases/{}", done["number"].as_str().unwrap())).await;
    assert_eq!(case["openness"]["attribute"], "closed", "{case}");
    assert!(case["openness"]["ground"]["zh-CN"].as_str().unwrap().contains("第十五条"), "{case}");
});

harness::both!(a_clerk_writes_down_the_word_of_a_party, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let (seller, clerk) = (town.token("seller").await, town.token("housing-window").await);
    let (_, file) = town.upload(&seller, "合同.jpg", &photo()).await;
    let answers = town.sale(file["id"].as_str().unwrap()).await;
    let body = json!({"theme": "stock-house", "answers": answers});
    let (status, filed) = town.post(&seller, "/api/v1/matters", "k", &body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let cases = filed["cases"].as_array().unwrap();
    let trade = cases.iter().find(|c| c["item"]["zh-CN"].as_str().unwrap().contains("交易")).unwrap();
    let path = format!("/api/v1/cases/{}/confirm_party", trade["number"].as_str().unwrap());
    let mut word = json!({"role": "buyer", "citizen_id": "999999198405127021", "ground": "没有智能手机", "reference": "第7号"});
    let (status, no) = town.post(&clerk, &path, "", &word).await;
    assert_eq!(
        (status, &no["code"]),
        (StatusCode::UNPROCESSABLE_ENTITY, &json!("cases.not-their-number")),
        "{no}"
    );
    assert!(!no.to_string().contains("999999199203187055"), "{no}");
    word["citizen_id"] = json!("999999199203187055");
    let (status, no) = town.post(&town.token("housing-clerk").await, &path, "", &word).await;
    assert_eq!((status, &no["code"]), (StatusCode::FORBIDDEN, &json!("cases.word-by-clerk")), "{no}");
    let (status, done) = town.post(&clerk, &path, "", &word).await;
    assert_eq!(status, StatusCode::OK, "{done}");
    let (status, again) = town.post(&clerk, &path, "", &word).await;
    assert_eq!((status, &again["code"]), (StatusCode::CONFLICT, &json!("cases.confirmed-before")), "{again}");
    // At filing it is a clerk's to say who else stands there.
    let standing =
        json!([{"role": "buyer", "citizen_id": "999999199203187055", "ground": "同来", "reference": "1"}]);
    let own = json!({"theme": "stock-house", "answers": answers, "present": standing});
    let (status, no) = town.post(&seller, "/api/v1/matters", "own", &own).await;
    assert!(status.is_client_error() && no.to_string().contains("present"), "{no}");
});

harness::both!(what_nothing_in_a_matter_rests_on_is_not_disputed_in_silence, ROOMS, |t| async move {
    let town = Town::new(t).await;
    let seller = town.token("seller").await;
    let (_, file) = town.upload(&seller, "合同.jpg", &photo()).await;
    let answers = town.sale(file["id"].as_str().unwrap()).await;
    let say = |path: &str, claim: &str| json!({"path": path, "claim": claim});
    let body = |disputes: Value| json!({"theme": "stock-house", "role": "seller", "answers": answers, "disputes": disputes});
    let wrong = body(json!([say("person.name", "许静宜"), say("vehicle.fit", "已检验")]));
    let (status, no) = town.post(&seller, "/api/v1/matters", "wrong", &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{no}");
    assert!(no.to_string().contains("disputes[1].path"), "{no}");
    let two = body(json!([say("seller.name", "许静宜"), say("dwelling.area", "89平方米")]));
    let (status, filed) = town.post(&seller, "/api/v1/matters", "two", &two).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let mut disputed = std::collections::BTreeSet::new();
    for case in filed["cases"].as_array().unwrap() {
        let (_, case) =
            town.get(&seller, &format!("/api/v1/cases/{}", case["number"].as_str().unwrap())).await;
        for dispute in case["disputes"].as_array().into_iter().flatten() {
            disputed.insert(dispute["path"].as_str().unwrap().to_owned());
        }
    }
    let expected = ["dwelling.area", "person.name"].map(str::to_owned);
    assert_eq!(disputed, std::collections::BTreeSet::from(expected), "more than one in a matter");
});
