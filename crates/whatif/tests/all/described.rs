//! From a file to a report.

use kernel::Lang;
use whatif::file::{Hall, Sensitivity};
use whatif::people::Knobs;
use whatif::{Described, File, What, compare, report};

const HALL: &str = include_str!("../../../../packs/demo/whatif/hall-27.yaml");

fn hall() -> Hall {
    File::read(HALL).unwrap().hall.unwrap()
}

fn small() -> Hall {
    let text = "
hall:
  name: {zh-CN: 小厅, en: Small hall}
  opens: '09:00'
  closes: '11:00'
  overtakings: 2
  priority: 0
  walk_minutes: 1
  repeat_minutes: 2
  arrivals: {recorded: [{at: '08:50', kind: both}, {at: '09:00', kind: one}, {at: '10:59:30', kind: one}]}
  units: [{id: a, name: {zh-CN: 甲, en: A}}, {id: b, name: {zh-CN: 乙, en: B}}]
  kinds:
    - {id: one, share: 1, stops: [{unit: a, minutes: {constant: 4}}]}
    - {id: both, share: 1, stops: [{unit: a, minutes: {constant: 5}}, {unit: b, minutes: {constant: 10}}]}
  arrangements:
    - {id: apart, name: {zh-CN: 分设, en: Apart}, windows: [{units: [a], count: 1}, {units: [b], count: 1}]}
    - {id: merged, name: {zh-CN: 综合, en: Merged}, one_visit: true, training: 1.2, windows: [{units: ['*'], count: 2}]}
  sensitivity: {training: [1.0]}
";
    File::read(text).unwrap().hall.unwrap()
}

#[test]
fn a_recorded_day_reckoned_by_hand() {
    let compared = compare(&small(), 5).unwrap();
    let figure = |row: usize, key: &str| {
        let place = compare::SHOWN.iter().position(|(k, _, _)| *k == key).unwrap();
        compared.rows[row].figures[place].mean
    };
    // Apart: the first waits 10 for the opening, is done with A at 9:05 and with B (1 to walk, 2 again, 10) at 9:18; the second waits 5;
    // the third comes 30 seconds before closing and leaves 3.5 minutes after it.
    assert_eq!(figure(0, "fig-visits"), 4.0);
    assert_eq!(figure(0, "fig-wait"), 15.0 / 3.0);
    assert_eq!(figure(0, "fig-handling"), (5.0 + 12.0 + 4.0 + 4.0) / 3.0);
    assert_eq!(figure(0, "fig-stay"), (28.0 + 9.0 + 4.0) / 3.0);
    assert_eq!(figure(0, "fig-late"), 3.5);
    assert_eq!(figure(0, "fig-staff-use"), 21.5 / 240.0);
    // Merged: 15 × 1.2 in one visit, and nobody waits but for the opening.
    assert_eq!(figure(1, "fig-visits"), 3.0);
    assert_eq!(figure(1, "fig-wait"), 10.0 / 3.0);
    assert!((figure(1, "fig-handling") - (18.0 + 4.8 + 4.8) / 3.0).abs() < 1e-9);
    // Training moved to 1: handling as without, less the 2 minutes shown again.
    let handling = compared.moved[0].relative[0].1.unwrap();
    assert!((handling.mean - (23.0 / 25.0 - 1.0)).abs() < 1e-9, "{handling:?}");
}

#[test]
fn the_demonstration_hall_is_read_and_shown() {
    let mut hall = hall();
    assert_eq!(hall.units.len(), 27);
    hall.sensitivity = Sensitivity::default();
    let compared = compare(&hall, 5).unwrap();
    assert_eq!(compare(&hall, 5).unwrap(), compared);
    let windows: Vec<usize> = compared.rows.iter().map(|r| r.windows).collect();
    assert!(windows.windows(2).all(|w| w[0] == w[1]), "not the same staff: {windows:?}");
    let people: Vec<f64> = compared.rows.iter().map(|r| r.figures[0].mean).collect();
    assert!(people.windows(2).all(|w| w[0] == w[1]), "not the same people: {people:?}");
    for (lang, words) in
        [(Lang::ZhCn, ["综合窗口一次办", "不是对它的复现"]), (Lang::En, ["Merged", "no reproduction"])]
    {
        let table = report::hall_table(&hall, &compared, lang);
        assert!(words.iter().all(|w| table.contains(w)), "{table}");
    }
    let csv = report::hall_csv(&hall, &compared);
    assert!(csv.lines().all(|l| l.split(',').count() == 6), "{csv}");
    assert!(csv.contains("\nrelative,,merged,wait,"), "{csv}");
}

