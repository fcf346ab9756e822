//! What a plan is made of. Everything carries its reason in words a citizen understands.

use super::HOURS_A_DAY;
use crate::{Original, SourceGrade};
use kernel::{AgencyCode, Money, Term, Text};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How a paper comes in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum How {
    /// The applicant brings it.
    Asked,
    /// Another paper that is brought anyway proves what it would prove.
    SameAs,
    /// The applicant holds it as an electronic certificate here.
    Held,
    /// It was handed in before and kept (一证通).
    Kept,
    /// A register answers for it.
    Fetched,
    /// Another member of the matter issues it.
    ProducedBy,
    /// The applicant declares it.
    Declared,
}

impl How {
    /// The machine word.
    pub fn word(self) -> &'static str {
        match self {
            Self::Asked => "asked",
            Self::SameAs => "same-as",
            Self::Held => "held",
            Self::Kept => "kept",
            Self::Fetched => "fetched",
            Self::ProducedBy => "produced-by",
            Self::Declared => "declared",
        }
    }
}

/// One paper of a plan: the same kind of the same holder once, for all members that demand it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedPaper {
    /// `kind:holder`; `kind:holder#2` for the second one that a single item asks; `kind:holder+new` for one that a sibling
    /// makes where an old one is brought as well.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Whose it is.
    pub holder: String,
    /// Its name.
    pub name: Text,
    /// How it comes in.
    pub how: How,
    /// Why so.
    pub why: Text,
    /// Whether nobody needs it: it may be handed in and need not.
    pub optional: bool,
    /// Whether it may come after filing (容缺后补).
    pub later: bool,
    /// How the original is handled.
    pub original: Option<Original>,
    /// What it costs to bring, 1 to 5.
    pub effort: u8,
    /// The demands it meets: item and the material's id there.
    pub demands: Vec<(String, String)>,
    /// The merged form's field where it is handed in or declared.
    pub field: Option<String>,
    /// For [`How::ProducedBy`]: the item that issues it.
    pub produced_by: Option<String>,
    /// For [`How::SameAs`]: the id of the paper that proves the same.
    pub same_as: Option<String>,
    /// For [`How::Held`] and [`How::Kept`]: the holding's reference.
    pub reference: Option<String>,
    /// For [`How::Fetched`]: the registers that answer.
    pub registers: Vec<String>,
}

/// Where the value of a field comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FieldHow {
    /// The applicant says it.
    Asked,
    /// The platform knows it already.
    Known,
    /// A register answers for it.
    Fetched,
}

/// One field of the one form.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedField {
    /// The merged form's field.
    pub id: String,
    /// The question.
    pub label: Text,
    /// Where the value comes from.
    pub how: FieldHow,
    /// Why so.
    pub why: Text,
    /// The items that ask for it, with their own field.
    pub asked_by: Vec<(String, String)>,
}

/// One member.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedMember {
    /// The item.
    pub item: String,
    /// Its name.
    pub name: Text,
    /// The agency that decides it.
    pub agency: AgencyCode,
    /// Whether it is part of the matter in this situation.
    pub taken: bool,
    /// Why, or why not.
    pub why: Text,
    /// The visits that it needs by itself.
    pub visits: u8,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedStep {
    /// The item it belongs to.
    pub item: String,
    /// The step's id there.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// How long it may take.
    pub term: Option<Term>,
    /// How many steps stand before it on the longest way.
    pub rank: usize,
    /// The steps it waits for, of any member.
    pub after: Vec<(String, String)>,
    /// Why it waits for another member; empty when it does not.
    pub waits: Vec<Text>,
    /// The office hours after which it begins, when every step takes its whole term.
    pub begins: u64,
    /// The office hours it may take.
    pub hours: u64,
    /// Whether it stands on the critical path: when it is late, the whole is late.
    pub critical: bool,
}

/// A fee of the one bill.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedFee {
    /// The item it belongs to.
    pub item: String,
    /// Its name.
    pub name: Text,
    /// How much; `None` as long as facts are missing for it.
    pub amount: Option<Money>,
    /// How it is worked out, in words, when it is.
    pub formula: Option<Text>,
    /// Who pays, by role; whoever files when `None`.
    pub payer: Option<Text>,
    /// On what basis.
    pub basis: Text,
    /// How well rate and basis are known.
    pub grade: Option<SourceGrade>,
}

impl PlannedFee {
    /// The amount in words: `¥80.00`, or that the agency works it out.
    pub fn says(&self) -> Text {
        match self.amount {
            Some(amount) => Text::same(amount.to_string()),
            None => Text::new("按登记核定", "assessed from the registers"),
        }
    }

