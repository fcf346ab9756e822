//! A flat is sold in one matter, through the API only: planned, filed once, confirmed by the other side, worked off by each
//! agency in its own time, seen by those it concerns.

use crate::city::{self, PDF};
use crate::on_both;
use crate::town::Town;
use axum::http::StatusCode;
use catalog::Merged;
use forms::FieldType;
use serde_json::{Value, json};
use std::collections::BTreeSet;

const SITUATIONS: [(&str, &str); 4] =
    [("mortgage", "no"), ("only_home", "yes"), ("buyer_home", "first"), ("buyer_married", "yes")];
const STAFF: [&str; 6] = ["marriage", "police", "housing-clerk", "tax-nj", "land", "finance"];

/// What the seller answers: the data of the sale, a tick for every declaration, a file for every paper that the plan asks.
async fn answers(town: &Town) -> Value {
    let mut answers = json!({
        "seller_name": "许静怡", "seller_citizen_id": "999999198405127021", "seller_phone": "13900000071",
        "buyer_name": "林子豪", "buyer_citizen_id": "999999199203187055", "buyer_phone": "13900000073",
        "house_title_no": "苏(2018)宁玄不动产权第9999101号", "trade_price": 260_000_000,
        "trade_contract_date": city::day(&town.city, -4), "trade_payment": "once",
        "trade_handover": city::day(&town.city, 38), "registration_sharing": "sole",
    });
    let situations: serde_json::Map<_, _> =
        SITUATIONS.map(|(id, value)| (id.to_owned(), json!(value))).into_iter().collect();
    let pack = catalog::pack::load(&town.city.config.packs).unwrap();
    let theme = pack.themes.iter().find(|t| t.id == "stock-house").unwrap();
    let members: Vec<&catalog::Item> =
        theme.members.iter().map(|m| pack.items.iter().find(|i| i.key == m.item).unwrap()).collect();
    let merged = Merged::of(&members, Some(theme), &pack.shared.elements);
    let object = answers.as_object_mut().unwrap();
    for field in merged.form().fields().filter(|f| f.kind() == FieldType::Declaration) {
        object.insert(field.id.clone(), json!(true));
    }
    let wanted = json!({"theme": "stock-house", "situations": situations, "applicant": "me"});
    let (status, plan) = town.call("seller", "POST", "/api/v1/plans", Some(&wanted)).await;
    assert_eq!(status, StatusCode::OK, "{plan}");
    let token = town.city.token("seller").await;
    for paper in plan["plan"]["papers"].as_array().unwrap().iter().filter(|p| p["how"] == "asked") {
        let (_, file) = town.city.upload(&token, "材料.pdf", PDF.as_bytes()).await;
        let field = paper["field"].as_str().unwrap().to_owned();
        object.insert(field, json!([{"file": file["id"], "name": "材料.pdf"}]));
    }
    object.extend(situations);
    answers
}

/// Does what lies on the desks of all agencies; answers how much that was.
async fn work_off(town: &Town, numbers: &[String]) -> usize {
    let mut done = 0;
    for account in STAFF {
        let tasks = town.get(account, "/api/v1/tasks?limit=100").await;
        for task in tasks["tasks"].as_array().unwrap() {
            if !numbers.iter().any(|n| task["case"] == n.as_str()) {
                continue;
            }
            town.clock.advance_seconds(1);
            let path = format!("/api/v1/tasks/{}/outcome", task["id"].as_str().unwrap());
            let mut said = Vec::new();
            for body in [
                json!({"outcome": "approve"}),
                json!({"outcome": "accept"}),
                json!({"outcome": "precheck", "ok": true}),
            ] {
                let (status, answer) = town.call(account, "POST", &path, Some(&body)).await;
                if status == StatusCode::OK {
                    done += 1;
                    said.clear();
                    break;
                }
                said.push(answer);
            }
            assert!(said.is_empty(), "{account} {task}: {said:?}");
        }
    }
    done
}

