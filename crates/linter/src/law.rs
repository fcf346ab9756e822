//! Terms against the law's own, which stand in the frames of `procedure`; fees against their basis.

use crate::index::Index;
use crate::{Report, Rule, Severity};
use catalog::planner::hours;
use catalog::{By, Fee, FeeDue, Item, Step};
use kernel::{Term, Text};
use procedure::{Frame, Law, NoFrame};
use std::collections::BTreeSet;

/// Looks at every item's terms and fees.
pub(crate) fn check(index: &Index<'_>, report: &mut Report) {
    for item in index.stock.items {
        terms(item, report);
        match Frame::under(item.kind, item.law.as_deref()) {
            Ok(frame) => {
                framed(item, frame, report);
                unaccepted(item, frame, report);
            }
            // Items of a kind without a procedure are on the shelf for their guide.
            Err(NoFrame::Kind) => {}
            Err(no) => unknown_law(item, &no, report),
        }
        fees(item, report);
    }
}

fn beyond(item: &Item, path: impl Into<String>, why: Text, report: &mut Report) {
    let path = path.into();
    let joint = path == "terms.statutory" && !item.joint;
    let fix = if joint {
        Text::new(
            "请缩短；几个部门联合办理的，写 joint: true。",
            "Shorten it; where several agencies handle it together, write `joint: true`.",
        )
    } else {
        Text::new("请缩短。", "Shorten it.")
    };
    report.add(Rule::TermBeyondLaw, Severity::Error, (&item.key, path), why, fix);
}

/// What no item may do, whatever its frame: promise more, or plan for more, than its own law gives it.
fn terms(item: &Item, report: &mut Report) {
    let statutory = item.terms.statutory;
    if hours(item.terms.promised) > hours(statutory) {
        let (p, s) = (item.terms.promised.text(), statutory.text());
        let why = Text::new(
            format!("承诺时限{}长于法定时限{}。", p.zh, s.zh),
            format!("The promised term of {} is longer than the statutory {}.", p.en, s.en),
        );
        beyond(item, "terms.promised", why, report);
    }
    let path = catalog::planner::critical_path(&item.process);
    if path.hours > hours(statutory) {
        let (days, s) = (path.hours.div_ceil(catalog::planner::HOURS_A_DAY), statutory.text());
        let why = Text::new(
            format!("各步骤接起来要{days}个工作日，超过法定时限{}。", s.zh),
            format!("The steps take {days} working days together, more than the statutory {}.", s.en),
        );
        let last = path.steps.last().and_then(|id| item.process.iter().position(|s| s.id == *id));
        beyond(item, format!("process[{}].term", last.unwrap_or_default()), why, report);
    }
}

/// A law that binds no procedure of this kind: its terms could not be told.
fn unknown_law(item: &Item, no: &NoFrame, report: &mut Report) {
    let fix = Text::new("请改写 law，或者删去。", "Correct `law`, or leave it out.");
    report.add(Rule::UnknownLaw, Severity::Error, (&item.key, "law".to_owned()), no.say(), fix);
}

/// What the frame's law sets.
fn framed(item: &Item, frame: Frame, report: &mut Report) {
    let mut compare = |path: String, term: Term, law: Option<(Term, Law)>| {
        let Some((most, law)) = law.filter(|(most, _)| hours(term) > hours(*most)) else { return };
        let (own, most, law) = (term.text(), most.text(), law.cite());
        let why = Text::new(
            format!("{}超过{}规定的{}。", own.zh, law.zh, most.zh),
            format!("{} is more than the {} of the {}.", own.en, most.en, law.en),
        );
        beyond(item, path, why, report);
    };
    compare("terms.statutory".to_owned(), item.terms.statutory, frame.decision(item.joint));
    if let Some(precheck) = item.precheck {
        compare("precheck".to_owned(), precheck, frame.acceptance());
    }
    let renewal = frame.renewal().map(|r| (r.before, r.law));
    for (r, result) in item.results.iter().enumerate() {
        if let Some(before) = result.renew_before {
            let path = format!("results[{r}].renew_before");
            compare(path, Term::days(u32::from(before)), renewal.clone());
        }
    }
}

