//! Examiners' desks against queueing theory and against their own rules: each value within the 99 % range over seeds 1 to 10.

use crate::theory::{Z99, erlang_c, found};
use catalog::planner::{self, PlannedStep};
use kernel::{Term, TermUnit, Text};
use proptest::prelude::*;
use whatif::chance::Minutes;
use whatif::desks::{DAY_MINUTES, Done, Figures, Job, Net, Piece, SHOWN, desked, figures, run_within};
use whatif::engine::{Allowance, Ms, ms};
use whatif::file::{Desk, Desks, Matter, Moves};
use whatif::matter::{Planned, Taker};
use whatif::stats::Estimate;
use whatif::worked;

pub fn desk(id: &str, examiners: Option<u32>, hands: Minutes) -> Desk {
    Desk {
        id: id.to_owned(),
        name: Text::new(id, id),
        takes: vec![id.to_owned()],
        examiners,
        hands,
        steps: Default::default(),
        others_per_day: 0.0,
        others: None,
    }
}

/// Steps of an hour's term: id, who takes it, what it waits for.
pub fn plan(steps: &[(&str, &str, &[&str])]) -> Planned {
    let step = |(rank, (id, _, after)): (usize, &(&str, &str, &[&str]))| PlannedStep {
        item: "item".to_owned(),
        id: (*id).to_owned(),
        title: Text::new("", ""),
        term: Some(Term { count: 1, unit: TermUnit::OfficeHours }),
        rank,
        after: after.iter().map(|a| ("item".to_owned(), (*a).to_owned())).collect(),
        waits: Vec::new(),
        begins: 0,
        hours: 1,
        critical: false,
    };
    Planned {
        name: Text::new("一件事", "A matter"),
        steps: steps.iter().enumerate().map(step).collect(),
        takers: steps.iter().map(|(_, by, _)| Taker::Units(vec![(*by).to_owned()])).collect(),
    }
}

pub fn desks(starts_per_day: f64, units: Vec<Desk>) -> Desks {
    Desks { starts_per_day, warm_up_days: 20, days: 200, units, sensitivity: Moves::default() }
}

/// Seeds 1 to 10, side by side or one after another.
fn runs(desks: &Desks, planned: &Planned, serial: bool) -> Vec<Figures> {
    let net = Net::of(planned, desks).unwrap();
    let others = (0..desks.units.len()).map(|u| vec![Piece { unit: Some(u), after: Vec::new() }]);
    let own = if serial { net.serial() } else { net.parallel() };
    let kinds: Vec<Vec<Piece>> = [own].into_iter().chain(others).collect();
    let examiners: Vec<Option<u32>> = desks.units.iter().map(|u| u.examiners).collect();
    let seed = |seed| {
        let jobs = net.jobs(desks, seed, 1.0, 1.0);
        let done = run_within(&examiners, &kinds, &jobs, &mut Allowance::of(u64::MAX)).unwrap().unwrap();
        figures(&net, desks, &examiners, &jobs, &done)
    };
    (1..=10).map(seed).collect()
}

fn over(runs: &[Figures], figure: impl Fn(&Figures) -> f64) -> Estimate {
    Estimate::with(&runs.iter().map(figure).collect::<Vec<_>>(), Z99)
}

/// Hands of ten minutes on average: 48 a day are the work of one.
const HANDS: Minutes = Minutes::Exponential(10.0);

#[test]
fn as_many_come_as_are_expected() {
    let planned = plan(&[("a", "u", &[])]);
    let desks = Desks { warm_up_days: 0, days: 20, ..desks(20.0, vec![desk("u", None, HANDS)]) };
    let net = Net::of(&planned, &desks).unwrap();
    let counts: Vec<f64> = (1001..=2000).map(|s| net.jobs(&desks, s, 1.0, 1.0).len() as f64).collect();
    found("matters", Estimate::with(&counts, Z99), 400.0, 0.005);
    let squares: Vec<f64> = counts.iter().map(|n| (n - 400.0).powi(2)).collect();
    found("their variance", Estimate::with(&squares, Z99), 400.0, 0.15);
}

#[test]
fn one_step_is_erlangs() {
    let planned = plan(&[("a", "u", &[])]);
    for (examiners, load) in [(1, 0.7), (3, 2.4)] {
        let wait = 10.0 / 60.0 * erlang_c(examiners, load) / (f64::from(examiners) - load);
        let desks = desks(48.0 * load, vec![desk("u", Some(examiners), HANDS)]);
        let runs = runs(&desks, &planned, false);
        let at = |of: fn(&Figures) -> f64| over(&runs, of);
        found("wait", at(|f| f.wait), wait, 0.15);
        found("wait at the unit", at(|f| f.units[0].wait), wait, 0.15);
        found("use", at(|f| f.units[0].busy), load / f64::from(examiners), 0.03);
        found("whole", at(|f| f.days * 8.0), wait + 10.0 / 60.0, 0.12);
    }
}

