//! Moves a case on by itself: opens the steps whose turn it is, decides automatic ones by their rule, and decides the
//! case once every step is done and nothing it waits for is open.

use super::checks::{CheckDone, checks, whole};
use super::decide::Run;
use super::file::accept;
use super::party::unspoken;
use super::{env, fees, hearing, papers, relied, sibling, task_id, terms};
use crate::event::CaseEvent;
use crate::model::*;
use catalog::{By, DECISION, Otherwise};
use kernel::rules::Verdict;
use kernel::{AgencyCode, Text};
use procedure::{RunningTerm, TermKind};

/// Whether the program does this step.
pub(super) fn is_automatic(step: &catalog::Step) -> bool {
    step.by == By::Automatic && step.publicity.is_none()
}

/// Goes on until nothing more happens by itself.
pub(super) fn advance(run: &mut Run<'_>) {
    fees::came(run);
    // Every round does at least one of finitely many steps, so this ends; the bound only guards against a mistake here.
    for _ in 0..=run.item.process.len() * 2 {
        let before = run.events.len();
        for index in 0..run.item.process.len() {
            one_step(run, index);
        }
        fees::accept_examined(run);
        fees::assess(run);
        if run.events.len() == before {
            break;
        }
    }
    send_up(run);
    conclude(run);
    fees::stand(run);
}

/// 下级机关审查完毕，将初步审查意见和全部申请材料报送上级行政机关 (行政许可法第四十三条).
fn send_up(run: &mut Run<'_>) {
    let Some(case) = &run.case else { return };
    let reviewed = run.item.preliminary.iter().all(|id| case.step(id).is_some_and(Step::passed));
    if reviewed && case.running(&TermKind::PreliminaryReview).is_some() {
        run.push(CaseEvent::SentUp);
    }
}

fn one_step(run: &mut Run<'_>, index: usize) {
    let (Some(case), Some(spec)) = (&run.case, run.item.process.get(index)) else { return };
    let Some(step) = case.step(&spec.id).filter(|_| its_turn(run, case, spec)) else { return };
    let facts = env::facts_of(case, run.at);
    if let Some(when) = spec.when.as_ref().and_then(|c| c.rule()) {
        match when.test(&facts) {
            Verdict::Yes => {}
            Verdict::No => return run.push(CaseEvent::StepSkipped { step: spec.id.clone() }),
            Verdict::Absent(paths) => {
                let missing = missing_sources(case, &paths);
                if !missing.is_empty() {
                    return hold(run, &spec.id, missing);
                }
            }
        }
    }
    if fees::awaited(case, run.item, &spec.id, run.at) {
        return;
    }
    if case.declared.as_ref().is_some_and(|d| d.steps.contains(&spec.id)) {
        let (step, by) = (spec.id.clone(), DoneBy::Declaration);
        return run.push(CaseEvent::StepPassed { step, by, reason: None, discretion: Discretion::default() });
    }
    if let Some(term) = spec.publicity {
        let kind = TermKind::Publicity(spec.id.clone());
        let term = RunningTerm::start(kind, run.at, term, None, run.calendar);
        let (step, round) = (spec.id.clone(), step.round + 1);
        let (seats, referred, term) = (Vec::new(), None, Some(term));
        return run.push(CaseEvent::StepOpened { step, round, seats, referred, term });
    }
    if let Some(why) = sibling::without(case, &spec.id) {
        return open(run, spec, Some(Referral { why, unmet: Vec::new() }));
    }
    if let Some(why) = relied::fallen(case).filter(|_| is_automatic(spec)) {
        return open(run, spec, Some(Referral { why, unmet: Vec::new() }));
    }
    match &spec.by {
        By::Automatic => automatic(run, spec),
        _ => open(run, spec, None),
    }
}

/// The pre-check is over, steps before it are done in favour (or only wait for facts: a source that is down stops nobody, but one that
/// is asked this moment, since a party has just confirmed, is waited for), and
/// the parties whose confirmation it needs have confirmed; and what it waits for from other cases of the matter has come, or will
/// not.
fn its_turn(run: &Run<'_>, case: &Case, spec: &catalog::Step) -> bool {
    // Nothing is examined on one side's word where the item needs the word of several.
    let works = case.state.works() && !unspoken(run.item, &case.parties);
    let here = |s: &Step| matches!(s.state, StepState::Waiting | StepState::Held { .. });
    let checked = case.step(PRECHECK).is_none_or(Step::done);
    let down = |step: &Step| match &step.state {
        StepState::Held { absent } => !case.facts.iter().any(|f| absent.contains(&f.alias) && withheld(f)),
        _ => false,
    };
    let before =
        spec.after.iter().all(|id| case.step(id).is_none_or(|before| before.passed() || down(before)));
    let brought = case.awaits.iter().all(|a| !a.open() || a.step.as_deref() != Some(&spec.id));
    works
        && case.step(&spec.id).is_some_and(here)
        && checked
        && before
        && brought
        && case.unconfirmed(&spec.confirm).next().is_none()
}