    /// What is to be said beside the amount: who pays, how it is worked out, by what law, and when that is not sure.
    pub fn notes(&self) -> Vec<Text> {
        let payer = self
            .payer
            .as_ref()
            .map(|p| Text::new(format!("由{}缴纳。", p.zh), format!("Paid by: {}.", p.en)));
        let doubtful = matches!(self.grade, Some(SourceGrade::Recalled | SourceGrade::Reconstructed));
        let grade = doubtful.then(|| {
            Text::new(
                "税率和依据凭记忆整理，以部门核定的为准。",
                "Rate and basis are from memory; what the agency assesses counts.",
            )
        });
        let basis = Some(self.basis.clone()).filter(|b| !b.zh.is_empty());
        [payer, self.formula.clone(), basis, grade].into_iter().flatten().collect()
    }
}

/// What comes out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlannedResult {
    /// The item that issues it.
    pub item: String,
    /// The certificate's kind.
    pub certificate: String,
    /// Its name.
    pub name: Text,
}

/// What a matter takes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// The items, in their order.
    pub members: Vec<PlannedMember>,
    /// The situations as answered: question → answer, or several with commas between them.
    pub situations: BTreeMap<String, String>,
    /// The sharing it is planned under; what the items themselves allow when none.
    pub sharing: Option<String>,
    /// Every field once.
    pub fields: Vec<PlannedField>,
    /// Every paper once.
    pub papers: Vec<PlannedPaper>,
    /// The steps, by rank.
    pub steps: Vec<PlannedStep>,
    /// The office hours of the critical path: what it takes with everything at its own time.
    pub hours: u64,
    /// The office hours of all steps one after another: what it would take without working side by side.
    pub serial_hours: u64,
    /// The step of the critical path that takes longest: item and step.
    pub holds_up: Option<(String, String)>,
    /// The bill.
    pub fees: Vec<PlannedFee>,
    /// The sum of what is known.
    pub total: Money,
    /// What comes out.
    pub results: Vec<PlannedResult>,
    /// Visits needed.
    pub visits: u8,
    /// In so many parcels.
    pub parcels: u8,
    /// Whether the choice of papers is proven to be the least; `false` = so large that it was chosen greedily.
    pub exact: bool,
}

impl Plan {
    /// The critical path in working days, begun ones counted whole.
    pub fn days(&self) -> u64 {
        self.hours.div_ceil(HOURS_A_DAY)
    }

    /// All steps one after another in working days.
    pub fn serial_days(&self) -> u64 {
        self.serial_hours.div_ceil(HOURS_A_DAY)
    }

    /// The bill in words: the sum, and how many more are not known yet.
    pub fn bill(&self) -> Text {
        let open = self.fees.iter().filter(|f| f.amount.is_none()).count();
        match open {
            0 => Text::same(self.total.to_string()),
            _ if self.total == Money::ZERO => Text::new("按登记核定", "assessed from the registers"),
            n => Text::new(
                format!("{}，另有{n}项按登记核定", self.total),
                format!("{}, and {n} more assessed from the registers", self.total),
            ),
        }
    }

    /// The papers to bring; those that nobody needs are not counted.
    pub fn asked(&self) -> impl Iterator<Item = &PlannedPaper> {
        self.papers.iter().filter(|p| p.how == How::Asked && !p.optional)
    }

    /// The fields to fill in.
    pub fn fields_asked(&self) -> impl Iterator<Item = &PlannedField> {
        self.fields.iter().filter(|f| f.how == FieldHow::Asked)
    }

    /// The paper that meets a demand of an item.
    pub fn paper_for(&self, item: &str, material: &str) -> Option<&PlannedPaper> {
        self.papers.iter().find(|p| p.demands.iter().any(|(i, m)| i == item && m == material))
    }

    /// What of it concerns these items alone: for whoever may know of no others.
    #[must_use]
    pub fn only(&self, concerns: impl Fn(&str) -> bool) -> Self {
        let mut plan = self.clone();
        plan.members.retain(|m| concerns(&m.item));
        plan.fields.iter_mut().for_each(|f| f.asked_by.retain(|(item, _)| concerns(item)));
        plan.fields.retain(|f| !f.asked_by.is_empty());
        plan.papers.iter_mut().for_each(|p| p.demands.retain(|(item, _)| concerns(item)));
        plan.papers.retain(|p| !p.demands.is_empty());
        plan.steps.retain(|s| concerns(&s.item));
        plan.holds_up = plan.holds_up.filter(|(item, _)| concerns(item));
        plan.fees.retain(|f| concerns(&f.item));
        plan.results.retain(|r| concerns(&r.item));
        plan.total_up();
        plan
    }

    /// The sum of what is known of its fees, reckoned anew.
    pub fn total_up(&mut self) {
        self.total = Money::sum(self.fees.iter().filter_map(|f| f.amount)).unwrap_or(Money::ZERO);
    }

    /// Whether an item is part of the matter in this situation.
    pub fn takes(&self, item: &str) -> bool {
        self.members.iter().any(|m| m.taken && m.item == item)
    }
}
