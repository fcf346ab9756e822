//! What is missing is asked for once and completely; what is not supplied ends the case; acceptance by silence.

use crate::on_both;
use crate::town::Town;
use kernel::Lang;
use serde_json::{Value, json};

fn demands() -> Value {
    json!({"demands": [
        {"field": "safety", "say": "请写明食品安全管理人员的全名"},
        {"field": "layout_file", "say": "平面图没有标明专间"},
    ]})
}

on_both!(what_is_missing_is_asked_for_once, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    let rev = town.case("inspector", &number).await["rev"].clone();
    let unknown = json!({"demands": [{"field": "nonsense", "say": "?"}]});
    town.refused("inspector", &number, "ask_supplement", unknown, (422, "cases.supplement-unknown-field"))
        .await;
    assert_eq!(town.act("inspector", &number, "ask_supplement", demands()).await, "supplement");
    town.refused("firm", &number, "supplement", json!({"answers": {}}), (404, "not-found")).await;
    let plan = town.file("restaurant", "新平面图.pdf").await;
    // Only what was asked for changes: the area stays as filed.
    let supply = json!({"answers": {"safety": "冼志明、邝佩珊", "layout_file": plan, "area": 999}});
    town.at("2026-11-25T02:00:00Z");
    assert_eq!(town.act("restaurant", &number, "supplement", supply).await, "submitted");
    let case = town.case("inspector", &number).await;
    assert_eq!(
        (&case["answers"]["safety"], &case["answers"]["area"]),
        (&json!("冼志明、邝佩珊"), &json!(60))
    );
    let mut stale = json!({"reason": "?"});
    stale["rev"] = rev;
    town.refused("inspector", &number, "not_accept", stale, (409, "cases.stale")).await;
    town.refused("inspector", &number, "ask_supplement", demands(), (409, "cases.supplement-once")).await;
    assert_eq!(town.act("inspector", &number, "accept", json!({})).await, "accepted");
    town.refused(
        "inspector",
        &number,
        "ask_supplement",
        demands(),
        (409, "cases.supplement-after-acceptance"),
    )
    .await;
    town.told("restaurant", &number, &["supplement", "acceptance"]).await;
});

on_both!(what_is_not_supplied_lapses, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    town.act("inspector", &number, "ask_supplement", demands()).await;
    // Ten working days from Friday: 4 December, to its last minute.
    town.at("2026-12-04T15:59:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "supplement");
    town.at("2026-12-09T02:00:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "lapsed");
    let supply = json!({"answers": {"safety": "来晚了"}});
    town.refused("restaurant", &number, "supplement", supply, (409, "cases.nothing-to-supply")).await;
    town.told("restaurant", &number, &["supplement", "lapse"]).await;
});

on_both!(silence_accepts, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    // Five working days from Friday: 27 November.
    town.at("2026-11-30T02:00:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "accepted");
    let term = town.term("restaurant", &number, "statutory").await;
    assert_eq!(term["due"], "2026-12-18", "from the day it was received: {term}");
    town.told("restaurant", &number, &["acceptance"]).await;
});

on_both!(the_time_to_supply_begins_when_the_letter_was_signed_for, |backend| {
    let town = Town::new(backend).await;
    let mut body = town.small_restaurant().await;
    body["paper"] = json!(true);
    let number = town.file_case("restaurant", &body).await;
    town.act("inspector", &number, "ask_supplement", demands()).await;
    town.settle().await;
    // It is a letter of the delivery room, to be packed: the matter still runs.
    let parcels = town.get("restaurant", "/api/v1/deliveries").await;
    assert!(parcels.to_string().contains("ready"), "{parcels}");
    // Three weeks on its way: nothing lapses of what they do not know.
    town.at("2026-12-11T02:00:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "supplement");
    let listed = town.get("inspector", &format!("/api/v1/cases/{number}/notices")).await;
    let asked = listed.as_array().unwrap().iter().find(|n| n["kind"] == "supplement").unwrap()["id"].clone();
    let signed = json!({"notice": asked, "way": {"way": "post", "tracking": "EMS7"}});
    assert_eq!(town.act("inspector", &number, "serve", signed).await, "supplement");
    let term = town.term("restaurant", &number, "supplement").await;
    assert_eq!(term["due"], "2026-12-25", "ten working days from Friday, 11 December: {term}");
    // What was handed over is no longer to be posted.
    town.settle().await;
    let parcels = town.get("restaurant", "/api/v1/deliveries").await;
    assert!(!parcels.to_string().contains("ready"), "{parcels}");
    town.at("2026-12-25T15:59:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "supplement");
    town.at("2026-12-28T02:00:00Z");
    town.settle().await;
    assert_eq!(town.state("restaurant", &number).await, "lapsed");
    // That it ended is told by a letter, too.
    let parcels = town.get("restaurant", "/api/v1/deliveries").await;
    assert!(parcels.to_string().contains("ready"), "{parcels}");
});

on_both!(a_letter_finds_whoever_was_registered_at_the_window, |backend| {
    let town = Town::new(backend).await;
    let ground = &town.city.wired.house.ground;
    let token = town.city.token("clerk2").await;
    let session = identity::session(ground, &token).await.unwrap().unwrap();
    let identity::Staff::Clerk(clerk) = session.staff().unwrap() else { panic!("no clerk") };
    let number = "999999193502010025";
    let person = store::command!(ground, Lang::ZhCn, clerk.actor_ref(), |cx| {
        let new = identity::NewPerson {
            name: "周桂香".to_owned(),
            number: number.parse().unwrap(),
            address: "广东省佛山市禅城区石湾镇街道示范巷6号".to_owned(),
            phone: String::new(),
        };
        let shown = identity::Shown::Document { document: "居民身份证".to_owned() };
        identity::register_at_window(&mut cx, &clerk, new, shown).await
    })
    .unwrap();
    let body = json!({
        "items": ["elderly-allowance"],
        "citizen_id": number,
        "answers": {
            "town": "440604010", "address": "石湾镇街道示范巷6号", "bank": "示范银行",
            "card": "6200009999990000058", "other": "no", "consent": true
        }
    });
    let (status, filed) =
        town.city.call_keyed("POST", "/api/v1/matters", Some(&token), Some(&body), Some("window-1")).await;
    assert_eq!(status, axum::http::StatusCode::CREATED, "{filed}");
    let case = filed["cases"][0]["number"].as_str().unwrap();
    let asked = json!({"demands": [{"field": "bank", "say": "请写明开户支行"}]});
    town.act("civil", case, "ask_supplement", asked).await;
    town.settle().await;
    let matter = filed["matter"].as_str().unwrap();
    let letters = delivery::verbs::of_matter(&ground.store, &clerk, matter).await.unwrap();
    assert!(letters.len() == 1 && letters[0].letter, "{letters:?}");
    let letter = delivery::verbs::parcel(&ground.store, letters[0].id).await.unwrap();
    assert!(
        matches!(letter.how, delivery::How::Courier { .. }),
        "it does not wait at the window: {letter:?}"
    );
    assert_eq!(letter.state(), delivery::State::Ready);
    let looks = trace::looks_of(&ground.store, person, None, 50).await.unwrap();
    let opened = looks.iter().find(|l| l.fields == ["person.address"] && l.purpose.ground == "deliver");
    assert_eq!(opened.unwrap().purpose.case.as_deref(), Some(case), "{looks:?}");
});
