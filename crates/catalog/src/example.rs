//! Examples: cases a pack brings as its own tests.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What an example starts from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The day of filing; today by default.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub today: Option<jiff::civil::Date>,
    /// What is typed into the form.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub answers: forms::Answers,
    /// What is known of the applicant: `person.name: …`.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub known: serde_json::Map<String, serde_json::Value>,
    /// What the sources answer, by alias; `down` when the register does not answer, null when it holds nothing.
    #[serde(default)]
    #[schemars(with = "BTreeMap<String, serde_json::Value>")]
    pub sources: serde_json::Map<String, serde_json::Value>,
    /// What examiners decide, by step: `pass`, `refuse`.
    #[serde(default)]
    pub decide: BTreeMap<String, String>,
    /// The papers handed in later (容缺), by the material's id: promised at filing.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub promised: Vec<String>,
    /// Whether the applicant declares instead of proving (告知承诺).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub declares: bool,
    /// The certificate that is renewed, as it is held.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub renewing: Option<Held>,
    /// Whether everybody pays as soon as there is a bill; `false` shows what waits, and `{pay: buyer}` pays later.
    #[serde(default = "yes", skip_serializing_if = "is_yes")]
    pub pays: bool,
    /// What happens after filing, one after another; beside `decide`, which acts whenever its step is open.
    #[serde(rename = "do", default, skip_serializing_if = "Vec::is_empty")]
    pub acts: Vec<Do>,
}

fn yes() -> bool {
    true
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_yes(pays: &bool) -> bool {
    *pays
}

impl Default for Given {
    fn default() -> Self {
        Self {
            today: None,
            answers: forms::Answers::default(),
            known: serde_json::Map::default(),
            sources: serde_json::Map::default(),
            decide: BTreeMap::new(),
            promised: Vec::new(),
            declares: false,
            renewing: None,
            pays: true,
            acts: Vec::new(),
        }
    }
}

/// A certificate with its validity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Held {
    /// Its first day.
    #[schemars(with = "String")]
    pub from: jiff::civil::Date,
    /// Its last.
    #[schemars(with = "String")]
    pub until: jiff::civil::Date,
}

/// How a step or a line system's task ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// In favour.
    Pass,
    /// Against.
    Fail,
}

/// One thing that happens in an example after filing.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged, deny_unknown_fields)]
pub enum Do {
    /// A person takes a step: `{step: inspect, outcome: pass, amount: "80"}`.
    Step {
        /// Which step.
        step: String,
        /// How it ends.
        outcome: Outcome,
        /// The amount granted, in yuan.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        amount: Option<String>,
        /// The reason; needed when it deviates from the step's standard.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
    /// Time passes, and the sweeper runs: `{wait: 7wd}`.
    Wait {
        /// How long.
        #[schemars(with = "String")]
        wait: kernel::Term,
    },
    /// A line system reports: `{line: fire-line, outcome: pass}`.
    Line {
        /// The line system.
        line: String,
        /// What it reports.
        outcome: Outcome,
        /// Its words.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// The case is accepted by a person: `{accept: true}`; `false` = not accepted.
    Accept {
        /// Whether.
        accept: bool,
    },
    /// A special procedure begins: `{suspend: testing, for: 10wd}`.
    Suspend {
        /// Its kind, one of the item's `suspensions`.
        suspend: String,
        /// How long it is expected to take.
        #[serde(rename = "for", default, skip_serializing_if = "Option::is_none")]
        #[schemars(with = "Option<String>")]
        expected: Option<kernel::Term>,
    },
    /// The special procedure ends: `{resume: "合格"}`.
    Resume {
        /// Its result.
        resume: String,
    },
    /// The term is extended by the head of the body: `{extend: "…"}`.
    Extend {
        /// Why.
        extend: String,
    },
    /// A hearing: `{hearing: offered}`, `requested`, `waived`, `held`.
    Hearing {
        /// What happens.
        hearing: HearingAct,
    },
    /// Somebody objects during a publicity step: `{object: publish, reason: …}`.
    Object {
        /// The step.
        object: String,
        /// What is objected.
        reason: String,
    },
    /// A promised paper comes: `{keep: [lease]}`.
    Keep {
        /// The materials.
        keep: Vec<String>,
    },
    /// A party agrees: `{confirm: spouse}`.
    Confirm {
        /// Its role.
        confirm: String,
    },
    /// The applicant withdraws: `{withdraw: "…"}`.
    Withdraw {
        /// Why.
        withdraw: String,
    },
    /// A party pays what they owe: `{pay: buyer}`.
    Pay {
        /// Its role.
        pay: String,
    },
}

/// What happens around a hearing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum HearingAct {
    /// Offered by the body (听证告知).
    Offered,
    /// Asked for.
    Requested,
    /// Not wanted.
    Waived,
    /// Held and recorded.
    Held,
}

/// What an example must come to.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Expect {
    /// The case's state at the end; absent when the form already refuses.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    /// How many certificates are issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificates: Option<usize>,
    /// How many fields the applicant is asked (known ones not counted).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked: Option<usize>,
    /// The fields that are refused.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub errors: Vec<String>,
    /// The reasons (of automatic steps) that do not hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reasons: Vec<String>,
    /// The sources that were down.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub degraded: Vec<String>,
    /// When terms end: `statutory`, `promised`, or a step's id → the day.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[schemars(with = "BTreeMap<String, String>")]
    pub terms: BTreeMap<String, jiff::civil::Date>,
    /// The notices that were made out, in order, by the kebab-case name of their kind: `acceptance`, `grant`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notices: Vec<String>,
    /// The band of its standard that applied, by step.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub bands: BTreeMap<String, String>,
    /// The amount granted, in yuan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub amount: Option<String>,
    /// What is owed at the end, paid or not, in yuan, by the fee's code.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub owes: BTreeMap<String, String>,
    /// Those who have still to pay something for which the case waits, by role.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unpaid: Vec<String>,
    /// The steps that are open at the end.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub open: Vec<String>,
    /// The agency that got a step, by step: `civil-affairs@town` in the place of the form.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub agencies: BTreeMap<String, String>,
}

/// A case the pack brings as its own test.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What it shows.
    pub name: String,
    /// What it starts from.
    pub given: Given,
    /// What it must come to.
    pub expect: Expect,
}