#[test]
fn steps_in_a_row_are_jacksons_network() {
    // The second unit has other work besides; times are exponential, so that each is M/M/1 with all that comes to it.
    let planned = plan(&[("a", "u", &[]), ("b", "v", &["a"])]);
    let busy = Desk { others_per_day: 48.0 * 0.3, ..desk("v", Some(1), HANDS) };
    let desks = desks(48.0 * 0.5, vec![desk("u", Some(1), HANDS), busy]);
    let sojourn = |load: f64| 10.0 / 60.0 / (1.0 - load);
    let whole = over(&runs(&desks, &planned, true), |f| f.days * 8.0);
    found("tandem", whole, sojourn(0.5) + sojourn(0.8), 0.15);
    // Teeth: without the other work it would be another figure, and a plan that is a row is the same side by side.
    assert!(!whole.holds(2.0 * sojourn(0.5)));
    assert_eq!(whole, over(&runs(&desks, &planned, false), |f| f.days * 8.0));
}

#[test]
fn two_side_by_side_are_flattos_and_the_longer_of_two() {
    let both = plan(&[("a", "u", &[]), ("b", "v", &[])]);
    // As many examiners as are needed: the longer of two exponentials is 1.5, one after another 2.
    let free = desks(40.0, vec![desk("u", None, HANDS), desk("v", None, HANDS)]);
    let hours = |serial| over(&runs(&free, &both, serial), |f| f.days * 48.0);
    found("the longer of two", hours(false), 1.5, 0.03);
    found("one after another", hours(true), 2.0, 0.03);
    // One examiner each: Flatto and Hahn's exact (12 − ρ) / 8 of the M/M/1 sojourn.
    let load = 0.6;
    let one = desks(48.0 * load, vec![desk("u", Some(1), HANDS), desk("v", Some(1), HANDS)]);
    let fork = over(&runs(&one, &both, false), |f| f.days * 48.0);
    found("fork and join", fork, (12.0 - load) / 8.0 / (1.0 - load), 0.12);
}

#[test]
fn without_queues_it_is_the_working_time() {
    // A day, then two and three days side by side, then one; each uses half of its term.
    let mut planned =
        plan(&[("a", "u", &[]), ("b", "v", &["a"]), ("c", "w", &["a"]), ("d", "u", &["b", "c"])]);
    for (step, days) in planned.steps.iter_mut().zip([1, 2, 3, 1]) {
        step.hours = days * 8;
    }
    let used = Minutes::Constant(0.5);
    let unit = |id, days: f64| desk(id, None, Minutes::Constant(days * DAY_MINUTES / 2.0));
    let desks = Desks { days: 20, ..desks(5.0, vec![unit("u", 1.0), unit("v", 2.0), unit("w", 3.0)]) };
    let matter = Matter { plan: Vec::new(), used, matters: 10, desks: None };
    let bare = worked(&matter, &planned.steps, 5).unwrap();
    let found = desked(&desks, &planned, 5).unwrap();
    let days = |row: usize| found.rows[row].figures[1].mean;
    assert!((days(0) - bare.serial.0.mean).abs() < 1e-9 && (days(0) - 3.5).abs() < 1e-9);
    assert!((days(1) - bare.parallel.0.mean).abs() < 1e-9 && (days(1) - 2.5).abs() < 1e-9);
    let change = found.relative[1].unwrap();
    assert!((change.mean - bare.change.mean).abs() < 1e-9 && change.half < 1e-9);
    assert!(found.rows.iter().all(|r| r.figures[4].mean == 0.0), "nobody waits");
}

