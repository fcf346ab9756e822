//! The linter: all packs looked at together for what no single pack shows.
#![doc = include_str!("../README.md")]

mod circles;
mod fields;
mod index;
mod law;
mod model;
mod names;
mod odd;
mod reach;
mod rules;
mod unneeded;
mod waits;

pub(crate) use model::Report;
pub use model::{Finding, Rule, Severity, Stock};

/// Everything found, the worst first; the same stock always gives the same list.
pub fn lint(stock: &Stock<'_>) -> Vec<Finding> {
    let index = index::Index::new(stock);
    let mut report = Report::default();
    circles::check(&index, &mut report);
    odd::check(&index, &mut report);
    names::check(&index, &mut report);
    fields::check(&index, &mut report);
    unneeded::check(&index, &mut report);
    law::check(&index, &mut report);
    reach::check(&index, &mut report);
    rules::check(&index, &mut report);
    waits::check(&index, &mut report);
    report.sorted()
}
