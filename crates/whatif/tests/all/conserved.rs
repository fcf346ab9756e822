//! What holds on every day, whatever the hall: nobody is lost, no window does two things, none is idle while somebody waits for it.

use crate::ground::setup;
use proptest::prelude::*;
use std::collections::BTreeSet;
use whatif::engine::{Allowance, Ms, Setup, Visit, Window, run, run_within};
use whatif::people::{Person, Stop};

/// Halls of one to five windows over four units, where every unit is taken somewhere.
fn halls() -> impl Strategy<Value = Setup> {
    let windows = prop::collection::vec(prop::collection::btree_set(0_usize..4, 1..4), 1..5);
    let breaks = prop::collection::vec((60_i64..600, 1_i64..90), 0..2);
    let strategy = (windows, any::<bool>(), 0_i64..3, 0_i64..20, breaks);
    strategy.prop_map(|(windows, one_visit, overtakings, switch, breaks)| {
        let window = |units: BTreeSet<usize>| {
            let factor = if units.len() > 1 { 1.25 } else { 1.0 };
            Window { units, factor }
        };
        let windows = windows.into_iter().chain([(0..4).collect()]).map(window).collect();
        let breaks = breaks.into_iter().map(|(from, long)| (from, from + long)).collect();
        Setup { windows, one_visit, overtakings, switch, walk: 7, repeat: 5, opens: 50, breaks }
    })
}

fn people() -> impl Strategy<Value = Vec<Person>> {
    let stop = (0_usize..4, 0_i64..60).prop_map(|(unit, work)| Stop { unit, work });
    let person = (0_i64..600, any::<bool>(), prop::collection::vec(stop, 1..4));
    prop::collection::vec(person.prop_map(|(came, first, stops)| Person { came, first, stops }), 0..60)
}

fn units(people: &[Person], visit: &Visit) -> BTreeSet<usize> {
    people[visit.person].stops[visit.stop..visit.stop + visit.stops].iter().map(|s| s.unit).collect()
}

/// Every person's stops are handled once each, in order, by windows that take them.
fn nobody_is_lost(setup: &Setup, people: &[Person], visits: &[Visit]) {
    for (number, person) in people.iter().enumerate() {
        let own: Vec<&Visit> = visits.iter().filter(|v| v.person == number).collect();
        let (mut next, mut free) = (0, person.came);
        for visit in own {
            assert_eq!(visit.stop, next);
            assert_eq!(visit.came, if next == 0 { person.came } else { free + setup.walk });
            assert!(visit.came <= visit.begun && visit.begun <= visit.done && visit.begun >= setup.opens);
            assert!(units(people, visit).is_subset(&setup.windows[visit.window].units));
            assert!(!setup.breaks.iter().any(|(from, until)| (*from..*until).contains(&visit.begun)));
            (next, free) = (visit.stop + visit.stops, visit.done);
        }
        assert_eq!(next, person.stops.len(), "person {number} left without having been served");
    }
}

