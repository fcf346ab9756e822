//! A plan as people read it on a terminal: figures, papers to bring, papers that fell away with the reason, steps.

use super::{Planned, say};
use catalog::planner::{How, PlannedPaper};
use kernel::{Lang, Text};
use std::fmt::Write as _;

/// The whole table.
pub fn table(planned: &Planned<'_>, lang: Lang) -> String {
    let mut out = String::new();
    head(planned, lang, &mut out);
    figures(planned, lang, &mut out);
    members(planned, lang, &mut out);
    papers(planned, lang, &mut out);
    fallen(planned, lang, &mut out);
    rest(planned, lang, &mut out);
    out
}

fn line(out: &mut String, text: &str) {
    // Writing to a string cannot fail.
    let _ = writeln!(out, "{text}");
}

fn head(planned: &Planned<'_>, lang: Lang, out: &mut String) {
    let name = match planned.theme {
        Some(theme) => theme.name.get(lang).to_owned(),
        None => {
            planned.members.iter().map(|i| i.name.get(lang)).collect::<Vec<_>>().join(say(lang, "、", ", "))
        }
    };
    line(out, &name);
    if let Some(sharing) = planned.sharing {
        let grade = sharing.grade.and_then(|g| serde_json::to_value(g).ok());
        let grade = grade.and_then(|g| g.as_str().map(|g| format!(" [{g}]"))).unwrap_or_default();
        line(out, &format!("{}{}{grade}", say(lang, "共享：", "Shared: "), sharing.name.get(lang)));
    }
    for (question, answer) in &planned.plan.situations {
        line(out, &format!("  {question} = {answer}"));
    }
}

fn figures(planned: &Planned<'_>, lang: Lang, out: &mut String) {
    let reform = &planned.reform;
    let mut row = |zh: &str, en: &str, before: String, after: String| {
        line(out, &format!("  {} {before} → {after}", pad(say(lang, zh, en), 20)));
    };
    row("材料", "papers", reform.papers_before.to_string(), reform.papers_after.to_string());
    row("填写的内容", "fields", reform.fields_before.to_string(), reform.fields_after.to_string());
    row("表格", "forms", reform.forms_before.to_string(), reform.forms_after.to_string());
    row("跑动次数", "visits", reform.visits_before.to_string(), reform.visits_after.to_string());
    let before = reform.days_before.map_or_else(|| "?".to_owned(), |d| d.to_string());
    row("工作日", "working days", before, reform.days_critical.to_string());
    let serial = say(lang, "其中逐项依次办理要", "one after another they would take");
    line(out, &format!("    {serial} {}", reform.days_serial));
    if let Some((item, step)) = &planned.plan.holds_up {
        line(out, &format!("    {} {item}/{step}", say(lang, "最耗时的环节：", "what holds it up:")));
    }
    if !planned.plan.exact {
        line(
            out,
            say(lang, "    材料过多，未证明是最少的", "    so many papers that the least is not proven"),
        );
    }
}

/// A word with blanks up to a width; a Chinese character is two wide.
fn pad(word: &str, width: usize) -> String {
    let wide: usize = word.chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum();
    format!("{word}{}", " ".repeat(width.saturating_sub(wide)))
}

fn members(planned: &Planned<'_>, lang: Lang, out: &mut String) {
    line(out, say(lang, "\n事项", "\nItems"));
    for member in &planned.plan.members {
        let mark = if member.taken { "+" } else { "-" };
        line(
            out,
            &format!("  {mark} {} ({}): {}", member.name.get(lang), member.agency, member.why.get(lang)),
        );
    }
}

fn papers(planned: &Planned<'_>, lang: Lang, out: &mut String) {
    let asked: Vec<&PlannedPaper> = planned.plan.asked().collect();
    line(out, &format!("{} ({})", say(lang, "\n要交的材料", "\nPapers to bring"), asked.len()));
    for paper in asked {
        line(out, &format!("  {}: {}", titled(paper, lang), paper.why.get(lang)));
    }
    let spared = |p: &&PlannedPaper| p.how != How::Asked || p.optional;
    let others: Vec<&PlannedPaper> = planned.plan.papers.iter().filter(spared).collect();
    line(out, &format!("{} ({})", say(lang, "\n不用交的材料", "\nPapers not to bring"), others.len()));
    for paper in others {
        let how = if paper.how == How::Asked { "optional" } else { paper.how.word() };
        line(out, &format!("  [{how}] {}: {}", titled(paper, lang), paper.why.get(lang)));
    }
}

fn titled(paper: &PlannedPaper, lang: Lang) -> String {
    let items: Vec<&str> = paper.demands.iter().map(|(item, _)| item.as_str()).collect();
    format!("{} <{}> {}", paper.name.get(lang), paper.holder, items.join(" "))
}

fn fallen(planned: &Planned<'_>, lang: Lang, out: &mut String) {
    let reform = &planned.reform;
    let title = say(lang, "\n从前要交、现在不用的", "\nAsked before and no longer");
    line(out, &format!("{title} ({})", reform.fallen.len()));
    let mut department: Option<&Text> = None;
    for paper in &reform.fallen {
        if department != Some(&paper.department) {
            line(out, &format!("  {}", paper.department.get(lang)));
            department = Some(&paper.department);
        }
        line(out, &format!("    {} <{}>: {}", paper.name.get(lang), paper.holder, paper.why.get(lang)));
    }
}

fn rest(planned: &Planned<'_>, lang: Lang, out: &mut String) {
    line(out, say(lang, "\n环节", "\nSteps"));
    for step in &planned.plan.steps {
        let mark = if step.critical { "*" } else { " " };
        let term = step.term.map(|t| t.text().get(lang).to_owned()).unwrap_or_default();
        let begins = step.begins.div_ceil(catalog::planner::HOURS_A_DAY);
        line(out, &format!("  {mark} +{begins:>2} {} {} {term}", step.item, step.title.get(lang)));
    }
    if !planned.plan.fees.is_empty() {
        line(out, &format!("\n{} {}", say(lang, "一张账单", "One bill"), planned.plan.bill().get(lang)));
        for fee in &planned.plan.fees {
            let says = fee.says();
            line(out, &format!("  {} {}", fee.name.get(lang), says.get(lang)));
            for note in fee.notes() {
                line(out, &format!("    {}", note.get(lang)));
            }
        }
    }
    line(out, say(lang, "\n结果", "\nResults"));
    for result in &planned.plan.results {
        line(out, &format!("  {}", result.name.get(lang)));
    }
}
