//! The rules on their own: what may happen, whose turn it is, how long, when and where.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use super::hours::{Hours, Standing};
use super::turn::{self, SPACING, Waiting, Window};
use super::{cells, estimate, ticket};
use crate::model::*;
use crate::settings::Settings;
use estimate::{Queue, Wait, wait};
use jiff::civil::date;
use kernel::{AccountId, Calendar, Timestamp};
use proptest::prelude::*;
use std::collections::BTreeSet;
use ticket::Command;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn clerk(n: u8) -> AccountId {
    kernel::id::TypedId::from_uuid(uuid::Uuid::from_bytes([n; 16]))
}

fn taken(priority: Priority, sure: bool) -> Ticket {
    let event = TicketEvent::Taken {
        hall: "h1".parse().unwrap(),
        day: "2026-11-23".to_owned(),
        letter: "A".parse().unwrap(),
        serial: 5,
        place: SPACING,
        priority,
        sure,
        via: Via::Kiosk,
    };
    ticket::begun(&event, at("2026-11-23T01:00:00Z")).unwrap()
}

/// Carries `commands` out one after the other; the last answer.
fn run(ticket: &mut Ticket, commands: &[Command]) -> Result<(), kernel::Refusal> {
    for command in commands {
        let event = ticket::decide(ticket, command, &Settings::default())?;
        ticket::apply(ticket, &event, at("2026-11-23T01:10:00Z"));
    }
    Ok(())
}

fn call(n: u8) -> Command {
    Command::Call { window: format!("{n:02}"), clerk: clerk(n) }
}

fn pass(n: u8) -> Command {
    Command::Pass { clerk: clerk(n), at: at("2026-11-23T01:10:20Z") }
}

fn code(result: Result<(), kernel::Refusal>) -> String {
    result.unwrap_err().code.into_owned()
}

#[test]
fn nobody_leaves_empty_handed() {
    let end = |outcome| Command::End { clerk: clerk(1), outcome };
    let done = end(Outcome::Done { what: "领取结婚证".to_owned() });
    let mut one = taken(Priority::Ordinary, true);
    assert_eq!(code(run(&mut one.clone(), std::slice::from_ref(&done))), "hall.not-now", "never called");
    run(&mut one, &[call(1)]).unwrap();
    assert_eq!(code(run(&mut one, std::slice::from_ref(&done))), "hall.not-now", "never started");
    run(&mut one, &[Command::Start { clerk: clerk(1) }]).unwrap();
    for wrong in [Command::Lapse, pass(1), call(2)] {
        assert_eq!(code(run(&mut one, &[wrong])), "hall.not-now", "only an outcome ends it");
    }
    let missing = |lines: &[&str]| Outcome::Missing {
        notice: "1".to_owned(),
        matter: "存量房交易".to_owned(),
        lines: lines.iter().map(|l| (*l).to_owned()).collect(),
        after: None,
    };
    for empty in [
        Outcome::Done { what: " ".to_owned() },
        Outcome::Filed { case: "12".to_owned() },
        missing(&[]),
        missing(&["身份证", ""]),
    ] {
        assert_eq!(code(run(&mut one, &[end(empty)])), "hall.outcome");
    }
    assert_eq!(code(run(&mut one, &[Command::Recall { clerk: clerk(2) }])), "hall.not-now");
    assert_eq!(
        code(run(&mut one, &[Command::End { clerk: clerk(2), outcome: missing(&["身份证"]) }])),
        "hall.not-yours"
    );
    run(&mut one, &[end(missing(&["身份证", "婚姻证明"]))]).unwrap();
    assert_eq!(one.state, TicketState::Ended);
    run(&mut one, &[Command::ReportExtra]).unwrap();
    assert_eq!(code(run(&mut one, &[Command::ReportExtra])), "hall.nothing-to-report");
}

#[test]
fn who_was_passed_comes_back_twice() {
    let mut one = taken(Priority::Ordinary, true);
    run(&mut one, &[call(1)]).unwrap();
    assert_eq!(code(run(&mut one, &[pass(1)])), "hall.call-again");
    let early = Command::Pass { clerk: clerk(1), at: at("2026-11-23T01:10:19Z") };
    assert_eq!(code(run(&mut one.clone(), &[Command::Recall { clerk: clerk(1) }, early])), "hall.on-the-way");
    for round in 0..3 {
        if round > 0 {
            run(&mut one, &[Command::Requeue { place: SPACING + round }, call(1)]).unwrap();
        }
        run(&mut one, &[Command::Recall { clerk: clerk(1) }, pass(1)]).unwrap();
    }
    assert_eq!(code(run(&mut one, &[Command::Requeue { place: 9 }])), "hall.too-often");
}

