//! What RESULTS.md says, made again: `--run-ignored all --no-capture results`.

use catalog::planner::{self, Question};
use kernel::Lang;
use whatif::{File, compare, report, worked};

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
    let pack = catalog::pack::load(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/../../packs")))
        .unwrap();
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
    let worked = worked(&matter, &plan.steps, SEEDS).unwrap();
    // With whole terms the engine says what the plan says.
    assert_eq!(worked.terms, (plan.serial_hours as f64 / 8.0, plan.hours as f64 / 8.0));
    assert!(worked.parallel.0.mean <= worked.serial.0.mean);
    println!("{}", report::matter_table(&worked, theme.name.get(Lang::En), Lang::En));
    println!("{}", report::matter_csv(&worked));
}
