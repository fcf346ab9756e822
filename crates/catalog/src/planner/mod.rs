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
pub use path::{CriticalPath, HOURS_A_DAY, critical_path, hours, last_by_people, ranks};
pub use question::{HeldAs, Holding, ProofGrade, Question};
pub use reform::{Fallen, Reform, StillAsked, compare, compare_items};

pub(crate) use question::{Matter, in_order};

use crate::Owed;
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
    let fees = fees(&matter);
    let mut results = Vec::new();
    let mut visits = 0;
    for item in matter.taken() {
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
        total: Money::sum(fees.iter().filter_map(|f| f.amount)).unwrap_or(Money::ZERO),
        fees,
        results,
        visits,
        parcels: q.theme.map_or(1, |t| t.delivery.parcels),
        exact,
    }
}

/// The bill: what each fee comes to by what is known.
fn fees(matter: &Matter<'_>) -> Vec<PlannedFee> {
    let mut out = Vec::new();
    for (m, item) in matter.each() {
        for fee in &item.fees {
            let amount = match fee.owed(matter.facts(m)) {
                Owed::Not => continue,
                Owed::Known(amount) => Some(amount),
                Owed::Open(_) => None,
            };
            out.push(PlannedFee {
                item: item.key.clone(),
                name: fee.name.clone(),
                amount,
                formula: fee.formula().cloned(),
                payer: fee.payer.as_deref().and_then(|p| why::holder(matter, p)),
                basis: fee.basis.clone(),
                grade: fee.grade,
            });
        }
    }
    out
}