/// Where a person accepts by taking up the first step, a fee that is due on acceptance cannot hold that step: nobody would accept, so that
/// it would never be due. A pre-check, a step beside it, or a fee that is due on assessment lets the case go on.
fn unaccepted(item: &Item, frame: Frame, report: &mut Report) {
    if frame.accepts_by_rule() || item.precheck.is_some() {
        return;
    }
    let due = |fee: &Fee| matches!(fee.due, FeeDue::Acceptance | FeeDue::Together);
    let holds = |fee: &Fee| fee.code.is_some() && due(fee);
    let held: Vec<&str> = item.fees.iter().filter(|f| holds(f)).filter_map(|f| f.before.as_deref()).collect();
    let mut taken = item.process.iter().filter(|s| s.by != By::Automatic).peekable();
    if taken.peek().is_none() || taken.any(|step| free(item, step, &held)) {
        return;
    }
    for (f, fee) in item.fees.iter().enumerate().filter(|(_, fee)| holds(fee)) {
        let Some(step) = item.process.iter().find(|s| fee.before.as_deref() == Some(&s.id)) else { continue };
        let why = Text::new(
            format!(
                "“{}”受理时才应缴，又要缴了才办“{}”，而受理正是在这一步：没有人能受理，也就永远缴不了。",
                fee.name.zh, step.title.zh
            ),
            format!(
                "The fee “{}” is due on acceptance and stands before “{}”, in which the case would be accepted: nobody accepts, so that it is never due.",
                fee.name.en, step.title.en
            ),
        );
        let fix = Text::new(
            "请加预审（precheck），或者把 due 改为 assessment，或者把 before 放到后面的步骤。",
            "Add a `precheck`, make it `due: assessment`, or let it stand before a later step.",
        );
        let at = (item.key.as_str(), format!("fees[{f}].before"));
        report.add(Rule::FeeBeforeAcceptance, Severity::Error, at, why, fix);
    }
}

/// Whether a step can be taken before any of those that are held.
fn free(item: &Item, step: &Step, held: &[&str]) -> bool {
    let (mut open, mut seen) = (vec![step.id.as_str()], BTreeSet::new());
    while let Some(id) = open.pop() {
        if held.contains(&id) {
            return false;
        }
        if seen.insert(id) {
            let before = item.process.iter().filter(|s| s.id == id);
            open.extend(before.flat_map(|s| s.after.iter().map(String::as_str)));
        }
    }
    true
}

/// A fee rests on a law or a published list of fees (行政事业性收费目录清单); "by custom" is no basis.
fn fees(item: &Item, report: &mut Report) {
    const CITES: [&str; 10] = ["《", "号", "法", "条例", "办法", "规定", "标准", "目录", "清单", "通知"];
    for (f, fee) in item.fees.iter().enumerate() {
        let basis = fee.basis.zh.trim();
        let (severity, why) = if basis.is_empty() || fee.basis.en.trim().is_empty() {
            let why = Text::new(
                format!("“{}”没有写收费依据。", fee.name.zh),
                format!("There is no basis for the fee “{}”.", fee.name.en),
            );
            (Severity::Error, why)
        } else if !CITES.iter().any(|sign| basis.contains(sign)) {
            let why = Text::new(
                format!("“{}”的依据“{basis}”看不出是哪部法规、哪份文件。", fee.name.zh),
                format!(
                    "The basis “{}” of the fee “{}” names no law or document.",
                    fee.basis.en.trim(),
                    fee.name.en
                ),
            );
            (Severity::Warning, why)
        } else {
            continue;
        };
        let fix = Text::new(
            "请写明法律、文件或收费目录清单；没有依据的不得收取。",
            "Name the law, document or list of fees; what has no basis may not be taken.",
        );
        report.add(Rule::FeeWithoutBasis, severity, (&item.key, format!("fees[{f}].basis")), why, fix);
    }
}
