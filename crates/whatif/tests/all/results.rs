//! What RESULTS.md says, made again: `--run-ignored all --no-capture results`.

use catalog::planner::{self, Question};
use kernel::Lang;
use whatif::desks::Net;
use whatif::{File, Seeds, compare, desked, planned, report, worked};

const SEEDS: u64 = 50;

fn file(name: &str) -> File {
    let path = format!("{}/../../packs/demo/whatif/{name}.yaml", env!("CARGO_MANIFEST_DIR"));
    File::read(&std::fs::read_to_string(path).unwrap()).unwrap()
}

#[test]
#[ignore = "prints the results of the demonstration hall, half a minute"]
fn results_of_the_hall() {
    let hall = file("hall-27").hall.unwrap();
    let compared = compare(&hall, SEEDS).unwrap();
    for lang in [Lang::En, Lang::ZhCn] {
        println!("{}", report::hall_table(&hall, &compared, lang));
    }
    println!("{}", report::hall_csv(&hall, &compared));
}

#[test]
fn results_of_the_matter() {
    let matter = file("stock-house").matter.unwrap();
    let pack = pack();
    let planned = planned(&pack, &matter.plan).unwrap();
    let theme = pack.themes.iter().find(|t| t.id == matter.plan[0]).unwrap();
    let item = |key: &str| pack.items.iter().find(|i| i.key == key).unwrap();
    let members: Vec<_> = theme.members.iter().map(|m| item(&m.item)).collect();
    let shared = &pack.shared;
    let question = Question {
        theme: Some(theme),
        sharing: theme.sharing.last(),
        ..Question::of(&members, &shared.knowledge, &shared.registers)
    };
    let plan = planner::plan(&question);
    assert_eq!(planned.steps, plan.steps);
    let worked = worked(&matter, &planned.steps, SEEDS).unwrap();
    // With whole terms the engine says what the plan says.
    assert_eq!(worked.terms, (plan.serial_hours as f64 / 8.0, plan.hours as f64 / 8.0));
    assert!(worked.parallel.0.mean <= worked.serial.0.mean);
    println!("{}", report::matter_table(&worked, theme.name.get(Lang::En), Lang::En));
    println!("{}", report::matter_csv(&worked));
}

fn pack() -> catalog::Pack {
    catalog::pack::load(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs"))).unwrap()
}

/// No seed is drawn here.
#[test]
fn the_desks_of_the_demonstration_take_every_step_and_none_is_overfull() {
    let matter = file("stock-house-desks").matter.unwrap();
    let (desks, planned) = (matter.desks.unwrap(), planned(&pack(), &matter.plan).unwrap());
    let net = Net::of(&planned, &desks).unwrap();
    assert_eq!((net.of_step.len(), net.terms.iter().flatten().count()), (14, 9));
    // As the file says: each unit busy for 70 to 80 % of the day, about; finance for half.
    let busy =
        net.offered(&desks).into_iter().zip(&desks.units).map(|(w, u)| w / f64::from(u.examiners.unwrap()));
    let busy: Vec<f64> = busy.collect();
    assert!(busy[..5].iter().all(|b| (0.69..0.82).contains(b)) && busy[5] < 0.5, "{busy:?}");
}

fn print_desks(after: u64) {
    let matter = file("stock-house-desks").matter.unwrap();
    let (desks, planned) = (matter.desks.unwrap(), planned(&pack(), &matter.plan).unwrap());
    let found = desked(&desks, &planned, Seeds { n: SEEDS, after }).unwrap();
    println!("{}", report::desks_table(&desks, &found, Lang::En));
    println!("{}", report::desks_csv(&desks, &found));
}

#[test]
#[ignore = "prints the results of the matter at desks, minutes without optimisation"]
fn results_of_the_desks() {
    print_desks(0);
}

#[test]
#[ignore = "prints the same for seeds that had not been looked at"]
fn results_of_the_desks_once_more() {
    print_desks(SEEDS);
}