/// What the cases owe is paid at a window as soon as there is a bill; each case hears of it.
async fn pay(town: &Town, numbers: &[String], paid: &mut Vec<String>) {
    let wired = &town.city.wired;
    let (ground, room) = (&wired.house.ground, &wired.payments.room);
    let token = town.city.token("clerk").await;
    let clerk = identity::session(ground, &token).await.unwrap().unwrap().clerk().unwrap();
    for number in numbers {
        let scope = cases::Scope::program();
        let view = cases::view(&ground.store, &number.parse().unwrap(), &scope).await.unwrap();
        let about = format!("case:{}", view.case.id);
        let (bills, _) = payment::verbs::settled_by(&ground.store, &about).await.unwrap();
        for bill in bills.iter().filter(|b| b.state == payment::BillState::Open) {
            let told = |v: &cases::CaseView| {
                v.case.fees.iter().find(|f| f.bill == bill.code.to_string()).map(|f| f.settled)
            };
            let heard = told(&view) == Some(false);
            assert!(heard, "the case knows its bill {}: {:?}", bill.code, view.case.fees);
            let amount = kernel::Money::fen(bill.owed);
            store::command!(ground, kernel::Lang::ZhCn, clerk.actor_ref(), |cx| {
                payment::verbs::take(&mut cx, room, &clerk, bill.id, payment::Means::Cash, amount).await
            })
            .unwrap();
            town.settle().await;
            let view = cases::view(&ground.store, &number.parse().unwrap(), &scope).await.unwrap();
            assert_eq!(told(&view), Some(true), "and that it was paid, also where that has ended it");
            paid.push(format!("{} {}", bill.title_en, bill.total));
        }
    }
}

on_both!(a_flat_is_sold_in_one_matter, |backend| {
    let town = Town::whole(backend).await;
    let seller = town.city.token("seller").await;
    let body = json!({"theme": "stock-house", "answers": answers(&town).await});
    let file = async |body: &Value| {
        town.city.call_keyed("POST", "/api/v1/matters", Some(&seller), Some(body), Some("house")).await
    };
    let (status, filed) = file(&body).await;
    assert_eq!(status, StatusCode::CREATED, "{filed:#}");
    let numbers: Vec<String> =
        filed["cases"].as_array().unwrap().iter().map(|c| c["number"].as_str().unwrap().to_owned()).collect();
    assert_eq!(numbers.len(), 4, "trade, taxes, registration, fund");
    let (_, again) = file(&body).await;
    assert_eq!((&again["repeated"], &again["matter"]), (&json!(true), &filed["matter"]));
    let mut other = body.clone();
    other["answers"]["trade_price"] = json!(250_000_000);
    assert_eq!(file(&other).await.0, StatusCode::CONFLICT, "the key was used for something else");

    let path = format!("/api/v1/matters/{}", filed["matter"].as_str().unwrap());
    assert_eq!(town.get("buyer", &path).await["members"].as_array().unwrap().len(), 4);
    assert_eq!(town.call("citizen", "GET", &path, None).await.0, StatusCode::NOT_FOUND);
    for number in &numbers {
        let confirm = format!("/api/v1/cases/{number}/confirm");
        let (status, answer) = town.call("buyer", "POST", &confirm, Some(&json!({}))).await;
        assert!(!status.is_server_error(), "{number}: {status} {answer}");
    }
    let (mut idle, mut paid) = (0, Vec::new());
    // First everybody works and nobody pays: the tax holds its certificate, and the registration waits for that.
    while idle < 2 {
        town.settle().await;
        idle = if work_off(&town, &numbers).await == 0 { idle + 1 } else { 0 };
    }
    let waits = town.get("seller", &path).await;
    let unpaid = waits["members"].as_array().unwrap().iter().filter(|m| m["waits_for_payment"] == true);
    assert_eq!(unpaid.map(|m| m["item"].as_str().unwrap()).collect::<Vec<_>>(), ["house-tax"], "{waits:#}");
    let bills = town.get("buyer", "/api/v1/payments").await;
    let open: BTreeSet<&str> = bills["payments"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|b| b["state"] == "open")
        .map(|b| b["title"].as_str().unwrap())
        .collect();
    // The registration waits for the certificate of the tax; its fee is due with the tax, so that one act pays both.
    assert_eq!(open, BTreeSet::from(["存量房转移纳税", "不动产转移登记（存量房买卖）"]), "{bills:#}");
    idle = 0;
    while idle < 3 {
        town.settle().await;
        pay(&town, &numbers, &mut paid).await;
        idle = if work_off(&town, &numbers).await == 0 { idle + 1 } else { 0 };
    }
    assert!(paid.len() >= 2, "the buyer's taxes and the registration: {paid:?}");
    let over = town.get("seller", &path).await;
    let states: Vec<_> =
        over["members"].as_array().unwrap().iter().map(|m| (&m["item"], &m["state"])).collect();
    assert!(states.iter().all(|(_, state)| **state == "closed"), "{states:?}");
    for case in over["cases"].as_array().unwrap() {
        assert!(
            !case["certificates"].as_array().unwrap().is_empty(),
            "{} ends with a certificate",
            case["item"]
        );
    }
    let land = town.get("land", &path).await;
    assert!(land["cases"].as_array().unwrap().len() < 4, "an agency opens its own cases only");
    assert_eq!(land["members"].as_array().unwrap().len(), 4, "and sees where the others stand");
});
