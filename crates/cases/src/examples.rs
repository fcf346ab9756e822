//! Runs the examples that a pack brings through the real rules, in memory, and says where they come to something else.

mod compare;
mod play;
mod start;

use ::store::Store;
use catalog::{Item, Pack};
use kernel::{AgencyCode, Calendar, Failure, Fault};
use std::collections::BTreeMap;

/// What an example came to.
#[derive(Debug, Clone)]
pub struct Report {
    /// The item's key.
    pub item: String,
    /// The example's name.
    pub name: String,
    /// One line for each difference from what it expects; none when it holds.
    pub differences: Vec<String>,
}

/// Which agencies take the steps of each example, by item and example; known only where there is a city.
#[derive(Debug, Clone, Default)]
pub struct Offices(BTreeMap<(String, String), Seats>);

type Seats = BTreeMap<String, Vec<AgencyCode>>;

/// Runs every example of every item of the pack. Who takes the steps that name a function at a level is not known here and not
/// compared; see [`run_in`].
pub fn run(pack: &Pack) -> Vec<Report> {
    run_in(pack, None)
}

/// The same in a city whose agencies are known.
pub fn run_in(pack: &Pack, offices: Option<&Offices>) -> Vec<Report> {
    let calendar = Calendar::official();
    let mut reports = Vec::new();
    for item in &pack.items {
        for example in &item.examples {
            let seats = offices.map(|o| o.0.get(&key(item, &example.name)).cloned().unwrap_or_default());
            let differences = match play::play(item, &example.given, seats.as_ref(), &calendar) {
                Ok(got) => compare::compare(example, &got, seats.is_some()),
                Err(why) => vec![why],
            };
            reports.push(Report { item: item.key.clone(), name: example.name.clone(), differences });
        }
    }
    reports
}

/// The agencies of this city that take the steps of the pack's examples.
///
/// # Errors
/// A fault of the database.
pub async fn offices(store: &Store, pack: &Pack) -> Result<Offices, Fault> {
    let mut all = Offices::default();
    for item in &pack.items {
        let agency = identity::agency(store, &item.agency).await?;
        let division = agency.map(|a| a.division).unwrap_or_default();
        for example in &item.examples {
            match crate::verbs::agencies_of(store, item, &example.given.answers, &division).await {
                Ok(seats) => all.0.insert(key(item, &example.name), seats),
                // The example names a place where nobody does it; it shows, as every seat is then missing.
                Err(Failure::Refused(_)) => None,
                Err(Failure::Fault(fault)) => return Err(fault),
            };
        }
    }
    Ok(all)
}

fn key(item: &Item, example: &str) -> (String, String) {
    (item.key.clone(), example.to_owned())
}
