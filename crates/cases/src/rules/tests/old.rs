//! Histories of earlier versions of the program are read as long as there is a case with one.

use crate::event::CaseEvent;
use crate::model::*;
use crate::rules::fold;
use kernel::Timestamp;
use serde::Deserialize;
use serde_json::{Value, json};
use trace::Event;

#[derive(Deserialize)]
struct Old {
    at: Timestamp,
    event: Value,
}

/// As written by version 1: one task for each step, service as a bare word, no hearing, no suspension, no notice.
#[test]
fn a_history_of_version_1_folds_into_the_case_it_was() {
    let old: Vec<Old> = serde_json::from_str(include_str!("version-1.json")).unwrap();
    let read = |e: &Old| -> CaseEvent {
        let body = CaseEvent::upgrade(1, e.event.clone()).unwrap();
        serde_json::from_value(body).unwrap_or_else(|why| panic!("{why}: {}", e.event))
    };
    let events: Vec<(CaseEvent, Timestamp)> = old.iter().map(|e| (read(e), e.at)).collect();
    let case = fold(events.iter().map(|(e, at)| (e, *at))).unwrap();
    assert!(matches!(case.state, CaseState::Closed { .. }));
    assert_eq!(case.certificates.len(), 1);
    assert!(case.steps.iter().all(Step::passed));
    assert!(case.terms.iter().all(|t| !t.runs()), "every term was met: {:?}", case.terms);
    assert!(matches!(
        &case.step("approve").unwrap().state,
        StepState::Passed { by: DoneBy::Person { .. }, .. }
    ));
    let open = fold(events.iter().take(5).map(|(e, at)| (e, *at))).unwrap();
    let tasks: Vec<_> =
        open.open_tasks().map(|(s, task, agency)| (s.id.clone(), task, agency.to_string())).collect();
    let task = "01930000-0000-7000-8000-000000000007".parse().unwrap();
    assert_eq!(tasks, [("approve".to_owned(), task, "nanjing.transport.passenger".to_owned())]);
    // Before leaves were kept, an extension was its reason and the terms.
    let extended: CaseEvent =
        serde_json::from_value(json!({"event": "extended", "reason": "复杂", "terms": []})).unwrap();
    assert!(matches!(extended, CaseEvent::Extended { leave: None, .. }));
    assert!(CaseEvent::upgrade(3, Value::Null).is_err(), "what comes from the future is not guessed at");
}
