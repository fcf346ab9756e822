//! Tests of the calendar: published days, counted terms, sentences, and mistakes in tables.

use super::*;
use crate::{Lang, Term};
use jiff::civil::{DateTime, date, datetime};
use proptest::prelude::*;

fn at(text: &str) -> Timestamp {
    moment(text.parse::<DateTime>().unwrap())
}

fn due(from: &str, term: &str) -> Due {
    Calendar::official().due(at(from), term.parse().unwrap())
}

/// `domain.md` §15: from, then the due dates of 1, 5, 7, 10, 15, 20 and 45 working days.
const VECTORS: &str = "\
2026-02-09 2026-02-10 2026-02-14 2026-02-25 2026-02-28 2026-03-06 2026-03-13 2026-04-20
2026-02-13 2026-02-14 2026-02-27 2026-03-02 2026-03-05 2026-03-12 2026-03-19 2026-04-24
2026-04-30 2026-05-06 2026-05-11 2026-05-13 2026-05-18 2026-05-25 2026-06-01 2026-07-07
2026-09-15 2026-09-16 2026-09-21 2026-09-23 2026-09-29 2026-10-12 2026-10-19 2026-11-23
2026-09-30 2026-10-08 2026-10-13 2026-10-15 2026-10-20 2026-10-27 2026-11-03 2026-12-08";

/// Year and its working days.
const WORKING_DAYS: [(i16, i64); 8] =
    [(2019, 250), (2020, 249), (2021, 250), (2022, 249), (2023, 249), (2024, 251), (2025, 248), (2026, 248)];

#[test]
fn working_days_of_2026() {
    let calendar = Calendar::official();
    for line in VECTORS.lines() {
        let dates: Vec<Date> = line.split(' ').map(|d| d.parse().unwrap()).collect();
        for (term, expected) in [1, 5, 7, 10, 15, 20, 45].into_iter().zip(&dates[1..]) {
            for time in [time(0, 0, 0, 0), time(10, 0, 0, 0), time(23, 59, 59, 0)] {
                let due = calendar.due(moment(dates[0].to_datetime(time)), Term::working_days(term));
                assert_eq!((due.date, due.provisional), (*expected, false), "{} {term}wd", dates[0]);
            }
            assert_eq!(calendar.working_days_between(dates[0], *expected), i64::from(term));
            assert_eq!(calendar.working_days_between(*expected, dates[0]), -i64::from(term));
        }
    }
}

#[test]
fn the_official_table_is_sound() {
    let calendar = Calendar::from_toml(OFFICIAL).unwrap();
    assert_eq!(calendar, Calendar::official());
    assert_eq!(Calendar::from_toml(&calendar.to_toml()).unwrap(), calendar);
    assert_eq!(calendar.coverage(), (date(2019, 1, 1), date(2026, 12, 31)));
    // Working days a year, counted from both published packages.
    for (year, count) in WORKING_DAYS {
        let (from, to) = (date(year - 1, 12, 31), date(year, 12, 31));
        assert_eq!(calendar.working_days_between(from, to), count, "{year}");
    }
    let spring_2020 = [date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)];
    assert!(spring_2020.iter().all(|d| !calendar.is_working_day(*d)));
    assert!(calendar.is_working_day(date(2020, 2, 3)) && calendar.is_working_day(date(2025, 1, 26)));
    assert_eq!(calendar.next_working_day(date(2025, 9, 30)), date(2025, 10, 9));
    assert!(matches!(calendar.day(date(2026, 2, 28)), Day::MakeUp(name) if name.zh == "春节"));
}

#[test]
fn the_term_ends_with_the_day_in_beijing() {
    // 16:30 UTC is half past midnight of the next day in Beijing.
    let due = Calendar::official().due("2026-02-08T16:30:00Z".parse().unwrap(), Term::working_days(1));
    assert_eq!(due.date, date(2026, 2, 10));
    assert_eq!(due.at, "2026-02-10T15:59:59.999999Z".parse().unwrap());
    assert_eq!(crate::clock::truncate(due.at), due.at);
}

#[test]
fn calendar_days_and_nought() {
    assert_eq!(due("2026-02-09T10:00", "30d").date, date(2026, 3, 11));
    assert_eq!(due("2024-02-28T10:00", "2d").date, date(2024, 3, 1));
    assert_eq!(due("2026-02-09T10:00", "7d").date, date(2026, 2, 16));
    let moving = Calendar::official().last_day_off_moves(true);
    let moved = moving.due(at("2026-02-09T10:00"), Term::days(7));
    assert_eq!(moved.date, date(2026, 2, 24));
    assert!(moved.why.contains(&Why::Moved { date: date(2026, 2, 24) }));
    assert_eq!(due("2026-02-09T10:00", "0wd").date, date(2026, 2, 9));
    assert_eq!(due("2026-02-15T10:00", "0wd").date, date(2026, 2, 24));
    assert_eq!(due("2026-02-15T10:00", "0d").date, date(2026, 2, 15));
    assert_eq!(due("2026-02-15T10:00", "0wh").at, at("2026-02-15T10:00"));
}