/// Whether it is this step's turn as soon as what stands before it is paid.
pub(super) fn turn_but_for_money(run: &Run<'_>, spec: &catalog::Step) -> bool {
    let Some(case) = run.case.as_ref().filter(|case| its_turn(run, case, spec)) else { return false };
    let when = spec.when.as_ref().and_then(|c| c.rule());
    when.is_none_or(|rule| rule.test(&env::facts_of(case, run.at)) == Verdict::Yes)
}

fn withheld(fact: &Fact) -> bool {
    matches!(fact.answer, FactAnswer::Withheld(_))
}

fn automatic(run: &mut Run<'_>, spec: &catalog::Step) {
    let Some(case) = &run.case else { return };
    let facts = env::facts_of(case, run.at);
    let checks = checks(spec, &facts);
    let by = DoneBy::Rule { rule: whole(&checks) };
    if checks.iter().all(|c| c.verdict == Verdict::Yes) {
        // A rule grants nothing while a paper is wanting that nobody could be asked for before: a person asks for it, or does without.
        let owed = papers::owed(case, run.item, &facts);
        if !owed.is_empty() && !looked_at(case, run.item) {
            return open(run, spec, Some(Referral { why: papers::wanting(&owed), unmet: Vec::new() }));
        }
        let lacking = papers::lacking(case, run.item, run.at);
        if !lacking.is_empty() && !looked_at(case, run.item) {
            return open(run, spec, Some(Referral { why: not_found(&lacking), unmet: Vec::new() }));
        }
        let (step, discretion) = (spec.id.clone(), Discretion::default());
        return run.push(CaseEvent::StepPassed { step, by, reason: None, discretion });
    }
    let unmet: Vec<&CheckDone> = checks.iter().filter(|c| c.verdict == Verdict::No).collect();
    let unknown: Vec<String> = checks.iter().flat_map(CheckDone::absent).collect();
    let missing = missing_sources(case, &unknown);
    if unmet.is_empty() && !missing.is_empty() {
        return hold(run, &spec.id, missing);
    }
    let ids = unmet.iter().map(|c| c.id.clone()).collect();
    let refuses = spec.otherwise.unwrap_or_default() == Otherwise::Refuse;
    // What is to be done again is not refused again by the same rule.
    let again = matches!(case.state, CaseState::Accepted { how: Acceptance::Ordered, .. });
    let person = case.wants_person || again || disputed(case, &unmet);
    if refuses && !unmet.is_empty() && !person {
        let reason = join(unmet.iter().map(|c| &c.say));
        let (step, discretion) = (spec.id.clone(), Discretion::default());
        return run.push(CaseEvent::StepFailed { step, by, reason, unmet: ids, discretion });
    }
    // What no register holds always goes to a person, because registers err; and so does what the applicant disputes.
    let why = if unmet.is_empty() { not_found(&unknown) } else { join(unmet.iter().map(|c| &c.say)) };
    open(run, spec, Some(Referral { why, unmet: ids }));
}

/// Whether a person has done a step that the program usually does.
fn looked_at(case: &Case, item: &catalog::Item) -> bool {
    let by_person = |s: &Step| matches!(&s.state, StepState::Passed { by: DoneBy::Person { .. }, .. });
    item.process
        .iter()
        .filter(|spec| is_automatic(spec))
        .filter_map(|spec| case.step(&spec.id))
        .any(by_person)
}

/// Whether the applicant says that an entry is wrong on which one of these checks rests, and nobody has looked yet.
fn disputed(case: &Case, unmet: &[&CheckDone]) -> bool {
    let mut open = case.disputes.iter().filter(|d| d.settled.is_none());
    open.any(|d| unmet.iter().flat_map(|c| &c.paths).any(|path| root(path) == d.alias()))
}

/// Sentences one after another.
pub(super) fn join<'a>(texts: impl Iterator<Item = &'a Text>) -> Text {
    let (zh, en): (Vec<&str>, Vec<&str>) = texts.map(|t| (t.zh.as_str(), t.en.as_str())).unzip();
    Text::new(zh.join(""), en.join(" "))
}

/// The agency of the next step that a person does, else the item's own.
fn referred_to(run: &Run<'_>) -> AgencyCode {
    let by_agency = run.item.process.iter().find_map(|s| match &s.by {
        By::Agency(agency) => Some(agency.clone()),
        By::Level { .. } => run.case.as_ref().and_then(|c| c.agencies.get(&s.id)?.first().cloned()),
        _ => None,
    });
    by_agency.unwrap_or_else(|| run.item.agency.clone())
}

fn not_found(paths: &[String]) -> Text {
    Text::new(
        format!("登记系统中没有查到所需信息（{}），转人工审查。", paths.join("、")),
        format!("The registers hold nothing on {}; a person examines it.", paths.join(", ")),
    )
}

fn root(path: &str) -> &str {
    path.split(['.', '[']).next().unwrap_or_default()
}

/// Of the paths a rule misses, the sources that could not be asked; empty when every source has answered.
fn missing_sources(case: &Case, paths: &[String]) -> Vec<String> {
    let roots: std::collections::BTreeSet<&str> = paths.iter().map(|p| root(p)).collect();
    let absent = case.absent();
    roots.into_iter().filter(|alias| absent.contains(alias)).map(str::to_owned).collect()
}

