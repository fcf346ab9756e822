//! What may be asked, and what is said of what may not.

use crate::desks::{desk, desks, plan};
use crate::replayed::replayed;
use kernel::{Failure, Outcome};
use whatif::asked::{Asked, AskedMatter, Group, OWN};
use whatif::chance::Minutes;
use whatif::engine::Allowance;
use whatif::file::Hall;
use whatif::file::{Desk, Matter};
use whatif::question::MatterInput;
use whatif::{File, question};

fn group(row: usize, units: &[&str], count: usize) -> Group {
    Group { row, units: units.iter().map(|u| (*u).to_owned()).collect(), count }
}

fn asked(windows: Vec<Group>) -> Asked {
    Asked { windows, ..Asked::default() }
}

fn wrong(asked: &Asked) -> Vec<String> {
    asked.put(replayed().hall).unwrap_err().into_iter().map(|e| e.field).collect()
}

#[test]
fn one_window_more_stands_beside_the_first() {
    // As it was: AB, ABC, B. One more that takes A, written in small letters, and all of three that takes everything.
    let windows =
        vec![group(0, &["AB"], 1), group(1, &["a", "BC"], 1), group(2, &["B"], 1), group(3, &["A"], 1)];
    let hall = asked(windows).put(replayed().hall).unwrap();
    let ids: Vec<&str> = hall.arrangements.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["as-it-was", OWN], "what was not asked for is not tried");
    let own: Vec<(String, usize, Option<f64>)> =
        hall.arrangements[1].windows.iter().map(|w| (w.units.concat(), w.count, w.training)).collect();
    // Who takes what somebody takes already is as fast; one business alone needs no practice.
    let same = |units: &str| (units.to_owned(), 1, Some(1.0));
    assert_eq!(own, [same("A"), same("AB"), same("ABC"), same("B")]);
    assert!(hall.sensitivity.is_none(), "nothing hangs on training");
    let windows = vec![group(0, &["*"], 2), group(1, &["AC"], 1)];
    let hall = Asked { with: vec!["everything".to_owned()], ..asked(windows) }.put(replayed().hall).unwrap();
    let own: Vec<Option<f64>> = hall.arrangements[2].windows.iter().map(|w| w.training).collect();
    assert_eq!(own, [Some(1.0), Some(1.15)], "ABC was taken before, AC was not");
    assert_eq!(hall.sensitivity.training.len(), 4);
}

#[test]
fn windows_left_as_they_are_are_not_tried_again() {
    let same = vec![group(0, &["AB"], 1), group(1, &["ABC"], 1), group(2, &["B"], 1)];
    assert_eq!(wrong(&asked(same.clone())), ["with"]);
    let hall = Asked { with: vec!["everything".to_owned()], ..asked(same) }.put(replayed().hall).unwrap();
    assert_eq!(hall.arrangements.len(), 2);
}

#[test]
fn what_is_wrong_is_said_at_its_field() {
    assert_eq!(wrong(&Asked { seeds: 500, training: f64::NAN, ..Asked::default() }), ["seeds", "training"]);
    assert_eq!(wrong(&Asked { with: vec!["nothing".to_owned()], ..Asked::default() }), ["with"]);
    assert_eq!(wrong(&asked(vec![group(0, &["AB"], 1), group(4, &["AZ"], 1)])), ["windows[4].units"]);
    assert_eq!(wrong(&asked(vec![group(0, &[], 1)])), ["windows[0].units"]);
    // Nobody takes B and C; nobody is there; too many are.
    assert_eq!(wrong(&asked(vec![group(0, &["A"], 3)])), ["windows", "windows"]);
    assert_eq!(wrong(&asked(vec![group(0, &["*"], 201)])), ["windows"]);
    assert!(wrong(&asked(vec![group(0, &["*"], 0)])).contains(&"windows".to_owned()));
}

#[test]
fn a_description_is_asked_in_the_same_way() {
    let text = include_str!("../../../../packs/demo/whatif/hall-27.yaml");
    let hall = File::read(text).unwrap().hall.unwrap();
    let windows: Vec<Group> = hall.arrangements[0]
        .windows
        .iter()
        .enumerate()
        .map(|(row, w)| Group { row, units: w.units.clone(), count: w.count + usize::from(row == 0) })
        .collect();
    let put = Asked { with: vec!["pooled".to_owned()], ..asked(windows) }.put(hall).unwrap();
    let ids: Vec<&str> = put.arrangements.iter().map(|a| a.id.as_str()).collect();
    assert_eq!(ids, ["separate", "pooled", OWN]);
    assert_eq!(put.arrangements[2].windows.iter().map(|w| w.count).sum::<usize>(), 42);
}

fn code<T: std::fmt::Debug>(outcome: Outcome<T>) -> String {
    match outcome {
        Err(Failure::Refused(refusal)) => refusal.code.into_owned(),
        other => panic!("not refused: {other:?}"),
    }
}

#[tokio::test]
async fn one_question_at_a_time() {
    let turn = question::turn().await.unwrap();
    assert_eq!(code(question::answer(put(), 5).await), "whatif.busy");
    drop(turn);
    question::answer(put(), 5).await.unwrap();
}

#[tokio::test]
async fn what_is_too_large_is_stopped_and_gives_its_turn_back() {
    let turn = question::turn().await.unwrap();
    assert_eq!(code(question::answer_within(turn, put(), 50, 1_000).await), "whatif.too-large");
    question::answer(put(), 5).await.unwrap();
}

fn put() -> Hall {
    Asked { with: vec!["everything".to_owned()], ..Asked::default() }.put(replayed().hall).unwrap()
}

