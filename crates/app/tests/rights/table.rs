//! `table.txt`: what everybody is answered, route by route.

use crate::routes::Route;
use std::collections::BTreeMap;
use std::fmt::Write as _;

const TABLE: &str = include_str!("table.txt");

/// What is answered is what the table says; what it does not name is printed as it would stand there.
pub fn compare(table: &BTreeMap<Route, Vec<String>>, wrong: &mut Vec<String>) {
    let line = |l: &'static str| l.split_once(" | ").map(|(route, answers)| (route.trim(), answers.trim()));
    let said: BTreeMap<&str, &str> = TABLE.lines().filter(|l| !l.starts_with('#')).filter_map(line).collect();
    let mut whole: String = TABLE.lines().filter(|l| l.starts_with('#')).map(|l| format!("{l}\n")).collect();
    for (route, answers) in table {
        let (strangers, near) = answers.split_at(crate::STRANGERS.len());
        let answers = format!("{} | {}", strangers.join(" "), near.join(" "));
        let name = format!("{} {}", route.method, route.path);
        let _ = writeln!(whole, "{name} | {answers}");
        match said.get(&*name) {
            None => wrong.push(format!("not in table.txt: {name} | {answers}")),
            Some(wanted) if *wanted != answers => {
                wrong.push(format!("{name}: answered {answers}, and the table says {wanted}"));
            }
            Some(_) => {}
        }
    }
    let known = |name: &&&str| table.keys().any(|r| format!("{} {}", r.method, r.path) == ***name);
    for name in said.keys().filter(|name| !known(name)) {
        wrong.push(format!("in table.txt, but no route any more: {name}"));
    }
    if let Ok(path) = std::env::var("YIMEN_RIGHTS_TABLE") {
        std::fs::write(path, whole).unwrap();
    }
}
