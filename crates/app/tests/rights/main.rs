//! Rights over routes over whose data: what belongs to a person and to a firm is planted in every room, and every route of the wired
//! program is asked by everybody who may not see it — strangers, and those who are near: agents, guardians, spouses, parties to the
//! same sale, people of the same firm, colleagues. Pages, lists, searches, files (CSV, ZIP), the API and every act: nothing comes back but
//! what is said here to be theirs. (The API has no expansions.) `table.txt` names every route with what each of them is answered; a route that is not
//! there fails the test, and so does one behind which nothing is planted.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "tests only")]

mod bills;
#[path = "../city/mod.rs"]
mod city;
mod marks;
mod near;
mod owner;
mod parcels;
mod plant;
mod routes;
mod shelter;
mod somebody;
mod table;
mod tries;

use city::City;
use harness::Backend;
use owner::Owner;
use routes::Route;
use somebody::Somebody;
use std::collections::BTreeMap;
use std::sync::Arc;
use tries::{Seat, Tried};

/// Everybody who may see nothing of it: a visitor, another person, another firm, the hall's clerk, supervision of another division, the
/// operator. Of the person's data also another agency's examiner, who handles the firm's.
const STRANGERS: [&str; 7] =
    ["", "citizen-chancheng", "firm2", "clerk", "examiner", "supervisor2", "operator"];

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_shown_what_is_not_theirs_on_sqlite() {
    nobody_is_shown_what_is_not_theirs(Backend::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nobody_is_shown_what_is_not_theirs_on_postgres() {
    nobody_is_shown_what_is_not_theirs(Backend::Postgres).await;
}

async fn nobody_is_shown_what_is_not_theirs(backend: Backend) {
    let city = City::new(backend).await;
    let (mut person, me) = plant::plant(&city, &plant::PERSON).await;
    let (mut firm, boss) = plant::plant(&city, &plant::FIRM).await;
    for (own, plan) in [(&mut person, &plant::PERSON), (&mut firm, &plant::FIRM)] {
        plant::bulk(&city, &Somebody::browser(&city, plan.examiner).await, own).await;
    }
    let courier = app::wiring::courier(&city.wired);
    courier.drain().await.unwrap();
    courier.run_jobs().await.unwrap();
    courier.drain().await.unwrap();
    let dossiers = records::CaseDossiers::new(city.wired.house.clone(), city.wired.signer.clone());
    records::archive_closed(&city.wired.house.ground, &dossiers, 0).await.unwrap();
    plant::finish(&city, &plant::PERSON, &me, &mut person).await;
    plant::finish(&city, &plant::FIRM, &boss, &mut firm).await;
    let mut owners = vec![person, firm];
    let mut seats = strangers(&city).await;
    seats.extend(near::near(&city, &me, &boss, &mut owners).await);
    let routes: Vec<Route> = routes::of(&city.router).into_iter().collect();
    let mut wrong = Vec::new();
    planted(&city, &routes, &owners, &mut wrong).await;
    let before = states(&city, &owners).await;
    let (city, owners, routes) = (Arc::new(city), Arc::new(owners), Arc::new(routes));
    let (seats, mut tried) = read(&city, &owners, &routes, seats).await;
    // Reading first, for acts may change what there is to read; one after the other, so that the table is the same each time.
    for (seat, tried) in seats.iter().zip(&mut tried) {
        let acts = seat.tries(&city, &routes, &owners, false).await;
        tried.statuses.extend(acts.statuses);
        tried.wrong.extend(acts.wrong);
    }
    assert_eq!(states(&city, &owners).await, before, "what is theirs was changed by others");
    let mut table = BTreeMap::<Route, Vec<String>>::new();
    for tried in tried {
        wrong.extend(tried.wrong);
        for (route, statuses) in tried.statuses {
            table.entry(route).or_default().push(statuses);
        }
    }
    table::compare(&table, &mut wrong);
    assert!(wrong.is_empty(), "{} of {} routes:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

async fn strangers(city: &City) -> Vec<Seat> {
    let mut seats = Vec::new();
    for name in STRANGERS {
        let seat = Seat::new(Somebody::new(city, name).await, &["person", "firm"], &[]);
        seats.push(match name {
            "examiner" => Seat { tries: &["person"], may: &["firm:"], ..seat },
            _ => seat,
        });
    }
    seats
}

/// Each seat reads on its own, two at a time.
async fn read(
    city: &Arc<City>,
    owners: &Arc<Vec<Owner>>,
    routes: &Arc<Vec<Route>>,
    seats: Vec<Seat>,
) -> (Vec<Seat>, Vec<Tried>) {
    let mut running = Vec::new();
    for seat in seats {
        let (city, owners, routes) = (city.clone(), owners.clone(), routes.clone());
        running.push(tokio::spawn(async move {
            let tried = seat.tries(&city, &routes, &owners, true).await;
            (seat, tried)
        }));
    }
    let mut done = (Vec::new(), Vec::new());
    for task in running {
        let (seat, tried) = task.await.unwrap();
        done.0.push(seat);
        done.1.push(tried);
    }
    done
}

async fn states(city: &City, owners: &[Owner]) -> Vec<(String, i64)> {
    let mut all = Vec::new();
    for owner in owners {
        all.extend(owner.state(city).await);
    }
    all
}

/// Who may see the things of an owner.
const VIEWERS: [(&str, &[&str]); 2] = [
    (
        "person",
        &["citizen", "housing-clerk", "examiner2", "police", "supervisor", "housing-window", "operator"],
    ),
    ("firm", &["firm", "examiner", "police", "supervisor", "housing-window", "operator"]),
];
/// What nobody is shown of them, each with its reason.
const UNSEEN: &[(&str, &str, &str)] = &[
    ("person", "/cases/{number}/acts/", "all of theirs is over, and nothing can be done with it"),
    ("person", "/publicity/", "theirs is not public"),
    ("firm", "/publicity/", "theirs is not public"),
    ("person", "/kiosk/", "a kiosk is known by the secret of its address"),
    ("firm", "/kiosk/", "a kiosk is known by the secret of its address"),
    ("person", "/desk/hall/notices/", "shown to the clerks of that hall, who are among the strangers"),
    ("firm", "/desk/hall/notices/", "shown to the clerks of that hall, who are among the strangers"),
    ("firm", "/desk/window/{visit}/scan/", "the form of that visit asks for no file"),
    ("person", "/desk/filed/", "theirs was handed in on line; what a window filed is tested at the desk"),
    ("firm", "/desk/filed/", "theirs was handed in on line; what a window filed is tested at the desk"),
    ("firm", "/desk/cases/{number}/supplement", "its agency has no window in the demonstration city"),
];

/// Something is there: behind every route that reads, somebody who may is shown it.
async fn planted(city: &City, routes: &[Route], owners: &[Owner], wrong: &mut Vec<String>) {
    for (key, accounts) in VIEWERS {
        let owner = owners.iter().find(|o| o.key == key).unwrap();
        let mut viewers = Vec::new();
        for account in accounts {
            viewers.push(Somebody::new(city, account).await);
        }
        for route in routes.iter().filter(|r| r.method == "GET" && r.path.contains('{')) {
            let Some(path) = owner.fill(&route.path) else { continue };
            if UNSEEN.iter().any(|(of, start, _)| *of == key && route.path.starts_with(start)) {
                continue;
            }
            let mut answers = Vec::new();
            for viewer in &viewers {
                let (status, _) = viewer.ask(city, "GET", &path, "").await;
                answers.push(status.as_u16());
                if ![401, 403, 404].contains(&status.as_u16()) {
                    break;
                }
            }
            if answers.iter().all(|status| [401, 403, 404].contains(status)) {
                wrong.push(format!("{key}: nothing is planted at {path}: {answers:?}"));
            }
        }
    }
}