#[test]
fn a_claimed_priority_is_confirmed_or_goes() {
    let mut one = taken(Priority::Elder, false);
    run(&mut one, &[call(1), Command::DenyPriority { clerk: clerk(1) }]).unwrap();
    assert_eq!((one.state, one.priority, one.place), (TicketState::Waiting, Priority::Ordinary, SPACING));
    let mut one = taken(Priority::Elder, false);
    run(&mut one, &[call(1), Command::Start { clerk: clerk(1) }]).unwrap();
    assert!(one.sure);
    let mut one = taken(Priority::Appointment, true);
    assert_eq!(code(run(&mut one, &[call(1), Command::DenyPriority { clerk: clerk(1) }])), "hall.not-now");
}

#[test]
fn a_clerk_goes_on_elsewhere_and_hands_on() {
    let mut one = taken(Priority::Ordinary, true);
    let along = Command::TakeAlong { clerk: clerk(1), window: "07".to_owned() };
    run(&mut one, &[call(1), Command::Start { clerk: clerk(1) }, along]).unwrap();
    assert_eq!((one.state, one.window.as_deref()), (TicketState::Serving, Some("07")));
    let hand = |to: &str| Command::Move { clerk: clerk(1), to: to.to_owned(), why: "税".to_owned() };
    assert_eq!(code(run(&mut one, &[hand("07")])), "hall.no-window");
    run(&mut one, &[hand("03")]).unwrap();
    assert_eq!((one.state, one.reserved.as_deref()), (TicketState::Waiting, Some("03")));
    let begun = one.started_at;
    run(&mut one, &[call(3), Command::Start { clerk: clerk(3) }]).unwrap();
    assert_eq!(one.started_at, begun, "serving began once");
    assert!(!one.whole, "its time says nothing of how long the business takes");
}

#[test]
fn handed_on_it_still_ends_with_an_outcome_only() {
    let mut one = taken(Priority::Ordinary, true);
    let hand = Command::Move { clerk: clerk(1), to: "03".to_owned(), why: String::new() };
    run(&mut one, &[call(1), Command::Start { clerk: clerk(1) }, hand]).unwrap();
    assert_eq!(code(run(&mut one, &[Command::Lapse])), "hall.not-now", "it waits, and serving had begun");
    let mut passed = one.clone();
    let pass = [call(3), Command::Recall { clerk: clerk(3) }, pass(3)];
    run(&mut passed, &pass).unwrap();
    assert_eq!(code(run(&mut passed, &[Command::Lapse])), "hall.not-now", "passed elsewhere");
    let over = |day: &str| Command::CarryOver { day: day.to_owned(), serial: 9, place: SPACING };
    assert_eq!(code(run(&mut passed, &[over("2026-11-23")])), "hall.not-now", "the same day");
    run(&mut passed, &[over("2026-11-24")]).unwrap();
    assert_eq!((passed.number().as_str(), passed.state), ("A009", TicketState::Waiting));
    let close = |what: &str| Command::Close { outcome: Outcome::Done { what: what.to_owned() } };
    assert_eq!(code(run(&mut one, &[close("")])), "hall.outcome");
    run(&mut one, &[close("电话办结")]).unwrap();
    assert_eq!(one.state, TicketState::Ended);
    let mut called = taken(Priority::Ordinary, true);
    run(&mut called, &[call(1), Command::Release, Command::Lapse]).unwrap();
    assert_eq!(called.state, TicketState::Lapsed, "never served: it lapses as before");
}

fn window(number: &str, letters: &str) -> Window {
    Window { number: number.to_owned(), letters: letters.parse().unwrap() }
}

fn one(place: i64, first: bool, overtaken: i64) -> Waiting {
    Waiting { place, letter: "A".parse().unwrap(), first, reserved: None, overtaken }
}

#[test]
fn a_handed_on_ticket_waits_for_its_window_while_somebody_is_there() {
    let mut moved = one(5, false, 0);
    moved.reserved = Some("02".to_owned());
    let waiting = [one(1, false, 0), moved];
    let staffed = BTreeSet::from(["01".to_owned(), "02".to_owned()]);
    assert_eq!(turn::next(&waiting, &window("02", "B"), &staffed, 2), Some(1), "first, though it takes no A");
    assert_eq!(turn::next(&waiting[1..], &window("01", "A"), &staffed, 2), None);
    let alone = BTreeSet::from(["01".to_owned()]);
    assert_eq!(turn::next(&waiting[1..], &window("01", "A"), &alone, 2), Some(0), "nobody is at 02 any more");
}