#[test]
fn office_hours() {
    for (from, term, expected) in [
        ("2026-02-10T09:00", "4wh", "2026-02-10T14:30"),
        ("2026-02-10T10:30", "4wh", "2026-02-10T16:00"),
        ("2026-02-10T13:30", "4wh", "2026-02-10T17:30"),
        ("2026-02-10T15:00", "4wh", "2026-02-11T10:30"),
        ("2026-02-10T12:15", "1wh", "2026-02-10T14:30"),
        ("2026-02-10T03:00", "3wh", "2026-02-10T12:00"),
        ("2026-02-10T20:00", "1wh", "2026-02-11T10:00"),
        ("2026-02-14T17:00", "1wh", "2026-02-24T09:30"),
        ("2026-02-15T10:00", "7wh", "2026-02-24T17:30"),
        ("2025-12-31T17:00", "1wh", "2026-01-04T09:30"),
    ] {
        let due = due(from, term);
        assert_eq!(due.at, at(expected), "{from} {term}");
        let minutes = Calendar::official().office_minutes_between(at(from), due.at);
        assert_eq!(minutes, i64::from(due.term.count) * 60, "{from} {term}");
    }
    let round = Calendar::official()
        .with_office_hours(OfficeHours::new(vec![(time(0, 0, 0, 0), time(23, 0, 0, 0))]).unwrap());
    assert_eq!(round.due(at("2026-02-10T22:30"), Term::office_hours(1)).at, at("2026-02-11T00:30"));
}

#[test]
fn late_receipt_counts_from_the_next_working_day_where_the_place_says_so() {
    let local = Calendar::official().after_hours_next_day(true);
    assert_eq!(local.due(at("2026-02-13T17:30"), Term::working_days(1)).date, date(2026, 2, 14));
    let late = local.due(at("2026-02-13T17:31"), Term::working_days(1));
    assert_eq!(late.date, date(2026, 2, 24));
    assert!(late.explain(Lang::ZhCn)[0].contains("视为2026年2月14日（周六）收到"));
    assert_eq!(due("2026-02-13T17:31", "1wd").date, date(2026, 2, 14));
    // Friday evening, Saturday and Sunday are all received on Monday: later is never due earlier.
    for weekend in ["2026-03-06T18:00", "2026-03-07T10:00", "2026-03-08T23:00"] {
        let due = local.due(at(weekend), Term::working_days(1));
        assert_eq!(due.date, date(2026, 3, 10), "{weekend}");
        assert!(due.why.contains(&Why::ReceivedOn { date: date(2026, 3, 9) }));
    }
    assert!(local.due(at("2027-01-02T10:00"), Term::days(1)).provisional);
}

#[test]
fn over_the_year_and_beyond_the_table() {
    let over = due("2025-12-30T10:00", "3wd");
    assert_eq!((over.date, over.provisional), (date(2026, 1, 5), false));
    let beyond = due("2026-12-30T10:00", "3wd");
    assert_eq!((beyond.date, beyond.provisional), (date(2027, 1, 4), true));
    assert!(beyond.why.contains(&Why::Unknown { date: date(2027, 1, 1) }));
    assert!(beyond.explain(Lang::En).iter().any(|s| s.contains("provisional")));
    assert!(!due("2026-12-30T10:00", "1wd").provisional);
    assert!(due("2018-12-27T10:00", "2wd").provisional);
    assert!(due("2026-12-31T17:00", "1wh").provisional);
    // At the end of time the reckoning stops instead of going on.
    let last = Calendar::official().due(Timestamp::MAX, Term::working_days(Term::MAX));
    assert!(last.provisional);
}

#[test]
fn excluded_days_do_not_count() {
    let hearing = Span {
        from: date(2026, 3, 3),
        to: date(2026, 3, 9),
        article: Text::new(
            "行政许可法第四十五条（听证）",
            "Administrative Licensing Law, article 45 (hearing)",
        ),
    };
    let calendar = Calendar::official();
    let due =
        calendar.due_excluding(at("2026-03-02T10:00"), Term::working_days(2), std::slice::from_ref(&hearing));
    assert_eq!(due.date, date(2026, 3, 11));
    assert!(due.why.contains(&Why::Excluded {
        from: date(2026, 3, 3),
        to: date(2026, 3, 9),
        article: hearing.article.clone()
    }));
    let days = calendar.due_excluding(at("2026-03-02T10:00"), Term::days(2), std::slice::from_ref(&hearing));
    assert_eq!(days.date, date(2026, 3, 11));
    let hours =
        calendar.due_excluding(at("2026-03-02T16:30"), Term::office_hours(2), std::slice::from_ref(&hearing));
    assert_eq!(hours.at, at("2026-03-10T10:00"));
    let ever = Span { from: date(2026, 3, 3), to: Date::MAX, ..hearing };
    assert_eq!(calendar.due_excluding(at("2026-03-02T10:00"), Term::days(1), &[ever]).date, Date::MAX);
}