fn hold(run: &mut Run<'_>, step: &str, absent: Vec<String>) {
    let held = run.case.as_ref().and_then(|c| c.step(step));
    if held.is_some_and(|s| s.state != StepState::Held { absent: absent.clone() }) {
        run.push(CaseEvent::StepHeld { step: step.to_owned(), absent });
    }
}

/// Opens a step for those who take it: one seat, or one for each that signs.
pub(super) fn open(run: &mut Run<'_>, spec: &catalog::Step, referred: Option<Referral>) {
    let Some(case) = &run.case else { return };
    let round = case.step(&spec.id).map_or(1, |s| s.round + 1);
    let seats = seats(run, case, spec, round);
    let kind = TermKind::Step(spec.id.clone());
    let mut term = spec.term.map(|term| RunningTerm::start(kind, run.at, term, None, run.calendar));
    if let (Some(term), Some(lasting)) = (&mut term, case.suspension()) {
        terms::pause_from(term, case, lasting, run.at);
    }
    run.push(CaseEvent::StepOpened { step: spec.id.clone(), round, seats, referred, term });
}

fn seats(run: &Run<'_>, case: &Case, spec: &catalog::Step, round: u32) -> Vec<Seat> {
    let resolved = case.agencies.get(&spec.id);
    let one = |(index, by): (usize, &By)| {
        let known = resolved.and_then(|list| list.get(index)).cloned();
        let agency = match by {
            By::Agency(agency) => agency.clone(),
            By::Automatic => known.unwrap_or_else(|| referred_to(run)),
            _ => known.unwrap_or_else(|| run.item.agency.clone()),
        };
        let seat = Seat::new(task_id(case.id, &spec.id, round, index), agency);
        let external = match by {
            By::External(system) => Some(system.clone()),
            _ => None,
        };
        Seat { external, ..seat }
    };
    spec.by.each().iter().enumerate().map(one).collect()
}

/// What the case comes to: against it when a step ended against, for it when all are done and nothing is awaited; nothing yet otherwise.
fn outcome(case: &Case) -> Option<Decision> {
    if !matches!(case.state, CaseState::Submitted { .. } | CaseState::Accepted { .. }) {
        return None;
    }
    let broken: Vec<Text> = case.promises.iter().filter_map(|p| p.refused_for()).collect();
    let failed = case.steps.iter().filter_map(|s| match &s.state {
        StepState::Failed { reason, .. } => Some(reason),
        _ => None,
    });
    let against: Vec<&Text> = failed.chain(&broken).collect();
    let done = case.steps.iter().all(Step::passed);
    if (against.is_empty() && !done) || !ready(case, !against.is_empty()) {
        return None;
    }
    Some(if against.is_empty() {
        Decision::Approved { reason: None, amount: case.amount_set() }
    } else {
        Decision::Refused { reason: join(against.into_iter()), remedies: terms::remedies(case) }
    })
}

/// Whether it is granted as soon as what stands before the decision is paid.
pub(super) fn granted_but_for_money(run: &Run<'_>) -> bool {
    let granted = run.case.as_ref().and_then(outcome).is_some_and(|d| d.approved());
    granted && !hearing::must_offer(run)
}

/// Decides the case. What is refused owes nothing; what is granted waits until it is paid, where the item says so.
fn conclude(run: &mut Run<'_>) {
    let Some(decision) = run.case.as_ref().and_then(outcome) else { return };
    if hearing::must_offer(run) {
        return hearing::offer_by_rule(run);
    }
    if matches!(run.case.as_ref().map(|c| &c.state), Some(CaseState::Submitted { .. })) {
        accept(run, Acceptance::ByRule);
    }
    if decision.approved() {
        fees::assess(run);
    }
    let Some(case) = &run.case else { return };
    if decision.approved() && fees::awaited(case, run.item, DECISION, run.at) {
        return;
    }
    let grants = decision.approved() && run.item.certifies();
    let term = Some(case.frame).filter(|_| grants).and_then(|f| terms::from_grant(f, run.at, run.calendar));
    let check = terms::to_check(case, run.item, decision.approved(), run.at, run.calendar);
    let openness = run.item.openness.clone();
    let reviewed = Some((case.frame, run.item)).filter(|_| decision.approved());
    let review = reviewed.and_then(|of| terms::to_review(of, run.at, run.calendar));
    run.push(CaseEvent::Decided { decision, openness, term, check, review });
    fees::assess(run);
}

/// Whether the decision has nothing to wait for: a hearing that was offered, a party who cannot act; and for a grant, sources that have not answered,
/// papers that were promised, a certificate that fell and that nobody has weighed, and results of other cases of the matter.
fn ready(case: &Case, against: bool) -> bool {
    let heard = case.hearing.as_ref().is_none_or(|h| !h.open());
    let whole = || {
        relied::fallen(case).is_none()
            && case.absent().is_empty()
            && case.promises.iter().all(|p| !p.open())
            && !case.waits()
    };
    heard && case.halts.is_empty() && (against || whole())
}
