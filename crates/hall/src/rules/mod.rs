//! Pure decisions: what may happen to a ticket, whose turn it is, how long it takes, when and where a hall is open.

pub mod cells;
pub mod codes;
pub mod day;
pub mod estimate;
pub mod hours;
pub mod near;
pub mod paper;
pub(crate) mod paper_refuse;
pub mod refuse;
pub mod report;
pub mod report_paper;
#[cfg(test)]
mod tests;
pub mod ticket;
pub mod training;
pub mod turn;