#[test]
fn figures_reckoned_by_hand() {
    // One examiner. A matter of two steps of 40 and 50 minutes, another one, and other work in between; nothing is cut off.
    let planned = plan(&[("a", "u", &[]), ("b", "u", &["a"])]);
    let desks =
        Desks { warm_up_days: 0, days: 1, ..desks(1.0, vec![desk("u", Some(1), Minutes::Constant(1.0))]) };
    let net = Net::of(&planned, &desks).unwrap();
    let job = |came: f64, kind, hands: &[f64]| Job {
        came: ms(came),
        kind,
        hands: hands.iter().map(|m| ms(*m)).collect(),
    };
    // 0–40 a, 40–45 other, 45–55 the other matter's a (since 20), 55–105 b (since 40), 105–115 its b (since 55).
    let jobs = [job(0.0, 0, &[40.0, 50.0]), job(20.0, 0, &[10.0, 10.0]), job(10.0, 1, &[5.0])];
    let kinds = [net.parallel(), vec![Piece { unit: Some(0), after: Vec::new() }]];
    let done = run_within(&[Some(1)], &kinds, &jobs, &mut Allowance::of(u64::MAX)).unwrap().unwrap();
    let figures = figures(&net, &desks, &[Some(1)], &jobs, &done);
    assert_eq!(figures.matters, 2.0);
    assert!((figures.days * 480.0 - f64::midpoint(105.0, 95.0)).abs() < 1e-9);
    assert_eq!((figures.days_median * 480.0, figures.days_p90 * 480.0), (95.0, 105.0));
    assert!((figures.wait * 60.0 - f64::midpoint(15.0, 25.0 + 50.0)).abs() < 1e-9);
    assert!((figures.handling * 60.0 - f64::midpoint(90.0, 20.0)).abs() < 1e-9);
    // Of four steps one took more than its hour: the first matter's b took 65 minutes, the other's b exactly 60.
    assert_eq!((figures.steps_late, figures.matters_late), (0.25, 0.5));
    assert!((figures.units[0].busy - 115.0 / 480.0).abs() < 1e-9);
    // An allowance that is too small ends without an answer: 3 come with 5 pieces, 5 finish, 2 begin behind another.
    let within = |steps| run_within(&[Some(1)], &kinds, &jobs, &mut Allowance::of(steps)).unwrap();
    assert!(within(15).is_some() && within(14).is_none());
}

#[test]
fn what_is_wrong_is_said() {
    let planned = plan(&[("a", "u", &[])]);
    let wrong = |desks: &Desks| desked(desks, &planned, 5).unwrap_err().to_string();
    assert!(
        wrong(&desks(1.0, vec![desk("v", Some(1), HANDS)])).contains("no unit takes the step \"item/a\"")
    );
    let full = wrong(&desks(100.0, vec![desk("u", Some(2), HANDS)]));
    assert!(full.contains("\"u\" has more work") && full.contains("needs 3"), "{full}");
    let mut strange = desks(1.0, vec![desk("u", Some(1), HANDS)]);
    strange.units[0].steps.insert("item/b".to_owned(), HANDS);
    assert!(wrong(&strange).contains("takes no step \"item/b\""));
    let fine = desks(1.0, vec![desk("u", Some(1), HANDS)]);
    assert!(desked(&fine, &planned, 4).unwrap_err().to_string().contains("five seeds"));
    let ring = vec![Piece { unit: None, after: vec![1] }, Piece { unit: None, after: vec![0] }];
    let jobs = [Job { came: 0, kind: 0, hands: vec![1, 1] }];
    let fault = run_within(&[], &[ring], &jobs, &mut Allowance::of(99)).unwrap_err();
    assert!(fault.to_string().contains("in a ring"), "{fault}");
}

#[test]
fn a_knob_is_moved_at_each_unit_and_one_with_too_little_staff_is_said() {
    let planned = plan(&[("a", "u", &[]), ("b", "v", &[])]);
    let moves = Moves { load: vec![0.5], examiners: vec![-1, 1], spread: vec![1.0] };
    let units = vec![desk("u", Some(2), HANDS), desk("v", Some(1), HANDS)];
    let desks = Desks { days: 20, sensitivity: moves, ..desks(30.0, units) };
    let found = desked(&desks, &planned, 5).unwrap();
    assert_eq!(found.offered, [0.625, 0.625]);
    let means: Vec<Option<f64>> = found.moved.iter().map(|m| m.days.map(|d| d.1.mean)).collect();
    let plain = found.rows[1].figures[1].mean;
    assert_eq!(means.len(), 6);
    // Less comes: shorter. u without one: longer; v without its only one: no figure. One more: shorter. The same spread: the same.
    assert!(means[0] < Some(plain) && means[1] > Some(plain) && means[2].is_none());
    assert!(means[3] < Some(plain) && means[4] < Some(plain) && means[5] == Some(plain), "{means:?} {plain}");
    assert_eq!(SHOWN.len(), found.change.len());
}

/// Steps that wait for earlier ones, over three units or none.
fn kinds() -> impl Strategy<Value = Vec<Piece>> {
    let piece =
        (prop::option::weighted(0.8, 0_usize..3), prop::collection::vec(any::<prop::sample::Index>(), 0..3));
    prop::collection::vec(piece, 1..6).prop_map(|pieces| {
        let of = |(number, (unit, before)): (usize, (Option<usize>, Vec<prop::sample::Index>))| {
            let mut after: Vec<usize> =
                before.iter().filter(|_| number > 0).map(|i| i.index(number)).collect();
            after.sort_unstable();
            after.dedup();
            Piece { unit, after }
        };
        pieces.into_iter().enumerate().map(of).collect()
    })
}

