//! The left of a case: what was filled in, the papers, what registers said and where from, what the rules found.

use crate::{Room, WORDS};
use cases::model::{Dispute, Fact, FactAnswer};
use cases::rules::{CheckDone, checks, facts_of};
use cases::{Case, CaseView};
use catalog::{By, Needs, Published};
use identity::Staff;
use kernel::rules::Verdict;
use kernel::{FileId, Lang};
use page::{Ctx, Html, format};
use serde_json::Value;

/// The most entries of one register's record that are shown.
const ENTRIES_MAX: usize = 60;

pub(crate) struct CheckLine {
    pub badge: Html,
    pub say: String,
    pub facts: Vec<(String, String)>,
}

/// What a register said.
pub(crate) struct FactLine {
    pub name: String,
    pub badge: Html,
    /// Name, value, and whether the applicant disputes it.
    pub entries: Vec<(String, String, bool)>,
}

impl FactLine {
    pub fn disputed(&self) -> bool {
        self.entries.iter().any(|(_, _, wrong)| *wrong)
    }
}

/// What the applicant says is wrong.
pub(crate) struct DisputeLine {
    pub entry: String,
    pub claim: String,
    pub proof: Option<FileId>,
    pub badge: Html,
}

/// Whoever handles it reads the name; whoever only supervises reads it masked.
pub(crate) fn subject(view: &CaseView, staff: &Staff) -> String {
    let name = view.case.first_party().map(|p| p.name.clone()).unwrap_or_default();
    if matches!(staff, Staff::Supervisor(_)) { format::mask_name(&name) } else { name }
}

/// The answers by section, secrets masked.
pub(crate) fn answers(view: &CaseView, lang: Lang) -> Vec<(String, Vec<(String, String)>)> {
    let form = &view.item.item.form;
    let rows = |section: &forms::Section| {
        let rows = forms::section_rows(section, &view.case.answers, lang).into_iter();
        let masked = |path: &str| {
            let (field, value) = at(form, &view.case.answers, path)?;
            field.secret.then(|| forms::print_masked(field, value, lang))
        };
        rows.map(|(label, value, path)| (label, masked(&path).unwrap_or(value))).collect()
    };
    form.sections.iter().map(|s| (s.title.get(lang).to_owned(), rows(s))).collect()
}

/// The field and the value at a path: `children[0].number` is in a row of a group.
fn at<'a>(
    form: &'a forms::Form,
    answers: &'a forms::Answers,
    path: &str,
) -> Option<(&'a forms::Field, &'a Value)> {
    let Some((group, rest)) = path.split_once('[') else {
        return Some((form.field(path)?, answers.get(path)?));
    };
    let (row, child) = rest.split_once("].")?;
    let field = form.field(group)?.fields.iter().find(|f| f.id == child)?;
    Some((field, answers.get(group)?.get(row.parse::<usize>().ok()?)?.get(child)?))
}

/// Whether whoever needs only this reads what stands at a path of the rules.
fn reads(view: &CaseView, needs: Option<&Needs>, path: &str) -> bool {
    let Some(needs) = needs else { return true };
    let (root, rest) = path.split_once('.').unwrap_or((path, ""));
    let leaf = rest.split(['.', '[']).next().unwrap_or_default();
    let register = view.item.item.sources.iter().any(|s| s.id == root);
    match root {
        "form" => needs.fields.iter().any(|f| f == leaf),
        _ if register => needs.facts.iter().any(|f| f == root),
        _ => true,
    }
}

/// Every check of the automatic steps with the facts it rests on; those that rest on what is not for these eyes are left out.
pub(crate) fn check_lines(view: &CaseView, needs: Option<&Needs>, ctx: &Ctx) -> Vec<CheckLine> {
    let facts = facts_of(&view.case, ctx.now);
    let automatic = view.item.item.process.iter().filter(|s| s.by == By::Automatic);
    automatic
        .flat_map(|step| {
            let conditions = step.rule.iter().chain(step.checks.iter().map(|c| &c.rule));
            let paths: Vec<Vec<String>> =
                conditions.map(|c| c.rule().map(|r| r.paths().to_vec()).unwrap_or_default()).collect();
            let done = checks(step, &facts).into_iter().zip(paths);
            let done = done.filter(|(_, paths)| paths.iter().all(|path| reads(view, needs, path)));
            done.map(|(done, paths)| {
                let words = step.checks.iter().find(|c| c.id == done.id).and_then(|c| c.holds.as_ref());
                let holds = words.map_or_else(|| done.rule.clone(), |words| words.get(ctx.lang).to_owned());
                check_line(&done, holds, &paths, (&facts, &view.item), ctx.lang)
            })
            .collect::<Vec<_>>()
        })
        .collect()
}