#[tokio::test]
async fn the_largest_of_the_examples_may_be_asked_whole() {
    let text = include_str!("../../../../packs/demo/whatif/hall-27.yaml");
    let mut hall = File::read(text).unwrap().hall.unwrap();
    // One day stands for fifty: what it takes is counted, and every day is much like the others.
    hall.sensitivity = whatif::file::Sensitivity::default();
    let a_day = question::STEPS_MAX / 50 / 5 / 4 * 3;
    let five = Allowance::of(a_day * 5);
    assert!(whatif::compare::compare_within(&hall, 5, five).unwrap().is_some());
}

#[test]
fn too_many_people_are_said_at_once() {
    let mut hall = replayed().hall;
    let whatif::file::Came::Recorded(came) = &mut hall.arrivals else { panic!("not recorded") };
    let one = came[0].clone();
    came.resize(5_001, one);
    let asked = Asked { with: vec!["everything".to_owned()], ..Asked::default() };
    let wrong = asked.put(hall).unwrap_err();
    assert_eq!(wrong.iter().map(|e| e.field.as_str()).collect::<Vec<_>>(), ["day"]);
    assert!(wrong[0].say.en.contains("5000 people"), "{}", wrong[0].say.en);
}

/// One step at two examiners who have other work besides.
fn matter() -> MatterInput {
    let busy = Desk { others_per_day: 40.0, ..desk("u", Some(2), Minutes::Constant(10.0)) };
    let desks = whatif::file::Desks { warm_up_days: 1, days: 5, ..desks(10.0, vec![busy]) };
    let matter =
        Matter { plan: vec!["x".to_owned()], used: Minutes::Constant(1.0), matters: 10, desks: Some(desks) };
    MatterInput { matter, planned: plan(&[("a", "u", &[])]) }
}

fn fields(asked: &AskedMatter) -> Vec<String> {
    let MatterInput { matter, planned } = matter();
    match asked.put(matter, &planned) {
        Err(Failure::Refused(refusal)) => refusal.fields.into_iter().map(|f| f.field).collect(),
        other => panic!("not refused: {other:?}"),
    }
}

#[test]
fn what_is_asked_of_a_matter_is_put_into_its_description() {
    let MatterInput { matter: described, planned } = matter();
    let same = AskedMatter::default().put(described.clone(), &planned).unwrap();
    assert_eq!(same, described);
    let examiners = [("u".to_owned(), 3)].into();
    let asked = AskedMatter { seeds: 5, starts: Some(12.5), others: 50.0, examiners };
    let desks = asked.put(described, &planned).unwrap().desks.unwrap();
    assert_eq!((desks.starts_per_day, desks.units[0].others_per_day), (12.5, 20.0));
    assert_eq!(desks.units[0].examiners, Some(3));
}

#[test]
fn what_is_wrong_with_a_matter_is_said_at_its_field() {
    let asked = AskedMatter::default();
    let examiners = |id: &str, n| [(id.to_owned(), n)].into();
    assert_eq!(
        fields(&AskedMatter { seeds: 4, starts: Some(0.0), others: f64::NAN, ..asked.clone() }),
        ["seeds", "starts", "others"]
    );
    assert_eq!(fields(&AskedMatter { examiners: examiners("v", 1), ..asked.clone() }), ["examiners.v"]);
    assert_eq!(fields(&AskedMatter { examiners: examiners("u", 201), ..asked.clone() }), ["examiners.u"]);
    // 10 and 40 of ten minutes are more than one examiner's 480; at 48 the one has exactly as much, which is too much too.
    assert_eq!(fields(&AskedMatter { examiners: examiners("u", 1), ..asked.clone() }), ["examiners.u"]);
    assert_eq!(
        fields(&AskedMatter { examiners: examiners("u", 1), starts: Some(8.0), ..asked.clone() }),
        ["examiners.u"]
    );
    // More than is drawn at once.
    let MatterInput { mut matter, planned } = matter();
    matter.desks.as_mut().unwrap().days = 10_000;
    let refused = asked.put(matter, &planned).unwrap_err().to_string();
    assert!(refused.contains("whatif.wrong"), "{refused}");
}

#[tokio::test]
async fn a_matter_that_is_too_large_is_stopped() {
    let turn = question::turn().await.unwrap();
    assert_eq!(code(question::answer_matter(matter(), 5).await), "whatif.busy");
    assert_eq!(code(question::answer_matter_within(turn, matter(), 5, 1_000).await), "whatif.too-large");
    let found = question::answer_matter(matter(), 5).await.unwrap();
    assert_eq!(found.desked.unwrap().seeds, 5);
}

#[test]
fn the_example_at_desks_may_be_asked_with_the_most_seeds() {
    let text = include_str!("../../../../packs/demo/whatif/stock-house-desks.yaml");
    let packs = concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs");
    let pack = catalog::pack::load(std::path::Path::new(packs)).unwrap();
    let matter = File::read(text).unwrap().matter.unwrap();
    let planned = whatif::planned(&pack, &matter.plan).unwrap();
    let mut desks = matter.desks.unwrap();
    // As described, without what is moved: one of thirteen settings that can be run, five of thirty seeds; the others are much alike.
    desks.sensitivity = whatif::file::Moves::default();
    let most = *whatif::asked::MATTER_SEEDS.end();
    let mut share = Allowance::of(question::STEPS_MAX / most * 5 / 13);
    assert!(whatif::desks::desked_within(&desks, &planned, 5, &mut share).unwrap().is_some());
}
