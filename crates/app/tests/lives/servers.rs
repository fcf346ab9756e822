//! Two servers on one database: they sweep together, and each term passes once.

use crate::city::PDF;
use crate::on_both;
use crate::town::Town;
use app::wiring;
use std::sync::Arc;

const CASES: usize = 6;

on_both!(two_servers_write_each_end_once, |backend| {
    let town = Town::new(backend).await;
    let body = town.small_restaurant().await;
    let mut numbers = Vec::new();
    for _ in 0..CASES {
        numbers.push(town.file_case("restaurant", &body).await);
    }
    // A second server; SQLite lives inside one program, there two sweeps of one server meet.
    let second = match backend {
        harness::Backend::Postgres => {
            wiring::wire_at(&town.city.config, Arc::new(town.clock.clone())).await.unwrap().house
        }
        harness::Backend::Sqlite => town.city.wired.house.clone(),
    };
    town.at("2027-02-01T02:00:00Z");
    let (one, two) = tokio::join!(cases::sweep(&town.city.wired.house), cases::sweep(&second));
    let (one, two) = (one.unwrap(), two.unwrap());
    assert!(one.failed.is_empty() && two.failed.is_empty(), "{one:?} {two:?}");
    let mut ends = 0;
    for number in &numbers {
        let events = town.events("restaurant", number).await;
        let mut passed: Vec<String> = events
            .iter()
            .filter(|(word, _)| word == "term_passed")
            .map(|(_, line)| format!("{} {}", line["body"]["kind"], line["body"]["due"]))
            .collect();
        let moments: Vec<&str> = events
            .iter()
            .filter(|(word, _)| word == "term_passed")
            .map(|(_, line)| line["occurred_at"].as_str().unwrap())
            .collect();
        assert!(moments.is_sorted(), "in the order of the ends: {moments:?}");
        let all = passed.len();
        passed.sort();
        passed.dedup();
        assert!(all >= 4 && passed.len() == all, "each end once: {passed:?} of {all}");
        assert_eq!(town.state("restaurant", number).await, "accepted", "accepted by silence");
        ends += all;
    }
    assert_eq!(one.ends + two.ends, ends, "{one:?} {two:?}");
});

on_both!(a_filed_paper_outlives_the_loose_ones, |backend| {
    let town = Town::new(backend).await;
    let number = town.file_case("restaurant", &town.small_restaurant().await).await;
    let loose = town.file("restaurant", "没有提交.pdf").await;
    town.at("2026-11-25T02:00:00Z");
    town.settle().await;
    let case = town.case("restaurant", &number).await;
    let house = &town.city.wired.house;
    for field in ["layout_file", "rules_file", "health_file", "lease_file"] {
        let id = case["answers"][field][0]["file"].as_str().unwrap().parse().unwrap();
        let (_, bytes) = store::files::read(&house.ground.store, id).await.unwrap();
        assert_eq!(bytes, PDF.as_bytes(), "{field}");
    }
    let id = loose[0]["file"].as_str().unwrap().parse().unwrap();
    let gone = store::files::read(&house.ground.store, id).await.unwrap_err();
    assert!(!gone.to_string().is_empty(), "what was never handed in is let go");
});
