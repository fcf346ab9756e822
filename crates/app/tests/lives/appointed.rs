//! 预约 for machines: the free times of a hall, booked, moved and called off; what is booked stands in one's list and nobody else's.

use crate::on_both;
use crate::town::Town;
use serde_json::{Value, json};

const HALL: &str = "nanjing-public";
const ITEM: &str = "catering-permit";

async fn send(town: &Town, account: &str, path: &str, body: Value) -> (u16, Value) {
    let (status, answer) = town.call(account, "POST", path, Some(&body)).await;
    (status.as_u16(), answer)
}

/// The times with a free place, of days after today.
async fn free(town: &Town) -> Vec<String> {
    let offer = town.get("elder", &format!("/api/v1/halls/{HALL}/slots?item={ITEM}")).await;
    let days = offer["days"].as_array().unwrap().iter().skip(1);
    let slots = days.flat_map(|d| d["slots"].as_array().unwrap().clone());
    let free = slots.filter(|s| s["free"].as_i64() > Some(0));
    free.map(|s| s["starts_at"].as_str().unwrap().to_owned()).collect()
}

on_both!(a_machine_books_moves_and_calls_off, |backend| {
    let town = Town::new(backend).await;
    let times = free(&town).await;
    let book = |at: &str| json!({"item": ITEM, "hall": HALL, "starts_at": at});
    let (status, mine) = send(&town, "elder", "/api/v1/appointments", book(&times[0])).await;
    assert_eq!((status, &mine["state"]), (201, &json!("booked")), "{mine}");
    let again = send(&town, "elder", "/api/v1/appointments", book(&times[0])).await;
    assert_eq!((again.0, &again.1["id"]), (201, &mine["id"]), "sent twice, it is one");
    let (status, second) = send(&town, "elder", "/api/v1/appointments", book(&times[1])).await;
    assert_eq!((status, &second["code"]), (409, &json!("appointments.one-a-day")));
    let (status, wrong) = send(&town, "elder", "/api/v1/appointments", book("tomorrow")).await;
    assert_eq!((status, &wrong["code"]), (422, &json!("api.bad-moment")));
    let at = format!("/api/v1/appointments/{}", mine["id"].as_str().unwrap());
    let time = json!({"starts_at": times[1]});
    assert_eq!(send(&town, "citizen", &format!("{at}/move"), time.clone()).await.0, 404);
    let (status, moved) = send(&town, "elder", &format!("{at}/move"), time).await;
    assert_eq!((status, moved["starts_at"].as_str()), (200, Some(times[1].as_str())), "{moved}");
    assert!(free(&town).await.contains(&times[0]), "the old place is free again");
    let list = town.get("elder", "/api/v1/appointments").await;
    assert_eq!((list["appointments"].as_array().unwrap().len(), &list["next"]), (1, &Value::Null));
    assert_eq!(town.get("citizen", "/api/v1/appointments").await["appointments"], json!([]));
    assert_eq!(send(&town, "citizen", &format!("{at}/cancel"), json!({})).await.0, 404);
    let (status, gone) = send(&town, "elder", &format!("{at}/cancel"), json!({})).await;
    assert_eq!((status, &gone["state"]), (200, &json!("cancelled")));
    assert_eq!(free(&town).await, times);
});
