//! Scratch.
use catalog::planner::{compare, plan, Question};
use catalog::Merged;
fn main() {
    let pack = match catalog::pack::load(std::path::Path::new("packs")) {
        Ok(p) => p,
        Err(c) => { c.iter().for_each(|c| println!("{c}")); return; }
    };
    let args: Vec<String> = std::env::args().skip(1).collect();
    if args[0] == "lint" {
        let a: serde_json::Value = serde_saphyr_like();
        let agencies: Vec<(kernel::AgencyCode, Option<String>)> = a.as_array().unwrap().iter().map(|x| (kernel::AgencyCode::parse(x[0].as_str().unwrap()).unwrap(), x[1].as_str().map(str::to_owned))).collect();
        for f in linter::lint(&linter::Stock { items: &pack.items, themes: &pack.themes, knowledge: &pack.shared.knowledge, registers: &pack.shared.registers, elements: &pack.shared.elements, agencies: Some(&agencies) }) {
            println!("{} {} {:?}", f.item, f.path, f.line(kernel::Lang::En));
        }
        return;
    }
    let theme = pack.themes.iter().find(|t| t.id == args[0]).unwrap();
    let members: Vec<&catalog::Item> = theme.members.iter().filter_map(|m| pack.items.iter().find(|i| i.key == m.item)).collect();
    let answers: serde_json::Map<String, serde_json::Value> = args[2..].iter().map(|a| { let (k, v) = a.split_once('=').unwrap(); (k.to_owned(), v.into()) }).collect();
    let sharing = theme.sharing(&args[1]);
    let q = Question { theme: Some(theme), answers: &answers, sharing, ..Question::of(&members, &pack.shared.knowledge, &pack.shared.registers) };
    let p = plan(&q);
    let merged = Merged::of(&members, Some(theme), &pack.shared.elements);
    let r = compare(theme, &p, &merged);
    println!("papers {} -> {}  fields {} -> {} forms {}->{} visits {}->{} days {:?} serial {} critical {} exact {}", r.papers_before, r.papers_after, r.fields_before, r.fields_after, r.forms_before, r.forms_after, r.visits_before, r.visits_after, r.days_before, r.days_serial, r.days_critical, p.exact);
    for f in &p.fields { println!("F {} {:?} {} | {}", f.id, f.how, f.label.zh, f.why.zh); }
    for x in &p.papers { println!("P {} {:?} opt={} orig={:?} | {}", x.id, x.how, x.optional, x.original, x.why.zh); }
    for s in &p.steps { println!("S {}/{} {}+{} crit={} after {:?}", s.item, s.id, s.begins, s.hours, s.critical, s.after); }
    for f in &r.fallen { println!("X {} {}:{} {:?} {}", f.department.zh, f.kind, f.holder, f.how, f.why.zh); }
    for f in &r.left { println!("L {} {}", f.paper, f.why.zh); }
    for f in &r.new { println!("N {} {}", f.paper, f.why.zh); }
    println!("holds up {:?} total {:?} results {:?}", p.holds_up, p.total, p.results.iter().map(|r| &r.certificate).collect::<Vec<_>>());
}
fn serde_saphyr_like() -> serde_json::Value {
    serde_json::from_str(&std::fs::read_to_string("/tmp/c4/packs-draft/agencies.json").unwrap()).unwrap()
}
