//! A certificate on which a case relies falls while the case runs: nothing is granted on it by itself any more; whoever examines it is told,
//! and says why, if it is granted all the same (行政许可法第三十四条: what was handed in is examined until it is decided).

use super::advance::{advance, join};
use super::decide::Run;
use super::{Command, no};
use crate::event::{CaseEvent, ReliedChanged};
use crate::model::*;
use kernel::{Refusal, Text};

/// Writes down what became of a certificate, if the case relies on it and is not decided; the same news twice is one.
pub(super) fn changed(run: &mut Run<'_>, case: &Case, command: &Command) -> Result<(), Refusal> {
    let Command::ReliedChanged { certificate, name, state, stands } = command else { return Ok(()) };
    if case.state.ended() || case.state.decision().is_some() || !case.relies_on(*certificate) {
        return Ok(());
    }
    let known = case.relied.iter().find(|r| r.certificate == *certificate);
    if known.map_or(*stands, |r| r.state == *state) {
        return Ok(());
    }
    let again = if *stands { Vec::new() } else { to_look_at(run, case) };
    let (certificate, name, state, stands) = (*certificate, name.clone(), state.clone(), *stands);
    run.push(CaseEvent::ReliedChanged(ReliedChanged { certificate, name, state, stands, again }));
    advance(run);
    Ok(())
}

/// Where nobody has the case in hand, the last step that was done is done again, by a person.
fn to_look_at(run: &Run<'_>, case: &Case) -> Vec<String> {
    if case.open_seats().next().is_some() {
        return Vec::new();
    }
    let passed = |spec: &&catalog::Step| {
        let state = case.step(&spec.id).map(|s| &s.state);
        spec.publicity.is_none() && matches!(state, Some(StepState::Passed { .. }))
    };
    run.item.process.iter().rfind(passed).map(|s| s.id.clone()).into_iter().collect()
}

/// What fell and was not weighed, as a sentence; none where nothing did.
pub(super) fn fallen(case: &Case) -> Option<Text> {
    let all: Vec<Text> = case.fallen().map(|r| no::fell(&r.name)).collect();
    if all.is_empty() { None } else { Some(join(all.iter())) }
}

/// Refuses an opinion in favour that does not say why, after a certificate fell.
pub(super) fn check(case: &Case) -> Result<(), Refusal> {
    match fallen(case) {
        Some(why) => Err(no::relied_fell(&why)),
        None => Ok(()),
    }
}
