//! What is rated, answered and counted, by the rules alone.

use super::*;
use crate::model::{Of, Tally};
use kernel::id::TypedId;
use kernel::{AgencyCode, PersonId, Text};
use trace::Recorded;

fn at(text: &str) -> Timestamp {
    text.parse().expect("a moment")
}

fn service(ended: Option<&str>) -> Service {
    Service {
        of: Of::Case("11999999000001038U3440107001000202611200002".parse().expect("a number")),
        item_key: "charter-bus-sticker".into(),
        item_name: Text::same("旅游包车标贴核发"),
        agency: AgencyCode::parse("nanjing.transport").expect("a code"),
        handled: AgencyCode::parse("nanjing.transport.passenger").expect("a code"),
        division: "320100".into(),
        ended_at: ended.map(at),
        served: None,
    }
}

fn somebody() -> Option<SubjectId> {
    Some(SubjectId::Person(PersonId::from_uuid(uuid::Uuid::from_u128(1))))
}

fn said(level: &str) -> Said {
    Said { level: level.into(), ..Said::default() }
}

fn rated(service: &Service, said: &Said, now: &str) -> Result<Rated, Refusal> {
    let calendar = Calendar::official();
    rate(service, (somebody(), Channel::Web), said, at(now), &calendar, &Settings::default())
}

fn code<T>(result: Result<T, Refusal>) -> String {
    result.err().map_or_else(|| "-".to_owned(), |refusal| refusal.code.into_owned())
}

#[test]
fn only_what_has_ended_is_rated_and_not_for_ever() {
    let ended = service(Some("2026-11-23T02:00:00Z"));
    assert_eq!(code(rated(&service(None), &said("1"), "2026-11-23T02:00:00Z")), "ratings.running");
    // The thirtieth day counts to its end in Beijing.
    assert_eq!(code(rated(&ended, &said("1"), "2026-12-23T15:59:59Z")), "-");
    assert_eq!(code(rated(&ended, &said("1"), "2026-12-23T16:00:00Z")), "ratings.over");
}

#[test]
fn five_levels_and_nothing_else() {
    let ended = service(Some("2026-11-23T02:00:00Z"));
    for level in ["1", "2", "3", "4", "5"] {
        let said = rated(&ended, &said(level), "2026-11-23T02:00:00Z").expect("a level");
        assert_eq!(said.level.code().to_string(), level);
        assert_eq!(said.due.is_some(), level > "3", "a bad one must be answered, a good one need not");
    }
    for level in ["", "0", "6", "-1", "一", "1.0"] {
        assert_eq!(code(rated(&ended, &said(level), "2026-11-23T02:00:00Z")), "ratings.level", "{level}");
    }
}

#[test]
fn a_bad_one_is_due_after_five_working_days_and_says_what_is_bad() {
    let ended = service(Some("2026-11-23T02:00:00Z"));
    let mut bad = said("5");
    bad.reasons = vec!["late".into(), "late".into(), "manner".into()];
    bad.text = "  等了两周。\n".into();
    let rated_bad = rated(&ended, &bad, "2026-11-23T02:00:00Z").expect("rated");
    assert_eq!(rated_bad.reasons, [Reason::Late, Reason::Manner]);
    assert_eq!(rated_bad.text, "等了两周。");
    // Monday, 23 November, and five working days.
    assert_eq!(rated_bad.due.map(|due| due.date.to_string()).as_deref(), Some("2026-11-30"));
    let good = Said { level: "2".into(), ..bad.clone() };
    assert_eq!(rated(&ended, &good, "2026-11-23T02:00:00Z").map(|r| r.reasons), Ok(vec![]));
    bad.reasons = vec!["nonsense".into()];
    assert_eq!(code(rated(&ended, &bad, "2026-11-23T02:00:00Z")), "ratings.reason");
    bad.reasons = Vec::new();
    bad.text = "长".repeat(TEXT_MAX + 1);
    assert_eq!(code(rated(&ended, &bad, "2026-11-23T02:00:00Z")), "ratings.text");
}

#[test]
fn whoever_is_not_known_is_not_named() {
    let ended = service(Some("2026-11-23T02:00:00Z"));
    let named = Said { named: true, ..said("1") };
    let by = |party| {
        let (now, calendar) = (at("2026-11-23T02:00:00Z"), Calendar::official());
        rate(&ended, (party, Channel::Web), &named, now, &calendar, &Settings::default())
    };
    assert_eq!(by(somebody()).map(|r| r.named), Ok(true));
    assert_eq!(by(None).map(|r| r.named), Ok(false));
}

#[test]
fn it_is_answered_once_and_in_words() {
    let ended = service(Some("2026-11-23T02:00:00Z"));
    let rating = |level: &str| Rating {
        said: rated(&ended, &said(level), "2026-11-23T02:00:00Z").expect("rated"),
        at: at("2026-11-23T02:00:00Z"),
        answer: None,
    };
    assert_eq!(code(answer(&rating("3"), "谢谢")), "ratings.no-answer");
    assert_eq!(code(answer(&rating("4"), " \n")), "ratings.text");
    let answered = answer(&rating("4"), " 已整改 ").expect("answered");
    assert_eq!(answered, RatingEvent::Answered { text: "已整改".into() });
    let again = Rating { answer: Some(("已整改".into(), at("2026-11-24T02:00:00Z"))), ..rating("4") };
    assert_eq!(code(answer(&again, "再答")), "ratings.no-answer");
}

#[test]
fn what_is_told_survives_the_log() {
    let ended = service(Some("2026-11-23T02:00:00Z"));
    let rated = rated(&ended, &said("5"), "2026-11-23T02:00:00Z").expect("rated");
    let event = RatingEvent::Rated(Box::new(rated));
    let json = serde_json::to_value(&event).expect("written");
    assert_eq!(json["level"], 5, "the code stands in the log: {json}");
    assert_eq!(serde_json::from_value::<RatingEvent>(json).expect("read"), event);
    assert!(fold(&[] as &[Recorded<RatingEvent>]).is_err());
}

#[test]
fn tallies_count_and_round_down() {
    let mut tally = Tally::default();
    assert_eq!((tally.total(), tally.satisfied()), (0, None));
    tally.add(Level::VeryGood, 1);
    tally.add(Level::Fair, 1);
    tally.add(Level::VeryPoor, 1);
    assert_eq!((tally.0, tally.total(), tally.satisfied()), ([1, 0, 1, 0, 1], 3, Some(66)));
}
