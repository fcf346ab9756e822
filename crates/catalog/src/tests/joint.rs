//! The joint matters as they are shipped: planned under what was shared then and now, and counted against the committed
//! lists of what each department asked. The snapshots are for people to read; nobody wrote the numbers.

use super::packs::real;
use crate::planner::{How, Plan, Question, Reform, compare, plan};
use crate::{Item, MatterTheme, Merged, Pack};
use forms::Answers;
use serde_json::{Value, json};
use std::fmt::Write;

fn theme<'p>(pack: &'p Pack, id: &str) -> &'p MatterTheme {
    pack.themes.iter().find(|t| t.id == id).unwrap()
}

fn members<'p>(pack: &'p Pack, theme: &MatterTheme) -> Vec<&'p Item> {
    let item = |m: &crate::ThemeMember| pack.items.iter().find(|i| i.key == m.item).unwrap();
    theme.members.iter().map(item).collect()
}

fn planned(pack: &Pack, id: &str, sharing: &str, answers: Value) -> (Plan, Reform, Merged) {
    let theme = theme(pack, id);
    let members = members(pack, theme);
    let answers: Answers = answers.as_object().unwrap().clone();
    let shared = &pack.shared;
    let plan = plan(&Question {
        theme: Some(theme),
        answers: &answers,
        sharing: Some(theme.sharing(sharing).unwrap()),
        ..Question::of(&members, &shared.knowledge, &shared.registers)
    });
    let merged = Merged::of(&members, Some(theme), &shared.elements);
    let reform = compare(theme, &plan, &merged);
    (plan, reform, merged)
}

/// What a lawyer wants to see: the counts, each paper with how and why, and each one that fell away.
fn table(plan: &Plan, reform: &Reform) -> String {
    let mut out = String::new();
    let days = reform.days_before.map_or_else(|| "?".to_owned(), |d| d.to_string());
    let (p, f, v) = (reform.papers_before, reform.fields_before, reform.visits_before);
    writeln!(out, "papers {p} → {}", reform.papers_after).unwrap();
    writeln!(out, "fields {f} → {}", reform.fields_after).unwrap();
    writeln!(out, "forms {} → {}", reform.forms_before, reform.forms_after).unwrap();
    writeln!(out, "visits {v} → {}", reform.visits_after).unwrap();
    writeln!(out, "days {days} → {} (one after another {})", reform.days_critical, reform.days_serial)
        .unwrap();
    if let Some((item, step)) = &plan.holds_up {
        writeln!(out, "held up by {item}/{step}").unwrap();
    }
    writeln!(out, "\nmembers").unwrap();
    for m in &plan.members {
        writeln!(out, "  {} {} {}", if m.taken { "✓" } else { "–" }, m.item, m.why.zh).unwrap();
    }
    writeln!(out, "\npapers of the plan").unwrap();
    for p in &plan.papers {
        let mark = if p.optional { " (optional)" } else { "" };
        writeln!(out, "  {}{mark} {} {}｜{}", p.how.word(), p.id, p.name.zh, p.why.zh).unwrap();
    }
    writeln!(out, "\nfallen").unwrap();
    for p in &reform.fallen {
        let how = p.how.map_or("no-longer", How::word);
        writeln!(out, "  {}：{}｜{how}｜{}", p.department.zh, p.name.zh, p.why.zh).unwrap();
    }
    writeln!(out, "\nnew").unwrap();
    for p in &reform.new {
        writeln!(out, "  {} {}", p.paper, p.name.zh).unwrap();
    }
    out
}

fn usual() -> Value {
    json!({"mortgage": "no", "only_home": "yes", "buyer_home": "first", "buyer_married": "yes"})
}

#[test]
fn the_house_is_sold_as_in_2016_and_as_today() {
    let pack = real();
    let (then, reform_then, _) = planned(&pack, "stock-house", "2016", usual());
    let (now, reform_now, _) = planned(&pack, "stock-house", "today", usual());
    assert!(then.exact && now.exact);
    for (plan, reform) in [(&then, &reform_then), (&now, &reform_now)] {
        // Every paper of the list is either still brought or has its reason.
        assert_eq!(reform.fallen.len() + reform.left.len(), reform.papers_before);
        assert_eq!(reform.left.len() + reform.new.len(), reform.papers_after);
        assert!(reform.fallen.iter().all(|f| !f.why.zh.is_empty() && !f.why.en.is_empty()));
        assert!(plan.hours <= plan.serial_hours);
    }
    // The more is shared, the less is asked.
    assert!(reform_now.papers_after <= reform_then.papers_after);
    assert!(reform_then.papers_after < reform_then.papers_before);
    insta::assert_snapshot!("stock_house_2016", table(&then, &reform_then));
    insta::assert_snapshot!("stock_house_today", table(&now, &reform_now));
}