/// No window is idle at a time when somebody waits whom it may take.
fn no_window_idles(setup: &Setup, people: &[Person], visits: &[Visit]) {
    for (window, takes) in setup.windows.iter().enumerate() {
        let mut own: Vec<(Ms, Ms)> =
            visits.iter().filter(|v| v.window == window).map(|v| (v.begun, v.done)).collect();
        own.sort_unstable();
        assert!(own.is_sorted_by(|a, b| a.1 <= b.0), "window {window} did two things at once: {own:?}");
        let ends = own.iter().map(|o| o.1).chain([Ms::MAX]);
        let mut idle_from = setup.opens;
        for (begun, done) in own.iter().copied().chain([(Ms::MAX, Ms::MAX)]).zip(ends).map(|(o, e)| (o.0, e))
        {
            for visit in visits.iter().filter(|v| units(people, v).is_subset(&takes.units)) {
                let (from, to) = (idle_from.max(visit.came), begun.min(visit.begun));
                // Nobody is called in a break.
                let paused = setup.breaks.iter().map(|(a, b)| (to.min(*b) - from.max(*a)).max(0)).sum::<Ms>();
                assert!(
                    from + paused >= to,
                    "window {window} was idle from {from} to {to} while {visit:?} waited"
                );
            }
            idle_from = done;
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_day_adds_up(setup in halls(), people in people()) {
        let visits = run(&setup, &people).unwrap();
        nobody_is_lost(&setup, &people, &visits);
        no_window_idles(&setup, &people, &visits);
        prop_assert_eq!(run(&setup, &people).unwrap(), visits);
    }
}

fn person(came: Ms, first: bool, stops: &[(usize, Ms)]) -> Person {
    Person {
        came,
        first,
        stops: stops.iter().map(|(unit, work)| Stop { unit: *unit, work: *work }).collect(),
    }
}

#[test]
fn a_day_reckoned_by_hand() {
    // One window of two units, 1.5 times slower for it, 2 to turn from one to the other; opens at 10.
    let windows = vec![Window { units: BTreeSet::from([0, 1]), factor: 1.5 }];
    let setup = Setup { windows, switch: 2, opens: 10, overtakings: 1, ..setup(&[]) };
    let people = [
        person(0, false, &[(0, 10)]),  // 10–25
        person(11, false, &[(1, 10)]), // overtaken once by the third, then first: 37–54 with a turn
        person(12, true, &[(0, 8)]),   // 25–37
        person(13, true, &[(1, 4)]),   // 54–60, no turn
    ];
    let visits = run(&setup, &people).unwrap();
    let times: Vec<(usize, Ms, Ms)> = visits.iter().map(|v| (v.person, v.begun, v.done)).collect();
    assert_eq!(times, [(0, 10, 25), (2, 25, 37), (1, 37, 54), (3, 54, 60)]);
}

#[test]
fn a_break_reckoned_by_hand() {
    // The first is served into the break and to the end; the second came in it, and waits for its end with the third.
    let setup = Setup { breaks: vec![(10, 40)], ..setup(&[&[0], &[0]]) };
    let people = [person(5, false, &[(0, 10)]), person(20, false, &[(0, 10)]), person(39, false, &[(0, 10)])];
    let visits = run(&setup, &people).unwrap();
    let times: Vec<(usize, Ms, Ms)> = visits.iter().map(|v| (v.person, v.begun, v.done)).collect();
    assert_eq!(times, [(0, 5, 15), (1, 40, 50), (2, 40, 50)]);
}

#[test]
fn more_work_than_allowed_ends_without_an_answer() {
    let people: Vec<Person> = (0..50).map(|came| person(came, false, &[(0, 100)])).collect();
    let setup = setup(&[&[0]]);
    // 50 come and look at a window and its counter; each of 51 calls looks at whoever waits, 49 at most.
    let mut enough = Allowance::of(50 * 2 + 51 * 50);
    assert_eq!(run_within(&setup, &people, &mut enough).unwrap().unwrap().len(), 50);
    assert_eq!(run_within(&setup, &people, &mut Allowance::of(500)).unwrap(), None);
}

#[test]
fn a_matter_of_two_units_walks_or_is_done_in_one_visit() {
    let people = [person(0, false, &[(0, 10), (1, 20)])];
    let walking = Setup { walk: 3, repeat: 4, ..setup(&[&[0], &[1]]) };
    let visits = run(&walking, &people).unwrap();
    assert_eq!(visits.iter().map(|v| (v.begun, v.done)).collect::<Vec<_>>(), [(0, 10), (13, 37)]);
    let one = Setup { walk: 3, repeat: 4, one_visit: true, ..setup(&[&[0, 1]]) };
    let visits = run(&one, &people).unwrap();
    assert_eq!(visits.iter().map(|v| (v.begun, v.done)).collect::<Vec<_>>(), [(0, 30)]);
}

#[test]
fn what_nobody_takes_is_said() {
    let fault = run(&setup(&[&[0]]), &[person(0, false, &[(1, 1)])]).unwrap_err();
    assert!(fault.to_string().contains("no window takes"), "{fault}");
}

#[test]
fn twenty_seven_units_fit() {
    let units: Vec<[usize; 1]> = (0..27).map(|unit| [unit]).collect();
    let windows: Vec<&[usize]> = units.iter().map(<[usize; 1]>::as_slice).collect();
    let people: Vec<Person> = (0..27).map(|unit| person(0, false, &[(unit, 5)])).collect();
    let visits = run(&setup(&windows), &people).unwrap();
    assert!(visits.iter().all(|v| v.begun == 0));
}
