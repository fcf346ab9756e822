//! Writes down what supervision reads, in the commit in which it happens; a disputed entry is told to whoever keeps the register.

use super::hold::Hold;
use crate::WORDS;
use crate::event::{CaseEvent, Late};
use crate::model::*;
use crate::queries::{WATCH_SEAL as SEAL, WatchBody};
use crate::store::{self as rows, WatchLine};
use ::store::{Cx, Sealed};
use kernel::{AgencyCode, Fault, Lang, Text, Timestamp};

/// One event of this command, with its place in the chain and what came right after it.
pub(crate) struct Seen<'a> {
    pub event: &'a CaseEvent,
    pub next: Option<&'a CaseEvent>,
    pub seq: i64,
    pub at: Timestamp,
}

/// Adds the row that an event demands, if one.
pub(crate) fn watch(hold: &Hold, cx: &mut Cx, case: &Case, seen: &Seen<'_>) -> Result<(), Fault> {
    let sealer = cx.store().sealer().clone();
    if let CaseEvent::DisputeSettled { path, upheld, text, .. } = seen.event {
        let claim = case.disputes.iter().rev().find(|d| d.path == *path);
        let found = if *upheld { ("属实", "upheld") } else { ("不成立", "not upheld") };
        let outcome = Text::new(format!("{}：{text}", found.0), format!("{}: {text}", found.1));
        let body = claim.map(|d| WatchBody { outcome: Some(outcome), ..dispute(hold, case, d).1 });
        if let Some(body) = body {
            rows::settle_watch(&mut cx.commit, case.id, path, &Sealed::seal(&sealer, SEAL, &body)?);
        }
        return Ok(());
    }
    let Some((kind, agency, body)) = line(hold, cx, case, seen) else { return Ok(()) };
    let path = match seen.event {
        CaseEvent::Disputed { dispute } => dispute.path.clone(),
        _ => String::new(),
    };
    let line = WatchLine {
        case: case.id,
        seq: seen.seq,
        kind,
        at: seen.at,
        agency: agency.to_string(),
        division: case.division.clone(),
        item_key: case.item_key.clone(),
        open: kind == "dispute",
        path,
        body: Sealed::seal(&sealer, SEAL, &body)?,
    };
    rows::add_watch(&mut cx.commit, &line);
    Ok(())
}

fn line(hold: &Hold, cx: &Cx, case: &Case, seen: &Seen<'_>) -> Option<(&'static str, AgencyCode, WatchBody)> {
    match seen.event {
        CaseEvent::StepPassed { step, by, discretion, .. }
        | CaseEvent::StepFailed { step, by, discretion, .. } => {
            let reason = discretion.deviation.clone()?;
            let passed = matches!(seen.event, CaseEvent::StepPassed { .. });
            let agency = match by {
                DoneBy::Person { agency, .. } => agency.clone(),
                _ => case.agency.clone(),
            };
            let body = WatchBody {
                step: Some(title(hold, step)),
                what: band(hold, step, discretion.band.as_deref()),
                reason,
                evidence: None,
                outcome: Some(given(passed, discretion)),
            };
            Some(("deviation", agency, body))
        }
        CaseEvent::RecordedLate { late } => Some(("late", actor(cx, case), recorded(late, seen.next))),
        CaseEvent::Filed(filed) => {
            let late = filed.late.as_ref()?;
            Some(("late", actor(cx, case), recorded(late, Some(seen.event))))
        }
        CaseEvent::Disputed { dispute: disputed } => {
            let (agency, body) = dispute(hold, case, disputed);
            Some(("dispute", agency, body))
        }
        _ => None,
    }
}

fn actor(cx: &Cx, case: &Case) -> AgencyCode {
    cx.actor.agency.clone().unwrap_or_else(|| case.agency.clone())
}

fn recorded(late: &Late, act: Option<&CaseEvent>) -> WatchBody {
    let word = act.map_or_else(|| "recorded-late".to_owned(), |e| e.word().replace('_', "-"));
    let name = |lang| WORDS.say(lang).t(&format!("event-{word}")).into_owned();
    WatchBody {
        what: Text::new(name(Lang::ZhCn), name(Lang::En)),
        reason: late.reason.clone(),
        evidence: Some(late.evidence.clone()),
        ..WatchBody::default()
    }
}

/// The entry and the register that keeps it: whose agency is asked to correct it.
fn dispute(hold: &Hold, case: &Case, dispute: &Dispute) -> (AgencyCode, WatchBody) {
    let source = case.facts.iter().find(|f| f.alias == dispute.alias()).map(|f| f.source.as_str());
    let register = source.and_then(|s| hold.item.shared.register(s));
    let element = hold.item.shared.elements.get(&dispute.path);
    // The entry by its name: nobody has to read a path.
    let entry = |register: &catalog::Register| {
        let leaf = dispute.path.split(['.', '[']).nth(1).unwrap_or_default();
        register.fields.get(leaf).map(|field| field.name.clone())
    };
    let what = match (register, element) {
        (Some(register), _) => match entry(register) {
            Some(entry) => Text::new(
                format!("{}：{}", register.name.zh, entry.zh),
                format!("{}: {}", register.name.en, entry.en),
            ),
            None => register.name.clone(),
        },
        (None, Some(element)) => element.name.clone(),
        (None, None) => Text::same(dispute.path.as_str()),
    };
    let agency = register.map(|r| r.agency.clone()).or_else(|| element.map(|e| e.agency.clone()));
    let body = WatchBody {
        what,
        reason: dispute.claim.clone(),
        evidence: dispute.proof.map(|f| f.to_string()),
        ..WatchBody::default()
    };
    (agency.unwrap_or_else(|| case.agency.clone()), body)
}

fn title(hold: &Hold, step: &str) -> Text {
    let spec = hold.item.item.process.iter().find(|s| s.id == step);
    spec.map_or_else(|| Text::same(step), |s| s.title.clone())
}

/// What the standard says.
fn band(hold: &Hold, step: &str, band: Option<&str>) -> Text {
    let standard = hold.item.item.process.iter().find(|s| s.id == step).and_then(|s| s.standard.as_ref());
    let found = standard.and_then(|s| s.bands.iter().find(|b| Some(b.id.as_str()) == band));
    found.map_or_else(|| Text::same(band.unwrap_or_default()), |b| b.say.clone())
}

/// What was given instead.
fn given(passed: bool, discretion: &Discretion) -> Text {
    let word = if passed { ("同意", "in favour") } else { ("不同意", "against") };
    match discretion.amount {
        Some(amount) => Text::new(format!("{}，{amount}元", word.0), format!("{}, {amount} yuan", word.1)),
        None => Text::new(word.0, word.1),
    }
}
