//! With the cases of a real house: what came in goes out again, and what goes out comes in the same elsewhere.

use harness::Backend;
use kernel::{ActorRef, Lang};
use records::{CaseHoldings, Column, Csv, Mapping, Order, Report, Selection, cli};
use std::io::Cursor;
use store::Migrations;

const ROOMS: &[Migrations] = &[
    trace::MIGRATIONS,
    identity::MIGRATIONS,
    exchange::MIGRATIONS,
    catalog::MIGRATIONS,
    procedure::MIGRATIONS,
    certificates::MIGRATIONS,
    proofs::MIGRATIONS,
    cases::MIGRATIONS,
    records::MIGRATIONS,
];

/// A log of another system: granted after a review, refused, withdrawn, and one that still runs.
fn log() -> String {
    let event = |name: &str, at: &str, who: &str, transition: &str| {
        format!(
            "<event><string key=\"concept:name\" value=\"{name}\"/><date key=\"time:timestamp\" value=\"2026-{at}+08:00\"/>\
             <string key=\"org:resource\" value=\"{who}\"/><string key=\"lifecycle:transition\" value=\"{transition}\"/></event>\n"
        )
    };
    let trace = |number: usize, state: &str, outcome: &str, closed: &str, events: &[String]| {
        let outcome = if outcome.is_empty() {
            String::new()
        } else {
            format!("<string key=\"outcome\" value=\"{outcome}\"/>")
        };
        let closed = if closed.is_empty() {
            String::new()
        } else {
            format!("<date key=\"closed_at\" value=\"2026-{closed}+08:00\"/>")
        };
        format!(
            "<trace><string key=\"concept:name\" value=\"OLD-{number}\"/><string key=\"item\" value=\"charter-bus-sticker\"/>\
             <string key=\"state\" value=\"{state}\"/>{outcome}{closed}\n{}</trace>\n",
            events.concat()
        )
    };
    let desk = "nanjing.transport.passenger";
    let filed = |at| event("filed", at, "applicant", "complete");
    let mut log = "<log xes.version=\"1.0\">\n".to_owned();
    for n in 0..230 {
        let (state, outcome) = if n % 2 == 0 { ("closed", "approved") } else { ("closed", "refused") };
        let events = [
            filed("11-02T09:00:00"),
            event("accepted", "11-02T10:00:00", desk, "complete"),
            event("approve", "11-02T10:00:00", desk, "start"),
            event("approve", "11-03T09:00:00", desk, "complete"),
            event("decided", "11-03T09:00:01", desk, "complete"),
            event("closed", "11-03T10:00:00", "automatic", "complete"),
        ];
        log += &trace(n, state, outcome, "11-03T10:00:00", &events);
    }
    let gone = [filed("11-04T09:00:00"), event("withdrawn", "11-04T12:00:00", "applicant", "complete")];
    log += &trace(1_000, "withdrawn", "", "11-04T12:00:00", &gone);
    log += &trace(1_001, "accepted", "", "", &[filed("11-20T09:00:00")]);
    log + "</log>\n"
}

fn order(source: &str, dry: bool) -> Order {
    Order {
        mapping: Mapping::read(&format!("source: {source}\nformat: xes\n")).unwrap(),
        file: "cases.xes".to_owned(),
        dry,
        actor: ActorRef::system(),
        lang: Lang::En,
    }
}

async fn import(house: &CaseHoldings, ground: &store::Ground, order: &Order, text: String) -> Report {
    records::import(ground, house, order, Cursor::new(text)).await.unwrap()
}

async fn xes(house: &CaseHoldings, ground: &store::Ground, selection: Selection) -> (String, usize, usize) {
    let mut out = Vec::new();
    let meter = cli::export_xes(ground, house, selection, &mut out).await.unwrap();
    (String::from_utf8(out).unwrap(), meter.cases(), meter.acts())
}

/// The log without the numbers of cases, which are each house's own, its traces in the order of their text.
fn comparable(log: &str) -> Vec<String> {
    let mut traces: Vec<String> = log
        .lines()
        .filter(|line| line.starts_with("<trace>"))
        .map(|line| {
            let (_, rest) = line.split_once("<string key=\"item\"").unwrap();
            rest.to_owned()
        })
        .collect();
    traces.sort();
    traces
}

async fn round_trip(t: harness::TestGround, backend: Backend) {
    let other = harness::ground(backend, ROOMS).await;
    let (one, two) = (crate::common::town(&t).await, crate::common::town(&other).await);
    for ground in [&t.ground, &other.ground] {
        procedure::seed_demo_seals(ground).await.unwrap();
    }
    let (here, there) = (CaseHoldings::new(one), CaseHoldings::new(two));
    let tried = import(&here, &t.ground, &order("old", true), log()).await;
    let done = import(&here, &t.ground, &order("old", false), log()).await;
    assert!(done.fine(), "{}", done.text(Lang::En));
    assert_eq!((done.created, done.there), (232, 0));
    assert_eq!(Report { dry: true, ..done }, tried, "the dry run told what the run did");
    let again = import(&here, &t.ground, &order("old", false), log()).await;
    assert_eq!((again.created, again.there), (0, 232));

    let (first, cases, acts) = xes(&here, &t.ground, Selection::default()).await;
    assert_eq!(cases, 232);
    assert!(acts > 230 * 6 + 2, "{acts}");
    for word in ["OLD-", "person", "account"] {
        assert!(!first.contains(word), "{word} does not leave");
    }
    let ended = Selection::read(|name| if name == "closed_from" { "2026-11-01" } else { "" }).unwrap();
    let (ended, cases, acts) = xes(&here, &t.ground, ended).await;
    assert_eq!((cases, acts), (231, 230 * 6 + 2), "acts are as they were told, none is made up");
    let moved = import(&there, &other.ground, &order("first-house", false), ended.clone()).await;
    assert!(moved.fine(), "{}", moved.text(Lang::En));
    let (second, ..) = xes(&there, &other.ground, Selection::default()).await;
    assert_eq!(comparable(&second), comparable(&ended));

    let mut table = Vec::new();
    let columns = vec![Column::StateName, Column::Outcome, Column::Applicant, Column::ClosedAt, Column::Acts];
    let csv = Csv { columns, excel: false, lang: Lang::En };
    let gone = Selection::read(|name| if name == "state" { "withdrawn" } else { "" }).unwrap();
    cli::export_csv(&t.ground, &here, gone, csv, &mut table).await.unwrap();
    let expected =
        "State,Outcome,Applicant,Closed at,Acts\r\nWithdrawn,withdrawn,*,2026-11-04T12:00:00+08:00,2\r\n";
    assert_eq!(String::from_utf8(table).unwrap(), expected);
    // Both databases give the same log; two writers of one file would not.
    if matches!(backend, Backend::Sqlite) {
        keep(&first);
    }
}

/// `YIMEN_PM4PY_LOG` names a file into which the log is put for `e2e/pm4py_check.py`.
fn keep(log: &str) {
    if let Some(path) = std::env::var_os("YIMEN_PM4PY_LOG") {
        std::fs::write(path, log).unwrap();
    }
}

#[test]
fn a_log_goes_through_two_houses_sqlite() {
    harness::run(Backend::Sqlite, ROOMS, |t| round_trip(t, Backend::Sqlite));
}

#[test]
fn a_log_goes_through_two_houses_postgres() {
    harness::run(Backend::Postgres, ROOMS, |t| round_trip(t, Backend::Postgres));
}