fn jobs() -> impl Strategy<Value = Vec<(Ms, usize, Vec<Ms>)>> {
    prop::collection::vec((0_i64..300, 0_usize..2, prop::collection::vec(0_i64..60, 6)), 0..40)
}

/// Every piece once, when all that it waits for is done; nobody does two things at once, is idle while work waits, or takes a later one first.
fn adds_up(examiners: &[Option<u32>], kinds: &[Vec<Piece>], jobs: &[Job], done: &[Done]) {
    let of = |job: usize, piece: usize| done.iter().filter(move |d| (d.job, d.piece) == (job, piece));
    for (number, job) in jobs.iter().enumerate() {
        for (at, piece) in kinds[job.kind].iter().enumerate() {
            assert_eq!(of(number, at).count(), 1);
            let one = of(number, at).next().unwrap();
            let before = piece.after.iter().flat_map(|p| of(number, *p)).map(|d| d.done).max();
            assert_eq!((one.ready, one.done - one.begun), (before.unwrap_or(job.came), job.hands[at]));
        }
    }
    for (unit, examiners) in examiners.iter().enumerate() {
        let own = |d: &&Done| kinds[jobs[d.job].kind][d.piece].unit == Some(unit);
        let mut own: Vec<&Done> = done.iter().filter(own).collect();
        own.sort_by_key(|d| (d.ready, d.begun));
        assert!(own.is_sorted_by_key(|d| d.begun), "first come, first served");
        let Some(n) = examiners else {
            assert!(own.iter().all(|d| d.begun == d.ready));
            continue;
        };
        for examiner in 0..*n {
            let mut hers: Vec<(Ms, Ms)> =
                own.iter().filter(|d| d.examiner == Some(examiner)).map(|d| (d.begun, d.done)).collect();
            hers.sort_unstable();
            assert!(hers.is_sorted_by(|a, b| a.1 <= b.0), "two things at once: {hers:?}");
            let ends = [Ms::MIN].into_iter().chain(hers.iter().map(|h| h.1));
            for (idle, until) in ends.zip(hers.iter().map(|h| h.0).chain([Ms::MAX])) {
                let waits = |d: &&&Done| d.ready.max(idle) < d.begun.min(until);
                assert_eq!(own.iter().find(waits), None, "idle from {idle} to {until} while it waited");
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 150, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn work_adds_up(kinds in (kinds(), kinds()), jobs in jobs(), examiners in prop::collection::vec(prop::option::weighted(0.8, 1_u32..4), 3)) {
        let kinds = [kinds.0, kinds.1];
        let job = |(came, kind, mut hands): (Ms, usize, Vec<Ms>)| {
            hands.truncate(kinds[kind].len());
            Job { came, kind, hands }
        };
        let jobs: Vec<Job> = jobs.into_iter().map(job).collect();
        let run = || run_within(&examiners, &kinds, &jobs, &mut Allowance::of(u64::MAX)).unwrap().unwrap();
        let done = run();
        adds_up(&examiners, &kinds, &jobs, &done);
        prop_assert_eq!(run(), done);
    }

    #[test]
    fn with_examiners_enough_a_job_is_its_longest_way(kind in kinds(), jobs in jobs()) {
        let job = |(came, _, mut hands): (Ms, usize, Vec<Ms>)| {
            hands.truncate(kind.len());
            Job { came, kind: 0, hands }
        };
        let jobs: Vec<Job> = jobs.into_iter().map(job).collect();
        let kinds = [kind.clone()];
        let done = run_within(&[None; 3], &kinds, &jobs, &mut Allowance::of(u64::MAX)).unwrap().unwrap();
        for (number, job) in jobs.iter().enumerate() {
            let ended = done.iter().filter(|d| d.job == number).map(|d| d.done).max().unwrap();
            prop_assert_eq!(ended - job.came, longest(&kind, &job.hands));
        }
    }
}

/// The longest way by the planner's own hand.
fn longest(kind: &[Piece], hands: &[Ms]) -> Ms {
    let step = |(number, (piece, hands)): (usize, (&Piece, &Ms))| {
        let after: Vec<String> = piece.after.iter().map(ToString::to_string).collect();
        let text = format!(
            "id: '{number}'\ntitle: {{zh-CN: x, en: x}}\nby: clerk\nafter: {after:?}\nterm: {hands}wh\n"
        );
        serde_saphyr::from_str::<catalog::Step>(&text).unwrap()
    };
    let steps: Vec<catalog::Step> = kind.iter().zip(hands).enumerate().map(step).collect();
    planner::critical_path(&steps).hours as Ms
}