#[test]
fn back_behind_three() {
    let at = |places: &[i64]| places.iter().map(|p| one(p * SPACING, false, 0)).collect::<Vec<_>>();
    let again = |waiting: &[Waiting]| turn::place_again(waiting, 3, 2, 99 * SPACING);
    let mut four = at(&[10, 20, 30, 40]);
    assert_eq!(again(&four), 30 * SPACING + 1);
    four.push(one(30 * SPACING + 1, false, 0));
    assert_eq!(again(&four), 30 * SPACING + 2, "behind whoever came back before");
    assert_eq!(again(&at(&[10, 20])), 20 * SPACING + 1, "fewer wait: behind the last");
    assert_eq!(again(&[]), 99 * SPACING);
    // Who has priority is one of the three though they came last; they are called before.
    let mut mixed = at(&[10, 20, 30, 40]);
    mixed.push(one(50 * SPACING, true, 0));
    assert_eq!(again(&mixed), 20 * SPACING + 1, "the one with priority, the first, the second");
    let all_first: Vec<Waiting> = [10, 20, 30, 40].map(|p| one(p * SPACING, true, 0)).to_vec();
    assert_eq!(again(&all_first), 10 * SPACING + 1, "two go past, the third stands before");
    let mut other = at(&[10, 20, 30, 40]);
    other[1].letter = "B".parse().unwrap();
    assert_eq!(again(&other), 30 * SPACING + 1, "whatever they came for");
    let begun = Waiting { place: i64::MIN / 2, first: true, ..one(0, true, 0) };
    assert_eq!(again(std::slice::from_ref(&begun)), 99 * SPACING, "nobody is put before all others");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// Whatever comes when and calls where: nobody is overtaken by more later ones with priority than the rule allows, nobody is
    /// forgotten, and those of one kind are called in the order of coming.
    #[test]
    fn the_order_is_fair(steps in prop::collection::vec((any::<bool>(), any::<bool>(), 0u8..2, 0u8..3), 1..80)) {
        let windows = [window("01", "AB"), window("02", "A"), window("03", "B")];
        let staffed: BTreeSet<String> = windows.iter().map(|w| w.number.clone()).collect();
        let (mut waiting, mut called, mut place): (Vec<Waiting>, Vec<Waiting>, i64) = (Vec::new(), Vec::new(), 0);
        let calls = std::iter::repeat_n((true, false, 0, 0), steps.len());
        for (calls, first, letter, at) in steps.iter().copied().chain(calls) {
            if !calls {
                place += SPACING;
                let letter = if letter == 0 { "A" } else { "B" }.parse().unwrap();
                waiting.push(Waiting { place, letter, first, reserved: None, overtaken: 0 });
                continue;
            }
            let window = &windows[usize::from(at)];
            let Some(index) = turn::next(&waiting, window, &staffed, 2) else {
                prop_assert!(!waiting.iter().any(|w| window.may_call(w, &staffed)), "somebody is forgotten");
                continue;
            };
            let chosen = waiting[index].clone();
            let past: Vec<usize> = turn::overtaken(&waiting, &chosen, window, &staffed).collect();
            for passed in past {
                waiting[passed].overtaken += 1;
                prop_assert!(waiting[passed].overtaken <= 2);
            }
            let same = |w: &&Waiting| w.letter == chosen.letter && w.first == chosen.first;
            prop_assert!(waiting.iter().filter(same).all(|w| w.place >= chosen.place));
            called.push(waiting.remove(index));
        }
        prop_assert!(waiting.is_empty(), "as many calls by the window for all as came");
    }

    /// Whoever comes back is called after exactly three of those who wait then, or after all of them when fewer do.
    #[test]
    fn whoever_comes_back_waits_behind_three(queue in prop::collection::vec(any::<bool>(), 0..12)) {
        let mut waiting: Vec<Waiting> =
            (1..).zip(queue).map(|(n, first)| one(n * SPACING, first, 0)).collect();
        let (window, nobody) = (window("01", "A"), BTreeSet::new());
        let expected = waiting.len().min(3);
        let mine = turn::place_again(&waiting, 3, 2, 99 * SPACING);
        waiting.push(one(mine, false, 0));
        let mut before = 0;
        while let Some(index) = turn::next(&waiting, &window, &nobody, 2) {
            let chosen = waiting[index].clone();
            if chosen.place == mine {
                break;
            }
            before += 1;
            for passed in turn::overtaken(&waiting, &chosen, &window, &nobody).collect::<Vec<_>>() {
                waiting[passed].overtaken += 1;
            }
            waiting.remove(index);
        }
        prop_assert_eq!(before, expected);
    }

    #[test]
    fn a_wait_is_a_range_that_grows_with_the_queue(
        samples in prop::collection::vec(30i64..3_600, 0..40), ahead in 0usize..60, windows in 1usize..9,
    ) {
        let queue = |ahead, windows| Queue { ahead, windows: vec![None; windows], samples: samples.clone() };
        match (wait(&queue(ahead, windows)), wait(&queue(ahead + 10, windows))) {
            (Wait::Unknown, Wait::Unknown) => prop_assert!(samples.len() < estimate::SAMPLES_MIN),
            (Wait::Minutes(low, high), Wait::Minutes(low_more, high_more)) => {
                prop_assert!(low <= high && low_more >= low && high_more >= high);
                prop_assert!(ahead >= windows || (low, high) == (0, 0), "a free window is no wait");
            }
            other => prop_assert!(false, "{other:?}"),
        }
    }

    #[test]
    fn places_near_are_found_in_the_squares_around(
        lon in 109_000_000i64..117_000_000, lat in 20_000_000i64..25_000_000,
        dx in -400_000i64..400_000, dy in -400_000i64..400_000, level in cells::FINEST..cells::COARSEST,
    ) {
        let other = (lon + dx, lat + dy);
        let code = cells::cell(other.0, other.1);
        prop_assert_eq!(cells::place(code), other);
        let found = cells::around(lon, lat, level).iter().any(|(from, to)| (*from..*to).contains(&code));
        prop_assert!(found || cells::metres((lon, lat), other) > cells::certain(lat + dy.abs(), level) * 0.99);
    }
}