#[test]
fn the_reckoning_in_words() {
    let due = due("2026-02-13T10:00", "5wd");
    assert_eq!(
        due.explain(Lang::ZhCn),
        [
            "5个工作日，2026年2月13日（周五）收到，当日不计。",
            "自2026年2月14日起算，计入：2月14日、2月24日至2月27日。",
            "其中调休上班的周末也计入：2月14日（春节）。",
            "跳过法定节假日：2月15日至2月23日（春节）。",
            "截止日期：2026年2月27日（周五），当日结束前有效。",
        ]
    );
    assert_eq!(
        due.explain(Lang::En),
        [
            "5 working days, received on Friday, 13 February 2026, which is not counted.",
            "Counted from 14 February 2026: 14 February, 24 February to 27 February.",
            "Weekend days worked instead of a holiday count: 14 February (Spring Festival).",
            "Holidays skipped: 15 February to 23 February (Spring Festival).",
            "Due by the end of Friday, 27 February 2026.",
        ]
    );
    assert_eq!(due.why.len(), 4);
    let hours = self::due("2026-02-10T15:00", "4wh");
    assert_eq!(
        hours.explain(Lang::ZhCn),
        [
            "4个工作小时，自2026年2月10日（周二）15:00起，只计办公时间。",
            "2026年2月10日（周二）15:00–17:30，计150分钟。",
            "2026年2月11日（周三）09:00–10:30，计90分钟。",
            "截止时间：2026年2月11日（周三）10:30。",
        ]
    );
    let kept = serde_json::to_string(&hours).unwrap();
    assert_eq!(serde_json::from_str::<Due>(&kept).unwrap(), hours);
}

#[test]
fn mistakes_in_a_table_have_a_line() {
    let head = "[coverage]\nfrom = \"2026-01-01\"\nuntil = \"2026-12-31\"\n";
    let day = "[[holiday]]\nname = { zh-CN = \"元旦\", en = \"New Year\" }\n";
    for (table, line, part) in [
        ("[coverage]\nfrom = \"2026-01-01\"\nuntil = \"2025-12-31\"\n".to_owned(), 3, "before"),
        ("[coverage]\nfrom = \"2026-13-01\"\nuntil = \"2025-12-31\"\n".to_owned(), 2, "no date"),
        (format!("{head}{day}off = [\"2026-1-1\"]\n"), 6, "no date"),
        (format!("{head}{day}off = [\n  \"2026-01-01\",\n  \"2026-01-03..2026-01-02\"]\n"), 8, "forwards"),
        (format!("{head}{day}off = [\"2026-01-01..9999-01-01\"]\n"), 6, "forwards"),
        (format!("{head}{day}off = [\"2026-01-01\", \"2026-01-01\"]\n"), 6, "twice"),
        (format!("{head}{day}work = [\"2026-01-02\"]\n"), 6, "Saturday"),
        (format!("{head}{day}of = [\"2026-01-02\"]\n"), 6, "unknown field"),
        (format!("{head}[office]\nhours = [\"09:00-08:00\"]\n"), 5, "forwards"),
        (format!("{head}[office]\nhours = [\"9-12\"]\n"), 5, "time of day"),
        (format!("{head}[office]\nhours = []\n"), 5, "one span"),
        ("nonsense".to_owned(), 1, "cannot be read"),
    ] {
        let error = Calendar::from_toml(&table).unwrap_err();
        assert!(error.line == line && error.say.en.contains(part), "{table}\n{error}");
    }
}

proptest! {
    #[test]
    fn a_longer_term_never_ends_earlier(minutes in 0i64..5_000_000, count in 0u32..60) {
        let calendar = Calendar::official();
        let from = at("2018-06-01T00:00") + jiff::SignedDuration::from_mins(minutes);
        for unit in ["wd", "wh", "d"] {
            let due = |n: u32| calendar.due(from, format!("{n}{unit}").parse().unwrap());
            let (short, long) = (due(count), due(count + 1));
            prop_assert!(from <= short.at && short.at < long.at || count == 0 && unit == "wd");
            if unit == "wd" && count > 0 {
                prop_assert!(calendar.is_working_day(short.date));
                prop_assert_eq!(calendar.working_days_between(civil(from).date(), short.date), i64::from(count));
            }
            if unit == "wh" {
                let whole = datetime(1970, 1, 1, 0, 0, 0, 0) < civil(from);
                prop_assert!(whole && calendar.office_minutes_between(from, short.at) == i64::from(count) * 60);
            }
        }
    }

    #[test]
    fn any_table_is_answered(text in "\\PC{0,200}") {
        let _ = Calendar::from_toml(&text);
    }
}