fn check_line(
    done: &CheckDone,
    holds: String,
    paths: &[String],
    (facts, item): (&Value, &Published),
    lang: Lang,
) -> CheckLine {
    let w = WORDS.say(lang);
    let (kind, word) = match &done.verdict {
        Verdict::Yes => ("good", "check-yes"),
        Verdict::No => ("bad", "check-no"),
        Verdict::Absent(_) => ("wait", "check-absent"),
    };
    let fact = |path: &String| {
        let value = path.split('.').try_fold(facts, |at, key| at.get(key));
        let name = cases::labels::entry(item, path, lang);
        (
            name,
            value.map_or_else(|| w.t("fact-absent").into_owned(), |v| cases::labels::printed(path, v, lang)),
        )
    };
    let say = match done.verdict {
        Verdict::Yes => holds,
        _ => done.say.get(lang).to_owned(),
    };
    CheckLine { badge: page::badge(kind, &w.t(word)), say, facts: paths.iter().map(fact).collect() }
}

/// What each register said.
pub(crate) fn facts(room: &Room, view: &CaseView, lang: Lang) -> Vec<FactLine> {
    let case = &view.case;
    let w = WORDS.say(lang);
    let disputed: Vec<&Dispute> = case.disputes.iter().filter(|d| d.settled.is_none()).collect();
    let line = |fact: &Fact| {
        let name = room.sources.get(&fact.source).map(|s| s.name().get(lang).to_owned());
        let own = || match fact.source.as_str() {
            // What the platform itself knows of whoever applies.
            "identity" => w.t("fact-identity").into_owned(),
            other => other.to_owned(),
        };
        let name = name.unwrap_or_else(own);
        let mut entries = Vec::new();
        let badge = match &fact.answer {
            FactAnswer::Found(record) => {
                flatten(&fact.alias, record, lang, &mut entries);
                page::badge("good", &w.t("fact-found"))
            }
            FactAnswer::NotFound => page::badge("neutral", &w.t("fact-none")),
            FactAnswer::Withheld(_) => page::badge("wait", &w.t("fact-withheld")),
            FactAnswer::Absent(at) => {
                page::badge("wait", &w.with("fact-away", &[("at", format::moment(lang, *at))]))
            }
        };
        let entries = entries
            .into_iter()
            .map(|(path, value)| {
                let wrong = disputed.iter().any(|d| d.path == path || d.path == fact.alias);
                (cases::labels::entry(&view.item, &path, lang), value, wrong)
            })
            .collect();
        FactLine { name, badge, entries }
    };
    case.facts.iter().map(line).collect()
}

fn flatten(path: &str, value: &Value, lang: Lang, out: &mut Vec<(String, String)>) {
    if out.len() >= ENTRIES_MAX {
        return;
    }
    match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                flatten(&format!("{path}.{key}"), value, lang, out);
            }
        }
        Value::Array(all) => {
            for (index, value) in all.iter().enumerate() {
                flatten(&format!("{path}[{index}]"), value, lang, out);
            }
        }
        value => out.push((path.to_owned(), cases::labels::printed(path, value, lang))),
    }
}

/// What the applicant says is wrong, and what a person found.
pub(crate) fn disputes(view: &CaseView, lang: Lang) -> Vec<DisputeLine> {
    let w = WORDS.say(lang);
    let line = |d: &Dispute| {
        let (kind, word) = match d.settled {
            None => ("wait", "dispute-open"),
            Some((true, _)) => ("good", "dispute-upheld"),
            Some((false, _)) => ("neutral", "dispute-denied"),
        };
        let badge = page::badge(kind, &w.t(word));
        DisputeLine {
            entry: cases::labels::entry(&view.item, &d.path, lang),
            claim: d.claim.clone(),
            proof: d.proof,
            badge,
        }
    };
    view.case.disputes.iter().map(line).collect()
}

/// Which papers a person saw in the original.
pub(crate) fn seen(case: &Case, view: &CaseView, lang: Lang) -> Vec<String> {
    let w = WORDS.say(lang);
    let name = |demand: &str| {
        let spec = view.item.item.materials.iter().find(|m| m.id == demand);
        spec.map_or_else(|| demand.to_owned(), |m| m.name.get(lang).to_owned())
    };
    let way = |original: catalog::Original| match original {
        catalog::Original::Look => "original-look",
        catalog::Original::Keep => "original-keep",
        catalog::Original::TakeBack => "original-take-back",
    };
    case.seen.iter().map(|s| format!("{} · {}", name(&s.demand), w.t(way(s.original)))).collect()
}