#[test]
fn a_peak_moves_people_within_the_day_and_a_spread_leaves_the_mean() {
    let hall = hall();
    let source = hall.source().unwrap();
    let at = |peak, spread| source.people(3, Knobs { peak, spread });
    let (even, steep, wide) = (at(0.0, 1.0), at(1.5, 1.0), at(0.0, 1.75));
    assert!((even.len() as i64 - steep.len() as i64).abs() <= 1);
    let kinds = |people: &[whatif::people::Person]| {
        people.iter().map(|p| p.stops.iter().map(|s| s.unit).collect::<Vec<_>>()).collect::<Vec<_>>()
    };
    assert_eq!(kinds(&even), kinds(&wide));
    assert!(even.iter().zip(&wide).all(|(a, b)| a.came == b.came && a.first == b.first));
}

#[test]
fn what_is_wrong_is_said() {
    let wrong = |from: &str, to: &str| File::read(&HALL.replace(from, to)).unwrap_err().to_string();
    assert!(wrong("units: [tax], count", "units: [taxes], count").contains("there is no unit \"taxes\""));
    assert!(wrong("closes: \"17:00\"", "closes: \"08:00\"").contains("before `closes`"));
    assert!(wrong("opens: \"09:00\"", "opens: \"nine\"").contains("no time of day"));
    assert!(wrong("training: 1.15", "training: 0").contains("wrong `training`"));
    assert!(wrong("walk_minutes", "walk").contains("walk"));
    assert!(compare(&hall(), 4).unwrap_err().to_string().contains("five seeds"));
}

#[test]
fn both_languages_say_the_same() {
    let (zh, en) =
        (include_str!("../../locales/zh-CN/whatif.ftl"), include_str!("../../locales/en/whatif.ftl"));
    page::words::same_keys(zh, en).unwrap();
}

#[tokio::test]
async fn a_matter_of_packs_that_are_not_installed_is_not_listed() {
    let packs = std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"));
    let ids = async |packs: &std::path::Path| {
        let listed = Described::of(packs).all().await.unwrap();
        listed.into_iter().map(|one| (one.id, matches!(one.what, What::Wrong(_)))).collect::<Vec<_>>()
    };
    let fine = |id: &str| (id.to_owned(), false);
    assert_eq!(ids(packs).await, ["hall-27", "stock-house", "stock-house-desks"].map(fine));
    // The shared files, the descriptions and another item; and one that cannot be read.
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("demo/whatif");
    let item = "nanjing/home-purchase-proof";
    std::fs::create_dir_all(&here).unwrap();
    std::fs::create_dir_all(folder.path().join(item)).unwrap();
    let copy = |from: &std::path::Path, to: &std::path::Path| {
        for file in std::fs::read_dir(from).unwrap().map(|f| f.unwrap().path()).filter(|f| f.is_file()) {
            std::fs::copy(&file, to.join(file.file_name().unwrap())).unwrap();
        }
    };
    copy(packs, folder.path());
    copy(&packs.join("demo/whatif"), &here);
    copy(&packs.join(item), &folder.path().join(item));
    std::fs::write(here.join("odd.yaml"), "matter: {plan: []}").unwrap();
    assert_eq!(ids(folder.path()).await, [fine("hall-27"), ("odd".to_owned(), true)]);
    let none = Described::of(folder.path()).matter("stock-house").await.unwrap_err();
    assert!(
        matches!(none, kernel::Failure::Refused(refusal) if refusal.kind == kernel::RefusalKind::NotFound)
    );
}
