//! The checks of an automatic step, put to the facts of a case.

use kernel::Text;
use kernel::rules::Verdict;

/// A check of an automatic step, put to the facts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckDone {
    /// Its id; that of the step for the step's own rule.
    pub id: String,
    /// The rule as written.
    pub rule: String,
    /// The paths it reads.
    pub paths: Vec<String>,
    /// What the applicant is told when it does not hold.
    pub say: Text,
    /// Whether it holds.
    pub verdict: Verdict,
}

impl CheckDone {
    /// The paths it could not be put to.
    pub(super) fn absent(&self) -> Vec<String> {
        match &self.verdict {
            Verdict::Absent(paths) => paths.clone(),
            _ => Vec::new(),
        }
    }
}

/// Every check of an automatic step, put to these facts.
pub fn checks(spec: &catalog::Step, facts: &serde_json::Value) -> Vec<CheckDone> {
    let test = |c: &forms::Condition| c.rule().map_or(Verdict::Absent(Vec::new()), |r| r.test(facts));
    let own = spec.rule.iter().map(|rule| CheckDone {
        id: spec.id.clone(),
        rule: rule.source.clone(),
        paths: paths(rule),
        say: not_met(spec),
        verdict: test(rule),
    });
    let reasons = spec.checks.iter().map(|check| CheckDone {
        id: check.id.clone(),
        rule: check.rule.source.clone(),
        paths: paths(&check.rule),
        say: check.say.clone(),
        verdict: test(&check.rule),
    });
    own.chain(reasons).collect()
}

fn paths(condition: &forms::Condition) -> Vec<String> {
    condition.rule().map(|rule| rule.paths().to_vec()).unwrap_or_default()
}

/// All rules of a step as one, each in its own brackets: a reader must not take `a || b && c` for something else.
pub(super) fn whole(checks: &[CheckDone]) -> String {
    match checks {
        [one] => one.rule.clone(),
        many => many.iter().map(|c| format!("({})", c.rule)).collect::<Vec<_>>().join(" && "),
    }
}

fn not_met(spec: &catalog::Step) -> Text {
    Text::new(
        format!("“{}”的条件不符合。", spec.title.zh),
        format!("The condition of “{}” does not hold.", spec.title.en),
    )
}
