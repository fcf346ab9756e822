//! The doctor finds what is wrong, each thing by its own, and says what to do.

use app::commands::doctor::{Finding, Findings, examine};
use axum::http::StatusCode;
use kernel::{ActorRef, Fault, FixedClock, Lang};
use serde_json::json;
use std::sync::Arc;
use std::time::Duration;
use store::Ground;
use store::outbox::Courier;
use trace::RootKey;

/// What is wrong, without the fonts and the disk of the machine under test.
fn wrong(findings: &Findings) -> Vec<String> {
    let own = |say: &str| say.contains("print") || say.contains("free where");
    let bad = findings.0.iter().filter_map(|f| match f {
        Finding::Bad(say, advice) if !own(say) => Some(format!("{say} / {advice}")),
        _ => None,
    });
    bad.collect()
}

in_both_cities!(it_finds_what_is_wrong_and_nothing_else, |city| {
    let firm = city.token("firm").await;
    let body = crate::city::sticker(&city, &city.contract(&firm).await);
    let (status, filed) =
        city.call_keyed("POST", "/api/v1/cases", Some(&firm), Some(&body), Some("k-1")).await;
    assert_eq!(status, StatusCode::CREATED, "{filed}");
    let courier = app::wiring::courier(&city.wired);
    courier.drain().await.unwrap();
    courier.run_jobs().await.unwrap();
    let ground = &city.wired.house.ground;
    let well = examine(&city.config, true).await.unwrap();
    assert_eq!(wrong(&well), Vec::<String>::new());
    let said = well.0.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    assert!(said.contains("signed roots") && said.contains("1 cases agree"), "{said}");

    let bad = Courier::new(ground.clone()).every("toy.job", Duration::from_secs(60), |_| async {
        Err(Fault::new("no paper in the tray").into())
    });
    bad.run_jobs().await.unwrap();
    // A server whose clock is an hour ahead writes a command.
    let hour = jiff::SignedDuration::from_hours(1);
    let ahead = Ground { clock: Arc::new(FixedClock::at(ground.clock.now() + hour)), ..ground.clone() };
    let mut cx = ahead.begin(Lang::En, ActorRef::system());
    cx.commit.emit("cases.filed", "toy", &json!({})).unwrap();
    cx.finish().await.unwrap();
    // The key of the roots is exchanged for somebody else's.
    std::fs::remove_file(city.config.data.join("roots.pem")).unwrap();
    RootKey::load_or_make(&city.config.data.join("roots.pem"), ground.rng.as_ref()).unwrap();
    let found = wrong(&examine(&city.config, false).await.unwrap());
    let wanted = ["toy.job failed the last time: no paper", "NTP", "not signed by a trusted key"];
    for say in wanted {
        assert!(found.iter().any(|f| f.contains(say)), "{say} is not in:\n{found:#?}");
    }
    assert_eq!(found.len(), wanted.len(), "and nothing else: {found:#?}");
});
