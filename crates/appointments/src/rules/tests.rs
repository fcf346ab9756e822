//! The rules by themselves.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests only")]

use super::life::{Coming, coming};
use super::{absence, capacity, ics, slots};
use crate::model::{Code, Offer, Slot};
use crate::settings::Settings;
use hall::WindowRow;
use hall::model::{Letter, WindowKind};
use hall::rules::hours::Hours;
use jiff::civil::Date;
use kernel::{Calendar, Timestamp};

fn at(text: &str) -> Timestamp {
    let local: jiff::civil::DateTime = text.replace(' ', "T").parse().unwrap();
    local.to_zoned(kernel::clock::legal_zone()).unwrap().timestamp()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn starts(hours: &str, date: &str, terms: &Settings) -> Vec<String> {
    let slots = slots::of_day(&Hours::parse(hours).unwrap(), &Calendar::official(), day(date), terms);
    slots.iter().map(|s| page::format::time(s.starts_at)).collect()
}

#[test]
fn slots_lie_within_the_hours_and_leave_the_break_out() {
    let terms = Settings::default();
    let hours = "1-5 09:00-11:45,13:30-14:30; 6 09:00-10:00";
    assert_eq!(
        starts(hours, "2026-11-24", &terms),
        ["09:00", "09:30", "10:00", "10:30", "11:00", "13:30", "14:00"]
    );
    assert_eq!(starts(hours, "2026-11-28", &terms), ["09:00", "09:30"], "a Saturday");
    assert!(starts(hours, "2026-11-29", &terms).is_empty(), "a Sunday");
    assert!(starts(hours, "2026-10-01", &terms).is_empty(), "National Day, a Thursday");
    assert_eq!(starts(hours, "2026-10-10", &terms).len(), 7, "a Saturday that is a make-up working day");
    assert_eq!(starts("* 1-7 00:00-24:00", "2026-10-01", &terms).len(), 48);
    let long = Settings { slot_minutes: 240, ..terms };
    assert!(starts(hours, "2026-11-24", &long).is_empty());
}

#[test]
fn the_horizon_counts_working_days() {
    let calendar = Calendar::official();
    let terms = Settings::default();
    assert_eq!(slots::last_day(&calendar, day("2026-11-23"), &terms), day("2026-12-07"));
    let ahead =
        slots::ahead(&Hours::parse("1-5 09:00-10:00").unwrap(), &calendar, at("2026-11-27 12:00"), &terms);
    let days: Vec<Date> = ahead.iter().map(|(d, _)| *d).collect();
    assert_eq!((days[0], days[1], days.len()), (day("2026-11-27"), day("2026-11-30"), 11));
}

fn window(number: &str, kind: WindowKind, letters: &str, open: bool) -> WindowRow {
    WindowRow {
        number: number.into(),
        kind,
        letters: letters.parse().unwrap(),
        open,
        clerk: None,
        since: None,
        trained: None,
    }
}

#[test]
fn a_shared_window_counts_in_parts_and_the_share_is_kept() {
    let a: Letter = "A".parse().unwrap();
    let windows = [
        window("1", WindowKind::Comprehensive, "ABC", true),
        window("2", WindowKind::Comprehensive, "ABC", true),
        window("3", WindowKind::Comprehensive, "ABC", true),
        window("4", WindowKind::Named, "A", false),
        window("5", WindowKind::Issuing, "A", true),
    ];
    let terms = Settings { persons: 10, walk_in: 0, ..Settings::default() };
    let c = capacity::of(&windows, a, None, None, &terms);
    assert_eq!(
        (c.hundredths, c.places, c.windows.len()),
        (100, 10, 3),
        "three thirds are one window, exactly"
    );
    assert_eq!(
        capacity::of(&windows, a, None, Some(35), &terms).places,
        6,
        "rounded down: the share is kept"
    );
    let offer = |offered, persons, windows| Offer { letter: a, offered, persons, windows };
    assert_eq!(capacity::of(&windows, a, Some(&offer(true, Some(3), Some(4))), Some(50), &terms).places, 6);
    assert_eq!(capacity::of(&windows, a, Some(&offer(false, None, None)), None, &terms).places, 0);
    assert_eq!(capacity::of(&[], a, None, None, &terms).places, 0);
    assert_eq!(capacity::of(&windows, a, None, Some(100), &terms).places, 0);
}

#[test]
fn in_time_from_half_an_hour_before_to_a_quarter_after() {
    let terms = Settings::default();
    let slot = Slot { starts_at: at("2026-11-24 09:00"), ends_at: at("2026-11-24 09:30") };
    let come = |when: &str| coming(&slot, at(when), &terms);
    assert_eq!(come("2026-11-24 08:29:59"), Coming::Early(at("2026-11-24 08:30")));
    assert_eq!((come("2026-11-24 08:30"), come("2026-11-24 09:15")), (Coming::InTime, Coming::InTime));
    assert_eq!((come("2026-11-24 09:16"), come("2026-11-24 23:59")), (Coming::Late, Coming::Late));
    assert_eq!(come("2026-11-25 00:00"), Coming::Over);
}

#[test]
fn three_absences_in_half_a_year_pause_for_a_month_from_the_last() {
    let terms = Settings::default();
    let missed = ["2026-05-01 09:00", "2026-10-01 09:00", "2026-11-20 09:00"].map(at);
    let now = at("2026-11-24 09:00");
    assert_eq!(absence::paused_until(&missed[1..], now, &terms), None);
    assert_eq!(
        absence::paused_until(&missed, now, &terms),
        None,
        "the first is more than 180 days before the last"
    );
    let near = ["2026-06-01 09:00", "2026-11-20 09:00", "2026-10-01 09:00"].map(at);
    assert_eq!(absence::paused_until(&near, now, &terms), Some(at("2026-12-20 09:00")));
    assert_eq!(absence::paused_until(&near, at("2026-12-20 09:00"), &terms), None, "it ends by itself");
}

#[test]
fn a_code_notices_one_wrong_digit() {
    for number in [0, 1, 7, 12_345, 99_999] {
        let code = Code::of(number);
        assert_eq!(code.to_string().parse::<Code>().unwrap(), code);
        assert_eq!(code.spoken().parse::<Code>().unwrap(), code);
        let digits: Vec<u32> = code.to_string().chars().filter_map(|c| c.to_digit(10)).collect();
        for place in 0..6 {
            for other in (0..10).filter(|d| *d != digits[place]) {
                let mut wrong = digits.clone();
                wrong[place] = other;
                let wrong: String = wrong.iter().map(u32::to_string).collect();
                assert!(wrong.parse::<Code>().is_err(), "{code} and {wrong}");
            }
        }
    }
    for text in ["", "12345", "1234567", "１２３４５６", "12a456"] {
        assert!(text.parse::<Code>().is_err(), "{text}");
    }
}

#[test]
fn nothing_breaks_out_of_the_calendar_file() {
    let entry = ics::Entry {
        uid: "a@b".into(),
        stamp: at("2026-11-23 10:00"),
        sequence: 2,
        starts_at: at("2026-11-24 09:00"),
        ends_at: at("2026-11-24 09:30"),
        title: "存量房交易；很长很长很长很长很长很长很长很长很长很长很长很长的名字\r\nATTENDEE:x",
        location: "一楼, 南门; 3号\\",
        description: "x",
        cancelled: true,
    };
    let file = ics::file(&entry);
    assert!(file.split("\r\n").all(|line| line.len() <= 75 && !line.starts_with("ATTENDEE")), "{file}");
    assert!(
        file.contains("LOCATION:一楼\\, 南门\\; 3号\\\\\r\n") && file.contains("STATUS:CANCELLED\r\n"),
        "{file}"
    );
    assert_eq!(file.matches("BEGIN:VEVENT").count(), 1);
}

#[test]
fn settings_out_of_range_are_named() {
    assert_eq!(Settings::default().wrong(), None);
    let wrong = Settings { slot_minutes: 0, ..Settings::default() }.wrong().unwrap();
    assert!(wrong.contains("slot_minutes = 0: from 5 to 240"), "{wrong}");
}

#[test]
fn both_languages_say_the_same_things() {
    let (zh, en) = (
        include_str!("../../locales/zh-CN/appointments.ftl"),
        include_str!("../../locales/en/appointments.ftl"),
    );
    page::words::same_keys(zh, en).unwrap_or_else(|lines| panic!("{}", lines.join("\n")));
}
