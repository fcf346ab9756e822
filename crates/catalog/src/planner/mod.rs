//! The planner: from items, situations, what the applicant holds and what can be fetched to a plan — one form, the fewest
//! papers, the steps with their longest way, one bill — where everything says why (DESIGN §4).
//!
//! Pure: the same question has the same answer, whatever the order in which members, holdings or registers are given.
//! A single item is a matter of one and goes the same way.

mod cover;
mod demand;
mod fields;
mod papers;
mod parts;
mod path;
mod question;
mod reform;
mod steps;
mod why;

pub use cover::{Candidate, Cover, NODES_MAX, cover};
pub use parts::{
    FieldHow, How, Plan, PlannedFee, PlannedField, PlannedMember, PlannedPaper, PlannedResult, PlannedStep,
};
pub use path::{CriticalPath, HOURS_A_DAY, critical_path, hours, ranks};
pub use question::{HeldAs, Holding, ProofGrade, Question};
pub use reform::{Fallen, Reform, StillAsked, compare, compare_items};

pub(crate) use question::{Matter, in_order};

use crate::merged::Weave;
use kernel::Money;

/// Plans a matter.
///
/// A paper, field, step or member whose condition cannot be told yet is in the plan: without any answer it is the upper
/// bound, and it shrinks as one answers.
pub fn plan(q: &Question<'_>) -> Plan {
    let matter = Matter::of(q);
    let weave = Weave::of(&matter.items, q.theme);
    let matter = matter.with_facts(&weave);
    let demands = demand::demands(&matter);
    let (papers, exact) = papers::papers(&matter, &weave, &demands);
    let fields = fields::fields(&matter, &weave, &papers);
    let steps = steps::steps(&matter, &demands, &papers);
    let mut fees = Vec::new();
    let mut results = Vec::new();
    let mut visits = 0;
    for item in matter.taken() {
        for fee in &item.fees {
            let amount = fee.amount.parse().unwrap_or(Money::ZERO);
            let (name, basis) = (fee.name.clone(), fee.basis.clone());
            fees.push(PlannedFee { item: item.key.clone(), name, amount, basis });
        }
        for result in &item.results {
            let (certificate, name) = (result.certificate.clone(), result.name.clone());
            results.push(PlannedResult { item: item.key.clone(), certificate, name });
        }
        // One visit serves all: whoever comes for one member hands in and shows what the others need as well.
        visits = visits.max(item.visits);
    }
    Plan {
        members: matter.members(),
        situations: matter.situations(),
        sharing: q.sharing.map(|s| s.id.clone()),
        fields,
        papers,
        steps: steps.steps,
        hours: steps.hours,
        serial_hours: steps.serial_hours,
        holds_up: steps.holds_up,
        total: Money::sum(fees.iter().map(|f| f.amount)).unwrap_or(Money::ZERO),
        fees,
        results,
        visits,
        parcels: q.theme.map_or(1, |t| t.delivery.parcels),
        exact,
    }
}
