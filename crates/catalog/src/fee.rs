//! Fees and taxes: a fixed amount, or a rule over the form and the registers; who pays, and by what law.

use crate::SourceGrade;
use forms::{Condition, TextShape};
use kernel::rules::Verdict;
use kernel::{Money, Text};
use schemars::JsonSchema;
use serde::de::{Error, MapAccess, Visitor, value::MapAccessDeserializer};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

/// An amount that is worked out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FeeRule {
    /// Gives the amount: money, or a number of yuan, rounded half up to the fen; `in_yuan(form.price) * 0.01`.
    pub rule: Condition,
    /// The rule in words, for whoever pays.
    #[schemars(with = "TextShape")]
    pub say: Text,
}

/// How much.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum FeeAmount {
    /// In yuan, `12.50`.
    Fixed(String),
    /// By a rule.
    Rule(FeeRule),
}

impl<'de> Deserialize<'de> for FeeAmount {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct V;
        impl<'de> Visitor<'de> for V {
            type Value = FeeAmount;
            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a string such as \"12.50\", or a map with `rule` and `say`")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<FeeAmount, E> {
                Ok(FeeAmount::Fixed(text.to_owned()))
            }
            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FeeAmount, A::Error> {
                FeeRule::deserialize(MapAccessDeserializer::new(map)).map(FeeAmount::Rule)
            }
        }
        from.deserialize_any(V)
    }
}

impl JsonSchema for FeeAmount {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "FeeAmount".into()
    }

    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        let rule = generator.subschema_for::<FeeRule>();
        schemars::json_schema!({
            "description": "How much: yuan as a string, `12.50`, or a rule with its words.",
            "anyOf": [{"type": "string"}, rule]
        })
    }
}

/// When a bill is raised.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum FeeDue {
    /// When the case is accepted (受理时).
    #[default]
    Acceptance,
    /// Together with the fees of a case of the matter whose result it waits for, so that both are paid by one act (一次缴清); when it
    /// is accepted at the latest. What comes to nothing goes back.
    Together,
    /// When it is known how much, and nothing but the money is missing before what the fee stands `before` (核定后).
    Assessment,
    /// When it is granted (准予时).
    Grant,
}

/// What `before` says of a fee that is paid before the decision.
pub const DECISION: &str = "decision";

/// Whether the body's own time runs while nothing but a payment is missing. No law of procedure says so of every kind of case; the
/// term binds the body's work, and none of it is left then. A pack whose own law lets it run says `runs`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhileUnpaid {
    /// It stands still, and goes on when it is paid.
    #[default]
    Stands,
    /// It runs on.
    Runs,
}

impl WhileUnpaid {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

impl FeeDue {
    fn is_default(&self) -> bool {
        *self == Self::default()
    }
}

/// A fee or tax.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fee {
    /// Its code in the published list of fees (`packs/fee-list.yaml`); what has none is told and not billed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// When its bill is raised.
    #[serde(default, skip_serializing_if = "FeeDue::is_default")]
    pub due: FeeDue,
    /// What waits until it is paid: a step, or `decision` for the decision itself with its certificate (先税后证).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// Whether the time to decide runs while only this is missing.
    #[serde(default, skip_serializing_if = "WhileUnpaid::is_default")]
    pub while_unpaid: WhileUnpaid,
    /// Its name.
    #[schemars(with = "TextShape")]
    pub name: Text,
    /// How much.
    pub amount: FeeAmount,
    /// Taken only when this holds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Which of the `roles` pays; whoever files when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub payer: Option<String>,
    /// On what basis.
    #[schemars(with = "TextShape")]
    pub basis: Text,
    /// How well rate and basis are known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<SourceGrade>,
}

/// What is owed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Owed {
    /// So much; nothing where it is exempt.
    Known(Money),
    /// It depends on these facts, which are not there yet.
    Open(Vec<String>),
    /// It is not taken.
    Not,
}

impl Fee {
    /// What is owed by these facts, as [`crate::facts::facts`] puts them together.
    pub fn owed(&self, facts: &Value) -> Owed {
        if let Some(rule) = self.when.as_ref().and_then(Condition::rule) {
            match rule.test(facts) {
                Verdict::Yes => {}
                Verdict::No => return Owed::Not,
                Verdict::Absent(paths) => return Owed::Open(paths),
            }
        }
        match &self.amount {
            FeeAmount::Fixed(text) => text.parse().map_or_else(|_| Owed::Open(Vec::new()), Owed::Known),
            FeeAmount::Rule(by) => match by.rule.rule().map(|r| r.amount(facts)) {
                Some(Ok(amount)) => Owed::Known(amount),
                Some(Err(paths)) => Owed::Open(paths),
                None => Owed::Open(vec![by.rule.source.clone()]),
            },
        }
    }

    /// The amount, when it is the same for everybody.
    pub fn fixed(&self) -> Option<Money> {
        match &self.amount {
            FeeAmount::Fixed(text) if self.when.is_none() => text.parse().ok(),
            _ => None,
        }
    }

    /// How it is worked out, in words, when it is.
    pub fn formula(&self) -> Option<&Text> {
        match &self.amount {
            FeeAmount::Fixed(_) => None,
            FeeAmount::Rule(by) => Some(&by.say),
        }
    }
}
