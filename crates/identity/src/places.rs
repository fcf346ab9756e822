//! Which agency is responsible where: an office's function, the level it works on, and the chain of divisions.

use crate::model::Level;
use crate::store::{self, DivisionRow};
use ::store::Store;
use kernel::codes::{Division, DivisionLevel};
use kernel::{AgencyCode, Fault, Text};

/// The agency that does `function` (`civil-affairs`) on `level` for `place`, the code of a division with 6, 9 or 12
/// digits. A city without counties, and a province that leads a county itself, stand in for the level that is missing
/// between; a level below the place itself is nobody's.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn agency_for(
    store: &Store,
    function: &str,
    level: Level,
    place: &str,
) -> Result<Option<AgencyCode>, Fault> {
    let chain = codes(store, place).await?;
    if chain.first().is_none_or(|own| Level::of(own) > level) {
        return Ok(None);
    }
    // A village has no agency of its own: its town does.
    let reaches = |d: &&Division| d.level() != DivisionLevel::Village && Level::of(d) >= level;
    let Some(division) = chain.iter().find(reaches) else { return Ok(None) };
    let code = store::agency_with(store, function, division.as_str()).await?;
    let Some(code) = code.and_then(|code| AgencyCode::parse(&code)) else { return Ok(None) };
    // An office of then does nothing any more: whoever took over its powers does.
    Ok(Some(crate::directory(store).await?.in_charge(&code)))
}

/// The codes of `place` and of the divisions it is a part of, from below: as the table of divisions has them, and below
/// that table (a village, a town that was not entered) as the code itself tells.
async fn codes(store: &Store, place: &str) -> Result<Vec<Division>, Fault> {
    let mut chain = Vec::new();
    let mut next = Division::import(place).ok().map(|(division, _)| division);
    while let Some(division) = next {
        let known = store::chain(store, division.as_str()).await?;
        if !known.is_empty() {
            chain.extend(known.iter().filter_map(|row| row.code.parse::<Division>().ok()));
            return Ok(chain);
        }
        next = division.parent();
        chain.push(division);
    }
    Ok(chain)
}

fn named(rows: Vec<DivisionRow>) -> Vec<(String, Text)> {
    rows.into_iter().map(|r| (r.code, Text::new(r.name_zh, r.name_en))).collect()
}

/// A division with those it is a part of, from below, each with its name; nothing when it is not known.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn division_chain(store: &Store, code: &str) -> Result<Vec<(String, Text)>, Fault> {
    Ok(named(store::chain(store, code).await?))
}

/// The parts of a division by code, or the provinces: what a choice of places offers.
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn divisions_below(store: &Store, parent: Option<&str>) -> Result<Vec<(String, Text)>, Fault> {
    Ok(named(store::divisions_below(store, parent).await?))
}

/// The name of an administrative division (GB/T 2260).
///
/// # Errors
/// A [`Fault`] when the database does not answer.
pub async fn division(store: &Store, code: &str) -> Result<Option<Text>, Fault> {
    Ok(store::division(store, code).await?.map(|(zh, en)| Text::new(zh, en)))
}