#[test]
fn the_questions_stay_and_what_does_not_concern_is_not_asked() {
    let pack = real();
    let (plan, _, merged) = planned(&pack, "stock-house", "today", usual());
    let answers = usual().as_object().unwrap().clone();
    let facts = vec![json!({"today": "2026-11-20"}); merged.items().count()];
    let state = merged.evaluate(&answers, &facts, &plan);
    assert!(state.show.contains("mortgage") && !state.missing.contains("mortgage"));
    assert!(plan.fields.iter().any(|f| f.id == "mortgage"));
    let release =
        members(&pack, theme(&pack, "stock-house")).iter().position(|i| i.key == "mortgage-release").unwrap();
    let only = |id: &&String| merged.asked_by(id).iter().all(|(m, _)| *m == release) && *id != "mortgage";
    assert_eq!(state.show.iter().filter(only).filter(|id| !merged.asked_by(id).is_empty()).count(), 0);
    let wrong: Vec<&str> = state.errors.iter().map(|e| e.field.as_str()).collect();
    assert!(wrong.iter().enumerate().all(|(n, f)| !wrong[..n].contains(f)), "{wrong:?}");
    // Nothing is answered yet: every question of the guide is still to be answered.
    let (plan, _, merged) = planned(&pack, "stock-house", "today", json!({}));
    let state = merged.evaluate(&Answers::new(), &facts, &plan);
    assert!(
        ["mortgage", "only_home", "buyer_home", "buyer_married"].iter().all(|q| state.missing.contains(*q))
    );
}

#[test]
fn what_the_theme_lets_wait_counts_in_the_time_it_takes() {
    let mut pack = real();
    let mut answers = usual();
    answers["mortgage"] = json!("yes");
    let after = |pack: &Pack, step: &str| {
        let (plan, _, _) = planned(pack, "stock-house", "today", answers.clone());
        let step = plan.steps.iter().find(|s| s.item == "house-trade" && s.id == step).unwrap().clone();
        (step.after.iter().any(|(item, _)| item == "mortgage-release"), step.waits.len(), plan.hours)
    };
    // No paper passes between the two: the trade is confirmed last of all, once the mortgage is struck out.
    assert_eq!(after(&pack, "marriage"), (false, 0, after(&pack, "confirm").2));
    let (waits, whys, hours) = after(&pack, "confirm");
    assert_eq!((waits, whys), (true, 1));
    let theme = pack.themes.iter_mut().find(|t| t.id == "stock-house").unwrap();
    theme.depends.first_mut().unwrap().at = Some("marriage".to_owned());
    assert_eq!((after(&pack, "marriage").0, after(&pack, "marriage").1), (true, 1));
    assert!(after(&pack, "confirm").2 > hours);
    pack.themes.iter_mut().find(|t| t.id == "stock-house").unwrap().depends.remove(0);
    assert_eq!(after(&pack, "confirm").1, 0);
}

#[test]
fn twenty_eight_items_have_one_form() {
    let pack = real();
    let theme = theme(&pack, "civil-affairs");
    assert_eq!(theme.members.len(), 28);
    let last = theme.sharing.last().unwrap().id.clone();
    let (plan, reform, merged) = planned(&pack, "civil-affairs", &last, json!({}));
    assert!(plan.members.iter().all(|m| m.taken), "without an answer all are counted");
    assert_eq!((reform.forms_before, reform.forms_after), (14, 1));
    assert!(reform.fields_after < reform.fields_before);
    let ids: Vec<&str> = merged.form().fields().map(|f| f.id.as_str()).collect();
    let mut once = ids.clone();
    once.sort_unstable();
    once.dedup();
    assert_eq!(once.len(), ids.len());
    insta::assert_snapshot!("civil_affairs", table(&plan, &reform));
}

#[test]
fn every_joint_matter_can_be_planned_in_every_situation() {
    let pack = real();
    assert!(pack.themes.len() >= 4);
    for theme in &pack.themes {
        let mut answers = vec![json!({})];
        for situation in &theme.situations {
            let with = |a: &Value| {
                let option = |o: &forms::Choice| {
                    let mut a = a.clone();
                    a[situation.id.as_str()] = situation.answer([o.value.as_str()]).unwrap();
                    a
                };
                situation.options.iter().map(option).collect::<Vec<_>>()
            };
            // All combinations of the first few, then one after another.
            answers = if answers.len() > 200 {
                answers.iter().flat_map(|a| with(a).into_iter().take(1)).collect()
            } else {
                answers.iter().flat_map(with).collect()
            };
        }
        for answers in answers {
            for sharing in &theme.sharing {
                let (plan, reform, merged) = planned(&pack, &theme.id, &sharing.id, answers.clone());
                assert!(plan.exact, "{} {answers}", theme.id);
                assert_eq!(reform.fallen.len() + reform.left.len(), reform.papers_before);
                let form = merged.form();
                assert!(plan.fields.iter().all(|f| form.field(&f.id).is_some()));
            }
        }
    }
}