#[test]
fn the_wait_tells_the_truth_of_what_it_can_know() {
    let samples: Vec<i64> = (0..40).map(|n| 240 + n * 12).collect(); // 4 to 12 minutes
    let queue = Queue { ahead: 9, windows: vec![Some(120), Some(300), None], samples: samples.clone() };
    let Wait::Minutes(low, high) = wait(&queue) else { panic!("known") };
    assert!((16..=26).contains(&low) && (22..=32).contains(&high) && low < high, "{low} to {high}");
    assert_eq!(wait(&Queue { windows: Vec::new(), ..queue.clone() }), Wait::NoWindow);
    assert_eq!(wait(&Queue { samples: vec![300; 3], ..queue.clone() }), Wait::Unknown);
    let long = Queue { windows: vec![Some(9_000)], ahead: 0, samples };
    assert!(matches!(wait(&long), Wait::Minutes(_, high) if high <= 12), "longer than any before");
}

#[test]
fn hours_follow_the_calendar() {
    let calendar = Calendar::official();
    let hours = Hours::parse("1-5 09:00-12:00,13:30-17:00; 6 09:00-12:00").unwrap();
    let time = |h, m| jiff::civil::time(h, m, 0, 0);
    let standing = |text: &str| hours.standing(&calendar, at(text));
    assert_eq!(standing("2026-11-23T02:00:00Z"), Standing::Open(time(12, 0)), "Monday, ten o'clock");
    assert_eq!(standing("2026-11-23T04:30:00Z"), Standing::Shut(date(2026, 11, 23), time(13, 30)), "noon");
    assert_eq!(standing("2026-11-22T02:00:00Z"), Standing::Shut(date(2026, 11, 23), time(9, 0)), "Sunday");
    assert!(hours.gives_tickets(&calendar, at("2026-11-23T00:31:00Z"), 30));
    assert!(!hours.gives_tickets(&calendar, at("2026-11-23T00:29:00Z"), 30));
    assert!(hours.gives_tickets(&calendar, at("2026-11-23T04:30:00Z"), 30), "in the break");
    assert!(!hours.gives_tickets(&calendar, at("2026-11-23T09:00:00Z"), 30), "after closing");
    assert!(hours.on(&calendar, date(2026, 10, 1)).is_empty(), "National Day");
    let make_up = (1..=365).filter_map(|d| date(2026, 1, 1).checked_add(jiff::Span::new().days(d)).ok());
    let make_up = make_up.into_iter().find(|d| matches!(calendar.day(*d), kernel::calendar::Day::MakeUp(_)));
    assert_eq!(hours.on(&calendar, make_up.unwrap()).len(), 2, "a make-up day is as Monday");
    let always = Hours::parse("* 1-7 00:00-24:00").unwrap();
    assert!(matches!(always.standing(&calendar, at("2026-10-01T18:00:00Z")), Standing::Open(_)));
    assert_eq!(always.minutes_left(&calendar, at("2026-10-01T15:50:00Z")), None, "it never closes");
    assert_eq!(hours.minutes_left(&calendar, at("2026-11-23T08:30:00Z")), Some(30));
    for wrong in ["", "1-5", "9 09:00-10:00", "1 10:00-09:00", "1 09:00-12:00,11:00-13:00", "5-1 09:00-10:00"]
    {
        assert!(Hours::parse(wrong).is_err(), "{wrong}");
    }
}
